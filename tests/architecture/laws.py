"""The laws of docs/architecture.md: each takes the house and says, in sentences, where it is broken."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture.house import House, Module, run_at_import, unit_of

_WORD = re.compile(r"[^\W_]+")

ORDERED_LAYERS = {1, 2, 6, 7}
LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 40
MAY_SWAP = {"gazetteers", "cartography"}
# Pages and maps show what anybody may see; these two say whose eyes read, and close the store.
SHOWING = {"cartography", "web"}
MAY_HOLD_THE_STORE = {"web/reading.py", "web/serving.py"}

_READS_SETTINGS = {"environ", "environb", "getenv"}
_OPENS = {
    "open",
    "read_text",
    "read_bytes",
    "connect",
    "urlopen",
    "Popen",
    "run",
    "socket",
    "create_connection",
}
_BUILDS = {"Flask", "create_app", "Map", "Environment"}
_LAT = {"lat", "latitude"}
_LON = {"lon", "lng", "longitude"}


def every_module_has_its_row(house: House) -> Iterator[str]:
    """The first line of a module's docstring is its row; every row has a module; layers rise."""
    sentences = {row.name: row.sentence for row in house.rows}
    for module in house.modules:
        first = (ast.get_docstring(module.tree) or "").partition("\n")[0]
        if module.row_name not in sentences:
            yield f"{module.row_name} has no row. Add: | LAYER | `{module.row_name}` | {first} |"
        elif first != sentences.pop(module.row_name):
            yield f"{module.row_name} begins with another line than its row: {first}"
    yield from (f"{name} has a row and no module" for name in sentences)
    layers = [row.layer for row in house.rows]
    if layers != sorted(layers):
        yield "the rows are not sorted by layer"
    yield from _one_layer_each(house)


def imports_fall(house: House) -> Iterator[str]:
    """Law 1, between the parts of the house."""
    for module in house.modules:
        for found in module.imports:
            target = house.inside(found.target)
            unit = (target or "").split(".", maxsplit=1)[0]
            if target is not None and unit != module.unit and not _may_import(house, module.unit, unit):
                yield f"{module.row_name}:{found.line} imports {unit or 'the root'}, which is not below it"


def no_rings(house: House) -> Iterator[str]:
    """Law 1, inside each package: its modules may import each other, but never in a ring."""
    edges: dict[str, set[str]] = {}
    for module in house.modules:
        targets = (house.inside(found.target) for found in module.imports)
        edges[module.dotted] = {t for t in targets if t and t != module.dotted}
    ringed = {start for start in edges if start in _reachable(edges, start)}
    if ringed:
        yield "a ring of imports goes through " + ", ".join(sorted(ringed))


def each_library_has_its_room(house: House) -> Iterator[str]:
    """Law 2: the table of rooms says where a library may be imported."""
    for module in house.modules:
        layer = house.layers.get(module.unit)
        for found in module.imports:
            library = found.target.split(".", maxsplit=1)[0]
            rooms = house.rooms.get(library)
            if rooms is not None and f"layer {layer}" not in rooms and not _in_room(module, rooms):
                yield f"{module.row_name}:{found.line} imports {library}, which lives in {', '.join(rooms)}"


def shapely_waits_until_it_is_needed(house: House) -> Iterator[str]:
    """Law 2: not at the top of a layer 1 module."""
    for module in house.modules:
        for found in module.imports:
            if found.at_top and house.layers.get(module.unit) == 1 and found.target.startswith("shapely"):
                yield f"{module.row_name}:{found.line} imports shapely at the top"


def nothing_happens_at_import(house: House) -> Iterator[str]:
    """Law 3, as far as the source shows it; tests/architecture/importing.py watches it happen."""
    for module in house.modules:
        for node in run_at_import(module.tree):
            name = getattr(node, "attr", getattr(node, "id", None))
            called = _name(node.func) if isinstance(node, ast.Call) else None
            if name in _READS_SETTINGS:
                yield f"{module.row_name}:{_line(node)} reads {name} when it is imported"
            elif called in _OPENS | _BUILDS:
                yield f"{module.row_name}:{_line(node)} calls {called} when it is imported"


def one_way_out(house: House) -> Iterator[str]:
    """Law 5: what shows events reads them through stores/public.py."""
    for module in house.modules:
        if module.unit not in SHOWING or module.row_name in MAY_HOLD_THE_STORE:
            continue
        for found in module.imports:
            target = house.inside(found.target) or ""
            if target.split(".", maxsplit=1)[0] == "stores" and target != "stores.public":
                yield f"{module.row_name}:{found.line} imports {target}, past the public reader"
        for node in ast.walk(module.tree):
            if _takes_the_store(node):
                yield f"{module.row_name}:{_line(node)} takes the store, past the public reader"


