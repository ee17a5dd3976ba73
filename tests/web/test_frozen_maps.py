"""A frozen map over HTTP: every address of it shows the same events, whatever becomes of them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from geoevents.stores.frozen import FrozenReaders
from tests.cartography.pdf_text import words_of
from tests.web.asking import keep
from tests.web.conftest import DATA, NOW, Site

SAID = {"title-en": "Gates", "slug": "gates", "query": "event_type=battles", "stand": "frozen"}
ADDRESSES = (
    "/m/gates", "/embed", "/events", "/events.geojson", "/events.csv", "/timeline.json", "/tiles/0/0/0.json",
    "/tiles/16/40177/25762.json", "/views", "/m/gates.pdf", "/map.pdf",
)  # fmt: skip
SECRET = {"type": "Point", "coordinates": [40.71234, 36.43217]}


@pytest.fixture
def frozen(site: Site) -> Site:
    """A map of two battles as they were, one of which is retracted since, with a third added."""
    first, second = keep(site, title="First battle"), keep(site, title="Second battle")
    keep(site, title="A protest", event_type="protests")
    assert site.writer.post("/views", data=SAID).status_code == 303
    for event, changes in ((first, {"title": "Corrected"}), (second, {})):
        shown = site.writer.get(f"/events/{event}.geojson")
        edited = json.loads(shown.data)
        edited["properties"] |= changes
        site.writer.put(f"/events/{event}", json=edited, headers={"If-Match": shown.headers["ETag"]})
    shown = site.writer.get(f"/events/{second}.geojson")
    gone = site.writer.delete(
        f"/events/{second}",
        query_string={"reason": "It was a rumour."},
        headers={"If-Match": shown.headers["ETag"]},
    )
    assert gone.status_code < 300, gone.text
    keep(site, title="Later battle")
    return site


def titles(answer) -> list[str]:
    return sorted(each["properties"]["title"] for each in answer.json["features"])


def test_list_tiles_counts_time_and_downloads_show_the_events_of_that_day(frozen: Site) -> None:
    public = frozen.public

    listed = public.get("/events?view=gates").text
    geojson = public.get("/events.geojson?view=gates")
    csv = public.get("/events.csv?view=gates&download=1")
    tile = public.get("/tiles/0/0/0.json?view=gates").json
    time = public.get("/timeline.json?view=gates").json

    assert titles(geojson) == ["First battle", "Second battle"]
    assert geojson.json["frozen"] == {"view": "gates", "at": "2022-02-01T12:00:00+00:00"}
    assert {each["properties"]["status"] for each in geojson.json["features"]} == {"published", "retracted"}
    assert "It was a rumour." in geojson.text
    assert "2 events" in listed
    assert "As it was on 1 February 2022." in listed
    assert "Later battle" not in listed
    assert "Corrected" not in listed
    assert csv.headers["Content-Disposition"] == 'attachment; filename="gates-2022-02-01.csv"'
    assert csv.text.count("battle") >= 2
    assert "Later battle" not in csv.text
    assert sum(count[0] for cell in tile["cells"] for count in cell[2].values()) + len(tile["features"]) == 2
    assert "Later battle" not in json.dumps(tile)
    assert "protests" not in json.dumps(time)
    assert "battles" in json.dumps(time)


def test_filters_narrow_what_it_holds_and_links_keep_to_it(frozen: Site) -> None:
    retracted = frozen.public.get("/events.geojson?view=gates&status=retracted")
    page = frozen.public.get("/events?view=gates&q=battle").text
    first = frozen.public.get("/events.geojson?view=gates&limit=1")

    assert titles(retracted) == ["Second battle"]
    assert "view=gates" in page
    assert "view=gates" in first.json["links"][0]["href"]
    assert first.json["numberMatched"] == 2
    assert len(frozen.public.get(first.json["links"][0]["href"]).json["features"]) == 1


def test_the_page_the_frame_and_the_list_of_maps_say_that_it_stands_still(frozen: Site) -> None:
    page, frame = frozen.public.get("/m/gates").text, frozen.public.get("/embed?view=gates&lang=ar").text

    assert 'data-query="view=gates" data-at="/m/gates"' in page
    assert "As it was on 1 February 2022." in page
    assert "1 of these events is retracted." in page
    assert 'data-query="view=gates" data-at="/embed"' in frame
    assert "كما كانت في" in frame
    assert "Frozen on 1 February 2022" in frozen.public.get("/views").text


def test_the_same_answer_is_known_again_until_something_in_it_is_taken_back(frozen: Site) -> None:
    first = frozen.public.get("/events.geojson?view=gates")
    keep(frozen, title="Still later")
    again = frozen.public.get("/events.geojson?view=gates", headers={"If-None-Match": first.headers["ETag"]})
    live = frozen.public.get("/events.geojson", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert live.status_code == 200


def test_one_event_of_it_is_sent_again_when_a_source_of_it_is_withheld(site: Site) -> None:
    sources = [{"publisher": "The Daily"}, {"publisher": "A witness", "quote": "by the mill"}]
    address = f"/events/{(event := keep(site, sources=sources))}.geojson?view=gates"
    site.writer.post("/views", data=SAID)
    known = {"If-None-Match": site.public.get(address).headers["ETag"]}
    same = site.public.get(address, headers=known)

    shown = site.writer.get(f"/events/{event}.geojson")
    edited = json.loads(shown.data)
    edited["properties"]["sources"][1]["confidential"] = True
    site.writer.put(f"/events/{event}", json=edited, headers={"If-Match": shown.headers["ETag"]})
    again = site.public.get(address, headers=known)

    assert same.status_code == 304
    assert again.status_code == 200
    assert "mill" not in again.text


def test_a_map_frozen_anew_says_so_to_who_knew_it_before(site: Site) -> None:
    keep(site)
    site.writer.post("/views", data=SAID)
    first = site.public.get("/events.geojson?view=gates")

    later = NOW + timedelta(days=30)
    object.__setattr__(site.backends, "now", lambda: later)
    site.writer.post("/views/gates", data={"title-en": "Gates", "stand": "frozen"})
    again = site.public.get("/events.geojson?view=gates", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 200
    assert again.json["frozen"]["at"] == later.isoformat()


def test_a_map_that_follows_is_asked_by_its_name_too(site: Site) -> None:
    keep(site, title="First battle")
    keep(site, title="A protest", event_type="protests")
    site.writer.post("/views", data=SAID | {"stand": "live"})
    keep(site, title="Later battle")

    assert titles(site.public.get("/events.geojson?view=gates")) == ["First battle", "Later battle"]
    assert titles(site.public.get("/events.geojson?view=gates&event_type=protests")) == ["A protest"]
    assert 'data-query="event_type=battles"' in site.public.get("/m/gates").text


def test_the_form_freezes_thaws_and_keeps_and_the_copies_go_with_the_map(frozen: Site) -> None:
    folder = frozen.path.parent / "private" / "views"
    (copy,) = folder.iterdir()
    form = frozen.writer.get("/views/gates/edit").text

    frozen.writer.post("/views/gates", data={"title-en": "Gates then", "stand": "kept"})
    kept = titles(frozen.public.get("/events.geojson?view=gates"))
    frozen.writer.post("/views/gates", data={"title-en": "Gates", "stand": "frozen"})
    anew = titles(frozen.public.get("/events.geojson?view=gates"))
    (other,) = folder.iterdir()
    frozen.writer.post("/views/gates", data={"title-en": "Gates", "stand": "live"})

    assert "Stays as it was on 1 February 2022" in form
    assert kept == ["First battle", "Second battle"]
    assert anew == ["Corrected", "Later battle", "Second battle"]
    assert copy.name != other.name
    assert list(folder.iterdir()) == []


def test_what_it_keeps_is_closed_to_others_and_what_was_changed_is_not_shown(frozen: Site) -> None:
    (copy,) = (frozen.path.parent / "private" / "views").iterdir()
    assert copy.stat().st_mode & 0o077 == 0

    copy.write_bytes(copy.read_bytes().replace(b"First", b"Other"))
    frozen.backends.views.readers = FrozenReaders()
    answer = frozen.public.get("/events.geojson?view=gates", headers={"Accept": "*/*"})

    assert answer.status_code == 503
    assert "lost or changed since it was frozen" in answer.text
    assert frozen.public.get("/m/gates").status_code == 200


@pytest.mark.parametrize(
    "address", ["/events.geojson?view=gone", "/tiles/0/0/0.json?view=../x", "/events.csv?view=%00"]
)
def test_a_map_that_is_not_there_is_named(site: Site, address: str) -> None:
    answer = site.public.get(address, headers={"Accept": "*/*"})

    assert (answer.status_code, answer.json["field"]) == (400, "view")


@pytest.mark.parametrize("way", ["hidden", "grid"])
def test_what_is_withheld_since_is_at_no_address_of_it(site: Site, way: str) -> None:
    event = keep(site, SECRET, title="Battle at the mill", place_name="the mill", description="the mill")
    site.writer.post("/views", data=SAID)
    shown = site.writer.get(f"/events/{event}.geojson")
    edited = json.loads(shown.data)
    edited["properties"] |= {"sensitivity": way, "title": "Battle"}
    changed = site.writer.put(f"/events/{event}", json=edited, headers={"If-Match": shown.headers["ETag"]})
    assert changed.status_code == 200, changed.text

    told = ""
    for path in ADDRESSES:
        answer = site.public.get(path + ("" if "gates" in path or path == "/views" else "?view=gates"))
        told += words_of(answer.data) if answer.mimetype == "application/pdf" else answer.text

    assert not [word for word in ("40.71234", "36.43217", "mill") if word in told]
    if way == "hidden":
        # Nor is it counted: two numbers that differ would tell that something is hidden.
        assert event not in told
        assert "0 events" in told
        assert "1 event" not in told


def test_more_than_can_be_held_is_refused_beside_its_field(site: Site, monkeypatch) -> None:
    monkeypatch.setattr("geoevents.workflows.map_views.MOST_FROZEN", 1)
    keep(site)
    keep(site, title="Second battle")

    refused = site.writer.post("/views", data=SAID)

    assert refused.status_code == 422
    assert "at most 1 events; this one would hold 2" in refused.text
    assert site.backends.views.all() == []


@pytest.mark.skipif(not (DATA / "cache" / "vendor" / "fonts").is_dir(), reason="no fonts: run `make setup`")
def test_its_picture_says_of_which_day_it_is_and_what_was_asked(frozen: Site) -> None:
    # A line ends where the page does.
    said = " ".join(words_of(frozen.public.get("/m/gates.pdf").data).split())

    assert "2 events ·" in said
    assert "As it was on 1 February 2022." in said
    assert "1 of these events is retracted." in said
    assert "status=" not in said
    assert "Battles" in said
