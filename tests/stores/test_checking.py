"""`geoevents check` says what is wrong with a store, changes nothing, and is quiet where all is well."""

from __future__ import annotations

import json
import os

import pytest

from geoevents.errors import StoreUnavailable
from geoevents.events import Sensitivity, Status
from geoevents.geojson import feature
from geoevents.sources import Source
from geoevents.stores.checking import check
from geoevents.stores.geojson_store import GeoJSONStore
from tests.conftest import ROOT
from tests.strategies import make_event


@pytest.fixture
def path(tmp_path):
    store = GeoJSONStore.open(tmp_path / "events.geojson")
    store.append_all([make_event(id="first"), make_event(id="second")], by="ana", why=None)
    store.replace(make_event(id="first", title="New"), expected_version=1, by="ana", why=None)
    return tmp_path / "events.geojson"


def told(path, *levels):
    """What a check says at these levels; that it changes nothing is looked at each time."""
    before = {each: (each.stat().st_mtime_ns, each.stat().st_mode) for each in path.parent.rglob("*")}
    findings = check(path)
    assert {each: (each.stat().st_mtime_ns, each.stat().st_mode) for each in path.parent.rglob("*")} == before
    return [str(finding.message) for finding in findings if finding.level in levels]


def journal(path):
    return path.parent / "private" / "history.geojsonl"


def change(path, old, new):
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))


def test_a_whole_store_is_told_as_such(path):
    assert told(path, "warn", "fail") == []
    assert told(path, "ok") == [
        f"2 events in '{path}', revision 3",
        "3 records in the history, up to revision 3",
        "The collection says what the history says",
    ]


def test_where_nothing_is_yet_it_says_so(tmp_path):
    assert [each.level for each in check(tmp_path / "events.geojson")] == ["warn"]
    assert [each.level for each in check(tmp_path / "nowhere" / "events.geojson")] == ["fail"]
    GeoJSONStore.open(tmp_path / "events.geojson")
    assert told(tmp_path / "events.geojson", "warn", "fail") == []


def test_a_collection_without_history_is_looked_at_too(path):
    for each in path.parent.joinpath("private").iterdir():
        each.unlink()

    assert told(path, "warn", "fail") == [
        "There is no history yet. It begins when the store is first opened."
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(
            b'"Feature","id":"second"',
            b'"Feature","id":"first"',
            "Feature 2 is no event: its id first",
            id="an id twice",
        ),
        pytest.param(
            b'"status":"published"',
            b'"status":"open"',
            "Feature 1 is no event: status",
            id="no status of ours",
        ),
        pytest.param(
            b"[40.74,36.5]",
            b"[40.74,360.5]",
            "Feature 1 is no event: This is not a GeoJSON geometry",
            id="no latitude",
        ),
        pytest.param(b'"features":[', b'"features":', "is not a whole FeatureCollection", id="not JSON"),
        pytest.param(b'"format":1', b'"format":2', "is of format 2; this version reads format 1", id="newer"),
    ],
)
def test_what_is_wrong_with_the_collection_is_named(path, old, new, said):
    change(path, old, new)

    assert any(said in message for message in told(path, "fail"))


def test_an_edit_from_outside_is_only_remarked(path):
    change(path, b"New", b"Old")

    assert (told(path, "fail"), told(path, "warn")) == (
        [],
        ["The collection was changed from outside. It is taken over when the store is next opened."],
    )


def test_a_geometry_that_crosses_itself_is_named(tmp_path):
    bow_tie = {"type": "Polygon", "coordinates": [[[40, 36], [41, 37], [41, 36], [40, 37], [40, 36]]]}
    crossed = {**feature(make_event(id="crossed")), "geometry": bow_tie}
    (tmp_path / "events.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [crossed]}))

    assert [message.split(":")[0] for message in told(tmp_path / "events.geojson", "fail")] == [
        "Event crossed"
    ]


def test_another_layout_is_only_remarked(path):
    path.write_text(json.dumps(json.loads(path.read_bytes()), indent=2))

    assert told(path, "fail") == []
    assert told(path, "warn") == ["It is laid out otherwise than one Feature a line, as we write it."]


@pytest.mark.parametrize("cut", [None, 0, 10, -10])
def test_a_collection_that_the_next_opening_mends_is_only_remarked(path, cut):
    if cut is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:cut])

    said = "The collection lags behind" if cut is None else f"'{path}' is not whole. The next opening writes"
    assert [message.startswith(said) for message in told(path, "warn", "fail")] == [True]
    GeoJSONStore.open(path)
    assert told(path, "warn", "fail") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(b'"revision":3', b'"revision":7', "Line 3 of", id="a gap"),
        pytest.param(b'{"revision":2', b'{"revisio":2', "it is not a whole record", id="no record"),
        pytest.param(
            b'"version":2',
            b'"version":5',
            "version 5 of event first follows version 1",
            id="a version left out",
        ),
        pytest.param(
            b'"id":"first","feature"', b'"id":"other","feature"', "names another event", id="another event"
        ),
        pytest.param(
            b'"status":"published"', b'"status":"open"', "A kept Feature is no event", id="no event"
        ),
    ],
)
def test_what_is_wrong_with_the_history_is_named(path, old, new, said):
    change(journal(path), old, new)

    assert any(said in message for message in told(path, "fail"))


