"""A publication appears whole, takes the place of an older one, and of nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geoevents.cartography.static import StaticMap
from geoevents.errors import BadInput, GeoEventsError
from geoevents.events import Sensitivity
from tests.cartography.desk import CACHE
from tests.cartography.publishing import bytes_of, published, published_alone
from tests.strategies import make_event

pytestmark = pytest.mark.skipif(
    not (CACHE / "basemap" / "index.json").is_file(), reason="no base map: run `make setup`"
)


@pytest.fixture
def publish(tmp_path):
    return lambda *events: published(events or [make_event()], tmp_path / "maps", store=tmp_path / "store")


def test_an_older_publication_gives_way_whole(publish, tmp_path):
    publish()
    first = bytes_of(tmp_path / "maps")
    (tmp_path / "maps" / "README.md").write_text("ours")
    (tmp_path / "store" / "events.geojson").unlink()

    published([make_event(title="Another")], tmp_path / "maps", store=tmp_path / "another", languages=("ar",))

    second = bytes_of(tmp_path / "maps")
    assert set(first) - set(second) == {"assets/words-en.js"}
    assert second["README.md"] == b"ours"
    assert [path.name for path in tmp_path.iterdir() if ".tmp" in path.name] == []


@pytest.mark.parametrize("name", ["notes.txt", "assets/mine.js", "data/tiles/9/1/1.js"])
def test_a_folder_with_anything_of_others_is_refused_and_left_alone(publish, tmp_path, name):
    publish()
    (tmp_path / "maps" / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "maps" / name).write_text("mine")
    before = bytes_of(tmp_path / "maps")

    with pytest.raises(BadInput, match=f"holds {name}, which is no part of a published map"):
        publish(make_event(title="Another"))

    assert bytes_of(tmp_path / "maps") == before


def test_a_folder_that_was_never_published_to_is_refused(publish, tmp_path):
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "thesis.html").write_text("years of work")

    with pytest.raises(BadInput, match=r"thesis\.html"):
        publish()

    assert bytes_of(tmp_path / "maps") == {"thesis.html": b"years of work"}


def test_what_was_changed_after_it_was_published_is_refused(publish, tmp_path):
    publish()
    page = tmp_path / "maps" / "index.html"
    page.write_bytes(page.read_bytes().replace(b"geoevents", b"our map"))

    with pytest.raises(BadInput, match=r"index\.html in .* was changed after it was published"):
        publish()

    assert b"our map" in page.read_bytes()


def test_a_link_in_the_folder_is_refused_whatever_the_sums_say(publish, tmp_path):
    publish()
    (tmp_path / "outside").write_bytes((tmp_path / "maps" / "list.html").read_bytes())
    (tmp_path / "maps" / "list.html").unlink()
    (tmp_path / "maps" / "list.html").symlink_to(tmp_path / "outside")

    with pytest.raises(BadInput, match=r"list\.html"):
        publish()

    assert (tmp_path / "outside").exists()


def test_where_publishing_fails_halfway_the_older_one_stands(publish, tmp_path, monkeypatch):
    publish()
    before = bytes_of(tmp_path / "maps")
    files = StaticMap.files

    def fails(self):
        for number, each in enumerate(files(self)):
            if number == 20:
                raise OSError(28, "No space left on device")
            yield each

    monkeypatch.setattr(StaticMap, "files", fails)
    with pytest.raises(GeoEventsError, match="No space left on device"):
        publish(make_event(title="Another"))

    assert bytes_of(tmp_path / "maps") == before
    assert {path.name for path in tmp_path.iterdir()} == {"maps", "store"}


def test_a_single_file_replaces_a_published_one_and_no_other(tmp_path):
    mine = tmp_path / "mine.html"
    mine.write_text("<p>years of work")

    published_alone([make_event()], tmp_path / "map.html", store=tmp_path / "store")
    published_alone([make_event()], tmp_path / "map.html", store=tmp_path / "store")
    with pytest.raises(BadInput, match=r"mine\.html is no published map"):
        published_alone([make_event()], mine, store=tmp_path / "store")

    assert mine.read_text() == "<p>years of work"


def test_a_single_file_in_the_folder_goes_when_the_folder_is_published_anew(publish, tmp_path):
    shown, hidden = make_event(id="other-one"), make_event(title="Withheld since")
    publish(hidden, shown)
    published_alone([hidden, shown], tmp_path / "maps", store=tmp_path / "store")
    before = bytes_of(tmp_path / "maps")

    hidden = replace(hidden, sensitivity=Sensitivity.HIDDEN)
    told = published([hidden, shown], tmp_path / "maps", store=tmp_path / "another")

    after = bytes_of(tmp_path / "maps")
    assert b"Withheld since" in before["map.html"]
    assert set(before) - set(after) == {"map.html"}
    assert [name for name, held in after.items() if b"Withheld since" in held] == []
    assert told.removed == tmp_path / "maps" / "map.html"


def test_a_page_of_others_by_the_name_of_a_single_file_is_refused(publish, tmp_path):
    publish()
    (tmp_path / "maps" / "map.html").write_text("<p>years of work")
    before = bytes_of(tmp_path / "maps")

    with pytest.raises(BadInput, match=r"holds map\.html, which is no part of a published map"):
        publish(make_event(title="Another"))

    assert bytes_of(tmp_path / "maps") == before
