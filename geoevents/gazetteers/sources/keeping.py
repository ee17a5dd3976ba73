"""Where added sources lie: <folder>/NAME/, its places a line each, and the manifest that puts them in force.

Knows the layout and what a manifest says. A source is there when its manifest is; writing that file, last, is
what adds or replaces it, taking it away, first, is what removes it. Knows nothing of formats.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from geoevents.errors import BadInput, GazetteerError
from geoevents.gazetteers.sources.records import Record
from geoevents.messages import Message

FORMAT = 1
MANIFEST = "manifest.json"
# Folders of what is being fetched, with the process that fetches.
INCOMING = ".incoming-"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
# Prefixes of ids that mean something already.
_TAKEN = (
    "geonames", "geoevents", "area", "line", "countryside", "district", "near", "pcode", "wof", "team",
    "online", "offset", "side", "between", "road", "along", "border",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """
    What is known of a source. `origin` is the address or path it came from, `rows` the file beside the
    manifest that has its places, `digest` the SHA-256 of what came; `options` are those of `add`.
    """

    name: str
    format: int = FORMAT
    reader: str
    origin: str
    received: str
    digest: str
    rows: str
    attribution: str
    licence: str | None = None
    url: str | None = None
    etag: str | None = None
    modified: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    read: int = 0
    taken: int = 0
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def thanks(self) -> str:
        """Whom to thank for it, and under which licence."""
        return f"{self.attribution} ({self.licence or 'licence not stated'})"

    @property
    def mark(self) -> str:
        """What of it makes an index what it is."""
        return f"{self.name} {self.reader} {self.rows} {self.thanks}"

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class Source:
    """An added source: its manifest and the folder it lies in."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        return self.manifest.name

    def order(self) -> tuple[bool, str]:
        """GeoNames' own come first: what they know is taken before what others say of the same place."""
        return self.manifest.reader != "geonames", self.name

    def records(self) -> Iterator[Record]:
        """Its places, one at a time. Raises GazetteerError where its file is damaged."""
        path = self.folder / self.manifest.rows
        try:
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    yield Record.from_line(line)
        except (OSError, EOFError, ValueError, TypeError) as error:
            raise GazetteerError(
                Message(
                    "The added source {name} is damaged ({reason}). Add it once more, or take it away with"
                    " `geoevents gazetteer remove`.", name=self.name, reason=error,
                )
            ) from None  # fmt: skip


def sources_in(folders: Iterable[Path]) -> list[Source]:
    """
    The sources in force, in the order they are compiled; of two of one name that of the first folder.

    One written by another version is left out; `unreadable_in` names it.
    """
    found: dict[str, Source] = {}
    for folder in folders:
        for manifest in _manifests(folder):
            if (source := _read(manifest)) is not None:
                found.setdefault(source.name, source)
    return sorted(found.values(), key=Source.order)


def unreadable_in(folders: Iterable[Path]) -> list[Path]:
    """The folders of sources that are there but cannot be taken."""
    return [path.parent for folder in folders for path in _manifests(folder) if _read(path) is None]


def checked_name(text: str) -> str:
    """Raises BadInput where a source cannot be called so."""
    if not _NAME.fullmatch(text) or text in _TAKEN:
        raise BadInput(
            Message("'{name}' cannot be the name of a source. Write small letters, digits and -, such as sy;"
                    " not one of {taken}.", name=text[:60], taken=", ".join(_TAKEN)), "name",
        )  # fmt: skip
    return text


def write_rows(folder: Path, records: Iterable[Record]) -> str:
    """Keep places in a file of their own in `folder`, and return its name. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"rows.{os.getpid()}.tmp"
    digest = hashlib.sha256()
    try:
        with unfinished.open("wb") as raw:
            with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=5, mtime=0) as out:
                for record in records:
                    line = record.as_line().encode()
                    digest.update(line)
                    out.write(line)
            raw.flush()
            os.fsync(raw.fileno())
        name = f"rows-{digest.hexdigest()[:16]}.jsonl.gz"
        unfinished.replace(folder / name)
    finally:
        unfinished.unlink(missing_ok=True)
    return name


def put_in_force(folder: Path, manifest: Manifest) -> None:
    """The one step that counts: a manifest in place of the old one, or where none was."""
    unfinished = folder / f"{MANIFEST}.{os.getpid()}.tmp"
    with unfinished.open("w", encoding="utf-8") as out:
        out.write(manifest.as_json())
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(folder / MANIFEST)
    sync(folder)


def sweep(folder: Path) -> None:
    """Remove what is no part of the source in force: older rows, and what a killed process left behind."""
    source = _read(folder / MANIFEST)
    for path in folder.iterdir() if folder.is_dir() else ():
        if source is None or path.name not in (MANIFEST, source.manifest.rows):
            path.unlink(missing_ok=True)
    if source is None:
        shutil.rmtree(folder, ignore_errors=True)


def tidy(folder: Path) -> None:
    """
    Remove what killed processes left, unless somebody adds or removes just now.

    A source that another version wrote is not ours to remove.
    """
    with suppress(OSError), (folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in folder.glob(f"{INCOMING}*"):
            number = left.name.removeprefix(INCOMING).partition("-")[0]
            if not (number.isdecimal() and Path(f"/proc/{number}").exists()):
                shutil.rmtree(left, ignore_errors=True)
        for there in folder.glob("*/"):
            if _NAME.fullmatch(there.name) and (_read(there / MANIFEST) or not (there / MANIFEST).exists()):
                sweep(there)


@contextmanager
def our_turn(folder: Path) -> Iterator[None]:
    """Wait until nobody else adds or removes here."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _manifests(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*/{MANIFEST}")) if folder.is_dir() else []


def _read(manifest: Path) -> Source | None:
    try:
        values = json.loads(manifest.read_text("utf-8"))
        known = Manifest(**values)
    except (OSError, ValueError, TypeError):
        return None
    is_whole = known.format == FORMAT and (manifest.parent / known.rows).is_file()
    return Source(manifest.parent, known) if is_whole else None
