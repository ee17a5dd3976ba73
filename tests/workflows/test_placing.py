"""Where a draft happened: looked up, chosen, typed, picked, or said to be unknown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geoevents import workflows
from geoevents.errors import InvalidEvent, OnlineServiceDown
from geoevents.events import Status
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import Context, GeoPrecision, Resolution, ResolutionStatus
from geoevents.workflows import Added, NeedsPlace
from geoevents.workflows.finding import locate_for_writers

HASAKAH = "geonames:173811"
IN_HASAKAH = {"type": "Point", "coordinates": [40.7512, 36.4923]}


def placed(outcome):
    """What an outcome says of the place, as one value."""
    event = outcome.event
    return event.place_id, event.geo_precision, event.uncertainty_m, event.geo_method, event.chosen_by


def words(outcome):
    return [str(warning) for warning in outcome.warnings]


def test_a_name_we_know_becomes_a_place_with_the_reason_it_was_chosen(backends, make_draft):
    outcome = workflows.add(make_draft(place_name="al-Hasakah"), backends, by="amina")

    assert placed(outcome) == (HASAKAH, GeoPrecision.SETTLEMENT, 3000, "gazetteer", "gazetteer")
    event = outcome.event
    assert event.geometry == Geometry.point(40.7477, 36.5024)
    assert (event.country_code, event.admin1) == ("SY", "Hasakah")
    assert event.match_score > 0.9
    assert event.candidates[0]["place_id"] == HASAKAH
    assert event.chosen_why


def test_a_name_with_two_places_asks_which_one_and_keeps_nothing(backends, make_draft):
    draft = make_draft(place_name="Derik")

    outcome = workflows.add(draft, backends, by="amina")

    assert isinstance(outcome, NeedsPlace)
    assert outcome.draft == draft
    assert outcome.resolution.status is ResolutionStatus.AMBIGUOUS
    assert {each.place.country_code for each in outcome.resolution.candidates} == {"SY", "TR"}
    assert list(backends.store.events()) == []


def test_a_candidate_that_a_person_chose_is_where_it_happened(backends, make_draft):
    asked = workflows.add(make_draft(place_name="Derik"), backends, by="amina")
    chosen = asked.resolution.candidates[1].place

    outcome = workflows.add(make_draft(place_name="Derik", place_id=chosen.place_id), backends, by="amina")

    assert placed(outcome) == (chosen.place_id, GeoPrecision.SETTLEMENT, 3000, "gazetteer", "amina")
    assert outcome.event.match_score is None
    assert len(outcome.event.candidates) == 2


def test_an_unknown_name_asks_and_offers_the_nearest(backends, make_draft):
    outcome = workflows.add(make_draft(place_name="Qamishloo Sharqi Xyz"), backends, by="amina")

    assert isinstance(outcome, NeedsPlace)
    assert outcome.resolution.status is ResolutionStatus.NOT_FOUND
    assert list(backends.store.events()) == []


@pytest.mark.parametrize("name", ["Derik", "Qamishloo Sharqi Xyz"])
def test_a_draft_may_wait_for_its_place(backends, make_draft, name):
    outcome = workflows.add(make_draft(place_name=name, status="draft"), backends, by="amina")

    assert outcome.event.status is Status.DRAFT
    assert (outcome.event.place_name, outcome.event.geometry, outcome.event.place_id) == (name, None, None)
    assert words(outcome) == [
        f"'{name}' is not placed yet: the event waits as a draft until somebody says where it is."
    ]


def test_an_area_lends_the_event_its_own_copy_of_the_outline(backends, make_draft):
    outcome = workflows.add(make_draft(place_name="Turkish-held border areas"), backends, by="amina")

    assert outcome.event.place_id == "area:turkish-held@2019-10"
    assert outcome.event.geometry == backends.gazetteer.geometry("area:turkish-held@2019-10")
    assert (outcome.event.geo_method, outcome.event.geo_precision) == ("area", GeoPrecision.AREA)


def test_an_area_is_taken_as_it_was_on_the_day(backends, make_draft):
    before = workflows.add(
        make_draft(place_name="AANES-held areas", date_start="2019-06-01"), backends, by="a"
    )
    after = workflows.add(
        make_draft(place_name="AANES-held areas", date_start="2021-06-01"), backends, by="a"
    )

    assert before.event.place_id == "area:aanes@2019-03"
    assert after.event.place_id == "area:aanes@2019-10"
    assert before.event.geometry != after.event.geometry


def test_a_chosen_area_of_another_time_is_taken_with_a_warning(backends, make_draft):
    draft = make_draft(place_id="area:turkish-held@2019-10", date_start="2018-01-01")

    outcome = workflows.add(draft, backends, by="amina")

    assert [each for each in words(outcome) if "is not known to have been so on 2018-01-01" in each] != []


def test_typed_coordinates_are_taken_as_typed(backends, make_draft):
    draft = make_draft(geometry=IN_HASAKAH, place_name="Hasakah", geo_precision="site")

    outcome = workflows.add(draft, backends, by="amina")

    assert outcome.event.geometry == Geometry.point(40.7512, 36.4923)
    assert placed(outcome) == (None, GeoPrecision.SITE, 100, "typed", "amina")
    assert (outcome.event.country_code, outcome.event.admin1) == ("SY", "Hasakah")


DAMASCUS = {"type": "Point", "coordinates": [36.2921, 33.5102]}
FAR_FROM_HASAKAH = (
    "The coordinates lie 525 km from Hasakah, Hasakah governorate, Syria. If that place is meant, correct "
    "the coordinates or leave them empty; if the coordinates are right, name the place they show."
)


def test_a_name_whose_place_is_far_from_the_typed_point_lends_it_nothing_and_is_told(backends, make_draft):
    outcome = workflows.add(make_draft(geometry=DAMASCUS, place_name="Hasakah"), backends, by="amina")

    assert outcome.event.geometry == Geometry.point(36.2921, 33.5102)
    assert (outcome.event.country_code, outcome.event.admin1) == (None, None)
    assert words(outcome) == [FAR_FROM_HASAKAH]


def test_coordinates_far_from_the_chosen_place_are_kept_with_a_warning(backends, make_draft):
    outcome = workflows.add(make_draft(geometry=DAMASCUS, place_id=HASAKAH), backends, by="amina")

    assert outcome.event.geometry == Geometry.point(36.2921, 33.5102)
    assert words(outcome) == [FAR_FROM_HASAKAH]


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("Hasakah", {"geo_precision": "site"}, 1),
        ("Hasakah", {"geo_precision": "near", "uncertainty_m": 40_000}, 0),
        ("Hasakah Governorate", {}, 0),
        ("Syria", {}, 0),
        ("Qwzxk", {}, 0),
    ],
    ids=["a pin", "a circle that reaches it", "its governorate", "its country", "a name nobody knows"],
)
def test_what_both_uncertainties_allow_is_not_far(backends, make_draft, name, said, told):
    forty_km_south = {"type": "Point", "coordinates": [40.7477, 36.1424]}

    outcome = workflows.add(
        make_draft(geometry=forty_km_south, place_name=name, **said), backends, by="amina"
    )

    assert len([each for each in words(outcome) if "The coordinates lie 40 km from" in each]) == told


def test_an_outline_around_the_named_place_is_not_far_from_it(backends, make_draft):
    ring = [[40.7, 36.45], [44.0, 36.45], [44.0, 37.0], [40.7, 37.0], [40.7, 36.45]]
    outline = {"type": "Polygon", "coordinates": [ring]}

    outcome = workflows.add(
        make_draft(geometry=outline, geo_precision="area", place_name="Hasakah"), backends, by="amina"
    )

    assert words(outcome) == []


def test_typed_coordinates_that_say_no_precision_claim_a_settlement_at_most(backends, make_draft):
    outcome = workflows.add(make_draft(geometry=IN_HASAKAH), backends, by="amina")

    assert placed(outcome) == (None, GeoPrecision.SETTLEMENT, 3000, "typed", "amina")


def test_a_click_is_only_as_exact_as_the_map_under_it(backends, make_draft):
    draft = make_draft(geometry=IN_HASAKAH, geo_method="picked", uncertainty_m=9000)

    outcome = workflows.add(draft, backends, by="amina")

    assert placed(outcome) == (None, GeoPrecision.NEAR, 9000, "picked", "amina")
    assert words(outcome) == ["Known within 9000 m only, so geo_precision is near, not settlement."]


def test_a_name_known_only_roughly_keeps_the_precision_of_the_gazetteer(backends, make_draft):
    outcome = workflows.add(make_draft(place_name="Mabrouka"), backends, by="amina")

    assert placed(outcome)[1:3] == (GeoPrecision.SETTLEMENT, 5000)
    assert outcome.warnings == ()


def test_who_says_that_a_name_was_less_certain_is_believed(backends, make_draft):
    outcome = workflows.add(make_draft(place_name="Hasakah", uncertainty_m=8000), backends, by="amina")

    assert placed(outcome)[1:3] == (GeoPrecision.NEAR, 8000)


def test_row_17_swapped_coordinates_are_refused_where_the_country_of_the_place_is_known(backends, make_draft):
    swapped = {"type": "Point", "coordinates": [36.5024, 40.7477]}

    with pytest.raises(InvalidEvent) as refused:
        workflows.add(make_draft(geometry=swapped, place_name="Hasakah"), backends, by="amina")

    assert refused.value.field == "geometry"
    assert "Did you mean 40.7477, 36.5024?" in str(refused.value)
    assert list(backends.store.events()) == []


def test_row_17_a_point_outside_the_country_that_no_swap_would_mend_is_kept_with_a_warning(
    backends, make_draft
):
    elsewhere = {"type": "Point", "coordinates": [10.0, 50.0]}

    outcome = workflows.add(make_draft(geometry=elsewhere, country_code="SY"), backends, by="amina")

    assert [each for each in words(outcome) if each.startswith("The point 10.0, 50.0 lies outside")] != []


def test_unlocated_said_on_purpose_is_kept_without_looking(backends, make_draft):
    outcome = workflows.add(make_draft(place_name="Hasakah", geo_precision="unlocated"), backends, by="amina")

    assert placed(outcome) == (None, GeoPrecision.UNLOCATED, None, None, None)
    assert (outcome.event.geometry, outcome.event.place_name) == (None, "Hasakah")
    assert outcome.event.status is Status.PUBLISHED


@pytest.mark.parametrize(("said", "told"), [({}, 1), ({"geo_precision": "country"}, 0)])
def test_a_country_gets_no_pin_and_who_did_not_say_so_is_told(backends, make_draft, said, told):
    outcome = workflows.add(make_draft(place_name="Syria", **said), backends, by="amina")

    assert (outcome.event.geometry, outcome.event.geo_precision) == (None, GeoPrecision.COUNTRY)
    assert (outcome.event.country_code, outcome.event.status) == ("SY", Status.PUBLISHED)
    assert words(outcome) == ["Syria is a country: the event is listed, not drawn."][:told]


def test_a_country_that_is_not_known_by_name_needs_no_choice(backends, make_draft):
    draft = make_draft(place_name="somewhere beyond the river", geo_precision="country", country_code="IQ")

    outcome = workflows.add(draft, backends, by="amina")

    assert (outcome.event.geometry, outcome.event.country_code) == (None, "IQ")


def test_near_a_town_claims_less_than_the_town(backends, make_draft):
    outcome = workflows.add(make_draft(place_name="Hasakah", geo_precision="near"), backends, by="amina")

    assert placed(outcome) == (HASAKAH, GeoPrecision.NEAR, 10_000, "gazetteer", "gazetteer")


def test_more_than_the_gazetteer_knows_is_not_claimed(backends, make_draft):
    outcome = workflows.add(make_draft(place_name="Hasakah", geo_precision="site"), backends, by="amina")

    assert placed(outcome)[1:3] == (GeoPrecision.SETTLEMENT, 3000)
    assert "is known as settlement, not as site" in words(outcome)[0]


def test_a_place_id_nobody_knows_is_refused_and_named(backends, make_draft):
    with pytest.raises(InvalidEvent, match="'geonames:1' is not a place we know") as refused:
        workflows.add(make_draft(place_id="geonames:1"), backends, by="amina")

    assert refused.value.field == "place_id"


def test_what_a_statement_speaks_of_gets_its_label_and_point_but_a_country_no_point(backends, make_draft):
    country = backends.gazetteer.country("TR").place_id
    draft = make_draft(
        place_name="Hasakah",
        about=[{"place_id": "geoevents:prison-al-sinaa"}, {"place_id": country, "role": "demands"}],
    )

    event = workflows.add(draft, backends, by="amina").event

    prison, turkey = event.about
    assert prison.place_label is not None
    assert prison.position == backends.gazetteer.get("geoevents:prison-al-sinaa").position
    assert (turkey.place_label, turkey.position) == ("Turkey", None)


@pytest.mark.parametrize(
    ("typed", "code"), [(" sy ", "sy"), ("Türkiye ", "TR"), (" العراق", "IQ"), (" no land ", "no land")]
)
def test_a_country_that_is_typed_is_read_without_the_spaces_around_it(backends, typed, code):
    assert workflows.country_code(typed, backends.gazetteer) == code


class Down:
    """An online service that does not answer; the real one is tested with the gazetteers."""

    attribution = ""

    def __init__(self):
        self.asked = []

    def resolve(self, name, context):
        self.asked.append(name)
        raise OnlineServiceDown(Message("no answer within {seconds} s", seconds=2))


class Knows(Down):
    def __init__(self, candidate):
        super().__init__()
        self.candidate = candidate

    def resolve(self, name, context):
        self.asked.append(name)
        return Resolution(name, ResolutionStatus.RESOLVED, (self.candidate,))


def test_F14_an_online_service_that_is_down_costs_a_note_and_the_event_waits(backends, make_draft):
    outcome = workflows.add(make_draft(place_name="Qwzxk"), replace(backends, online=Down()), by="amina")

    assert isinstance(outcome, Added)
    assert (outcome.event.status, outcome.event.geometry) == (Status.DRAFT, None)
    assert words(outcome)[0] == "The online lookup could not be asked: no answer within 2 s"


def test_F14_an_outage_does_not_take_what_is_public_from_its_readers(backends, make_draft):
    event = workflows.add(make_draft(place_name="Hasakah"), backends, by="amina").event
    draft = make_draft(place_name="Qwzxk")

    outcome = workflows.edit(event.id, draft, replace(backends, online=Down()), version=1, by="amina")

    assert isinstance(outcome, NeedsPlace)
    assert backends.store.get(event.id) == event


def test_the_online_service_is_asked_only_where_the_index_has_no_one_answer(backends, make_draft):
    online = Down()

    workflows.add(make_draft(place_name="Hasakah"), replace(backends, online=online), by="amina")
    locate_for_writers("Qwzxk", Context(), replace(backends, online=online))

    assert online.asked == []


def test_what_the_online_service_finds_are_candidates_never_the_answer(backends, make_draft):
    found = backends.gazetteer.resolve("Hasakah", Context()).candidates[0]

    outcome = workflows.add(
        make_draft(place_name="Qwzxk"), replace(backends, online=Knows(found)), by="amina"
    )

    assert isinstance(outcome, NeedsPlace)
    assert (outcome.resolution.status, outcome.resolution.candidates) == (
        ResolutionStatus.AMBIGUOUS,
        (found,),
    )
