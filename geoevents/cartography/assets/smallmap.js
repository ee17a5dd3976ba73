/* A small map beside words: where one event is, or which place is meant (picker.js builds on it).
 *
 * <div data-small-map data-feature="/events/ID.geojson" data-label="..." data-colour="#rrggbb" data-path="M..." hidden></div>
 * Loaded after leaflet.js, core.js, words-LANG.js, symbols.js, drawing.js, basemap.js and labels.js. Without scripts the
 * element stays hidden; the words beside it say the same.
 */
(function () {
  "use strict";

  const geoevents = window.geoevents;
  const { t } = geoevents;
  const GROUND = "/assets/basemap";

  /* A map in an element, with our ground; the caller sets its view. */
  geoevents.smallMap = function (container) {
    container.hidden = false;
    container.classList.add("small-map");
    const map = L.map(container, { zoomControl: false, minZoom: 2, maxZoom: geoevents.lastZoom, scrollWheelZoom: false, maxBounds: [[-85.05, -200], [85.05, 200]] });
    const isMirrored = geoevents.settings.dir === "rtl";
    L.control.zoom({ position: isMirrored ? "bottomleft" : "bottomright", zoomInTitle: t("zoom_in"), zoomOutTitle: t("zoom_out") }).addTo(map);
    geoevents.ground({ url: GROUND }).addTo(map);
    map.attributionControl._update = () => {};
    container.setAttribute("aria-label", container.dataset.label || t("map"));
    map.whenReady(() => geoevents.groundLayer.credit());
    return map;
  };

  async function show(container) {
    const answer = await fetch(container.dataset.feature, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) return;
    const place_labels = JSON.parse(container.dataset.placeLabels || "{}");
    const [feature] = geoevents.relabel({ features: [await answer.json()], place_labels }).features;
    geoevents.howDrawn(feature);
    if (!feature.geometry || !feature.properties.drawn) return;
    const code = feature.properties.event_type;
    geoevents.types.set(code, { ...geoevents.typeOf(code), colour: container.dataset.colour || "#155e83", ...(container.dataset.path ? { path: container.dataset.path } : {}) });
    const map = geoevents.smallMap(container);
    const bounds = geoevents.boundsOf(feature);
    const all = L.latLngBounds(bounds.getSouthWest(), bounds.getNorthEast());
    for (const { lon, lat } of feature.properties.about || []) if (typeof lon === "number") all.extend([lat, lon]);
    map.fitBounds(all, { padding: [40, 40], maxZoom: 9, animate: false });
    const renderer = L.svg();
    map.addLayer(renderer);
    const shapes = geoevents.shapesOf({ ...feature, properties: { ...feature.properties, shown: true } }, renderer);
    shapes.forEach((shape) => shape.addTo(map));
    if (feature.properties.drawn === "pin") {
      const icon = L.divIcon({ html: geoevents.symbol(code, geoevents.styleOf(feature.properties), 20), className: "event-pin", iconSize: [30, 30] });
      L.marker(bounds.getCenter(), { icon, interactive: false, keyboard: false }).addTo(map);
    }
    const about = geoevents.aboutOf(feature.properties, bounds.getCenter()).addTo(map);
    geoevents.fitNames(map, about);
    map.on("zoomend", () => geoevents.fitNames(map, about));
    map.fire("geoevents:drawn");
  }

  document.querySelectorAll("[data-small-map]").forEach((container) => show(container).catch(() => (container.hidden = true)));
})();
