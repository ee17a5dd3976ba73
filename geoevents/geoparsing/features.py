"""What speaks for or against each candidate: its words, its neighbours, what the gazetteer knows of it.

Knows how evidence is named; what each is worth, weighing.py knows. Knows no single place and no single word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from geoevents.geoparsing.candidates import Candidate, ReadText
from geoevents.geoparsing.symbols import EDGE
from geoevents.geoparsing.word_lists import WordLists

_PERSON_BEFORE = frozenset("FBIT")
# Datelines stand at the head of a report.
_DATELINES_END = 400
_NO_PERSON_BEFORE = frozenset("DWRJO")
_JOINTS = {",": "comma", "=and": "and", "&": "and", "/": "and", "-": "dash"}
_SENTENCE_ENDS = frozenset(".!?:")


@dataclass(frozen=True)
class Evidence:
    """Reads a text's candidates one after the other; what the whole text says is gathered once."""

    read: ReadText
    lists: WordLists

    def of(self, candidate: Candidate) -> list[str]:
        """The names of what is true of a candidate."""
        known = _known(candidate)
        pattern = self._pattern(candidate)
        before, before2 = self._symbol(candidate.first - 1), self._symbol(candidate.first - 2)
        after, after2 = self._symbol(candidate.last + 1), self._symbol(candidate.last + 2)
        found = [
            "any", f"k {known}", f"p {pattern}", f"pk {pattern} {known[:2]}",
            f"b {before}", f"bb {before2} {before}", f"a {after}", f"aa {after} {after2}",
            f"bk {before} {known[:2]}", f"ak {after} {known[:2]}", f"ba {before} {after}",
            f"bp {before} {pattern}", f"pa {pattern} {after}",
        ]  # fmt: skip
        if len(candidate.words) > 1:
            first, last = self._symbol(candidate.words[0]), self._symbol(candidate.words[-1])
            found += [
                f"ends {last}",
                f"ends {last} {known[:2]}",
                f"heads {first}",
                f"heads {first} {known[:2]}",
            ]
            found += [f"b ends {before} {last}", f"a ends {last} {after}"]
        found += self._of_the_gazetteer(candidate, pattern)
        found += self._of_the_spelling(candidate)
        found += self._of_the_text(candidate, known)
        found += self._of_commas(candidate, known)
        return found

    def _symbol(self, at: int) -> str:
        return self.read.symbols[at] if 0 <= at < len(self.read.symbols) else EDGE

    def _pattern(self, candidate: Candidate) -> str:
        return "".join(self.read.symbols[at][:3] for at in candidate.words[:4])

    def _of_the_gazetteer(self, candidate: Candidate, pattern: str) -> Iterator[str]:
        facts = candidate.facts
        if facts is None:
            return
        size = _size(facts.population)
        first = _size(facts.as_first_name) if facts.as_first_name >= 0 else "-"
        yield f"size {size}"
        yield f"first {first}"
        yield f"firstp {first} {pattern}"
        yield f"many {min(len(facts.places).bit_length(), 5)}"
        for kind in sorted(facts.kinds):
            yield f"kind {kind}"
            yield f"kindp {kind} {pattern}"

    def _of_the_spelling(self, candidate: Candidate) -> Iterator[str]:
        tokens = self.read.tokens
        last = tokens[candidate.last]
        yield f"words {len(candidate.words)} {'known' if candidate.facts else ''}"
        if any(tokens[at].glued for at in candidate.words[1:]):
            yield f"hyphen {'known' if candidate.facts else ''}"
        if last.is_word:
            word = last.folded
            ending = next((word[-n:] for n in (7, 6, 5, 4, 3, 2) if word[-n:] in self._endings), None)
            if ending and len(word) > len(ending) + 1:
                yield "ending"
                yield f"ending {ending}"
            if word.endswith(("ian", "ians", "ese", "ish", "ists", "ers", "ing", "tion", "ism")):
                yield "no ending"
            if len(word) < 4:
                yield f"short {len(word)} {bool(candidate.facts)}"
        if self._is_loud(candidate):
            yield "loud"
            yield f"loud {bool(candidate.facts)} {len(candidate.words)}"

    @cached_property
    def _endings(self) -> frozenset[str]:
        return self.lists["place_ending"]

    def _is_loud(self, candidate: Candidate) -> bool:
        words = [self.read.tokens[at].text for at in candidate.words]
        return all(word.isupper() for word in words) and any(len(word) > 4 for word in words)

    def _of_the_text(self, candidate: Candidate, known: str) -> Iterator[str]:
        tokens = self.read.tokens
        if self._begins_sentence(candidate.first):
            yield "begin"
            yield f"begin {known[:2]} {self._pattern(candidate)}"
            yield f"begin {self._pattern(candidate)} {self._symbol(candidate.last + 1)}"
        words = [tokens[at] for at in candidate.words]
        if len(words) == 1 and words[0].folded in self._written_small:
            yield "small elsewhere"
        if words[-1].folded in self._people:
            yield f"person {len(words)}"
        if len(words) > 1 and words[0].folded in self._people:
            yield "person first"
        if candidate.key in self._placed:
            yield f"placed {known[:2]}"
        longer = self._longer.get(candidate.first), self._longer_by_end.get(candidate.last)
        if longer[0] is not None and longer[0] > candidate.last:
            yield "inside known"
        if longer[1] is not None and longer[1] < candidate.first:
            yield "end of known"
        if self._is_dateline(candidate):
            yield "dateline"
            yield f"dateline {known[:2]}"
        yield from self._of_the_run(candidate, known)

    def _of_the_run(self, candidate: Candidate, known: str) -> Iterator[str]:
        """Whether capitals go on before and behind, and what the whole of them looks like."""
        first, last = self._run_of[candidate.first], self._run_end[candidate.last]
        goes_before, goes_behind = first < candidate.first, last > candidate.last
        yield f"run {goes_before} {goes_behind} {known[:2]}"
        if goes_before or goes_behind:
            head = "".join(self._symbol(at)[:2] for at in range(first, min(last + 1, first + 6)))
            if last - first < 6:
                place = candidate.first - first
                yield f"whole {head} {place} {len(candidate.words)}"
            end = self._symbol(last)
            yield f"run end {end} {goes_before} {known[:2]}"

    def _of_commas(self, candidate: Candidate, known: str) -> Iterator[str]:
        """ "X, State", lists, "X-Y border": what is joined to it, and by what."""
        joint = self._symbol(candidate.last + 1)
        if joint in _JOINTS:
            yield f"{_JOINTS[joint]} {self._class_at(candidate.last + 2)} {known[:2]}"
        joint = self._symbol(candidate.first - 1)
        if joint in _JOINTS:
            yield f"after {_JOINTS[joint]} {self._class_ending(candidate.first - 2)} {known[:2]}"

    def _class_at(self, at: int) -> str:
        return self._strongest_from.get(at, "") or self._symbol(at)

    def _class_ending(self, at: int) -> str:
        return self._strongest_to.get(at, "") or self._symbol(at)

    def _begins_sentence(self, at: int) -> bool:
        before = at - 1
        while before >= 0 and self.read.symbols[before] in ('"', "'", "(", "["):
            before -= 1
        return (
            before < 0 or self.read.symbols[before] == EDGE or self.read.tokens[before].text in _SENTENCE_ENDS
        )

    def _is_dateline(self, candidate: Candidate) -> bool:
        """At the beginning of a line, and a dash or an agency in brackets follows soon."""
        at = candidate.first
        if at > _DATELINES_END or self._symbol(at - 1) not in (EDGE, ",", "."):
            return False
        signs = [self._symbol(behind) for behind in range(candidate.last + 1, candidate.last + 8)]
        return "-" in signs and all(
            s in ("-", ",", "(", ")", "9", "M", EDGE) or s[0].isupper() for s in signs[: signs.index("-")]
        )

    @cached_property
    def _written_small(self) -> frozenset[str]:
        return frozenset(t.folded for t in self.read.tokens if t.kind == "word" and not t.is_capital)

    @cached_property
    def _people(self) -> frozenset[str]:
        """Last words of what looks like a person: behind a first name, an initial or a title."""
        return frozenset(
            self.read.tokens[at].folded
            for at in range(1, len(self.read.tokens))
            if self.read.symbols[at] in ("S", "B", "U", "F", "C")
            and self.read.symbols[at - 1] in _PERSON_BEFORE
            and self.read.tokens[at].is_capital
            and self.read.tokens[at].start - self.read.tokens[at - 1].end == 1
            and self._symbol(at + 1) not in _NO_PERSON_BEFORE
        )

    @cached_property
    def _placed(self) -> frozenset[str]:
        """Names that stand behind "in" or before a comma and a country somewhere in the text."""
        return frozenset(
            c.key for c in self.read.candidates if self._symbol(c.first - 1) in ("=in", "=near", "=at")
        )

    @cached_property
    def _longer(self) -> dict[int, int]:
        ends: dict[int, int] = {}
        for c in self.read.candidates:
            if c.facts:
                ends[c.first] = max(c.last, ends.get(c.first, -1))
        return ends

    @cached_property
    def _longer_by_end(self) -> dict[int, int]:
        begins: dict[int, int] = {}
        for c in self.read.candidates:
            if c.facts:
                begins[c.last] = min(c.first, begins.get(c.last, c.first))
        return begins

    @cached_property
    def _strongest_from(self) -> dict[int, str]:
        return _strongest((c.first, c) for c in self.read.candidates)

    @cached_property
    def _strongest_to(self) -> dict[int, str]:
        return _strongest((c.last, c) for c in self.read.candidates)

    @cached_property
    def _run_of(self) -> list[int]:
        """For each token the first of the capitals that it goes on from."""
        firsts: list[int] = []
        for at in range(len(self.read.tokens)):
            firsts.append(firsts[at - 1] if at and self._is_joined(at) else at)
        return firsts

    @cached_property
    def _run_end(self) -> list[int]:
        ends = list(range(len(self.read.tokens)))
        for at in range(len(ends) - 2, -1, -1):
            if self._is_joined(at + 1):
                ends[at] = ends[at + 1]
        return ends

    def _is_joined(self, at: int) -> bool:
        token, before = self.read.tokens[at], self.read.tokens[at - 1]
        return token.is_capital and before.is_capital and token.start - before.end == 1


