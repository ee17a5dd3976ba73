"""Letting events out: to a GeoJSON or CSV file.

Knows which reader is asked and how a file appears whole. Knows nothing of formats (geojson.py, tables.py).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from geoevents.errors import BadInput, GeoEventsError
from geoevents.geojson import collection
from geoevents.messages import Message
from geoevents.queries import EventQuery
from geoevents.stores.public import FeaturePage
from geoevents.workflows.backends import Backends
from geoevents.workflows.internal import InternalReader

ENDINGS = (".geojson", ".csv")


class View(StrEnum):
    """What of the events leaves: what anybody may see, or everything, drafts and internal fields included."""

    PUBLIC = "public"
    INTERNAL = "internal"


class Columns(StrEnum):
    """Whose columns a CSV file has: ours, or ACLED's."""

    OURS = "ours"
    ACLED = "acled"


def export_acled(path: Path, query: EventQuery, backends: Backends) -> tuple[int, Counter[str]]:
    """
    Write the events asked for, as anybody may see them, in ACLED's columns: how many rows, and how many
    events are left out as conditions, known by their country only, or unlocated.

    Raises BadInput for another ending than .csv, GeoEventsError where it cannot be written.
    """
    from geoevents.acled_columns import acled_lines

    if path.suffix.lower() != ".csv":
        raise BadInput(
            Message("'{path}' does not end in .csv, and columns are those of a CSV file.", path=path.name)
        )

    def country_name(code: str) -> str:
        country = backends.gazetteer.country(code)
        return country.name if country else code

    counts: Counter[str] = Counter()
    page = backends.public.page(query)
    write_whole(path, acled_lines(page.events, backends.taxonomy, country_name, counts))
    return len(page.events) - counts.total(), counts


def export(path: Path, query: EventQuery, backends: Backends, *, view: View = View.PUBLIC) -> FeaturePage:
    """
    Write the events asked for to a .geojson or .csv file, and return them with how many match in all.

    The file appears whole or not at all. Raises BadInput for another ending, GeoEventsError where
    it cannot be written.
    """
    if path.suffix.lower() not in ENDINGS:
        raise BadInput(
            Message("'{path}' ends in neither .geojson nor .csv. Name a file that does.", path=path.name)
        )
    reader = InternalReader(backends.store) if view is View.INTERNAL else backends.public
    page = reader.page(query)
    if path.suffix.lower() == ".csv":
        from geoevents.tables import csv_lines, matched_csv_lines

        is_asked = query.asks_where_or_when
        write_whole(path, matched_csv_lines(reader.matches(query)) if is_asked else csv_lines(page.events))
    else:
        write_whole(path, collection(page.features))
    return page


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file that appears whole or not at all. Raises GeoEventsError where it cannot be written."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            with draft.open("wb") as file:
                file.writelines(parts)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(path, error) from None


def unwritable(path: Path, error: OSError) -> GeoEventsError:
    """What to say of a place that cannot be written."""
    reason = error.strerror or str(error)
    return GeoEventsError(
        Message("{path} cannot be written: {reason}. Name another place.", path=str(path), reason=reason)
    )
