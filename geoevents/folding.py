"""One text folding for names and search: case, diacritics, hamza and ayn, articles, Arabic letter forms.

Knows how spellings of one word meet. Knows nothing of places, gazetteers or queries.
To add a folding: a row in the tables below, a row in tests/test_folding.py. The gazetteer's index, which
remembers what this file was (gazetteers/fingerprints.py), is then compiled anew by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

# Writers mark hamza and ayn in many ways, or not at all: dropped, so that Ya'rubiyah is one word.
_HAMZA_AND_AYN = "'’‘‛ʼʾʿʻˈˊˋʹʺ`´′″＇׳״ꞌ"
# Latin letters that do not decompose. Arabic letters that writers exchange, with those of Persian, Kurdish
# and Urdu; tatweel is only length.
_LETTERS = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ə": "e",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ۆ": "و", "ۇ": "و", "ئ": "ي", "ى": "ي", "ی": "ي",
    "ې": "ي", "ێ": "ي", "ے": "ي", "ة": "ه", "ۀ": "ه", "ھ": "ه", "ہ": "ه", "ە": "ه", "ک": "ك", "گ": "ك",
    "ڤ": "ف", "پ": "ب", "چ": "ج", "ژ": "ز", "ڕ": "ر", "ڵ": "ل", "ء": "", "ـ": "",
}  # fmt: skip
# An article takes the sound of a "sun letter" after it: ar-Raqqah, ez-Zor. So "An Loc" keeps its first word.
_ARTICLE = re.compile(
    r"^the (?=\w)|\b[aeu]l (?=\w)|\b[ae](sh|dh|th|[bcdfghjklmnpqrstvwxyz]) (?=\1)"
    r"|(?<=\w )[ae]([zstrnd])(?=\2\w\w)|\bال(?=\w{3})"
)
# str.split takes this character for a space, so that a single text folds as it should.
_BETWEEN = "\x1f"


class _Characters(dict[int, str]):
    """What each character folds to, worked out when first met; str.translate does the rest."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if unicodedata.category(char) in ("Cn", "Cs", "Co"):
            return " "  # and not kept: nobody may fill the table
        self[code] = folded = _fold_character(char)
        return folded


def fold(text: str) -> str:
    """
    Fold case, diacritics, hamza, ayn, Arabic letter forms, digits and punctuation; keep every word.

    >>> fold("Serê Kaniyê"), fold("al-Sina’a")
    ('sere kaniye', 'al sinaa')
    >>> fold("الحَسَكة") == fold("الحسكه")
    True
    """
    return " ".join(text.translate(_CHARACTERS).split())


def fold_name(text: str) -> str:
    """
    Fold a name, its articles too: what two spellings of one toponym have in common.

    >>> fold_name("Al-Ḥasakah") == fold_name("Hasakah")
    True
    >>> fold_name("Deir ez-Zor") == fold_name("Deir Ezzor")
    True
    """
    return _without_articles(fold(text))


# A look-up asks for the keys of the same few names again and again.
@lru_cache(maxsize=16_384)
def name_key(text: str) -> str:
    """
    Fold a name to one word: writers part and join the words of a name as they like.

    >>> name_key("Kafr Sajna") == name_key("Kafrsajna")
    True
    """
    return fold_name(text).replace(" ", "")


def name_keys(texts: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """
    The distinct keys of some names, and whether an article was folded away: quicker than one by one.

    >>> sorted(name_keys(["al-Bab", "Al Bāb", "Kafr Sajna"]))
    [('bab', True), ('kafrsajna', False)]
    """
    together = _BETWEEN.join(text.replace(_BETWEEN, " ") for text in texts).translate(_CHARACTERS)
    for folded in {" ".join(part.split()) for part in together.split(_BETWEEN)}:
        bare = _without_articles(folded)
        yield bare.replace(" ", ""), bare != folded


def _without_articles(folded: str) -> str:
    if " " not in folded and "ال" not in folded:
        return folded
    bare = _ARTICLE.sub("", folded)
    return bare if len(bare) > 1 else folded


def _fold_character(char: str) -> str:
    lower = unicodedata.normalize("NFKC", char).casefold()
    if char in _HAMZA_AND_AYN:
        return ""
    written = "".join(_LETTERS.get(each, each) for each in lower)
    return "".join(_LETTERS.get(each, _bare(each)) for each in unicodedata.normalize("NFKD", written))


def _bare(char: str) -> str:
    """The character, a digit as 0 to 9, nothing for a mark on a letter, a space for what parts words."""
    if char.isdigit():
        return str(unicodedata.digit(char))
    kind = unicodedata.category(char)
    if unicodedata.combining(char) or kind == "Cf":
        return ""
    return char if kind[0] in "LNM" else " "


_CHARACTERS = _Characters({ord(_BETWEEN): _BETWEEN})
