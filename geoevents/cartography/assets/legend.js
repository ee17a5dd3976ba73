/* The layer control, which is the legend: symbol, label, count and switch of each type, and how to read the map. */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const { element, svg, t } = geoevents;

  const Legend = L.Control.Layers.extend({
    initialize(layers, options) {
      this._counts = new Map();
      L.Control.Layers.prototype.initialize.call(this, null, null, { ...options, collapsed: false, autoZIndex: false });
      layers.forEach((layer) => this._addLayer(layer, layer.options.label, true));
    },

    onAdd(map) {
      const container = L.Control.Layers.prototype.onAdd.call(this, map);
      const isWide = window.matchMedia("(min-width: 56.25rem)").matches;
      const fold = element("details", { class: "legend", open: isWide });
      const inner = [...container.childNodes];
      const ground = geoevents.detail ? [geoevents.detail.control()] : [];
      fold.append(element("summary", { text: t("open_legend") }), ...inner, ...ground, notes(), element("p", { class: "legend-unplaced" }));
      container.classList.add("legend-frame");
      container.dir = geoevents.settings.dir;
      container.append(fold);
      return container;
    },

    /* Leaflet sets names as markup; these are set as text. */
    _addItem(item) {
      const { code, label } = item.layer.options;
      const input = element("input", { type: "checkbox", class: "leaflet-control-layers-selector" });
      input.checked = this._map.hasLayer(item.layer);
      input.layerId = L.stamp(item.layer);
      this._layerControlInputs.push(input);
      L.DomEvent.on(input, "click", this._onInputClick, this);
      const name = element("span", { class: "legend-label", dir: "auto", text: label });
      const count = element(geoevents.isStatic ? "span" : "a", { class: "legend-count", "data-code": code });
      const row = element("div", { class: "legend-row" }, [
        element("label", {}, [input, geoevents.symbol(code, {}, 16), name]),
        count,
      ]);
      this._overlaysList.append(row);
      this._setCount(count);
      return row;
    },

    /* `counts` is a Map of code to number, `known` the parameters that a link to the list carries. */
    setCounts(counts, unplaced, linkTo) {
      this._counts = counts;
      this._linkTo = linkTo;
      this._container.querySelectorAll(".legend-count").forEach((each) => this._setCount(each));
      const note = this._container.querySelector(".legend-unplaced");
      note.textContent = unplaced ? t("unplaced", { count: unplaced }) : "";
      note.hidden = !unplaced;
    },

    _setCount(place) {
      const code = place.dataset.code;
      const count = this._counts.get(code) || 0;
      place.textContent = geoevents.numbers.format(count);
      if (this._linkTo && count) place.href = this._linkTo(code);
      else place.removeAttribute("href");
      const row = place.closest(".legend-row");
      if (row) row.classList.toggle("none", !count);
    },
  });

  /* How precision, certainty and number are drawn: samples in a neutral ink. */
  function notes() {
    const ink = { stroke: "currentColor", "stroke-width": 1.6, fill: "none" };
    const sample = (...parts) => svg("svg", { viewBox: "0 0 24 24", width: 20, height: 20, "aria-hidden": "true" }, parts);
    const dot = { cx: 12, cy: 12, r: 6 };
    const hatch = "M3 15L15 3M3 21L21 3M9 21L21 9M15 21L21 15M3 9L9 3";
    const rows = [
      ["precision_pin", sample(svg("circle", { ...dot, fill: "currentColor" }))],
      ["precision_circle", sample(svg("circle", { ...ink, cx: 12, cy: 12, r: 9, "stroke-dasharray": "4 3" }))],
      ["precision_area", sample(svg("path", { ...ink, "stroke-width": 1.2, d: hatch }), svg("rect", { ...ink, x: 3, y: 3, width: 18, height: 18 }))],
      ["precision_estimate", sample(svg("circle", { ...ink, cx: 12, cy: 12, r: 9, "stroke-width": 2.4, "stroke-linecap": "round", "stroke-dasharray": "0.5 4.2" }))],
      ["condition_note", sample(svg("circle", { ...dot, r: 5, fill: "currentColor" }), svg("rect", { ...ink, x: 3, y: 3, width: 18, height: 18, rx: 3 }))],
      ["hollow_note", sample(svg("circle", { ...ink, ...dot, "stroke-width": 3 }))],
      ["struck_note", sample(svg("circle", { ...dot, fill: "currentColor", "fill-opacity": 0.5 }), svg("path", { ...ink, d: "M3 21L21 3", "stroke-width": 2 }))],
      ["bar_note", sample(svg("path", { ...ink, "stroke-width": 1.2, d: "M8 12L16 4M8 8L12 4M12 12L16 8" }), svg("rect", { x: 8, y: 12, width: 8, height: 9, fill: "currentColor" }))],
      ["hanging_note", sample(svg("path", { ...ink, "stroke-width": 1, d: "M2 9H22" }), svg("rect", { x: 5, y: 12, width: 15, height: 4, fill: "currentColor" }))],
      ["cluster_note", sample(svg("circle", { ...ink, cx: 12, cy: 12, r: 8, "stroke-width": 4, "stroke-opacity": 0.5 }), svg("path", { ...ink, d: "M12 4A8 8 0 0 1 20 12", "stroke-width": 4 }))],
    ];
    const items = rows.map(([key, picture]) => element("li", {}, [picture, element("span", { text: t(key) })]));
    return element("details", { class: "legend-notes" }, [element("summary", { text: t("how_to_read") }), element("ul", {}, items)]);
  }

  geoevents.legend = function (layers, options) {
    geoevents.legendControl = new Legend(layers, options);
    return geoevents.legendControl;
  };
})();
