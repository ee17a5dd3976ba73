/* The ground the other scripts stand on: the words of the language, numbers, days, the address, elements.
 *
 * Classic scripts without modules, so that a static map opens from file://. Each adds to the one global `geoevents`.
 * What an event says is only ever put into the page as text (textContent), never as markup.
 */
(function () {
  "use strict";

  const geoevents = (window.geoevents = { lastZoom: 16, tileSize: 256, cellSize: 64, types: new Map() });
  let settings = { lang: "en", labels: "en", dir: "ltr", dates: "en-GB", numbers: "en-GB", words: {} };
  /* Somebody's words inside our sentence: their direction stays their own. */
  const isolate = (geoevents.isolate = (text) => "\u2068" + text + "\u2069");

  /* words-LANG.js calls this with the sentences and the locale of numbers and days. */
  window.geoeventsWords = function (given) {
    settings = given;
    geoevents.settings = given;
    geoevents.plurals = new Intl.PluralRules(given.numbers);
    geoevents.numbers = new Intl.NumberFormat(given.numbers);
    geoevents.shortNumbers = new Intl.NumberFormat(given.numbers, { notation: "compact", maximumFractionDigits: 1 });
  };

  /* The sentence of a key, its {named} parts filled in once: a part that holds braces stays as it is. */
  geoevents.t = function (key, parts) {
    let sentence = settings.words[key];
    if (sentence && typeof sentence === "object") {
      sentence = sentence[geoevents.plurals.select(parts.count)] || sentence.other;
    }
    return String(sentence || key).replace(/\{(\w+)\}/g, (whole, name) => {
      if (!parts || parts[name] === undefined) return whole;
      return typeof parts[name] === "number" ? geoevents.numbers.format(parts[name]) : String(parts[name]);
    });
  };

  /* An element with attributes, properties (text, class) and children. Never markup. */
  geoevents.element = function (tag, attributes, children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "text") made.textContent = value;
      else if (name === "class") made.className = value;
      else made.setAttribute(name, value === true ? "" : value);
    }
    for (const child of children || []) if (child) made.append(child);
    return made;
  };

  /* Only addresses that a reader may be sent to; anything else is shown as words. */
  geoevents.safeUrl = function (text) {
    if (typeof text !== "string" || !/^https?:\/\//i.test(text)) return null;
    try {
      const url = new URL(text);
      return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
    } catch {
      return null;
    }
  };

  const dayOf = (iso) => new Date(iso + "T00:00:00Z");
  const format = (options) => new Intl.DateTimeFormat(settings.dates, { ...options, timeZone: "UTC" });

  geoevents.day = (iso) => format({ day: "numeric", month: "long", year: "numeric" }).format(dayOf(iso));
  geoevents.shortDay = (iso) => format({ day: "numeric", month: "short", year: "numeric" }).format(dayOf(iso));

  /* Day and month are not said twice: between 20 and 26 January 2022. */
  function firstOf(start, end) {
    if (start.slice(0, 7) === end.slice(0, 7)) return format({ day: "numeric" }).format(dayOf(start));
    if (start.slice(0, 4) === end.slice(0, 4)) return format({ day: "numeric", month: "long" }).format(dayOf(start));
    return geoevents.day(start);
  }

  geoevents.when = function (properties) {
    const { date_start: start, date_end: end, occurrence } = properties;
    if (occurrence === "lasting" && !end) return geoevents.t("since", { first: geoevents.day(start) });
    if (!end || end === start) return geoevents.day(start);
    const parts = { first: firstOf(start, end), last: geoevents.day(end) };
    return geoevents.t(occurrence === "lasting" ? "from_to" : "between", parts);
  };

  geoevents.placeName = (properties) =>
    properties.place_label || properties.place_name || properties.admin1 || properties.country_code;

  /* A question, with the language to name places in where it is not the one that labels are kept in. */
  geoevents.asReader = function (query) {
    const asked = new URLSearchParams(query);
    if (settings.labels !== "en") asked.set("lang", settings.labels);
    return asked;
  };

  /* An answer whose places are called what the reader calls them, where the server knew it. */
  geoevents.relabel = function (answer) {
    const known = new Map(Object.entries(answer.place_labels || {}));
    for (const { properties } of answer.features) {
      for (const each of [properties, ...(properties.about || [])]) {
        for (const key of ["place_label", "label"]) if (known.has(each[key])) each[key] = known.get(each[key]);
      }
    }
    return answer;
  };

  /* As finely as anybody knows it: 5,159 metres are 5.2 km. */
  function kilometres({ radius_m: radius, uncertainty_m: metres }) {
    return Math.round((radius || metres || 10000) / 100) / 10;
  }

  /* "5 km west of" a town is no name to put "near" or "somewhere in" before. */
  function saysWhere({ place_id: id }) {
    return geoevents.settings.radii.says_where.some((prefix) => (id || "").startsWith(prefix));
  }

  /* A place of which nothing is known but where it is, as typed or clicked: its coordinates. */
  function wherePointed({ properties, geometry }) {
    const { place_label: label, place_name: name, geo_precision: precision, sensitivity, drawn } = properties;
    if (label || name || !geometry || geometry.type !== "Point" || !["pin", "circle", "estimate"].includes(drawn)) return null;
    if (sensitivity === "grid" || sensitivity === "admin1") return null;
    const [lon, lat] = geometry.coordinates.map((each) => each.toFixed(4));
    const km = kilometres(properties);
    const own = { near: "near_point", neighbourhood: "neighbourhood_of_point", settlement: "settlement_of_point", site: "site" };
    const how = geoevents.t(own[precision] || "estimated", { km });
    return geoevents.t("place_and", { place: isolate(geoevents.t("coordinates", { lat, lon })), how });
  }

  /* Where, with how exactly it is known, in words. */
  geoevents.where = function (feature) {
    const { properties } = feature;
    const pointed = wherePointed(feature);
    if (pointed) return pointed;
    const name = geoevents.placeName(properties);
    const place = name ? isolate(name) : geoevents.t("no_name");
    if (properties.sensitivity === "grid" || properties.sensitivity === "admin1") {
      const words = geoevents.t("protected");
      return name ? geoevents.t("place_and", { place, how: words }) : words;
    }
    const precision = properties.geo_precision;
    const isEstimate = properties.drawn === "estimate" || properties.estimated;
    if (precision === "near") {
      const km = kilometres(properties);
      return saysWhere(properties) ? geoevents.t("place_and", { place, how: geoevents.t("within", { km }) }) : geoevents.t("near", { place, km });
    }
    if (["line", "district", "area", "province"].includes(precision)) {
      const within = saysWhere(properties) ? place : geoevents.t(precision === "line" ? "line" : "inside", { place });
      const how = isEstimate ? "estimated" : precision === "area" ? "coarse" : null;
      return how ? geoevents.t("place_and", { place: within, how: geoevents.t(how) }) : within;
    }
    if (precision === "country") return geoevents.t("inside", { place });
    if (precision === "unlocated") return name ? geoevents.t("place_and", { place, how: geoevents.t("unlocated") }) : geoevents.t("unlocated");
    const how = ["site", "neighbourhood", "settlement"].includes(precision) ? precision : "unknown_precision";
    return geoevents.t("place_and", { place, how: geoevents.t(how) });
  };

  /* The title in the reader's language where somebody wrote it, with the language it is in. */
  geoevents.title = function (properties) {
    for (const lang of [settings.labels, settings.lang]) {
      const translated = (properties.titles || {})[lang] || ((properties.translations || {})[lang] || {}).title;
      if (typeof translated === "string") return { text: translated, lang };
    }
    return { text: properties.title, lang: properties.lang || null };
  };

  /* The label of an event's type and, where it has one, its sub-type. */
  geoevents.typeLabel = function (properties) {
    const type = geoevents.types.get(properties.event_type);
    if (!type) return String(properties.event_type).replaceAll("_", " ");
    const sub = type.sub[properties.sub_event_type];
    return sub && sub !== type.label ? type.label + " · " + sub : type.label;
  };

  /* A saved map asks what it was saved with, as long as the address is its own. */
  geoevents.isSaved = () => document.body.dataset.query !== undefined && document.body.dataset.at === location.pathname;

  /* The page's question, as far as the server knows its parameters, without those named. */
  geoevents.query = function (known, without) {
    const kept = new URLSearchParams();
    for (const [name, value] of geoevents.isSaved() ? new URLSearchParams(document.body.dataset.query) : new URLSearchParams(location.search)) {
      if (known.includes(name) && !(without || []).includes(name) && value.trim()) kept.append(name, value);
    }
    return kept;
  };
})();