def test_a_record_that_broke_off_is_remarked(path):
    os.truncate(journal(path), journal(path).stat().st_size - 5)

    assert any("The last record broke off" in message for message in told(path, "warn"))
    GeoJSONStore.open(path)
    assert any("torn-history-at-" in message for message in told(path, "warn"))


def test_a_collection_of_zeros_is_written_anew_at_the_next_opening(path):
    path.write_bytes(bytes(path.stat().st_size))

    assert told(path, "warn", "fail") == [
        f"'{path}' is not whole. The next opening writes it anew from the history."
    ]
    GeoJSONStore.open(path)
    assert told(path, "warn", "fail") == []


def test_a_history_that_lacks_only_its_last_newline_is_remarked_and_completed(path):
    os.truncate(journal(path), journal(path).stat().st_size - 1)

    assert told(path, "warn", "fail") == [
        "The last record lacks only its newline. It is completed at the next opening."
    ]
    GeoJSONStore.open(path)
    assert told(path, "warn", "fail") == []


def test_a_history_shorter_than_the_collection_is_remarked_and_made_up_for(path):
    kept = journal(path).read_bytes()
    GeoJSONStore.open(path).append(make_event(id="third"), by="ana", why=None)
    journal(path).write_bytes(kept)

    assert told(path, "warn", "fail") == [
        "The history is missing 1 revision that the collection had been through. "
        "What the collection holds is taken over when the store is next opened."
    ]
    GeoJSONStore.open(path)
    assert told(path, "warn", "fail") == []


@pytest.mark.parametrize("kind", ["link", "link to nothing", "folder"])
def test_a_history_that_is_no_file_is_refused_by_check_and_by_opening(path, kind):
    elsewhere = path.parent / "elsewhere"
    journal(path).rename(elsewhere)
    if kind == "folder":
        journal(path).mkdir()
    else:
        journal(path).symlink_to(elsewhere if kind == "link" else path.parent / "nowhere")

    said = f"The history '{journal(path)}' is a link, or no file at all. Put the file itself in its place."
    assert [str(finding.message) for finding in check(path)] == [said]
    with pytest.raises(StoreUnavailable, match="Put the file itself in its place"):
        GeoJSONStore.open(path)


WITHHELD = [
    pytest.param({"status": Status.DRAFT}, id="a draft"),
    pytest.param({"sensitivity": Sensitivity.HIDDEN}, id="a hidden event"),
    pytest.param({"sensitivity": Sensitivity.GRID}, id="an exact place"),
    pytest.param({"sources": (Source(publisher="A witness", confidential=True),)}, id="a witness"),
]


@pytest.mark.parametrize("withheld", WITHHELD)
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_what_is_not_public_in_a_file_that_others_may_read_is_remarked(path, withheld, mode):
    GeoJSONStore.open(path).append(make_event(id="third", **withheld), by="ana", why=None)
    assert path.stat().st_mode & 0o777 == 0o600
    assert told(path, "warn", "fail") == []

    path.chmod(mode)

    assert told(path, "warn", "fail") == [
        f"Others may read '{path}', which holds 1 event that is not, or not all, public. "
        f"Run: chmod 600 {path}"
    ]
    GeoJSONStore.open(path).append(make_event(id="fourth"), by="ana", why=None)
    assert path.stat().st_mode & 0o777 == mode


def test_the_shipped_events_may_be_read_by_all(tmp_path):
    shipped = tmp_path / "events.geojson"
    shipped.write_bytes((ROOT / "data" / "events.geojson").read_bytes())
    shipped.chmod(0o644)
    GeoJSONStore.open(shipped)

    assert told(shipped, "warn", "fail") == []


def test_what_was_set_aside_is_remarked_until_somebody_removes_it(path):
    change(path, b'"title":"New"', b'"title":""')
    GeoJSONStore.open(path).append(make_event(id="third"), by="ana", why=None)

    assert told(path, "fail") == []
    assert [message.split("'")[2] for message in told(path, "warn")] == [
        " was set aside. Look at it, then remove it."
    ] * 2


@pytest.mark.parametrize("name", ["private", "private/history.geojsonl"])
def test_what_others_may_read_is_named_with_the_way_out(path, name):
    (path.parent / name).chmod(0o755)

    mode = "700" if name == "private" else "600"
    assert told(path, "fail") == [
        f"Others may read '{path.parent / name}'. Run: chmod {mode} {path.parent / name}"
    ]
