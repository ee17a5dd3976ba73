/* The field "near a place": suggests places as one types, and sends the id of the one that was taken. */
(function () {
  "use strict";

  const WAIT_MS = 150;

  function setUp(field) {
    const list = document.createElement("datalist");
    list.id = field.id + "-suggestions";
    const id = document.createElement("input");
    id.type = "hidden";
    id.name = "near_place_id";
    field.after(list, id);
    field.setAttribute("list", list.id);
    const known = new Map();
    let timer = null;
    let asked = "";

    async function suggest() {
      const q = field.value.trim();
      if (q.length < 2 || q === asked || known.has(q)) return;
      asked = q;
      const lang = document.documentElement.lang;
      const answer = await fetch("/api/suggest?" + new URLSearchParams({ q, lang })).catch(() => null);
      if (!answer || !answer.ok || asked !== q) return;
      const options = [];
      for (const place of (await answer.json()).suggestions) {
        // A place of the team's own is nothing that the public list could be asked for.
        if (place.place_id.startsWith("team:")) continue;
        const label = place.name + " · " + place.what;
        known.set(label, place.place_id);
        const option = document.createElement("option");
        option.value = label;
        options.push(option);
      }
      list.replaceChildren(...options);
    }

    field.addEventListener("input", () => {
      id.value = known.get(field.value) || "";
      clearTimeout(timer);
      timer = setTimeout(suggest, WAIT_MS);
    });
  }

  document.querySelectorAll("[data-near]").forEach(setUp);
})();
