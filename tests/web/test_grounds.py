"""The detailed ground over HTTP: its tiles, and the one host that pages with a map may ask."""

from __future__ import annotations

import gzip

from geoevents.cartography.grounds import ground_of_file, online_ground
from tests.cartography import archives

ONLINE = online_ground("https://tiles.example.org/{z}/{x}/{y}.png", "© Example", 14)
TILE = "/ground/{}/{}/{}".format(*archives.tile_of(40.7, 36.5, 12))


def test_without_a_ground_of_its_own_the_site_has_no_tiles_and_names_no_host(make_site):
    client = make_site().public

    page = client.get("/")

    assert client.get(TILE).status_code == 404
    assert "http" not in page.headers["Content-Security-Policy"]
    assert "detail.js" not in page.text


def test_pictures_come_as_they_lie_in_the_file_and_may_be_kept(make_site, tmp_path):
    ground = ground_of_file(archives.pictures(tmp_path / "one.pmtiles"))
    client = make_site(ground=ground).public

    answer = client.get(f"{TILE}?v={ground.archive.tag}")

    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert answer.data == archives.png((0, 160, 0))
    assert "immutable" in answer.headers["Cache-Control"]
    assert "immutable" not in client.get(TILE).headers["Cache-Control"]


def test_vector_tiles_are_unpacked_for_who_takes_no_gzip(make_site, tmp_path):
    client = make_site(ground=ground_of_file(archives.roads(tmp_path / "one.pmtiles"))).public

    packed = client.get(TILE, headers={"Accept-Encoding": "gzip"})
    plain = client.get(TILE, headers={"Accept-Encoding": "identity"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert plain.content_type == "application/vnd.mapbox-vector-tile"


def test_where_a_file_has_left_a_tile_out_nothing_is_drawn_and_nothing_is_wrong(make_site, tmp_path):
    pictures = make_site(ground=ground_of_file(archives.pictures(tmp_path / "one.pmtiles"))).public
    roads = make_site(ground=ground_of_file(archives.roads(tmp_path / "two.pmtiles"))).public

    assert pictures.get("/ground/10/0/0").content_type == "image/png"
    assert (roads.get("/ground/10/0/0").status_code, roads.get("/ground/10/0/0").data) == (200, b"")


def test_no_other_address_is_a_tile(make_site, tmp_path):
    client = make_site(ground=ground_of_file(archives.pictures(tmp_path / "one.pmtiles"))).public

    asked = ("/ground/7/78/50", "/ground/10/1024/0", "/ground/99/0/0", "/ground/-1/0/0", "/ground/10/0")

    assert [client.get(each).status_code for each in asked] == [404] * len(asked)


def test_only_pages_with_the_map_may_ask_the_host_and_only_for_pictures(make_site):
    client = make_site(ground=ONLINE).public

    policies = {path: client.get(path).headers["Content-Security-Policy"] for path in ("/", "/embed")}
    others = [
        client.get(path).headers["Content-Security-Policy"] for path in ("/events", "/about", "/events/new")
    ]

    for policy in policies.values():
        assert "img-src https://tiles.example.org 'self' data:" in policy
        assert policy.count("https://tiles.example.org") == 1
    assert not any("tiles.example.org" in each for each in others)


def test_the_page_about_the_map_says_who_reads_along(make_site):
    client = make_site(ground=ONLINE).public

    text = client.get("/about").text.replace("<bdi>", "").replace("</bdi>", "")

    assert "tiles.example.org learns which places you look at" in text
    assert "Nobody: these pages ask" not in text
    assert "© Example" in text
