/* The form's help with places: suggestions while typing, the candidates on a small map, a click to pick a point.
 *
 * Everything works without it: it only fills in the plain fields of the form. The hooks it expects:
 *   #place_name                     the text field; its parent [data-picker-name] (class combobox) holds the suggestions
 *   input[name=place_id]            radio buttons, where the server asks which place is meant; else a hidden field is made
 *   [data-picker-candidates] > li   data-place-id, data-lon, data-lat, numbered as on the map, with that radio button in it
 *   #lon, #lat, #geo_precision      plain fields: degrees, and the select of precisions; #country_code narrows suggestions
 *   [data-picker]                   an empty, hidden element that becomes the map; data-view="lon,lat,zoom" is its first view
 *   body or html lang               the language of suggestions comes from words-LANG.js
 * Loaded after leaflet.js, core.js, words-LANG.js, symbols.js, drawing.js, basemap.js, labels.js, smallmap.js and combobox.js.
 * GET /api/suggest?q=&country=&lang= -> {"suggestions": [{place_id, name, label, what, other_names, lon, lat, ...}]}
 */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const { element, t } = geoevents;
  const byId = (id) => document.getElementById(id);
  const holder = document.querySelector("[data-picker]");
  const name = byId("place_name");
  if (!holder || !name) return;

  const CLOSE_ZOOM = 10;
  const form = name.form;
  const candidates = [...document.querySelectorAll("[data-picker-candidates] > li")];
  const said = element("p", { class: "hint picker-said", role: "status", text: t("pick_hint") });
  holder.before(said);
  const map = geoevents.smallMap(holder);
  let pin = null;

  /* The map */

  const latLng = (lon, lat) => L.latLng(Number(lat), Number(lon));
  const isPlace = (lon, lat) => lon !== "" && lat !== "" && Number.isFinite(Number(lon)) && Math.abs(lon) <= 180 && Math.abs(lat) <= 90;

  function numbered(number, label, isChosen) {
    const badge = element("span", { class: isChosen ? "picker-number chosen" : "picker-number", text: geoevents.numbers.format(number) });
    return L.divIcon({ html: badge, className: "picker-marker", iconSize: [28, 28] });
  }

  const markers = candidates.map((item, index) => {
    const label = t("candidate", { number: index + 1, label: item.textContent.trim().replace(/\s+/g, " ") });
    const radio = item.querySelector("input[type=radio]");
    const marker = L.marker(latLng(item.dataset.lon, item.dataset.lat), { icon: numbered(index + 1, label, radio && radio.checked), keyboard: true });
    marker.on("add", () => marker.getElement().setAttribute("aria-label", label));
    marker.on("click keypress", (event) => {
      if (event.type === "keypress" && !["Enter", " "].includes(event.originalEvent.key)) return;
      radio.checked = true;
      radio.dispatchEvent(new Event("change", { bubbles: true }));
      item.scrollIntoView({ block: "nearest" });
    });
    return marker.addTo(map);
  });

  function markChosen() {
    candidates.forEach((item, index) => {
      const isChosen = item.querySelector("input[type=radio]").checked;
      item.classList.toggle("chosen", isChosen);
      markers[index].setIcon(numbered(index + 1, "", isChosen));
    });
  }

  function setPin(at) {
    if (pin) pin.remove();
    const icon = L.divIcon({ html: element("span", { class: "picker-pin" }), className: "picker-marker", iconSize: [20, 20] });
    pin = at ? L.marker(at, { icon, keyboard: false, interactive: false }).addTo(map) : null;
  }

  function firstView() {
    const places = candidates.map((item) => latLng(item.dataset.lon, item.dataset.lat));
    if (places.length) return map.fitBounds(L.latLngBounds(places), { padding: [40, 40], maxZoom: CLOSE_ZOOM, animate: false });
    if (isPlace(byId("lon").value, byId("lat").value)) {
      setPin(latLng(byId("lon").value, byId("lat").value));
      return map.setView(pin.getLatLng(), CLOSE_ZOOM);
    }
    const [lon, lat, zoom] = (holder.dataset.view || "20,30,2").split(",").map(Number);
    return map.setView([lat, lon], zoom);
  }

  /* A click is only as exact as the map under it: to the town close up, else near it. Words chosen by hand stay. */
  function precisionOfClick() {
    const select = byId("geo_precision");
    if (!select || (select.value && select.dataset.byMap !== "true")) return;
    select.value = map.getZoom() >= CLOSE_ZOOM ? "settlement" : "near";
    select.dataset.byMap = "true";
  }

  map.on("click", (event) => {
    const { lat, lng } = event.latlng.wrap();
    const digits = map.getZoom() >= 12 ? 4 : map.getZoom() >= 8 ? 3 : 2;
    byId("lon").value = lng.toFixed(digits);
    byId("lat").value = lat.toFixed(digits);
    choosePlace(null);
    sayMethod("picked");
    setPin(event.latlng);
    precisionOfClick();
    const precision = byId("geo_precision") && byId("geo_precision").value;
    name.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: { geo_precision: precision } }));
    said.textContent = t("picked", { lon: lng.toFixed(digits), lat: lat.toFixed(digits) });
  });

  /* How the coordinates came about, where the form keeps that (input[name=geo_method]). */
  function sayMethod(method) {
    const field = form.querySelector("input[name=geo_method]");
    if (field) field.value = method;
  }

  for (const id of ["lon", "lat"]) {
    byId(id).addEventListener("change", () => {
      const { value: lon } = byId("lon");
      const { value: lat } = byId("lat");
      sayMethod("typed");
      setPin(isPlace(lon, lat) ? latLng(lon, lat) : null);
      if (pin) map.panTo(pin.getLatLng());
    });
  }
  if (byId("geo_precision")) byId("geo_precision").addEventListener("change", (event) => (event.target.dataset.byMap = "false"));
  form.addEventListener("change", (event) => {
    if (event.target.name === "place_id") markChosen();
  });

  /* Which place is meant: one of the radio buttons, or what was suggested; never both. */
  function choosePlace(place) {
    form.querySelectorAll("input[type=radio][name=place_id]").forEach((radio) => (radio.checked = !place && radio.value === ""));
    let hidden = form.querySelector("input[type=hidden][name=place_id]");
    if (!hidden && place) {
      hidden = element("input", { type: "hidden", name: "place_id" });
      form.append(hidden);
    }
    if (hidden) hidden.value = place ? place.place_id : "";
    if (hidden) hidden.disabled = !place;
    if (candidates.length) markChosen();
  }

  /* Suggestions */

  function take(place) {
    name.value = place.name || place.label;
    choosePlace(place);
    sayMethod("");
    byId("lon").value = "";
    byId("lat").value = "";
    const at = latLng(place.lon, place.lat);
    setPin(at);
    map.setView(at, CLOSE_ZOOM);
    name.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: place }));
    said.textContent = t("chosen", { label: "\u2068" + (place.label || place.name) + "\u2069" });
  }

  geoevents.combobox(name, {
    box: document.querySelector("[data-picker-name]") || name.parentElement,
    country: () => (byId("country_code") ? byId("country_code").value.trim() : ""),
    typed: () => choosePlace(null),
    take,
  });

  firstView();
  if (candidates.length) markChosen();
})();
