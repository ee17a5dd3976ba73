"""Which reader a file takes: by its ending and its first bytes.

To take another format: a reader like csv_files.read, a row below, a row in tests/spreadsheets/.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from geoevents.errors import BadInput, GeoEventsError
from geoevents.messages import Message
from geoevents.spreadsheets import HowToRead, Table, csv_files, shapes, workbooks

_READERS: dict[str, Callable[[Path, HowToRead], Table]] = {
    **dict.fromkeys((".csv", ".tsv", ".txt", ".tab"), csv_files.read),
    **dict.fromkeys((".xlsx", ".xlsm"), workbooks.read),
    **dict.fromkeys(shapes.ENDINGS, shapes.read),
}
ENDINGS = tuple(_READERS)
# Formats that programs of the same name write and that no reader here takes, and what to do about it.
_OTHERS = (".xls", ".ods", ".numbers", ".xlsb", ".doc", ".docx", ".pdf")


def is_table(path: Path) -> bool:
    """Whether a file is one of these rather than GeoJSON."""
    return path.suffix.lower() in (*_READERS, *_OTHERS)


def open_table(path: Path, how: HowToRead) -> Table:
    """Raises BadInput, TooLarge, and GeoEventsError where the file cannot be read at all."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise BadInput(
            Message("{path} is of a format that is not read. Save it as .xlsx or .csv.", path=path.name)
        )
    try:
        return reader(path, how)
    except OSError as error:
        reason = error.strerror or str(error)
        raise GeoEventsError(
            Message("{path} cannot be read: {reason}.", path=str(path), reason=reason)
        ) from None
