/* The ground: countries from our own tiles (cartography/basemap.py), drawn on canvas; no network, no foreign host. */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const SEA = 0;
  const LAND = 1;
  const TILE = 2;
  const FADE_FROM = 9;
  const FADE_OVER = 4;

  /* Static maps hand their tiles over by script; elsewhere they are fetched once and kept by the browser. */
  const given = new Map();
  window.geoeventsGround = (index, tiles, groups) => {
    if (index) geoevents.groundIndex = index;
    if (groups) geoevents.groundGroups(groups);
    for (const [key, tile] of Object.entries(tiles)) given.set(key, tile);
  };

  const colours = () => {
    const style = getComputedStyle(document.documentElement);
    const named = (name) => style.getPropertyValue(name).trim();
    return { land: named("--land"), water: named("--water"), border: named("--border"), coast: named("--coast") };
  };

  const Ground = L.GridLayer.extend({
    options: { pane: "tilePane", tileSize: 256, updateWhenZooming: false, keepBuffer: 1, noWrap: true, url: "" },

    initialize(options) {
      L.GridLayer.prototype.initialize.call(this, options);
      this._parts = new Map();
      const read = geoevents.groundIndex ? Promise.resolve(geoevents.groundIndex) : this._fetch("index.json");
      this._index = read.then(unpacked);
      this._index.catch(() => {});
    },

    onAdd(map) {
      L.GridLayer.prototype.onAdd.call(this, map);
      this._dark = window.matchMedia("(prefers-color-scheme: dark)");
      this._recolour = () => this.redraw();
      this._dark.addEventListener("change", this._recolour);
      map.on("moveend", this.credit, this);
      this.credit();
    },

    onRemove(map) {
      this._dark.removeEventListener("change", this._recolour);
      map.off("moveend", this.credit, this);
      L.GridLayer.prototype.onRemove.call(this, map);
    },

    /* What the ground is and, close up, that its borders are not to be trusted to the metre. */
    credit() {
      if (!this._map || !this._map._loaded) return;
      const control = this._map.attributionControl;
      const { detail } = geoevents;
      const says = detail && detail.credit() ? [detail.credit()] : [];
      if (!detail || !detail.coversAll()) {
        const own = [geoevents.t("ground_credit")];
        if (this._map.getZoom() >= FADE_FROM) own.push(geoevents.t("borders_approximate"));
        says.push(geoevents.element("span", { text: own.join(" · ") }));
      }
      control._container.replaceChildren(...says.flatMap((each, place) => (place ? [" · ", each] : [each])));
    },

    createTile(coords, done) {
      const ratio = Math.min(2, window.devicePixelRatio || 1);
      const size = this.getTileSize();
      const canvas = geoevents.element("canvas", { width: size.x * ratio, height: size.y * ratio, class: "ground-tile" });
      this._draw(canvas, coords, ratio).then(() => done(null, canvas), (error) => done(error, canvas));
      return canvas;
    },

    async _draw(canvas, coords, ratio) {
      const index = await this._index;
      if (geoevents.isStatic) await geoevents.groundNear(coords.z, coords.x, coords.y);
      const zoom = this._storedZoom(coords, index);
      const scale = 2 ** (coords.z - zoom);
      const at = { z: zoom, x: Math.floor(coords.x / scale), y: Math.floor(coords.y / scale) };
      const state = stateOf(index, at);
      const ink = colours();
      const pen = canvas.getContext("2d");
      pen.fillStyle = state === LAND ? ink.land : ink.water;
      pen.fillRect(0, 0, canvas.width, canvas.height);
      if (state === SEA || state === LAND) return;
      const tile = await this._part(at);
      const unit = (canvas.width * scale) / index.extent;
      const shift = { x: -(coords.x - at.x * scale) * canvas.width, y: -(coords.y - at.y * scale) * canvas.height };
      const trace = (path, flat) => {
        let x = flat[0];
        let y = flat[1];
        path.moveTo(x * unit + shift.x, y * unit + shift.y);
        for (let i = 2; i < flat.length; i += 2) path.lineTo((x += flat[i]) * unit + shift.x, (y += flat[i + 1]) * unit + shift.y);
      };
      const land = new Path2D();
      const coast = new Path2D();
      for (const [, ...rings] of tile.countries) for (const ring of rings) {
        trace(land, ring);
        land.closePath();
        trace(coast, ring);
        coast.closePath();
      }
      pen.lineJoin = "round";
      // The coast lies under the land, so that of its line only the half in the water is seen, and none between countries.
      pen.strokeStyle = ink.coast;
      pen.lineWidth = 2.2 * ratio;
      pen.stroke(coast);
      pen.fillStyle = ink.land;
      for (const [, ...rings] of tile.countries) {
        const one = new Path2D();
        for (const ring of rings) {
          trace(one, ring);
          one.closePath();
        }
        pen.fill(one, "evenodd");
        pen.strokeStyle = ink.land;
        pen.lineWidth = 0.8 * ratio;
        pen.stroke(one);
      }
      const lines = new Path2D();
      for (const line of tile.borders) trace(lines, line);
      pen.globalAlpha = Math.max(0.15, Math.min(1, 1 - (coords.z - FADE_FROM) / FADE_OVER));
      pen.strokeStyle = ink.border;
      pen.lineWidth = (coords.z < 5 ? 0.8 : 1.2) * ratio;
      pen.stroke(lines);
      pen.globalAlpha = 1;
    },

    /* The finest zoom that holds this place. A static map brings the near ground only; elsewhere a coarser tile serves. */
    _storedZoom(coords, index) {
      let z = Math.min(coords.z, index.last_zoom);
      const at = () => ({ z, x: Math.floor(coords.x / 2 ** (coords.z - z)), y: Math.floor(coords.y / 2 ** (coords.z - z)) });
      const isMissing = ({ z, x, y }) => stateOf(index, { z, x, y }) === TILE && !given.has([z, x, y].join("/"));
      while (geoevents.isStatic && z > 0 && isMissing(at())) z -= 1;
      return z;
    },

    _part({ z, x, y }) {
      const key = [z, x, y].join("/");
      if (given.has(key)) return Promise.resolve(given.get(key));
      if (!this._parts.has(key)) {
        const loading = this._fetch(key + ".json");
        loading.catch(() => this._parts.delete(key));
        this._parts.set(key, loading);
      }
      return this._parts.get(key);
    },

    async _fetch(name) {
      const answer = await fetch(this.options.url + "/" + name);
      if (!answer.ok) throw new Error(name + ": " + answer.status);
      return answer.json();
    },
  });

  /* Rows of run lengths to states: 0 sea, 1 land, 2 a tile of its own. */
  function unpacked(index) {
    const rows = (zoom) => zoom.map((runs) => {
      const row = [];
      for (let i = 0; i < runs.length; i += 2) for (let n = 0; n < runs[i + 1]; n++) row.push(runs[i]);
      return row;
    });
    const labels = Object.fromEntries(Object.entries(index.labels).map(([zoom, each]) => [zoom, rows(each)]));
    return { ...index, states: index.zooms.map(rows), labels };
  }

  function stateOf(index, { z, x, y }) {
    const row = (index.states[z] || [])[y] || [];
    return row[x] === undefined ? SEA : row[x];
  }

  /* The map's page opens somewhere before its address and its events are known: of that nothing is fetched. */
  const Placed = L.LayerGroup.extend({
    onAdd(map) {
      const add = () => L.LayerGroup.prototype.onAdd.call(this, map);
      if (document.body.classList.contains("map-page")) map.once("geoevents:placed", add);
      else add();
    },
  });

  geoevents.ground = function ({ url, detail }) {
    geoevents.groundLayer = new Ground({ url });
    const layers = [geoevents.groundLayer, new geoevents.Labels(geoevents.groundLayer)];
    return new Placed(detail ? [...layers, geoevents.detailedGround(detail)] : layers);
  };
})();
