"""Positions as people write them: degrees, minutes and seconds, decimal commas, both in one cell.

Knows notations. Knows nothing of columns, nor which of two numbers is meant where nobody says (rows.py).
"""

from __future__ import annotations

import re
import unicodedata

# A side of the Earth, before or behind: what it counts along, and which way.
_SIDES = {
    "n": ("lat", 1), "s": ("lat", -1), "e": ("lon", 1), "w": ("lon", -1),
    "شمال": ("lat", 1), "شمالا": ("lat", 1), "جنوب": ("lat", -1), "جنوبا": ("lat", -1),
    "شرق": ("lon", 1), "شرقا": ("lon", 1), "غرب": ("lon", -1), "غربا": ("lon", -1),
}  # fmt: skip
_SIDE = "|".join(sorted(_SIDES, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[.,]\d{1,20})?"
_SMALL = r"\d{1,2}(?:[.,]\d{1,20})?"
_ANGLE = re.compile(
    rf"(?P<before>{_SIDE})?\s*(?P<sign>[-+])?\s*(?P<degrees>{_NUMBER})\s*°?"
    rf"(?:\s*(?P<minutes>{_SMALL})\s*'?(?:\s*(?P<seconds>{_SMALL})\s*\"?)?)?\s*(?P<after>{_SIDE})?"
)
_MARKS = {
    "º": "°", "˚": "°", "′": "'", "’": "'", "ʹ": "'", "`": "'", "´": "'", "″": '"', "”": '"', "“": '"',
    "−": "-", "–": "-", "\u066b": ".", "\u060c": ",", "\u00a0": " ", "\u202f": " ",
}  # fmt: skip
_PARTED = (re.compile(r"\s*[;/|]\s*"), re.compile(r",\s+|\s+,\s*"), re.compile(r","), re.compile(r"\s+"))
_POINT = re.compile(r"\s*POINT\s*\(\s*(\S+)\s+(\S+)\s*\)\s*", re.IGNORECASE)
_BEHIND_A_SIDE = re.compile(rf"[\d'\"°]\s?({_SIDE})[\s,;]+(?=\d)")


def read_angle(text: str) -> tuple[float, str | None] | None:
    """
    Degrees, and "lon" or "lat" where a side of the Earth is named; None for what is no angle.

    >>> read_angle("36°30'15\\"N"), read_angle("40,75"), read_angle("W 3 30"), read_angle("near the river")
    ((36.50416666666667, 'lat'), (40.75, None), (-3.5, 'lon'), None)
    """
    match = _ANGLE.fullmatch(_plain(text))
    if match is None or (match["before"] and match["after"]):
        return None
    degrees, minutes, seconds = (
        float((match[name] or "0").replace(",", ".")) for name in ("degrees", "minutes", "seconds")
    )
    # "36 40" beside each other may be two numbers as well; with parts of a degree behind they are.
    if match["minutes"] and (not degrees.is_integer() or minutes >= 60 or seconds >= 60):
        return None
    axis, way = _SIDES.get(match["before"] or match["after"] or "", (None, 1))
    value = degrees + minutes / 60 + seconds / 3600
    return value * way * (-1 if match["sign"] == "-" else 1), axis


def read_pair(text: str) -> tuple[float, float] | None:
    """
    (lon, lat) of both in one cell: latitude first, as most maps write them, unless their sides are named.

    >>> read_pair("36.5, 40.75"), read_pair("40,75 E; 36,5 N"), read_pair("POINT (40.75 36.5)")
    ((40.75, 36.5), (40.75, 36.5), (40.75, 36.5))
    """
    plain = _plain(text)
    if match := _POINT.fullmatch(plain.replace("point", "POINT")):
        lon, lat = read_angle(match[1]), read_angle(match[2])
        return (lon[0], lat[0]) if lon and lat else None
    for parts in _halves(plain.strip("()[] ")):
        first, second = (read_angle(part) for part in parts)
        if first is None or second is None or (first[1] == second[1] and first[1] is not None):
            continue
        is_lon_first = first[1] == "lon" or second[1] == "lat"
        return (first[0], second[0]) if is_lon_first else (second[0], first[0])
    return None


def _halves(text: str) -> list[tuple[str, str]]:
    if behind := _BEHIND_A_SIDE.search(text):
        return [(text[: behind.end(1)], text[behind.end() :])]
    found: list[tuple[str, str]] = []
    for mark in _PARTED:
        parts = mark.split(text)
        if len(parts) % 2 == 0 and len(parts) <= 6:
            middle = list(mark.finditer(text))[len(parts) // 2 - 1]
            found.append((text[: middle.start()], text[middle.end() :]))
    return found


def _plain(text: str) -> str:
    """Digits of any script as ASCII, the many marks for degrees, minutes and seconds as one each."""
    # Most cells are plain numbers already.
    if not text.isascii():
        text = "".join(
            str(unicodedata.digit(letter)) if letter.isdigit() else _MARKS.get(letter, letter)
            for letter in text
        )
    return text.strip().lower().replace("''", '"')
