"""What each rung of the search ladder adds: where it is the first to find anything, and by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from costs import REGION
from scoring import KM, Name, kilometres, share

from geoevents.gazetteers import open_gazetteer
from geoevents.gazetteers.asking import Request
from geoevents.gazetteers.ranking import decide
from geoevents.gazetteers.search import RUNGS
from geoevents.places import Context


def by_rung(index: Path, sets: Mapping[str, Sequence[Name]]) -> Iterator[str]:
    """The country given. Right means that the first answer is within 10 km."""
    heads = ("first to find", "of these right", "right so far, of all", "alone it finds", "of these right")
    yield f"| names | rung | {' | '.join(heads)} |"
    yield f"|---|---|{'---:|' * len(heads)}"
    gazetteer = open_gazetteer(index, region=REGION)
    for kind, names in sets.items():
        left, so_far = set(range(len(names))), 0
        for rung in RUNGS:
            truths: dict[int, bool] = {}
            for at, name in enumerate(names):
                context = Context(country_code=name.country)
                request = Request(name.text, context, gazetteer.index, gazetteer.region)
                if found := rung(request):
                    candidates = decide(request, found).candidates
                    truths[at] = bool(candidates) and (
                        kilometres(candidates[0].place.position, name.point) <= KM[0]
                    )
            first = [right for at, right in truths.items() if at in left]
            left -= truths.keys()
            so_far += sum(first)
            total = f"{so_far / len(names):.0%}"
            cells = (len(first), _share(first), total, len(truths), _share(truths.values()))
            yield f"| {kind} | {rung.__name__.replace('_', ' ')} | {' | '.join(map(str, cells))} |"


def _share(truths: Collection[bool]) -> str:
    return f"{share(truths):.0%}" if truths else ""
