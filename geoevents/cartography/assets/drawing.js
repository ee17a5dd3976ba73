/* Shapes, drawn truthfully: circles of true size, hatched areas, dashed estimates, lines, and what an event is about. */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const { svg } = geoevents;
  const asLatLon = (position) => L.latLng(position[1], position[0]);

  /* A hatch of a type's colour, kept in the map's own SVG; conditions are hatched closer, for they hold everywhere. */
  function hatch(renderer, colour, isCondition) {
    const root = renderer._container;
    const id = "hatch-" + colour.slice(1) + (isCondition ? "-holds" : "");
    if (!root.querySelector("#" + id)) {
      const step = isCondition ? 8 : 12;
      const line = svg("path", { d: "M0 0V" + step, stroke: colour, "stroke-width": isCondition ? 2 : 1.6, "stroke-opacity": 0.6 });
      const ground = svg("rect", { width: step, height: step, fill: colour, "fill-opacity": 0.07 });
      const size = { id, width: step, height: step, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
      root.prepend(svg("defs", {}, [svg("pattern", size, [ground, line])]));
    }
    return "url(#" + id + ")";
  }

  /* The Leaflet layers of a feature's shape; none for a pin or what is too small to see. */
  geoevents.shapesOf = function (feature, renderer) {
    const { drawn, shown, event_type: code, radius_m: radius, kind, part, edge, estimated } = feature.properties;
    if (!shown || drawn === "pin") return [];
    const colour = geoevents.typeOf(code).colour;
    const line = { renderer, color: colour, weight: 1.6, opacity: 0.95, lineJoin: "round", className: "event-shape" };
    if (drawn === "circle") {
      return [L.circle(asLatLon(feature.geometry.coordinates), { ...line, className: "event-shape event-circle", radius, dashArray: "5 4", fillOpacity: 0.06 })];
    }
    if (drawn === "estimate") {
      return [L.circle(asLatLon(feature.geometry.coordinates), { ...line, className: "event-shape event-circle", radius, dashArray: "1.5 5.5", lineCap: "round", weight: 2.4, fillOpacity: 0.05 })];
    }
    /* Dotted, as the circle of an estimate: where it runs follows from a rule. */
    const dotted = estimated ? { dashArray: "1.5 5.5", lineCap: "round", weight: 2.4 } : {};
    if (drawn === "line") return [L.geoJSON(feature.geometry, { style: { ...line, weight: 4, opacity: 0.7, ...dotted, fill: false } })];
    if (drawn === "points") {
      const dot = (_, latlng) => L.circleMarker(latlng, { ...line, radius: 4, fillOpacity: 0.6 });
      return [L.geoJSON(feature.geometry, { pointToLayer: dot })];
    }
    const filled = { ...line, ...dotted, stroke: !part, fillColor: hatch(renderer, colour, kind === "condition"), fillOpacity: 1 };
    const area = L.geoJSON(feature.geometry, { style: filled });
    return edge ? [area, L.geoJSON(edge, { style: { ...line, ...dotted, fill: false } })] : [area];
  };

  /* How a stored event is drawn; tiles say so themselves (drawing.py), whose radii these are. */
  geoevents.howDrawn = function (feature) {
    const properties = feature.properties;
    const { geo_precision: precision, uncertainty_m: metres } = properties;
    if (properties.drawn || !feature.geometry || precision === "country" || precision === "unlocated") return;
    const type = feature.geometry.type.replace("Multi", "");
    const { near, estimated, worked_out: prefixes } = geoevents.settings.radii;
    if (feature.geometry.type !== "Point") {
      properties.drawn = { LineString: "line", Polygon: "area", Point: "points" }[type];
      const isStraight = feature.geometry.coordinates.length === 2 && (properties.place_id || "").startsWith("road:");
      properties.estimated = type === "LineString" ? isStraight : prefixes.some((each) => (properties.place_id || "").startsWith(each));
    }
    else if (precision === "near") Object.assign(properties, { drawn: "circle", radius_m: metres || near });
    else if (estimated[precision]) Object.assign(properties, { drawn: "estimate", radius_m: metres || estimated[precision] });
    else properties.drawn = "pin";
  };

  /* The box of all that is drawn of an event. */
  geoevents.boundsOf = function (feature) {
    const { radius_m: radius } = feature.properties;
    if (radius) return asLatLon(feature.geometry.coordinates).toBounds(2 * radius);
    return L.geoJSON(feature.geometry).getBounds();
  };

  /* The name alone: its governorate and country are what the map shows. */
  geoevents.aboutName = (about) => (about.label || about.place_label || "").split(/[,،]/)[0];

  /* The places a statement speaks of, faintly, tied to where it was made. */
  geoevents.aboutOf = function (properties, from) {
    const style = { color: geoevents.typeOf(properties.event_type).colour, weight: 1.4, opacity: 0.6, dashArray: "2 5", interactive: false };
    const group = L.layerGroup();
    for (const about of properties.about || []) {
      if (typeof about.lon !== "number" || typeof about.lat !== "number") continue;
      const to = asLatLon([about.lon, about.lat]);
      group.addLayer(L.polyline([from, to], { ...style, className: "about-line" }));
      const label = geoevents.aboutName(about);
      const dot = L.circleMarker(to, { ...style, radius: 5, interactive: Boolean(label), dashArray: null, fillOpacity: 0.15, className: "about-dot" });
      if (label) {
        const words = geoevents.element("span", { text: label, dir: "auto" });
        dot.bindTooltip(words, { permanent: true, direction: "top", offset: [0, -6], className: "about-label", pane: "labels" });
        dot.on("click", (event) => {
          L.DomEvent.stopPropagation(event);
          dot.toggleTooltip();
        });
      }
      group.addLayer(dot);
    }
    return group;
  };

  /* Of the names of these places, as many as have room; a tap on a dot shows its own, or hides it. */
  geoevents.fitNames = function (map, group) {
    const frame = map.getContainer().getBoundingClientRect();
    const taken = [...map.getContainer().querySelectorAll(".event-pin")].map((pin) => {
      const { left, right, top, bottom } = pin.getBoundingClientRect();
      return { left: left + 8, right: right - 8, top: top + 8, bottom: bottom - 8 };
    });
    group.eachLayer((dot) => {
      if (!dot.getTooltip()) return;
      dot.openTooltip();
      const box = dot.getTooltip().getElement().getBoundingClientRect();
      const isCut = box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom;
      const isCovered = taken.some((other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top);
      if (isCut || isCovered) dot.closeTooltip();
      else taken.push(box);
    });
  };
})();
