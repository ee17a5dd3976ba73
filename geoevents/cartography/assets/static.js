/* A static map's tiles: cut in the browser from the events that data.js hands over, since file:// cannot be asked. */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const SEEN = 14;
  let events = [];
  let timeline = null;

  /* data.js calls this with every event, newest first; those without a place on the map have no anchor. */
  window.geoeventsData = function (given, bars) {
    events = given.features.map((feature) => ({ feature, box: boxOf(feature) }));
    timeline = bars;
  };

  geoevents.timelineOfData = () => timeline;

  /* The events of the days that the page asks for: of its question, days are what is known here. */
  function found() {
    const [first, last = first] = (geoevents.question.now.get("datetime") || "").split("/");
    const from = first && first !== ".." ? first : "";
    const to = last && last !== ".." ? last : "9999";
    return events.filter(({ feature }) => {
      const { date_start: start, date_end: end, occurrence } = feature.properties;
      return start <= to && (end || (occurrence === "lasting" ? "9999" : start)) >= from;
    });
  }

  const worldX = (lon) => Math.min(Math.max((lon + 180) / 360, 0), 1 - 1e-15);
  function worldY(lat) {
    const sine = Math.sin((Math.max(-85.05, Math.min(85.05, lat)) * Math.PI) / 180);
    return Math.min(Math.max(0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI), 0), 1 - 1e-15);
  }

  function boxOf({ properties }) {
    if (!properties.anchor) return null;
    const [west, south, east, north] = properties.extent || [...properties.anchor, ...properties.anchor];
    return { x: worldX(properties.anchor[0]), y: worldY(properties.anchor[1]), west: worldX(west), east: worldX(east), north: worldY(north), south: worldY(south) };
  }

  /* As cartography/tiles.py, but features alone: the map itself draws together what would overlap. */
  geoevents.tileOfData = function (z, x, y) {
    const many = 2 ** z;
    const features = [];
    const unplaced = {};
    for (const { feature, box } of found()) {
      if (!box) {
        const { event_type: code } = feature.properties;
        unplaced[code] = (unplaced[code] || 0) + 1;
        continue;
      }
      const wide = box.east - box.west + (box.west > box.east ? 1 : 0);
      const shown = Math.max(wide, box.south - box.north) * many * geoevents.tileSize >= SEEN;
      const isHere = Math.floor(box.x * many) === x && Math.floor(box.y * many) === y;
      const begins = box.west * many < x + 1;
      const ends = box.east * many > x;
      const across = box.west > box.east ? begins || ends : begins && ends;
      const reaches = across && box.north * many < y + 1 && box.south * many > y;
      if (!isHere && !(shown && reaches)) continue;
      const properties = { ...feature.properties, shown, anchor: isHere ? feature.properties.anchor : null };
      features.push({ ...feature, properties });
    }
    return z === 0 ? { cells: [], features, unplaced } : { cells: [], features };
  };

  geoevents.pageOfData = function (from, count) {
    const to = from + count;
    const asked = found();
    const links = to < asked.length ? [{ rel: "next", href: "?after=" + to }] : [];
    const conditions = asked.filter(({ feature }) => feature.properties.kind === "condition").length;
    const numberMatchedByKind = { event: asked.length - conditions, condition: conditions };
    return { features: asked.slice(from, to).map(({ feature }) => feature), numberMatchedByKind, links };
  };
})();
