"""What is written keeps to what is there: make targets, links; and tells nothing of one machine."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

# Put together here, so that this file does not hold what it looks for.
MACHINE_PATHS = [f"/{name}/" for name in ("work", "root", "Users", "opt/pypi", "opt/wheels")]
HOME_PATH = re.compile(r"/home" + r"/[a-z]\w*/")
REGISTRIES = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))]
REGISTRIES += [".".join(parts) for parts in (("npmjs", "com"), ("deb", "debian", "org"))]
CDNS = [".".join(parts) for parts in (("jsdelivr", "net"), ("unpkg", "com"), ("cloudflare", "com"))]
CDNS += [".".join(parts) for parts in (("jquery", "com"), ("bootstrapcdn", "com"), ("googleapis", "com"))]
FORBIDDEN = [*MACHINE_PATHS, *REGISTRIES, *CDNS]
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")


def test_every_make_target_that_is_written_down_exists():
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    named = {(page, name) for page in pages() for name in make_targets(page.read_text("utf-8"))}

    assert {name for _, name in named} >= {"serve", "test", "check"}
    assert {(page.name, name) for page, name in named if name not in targets} == set()


def test_a_message_that_says_make_names_a_target_that_exists():
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    said = {text for path in tracked() if path.startswith("geoevents/") for text in messages(ROOT / path)}
    named = {(text, target) for text in said for target in re.findall(r"`make ?(.*?)`", text)}

    assert "setup" in {target for _, target in named}
    # `make` by itself lists what there is and mends nothing.
    assert [text for text, target in named if target not in targets] == []


def test_make_help_lists_what_a_person_may_want():
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    phony = re.search(r"^\.PHONY: (help .+)$", read("Makefile"), re.MULTILINE)

    assert phony is not None
    assert re.findall(r"make (\w+)", listed) == phony[1].split()


def test_no_committed_file_names_a_machine_path_a_registry_or_a_cdn():
    found = [f"{path}: {what}" for path in tracked() for what in forbidden_in(ROOT / path)]

    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "see /" + "work/main",
        "at /" + "home/jo/x",
        "https://" + "pypi" + ".org/simple",
        "cdn." + "jsdelivr" + ".net",
    ],
)
def test_such_a_name_would_be_found(tmp_path, text):
    file = tmp_path / "notes.md"
    file.write_text(text, "utf-8")

    assert len(list(forbidden_in(file))) == 1


def test_every_link_inside_the_docs_leads_somewhere():
    links = [(page, target) for page in pages() for target in LINK.findall(page.read_text("utf-8"))]

    assert [f"{page.name}: {target}" for page, target in links if not leads_somewhere(page, target)] == []


def test_a_link_that_leads_nowhere_would_be_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# First part: why?\n", "utf-8")

    assert leads_somewhere(page, "page.md#first-part-why")
    assert leads_somewhere(page, "#first-part-why")
    assert leads_somewhere(page, "https://example.org/")
    assert not leads_somewhere(page, "other.md")
    assert not leads_somewhere(page, "page.md#second-part")


def test_package_lock_does_not_say_where_packages_come_from():
    lock = read("package-lock.json")

    assert '"integrity"' in lock
    assert '"resolved"' not in lock


def tracked() -> list[str]:
    """Every file of the repository, those about to be added too."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for path in listed.split("\0") if path and (ROOT / path).is_file()]


def pages() -> list[Path]:
    return [ROOT / path for path in tracked() if path.endswith(".md")]


def messages(path: Path) -> Iterator[str]:
    """The English sentence of every Message in a module."""
    if path.suffix != ".py":
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message" and node.args:
            yield str(ast.literal_eval(node.args[0])) if isinstance(node.args[0], ast.Constant) else ""


def make_targets(text: str) -> Iterator[str]:
    """What follows `make` in code, in a line or in a block."""
    code = re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)
    for piece in [*code, *re.findall(r"^    .+$", text, re.MULTILINE)]:
        yield from re.findall(r"\bmake(?: [A-Z_]+=\S+)* ([a-z-]+)", piece)


def forbidden_in(path: Path) -> Iterator[str]:
    text = path.read_bytes().decode("utf-8", "replace")
    yield from (what for what in FORBIDDEN if what in text)
    yield from HOME_PATH.findall(text)


def leads_somewhere(page: Path, target: str) -> bool:
    if re.match(r"[a-z]+:", target):
        return True
    name, _, anchor = target.partition("#")
    file = page.parent / name if name else page
    return file.exists() and (not anchor or anchor in anchors(file))


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")
