"""A published map opens from disk, says what its events say and no more, and is the same bytes each time."""

from __future__ import annotations

import json
import re
from hashlib import sha256

import pytest

from geoevents.cartography.asset_files import Assets
from geoevents.cartography.static import publish_static
from geoevents.errors import BadInput
from geoevents.events import Status, public_view
from geoevents.places import GeoPrecision
from geoevents.sources import Source
from tests.cartography.desk import CACHE, shipped_events, shipped_taxonomy
from tests.strategies import PAYLOADS, make_event


@pytest.fixture(scope="module")
def assets() -> Assets:
    if not (CACHE / "basemap" / "index.json").is_file():
        pytest.skip("no base map: run `make setup`")
    return Assets(CACHE)


@pytest.fixture
def publish(tmp_path, assets):
    def published(events, folder=tmp_path / "maps", lang="en"):
        publish_static(events, folder, lang=lang, taxonomy=shipped_taxonomy(), assets=assets)
        return folder

    return published


def bytes_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_the_same_events_give_the_same_bytes_in_any_order(publish, tmp_path):
    events = [public_view(each) for each in shipped_events()]

    once = bytes_of(publish(events))
    again = bytes_of(publish(events[::-1], tmp_path / "again"))

    assert once == again


def test_its_list_counts_conditions_apart(publish):
    page = bytes_of(publish([public_view(each) for each in shipped_events()]))["list.html"].decode()

    assert "<h1>2 events · 3 conditions</h1>" in page


def test_the_sums_name_every_file(publish):
    files = bytes_of(publish([make_event()]))

    sums = dict(line.split("  ")[::-1] for line in files.pop("SHA256SUMS").decode().splitlines())

    assert sums == {name: sha256(body).hexdigest() for name, body in files.items()}


def test_the_download_beside_the_map_holds_every_event(publish):
    unlocated = make_event(id="nowhere222", geometry=None, geo_precision=GeoPrecision.UNLOCATED)

    folder = publish([make_event(), unlocated])

    found = json.loads((folder / "events.geojson").read_bytes())
    assert {each["id"] for each in found["features"]} == {"k7dq2m9xwb", "nowhere222"}


def test_what_was_published_before_goes_and_what_is_not_ours_stays(publish, tmp_path):
    folder = tmp_path / "maps"
    folder.mkdir()
    (folder / "README.md").write_text("ours")
    (folder / "SHA256SUMS").write_text("0  old.js\n0  ../outside\n0  /etc/hostname\n")
    (folder / "old.js").write_text("old")
    (tmp_path / "outside").write_text("outside")

    publish([make_event()])

    assert not (folder / "old.js").exists()
    assert (folder / "README.md").read_text() == "ours"
    assert (tmp_path / "outside").read_text() == "outside"


def test_the_page_asks_nobody_for_anything(publish):
    files = bytes_of(publish([make_event()]))

    for name in ("index.html", "list.html"):
        for address in re.findall(rb'(?:src|href|action)="([^"]*)"', files[name]):
            assert address == b"https://example.org/1" or (not re.match(rb"[a-z]+:|/", address)), (
                name,
                address,
            )
    assert b'type="module"' not in files["index.html"]


def test_hostile_words_neither_end_a_script_nor_become_markup(publish):
    events = [make_event(id=f"bad{n:07}", title=words, place_label=words) for n, words in enumerate(PAYLOADS)]
    events.append(make_event(id="lines22222", title="a\u2028b\u2029c"))

    files = bytes_of(publish(events))

    assert b"<" not in files["data.js"]
    assert "\u2028".encode() not in files["data.js"]
    assert b"<script>window" not in files["list.html"]
    assert b"<img" not in files["list.html"]
    assert b"1337" not in files["list.html"]
    assert files["index.html"] == bytes_of(publish([make_event()]))["index.html"]


def test_only_addresses_of_the_web_are_links(publish):
    event = make_event(sources=(Source(publisher="The Daily", url="javascript:window.__p=1"),))

    assert b"javascript" not in bytes_of(publish([event]))["list.html"]


def test_a_retracted_event_is_struck_through(publish):
    event = make_event(status=Status.RETRACTED, status_reason="It was elsewhere.")

    assert b"<s>Guards and attackers" in bytes_of(publish([event]))["list.html"]


def test_without_set_up_it_says_what_to_do(tmp_path):
    with pytest.raises(BadInput, match="make setup"):
        publish_static(
            [make_event()], tmp_path / "maps", lang="en", taxonomy=shipped_taxonomy(), assets=Assets(tmp_path)
        )
