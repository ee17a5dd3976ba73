"""Every part of a text that could be the name of a place, before anything is weighed.

Knows capitals, and the small words that may stand inside a name. Knows the gazetteer as a list of names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from geoevents.folding import name_key
from geoevents.gazetteers import KnownNames
from geoevents.gazetteers.known_names import NameFacts
from geoevents.geoparsing.symbols import symbols_of
from geoevents.geoparsing.tokens import Token, tokens_of
from geoevents.geoparsing.word_lists import WordLists

_MOST_WORDS, _MOST_TOKENS = 6, 11
# No name is so long as this: behind it, in a table or a shout, only single words are looked at.
_LONG_ROW = 30
# An area may be named without a capital, "the areas it seized", never in a word or two.
_FEWEST_SMALL_WORDS = 4
_SMALL_INSIDE = ("inner", "lower_article", "place_noun", "area_word", "direction", "site_modifier")
_KURMANJI_ENDINGS, _SHORTEST_STEM = ("yê", "ê", "yî", "î"), 4
_HYPHENS = "-‐‑–"
# What may be written small behind a name and belong to it: "X prison".
SITE_KINDS = frozenset(
    ("crossing", "camp", "prison", "dam", "oil_field", "military_base", "site", "natural", "river")
)
_AREA_KINDS = frozenset(("area",))


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    Tokens `first` to `last`, the last included; `words` are those that are no signs. `is_certain` if nothing
    else can be meant: "X crossing", where we know a crossing of that name.
    """

    first: int
    last: int
    start: int
    end: int
    key: str
    words: tuple[int, ...]
    facts: NameFacts | None = None
    is_certain: bool = False


@dataclass(frozen=True)
class ReadText:
    """A text with its tokens, a symbol for each, and its candidates by their start."""

    text: str
    tokens: list[Token]
    symbols: list[str]
    candidates: list[Candidate]


def read_text(text: str, names: KnownNames, lists: WordLists) -> ReadText:
    tokens = tokens_of(text, lists["abbreviation"], lists["turkish_ending"])
    raw = list(_raw(text, tokens, lists))
    known = dict(names.known({candidate.key for candidate in raw}))
    raw = list(_without_endings(text, raw, names, known))
    candidates = [
        replace(c, facts=facts, is_certain=_is_certain(c, tokens, lists, facts))
        for c in raw
        for facts in (known.get(c.key),)
        if _is_fit(c, tokens, lists, facts)
    ]
    candidates += list(_joined(tokens, candidates, lists))
    return ReadText(text, tokens, symbols_of(tokens, lists), candidates)


def _raw(text: str, tokens: Sequence[Token], lists: WordLists) -> Iterator[Candidate]:
    in_a_row = 0
    for first in range(len(tokens)):
        in_a_row = in_a_row + 1 if tokens[first].is_capital or tokens[first].glued else 0
        if not _may_begin(tokens, first, lists):
            continue
        most = _MOST_WORDS if in_a_row < _LONG_ROW else 1
        words: list[int] = []
        for last in range(first, min(first + _MOST_TOKENS, len(tokens))):
            if last > first and not _goes_on(tokens, last, lists):
                break
            if tokens[last].is_word or tokens[last].kind == "number":
                words.append(last)
            if len(words) > most:
                break
            if _may_end(tokens, first, last, lists):
                start, end = tokens[first].start, tokens[last].end
                key = _key(text[start:end], [tokens[at] for at in words], lists)
                if len(key) > 1:
                    yield Candidate(first, last, start, end, key, tuple(words))


def _without_endings(
    text: str, raw: Sequence[Candidate], names: KnownNames, known: dict[str, NameFacts]
) -> Iterator[Candidate]:
    """An unknown name without its Kurmanji ending ("X" of "Xê"), where that is a name; `known` grows."""
    stems: dict[str, tuple[str, int]] = {}
    for candidate in raw:
        written = text[candidate.start : candidate.end]
        ending = next((e for e in _KURMANJI_ENDINGS if written.endswith(e)), "")
        if ending and candidate.key not in known and len(written) - len(ending) >= _SHORTEST_STEM:
            stems[candidate.key] = name_key(written[: -len(ending)]), len(ending)
    if stems:
        known |= names.known({stem for stem, _ in stems.values()})
    for candidate in raw:
        stem, length = stems.get(candidate.key, ("", 0))
        yield replace(candidate, key=stem, end=candidate.end - length) if stem in known else candidate


def _key(written: str, words: Sequence[Token], lists: WordLists) -> str:
    """ "X border crossing" and "X crossing" are one name."""
    if words[-1].is_capital or len(words) < 3 or words[-2].folded not in lists["site_modifier"]:
        return name_key(written)
    return name_key(" ".join(word.text for word in (*words[:-2], words[-1])))


