/* The days that are asked for, chosen on the bars: two handles, the window between them, a bar, or step by step. */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const { element, svg, t } = geoevents;
  const { Bars, Chart, numberOf, isoOf } = geoevents.timelineParts;
  const byId = (id) => document.getElementById(id);
  const ASK_MS = 150;
  const PAUSE_MS = 1000;
  const STEP_MS = 800;
  const SLOWEST_STEP_MS = 5000;
  const PLAYED_BARS = 30;
  const MOVED = 4;
  const UNITS = { day: "a_bar_is_a_day", week: "a_bar_is_a_week", month: "a_bar_is_a_month", quarter: "a_bar_is_a_quarter", year: "a_bar_is_a_year" };
  const PLAY = "M3 1.5L11 6L3 10.5z";
  const STOP = "M2 2h8v8h-8z";

  /* datetime= as days, null where it is open. */
  function daysOf(query) {
    const [first, last] = (query.get("datetime") || "../..").split("/");
    const day = (text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? numberOf(text) : null);
    return { from: day(first), to: day(last === undefined ? first : last) };
  }

  function datetimeOf({ from, to }) {
    if (from === null && to === null) return null;
    if (from === to) return isoOf(from);
    return [from, to].map((day) => (day === null ? ".." : isoOf(day))).join("/");
  }

  class Timeline {
    constructor(map) {
      this.map = map;
      this.frame = byId("timeline");
      this.bars = new Bars({ unit: "day", starts: [] });
      this.days = { from: null, to: null };
      this.asked = { at: 0, step: null };
      this.build();
      this.listen();
    }

    build() {
      this.play = element("button", { type: "button", class: "timeline-play", id: "play" });
      this.caption = element("p", { class: "timeline-days", id: "days" });
      this.unit = element("span", { class: "timeline-unit" });
      this.all = element("button", { type: "button", class: "button quiet timeline-all", id: "all-days", text: t("all_days") });
      this.body = element("div", { class: "timeline-chart", dir: "ltr" });
      this.chart = new Chart(this.body);
      const shade = () => element("div", { class: "timeline-shade" });
      this.shades = [shade(), shade()];
      this.window = element("div", { class: "timeline-window" });
      const grip = () => element("span", { class: "timeline-grip" });
      const handle = (end) => element("div", { class: "timeline-handle " + end, role: "slider", tabindex: 0, "aria-label": end === "first" ? t("first_day") : t("last_day"), "aria-orientation": "horizontal", "aria-valuemin": 0 }, [grip()]);
      this.handles = { first: handle("first"), last: handle("last") };
      this.body.append(...this.shades, this.window, this.handles.first, this.handles.last);
      this.frame.replaceChildren(element("div", { class: "timeline-head" }, [this.play, this.caption, this.all, this.unit]), this.body);
      this.showPlaying();
    }

    listen() {
      this.all.addEventListener("click", () => {
        this.choose({ from: null, to: null }, {});
        this.handles.first.focus();
      });
      this.play.addEventListener("click", () => (this.playing ? this.stop() : this.start()));
      this.body.addEventListener("pointerdown", (event) => this.grab(event));
      this.body.addEventListener("pointermove", (event) => this.say(this.grabbed ? null : this.barAt(event)));
      this.body.addEventListener("pointerleave", () => this.say(null));
      for (const end of ["first", "last"]) this.handles[end].addEventListener("keydown", (event) => this.key(event, end));
      this.map.on("layeradd layerremove", ({ layer }) => layer.options && layer.options.code && this.draw());
      window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
      new ResizeObserver(() => this.draw()).observe(this.body);
      document.addEventListener("visibilitychange", () => document.hidden && this.stop());
    }

    /* Follow a question; its bars are fetched when anything but its days has changed. */
    async ask(query) {
      this.days = daysOf(query);
      if (datetimeOf(this.days) !== this.asked.text) this.stop();
      query.delete("datetime");
      const question = query.toString();
      if (question === this.question) return this.show();
      this.question = question;
      return this.load();
    }

    async load() {
      const { question } = this;
      try {
        const answer = geoevents.isStatic ? geoevents.timelineOfData() : await this.fetch(question);
        if (question === this.question) this.take(answer);
      } catch (error) {
        geoevents.trouble(error);
      }
    }

    async fetch(question) {
      const answer = await fetch("/timeline.json" + (question ? "?" + question : ""), { headers: { Accept: "application/json" } });
      if (answer.ok) return answer.json();
      const problem = await answer.json().catch(() => ({}));
      throw Object.assign(new Error(problem.detail || problem.title || ""), { status: answer.status });
    }

    take(answer) {
      this.bars = new Bars(answer);
      const isEmpty = !this.bars.length;
      // Where a question finds nothing, the map stands as it does without one.
      this.frame.classList.toggle("empty", isEmpty);
      document.body.classList.toggle("timeless", isEmpty && !this.question);
      this.map.invalidateSize({ animate: false });
      if (isEmpty) this.caption.textContent = t("no_match");
      this.frame.dataset.ready = "true";
      this.play.hidden = this.bars.length < 2;
      this.unit.textContent = isEmpty ? "" : t(UNITS[this.bars.unit]);
      if (isEmpty) this.show();
      else this.draw();
    }

    get codes() {
      const { on } = this.map.geoeventsBoard;
      return this.bars.codes.filter((code) => on.has(code) || !geoevents.types.has(code));
    }

    draw() {
      if (!this.bars.length || !this.body.clientWidth) return;
      this.chart.draw(this.bars, this.codes);
      this.show();
    }

    /* First and last edge of the window, in bars. */
    get edges() {
      const { from, to } = this.days;
      return [from === null ? 0 : this.bars.place(from), to === null ? this.bars.length : this.bars.place(to + 1)];
    }

    get isChosen() {
      return this.days.from !== null || this.days.to !== null;
    }

    show() {
      this.frame.classList.toggle("chosen", this.isChosen);
      this.all.hidden = !this.isChosen;
      if (!this.bars.length) return;
      const [first, last] = this.edges;
      const [left, right] = [this.chart.x(first), this.chart.x(last)].sort((a, b) => a - b);
      const stand = (part, from, to) => {
        part.style.left = from + "px";
        part.style.width = Math.max(0, to - from) + "px";
      };
      stand(this.shades[0], 0, left);
      stand(this.shades[1], right, this.chart.width);
      stand(this.window, left, right);
      this.handles.first.style.left = this.chart.x(first) + "px";
      this.handles.last.style.left = this.chart.x(last) + "px";
      const { from, to } = this.days;
      const say = (end, place, words) => {
        const handle = this.handles[end];
        handle.setAttribute("aria-valuemax", this.bars.length);
        handle.setAttribute("aria-valuenow", Math.round(place));
        handle.setAttribute("aria-valuetext", words);
      };
      say("first", first, from === null ? t("from_beginning", { day: geoevents.day(isoOf(this.bars.first)) }) : geoevents.day(isoOf(from)));
      say("last", last, to === null ? t("to_end", { day: geoevents.day(isoOf(this.bars.last)) }) : geoevents.day(isoOf(to)));
      this.say(null);
    }

    /* The days chosen, or the bar that is pointed at and what it counts. */
    say(bar) {
      if (!this.bars.length) return;
      const { from, to } = this.days;
      if (bar === null && from !== null && to !== null) {
        const [first, last] = this.edges;
        if (Number.isInteger(first) && last === first + 1) bar = first;
      }
      if (bar !== null) {
        this.caption.textContent = t("bar_says", { days: this.bars.nameOf(bar), counts: this.countsOf(bar) });
      } else if (this.isChosen) {
        this.caption.textContent = geoevents.wordsOfDays(from, to);
      } else {
        this.caption.textContent = geoevents.wordsOfDays(this.bars.first, this.bars.last);
      }
    }

    countsOf(bar) {
      const { codes } = this;
      const [sure, possible, holding] = ["once", "possibly", "lasting"].map((name) => this.bars.count(name, bar, codes));
      const said = [
        sure || !(possible || holding) ? possible ? t("bar_surely", { count: sure }) : t("events", { count: sure }) : null,
        possible ? t("bar_possibly", { count: possible }) : null,
        holding ? t("bar_holding", { count: holding }) : null,
      ];
      return said.filter(Boolean).join(" · ");
    }

    barAt(event) {
      const bar = Math.floor(this.chart.placeAt(event.clientX));
      return bar >= 0 && bar < this.bars.length ? bar : null;
    }

    /* Ask for other days. All that belongs to one `step`, such as a drag, is one step back. */
    choose(days, step) {
      this.days = days;
      this.show();
      clearTimeout(this.waiting);
      const wait = this.asked.step === step ? ASK_MS - (performance.now() - this.asked.at) : 0;
      const ask = () => {
        const isSame = this.asked.step === step;
        this.asked = { at: performance.now(), step, text: datetimeOf(days) };
        geoevents.ask(geoevents.question.with("datetime", this.asked.text), isSame);
      };
      if (wait > 0) this.waiting = setTimeout(ask, wait);
      else ask();
    }

    /* From one edge to another; with `isOpen` what reaches an end of the bars is not bounded there. */
    between(first, last, isOpen) {
      const { edges, length } = this.bars;
      return { from: isOpen && first <= 0 ? null : edges[first], to: isOpen && last >= length ? null : edges[last] - 1 };
    }

    /* One edge elsewhere, at least a bar away from the other, which stays what it is. */
    moved(end, place) {
      const [first, last] = this.edges;
      if (end === "first") {
        const edge = Math.max(0, Math.min(place, Math.ceil(last) - 1));
        return { from: this.between(edge, edge + 1, true).from, to: this.days.to };
      }
      const edge = Math.min(this.bars.length, Math.max(place, Math.floor(first) + 1));
      return { from: this.days.from, to: this.between(edge - 1, edge, true).to };
    }

    /* The window as a whole by some bars, as wide as it is. */
    shifted(bars, [first, last] = this.edges) {
      const wide = Math.max(1, Math.round(last - first));
      const edge = Math.max(0, Math.min(Math.round(first) + bars, this.bars.length - wide));
      return this.between(edge, edge + wide, false);
    }

    key(event, end) {
      if (event.key === " ") {
        event.preventDefault();
        return this.play.click();
      }
      const sideways = geoevents.settings.dir === "rtl" ? -1 : 1;
      const many = Math.max(2, Math.round(this.bars.length / 10));
      const by = { ArrowRight: sideways, ArrowLeft: -sideways, ArrowUp: 1, ArrowDown: -1, PageUp: many, PageDown: -many, Home: -Infinity, End: Infinity }[event.key];
      if (by === undefined || event.altKey || event.ctrlKey || event.metaKey || !this.bars.length) return undefined;
      event.preventDefault();
      this.stop();
      const place = this.edges[end === "first" ? 0 : 1];
      const snapped = by > 0 ? Math.floor(place) : Math.ceil(place);
      const now = performance.now();
      if (!this.keys || now - this.keys.at > PAUSE_MS) this.keys = {};
      this.keys.at = now;
      const steps = Math.max(-this.bars.length, Math.min(by, this.bars.length));
      return this.choose(event.shiftKey && this.isChosen ? this.shifted(steps) : this.moved(end, snapped + steps), this.keys);
    }

    grab(event) {
      if (!this.bars.length || event.button > 0 || this.grabbed) return;
      this.stop();
      const end = ["first", "last"].find((each) => this.handles[each].contains(event.target));
      const place = this.chart.placeAt(event.clientX);
      const edges = this.edges;
      const isInside = this.isChosen && place >= edges[0] && place <= edges[1];
      const drag = { x: event.clientX, place, edges, how: end || (isInside ? "window" : "stretch"), hasMoved: false };
      this.grabbed = drag;
      this.body.setPointerCapture(event.pointerId);
      if (!end) event.preventDefault();
      const move = (moved) => moved.pointerId === event.pointerId && this.drag(drag, moved.clientX);
      const drop = (dropped) => {
        if (dropped.pointerId !== event.pointerId) return;
        for (const name of ["pointerup", "pointercancel"]) this.body.removeEventListener(name, drop);
        this.body.removeEventListener("pointermove", move);
        this.grabbed = null;
        const bar = this.barAt(dropped);
        if (dropped.type === "pointerup" && !drag.hasMoved && !end && bar !== null) this.choose(this.bars.daysOf(bar), drag);
      };
      this.body.addEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) this.body.addEventListener(name, drop);
    }

    drag(drag, x) {
      if (!drag.hasMoved && Math.abs(x - drag.x) < MOVED) return;
      drag.hasMoved = true;
      const place = this.chart.placeAt(x);
      const by = place - drag.place;
      let days;
      if (drag.how === "window") days = this.shifted(Math.round(by), drag.edges);
      else if (drag.how === "first") days = this.moved("first", Math.round(drag.edges[0] + by));
      else if (drag.how === "last") days = this.moved("last", Math.round(drag.edges[1] + by));
      else {
        const [first, last] = [place, drag.place].sort((a, b) => a - b).map((each) => Math.max(0, Math.min(each, this.bars.length)));
        days = this.between(Math.min(Math.floor(first), this.bars.length - 1), Math.max(1, Math.ceil(last)), false);
      }
      if (datetimeOf(days) !== datetimeOf(this.days)) this.choose(days, drag);
    }

    /* Step the window to the end; from the beginning where it stands at the end, or nothing is chosen. */
    async start() {
      const played = (this.playing = {});
      this.showPlaying();
      const [first, last] = this.edges;
      const wide = this.isChosen && last - first < this.bars.length ? Math.max(1, Math.round(last - first)) : Math.ceil(this.bars.length / PLAYED_BARS);
      let edge = this.isChosen && last < this.bars.length ? Math.round(first) + 1 : 0;
      for (; edge + wide <= this.bars.length && this.playing === played; edge++) {
        const drawn = this.nextDrawn();
        this.choose(this.between(edge, edge + wide, false), played);
        await Promise.all([drawn, new Promise((done) => setTimeout(done, STEP_MS))]);
      }
      if (this.playing === played) this.stop();
    }

    nextDrawn() {
      return new Promise((done) => {
        this.map.once("geoevents:drawn", done);
        setTimeout(done, SLOWEST_STEP_MS);
      });
    }

    stop() {
      if (!this.playing) return;
      this.playing = null;
      this.showPlaying();
    }

    showPlaying() {
      const label = this.playing ? t("stop") : t("play");
      this.frame.classList.toggle("playing", Boolean(this.playing));
      this.play.setAttribute("aria-label", label);
      this.play.title = label;
      this.play.replaceChildren(svg("svg", { viewBox: "0 0 12 12", width: 12, height: 12, "aria-hidden": "true" }, [svg("path", { d: this.playing ? STOP : PLAY, fill: "currentColor" })]));
    }
  }
  geoevents.Timeline = Timeline;
})();
