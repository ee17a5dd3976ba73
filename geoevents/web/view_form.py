"""The form of a saved map: what was typed, and what is wrong with it. Nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from geoevents.errors import GeoEventsError, InvalidView
from geoevents.folding import fold
from geoevents.messages import COMPLETE_LANGUAGES, Message
from geoevents.views import Position, View, ViewTexts, read_question, read_slug, read_texts
from geoevents.workflows.map_views import Stand

_SAID = ("title", "caption", "credit")
_LONGEST_SLUG = 60


@dataclass(frozen=True, slots=True)
class ViewForm:
    """`typed` by field: slug, query, map, stand, and title-LANG, caption-LANG, credit-LANG."""

    typed: Mapping[str, str]
    base: View | None = None
    wrong: Mapping[str, object] = field(default_factory=dict)

    languages = COMPLETE_LANGUAGES

    @classmethod
    def blank(cls, asked: Mapping[str, str]) -> ViewForm:
        return cls({name: asked.get(name, "") for name in ("query", "map")})

    @classmethod
    def sent(cls, sent: Mapping[str, str], base: View | None = None) -> ViewForm:
        return cls(dict(sent.items()), base)

    @classmethod
    def of(cls, view: View) -> ViewForm:
        typed = {
            f"{name}-{lang}": getattr(texts, name) or ""
            for lang, texts in view.texts.items()
            for name in _SAID
        }
        return cls(typed, view)

    def value(self, name: str) -> str:
        return self.typed.get(name, "")

    def blamed(self, error: GeoEventsError) -> ViewForm:
        """The same form with the fault beside its field, or above all where it has none here."""
        return replace(self, wrong={error.field or "": error.message})

    def texts(self) -> Mapping[str, ViewTexts]:
        """What was typed, and beside it what the view says in languages the form has no fields for."""
        kept = {} if self.base is None else dict(self.base.texts)
        typed = {lang: {name: self.value(f"{name}-{lang}") for name in _SAID} for lang in COMPLETE_LANGUAGES}
        others = {
            lang: {name: getattr(texts, name) for name in _SAID}
            for lang, texts in kept.items()
            if lang not in typed
        }
        return read_texts(others | typed)

    def stand(self) -> Stand:
        """Raises InvalidView for one that the form does not offer."""
        try:
            return Stand(self.value("stand") or (Stand.KEPT if self.base else Stand.LIVE))
        except ValueError:
            raise InvalidView(
                Message(
                    "'{text}' is not a {name}. Use one of: {choices}.",
                    text=self.value("stand")[:60],
                    name="stand",
                    choices=", ".join(Stand),
                ),
                "stand",
            ) from None

    def view(self, now: datetime) -> View:
        """Raises InvalidView, InvalidQuery."""
        texts = self.texts()
        position = self.value("map").strip()
        return View(
            slug=read_slug(self.value("slug").strip() or _slug_of(texts)),
            texts=texts,
            query=read_question(self.value("query").strip()),
            position=Position.parse(position) if position else None,
            created=now,
            updated=now,
        )


def _slug_of(texts: Mapping[str, ViewTexts]) -> str:
    """An address made of the title, where its letters allow it."""
    title = next((each.title for lang, each in sorted(texts.items(), key=_english_first) if each.title), "")
    return re.sub(r"[^a-z0-9]+", "-", fold(title or ""))[:_LONGEST_SLUG].strip("-")


def _english_first(item: tuple[str, ViewTexts]) -> bool:
    return item[0] != "en"
