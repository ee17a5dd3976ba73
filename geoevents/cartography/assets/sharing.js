/* Sharing: the address of this very map, the code that shows it on another page, and the way to keep it. */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const { t } = geoevents;
  const byId = (id) => document.getElementById(id);

  const now = () => (geoevents.question ? geoevents.question.now : geoevents.query(geoevents.parameters));
  const position = () => {
    const { lat, lng } = geoevents.map.getCenter();
    return [geoevents.map.getZoom(), lat.toFixed(4), lng.toFixed(4)].join("/");
  };
  /* What the address says of the view, which it does not before the map has moved. */
  const fragment = () => (location.hash.includes("map=") ? location.hash : "#map=" + position());

  const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

  /* What others get to see: never the internal view. */
  function shared() {
    const query = now();
    if (query.get("view") === "internal") query.delete("view");
    return query;
  }

  function link() {
    const text = geoevents.isSaved() ? new URLSearchParams() : shared();
    text.set("lang", geoevents.settings.labels);
    return location.origin + location.pathname + "?" + text + fragment();
  }

  function embed() {
    const { at } = document.body.dataset;
    const query = geoevents.isSaved() ? new URLSearchParams({ view: at.split("/").pop() }) : shared();
    query.set("lang", geoevents.settings.labels);
    const attributes = { src: location.origin + "/embed?" + query + fragment(), title: document.title, width: "100%", height: "480", loading: "lazy", frameborder: "0" };
    return "<iframe " + Object.entries(attributes).map(([name, value]) => name + '="' + escaped(value) + '"').join(" ") + "></iframe>";
  }

  /* The map as it stands, its question and the types that are switched on, as a picture. */
  function picture(kind) {
    const isSaved = geoevents.isSaved();
    const query = isSaved ? new URLSearchParams() : shared();
    const codes = [...geoevents.types.keys()];
    const on = codes.filter((code) => geoevents.map.geoeventsBoard.on.has(code));
    if (!isSaved && on.length && on.length < codes.length) {
      const asked = query.getAll("event_type");
      query.delete("event_type");
      for (const code of on) if (!asked.length || asked.includes(code)) query.append("event_type", code);
    }
    query.set("lang", geoevents.settings.labels);
    if (!isSaved || location.hash.includes("map=")) query.set("map", position());
    return (isSaved ? document.body.dataset.at : "/map") + "." + kind + "?" + query;
  }

  function fill() {
    for (const kind of ["png", "pdf"]) byId("share-" + kind).href = picture(kind);
    byId("share-link").value = link();
    byId("share-embed").value = embed();
    byId("copied").textContent = "";
    const save = byId("save-view");
    save.href = "/views/new?" + new URLSearchParams({ lang: geoevents.settings.labels, query: shared().toString(), map: position() });
    // Only the server knows whether this reader may write.
    fetch("/revision", { cache: "no-cache" }).then((answer) => answer.json()).then(({ writes }) => (save.hidden = !writes || shared().has("view")), () => {});
  }

  async function copy(field) {
    field.select();
    let isCopied = false;
    try {
      // There is no clipboard on a page that came over plain HTTP from another machine.
      if (navigator.clipboard) {
        await navigator.clipboard.writeText(field.value);
        isCopied = true;
      }
    } catch {
      isCopied = false;
    }
    byId("copied").textContent = t(isCopied || document.execCommand("copy") ? "copied" : "copy_yourself");
  }

  geoevents.sharing = function () {
    const share = byId("share");
    if (!share) return;
    share.addEventListener("toggle", () => share.open && fill());
    for (const button of share.querySelectorAll("[data-copies]")) {
      button.addEventListener("click", () => copy(byId(button.dataset.copies)));
    }
  };
})();
