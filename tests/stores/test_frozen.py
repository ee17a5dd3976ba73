"""A frozen map stays as it was, but for what must be told, and what must not be told, since."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geoevents.events import Event, Sensitivity, Status, Verification
from geoevents.geojson import feature_line
from geoevents.geometries import Geometry
from geoevents.queries import EventQuery
from geoevents.sources import Source
from geoevents.stores import frozen
from geoevents.stores.frozen import FrozenReaders
from geoevents.stores.geojson_store import GeoJSONStore
from geoevents.stores.public import PublicReader
from tests.strategies import make_event

SOURCES = (
    Source(publisher="The Daily", url="https://example.org/1"),
    Source(publisher="A witness", quote="by the mill", url="https://example.org/2"),
)


class Desk:
    """A store, and a map of all its events that was frozen when it was asked for first."""

    def __init__(self, folder) -> None:
        self.store = GeoJSONStore.open(folder / "events.geojson")
        self.public = PublicReader(self.store)
        self.readers = FrozenReaders()
        self.then: list[bytes] = []

    def freeze(self, *events: Event) -> None:
        self.store.append_all(events, by="ana", why=None)
        self.then = list(self.public.features(EventQuery()))

    def edit(self, event_id: str, **changes: object) -> None:
        event = self.store.get(event_id)
        self.store.replace(
            replace(event, **changes, version=event.version + 1),  # type: ignore[arg-type]
            expected_version=event.version, by="ana", why=None,
        )  # fmt: skip

    @property
    def reader(self):
        return self.readers.of("sum", lambda: self.then, self.public)

    def seen(self) -> list[Event]:
        return list(self.reader.events(EventQuery(statuses=tuple(Status))))


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.store.close()


def test_an_event_told_less_exactly_leaves_a_map_whose_question_tells_where_it_was(desk):
    desk.freeze(make_event(), make_event(id="other-one"))
    for sensitivity in (Sensitivity.GRID, Sensitivity.ADMIN1, Sensitivity.GRID):
        desk.edit("k7dq2m9xwb", sensitivity=sensitivity)

        asked_where, asked_all = (
            desk.readers.of("sum", lambda: desk.then, desk.public, tells_where=tells_where)
            for tells_where in (True, False)
        )

        everything = EventQuery(statuses=tuple(Status))
        assert [event.id for event in asked_where.events(everything)] == ["other-one"]
        assert len(list(asked_all.events(everything))) == 2


def test_what_is_corrected_moved_or_added_since_changes_nothing(desk):
    desk.freeze(make_event(), make_event(id="other-one"))
    before, reader = desk.seen(), desk.reader

    desk.edit("k7dq2m9xwb", title="Corrected", geometry=Geometry.point(38, 35), fatalities_best=9)
    desk.store.append(make_event(id="later-one"), by="ana", why=None)

    assert desk.seen() == before
    assert desk.reader is reader
    assert [event.title for event in desk.public.events(EventQuery())].count("Corrected") == 1


def test_what_is_retracted_or_debunked_since_is_marked_with_the_reason_and_else_as_it_was(desk):
    desk.freeze(make_event(), make_event(id="other-one"))
    before = {event.id: event for event in desk.seen()}

    desk.edit("k7dq2m9xwb", status=Status.RETRACTED, status_reason="It was elsewhere.", title="Edited")
    desk.edit("other-one", verification=Verification.DEBUNKED, verification_basis="The video is older.")
    after = {event.id: event for event in desk.seen()}

    assert after == {
        "k7dq2m9xwb": replace(
            before["k7dq2m9xwb"], status=Status.RETRACTED, status_reason="It was elsewhere."
        ),
        "other-one": replace(
            before["other-one"], verification=Verification.DEBUNKED, verification_basis="The video is older."
        ),
    }


@pytest.mark.parametrize(
    "withheld",
    [
        {"sensitivity": Sensitivity.HIDDEN},
        {"status": Status.DRAFT},
        {"status": Status.IN_REVIEW},
        {"status": Status.MERGED},
    ],
)
def test_what_the_public_no_longer_sees_vanishes_uncounted(desk, withheld):
    desk.freeze(make_event(title="Secret since"), make_event(id="other-one"))

    desk.edit("k7dq2m9xwb", **withheld)
    every = EventQuery(statuses=tuple(Status))

    assert [event.id for event in desk.seen()] == ["other-one"]
    assert (desk.reader.tally(every).matched, len(desk.reader.select(every))) == (1, 1)
    assert b"Secret since" not in b"".join(desk.reader.chunks(every))
    with pytest.raises(LookupError):
        desk.reader.get("k7dq2m9xwb")


@pytest.mark.parametrize("sensitivity", [Sensitivity.GRID, Sensitivity.ADMIN1])
def test_of_what_is_told_less_exactly_since_nothing_is_told_as_it_was(desk, sensitivity):
    desk.freeze(make_event(geometry=Geometry.point(40.71234, 36.43217), description="by the mill"))

    desk.edit("k7dq2m9xwb", sensitivity=sensitivity)

    assert desk.seen() == list(desk.public.events(EventQuery()))
    told = b"".join(desk.reader.features(EventQuery()))
    assert not [word for word in (b"40.71234", b"36.43217", b"mill", b'"Hasakah"') if word in told]


@pytest.mark.parametrize(
    ("then", "now"), [(Sensitivity.ADMIN1, Sensitivity.GRID), (Sensitivity.GRID, Sensitivity.ADMIN1)]
)
def test_between_a_cell_and_a_governorate_it_is_told_as_today(desk, then, now):
    desk.freeze(make_event(sensitivity=then, geometry=Geometry.point(40.71234, 36.43217)))

    desk.edit("k7dq2m9xwb", sensitivity=now)

    assert desk.seen() == list(desk.public.events(EventQuery()))


def test_what_is_told_more_exactly_since_stays_as_coarse_as_it_was(desk):
    desk.freeze(
        make_event(sensitivity=Sensitivity.GRID, public_text="Near the town.", description="by the mill")
    )
    before = desk.seen()

    desk.edit("k7dq2m9xwb", sensitivity=Sensitivity.EXACT)

    assert before == desk.seen()
    assert before[0].description == "Near the town."


def test_a_source_that_became_confidential_is_left_out_and_a_new_warning_stands(desk):
    desk.freeze(make_event(sources=SOURCES))

    confided = (SOURCES[0], replace(SOURCES[1], confidential=True))
    desk.edit("k7dq2m9xwb", sources=confided, content_warning="Graphic.")

    (event,) = desk.seen()
    assert event.sources == SOURCES[:1]
    assert event.content_warning == "Graphic."


def test_of_two_sources_of_one_publisher_the_one_that_became_confidential_is_left_out(desk):
    first = Source(publisher="A witness", archived_url="https://example.org/from-the-mill")
    second = Source(publisher="A witness")
    twin = Source(publisher="A listener")
    desk.freeze(make_event(sources=(first, second, twin, twin)))

    desk.edit("k7dq2m9xwb", sources=(replace(first, confidential=True), second, twin))

    assert desk.seen()[0].sources == (second, twin)


def test_what_is_told_more_exactly_since_keeps_its_sources(desk):
    desk.freeze(make_event(sensitivity=Sensitivity.GRID, sources=SOURCES))
    before = desk.seen()

    desk.edit("k7dq2m9xwb", sensitivity=Sensitivity.EXACT)

    assert before[0].sources
    assert desk.seen() == before


@pytest.mark.parametrize("public_text", [None, "In a village."])
def test_words_taken_back_from_what_is_told_coarsely_are_told_as_today(desk, public_text):
    desk.freeze(
        make_event(
            sensitivity=Sensitivity.GRID, title="Raid on the blue house", public_text="By the blue house."
        )
    )

    desk.edit("k7dq2m9xwb", title="Raid", public_text=public_text, fatalities_best=9)

    (event,) = desk.seen()
    assert (event.title, event.description) == ("Raid", public_text)
    assert event.fatalities_best != 9


def test_another_content_is_another_revision(desk):
    desk.freeze(make_event())
    before = desk.reader.revision

    desk.edit("k7dq2m9xwb", status=Status.RETRACTED, status_reason="It was a rumour.")

    assert desk.reader.revision != before


def test_an_event_that_comes_back_is_as_it_was(desk):
    desk.freeze(make_event())
    before = desk.seen()

    desk.edit("k7dq2m9xwb", sensitivity=Sensitivity.HIDDEN)
    gone = desk.seen()
    desk.edit("k7dq2m9xwb", sensitivity=Sensitivity.EXACT)

    assert (gone, desk.seen()) == ([], before)


def test_of_few_events_among_many_the_same_is_told(desk, monkeypatch):
    desk.freeze(*(make_event(id=f"event-{n:04}") for n in range(12)))
    desk.edit("event-0003", sensitivity=Sensitivity.HIDDEN)
    desk.edit("event-0004", status=Status.RETRACTED, status_reason="No.")
    usual = frozen.as_of_today(desk.then, desk.public)

    monkeypatch.setattr(frozen, "_FEW_OF", 0)

    assert frozen.as_of_today(desk.then, desk.public) == usual
    assert len(usual) == 11


def test_readers_that_nobody_asks_for_are_given_up_and_made_again(desk):
    desk.freeze(make_event())
    first = desk.readers.of("sum-0", lambda: desk.then, desk.public)
    for number in range(1, 12):
        desk.readers.of(f"sum-{number}", lambda: desk.then, desk.public)

    again = desk.readers.of("sum-0", lambda: desk.then, desk.public)

    assert again is not first
    # What anybody has of it at home is still true.
    assert again.revision == first.revision
    assert [feature_line(event) for event in again.events(EventQuery())] == desk.then
