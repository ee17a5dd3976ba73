/* The layers of the types, and the board they share: one set of tiles holds every type, so switching fetches nothing. */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const KEPT_TILES = 400;
  const MARGIN = 40;
  const CROWDED = 40;

  const boardOf = (map) => (map.geoeventsBoard = map.geoeventsBoard || new Board(map));

  /* One event type, as a Leaflet layer: on the map it is drawn, off the map it is not. */
  const TypeLayer = L.Layer.extend({
    options: { code: "", label: "", colour: "", path: "", url: null, sub: {} },
    initialize(options) {
      L.setOptions(this, options);
      geoevents.types.set(options.code, options);
    },
    onAdd(map) {
      boardOf(map).switch(this.options, true);
    },
    onRemove(map) {
      boardOf(map).switch(this.options, false);
    },
  });
  geoevents.typeLayer = (options) => new TypeLayer(options);

  class Board {
    constructor(map) {
      this.map = map;
      this.on = new Set();
      this.tiles = new Map();
      this.markers = new Map();
      this.shapes = new Map();
      this.query = "";
      this.asking = new AbortController();
      this.isStarted = false;
      this.selection = { id: null, drawn: L.layerGroup().addTo(map) };
      map.createPane("event-shapes").style.zIndex = 410;
      this.renderer = L.svg({ pane: "event-shapes", padding: 0.3 });
      map.addLayer(this.renderer);
      map.on("moveend", () => this.look());
      map.on("popupclose", () => this.deselect());
      document.addEventListener("keydown", (event) => event.key === "Escape" && map.closePopup());
    }

    switch(type, isOn) {
      if (type.url) this.url = type.url;
      this.on[isOn ? "add" : "delete"](type.code);
      if (this.isStarted) this.redraw();
    }

    /* Begin: the question is known, the map has a view. */
    start(query) {
      this.query = query;
      this.isStarted = true;
      this.look();
    }

    /* Ask again for what is in view, after a write. What is seen stays until all has come, and where it is the same. */
    async refresh() {
      const fresh = new Map([[0, 0, 0], ...this.inView()].map((at) => [at.join("/"), at]));
      const fetched = await Promise.all([...fresh].map(async ([key, at]) => [key, await this.fetch(...at)]));
      const before = this.tiles;
      this.tiles = new Map(
        fetched.map(([key, now]) => {
          const known = (before.get(key) || {}).data;
          const data = JSON.stringify(known) === JSON.stringify(now) ? known : now;
          return [key, { key, data, loading: Promise.resolve(data) }];
        })
      );
      this.look();
      this.retell();
    }

    /* The popup that is open says what its event says now. */
    retell() {
      const shown = this.map.getContainer().querySelector(".event-popup");
      const features = [...this.tiles.values()].flatMap(({ data }) => (data ? data.features : []));
      const feature = shown && features.find(({ id, properties }) => id === shown.dataset.event && properties.anchor);
      const told = feature && geoevents.popupOf(feature, this.back);
      if (told && !told.isEqualNode(shown)) shown.replaceWith(told);
    }

    /* Another question: what its tiles show takes the place of what stands, once all of them are here. */
    ask(query) {
      this.query = query;
      this.asking.abort();
      this.asking = new AbortController();
      this.tiles.clear();
      this.look();
    }

    tileAt(z, x, y) {
      const key = [z, x, y].join("/");
      if (!this.tiles.has(key)) {
        const tile = { key, data: null };
        this.tiles.set(key, tile);
        const loading = geoevents.isStatic ? Promise.resolve(geoevents.tileOfData(z, x, y)) : this.fetch(z, x, y);
        tile.loading = loading.then(
          (data) => {
            tile.data = data;
            this.redrawSoon();
            return data;
          },
          (error) => {
            // What is no longer wanted is nobody's trouble.
            if (this.tiles.get(key) === tile) {
              this.tiles.delete(key);
              geoevents.trouble(error);
            }
            throw error;
          }
        );
        tile.loading.catch(() => {});
      }
      return this.tiles.get(key);
    }

    async fetch(z, x, y, query = this.query) {
      const path = this.url.replace("{z}", z).replace("{x}", x).replace("{y}", y);
      const answer = await fetch(query ? path + "?" + query : path, { headers: { Accept: "application/json" }, signal: this.asking.signal });
      if (answer.ok) return geoevents.relabel(await answer.json());
      const problem = await answer.json().catch(() => ({}));
      throw Object.assign(new Error(problem.detail || problem.title || ""), { status: answer.status });
    }

    /* The tiles that the view shows, as [z, x, y, copies of the world to the east]. */
    inView() {
      const z = Math.max(0, Math.min(geoevents.lastZoom, Math.round(this.map.getZoom())));
      const bounds = this.map.getPixelBounds();
      const size = geoevents.tileSize;
      const many = 2 ** z;
      const found = [];
      for (let x = Math.floor((bounds.min.x - MARGIN) / size); x <= Math.floor((bounds.max.x + MARGIN) / size); x++) {
        for (let y = Math.floor((bounds.min.y - MARGIN) / size); y <= Math.floor((bounds.max.y + MARGIN) / size); y++) {
          if (y >= 0 && y < many && x >= 0 && x < many) found.push([z, x, y]);
        }
      }
      return found;
    }

    look() {
      if (!this.isStarted) return;
      for (const [z, x, y] of this.inView()) this.tileAt(z, x, y);
      for (const key of [...this.tiles.keys()].slice(0, Math.max(0, this.tiles.size - KEPT_TILES))) this.tiles.delete(key);
      this.redrawSoon();
    }

    /* Draw everything anew: the colours have changed. */
    repaint() {
      for (const marker of this.markers.values()) marker.remove();
      for (const { layers } of this.shapes.values()) layers.forEach((layer) => layer.remove());
      this.markers.clear();
      this.shapes.clear();
      this.redraw();
    }

    redrawSoon() {
      if (this.waiting) return;
      this.waiting = requestAnimationFrame(() => {
        this.waiting = null;
        this.redraw();
      });
    }

    /* What stands on the map stays until every tile of the new view has come, lest symbols flicker. */
    redraw() {
      const wanted = this.inView().map(([z, x, y]) => [this.tiles.get([z, x, y].join("/")), z, x, y]);
      if (wanted.some(([tile]) => !tile || !tile.data)) return;
      const zoom = wanted.length ? wanted[0][1] : 0;
      const project = (anchor) => this.map.project(L.latLng(anchor[1], anchor[0]), zoom);
      const isOn = (code) => this.on.has(code) || !geoevents.types.has(code);
      const items = wanted.flatMap(([tile, z, x, y]) => geoevents.itemsOf(tile.data, z, x, y, isOn, project));
      const symbols = geoevents.merged(items);
      const counted = symbols.filter((item) => item.total > 1).flatMap((item) => item.features.map((feature) => feature.id));
      this.drawShapes(wanted, isOn, new Set(counted));
      this.drawMarkers(symbols, zoom);
      this.map.fire("geoevents:drawn");
    }

    /* Circles belong to their symbol: where it is drawn into a cluster, they would only be noise. */
    drawShapes(wanted, isOn, counted) {
      const keep = new Set();
      for (const [tile, z] of wanted) {
        for (const feature of tile.data.features) {
          const isHidden = feature.properties.radius_m && counted.has(feature.id) && feature.id !== this.selection.id;
          if (!isOn(feature.properties.event_type) || isHidden) continue;
          // A whole shape is the same in every tile of a zoom; a part is the tile's own.
          const key = feature.id + "@" + (feature.properties.part ? tile.key : z);
          if (keep.has(key)) continue;
          keep.add(key);
          const stamp = geoevents.stampOf(feature);
          const drawn = this.shapes.get(key);
          if (drawn && drawn.stamp === stamp) continue;
          if (drawn) drawn.layers.forEach((layer) => layer.remove());
          const layers = geoevents.shapesOf(feature, this.renderer);
          for (const layer of layers) {
            layer.on("click", (event) => {
              L.DomEvent.stopPropagation(event);
              this.open(feature, event.latlng);
            });
            layer.on("mouseover mouseout", ({ type }) => this.map.fire("geoevents:over", { id: type === "mouseover" ? feature.id : null }));
            layer.addTo(this.map);
          }
          this.shapes.set(key, { layers, stamp });
        }
      }
      for (const [key, { layers }] of this.shapes) {
        if (keep.has(key)) continue;
        layers.forEach((layer) => layer.remove());
        this.shapes.delete(key);
      }
      this.renderer._container.classList.toggle("crowded", keep.size > CROWDED);
    }

    drawMarkers(items, zoom) {
      const keep = new Map();
      for (const item of items) {
        const at = this.map.unproject([item.x, item.y], zoom);
        const signature = JSON.stringify([item.key, item.counts, at.lat.toFixed(6), at.lng.toFixed(6), item.features.map(geoevents.stampOf)]);
        keep.set(signature, this.markers.get(signature) || this.marker(item, at));
      }
      for (const [signature, marker] of this.markers) if (keep.get(signature) !== marker) marker.remove();
      for (const marker of keep.values()) if (!this.map.hasLayer(marker)) marker.addTo(this.map);
      this.markers = keep;
      this.markSelected();
    }

    marker(item, at) {
      const counts = [...geoevents.types.keys(), ...Object.keys(item.counts)]
        .filter((code, place, all) => item.counts[code] && all.indexOf(code) === place)
        .map((code) => [code, item.counts[code]]);
      const only = item.total === 1 ? item.features[0] : null;
      const drawing = item.total > 1
        ? geoevents.ring(counts, item.total)
        : geoevents.symbol(counts[0][0], only ? geoevents.styleOf(only.properties) : {}, 20);
      const size = Number(drawing.getAttribute("width"));
      const icon = L.divIcon({ html: drawing, className: item.total > 1 ? "event-cluster" : "event-pin", iconSize: [size, size] });
      const marker = L.marker(at, { icon, keyboard: true, riseOnHover: true, zIndexOffset: item.total > 1 ? 100 : 0 });
      marker.item = item;
      const name = only ? geoevents.title(only.properties).text + ", " + geoevents.when(only.properties) : nameOf(counts, item.total);
      marker.on("add", () => {
        marker.getElement().setAttribute("aria-label", name);
        marker.getElement().setAttribute("title", only ? geoevents.title(only.properties).text : name);
        geoevents.tellOver(this.map, marker.getElement(), { item });
      });
      marker.on("click keypress", (event) => {
        if (event.type === "keypress" && !["Enter", " "].includes(event.originalEvent.key)) return;
        this.enter(item, at);
      });
      return marker;
    }

    /* Go into a symbol: one event opens, several spread out if zooming parts them, else they are listed. */
    async enter(item, at) {
      if (item.total === 1 && item.features.length) return this.open(item.features[0], at);
      const [west, south, east, north] = item.extent;
      const corners = [[north, west], [south, east]].map((pair) => this.map.project(L.latLng(pair[0], pair[1]), geoevents.lastZoom));
      const apart = Math.max(Math.abs(corners[1].x - corners[0].x), Math.abs(corners[1].y - corners[0].y));
      if (apart > 40 && this.map.getZoom() < geoevents.lastZoom) {
        const bounds = L.latLngBounds([south, west], [north, east]);
        const zoom = Math.max(this.map.getZoom() + 1, this.map.getBoundsZoom(bounds, false, L.point(70, 70)));
        return this.map.setView(bounds.getCenter(), Math.min(zoom, geoevents.lastZoom));
      }
      const features = item.features.length === item.total ? item.features : await this.listed(item);
      return this.list(features, item, at);
    }

    /* Several at one place, to choose from; from each a way leads back here. */
    list(features, item, at) {
      const back = { count: item.total, go: () => this.list(features, item, at) };
      const content = geoevents.popupOfSeveral(features, item.total, item.extent, (feature) => this.open(feature, at, back));
      return this.popup(content, at, null);
    }

    /* The events of a place, from the tiles of the last zoom: the very ones that were counted. */
    async listed({ extent: [west, south, east, north] }) {
      const z = geoevents.lastZoom;
      const tileOf = (lon, lat) => this.map.project(L.latLng(lat, lon), z).divideBy(geoevents.tileSize).floor();
      const [first, last] = [tileOf(west, north), tileOf(east, south)];
      const tiles = [];
      for (let x = first.x; x <= last.x; x++) for (let y = first.y; y <= last.y; y++) tiles.push(this.tileAt(z, x, y).loading);
      const isCounted = ({ properties: { anchor, event_type: code } }) =>
        anchor && this.on.has(code) && anchor[0] >= west && anchor[0] <= east && anchor[1] >= south && anchor[1] <= north;
      return (await Promise.all(tiles)).flatMap(({ features }) => features.filter(isCounted));
    }

    open(feature, at, back) {
      this.back = back;
      this.popup(geoevents.popupOf(feature, back), at, feature);
    }

    popup(content, at, feature) {
      const narrow = this.map.getSize().x < 500;
      const popup = L.popup({ maxWidth: narrow ? 300 : 340, minWidth: 220, maxHeight: Math.max(180, this.map.getSize().y - 110), closeButton: false, offset: [0, -9], ...geoevents.roomForPopup(this.map) });
      const close = geoevents.element("button", { type: "button", class: "popup-close", "aria-label": geoevents.t("close") }, [geoevents.svg("svg", { viewBox: "0 0 12 12", width: 12, height: 12, "aria-hidden": "true" }, [geoevents.svg("path", { d: "M1 1L11 11M11 1L1 11", stroke: "currentColor", "stroke-width": 1.6 })])]);
      close.addEventListener("click", () => this.map.closePopup(popup));
      const frame = geoevents.element("div", { dir: geoevents.settings.dir, class: "popup-frame", tabindex: -1 }, [close, content]);
      // From one popup to the next, the symbol that was first stays where one goes back to.
      const from = (this.from = document.activeElement.closest(".popup-frame") ? this.from : document.activeElement);
      this.map.closePopup();
      popup.setLatLng(at).setContent(frame).openOn(this.map);
      // Who came by keyboard goes on inside the popup, and back to where they came from.
      if (from && this.map.getContainer().contains(from) && from !== this.map.getContainer()) {
        frame.focus({ preventScroll: true });
        const isLost = () => document.activeElement === document.body || frame.contains(document.activeElement);
        popup.once("remove", () => isLost() && from.focus({ preventScroll: true }));
      }
      if (feature) this.select(feature, at);
    }

    select(feature, at) {
      this.selection.id = feature.id;
      this.selection.drawn.clearLayers();
      this.selection.drawn.addLayer(geoevents.aboutOf(feature.properties, at));
      this.markSelected();
      this.redraw();
      this.map.fire("geoevents:selected", { id: feature.id });
    }

    deselect() {
      if (!this.selection.id) return;
      this.selection.id = null;
      this.selection.drawn.clearLayers();
      this.markSelected();
      this.map.fire("geoevents:selected", { id: null });
    }

    markSelected() {
      for (const marker of this.markers.values()) {
        const has = marker.item.features.some((feature) => feature.id === this.selection.id);
        if (marker.getElement()) marker.getElement().classList.toggle("selected", has);
      }
    }
  }

  function nameOf(counts, total) {
    const types = counts.map(([code, count]) => geoevents.t("type_count", { type: geoevents.typeOf(code).label, count }));
    return geoevents.t("cluster", { count: total, types: new Intl.ListFormat(geoevents.settings.numbers, { type: "unit" }).format(types) });
  }
})();
