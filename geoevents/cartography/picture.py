"""A picture of a map for print: the map, its legend, scale, date, filter, caption and credit, on a page.

Knows what stands on the page and how large the map on it can be. Knows nothing of requests, nor of how marks
are drawn (picture_marks.py) or type is set (typesetting.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from geoevents.cartography.asset_files import Assets
from geoevents.cartography.captions import Words, asked_in_words, counted, day
from geoevents.cartography.drawing import Drawn
from geoevents.cartography.picture_events import PictureEvents, number_in
from geoevents.cartography.picture_ground import FADE_FROM, PictureGround
from geoevents.cartography.picture_marks import Marks, Style, inks, sample
from geoevents.cartography.picture_view import PictureView
from geoevents.cartography.tiles import LAST_ZOOM, Tiles
from geoevents.cartography.typesetting import Sheet, Turn
from geoevents.cartography.words import MAP_WORDS, language_of_words
from geoevents.event_types import Taxonomy
from geoevents.events import Event, Kind
from geoevents.messages import Message, direction
from geoevents.places import LonLat
from geoevents.queries import EventQuery
from geoevents.regions import Certainty

# Landscape, in millimetres.
SIZES = {"a4": (297.0, 210.0), "a3": (420.0, 297.0)}
PRINT_PPI = 300
_MM_AN_INCH = 25.4
# A pixel of the map on the web: a name is then set in 8 pt, a symbol 4.5 mm wide.
_MM_A_POINT = 0.225
_MARGIN, _SIDE, _GUTTER, _GAP = 10.0, 56.0, 4.0, 3.0
# Under the map: the scale bar, and room above and below it.
_BAR = 7.5
# A map that long words leave less room for makes the page longer.
_LEAST_HIGH = 90.0
# So high a row of the legend is at its smallest, so high all else of it.
_A_ROW, _LEGEND_REST = 4.4, 52.0
_LONGEST_RUN, _MOST_LINES = 60, 12
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

Said = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSpec:
    """
    What is said of the events that are drawn: which question they answer, where the map stands, whose it is.

    `position` None shows all of them. `title`, `caption` and `credit` are (words, language) or None;
    `places` names, by id, what the question names; `attribution` are credits beside the ground's;
    `by_certainty` how many are surely meant, where place or time is asked; `notes` are sentences more.
    """

    query: EventQuery
    lang: str
    position: tuple[LonLat, float] | None = None
    size: str = "a4"
    title: Said | None = None
    caption: Said | None = None
    credit: Said | None = None
    places: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    attribution: Sequence[str] = ()
    by_certainty: Mapping[Certainty, int] = field(default_factory=lambda: MappingProxyType({}))
    notes: Sequence[str] = ()


class Picture:
    """
    One page of what `tiles` hold, as of their revision. The same gives the same bytes.

    Raises NotReady while set-up has not been run, and where too many pictures wait to be made.
    """

    def __init__(
        self,
        spec: PictureSpec,
        tiles: Tiles,
        *,
        get: Callable[[str], Event],
        taxonomy: Taxonomy,
        assets: Assets,
    ) -> None:
        self._spec = spec
        self._tiles = tiles
        self._get = get
        self._taxonomy = taxonomy
        self._assets = assets
        self._words = language_of_words(spec.lang)

    def png(self, wide: int | None = None) -> bytes:
        """`wide` pixels, or as many as print needs."""
        page = SIZES[self._spec.size][0] / _MM_AN_INCH
        with Turn():
            sheet, data = self._laid_out()
            return sheet.png(PRINT_PPI if wide is None else wide / page, data)

    def pdf(self) -> bytes:
        with Turn():
            sheet, data = self._laid_out()
            return sheet.pdf(data)

    def _laid_out(self) -> tuple[Sheet, dict[str, Any]]:
        wide, high = SIZES[self._spec.size]
        data = self._page(wide, high)
        sheet = Sheet("picture.typ", data, self._assets.folder("vendor") / "fonts")
        room = sheet.asked("room")
        around = room["head"] + _GAP + _BAR + room["foot"] + 2 * _MARGIN
        map_wide, map_high = wide - 2 * _MARGIN - _SIDE - _GUTTER, max(_LEAST_HIGH, high - around)
        data["page"]["high"] = max(high, around + map_high)
        view = self._view(map_wide / _MM_A_POINT, map_high / _MM_A_POINT)
        events = PictureEvents(self._tiles, view, self._get)
        marks = Marks(self._taxonomy)
        svg, kinds = self._drawn(view, events, marks)
        metres, bar = view.bar()
        data["map"] = {
            "svg": svg, "wide": map_wide, "high": map_high, "bar": bar * _MM_A_POINT,
            "metres": self._distance(metres), "alt": ", ".join(data["asked"]),
        }  # fmt: skip
        data["legend"] = self._legend(events, marks, kinds, most=int((map_high - _LEGEND_REST) / _A_ROW))
        data["attribution"] = self._attribution(view)
        return sheet, data

    def _view(self, wide: float, high: float) -> PictureView:
        if self._spec.position is not None:
            middle, zoom = self._spec.position
            return PictureView.at(middle, min(LAST_ZOOM, max(PictureView.least_zoom(wide), zoom)), wide, high)
        everything = PictureView.around(self._tiles.index, wide, high)
        return everything or PictureView.at(LonLat(0.0, 20.0), PictureView.least_zoom(wide), wide, high)

    def _drawn(self, view: PictureView, events: PictureEvents, marks: Marks) -> tuple[str, set[str]]:
        """The map as SVG, and which kinds of shapes are on it."""
        ground = PictureGround(self._assets, view)
        shapes, kinds = events.shapes(marks)
        symbols = events.symbols(marks, self._words)
        parts = (
            ground.svg(),
            marks.hatches(),
            shapes,
            ground.names(self._spec.lang, events.taken()),
            symbols,
        )
        size = f"{view.wide:.2f} {view.high:.2f}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}">{"".join(parts)}</svg>',
            kinds,
        )

    def _page(self, wide: float, high: float) -> dict[str, Any]:
        """All that is on the page but the map, its legend and what depends on where it stands."""
        spec, fallback = self._spec, (self._said(Message("Map of events")), self._words)
        return {
            "lang": self._words,
            "rtl": direction(self._words) == "rtl",
            "ink": inks(),
            "page": {
                "wide": wide, "high": high, "margin": _MARGIN, "side": _SIDE, "gutter": _GUTTER, "gap": _GAP
            },
            "title": _part(spec.title or fallback),
            "caption": _part(spec.caption) if spec.caption else None,
            "credit": _part(spec.credit) if spec.credit else None,
            "asked": [_apart(_broken(each)) for each in self._asked()],
            "attribution": self._attribution(None),
            "map": None,
        }  # fmt: skip

    def _asked(self) -> Iterator[str]:
        """How many events, which ones, as of when."""
        columns, rows = self._tiles.selection.columns, self._tiles.selection.rows
        conditions = int((columns.kind[rows] == columns.words["kind"][Kind.CONDITION]).sum())
        yield counted(len(rows) - conditions, conditions, self._words)
        for certainty, count in self._spec.by_certainty.items():
            yield self._said(_CERTAIN[certainty](count))
        # The languages of places and of sentences are the same where a question is told.
        yield from asked_in_words(self._spec.query, Words(self._taxonomy, self._words, self._spec.places))
        if (latest := self._latest()) is not None:
            yield self._said(Message("as of {day}", day=day(latest.date(), self._words)))
        yield from self._spec.notes

    def _legend(self, events: PictureEvents, marks: Marks, kinds: set[str], *, most: int) -> dict[str, Any]:
        types = []
        codes = marks.in_order(events.counts)
        shown = set(sorted(codes, key=lambda code: (-events.counts[code], code))[: max(1, most)])
        for code in (each for each in codes if each in shown):
            svg = _small(marks.symbol(code, Style(), 12, 12, 24), "-2 -2 28 28")
            label = _broken(self._taxonomy.label(code, self._spec.lang))
            count = number_in(events.counts[code], self._words)
            types.append({"svg": svg, "text": label, "count": count, "size": 4.4})
        notes = [
            {"svg": _small(sample(key), "0 0 24 24"), "text": self._said(MAP_WORDS[key]), "size": 4.4}
            for key in _notes(events, kinds)
        ]
        return {
            "heading": self._said(Message("In this picture")),
            "types": types,
            "how": self._said(MAP_WORDS["how_to_read"]),
            "notes": notes,
            "besides": list(self._besides(events, len(codes) - len(shown))),
        }

    def _besides(self, events: PictureEvents, unnamed: int) -> Iterator[str]:
        """What the picture does not show, or not by name."""
        if unnamed:
            yield self._said(Message("{count} type more", plural="{count} types more", count=unnamed))
        if events.outside:
            yield self._said(
                Message(
                    "{count} more outside this picture",
                    plural="{count} more outside this picture",
                    count=events.outside,
                )
            )
        if events.unplaced:
            yield self._said(
                Message(
                    "{count} without a place",
                    plural="{count} without a place",
                    count=events.unplaced,
                )
            )

    def _attribution(self, view: PictureView | None) -> list[str]:
        said = [MAP_WORDS["ground_credit"]]
        if view is None or view.zoom >= FADE_FROM:
            said.append(MAP_WORDS["borders_approximate"])
        thanks = (*(self._said(each) for each in said), *self._spec.attribution)
        return [_apart(each) for each in thanks if each]

    def _distance(self, metres: int) -> str:
        if metres < 1_000:
            return self._said(Message("{number} m", number=number_in(metres, self._words)))
        return self._said(Message("{number} km", number=number_in(metres // 1_000, self._words)))

    def _latest(self) -> datetime | None:
        """The newest update of what is shown: the clock says nothing of it."""
        updated = self._tiles.selection.columns.updated[self._tiles.selection.rows]
        return _BEGINNING + timedelta(microseconds=int(updated.max())) if len(updated) else None

    def _said(self, message: Message) -> str:
        return message.in_language(self._words)


_CERTAIN: dict[Certainty, Callable[[int], Message]] = {
    Certainty.SURELY: lambda count: Message("{count} surely", plural="{count} surely", count=count),
    Certainty.POSSIBLY: lambda count: Message("{count} possibly", plural="{count} possibly", count=count),
}


def _notes(events: PictureEvents, kinds: set[str]) -> Iterator[str]:
    """Which of the signs on the map want an explanation."""
    styles = events.styles
    explained = {
        "precision_pin": any(each["properties"]["drawn"] == Drawn.PIN for each in events.features),
        "precision_circle": Drawn.CIRCLE in kinds,
        "precision_area": Drawn.AREA in kinds,
        "precision_estimate": Drawn.ESTIMATE in kinds,
        "condition_note": any(each.is_condition for each in styles),
        "hollow_note": any(each.is_hollow for each in styles),
        "struck_note": any(each.is_struck for each in styles),
        "cluster_note": events.has_clusters,
    }
    yield from (key for key, is_there in explained.items() if is_there)


def _small(content: str, box: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{content}</svg>'


def _part(said: Said) -> dict[str, Any]:
    text, lang = said
    lines = text.splitlines()
    kept = text if len(lines) <= _MOST_LINES else " ".join(line for line in lines if line.strip())
    return {"text": _broken(kept), "lang": lang, "rtl": direction(lang) == "rtl"}


def _apart(text: str) -> str:
    """In the direction of its own first letters, whatever stands beside it."""
    return f"\u2068{text}\u2069"


def _broken(text: str) -> str:
    """What has no blank for long is broken all the same, lest it run off the page."""
    words = (
        "\u200b".join(word[at : at + _LONGEST_RUN] for at in range(0, len(word), _LONGEST_RUN))
        for word in text.split(" ")
    )
    return " ".join(words)
