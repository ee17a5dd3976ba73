"""The collection is the team's own file: what another program made of it is merged with what is newer."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date

import geopandas
import pyogrio
import pytest

from geoevents.events import Sensitivity, Status, Translation
from geoevents.geojson import feature
from geoevents.geometries import Geometry
from geoevents.sources import Source
from geoevents.stores import keeping
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.merging import REMOVED
from tests.strategies import make_event

RING = ((40.0, 36.0), (41.0, 36.0), (41.0, 37.0), (40.0, 37.0), (40.0, 36.0))
FULL = make_event(
    id="full",
    title='Guards "fight"\tat the gate, سجن',
    description="Two\nlines, and an apostrophe's end",
    translations=(Translation(lang="ar", title="الحراس"),),
    date_end=date(2022, 1, 22),
    geometry=Geometry.point(40.7412345678912, 36.5123456789123),
    tags=("prison", "two words", "it's"),
    sources=(
        Source(publisher="The Daily", url="https://example.org/1", quote='"Shots" were heard'),
        Source(publisher="الجزيرة", said_by="SDF", confidential=True),
    ),
    civilian_targeting=True,
    fatalities_low=2,
    fatalities_best=3,
    external_id="00123",
    extra={"notes": ["a", {"b": 1.5}], "empty": None},
)
EVENTS = (
    FULL,
    make_event(id="plain"),
    make_event(id="area", geometry=Geometry("Polygon", (RING,)), tags=()),
    make_event(id="nowhere", geometry=None, civilian_targeting=False),
    make_event(id="draft", status=Status.DRAFT),
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "events.geojson"


@pytest.fixture
def store(path):
    """The five events, the second of them edited once: revision 6."""
    store = GeoJSONStore.open(path)
    store.append_all(EVENTS, by="ana", why=None)
    store.replace(make_event(id="plain", title="Plain"), expected_version=1, by="ana", why=None)
    return store


def by_hand(path, change):
    """Load the file, change it, write it with an indent and its keys in another order."""
    whole = json.loads(path.read_bytes())
    features = {each["id"]: each for each in whole["features"]}
    change(features, whole)
    whole["features"] = list(features.values())
    path.write_text(json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False))


def saved_elsewhere(path, change):
    """What another program would save, while the file is still as we left it."""
    ours = path.read_bytes()
    by_hand(path, change)
    theirs = path.read_bytes()
    path.write_bytes(ours)
    return theirs


def set_title(title, id="plain"):
    return lambda features, _whole: features[id]["properties"].update(title=title)


def by_geopandas(path, change=lambda frame: frame):
    change(geopandas.read_file(path)).to_file(path, driver="GeoJSON")


def by_gdal(path, **options):
    """As QGIS and ogr2ogr do, which keep lists and objects; coordinates cut at seven decimals."""
    meta, _, geometry, columns = pyogrio.raw.read(path)
    pyogrio.raw.write(
        path,
        geometry,
        columns,
        meta["fields"],
        driver="GeoJSON",
        geometry_type=meta["geometry_type"] or "Unknown",
        crs=meta["crs"],
        **options,
    )


def keeps_revision(rewrite):
    """A program that passes on members of a collection that it doesn't know, as QGIS does."""

    def kept(path):
        member = json.loads(path.read_bytes())["geoevents"]
        rewrite(path)
        whole = json.loads(path.read_bytes())
        path.write_text(json.dumps({**whole, "geoevents": member}))

    return kept


