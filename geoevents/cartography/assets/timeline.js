/* Events through time, as bars: what happened once stands on the line, what lasted hangs below it.
 *
 * Time runs as the reader reads. Positions are counted in bars from the first, so that a month of 28 days is as wide
 * as one of 31. What is uncertain is hatched, on top of what is sure.
 */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const { element, svg, t } = geoevents;
  const DAY = 86400000;
  const AXIS = 17;
  const TOP = 5;
  const HANGING = 0.16;
  /* How far beyond an end a label may reach. */
  const BESIDE = 32;
  const LABEL_ROOM = 84;
  /* How many bars there may be from one named bar to the next. */
  const STEPS = { day: [1, 2, 5, 7, 10, 14, 30, 60], week: [1, 2, 4, 8, 13, 26, 52], month: [1, 2, 3, 6, 12, 24, 60], quarter: [1, 2, 4, 8, 20, 40], year: [1, 2, 5, 10, 25, 50, 100, 200] };

  const numberOf = (iso) => Date.parse(iso + "T00:00:00Z") / DAY;
  const isoOf = (number) => new Date(number * DAY).toISOString().slice(0, 10);
  const formatted = (number, options) => new Intl.DateTimeFormat(geoevents.settings.dates, { ...options, timeZone: "UTC" }).format(new Date(number * DAY));
  const sum = (numbers) => numbers.reduce((all, each) => all + each, 0);
  const box = (x, y, width, height) => "M" + x + " " + y + "h" + width + "v" + height + "h" + -width + "z";

  /* The bars of one answer, with what is where. */
  class Bars {
    constructor(answer) {
      this.answer = answer;
      this.unit = answer.unit;
      this.edges = answer.starts.map(numberOf);
      this.length = this.edges.length;
      if (this.length) this.edges.push(numberOf(answer.last) + 1);
      this.first = this.edges[0];
      this.last = this.edges[this.length] - 1;
    }

    /* Where a day begins, in bars from the first. */
    place(day) {
      if (day <= this.first) return 0;
      if (day > this.last) return this.length;
      const bar = this.edges.findLastIndex((edge) => edge <= day);
      return bar + (day - this.edges[bar]) / (this.edges[bar + 1] - this.edges[bar]);
    }

    daysOf(bar) {
      return { from: this.edges[bar], to: this.edges[bar + 1] - 1 };
    }

    nameOf(bar) {
      const { from, to } = this.daysOf(bar);
      if (this.unit === "month") return formatted(from, { month: "long", year: "numeric" });
      if (this.unit === "year") return formatted(from, { year: "numeric" });
      return geoevents.wordsOfDays(from, to);
    }

    numbers(name, codes) {
      return codes.filter((code) => this.answer[name][code]).map((code) => [code, this.answer[name][code]]);
    }

    count(name, bar, codes) {
      return sum(this.numbers(name, codes).map(([, row]) => row[bar]));
    }

    get codes() {
      const { once, possibly, lasting } = this.answer;
      return [...new Set([...geoevents.types.keys(), ...Object.keys({ ...once, ...possibly, ...lasting })])];
    }
  }

  /* A stretch of days in words; null is open. */
  geoevents.wordsOfDays = function (from, to) {
    if (from === null) return t("days_until", { last: geoevents.day(isoOf(to)) });
    if (to === null) return t("days_since", { first: geoevents.day(isoOf(from)) });
    return geoevents.when({ date_start: isoOf(from), date_end: isoOf(to), occurrence: "lasting" });
  };

  class Chart {
    constructor(frame) {
      this.frame = frame;
      this.picture = svg("svg", { class: "timeline-bars", "aria-hidden": "true" });
      frame.append(this.picture);
    }

    /* Pixels from the left to a place in time. */
    x(place) {
      const along = (place / this.bars.length) * this.width;
      return geoevents.settings.dir === "rtl" ? this.width - along : along;
    }

    /* The place in time under a pixel, inside the chart or beyond its ends. */
    placeAt(clientX) {
      const along = clientX - this.frame.getBoundingClientRect().left;
      return ((geoevents.settings.dir === "rtl" ? this.width - along : along) / this.width) * this.bars.length;
    }

    draw(bars, codes) {
      this.bars = bars;
      this.width = this.frame.clientWidth;
      this.height = this.frame.clientHeight;
      const holding = bars.numbers("lasting", codes);
      this.deep = holding.length ? Math.max(6, Math.round((this.height - AXIS) * HANGING)) : 0;
      this.line = this.height - AXIS - (this.deep && this.deep + 4);
      this.picture.setAttribute("width", this.width);
      this.picture.setAttribute("height", this.height);
      this.picture.replaceChildren(svg("path", { class: "timeline-line", d: box(0, this.line, this.width, 1) }));
      this.standing(codes);
      this.hanging(holding);
      this.goingOn(codes);
      this.axis();
    }

    /* Left edge and width of a bar, whole pixels. */
    across(bar, gap) {
      const [left, right] = [this.x(bar), this.x(bar + 1)].sort((a, b) => a - b).map(Math.round);
      return [left, Math.max(1, right - left - (right - left > 3 ? gap : 0))];
    }

    standing(codes) {
      const layers = [
        ...this.bars.numbers("once", codes).map(([code, row]) => ({ code, row, isSure: true })),
        ...this.bars.numbers("spread", codes).map(([code, row]) => ({ code, row, isSure: false })),
      ];
      const totals = this.bars.edges.slice(0, -1).map((_, bar) => sum(layers.map(({ row }) => row[bar])));
      const most = Math.max(...totals);
      if (!most) return;
      const room = this.line - TOP;
      this.paint(layers, (bar, below) => {
        // What there is can be seen, however few.
        const stretched = Math.max(room / most, Math.min(room, 2) / totals[bar]);
        return this.line - Math.round(Math.min(below, totals[bar]) * stretched);
      });
      const label = svg("text", { class: "timeline-most", x: geoevents.settings.dir === "rtl" ? this.width + 4 : -4, y: TOP + 4 });
      label.textContent = geoevents.shortNumbers.format(Math.ceil(most));
      this.picture.prepend(svg("path", { class: "timeline-most-line", d: box(0, TOP, this.width, 1) }));
      this.picture.append(label);
    }

    hanging(holding) {
      const layers = holding.map(([code, row]) => ({ code, row, isSure: true }));
      const most = Math.max(0, ...this.bars.edges.slice(0, -1).map((_, bar) => sum(layers.map(({ row }) => row[bar]))));
      const one = Math.min(4, this.deep / most);
      this.paint(layers, (bar, above) => this.line + 3 + Math.round(above * one), true);
    }

    /* Layers of numbers on top of each other, a path each; `y` of a bar and what is counted so far. */
    paint(layers, y, isWhole) {
      const counted = new Array(this.bars.length).fill(0);
      for (const { code, row, isSure } of layers) {
        let path = "";
        row.forEach((number, bar) => {
          if (!number) return;
          const [one, other] = [y(bar, counted[bar]), y(bar, (counted[bar] += number))];
          const [left, width] = this.across(bar, isWhole ? 0 : 1);
          if (one !== other) path += box(left, Math.min(one, other), width, Math.abs(one - other));
        });
        const fill = isSure ? geoevents.typeOf(code).colour : "url(#" + this.hatch(code) + ")";
        this.picture.append(svg("path", { d: path, fill, "data-code": code, class: isSure ? "timeline-sure" : "timeline-unsure" }));
      }
    }

    hatch(code) {
      const id = "hatched-" + code.replace(/\W/g, "-");
      const { colour } = geoevents.typeOf(code);
      const pattern = svg("pattern", { id, width: 4, height: 4, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, [
        svg("rect", { width: 4, height: 4, fill: colour, "fill-opacity": 0.25 }),
        svg("rect", { width: 1.6, height: 4, fill: colour, "fill-opacity": 0.9 }),
      ]);
      this.picture.append(svg("defs", {}, [pattern]));
      return id;
    }

    /* Behind the last bar, that something holds which nobody has reported ended. */
    goingOn(codes) {
      if (!codes.some((code) => this.bars.answer.still[code])) return;
      const [from, to] = geoevents.settings.dir === "rtl" ? [-9, -14] : [this.width + 9, this.width + 14];
      const y = this.line + 3;
      this.picture.append(svg("path", { class: "timeline-still", d: "M" + from + " " + y + "L" + to + " " + (y + 4) + "L" + from + " " + (y + 8) + "z" }));
    }

    axis() {
      const { edges, unit, length } = this.bars;
      const wide = this.width / length;
      const step = STEPS[unit].find((each) => each * wide >= LABEL_ROOM) || length;
      let year = null;
      const taken = [];
      for (let bar = 0; bar < length; bar++) {
        if (this.numbered(bar) % step) continue;
        const day = edges[bar];
        const own = formatted(day, { year: "numeric" });
        const options = unit === "year" || (unit === "month" && step > 11) || (unit === "quarter" && step > 3) ? { year: "numeric" }
          : unit === "month" || unit === "quarter" ? { month: "short", year: "numeric" }
          : { day: "numeric", month: "short", ...(own === year ? {} : { year: "numeric" }) };
        const x = Math.round(this.x(wide < LABEL_ROOM / 4 ? bar : bar + 0.5));
        if (this.label(x, formatted(day, options), taken)) year = own;
      }
    }

    /* A name under a tick, moved in from the ends; not where it would run into one of those `taken`. */
    label(x, words, taken) {
      const label = svg("text", { class: "timeline-label", y: this.height - 4 });
      label.textContent = words;
      this.picture.append(label);
      const half = label.getComputedTextLength() / 2;
      const middle = Math.max(half - BESIDE, Math.min(x, this.width + BESIDE - half));
      const reach = [middle - half - 6, middle + half + 6];
      if (taken.some(([from, to]) => reach[0] < to && reach[1] > from)) {
        label.remove();
        return false;
      }
      taken.push(reach);
      label.setAttribute("x", middle);
      this.picture.append(svg("path", { class: "timeline-tick", d: box(x, this.height - AXIS, 1, 3) }));
      return true;
    }

    /* The number of a bar among those of its unit: a named month is a January before it is a February. */
    numbered(bar) {
      const { answer, unit } = this.bars;
      const [year, month] = answer.starts[bar].split("-").map(Number);
      return { day: bar, week: bar, month: 12 * year + month - 1, quarter: 4 * year + (month - 1) / 3, year }[unit];
    }
  }

  geoevents.timelineParts = { Bars, Chart, numberOf, isoOf };
})();
