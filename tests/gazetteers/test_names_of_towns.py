"""Names that GeoNames lacks, kept in names.csv: found, told by their language, and clean."""

from __future__ import annotations

import csv

import pytest

from geoevents.folding import name_key
from geoevents.gazetteers.build import SHIPPED_DATA


def rows() -> list[dict[str, str]]:
    with (SHIPPED_DATA / "gazetteer" / "names.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "town"), [("Çewlîg", "Bingöl"), ("Kerboran", "Dargeçit"), ("Dara Hênî", "Genç")]
)
def test_a_town_is_found_by_its_kurdish_name_and_the_reason_says_so(resolve, name, town):
    resolution = resolve(name, country_code="TR")

    assert resolution.place is not None
    assert resolution.place.name == town
    assert ("kmr", name) in resolution.place.names
    assert "Kurdish name" in str(resolution.candidates[0].why)


def test_every_row_is_about_the_town_it_names(gazetteer):
    astray = [
        row["place_id"]
        for row in rows()
        if row["country_code"] != gazetteer.get(row["place_id"]).country_code
        or row["lang"] not in ("ar", "kmr")
    ]

    assert astray == []


def test_no_name_of_a_country_stands_for_two_towns():
    towns_of: dict[tuple[str, str], set[str]] = {}
    for row in rows():
        for name in row["names"].split("|"):
            towns_of.setdefault((row["country_code"], name_key(name)), set()).add(row["place_id"])

    shared = {name for name, towns in towns_of.items() if len(towns) > 1}

    # Two towns each that truly share it: the one beside the other, or the same meaning.
    assert {name for _, name in shared} == {"xarpet", "xarput", "weransar", "weransehir"}
