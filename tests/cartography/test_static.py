"""A published map says what its events say and no more, and is the same bytes each time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from geoevents.cartography.single_file import MOST_BYTES
from geoevents.errors import BadInput, TooLarge
from geoevents.events import Kind, Status
from geoevents.geometries import Geometry
from geoevents.places import GeoPrecision
from geoevents.queries import EventQuery
from geoevents.sources import Source
from tests.cartography.desk import CACHE, ROOT, shipped_events
from tests.cartography.publishing import bytes_of, desk_of, published, published_alone
from tests.strategies import PAYLOADS, make_event

pytestmark = pytest.mark.skipif(
    not (CACHE / "basemap" / "index.json").is_file(), reason="no base map: run `make setup`"
)


@pytest.fixture
def publish(tmp_path):
    def made(events, folder=tmp_path / "maps", **said):
        published(events, folder, store=tmp_path / f"store-of-{folder.name}", **said)
        return bytes_of(folder)

    return made


def scattered(count, **changes):
    return [
        make_event(
            id=f"many{number:06}",
            title=f"Report {number}",
            geometry=Geometry.point(36 + number * 7 % 600 / 100, 33 + number * 13 % 400 / 100),
            **changes,
        )
        for number in range(count)
    ]


def data_of(files, name="data/data.js"):
    return json.loads(re.fullmatch(rb"\w+\((.*)\);\n", files[name])[1])


@pytest.mark.slow
def test_the_same_events_give_the_same_bytes_in_any_order_and_any_process(publish, tmp_path):
    events = shipped_events()

    once = publish(events, languages=("en", "ar"))
    again = tmp_path / "again"
    desk_of(events[::-1], tmp_path / "other")
    command = [sys.executable, "-c", "from geoevents.cli.running import main; raise SystemExit(main())"]
    arguments = ["publish", again, "--data", tmp_path / "other"]
    subprocess.run(
        [*command, *map(str, arguments)], check=True, cwd=ROOT, env={"PATH": "/bin", "PYTHONHASHSEED": "7"}
    )

    assert once | {"SHA256SUMS": b""} == bytes_of(again) | {"SHA256SUMS": b""}
    assert once["SHA256SUMS"] == (again / "SHA256SUMS").read_bytes()


def test_sha256sum_itself_finds_every_file_as_it_was_published(publish, tmp_path):
    files = publish([make_event()])

    checked = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "maps", capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stderr
    assert len(checked.stdout.splitlines()) == len(files) - 1


def test_each_language_has_a_map_and_a_list_and_one_set_of_data(publish):
    files = publish([make_event()], languages=("en", "ar"))

    pages = sorted(name for name in files if name.endswith(".html"))
    assert pages == ["index.ar.html", "index.html", "list.ar.html", "list.html"]
    assert b'dir="rtl"' in files["index.ar.html"]
    assert b'href="index.ar.html"' in files["index.html"]


def test_its_list_counts_conditions_apart(publish):
    assert '<h1 dir="auto">2 events · 3 conditions</h1>' in publish(shipped_events())["list.html"].decode()


def test_the_filters_of_the_query_choose_the_events_and_are_said(publish):
    events = [make_event(), make_event(id="elsewhere2", title="Elsewhere", event_type="protests")]
    query = EventQuery.parse(
        [("event_type", "battles"), ("datetime", "2022-01-01/2022-01-31"), ("q", "gate")]
    )

    files = publish(events, query=query)

    said = data_of(files)["said"]["en"]["said"]
    assert said[:3] == ["from 1 January 2022 to 31 January 2022", "Battles", "with “gate”"]
    assert [each["id"] for each in json.loads(files["events.geojson"])["features"]] == ["k7dq2m9xwb"]
    assert b"Elsewhere" not in files["list.html"] + files["data/data.js"]
    assert b"with \xe2\x80\x9cgate\xe2\x80\x9d" in files["list.html"]


def test_places_that_are_asked_for_are_said_by_their_names(publish):
    query = EventQuery.parse([("place", "geonames:173811"), ("located", "yes")])

    files = publish([make_event()], query=query, places={"geonames:173811": "Hasakah, Syria"})

    said = data_of(files)["said"]["en"]["said"]
    assert [text.replace("\u2068", "").replace("\u2069", "") for text in said[:2]] == [
        "at Hasakah, Syria",
        "only with a place",
    ]


def test_it_says_as_of_when_by_its_newest_update_and_how_many_are_not_on_the_map(publish):
    late = datetime(2022, 3, 4, 23, 59, tzinfo=UTC)
    nowhere = make_event(id="nowhere222", geometry=None, geo_precision=GeoPrecision.UNLOCATED, updated=late)

    files = publish([make_event(), nowhere])

    assert data_of(files)["said"]["en"]["said"] == [
        "as of 4 March 2022",
        "1 without a place on the map, in the list only",
    ]
    found = json.loads(files["events.geojson"])["features"]
    assert {each["id"] for each in found} == {"k7dq2m9xwb", "nowhere222"}


def test_a_title_and_a_caption_are_said_in_their_language(publish):
    files = publish(
        [make_event()],
        languages=("en", "ar"),
        title={"en": "Gates", "ar": "بوابات"},
        caption={"en": "By us."},
    )

    said = data_of(files)["said"]
    assert [(said[lang]["title"], said[lang]["said"][0]) for lang in ("en", "ar")] == [
        ("Gates", "By us."),
        ("بوابات", "By us."),
    ]


def test_drafts_and_hidden_events_are_nowhere(publish):
    events = [make_event(), make_event(id="draft22222", title="Unfinished", status=Status.DRAFT)]

    assert b"Unfinished" not in b"".join(publish(events).values())


@pytest.mark.slow
def test_many_events_are_tiles_and_pages_of_a_list_and_none_is_lost(publish):
    events = scattered(2_600) + [
        make_event(id=f"same{n:06}", geometry=Geometry.point(40, 36)) for n in range(500)
    ]
    conditions = scattered(1, kind=Kind.CONDITION)

    files = publish([*events, *(make_event(id="holds22222", kind=Kind.CONDITION) for _ in conditions)])

    opening = data_of(files)
    tiles = [opening["tile"]] + [
        json.loads(b"[%b]" % body[len("geoeventsTile(") : -3])[1]
        for name, body in files.items()
        if name.startswith("data/tiles/")
    ]
    whole = set()
    for tile in tiles:
        column = tile["features"]["columns"].get("id", {})
        anchors = tile["features"]["columns"].get("anchor", {})
        if not tile["cells"]:
            assert anchors
            whole |= set(column.get("all") or column["of"])
    assert {event.id for event in events[:2_600]} <= whole
    assert opening["matched"] == {"event": 3_100, "condition": 1}
    listed = b"".join(body for name, body in files.items() if re.match(r"list(-\d+)?\.html", name))
    assert {f'id="{event.id}"'.encode() in listed for event in events} == {True}
    assert sum(name.startswith("list") for name in files) == 7
    assert max(len(body) for name, body in files.items() if name.startswith("data/tiles/")) < 200_000


def test_only_the_ground_around_the_events_is_brought(publish, tmp_path):
    there = publish([make_event()])
    elsewhere = publish([make_event(geometry=Geometry.point(-70, -20))], folder=tmp_path / "elsewhere")

    ground = {name for name in there if name.startswith("data/ground/")}
    assert "data/ground/9-6.js" in ground
    assert not ground & {name for name in elsewhere if name.startswith("data/ground/")}
    assert sum(len(there[name]) for name in there if "ground" in name) < 1_500_000


def test_the_page_asks_nobody_for_anything(publish):
    files = publish([make_event()], languages=("en", "ar"))

    for name in (name for name in files if name.endswith(".html")):
        for address in re.findall(rb'(?:src|href|action)="([^"]*)"', files[name]):
            assert address == b"https://example.org/1" or not re.match(rb"[a-z]+:|/", address), (
                name,
                address,
            )
        assert b'type="module"' not in files[name]
        assert b"default-src 'none'" in files[name]


def test_hostile_words_neither_end_a_script_nor_become_markup(publish, tmp_path):
    events = [make_event(id=f"bad{n:07}", title=words, place_label=words) for n, words in enumerate(PAYLOADS)]
    events.append(make_event(id="lines22222", title="a\u2028b\u2029c"))

    files = publish(
        events, title={"en": PAYLOADS[0]}, caption={"en": "</script><script>window.__p=1</script>"}
    )

    assert b"<" not in files["data/data.js"]
    assert "\u2028".encode() not in files["data/data.js"]
    assert "\u2029".encode() not in files["data/data.js"]
    assert b"<script>window" not in files["list.html"]
    assert b"<img" not in files["list.html"]
    assert b"1337" not in files["list.html"]
    assert files["index.html"] == publish([make_event()], folder=tmp_path / "plain")["index.html"]


def test_only_addresses_of_the_web_are_links(publish):
    event = make_event(sources=(Source(publisher="The Daily", url="javascript:window.__p=1"),))

    assert b"javascript" not in publish([event])["list.html"]


def test_a_retracted_event_is_struck_through(publish):
    event = make_event(status=Status.RETRACTED, status_reason="It was elsewhere.")

    assert b"<s>Guards and attackers" in publish([event])["list.html"]


def test_without_set_up_it_says_what_to_do_and_writes_nothing(publish, tmp_path):
    with pytest.raises(BadInput, match="make setup"):
        publish([make_event()], cache=tmp_path / "empty")

    assert not (tmp_path / "maps").exists()


def varied(count):
    """Events in which hardly anything is said twice, in two scripts, as real ones are."""
    words = "تقول وكالة الأنباء إن اشتباكات اندلعت قرب بوابة السجن مساء أمس"
    return [
        make_event(
            id=f"many{number:06}",
            title=f"Report {number} of a raid on house {number * 31 % 977} near the gate, camp {number % 9}",
            geometry=Geometry.point(36 + number * 7 % 6000 / 1000, 33 + number * 13 % 4000 / 1000),
            place_name=f"{words[number % 30 :]} {number}",
            sources=(
                Source(
                    publisher=f"Agency {number % 40}",
                    url=f"https://example.org/2022/01/{number}-{number * 7919}",
                ),
                Source(publisher="The Daily", url=f"https://daily.example.net/article/{number * 104729}"),
            ),
        )
        for number in range(count)
    ]


@pytest.mark.slow
def test_a_single_file_of_two_thousand_events_is_below_two_megabytes(tmp_path):
    made = published_alone(varied(2_000), tmp_path / "map.html", store=tmp_path / "store", languages=("ar",))

    assert made.size == (tmp_path / "map.html").stat().st_size < MOST_BYTES
    assert (made.events, made.files) == (2_000, 1)


@pytest.mark.slow
def test_a_single_file_refuses_more_with_a_way_out(tmp_path):
    with pytest.raises(TooLarge, match=r"2001 events.*without --single-file.*--datetime"):
        published_alone(scattered(2_001), tmp_path / "map.html", store=tmp_path / "store")

    assert not (tmp_path / "map.html").exists()


def test_a_single_file_names_all_that_runs_in_it_and_loads_nothing(tmp_path):
    published_alone(shipped_events(), tmp_path, store=tmp_path / "store")

    page = (tmp_path / "map.html").read_text("utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert policy.count("sha256-") == page.count("<script>") + page.count("<style>")
    markup = re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.DOTALL)
    assert not re.search(r'(?:src|href|action)="(?!data:|#)', markup)
