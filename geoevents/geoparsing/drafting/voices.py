"""Who says what a sentence tells: "X said", "according to X", and "it added", which is whoever spoke before.

Knows verbs of saying and where a name ends. Knows nothing of events.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geoevents.geoparsing.drafting.acting import Named
from geoevents.geoparsing.drafting.phrases import Hit, Word
from geoevents.geoparsing.drafting.scopes import Scopes
from geoevents.geoparsing.drafting.vocabulary import Vocabulary

_MOST_WORDS = 12
_MOST_OF_NAME = 9
_PASSIVE = frozenset(("was", "were", "been", "be", "is", "are", "being"))


@dataclass(frozen=True, slots=True)
class Voice:
    """
    `name` says it, as written; `ids` are the actors that may be meant. Words `first` to `last` are the verb
    of saying; `started` is the first word of whatever is said by whom, name included, for a title to leave
    out.
    """

    name: str
    ids: frozenset[str]
    first: int
    last: int
    started: int
    ended: int


def read_voice(
    words: Sequence[Word], text: str, scopes: Scopes, named: Sequence[Named], vocabulary: Vocabulary,
    before: Voice | None,
) -> Voice | None:  # fmt: skip
    """Who says a sentence, None where it does not say; `before` is who spoke last."""
    reader = _Reader(words, text, scopes, named, vocabulary, before)
    for read in (reader.before_verb, reader.after_verb, reader.before_according):
        if (voice := read()) is not None:
            return voice
    return None


@dataclass(frozen=True, slots=True)
class _Reader:
    words: Sequence[Word]
    text: str
    scopes: Scopes
    named: Sequence[Named]
    vocabulary: Vocabulary
    before: Voice | None

    def before_verb(self) -> Voice | None:
        """ "X said", "it called for"."""
        for hit in self._hits("said_after_name"):
            start = self._start_of_clause(hit.first)
            if hit.first - start < 1 or self.words[hit.first - 1].folded in _PASSIVE:
                continue
            if voice := self._named(hit, start, hit.first, start, hit.last):
                return voice
        return None

    def after_verb(self) -> Voice | None:
        """ "according to X", "said X", «قال X إن»."""
        for hit in self._hits("name_after_said"):
            first = hit.last + 1
            if first >= self.scopes.sentence.last or self.words[first].parted:
                continue
            end = self._end_of_name(first)
            if (
                first < end
                and not self._is_day(first)
                and (voice := self._named(hit, first, end, hit.first, end - 1))
            ):
                return voice
        return None

    def before_according(self) -> Voice | None:
        """Turkish: "X'e göre"."""
        for hit in self._hits("name_before_according"):
            start = max(self._start_of_clause(hit.first), hit.first - 5)
            if voice := self._named(hit, start, hit.first, start, hit.last):
                return voice
        return None

    def _is_day(self, at: int) -> bool:
        return self.vocabulary.weekdays.any(self.words, at, at + 1)

    def _hits(self, name: str) -> list[Hit[None]]:
        sentence = self.scopes.sentence
        hits = self.vocabulary.words[name].find(self.words, sentence.body, sentence.last)
        return [hit for hit in hits if "quote" not in self.scopes.at(hit.first)]

    def _start_of_clause(self, at: int) -> int:
        start = self.scopes.clause_of(at)[0]
        for each in range(at - 1, start - 1, -1):
            if self.words[each].parted:
                return each
        return max(start, at - _MOST_WORDS)

    def _end_of_name(self, first: int) -> int:
        last = min(self.scopes.sentence.last, first + _MOST_OF_NAME)
        stop = next((at for at in range(first + 1, last) if self.words[at].parted), last)
        within = next((each for each in self.named if each.first <= first <= each.last), None)
        beyond = within.last + 1 if within else first + 1
        ends = self.vocabulary.words["name_ends"].find(self.words, beyond, stop)
        return max(min((hit.first for hit in ends), default=stop), beyond)

    def _named(self, hit: Hit[None], start: int, end: int, started: int, ended: int) -> Voice | None:
        """Whoever the words `start` to before `end` name: an actor first, else as they stand."""
        actor = next((each for each in self.named if start <= each.first < end), None)
        if actor is not None and not all(each.kind == "people" for each in actor.actors):
            return Voice(actor.name, actor.ids, hit.first, hit.last, started, ended)
        if self.vocabulary.words["same_voice"].any(self.words, start, min(start + 2, end)):
            if self.before is None:
                return None
            return Voice(self.before.name, self.before.ids, hit.first, hit.last, started, ended)
        if end - start > _MOST_OF_NAME or not self.words[start].text[:1].isalpha():
            return None
        name = self.text[self.words[start].start : self.words[end - 1].end]
        return Voice(" ".join(name.split()), frozenset(), hit.first, hit.last, started, ended)
