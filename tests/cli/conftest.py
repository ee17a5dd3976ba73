"""The command line, run as it is: in this process, or in one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from geoevents.cli import main

SCRIPT = Path(sys.executable).with_name("geoevents")


@dataclass(frozen=True)
class Ran:
    """What one run came to."""

    code: int
    out: str
    err: str

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def data(tmp_path, monkeypatch) -> Path:
    """A data folder of its own for every command; the compiled gazetteer is the project's."""
    for name in [name for name in os.environ if name.startswith("GEOEVENTS_")]:
        if not name.startswith("GEOEVENTS_TEST"):
            monkeypatch.delenv(name)
    folder = tmp_path / "data"
    monkeypatch.setenv("GEOEVENTS_DATA", str(folder))
    return folder


@pytest.fixture
def run(data, capsys):
    """Run a command line in this process."""

    def run_here(*arguments: object) -> Ran:
        capsys.readouterr()
        code = main([str(each) for each in arguments])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run_here


@pytest.fixture
def run_alone(data):
    """Run a command line in a process of its own."""

    def run_there(*arguments: object, stdin: bytes = b"", **environ: str) -> Ran:
        done = subprocess.run(
            [SCRIPT, *(os.fsencode(str(each)) for each in arguments)],
            input=stdin, capture_output=True, env=os.environ | environ, timeout=120, check=False,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run_there
