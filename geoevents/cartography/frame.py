"""The frame of the map: Folium's map, one layer per event type, the layer control, the page around them.

Knows folium, the page shell and its Content-Security-Policy. Knows nothing of events: no text of theirs
comes here.

Folium 0.20 compiles what it is given as a Jinja template a second time, and Leaflet takes layer names as HTML
(docs/decisions). So what we add renders itself as finished script, in which data stands as JSON.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any

import folium
from branca.element import Element, Figure
from jinja2 import Environment, FileSystemLoader

from geoevents.cartography import asset_files
from geoevents.cartography.grounds import DetailedGround
from geoevents.cartography.precisions import PRECISIONS
from geoevents.cartography.symbols import PATHS, symbol_svg
from geoevents.cartography.tiles import LAST_ZOOM
from geoevents.cartography.words import language_of_words, page_words, script_safe
from geoevents.event_types import EventType, Taxonomy
from geoevents.messages import direction
from geoevents.queries import parameter_names

STYLES = ("vendor/leaflet/leaflet.css", "base.css", "parts.css", "map.css", "timeline.css")
SCRIPTS = (
    "vendor/leaflet/leaflet.js", "core.js", "words-{lang}.js", "question.js", "symbols.js", "clusters.js",
    "drawing.js", "popup.js", "layers.js", "combobox.js", "finding.js", "legend.js", "basemap.js",
    "labels.js", "near.js", "pointing.js", "list.js", "timeline.js", "timeslider.js", "watch.js",
    "sharing.js", "page.js",
)  # fmt: skip
# Over the base map, where a team has set one.
DETAIL = ("detail.js",)
VECTOR_DETAIL = ("vendor/protomaps-leaflet.js", *DETAIL)
TILE_URL = "/tiles/{z}/{x}/{y}.json"
GROUND_URL = asset_files.PREFIX + "basemap"
LANGUAGES = (("en", "English"), ("ar", "العربية"))
# What says how an answer is given, not which events are meant; a tile has no use for it.
_NOT_FOR_TILES = {"limit", "after", "sort", "lang", "in_view"}
_CSP = (
    "default-src 'none'; script-src 'self' 'sha256-{hash}'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


# A published map says it itself: no header goes with a file. From disk, 'self' is nobody in some browsers.
_STATIC_CSP = (
    "default-src 'none'; script-src 'self' file: 'sha256-{hash}'; style-src 'self' file:; "
    "img-src 'self' file: data:; font-src 'self' file:; form-action 'none'; base-uri 'none'"
)


@dataclass(frozen=True, slots=True)
class StaticLinks:
    """What lies beside a published map: its list, its events, other languages of it (code, name, file)."""

    list: str | None = None
    download: str | None = None
    languages: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSpec:
    """
    What a frame is made of; equal specs give equal bytes.

    `countries` are (code, name) to filter by; `lon`, `lat`, `zoom` are where the map opens while there is
    nothing to show; `url` gives the address of an asset; `tile_url` None means that the data comes as scripts
    (`data_scripts`), as in a static map, which also has styles of its own and `links` to what lies beside it.
    `detail` is what a team has put over the base map, `contact` where mistakes are reported.
    """

    lang: str
    taxonomy: Taxonomy
    languages: Sequence[tuple[str, str]] = LANGUAGES
    countries: Sequence[tuple[str, str]] = ()
    lon: float = 0.0
    lat: float = 25.0
    zoom: int = 2
    home: str = "/"
    tile_url: str | None = TILE_URL
    ground_url: str = GROUND_URL
    detail: DetailedGround | None = None
    contact: str | None = None
    data_scripts: Sequence[str] = ()
    own_styles: Sequence[str] = ()
    links: StaticLinks = StaticLinks()
    url: Callable[[str], str] = field(default=lambda name: asset_files.PREFIX + name)

    @property
    def key(self) -> str:
        """Everything that the bytes of the frame depend on."""
        types = [
            (each.code, dict(each.labels), each.colour, each.shape, each.parent)
            for each in self.taxonomy.by_code.values()
        ]
        urls = [self.url(name) for name in (*STYLES, *self.scripts)]
        place = (self.lon, self.lat, self.zoom, self.home, self.tile_url, self.ground_url)
        lists = (list(self.languages), list(self.countries), list(self.data_scripts), list(self.own_styles))
        team = (self.detail.options() if self.detail else None, self.contact)
        return json.dumps([self.lang, types, urls, place, lists, astuple(self.links), team], sort_keys=True)

    @property
    def scripts(self) -> list[str]:
        """The names of the scripts that the page loads, in their order."""
        names = [name.format(lang=self.lang) for name in SCRIPTS]
        if self.detail is not None:
            own = VECTOR_DETAIL if self.detail.is_vector else DETAIL
            names[names.index("basemap.js") : names.index("basemap.js")] = own
        return names


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """
    What the page around a map says of it, and of which question it is, where the address does not.

    `title`, `caption` and `credit` are (words, language) or None, `notes` sentences. `query` belongs to the
    page while its address is `at`; `position` is zoom/lat/lon. `is_embedded` leaves everything out but the
    map, and leads to `whole` instead; `discovery` is where programs learn how to embed it.
    """

    title: tuple[str, str] | None = None
    caption: tuple[str, str] | None = None
    credit: tuple[str, str] | None = None
    notes: Sequence[str] = ()
    query: str | None = None
    at: str | None = None
    position: str | None = None
    is_embedded: bool = False
    whole: str | None = None
    discovery: str | None = None


NO_CAPTION = Caption()


@dataclass(frozen=True, slots=True)
class Frame:
    """A finished page: its bytes, a tag of them, and the policy under which alone it runs."""

    html: bytes
    etag: str
    csp: str


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What Folium rendered of a spec, and the page without a caption."""

    rendered: dict[str, str]
    frame: Frame


