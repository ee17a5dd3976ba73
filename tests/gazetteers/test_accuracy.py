"""What is said to be resolved is right: measured on names as reporters wrote them."""

from __future__ import annotations

import csv

import pytest

from geoevents.gazetteers.circles import distance_m
from geoevents.places import Context, LonLat

pytestmark = pytest.mark.eval


@pytest.mark.parametrize("given", ["country", "country and governorate", "nothing"])
def test_nine_in_ten_of_what_is_resolved_is_right(eval_folder, gazetteer, given):
    with (eval_folder / "names_dev.csv").open(encoding="utf-8", newline="") as file:
        names = list(csv.DictReader(file))

    taken = []
    for name in names:
        country = None if given == "nothing" else name["country"]
        admin1 = name["admin1"] if given.endswith("governorate") else None
        place = gazetteer.resolve(name["name"], Context(country_code=country, admin1=admin1)).place
        if place is not None:
            taken.append(distance_m(place.position, LonLat(float(name["lon"]), float(name["lat"]))) <= 10_000)

    assert sum(taken) / len(taken) >= 0.92
    assert len(taken) / len(names) >= 0.35
