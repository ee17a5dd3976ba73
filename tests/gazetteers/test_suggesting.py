"""Names as one types: quick, local, the likeliest first."""

from __future__ import annotations

import time
from statistics import median

import pytest

from geoevents.places import Context


@pytest.fixture
def suggest(gazetteer):
    def ask(prefix: str, **given: object) -> list[str]:
        return [each.place.place_id for each in gazetteer.suggest(prefix, Context(**given))]

    return ask


@pytest.mark.parametrize("prefix", ["Hasa", "al-hasa", "hesî", "الحس", "HASAK"])
def test_the_town_is_offered_from_its_first_letters_in_any_script(suggest, prefix):
    assert suggest(prefix)[0] == "geonames:173811"


def test_two_letters_are_enough_and_one_is_not(suggest):
    assert suggest("k") == suggest("") == suggest(" ") == []
    assert "geonames:172256" in suggest("ko", country_code="SY")


def test_what_is_ours_and_near_comes_before_the_wide_world(suggest):
    assert suggest("Derik")[0] == "geonames:173530"
    assert "geoevents:crossing-semalka-faysh-khabur" in suggest("semal")
    assert any(each.startswith("area:aanes") for each in suggest("AANES"))


def test_of_an_area_only_the_last_version_is_offered(suggest):
    assert [each for each in suggest("AANES-h") if each.startswith("area:aanes")] == ["area:aanes@2024-12"]


def test_the_country_filters_and_small_towns_of_it_show(suggest, gazetteer):
    offered = suggest("san", country_code="SY", limit=10)

    assert offered
    assert {gazetteer.get(each).country_code for each in offered} == {"SY"}


def test_no_more_than_asked_for_are_offered_and_each_once(suggest):
    offered = suggest("sa", limit=7)

    assert len(offered) == len(set(offered)) == 7


@pytest.mark.parametrize("prefix", ["\x00\x01", "\ud800\ud800", "%", "__", "'; DROP", "x" * 10_000])
def test_odd_beginnings_are_harmless(suggest, prefix):
    assert isinstance(suggest(prefix), list)


def test_an_answer_comes_between_two_keystrokes(gazetteer):
    gazetteer.suggest("ha", Context())
    seconds = []
    for prefix in ("sa", "al", "san", "ma", "الح", "kob") * 5:
        start = time.process_time()
        gazetteer.suggest(prefix, Context())
        seconds.append(time.process_time() - start)

    # 20 ms on a machine of ours; a slower one may take its time, but not a person's.
    assert median(seconds) < 0.1
