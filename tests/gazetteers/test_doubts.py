"""Never a silent pick: names that match something and still are no answer, asked of the shipped gazetteer."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from geoevents.errors import InvalidPlace
from geoevents.folding import name_key
from geoevents.gazetteers.descriptors import Vocabulary
from geoevents.gazetteers.not_places import KINDS, meta_key, rows
from geoevents.places import Context, GeoPrecision, ResolutionStatus
from tests.gazetteers.conftest import area, place, town
from tests.gazetteers.shipped import FOLDER

PART, PERSON, GROUP = "part of many names", "person's name", "organisation"
WORD, SHORT, OTHER = "everyday word", "too short", "another name of it, and nothing says"
IN_DOUBT = {
    PART: "الجزيرة|Jazira|السجن|عين|Ain|Tell|Tal|دير|Al-Jazira",
    PERSON: "Ali|Ahmad|Hassan|Rashid|Mary|Kennedy|Sadr",
    GROUP: "SNA|Hamas",
    WORD: "Of|Hit|Mobile|Nice|Split",
    OTHER: "Po|موسكو",
    "first name of another place": "Sparta",
}
STILL_RESOLVED = (
    "Paris|London|Baghdad|Mosul|Homs|Hama|Idlib|Afrin|Azaz|Manbij|Van|Urfa|Gaza|Beirut|Amman|Damascus|"
    "Rojava|AANES|Basra"
)
LISTS = {
    "Qamishli, Hasakah and Raqqa": "Qamishli, Hasakah, Raqqa",
    "Qamishli, Hasakah, and Raqqa": "Qamishli, Hasakah, Raqqa",
    "Qamishli, Hasakah & Raqqa": "Qamishli, Hasakah, Raqqa",
    "Qamishli, Hasakah or Raqqa": "Qamishli, Hasakah, Raqqa",
    "Hasakah, Raqqa and Deir ez-Zor": "Hasakah, Raqqa, Deir ez-Zor",
    "Aleppo, Idlib and Hama": "Aleppo, Idlib, Hama",
    "Haseke, Rakka ve Deyrizor": "Hasakah, Raqqa, Deir ez-Zor",
    "Hesekê, Qamişlo û Amûdê": "Hasakah, Qamishli, Amuda",
    "القامشلي، الحسكة والرقة": "Qamishli, Hasakah, Raqqa",
    "القامشلي، الحسكة، والرقة": "Qamishli, Hasakah, Raqqa",
    "الرقة والحسكة": "Raqqa, Hasakah",
    "Raqqa and Hasakah": "Raqqa, Hasakah",
    "Raqqa & Hasakah": "Raqqa, Hasakah",
}


@pytest.mark.parametrize(
    ("name", "reason"), [(name, why) for why, names in IN_DOUBT.items() for name in names.split("|")]
)
def test_a_name_that_proves_too_little_asks_and_says_why(resolve, name, reason):
    resolution = resolve(name)

    assert (resolution.status, resolution.place) == (ResolutionStatus.AMBIGUOUS, None)
    assert reason in str(resolution.candidates[0].why)
    assert resolution.candidates[0].score < 0.8


@pytest.mark.parametrize("name", STILL_RESOLVED.split("|"))
def test_a_name_everybody_knows_needs_no_country(resolve, name):
    assert resolve(name).status is ResolutionStatus.RESOLVED


def test_a_country_and_a_first_name_outweigh_the_doubt(resolve):
    asked = [("Nice", "FR"), ("Mary", "TM"), ("Split", "HR"), ("Hit", "IQ")]

    assert [resolve(name, country_code=code).place.country_code for name, code in asked] == [
        code for _, code in asked
    ]


@pytest.mark.parametrize(("name", "code"), [("Ali", "TR"), ("SNA", "YE"), ("السجن", "SY"), ("Jazira", "IQ")])
def test_a_country_does_not_make_an_other_name_certain(resolve, name, code):
    assert resolve(name, country_code=code).status is ResolutionStatus.AMBIGUOUS


def test_a_city_beside_the_region_is_no_less_likely_than_a_larger_one_far_away(resolve):
    resolution = resolve("Tripoli")

    assert resolution.status is ResolutionStatus.AMBIGUOUS
    assert {candidate.place.country_code for candidate in resolution.candidates[:2]} == {"LB", "LY"}


@pytest.mark.parametrize("name", ["Hatay", "هاتاي", "countryside of Hatay"])
def test_a_province_is_not_taken_for_its_town_of_another_name(resolve, name):
    best = resolve(name).candidates[0].place

    assert (best.place_id, best.geo_precision) == ("area:tr-hatay@2026-11", GeoPrecision.PROVINCE)


@pytest.mark.parametrize(("name", "members"), LISTS.items())
@pytest.mark.parametrize("country", ["SY", None])
def test_a_list_of_places_asks_which_and_offers_each(resolve, name, members, country):
    resolution = resolve(name, country_code=country)

    assert (resolution.status, resolution.place) == (ResolutionStatus.AMBIGUOUS, None)
    assert {candidate.place.name for candidate in resolution.candidates} >= set(members.split(", "))
    assert "several places" in str(resolution.candidates[0].why)


@pytest.mark.parametrize("name", ["Hasakah, north and east Syria", "Kobani, formerly Ayn al-Arab"])
def test_an_and_within_a_name_makes_no_list(resolve, name):
    assert resolve(name).status is ResolutionStatus.RESOLVED


def test_a_village_of_our_own_called_like_a_person_is_believed_where_a_country_is_given(make_gazetteer):
    gazetteer = make_gazetteer(places=[place("geoevents:ali", "Ali", 40, 36)])

    assert gazetteer.resolve("Ali", Context(country_code="SY")).place.place_id == "geoevents:ali"
    assert gazetteer.resolve("Ali", Context()).status is ResolutionStatus.AMBIGUOUS


@pytest.mark.parametrize(
    "name", ["Homsi", "Abu Hassan", "الشيخ علي", "Karim", "Salma", "Baath", "al-Sham", "الثورة", "رصاص"]
)
def test_persons_parties_and_slogans_ask_though_a_village_of_ours_is_called_so(resolve, name):
    assert resolve(name).status is ResolutionStatus.AMBIGUOUS


def test_a_short_other_name_is_not_taken_in_the_region_but_a_first_name_is(make_gazetteer):
    towns = [town(1, "Longtown", 40, 36, alternatenames=["Lon"], population=90_000)]
    gazetteer = make_gazetteer(towns=[*towns, town(2, "Zul", 41, 36, population=90_000)])

    assert SHORT in str(gazetteer.resolve("Lon", Context()).candidates[0].why)
    assert gazetteer.resolve("Lon", Context()).place is None
    assert gazetteer.resolve("Zul", Context()).place.name == "Zul"


@pytest.mark.parametrize(
    ("day", "nearest"),
    [(date(2018, 5, 1), "2019-01"), (date(2020, 1, 10), "2019-01"), (date(2020, 12, 20), "2021-01")],
)
def test_without_a_version_of_the_day_the_nearest_in_time_comes_first_and_is_not_sure(
    make_gazetteer, day, nearest
):
    box = (38, 36, 39, 37)
    years = {"2019-01": ("2019-01-10", "2019-12-31"), "2021-01": ("2021-01-01", "2021-12-31")}
    versions = [
        area(f"area:held@{version}", "Held area", box, valid_from=first, valid_to=last)
        for version, (first, last) in years.items()
    ]

    resolution = make_gazetteer(areas=versions).resolve("Held area", Context(day=day))

    scores = [candidate.score for candidate in resolution.candidates]
    assert (resolution.status, len(scores)) == (ResolutionStatus.AMBIGUOUS, 2)
    assert resolution.candidates[0].place.place_id == f"area:held@{nearest}"
    assert 0.8 > scores[0] > scores[1]
    assert day.isoformat() in str(resolution.candidates[0].why)


def test_an_area_that_has_ended_is_answered_with_its_last_day(resolve):
    candidate = resolve("AANES").candidates[0]

    assert candidate.place.valid_to == date(2026, 1, 12)
    assert str(candidate.why).endswith("as known until 2026-01-12")


def test_the_list_of_names_that_are_no_places_is_in_order_and_in_the_index(gazetteer):
    with (FOLDER / "not_places.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["kind"], name) for row in csv.DictReader(file) for name in row["names"].split("|")]

    assert len(rows) > 300
    assert {kind for kind, _ in rows} == {*KINDS} - {"descriptor"}
    assert all(name and name == name.strip() for _, name in rows)
    assert all(gazetteer.index.meta(meta_key(name_key(name))) for _, name in rows)
    assert gazetteer.index.meta(meta_key("hasakah")) is None


def test_a_list_with_a_kind_that_is_none_is_refused_with_the_row(tmp_path):
    path = tmp_path / "not_places.csv"
    path.write_text("kind,names\nword,Of\nperson,Ali|Elî\n", encoding="utf-8")

    with pytest.raises(
        InvalidPlace, match="row 3 cannot be read: 'person' is not a kind; write one of person_name"
    ):
        rows(path, Vocabulary({}))


@pytest.mark.parametrize("name", ["Riha", "Ghouta", "Hamdaniya", "الجزرة", "al-Jadida", "الجديدة"])
def test_a_name_that_is_as_well_another_places_asks_without_a_country(resolve, name):
    assert resolve(name).status is ResolutionStatus.AMBIGUOUS


def test_one_spelling_knows_the_namesakes_of_the_other(make_gazetteer):
    places = [
        place("geoevents:a", "Salhiya", 36.3, 33.5, kind="quarter", names_en="Salhiya"),
        place("geoevents:b", "Al-Salihiyah", 40.7, 34.7, names_ar="الصالحية", names_en="Salihiyah|Salhyia"),
    ]
    gazetteer = make_gazetteer(places=places)

    resolution = gazetteer.resolve("Salhiya", Context(country_code="SY"))

    assert resolution.status is ResolutionStatus.AMBIGUOUS
    assert {each.place.place_id for each in resolution.candidates} == {"geoevents:a", "geoevents:b"}


def test_a_city_keeps_its_name_from_a_village_that_sounds_like_it(resolve):
    assert [each.place.name for each in resolve("Aleppo", country_code="SY").candidates] == ["Aleppo"]
