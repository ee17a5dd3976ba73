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

  /* On the map's page the question is read and shown without a new page. */
  const geoevents = window.geoevents;
  if (!geoevents) return;
  const USUAL_KM = "25";
  const called = new Map();
  const field = (name) => document.querySelector('#filters [name="' + name + '"]');
  const parted = (near) => {
    const [, where, number, unit] = /^(.*);([0-9.]+) ?(k?m)$/.exec(near) || [null, near, USUAL_KM, "km"];
    return { where, km: unit === "m" ? String(number / 1000) : number };
  };

  geoevents.near = {
    fields: ["near_place", "near_place_id", "near_km"],
    /* What the fields ask for, "" for nothing, null where only the server can say which place is meant. */
    of(values) {
      const place = (values.get("near_place") || "").trim();
      if (!place) return "";
      const km = (values.get("near_km") || "").trim() || USUAL_KM;
      const id = values.get("near_place_id") || [...called].filter(([, label]) => label === place).map(([where]) => where)[0];
      return id && /^[0-9]+(\.[0-9]+)?$/.test(km) ? id + ";" + km + "km" : null;
    },
    show(query) {
      if (!field("near_place")) return;
      const near = query.get("near");
      const { where, km } = near ? parted(near) : { where: "", km: "" };
      if (where && !called.has(where)) called.set(where, where);
      field("near_place").value = called.get(where) || "";
      field("near_place_id").value = "";
      field("near_km").value = km;
    },
    /* What a chip says of it. */
    chip(query) {
      const { where, km } = parted(query.get("near"));
      return geoevents.t("near_chip", { km, place: called.get(where) || where });
    },
    /* The place of the present question is called so. */
    call(query, label) {
      called.set(parted(query.get("near")).where, label);
    },
  };
})();
