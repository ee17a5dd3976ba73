"""Names that reports are full of and that are seldom places: people's, groups', plain words, parts of names.

Knows data/gazetteer/not_places.csv and what an index keeps of it. What follows for a place is doubts.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from geoevents.errors import InvalidPlace
from geoevents.folding import name_key
from geoevents.gazetteers.descriptors import Vocabulary
from geoevents.messages import Message

# part: a word that many names begin with ("spring", "hill"); descriptor: a word of descriptors.json.
KINDS = ("person_name", "organisation", "word", "part", "descriptor")
_META = "not a place: "


def rows(path: Path, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """
    (meta key, kind) of every name, folded, for the index; the first kind of a name in the file counts.

    Raises InvalidPlace, naming the row, over a kind that is none of KINDS.
    """
    # Only compiling reads the file.
    import csv

    known: dict[str, str] = {}
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), 2):
                if row["kind"] not in KINDS:
                    raise _unreadable(f"{path}, row {number}", row["kind"])
                for name in row["names"].split("|"):
                    known.setdefault(name_key(name), row["kind"])
    for words in vocabulary.descriptors:
        known.setdefault(name_key(" ".join(words)), "descriptor")
    return ((meta_key(key), kind) for key, kind in known.items())


def _unreadable(where: str, kind: str) -> InvalidPlace:
    reason = f"'{kind}' is not a kind; write one of {', '.join(KINDS)}"
    return InvalidPlace(Message("{where} cannot be read: {reason}.", where=where, reason=reason))


def meta_key(key: str) -> str:
    """The key in the index's table `meta` under which it says of a folded name which of KINDS it is."""
    return _META + key
