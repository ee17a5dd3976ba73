"""From a table's line to a Feature: cells read as what their column is, each column decided as a whole.

Knows dates, positions and codes of others. Whether the Feature is an event, geojson.read_import says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from geoevents.errors import BadInput, InvalidDate
from geoevents.event_types import Taxonomy
from geoevents.messages import Message
from geoevents.record_stored import PROPERTIES
from geoevents.spreadsheets import HowToRead, Line, Table
from geoevents.spreadsheets.codes import Codes
from geoevents.spreadsheets.day_orders import Column, Order, in_order
from geoevents.spreadsheets.headings import VERDICT, Columns, recognised
from geoevents.spreadsheets.notations import read_angle, read_pair
from geoevents.spreadsheets.periods import period
from geoevents.spreadsheets.titles import title_of
from geoevents.spreadsheets.usual_headings import NOTHING
from geoevents.tables import fields_from_row, unsafe_cell

DATES = ("date_start", "date_end", "source_published", "source_accessed")
_SOURCE = (
    "publisher",
    "said_by",
    "title",
    "url",
    "archived_url",
    "published",
    "accessed",
    "quote",
    "confidential",
)
_ACTORS = (
    ("actor_a", "side_a"), ("actors_with_a", "associated"), ("actor_b", "side_b"),
    ("actors_with_b", "associated"), ("actor_target", "target"),
)  # fmt: skip
# Columns of ours whose cells are no property as they stand.
_WORKED_OUT = frozenset(
    ("lon", "lat", "position", "geometry", "time_precision", "id", *(name for name, _ in _ACTORS))
)
_TEXTS = frozenset(("title", "description", "internal_note", "public_text", "source_quote"))


@dataclass(frozen=True, slots=True)
class Made:
    """
    What a line became: a Feature, or as much of one as could be read; what is wrong with its cells; and
    what somebody wrote in its column `verdict` while mending it.
    """

    line: Line
    feature: dict[str, Any]
    problems: tuple[BadInput, ...] = ()
    said: str | None = None


@dataclass(slots=True)
class Reader:
    """A table under way: what its columns are, what they say as a whole, what a person should hear of it."""

    table: Table
    how: HowToRead
    taxonomy: Taxonomy
    columns: Columns
    orders: Mapping[str, Order]
    codes: Codes
    notes: tuple[Message, ...] = ()
    verdict_at: int | None = None

    def made(self) -> Iterator[Made]:
        """Every line, in order. Raises BadInput where no column of the table could be part of an event."""
        if not self.columns.says_anything():
            raise _unrecognised(self.table.headings)
        for line in self.table.lines():
            yield Made(line, {}, (line.fault,)) if line.fault is not None else self._made(line)

    def _made(self, line: Line) -> Made:
        cells = line.cells
        said = cells[self.verdict_at].strip() if self.verdict_at is not None else None
        given = {name: unsafe_cell(cells[index].strip()) for name, index in self.columns.fields.items()}
        given = {name: text for name, text in given.items() if _says_something(text, name)}
        problems: list[BadInput] = []
        if self.columns.is_ours:
            given = _as_we_write(given, problems)
        geometry = self._geometry(given, line, problems)
        properties: dict[str, Any] = self._unknown(cells)
        properties |= {name: text for name, text in given.items() if not _is_worked_out(name)}
        self._dates(given, properties, problems)
        self.codes.translate(properties, given)
        geometry = _only_listed(properties, geometry)
        if "sources" not in properties and (sources := _sources(given, properties)):
            properties["sources"] = sources
        if "actors" not in properties and (actors := _actors(given)):
            properties["actors"] = actors
        if not properties.get("title") and (title := title_of(properties, self.taxonomy)):
            properties["title"] = title
        feature = {"type": "Feature", "geometry": geometry, "properties": properties}
        if "id" in given:
            feature["id"] = given["id"]
        return Made(line, feature, tuple(problems), said or None)

    def _unknown(self, cells: tuple[str, ...]) -> dict[str, Any]:
        kept = {}
        for heading, index in self.columns.unknown.items():
            if cells[index].strip():
                # What is called as a property of ours is, but was not recognised as it, must not become it.
                name = (
                    f"{heading} (as given)"
                    if heading in self.columns.fields or heading in PROPERTIES
                    else heading
                )
                kept[name] = unsafe_cell(cells[index].strip())
        return kept

    def _geometry(self, given: dict[str, str], line: Line, problems: list[BadInput]) -> Any:
        if line.geometry is not None:
            return line.geometry
        try:
            point = _point(given)
        except BadInput as problem:
            problems.append(problem)
            return None
        if point is None:
            return _shape(given.get("geometry"), problems)
        if point == (0.0, 0.0):
            problems.append(nowhere())
            return None
        return {"type": "Point", "coordinates": list(point)}

    def _dates(self, given: Mapping[str, str], properties: dict[str, Any], problems: list[BadInput]) -> None:
        for name in DATES:
            if name not in given:
                continue
            try:
                text = in_order(given[name], self.orders[name], name, from_1904=self.table.from_1904)
            except InvalidDate as problem:
                problems.append(problem)
                properties.pop(name, None)
                continue
            if name == "date_start" and (bounds := period(text, given.get("time_precision"), self.columns)):
                text = bounds[0]
                properties.setdefault("date_end", bounds[1])
            properties[name] = text
        if "time_precision" in given:
            properties["time_precision"] = given["time_precision"]


def open_reader(table: Table, how: HowToRead, taxonomy: Taxonomy) -> Reader:
    """Look through a table once. Raises BadInput for a heading or field in `how` that there is not."""
    columns = recognised(table.headings, how)
    dates = {name: Column() for name in DATES if name in columns.fields}
    at = [(columns.fields[name], column) for name, column in dates.items()]
    if at:
        for line in table.lines():
            if line.fault is None:
                for index, column in at:
                    column.look_at(line.cells[index])
    orders = {name: Order(how.dates) if how.dates else column.order for name, column in dates.items()}
    verdict_at = next((n for n, each in enumerate(table.headings) if each.strip().lower() == VERDICT), None)
    notes = table.notes + tuple(_notes(dates, orders, columns))
    return Reader(table, how, taxonomy, columns, orders, Codes(taxonomy, columns), notes, verdict_at)


def nowhere() -> BadInput:
    """What to say of 0, 0: programs write it for a place that they do not know."""
    return BadInput(
        Message("0, 0 lies in the sea off Africa: programs write it for unknown. Leave both empty: the name"
                " is looked up."), "lon",
    )  # fmt: skip


def _unrecognised(headings: tuple[str, ...]) -> BadInput:
    return BadInput(
        Message("No column is recognised: {headings}. Say what they are, such as --map '{first}=title'.",
                headings=", ".join(headings)[:1000], first=headings[0]), "map",
    )  # fmt: skip


def _notes(dates: Mapping[str, Column], orders: Mapping[str, Order], columns: Columns) -> Iterator[Message]:
    for name, column in dates.items():
        heading = columns.headings[columns.fields[name]]
        if column.serial:
            yield Message(
                "The column {heading} counts days as spreadsheets do: {example} is read as {day}.",
                heading=heading, example=column.serial, day=in_order(column.serial, Order.DMY, name),
            )  # fmt: skip
        if orders[name] is Order.BOTH and column.day_first and column.month_first:
            yield Message(
                "The column {heading} has the day first ({one}) and the month first ({other}): say which with"
                " --dates dmy or --dates mdy.",
                heading=heading, one=column.day_first, other=column.month_first,
            )  # fmt: skip
        elif orders[name] is Order.OPEN and column.either:
            yield Message(
                "No date of the column {heading} says whether day or month is first ({example}): say it"
                " with --dates dmy or --dates mdy.",
                heading=heading, example=column.either,
            )  # fmt: skip
        elif column.either and (column.day_first or column.month_first):
            yield Message(
                "The column {heading} is read as {order}: {example} leaves no other.",
                heading=heading, order=orders[name].value, example=column.day_first or column.month_first,
            )  # fmt: skip
    if "position" in columns.fields:
        yield Message(
            "Where a cell of {heading} does not name its sides, the latitude is read first.",
            heading=columns.headings[columns.fields["position"]],
        )
    if columns.unknown:
        yield Message(
            "Not understood, and kept with each event, where everybody can read it: {names}. Take out of the"
            " file what nobody may read.",
            names=", ".join(list(columns.unknown)[:20]),
        )


def _says_something(text: str, name: str) -> bool:
    return bool(text) and (name in _TEXTS or text.lower() not in NOTHING)


def _as_we_write(given: dict[str, str], problems: list[BadInput]) -> dict[str, str]:
    try:
        return fields_from_row(given)
    except BadInput as problem:
        problems.append(problem)
        return {name: text for name, text in given.items() if name != "geometry"}


def _is_worked_out(name: str) -> bool:
    return name in _WORKED_OUT or name.startswith("source_")


def _point(given: Mapping[str, str]) -> tuple[float, float] | None:
    """(lon, lat). Raises BadInput for what is no position."""
    if "lat" in given or "lon" in given:
        missing = next((name for name in ("lon", "lat") if name not in given), None)
        if missing is not None:
            raise BadInput(
                Message("{field} is missing. Give lon and lat, or neither.", field=missing), missing
            )
        lon, lat = _degrees(given["lon"], "lon"), _degrees(given["lat"], "lat")
        return lon, lat
    if "position" not in given:
        return None
    pair = read_pair(given["position"])
    if pair is None:
        raise BadInput(
            Message("'{text}' is no position. Write 36.5, 40.75: latitude first, or with N and E.",
                    text=given["position"][:60]), "lon",
        )  # fmt: skip
    return _in_range(pair[0], "lon"), _in_range(pair[1], "lat")


def _degrees(text: str, name: str) -> float:
    try:
        return _in_range(float(text), name)
    except (ValueError, OverflowError) as error:
        if isinstance(error, BadInput):
            raise
    read = read_angle(text)
    if read is None or read[1] not in (None, name):
        raise BadInput(
            Message("{field} cannot be '{text}'. Write degrees such as 36.5, or 36°30'00\"N.", field=name,
                    text=text[:60]), name,
        )  # fmt: skip
    return _in_range(read[0], name)


def _in_range(value: float, name: str) -> float:
    most = 180 if name == "lon" else 90
    if not -most <= value <= most:
        raise BadInput(
            Message(
                "{field} is {value}, outside -{most} to {most}. If lon and lat are exchanged, say so"
                " with --map; if these are metres, convert them to degrees.",
                field=name, value=value, most=most,
            ),
            name,
        )  # fmt: skip
    return value


def _shape(text: str | None, problems: list[BadInput]) -> Any:
    if text is None:
        return None
    from geoevents.jsonio import read_json

    try:
        return read_json(fields_from_row({"geometry": text})["geometry"].encode())
    except BadInput as problem:
        problems.append(BadInput(problem.message, "geometry"))
        return None


def _only_listed(properties: Mapping[str, Any], geometry: Any) -> Any:
    """No point for a country or for nowhere: what others give there is a country's middle."""
    return None if properties.get("geo_precision") in ("country", "unlocated") else geometry


def _sources(given: Mapping[str, str], properties: dict[str, Any]) -> list[dict[str, Any]]:
    first = {key: properties.pop(f"source_{key}", None) or given.get(f"source_{key}") for key in _SOURCE}
    first = {key: text for key, text in first.items() if text}
    names = [part.strip() for part in str(first.get("publisher", "")).split(";") if part.strip()]
    if names:
        first["publisher"] = names[0]
    others: list[dict[str, Any]] = [{"publisher": name} for name in names[1:]]
    return [each for each in (first, *others) if each]


def _actors(given: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"name": part.strip(), "role": role}
        for name, role in _ACTORS
        for part in given.get(name, "").split(";")
        if part.strip()
    ]