def lon_comes_before_lat(house: House) -> Iterator[str]:
    """Law 6: the other order only in `_as_lat_lon`, one for each library that wants it; never 0, 0."""
    for module in house.modules:
        swaps = [
            n for n in ast.walk(module.tree) if isinstance(n, ast.FunctionDef) and n.name == "_as_lat_lon"
        ]
        allowed = {id(inner) for swap in swaps for inner in ast.walk(swap)}
        if swaps and module.unit not in MAY_SWAP:
            yield f"{module.row_name}:{swaps[0].lineno} swaps, which is the business of {sorted(MAY_SWAP)}"
        for node in ast.walk(module.tree):
            if id(node) not in allowed and _is_swapped(node):
                yield f"{module.row_name}:{_line(node)} has lat before lon"
            if isinstance(node, ast.Call) and _name(node.func) == "LonLat" and _is_null_island(node):
                yield f"{module.row_name}:{node.lineno} stands at 0, 0: the unknown is None"
    yield from _one_swap_each(house)


def nothing_is_too_long(house: House) -> Iterator[str]:
    """Law 7: files, and functions without their docstring."""
    for path in sorted([*house.folder.rglob("*.py"), *house.folder.rglob("*.js")]):
        lines = len(path.read_text("utf-8").splitlines())
        if lines > LINES_OF_A_FILE:
            yield f"{path.relative_to(house.folder)} has {lines} lines: divide it"
    for module in house.modules:
        for node in ast.walk(module.tree):
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                and _length(node) > LINES_OF_A_FUNCTION
            ):
                yield f"{module.row_name}:{node.lineno} {node.name} has {_length(node)} lines: divide it"


def no_place_stands_in_code(house: House, names: set[str]) -> Iterator[str]:
    """Law 7: a name of our gazetteer in a string that is no docstring."""
    words_of = {name: set(_WORD.findall(name)) for name in names}
    for module in house.modules:
        told = {id(n.value) for n in ast.walk(module.tree) if isinstance(n, ast.Expr)}
        texts = [
            (node.lineno, node.value)
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
        ]
        everything = "\n".join(text for _, text in texts)
        # Names are many: those whose words are all there are looked for.
        words = set(_WORD.findall(everything))
        near = sorted(name for name, its_words in words_of.items() if its_words <= words)
        for line, text in texts:
            found = [name for name in near if _says(text, name)]
            if found:
                yield f"{module.row_name}:{line} names {', '.join(found)}"


def _one_layer_each(house: House) -> Iterator[str]:
    for row in house.rows:
        unit = unit_of(row.name)
        if house.layers[unit] != row.layer:
            yield f"{row.name} lies in {unit}, which is in layer {house.layers[unit]}"


def _may_import(house: House, source: str, target: str) -> bool:
    above, below = house.layers.get(source), house.layers.get(target)
    if above is None or below is None:
        return True  # it has no row, which every_module_has_its_row says
    listed_before = house.places[target] < house.places[source]
    return below < above or (below == above and above in ORDERED_LAYERS and listed_before)


def _reachable(edges: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        new = edges.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    return seen


def _in_room(module: Module, rooms: list[str]) -> bool:
    return any(
        module.row_name == room or (room.endswith("/") and module.row_name.startswith(room)) for room in rooms
    )


def _one_swap_each(house: House) -> Iterator[str]:
    for unit in sorted(MAY_SWAP):
        modules = [m for m in house.modules if m.unit == unit]
        swaps = [n for m in modules for n in ast.walk(m.tree) if getattr(n, "name", "") == "_as_lat_lon"]
        if len(swaps) > 1:
            yield f"{unit}/ swaps in {len(swaps)} functions: one is enough"


def _takes_the_store(node: ast.AST) -> bool:
    match node:
        case (
            ast.Attribute(attr="store")
            | ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value="store"), *_])
        ):
            return True
        case _:
            return False


def _is_swapped(node: ast.AST) -> bool:
    match node:
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Call(args=parts):
            words = [_last_word(part) for part in parts]
        case ast.arguments():
            words = [argument.arg for argument in (*node.posonlyargs, *node.args)]
        case _:
            return False
    # BBox(lon, lat, lon, lat) is in order: there, each lat has its lon before it.
    return any(
        b in _LAT and c in _LON and a not in _LON
        for a, b, c in zip(["", *words], words, words[1:], strict=False)
    )


def _last_word(node: ast.expr) -> str:
    match node:
        case ast.Call(args=[only]):
            return _last_word(only)
        case ast.Subscript(slice=ast.Constant(value=str(word))) | ast.Constant(value=str(word)):
            return word.lower()
        case _:
            return _name(node).lower()


def _is_null_island(call: ast.Call) -> bool:
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return len(values) == 2 and all(isinstance(v, ast.Constant) and v.value == 0 for v in values)


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    told = node.body[0] if ast.get_docstring(node) is not None else None
    docstring = (told.end_lineno or 0) - told.lineno + 1 if told else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - docstring


def _says(text: str, name: str) -> bool:
    start = text.find(name)
    while start >= 0:
        around = text[max(start - 1, 0) : start] + text[start + len(name) : start + len(name) + 1]
        if not any(character.isalnum() for character in around):
            return True
        start = text.find(name, start + 1)
    return False


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


# Those that the source alone can break; no_place_stands_in_code wants the names, too.
OF_SOURCE = (
    every_module_has_its_row,
    imports_fall,
    no_rings,
    each_library_has_its_room,
    shapely_waits_until_it_is_needed,
    nothing_happens_at_import,
    one_way_out,
    lon_comes_before_lat,
    nothing_is_too_long,
)
