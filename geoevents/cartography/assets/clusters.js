/* What stands where: cells and events of the tiles in view become symbols that do not cover each other.
 *
 * An item is {x, y, counts, total, features, extent, key}: x, y in pixels of the world at the zoom, counts {code: n} of
 * the types switched on, features those of its events that are known one by one, extent [west, south, east, north],
 * cells the keys of the cells it was made of.
 */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const SYMBOL_RADIUS = 11;
  const MOST_STAMPS = 4000;

  /* The items of one tile, of the types that are on. */
  geoevents.itemsOf = function (tile, z, x, y, isOn, project) {
    const items = [];
    const size = geoevents.tileSize;
    for (const [cx, cy, byType, extent] of tile.cells) {
      const counts = {};
      let total = 0;
      let dx = 0;
      let dy = 0;
      for (const [code, [count, sumX, sumY]] of Object.entries(byType)) {
        if (!isOn(code)) continue;
        counts[code] = count;
        total += count;
        dx += sumX;
        dy += sumY;
      }
      if (!total) continue;
      const key = "cell:" + [z, x * 4 + cx, y * 4 + cy].join("/");
      items.push({ x: x * size + dx / total, y: y * size + dy / total, counts, total, features: [], extent, key, cells: [key] });
    }
    for (const feature of tile.features) {
      const { anchor, event_type: code } = feature.properties;
      if (!anchor || !isOn(code)) continue;
      const point = project(anchor);
      const extent = [anchor[0], anchor[1], anchor[0], anchor[1]];
      items.push({ x: point.x, y: point.y, counts: { [code]: 1 }, total: 1, features: [feature], extent, key: feature.id, cells: [] });
    }
    return items;
  };

  /* A number for all that can be seen of a feature: the same for the same, wherever it came from. */
  const stamps = new WeakMap();
  const numbers = new Map();
  let next = 0;
  geoevents.stampOf = function (feature) {
    if (!stamps.has(feature)) {
      const text = JSON.stringify([feature.id, feature.geometry, { ...feature.properties, anchor: null }]);
      if (numbers.size > MOST_STAMPS) numbers.clear();
      if (!numbers.has(text)) numbers.set(text, next++);
      stamps.set(feature, numbers.get(text));
    }
    return stamps.get(feature);
  };

  const radiusOf = (item) => (item.total === 1 ? SYMBOL_RADIUS : geoevents.ringRadius(item.total));

  /* Items that would cover each other become one, at the mean of what they count; the larger draws the smaller in. */
  geoevents.merged = function (items) {
    const reach = 64;
    const done = new Map();
    const near = (item) => {
      const found = [];
      const column = Math.floor(item.x / reach);
      const row = Math.floor(item.y / reach);
      for (let i = column - 1; i <= column + 1; i++) {
        for (let j = row - 1; j <= row + 1; j++) found.push(...(done.get(i + "/" + j) || []));
      }
      return found;
    };
    const placeOf = (item) => Math.floor(item.x / reach) + "/" + Math.floor(item.y / reach);
    const put = (item) => done.set(placeOf(item), [...(done.get(placeOf(item)) || []), item]);
    const take = (item) => done.set(placeOf(item), done.get(placeOf(item)).filter((each) => each !== item));

    const waiting = [...items].sort((a, b) => a.total - b.total || (a.key < b.key ? 1 : -1));
    while (waiting.length) {
      const item = waiting.pop();
      const covered = near(item).find((other) => overlap(item, other));
      if (!covered) {
        put(item);
        continue;
      }
      take(covered);
      waiting.push(together(covered, item));
    }
    return [...done.values()].flat();
  };

  /* Symbols may touch; they may not hide each other. */
  function overlap(a, b) {
    return Math.hypot(a.x - b.x, a.y - b.y) < (radiusOf(a) + radiusOf(b)) * 0.97;
  }

  function together(a, b) {
    const counts = { ...a.counts };
    for (const [code, count] of Object.entries(b.counts)) counts[code] = (counts[code] || 0) + count;
    const total = a.total + b.total;
    return {
      x: (a.x * a.total + b.x * b.total) / total,
      y: (a.y * a.total + b.y * b.total) / total,
      counts,
      total,
      features: [...a.features, ...b.features],
      extent: [
        Math.min(a.extent[0], b.extent[0]),
        Math.min(a.extent[1], b.extent[1]),
        Math.max(a.extent[2], b.extent[2]),
        Math.max(a.extent[3], b.extent[3]),
      ],
      key: a.key,
      cells: [...a.cells, ...b.cells],
    };
  }
})();