REWRITINGS = [
    pytest.param(lambda path: by_hand(path, lambda *_: None), id="by hand, keys in another order"),
    pytest.param(by_geopandas, id="geopandas"),
    pytest.param(keeps_revision(by_geopandas), id="geopandas, the revision kept"),
    pytest.param(by_gdal, id="GDAL"),
    pytest.param(lambda path: by_gdal(path, RFC7946="YES"), id="GDAL, RFC 7946"),
    pytest.param(
        lambda path: by_gdal(path, COORDINATE_PRECISION="7", ID_FIELD="id"), id="GDAL, ids and seven decimals"
    ),
    pytest.param(
        lambda path: by_geopandas(path, lambda frame: frame.drop(columns=["sources", "extra", "actors"])),
        id="columns dropped",
    ),
    pytest.param(
        lambda path: by_geopandas(
            path, lambda frame: frame.assign(fid=range(len(frame)), layer=None)[::-1].drop(columns="fid")
        ),
        id="another order, an empty column",
    ),
]


def ops(store, event_id):
    return [each.op for each in store.history(event_id)]


@pytest.mark.parametrize("rewrite", REWRITINGS)
def test_opening_and_saving_changes_nothing(store, path, rewrite):
    events, history = list(store.events()), (path.parent / "private" / "history.geojsonl").read_bytes()
    written = path.read_bytes()
    rewrite(path)
    assert path.read_bytes() != written

    opened = GeoJSONStore.open(path)

    assert (path.parent / "private" / "history.geojsonl").read_bytes() == history
    assert (list(opened.events()), opened.banner()) == (events, ())
    assert sorted(each.name for each in (path.parent / "private").iterdir()) == [
        "gathering.lock",
        "history.geojsonl",
        "lock",
    ]
    opened.append(make_event(id="next"), by="ana", why=None)
    assert path.read_bytes().startswith(written[: written.index(b"\n],")])


@pytest.mark.parametrize("rewrite", REWRITINGS)
def test_what_is_newer_here_is_kept(store, path, rewrite):
    rewrite(path)
    saved = path.read_bytes()
    store.append(make_event(id="next"), by="ana", why=None)
    store.replace(replace(FULL, title="Newer"), expected_version=1, by="ana", why=None)
    path.write_bytes(saved)

    opened = GeoJSONStore.open(path)

    assert [(event.id, event.title) for event in opened.events()] == [
        (event.id, event.title) for event in store.events()
    ]
    assert (opened.get("full").title, opened.get("next").version, opened.banner()) == ("Newer", 1, ())
    assert ops(opened, "full") == ["add", "edit"]
    assert json.loads(path.read_bytes())["geoevents"]["revision"] == opened.revision == 8


def test_what_was_changed_outside_is_the_next_version(store, path):
    by_geopandas(
        path,
        lambda frame: frame.assign(
            title=["Outside", *frame["title"][1:]],
            date_start=frame["date_start"].where(frame["id"] != "plain", "2022-01-19"),
            fatalities_best=[7.0, *frame["fatalities_best"][1:]],
            geometry=[*frame.geometry[:1].translate(0.01, 0), *frame.geometry[1:]],
        ),
    )

    store.append(make_event(id="next"), by="ana", why=None)

    full, plain = store.get("full"), store.get("plain")
    assert (full.title, full.fatalities_best, full.version) == ("Outside", 7, 2)
    assert full.geometry.as_geojson()["coordinates"] == pytest.approx([40.7512345678912, 36.5123456789123])
    assert (full.sources, full.tags, full.created) == (FULL.sources, FULL.tags, FULL.created)
    assert (plain.date_start, plain.version, plain.title) == (date(2022, 1, 19), 3, "Plain")
    last = store.history("full")[-1]
    assert (last.op, last.by, last.why) == ("outside", "", "Changed in events.geojson by another program.")
    assert [ops(store, id) for id in ("area", "nowhere", "draft", "next")] == [["add"]] * 4
    opened = GeoJSONStore.open(path)
    assert (opened.banner(), list(opened.events())) == ((), list(store.events()))
    assert [each["properties"]["title"] for each in json.loads(path.read_bytes())["features"]] == [
        event.title for event in store.events()
    ]


