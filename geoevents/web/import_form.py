"""What somebody says of an uploaded file: its columns, its dates, its encoding, what its rows lack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geoevents.messages import Message
from geoevents.spreadsheets import HowToRead
from geoevents.spreadsheets.headings import FIELDS
from geoevents.web.form_values import FIELDS as LABELS

_COLUMN = "column-"
# What stands for "left in extra, though it would be recognised".
LEFT = "-"
# Beside the fields of the form, with words of their own.
_MORE: dict[str, Message] = {
    "position": Message("Both coordinates in one cell"),
    "lon": Message("Longitude"),
    "lat": Message("Latitude"),
    "source_publisher": Message("Publisher"),
    "source_url": Message("Address of the source"),
    "source_published": Message("Day of publication"),
    "source_said_by": Message("Who says so"),
    "external_id": Message("Their own id"),
    "actor_a": Message("First actor"),
    "actor_b": Message("Second actor"),
}
_OFFERED_FIELDS = (
    "title", "description", "event_type", "sub_event_type", "date_start", "date_end", "place_name", "lon",
    "lat", "position", "country_code", "admin1", "admin2", "geo_precision", "fatalities_best",
    "fatalities_low", "fatalities_high", "actor_a", "actor_b", "source_publisher", "source_url",
    "source_published",
    "source_said_by", "external_id", "tags",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImportForm:
    """The texts of the form; `columns` are (index of the column, field)."""

    encoding: str | None
    sheet: str | None
    dates: str | None
    source: str | None
    event_type: str | None
    columns: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> ImportForm:
        """What was sent; anything that is not offered is left out."""
        columns = [
            (int(name.removeprefix(_COLUMN)), field)
            for name, field in sent.items()
            if name.startswith(_COLUMN)
            and name.removeprefix(_COLUMN).isdecimal()
            and len(name) < 12
            and (field in FIELDS or field == LEFT)
        ]
        dates = sent.get("dates")
        return cls(
            encoding=_said(sent, "encoding"),
            sheet=_said(sent, "sheet"),
            dates=dates if dates in ("dmy", "mdy") else None,
            source=_said(sent, "source"),
            event_type=_said(sent, "event_type"),
            columns=tuple(sorted(columns)),
        )

    @property
    def maps_anything(self) -> bool:
        return bool(self.columns)

    @property
    def key(self) -> tuple[object, ...]:
        """What a rehearsal hangs on."""
        return self.encoding, self.sheet, self.dates, self.source, self.event_type, self.columns

    def pairs(self) -> list[tuple[str, str]]:
        """Name and text of every field that says something, to be sent once more."""
        named = ("encoding", "sheet", "dates", "source", "event_type")
        said = [(name, text) for name in named if (text := getattr(self, name))]
        return said + [(f"{_COLUMN}{index}", field) for index, field in self.columns]

    def how(self, headings: tuple[str, ...] = ()) -> HowToRead:
        """How the table is read; without its headings, its columns are recognised by their names."""
        maps = tuple(
            (headings[index], "" if field == LEFT else field)
            for index, field in self.columns
            if index < len(headings)
        )
        return HowToRead(encoding=self.encoding, sheet=self.sheet, dates=self.dates, maps=maps)


def fields_offered() -> list[tuple[str, Message | str]]:
    """(field, words) in the order of the form."""
    return [(name, _MORE.get(name) or LABELS.get(name) or name) for name in _OFFERED_FIELDS]


def _said(sent: Mapping[str, str], name: str) -> str | None:
    return (sent.get(name) or "").strip()[:200] or None
