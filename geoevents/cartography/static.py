"""Static maps: the same map as files, for any web host or to be opened from disk with no network.

Knows which files make one, and what their sums are. Knows nothing of where they are put (publishing.py).

Data comes as classic scripts that call one function each: a page opened from file:// can neither fetch nor
load modules. The same events give the same bytes, and SHA256SUMS says which.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Any

from geoevents import geojson
from geoevents.cartography import static_list
from geoevents.cartography.asset_files import Assets
from geoevents.cartography.captions import Words, asked_in_words, counted, day, frozen_note
from geoevents.cartography.drawn import Rows
from geoevents.cartography.frame import DETAIL, LANGUAGES, SCRIPTS, STYLES, FrameSpec, StaticLinks, frame
from geoevents.cartography.grounds import DetailedGround
from geoevents.cartography.static_data import StaticData
from geoevents.cartography.static_ground import Ground
from geoevents.cartography.static_list import ListSpec, ListWriter
from geoevents.cartography.tiles import MapTiles, Tiles
from geoevents.cartography.words import language_of_words
from geoevents.errors import BadInput
from geoevents.event_types import Taxonomy
from geoevents.events import Event, Kind
from geoevents.messages import Message
from geoevents.queries import EventQuery
from geoevents.stores.public import PublicReader
from geoevents.views import View

STYLE, SCRIPT = "static.css", "static.js"
FONTS = ("vendor/noto-sans-arabic-400.woff2", "vendor/noto-sans-arabic-600.woff2")
_ICON = "icon.svg"
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_TRIES = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """
    What is published: the events of a question, in one or several languages, the first being the main one.

    `title` and `caption` are a team's own words by language; a language without has the first there are.
    `view` is the saved map that is published, where it is one: its credit is told. The question of a frozen
    one is told, too, but `query` alone is asked of the events that it holds. `places` are the names, by id,
    of places that the questions name; `ground` is that of a server over the base map, for readers with a
    network.
    """

    query: EventQuery = field(default_factory=EventQuery)
    view: View | None = None
    languages: Sequence[str] = ("en",)
    title: Mapping[str, str] = field(default_factory=dict)
    caption: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    ground: DetailedGround | None = None


class StaticMap:
    """
    The files of a publication. All are of one state of the events, whatever is written meanwhile.

    Raises BadInput while set-up has not been run (no base map, no Leaflet).
    """

    def __init__(
        self, publication: Publication, reader: PublicReader, *, taxonomy: Taxonomy, assets: Assets
    ) -> None:
        self.publication = publication
        self.taxonomy = taxonomy
        self.assets = assets
        self._reader = reader
        query = replace(publication.query, limit=None, after=None, lang=None, sort="-date")
        self.tiles, self._features = _begun(reader, query)
        self.data = StaticData(self.tiles, self._shown)
        self.count = len(self.tiles.selection)
        self._bars = reader.timeline(query).document()
        kinds = Counter(_words_of(self.tiles, "kind"))
        self._matched = {kind.value: kinds[kind.value] for kind in Kind}

    def files(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        """Each file's path in the publication, and its bytes in pieces."""
        for name in (*self.asset_names(), *FONTS):
            yield f"assets/{name}", [self.asset(name)]
        for lang in self.publication.languages:
            yield self._file("index", lang), [self.page(lang)]
        yield "events.geojson", geojson.collection(line for line in self._features)
        for name, body in chain(self.data.scripts(self.opening()), self.ground().scripts()):
            yield name, [body]
        yield from self._lists()

    def ground(self, **bounds: int) -> Ground:
        self.asset("basemap/index.json")
        return Ground(self.assets, self.tiles.index, **bounds)

    def page(self, lang: str, *, is_alone: bool = False) -> bytes:
        """The page of the map in one language; `is_alone`: with no list or download beside it."""
        scripts = (f"assets/{SCRIPT}", "data/data.js", "data/ground.js")
        spec = FrameSpec(
            lang=lang, taxonomy=self.taxonomy, home="#" if is_alone else self._file("index", lang),
            tile_url=None,
            detail=self.publication.ground,
            url=lambda name: f"assets/{name}", data_scripts=scripts, own_styles=(STYLE,),
            links=StaticLinks() if is_alone
            else StaticLinks(self._file("list", lang), "events.geojson", self._languages("index", lang)),
        )  # fmt: skip
        return frame(spec).html

    def opening(self) -> dict[str, Any]:
        """What the page opens with beside the events themselves."""
        said = {
            lang: {"title": _of(self.publication.title, lang), "said": self.said(lang)}
            for lang in self.publication.languages
        }
        opening = {"matched": self._matched, "said": said}
        return opening if self.data.is_divided else opening | {"timeline": self._bars}

    def said(self, lang: str) -> list[str]:
        """What is shown here, as of when, and how many have no place on the map; a phrase each."""
        words = language_of_words(lang)
        caption = _of(self.publication.caption, lang)
        phrases = [caption] if caption else []
        view = self.publication.view
        if view and (credit := view.text("credit", lang)):
            phrases.append(credit[0])
        if view and view.frozen:
            phrases.append(frozen_note(view.frozen.at.date(), words))
        asked = Words(self.taxonomy, words, self.publication.places)
        own = asked_in_words(view.asked(), asked) if view and view.frozen else []
        phrases += dict.fromkeys([*own, *asked_in_words(self.publication.query, asked)])
        if (latest := self._latest()) is not None:
            as_of = Message("as of {day}", day=day(latest.date(), words))
            phrases.append(as_of.in_language(words))
        if unplaced := sum(self.tiles.index.unplaced.values()):
            left = Message(
                "{count} without a place on the map, in the list only",
                plural="{count} without a place on the map, in the list only",
                count=unplaced,
            )
            phrases.append(left.in_language(words))
        return phrases

    def asset_names(self) -> list[str]:
        words = [f"words-{lang}.js" for lang in self.publication.languages]
        scripts = chain.from_iterable(words if "{lang}" in name else [name] for name in SCRIPTS)
        if self.publication.ground is not None:
            scripts = chain(scripts, DETAIL)
        return [*STYLES, STYLE, *scripts, SCRIPT, _ICON]

    def asset(self, name: str) -> bytes:
        found = self.assets.get(name)
        if found is None:
            raise BadInput(Message("{name} is missing. Run `make setup`, then publish again.", name=name))
        return found.body

    def _lists(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        writers = [ListWriter(self._list(lang)) for lang in self.publication.languages]
        rows = self.data.newest_first()
        many = max(1, len(rows))
        for number, start in enumerate(range(0, many, static_list.A_PAGE), 1):
            events = self._shown(rows[start : start + static_list.A_PAGE])
            for writer in writers:
                yield writer.spec.file_of(number), [writer.page(number, events)]

    def _list(self, lang: str) -> ListSpec:
        words = language_of_words(lang)
        return ListSpec(
            lang=lang, taxonomy=self.taxonomy, total=self.count, title=_of(self.publication.title, lang),
            matched=counted(self._matched[Kind.EVENT], self._matched[Kind.CONDITION], words),
            said=self.said(lang), file=self._file("list", lang), map_file=self._file("index", lang),
            languages=[each for each in self._languages("list", lang) if each[0] != lang],
        )  # fmt: skip

    def _file(self, name: str, lang: str) -> str:
        """The main language's file has the plain name."""
        return f"{name}.html" if lang == self.publication.languages[0] else f"{name}.{lang}.html"

    def _languages(self, name: str, lang: str) -> tuple[tuple[str, str, str], ...]:
        every = self.publication.languages
        return tuple(
            (each, dict(LANGUAGES)[each], self._file(name, each)) for each in every if len(every) > 1
        )

    def _latest(self) -> datetime | None:
        """The newest update of what is shown: the clock says nothing of it."""
        updated = self.tiles.selection.columns.updated[self.tiles.selection.rows]
        return _BEGINNING + timedelta(microseconds=int(updated.max())) if len(updated) else None

    def _shown(self, rows: Rows) -> list[Event]:
        lines = self._reader.lines(self.tiles.selection, rows)
        return [geojson.event_from_feature(json.loads(line)) for line in lines]


def _begun(reader: PublicReader, query: EventQuery) -> tuple[Tiles, Iterator[bytes]]:
    """Tiles and Features of one state: each goes on with what it began with."""
    for _ in range(_TRIES):
        tiles, features = MapTiles().of(reader, query), reader.features(query)
        first = list(islice(features, 1))
        if reader.revision == tiles.selection.revision:
            break
    return tiles, chain(first, features)


def _words_of(tiles: Tiles, column: str) -> Iterator[str]:
    selection = tiles.selection
    words = selection.columns.words[column].words
    return (words[code] for code in getattr(selection.columns, column)[selection.rows].tolist())


def _of(texts: Mapping[str, str], lang: str) -> str:
    return texts.get(lang) or next(iter(texts.values()), "")
