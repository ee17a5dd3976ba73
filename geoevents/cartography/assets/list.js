/* The list beside the map: the same events in the same order as on /events, a page at a time. */
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

  class EventList {
    constructor(map, query) {
      this.map = map;
      this.query = query;
      this.rows = new Map();
      this.after = null;
      byId("show-more").addEventListener("click", () => this.more(false));
      map.on("geoevents:selected", ({ id }) => this.mark(id));
    }

    /* The next page of the list; the first one also says how many events there are in all. */
    async more(isAnew) {
      const button = byId("show-more");
      const turn = (this.turn = {});
      button.disabled = true;
      try {
        const page = geoevents.isStatic ? await geoevents.pageOfData(isAnew ? 0 : this.rows.size, PAGE) : await this.fetch(PAGE, isAnew ? null : this.after);
        // Meanwhile something else was asked for.
        if (turn !== this.turn) return;
        if (isAnew) this.clear();
        this.take(page);
      } catch (error) {
        if (turn !== this.turn) return;
        geoevents.trouble(error);
      }
      button.disabled = false;
      button.hidden = !this.after;
    }

    clear() {
      byId("events").replaceChildren();
      this.rows.clear();
    }

    take(page) {
      this.after = cursorOf(page);
      this.matched = page.numberMatchedByKind;
      this.shares = page.numberMatchedByCertainty;
      this.told(page.asked || {});
      for (const feature of page.features) {
        geoevents.howDrawn(feature);
        this.add(feature);
      }
      this.say();
      byId("show-more").hidden = !this.after;
      byId("show-more").disabled = false;
    }

    async fetch(limit = PAGE, after = this.after) {
      const question = geoevents.asReader(this.query);
      question.set("sort", "-date");
      question.set("limit", String(limit));
      if (after) question.set("after", after);
      const answer = await fetch("/events.geojson?" + question, { headers: { Accept: "application/geo+json" } });
      if (answer.ok) return geoevents.relabel(await answer.json());
      const problem = await answer.json().catch(() => ({}));
      throw Object.assign(new Error(problem.detail || problem.title || ""), { status: answer.status });
    }

    /* The list of another question; its rows take the place of what stands once they are here. */
    async ask(query) {
      this.query = query;
      await this.more(true);
    }

    /* As many as were there, as they are now, all in one moment: where the reader stood stays where it is. */
    async refresh() {
      const turn = (this.turn = {});
      const page = await this.fetch(Math.min(MOST_AGAIN, Math.max(PAGE, this.rows.size)), null);
      if (turn !== this.turn) return;
      const focused = [...this.rows].find(([, row]) => row === document.activeElement);
      const chosen = [...this.rows].find(([, row]) => row.hasAttribute("aria-current"));
      const scroller = byId("panel-body");
      const top = scroller.scrollTop;
      this.clear();
      this.take(page);
      if (chosen && this.rows.has(chosen[0])) this.rows.get(chosen[0]).setAttribute("aria-current", "true");
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
      const text = [
        event || !condition ? t("events", { count: event }) : null,
        condition ? t("conditions", { count: condition }) : null,
      ].filter(Boolean).join(" · ");
      const all = document.querySelector(".panel-foot [data-carry], .panel-foot a");
      byId("matched").replaceChildren(all ? element("a", { href: all.getAttribute("href"), text }) : text, ...this.shareLinks());
      // The address asks for these, whatever the legend hides and wherever the map stands.
      if (byId("download")) byId("download").textContent = t("download_all", { events: text });
      const nothing = byId("nothing");
      nothing.hidden = event + condition > 0;
      nothing.textContent = this.query.toString() ? t("no_match") : t("nothing");
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
      const { isStruck } = geoevents.styleOf(properties);
      byId("events").append(element("li", { class: isStruck ? "retracted" : null }, [link]));
    }

    mark(id) {
      for (const [each, row] of this.rows) {
        if (each === id) row.setAttribute("aria-current", "true");
        else row.removeAttribute("aria-current");
      }
      const row = id && this.rows.get(id);
      if (row && window.matchMedia("(min-width: 56.25rem)").matches) row.scrollIntoView({ block: "nearest" });
    }
  }
  geoevents.EventList = EventList;

  /* An embedded map stands alone: its list is where its link leads. */
  const NO_LIST = { rows: new Map(), more: async () => {}, reload: async () => {}, refresh: async () => {} };
  geoevents.listFor = (map, query) => (byId("events") ? new EventList(map, query) : NO_LIST);
})();
