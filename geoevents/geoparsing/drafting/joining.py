"""Which tellings are of one event: a headline, a lead, a detail, "the attack" further down.

Knows when place, day, type and words agree or contradict each other. Takes time in proportion to the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from geoevents.events import Kind
from geoevents.geoparsing.drafting.grounds import Spot, are_one_place
from geoevents.geoparsing.drafting.mentions import Mention, Reading

# Compared with the last few and with those of the same place; a text of a thousand events stays linear.
_MOST_RECENT = 12
_NEAR_SENTENCES = 2
# More tell nothing new, and are compared with each that follows.
_MOST_TELLINGS = 30
# A rule of at most this weight only says that there was violence; a better one tells which.
_UNSPECIFIC = 3
_BY_SUB_TYPE = (
    "detention",
    "displacement",
    "humanitarian_access",
    "strategic_developments",
    "territorial_control",
)


@dataclass(slots=True)
class Told:
    """One event and everything that tells of it, in the order of the text; the headline stands last."""

    mentions: list[Mention] = field(default_factory=list)
    # Where nothing says where it was: the place the text was at.
    around: Spot | None = None

    @property
    def main(self) -> Mention:
        """The telling that gives the type: the weightiest, and of those one that says where."""
        body = [each for each in self.mentions if not each.sentence.is_headline] or self.mentions
        return max(body, key=lambda each: (each.rule.weight, each.spot is not None, -each.sentence.number))

    @property
    def family(self) -> str:
        return self.mentions[0].family

    @property
    def last_sentence(self) -> int:
        return max(each.sentence.number for each in self.mentions)

    @property
    def spot(self) -> Spot | None:
        return _first_spot(self.mentions)


def join(readings: Sequence[Reading]) -> list[Told]:
    """The events of a text, in its order."""
    told: list[Told] = []
    by_place: dict[str, list[Told]] = {}
    at: Spot | None = None
    headline: list[Mention] = []
    for reading in readings:
        at = next((each for each in reading.lead_in if not each.is_country), at)
        if reading.sentence.is_headline:
            headline = list(reading.mentions)
            continue
        for mention in reading.mentions:
            if mention.rule.tells == "statement" and not _opens(mention, readings, told, headline):
                continue
            near = [*told[-_MOST_RECENT:], *by_place.get(_key(mention.spot), [])[-_MOST_RECENT:]]
            found = next((each for each in reversed(near) if _is_of(mention, each)), None)
            if found is None and mention.only_joins:
                continue
            if found is None:
                found = Told(around=at)
                told.append(found)
            if len(found.mentions) >= _MOST_TELLINGS:
                continue
            found.mentions.append(mention)
            by_place.setdefault(_key(mention.spot), []).append(found)
        at = next((each for each in reading.spots if each.rank > 1), at)
    _add_headline(headline, told)
    return told


def _key(spot: Spot | None) -> str:
    return spot.toponym.text if spot else ""


def _opens(
    mention: Mention, readings: Sequence[Reading], told: Sequence[Told], headline: Sequence[Mention]
) -> bool:
    """A demand or a threat is an event of its own where a report opens with one, or part of one there is."""
    if any(each.family == "statements" for each in told[:_MOST_RECENT]):
        return True
    body = next((each for each in readings if not each.sentence.is_headline), None)
    is_first = body is not None and mention.sentence is body.sentence
    others = [each for each in body.mentions if each.family != "statements"] if body else []
    in_headline = [each.family for each in headline]
    return is_first and ("statements" in in_headline or (not others and not in_headline))


def _is_of(mention: Mention, told: Told) -> bool:
    if mention.family != told.family or mention.rule.kind is not told.main.rule.kind:
        return False
    if mention.family == "statements":
        return _is_same_voice(mention, told)
    if mention.is_apart and not mention.is_anaphor:
        return False
    if not _days_meet(mention, told):
        return False
    spot = told.spot
    own = None if mention.is_passing else mention.spot
    same_place = are_one_place(own, spot) if own and spot else None
    if same_place is False:
        return False
    if mention.is_anaphor:
        return True
    if mention.family in _BY_SUB_TYPE and mention.rule.sub_event_type != told.main.rule.sub_event_type:
        return False
    if same_place:
        return _types_agree(mention, told)
    is_near = mention.sentence.number - told.last_sentence <= _NEAR_SENTENCES
    return is_near and (_types_agree(mention, told) or mention.rule.tells == "toll")


def _is_same_voice(mention: Mention, told: Told) -> bool:
    voices = [each.voice for each in told.mentions if each.voice]
    if mention.voice is None or not voices:
        return True
    return any(
        mention.voice.ids & each.ids
        or mention.voice.name == each.name
        or not (mention.voice.ids and each.ids)
        for each in voices
    )


def _days_meet(mention: Mention, told: Told) -> bool:
    own = mention.bounds
    if own is None:
        return True
    return all(each.bounds is None or each.bounds.meets(own) for each in told.mentions)


def _types_agree(mention: Mention, told: Told) -> bool:
    main = told.main.rule
    if mention.rule.event_type == main.event_type:
        return True
    return min(mention.rule.weight, main.weight) <= _UNSPECIFIC or mention.family == "crowds"


def _add_headline(headline: Sequence[Mention], told: list[Told]) -> None:
    """A headline tells what the text tells, in few words: it makes an event where the text makes none."""
    for mention in headline:
        fitting = (each for each in told if each.family == mention.family and not _contradict(mention, each))
        found = next(fitting, None)
        if found is None and not told and not mention.only_joins and mention.spot is not None:
            found = Told()
            told.append(found)
        if found is not None:
            found.mentions.append(mention)


def _contradict(mention: Mention, told: Told) -> bool:
    if mention.rule.kind is not told.main.rule.kind and mention.rule.kind is Kind.CONDITION:
        return True
    spot = told.spot
    return bool(mention.spot and spot and are_one_place(mention.spot, spot) is False)


def _first_spot(mentions: Sequence[Mention]) -> Spot | None:
    """The first place that is no wide area, else the first there is."""
    spots = [each.spot for each in mentions if each.spot]
    return next((each for each in spots if each.rank > 1), spots[0] if spots else None)
