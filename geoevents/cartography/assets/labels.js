/* Names on the ground: countries and towns from our gazetteer, in the page's language where we know them. */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const given = new Map();
  window.geoeventsLabels = (tiles) => {
    for (const [key, labels] of Object.entries(tiles)) given.set(key, labels);
  };

  const SPOTS = ["right", "left", "above", "below"];
  const AROUND_SYMBOLS = ["far-above", "far-below"];
  const AWAY = { above: -13, below: 13, "far-above": -26, "far-below": 26 };
  const MOST = 60;
  /* The tiles of a level are asked for from this zoom; a town is named from the zoom that its population has here. */
  const FROM_ZOOM = { 0: 0, 4: 6, 6: 7 };
  const LEAST = [Infinity, Infinity, Infinity, 6e6, 3e6, 1e6, 3e5, 6e4, 2e4, 8e3];
  const LEAST_COUNTRY = [Infinity, 1e8, 2.5e7, 8e6, 1e6];

  geoevents.Labels = L.Layer.extend({
    initialize(ground) {
      this._ground = ground;
      this._tiles = new Map();
    },

    onAdd(map) {
      this._pane = map.getPane("labels") || map.createPane("labels");
      this._pane.setAttribute("aria-hidden", "true");
      this._shown = new Map();
      map.on("moveend geoevents:drawn geoevents:ground", this._look, this);
      map.on("zoomstart", this._hide, this);
      this._look();
    },

    onRemove(map) {
      map.off("moveend geoevents:drawn geoevents:ground", this._look, this);
      map.off("zoomstart", this._hide, this);
      this._hide();
    },

    _hide() {
      for (const label of this._shown.values()) label.remove();
      this._shown.clear();
    },

    async _look() {
      const map = this._map;
      const index = await this._ground._index.catch(() => null);
      if (!index || !map || !this._map) return;
      const zoom = Math.round(map.getZoom());
      const bounds = map.getBounds();
      const wanted = [];
      for (const [level, rows] of Object.entries(index.labels)) {
        const z = Number(level);
        if (zoom < FROM_ZOOM[z]) continue;
        const from = place(bounds.getNorthWest(), z);
        const to = place(bounds.getSouthEast(), z);
        for (let x = from.x; x <= to.x; x++) {
          for (let y = from.y; y <= to.y; y++) if (rows[y][x]) wanted.push(this._tile([z, x, y].join("/")));
        }
      }
      const tiles = await Promise.all(wanted.map((tile) => tile.catch(() => [])));
      if (this._map && Math.round(map.getZoom()) === zoom) this._place(tiles.flat(), zoom);
    },

    _tile(key) {
      if (given.has(key)) return Promise.resolve(given.get(key));
      if (geoevents.isStatic) return geoevents.groundNear(...key.split("/").map(Number)).then(() => given.get(key) || []);
      if (!this._tiles.has(key)) this._tiles.set(key, this._ground._fetch("labels/" + key + ".json"));
      return this._tiles.get(key);
    },

    /* The weightier first; one that would touch another is left out. */
    _place(labels, zoom) {
      const map = this._map;
      const lang = geoevents.settings.labels;
      const size = map.getSize();
      const symbols = this._symbols();
      const taken = [...symbols];
      const kept = new Map();
      for (const [lon, lat, population, names] of labels.sort(weightierFirst)) {
        const text = names[lang] || names.en;
        const at = map.latLngToContainerPoint([lat, lon]);
        if (at.x < -40 || at.y < -20 || at.x > size.x + 40 || at.y > size.y + 20 || kept.size >= MOST) continue;
        // A detailed ground brings names of its own.
        if (geoevents.detail && geoevents.detail.covers([lat, lon])) continue;
        const isCountry = population < 0;
        if (isCountry ? zoom > 7 || -population < (LEAST_COUNTRY[zoom] || 0) : population < (LEAST[zoom] || 0)) continue;
        const wide = text.length * (isCountry ? 8.5 : 7) + 10;
        const isCovered = symbols.some((box) => at.x > box[0] && at.x < box[2] && at.y > box[1] && at.y < box[3]);
        const spots = isCountry ? ["middle"] : isCovered ? [...SPOTS, ...AROUND_SYMBOLS] : SPOTS;
        const spot = spots.find((each) => isFree(boxAt(at, each, wide), taken));
        if (!spot) continue;
        taken.push(boxAt(at, spot, wide));
        const key = [zoom, lon, lat, text, spot].join();
        kept.set(key, this._shown.get(key) || this._label(text, [lat, lon], spot));
      }
      for (const [key, label] of this._shown) if (!kept.has(key)) label.remove();
      this._shown = kept;
    },

    /* Symbols of events come first: names make way for them. */
    _symbols() {
      const board = this._map.geoeventsBoard;
      const frame = this._map.getContainer().getBoundingClientRect();
      const named = [...this._pane.querySelectorAll(".about-label")].map((label) => {
        const { left, top, right, bottom } = label.getBoundingClientRect();
        return [left - frame.left, top - frame.top, right - frame.left, bottom - frame.top];
      });
      const symbols = [...(board ? board.markers.values() : [])].map((marker) => {
        const at = this._map.latLngToContainerPoint(marker.getLatLng());
        const half = marker.options.icon.options.iconSize[0] * (marker.item.total > 1 ? 0.5 : 0.36);
        return [at.x - half, at.y - half, at.x + half, at.y + half];
      });
      return [...named, ...symbols];
    },

    _label(text, at, spot) {
      const words = geoevents.element("span", { class: spot === "middle" ? "label-country" : "label-town " + spot, dir: "auto", text });
      const icon = L.divIcon({ html: words, className: "ground-label", iconSize: [0, 0] });
      return L.marker(at, { icon, pane: "labels", interactive: false, keyboard: false }).addTo(this._map);
    },
  });

  /* A country's population is written below 0; countries come first. */
  const weightierFirst = (a, b) => (a[2] < 0 ? 0 : 1) - (b[2] < 0 ? 0 : 1) || Math.abs(b[2]) - Math.abs(a[2]);

  function boxAt(at, spot, wide) {
    if (spot === "middle") return [at.x - wide / 2, at.y - 10, at.x + wide / 2, at.y + 10];
    if (spot === "right") return [at.x + 3, at.y - 8, at.x + wide, at.y + 8];
    if (spot === "left") return [at.x - wide, at.y - 8, at.x - 3, at.y + 8];
    const y = at.y + AWAY[spot];
    return [at.x - wide / 2, y - 8, at.x + wide / 2, y + 8];
  }

  const isFree = (box, taken) => !taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]);

  function place(latlng, z) {
    const point = L.CRS.EPSG3857.latLngToPoint(L.latLng(Math.max(-85, Math.min(85, latlng.lat)), Math.max(-180, Math.min(179.99, latlng.lng))), z);
    return { x: Math.floor(point.x / 256), y: Math.floor(point.y / 256) };
  }
})();
