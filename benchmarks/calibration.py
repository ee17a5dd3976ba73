"""Fits data/gazetteer/calibration.json to names whose place is known, and prints how far it can be trusted.

    python benchmarks/calibration.py --eval FOLDER [--write]

Prints Markdown. The names come from evaluation files that are no part of this repository; what is kept of
them is some twenty numbers. All that is printed is by cross-validation: of five parts of the places each is
judged by what the other four taught. Four kinds of names: what reporters wrote of one country, with and
without the governorate; toponyms of texts from the whole world, with nothing; places of dumps that the
shipped index mostly does not know; and spellings of such places, of which the index was told others.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import indexes
import numpy as np
from costs import REGION
from scoring import GIVEN, Answer, Name, brier, calibration_error, kilometres, read_names, reliability, share

from geoevents.folding import name_key
from geoevents.gazetteers.asking import Request
from geoevents.gazetteers.build import SHIPPED_DATA
from geoevents.gazetteers.calibration import AGAINST, EVIDENCE, FILE, FOR, Calibration
from geoevents.gazetteers.compiling import compile_index
from geoevents.gazetteers.index import Index
from geoevents.gazetteers.ranking import Ranked, ranked
from geoevents.gazetteers.search import climb
from geoevents.gazetteers.weighing import is_about
from geoevents.places import Context, LonLat

DUMPS = ("SY", "IQ", "TR")
# News of the world: what a town's own paper means by a name, only that town knows.
TEXTS = {"geovirus.jsonl.gz": 1_000}
_PARTS, _SHRINKAGE, _ROUNDS, _RATE = 5, 2.0, 300, 0.1
# How much of the whole each kind of names counts, however many there are.
_COUNTS = {"reporters": 0.55, "Arabic": 0.2, "texts": 0.2, "unknown": 0.01, "spellings": 0.04}
_SAMPLE = 150
# Whoever wrote places.csv knew the region's reports: of new ones more names are absent from it than of these.
_ABSENT_COUNTS = 2.0
# Villages teach nothing of cities, and few of the names are a city's: one is surer than a hamlet of its name.
_AT_LEAST = {"known": 2.0}
# Of what is resolved so much is to be right by cross-validation: more than is promised, for new names differ.
_RIGHT, _PROMISED_KM = 0.93, 10
# From .72 on 93 % of reporters' names are right, but of toponyms of the world's news 87 %; from here on 92 %.
_NEVER_BELOW = 0.80
_EXTENDED = ("admin1", "admin2", "area", "country", "river", "road", "natural")
_POINTS = ("place", "near")


@dataclass(frozen=True)
class Sample:
    """
    One name asked once: its kind, the evidence for its best answers, which of them are right, and which are
    within 10 km of each. `in_doubt` says whether the best may not be taken, `count` how much it counts.
    """

    kind: str
    label: str
    part: int
    evidence: tuple[tuple[float, ...], ...]
    right: tuple[bool, ...]
    near: tuple[tuple[int, ...], ...]
    in_doubt: bool
    count: float = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--eval", type=Path, default=os.environ.get("GEOEVENTS_EVAL"))
    parser.add_argument("--write", action="store_true", help="write the fitted numbers")
    chosen = parser.parse_args()
    if chosen.eval is None or not chosen.eval.is_dir():
        sys.exit("No evaluation files: say with --eval, or GEOEVENTS_EVAL, where they are.")
    with tempfile.TemporaryDirectory() as scratch:
        samples = [sample for sample in _samples(chosen.eval, Path(scratch)) if sample]
    fitted = _fit(samples)
    crossed = _cross_validated(samples)
    threshold = max(_NEVER_BELOW, _threshold(samples, crossed, ("reporters", "Arabic")))
    of_arabic = max(threshold, _threshold(samples, crossed, ("Arabic",)))
    _print(samples, crossed, (threshold, of_arabic), fitted)
    if chosen.write:
        _write(fitted, (threshold, of_arabic), samples)


# --- the names ---


def _samples(folder: Path, scratch: Path) -> Iterator[Sample | None]:
    dumps = [folder / f"{code}.zip" for code in DUMPS]
    shipped = Index(indexes.shipped())
    dumped = Index(indexes.with_dumps(scratch, dumps[:1]))
    ours = indexes.our_keys()
    for file, kind in (("names_dev.csv", "reporters"), ("names_dev_ar.csv", "Arabic")):
        for name in read_names(folder / file):
            for label, index in (("shipped", shipped), ("with the dump", dumped)):
                for given in GIVEN:
                    yield _asked(index, name, given, kind, f"{kind}, {given}, {label}", ours)
    rng = random.Random(0)
    for name in _toponyms(folder, rng):
        yield _asked(shipped, name, "nothing", "texts", "texts, nothing, shipped")
    towns = [town for dump in dumps for town in rng.sample([*indexes.read_dump(dump)], _SAMPLE)]
    for town in towns:
        text = rng.choice([town["name"], *town["alternatenames"]])
        yield _asked(shipped, _name(town, text), "country", "unknown", "dumps, country, shipped")
    yield from _spellings(dumps, scratch, rng)


def _spellings(dumps: Sequence[Path], scratch: Path, rng: random.Random) -> Iterator[Sample | None]:
    """Places of which the index is told one half of the names, asked by one of the other half."""
    withheld: list[Name] = []

    def halved() -> Iterator[dict[str, Any]]:
        for town in indexes.towns_with(dumps):
            names = {name_key(name): name for name in (town["name"], *town["alternatenames"])}
            if town["countrycode"] in DUMPS and len(names) > 1:
                keys = rng.sample(sorted(names), len(names))
                kept = [names[key] for key in keys[len(keys) // 2 :]]
                withheld.append(_name(town, names[keys[0]]))
                yield {**town, "name": kept[0], "alternatenames": kept}
            else:
                yield town

    target = scratch / "halved.sqlite"
    compile_index(SHIPPED_DATA / "gazetteer", target, towns=halved)
    index = Index(target)
    for name in rng.sample(withheld, min(len(withheld), 2 * _SAMPLE)):
        yield _asked(index, name, "country", "spellings", "spellings, country, half the names")


def _name(town: dict[str, Any], text: str) -> Name:
    return Name(text, town["countrycode"], None, LonLat(town["longitude"], town["latitude"]))


def _toponyms(folder: Path, rng: random.Random) -> Iterator[Name]:
    """Toponyms of the texts that have a point, as often as they stand there: Paris is mostly one Paris."""
    for file, count in TEXTS.items():
        names = []
        with gzip.open(folder / file, "rt", encoding="utf-8") as lines:
            for line in lines:
                for toponym in json.loads(line)["toponyms"]:
                    if toponym.get("lat") is not None:
                        point = LonLat(toponym["lon"], toponym["lat"])
                        names.append(Name(toponym["phrase"], None, None, point))
        yield from rng.sample(names, min(len(names), count))


def _asked(
    index: Index, name: Name, given: str, kind: str, label: str, ours: frozenset[str] = frozenset()
) -> Sample | None:
    """None where the answer has an extent of its own: whether 10 km are right says nothing of it."""
    country = None if given == "nothing" else name.country
    context = Context(country_code=country, admin1=name.admin1 if given.endswith("governorate") else None)
    request = Request(name.text, context, index, REGION)
    found = climb(request)
    best: list[Ranked] = ranked(request, found)[: context.limit] if found else []
    if any(
        each.weighed.found.row.kind in _EXTENDED or each.weighed.found.drawn not in _POINTS
        for each in best[:1]
    ):
        return None
    right = [kilometres(each.weighed.found.row.position, name.point) <= _PROMISED_KM for each in best]
    return Sample(
        kind,
        label,
        hash((round(name.point.lon, 1), round(name.point.lat, 1))) % _PARTS,
        tuple(each.evidence for each in best),
        tuple(right),
        tuple(
            tuple(at for at, other in enumerate(best) if is_about(each.weighed.found, other.weighed.found))
            for each in best
        ),
        bool(best) and best[0].weighed.found.doubt is not None,
        1.0 if name_key(name.text) in ours else _ABSENT_COUNTS,
    )


# --- the curve ---


def _fit(samples: Sequence[Sample]) -> np.ndarray:
    """
    Weights, the constant last, that make what was seen most probable, with a quadratic penalty (ridge).

    Every name counts once; its answers and "none of them" compete. A weight whose sign contradicts what it
    stands for (calibration.FOR, AGAINST) stays 0. Gradient ascent with Adam (Kingma and Ba 2015).
    """
    answered = [sample for sample in samples if sample.evidence]
    sizes = {kind: sum(s.count for s in answered if s.kind == kind) for kind in _COUNTS}
    counts = np.array([_COUNTS[s.kind] * s.count / sizes[s.kind] for s in answered])
    counts *= len(answered) / counts.sum()
    most = max(len(s.evidence) for s in answered)
    rows = np.zeros((len(answered), most, len(EVIDENCE) + 1))
    there, right = np.zeros((len(answered), most)), np.zeros((len(answered), most))
    for at, sample in enumerate(answered):
        there[at, : len(sample.evidence)] = 1
        right[at, : len(sample.evidence)] = sample.right
        rows[at, : len(sample.evidence)] = [(*numbers, 1.0) for numbers in sample.evidence]
    least = np.array(
        [_AT_LEAST.get(name, 0.0 if name in FOR else -np.inf) for name in (*EVIDENCE, "constant")]
    )
    largest = np.array([0.0 if name in AGAINST else np.inf for name in (*EVIDENCE, "constant")])
    penalty = np.array([_SHRINKAGE] * len(EVIDENCE) + [0.01])
    weights = np.zeros(rows.shape[2])
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    is_none = right.sum(axis=1) == 0
    for step in range(1, _ROUNDS + 1):
        odds = np.exp(np.minimum(rows @ weights, 30)) * there
        probable = odds / (1 + odds.sum(axis=1, keepdims=True))
        of_right = probable * right
        of_right /= np.where(is_none, 1, of_right.sum(axis=1))[:, None]
        slope = np.einsum("n,nk,nkf->f", counts, of_right - probable, rows) - penalty * weights
        slope /= len(answered)
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        rate = _RATE * (1 - step / _ROUNDS)
        ahead = rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        weights = np.clip(weights + ahead, least, largest)
    return weights


def _cross_validated(samples: Sequence[Sample]) -> list[Answer]:
    """The best answer of every sample, by what the other parts taught; infinitely far where there is none."""
    taught = {part: _fit([s for s in samples if s.part != part]) for part in range(_PARTS)}
    answers = []
    for sample in samples:
        weights = taught[sample.part]
        fitted = Calibration(
            {"weights": dict(zip(EVIDENCE, weights[:-1], strict=True)), "constant": weights[-1]}
        )
        alone = fitted.probabilities(sample.evidence)
        scored = [(sum(alone[other] for other in near), -at) for at, near in enumerate(sample.near)]
        score, at = max(scored, default=(0.0, 0))
        is_right = bool(scored) and sample.right[-at]
        km = 0.0 if is_right else 1_000.0 if scored else float("inf")
        answers.append(Answer(km, taken=bool(scored) and not sample.in_doubt, score=score))
    return answers


def _threshold(samples: Sequence[Sample], answers: Sequence[Answer], kinds: tuple[str, ...]) -> float:
    """The lowest score from which on enough of some kinds of names are right, by cross-validation."""
    own = [
        (answer, sample.count / sum(other.count for other in samples if other.kind == sample.kind))
        for sample, answer in zip(samples, answers, strict=True)
        if sample.kind in kinds and answer.taken
    ]
    fitting = 0.99
    for percent in range(99, 49, -1):
        taken = [(answer, count) for answer, count in own if answer.score >= percent / 100]
        right = sum(count for answer, count in taken if answer.km <= _PROMISED_KM)
        if right >= _RIGHT * sum(count for _, count in taken):
            fitting = percent / 100
    return fitting


# --- what is printed, and kept ---


def _print(
    samples: Sequence[Sample], answers: Sequence[Answer], thresholds: tuple[float, float], weights: np.ndarray
) -> None:
    latin, arabic = thresholds
    print(f"\n{len(samples)} names asked. Resolved from {latin:.2f} on, in Arabic script {arabic:.2f}.\n")
    print("| names, given, index | names | within 10 km | resolved | resolved, right | ECE | Brier |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    labels = dict.fromkeys(sample.label for sample in samples)
    for label in (*labels, None):
        own = [a for s, a in zip(samples, answers, strict=True) if label in (s.label, None)]
        known = [answer for answer in own if answer.km < float("inf")]
        taken = [
            a
            for s, a in zip(samples, answers, strict=True)
            if label in (s.label, None) and a.taken and a.score >= (arabic if s.kind == "Arabic" else latin)
        ]
        print(
            f"| {label or 'all'} | {len(own)} | {share(a.km <= _PROMISED_KM for a in own):.0%} "
            f"| {len(taken) / len(own):.0%} | {share(a.km <= _PROMISED_KM for a in taken):.0%} "
            f"| {calibration_error(known):.3f} | {brier(known):.3f} |"
        )
    print("\n| score | answers | mean score | within 10 km |\n|---|---:|---:|---:|")
    known = [answer for answer in answers if answer.km < float("inf")]
    for part, count, mean, right in reliability(known):
        print(f"| {part} | {count} | {mean:.0%} | {right:.0%} |")
    print("\n| evidence | weight |\n|---|---:|")
    for name, weight in zip((*EVIDENCE, "constant"), weights, strict=True):
        print(f"| {name} | {weight:.2f} |")


def _write(weights: np.ndarray, thresholds: tuple[float, float], samples: Sequence[Sample]) -> None:
    fitted = {
        "about": "Weights of a multinomial logistic model, and from which probability on an answer is "
        "taken. Made by benchmarks/calibration.py; what each number means: geoevents/gazetteers/evidence.py.",
        "weights": {name: round(float(w), 4) for name, w in zip(EVIDENCE, weights[:-1], strict=True)},
        "constant": round(float(weights[-1]), 4),
        "resolved_from": thresholds[0],
        "resolved_from_arabic": thresholds[1],
        "names": len(samples),
    }
    target = SHIPPED_DATA / "gazetteer" / FILE
    target.write_text(json.dumps(fitted, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
