"""Report text to draft events: which sentences tell that something happened, and what each of them tells.

Knows the way from a text to its drafts. Knows nothing of stores, pages or files; a person decides on each
draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from geoevents.event_types import Taxonomy
from geoevents.gazetteers import Gazetteer
from geoevents.geoparsing import Geoparser, Toponym
from geoevents.geoparsing.drafting.acting import ActorNames
from geoevents.geoparsing.drafting.composing import Composer
from geoevents.geoparsing.drafting.days import Bounds, days_in
from geoevents.geoparsing.drafting.drafts import DraftedEvent
from geoevents.geoparsing.drafting.joining import join
from geoevents.geoparsing.drafting.languages import language_of
from geoevents.geoparsing.drafting.mentions import Reading, SentenceReader
from geoevents.geoparsing.drafting.phrases import Word
from geoevents.geoparsing.drafting.sentences import Sentence, read_sentences
from geoevents.geoparsing.drafting.vocabulary import Vocabularies, Vocabulary
from geoevents.geoparsing.word_lists import WordLists
from geoevents.places import Context

# A round-up opens with the days it is of.
_OPENING = 2

__all__ = ["Drafted", "DraftedEvent", "Drafter"]


@dataclass(frozen=True, slots=True)
class Drafted:
    """
    What a text came to: its drafts in the order of the text, and all places it names. `published` is the day
    it was read against: as given, or as its dateline says; None where neither does.
    """

    drafts: tuple[DraftedEvent, ...]
    toponyms: tuple[Toponym, ...]
    lang: str
    published: date | None
    publisher: str | None


@dataclass(frozen=True, slots=True)
class Drafter:
    """Everything that drafting needs, filled in: `bootstrap.open_drafter`."""

    geoparser: Geoparser
    gazetteer: Gazetteer
    taxonomy: Taxonomy
    vocabularies: Vocabularies
    actors: ActorNames
    lists: WordLists

    def __call__(
        self, text: str, *, published: date | None = None, context: Context | None = None
    ) -> Drafted:
        """
        The drafts of a text. Offsets are Unicode code points of `text`.

        Raises TooLarge for more than geoparsing.LONGEST_TEXT characters.
        """
        given = context or Context(day=published)
        toponyms = self.geoparser(text, given)
        words, sentences = read_sentences(text, self.lists["abbreviation"], self.lists["turkish_ending"])
        lang = language_of(words)
        vocabulary = self.vocabularies.of(lang)
        if published is None:
            published = _dated(text, words, sentences, vocabulary)
        reader = SentenceReader(text, words, toponyms, vocabulary, self.actors, published)
        readings: list[Reading] = []
        voice = None
        for sentence in sentences:
            readings.append(reader.read(sentence, voice))
            voice = readings[-1].voice or voice
        publisher = next((each.publisher for each in sentences if each.publisher), None)
        frame = _frame(text, words, readings, vocabulary, published)
        composer = Composer(
            text, words, readings, self.gazetteer, self.taxonomy, lang, published, publisher, frame
        )
        drafts = tuple(composer.compose(each) for each in join(readings))
        return Drafted(drafts, toponyms, lang, published, publisher)


def _dated(
    text: str, words: Sequence[Word], sentences: Sequence[Sentence], vocabulary: Vocabulary
) -> date | None:
    """The whole date of a dateline: "HASAKAH, 25 January 2022 –"."""
    for sentence in sentences[:3]:
        for said in days_in(words, text, sentence.first, sentence.body, vocabulary, None):
            if said.bounds is not None and said.bounds.start == said.bounds.end:
                return said.bounds.start
    return None


def _frame(
    text: str,
    words: Sequence[Word],
    readings: Sequence[Reading],
    vocabulary: Vocabulary,
    published: date | None,
) -> Bounds | None:
    """The one day that all dated events of a text are of, or else the days that a round-up opens with."""
    said = [each.day for reading in readings for each in reading.mentions if each.day and not each.only_joins]
    days = {each.bounds for each in said if each.bounds and not (each.is_vague or each.is_year or each.since)}
    if len(days) == 1:
        return days.pop()
    for reading in readings[:_OPENING]:
        opening = reading.sentence
        for each in days_in(words, text, opening.first, opening.last, vocabulary, published):
            bounds = each.bounds
            if bounds and bounds.end and bounds.start < bounds.end and not (each.is_vague or each.is_year):
                return bounds
    return None
