"""What the toponyms of a whole text mean together."""

from __future__ import annotations

import time

import pytest

from geoevents.geoparsing import Span, geoparse
from geoevents.places import Context, ResolutionStatus


def best(toponyms):
    return [toponym.resolution.candidates[0].place.label for toponym in toponyms]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (
            "Protesters in [Tripoli] blocked the road to [Sidon], Lebanese troops said.",
            "Tripoli, North, Lebanon",
        ),
        ("Militias fought in [Tripoli] and [Misrata], Libyan officials said.", "Tripoli, Libya"),
        ("[Tripoli] was quiet, but [Benghazi] and [Sirte] were not.", "Tripoli, Libya"),
    ],
)
def test_the_country_that_a_text_speaks_of_says_which_town_is_meant(read, text, label):
    assert best(read(text))[0] == label


def test_a_state_behind_a_town_holds_for_the_whole_text(read):
    toponyms = read("A fire in [Paris], [Texas], was put out. [Paris] had not seen its like.")

    assert best(toponyms) == [
        "Paris, Texas, United States",
        "Texas, United States",
        "Paris, Texas, United States",
    ]


def test_a_state_that_is_not_among_the_spans_is_read_all_the_same(read):
    assert best(read("Police in [Athens], Ga., asked for help.")) == ["Athens, Georgia, United States"]


def test_towns_of_one_state_support_each_other(read):
    toponyms = read("Teams from [Palestine], [Huntsville], [Lufkin] and [Nacogdoches] met in [Athens].")

    assert {toponym.resolution.candidates[0].place.admin1 for toponym in toponyms} == {"Texas"}


def test_a_list_of_states_is_a_list_of_states(read):
    toponyms = read("It rained in [Ohio], [Indiana], [Pennsylvania] and [Kansas].")

    assert {toponym.resolution.candidates[0].place.kind for toponym in toponyms} == {"admin1"}


def test_a_demonym_given_as_a_span_is_its_country(read):
    assert best(read("[Syrian] and [Turkish] troops, [Americans] and [SYRIANS].")) == [
        "Syria",
        "Turkey",
        "United States",
        "Syria",
    ]


@pytest.mark.parametrize(
    ("abbreviation", "label"),
    [
        ("Calif.", "California, United States"),
        ("W. Va.", "West Virginia, United States"),
        ("NSW", "New South Wales, Australia"),
        ("U.S.", "United States"),
    ],
)
def test_an_abbreviation_given_as_a_span_is_what_it_stands_for(read, abbreviation, label):
    assert best(read(f"It happened in [{abbreviation}] last week.")) == [label]


@pytest.mark.parametrize(
    ("name", "place_id"),
    [
        ("Africa", "geonames:6255146"),
        ("Middle East", "region:middle-east"),
        ("Mediterranean", "region:mediterranean-sea"),
        ("Midwest", "region:midwest"),
    ],
)
def test_regions_larger_than_a_country_are_places_too(read, name, place_id):
    assert read(f"All over the [{name}].")[0].resolution.candidates[0].place.place_id == place_id


def test_a_text_that_names_no_country_is_read_with_the_region_in_mind(read):
    toponyms = read("Shelling hit [Mare] and [Azaz], north of [Aleppo].")

    assert {toponym.resolution.candidates[0].place.country_code for toponym in toponyms} == {"SY"}
    assert {toponym.resolution.status for toponym in toponyms} == {ResolutionStatus.RESOLVED}


def test_each_place_says_in_words_what_speaks_for_it(read):
    toponyms = read("Fighting in [Hasakah], [Qamishli] and [Amuda]; in [Paris], [Texas], nothing.")

    whys = [str(toponym.resolution.candidates[0].why) for toponym in toponyms]

    assert whys[2] == "exact name; same governorate as 2 other places in the text"
    assert whys[3] == "exact name; the text says that it lies in Texas"


def test_a_country_given_for_the_text_counts_before_all(read):
    assert best(read("[Tripoli] was quiet.", country_code="LB")) == ["Tripoli, North, Lebanon"]


def test_a_name_nobody_knows_is_looked_for_where_the_text_is(read):
    toponyms = read("In [Qamishli], [Amuda] and the [countryside of Derik] the power is out.")

    assert toponyms[2].resolution.candidates[0].place.country_code == "SY"


def test_a_text_without_names_means_nothing(read):
    assert read("Nothing happened.") == ()


def test_twenty_reports_are_read_in_a_few_seconds(read):
    report = (
        "Clashes in [Hasakah], [Qamishli], [Raqqa] and [Deir ez-Zor]; Turkey and Russia met in [Ankara]. " * 5
    )

    start = time.process_time()
    for _ in range(20):
        read(report)

    assert time.process_time() - start < 10


@pytest.fixture
def seconds(gazetteer):
    """How long the toponyms of a text take that names so many towns, each once."""
    # The pk of a town is its number at GeoNames: these are towns of the Middle East and of Europe.
    towns = gazetteer.index.by_pks(range(90_000, 800_000))
    names = list(dict.fromkeys(row.name for row in towns if row.population > 15_000 and len(row.name) > 4))

    def of(count):
        text, spans = "", []
        for name in names[:count]:
            text += "Then Foo Bar left "
            spans.append(Span(len(text), len(text) + len(name)))
            text += f"{name}. "
        assert len(spans) == count
        start = time.process_time()
        geoparse(text, gazetteer, Context(), recognisers=(), spans=spans)
        return time.process_time() - start

    return of


def test_time_grows_with_the_names_of_a_text_and_not_faster(seconds):
    seconds(250)

    few, many = min(seconds(250), seconds(250)), seconds(2_500)

    assert many < 10 * few * 3 + 0.5


def test_a_country_is_resolved_and_its_score_says_that_little_of_it_is_near_its_point(read):
    country, town = read("[Syria] closed the road to [Qamishli], Syrian officials said.")

    assert [each.resolution.status for each in (country, town)] == [ResolutionStatus.RESOLVED] * 2
    assert country.resolution.candidates[0].score < 0.01
    assert town.resolution.candidates[0].score > 0.8
