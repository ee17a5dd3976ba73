/* Whether there is anything new: asked every moment while somebody looks, never while the page is hidden. */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const LOOK_AGAIN_MS = 1000;

  /* {revision, writes}, or null where the line is broken: the next look tells. */
  geoevents.revision = async function () {
    const answer = await fetch("/revision", { cache: "no-cache" }).catch(() => null);
    return answer && answer.ok ? answer.json() : null;
  };

  /* `seen` is what geoevents.revision() promised before anything was loaded; `refresh` asks again for what is shown. */
  geoevents.watch = function (seen, refresh) {
    let known = null;
    let timer = null;
    let isLooking = false;

    const take = async (answer) => {
      if (!answer) return;
      const add = document.getElementById("add");
      if (add) add.hidden = !answer.writes;
      if (known !== null && known !== answer.revision) await refresh();
      known = answer.revision;
    };
    const look = async (asked) => {
      clearTimeout(timer);
      if (isLooking || (document.hidden && !asked)) return;
      isLooking = true;
      // What could not be refreshed is tried again: it is not known yet.
      await take(await (asked || geoevents.revision())).catch(() => {});
      isLooking = false;
      timer = setTimeout(look, LOOK_AGAIN_MS);
    };
    document.addEventListener("visibilitychange", () => look());
    return look(seen);
  };
})();
