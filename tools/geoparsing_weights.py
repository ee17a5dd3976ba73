"""Learns what evidence is worth, from texts whose place names are marked: data/geoparsing/weights.json.

    python -m tools.geoparsing_weights FILE.jsonl.gz... [--across] [--write]

A file has {"id", "text", "toponyms": [{"start", "end"}]} a line. Only coefficients are kept, of evidence that
names no word of a text. --across also learns from each file alone and measures on the others, which shows
what will hold elsewhere; --write puts the weights of all files together in place.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from geoevents.gazetteers import open_gazetteer
from geoevents.gazetteers.build import SHIPPED_DATA, bring_up_to_date
from geoevents.geoparsing.candidates import Candidate, read_text
from geoevents.geoparsing.features import Evidence
from geoevents.geoparsing.weighing import choose, in_company, odds, probability
from geoevents.geoparsing.word_lists import WordLists, read_word_lists

TARGET = SHIPPED_DATA / "geoparsing" / "weights.json"
FOLDS, PASSES, STEP = 4, 6, 0.15
# Evidence seen less often than this is forgotten; weights nearer to nothing than this are not kept.
RARE, SMALL, DECAY = 8, 0.03, 3e-5
SEED = 20240501


@dataclass
class Example:
    """A text with the evidence of its candidates, and which of them are marked."""

    candidates: list[Candidate]
    evidence: list[list[str]]
    marked: list[bool]
    gold: set[tuple[int, int]]
    with_company: list[list[str]] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--across", action="store_true")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    sets = {path.name: list(read_examples(path)) for path in chosen.files}
    if chosen.across:
        for name, examples in sets.items():
            half = _shuffler().sample(examples, len(examples))
            learned = learn(half[: len(half) // 2])
            print(f"half of {name} -> the other half: {measured(learned, half[len(half) // 2 :])}")
            for other, its_examples in sets.items():
                if other != name:
                    print(f"{name} -> {other}: {measured(learn(examples), its_examples)}")
    if chosen.write:
        learned = learn([each for examples in sets.values() for each in examples])
        TARGET.write_text(json.dumps(learned, ensure_ascii=False, indent=0, sort_keys=True) + "\n", "utf-8")
        print(f"{TARGET}: {len(learned['alone'])} and {len(learned['together'])} weights")


def read_examples(path: Path) -> Iterable[Example]:
    lists = read_word_lists(SHIPPED_DATA / "geoparsing")
    gazetteer = open_gazetteer(bring_up_to_date(SHIPPED_DATA))
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            read = read_text(row["text"], gazetteer, lists)
            gold = {(t["start"], t["end"]) for t in row["toponyms"]}
            gold -= {span for span in gold if _is_demonym(row["text"][slice(*span)], lists)}
            evidence = Evidence(read, lists)
            yield Example(
                read.candidates,
                [evidence.of(candidate) for candidate in read.candidates],
                [(c.start, c.end) in gold for c in read.candidates],
                gold,
            )


def _is_demonym(phrase: str, lists: WordLists) -> bool:
    """Some sets mark "Syrian"; we do not look for it."""
    return all(word.lower() in lists["demonym"] for word in phrase.split())


def learn(examples: Sequence[Example]) -> dict[str, dict[str, float]]:
    """Both regressions; the second sees of the first only what it says of texts it was not learned from."""
    shuffled = _shuffler().sample(list(examples), len(examples))
    folds = [shuffled[n::FOLDS] for n in range(FOLDS)]
    for n, fold in enumerate(folds):
        others = [each for m, other in enumerate(folds) if m != n for each in other]
        _bring_together(fold, _regression([(e.evidence, e.marked) for e in others]))
    together = _regression([(e.with_company, e.marked) for e in shuffled])
    alone = _regression([(e.evidence, e.marked) for e in shuffled])
    return {"alone": alone, "together": together}


def _bring_together(examples: Iterable[Example], alone: Mapping[str, float]) -> None:
    for each in examples:
        by_itself = [odds(alone, evidence) for evidence in each.evidence]
        company = in_company(each.candidates, by_itself)
        each.with_company = [e + more for e, more in zip(each.evidence, company, strict=True)]


def _shuffler() -> random.Random:
    return random.Random(SEED)  # noqa: S311 - the same order every time is what is wanted


def _regression(texts: Iterable[tuple[list[list[str]], list[bool]]]) -> dict[str, float]:
    """Logistic regression by AdaGrad with decaying weights, over the evidence that is not rare."""
    rows = [(row, marked) for rows, marks in texts for row, marked in zip(rows, marks, strict=True)]
    counts = Counter(each for row, _ in rows for each in row)
    ids = {each: n for n, each in enumerate(sorted(e for e, count in counts.items() if count >= RARE))}
    data = [([ids[e] for e in row if e in ids], marked) for row, marked in rows]
    weights, squares = [0.0] * len(ids), [1e-6] * len(ids)
    shuffler = _shuffler()
    for _ in range(PASSES):
        shuffler.shuffle(data)
        for row, marked in data:
            error = probability(sum([weights[n] for n in row])) - marked
            if abs(error) < 0.001:
                continue
            for n in row:
                gradient = error + DECAY * weights[n] * 100
                squares[n] += gradient * gradient
                weights[n] -= STEP * gradient / math.sqrt(squares[n])
    return {each: round(weights[n], 2) for each, n in ids.items() if abs(weights[n]) >= SMALL}


def measured(learned: Mapping[str, Mapping[str, float]], examples: Sequence[Example]) -> str:
    """Strict precision, recall and F1, demonyms aside."""
    right = given = wanted = 0
    _bring_together(examples, learned["alone"])
    for each in examples:
        worth = [odds(learned["together"], evidence) for evidence in each.with_company]
        spans = {(each.candidates[n].start, each.candidates[n].end) for n in choose(each.candidates, worth)}
        right, given, wanted = right + len(spans & each.gold), given + len(spans), wanted + len(each.gold)
    precision, recall = right / max(given, 1), right / max(wanted, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return f"P {precision:.3f} R {recall:.3f} F1 {f1:.3f}"


if __name__ == "__main__":
    main()
