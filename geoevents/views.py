"""A saved map: which question, where the map stands, what is said of it in each language, live or frozen.

Knows one view and how it is written down. Knows nothing of files, pages or events.
To say one more thing of a view: a name in _TEXTS, a field of ViewTexts, a field of its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from geoevents.errors import BadInput, InvalidView
from geoevents.messages import Message
from geoevents.places import LonLat
from geoevents.queries import EventQuery
from geoevents.texts import clean_text

LAST_ZOOM = 16
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_SHA = re.compile(r"[0-9a-f]{64}")
# Addresses beside the saved maps, and what `view` asks for elsewhere.
_TAKEN = frozenset({"new", "internal"})
_TEXTS: Mapping[str, int] = {"title": 200, "caption": 2_000, "credit": 300}
_KEYS = frozenset({"slug", "texts", "query", "position", "frozen", "created", "updated"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewTexts:
    """What is said of a map in one language: its title, a caption, whom to credit. None is not said."""

    title: str | None = None
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a map stands: its middle, and Leaflet's zoom."""

    middle: LonLat
    zoom: int

    @classmethod
    def parse(cls, text: str) -> Position:
        """
        Read zoom/lat/lon, as the map's own address has it. Raises InvalidView.

        >>> Position.parse("9/36.50/40.75").middle
        LonLat(lon=40.75, lat=36.5)
        """
        try:
            first, *middle = (float(part) for part in text.split("/"))
            lon = middle.pop()
            (lat,) = middle
            return cls(middle=LonLat(lon=lon, lat=lat), zoom=_zoom(int(first)))
        except (ValueError, OverflowError) as error:
            raise _wrong("position", f"'{text[:60]}'", error) from None

    def __str__(self) -> str:
        """zoom/lat/lon, as finely as it can be seen."""
        digits = max(2, -(-self.zoom // 3))
        return f"{self.zoom}/{self.middle.lat:.{digits}f}/{self.middle.lon:.{digits}f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """As of when a view shows its events: the instant, UTC; the public revision; how many, in which bytes."""

    at: datetime
    revision: int
    events: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """
    A map with a name. `query` is canonical; `position` None fits the map to its events.

    `texts` are by language, at least one with a title; `frozen` None follows the events.
    """

    slug: str
    texts: Mapping[str, ViewTexts]
    query: str
    position: Position | None = None
    frozen: Frozen | None = None
    created: datetime
    updated: datetime

    def text(self, name: str, lang: str) -> tuple[str, str] | None:
        """`title`, `caption` or `credit` and the language it is in: the reader's, English, else the first."""
        for each in (lang, "en", *self.texts):
            if each in self.texts and (said := getattr(self.texts[each], name)):
                return said, each
        return None

    def title(self, lang: str) -> str:
        found = self.text("title", lang)
        return found[0] if found else self.slug

    def asked(self, beside: Iterable[tuple[str, str]] = ()) -> EventQuery:
        """The question; what is asked beside takes the place of what it asks itself. Raises InvalidQuery."""
        pairs = list(beside)
        named = {name for name, text in pairs if text.strip()}
        return EventQuery.parse([*pairs, *(pair for pair in parse_qsl(self.query) if pair[0] not in named)])

    def as_json(self) -> dict[str, Any]:
        said = {
            lang: {name: getattr(texts, name) for name in _TEXTS}
            for lang, texts in sorted(self.texts.items())
        }
        frozen = self.frozen and {
            "at": self.frozen.at.isoformat(),
            "revision": self.frozen.revision,
            "events": self.frozen.events,
            "sha256": self.frozen.sha256,
        }
        return {
            "slug": self.slug,
            "texts": said,
            "query": self.query,
            "position": str(self.position) if self.position else None,
            "frozen": frozen,
            "created": self.created.isoformat(),
            "updated": self.updated.isoformat(),
        }

    @classmethod
    def from_json(cls, raw: object) -> View:
        """Read strictly what `as_json` wrote, or a person by hand. Raises InvalidView naming the field."""
        if not isinstance(raw, dict) or (unknown := set(raw) - _KEYS):
            named = ", ".join(sorted(unknown)) if isinstance(raw, dict) else str(raw)
            raise InvalidView(Message("'{text}' is no saved map, or no part of one.", text=named[:60]))
        position, frozen = raw.get("position"), raw.get("frozen")
        return cls(
            slug=read_slug(raw.get("slug")),
            texts=read_texts(raw.get("texts")),
            query=read_question(raw.get("query", "")),
            position=Position.parse(str(position)) if position else None,
            frozen=_frozen(frozen) if frozen else None,
            created=_instant(raw.get("created"), "created"),
            updated=_instant(raw.get("updated"), "updated"),
        )


def read_slug(text: object) -> str:
    """The name that stands in the address. Raises InvalidView."""
    if not isinstance(text, str) or not _SLUG.fullmatch(text) or text in _TAKEN:
        raise InvalidView(
            Message(
                "'{text}' cannot be the address of a map. Write small letters a-z, digits and hyphens, "
                "60 at most, such as border-crossings.",
                text=str(text)[:60],
            ),
            "slug",
        )
    return text


def read_texts(raw: object) -> Mapping[str, ViewTexts]:
    """{language: {title, caption, credit}}, cleaned as any text that was typed. Raises InvalidView."""
    if not isinstance(raw, dict):
        raise InvalidView(Message("{field} is missing.", field="texts"), "texts")
    texts = {}
    for lang, said in raw.items():
        if not _LANGUAGE.fullmatch(str(lang)) or not isinstance(said, dict) or set(said) - set(_TEXTS):
            raise InvalidView(
                Message("'{text}' is no saved map, or no part of one.", text=f"texts.{lang}"[:60]), "texts"
            )
        found = {name: _text(said.get(name), name, lang) for name in _TEXTS}
        if any(found.values()):
            texts[str(lang)] = ViewTexts(**found)
    if not any(each.title for each in texts.values()):
        raise InvalidView(Message("A saved map needs a title. Write one."), "title")
    return texts


def read_question(text: object) -> str:
    """The canonical query string that asks for the same events. Raises InvalidQuery."""
    query = EventQuery.parse(parse_qsl(str(text).lstrip("?")))
    plain = EventQuery()
    return replace(query, lang=None, limit=None, after=None, in_view=None, sort=plain.sort).canonical()


def _text(value: object, name: str, lang: str) -> str | None:
    if value is None:
        return None
    try:
        return clean_text(value, name, limit=_TEXTS[name], multiline=name == "caption")[0]
    except BadInput as error:
        raise InvalidView(error.message, f"{name}-{lang}") from None


def _frozen(raw: object) -> Frozen:
    try:
        at = _instant(raw["at"], "frozen")  # type: ignore[index]
        revision, events, sha = raw["revision"], raw["events"], raw["sha256"]  # type: ignore[index]
        if type(revision) is not int or type(events) is not int or not _SHA.fullmatch(sha):
            raise ValueError(sha)
        return Frozen(at=at, revision=revision, events=events, sha256=sha)
    except (KeyError, TypeError, ValueError) as error:
        raise _wrong("frozen", str(raw)[:60], error) from None


def _instant(text: object, field: str) -> datetime:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise _wrong(field, f"'{str(text)[:60]}'", error) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _zoom(zoom: int) -> int:
    if not 0 <= zoom <= LAST_ZOOM:
        raise ValueError(zoom)
    return zoom


def _wrong(field: str, text: str, _: Exception) -> InvalidView:
    return InvalidView(
        Message("{field}: {text} is not what stands there. Save the map anew.", field=field, text=text), field
    )
