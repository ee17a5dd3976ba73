"""What every test may rely on: no network, every skip told, and the fixtures that all parts share."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.browsing import chromium, page
from tests.offline import sitecustomize as guard
from tests.taking_turns import turn

# One browser for all who need one: a second Playwright cannot start beside the first.
__all__ = ["chromium", "page"]

ROOT = Path(__file__).parents[1]
MUST_RUN_IN_CI = ("browser", "fault")
# What `make setup` builds or brings: a test that skips for want of it says so, and may not in CI.
SET_UP = "run `make setup`"
# The folder of the locks that the processes of one run share.
TURNS = "GEOEVENTS_TESTS_TURNS"

# No deadlines: a test machine has other things to do. An event has some fifty fields: drawing one takes a
# while, and now and then a long one. `make check` takes the quick profile, `make torture` the thorough one.
settings.register_profile(
    "usual",
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
settings.register_profile("quick", settings.get_profile("usual"), max_examples=15)
settings.register_profile("thorough", settings.get_profile("usual"), max_examples=1_000)
settings.load_profile("usual")

_skipped: list[tuple[str, str]] = []


@pytest.fixture(scope="session")
def torture() -> int:
    """How many times longer than usual the fault tests go on (`make torture`)."""
    return int(os.environ.get("GEOEVENTS_TORTURE", "1"))


@pytest.fixture(scope="session")
def eval_folder() -> Path:
    """The evaluation files, which are no part of this repository; without them the test is skipped."""
    folder = os.environ.get("GEOEVENTS_EVAL", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("no evaluation files: set the environment variable GEOEVENTS_EVAL to their folder")
    return Path(folder)


def pytest_configure(config: pytest.Config) -> None:
    # What a developer has added to the gazetteer changes answers: tests know the shipped places only.
    os.environ["GEOEVENTS_GAZETTEERS"] = str(ROOT / "tests" / "no-gazetteers")
    handle, notes = tempfile.mkstemp(prefix="geoevents-network-")
    os.close(handle)
    os.environ[guard.NOTES] = notes
    config.add_cleanup(lambda: Path(notes).unlink(missing_ok=True))
    if not hasattr(config, "workerinput"):
        # The workers of this run find it here; a run that a test starts makes its own.
        os.environ[TURNS] = folder = tempfile.mkdtemp(prefix="geoevents-turns-")
        config.add_cleanup(lambda: shutil.rmtree(folder))
    before = os.environ.get("PYTHONPATH", "")
    offline = str(ROOT / "tests" / "offline")
    if offline not in before.split(os.pathsep):
        os.environ["PYTHONPATH"] = offline + (os.pathsep + before if before else "")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    is_alone = item.get_closest_marker("alone") is not None
    with turn(Path(os.environ[TURNS]), is_alone=is_alone):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    _start_afresh()
    yield
    _stayed_on_this_machine()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    _start_afresh()
    yield
    _stayed_on_this_machine()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if any(item.get_closest_marker(name) for name in MUST_RUN_IN_CI) or _wants_set_up(report):
        _fail_in_ci(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report = yield
    if any(name in collector.nodeid for name in MUST_RUN_IN_CI) or _wants_set_up(report):
        _fail_in_ci(report)
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _remember(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _remember(report)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    yield
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminal is None or hasattr(session.config, "workerinput"):
        return
    terminal.write_line(f"{len(_skipped)} skipped" + (":" if _skipped else "."))
    for nodeid, reason in sorted(_skipped):
        terminal.write_line(f"  {nodeid}: {reason}")


def _start_afresh() -> None:
    Path(os.environ[guard.NOTES]).write_text("", "utf-8")


def _stayed_on_this_machine() -> None:
    notes = Path(os.environ[guard.NOTES]).read_text("utf-8")
    if notes:
        pytest.fail(f"The test tried to leave this machine:\n{notes}", pytrace=False)


def _remember(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append((report.nodeid, _reason(report)))


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")


def _wants_set_up(report: pytest.TestReport | pytest.CollectReport) -> bool:
    return report.skipped and SET_UP in _reason(report)


def _fail_in_ci(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and _in_ci():
        report.longrepr = f"It may not be skipped in CI: {_reason(report)}"
        report.outcome = "failed"


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in {"", "0", "false", "no"}
