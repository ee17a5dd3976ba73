/* Finding one's way: where a place is, where the reader is, the map as large as the screen; and a line that says what failed. */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const { element, isolate, svg, t } = geoevents;
  const PATIENCE_MS = 15000;
  const NOTE_MS = 8000;
  /* How close to look at a place without an outline: a town whole, a prison with the streets around it. */
  const ZOOMS = { site: 14, neighbourhood: 13, settlement: 12, near: 11 };
  const OTHER_ZOOM = 8;
  const CLOSEST = 14;

  const isMirrored = () => geoevents.settings.dir === "rtl";

  /* A calm line in a corner of the map. */
  const Note = L.Control.extend({
    onAdd() {
      return element("p", { class: "map-note " + this.options.kind, role: "status", dir: geoevents.settings.dir, hidden: true });
    },
    say(text) {
      this._container.textContent = text;
      this._container.hidden = !text;
    },
  });
  geoevents.noteOn = (map, kind) => new Note({ kind, position: isMirrored() ? "topright" : "topleft" }).addTo(map);

  const ICONS = {
    locate: "M12 2v3M12 19v3M2 12h3M19 12h3M12 7a5 5 0 1 0 0 10a5 5 0 0 0 0-10",
    fullscreen: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  };

  function button(kind, press) {
    const icon = svg("svg", { viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": "true" }, [svg("path", { d: ICONS[kind], fill: "none", stroke: "currentColor", "stroke-width": 1.8 })]);
    const made = element("button", { type: "button", class: "map-button " + kind, title: t(kind), "aria-label": t(kind) }, [icon]);
    made.addEventListener("click", press);
    return made;
  }

  /* Where the reader is: asked of the browser by a click only, told to nobody. A second click takes it away. */
  function locating(map) {
    const shown = L.layerGroup().addTo(map);
    let note = null;
    let isAsking = false;
    const mark = (made, isOn) => made.setAttribute("aria-pressed", String(isOn));
    const made = button("locate", () => {
      if (isAsking) return;
      note ||= geoevents.noteOn(map, "locate-note");
      note.say("");
      if (shown.getLayers().length) {
        shown.clearLayers();
        return mark(made, false);
      }
      isAsking = true;
      note.say(t("locating"));
      navigator.geolocation.getCurrentPosition(found, failed, { maximumAge: 60000, timeout: PATIENCE_MS });
    });

    function found({ coords: { longitude, latitude, accuracy } }) {
      isAsking = false;
      note.say("");
      const at = L.latLng(latitude, longitude);
      const style = { interactive: false, className: "own-position", weight: 1.5 };
      shown.addLayer(L.circle(at, { ...style, radius: accuracy, fillOpacity: 0.08 }));
      shown.addLayer(L.circleMarker(at, { ...style, radius: 6, weight: 3, fillOpacity: 1 }));
      map.fitBounds(at.toBounds(2 * accuracy), { maxZoom: CLOSEST, animate: false });
      mark(made, true);
    }

    function failed(error) {
      isAsking = false;
      note.say(t(error.code === 1 ? "locate_refused" : "locate_failed"));
      setTimeout(() => note.say(""), NOTE_MS);
    }

    mark(made, false);
    return made;
  }

  /* Map and timeline as large as the screen, and back. */
  function filling() {
    const frame = document.querySelector(".map-frame");
    const made = button("fullscreen", () => (document.fullscreenElement ? document.exitFullscreen() : frame.requestFullscreen().catch(() => {})));
    document.addEventListener("fullscreenchange", () => {
      const key = document.fullscreenElement ? "fullscreen_end" : "fullscreen";
      made.title = t(key);
      made.setAttribute("aria-label", t(key));
    });
    return made;
  }

  const Buttons = L.Control.extend({
    onAdd(map) {
      const isEmbedded = document.body.classList.contains("embedded");
      const made = [];
      if (document.fullscreenEnabled) made.push(filling());
      if (!isEmbedded && navigator.geolocation && window.isSecureContext) made.push(locating(map));
      const bar = element("div", { class: "leaflet-bar map-buttons", hidden: !made.length }, made);
      L.DomEvent.disableClickPropagation(bar);
      return bar;
    },
  });

  /* The field that searches for words also goes to places; one that was gone to is named until the next. */
  function goingTo(map) {
    const field = document.querySelector("#search input[type=search]");
    if (!field) return;
    const shown = L.layerGroup().addTo(map);
    field.id = "search-field";
    geoevents.combobox(field, {
      box: field.form,
      title: t("go_to"),
      typed: () => shown.clearLayers(),
      take(place) {
        // The field is for words; the place is named where it lies.
        field.value = "";
        field.blur();
        map.fire("geoevents:went");
        const at = L.latLng(place.lat, place.lon);
        const [west, south, east, north] = place.bbox || [];
        if (place.bbox && east > west) map.fitBounds([[south, west], [north, east]], { maxZoom: CLOSEST, animate: false });
        else map.setView(at, ZOOMS[place.geo_precision] || OTHER_ZOOM, { animate: false });
        shown.clearLayers();
        const dot = L.circleMarker(at, { radius: 7, weight: 2, className: "gone-to", interactive: false, fillOpacity: 0 });
        dot.bindTooltip(element("span", { dir: "auto", text: place.name || place.label }), { permanent: true, direction: "top", offset: [0, -8], className: "about-label", pane: "labels" });
        shown.addLayer(dot);
        said.textContent = t("went_to", { place: isolate(place.label || place.name) });
      },
    });
    const said = element("span", { class: "visually-hidden", role: "status" });
    field.form.append(said);
  }

  geoevents.finding = function (map) {
    // The one corner where neither legend nor zoom nor scale is.
    new Buttons({ position: isMirrored() ? "topright" : "topleft" }).addTo(map);
    if (!geoevents.isStatic) goingTo(map);
  };
})();
