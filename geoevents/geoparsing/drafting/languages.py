"""In which language a text is, by its letters and by whose phrases it has.

Knows the four languages of data/drafting/. Knows nothing of what is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from geoevents.geoparsing.drafting.phrases import Word

_ARABIC = re.compile("[\u0620-\u064a]")
# Each begins a text of its language within its first words; none of them is a word of another.
_KURMANJI = "û li ji ku bi hate hatin jî wek bû bûn êrîş kir kirin"
_TURKISH = "ve bir bu için ile da olarak olan göre sonra çok edildi oldu"
_ENGLISH = "the of and in on to was were said by that with from at"
_OWN = tuple(
    (lang, frozenset(own.split())) for lang, own in (("en", _ENGLISH), ("kmr", _KURMANJI), ("tr", _TURKISH))
)
_READ = 400


def language_of(words: Sequence[Word]) -> str:
    """en, ar, kmr or tr: whatever most of the first words are of; English where nothing tells."""
    first = words[:_READ]
    if sum(_ARABIC.match(word.text) is not None for word in first) * 2 > len(first):
        return "ar"
    counts: Counter[str] = Counter()
    for word in first:
        written = word.text.lower()
        for lang, own in _OWN:
            counts[lang] += written in own
        counts["tr"] += any(letter in written for letter in "ığ")
        counts["kmr"] += any(letter in written for letter in "êî")
    best = max(("en", "kmr", "tr"), key=lambda lang: counts[lang])
    return best if counts[best] else "en"
