"""Zip files that are documents (XLSX, KMZ): whether one may be opened at all.

Knows bombs, members outside, links, and XML that declares entities. Reads no more than it must to know.
"""

from __future__ import annotations

import re
import stat
import zipfile
from pathlib import Path
from typing import IO

from geoevents.errors import BadInput, TooLarge
from geoevents.messages import Message

MOST_UNPACKED = 300_000_000
MOST_MEMBERS = 2_000
# What a zip says of its files stands at its end; all of it is read before any file is.
_LARGEST = 200_000_000
# Tables of numbers pack 1 to 20. What is packed much tighter and is not small is no document.
_TIGHTEST = 150
_SMALL = 5_000_000
# Read at a time; what is looked for is shorter than what is looked at twice.
_PORTION, _TWICE = 1 << 20, 64
_DECLARES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# The same in UTF-16, which XML may come in too.
_DECLARES_WIDE = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)", re.IGNORECASE)


def check(path: Path) -> list[str]:
    """The names of the members. Raises BadInput over what is no document, TooLarge over what would burst."""
    if path.stat().st_size > _LARGEST:
        raise _bursts(path)
    try:
        with zipfile.ZipFile(path) as archive:
            found = [each for each in archive.infolist() if not each.is_dir()]
            _check_members(path, found)
            for each in found:
                if each.filename.lower().endswith((".xml", ".kml", ".rels")):
                    with archive.open(each) as member:
                        _refuse_entities_anywhere(member, path)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadInput(
            Message("{path} is damaged or no such file: {reason}.", path=path.name, reason=str(error)[:100])
        ) from None
    return [each.filename for each in found]


def refuse_entities(start: bytes, path: Path) -> None:
    """Raise BadInput where XML declares a document type: entities in it can be made to grow without end."""
    if _DECLARES.search(start) or _DECLARES_WIDE.search(start):
        raise BadInput(
            Message(
                "{path} declares a document type or entities, which are not read. Save it anew without them.",
                path=path.name,
            )
        )


def _refuse_entities_anywhere(member: IO[bytes], path: Path) -> None:
    kept = b""
    while portion := member.read(_PORTION):
        refuse_entities(kept + portion, path)
        kept = portion[-_TWICE:]


def _check_members(path: Path, found: list[zipfile.ZipInfo]) -> None:
    if len(found) > MOST_MEMBERS or sum(each.file_size for each in found) > MOST_UNPACKED:
        raise _bursts(path)
    for each in found:
        parts = Path(each.filename.replace("\\", "/")).parts
        is_link = stat.S_ISLNK(each.external_attr >> 16)
        if ".." in parts or each.filename.startswith(("/", "\\")) or is_link:
            raise BadInput(
                Message("{path} holds a file outside of itself, {name}.", path=path.name,
                        name=each.filename[:80])
            )  # fmt: skip
        if each.flag_bits & 1:
            raise BadInput(Message("{path} is encrypted. Save it without a password.", path=path.name))
        if each.file_size > _SMALL and each.file_size > _TIGHTEST * max(each.compress_size, 1):
            raise _bursts(path)


def _bursts(path: Path) -> TooLarge:
    return TooLarge(
        Message(
            "{path} would be more than {most} MB unpacked, or is packed as no document is. Save it as CSV.",
            path=path.name, most=MOST_UNPACKED // 1_000_000,
        )
    )  # fmt: skip
