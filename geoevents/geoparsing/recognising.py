"""Recognises place names by the gazetteer, the shape of words and what stands around them; needs no model.

Knows the steps: read, weigh each candidate alone, weigh them together, take the best that do not overlap.
To teach it: a word in data/geoparsing/, evidence in features.py, then tools/geoparsing_weights.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from geoevents.gazetteers import KnownNames
from geoevents.geoparsing.candidates import Candidate, ReadText, read_text
from geoevents.geoparsing.features import Evidence
from geoevents.geoparsing.toponyms import Span
from geoevents.geoparsing.weighing import choose, in_company, odds, probability, read_weights
from geoevents.geoparsing.word_lists import read_word_lists

# Log odds above any that are reached by weighing: the longest of the certain ones wins.
_CERTAIN = 30.0
# What we wrote down ourselves is what our reports speak of; the texts learned from know nothing of it.
_WITH_ENDING = 2.0
_OURS, _DISTINCTIVE = 1.5, frozenset("UHNWDJ")


@dataclass(frozen=True)
class GazetteerRecogniser:
    """See geoevents.geoparsing.Recogniser. `lists` is the folder of words and weights, data/geoparsing."""

    names: KnownNames
    lists: Path

    def recognise(self, text: str) -> tuple[Span, ...]:
        lists, weights = read_word_lists(self.lists), read_weights(self.lists / "weights.json")
        read = read_text(text, self.names, lists)
        evidence = Evidence(read, lists)
        alone, together = [], []
        for candidate in read.candidates:
            found = evidence.of(candidate)
            alone.append(odds(weights.alone, found))
            together.append(odds(weights.together, found))
        for n, more in enumerate(in_company(read.candidates, alone)):
            together[n] += odds(weights.together, more)
            together[n] = _believed(read, read.candidates[n], together[n])
        return tuple(
            Span(read.candidates[n].start, read.candidates[n].end, round(probability(together[n]), 4))
            for n in choose(read.candidates, together)
        )


def _believed(read: ReadText, candidate: Candidate, log_odds: float) -> float:
    if candidate.is_certain:
        return max(log_odds, _CERTAIN + len(candidate.words))
    if candidate.facts and _has_turkish_ending(read, candidate):
        log_odds += _WITH_ENDING
    if candidate.facts and candidate.facts.has_ours:
        capitals = [read.symbols[at] for at in candidate.words if read.tokens[at].is_capital]
        # "Tell X" is a place also where X is a first name.
        if capitals[:1] == ["H"] or all(symbol in _DISTINCTIVE for symbol in capitals):
            log_odds += _OURS * min(len(candidate.words), 2)
    return log_odds


def _has_turkish_ending(read: ReadText, candidate: Candidate) -> bool:
    """Turkish has endings where English has "in" and "to"; only names take an apostrophe before them."""
    after = read.tokens[candidate.last + 1] if candidate.last + 1 < len(read.tokens) else None
    return after is not None and after.kind == "possessive" and after.text[1:].lower() != "s"
