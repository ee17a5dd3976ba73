"""Joined tellings to drafts: type, days, place, actors, toll, source, and why each was chosen, in words.

Knows what each part of a draft is taken from, and what a person should look at. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from geoevents.event_types import Taxonomy
from geoevents.events import About, AboutRole, Kind
from geoevents.gazetteers import Gazetteer
from geoevents.geoparsing.drafting.acting import Named, actors_of
from geoevents.geoparsing.drafting.days import Bounds, Said
from geoevents.geoparsing.drafting.drafts import DraftedEvent
from geoevents.geoparsing.drafting.grounds import Spot, are_one_place, as_of, contradictions, shape_of
from geoevents.geoparsing.drafting.joining import Told
from geoevents.geoparsing.drafting.mentions import Mention, Reading
from geoevents.geoparsing.drafting.phrases import Word
from geoevents.geoparsing.drafting.titles import span_of, speaks_of_itself, title_of
from geoevents.geoparsing.drafting.voices import Voice
from geoevents.messages import Message
from geoevents.places import GeoPrecision
from geoevents.sources import Source

_MOST_ABOUT = 12
_MOST_SPANS = 20
_BESIDE = 3


@dataclass(frozen=True, slots=True)
class _Day:
    bounds: Bounds | None
    words: str | None
    note: Message | None = None


@dataclass(frozen=True, slots=True)
class Composer:
    """
    Makes the drafts of one text. `publisher` is who printed it, as its dateline says; `frame` the days of the
    whole, for what says none.
    """

    text: str
    words: Sequence[Word]
    readings: Sequence[Reading]
    gazetteer: Gazetteer
    taxonomy: Taxonomy
    lang: str
    published: date | None
    publisher: str | None
    frame: Bounds | None = None

    def compose(self, told: Told) -> DraftedEvent:
        main = told.main
        rule = main.rule
        day = self._day(told)
        spot, is_own = self._spot(told)
        said_against, locators = self._against_the_map(told, spot if is_own else None)
        start, end = self.words[main.sentence.body].start, main.sentence.end
        on = day.bounds.end or day.bounds.start if day.bounds else self.published
        resolution = as_of(spot.toponym.resolution, on) if spot else None
        place = resolution.place if resolution else None
        voice = self._voice(told)
        return DraftedEvent(
            kind=rule.kind,
            title=self._title(told, spot),
            lang=self.lang,
            event_type=rule.event_type,
            sub_event_type=rule.sub_event_type,
            date_start=day.bounds.start if day.bounds else None,
            date_end=self._end(day.bounds),
            date_words=day.words,
            place_name=spot.toponym.text if spot else None,
            resolution=resolution,
            is_place_own=is_own,
            geometry=shape_of(place, self.gazetteer) if place else None,
            about=self._about(told, spot, locators) if rule.event_type == "statements" else (),
            actors=actors_of(self._named(told), self.words, main.trigger, rule.event_type, day=on),
            fatalities=self._toll(told),
            source=Source(
                publisher=self.publisher,
                said_by=voice.name if voice else None,
                published=self.published,
                quote=self.text[start:end],
            ),
            quote_start=start,
            quote_end=end,
            spans=self._spans(told),
            why=self._why(told),
            notes=tuple(filter(None, (day.note, *self._on_place(spot, main, is_own=is_own), *said_against))),
        )

    def _title(self, told: Told, spot: Spot | None) -> str:
        main = told.main
        label = self.taxonomy.label(main.rule.sub_event_type or main.rule.event_type, self.lang)
        name = spot.toponym.text if spot else None
        if spot is not None and spot.rank == 1 and spot.place is not None:
            name = spot.place.name_in(self.lang)  # "areas it seized" means nothing by itself
        headline = next((each.sentence for each in told.mentions if each.sentence.is_headline), None)
        return title_of(main, self.words, self.text, headline=headline, label=label, place=name)

    def _named(self, told: Told) -> list[Named]:
        """Who is named in the words that tell the event; of a statement only whoever speaks."""
        main = told.main
        if main.rule.event_type == "statements":
            voice = self._voice(told)
            every = [each for mention in told.mentions for each in mention.named]
            return [each for each in every if voice and each.ids & voice.ids][:1]
        first, last = span_of(main, self.words)
        spoken = main.voice.started if main.voice else -1
        if main.rule.event_type == "territorial_control":
            # Who holds it stands beside the words that say so, or nowhere; who speaks of it does not hold it.
            low, high = main.trigger[0] - _BESIDE, main.trigger[1] + _BESIDE
            return [each for each in main.named if low <= each.last and each.first <= high]
        is_itself = speaks_of_itself(main, self.words)
        within = [each for each in main.named if first <= each.first < last]
        if is_itself and main.voice is not None:
            within = [each for each in main.named if each.ids & main.voice.ids][:1] + within
        return [each for each in within if is_itself or each.first != spoken]

    def _voice(self, told: Told) -> Voice | None:
        """Of a statement whoever speaks in any of its sentences, of what happened its own sentence's."""
        if told.family == "statements":
            return next((each.voice for each in told.mentions if each.voice), None)
        return told.main.voice

    def _spot(self, told: Told) -> tuple[Spot | None, bool]:
        if told.main.spot is not None and told.main.spot.rank > 1:
            return told.main.spot, True
        if told.spot is not None:
            return told.spot, True
        return told.around, False

    def _on_place(self, spot: Spot | None, main: Mention, *, is_own: bool) -> list[Message]:
        if spot is None:
            return [Message("No place is told. Say where it was, or that nobody knows.")]
        notes = []
        if not is_own:
            notes.append(
                Message(
                    "Its sentence names no place: {place} is where the text was before.",
                    place=spot.toponym.text,
                )
            )
        others = dict.fromkeys(
            each.toponym.text
            for each in main.also
            if each.rank > 1
            and main.clause[0] <= each.first < main.clause[1]
            and are_one_place(each, spot) is False
        )
        if is_own and others:
            notes.append(Message("The sentence also names {places}.", places=", ".join(others)))
        return notes

    def _against_the_map(self, told: Told, spot: Spot | None) -> tuple[list[Message], list[Spot]]:
        told_in = next((each.sentence for each in told.mentions if each.spot is spot), None)
        if told_in is None or spot is None:
            return [], []
        reading = self.readings[told_in.number]
        return contradictions(reading.spots, spot, self.words, self.gazetteer)

    def _day(self, told: Told) -> _Day:
        """The first of: a day its own sentences say, "recently", the day somebody said it, publication."""
        days = [each.day for each in _main_first(told) if each.day and not each.day.is_year]
        if told.main.rule.kind is Kind.CONDITION:
            return self._since([each for each in days if each.since] or days)
        for day in sorted(days, key=lambda each: (each.is_vague, each.bounds is None)):
            if day.bounds is None:
                return _Day(None, self._said(day.first, day.last), self._ask(self._said(day.first, day.last)))
            note = Message("'{words}': the days are as wide as that.", words=self._said(day.first, day.last))
            until = Bounds(day.bounds.start, self.published) if day.since else day.bounds
            return _Day(until, self._said(day.first, day.last), note if day.is_vague else None)
        said_on = next((each.said_on for each in told.mentions if each.said_on), None)
        if said_on is not None:
            return self._said_on(said_on.bounds, self._said(said_on.first, said_on.last))
        if self.frame is not None:
            note = Message("Its sentence says no day: taken as when the rest of the text was.")
            return _Day(self.frame, None, note)
        if self.published is None:
            return _Day(None, None, Message("The text says no day. Say when it happened."))
        bounds = Bounds(self.published - timedelta(days=1), self.published)
        return _Day(
            bounds,
            None,
            Message("The text says no day: taken as the day it was published or the one before."),
        )

    def _since(self, days: Sequence[Said]) -> _Day:
        for day in days:
            words = self._said(day.first, day.last)
            if day.bounds is None:
                return _Day(None, words, self._ask(words))
            return _Day(Bounds(day.bounds.start, None), words)
        if self.published is None:
            return _Day(
                None, None, Message("The text does not say since when. Say it, or a day on which it held.")
            )
        note = Message(
            "The text does not say since when. It held on {day}, when it was published.", day=self.published
        )
        return _Day(Bounds(self.published, None), None, note)

    def _said_on(self, bounds: Bounds | None, words: str) -> _Day:
        if bounds is None:
            return _Day(None, words, self._ask(words))
        note = Message("'{words}' is when it was said: it happened then or the day before.", words=words)
        return _Day(Bounds(bounds.start - timedelta(days=1), bounds.end), words, note)

    def _ask(self, words: str) -> Message:
        return Message(
            "'{words}' is a day only beside the day of publication. Which day was that?", words=words
        )

    def _said(self, first: int, last: int) -> str:
        return self.text[self.words[first].start : self.words[last].end]

    def _end(self, bounds: Bounds | None) -> date | None:
        return None if bounds is None or bounds.end == bounds.start else bounds.end

    def _toll(self, told: Told) -> tuple[int | None, int | None, int | None]:
        toll = next((each.toll for each in _main_first(told) if each.toll), None)
        return (toll.low, toll.best, toll.high) if toll else (None, None, None)

    def _spans(self, told: Told) -> tuple[tuple[int, int], ...]:
        sentences = {each.sentence.number: each.sentence for each in told.mentions}
        return tuple((each.start, each.end) for _, each in sorted(sentences.items()))[:_MOST_SPANS]

    def _why(self, told: Told) -> tuple[Message, ...]:
        main = told.main
        made = [
            Message(
                "{type}, because of “{words}” (rule: {rule})",
                type=self.taxonomy.label(main.rule.sub_event_type or main.rule.event_type, self.lang),
                words=self._said(*main.trigger), rule=main.rule.name,
            )
        ]  # fmt: skip
        if "allegation" in main.contexts and main.voice is not None:
            made.append(Message("It is what {name} accuses others of.", name=main.voice.name))
        if "demand" in main.contexts:
            made.append(Message("It stands in a demand, which takes for granted that it is so."))
        if len(told.mentions) > 1:
            made.append(
                Message(
                    "{count} sentence tells of it.", plural="{count} sentences tell of it.",
                    count=len({each.sentence.number for each in told.mentions}),
                )
            )  # fmt: skip
        return tuple(made)

    def _about(self, told: Told, spot: Spot | None, locators: Sequence[Spot]) -> tuple[About, ...]:
        """The places a statement speaks of, each once; a country is everywhere, and no place it is about."""
        own = spot.place.place_id if spot and spot.place else None
        made: dict[str, About] = {}
        for reading in self._spoken(told):
            for each in reading.spots:
                place = as_of(each.toponym.resolution, self.published).place
                if place is None or each.is_country or place.place_id in made or place.place_id == own:
                    continue
                if self._is_locator(each, reading):
                    continue
                point = None if place.geo_precision is GeoPrecision.COUNTRY else place.position
                role = _role(reading.scopes.at(each.first))
                made[place.place_id] = About(
                    place_id=place.place_id, place_label=place.label, position=point, role=role
                )
        return tuple(made.values())[:_MOST_ABOUT]

    def _spoken(self, told: Told) -> list[Reading]:
        """From the first sentence of the statement to the end of its report: what was said there."""
        numbers = {each.sentence.number for each in told.mentions if not each.sentence.is_headline}
        first = min(numbers, default=0)
        return [
            each for each in self.readings if each.sentence.number >= first and not each.sentence.is_headline
        ]

    def _is_locator(self, spot: Spot, reading: Reading) -> bool:
        at = reading.spots.index(spot)
        if at == 0:
            return False
        _, locators = contradictions(reading.spots, reading.spots[at - 1], self.words, self.gazetteer)
        return spot in locators


def _role(contexts: frozenset[str]) -> AboutRole:
    if "allegation" in contexts:
        return AboutRole.ALLEGES
    return AboutRole.DEMANDS if "demand" in contexts else AboutRole.CONCERNS


def _main_first(told: Told) -> list[Mention]:
    main = told.main
    return [main, *(each for each in told.mentions if each is not main)]
