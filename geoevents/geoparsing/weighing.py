"""What evidence is worth, and which candidates to take: no two that overlap, the most probable ones.

Knows weights, learned by tools/geoparsing_weights.py and kept in weights.json. Knows no texts.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geoevents.geoparsing.candidates import Candidate

# Log odds from which a name says in which countries the text is at home.
_SURE = 1.0


@dataclass(frozen=True)
class Weights:
    """
    Two logistic regressions: `alone` looks at a candidate by itself, `together` also at what the first
    says of the same name elsewhere in the text and of its neighbours.
    """

    alone: Mapping[str, float]
    together: Mapping[str, float]


@lru_cache(maxsize=4)
def read_weights(path: Path) -> Weights:
    raw = json.loads(path.read_text("utf-8"))
    return Weights(raw["alone"], raw["together"])


def odds(weights: Mapping[str, float], evidence: Iterable[str]) -> float:
    """The logarithm of the odds that a candidate with this evidence names a place."""
    get = weights.get
    return sum([get(each, 0.0) for each in evidence])


def probability(log_odds: float) -> float:
    """
    >>> round(probability(0.0), 2), round(probability(-800.0), 2)
    (0.5, 0.0)
    """
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, log_odds))))


def in_company(candidates: Sequence[Candidate], alone: Sequence[float]) -> Iterator[list[str]]:
    """
    For each candidate, in the order given, what the others of its text say of it. `alone` is the log odds
    of each by itself.
    """
    best_twins: dict[str, list[float]] = {}
    best_from: dict[int, float] = {}
    best_to: dict[int, float] = {}
    for candidate, its in zip(candidates, alone, strict=True):
        best_twins.setdefault(candidate.key, []).append(its)
        best_from[candidate.first] = max(its, best_from.get(candidate.first, -9.0))
        best_to[candidate.last] = max(its, best_to.get(candidate.last, -9.0))
    tally = _countries(candidates, alone)
    two_best = {key: sorted(its, reverse=True)[:2] for key, its in best_twins.items()}
    for candidate, its in zip(candidates, alone, strict=True):
        twins = two_best[candidate.key]
        others = twins[1:] if twins[0] == its else twins
        twin = _step(others[0]) if others else "none"
        mine = _step(its)
        rival = max(
            (best_from[at] for at in candidate.words if at in best_from),
            default=-9.0,
        )
        more = [
            f"twin {twin}", f"mine {mine}", f"mine {mine} twin {twin}",
            f"before {_step(best_to.get(candidate.first - 2, -9.0))}",
            f"after {_step(best_from.get(candidate.last + 2, -9.0))}",
            f"rival {_step(rival)} {mine}" if rival > its else "no rival",
        ]  # fmt: skip
        if candidate.facts:
            kin = _kin(candidate, tally)
            more += [f"kin {kin}", f"kin {kin} mine {mine}"]
        yield more


def _countries(candidates: Sequence[Candidate], alone: Sequence[float]) -> dict[str, float]:
    """Country -> how many names that look like places lie in it, each shared by all its countries."""
    tally: dict[str, float] = {}
    sure = {c.key: c.facts for c, its in zip(candidates, alone, strict=True) if its > _SURE and c.facts}
    for facts in sure.values():
        for country in facts.countries:
            tally[country] = tally.get(country, 0.0) + 1 / len(facts.countries)
    return tally


def _kin(candidate: Candidate, tally: Mapping[str, float]) -> str:
    """How many other names of the text lie in a country that this one may lie in."""
    if not candidate.facts or not candidate.facts.countries:
        return "nowhere"
    countries = candidate.facts.countries
    most = max(tally.get(country, 0.0) for country in countries)
    others = most - 1 / len(countries)
    return f"{min(max(round(others * 2), 0), 6)} of {len(countries).bit_length()}"


def choose(candidates: Sequence[Candidate], worth: Sequence[float]) -> list[int]:
    """
    The candidates to take, as positions: none overlaps another, all are worth more than nothing, and their
    worth together is the greatest there is.
    """
    order = sorted((i for i, its in enumerate(worth) if its > 0), key=lambda i: candidates[i].last)
    lasts = [candidates[i].last for i in order]
    best, taken = [0.0], [False]
    befores: list[int] = []
    for i in order:
        befores.append(bisect_left(lasts, candidates[i].first, 0, len(befores)))
        with_it = best[befores[-1]] + worth[i]
        taken.append(with_it > best[-1])
        best.append(max(with_it, best[-1]))
    chosen: list[int] = []
    at = len(order)
    while at:
        if taken[at]:
            chosen.append(order[at - 1])
            at = befores[at - 1]
        else:
            at -= 1
    return chosen[::-1]


def _step(log_odds: float) -> int:
    """Log odds in steps of two, from -3 to 3."""
    return max(-3, min(3, round(log_odds / 2)))
