"""What is built anew takes its place whole, by one process at a time, and leaves nothing beside it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from geoevents.renewing import renew

# Builds until its first line is read and its input ends, or it is killed.
SLOWLY = """
import sys
from pathlib import Path
from geoevents.renewing import renew

target = Path(sys.argv[1])

def build(unfinished):
    unfinished.write_text("first")
    print("building", flush=True)
    sys.stdin.read()

renew(target, build, is_current=target.exists)
"""

# Dies once the old folder is out of the way, before the new one is in its place.
DYING = """
import os, signal, sys
from pathlib import Path
from geoevents.renewing import renew

target = Path(sys.argv[1])

def build(unfinished):
    unfinished.mkdir()
    (unfinished / "words").write_text("new")

def watch(event, arguments):
    if event == "os.rename" and Path(arguments[1]) == target:
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
renew(target, build, is_current=lambda: False)
"""


@pytest.fixture
def target(tmp_path) -> Path:
    return tmp_path / "a #folder? of 100%" / "made"


@pytest.fixture
def slow_builder(target):
    target.parent.mkdir()
    command = [sys.executable, "-c", SLOWLY, target]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as builder:
        assert builder.stdout.readline() == "building\n"
        yield builder
        builder.kill()


def write(words: str):
    return lambda unfinished: unfinished.write_text(words)


def write_folder(words: str):
    def build(unfinished: Path) -> None:
        unfinished.mkdir()
        (unfinished / "words").write_text(words)

    return build


def never() -> bool:
    return False


def test_a_file_takes_the_place_of_the_old_one(target):
    renew(target, write("old"), is_current=never)
    renew(target, write("new"), is_current=never)

    assert {path.name: path.read_text() for path in target.parent.iterdir()} == {"made": "new"}


def test_a_folder_takes_the_place_of_the_old_one(target):
    renew(target, write_folder("old"), is_current=never)
    renew(target, write_folder("new"), is_current=never)

    assert [path.relative_to(target).as_posix() for path in target.rglob("*")] == ["words"]
    assert (target / "words").read_text() == "new"
    assert list(target.parent.iterdir()) == [target]


def test_what_fails_leaves_the_old_as_it_was(target):
    renew(target, write_folder("old"), is_current=never)

    def fail(unfinished: Path) -> None:
        write_folder("half")(unfinished)
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        renew(target, fail, is_current=never)

    assert (target / "words").read_text() == "old"
    assert list(target.parent.iterdir()) == [target]


def test_what_a_killed_process_left_is_cleared_away(target, slow_builder):
    slow_builder.send_signal(signal.SIGKILL)
    slow_builder.wait()
    left = [path.name for path in target.parent.iterdir()]

    renew(target, write("second"), is_current=target.exists)

    assert left == [f"made.{slow_builder.pid}.tmp"]
    assert [path.name for path in target.parent.iterdir()] == ["made"]


def test_who_waited_for_another_process_finds_it_done(target, slow_builder):
    command = [sys.executable, "-c", SLOWLY.replace('"first"', '"second"'), target]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as waiting:
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(timeout=1)
        slow_builder.stdin.close()
        said = waiting.stdout.read()

    assert (waiting.returncode, said, target.read_text()) == (0, "", "first")


def test_a_folder_that_a_killed_process_had_put_aside_comes_back_before_anything_is_built(target):
    renew(target, write_folder("only copy"), is_current=never)
    died = subprocess.run([sys.executable, "-c", DYING, target], check=False)
    left = [path.name for path in target.parent.iterdir()]

    def build(unfinished: Path) -> None:
        seen.append((target / "words").read_text())
        write_folder("newer")(unfinished)

    seen: list[str] = []
    renew(target, build, is_current=never)

    assert died.returncode == -signal.SIGKILL
    assert "made" not in left
    assert seen == ["only copy"]
    assert (target / "words").read_text() == "newer"
    assert list(target.parent.iterdir()) == [target]


def test_what_was_put_aside_of_another_folder_is_left_where_it_is(target):
    other = target.with_name("made.elsewhere")
    renew(other, write_folder("only copy"), is_current=never)
    subprocess.run([sys.executable, "-c", DYING, other], check=False)

    renew(target, write_folder("new"), is_current=never)
    renew(other, write_folder("newer"), is_current=other.exists)

    assert (target / "words").read_text() == "new"
    assert (other / "words").read_text() == "only copy"


def test_what_fails_after_a_killed_process_leaves_the_folder_that_was_put_aside(target):
    renew(target, write_folder("only copy"), is_current=never)
    subprocess.run([sys.executable, "-c", DYING, target], check=False)

    def fail(_: Path) -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        renew(target, fail, is_current=never)

    assert (target / "words").read_text() == "only copy"
    assert list(target.parent.iterdir()) == [target]
