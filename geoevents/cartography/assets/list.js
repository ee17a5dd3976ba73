/* The list beside the map: of the events that /events has, in its order, those that the map shows; a page at a time. */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const { element, t } = geoevents;
  const PAGE = 50;
  const MOST_AGAIN = 500;
  const byId = (id) => document.getElementById(id);

  /* The cursor of the page after this one, from its link (OGC API Features). */
  function cursorOf(page) {
    const next = (page.links || []).find((link) => link.rel === "next");
    return next ? new URL(next.href, location.href).searchParams.get("after") : null;
  }

  /* After the map has come to rest, and no sooner. */
  const REST_MS = 250;

  const counted = (event, condition) =>
    [event || !condition ? t("events", { count: event }) : null, condition ? t("conditions", { count: condition }) : null].filter(Boolean).join(" · ");

  class EventList {
    constructor(map, query) {
      this.map = map;
      this.query = query;
      this.rows = new Map();
      this.features = new Map();
      this.after = null;
      /* All that is asked for, counted; and the box in which the list is kept to what the map shows. */
      this.whole = null;
      this.box = null;
      this.reach = L.latLngBounds([]);
      this.unplaced = 0;
      byId("show-more").addEventListener("click", () => this.more(false));
      byId("follow").addEventListener("change", () => this.look());
      this.selected = null;
      map.on("geoevents:selected", ({ id }) => this.select(id));
      this.pointing = new geoevents.Pointing(map, this);
      geoevents.pointingRows(byId("events"), this.pointing);
    }

    /* From now on the list follows the map, wherever a reader moves it. */
    async follow() {
      let waiting = null;
      this.isFollowing = true;
      this.map.on("moveend resize", () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => this.look(), REST_MS);
      });
      // Who goes through the list moves the map by it, and shall not lose the list by that.
      for (const type of ["pointerdown", "wheel", "keydown"]) {
        this.map.getContainer().addEventListener(type, () => (this.isHeld = false), { capture: true, passive: true });
      }
      this.map.on("geoevents:went", () => (this.isHeld = false));
      await this.look();
    }

    hold() {
      this.isHeld = true;
    }

    /* The box of all that stands on the map, and how many stand nowhere. */
    reaches(box, unplaced) {
      this.reach = box;
      this.unplaced = unplaced;
      // Of a question that was just asked it may only now be known what stands where.
      if (this.isFollowing) this.look();
    }

    /* What the map shows, as in_view asks for it; null where that is all, or where the list shall have all. */
    view() {
      const bounds = this.map.getBounds();
      if (!byId("follow").checked || (geoevents.isStatic && !geoevents.canFollow()) || !this.reach.isValid() || bounds.contains(this.reach)) return null;
      const [west, east] = [bounds.getWest(), bounds.getEast()].map((lon) => Math.max(-180, Math.min(180, lon)));
      return [west, bounds.getSouth(), east, bounds.getNorth()].map((each) => each.toFixed(5)).join(",");
    }

    async look() {
      const box = this.view();
      if (this.isHeld || box === this.box) return;
      await this.more(true);
    }

    /* The next page of the list; the first one also says how many events there are in all. */
    async more(isAnew) {
      const button = byId("show-more");
      const turn = (this.turn = {});
      button.disabled = true;
      const box = isAnew && this.whole ? this.view() : this.box;
      try {
        const [page, whole] = await this.pages(PAGE, isAnew, box);
        // Meanwhile something else was asked for.
        if (turn !== this.turn) return;
        if (isAnew) {
          this.clear();
          this.box = box;
        }
        this.take(page, whole);
      } catch (error) {
        if (turn !== this.turn) return;
        geoevents.trouble(error);
      }
      button.disabled = false;
      button.hidden = !this.after;
    }

    /* A page, and the one that says how many there are in all: itself, one that is known, or one more. */
    async pages(limit, isAnew, box) {
      if (geoevents.isStatic) {
        const page = await geoevents.pageOfData(isAnew ? 0 : this.rows.size, limit, box);
        return [page, box ? this.whole : page];
      }
      const known = this.whole && this.whole.of === this.query ? this.whole : null;
      const after = isAnew ? null : this.after;
      const page = this.fetch(limit, after, box);
      const whole = !box && !after ? page : known || this.fetch(1, null, null);
      return Promise.all([page, whole]);
    }

    clear() {
      byId("events").replaceChildren();
      this.rows.clear();
      this.features.clear();
    }

    take(page, whole) {
      this.after = cursorOf(page);
      const { numberMatchedByKind: matched, numberMatchedByCertainty: shares, asked = {} } = whole;
      this.whole = { of: this.query, numberMatchedByKind: matched, numberMatchedByCertainty: shares, asked };
      Object.assign(this, { matched, shares, inView: page.numberMatchedByKind });
      this.told(asked);
      for (const feature of page.features) {
        geoevents.howDrawn(feature);
        this.add(feature);
      }
      this.say();
      this.mark();
      this.pointing.again();
      byId("show-more").hidden = !this.after;
      byId("show-more").disabled = false;
    }

    async fetch(limit, after, box) {
      const question = geoevents.asReader(this.query);
      question.set("sort", "-date");
      question.set("limit", String(limit));
      if (after) question.set("after", after);
      if (box) question.set("in_view", box);
      const answer = await fetch("/events.geojson?" + question, { headers: { Accept: "application/geo+json" } });
      if (answer.ok) return geoevents.relabel(await answer.json());
      const problem = await answer.json().catch(() => ({}));
      throw Object.assign(new Error(problem.detail || problem.title || ""), { status: answer.status });
    }

    /* The list of another question; its rows take the place of what stands once they are here. */
    async ask(query) {
      this.query = query;
      this.isHeld = false;
      await this.more(true);
    }

    /* As many as were there, as they are now, all in one moment: where the reader stood stays where it is. */
    async refresh() {
      const turn = (this.turn = {});
      this.whole = null;
      const [page, whole] = await this.pages(Math.min(MOST_AGAIN, Math.max(PAGE, this.rows.size)), true, this.box);
      if (turn !== this.turn) return;
      const focused = [...this.rows].find(([, row]) => row === document.activeElement);
      const scroller = byId("panel-body");
      const top = scroller.scrollTop;
      this.clear();
      this.take(page, whole);
      if (focused && this.rows.has(focused[0])) this.rows.get(focused[0]).focus({ preventScroll: true });
      scroller.scrollTop = top;
    }

    /* What the places of the question are called, and by which other names its words were looked for. */
    told({ near, area, also_searched: names }) {
      if (geoevents.isStatic) return;
      if (near) geoevents.near.call(this.query, near);
      geoevents.areaCalled = area;
      if (near || area) geoevents.fillForms(this.query);
      const also = byId("also-searched");
      if (!also) return;
      also.hidden = !names;
      also.textContent = names ? t("also_searched", { names }) : "";
    }

    sharesSaid() {
      if (!this.shares || this.query.get("certainty")) return "";
      const { surely, possibly } = this.shares;
      return " (" + [t("bar_surely", { count: surely }), t("bar_possibly", { count: possibly })].join(", ") + ")";
    }

    /* How many are surely meant and how many possibly, each a link to just these. */
    shareLinks() {
      if (!this.shares || geoevents.isStatic) return [];
      const chosen = this.query.get("certainty");
      return ["surely", "possibly"].filter((each) => !chosen || each === chosen).flatMap((each, number) => {
        const question = new URLSearchParams(this.query);
        question.set("certainty", each);
        const lang = geoevents.settings.labels;
        const link = element("a", { href: "/?" + question + "&lang=" + encodeURIComponent(lang), text: each === "surely" ? t("bar_surely", { count: this.shares.surely }) : t("bar_possibly", { count: this.shares.possibly }) });
        link.addEventListener("click", (event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          geoevents.ask(question);
        });
        return [number ? ", " : ": ", link];
      });
    }

    say() {
      const { event, condition } = this.matched;
      const text = counted(event, condition);
      const all = document.querySelector(".panel-foot [data-carry], .panel-foot a");
      byId("matched").replaceChildren(all ? element("a", { href: all.getAttribute("href"), text }) : text, ...this.shareLinks());
      // The address asks for these, whatever the legend hides and wherever the map stands.
      if (byId("download")) byId("download").textContent = t("download_all", { events: text + this.sharesSaid() });
      const nothing = byId("nothing");
      const isEmpty = event + condition === 0;
      nothing.hidden = this.rows.size > 0;
      nothing.textContent = isEmpty ? (this.query.toString() ? t("no_match") : t("nothing")) : t("none_in_view");
      this.sayInView();
    }

    /* How many of all the map shows; and those that it can never show, which are one step away. */
    sayInView() {
      byId("follow").closest("label").hidden = !this.reach.isValid() || (geoevents.isStatic && !geoevents.canFollow());
      const { event, condition } = this.inView;
      byId("in-view").textContent = this.box ? counted(event, condition) : "";
      const elsewhere = byId("elsewhere");
      elsewhere.hidden = !this.box || !this.unplaced;
      if (elsewhere.hidden) return;
      const text = t("unplaced", { count: this.unplaced });
      const question = geoevents.question.with("located", "no");
      const link = element("a", { href: "/?" + question + "&lang=" + encodeURIComponent(geoevents.settings.labels), text });
      link.addEventListener("click", (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        geoevents.ask(question);
      });
      elsewhere.replaceChildren(geoevents.isStatic ? text : link);
    }

    add(feature) {
      const properties = feature.properties;
      const title = geoevents.title(properties);
      const lang = encodeURIComponent(geoevents.settings.labels);
      const href = geoevents.isStatic ? "#event=" + encodeURIComponent(feature.id) : "/events/" + encodeURIComponent(feature.id) + "?lang=" + lang;
      const symbol = geoevents.symbol(properties.event_type, geoevents.styleOf(properties), 16);
      symbol.classList.add("symbol");
      const link = element("a", { class: "event-row", href }, [
        symbol,
        element("span", { class: "event-when", text: geoevents.when(properties) }),
        element("span", { class: "event-title", lang: title.lang, dir: "auto", text: title.text }),
        element("span", { class: "event-where", text: geoevents.where(feature) }),
        ...(feature.match === "possibly" ? [element("span", { class: "event-doubt", text: t("only_possibly") })] : []),
      ]);
      link.addEventListener("click", (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
        if (!geoevents.hasPlace(feature) && !geoevents.isStatic) return;
        event.preventDefault();
        geoevents.show(feature);
      });
      this.rows.set(feature.id, link);
      this.features.set(feature.id, feature);
      const { isStruck } = geoevents.styleOf(properties);
      byId("events").append(element("li", { class: isStruck ? "retracted" : null }, [link]));
    }

    select(id) {
      this.selected = id;
      this.mark();
      const row = id && this.rows.get(id);
      if (row && window.matchMedia("(min-width: 56.25rem)").matches) row.scrollIntoView({ block: "nearest" });
    }

    mark() {
      for (const [each, row] of this.rows) {
        if (each === this.selected) row.setAttribute("aria-current", "true");
        else row.removeAttribute("aria-current");
      }
    }
  }
  geoevents.EventList = EventList;

  /* An embedded map stands alone: its list is where its link leads. */
  const NO_LIST = { rows: new Map(), hold() {}, reaches() {}, async more() {}, async refresh() {}, async ask() {}, async follow() {} };
  geoevents.listFor = (map, query) => (byId("events") ? new EventList(map, query) : NO_LIST);
})();
