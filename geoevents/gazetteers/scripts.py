"""In which language a name may be, by its letters alone: sources list other names without saying.

Knows the letters of Arabic and of Kurdish in Arabic letters. Claims nothing of names in Latin letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ARABIC = re.compile(r"[\sء-غف-ي\u064b-\u0652]+")
# Letters of Central Kurdish (Sorani) that neither Arabic nor Persian has.
_KURDISH = re.compile("[ێۆڕڵەڤ]")
_FIRST_ARABIC, _LAST_ARABIC = "\u0600", "\u06ff"
_LONGEST = 200
# Other languages, too, write names in Arabic's letters. Some spellings only Arabic has; some it has not.
_SURELY_ARABIC = re.compile(r"[أإؤىء]|ة\b")
_LIKELY_ARABIC = re.compile(r"\bال|[ثذصضطظ]")
_HARDLY_ARABIC = re.compile(r"ة\B|\bآ.*[اه]\b|[\u064b-\u0652]")


def language_of(name: str) -> str:
    """
    "ar" or "ckb" where the letters say so, else "".

    >>> language_of("عين العرب"), language_of("سەرێ کانیێ"), language_of("کوبانی"), language_of("Kobanê")
    ('ar', 'ckb', '', '')
    """
    if not _FIRST_ARABIC <= name[:1] <= _LAST_ARABIC:
        return ""
    if _ARABIC.fullmatch(name):
        return "ar"
    return "ckb" if _KURDISH.search(name) else ""


def arabic_among(names: Iterable[str]) -> str | None:
    """
    The name most surely Arabic of those in its letters, the first of equals; None where none is likely to be.

    >>> arabic_among(["آنقره", "أنقرة", "انقره"]), arabic_among(["تهران", "طهران"]), arabic_among(["آدانا"])
    ('أنقرة', 'طهران', None)
    """
    likely = [name for name in names if language_of(name) == "ar" and not _HARDLY_ARABIC.search(name)]
    return max(
        likely,
        key=lambda name: (bool(_SURELY_ARABIC.search(name)), bool(_LIKELY_ARABIC.search(name))),
        default=None,
    )


def is_code(name: str) -> bool:
    """
    Whether it is an airport's code and no name: of three letters (IATA) or four (ICAO), all capitals.

    >>> is_code("KAC"), is_code("OSKL"), is_code("Afrin")
    (True, True, False)
    """
    return 3 <= len(name) <= 4 and name.isascii() and name.isalpha() and name.isupper()


def names_among(cells: list[str]) -> list[tuple[str, str]]:
    """(language, name) of each that can be a name: no airport code, no link, nothing endless."""
    found = dict.fromkeys(cell.strip() for cell in cells)
    return [
        (language_of(name), name)
        for name in found
        if name and len(name) <= _LONGEST and not is_code(name) and "://" not in name
    ]
