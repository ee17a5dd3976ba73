/* What a symbol says when it is opened: what, when, where, who says so, how sure; every word of an event as text. */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const { element, isolate, t } = geoevents;

  function titleLine(properties) {
    const title = geoevents.title(properties);
    const { isStruck } = geoevents.styleOf(properties);
    return element("h3", { class: isStruck ? "popup-title struck" : "popup-title", lang: title.lang, dir: "auto", text: title.text });
  }

  function kindLine(feature) {
    const properties = feature.properties;
    const words = [geoevents.typeLabel(properties)];
    if (properties.kind === "condition") words.push(t("condition"));
    const symbol = geoevents.symbol(properties.event_type, geoevents.styleOf(properties), 14);
    return element("p", { class: "popup-kind" }, [symbol, element("span", { text: words.join(" · ") })]);
  }

  /* The name as it was reported, where the place's own name does not already say it. */
  function reportedLine({ place_name: name, place_label: label }) {
    if (!name || !label || label.toLowerCase().includes(name.toLowerCase())) return null;
    return element("p", { class: "popup-where", text: t("reported_as", { name: isolate(name) }) });
  }

  function aboutLine(properties) {
    const names = (properties.about || []).map(geoevents.aboutName).filter(Boolean);
    if (!names.length) return null;
    const most = 3;
    if (names.length > most) names.splice(most, names.length, "…");
    const places = new Intl.ListFormat(geoevents.settings.numbers, { type: "unit" }).format(names.map(isolate));
    return element("p", { class: "popup-about", text: t("speaks_of", { places }) });
  }

  function sourceItem(source) {
    const name = source.publisher || source.said_by || source.title || t("a_source");
    const isQuoted = source.publisher && source.said_by;
    const words = isQuoted ? t("said_by", { publisher: isolate(source.publisher), said_by: isolate(source.said_by) }) : name;
    // A sentence runs as the page does; a name as its own letters do.
    const dir = isQuoted ? null : "auto";
    const url = geoevents.safeUrl(source.url);
    const shown = url
      ? element("a", { href: url, rel: "noopener noreferrer external", target: "_blank", dir, text: words })
      : element("span", { dir, text: words });
    const day = source.published ? element("span", { class: "muted", text: " · " + geoevents.shortDay(source.published) }) : null;
    return element("li", {}, [shown, day]);
  }

  function sourceList(properties) {
    const sources = properties.sources || [];
    if (!sources.length) return element("p", { class: "popup-sources muted", text: t("no_source") });
    const shown = sources.slice(0, 3);
    const rest = (properties.source_count || sources.length) - shown.length;
    const items = shown.map(sourceItem);
    if (rest > 0) items.push(element("li", { class: "muted", text: t("more_sources", { count: rest }) }));
    return element("ul", { class: "popup-sources" }, items);
  }

  function certaintyLine(properties) {
    const line = element("p", { class: "popup-sure" }, [
      element("span", { class: "badge " + properties.verification, text: t(properties.verification) }),
    ]);
    if (properties.status === "retracted") {
      const reason = properties.status_reason;
      const words = reason ? t("retracted_because", { reason: isolate(reason) }) : t("retracted");
      line.append(element("span", { class: "badge retracted", text: words }));
    }
    return line;
  }

  /* Where a mistake is reported, with what it is in; the page of an event has the same link (web/links.py). */
  function mistakeLink({ id, properties: { version } }) {
    const { contact } = geoevents;
    if (!contact) return null;
    const address = location.origin + "/events/" + encodeURIComponent(id);
    const said = encodeURIComponent(t("mistake_in", { id, version: String(version) }));
    const href = contact.includes("://")
      ? contact + "?" + new URLSearchParams({ event: address, version })
      : "mailto:" + contact + "?subject=" + said + "&body=" + encodeURIComponent(address);
    return element("a", { href, rel: "noreferrer", text: t("report_mistake") });
  }

  function links(feature) {
    if (geoevents.isStatic) return null;
    const id = encodeURIComponent(feature.id);
    const isInternal = new URLSearchParams(location.search).get("view") === "internal";
    const lang = "?lang=" + encodeURIComponent(geoevents.settings.labels) + (isInternal ? "&view=internal" : "");
    return element("p", { class: "popup-links" }, [
      element("a", { href: "/events/" + id + lang, text: t("open_event") }),
      element("a", { href: "/events/" + id + ".geojson" + (isInternal ? "?view=internal" : ""), text: t("geojson") }),
      mistakeLink(feature),
    ]);
  }

  function backButton({ count, go }) {
    const button = element("button", { type: "button", class: "popup-back", text: t("back_to", { count }) });
    button.addEventListener("click", go);
    return button;
  }

  /* `back` leads to the list that the event was chosen from. */
  geoevents.popupOf = function (feature, back) {
    const properties = feature.properties;
    const warning = properties.content_warning;
    return element("article", { class: "event-popup", "data-event": feature.id }, [
      back ? backButton(back) : null,
      kindLine(feature),
      titleLine(properties),
      warning ? element("p", { class: "popup-warning", dir: "auto", text: warning }) : null,
      element("p", { class: "popup-when", text: geoevents.when(properties) }),
      element("p", { class: "popup-where", text: geoevents.where(feature) }),
      reportedLine(properties),
      aboutLine(properties),
      sourceList(properties),
      certaintyLine(properties),
      links(feature),
    ]);
  };

  /* How many of how many; the others are in the list of events, where there is one. */
  function newestOf(shown, count, extent) {
    const text = t("first_of", { shown, count });
    if (geoevents.isStatic) return element("p", { class: "muted", text });
    const question = geoevents.asReader(geoevents.map.geoeventsBoard.query);
    question.set("lang", geoevents.settings.labels);
    // A box has a width: where all stand in one place, that of what its digits leave out.
    const [west, south, east, north] = extent;
    question.set("bbox", [west, south, Math.max(east, west + 1e-6), Math.max(north, south + 1e-6)].map((each) => Number(each.toFixed(6))).join(","));
    return element("p", {}, [element("a", { href: "/events?" + question, text })]);
  }

  /* Several events at one place: a list to choose from. `matched` may be more than are known one by one. */
  geoevents.popupOfSeveral = function (features, matched, extent, choose) {
    const newestFirst = [...features].sort((a, b) => (a.properties.date_start < b.properties.date_start ? 1 : -1));
    const items = newestFirst.map((feature) => {
      const properties = feature.properties;
      const title = geoevents.title(properties);
      const button = element("button", { type: "button", class: "here-row" }, [
        geoevents.symbol(properties.event_type, geoevents.styleOf(properties), 14),
        element("span", { class: "here-when", text: geoevents.shortDay(properties.date_start) }),
        element("span", { class: "here-title", lang: title.lang, dir: "auto", text: title.text }),
      ]);
      button.addEventListener("click", () => choose(feature));
      return element("li", {}, [button]);
    });
    const buttons = items.map((item) => item.firstChild);
    const step = (event) => {
      const next = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const button = next && buttons[buttons.indexOf(document.activeElement) + next];
      if (!button) return;
      event.preventDefault();
      // The arrows are the list's here, not the map's.
      event.stopPropagation();
      button.focus();
    };
    const list = element("ul", {}, items);
    list.addEventListener("keydown", step);
    return element("div", { class: "here" }, [
      element("h3", { class: "popup-title", text: t("here", { count: matched }) }),
      matched > features.length ? newestOf(features.length, matched, extent) : null,
      list,
    ]);
  };
})();
