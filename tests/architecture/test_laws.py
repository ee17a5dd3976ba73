"""The laws must bite: each is broken on purpose in a small house, and must say where."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import laws
from tests.architecture.house import House
from tests.conftest import ROOT

PAGE = """
| layer | module | what it knows |
|---|---|---|
| 0 | `__init__.py` | All. |
| 0 | `errors.py` | Faults. |
| 1 | `places.py` | Where. |
| 1 | `events.py` | What. |
| 3 | `gazetteers/` | Names. |
| 3 | `gazetteers/index.py` | The index. |
| 3 | `gazetteers/online.py` | The services. |
| 3 | `stores/` | Kept. |
| 3 | `stores/public.py` | What anybody may see. |
| 4 | `cartography/` | Maps. |
| 7 | `web/` | Pages. |
| 7 | `web/reading.py` | Eyes. |
| 7 | `cli.py` | Commands. |

| library | rooms |
|---|---|
| `folium`, `branca` | `cartography/` |
| `shapely` | layer 1, layer 2, layer 3, layer 4 |
"""

SENTENCES = {
    "__init__.py": "All.",
    "errors.py": "Faults.",
    "places.py": "Where.",
    "events.py": "What.",
    "gazetteers/__init__.py": "Names.",
    "gazetteers/index.py": "The index.",
    "gazetteers/online.py": "The services.",
    "stores/__init__.py": "Kept.",
    "stores/public.py": "What anybody may see.",
    "cartography/__init__.py": "Maps.",
    "web/__init__.py": "Pages.",
    "web/reading.py": "Eyes.",
    "cli.py": "Commands.",
}


@pytest.fixture
def build(tmp_path):
    def build(name: str = "", source: str = "", *, page: str = PAGE) -> House:
        """A lawful house, with `source` added to one of its modules."""
        folder = tmp_path / "hut"
        for path, sentence in SENTENCES.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(f'"""{sentence}"""\n', "utf-8")
        if name:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with (folder / name).open("a", encoding="utf-8") as file:
                file.write(source)
        (tmp_path / "page.md").write_text(page, "utf-8")
        return House(folder, tmp_path / "page.md")

    return build


def test_a_lawful_house_breaks_no_law(build):
    house = build("gazetteers/online.py", "from hut.places import LonLat\nfrom hut.gazetteers import index\n")

    assert [broken for law in laws.OF_SOURCE for broken in law(house)] == []


def test_a_module_without_a_row_is_told_the_row_to_add(build):
    broken = list(laws.every_module_has_its_row(build("stores/journal.py", '"""Each revision."""\n')))

    assert broken == ["stores/journal.py has no row. Add: | LAYER | `stores/journal.py` | Each revision. |"]


def test_a_row_without_a_module_is_told(build):
    house = build(page=PAGE.replace("| 7 | `web/` |", "| 7 | `web/api.py` | Data. |\n| 7 | `web/` |"))

    assert list(laws.every_module_has_its_row(house)) == ["web/api.py has a row and no module"]


def test_a_docstring_that_says_something_else_is_told(build):
    house = build(page=PAGE.replace("Where.", "Where something is."))

    assert list(laws.every_module_has_its_row(house)) == [
        "places.py begins with another line than its row: Where."
    ]


def test_rows_out_of_order_and_a_package_in_two_layers_are_told(build):
    house = build(page=PAGE.replace("| 3 | `gazetteers/index.py`", "| 5 | `gazetteers/index.py`"))

    assert list(laws.every_module_has_its_row(house)) == [
        "the rows are not sorted by layer",
        "gazetteers/index.py lies in gazetteers, which is in layer 3",
    ]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        pytest.param("places.py", "import hut.stores", id="upwards"),
        pytest.param("places.py", "from hut import events", id="later in the same layer"),
        pytest.param("places.py", "from hut.events import Event", id="a name of a later module"),
        pytest.param("places.py", "from .events import Event", id="relative"),
        pytest.param("stores/__init__.py", "from ..gazetteers.index import x", id="beside, in layer 3"),
        pytest.param("places.py", "def f():\n    from hut.web import x", id="inside a function"),
        pytest.param("places.py", "if TYPE_CHECKING:\n    import hut.events", id="for types only"),
        pytest.param("places.py", "importlib.import_module('hut.events')", id="by its name"),
        pytest.param("errors.py", "import hut.places", id="from the ground"),
        pytest.param("web/__init__.py", "import hut.cli", id="the web from the command line"),
    ],
)
def test_an_import_that_rises_is_told(build, name, source):
    broken = list(laws.imports_fall(build(name, source)))

    assert len(broken) == 1
    assert "which is not below it" in broken[0]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("events.py", "from hut.places import LonLat"),
        ("cli.py", "from hut.web import create_app"),
        ("gazetteers/index.py", "from . import online"),
        ("web/__init__.py", "import hut.gazetteers.index, shapely"),
    ],
)
def test_an_import_that_falls_is_fine(build, name, source):
    assert list(laws.imports_fall(build(name, source))) == []


def test_a_ring_inside_a_package_is_told(build):
    house = build("gazetteers/index.py", "from hut.gazetteers import online")
    online = house.folder / "gazetteers" / "online.py"
    online.write_text(online.read_text() + "def f():\n    from .index import x\n", "utf-8")

    broken = list(laws.no_rings(house))

    assert broken == ["a ring of imports goes through gazetteers.index, gazetteers.online"]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("web/__init__.py", "def f():\n    import folium.plugins"),
        ("cli.py", "from branca.element import Element"),
        ("cli.py", "files('folium')"),
    ],
)
def test_a_library_outside_its_room_is_told(build, name, source):
    broken = list(laws.each_library_has_its_room(build(name, source)))

    assert len(broken) == 1
    assert "which lives in cartography/" in broken[0]


def test_shapely_stays_below_the_workflows(build):
    assert list(laws.each_library_has_its_room(build("stores/__init__.py", "import shapely"))) == []
    assert list(laws.each_library_has_its_room(build("cli.py", "import shapely"))) == [
        "cli.py:2 imports shapely, which lives in layer 1, layer 2, layer 3, layer 4"
    ]


def test_shapely_at_the_top_of_layer_1_is_told(build):
    at_top = build("places.py", "class A:\n    from shapely import Point\n")
    assert list(laws.shapely_waits_until_it_is_needed(at_top)) == ["places.py:3 imports shapely at the top"]

    inside = build("places.py", "def f():\n    import shapely\n\nif TYPE_CHECKING:\n    import shapely\n")
    assert list(laws.shapely_waits_until_it_is_needed(inside)) == []


@pytest.mark.parametrize(
    "source",
    [
        "import os\nHOME = os.environ['HOME']",
        "from os import getenv\nHOME = getenv('HOME')",
        "def f(home=os.getenv('HOME')): ...",
        "class A:\n    home = os.environ",
        "TYPES = json.loads(Path('x').read_text())",
        "with open('x') as f: pass",
        "db = sqlite3.connect('x')",
        "app = Flask(__name__)",
        "app = create_app()",
        "base = folium.Map()",
        "if True:\n    app = create_app()",
    ],
)
def test_what_happens_at_import_is_told(build, source):
    broken = list(laws.nothing_happens_at_import(build("cli.py", source)))

    assert broken != []
    assert all("when it is imported" in sentence for sentence in broken)


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    return os.environ['HOME']",
        "read = lambda: open('x')",
        "if __name__ == '__main__':\n    app = create_app()",
        "HERE = Path(__file__).parent",
    ],
)
def test_what_waits_until_it_is_called_is_fine(build, source):
    assert list(laws.nothing_happens_at_import(build("cli.py", source))) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("web/__init__.py", "x = backends().store.find(query)"),
        ("web/__init__.py", "def f():\n    store = backends.store"),
        ("web/__init__.py", "x = getattr(backends(), 'store')"),
        ("web/__init__.py", "from hut.stores.memory import MemoryStore"),
        ("cartography/__init__.py", "def f(backends):\n    return backends.store"),
    ],
)
def test_a_page_that_goes_past_the_public_reader_is_told(build, name, source):
    broken = list(laws.one_way_out(build(name, source)))

    assert len(broken) == 1
    assert broken[0].startswith(name.removesuffix("__init__.py"))
    assert "past" in broken[0]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("web/reading.py", "def f():\n    return backends().store"),
        ("web/__init__.py", "x = backends().public.find(query)\nfrom hut.stores.public import PublicReader"),
        ("cli.py", "def f(backends):\n    return backends.store"),
    ],
)
def test_who_may_see_all_may_hold_the_store(build, name, source):
    assert list(laws.one_way_out(build(name, source))) == []


@pytest.mark.parametrize(
    "source",
    [
        "x = (place.lat, place.lon)",
        "x = [float(row['latitude']), float(row['longitude'])]",
        "f(lat, lng)",
        "lat, lon = pair",
        "def f(lat, lon): ...",
        "nowhere = LonLat(0, 0)",
        "nowhere = LonLat(lon=0.0, lat=0.0)",
        "def _as_lat_lon(p):\n    return [p.lat, p.lon]",
    ],
)
def test_lat_before_lon_and_null_island_are_told(build, source):
    assert len(list(laws.lon_comes_before_lat(build("stores/__init__.py", source)))) >= 1


def test_lon_before_lat_is_fine(build):
    source = (
        "x = [BBox(lon, lat, lon, lat), LonLat(lon=lat, lat=lon), (p.lon, p.lat), f(row['lon'], row['lat'])]"
    )

    assert list(laws.lon_comes_before_lat(build("stores/__init__.py", source))) == []


def test_one_function_swaps_for_each_library_that_wants_it(build):
    swap = "def _as_lat_lon(p):\n    return [p.lat, p.lon]\n"

    assert list(laws.lon_comes_before_lat(build("cartography/__init__.py", swap))) == []
    assert list(laws.lon_comes_before_lat(build("cartography/__init__.py", swap + swap))) == [
        "cartography/ swaps in 2 functions: one is enough"
    ]


def test_files_and_functions_that_are_too_long_are_told(build):
    long_function = "def f():\n    '''Told.\n\n    At length.\n    '''\n" + "    x = 1\n" * 40
    house = build("cli.py", long_function)
    (house.folder / "map.js").write_text("x;\n" * 401, "utf-8")

    broken = list(laws.nothing_is_too_long(house))

    assert broken == ["map.js has 401 lines: divide it", "cli.py:2 f has 41 lines: divide it"]
    assert (
        list(laws.nothing_is_too_long(build("cli.py", long_function.replace("    x = 1\n", "", 1))))
        == broken[:1]
    )


@pytest.mark.parametrize(
    "source", ["x = 'near Derik'", "x = f'Derik, {y}'", "x = {'ديريك': 1}", "f(x='Derik-')"]
)
def test_a_place_in_code_is_told(build, source):
    broken = list(laws.no_place_stands_in_code(build("places.py", source), {"Derik", "ديريك"}))

    assert len(broken) == 1
    assert "names " in broken[0]


@pytest.mark.parametrize("source", ["def f():\n    '''Derik.'''", "x = 'Deriks'", "x = 1  # Derik"])
def test_a_place_in_a_docstring_or_a_part_of_a_word_is_fine(build, source):
    assert list(laws.no_place_stands_in_code(build("places.py", source), {"Derik"})) == []


@pytest.mark.parametrize(
    ("source", "deed"),
    [
        ("import os\nX = os.getenv('HUT_X')", "reads HUT_X from the environment"),
        ("import os\nX = 'HUT_X' in os.environ", "reads HUT_X from the environment"),
        ("import json\nX = __import__('pathlib').Path('/etc/hostname').read_text()", "open /etc/hostname"),
        ("import sqlite3\nX = sqlite3.connect(':memory:')", "sqlite3.connect :memory:"),
    ],
)
def test_a_deed_at_import_is_seen(build, source, deed):
    house = build("events.py", source)

    assert watch_imports("hut", house.folder.parent)["hut.events"] == [deed]


def test_a_library_may_read_what_it_likes(build):
    house = build("events.py", "import shapely, json\n")

    assert set(map(tuple, watch_imports("hut", house.folder.parent).values())) == {()}


def watch_imports(package: str, folder: Path) -> dict[str, list[str]]:
    command = [sys.executable, ROOT / "tests" / "architecture" / "importing.py", package]
    env = os.environ | {"PYTHONPATH": str(folder)}
    run = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stderr
    deeds: dict[str, list[str]] = json.loads(run.stdout)
    return deeds


def test_no_law_of_the_source_is_forgotten():
    takes_the_house_alone = {
        law for name, law in vars(laws).items()
        if not name.startswith("_") and getattr(law, "__annotations__", {}).keys() == {"house", "return"}
    }  # fmt: skip

    assert set(laws.OF_SOURCE) == takes_the_house_alone
