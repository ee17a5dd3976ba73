"""What a person reads: a sentence with named parts, translated at the edge.

Knows sentences, languages and catalogues (translations/LANG/LC_MESSAGES/messages.po). Knows nothing of
requests or pages.
To add a sentence: write it as a literal first argument of Message or _(), then `make translations`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gettext

CATALOGUES = Path(__file__).parent / "translations"
COMPLETE_LANGUAGES = ("en", "ar")
# A folder's name, so never a path: what is longer or has other letters is no language of ours.
_TAG = re.compile(r"[A-Za-z0-9]{2,8}")
# Months as the Levant names them: كانون الثاني, not يناير.
_DAY_LOCALES = {"ar": "ar_SY"}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ckb"})


class Message:
    """
    An English sentence with {named} parts, kept apart until somebody's language is known.

    A part may be text, a number, a day or another Message. `plural` is the sentence for
    a `count` other than one.

    >>> str(Message("'{text}' is not a date.", text="soon"))
    "'soon' is not a date."
    >>> str(Message("{count} event", plural="{count} events", count=3))
    '3 events'
    """

    __slots__ = ("id", "params", "plural")

    def __init__(self, id: str, /, *, plural: str | None = None, **params: object) -> None:
        self.id = id
        self.plural = plural
        self.params: Mapping[str, object] = params

    def __str__(self) -> str:
        return self.in_language("en")

    def __repr__(self) -> str:
        return f"Message({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Message):
            return NotImplemented
        return (self.id, self.plural, self.params) == (other.id, other.plural, other.params)

    def __hash__(self) -> int:
        return hash((self.id, self.plural))

    def in_language(self, lang: str) -> str:
        """The sentence in a language we have, else in English. Never raises over a translator's slip."""
        pattern = self.id if self.plural is None and lang == "en" else _pattern(_catalogue(lang), self)
        parts = {name: _part(value, lang) for name, value in self.params.items()}
        try:
            return pattern.format_map(parts)
        except (KeyError, IndexError, ValueError, AttributeError, TypeError):
            return self.id.format_map(parts)


def say(text: object, lang: str) -> str:
    """`text` in `lang`, whether it is a Message or already words."""
    return text.in_language(lang) if isinstance(text, Message) else str(text)


def direction(lang: str) -> str:
    """
    "rtl" or "ltr", for a BCP-47 tag.

    >>> direction("ar-SY"), direction("kmr")
    ('rtl', 'ltr')
    """
    return "rtl" if lang.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


@lru_cache(maxsize=16)
def _catalogue(lang: str) -> gettext.NullTranslations:
    # Loaded by whom English without plurals does not do.
    import gettext

    # The .po is the one truth: it is read as it is, so no compiled file can be out of date.
    path = CATALOGUES / lang / "LC_MESSAGES" / "messages.po"
    if lang == "en" or not _TAG.fullmatch(lang) or not path.exists():
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        catalogue = read_po(file, locale=lang)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _pattern(catalogue: gettext.NullTranslations, message: Message) -> str:
    if message.plural is None:
        return catalogue.gettext(message.id)
    count = message.params.get("count")
    return catalogue.ngettext(message.id, message.plural, count if isinstance(count, int) else 2)


def _part(value: object, lang: str) -> str:
    if isinstance(value, Message):
        return value.in_language(lang)
    if lang == "en":
        return str(value)
    from datetime import date

    if isinstance(value, date):
        from babel.core import UnknownLocaleError
        from babel.dates import format_date

        try:
            return format_date(value, "long", locale=_DAY_LOCALES.get(lang, lang.replace("-", "_")))
        except (UnknownLocaleError, ValueError):
            return value.isoformat()
    return str(value)
