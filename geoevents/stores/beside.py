"""A module of ours run in a process of its own and fed with lines, so that nobody here has to wait for it.

Knows how to start one and that it must end with us. Knows nothing of what it does.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import geoevents

_PORTION = 1_024


def fed(module: str, arguments: Sequence[str], lines: Iterable[bytes]) -> bool:
    """
    Run `python -P -m module arguments...` with these lines on its standard input; whether it said that all
    went well. What `lines` raises ends it. Raises OSError where it cannot be started, or ends before its
    input.
    """
    house = str(Path(geoevents.__file__).parent.parent)
    paths = os.pathsep.join([house, *filter(None, [os.environ.get("PYTHONPATH")])])
    # Without -P, a secrets.py in the folder we were started in would be run instead of Python's own.
    process = subprocess.Popen(  # noqa: S603 - this interpreter, with a module of ours
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=subprocess.PIPE, env=os.environ | {"PYTHONPATH": paths},
    )  # fmt: skip
    assert process.stdin is not None
    try:
        with process.stdin as pipe:
            pipe.writelines(_portions(lines))
    except BaseException:
        process.kill()
        raise
    finally:
        process.wait()
    return process.returncode == 0


def _portions(lines: Iterable[bytes]) -> Iterator[bytes]:
    walk = iter(lines)
    while part := list(islice(walk, _PORTION)):
        part.append(b"")
        yield b"\n".join(part)
