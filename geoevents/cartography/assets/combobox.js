/* A text field that suggests places while one types, as in the ARIA Authoring Practices (combobox with list autocomplete).
 *
 * GET /api/suggest?q=&country=&lang= -> {"suggestions": [{place_id, name, label, what, other_names, lon, lat, bbox, ...}]}
 */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const { element, isolate, t } = geoevents;
  const PAUSE_MS = 180;
  const SHORTEST = 2;
  const MOST_NAMES = 4;

  /* `box` holds the list, `country` narrows it by a code, `take` gets the place that was chosen; `typed` hears of
     each letter; `title` stands above the list. */
  geoevents.combobox = function (field, { box, take, country = () => "", typed = () => {}, title = null }) {
    const id = field.id + "-suggestions";
    const list = element("ul", { class: "suggestions", id, role: "listbox", hidden: true, "aria-label": title || t("place") });
    const count = element("span", { class: "visually-hidden", role: "status" });
    box.append(list, count);
    for (const [attribute, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", id], ["autocomplete", "off"]]) field.setAttribute(attribute, value);
    let places = [];
    let active = -1;
    let waiting = null;
    let asking = null;

    function close() {
      list.hidden = true;
      active = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }

    const options = () => [...list.querySelectorAll("[role=option]")];

    function activate(number) {
      active = (number + places.length) % places.length;
      options().forEach((option, index) => option.setAttribute("aria-selected", String(index === active)));
      const option = options()[active];
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }

    function choose(place) {
      close();
      take(place);
    }

    function optionOf(place, index) {
      const others = (place.other_names || []).slice(0, MOST_NAMES).map(isolate).join(geoevents.settings.lang === "ar" ? "، " : ", ");
      const what = place.what || [place.kind_label, place.admin1, place.country].filter(Boolean).join(", ");
      const option = element("li", { role: "option", id: id + "-" + index, "aria-selected": "false" }, [
        element("bdi", { text: place.name || place.label }),
        element("span", { class: "place-what", dir: "auto", text: what }),
        others ? element("span", { class: "place-what", dir: "auto", text: t("also", { names: others }) }) : null,
      ]);
      // The field must not lose focus before the click arrives.
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => choose(place));
      return option;
    }

    function offer(found) {
      places = found;
      const head = title && places.length ? [element("li", { role: "presentation", class: "suggestions-title", text: title })] : [];
      list.replaceChildren(...head, ...places.map(optionOf));
      list.hidden = !places.length;
      field.setAttribute("aria-expanded", String(places.length > 0));
      field.removeAttribute("aria-activedescendant");
      active = -1;
      count.textContent = places.length ? t("suggestions", { count: places.length }) : t("no_suggestions");
    }

    async function ask() {
      const words = field.value.trim();
      if (asking) asking.abort();
      if (words.length < SHORTEST) return close();
      asking = new AbortController();
      const question = new URLSearchParams({ q: words, lang: geoevents.settings.labels });
      if (/^[A-Za-z]{2}$/.test(country())) question.set("country", country().toUpperCase());
      try {
        const answer = await fetch("/api/suggest?" + question, { signal: asking.signal, headers: { Accept: "application/json" } });
        if (answer.ok && document.activeElement === field) offer((await answer.json()).suggestions || []);
      } catch {
        // Suggestions are help, not needed: the server asks again when the form is sent.
        close();
      }
    }

    field.addEventListener("input", () => {
      typed();
      clearTimeout(waiting);
      waiting = setTimeout(ask, PAUSE_MS);
    });
    field.addEventListener("blur", close);
    // What is sent as it was typed needs no suggestions any more.
    if (field.form) field.form.addEventListener("submit", () => {
      clearTimeout(waiting);
      if (asking) asking.abort();
      close();
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) ask();
        else activate(event.key === "ArrowDown" ? active + 1 : active < 0 ? places.length - 1 : active - 1);
      } else if (event.key === "Enter" && !list.hidden && active >= 0) {
        event.preventDefault();
        choose(places[active]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      }
    });
  };
})();