@pytest.mark.parametrize("revision", ["kept", "lost"])
def test_changed_on_both_sides_is_a_conflict_with_a_name(store, path, revision):
    def change(features, whole):
        set_title("Outside")(features, whole)
        if revision == "lost":
            del whole["geoevents"]

    saved = saved_elsewhere(path, change)
    beside = store.replace(make_event(id="plain", title="Inside"), expected_version=2, by="bo", why=None)
    path.write_bytes(saved)

    opened = GeoJSONStore.open(path)

    assert opened.get("plain") == beside
    (aside,) = path.parent.glob("private/outside-edit-*")
    assert aside.read_bytes() == saved
    assert [str(note) for note in opened.banner()] == [
        f"1 event was changed both here and in '{path}': plain. It stays as it is here; "
        f"what the file said is in '{aside}'."
    ]
    assert b"Inside" in path.read_bytes()
    opened.append(make_event(id="next"), by="ana", why=None)
    assert GeoJSONStore.open(path).banner() == ()


def test_both_sides_changed_it_to_the_same(store, path):
    saved = saved_elsewhere(path, set_title("Same"))
    store.replace(make_event(id="plain", title="Same"), expected_version=2, by="bo", why=None)
    path.write_bytes(saved)

    opened = GeoJSONStore.open(path)

    assert (opened.banner(), ops(opened, "plain")) == ((), ["add", "edit", "edit"])


def test_what_was_removed_is_retracted_if_it_was_public_and_untouched(store, path):
    def remove(features, _whole):
        del features["area"], features["draft"]

    by_hand(path, remove)

    opened = GeoJSONStore.open(path)

    gone, draft = opened.get("area"), opened.get("draft")
    assert (gone.status, gone.status_reason, gone.version) == (Status.RETRACTED, REMOVED, 2)
    assert (draft.status, draft.version) == (Status.DRAFT, 1)
    assert [str(note) for note in opened.banner()] == [
        f"'{path}' lacks what was never published and stays here: draft."
    ]
    again = GeoJSONStore.open(path)
    assert (again.banner(), again.get("area").version) == ((), 2)


def test_what_was_removed_there_and_changed_here_is_a_conflict(store, path):
    saved = saved_elsewhere(path, lambda features, _whole: features.pop("plain"))
    store.replace(make_event(id="plain", title="Inside"), expected_version=2, by="bo", why=None)
    path.write_bytes(saved)

    opened = GeoJSONStore.open(path)

    assert (opened.get("plain").title, opened.get("plain").status) == ("Inside", Status.PUBLISHED)
    assert "both here and in" in str(opened.banner()[0])


def test_what_was_added_here_since_is_not_taken_for_removed(store, path):
    saved = path.read_bytes()
    store.append(make_event(id="later"), by="ana", why=None)
    path.write_bytes(saved.replace(b"Plain", b"Outside"))

    opened = GeoJSONStore.open(path)

    assert (opened.get("later").status, opened.get("plain").title) == (Status.PUBLISHED, "Outside")


@pytest.mark.parametrize("kept", [("full", "plain"), ()])
def test_an_extract_removes_nothing(store, path, kept):
    def extract(features, _whole):
        for each in set(features) - set(kept):
            del features[each]

    by_hand(path, extract)
    before = list(store.events())

    opened = GeoJSONStore.open(path)

    assert list(opened.events()) == before
    assert len(json.loads(path.read_bytes())["features"]) == 5


def test_without_a_revision_nothing_counts_as_removed(store, path):
    def remove(features, whole):
        del features["area"], whole["geoevents"]
        features["plain"]["properties"]["title"] = "Outside"

    by_hand(path, remove)

    opened = GeoJSONStore.open(path)

    assert (opened.get("area").status, opened.get("plain").title) == (Status.PUBLISHED, "Outside")


