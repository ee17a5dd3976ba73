"""Names as reporters write them, asked of the shipped gazetteer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoevents.errors import PlaceNotFound
from geoevents.places import Context, GeoPrecision, Resolution, ResolutionStatus
from tests.strategies import examples

HASAKAH, YARUBIYAH, QAMISHLI = "geonames:173811", "geonames:383661", "geonames:173377"
RAS_AL_AYN, KOBANI, DEIR_EZ_ZOR = "geonames:165509", "geonames:172256", "geonames:170794"
TELL_ABYAD, MOSUL = "geonames:163750", "geonames:99072"
PRISON, CROSSING = "geoevents:prison-al-sinaa", "geoevents:crossing-yarubiyah-rabia"
SEMALKA, AL_HOL_CAMP = "geoevents:crossing-semalka-faysh-khabur", "geoevents:camp-al-hol"

TOWNS = {
    HASAKAH: "Hasakah|al-Hasakah|Hesîçe|Hesekê|الحسكة|Al Hasakah|Hassakeh|Haseke|Hasakah city|"
    "the city of Hasakah|مدينة الحسكة|bajarê Hesekê|Haseke şehri|Hasakah (city)|Hasaka, Syria|HASAKAH",
    YARUBIYAH: "al-Ya'rubiyah/Tel Kocher|al-Ya’rubiyah/Tel Kocher|"
    "Tel Kocher|al-Yaarubiyah|اليعربية|Yaroubiyah|Til Koçer",
    QAMISHLI: "Qamishlo|Qamishli|Qamişlo|القامشلي",
    RAS_AL_AYN: "Serê Kaniyê|Ras al-Ain|رأس العين|Ras al-Ayn/Serê Kaniyê",
    KOBANI: "Kobani|Kobanê|Ain al-Arab|عين العرب|كوباني|Kobane (Ayn al-Arab)|Kobane/Kobani/Ain al-Arab",
    TELL_ABYAD: "Tall Abyad|Tal Abyad|Girê Spî",
    DEIR_EZ_ZOR: "Deir Ezzor|Deir ez-Zor|دير الزور",
}
SITES = {
    PRISON: "al-Sina'a prison|al-Sina’a prison in Hasakah|Ghweran prison|Industrial prison|سجن الصناعة",
    CROSSING: "al-Ya'rubiyah/Tel Kocher border crossing|Tel Kocher crossing|"
    "معبر اليعربية|Yaarubiyah border gate",
    SEMALKA: "Semalka crossing|Semalka",
    AL_HOL_CAMP: "al-Hol camp|al-Hawl refugee camp|مخيم الهول|Kampa Holê",
    "geoevents:camp-roj": "Roj camp",
    "geoevents:dam-tabqa": "Tabqa Dam",
}
AREAS = {
    "area:turkish-held@2019-10": "Turkish-held border areas|areas Turkey seized near the border|"
    "the Turkish-occupied areas",
    "area:aanes@2024-12": "AANES-held areas|areas run by the AANES",
    "area:north-east-syria@2026-11": "north-east Syria|northeast Syria|north and east Syria|NE Syria",
    "area:kurdistan-region-of-iraq@2005-10": "Kurdistan Region of Iraq|Iraqi Kurdistan|إقليم كردستان العراق",
}


def spelled(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, place_id) for place_id, names in table.items() for name in names.split("|")]


@pytest.mark.parametrize("country", ["SY", None])
@pytest.mark.parametrize(("name", "place_id"), spelled(TOWNS | SITES | AREAS))
def test_a_name_of_the_report_is_resolved_with_its_country_or_without(resolve, name, place_id, country):
    resolution = resolve(name, country_code=country)

    assert (resolution.status, resolution.place.place_id) == (ResolutionStatus.RESOLVED, place_id)


def test_a_town_says_where_it_is_how_exactly_and_why(resolve):
    answer = resolve("al-Hasakah", country_code="SY").as_json()["place"]

    assert answer == answer | {
        "place_id": HASAKAH,
        "label": "Hasakah, Hasakah governorate, Syria",
        "kind": "settlement",
        "geo_precision": "settlement",
        "uncertainty_m": 3000,
        "country_code": "SY",
        "admin1": "Hasakah",
        "bbox": None,
    }
    assert (round(answer["lon"], 1), round(answer["lat"], 1)) == (40.7, 36.5)
    assert answer["why"].endswith("the only place of this name in Syria")


def test_the_prison_is_a_site_in_the_town_and_not_the_town(resolve, gazetteer):
    prison, town = resolve("al-Sina'a prison").place, gazetteer.get(HASAKAH)

    assert (prison.kind, prison.geo_precision) == ("prison", GeoPrecision.SITE)
    assert prison.position != town.position


def test_a_bare_name_is_never_the_governorate(resolve):
    kinds = {resolve(name, country_code="SY").place.kind for name in ("Hasakah", "Aleppo", "الرقة", "Idlib")}

    assert kinds == {"settlement"}


@pytest.mark.parametrize(
    "name", ["Hasakah governorate", "Hasakah Province", "محافظة الحسكة", "parêzgeha Hesekê", "Haseke ili"]
)
def test_a_governorate_is_one_when_it_is_said(resolve, name):
    place = resolve(name).place

    assert (place.place_id, place.kind, place.geo_precision) == (
        "area:sy-hasakah@2026-11",
        "admin1",
        GeoPrecision.PROVINCE,
    )
    assert place.bbox.contains(place.position)


def test_a_governorate_named_after_no_town_needs_no_word_for_it(resolve):
    assert resolve("Anbar", country_code="IQ").place.kind == "admin1"


@pytest.mark.parametrize("name", ["Turkey", "Syria", "تركيا", "Türkiye", "the United Kingdom", "USA"])
def test_a_country_is_a_country_and_no_pin(resolve, name):
    place = resolve(name).place

    assert (place.kind, place.geo_precision, place.geo_precision.is_pin) == (
        "country",
        GeoPrecision.COUNTRY,
        False,
    )


@pytest.mark.parametrize(
    "name",
    [
        "countryside of Hasakah",
        "Hasakah countryside",
        "Hasakah's countryside",
        "ريف الحسكة",
        "Haseke'nin kırsalı",
        "gundewarê Hesekê",
        "Hasakah area",
    ],
)
def test_a_countryside_is_the_land_around_the_town(resolve, gazetteer, name):
    place = resolve(name, country_code="SY").place

    assert (place.place_id, place.kind) == (f"countryside:{HASAKAH}", "area")
    assert (place.geo_precision, place.uncertainty_m) == (GeoPrecision.DISTRICT, 25_000)
    assert gazetteer.get(place.place_id) == place
    assert gazetteer.geometry(place.place_id).bbox == place.bbox


@pytest.mark.parametrize("name", ["Hasakah district", "منطقة الحسكة", "navçeya Hesekê", "Haseke ilçesi"])
def test_a_district_without_an_outline_is_drawn_as_wide_as_districts_are(resolve, gazetteer, name):
    place = resolve(name, country_code="SY").place

    assert (place.place_id, place.kind) == (f"district:{HASAKAH}", "area")
    assert (place.geo_precision, place.uncertainty_m) == (GeoPrecision.DISTRICT, 40_000)
    assert gazetteer.get(place.place_id) == place
    assert gazetteer.geometry(place.place_id).bbox == place.bbox


@pytest.mark.parametrize("name", ["الصناعة", "Sina'a"])
def test_what_remains_of_a_prisons_name_is_not_yet_the_prison(resolve, name):
    resolution = resolve(name, country_code="SY", admin1="Hasakah")

    assert resolution.place is None


def test_near_a_town_is_a_circle_and_not_its_pin(resolve, gazetteer):
    place = resolve("near Tell Tamer", country_code="SY").place

    assert (place.place_id, place.geo_precision, place.uncertainty_m) == (
        "near:geonames:163434",
        GeoPrecision.NEAR,
        10_000,
    )
    assert gazetteer.get(place.place_id) == place
    assert gazetteer.geometry(place.place_id).type == "Polygon"


@pytest.mark.parametrize(
    ("name", "best"),
    [
        ("Manbij prison", "near:geonames:167357"),
        ("Tell Abyad camp", f"near:{TELL_ABYAD}"),
        ("Frobnitzk neighbourhood, Aleppo", "near:geonames:170063"),
        ("Frobnitzk (Aleppo)", "near:geonames:170063"),
        ("the Hasakah front", f"near:{HASAKAH}"),
    ],
)
def test_what_is_not_known_is_never_silently_its_town(resolve, name, best):
    resolution = resolve(name, country_code="SY")

    assert (resolution.status, resolution.place) == (ResolutionStatus.AMBIGUOUS, None)
    assert resolution.candidates[0].place.place_id == best
    assert resolution.candidates[0].score < 0.8


def test_a_prison_of_another_name_in_the_town_is_offered_first(resolve):
    resolution = resolve("Qamishli prison", country_code="SY")

    kinds = [candidate.place.kind for candidate in resolution.candidates]
    assert resolution.status is ResolutionStatus.AMBIGUOUS
    assert kinds.count("prison") >= 2
    assert f"near:{QAMISHLI}" in [candidate.place.place_id for candidate in resolution.candidates]


def test_names_joined_by_a_slash_that_disagree_ask_which(resolve):
    resolution = resolve("Hasakah/Qamishli", country_code="SY")

    assert resolution.status is ResolutionStatus.AMBIGUOUS
    assert {candidate.place.place_id for candidate in resolution.candidates} == {HASAKAH, QAMISHLI}
    assert "different places" in str(resolution.candidates[0].why)


def test_what_a_place_lies_in_chooses_among_its_namesakes(resolve):
    assert [resolve(name).place.country_code for name in ("Tripoli, Lebanon", "Tripoli (Libya)")] == [
        "LB",
        "LY",
    ]
    assert resolve("Derik, Turkey").place.country_code == "TR"
    assert resolve("Ghuwayran, Hasakah").place.place_id == "geoevents:hasakah-ghuwayran"


def test_a_place_that_is_not_where_it_is_said_to_be_is_in_doubt(resolve):
    resolution = resolve("Kobani, Iraq")

    assert resolution.status is ResolutionStatus.AMBIGUOUS
    assert "Iraq" in str(resolution.candidates[0].why)


@pytest.mark.parametrize("name", ["Derik", "Springfield", "San José"])
def test_a_name_of_several_places_asks_which_one(resolve, name):
    resolution = resolve(name)

    assert (resolution.status, resolution.place) == (ResolutionStatus.AMBIGUOUS, None)
    assert len({candidate.place.place_id for candidate in resolution.candidates}) > 1


@pytest.mark.parametrize(
    ("name", "code"), [("Paris", "FR"), ("London", "GB"), ("Mosul", "IQ"), ("Berlin", "DE")]
)
def test_the_one_everybody_means_is_taken(resolve, name, code):
    assert resolve(name).place.country_code == code


def test_the_country_filters_and_a_name_from_elsewhere_is_only_suggested(resolve):
    resolution = resolve("Mosul", country_code="SY")

    assert (resolution.status, resolution.candidates) == (ResolutionStatus.NOT_FOUND, ())
    assert resolution.suggestions[0] == "Mosul, Nineveh governorate, Iraq"


def test_an_area_beyond_the_country_asked_for_says_so(resolve):
    candidate = resolve("Kurdistan Region of Iraq", country_code="SY").candidates[0]

    assert candidate.place.country_code == "IQ"
    assert "not in the country asked for" in str(candidate.why)


def test_the_governorate_is_a_prior_and_no_filter(resolve):
    helped = resolve("Derik", admin1="Hasakah").place
    contradicted = resolve("Kobani", country_code="SY", admin1="Daraa")

    assert helped.place_id == "geonames:173530"
    assert (contradicted.status, contradicted.candidates[0].place.place_id) == (
        ResolutionStatus.AMBIGUOUS,
        KOBANI,
    )


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("Qamishloo", "Qamishli"), ("Hasakeeh", "Hasakah"), ("Kobanni", "Kobani"), ("الحسككة", "Hasakah")],
)
def test_a_slip_finds_the_place_and_says_that_its_name_is_only_like_it(resolve, wrong, right):
    candidate = resolve(wrong, country_code="SY").candidates[0]

    assert candidate.place.name == right
    assert "a name of it" in str(candidate.why)


def test_the_reason_names_the_language_of_the_name(resolve):
    reasons = [
        str(resolve(name, country_code="SY").candidates[0].why) for name in ("Hesîçe", "الحسكة", "Hasakah")
    ]

    assert [reason.partition(";")[0] for reason in reasons] == ["Kurdish name", "Arabic name", "exact name"]


def test_candidates_are_no_more_than_asked_for_and_the_best_come_first(resolve):
    candidates = resolve("Springfield", limit=3).candidates

    assert len(candidates) == 3
    assert [each.score for each in candidates] == sorted((each.score for each in candidates), reverse=True)


@pytest.mark.parametrize(
    "name", ["", " ", "!?", "/", "()", ",", "\x00", "\ud800", "x" * 100_000, "/" * 5_000, "al-", "camp"]
)
def test_what_is_no_name_is_not_found_at_once(resolve, name):
    resolution = resolve(name, country_code="SY")

    assert resolution == Resolution(name, ResolutionStatus.NOT_FOUND, (), resolution.suggestions)


@examples(150)
@given(name=st.text(max_size=80), code=st.sampled_from([None, "SY", "TR", "ZZ", "\ud800"]))
def test_no_text_whatever_breaks_a_look_up(gazetteer, name, code):
    resolution = gazetteer.resolve(name, Context(country_code=code))

    assert (resolution.place is not None) == (resolution.status is ResolutionStatus.RESOLVED)
    assert bool(resolution.candidates) == (resolution.status is not ResolutionStatus.NOT_FOUND)
    assert all(0 <= candidate.score < 1 for candidate in resolution.candidates)


@pytest.mark.parametrize("place_id", ["near:geonames:163843", "countryside:geonames:163843"])
def test_no_point_stands_for_the_land_around_a_country(gazetteer, place_id):
    with pytest.raises(PlaceNotFound):
        gazetteer.get(place_id)


@pytest.mark.parametrize(
    ("asked", "never"),
    [
        ("Aleppo street", "Aleppo University"),
        ("Aleppo hospital", "Aleppo University"),
        ("مصنع حلب", "Aleppo University"),
    ],
)
def test_a_facility_is_never_taken_for_another_of_its_kind(resolve, asked, never):
    resolution = resolve(asked, country_code="SY")

    assert resolution.status is ResolutionStatus.AMBIGUOUS
    assert resolution.candidates[0].place.name != never


@pytest.mark.parametrize(
    "name", ["جامعة حلب", "university of Aleppo", "Aleppo university", "zanîngeha Helebê"]
)
def test_a_facility_is_found_by_each_word_for_what_it_is(resolve, name):
    assert resolve(name, country_code="SY").place.name == "Aleppo University"


@pytest.mark.parametrize("name", ["الباب", "ديريك"])
def test_a_name_in_arabic_is_not_called_kurdish_because_a_kurdish_one_folds_to_the_same(resolve, name):
    reason = str(resolve(name, country_code="SY").candidates[0].why)

    assert reason.startswith("Arabic name; ")
