"""Killed writers and many at once: nothing acknowledged is lost, nothing half is ever read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

pytestmark = [pytest.mark.fault, pytest.mark.timeout(7200)]


def run(what: str, folder: Path, **options: int) -> dict[str, Any]:
    """What came of it; crashing.py forks, which a process of tests and threads should not."""
    told = [f"--{name}={value}" for name, value in options.items()]
    done = subprocess.run(
        [sys.executable, "-m", "tests.stores.crashing", what, folder, *told],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_F1_killing_writers_at_random_loses_and_halves_nothing(tmp_path, torture):
    rounds = 24 if torture == 1 else 50 * torture

    outcome = run("kill", tmp_path / "data", rounds=rounds)

    assert (outcome["lost"], outcome["corrupt"], outcome["half"]) == ([], [], [])
    assert outcome["kills"] == 4 * rounds
    # Else it would have shown nothing: the kills must have fallen into the midst of writes.
    assert outcome["kills_in_a_write"] >= outcome["kills"] / 10
    assert outcome["acknowledged"] > rounds
    assert outcome["reads"] > rounds


def test_F5_many_writers_and_readers_at_once(tmp_path, torture):
    writers, adds = (2, 100) if torture == 1 else (8, 500)

    outcome = run("share", tmp_path / "data", writers=writers, adds=adds, readers=4)

    assert (outcome["lost"], outcome["corrupt"], outcome["half"]) == ([], [], [])
    assert outcome["acknowledged"] == writers * adds
    assert outcome["reads"] > 20