def _may_begin(tokens: Sequence[Token], at: int, lists: WordLists) -> bool:
    token = tokens[at]
    if token.is_capital:
        return not (token.glued and at and tokens[at - 1].kind == "number")
    if token.kind == "number":  # "42nd Street"
        return at + 1 < len(tokens) and tokens[at + 1].folded in lists["road_noun"] and not token.glued
    if not token.is_word or at + 1 >= len(tokens):
        return False
    after = tokens[at + 1]
    if token.folded in lists["lower_article"]:
        return after.text in _HYPHENS and at + 2 < len(tokens) and tokens[at + 2].is_capital
    if token.folded in lists["direction"]:
        return after.is_capital or after.text in _HYPHENS or after.folded in lists["conjunction"]
    return token.folded in lists["area_head"]


def _goes_on(tokens: Sequence[Token], at: int, lists: WordLists) -> bool:
    """Whether a name may go on with a token, given those before it."""
    token, before = tokens[at], tokens[at - 1]
    if token.text in _HYPHENS and token.kind == "sign":
        return token.glued and before.is_word
    if before.text in _HYPHENS and before.kind == "sign":
        return token.glued and token.is_word
    if token.glued or not _are_near(before, token):
        return False
    if token.kind == "number":
        return before.folded in lists["road_head"]
    return token.is_capital or any(token.folded in lists[name] for name in _SMALL_INSIDE)


def _are_near(before: Token, token: Token) -> bool:
    return token.start - before.end <= 2 and token.kind != "line" and before.kind != "line"


def _may_end(tokens: Sequence[Token], first: int, last: int, lists: WordLists) -> bool:
    token = tokens[last]
    if token.is_capital:
        return True
    if token.kind == "number":
        return last > first
    return last > first and (token.folded in lists["place_noun"] or token.folded in lists["area_word"])


def _is_fit(candidate: Candidate, tokens: Sequence[Token], lists: WordLists, facts: NameFacts | None) -> bool:
    """Small letters at an edge, and links inside, must be those of a name we know."""
    words = [tokens[at] for at in candidate.words]
    kinds = facts.kinds if facts else frozenset()
    if candidate.key in lists["group_key"] or _heads_a_unit(candidate, tokens, lists):
        return False
    small = [word for word in words if word.is_word and not word.is_capital]
    if len(small) == len(words) < _FEWEST_SMALL_WORDS:
        return False
    if any(word.folded in lists["area_word"] or word.folded in lists["direction"] for word in small):
        return bool(kinds & _AREA_KINDS)
    if all(word.folded in lists["demonym"] for word in words if word.is_capital):
        return False
    if small and small[-1] is words[-1]:
        return bool(kinds & SITE_KINDS)
    return bool(facts) or _is_well_linked(words[0], small, lists)


def _heads_a_unit(candidate: Candidate, tokens: Sequence[Token], lists: WordLists) -> bool:
    """ "X Brigade" is named after X, and fights elsewhere."""
    behind = tokens[candidate.last + 1] if candidate.last + 1 < len(tokens) else None
    return behind is not None and behind.is_capital and behind.folded in lists["armed_unit"]


def _is_well_linked(first: Token, small: Sequence[Token], lists: WordLists) -> bool:
    """An unknown name may have "of" inside only behind a word such as "Gulf", and never "and"."""
    inside = {word.folded for word in small if word is not first}
    if inside & lists["conjunction"] or inside & lists["place_noun"]:
        return False
    return "of" not in inside or first.folded in lists["place_noun"]


def _is_certain(
    candidate: Candidate, tokens: Sequence[Token], lists: WordLists, facts: NameFacts | None
) -> bool:
    """An entry of ours whose name also says what it is."""
    if facts is None or not facts.has_ours or not facts.kinds & (SITE_KINDS | _AREA_KINDS):
        return False
    words = {tokens[at].folded for at in candidate.words}
    return len(words) > 1 and any(words & lists[name] for name in ("place_noun", "area_word", "direction"))


def _joined(
    tokens: Sequence[Token], candidates: Sequence[Candidate], lists: WordLists
) -> Iterator[Candidate]:
    """ "X/Y", two names of one place, with what may stand behind the second; "X-Y" of two countries."""
    begins: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.facts:
            begins.setdefault(candidate.first, []).append(candidate)
    for left in candidates:
        sign = tokens[left.last + 1].text if left.last + 1 < len(tokens) else ""
        behind = begins.get(left.last + 2, ())
        if left.facts is None or not behind or tokens[left.first].folded in lists["article"]:
            continue
        right = max(behind, key=lambda each: each.last)
        if sign == "/" and any(each.facts and each.facts.places & left.facts.places for each in behind):
            yield Candidate(
                left.first, right.last, left.start, right.end, left.key + right.key,
                left.words + right.words, right.facts, is_certain=True,
            )  # fmt: skip
        elif sign in _HYPHENS and _is_country(left) and _is_country(right):
            yield replace(left, is_certain=True)
            yield replace(right, is_certain=True)


def _is_country(candidate: Candidate) -> bool:
    return candidate.facts is not None and "country" in candidate.facts.kinds
