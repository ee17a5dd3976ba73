"""Scores that are probabilities: coherent, never sure of what asks, and said in words."""

from __future__ import annotations

import json

import pytest

from geoevents.gazetteers.asking import Request
from geoevents.gazetteers.build import SHIPPED_DATA
from geoevents.gazetteers.calibration import AGAINST, EVIDENCE, FILE, FOR, Calibration
from geoevents.gazetteers.ranking import ranked
from geoevents.gazetteers.search import climb
from geoevents.places import Context, ResolutionStatus
from tests.gazetteers.conftest import REGION, area, place, town

SHIPPED = json.loads((SHIPPED_DATA / "gazetteer" / FILE).read_text(encoding="utf-8"))
NAMES = [
    "Springfield",
    "Hasakah",
    "Derik",
    "Al-Hamidiyah",
    "Tell Abyad",
    "الطيبة",
    "Hasakeeh",
    "Jazira",
    "Xyzzy",
]


def test_the_fitted_weights_are_of_the_evidence_there_is_and_point_the_right_way():
    weights = SHIPPED["weights"]

    assert list(weights) == list(EVIDENCE)
    assert [name for name in FOR if weights[name] < 0] == []
    assert [name for name in AGAINST if weights[name] > 0] == []
    assert 0.75 <= SHIPPED["resolved_from"] < 0.95


def test_an_answer_in_arabic_script_is_taken_from_higher_on():
    fitted = Calibration({"resolved_from": 0.8, "resolved_from_arabic": 0.85})
    latin = [0.0] * len(EVIDENCE)
    arabic = [float(name == "is_arabic") for name in EVIDENCE]

    assert [fitted.is_taken(0.82, numbers) for numbers in (latin, arabic)] == [True, False]
    assert SHIPPED["resolved_from_arabic"] >= SHIPPED["resolved_from"]


def test_two_answers_alike_share_what_one_would_have():
    numbers = [0.2] * len(EVIDENCE)
    fitted = Calibration(SHIPPED)

    (alone,), (one, other) = fitted.probabilities([numbers]), fitted.probabilities([numbers, numbers])

    assert one == other < alone < one + other < 1


@pytest.mark.parametrize("country", ["SY", None])
@pytest.mark.parametrize("name", NAMES)
def test_what_a_name_may_mean_comes_to_no_more_than_certainty(resolve, name, country):
    candidates = resolve(name, country_code=country, limit=30).candidates

    heads: list[tuple[float, float, float]] = []
    for candidate in candidates:
        lon, lat = candidate.place.lon, candidate.place.lat
        if all(abs(lon - its_lon) + abs(lat - its_lat) > 0.5 for its_lon, its_lat, _ in heads):
            heads.append((lon, lat, candidate.score))
    assert sum(score for _, _, score in heads) <= 1.001
    assert [c.score for c in candidates] == sorted((c.score for c in candidates), reverse=True)


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_has_a_number_for_each_piece_of_evidence(gazetteer, name):
    request = Request(name, Context(country_code="SY", admin1="Hasakah"), gazetteer.index, REGION)
    found = climb(request)

    numbers = [each.evidence for each in ranked(request, found)] if found else []

    assert {len(each) for each in numbers} <= {len(EVIDENCE)}


def test_what_asks_is_never_as_probable_as_what_is_taken(gazetteer):
    requests = [
        Request(name, Context(), gazetteer.index, REGION) for name in ("Jazira", "Ali", "Xyzzy (Aleppo)")
    ]

    doubted = [
        each.probability
        for request in requests
        for each in ranked(request, climb(request))
        if each.weighed.found.doubt
    ]

    assert doubted
    assert max(doubted) < gazetteer.index.calibration.resolved_from


def test_a_name_that_is_only_like_one_is_less_probable_than_the_name(resolve):
    asked = ("Qamishli", "Qamishloo")

    exact, like = (resolve(name, country_code="SY").candidates[0] for name in asked)

    assert exact.place.place_id == like.place.place_id
    assert like.score < exact.score


def test_the_score_is_what_the_status_hangs_on(resolve, gazetteer):
    answers = [
        resolve(name, country_code="SY") for name in ("Hasakah", "Tell Abyad", "Al-Hamidiyah", "الطيبة")
    ]

    assert {answer.status for answer in answers} == {ResolutionStatus.RESOLVED, ResolutionStatus.AMBIGUOUS}
    for answer in answers:
        sure = answer.candidates[0].score >= gazetteer.index.calibration.resolved_from
        assert sure == (answer.status is ResolutionStatus.RESOLVED)


def test_the_reason_says_what_the_governorate_given_says(make_gazetteer):
    west = area("area:west@1", "West", (38, 35, 39, 36), kind="admin1", geo_precision="province")
    towns = [town(1, "Twin", 38.5, 35.5), town(2, "Twin", 41, 35.5, population=900), town(3, "Lone", 41, 35)]
    gazetteer = make_gazetteer(towns=towns, areas=[west])

    def reasons(name: str) -> list[str]:
        answer = gazetteer.resolve(name, Context(country_code="SY", admin1="West"))
        return [str(candidate.why) for candidate in answer.candidates]

    assert reasons("Twin") == ["exact name; in West, of 2 places of this name", "exact name; not in West"]
    assert reasons("Lone") == ["exact name; not in West"]


def test_the_reason_names_the_largest_of_several(make_gazetteer):
    towns = [town(1, "Twin", 38.5, 35.5), town(2, "Twin", 41, 35.5, population=900)]

    answer = make_gazetteer(towns=towns).resolve("Twin", Context(country_code="SY"))

    assert [str(candidate.why).partition("; ")[2] for candidate in answer.candidates] == [
        "the largest of 2 places of this name",
        "one of 2 places of this name",
    ]


def test_a_village_of_ours_is_drawn_as_wide_as_such_points_were_off(make_gazetteer):
    rows = [
        place("geoevents:v", "Village", 38, 35, uncertainty_m=3000),
        place("geonames:7", "Town", 39, 35, uncertainty_m=3000),
        place("geoevents:w", "Wide", 40, 35, uncertainty_m=9000),
    ]
    gazetteer = make_gazetteer(places=rows)

    metres = [gazetteer.get(row["place_id"]).uncertainty_m for row in rows]

    assert metres == [5000, 3000, 9000]
