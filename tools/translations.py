"""Bring the sentences of the code and the templates into every catalogue of geoevents/translations.

`python -m tools.translations` keeps what is translated, adds what is new, drops what is gone.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

PACKAGE = Path("geoevents")
SENTENCES = {"Message", "_"}
IN_TEMPLATES = {"_": None, "gettext": None, "ngettext": (1, 2)}
# Headers that Babel fills with a date of today or a name of nobody.
UNSAID = tuple(
    f'"{header}'.encode()
    for header in (
        "POT-Creation-Date", "PO-Revision-Date", "Generated-By",
        "Project-Id-Version", "Report-Msgid-Bugs-To", "Last-Translator",
    )
)  # fmt: skip

type_of_id = str | tuple[str, str]


class NotLiteral(Exception):
    """A sentence that no catalogue can hold, because it is put together at run time."""


def main() -> int:
    """Update every catalogue there is; say how many sentences each still wants."""
    template = collect(PACKAGE)
    for path in sorted((PACKAGE / "translations").glob("*/LC_MESSAGES/messages.po")):
        lang = path.parts[-3]
        catalogue = updated(read_po(path.open("rb"), locale=lang), template)
        write(catalogue, path)
        wanting = sum(not translated(message.string) for message in catalogue if message.id)
        print(f"{path}: {len(catalogue)} sentences, {wanting} without translation")
    return 0


def collect(package: Path) -> Catalog:
    """Every sentence of `package`, with the files that say it."""
    catalogue = Catalog(charset="utf-8")
    for path in sorted(package.rglob("*.py")):
        for line, sentence in in_python(path.read_text("utf-8"), str(path)):
            catalogue.add(sentence, locations=[(path.as_posix(), line)])
    for path in sorted(package.glob("*/templates/**/*.html")):
        options = {"extensions": "jinja2.ext.i18n", "silent": "false", "newstyle_gettext": "true"}
        for line, found, _comments, _context in extract_from_file(
            "jinja2", str(path), keywords=IN_TEMPLATES, options=options
        ):
            catalogue.add(found, locations=[(path.as_posix(), line)])
    return catalogue


def in_python(source: str, name: str) -> Iterator[tuple[int, str | tuple[str, str]]]:
    """
    Each Message("...", plural="...") and _("...") of a module.

    >>> list(in_python('Message("{count} event", plural="{count} events", count=2)', "x.py"))
    [(1, ('{count} event', '{count} events'))]
    """
    for node in ast.walk(ast.parse(source, name)):
        if isinstance(node, ast.Call) and _name(node.func) in SENTENCES:
            plural = next((k.value for k in node.keywords if k.arg == "plural"), None)
            first = node.args[0] if node.args else None
            sentence = _literal(first, node, name)
            yield node.lineno, sentence if plural is None else (sentence, _literal(plural, node, name))


def updated(old: Catalog, template: Catalog) -> Catalog:
    """`old` with exactly the sentences of `template`. Nothing is guessed from a likeness."""
    old.update(template, no_fuzzy_matching=True, update_header_comment=False)
    old.obsolete.clear()
    return old


def write(catalogue: Catalog, path: Path) -> None:
    """The same sentences give the same bytes: no dates of today, no line numbers, no empty headers."""
    buffer = BytesIO()
    write_po(buffer, catalogue, sort_by_file=True, include_lineno=False, width=0, omit_header=False)
    kept = [line for line in buffer.getvalue().splitlines(keepends=True) if not line.startswith(UNSAID)]
    path.write_bytes(b"".join(kept))


def translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    """Whether every form of a sentence has words."""
    return all(string) if isinstance(string, tuple | list) else bool(string)


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _literal(value: ast.expr | None, call: ast.Call, name: str) -> str:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    raise NotLiteral(f"{name}:{call.lineno}: a sentence is one literal text, with {{named}} parts")


if __name__ == "__main__":
    sys.exit(main())
