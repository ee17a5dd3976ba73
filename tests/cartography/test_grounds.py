"""The ground over the base map: PMTiles files read and refused, and whom a page may ask for tiles."""

from __future__ import annotations

from pathlib import Path

import pytest
from pmtiles.reader import MmapSource, Reader

from geoevents.cartography.grounds import Archive, DetailedGround, ground_of_file, online_ground
from geoevents.errors import BadInput
from tests.cartography import archives

POLICY = "default-src 'none'; img-src 'self' data:; connect-src 'self'"


@pytest.mark.slow
def test_every_tile_of_a_file_is_what_another_reader_finds(tmp_path: Path):
    path = archives.numbered(tmp_path / "many.pmtiles")
    archive = Archive(path)
    asked = [(8, x, y) for x in range(0, 256, 51) for y in range(0, 256, 37)]

    with path.open("rb") as file:
        theirs = [Reader(MmapSource(file)).get(*each) for each in asked]

    assert archive.header["leaf_directory_length"] > 0
    assert [archive.tile(*each) for each in asked] == theirs
    assert len(set(theirs)) > len(asked) / 2


def test_a_file_says_what_it_covers_and_whose_it_is(tmp_path: Path):
    made = ground_of_file(archives.roads(tmp_path / "roads.pmtiles"))

    assert made.attribution == "© Somebody's streets"
    assert (made.first_zoom, made.last_zoom, made.bounds) == (8, 12, archives.BOUNDS)
    assert (made.is_vector, made.host) == (True, None)
    assert made.allowed_in(POLICY) == POLICY


def test_what_a_team_says_of_its_file_comes_first(tmp_path: Path):
    made = ground_of_file(archives.pictures(tmp_path / "one.pmtiles"), "© Our desk")

    assert made.attribution == "© Our desk"


def test_tiles_beyond_the_world_or_the_zooms_of_a_file_are_not_its(tmp_path: Path):
    archive = Archive(archives.pictures(tmp_path / "one.pmtiles"))

    asked = [(10, 627, 400), (7, 78, 50), (13, 5000, 3200), (10, 1024, 0), (10, 0, 1024)]

    assert [archive.has(*each) for each in asked] == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda whole: b"", "it is not a PMTiles file"),
        (lambda whole: b"# Read me" * 99, "it is not a PMTiles file"),
        (lambda whole: b"PMTiles\x03", "it is not a PMTiles file"),
        (lambda whole: b"PMTiles\x02" + whole[8:], "it is a PMTiles file of another version than 3"),
        (lambda whole: whole[:200], "it is damaged or not whole"),
        (lambda whole: whole[:-1], "it is damaged or not whole"),
        (lambda whole: whole[:127] + b"\x00" * 40 + whole[167:], "it is damaged or not whole"),
        (
            lambda whole: whole[:97] + b"\x04" + whole[98:],
            "its directory is compressed otherwise than by gzip",
        ),
        (lambda whole: whole[:98] + b"\x03" + whole[99:], "its tiles are compressed otherwise than by gzip"),
        (lambda whole: whole[:99] + b"\x06" + whole[100:], "its tiles are of a kind that no browser draws"),
        (lambda whole: whole[:99] + b"\xff" + whole[100:], "it is not a PMTiles file"),
    ],
)
def test_a_file_that_cannot_be_drawn_is_refused_by_name_and_reason(tmp_path: Path, spoil, reason):
    path = archives.pictures(tmp_path / "one.pmtiles")
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(BadInput) as refused:
        ground_of_file(path)

    assert str(refused.value) == f"{path}: {reason}."


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(BadInput, match="it cannot be read: No such file or directory"):
        Archive(tmp_path / "none.pmtiles")


@pytest.mark.parametrize(
    ("url", "policy"),
    [
        ("https://a.org/{z}/{x}/{y}.png?key=1", POLICY.replace("img-src", "img-src https://a.org")),
        ("http://127.0.0.1:8080/{z}/{x}/{y}", POLICY.replace("img-src", "img-src http://127.0.0.1:8080")),
        ("https://a.org/{z}/{x}/{y}.mvt?key=1", POLICY.replace("connect-src", "connect-src https://a.org")),
    ],
)
def test_a_policy_names_the_host_of_the_tiles_where_it_is_needed_and_nowhere_else(url, policy):
    assert online_ground(url, "© A").allowed_in(POLICY) == policy


def test_a_policy_that_allows_nobody_is_given_a_rule_of_its_own():
    made = DetailedGround("https://a.org/{z}/{x}/{y}.mvt", "© A", is_vector=True)

    assert made.allowed_in("default-src 'none'") == "default-src 'none'; connect-src https://a.org"