def test_what_was_drawn_in_a_map_program_is_a_new_draft(store, path):
    drawn = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [40.1, 36.1, 0.0]},
        "properties": {
            "title": "Drawn",
            "event_type": "battles",
            "date_start": "2022/01/25",
            "colour": "red",
        },
    }
    whole = json.loads(path.read_bytes())
    whole["features"].insert(2, drawn)
    path.write_text(json.dumps(whole))

    opened = GeoJSONStore.open(path)

    new = list(opened.events())[-1]
    assert (new.title, new.date_start, new.status, new.version) == (
        "Drawn",
        date(2022, 1, 25),
        Status.DRAFT,
        1,
    )
    assert (new.geo_method, new.geo_precision.value, new.uncertainty_m) == ("imported", "settlement", 3_000)
    assert (new.geometry.as_geojson()["coordinates"], new.extra) == ([40.1, 36.1], {"colour": "red"})
    assert (len(list(opened.events())), ops(opened, new.id)) == (6, ["outside"])
    assert json.loads(path.read_bytes())["features"][5]["id"] == new.id


def test_what_was_taken_over_once_is_not_taken_over_again_though_the_writer_was_killed(store, path):
    def change(features, _whole):
        del features["area"]
        features["plain"]["properties"]["title"] = "Outside"
        drawn = {"title": "Drawn", "event_type": "battles", "date_start": "2022-01-25"}
        for n in range(2):
            features[n] = {"type": "Feature", "geometry": None, "properties": drawn}

    by_hand(path, change)
    saved = path.read_bytes()
    first = GeoJSONStore.open(path)
    path.write_bytes(saved)

    again = GeoJSONStore.open(path)

    assert (again.revision, again.banner()) == (first.revision, ())
    assert list(again.events()) == list(first.events())
    assert [event.title for event in first.events()][5:] == ["Drawn", "Drawn"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param({"title": ""}, "title", id="no title"),
        pytest.param({"title": "x" * 301}, "300", id="a title too long"),
        pytest.param({"date_start": "yesterday"}, "yesterday", id="no day"),
        pytest.param({"sources": "the radio"}, "sources", id="what is no list"),
        pytest.param(
            {"sources": [{"publisher": "X", "url": "javascript:alert(1)"}]}, "http", id="an address that runs"
        ),
        pytest.param({"status": "merged"}, "status", id="what cannot be typed"),
        pytest.param({"geometry": {"type": "Point", "coordinates": [40.1, 95]}}, "", id="beyond the pole"),
    ],
)
def test_what_is_no_event_is_set_aside_and_the_rest_goes_on(store, path, change, why):
    def spoil(features, _whole):
        if "geometry" in change:
            features["plain"]["geometry"] = change["geometry"]
        else:
            features["plain"]["properties"] |= change
        features["full"]["properties"]["title"] = "Outside"

    by_hand(path, spoil)
    spoilt = next(each for each in json.loads(path.read_bytes())["features"] if each["id"] == "plain")

    opened = GeoJSONStore.open(path)

    assert (opened.get("plain").title, opened.get("plain").version) == ("Plain", 2)
    assert opened.get("full").title == "Outside"
    rejected = path.parent / "private" / "rejected.geojson"
    (kept,) = json.loads(rejected.read_bytes())["features"]
    assert {**kept, "reason": None} == {**spoilt, "reason": None}
    assert why in kept["reason"]
    assert rejected.stat().st_mode & 0o777 == 0o600
    assert [str(note).split(" are ")[0].split(" is ")[0] for note in opened.banner()] == [
        f"1 Feature of '{path}'"
    ]
    assert str(rejected) in str(opened.banner()[0])
    opened.append(make_event(id="next"), by="ana", why=None)
    assert [each["id"] for each in json.loads(path.read_bytes())["features"]][-1] == "next"


def test_what_is_rejected_later_stands_beside_what_was_before(store, path):
    for title in ("x" * 400, "y" * 400, "y" * 400):
        by_hand(path, set_title(title))
        GeoJSONStore.open(path)

    rejected = json.loads((path.parent / "private" / "rejected.geojson").read_bytes())["features"]
    assert [each["properties"]["title"][0] for each in rejected] == ["x", "y"]


