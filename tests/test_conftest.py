"""The guards of tests/conftest.py, shown at work in a run of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.offline.sitecustomize import is_here

# It starts processes: in `make test`, not in the quick `make check`.
pytestmark = pytest.mark.slow

TWO = ("-n", "2", "--dist", "worksteal")

LEAVES = """
import contextlib, socket, subprocess, sys

def test_swallows_the_refusal():
    with socket.socket() as wire, contextlib.suppress(Exception):
        wire.connect(("192.0.2.1", 80))

def test_looks_up_a_name():
    socket.getaddrinfo("example.org", 443)

def test_sends_a_datagram():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.sendto(b"x", ("192.0.2.1", 53))

def test_lets_a_child_go_out():
    subprocess.run([sys.executable, "-c", "import socket; socket.gethostbyname('example.org')"])

def test_stays_on_loopback():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
        socket.getaddrinfo("localhost", 80)
"""

SKIPS = """
import pytest

@pytest.mark.browser
def test_needs_a_browser():
    pytest.skip("no Chromium")

@pytest.mark.fault
@pytest.mark.skip(reason="not as root")
def test_needs_to_be_root():
    pass

def test_needs_neither():
    pytest.skip("only on Sundays")
"""

WANTS_SET_UP = """
import pytest

@pytest.fixture
def base_map():
    pytest.skip("no base map: run `make setup`")

def test_looks_at_the_base_map(base_map):
    pass

@pytest.mark.skipif(True, reason="no towns: run `make setup`")
def test_looks_at_towns():
    pass
"""

ALONE = """
import os, time
from pathlib import Path
import pytest

HERE = Path(__file__).parent

def stay(number):
    # Each of the two is seen at work by the other before any goes on.
    (HERE / f"came-{os.environ['PYTEST_XDIST_WORKER']}").touch()
    end = time.monotonic() + 60
    while len(list(HERE.glob("came-*"))) < 2:
        assert time.monotonic() < end
        time.sleep(0.01)
    (HERE / f"stays-{number}").touch()
    time.sleep(0.02)
    (HERE / f"stays-{number}").unlink()

@pytest.mark.parametrize("number", range(40))
def test_early(number):
    stay(number)

@pytest.mark.alone
@pytest.mark.parametrize("time_and_again", range(3))
def test_alone(time_and_again):
    for _ in range(20):
        assert list(HERE.glob("stays-*")) == []
        time.sleep(0.01)

@pytest.mark.parametrize("number", range(100, 120))
def test_late(number):
    stay(number)
"""


def test_a_test_that_leaves_the_machine_fails_and_says_where_to(tmp_path):
    output = run_tests(tmp_path, LEAVES).stdout

    assert "4 failed, 1 passed" in output
    assert "socket.connect '192.0.2.1'" in output
    assert "tried to reach 'example.org'" in output
    assert "tried to reach '192.0.2.1'" in output
    assert "socket.gethostbyname 'example.org'" in output


@pytest.mark.parametrize("workers", [(), TWO], ids=["one", "two"])
def test_a_run_ends_with_every_skip_and_its_reason(tmp_path, workers):
    lines = run_tests(tmp_path, SKIPS, *workers, ci="").stdout.splitlines()

    assert "3 skipped in " in lines[-5]
    assert lines[-4] == "3 skipped:"
    assert [line.split("::")[1] for line in lines[-3:]] == [
        "test_needs_a_browser: no Chromium",
        "test_needs_neither: only on Sundays",
        "test_needs_to_be_root: not as root",
    ]


def test_in_ci_a_skipped_browser_or_fault_test_is_a_failure(tmp_path):
    run = run_tests(tmp_path, SKIPS, *TWO, ci="true")

    assert run.returncode == 1
    assert "1 failed, 1 skipped, 1 error" in run.stdout
    assert "It may not be skipped in CI: no Chromium" in run.stdout


def test_in_ci_a_test_skipped_for_want_of_what_set_up_builds_is_a_failure(tmp_path):
    at_home, in_ci = run_tests(tmp_path, WANTS_SET_UP), run_tests(tmp_path, WANTS_SET_UP, ci="1")

    assert (at_home.returncode, in_ci.returncode) == (0, 1)
    assert "2 errors" in in_ci.stdout
    assert "It may not be skipped in CI: no base map: run `make setup`" in in_ci.stdout


def test_in_ci_a_browser_module_skipped_as_a_whole_is_a_failure(tmp_path):
    run = run_tests(tmp_path, "import pytest; pytest.importorskip('no_such_browser')", *TWO, ci="true")

    assert run.returncode != 0
    assert "It may not be skipped in CI: could not import 'no_such_browser'" in run.stdout


def test_a_test_that_must_be_alone_runs_beside_no_other(tmp_path):
    run = run_tests(tmp_path, ALONE, *TWO)

    assert (run.returncode, "63 passed" in run.stdout) == (0, True), run.stdout


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.8.8", b"127.0.0.1", "::1", "::ffff:127.0.0.1", "localhost"]
)
def test_loopback_is_here(host):
    assert is_here(host)


@pytest.mark.parametrize(
    "host", ["10.0.0.1", "1270.0.0.1", "localhost.example.org", "fe80::1", b"example.org"]
)
def test_anything_else_is_not_here(host):
    assert not is_here(host)


def run_tests(folder: Path, source: str, *options: str, ci: str = "") -> subprocess.CompletedProcess[str]:
    module = folder / "test_in_browser.py"
    module.write_text(source, "utf-8")
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "--rootdir", str(folder)]
    return subprocess.run(
        [*command, "-p", "tests.conftest", "-p", "no:cacheprovider", *options, str(module)],
        check=False,
        cwd=ROOT,
        env=os.environ | {"CI": ci},
        capture_output=True,
        text=True,
        timeout=120,
    )
