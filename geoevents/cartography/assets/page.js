/* The page around the map: its address, the first view, filters, languages, and what goes wrong. */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const { t } = geoevents;
  const byId = (id) => document.getElementById(id);
  const FIRST_ZOOM_AT_MOST = 9;
  const BUTTONS_WIDE = 52;
  /* What an address may say beside the question itself. */
  const OF_THE_ANSWER = ["lang", "limit", "after", "sort"];

  /* Say what went wrong, once, where the list is. An answer of ours has a reason in words; a broken line has none. */
  geoevents.trouble = function (error) {
    const place = byId("trouble");
    if (!place) return;
    const isOurs = error && error.status >= 400 && error.status < 500 && error.message;
    place.textContent = isOurs ? t("not_a_filter", { reason: error.message }) : t("not_loaded");
    place.hidden = false;
  };

  /* #map=zoom/lat/lon&off=code,code&event=ID */
  function readFragment() {
    const parts = new URLSearchParams(location.hash.slice(1));
    const [zoom, lat, lon] = (parts.get("map") || document.body.dataset.position || "").split("/").map(Number);
    const isView = [zoom, lat, lon].every(Number.isFinite) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && zoom > 0;
    return { view: isView ? { zoom, lat, lon } : null, off: (parts.get("off") || "").split(",").filter(Boolean), event: parts.get("event") };
  }

  function writeFragment(map, layers, event) {
    const digits = Math.max(2, Math.ceil(map.getZoom() / 3));
    const { lat, lng } = map.getCenter();
    const off = layers.filter((layer) => !map.hasLayer(layer)).map((layer) => layer.options.code);
    let text = "#map=" + [map.getZoom(), lat.toFixed(digits), lng.toFixed(digits)].join("/");
    if (off.length) text += "&off=" + off.join(",");
    if (event) text += "&event=" + encodeURIComponent(event);
    history.replaceState(null, "", location.pathname + location.search + text);
    carryFragment();
  }

  /* Links that lead to the same question elsewhere carry it; languages also keep the view. */
  function carryQuery(query) {
    for (const link of document.querySelectorAll('[data-carry="query"]')) {
      link.dataset.address ||= link.getAttribute("href");
      const url = new URL(link.dataset.address, location.href);
      for (const [name, value] of query) url.searchParams.append(name, value);
      link.href = url.pathname + url.search;
    }
  }

  function carryFragment() {
    for (const link of document.querySelectorAll("[data-lang]")) {
      if (geoevents.isStatic) {
        link.href = link.getAttribute("href").split("#")[0] + location.hash;
        continue;
      }
      const kept = new URLSearchParams(location.search);
      kept.set("lang", link.dataset.lang);
      link.href = location.pathname + "?" + kept + location.hash;
    }
  }

  /* What a form asks for, as a question; null where only the server can say whether it is one. */
  function questionOf(form) {
    const query = new URLSearchParams();
    const days = {};
    const values = new FormData(form);
    const near = geoevents.near.of(values);
    if (near === null) return null;
    for (const [name, value] of values) {
      if (geoevents.near.fields.includes(name)) continue;
      if (["date_from", "date_to"].includes(name)) days[name] = value;
      else if (geoevents.question.isKnown(name) && value.trim()) query.append(name, value);
      else if (name !== "lang" && value.trim()) return null;
    }
    const { date_from: from, date_to: to } = days;
    if (from && to && from > to) return null;
    if (from || to) query.set("datetime", from === to ? from : (from || "..") + "/" + (to || ".."));
    if (near) query.set("near", near);
    return query;
  }

  /* Forms ask in place; where they cannot, they are sent: empty fields are not, and the view is kept. */
  function setUpForms() {
    const filters = byId("filters");
    for (const form of [filters, byId("search")]) {
      form.addEventListener("submit", (event) => {
        const query = questionOf(form);
        if (query) {
          event.preventDefault();
          filters.querySelectorAll("details[open]").forEach((each) => (each.open = false));
          geoevents.ask(query);
          return;
        }
        for (const field of form.elements) if (!field.value) field.disabled = true;
        form.action = form.getAttribute("action").split("#")[0] + location.hash;
      });
    }
    byId("clear").addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      geoevents.ask(new URLSearchParams());
    });
    for (const summary of filters.querySelectorAll("details.chip summary span")) summary.dataset.name = summary.textContent;
    closeChipsElsewhere();
  }

  /* The forms say what is asked for now. */
  function fillForms(query) {
    const filters = byId("filters");
    if (!filters) return;
    document.querySelectorAll("input[data-carried]").forEach((each) => each.remove());
    const [from, to] = (query.get("datetime") || "").split("/");
    const values = new URLSearchParams(query);
    if (from && from !== "..") values.set("date_from", from);
    if (query.get("datetime") && to !== "..") values.set("date_to", to === undefined ? from : to);
    for (const field of filters.elements) {
      if (field.type === "checkbox") field.checked = values.getAll(field.name).includes(field.value);
      else if (field.name && field.name !== "lang") field.value = values.get(field.name) || "";
    }
    geoevents.near.show(query);
    byId("search").elements.q.value = query.get("q") || "";
    const shown = new Set([...filters.elements].map((field) => field.name));
    for (const [name, value] of query) {
      const carried = () => geoevents.element("input", { type: "hidden", name, value, "data-carried": true });
      if (!shown.has(name) && !["datetime", "near"].includes(name)) filters.append(carried());
      if (name !== "q") byId("search").append(carried());
    }
    nameChips(filters, values);
    byId("clear").hidden = ![...query.keys()].length;
  }

  geoevents.fillForms = fillForms;

  /* A chip in force says what it asks for. */
  function nameChips(filters, values) {
    const types = values.getAll("event_type").map((code) => geoevents.typeOf(code).label || code);
    const status = values.get("status") && byId("status").selectedOptions[0];
    const kind = values.get("kind") && byId("kind").selectedOptions[0];
    const country = values.get("country") && (byId("country").selectedOptions[0] || {}).text;
    const area = values.get("area") && t("area_chip", { place: geoevents.areaCalled || values.get("area") });
    const located = values.get("located") && byId("located").selectedOptions[0].text;
    const known = values.getAll("geo_precision").map((code) => filters.querySelector('[name="geo_precision"][value="' + CSS.escape(code) + '"]').parentElement.textContent.trim()).join(" / ");
    const days = [values.get("date_from"), values.get("date_to")].map((day) => (day ? geoevents.shortDay(day) : "…"));
    const said = {
      types: types.length > 2 ? types[0] + " +" + geoevents.numbers.format(types.length - 1) : types.join(", "),
      time: values.get("datetime") ? (days[0] === days[1] ? days[0] : days.join(" – ")) : "",
      place: [values.get("near") && geoevents.near.chip(values), values.get("admin1"), country, area, located, known].filter(Boolean).join(", "),
      more: [kind, status].filter(Boolean).map((option) => option.text.split(":")[0]).join(", "),
    };
    for (const chip of filters.querySelectorAll("details.chip")) {
      const words = said[chip.dataset.filter];
      chip.classList.toggle("set", Boolean(words));
      const summary = chip.querySelector("summary span");
      summary.textContent = words || summary.dataset.name;
    }
  }

  /* One panel at a time, and none once the reader looks elsewhere. */
  function closeChipsElsewhere() {
    document.addEventListener("click", (event) => {
      for (const open of document.querySelectorAll("details.chip[open], details.languages[open]")) {
        if (!open.contains(event.target)) open.open = false;
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") document.querySelectorAll("details.chip[open], details.languages[open]").forEach((each) => (each.open = false));
    });
  }

  /* On a phone the list is a sheet over the map's foot: tap its handle, or drag it. */
  function setUpSheet(map) {
    const handle = byId("sheet");
    if (!handle) return;
    const panel = byId("list");
    const legend = document.querySelector("details.legend");
    const isSheet = () => getComputedStyle(handle).display !== "none";
    const set = (isOpen) => {
      panel.classList.toggle("open", isOpen);
      // They share one place: whichever was asked for last has it.
      if (isOpen && legend && isSheet()) legend.open = false;
      handle.setAttribute("aria-expanded", String(isOpen));
    };
    let startY = null;
    handle.addEventListener("click", () => set(!panel.classList.contains("open")));
    handle.addEventListener("pointerdown", (event) => (startY = event.clientY));
    handle.addEventListener("pointerup", (event) => {
      const moved = startY === null ? 0 : event.clientY - startY;
      startY = null;
      if (Math.abs(moved) > 30) {
        event.preventDefault();
        set(moved < 0);
        handle.addEventListener("click", (click) => click.stopImmediatePropagation(), { once: true, capture: true });
      }
    });
    if (legend) legend.addEventListener("toggle", () => legend.open && isSheet() && set(false));
    map.on("popupopen", () => set(false));
  }

  /* How many events there are of each type, and the box of all that stand on the map. */
  function summary(tile) {
    const counts = new Map();
    const count = (code, number) => counts.set(code, (counts.get(code) || 0) + number);
    const box = L.latLngBounds([]);
    for (const [, , byType, extent] of tile.cells) {
      for (const [code, [number]] of Object.entries(byType)) count(code, number);
      box.extend([extent[1], extent[0]]).extend([extent[3], extent[2]]);
    }
    for (const { properties } of tile.features) {
      if (!properties.anchor) continue;
      count(properties.event_type, 1);
      const [west, south, east, north] = properties.extent || [...properties.anchor, ...properties.anchor];
      box.extend([south, west]).extend([north, east]);
    }
    let unplaced = 0;
    for (const [code, number] of Object.entries(tile.unplaced || {})) {
      count(code, number);
      unplaced += number;
    }
    return { counts, unplaced, box };
  }

  /* Where to stand on the map for a feature of the list, or null where it has no place there. */
  const placeOf = (geoevents.placeOf = function (feature) {
    const precision = feature.properties.geo_precision;
    if (!feature.geometry || precision === "country" || precision === "unlocated") return null;
    const box = geoevents.boundsOf(feature);
    const { anchor, drawn } = feature.properties;
    return { at: anchor ? L.latLng(anchor[1], anchor[0]) : box.getCenter(), box: drawn === "pin" ? null : box };
  });

  /* Room for the open legend, on whichever side it stands, lest it hide what the map was opened for. */
  function clearOfControls(map) {
    const legend = geoevents.legendControl.getContainer().getBoundingClientRect();
    const frame = map.getContainer().getBoundingClientRect();
    const room = legend.width < frame.width / 2 && legend.height > 100 ? legend.width + 10 : 0;
    const isLeft = legend.left - frame.left < frame.width / 2;
    return { paddingTopLeft: [30 + (isLeft ? room : 0), 30], paddingBottomRight: [30 + (isLeft ? 0 : room), 30] };
  }

  geoevents.roomForPopup = function (map) {
    const { paddingTopLeft, paddingBottomRight } = clearOfControls(map);
    const isNarrow = map.getSize().x < 500;
    // Beside the buttons of the map, on whichever side they stand.
    const isLeft = geoevents.settings.dir !== "rtl";
    const least = ([across, down], ofButtons) => {
      const wanted = isNarrow ? [0, 0] : [across - 16, down - 16];
      return [Math.max(ofButtons ? BUTTONS_WIDE : 12, wanted[0]), Math.max(12, wanted[1])];
    };
    const [left, top] = least(paddingTopLeft, isLeft);
    return { autoPanPaddingTopLeft: [left, isNarrow ? 56 : top], autoPanPaddingBottomRight: least(paddingBottomRight, !isLeft) };
  };

  geoevents.start = async function (map, options) {
    geoevents.isStatic = options.isStatic;
    geoevents.parameters = options.parameters;
    geoevents.contact = options.contact;
    geoevents.map = map;
    const seen = geoevents.isStatic ? null : geoevents.revision();
    const asked = readFragment();
    const query = geoevents.question.begin(options.parameters);
    const board = map.geoeventsBoard;
    const layers = Object.values(map._layers).filter((layer) => layer.options && layer.options.code && geoevents.types.has(layer.options.code));
    const list = geoevents.listFor(map, query);
    board.query = geoevents.asReader(query).toString();
    geoevents.nameControls(map);
    if (!geoevents.isStatic) {
      carryQuery(query);
      const unknown = [...new Set(new URLSearchParams(location.search).keys())].filter((each) => !options.parameters.includes(each) && !OF_THE_ANSWER.includes(each));
      if (unknown.length) {
        const names = unknown.map((each) => "\u2068" + each.slice(0, 40) + "\u2069").join(" ");
        byId("trouble").before(geoevents.element("p", { class: "alert", role: "status", text: t("dropped", { names }) }));
      }
      if (query.get("view") === "internal") {
        byId("trouble").before(geoevents.element("p", { class: "alert warning", role: "note", text: t("internal_view") }));
      }
      if (byId("filters")) setUpForms();
      fillForms(query);
    }
    if (geoevents.isStatic) geoevents.sayPublication();
    setUpSheet(map);
    const timeline = new geoevents.Timeline(map);
    geoevents.sharing();
    geoevents.finding(map);

    geoevents.show = function (feature) {
      const place = placeOf(feature);
      if (!place) return;
      list.hold();
      // An area says more of itself whole than close up.
      if (place.box) map.fitBounds(place.box, { ...clearOfControls(map), maxZoom: 11, animate: false });
      else map.setView(place.at, Math.max(map.getZoom(), 10), { animate: false });
      board.open(feature, place.at);
    };
    /* The map stands where it shall: the ground may come. */
    const stand = (there) => {
      there();
      map.fire("geoevents:placed");
    };
    geoevents.hasPlace = (feature) => placeOf(feature) !== null;
    layers.filter((layer) => asked.off.includes(layer.options.code)).forEach((layer) => layer.remove());
    const listed = list.more();
    const linkTo = (code) => "/events?" + new URLSearchParams([["lang", geoevents.settings.labels], ...[...geoevents.question.now].filter(([name]) => name !== "event_type"), ["event_type", code]]);
    const count = async () => {
      const { counts, unplaced, box } = summary(await board.tileAt(0, 0, 0).loading);
      geoevents.legendControl.setCounts(counts, unplaced, geoevents.isStatic ? null : linkTo);
      list.reaches(box, unplaced);
      return box;
    };
    if (asked.view) stand(() => map.setView([asked.view.lat, asked.view.lon], asked.view.zoom));
    const timed = timeline.ask(geoevents.question.now);
    const nowhere = L.latLngBounds([]);
    const found = await count().catch(() => nowhere);
    // Where a question finds nothing the map stands as it does without one.
    const isLost = !asked.view && !found.isValid() && query.size && !geoevents.isStatic;
    const box = isLost ? await board.fetch(0, 0, 0, "").then((tile) => summary(tile).box, () => nowhere) : found;
    if (!asked.view) stand(() => box.isValid() && map.fitBounds(box, { ...clearOfControls(map), maxZoom: FIRST_ZOOM_AT_MOST, animate: false }));
    board.start(board.query);
    let selected = null;
    const remember = () => writeFragment(map, layers, selected);
    map.on("moveend layeradd layerremove", (event) => (event.type === "moveend" || layers.includes(event.layer)) && remember());
    map.on("geoevents:selected", ({ id }) => {
      selected = id;
      remember();
    });
    carryFragment();
    geoevents.question.follow((asked) => {
      if (byId("caption")) byId("caption").hidden = !geoevents.isSaved();
      byId("trouble").hidden = true;
      if (!geoevents.isStatic) {
        carryQuery(asked);
        fillForms(asked);
      }
      remember();
      board.ask(geoevents.asReader(asked).toString());
      list.ask(asked);
      timeline.ask(asked);
      count().catch(() => {});
    });
    await Promise.all([listed, timed]);
    const openAsked = () => {
      const row = selected ? null : list.rows.get(asked.event);
      if (row) row.click();
    };
    openAsked();
    document.documentElement.dataset.ready = "true";
    // One that is not among the first of all may be among those of the view.
    list.follow().then(openAsked);
    if (!geoevents.isStatic) {
      geoevents.watch(seen, async () => {
        await Promise.all([board.refresh(), list.refresh(), timeline.load()]);
        await count();
        map.fire("geoevents:changed");
      });
    }
  };

  /* Leaflet's own controls, in the page's language. */
  geoevents.nameControls = function (map) {
    const root = map.getContainer();
    for (const [selector, key] of [[".leaflet-control-zoom-in", "zoom_in"], [".leaflet-control-zoom-out", "zoom_out"]]) {
      const control = root.querySelector(selector);
      if (!control) continue;
      control.title = t(key);
      control.setAttribute("aria-label", t(key));
    }
    root.setAttribute("aria-label", t("events_on_map"));
    // Leaflet knows its units in English only.
    L.Control.Scale.include({
      _updateMetric(most) {
        const metres = this._getRoundNum(most);
        const words = metres < 1000 ? t("metres", { number: metres }) : t("kilometres", { number: metres / 1000 });
        this._updateScale(this._mScale, words, metres / most);
      },
    });
    // Leaflet sets attributions as markup; ours are words.
    map.attributionControl._update = () => {};
    geoevents.groundLayer.credit();
  };
})();
