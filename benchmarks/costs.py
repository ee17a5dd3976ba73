"""What a look-up costs: time, memory, disk; warm, cold, and from the command line."""

from __future__ import annotations

import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from scoring import Name

from geoevents.gazetteers import open_gazetteer
from geoevents.gazetteers.build import SHIPPED_DATA
from geoevents.places import Context

ROOT = Path(__file__).parents[1]
REGION = ("SY", "IQ", "TR")
_RUNS = 5


def costs(index: Path, names: Sequence[Name], *, compiling: bool) -> Iterator[tuple[str, str]]:
    yield "index", f"{index.stat().st_size / 1e6:.1f} MB"
    if compiling:
        yield "compiling", _compiling()
    start = time.perf_counter()
    gazetteer = open_gazetteer(index, region=REGION)
    yield "opening", f"{(time.perf_counter() - start) * 1e3:.1f} ms"
    keys = ["hasakah", "london", "kobani", "nowhereatall", "ديرزور"]
    rows = gazetteer.index.named  # type: ignore[attr-defined]
    yield "one folded name in the index, median", f"{_median_us(rows, [(key,) for key in keys]):.0f} µs"
    plain = ["Hasakah", "Al-Bab", "Deir ez-Zor", "London", "الحسكة"]
    asked = [(name, Context()) for name in plain]
    yield "resolving a name as written, median", f"{_median_us(gazetteer.resolve, asked):.0f} µs"
    phrases = ["countryside of Hasakah", "Kobane (Ayn al-Arab)", "Raqqa, Syria", "al-Hol refugee camp"]
    asked = [(name, Context()) for name in phrases]
    yield "resolving a phrase, median", f"{_median_us(gazetteer.resolve, asked):.0f} µs"
    unknown = [
        (name, Context(country_code="SY")) for name in ("Hasakeeh", "Xyzzy", "Tal al-Nowhere", "القريه")
    ]
    yield "an unknown name, with suggestions, slowest", f"{_slowest_ms(gazetteer.resolve, unknown):.0f} ms"
    typed = [(prefix, Context()) for prefix in ("ha", "al", "sa", "kob", "الح", "tel a")]
    yield "suggesting while typing, slowest", f"{_slowest_ms(gazetteer.suggest, typed):.0f} ms"
    if names:
        yield "names a second, one process, warm, all rungs", throughput(index, names)
    yield "first look-up of a cold process, imports counted, best of 5", _cold_look_up(index)
    yield "`geoevents geocode Hasakah`, end to end, best of 5", _command_line()


def throughput(index: Path, names: Sequence[Name]) -> str:
    """Each name with its country and governorate, in a process of its own; memory is its growth."""
    code = f"""
import sys, json, time

def megabytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

from pathlib import Path
from geoevents.gazetteers import open_gazetteer
from geoevents.places import Context
asked = json.load(sys.stdin)
before, start = megabytes(), time.perf_counter()
gazetteer = open_gazetteer(Path({str(index)!r}), region={REGION!r})
gazetteer.resolve("Xyzzyhausen", Context(country_code="SY"))
loaded = time.perf_counter() - start
for _ in range(2):
    start = time.perf_counter()
    for text, country, admin1 in asked:
        gazetteer.resolve(text, Context(country_code=country, admin1=admin1))
    seconds = time.perf_counter() - start
grown = megabytes() - before
print(f"{{len(asked) / seconds:,.0f}}; all rungs loaded in {{loaded:.2f}} s; {{grown:.0f}} MB more")
"""
    asked = json.dumps([(name.text, name.country, name.admin1) for name in names])
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, input=asked)
    return run.stdout.strip()


def _command_line() -> str:
    command = [str(Path(sys.executable).with_name("geoevents")), "geocode", "Hasakah", "--json"]
    seconds = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
        seconds.append(time.perf_counter() - start)
    return f"{min(seconds) * 1e3:.0f} ms"


def _compiling() -> str:
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(SHIPPED_DATA / "gazetteer", Path(scratch) / "gazetteer")
        start = time.perf_counter()
        command = [sys.executable, "-m", "geoevents.gazetteers.build", "--data", scratch]
        subprocess.run(command, check=True)
        seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = used.ru_utime + used.ru_stime
    return f"{seconds:.1f} s, {processor:.1f} s of it computing, {used.ru_maxrss / 1024:.0f} MB at its peak"


def _cold_look_up(index: Path) -> str:
    code = f"""
import time

def megabytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

before, start = megabytes(), time.perf_counter()
from pathlib import Path
from geoevents.gazetteers import open_gazetteer
from geoevents.places import Context
open_gazetteer(Path({str(index)!r})).resolve("Hasakah", Context())
print(f"{{(time.perf_counter() - start) * 1e3:.0f}} ms, {{megabytes() - before:.0f}} MB more")
"""
    command = [sys.executable, "-c", code]
    runs = [
        subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT) for _ in range(_RUNS)
    ]
    return min((run.stdout.strip() for run in runs), key=lambda said: float(said.split()[0]))


def _median_us(call: Callable[..., object], arguments: list[tuple[object, ...]]) -> float:
    return statistics.median(_seconds(call, each) for each in arguments * 400) * 1e6


def _slowest_ms(call: Callable[..., object], arguments: list[tuple[object, ...]]) -> float:
    return max(statistics.median(_seconds(call, each) for _ in range(9)) for each in arguments) * 1e3


def _seconds(call: Callable[..., object], arguments: tuple[object, ...]) -> float:
    start = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - start
