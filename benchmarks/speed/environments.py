"""The tools that are measured beside us: each in an environment of its own, outside the repository."""

from __future__ import annotations

import importlib.metadata
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PEERS = Path(__file__).parent / "peers"
ROOT = Path(__file__).parents[2]
REQUIREMENTS = PEERS / "requirements.txt"
OURS = ("flask", "waitress", "numpy", "msgspec", "folium", "shapely")


@dataclass(frozen=True)
class Environment:
    """A virtual environment, with what the part of requirements.txt of its name says."""

    folder: Path

    def program(self, name: str) -> str:
        return str(self.folder / "bin" / name)

    @property
    def packages(self) -> Path:
        return next(self.folder.glob("lib/python3*/site-packages"))


def environment(folder: Path, name: str) -> Environment:
    """Made when it is first asked for, and again when what it needs has changed."""
    made, wanted = Environment(folder / "env" / name), "\n".join(requirements(name))
    stamp = made.folder / "requirements.txt"
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        sys.stderr.write(f"Installing {name} into {made.folder}\n")
        shutil.rmtree(made.folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", made.folder], check=True)
        pip = [made.program("python"), "-m", "pip", "--disable-pip-version-check", "-q", "install"]
        subprocess.run([*pip, *requirements(name)], check=True)
        stamp.write_text(wanted, "utf-8")
    return made


def set_up() -> None:
    """The index of places, brought up to date as `make setup` does: no start that is measured is to do it."""
    command = [sys.executable, "-m", "geoevents.gazetteers.build"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)


def requirements(name: str) -> list[str]:
    """
    The packages of one part.

    >>> requirements("postgis")
    ['psycopg[binary]==3.3.9']
    """
    found: dict[str, list[str]] = {}
    part: list[str] = []
    for line in REQUIREMENTS.read_text("utf-8").splitlines():
        if line.startswith("# ["):
            part = found.setdefault(line[3:].partition("]")[0], [])
        elif line and not line.startswith("#"):
            part.append(line)
    return found[name]


def versions() -> dict[str, str]:
    """Of what runs in the environments, and of what geoevents itself stands on."""
    found = {"Python": sys.version.partition(" ")[0]}
    found |= {name: importlib.metadata.version(name) for name in OURS}
    for line in REQUIREMENTS.read_text("utf-8").splitlines():
        name, pinned, version = line.partition("==")
        if pinned:
            found[name.partition("[")[0]] = version
    return found


def node_modules(folder: Path) -> Path:
    """What Folium's pages load, by npm."""
    npm = folder / "npm"
    wanted = (PEERS / "package.json").read_text("utf-8")
    stamp = npm / "package.json"
    if not stamp.exists() or stamp.read_text("utf-8") != wanted or not (npm / "node_modules").exists():
        npm.mkdir(parents=True, exist_ok=True)
        stamp.write_text(wanted, "utf-8")
        subprocess.run(
            ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=npm, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    return npm / "node_modules"
