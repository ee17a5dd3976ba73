"""Numbers as tables in Markdown: a row for each who was measured, a column for each number of events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from benchmarks.speed.kept import Kept, Numbers

OURS = "geoevents"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|---|" + "---:|" * (len(heads) - 1)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def by_size(
    kept: Kept, part: str, cell: Callable[[Numbers], str], *, whos: Sequence[str] = (), head: str = ""
) -> Iterator[str]:
    """Rows of those that have anything to show; our own in bold."""
    sizes = kept.sizes(part)
    rows = []
    for who in whos or kept.whos(part):
        cells = [_cell(kept.get(part, who, size), cell) for size in sizes]
        lost = [kept.has(part, who, size) and not kept.get(part, who, size) for size in sizes]
        if any(cells) or any(lost):
            said = [each or ("failed" if failed else "–") for each, failed in zip(cells, lost, strict=True)]
            rows.append([f"**{who}**" if who == OURS else who, *said])
    yield from table([head, *(f"{size:,}" for size in sizes)], rows)


def _cell(numbers: Numbers, cell: Callable[[Numbers], str]) -> str:
    try:
        return cell(numbers) if numbers else ""
    except KeyError:
        return ""


def times(number: float) -> str:
    """
    How many times as much.

    >>> [times(ratio) for ratio in (0.4731, 1.26, 14.4, 1234.5)]
    ['0.47 x', '1.3 x', '14 x', '1,234 x']
    """
    if number < 1:
        return f"{number:.2f} x"
    return f"{number:.1f} x" if number < 10 else f"{number:,.0f} x"


def brief(number: float) -> str:
    """
    Two or three figures that count.

    >>> [brief(number) for number in (0.0421, 0.68, 2.34, 14.4, 290.2, 5712.0)]
    ['0.04', '0.68', '2.3', '14', '290', '5,712']
    """
    if number < 1:
        return f"{number:.2f}"
    return f"{number:.1f}" if number < 10 else f"{number:,.0f}"


def ratio(kept: Kept, part: str, key: str, *, to: str, size: int, of: str = OURS) -> float | None:
    """How many times `of`'s number `to` has; None where either was not measured."""
    ours, theirs = kept.get(part, of, size).get(key), kept.get(part, to, size).get(key)
    return theirs / ours if ours and theirs is not None else None


def beside(
    kept: Kept,
    part: str,
    what: str,
    cell: Callable[[Numbers], str],
    whos: Sequence[str],
    *,
    size: int = 100_000,
) -> Iterator[tuple[str, str, str]]:
    """A row of the README: what we do, what the others do, with so many events; none where we have none."""
    found = {who: _cell(kept.get(part, who, size), cell) for who in whos}
    others = ", ".join(f"{who} {said}" for who, said in found.items() if said and who != OURS)
    if found.get(OURS):
        yield f"{what}, {size:,} events", f"**{found[OURS]}**", others
