"""What each word of a sentence is told as: as having happened, or as a demand, a fear, a denial, a quotation.

Knows clauses and how far a word such as "called for" or "not" reaches. Knows no events.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geoevents.geoparsing.drafting.phrases import Word
from geoevents.geoparsing.drafting.sentences import Sentence
from geoevents.geoparsing.drafting.vocabulary import ContextPhrases, Vocabulary


@dataclass(frozen=True, slots=True)
class Scopes:
    """`of[n]` are the contexts that word n of the text stands in; `clauses` the words that begin one."""

    sentence: Sentence
    of: dict[int, frozenset[str]]
    clauses: tuple[int, ...]
    whole: frozenset[str]

    def at(self, word: int) -> frozenset[str]:
        return self.of.get(word, self.whole)

    def clause_of(self, word: int) -> tuple[int, int]:
        """The words from first to before end of the clause around a word."""
        first = max((each for each in self.clauses if each <= word), default=self.sentence.body)
        end = min((each for each in self.clauses if each > word), default=self.sentence.last)
        return first, end


def read_scopes(words: Sequence[Word], sentence: Sentence, vocabulary: Vocabulary) -> Scopes:
    """The contexts of every word of a sentence."""
    clauses = tuple(_clauses(words, sentence, vocabulary))
    found: dict[int, set[str]] = {}
    whole: set[str] = set()
    hits = list(vocabulary.contexts.find(words, sentence.body, sentence.last))
    # "لا يزال" and "not only" begin as a negation does, and are none.
    still = {hit.first for hit in hits if hit.payload.context == "still"}
    for hit in hits:
        said = hit.payload
        if hit.first in still:
            continue
        if said.scope == "sentence":
            whole.add(said.context)
            continue
        for at in _reach(said, hit.first, hit.last, words, sentence, clauses):
            found.setdefault(at, set()).add(said.context)
    for at in sentence.quoted:
        found.setdefault(at, set()).add("quote")
    if sentence.is_question:
        whole.add("hypothetical")
    everywhere = frozenset(whole)
    return Scopes(sentence, {at: everywhere | each for at, each in found.items()}, clauses, everywhere)


def _clauses(words: Sequence[Word], sentence: Sentence, vocabulary: Vocabulary) -> Iterator[int]:
    starts = {sentence.body}
    starts |= {hit.first for hit in vocabulary.words["clause"].find(words, sentence.body, sentence.last)}
    yield from sorted(starts)


def _reach(
    said: ContextPhrases, first: int, last: int, words: Sequence[Word], sentence: Sentence,
    clauses: Sequence[int],
) -> range:  # fmt: skip
    if said.scope == "before":
        start = max((each for each in clauses if each <= first), default=sentence.body)
        return range(start, first)
    end = min((each for each in clauses if each > last), default=sentence.last)
    if said.until == "comma":
        end = next((each for each in range(last + 1, end) if words[each].parted), end)
    return range(last + 1, end)
