"""In which encoding a text file is: said by its first bytes, proven by all, or likely by its letters.

Knows UTF-8, UTF-16 and the two Windows code pages that tables of the region come in. It says when it guesses.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from geoevents.errors import BadInput
from geoevents.messages import Message

OFFERED = ("utf-8", "utf-16", "windows-1256", "windows-1254")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_CHUNK = 1 << 20
# The bytes of windows-1254 that Turkish and Kurmanji write: of other letters they have no use.
_LATIN = frozenset("çğıöşüÇĞİÖŞÜâîûêÂÎÛÊ’‘“”–—…é".encode("cp1254"))
_SURELY = 0.9
# They make up some 60 % of any Arabic text.
_MOST_WRITTEN, _OFTEN = frozenset("اليمونرتبة"), 0.4


def encoding_of(path: Path, said: str | None = None) -> tuple[str, tuple[Message, ...]]:
    """
    The codec to read a file with, and a note where that is only likely.

    Raises BadInput for an encoding nobody knows, and where none can be told from the bytes.
    """
    with path.open("rb") as file:
        start = file.read(_CHUNK)
    marked = next((codec for mark, codec in _MARKS if start.startswith(mark)), None)
    if said is not None:
        # What stands in front of the file is no guess.
        return marked or _known(said), ()
    if marked is not None:
        return marked, ()
    if (wide := _wide(start)) is not None:
        return wide, (_read_as(path, "utf-16"),)
    if _is_utf8(path):
        return "utf-8", ()
    guess = _code_page(start)
    if guess is None:
        raise BadInput(
            Message(
                "{path} is not UTF-8, and its letters do not say what it is. Say it with --encoding: {some}.",
                path=path.name, some=", ".join(OFFERED),
            ),
            "encoding",
        )  # fmt: skip
    return guess, (_read_as(path, guess),)


def _known(name: str) -> str:
    try:
        info = codecs.lookup(name.strip())
        b"".decode(info.name)  # what is no text encoding (zip, base64) says so here
    except (LookupError, UnicodeError, ValueError):
        raise BadInput(
            Message("'{name}' is no encoding. Use one of: {some}.", name=name[:40], some=", ".join(OFFERED)),
            "encoding",
        ) from None
    return "utf-8-sig" if info.name == "utf-8" else info.name


def _read_as(path: Path, encoding: str) -> Message:
    return Message(
        "{path} does not say its encoding: by its letters it is read as {encoding}. If they look wrong, say"
        " --encoding.",
        path=path.name, encoding=encoding.replace("cp", "windows-"),
    )  # fmt: skip


def _wide(start: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of digits, delimiters and line ends is zero."""
    half = max(len(start) // 2, 1)
    if start[1::2].count(0) > 0.3 * half:
        return "utf-16-le"
    return "utf-16-be" if start[::2].count(0) > 0.3 * half else None


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            for chunk in iter(lambda: file.read(_CHUNK), b""):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _code_page(start: bytes) -> str | None:
    """Arabic words are of high bytes throughout; in Turkish ones a few stand alone among plain letters."""
    high = [index for index, byte in enumerate(start) if byte > 0x7F]
    if not high:
        return None
    together = sum(
        (index > 0 and start[index - 1] > 0x7F) or (index + 1 < len(start) and start[index + 1] > 0x7F)
        for index in high
    )
    if together / len(high) >= _SURELY and _is_arabic(start):
        return "cp1256"
    if sum(start[index] in _LATIN for index in high) / len(high) >= _SURELY:
        return "cp1254"
    return None


def _is_arabic(start: bytes) -> bool:
    letters = [letter for letter in start.decode("cp1256", "replace") if letter > "\x7f"]
    is_script = sum("\u0600" <= letter <= "\u06ff" for letter in letters) / len(letters) >= _SURELY
    # Other scripts have Arabic letters at their bytes as well, but not the ones that Arabic writes most.
    return is_script and sum(letter in _MOST_WRITTEN for letter in letters) / len(letters) >= _OFTEN
