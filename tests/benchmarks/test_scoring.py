"""How answers are judged: whether what is drawn for them holds the true point."""

from __future__ import annotations

import pytest

from benchmarks.scoring import Name, by_gazetteer
from geoevents.gazetteers import open_gazetteer
from geoevents.gazetteers.build import SHIPPED_DATA, bring_up_to_date
from geoevents.gazetteers.circles import displaced
from geoevents.places import LonLat

RAQQA = LonLat(39.01, 35.95)
# The suspension bridge of Deir ez-Zor: far from the middle of the river.
ON_THE_EUPHRATES = LonLat(40.149, 35.344)


@pytest.fixture(scope="session")
def locate():
    gazetteer = open_gazetteer(bring_up_to_date(SHIPPED_DATA), region=("SY", "IQ", "TR"))
    return by_gazetteer(gazetteer, "country")


@pytest.mark.parametrize(
    ("name", "point", "is_held"),
    [
        ("north of Raqqa", displaced(RAQQA, 0, 15_000), True),
        # As far from the middle of the sector as its corners are, but to the south of the town.
        ("north of Raqqa", displaced(RAQQA, 180, 8_000), False),
        ("30 km west of Raqqa", displaced(RAQQA, 270, 30_000), True),
        ("30 km west of Raqqa", displaced(RAQQA, 270, 15_000), False),
        ("Euphrates", ON_THE_EUPHRATES, True),
        ("Euphrates", displaced(ON_THE_EUPHRATES, 45, 60_000), False),
        ("Raqqa", displaced(RAQQA, 90, 500), True),
        ("Raqqa", displaced(RAQQA, 90, 30_000), False),
        ("Syria", RAQQA, True),
        # Within the box around Syria, but in Turkey.
        ("Syria", LonLat(39.0, 37.1), False),
    ],
)
def test_an_answer_holds_a_point_if_what_is_drawn_for_it_does(locate, name, point, is_held):
    answer = locate(Name(name, "SY", None, point))

    assert answer.precision
    assert answer.contains is is_held
