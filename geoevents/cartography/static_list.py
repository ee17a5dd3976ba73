"""The list of a static map: the same events as tables, page by page, for readers without JavaScript.

Knows rows and pages. Knows nothing of maps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment, FileSystemLoader

from geoevents.cartography.asset_files import OWN
from geoevents.cartography.words import language_of_words, page_words
from geoevents.errors import BadInput
from geoevents.event_types import Taxonomy
from geoevents.events import Event, Status
from geoevents.messages import Message, direction
from geoevents.sources import check_url

A_PAGE = 500
# Pages that one may go to from another: the first, the last, and so many on each side.
_NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class Link:
    """A page to go to: its number as it is shown, its file, and whether one is there already."""

    text: str
    href: str
    is_here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSpec:
    """What the pages of one list have in common. `file` is the first page's; `total` counts all events."""

    lang: str
    taxonomy: Taxonomy
    total: int
    title: str
    matched: str
    said: Sequence[str] = ()
    file: str = "list.html"
    map_file: str = "index.html"
    languages: Sequence[tuple[str, str, str]] = ()
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // A_PAGE))

    def file_of(self, page: int) -> str:
        """Pages count from 1."""
        return self.file if page == 1 else self.file.replace(".html", f"-{page}.html")


class ListWriter:
    """Renders the pages of one list."""

    def __init__(self, spec: ListSpec) -> None:
        self.spec = spec
        shell = Environment(loader=FileSystemLoader(OWN), autoescape=True)
        self._template = shell.get_template("static_list.html")
        words = language_of_words(spec.lang)
        self._values = {"lang": words, "dir": direction(words), "words": page_words(spec.lang), "spec": spec}

    def page(self, number: int, events: Sequence[Event]) -> bytes:
        spec = self.spec
        rows = [_row(event, spec.lang, spec.taxonomy) for event in events]
        which = Message("Page {number} of {count}", number=number, count=spec.pages)
        values = {
            "events": rows,
            "links": list(self._links(number)) if spec.pages > 1 else [],
            "which": which.in_language(language_of_words(spec.lang)),
        }
        return self._template.render(**values, **self._values).encode()

    def _links(self, number: int) -> Iterator[Link]:
        last, before = self.spec.pages, 0
        near = range(number - _NEIGHBOURS, number + _NEIGHBOURS + 1)
        for page in sorted({1, last, *(each for each in near if 1 <= each <= last)}):
            if page > before + 1:
                yield Link("…", "")
            yield Link(str(page), self.spec.file_of(page), is_here=page == number)
            before = page


def _row(event: Event, lang: str, taxonomy: Taxonomy) -> dict[str, Any]:
    translated = next((each for each in event.translations if each.lang == lang and each.title), None)
    return {
        "id": event.id,
        "date_start": event.date_start.isoformat(),
        "date_end": event.date_end.isoformat() if event.date_end else None,
        "type": taxonomy.label(event.event_type, lang),
        "title": translated.title if translated else event.title,
        "lang": translated.lang if translated else event.lang,
        "place": event.place_label or event.place_name or event.admin1,
        "is_retracted": event.status is Status.RETRACTED,
        "sources": [
            {"name": each.publisher or each.said_by or each.title or "–", "url": _safe(each.url)}
            for each in event.sources
        ],
    }


def _safe(url: str | None) -> str | None:
    try:
        return check_url(url, "url") if url else None
    except BadInput:
        return None