_DRAWN: dict[str, _Drawn] = {}
_MOST_DRAWN = 64


def frame(spec: FrameSpec, caption: Caption = NO_CAPTION) -> Frame:
    """The page of a spec. Built and rendered once: a Folium object rendered twice is another one."""
    key = spec.key
    # Another thread may clear them between any two lines.
    found = _DRAWN.get(key)
    if found is None:
        if len(_DRAWN) >= _MOST_DRAWN:
            _DRAWN.clear()
        found = _DRAWN[key] = _render(spec)
    if caption is NO_CAPTION:
        return found.frame
    return _framed(spec, found.rendered, caption)


class Page(Figure):
    """
    The root of the element tree: our shell around what the map renders.

    What folium puts into the head (jquery, bootstrap, fontawesome, styles in the page) is left out.
    """

    def __init__(self, spec: FrameSpec) -> None:
        super().__init__()
        self.spec = spec
        self.rendered: dict[str, str] = {}

    def render(self, **kwargs: Any) -> str:
        for child in self._children.values():
            child.render(**kwargs)
        lines = (line.strip() for line in self.script.render().splitlines())
        script = "\n".join(line for line in lines if line)
        self.rendered = {"script": script, "map_html": self.html.render(**kwargs).strip()}
        return _framed(self.spec, self.rendered, NO_CAPTION).html.decode()


class FrameMap(folium.Map):
    """Folium's map without the files that it would fetch from other hosts."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium's own name and type
    default_css: list[tuple[str, str]] = []  # noqa: RUF012


class TypeLayer(folium.map.Layer):
    """The layer of one event type: where its tiles come from, its code, label, colour and shape."""

    def __init__(self, event_type: EventType, spec: FrameSpec) -> None:
        super().__init__(name=event_type.code, overlay=True)
        self._name, self._id = "TypeLayer", event_type.code
        self.options = {
            "code": event_type.code,
            "label": event_type.label(spec.lang),
            "colour": event_type.colour,
            "path": PATHS[event_type.shape],
            "url": spec.tile_url,
            "sub": {each.code: each.label(spec.lang) for each in spec.taxonomy.sub_types(event_type.code)},
        }

    def render(self, **kwargs: Any) -> str:
        return _finished(
            self,
            f"var {self.get_name()} = geoevents.typeLayer({_json(self.options)}).addTo({_map_of(self)});",
        )


class Ground(folium.map.Layer):
    """The base map, from our own files."""

    def __init__(self, url: str, detail: DetailedGround | None) -> None:
        super().__init__(name="ground", overlay=False, control=False)
        self._name, self._id = "Ground", "local"
        self.options = {"url": url} | ({"detail": detail.options()} if detail else {})

    def render(self, **kwargs: Any) -> str:
        return _finished(self, f"geoevents.ground({_json(self.options)}).addTo({_map_of(self)});")


class Legend(folium.LayerControl):
    """The layer control, which is the legend: symbol, label, count and switch of every type."""

    def __init__(self, position: str) -> None:
        super().__init__(position=position)
        self._name, self._id = "Legend", "types"

    def render(self, **kwargs: Any) -> str:
        assert self._parent is not None
        beside = self._parent._children.values()
        layers = ", ".join(each.get_name() for each in beside if isinstance(each, TypeLayer))
        options = _json({"position": self.options["position"]})
        return _finished(self, f"geoevents.legend([{layers}], {options}).addTo({_map_of(self)});")


class Start(Element):
    """The last line: everything is in place, so the page may read its address and begin."""

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()
        self._name, self._id, self.options = "Start", "page", options

    def render(self, **kwargs: Any) -> str:
        return _finished(self, f"geoevents.start({_map_of(self)}, {_json(self.options)});")


class _Finished(Element):
    """Script that is handed on as it is. An Element given text would compile it as a template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:
        return self.text + "\n"


