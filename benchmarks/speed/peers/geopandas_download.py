"""The same events out of geopandas: geopandas_download.py COLLECTION, filters as JSON on standard input.

A filter is a type, a first and a last day. Writes the seconds it takes to read the file and to write all of
it, and of each filter the seconds and the number of events found.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import geopandas

MOST_BYTES = 18 * 2**30


def main() -> None:
    # Better no answer than a machine without memory.
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    read, frame = seconds(lambda: geopandas.read_file(sys.argv[1]))
    days = frame["date_start"].astype(str).str[:10]
    whole, _ = seconds(lambda: frame.to_json(default=str))
    filtered = []
    for event_type, first, last in json.load(sys.stdin):

        def found(kind: str = event_type, since: str = first, until: str = last) -> Any:
            chosen = frame[(frame["event_type"] == kind) & (days >= since) & (days <= until)]
            return len(chosen), chosen.to_json(default=str)

        taken, (count, _) = seconds(found)
        filtered.append([taken, count])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    json.dump({"read": read, "whole": whole, "filtered": filtered, "memory": memory}, sys.stdout)


def seconds(deed: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = deed()
    return time.perf_counter() - start, found


if __name__ == "__main__":
    main()
