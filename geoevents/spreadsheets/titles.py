"""A title for a row that has none: the first sentence of its text, or who did what, and where.

Knows sentences of our languages as far as their marks go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from geoevents.event_types import Taxonomy

_LONGEST = 200
# A sentence ends with a mark and a blank; one letter or a short word before a full stop is an abbreviation.
_END = re.compile(
    r"(?<![\s.][A-Z])(?<!\b(?:Dr|Mr|Lt|No|St))(?<!\b(?:Col|Gen|Maj))[.!?؟۔]+[\"'”’»)]*(?=\s|$)|\n"
)


def first_sentence(text: str, longest: int = _LONGEST) -> str:
    """
    The first sentence, on one line; a long one is cut behind a word.

    >>> first_sentence("A convoy was stopped near the gate. It turned back.")
    'A convoy was stopped near the gate'
    """
    text = text.strip()
    end = _END.search(text)
    sentence = " ".join((text[: end.start()] if end else text).split())
    if len(sentence) <= longest:
        return sentence
    cut = sentence[: longest - 1].rpartition(" ")[0] or sentence[: longest - 1]
    return f"{cut.rstrip(',;:')}…"


def title_of(properties: Mapping[str, Any], taxonomy: Taxonomy) -> str | None:
    """What a row without a title is called, or None where it says nothing that could be."""
    if description := properties.get("description"):
        return first_sentence(description)
    sources = properties.get("sources")
    if isinstance(sources, list) and sources and sources[0].get("title"):
        return first_sentence(sources[0]["title"])
    actors = properties.get("actors")
    sides = (
        [each["name"] for each in actors if each["role"].startswith("side")]
        if isinstance(actors, list)
        else []
    )
    code = properties.get("event_type")
    what = " – ".join(sides) or (taxonomy.label(code, "en") if code else "")
    return ", ".join(part for part in (what, properties.get("place_name")) if part)[:_LONGEST] or None
