"""A border gives way to a town, never a town to a border."""

from __future__ import annotations

import pytest

from geoevents.cartography.basemap import Topology
from geoevents.cartography.borders import FURTHEST_M, Town, _misplaced, bent
from tests.cartography.test_basemap import TWO_COUNTRIES

METRE = 1 / 111_320


def town(country: str, metres_east_of_border: float, lat: float = 5.0, name: str = "Town") -> Town:
    return Town(name, country, 10 + metres_east_of_border * METRE, lat)


@pytest.fixture
def topology() -> Topology:
    return Topology.decode(TWO_COUNTRIES)


def test_a_town_just_beyond_its_border_is_taken_in(topology):
    strayed = town("SY", 600)

    mended, towns = bent(topology, [strayed])

    assert towns == [strayed]
    assert _misplaced(topology, [strayed]) == {strayed}
    assert _misplaced(mended, [strayed]) == set()


def test_a_town_in_its_country_bends_nothing(topology):
    mended, towns = bent(topology, [town("SY", -600), town("IQ", 600)])

    assert towns == []
    assert all((before == after).all() for before, after in zip(topology.arcs, mended.arcs, strict=True))


def test_a_town_far_beyond_its_border_is_another_matter(topology):
    _, towns = bent(topology, [town("SY", FURTHEST_M + 200)])

    assert towns == []


def test_twin_towns_both_end_up_at_home(topology):
    twins = [town("SY", 300, 5.0), town("IQ", 500, 5.02)]

    mended, _ = bent(topology, twins)

    assert _misplaced(mended, twins) == set()


def test_a_bend_takes_no_town_from_the_other_side(topology):
    strayed, between = town("SY", 1_200, name="Strayed"), town("IQ", 600, name="Between")

    mended, towns = bent(topology, [strayed, between])

    assert towns == []
    assert _misplaced(mended, [between]) == set()


def test_neighbours_see_the_same_bend(topology):
    strayed = town("SY", 600)

    mended, _ = bent(topology, [strayed])

    assert len(mended.arcs[0]) > len(topology.arcs[0])
    assert _misplaced(mended, [town("IQ", 600)]) == {town("IQ", 600)}
