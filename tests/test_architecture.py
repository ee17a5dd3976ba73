"""The laws of docs/architecture.md hold in geoevents. That they bite, architecture/test_laws.py shows."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from geoevents.gazetteers.build import bring_up_to_date
from tests.architecture import laws
from tests.architecture.house import House
from tests.architecture.test_laws import watch_imports
from tests.conftest import ROOT

HEAVY = {"branca", "flask", "folium", "geopandas", "geopy", "numpy", "pandas", "pyproj", "shapely"}
# What Python itself has and a first look-up has no time for: together as long as all the rest of it.
SLOW = {"csv", "dataclasses", "difflib", "gettext", "inspect", "rapidfuzz", "zipfile", "babel"}
# Modules of ours that only a phrase needs, never a name.
RELATIONS = {"derived", "relation_phrases", "relations", "stretches"}


@pytest.fixture(scope="module")
def house() -> House:
    return House(ROOT / "geoevents", ROOT / "docs" / "architecture.md")


@pytest.mark.parametrize("law", laws.OF_SOURCE)
def test_the_house_keeps_the_law(house, law):
    assert house.modules != []

    assert "\n".join(law(house)) == ""


def test_no_place_name_stands_in_code(house):
    names = gazetteer_names(ROOT / "data" / "gazetteer")

    assert len(names) > 60
    assert "\n".join(laws.no_place_stands_in_code(house, names)) == ""


def test_no_module_does_anything_while_it_is_imported():
    deeds = watch_imports("geoevents", ROOT)

    assert "geoevents.events" in deeds
    assert {module: done for module, done in deeds.items() if done} == {}


def test_importing_geoevents_and_its_ground_stays_light(house):
    ground = [f"geoevents.{m.dotted}" for m in house.modules if house.layers.get(m.unit, 9) <= 1 and m.dotted]

    assert len(ground) > 8
    assert loaded_by("import geoevents") & HEAVY == set()
    assert loaded_by("import " + ", ".join(ground)) & HEAVY == set()


def test_a_first_exact_look_up_stays_light():
    index = bring_up_to_date()
    look_up = (
        "from pathlib import Path; from geoevents.gazetteers.compiled import CompiledGazetteer; "
        "from geoevents.places import Context; "
        f"assert CompiledGazetteer(Path({str(index)!r})).resolve('Hasakah', Context()).place"
    )

    assert loaded_by(look_up) & (HEAVY | SLOW) == set()
    assert (
        loaded_by(look_up + "; sys.modules = {m.rpartition('.')[2]: 1 for m in sys.modules}") & RELATIONS
        == set()
    )


def test_a_name_on_the_command_line_loads_no_more():
    bring_up_to_date()
    look_up = (
        "import io; from geoevents.cli import main; shown, sys.stdout = sys.stdout, io.StringIO(); "
        "assert main(['geocode', 'Hasakah']) == 0; sys.stdout = shown"
    )

    # argparse loads gettext.
    assert loaded_by(look_up) & (HEAVY | SLOW) == {"gettext"}


def test_an_import_of_something_heavy_would_be_seen():
    assert loaded_by("import shapely") & HEAVY == {"numpy", "shapely"}


def loaded_by(statement: str) -> set[str]:
    """The libraries in memory after a statement, in a new process."""
    source = (
        f"import sys, json; {statement}; print(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"
    )
    run = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(run.stdout))


def gazetteer_names(folder: Path) -> set[str]:
    """Every name of four letters or more of places.csv and areas.geojson."""
    with (folder / "places.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.DictReader(file) for key, cell in row.items() if key.startswith("name")]
    features = json.loads((folder / "areas.geojson").read_text("utf-8"))["features"]
    cells += [text for feature in features for text in _texts(feature["properties"])]
    names = {name.strip() for cell in cells for name in cell.split("|")}
    return {name for name in names if len(name) > 3}


def _texts(properties: dict[str, object]) -> list[str]:
    found: list[str] = []
    for key, value in properties.items():
        if key.startswith(("name", "label")):
            values = (
                value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
            )
            found += [str(v) for each in values for v in (each if isinstance(each, list) else [each])]
    return found
