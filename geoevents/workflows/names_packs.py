"""Names packs: what one team has decided, as a CSV file that another brings in, reviews and can take back.

Knows the columns of a pack and what is said of each row. Knows nothing of flags or pages.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from geoevents.decisions import FARTHEST_M, TEAM_PREFIX, Decision, Standing
from geoevents.errors import BadInput, EventNotFound, PlaceNotFound, TooLarge
from geoevents.events import new_id
from geoevents.folding import name_key
from geoevents.gazetteers import Gazetteer
from geoevents.gazetteers.circles import distance_m
from geoevents.messages import Message
from geoevents.places import PLACE_KINDS, GeoPrecision, LonLat, Place
from geoevents.sources import check_url
from geoevents.stores.decided_names import DecidedNames
from geoevents.stores.public import PublicReader
from geoevents.tables import BYTE_ORDER_MARK, safe_cell, unsafe_cell
from geoevents.texts import clean_text

Names = DecidedNames
COLUMNS = (
    "name", "place_id", "place_name", "label", "kind", "lon", "lat", "geo_precision", "uncertainty_m",
    "country_code", "admin1", "admin2", "decided_at", "evidence_url", "events",
)  # fmt: skip
_NEEDED = ("name", "place_id", "lon", "lat")
LARGEST_BYTES, MOST_ROWS = 8_000_000, 20_000
_LONGEST, _MOST_OF_A_NAME = 200, 50
# A pack that puts a place we know this far from where we have it speaks of another place, or is wrong.
_ELSEWHERE_M = 25_000


class PackVerdict(StrEnum):
    NEW = "new"
    SAME = "same"
    CONFLICTS = "conflicts"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class RowSaid:
    """What came of a row of a pack; rows count from 2, the header being the first."""

    row: int
    verdict: PackVerdict
    name: str
    reason: object | None = None

    def as_json(self) -> dict[str, object]:
        reason = str(self.reason) if self.reason else None
        return {"row": self.row, "verdict": self.verdict.value, "name": self.name, "reason": reason}


def pack_lines(names: Names, public: PublicReader, *, own: bool = False) -> Iterator[bytes]:
    """
    A pack as CSV, a line for each name and place, formulas neutralised. Says what was decided, not by whom.

    Only what the team itself stands for, and what anybody may read in the event that it was decided for; with
    `own` also places that no gazetteer has.
    """
    made: dict[tuple[str, str], list[Decision]] = {}
    for each in names.all():
        is_ours = each.standing is Standing.OURS and (own or not each.is_own_place)
        if is_ours and _may_leave(each, public):
            leaves = replace(each, source_url=_public_evidence(each, public))
            made.setdefault((each.key, each.place.place_id), []).append(leaves)
    yield BYTE_ORDER_MARK + _line(COLUMNS)
    for same in made.values():
        yield _line(_cells(same))


def bring_in(
    data: bytes, pack: str, names: Names, known: Gazetteer, *, now: datetime, dry_run: bool = False
) -> Sequence[RowSaid]:
    """
    Take the rows of a pack as offers, which become answers once somebody accepts them; all good ones at once.

    A place that `known` lacks becomes one of the team's own. Raises BadInput for what is no pack, TooLarge.
    """
    pack = _pack_name(pack)
    rows = list(_rows(data))
    said: list[RowSaid] = []
    offered: list[Decision] = []
    there: dict[str, list[Decision]] = {}
    for each in names.all():
        there.setdefault(each.key, []).append(each)
    for number, row in rows:
        try:
            decision = _offer(row, pack, known, now)
            _bear(there.get(decision.key, ()))
        except BadInput as problem:
            name = str(row.get("name") or "")[:_LONGEST]
            said.append(RowSaid(number, PackVerdict.INVALID, name, problem.message))
            continue
        verdict, reason = _compared(decision, there.get(decision.key, ()))
        said.append(RowSaid(number, verdict, decision.name, reason))
        if verdict is not PackVerdict.SAME:
            offered.append(decision)
            there.setdefault(decision.key, []).append(decision)
    if offered and not dry_run:
        names.add(*offered)
    return said


def summed_up(said: Sequence[RowSaid]) -> Message:
    """How many rows of a pack came to what."""
    counts = Counter(each.verdict for each in said)
    return Message(
        "{new} new, {same} known already, {conflicts} that differ from yours, {invalid} invalid. "
        "New ones are only offered until somebody accepts them.",
        new=counts[PackVerdict.NEW],
        same=counts[PackVerdict.SAME],
        conflicts=counts[PackVerdict.CONFLICTS],
        invalid=counts[PackVerdict.INVALID],
    )


def accepted(count: int) -> Message:
    return Message("{count} name accepted.", plural="{count} names accepted.", count=count)


def forgotten(count: int) -> Message:
    return Message("{count} name forgotten.", plural="{count} names forgotten.", count=count)


def accept(names: Names, what: str) -> int:
    """Stand for a whole pack, or for the one decision of an id. Returns how many were offers before."""
    chosen = {each.id for each in _meant(names, what) if each.standing is Standing.OFFERED}
    names.change(
        lambda before: (
            replace(each, standing=Standing.OURS) if each.id in chosen else each for each in before
        )
    )
    return len(chosen)


def take_back(names: Names, what: str) -> int:
    """Forget a whole pack, accepted or not, or the one decision of an id. Returns how many are gone."""
    gone = {each.id for each in _meant(names, what)}
    names.remove(gone)
    return len(gone)


def _may_leave(decision: Decision, public: PublicReader) -> bool:
    """Whether the name stands in something public as it is: not in a draft, nor in what is withheld."""
    if decision.event_id is None:
        return True
    try:
        return public.get(decision.event_id).place_name == decision.name
    except EventNotFound:
        return False


def _public_evidence(decision: Decision, public: PublicReader) -> str | None:
    """The address it was decided by, as long as anybody may still see that source of the event."""
    if decision.event_id is None:
        return decision.source_url
    shown = {source.url for source in public.get(decision.event_id).sources}
    return decision.source_url if decision.source_url in shown else None


def _meant(names: Names, what: str) -> list[Decision]:
    meant = [each for each in names.all() if what in (each.id, each.pack)]
    if not meant:
        problem = Message("No decided name and no pack is called '{what}'. List them first.", what=what[:80])
        raise BadInput(problem, "what")
    return meant


def _cells(made: Sequence[Decision]) -> list[str]:
    last = max(made, key=lambda each: each.at)
    place = last.place
    evidence = next((each.source_url for each in made if each.source_url), None)
    values = (
        last.name, place.place_id, place.name, place.label, place.kind, place.lon, place.lat,
        place.geo_precision.value, place.uncertainty_m, place.country_code, place.admin1, place.admin2,
        last.at.date().isoformat(), evidence, len({each.event_id for each in made if each.event_id}),
    )  # fmt: skip
    return ["" if value is None else safe_cell(str(value)) for value in values]


def _line(cells: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def _rows(data: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    if len(data) > LARGEST_BYTES:
        raise TooLarge(
            Message("A names pack may have {most} MB. Divide it.", most=LARGEST_BYTES // 1_000_000)
        )
    try:
        text = data.decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
        if missing:
            raise BadInput(
                Message(
                    "This is no names pack: it has no column {column}. The first line must name {needed}.",
                    column=missing[0], needed=", ".join(_NEEDED),
                )
            )  # fmt: skip
        for number, row in enumerate(reader, 2):
            if number > MOST_ROWS + 1:
                raise TooLarge(Message("A names pack may have {most} rows. Divide it.", most=MOST_ROWS))
            yield number, {key: unsafe_cell(value or "") for key, value in row.items() if key in COLUMNS}
    except UnicodeDecodeError:
        raise BadInput(Message("A names pack must be UTF-8. Save it as CSV in UTF-8.")) from None
    except csv.Error as error:
        raise BadInput(Message("A names pack must be CSV: {reason}.", reason=str(error))) from None


def _offer(row: Mapping[str, str], pack: str, known: Gazetteer, now: datetime) -> Decision:
    name, _ = clean_text(row["name"], "name", limit=_LONGEST)
    if name is None or not name_key(name):
        raise BadInput(Message("name is empty. Write the name as it was reported."), "name")
    url = row.get("evidence_url") or None
    return Decision(
        id=new_id(), name=name, place=_place(row, name, known), at=now, by=f"pack {pack}",
        source_url=check_url(url, "evidence_url") if url else None, pack=pack, standing=Standing.OFFERED,
    )  # fmt: skip


def _bear(on_name: Sequence[Decision]) -> None:
    """Each row is held against all of its name: a pack of one name alone would take hours."""
    if len(on_name) >= _MOST_OF_A_NAME:
        raise BadInput(
            Message("This name has {most} places already. Forget some of them first.", most=_MOST_OF_A_NAME),
            "name",
        )


def _place(row: Mapping[str, str], name: str, known: Gazetteer) -> Place:
    position = LonLat(_number(row, "lon"), _number(row, "lat"))
    place_id = row["place_id"]
    try:
        ours = None if place_id.startswith(TEAM_PREFIX) else known.get(place_id)
    except PlaceNotFound:
        ours = None
    if ours is None:
        # Nobody may say through a pack where a place of ours is: its places get ids of their own.
        return _own_place(row, name, position)
    if distance_m(ours.position, position) > _ELSEWHERE_M and ours.bbox is None:
        problem = Message("{place} is elsewhere in our gazetteer. Mend lon and lat.", place=ours.label)
        raise BadInput(problem, "lon")
    return ours


def _own_place(row: Mapping[str, str], name: str, position: LonLat) -> Place:
    try:
        precision = GeoPrecision(row.get("geo_precision") or GeoPrecision.NEAR.value)
        uncertainty = int(row.get("uncertainty_m") or precision.default_uncertainty_m or 10_000)
    except ValueError:
        problem = Message("geo_precision or uncertainty_m cannot be read. Write near and 10000, say.")
        raise BadInput(problem, "geo_precision") from None
    if not 0 < uncertainty <= FARTHEST_M:
        raise BadInput(
            Message("uncertainty_m must be from 1 to {most} metres.", most=FARTHEST_M), "uncertainty_m"
        )
    if not precision.is_pin:
        precision, uncertainty = GeoPrecision.NEAR, max(uncertainty, 10_000)
    texts = {
        field: clean_text(row.get(field) or "", field, limit=_LONGEST)[0]
        for field in ("place_name", "label", "country_code", "admin1", "admin2")
    }
    kind = row.get("kind") or "site"
    code = texts["country_code"]
    return Place(
        place_id=f"{TEAM_PREFIX}{new_id()}",
        name=texts["place_name"] or name,
        label=texts["label"] or name,
        kind=kind if kind in PLACE_KINDS else "site",
        lon=position.lon,
        lat=position.lat,
        geo_precision=precision,
        uncertainty_m=uncertainty,
        country_code=code.upper() if code and len(code) == 2 and code.isalpha() else None,
        admin1=texts["admin1"],
        admin2=texts["admin2"],
    )


def _number(row: Mapping[str, str], field: str) -> float:
    try:
        return float(row[field])
    except ValueError:
        problem = Message("{field} '{text}' is no number.", field=field, text=row[field][:40])
        raise BadInput(problem, field) from None


def _compared(offer: Decision, on_name: Sequence[Decision]) -> tuple[PackVerdict, Message | None]:
    reach = max(offer.place.uncertainty_m or 0, 1_000)
    if any(distance_m(each.place.position, offer.place.position) <= reach for each in on_name):
        return PackVerdict.SAME, None
    ours = next((each for each in on_name if each.standing is Standing.OURS), None)
    if ours is None:
        return PackVerdict.NEW, None
    return PackVerdict.CONFLICTS, Message("your team chose {place}", place=ours.place.label)


def _pack_name(text: str) -> str:
    name, _ = clean_text(text, "pack", limit=80)
    if name is None:
        raise BadInput(Message("The pack needs a name."), "pack")
    return name