def _strongest(placed: Iterator[tuple[int, Candidate]]) -> dict[int, str]:
    """Of the candidates that begin (or end) at a token what the best known of them is."""
    best: dict[int, str] = defaultdict(str)
    for at, candidate in placed:
        if candidate.facts:
            best[at] = max(best[at], _standing(candidate))
    return best


def _standing(candidate: Candidate) -> str:
    kinds = candidate.facts.kinds if candidate.facts else frozenset()
    if "country" in kinds:
        return "4country"
    if kinds & {"admin1", "admin2", "area"}:
        return "3area"
    return "2city" if candidate.facts and candidate.facts.as_first_name > 100_000 else "1known"


def _known(candidate: Candidate) -> str:
    """How well it is known, the shortest first: two letters that join with others, then all of it."""
    facts = candidate.facts
    if facts is None:
        return "no"
    if "country" in facts.kinds:
        return "co"
    if facts.kinds & {"admin1", "admin2", "area", "natural", "river"}:
        return "ar"
    if facts.as_first_name < 0:
        return f"al {_size(facts.population)}"
    return f"{'bi' if facts.as_first_name > 100_000 else 'kn'} {_size(facts.as_first_name)}"


def _size(population: int) -> int:
    """0 to 8: the number of digits of a population."""
    return len(str(population)) if population > 0 else 0
