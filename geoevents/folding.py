"""One text folding for names and search: case, diacritics, hamza and ayn, articles, Arabic letter forms.

Knows how spellings of one word meet. Knows nothing of places, gazetteers or queries.
To add a folding: a row in the table below, a row in tests/test_folding.py; the gazetteer index is compiled anew by itself.
"""

from __future__ import annotations

import re
import unicodedata

FOLDING_VERSION = 1

_LETTERS = str.maketrans(
    {
        # Latin letters that do not decompose, and the marks used for hamza and ayn.
        "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe",
        "'": "", "’": "", "‘": "", "ʼ": "", "ʾ": "", "ʿ": "", "`": "", "´": "", "ʻ": "", "ˈ": "", "′": "", "“": " ", "”": " ",
        # Arabic letters that writers exchange; tatweel is only length.
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ي", "ء": "", "ى": "ي", "ی": "ي", "ې": "ي", "ة": "ه", "ۀ": "ه", "ھ": "ه",
        "ہ": "ه", "ە": "ه", "ک": "ك", "گ": "ك", "ڤ": "ف", "پ": "ب", "چ": "ج", "ژ": "ز", "ـ": "",
    }
)  # fmt: skip
_SEPARATORS = re.compile(r"[\W_]+")
_ARTICLE = re.compile(r"\b(?:al|el|as|ash|ad|adh|an|ar|at|az|es|esh|ed|en|er|et|ez) (?=\w)|\bال(?=\w{3})")


def fold(text: str) -> str:
    """
    Fold case, diacritics, hamza, ayn, Arabic letter forms, digits and punctuation; keep every word.

    >>> fold("Serê Kaniyê"), fold("al-Sina’a")
    ('sere kaniye', 'al sinaa')
    >>> fold("الحَسَكة") == fold("الحسكه")
    True
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    digits = "".join(str(unicodedata.digit(c, c)) if c.isdigit() else c for c in bare)
    return _SEPARATORS.sub(" ", digits.translate(_LETTERS)).strip()


def fold_name(text: str) -> str:
    """
    Fold a name, its articles too: what two spellings of one toponym have in common.

    >>> fold_name("Al-Ḥasakah") == fold_name("Hasakah")
    True
    """
    folded = fold(text)
    bare = _ARTICLE.sub("", folded)
    return bare or folded