def _finished(element: Element, text: str) -> str:
    root = element.get_root()
    assert isinstance(root, Figure)
    root.script.add_child(_Finished(text), name=element.get_name())
    # What an element renders goes to its parent, which has no place for it: all of it is script.
    return ""


def _map_of(element: Element) -> str:
    """The script's name of the map that an element was added to."""
    assert element._parent is not None
    return element._parent.get_name()


def _framed(spec: FrameSpec, rendered: dict[str, str], caption: Caption) -> Frame:
    """Our shell around what Folium rendered. A caption is only ever a value of it, never compiled."""
    digest = hash_of(rendered["script"])
    policies = [each.format(hash=digest) for each in (_CSP, _STATIC_CSP)]
    if spec.detail is not None:
        policies = [spec.detail.allowed_in(each) for each in policies]
    values = _values(spec) | {"said": caption, "csp": policies[1]}
    html = _shell().get_template("shell.html").render(**rendered, **values).encode("utf-8", "replace")
    return Frame(html, sha256(html).hexdigest()[:20], policies[0])


def _render(spec: FrameSpec) -> _Drawn:
    is_mirrored = direction(language_of_words(spec.lang)) == "rtl"
    page = Page(spec)
    made = FrameMap(
        location=_as_lat_lon(spec), zoom_start=spec.zoom, tiles=None, max_bounds=True,
        control_scale=True, zoom_control="bottomleft" if is_mirrored else "bottomright",
        min_lat=-85.05, max_lat=85.05, min_lon=-200, max_lon=200,
    )  # fmt: skip
    # tiles=None brings no layer, and with it no zoom limits of the map.
    made.options |= {
        "min_zoom": 2,
        "max_zoom": LAST_ZOOM,
        "max_bounds_viscosity": 1.0,
        "fade_animation": False,
    }
    made._id = "frame"
    page.add_child(made)
    Ground(spec.ground_url, spec.detail).add_to(made)
    for event_type in spec.taxonomy:
        TypeLayer(event_type, spec).add_to(made)
    Legend("topleft" if is_mirrored else "topright").add_to(made)
    asked = [*(name for name in parameter_names() if name not in _NOT_FOR_TILES), "view"]
    contact = {"contact": spec.contact} if spec.contact else {}
    Start({"parameters": asked, "isStatic": spec.tile_url is None} | contact).add_to(made)
    page.render()
    return _Drawn(page.rendered, _framed(spec, page.rendered, NO_CAPTION))


def hash_of(text: str) -> str:
    """What a policy names a script or a style sheet by that stands in the page."""
    return base64.b64encode(sha256(text.encode()).digest()).decode()


def _as_lat_lon(spec: FrameSpec) -> tuple[float, float]:
    return spec.lat, spec.lon


@lru_cache(maxsize=1)
def _shell() -> Environment:
    return Environment(loader=FileSystemLoader(asset_files.OWN), autoescape=True)


def _values(spec: FrameSpec) -> dict[str, Any]:
    words = language_of_words(spec.lang)
    return {
        "lang": words,
        "asked_lang": spec.lang,
        "dir": direction(words),
        "words": page_words(spec.lang),
        "languages": spec.languages,
        "countries": spec.countries,
        "precisions": [(each.value, message.in_language(words)) for each, message in PRECISIONS.items()],
        "types": [
            {
                "code": each.code,
                "label": each.label(spec.lang),
                "lang": spec.lang,
                "symbol": symbol_svg(each),
            }
            for each in spec.taxonomy
        ],
        "url": spec.url,
        "styles": (*STYLES, *spec.own_styles),
        "scripts": spec.scripts,
        "data_scripts": spec.data_scripts,
        "home": spec.home,
        "links": spec.links,
        "is_static": spec.tile_url is None,
    }


def _json(value: Any) -> str:
    return script_safe(json.dumps(value, ensure_ascii=False, sort_keys=True))