def test_what_only_we_decide_is_not_decided_outside(store, path):
    by_hand(
        path,
        lambda features, _whole: features["plain"]["properties"].update(
            version=40, created="2030-01-01T00:00:00Z", chosen_by="eve", match_score=1.0
        ),
    )
    before = store.get("plain")

    opened = GeoJSONStore.open(path)

    assert (opened.get("plain"), opened.banner()) == (before, ())


def test_the_public_revision_moves_only_if_anybody_sees_it(store, path):
    before = store.public_revision
    by_hand(path, set_title("A draft still", "draft"))
    assert GeoJSONStore.open(path).public_revision == before

    by_hand(path, set_title("Seen"))
    assert GeoJSONStore.open(path).public_revision == before + 1


def test_who_opens_twice_takes_over_once(store, path):
    by_hand(path, set_title("Outside"))

    revisions = [GeoJSONStore.open(path).revision for _ in range(3)]

    assert revisions == [7, 7, 7]


def test_an_edit_while_a_large_store_is_open_is_merged_with_the_next_write(path):
    store = GeoJSONStore.open(path, in_place_above=0, lag=60)
    store.append_all(EVENTS, by="ana", why=None)
    store._keeper._gather()
    store.replace(replace(FULL, title="Waits"), expected_version=1, by="ana", why=None)
    by_hand(path, set_title("Outside"))

    store.append(make_event(id="next"), by="ana", why=None)
    store.close()

    opened = GeoJSONStore.open(path)
    assert [opened.get(id).title for id in ("full", "plain", "next")] == [
        "Waits",
        "Outside",
        make_event().title,
    ]
    assert opened.banner() == ()
    assert feature(opened.get("full")) == json.loads(path.read_bytes())["features"][0]


def test_a_sensitive_event_stays_as_sensitive_as_it_was(path):
    store = GeoJSONStore.open(path)
    store.append_all(
        [make_event(id="secret", sensitivity=Sensitivity.HIDDEN), make_event(id="other")], by="a", why=None
    )
    by_geopandas(path, lambda frame: frame.drop(columns=["sensitivity"]))

    assert GeoJSONStore.open(path).get("secret").sensitivity is Sensitivity.HIDDEN


def wait_until_it_follows(path):
    end = time.monotonic() + 60
    while len(json.loads(path.read_bytes())["features"]) < len(EVENTS) and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.1)


def test_a_server_that_only_reads_takes_over_what_was_saved(path, monkeypatch):
    monkeypatch.setattr(keeping, "_LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(keeping, "_AT_REST_AFTER_S", 0.0)
    store = GeoJSONStore.open(path, lag=0.01)
    store.append_all(EVENTS, by="ana", why=None)
    wait_until_it_follows(path)
    by_hand(path, set_title("Outside"))

    end = time.monotonic() + 60
    while store.get("plain").title != "Outside" and time.monotonic() < end:
        time.sleep(0.01)

    assert (store.get("plain").title, ops(store, "plain")) == ("Outside", ["add", "outside"])


def test_a_server_that_only_reads_leaves_what_somebody_is_writing(path, monkeypatch):
    monkeypatch.setattr(keeping, "_LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(keeping, "_AT_REST_AFTER_S", 0.0)
    store = GeoJSONStore.open(path, lag=0.01)
    store.append_all(EVENTS, by="ana", why=None)
    wait_until_it_follows(path)
    half = json.dumps(json.loads(path.read_bytes()), indent=1).encode()[:900]
    path.write_bytes(half)

    end = time.monotonic() + 60
    while not store.banner() and time.monotonic() < end:
        store.refresh()
        time.sleep(0.01)
    time.sleep(0.1)

    assert path.read_bytes() == half
    assert "changed from outside" in str(store.banner()[0])
    assert [event.id for event in store.events()] == [event.id for event in EVENTS]
