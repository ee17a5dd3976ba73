/* Symbols: a type is a colour and a shape; several events are a ring divided by type, the count in the middle. */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const NS = "http://www.w3.org/2000/svg";
  const UNKNOWN = { colour: "#777777", path: "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0 -17 0Z", label: "" };

  geoevents.svg = function (tag, attributes, children) {
    const made = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    for (const child of children || []) made.append(child);
    return made;
  };
  const svg = geoevents.svg;

  /* A type's colour is chosen for a light ground; by night it is lightened until it stands out 3.5 to 1 on the dark. */
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  const DARK_GROUND = 0.021;
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  function inked(colour) {
    let rgb = [1, 3, 5].map((from) => parseInt(colour.slice(from, from + 2), 16));
    for (let i = 0; night.matches && i < 20 && (luminance(rgb) + 0.05) / (DARK_GROUND + 0.05) < 3.5; i++) {
      rgb = rgb.map((part) => Math.round(part + (255 - part) * 0.12));
    }
    return "#" + rgb.map((part) => part.toString(16).padStart(2, "0")).join("");
  }

  geoevents.typeOf = function (code) {
    const type = geoevents.types.get(code) || UNKNOWN;
    return { ...type, colour: inked(type.colour) };
  };
  night.addEventListener("change", () => geoevents.map && geoevents.map.geoeventsBoard.repaint());

  const HOLLOW = ["unverified", "disputed"];

  /* How an event's symbol differs from its type's: hollow, struck through, framed. */
  geoevents.styleOf = (properties) => ({
    isHollow: HOLLOW.includes(properties.verification),
    isStruck: properties.status === "retracted" || properties.verification === "debunked",
    isCondition: properties.kind === "condition",
  });

  /* The symbol of a type in a box of 24, drawn `size` pixels wide; the halo keeps it off the ground. */
  geoevents.symbol = function (code, style, size) {
    const type = geoevents.typeOf(code);
    const { isHollow, isStruck, isCondition } = style || {};
    const parts = [];
    if (isCondition) {
      parts.push(svg("rect", { class: "plate", x: -4, y: -4, width: 32, height: 32, rx: 5, stroke: type.colour }));
    }
    parts.push(svg("path", { class: "halo", d: type.path }));
    const paint = isHollow ? { class: "hollow", stroke: type.colour } : { fill: type.colour };
    parts.push(svg("path", { ...paint, d: type.path }));
    if (isStruck) {
      parts.push(svg("path", { class: "strike-halo", d: "M-1 25L25 -1" }), svg("path", { class: "strike", d: "M-1 25L25 -1" }));
    }
    const box = { viewBox: "-6 -6 36 36", width: size * 1.5, height: size * 1.5, "aria-hidden": "true", class: "event-symbol" };
    return svg("svg", box, parts);
  };

  /* Pixels from the middle of a cluster to its edge: the logarithm of what it counts, so that size is no argument. */
  geoevents.ringRadius = (count) => Math.min(30, 13 + 4.2 * Math.log10(count));

  /* `counts` is [[code, count]...] in the order of the types; thin parts are kept wide enough to be seen. */
  geoevents.ring = function (counts, total) {
    const radius = geoevents.ringRadius(total);
    const width = 5;
    const middle = radius + 2;
    const line = radius - width / 2;
    const least = Math.min(0.06, 0.5 / counts.length);
    const weights = counts.map(([, count]) => Math.max(least, count / total));
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    const parts = [svg("circle", { class: "ring-ground", cx: middle, cy: middle, r: radius + 1 })];
    let from = -Math.PI / 2;
    counts.forEach(([code], number) => {
      const to = from + (2 * Math.PI * weights[number]) / whole;
      parts.push(svg("path", { d: arc(middle, line, from, to, counts.length), stroke: geoevents.typeOf(code).colour, "stroke-width": width, fill: "none" }));
      from = to;
    });
    const text = svg("text", { x: middle, y: middle, class: total > 999 ? "ring-count long" : "ring-count" });
    text.textContent = total > 9999 ? geoevents.shortNumbers.format(total) : geoevents.numbers.format(total);
    parts.push(text);
    return svg("svg", { width: 2 * middle, height: 2 * middle, "aria-hidden": "true", class: "cluster-ring" }, parts);
  };

  function arc(middle, radius, from, to, parts) {
    const at = (angle) => (middle + radius * Math.cos(angle)).toFixed(2) + " " + (middle + radius * Math.sin(angle)).toFixed(2);
    if (parts === 1) {
      const half = from + Math.PI;
      return "M" + at(from) + "A" + radius + " " + radius + " 0 1 1 " + at(half) + "A" + radius + " " + radius + " 0 1 1 " + at(from);
    }
    const gap = 1 / radius;
    const big = to - from - gap > Math.PI ? 1 : 0;
    return "M" + at(from + gap / 2) + "A" + radius + " " + radius + " 0 " + big + " 1 " + at(Math.max(from + gap, to - gap / 2));
  }
})();
