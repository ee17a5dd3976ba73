"""The words of a PDF that typst wrote, and what it says of itself; enough of PDF for that and no more."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|(/ActualText ?\(|\()|\b(ET)\b")
_PIECE = re.compile(rb"\\([0-7]{1,3}|.)|([()])|([^\\()]+)", re.DOTALL)
# In place of a letter that no font has.
MISSING = "\ufffd"
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def words_of(pdf: bytes) -> str:
    """All that is set as type, in the order it is written; a line for each run."""
    objects = {int(found[1]): found[2] for found in _OBJECT.finditer(pdf)}
    fonts: dict[bytes, dict[int, str]] = {}
    for body in objects.values():
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", body):
            unicode = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
            if unicode:
                fonts[name] = _characters(_stream(objects[int(unicode[1])]))
    (page,) = (body for body in objects.values() if b"/Type/Page/" in body)
    (contents,) = re.findall(rb"/Contents (\d+) 0 R", page)
    said, known, at, content = [], {}, 0, _stream(objects[int(contents)])
    while found := _SHOWN.search(content, at):
        font, text, _ = found.groups()
        at = found.end()
        if font:
            known = fonts[font]
        elif text:
            glyphs, at = _string(content, at)
            if text != b"(":
                continue
            pairs = zip(glyphs[::2], glyphs[1::2], strict=True)
            said.append("".join(_letter(known, 256 * high + low) for high, low in pairs))
        else:
            said.append("\n")
    return "".join(said)


def title_of(pdf: bytes) -> str:
    """The title in its description (XMP)."""
    found = re.search(rb"<dc:title><rdf:Alt><rdf:li[^>]*>(.*?)</rdf:li>", pdf, re.DOTALL)
    assert found
    return found[1].decode()


def _characters(cmap: bytes) -> dict[int, str]:
    pairs = re.findall(rb"^<([0-9A-F]{4})> <([0-9A-F]+)>$", cmap, re.MULTILINE)
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}


def _stream(body: bytes) -> bytes:
    head, _, rest = body.partition(b"stream\n")
    data = rest.rpartition(b"\nendstream")[0]
    return zlib.decompress(data) if b"FlateDecode" in head else data


def _letter(known: dict[int, str], glyph: int) -> str:
    """Glyph 0 is drawn where a font has no letter; one that stands for several texts is told elsewhere."""
    return known.get(glyph, "") if glyph else MISSING


def _string(content: bytes, at: int) -> tuple[bytes, int]:
    """What a string says, of which the first bracket was read, and where it ends."""
    said, depth = [], 1
    while depth:
        piece = _PIECE.match(content, at)
        assert piece
        at = piece.end()
        escaped, bracket, plain = piece.groups()
        if bracket:
            depth += 1 if bracket == b"(" else -1
        if escaped:
            said.append(bytes([int(escaped, 8)]) if escaped.isdigit() else _ESCAPES.get(escaped, escaped))
        elif depth:
            said.append(plain or bracket)
    return b"".join(said), at
