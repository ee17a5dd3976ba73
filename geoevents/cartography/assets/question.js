/* The question of the page: it stands in the address, and map, list, time and chips follow it without a new page. */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const followers = [];
  let known = [];
  let now = new URLSearchParams();

  const textOf = (query) => query.toString().replaceAll("%2F", "/").replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%3B", ";").replaceAll("%40", "@");

  geoevents.question = {
    /* `parameters`, in the order in which an address has them, are what may be asked. */
    begin(parameters) {
      known = parameters;
      now = geoevents.query(known);
      addEventListener("popstate", () => tell(geoevents.query(known)));
      return now;
    },
    get now() {
      return new URLSearchParams(now);
    },
    isKnown: (name) => known.includes(name),
    /* `listener` gets every further question. */
    follow: (listener) => followers.push(listener),
    /* The present question with one parameter changed; null leaves it out. */
    with(name, value) {
      const changed = new URLSearchParams(now);
      if (value === null) changed.delete(name);
      else changed.set(name, value);
      return changed;
    },
  };

  /* Ask something else: everybody follows, and the way back leads to what was asked before, unless `isSame` step. */
  geoevents.ask = function (query, isSame) {
    const asked = new URLSearchParams();
    for (const name of known) for (const value of query.getAll(name)) if (value.trim()) asked.append(name, value);
    if (asked.toString() === now.toString()) return;
    const text = new URLSearchParams(asked);
    const lang = new URLSearchParams(location.search).get("lang");
    if (lang) text.set("lang", lang);
    // What a saved map was saved with is no longer asked; an embedded one leaves the history to the page around it.
    const path = geoevents.isSaved() ? "/" : location.pathname;
    const address = path + (text.size ? "?" + textOf(text) : "") + location.hash;
    if (!document.body.classList.contains("embedded")) history[isSame ? "replaceState" : "pushState"](null, "", address);
    tell(asked);
  };

  function tell(query) {
    if (query.toString() === now.toString()) return;
    now = query;
    for (const listener of followers) listener(geoevents.question.now);
  }
})();
