"""Where a sentence tells of an event: by which words, of which type, with what place, day and voice.

Knows one sentence at a time, with the place and the voice of those before. Knows nothing of joining them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from geoevents.events import Kind
from geoevents.geoparsing import Toponym
from geoevents.geoparsing.drafting.acting import ActorNames, Named
from geoevents.geoparsing.drafting.days import Bounds, Said, days_in
from geoevents.geoparsing.drafting.grounds import Spot, best_spot, is_passed, spots_of
from geoevents.geoparsing.drafting.phrases import Hit, Word
from geoevents.geoparsing.drafting.scopes import Scopes, read_scopes
from geoevents.geoparsing.drafting.sentences import Sentence
from geoevents.geoparsing.drafting.tolls import Toll, read_toll
from geoevents.geoparsing.drafting.vocabulary import Rule, Vocabulary
from geoevents.geoparsing.drafting.voices import Voice, read_voice

# What is told in these is not told as having happened; a rule may say that it holds all the same.
_NOT_SO = frozenset(("demand", "future", "hypothetical", "negation"))
_VIOLENCE = ("battles", "explosions_remote_violence", "violence_against_civilians")
_CROWDS = ("protests", "riots")
_DEFINITE = frozenset(("the", "this", "that", "these", "those", "such", "its", "their", "his", "bu", "ev"))
# A report that looks back further than this tells what everybody knows, and drafts of it are in nobody's way.
_OLD = timedelta(days=60)


@dataclass(slots=True)
class Mention:
    """
    One telling of an event. Words `trigger` say it by the phrase of `rule`. `spot` and `day` are its own,
    None where its sentence says none. `only_joins`: it refers to what was told elsewhere, and makes no event.
    """

    sentence: Sentence
    rule: Rule
    trigger: tuple[int, int]
    family: str
    contexts: frozenset[str]
    clause: tuple[int, int]
    spot: Spot | None = None
    day: Said | None = None
    said_on: Said | None = None
    voice: Voice | None = None
    toll: Toll | None = None
    named: list[Named] = field(default_factory=list)
    also: list[Spot] = field(default_factory=list)
    is_anaphor: bool = False
    only_joins: bool = False
    is_apart: bool = False
    is_passing: bool = False

    @property
    def bounds(self) -> Bounds | None:
        return self.day.bounds if self.day else None


@dataclass(slots=True)
class Reading:
    """One sentence, read: what is told in it, and what stands in it."""

    sentence: Sentence
    scopes: Scopes
    named: list[Named]
    spots: list[Spot]
    lead_in: list[Spot]
    voice: Voice | None
    mentions: list[Mention]


@dataclass(frozen=True, slots=True)
class SentenceReader:
    """Reads the sentences of one text, in its order."""

    text: str
    words: Sequence[Word]
    toponyms: Sequence[Toponym]
    vocabulary: Vocabulary
    actors: ActorNames
    published: date | None

    def read(self, sentence: Sentence, before: Voice | None) -> Reading:
        words, vocabulary = self.words, self.vocabulary
        scopes = read_scopes(words, sentence, vocabulary)
        named = self.actors.find(words, self.text, sentence.first, sentence.last)
        spots = spots_of(self.toponyms, words, sentence.body, sentence.last, named)
        lead_in = spots_of(self.toponyms, words, sentence.first, sentence.body, named)
        voice = read_voice(words, self.text, scopes, named, vocabulary, before)
        reading = Reading(sentence, scopes, named, spots, lead_in, voice, [])
        hits = [hit for hit in self._hits(sentence) if self._tells(hit, scopes, spots)]
        if hits:
            days = days_in(words, self.text, sentence.body, sentence.last, vocabulary, self.published)
            # «تشرين» is a month where a day is named, and a dam elsewhere.
            reading.spots = [each for each in spots if not any(_is_in(each, day) for day in days)]
            toll = read_toll(words, sentence.body, sentence.last, vocabulary)
            for group in _grouped([self._mention(hit, reading) for hit in hits]):
                reading.mentions.append(self._filled(group, reading, days, toll))
        return reading

    def _hits(self, sentence: Sentence) -> list[Hit[Rule]]:
        hits = list(self.vocabulary.told.find(self.words, sentence.body, sentence.last))
        if sentence.is_headline or sentence.has_dateline:
            hits += self.vocabulary.in_headlines.find(self.words, sentence.body, sentence.last)
        return hits

    def _tells(self, hit: Hit[Rule], scopes: Scopes, spots: Sequence[Spot]) -> bool:
        """Whether a phrase of a rule tells, here, that something happened or holds."""
        rule, sentence = hit.payload, scopes.sentence
        contexts = frozenset[str]().union(*(scopes.at(at) for at in range(hit.first, hit.last + 1)))
        if rule.tells == "statement":
            contexts = scopes.at(hit.first)
        if (contexts & _NOT_SO) - rule.also_in:
            return False
        is_noun = rule.tells in ("noun", "toll")
        if "stance" in contexts and rule.tells == "noun":
            return False
        if "quote" in contexts - rule.also_in and (is_noun or not spots):
            return False
        first, last = sentence.body, sentence.last
        if rule.needs is not None and not rule.needs.any(self.words, first, last):
            return False
        if rule.excludes is not None and rule.excludes.any(self.words, first, last):
            return False
        return rule.tells != "noun" or sentence.is_headline or self._has_happened(scopes)

    def _has_happened(self, scopes: Scopes) -> bool:
        sentence = scopes.sentence
        if sentence.has_dateline and sentence.last - sentence.body <= 12:
            return True
        hits = self.vocabulary.words["happened"].find(self.words, sentence.body, sentence.last)
        return any(not scopes.at(hit.first) & (_NOT_SO | {"quote"}) for hit in hits)

    def _mention(self, hit: Hit[Rule], reading: Reading) -> Mention:
        trigger = (hit.first, hit.last)
        clause = reading.scopes.clause_of(hit.first)
        return Mention(
            sentence=reading.sentence,
            rule=hit.payload,
            trigger=trigger,
            family=family_of(hit.payload.event_type),
            contexts=reading.scopes.at(hit.first),
            clause=clause,
            spot=best_spot(_where(hit.payload, reading), self.words, trigger, clause),
            named=reading.named,
        )

    def _filled(
        self, group: Sequence[Mention], reading: Reading, days: Sequence[Said], toll: Toll | None
    ) -> Mention:
        """The weightiest of several tellings of one event, with what its sentence says of day and toll."""
        made = max(group, key=lambda each: (each.rule.weight, -each.trigger[0]))
        made.voice = reading.voice
        made.toll = toll if made.family == "violence" or made.family == "crowds" else None
        made.also = [each for each in reading.spots if each is not made.spot and not each.is_country]
        of_voice = next((each for each in days if _is_of_voice(each, reading.voice)), None)
        own = [each for each in days if each is not of_voice or made.family == "statements"]
        made.said_on = of_voice
        made.day = _nearest(own, made)
        # "They blocked the road to X": it was elsewhere, if anything says where.
        made.is_passing = made.spot is not None and is_passed(made.spot, self.words)
        made.is_apart = "apart" in made.contexts
        made.is_anaphor = all(self._is_anaphor(each) for each in group)
        is_old = self._is_old(made.day) and made.rule.kind is Kind.EVENT
        is_background = "background" in made.contexts and made.day is None
        made.only_joins = is_old or is_background or made.is_anaphor
        if made.rule.tells == "toll" and (made.spot is None or made.is_passing):
            made.only_joins = True
        return made

    def _is_anaphor(self, mention: Mention) -> bool:
        """ "The attack lasted for hours": of which one, another sentence says."""
        if mention.rule.tells not in ("noun", "happening") or mention.rule.kind is Kind.CONDITION:
            return False
        first = mention.trigger[0]
        written = self.words[first].folded
        is_definite = written.removeprefix("و").startswith("ال") or (
            first > 0 and self.words[first - 1].folded in _DEFINITE
        )
        has_place = mention.spot is not None and mention.clause[0] <= mention.spot.first < mention.clause[1]
        return is_definite and not (has_place and mention.spot and not is_passed(mention.spot, self.words))

    def _is_old(self, day: Said | None) -> bool:
        if day is None:
            return False
        if day.is_year and (self.published is None or day.bounds is None):
            return True
        if day.bounds is None or self.published is None or day.bounds.end is None:
            return False
        return day.bounds.end < self.published - _OLD


def _is_in(spot: Spot, day: Said) -> bool:
    return day.first <= spot.first and spot.last <= day.last


def _where(rule: Rule, reading: Reading) -> list[Spot]:
    """The places an event may have been at: a statement was not made where it demands something."""
    if rule.event_type != "statements":
        return reading.spots
    return [each for each in reading.spots if not reading.scopes.at(each.first) & (_NOT_SO | {"quote"})]


def family_of(event_type: str) -> str:
    """Types that one event may be told as, now so and now so: an attack, a clash, a bomb."""
    if event_type in _VIOLENCE:
        return "violence"
    return "crowds" if event_type in _CROWDS else event_type


def _grouped(mentions: Sequence[Mention]) -> list[list[Mention]]:
    """Tellings of one sentence that are one event: of one family, unless each clause has its own place."""
    groups: list[list[Mention]] = []
    for mention in sorted(mentions, key=lambda each: each.trigger):
        for group in groups:
            if _are_one(group[0], mention):
                group.append(mention)
                break
        else:
            groups.append([mention])
    return groups


def _are_one(one: Mention, other: Mention) -> bool:
    if one.family != other.family or one.rule.kind is not other.rule.kind:
        return False
    if one.family not in ("violence", "crowds", "statements"):
        return one.rule.sub_event_type == other.rule.sub_event_type or _overlap(one, other)
    if one.clause == other.clause or one.spot is None or other.spot is None:
        return True
    each_own = all(each.spot and each.clause[0] <= each.spot.first < each.clause[1] for each in (one, other))
    return not each_own or one.spot.toponym.text == other.spot.toponym.text or "toll" in (
        one.rule.tells, other.rule.tells,
    )  # fmt: skip


def _overlap(one: Mention, other: Mention) -> bool:
    return one.trigger[0] <= other.trigger[1] and other.trigger[0] <= one.trigger[1]


def _is_of_voice(day: Said, voice: Voice | None) -> bool:
    """ "said, Tuesday", "said on Tuesday": the day of the saying."""
    if voice is None:
        return False
    behind = min(abs(day.first - at) for at in (voice.last, voice.ended))
    return 0 < behind <= 2 and day.first > voice.last


def _nearest(days: Sequence[Said], mention: Mention) -> Said | None:
    first, last = mention.trigger

    def away(day: Said) -> tuple[bool, bool, bool, int]:
        is_outside = not mention.clause[0] <= day.first < mention.clause[1]
        distance = first - day.last if day.last < first else day.first - last
        wants_since = mention.rule.kind is Kind.CONDITION
        return (
            day.is_vague,
            day.is_year and not is_outside,
            is_outside and not (wants_since and day.since),
            distance,
        )

    return min(days, key=away, default=None)
