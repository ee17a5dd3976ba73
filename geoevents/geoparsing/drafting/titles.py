"""A title out of the sentence that tells: without dateline and source, one clause, not too long.

Knows where a sentence may be cut. Makes up no words, but for conditions: their type and their place.
"""

from __future__ import annotations

from collections.abc import Sequence

from geoevents.events import Kind
from geoevents.geoparsing.drafting.mentions import Mention
from geoevents.geoparsing.drafting.phrases import Word
from geoevents.geoparsing.drafting.sentences import Sentence
from geoevents.geoparsing.drafting.voices import Voice

LONGEST = 140
_MARKS = " ,،;؛:.–—-\"“”«»'’"
_SHORTEST_WORDS = 4
_MOST_BETWEEN = 4


def title_of(
    mention: Mention,
    words: Sequence[Word],
    text: str,
    *,
    headline: Sentence | None,
    label: str,
    place: str | None,
) -> str:
    """The headline where it tells the event; of a condition "its type: its place"; else the sentence, cut."""
    if mention.rule.kind is Kind.CONDITION:
        return _shortened(f"{label}: {_without_article(place)}" if place else label)
    if headline is not None:
        return _shortened(_plain(text[headline.start : headline.end]))
    first, last = span_of(mention, words)
    said = _plain(text[words[first].start : words[last - 1].end])
    if speaks_of_itself(mention, words) and mention.voice is not None:
        said = f"{mention.voice.name} {said}"
    return _capital(_shortened(said))


def span_of(mention: Mention, words: Sequence[Word]) -> tuple[int, int]:
    """The words from first to before last that tell, without those that say who said it."""
    first, last = mention.sentence.body, mention.sentence.last
    ends = [mention.trigger[1], mention.spot.last if mention.spot else 0]
    low, high = min(mention.trigger[0], mention.spot.first if mention.spot else mention.trigger[0]), max(ends)
    voice = mention.voice
    if voice is not None and mention.family != "statements":
        first, last = _without(voice, first, last, low, high, words)
    for at in range(max(high + 1, first + _SHORTEST_WORDS), last):
        if words[at].parted and _opens_an_aside(at, mention, words):
            return first, at
    return first, last


def _without(
    voice: Voice, first: int, last: int, low: int, high: int, words: Sequence[Word]
) -> tuple[int, int]:
    end = max(voice.last, voice.ended)
    if end < low:
        first = end + 1
        # "said, Tuesday, that the": the day of saying goes with it.
        while first < low and (words[first].folded in _LINKS | _THEMSELVES or _is_alone(words, first, low)):
            first += 1
    elif voice.started > high:
        last = voice.started
        while last > high + 1 and words[last - 1].folded in _LINKS:
            last -= 1
    return first, last


_LINKS = frozenset(("that", "ان", "بان", "عن", "ku", "on", "the", "as", "ما", "بحسب", "وفق"))
_THEMSELVES = frozenset(("it", "they", "انها", "انه", "انهم", "its"))


def speaks_of_itself(mention: Mention, words: Sequence[Word]) -> bool:
    """ "The force said it arrested": whoever says it did it."""
    voice = mention.voice
    if voice is None or max(voice.last, voice.ended) >= mention.trigger[0]:
        return False
    between = range(max(voice.last, voice.ended) + 1, mention.trigger[0])
    return len(between) <= _MOST_BETWEEN and any(words[at].folded in _THEMSELVES for at in between)


def _is_alone(words: Sequence[Word], at: int, low: int) -> bool:
    return at + 1 < low and words[at].parted and words[at + 1].parted


def _opens_an_aside(at: int, mention: Mention, words: Sequence[Word]) -> bool:
    """Whether, behind a comma, something else begins than the rest of a place's name or a list."""
    is_clause = mention.clause[1] == at or mention.clause[0] == at
    return is_clause or words[at].folded in _ASIDES or words[at].folded.endswith("ing")


_ASIDES = frozenset(
    (
        "as",
        "while",
        "which",
        "who",
        "with",
        "according",
        "but",
        "after",
        "was",
        "is",
        "فيما",
        "بينما",
        "ما",
        "مما",
        "وفق",
        "بحسب",
        "داعيا",
        "كما",
    )
)


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(_MARKS)


def _shortened(text: str) -> str:
    """At most LONGEST characters, cut at the last comma or word that fits."""
    if len(text) <= LONGEST:
        return text
    cut = text[:LONGEST]
    for mark in (", ", "، ", "; "):
        if (at := cut.rfind(mark)) > LONGEST // 2:
            return cut[:at].strip(_MARKS)
    return cut[: cut.rfind(" ")].strip(_MARKS) + " …"


def _without_article(name: str) -> str:
    return name.removeprefix("The ").removeprefix("the ")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
