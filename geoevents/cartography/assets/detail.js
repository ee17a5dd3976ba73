/* The ground that a team has put over the base map: tiles of a server or of a file of its own (cartography/grounds.py).
 *
 * The base map lies under it, and is what is seen where tiles do not come. Names of the base map stand where the tiles,
 * which bring their own, do not. A reader may switch it off: in this browser it stays so.
 */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const { element, isolate, t } = geoevents;
  const KEPT_AS = "geoevents.ground";
  const PATIENCE_MS = 8000;
  const AGAIN_MS = 30000;

  /* In a frame of another site, or where a reader wants it so, nothing is kept. */
  function remembered(value) {
    try {
      if (value !== undefined) localStorage.setItem(KEPT_AS, value);
      return localStorage.getItem(KEPT_AS);
    } catch {
      return null;
    }
  }

  const Detail = L.Layer.extend({
    initialize(options) {
      this.options = options;
      this.isOn = remembered() !== "off";
      this.isFailing = false;
      this.bounds = options.bounds && L.latLngBounds([options.bounds[1], options.bounds[0]], [options.bounds[3], options.bounds[2]]);
    },

    onAdd(map) {
      this.map = map;
      const pane = map.createPane("detail");
      pane.classList.toggle("vector", this.options.isVector);
      this.dark = window.matchMedia("(prefers-color-scheme: dark)");
      this.dark.addEventListener("change", () => this.layer && this.options.isVector && this.show());
      // Where there are no tiles yet, asking again helps as soon as there is a line.
      window.addEventListener("online", () => this.layer && this.layer.redraw());
      this.note = geoevents.noteOn(map, "ground-note");
      map.on("zoomend", () => this.tell());
      this.show();
    },

    /* Draw it, or take it away: as the switch says. */
    show() {
      if (this.layer) this.layer.remove();
      this.layer = null;
      this.isFailing = false;
      if (this.isOn) this.layer = this.watched(this.options.isVector ? this.vector() : this.pictures()).addTo(this.map);
      this.tell();
    },

    switch(isOn) {
      this.isOn = isOn;
      remembered(isOn ? "on" : "off");
      if (this.map) this.show();
    },

    common() {
      const { firstZoom } = this.options;
      // Beyond their last zoom tiles are drawn larger, so the map's own last zoom holds.
      return { pane: "detail", minZoom: firstZoom, maxZoom: geoevents.lastZoom, noWrap: true, updateWhenZooming: false, keepBuffer: 1, ...(this.bounds ? { bounds: this.bounds } : {}) };
    },

    pictures() {
      // The host learns which site asks, as hosts of tiles want it, and never which page.
      return L.tileLayer(this.options.url, { ...this.common(), maxNativeZoom: this.options.lastZoom, referrerPolicy: "origin" });
    },

    vector() {
      const { url, lastZoom } = this.options;
      const address = url.startsWith("/") ? location.origin + url : url;
      const flavor = this.dark.matches ? "dark" : "light";
      const layer = protomapsL.leafletLayer({ ...this.common(), url: address, maxDataZoom: lastZoom, flavor, lang: geoevents.settings.labels, attribution: "" });
      // It has no background of its own: what it does not draw, such as the land far off, is the base map's.
      layer.backgroundColor = undefined;
      // It draws an empty tile where none came, and tells the console only.
      const [{ tileCache }] = layer.views.values();
      const get = tileCache.source.get.bind(tileCache.source);
      tileCache.source.get = (...asked) => {
        layer.fire("asks");
        const coming = get(...asked);
        coming.then(() => layer.fire("comes"), (error) => error.name !== "AbortError" && layer.fire("misses"));
        return coming;
      };
      return layer;
    },

    /* Whether tiles come: one that does says yes; of a whole view none, or none for long, says no. */
    watched(layer) {
      let [asked, came, missed] = [0, 0, 0];
      let waiting = null;
      const judge = (isFailing) => {
        if (layer !== this.layer || isFailing === this.isFailing) return;
        this.isFailing = isFailing;
        this.tell();
      };
      const again = () => layer === this.layer && this.isFailing && document.visibilityState === "visible" && layer.redraw();
      layer.on("loading", () => {
        [asked, came, missed] = [0, 0, 0];
        clearTimeout(waiting);
        waiting = setTimeout(() => asked && !came && judge(true), PATIENCE_MS);
      });
      const [asks, comes, misses] = this.options.isVector ? ["asks", "comes", "misses"] : ["tileloadstart", "tileload", "tileerror"];
      layer.on(asks, () => (asked += 1));
      layer.on(misses, () => (missed += 1));
      layer.on(comes, () => {
        came += 1;
        judge(false);
      });
      layer.on("load", () => {
        clearTimeout(waiting);
        if (!missed || came) return;
        judge(true);
        setTimeout(again, AGAIN_MS);
      });
      layer.on("remove", () => clearTimeout(waiting));
      return layer;
    },

    /* Whether it is seen here, and the base map is not. */
    covers(at) {
      return Boolean(this.map) && this.isOn && !this.isFailing && this.map.getZoom() >= this.options.firstZoom && (!this.bounds || this.bounds.contains(at));
    },

    /* Of the whole view. */
    coversAll() {
      const view = this.map && this.map.getBounds();
      return Boolean(view) && this.covers(view.getCenter()) && (!this.bounds || this.bounds.contains(view));
    },

    /* Whose it is: words, which an address at their end makes a link of. */
    credit() {
      if (!this.map || !this.isOn || this.map.getZoom() < this.options.firstZoom) return null;
      const [, words, address] = /^(.*?)\s*(https?:\/\/\S+)?$/.exec(this.options.attribution);
      const href = address && geoevents.safeUrl(address);
      const said = words || address;
      return href ? element("a", { href, rel: "noopener noreferrer external", target: "_blank", dir: "auto", text: said }) : element("span", { dir: "auto", text: said });
    },

    tell() {
      geoevents.groundLayer.credit();
      this.note.say(this.isOn && this.isFailing ? t(this.options.host ? "ground_away" : "own_ground_away", { host: isolate(this.options.host) }) : "");
      this.map.fire("geoevents:ground");
    },

    /* The switch, for the foot of the legend. */
    control() {
      const box = element("input", { type: "checkbox" });
      box.checked = this.isOn;
      box.addEventListener("change", () => this.switch(box.checked));
      const { host } = this.options;
      const words = element("span", {}, [
        element("span", { text: t("detailed_ground") }),
        host ? element("span", { class: "legend-hint", text: t("ground_tells", { host: isolate(host) }) }) : null,
      ]);
      return element("label", { class: "legend-ground" }, [box, words]);
    },
  });

  geoevents.detailedGround = (options) => (geoevents.detail = new Detail(options));
})();
