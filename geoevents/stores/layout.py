"""Where the files of a store lie, what they may be, and what the last writer left.

Knows paths and kinds of files. Knows nothing of what is in them.
"""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass
from pathlib import Path

from geoevents.errors import StoreError, StoreUnavailable
from geoevents.messages import Message
from geoevents.stores import files
from geoevents.stores.replacing import beside

# Beside the collection, what is prepared while others may write; the lock is another than theirs.
GATHERED = "gathered"


@dataclass(frozen=True, slots=True)
class Layout:
    """The collection, the private folder, and in it the journal and the locks."""

    collection: Path
    private: Path
    journal: Path
    lock: Path
    gathering: Path
    rejected: Path

    @classmethod
    def of(cls, collection: Path, private: Path | None = None) -> Layout:
        """
        A collection of another name than events.geojson has a journal of its own in the same folder.

        >>> Layout.of(Path("/data/events.geojson")).journal.as_posix()
        '/data/private/history.geojsonl'
        >>> Layout.of(Path("/data/drill.geojson")).journal.as_posix()
        '/data/private/drill.history.geojsonl'
        """
        collection = collection.absolute()
        private = (private or collection.parent / "private").absolute()
        own = "" if collection.name == "events.geojson" else f"{collection.stem}."
        names = ("history.geojsonl", "lock", "gathering.lock", "rejected.geojson")
        return cls(collection, private, *(private / f"{own}{name}" for name in names))

    def refuse_what_is_no_file(self) -> None:
        """Raises StoreUnavailable where the collection or the journal is a folder, a link or a device."""
        found = files.details(self.collection)
        if found is None or stat.S_ISREG(found.st_mode):
            self._refuse_a_journal_that_is_no_file()
            return
        path = self.collection
        if stat.S_ISLNK(found.st_mode):
            raise StoreUnavailable(
                Message(
                    "'{path}' is a link, which a write would replace. Give the path it leads to.", path=path
                )
            )
        if stat.S_ISDIR(found.st_mode):
            raise StoreUnavailable(
                Message("'{path}' is a folder. Give the path of a GeoJSON file in it.", path=path)
            )
        raise StoreUnavailable(Message("'{path}' is not a file. Give the path of a GeoJSON file.", path=path))

    def _refuse_a_journal_that_is_no_file(self) -> None:
        found = files.details(self.journal)
        if found is not None and not stat.S_ISREG(found.st_mode):
            raise StoreUnavailable(
                Message(
                    "The history '{path}' is a link, or no file at all. Put the file itself in its place.",
                    path=self.journal,
                )
            )

    def make_folders(self) -> None:
        """The private folder is closed to others, also where it was open before."""
        files.make_folder(self.collection.parent)
        files.make_folder(self.private, mode=0o700)
        files.close_to_others(self.private)

    def clear_away(self) -> None:
        """What a killed writer had prepared and not put in place. The lock is held."""
        for path in (self.collection, self.journal):
            files.remove(beside(path))
        gathered = beside(self.collection, GATHERED)
        if files.stamp(gathered) is not None:
            with files.locked_at_once(self.gathering) as is_nobody_at_it:
                if is_nobody_at_it:
                    files.remove(gathered)


@dataclass(frozen=True, slots=True)
class Left:
    """
    The collection as the last writer left it, to the byte: events that were edited as of `revision`, and
    those added since, up to revision `added`, as they were added.
    """

    revision: int
    added: int
    stamp: files.Stamp

    @classmethod
    def read(cls, lock: files.File) -> Left | None:
        try:
            values = json.loads(lock.read(0, 1000))
            stamp = files.Stamp(*(int(part) for part in values["stamp"]))
            return cls(int(values["revision"]), int(values.get("added", values["revision"])), stamp)
        except (ValueError, KeyError, TypeError):
            return None

    def write(self, lock: files.File, notes: dict[str, Message]) -> None:
        """
        Spare whoever comes next reading all of the collection. If it fails, they read it.

        Not synced: what gets lost is found out again.
        """
        said = {"revision": self.revision, "added": self.added, "stamp": self.stamp}
        data = json.dumps(said).encode() + b"\n"
        try:
            lock.write(data, 0)
            lock.truncate(len(data))
            notes.pop("lock", None)
        except StoreError as error:
            notes["lock"] = Message("The store's lock cannot be written. {reason}", reason=error.message)
