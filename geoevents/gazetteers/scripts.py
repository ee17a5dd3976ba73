"""In which language a name may be, by its letters alone: sources list other names without saying.

Knows the letters of Arabic and of Kurdish in Arabic letters. Claims nothing of names in Latin letters.
"""

from __future__ import annotations

import re

_ARABIC = re.compile(r"[\sء-غف-ي\u064b-\u0652]+")
# Letters of Central Kurdish (Sorani) that neither Arabic nor Persian has.
_KURDISH = re.compile("[ێۆڕڵەڤ]")
_FIRST_ARABIC, _LAST_ARABIC = "\u0600", "\u06ff"
_LONGEST = 200


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
