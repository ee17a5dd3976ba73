/* List and map point at each other: the row under the mouse or the focus at its symbol, a symbol at its rows. */
(function () {
  "use strict";

  const geoevents = window.geoevents;

  /* Where a feature of the list stands on the map, or null. */
  const anchorOf = (feature) => {
    const place = geoevents.placeOf(feature);
    return place && place.at;
  };

  /* The cell that a place is counted in, named as clusters.js names it. */
  function cellOf(map, at) {
    const zoom = Math.min(geoevents.lastZoom, Math.round(map.getZoom()));
    const { x, y } = map.project(at, zoom).divideBy(geoevents.cellSize).floor();
    return "cell:" + [zoom, x, y].join("/");
  }

  const holds = (item, id, cell) => item.features.some((feature) => feature.id === id) || item.cells.includes(cell);

  geoevents.Pointing = class {
    /* `rows` maps the id of an event to its row, `features` to the event. */
    constructor(map, { rows, features }) {
      Object.assign(this, { map, rows, features, id: null });
      map.on("geoevents:drawn", () => this.id && this.mark());
      map.on("geoevents:over", ({ item, id }) => this.over(item, id));
    }

    over(item, id) {
      this.markRows(item, id);
      const found = [...this.rows.values()].filter((row) => row.classList.contains("pointed"));
      // One that is out of sight comes into it.
      if (found.length === 1 && window.matchMedia("(min-width: 56.25rem)").matches) found[0].scrollIntoView({ block: "nearest" });
    }

    /* A row, or none: its symbol, and its shape where it has one, are marked. */
    at(id) {
      this.id = id;
      this.mark();
    }

    mark() {
      const board = this.map.geoeventsBoard;
      const feature = this.id && this.features.get(this.id);
      const at = feature && anchorOf(feature);
      const cell = at && cellOf(this.map, at);
      for (const marker of board.markers.values()) {
        const element = marker.getElement();
        if (element) element.classList.toggle("pointed", Boolean(at) && holds(marker.item, this.id, cell));
      }
      for (const [key, { layers }] of board.shapes) {
        const isIt = key.startsWith(this.id + "@");
        L.layerGroup(layers).eachLayer((layer) => this.markShape(layer, isIt));
      }
    }

    markShape(layer, isIt) {
      if (layer.eachLayer) layer.eachLayer((each) => this.markShape(each, isIt));
      else if (layer.getElement && layer.getElement()) layer.getElement().classList.toggle("pointed", isIt);
    }

    /* The rows of what a symbol holds, or of one event; none for neither. */
    markRows(item, id) {
      this.last = [item, id];
      for (const [each, row] of this.rows) {
        const at = item && item.cells.length && anchorOf(this.features.get(each));
        const isIt = each === id || Boolean(item && holds(item, each, at ? cellOf(this.map, at) : null));
        row.classList.toggle("pointed", isIt);
      }
    }

    /* Other rows stand there now. */
    again() {
      this.markRows(...(this.last || []));
    }
  };

  /* What a symbol or a shape on the map is, told to the list while the mouse or the focus is there. */
  geoevents.tellOver = function (map, element, what) {
    for (const type of ["mouseenter", "focus"]) element.addEventListener(type, () => map.fire("geoevents:over", what));
    for (const type of ["mouseleave", "blur"]) element.addEventListener(type, () => map.fire("geoevents:over", {}));
  };

  /* Rows by the arrow keys, as in any list; and what each points at. */
  geoevents.pointingRows = function (list, pointing) {
    const idOf = (target) => {
      const row = target.closest(".event-row");
      return row && [...pointing.rows].find(([, each]) => each === row)[0];
    };
    list.addEventListener("mouseover", (event) => pointing.at(idOf(event.target)));
    list.addEventListener("mouseleave", () => pointing.at(null));
    list.addEventListener("focusin", (event) => pointing.at(idOf(event.target)));
    list.addEventListener("focusout", () => pointing.at(null));
    list.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const rows = [...pointing.rows.values()];
      const next = step && rows[rows.indexOf(event.target) + step];
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
  };
})();
