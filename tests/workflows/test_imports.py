"""Bringing a file in: a verdict for every row, the good ones kept, the rest to be mended."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from geoevents import workflows
from geoevents.errors import BadInput, GeoEventsError, InvalidJSON
from geoevents.events import Status
from geoevents.queries import EventQuery
from geoevents.workflows.exports import View, export
from geoevents.workflows.imports import ImportOptions, import_features
from geoevents.workflows.rejected_rows import place_for_rejected


def row(geometry=None, **properties):
    plain = {
        "title": "A convoy was stopped", "event_type": "humanitarian_access", "date_start": "2022-01-25",
        "place_name": "Hasakah", "sources": [{"publisher": "North Press Agency"}],
    }  # fmt: skip
    known = {name: value for name, value in (plain | properties).items() if value is not ...}
    return {"type": "Feature", "geometry": geometry, "properties": known}


MIXED = [
    row(),
    row(title="In one of two towns", place_name="Derik"),
    row(title="Nowhere we know", place_name="Xqzwv"),
    row(title="On no day", date_start="2022-02-30"),
    row(),
    row(title="Elsewhere", place_name="Qamishli", wind="north"),
]


@pytest.fixture
def bring(backends, tmp_path):
    """Import rows as a FeatureCollection; rejected rows go beside the file."""

    def bring_in(rows, *, name="rows.geojson", **options):
        path = tmp_path / name
        if not isinstance(rows, bytes):
            rows = json.dumps({"type": "FeatureCollection", "features": rows}).encode()
        path.write_bytes(rows)
        chosen = ImportOptions(by="amina", rejected=place_for_rejected(path), **options)
        return list(import_features(path, chosen, backends))

    return bring_in


def outcomes(verdicts):
    return [(each.row, each.verdict.value) for each in verdicts]


def titles(backends):
    return [event.title for event in backends.store.events()]


def test_every_row_gets_a_verdict_and_the_good_ones_land(backends, bring):
    verdicts = bring(MIXED)

    assert outcomes(verdicts) == [
        (1, "accepted"),
        (2, "ambiguous"),
        (3, "not_found"),
        (4, "invalid"),
        (5, "duplicate"),
        (6, "accepted"),
    ]
    assert titles(backends) == ["A convoy was stopped", "Elsewhere"]
    assert [each.field for each in verdicts] == [None, "place_name", "place_name", "date_start", None, None]
    assert len(verdicts[1].candidates) == 2
    assert verdicts[4].id == verdicts[0].id
    assert {event.status for event in backends.store.events()} == {Status.PUBLISHED}


def test_a_verdict_as_json_has_the_promised_keys(bring):
    verdict = bring([row(place_name="Xqzwv")])[0].as_json()

    assert list(verdict) == ["row", "verdict", "id", "field", "reason", "candidates"]
    assert verdict["reason"].startswith("'Xqzwv' is not known. ")


def test_an_unknown_column_is_kept(backends, bring):
    bring(MIXED)

    assert list(backends.store.events())[1].extra == {"wind": "north"}


def test_importing_twice_changes_nothing(backends, bring):
    bring(MIXED)
    revision = backends.store.revision

    again = bring(MIXED)

    assert outcomes(again)[0] == (1, "duplicate")
    assert [each.row for each in again if not each.landed] == [2, 3, 4]
    assert backends.store.revision == revision


def test_the_rejected_rows_are_written_as_they_were_with_the_reason(bring, tmp_path):
    bring(MIXED)

    rejected = json.loads((tmp_path / "rows.geojson.rejected.geojson").read_text("utf-8"))["features"]

    assert [each.pop("rejected")["verdict"] for each in rejected] == ["ambiguous", "not_found", "invalid"]
    assert rejected == MIXED[1:4]


def test_the_rejected_rows_once_mended_land(backends, bring, tmp_path):
    bring(MIXED)
    path = tmp_path / "rows.geojson.rejected.geojson"
    mended = json.loads(path.read_text("utf-8"))["features"]
    mended[0]["properties"]["place_id"] = mended[0]["rejected"]["candidates"][0]
    mended[1]["properties"]["place_name"] = "Amuda"
    mended[2]["properties"]["date_start"] = "2022-01-30"

    verdicts = bring(mended, name="mended.geojson")

    assert [each.verdict.value for each in verdicts] == ["accepted"] * 3
    assert all(event.extra in ({}, {"wind": "north"}) for event in backends.store.events())
    assert not (tmp_path / "mended.geojson.rejected.geojson").exists()


def test_a_file_of_rejected_rows_that_somebody_may_be_mending_is_not_overwritten(bring, tmp_path):
    bring(MIXED)
    first = (tmp_path / "rows.geojson.rejected.geojson").read_bytes()

    bring(MIXED)

    assert (tmp_path / "rows.geojson.rejected.geojson").read_bytes() == first
    assert (tmp_path / "rows.geojson.rejected-2.geojson").exists()


def test_where_no_file_can_be_written_the_good_rows_land_and_the_end_says_so(backends, tmp_path):
    path = tmp_path / "rows.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": MIXED}))
    options = ImportOptions(by="amina", rejected=tmp_path / "no folder" / "rejected.geojson")
    told = []

    with pytest.raises(GeoEventsError, match="did not land cannot be written to rejected"):
        told.extend(import_features(path, options, backends))

    assert [verdict.row for verdict in told] == [1, 2, 3, 4, 5, 6]
    assert titles(backends) == ["A convoy was stopped", "Elsewhere"]


def test_a_rehearsal_keeps_and_writes_nothing(backends, bring, tmp_path):
    verdicts = bring(MIXED, dry_run=True)

    assert [each.verdict.value for each in verdicts].count("accepted") == 2
    assert titles(backends) == []
    assert sorted(path.name for path in tmp_path.glob("rows*")) == ["rows.geojson"]


def test_what_rows_lack_is_filled_from_the_command_line(backends, bring):
    bring(
        [row(event_type=..., sources=...), row(title="Own", event_type="protests")],
        source="SOHR",
        event_type="battles",
    )

    first, second = backends.store.events()
    assert (first.event_type, first.sources[0].publisher) == ("battles", "SOHR")
    assert (second.event_type, second.sources[0].publisher) == ("protests", "North Press Agency")


def test_a_row_without_a_source_lands_as_a_draft_and_says_so(backends, bring):
    verdict = bring([row(sources=...)])[0]

    assert str(verdict.reason) == "It is kept as a draft. To be published it needs at least one source."
    assert next(backends.store.events()).status is Status.DRAFT


def test_a_feature_a_line_is_read_too(backends, bring):
    lines = (
        b"\xef\xbb\xbf\x1e"
        + b"\n\n\x1e".join(json.dumps(each).encode() for each in MIXED[:2])
        + b"\n{broken\n"
    )

    verdicts = bring(lines, name="rows.geojsonl")

    assert outcomes(verdicts) == [(1, "accepted"), (2, "ambiguous"), (3, "invalid")]
    assert titles(backends) == ["A convoy was stopped"]


def test_one_feature_is_a_file_of_one_row(bring):
    pretty = json.dumps(row(), indent=2).encode()

    assert outcomes(bring(pretty)) == [(1, "accepted")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "rows.geojson: Nothing was sent"),
        (b'{"type": "FeatureCollection", "features": [', "rows.geojson: "),
        (b"[1, 2]", "is not a FeatureCollection, nor a Feature a line"),
        (b'{"type": "FeatureCollection", "features": {}}', "is not a FeatureCollection"),
    ],
)
def test_a_file_with_no_rows_cannot_be_imported(backends, bring, data, said):
    with pytest.raises(BadInput, match=said):
        bring(data)
    assert titles(backends) == []


def test_a_file_cut_at_half_says_where(bring):
    data = json.dumps({"type": "FeatureCollection", "features": MIXED}, indent=1).encode()

    with pytest.raises(InvalidJSON) as refused:
        bring(data[: len(data) // 2])

    assert refused.value.line > 1


def test_a_missing_file_is_named(backends, tmp_path):
    with pytest.raises(GeoEventsError, match=r"gone\.geojson cannot be read: No such file"):
        list(import_features(tmp_path / "gone.geojson", ImportOptions(by="amina"), backends))


def test_a_foreign_reference_system_of_the_collection_is_refused_row_by_row(bring):
    data = {"type": "FeatureCollection", "features": [row({"type": "Point", "coordinates": [40.7, 36.5]})]}
    data["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}

    verdict = bring(json.dumps(data).encode())[0]

    assert (verdict.verdict, verdict.field) == ("invalid", "crs")


def test_a_row_with_coordinates_is_imported_as_they_are(backends, bring):
    bring([row({"type": "Point", "coordinates": [40.75, 36.49]}, geo_precision="neighbourhood")])

    event = next(backends.store.events())
    assert (event.geometry.coordinates, event.geo_method, event.place_id) == (
        (40.75, 36.49),
        "imported",
        None,
    )


def test_an_id_that_is_here_with_other_words_does_not_land(backends, bring):
    bring([row() | {"id": "some-event"}])

    same, other = bring([row() | {"id": "some-event"}, row(title="Other words") | {"id": "some-event"}])

    assert (same.verdict, same.landed) == ("duplicate", True)
    assert (other.verdict, other.landed, other.field) == ("duplicate", False, "id")
    assert titles(backends) == ["A convoy was stopped"]


def test_an_id_of_their_own_is_known_again_from_the_same_publisher_only(backends, bring):
    other = [{"publisher": "SOHR"}]
    bring([row(external_id="17")])

    verdicts = bring(
        [row(external_id="17", title="Corrected"), row(external_id="17", title="B", sources=other)]
    )

    assert [each.verdict.value for each in verdicts] == ["duplicate", "accepted"]
    assert verdicts[0].field == "external_id"


@pytest.mark.parametrize("view", list(View))
def test_what_was_exported_is_no_news_when_it_comes_back(backends, make_draft, tmp_path, view):
    for properties in ({}, {"title": "Withheld", "sensitivity": "grid", "description": "the yard"}):
        workflows.add(make_draft(place_name="Hasakah", **properties), backends, by="amina",
                      on_likeness=workflows.OnLikeness.IGNORE)  # fmt: skip
    path = tmp_path / "out.geojson"
    export(path, EventQuery(), backends, view=view)
    revision = backends.store.revision

    verdicts = list(import_features(path, ImportOptions(by="amina"), backends))

    assert [(each.verdict.value, each.landed) for each in verdicts] == [("duplicate", True)] * 2
    assert backends.store.revision == revision


def test_an_import_asks_no_online_service(backends, tmp_path):
    path = tmp_path / "rows.geojson"
    path.write_text(json.dumps(row(place_name="Xqzwv")))

    class Online:
        def resolve(self, name, context):
            pytest.fail("asked")

    verdicts = list(import_features(path, ImportOptions(by="a"), replace(backends, online=Online())))

    assert [each.verdict.value for each in verdicts] == ["not_found"]


def test_a_row_is_told_once_it_is_kept_and_stays_when_the_import_is_broken_off(
    backends, tmp_path, monkeypatch
):
    monkeypatch.setattr("geoevents.workflows.imports.BATCH", 2)
    path = tmp_path / "rows.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [row(title=f"Row {n}") for n in range(5)]})
    )
    told = []
    for verdict in import_features(path, ImportOptions(by="amina"), backends):
        told.append(verdict.row)
        if len(told) == 3:
            break

    assert told == [1, 2, 3]
    assert titles(backends) == ["Row 0", "Row 1", "Row 2", "Row 3"]


@pytest.mark.slow
def test_ten_thousand_rows_land_in_seconds(backends, bring):
    names = ["Hasakah", "Qamishli", "Raqqa", "Kobani", "Amuda"]
    rows = [row(title=f"Row {number}", place_name=names[number % 5]) for number in range(10_000)]
    start = time.process_time()

    verdicts = bring(rows)

    took = time.process_time() - start
    assert [each.verdict.value for each in verdicts] == ["accepted"] * 10_000
    assert backends.public.find(EventQuery(limit=1)).matched == 10_000
    assert took < 60, f"{took:.1f} s"
