/* A published map's data, which comes as scripts that call a function: a page from disk can ask nobody for anything. */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const SEEN = 14;
  const [NONE, DIVIDED, WHOLE] = [0, 1, 2];
  const KEPT_TILES = 300;
  const GROUPED_GROUND = 4;

  let about = null;
  /* Tiles by key: what the tree says of them (static_data.py), and those that have come. */
  const states = new Map();
  const tiles = new Map();
  const pages = new Map();
  const coming = new Map();
  const groundGroups = new Set();

  window.geoeventsData = function (given) {
    about = given;
    readTree(given.tree);
    window.geoeventsTile("0/0/0", given.tile);
  };
  window.geoeventsTile = (key, { features, ...rest }) => tiles.set(key, { ...rest, features: featuresOf(features) });
  window.geoeventsPage = (number, rows) => pages.set(number, featuresOf(rows));

  /* Load a script of this publication, once; what it has to give it gives by its call. */
  function script(path) {
    if (!coming.has(path)) {
      coming.set(path, new Promise((done, failed) => {
        const element = geoevents.element("script", { src: path });
        const end = (then) => () => {
          element.remove();
          then(new Error(path));
        };
        element.onload = end(done);
        element.onerror = end((error) => {
          coming.delete(path);
          failed(error);
        });
        document.head.append(element);
      }));
    }
    return coming.get(path);
  }

  /* Columns to rows, as cartography/packing.py made columns of rows. */
  function unpacked({ count, columns }) {
    const rows = Array.from({ length: count }, () => ({}));
    for (const [name, column] of Object.entries(columns)) {
      const values = valuesOf(column, count);
      rows.forEach((row, place) => (row[name] = values[place]));
    }
    return rows;
  }

  function valuesOf({ all, of, at, counts, each }, count) {
    if (all) return all;
    if (of) return at ? at.map((place) => of[place]) : new Array(count).fill(of[0]);
    const flat = unpacked(each);
    let from = 0;
    return counts.map((many) => flat.slice(from, (from += many)));
  }

  const featuresOf = (rows) => unpacked(rows).map(({ id, geometry, ...properties }) => {
    const anchor = properties.anchor && { type: "Point", coordinates: properties.anchor };
    return { type: "Feature", id, geometry: geometry || anchor, properties };
  });

  function readTree(digits) {
    let level = [[0, 0, 0]];
    let at = 0;
    states.set("0/0/0", Number(digits[at++]));
    while (level.length) {
      const next = [];
      for (const [z, x, y] of level.filter((tile) => states.get(tile.join("/")) === DIVIDED)) {
        for (let part = 0; part < 4; part++) {
          const tile = [z + 1, 2 * x + (part & 1), 2 * y + (part >> 1)];
          states.set(tile.join("/"), Number(digits[at++]));
          next.push(tile);
        }
      }
      level = next;
    }
  }

  /* A tile, or the whole one that it is cut from; null where there is nothing. */
  async function holding(z, x, y) {
    for (let up = z; up >= 0; up--) {
      const key = [up, x >> (z - up), y >> (z - up)].join("/");
      const state = states.get(key);
      if (state === undefined) continue;
      if (state === NONE) return null;
      const path = "data/tiles/" + key + ".js";
      if (!tiles.has(key)) await script(path);
      const tile = tiles.get(key);
      // The one asked for last is the last to go.
      tiles.delete(key);
      tiles.set(key, tile);
      for (const old of [...tiles.keys()].slice(0, Math.max(0, tiles.size - KEPT_TILES))) {
        tiles.delete(old);
        coming.delete("data/tiles/" + old + ".js");
      }
      return { tile, isWhole: state === WHOLE };
    }
    return null;
  }

  /* Of many events no bars are shown: their tiles are counted beforehand, whatever days are asked for. */
  const NO_BARS = { unit: "day", first: null, last: null, starts: [], once: {}, possibly: {}, spread: {}, lasting: {}, still: {} };
  /* Of many events the list comes in pages as they were published, wherever they stand. */
  geoevents.canFollow = () => !about.listed;
  geoevents.timelineOfData = () => about.timeline || NO_BARS;

  /* Whether an event is of the days that the page asks for: of its question, days are what is known here. */
  function daysAsked() {
    if (!about.timeline) return () => true;
    const [first, last = first] = (geoevents.question.now.get("datetime") || "").split("/");
    const from = first && first !== ".." ? first : "";
    const to = last && last !== ".." ? last : "9999";
    return ({ properties: { date_start: start, date_end: end, occurrence } }) =>
      start <= to && (end || (occurrence === "lasting" ? "9999" : start)) >= from;
  }

  const worldX = (lon) => Math.min(Math.max((lon + 180) / 360, 0), 1 - 1e-15);
  function worldY(lat) {
    const sine = Math.sin((Math.max(-85.05, Math.min(85.05, lat)) * Math.PI) / 180);
    return Math.min(Math.max(0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI), 0), 1 - 1e-15);
  }

  /* Where a feature is, in the square world; null where it stands nowhere. */
  function boxOf({ properties: { anchor, extent } }) {
    if (!anchor && !extent) return null;
    const [west, south, east, north] = extent || [...anchor, ...anchor];
    return { x: anchor && worldX(anchor[0]), y: anchor && worldY(anchor[1]), west: worldX(west), east: worldX(east), north: worldY(north), south: worldY(south) };
  }

  /* Of whole features those of a tile; the map itself draws together what would overlap. */
  function cut(whole, z, x, y) {
    const many = 2 ** z;
    const features = [];
    const isAsked = daysAsked();
    whole.boxes ||= whole.features.map(boxOf);
    whole.features.forEach((feature, place) => {
      const box = whole.boxes[place];
      if (!box || !isAsked(feature)) return;
      const wide = box.east - box.west + (box.west > box.east ? 1 : 0);
      const shown = Math.max(wide, box.south - box.north) * many * geoevents.tileSize >= SEEN;
      const isHere = box.x !== null && Math.floor(box.x * many) === x && Math.floor(box.y * many) === y;
      const begins = box.west * many < x + 1;
      const ends = box.east * many > x;
      const across = box.west > box.east ? begins || ends : begins && ends;
      const reaches = across && box.north * many < y + 1 && box.south * many > y;
      if (!isHere && !(shown && reaches)) return;
      const properties = { ...feature.properties, shown, anchor: isHere ? feature.properties.anchor : null };
      features.push({ ...feature, properties });
    });
    return { cells: [], features };
  }

  function unplacedOf({ features }) {
    const unplaced = {};
    for (const { properties } of features.filter(daysAsked())) {
      if (!properties.anchor) unplaced[properties.event_type] = (unplaced[properties.event_type] || 0) + 1;
    }
    return unplaced;
  }

  geoevents.tileOfData = async function (z, x, y) {
    const found = await holding(z, x, y);
    if (!found) return { cells: [], features: [] };
    if (!found.isWhole) return found.tile;
    const tile = cut(found.tile, z, x, y);
    return z === 0 ? { ...tile, unplaced: unplacedOf(found.tile) } : tile;
  };

  /* Whether an event stands in a box of degrees; all do in none. */
  function standsIn(view) {
    if (!view) return () => true;
    const [west, south, east, north] = view.split(",").map(Number);
    const seen = { west: worldX(west), east: worldX(east), north: worldY(north), south: worldY(south) };
    return (feature) => {
      const box = boxOf(feature);
      if (!box || box.north > seen.south || box.south < seen.north) return false;
      return box.west > box.east ? box.west <= seen.east || box.east >= seen.west : box.west <= seen.east && box.east >= seen.west;
    };
  }

  /* The list, newest first: of few events all, of many as many as were published for it. */
  geoevents.pageOfData = async function (from, count, view) {
    const isMore = (to, all) => (to < all ? [{ rel: "next", href: "?after=" + to }] : []);
    if (!about.listed) {
      const features = tiles.get("0/0/0").features.filter(daysAsked()).filter(standsIn(view));
      const condition = features.filter(({ properties }) => properties.kind === "condition").length;
      const numberMatchedByKind = { event: features.length - condition, condition };
      return { features: features.slice(from, from + count), numberMatchedByKind, links: isMore(from + count, features.length) };
    }
    const size = about.listed_a_file;
    const to = Math.min(from + count, about.listed);
    const features = [];
    for (let number = Math.floor(from / size); number * size < to; number++) {
      if (!pages.has(number)) await script("data/list/" + number + ".js");
      const first = number * size;
      features.push(...pages.get(number).slice(Math.max(0, from - first), to - first));
    }
    return { features, numberMatchedByKind: about.matched, links: isMore(to, about.listed) };
  };

  /* The near ground comes once somebody looks there; where there is none, the far one serves. */
  geoevents.groundGroups = (names) => names.forEach((name) => groundGroups.add(name));
  geoevents.groundNear = function (z, x, y) {
    const name = z < GROUPED_GROUND ? "" : [x, y].map((each) => each >> (z - GROUPED_GROUND)).join("-");
    return groundGroups.has(name) ? script("data/ground/" + name + ".js").catch(() => {}) : Promise.resolve();
  };

  /* What is published here, as of when, and what is not on the map. */
  geoevents.sayPublication = function () {
    const { title, said } = about.said[geoevents.settings.labels] || Object.values(about.said)[0];
    const head = document.querySelector(".panel-head");
    if (title) {
      document.title = title;
      head.prepend(geoevents.element("h1", { class: "publication-title", dir: "auto", text: title }));
    }
    head.append(geoevents.element("p", { class: "publication-said" }, said.map((text) => geoevents.element("span", { dir: "auto", text }))));
    // Of many events the list here holds the newest; the whole one is a page of its own.
    const all = about.matched.event + about.matched.condition;
    if (about.listed && about.listed < all) {
      const text = geoevents.t("first_of", { shown: about.listed, count: all });
      document.querySelector(".panel-foot").append(geoevents.element("span", { class: "muted", text }));
    }
  };
})();
