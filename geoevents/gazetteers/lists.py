"""Reads a list of places, "A, B and C": a report that names several means none of them alone.

Knows commas and the words for "and", also an Arabic one written onto the word after it. Knows no places:
whether some words are a name is asked of whoever calls.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from geoevents.gazetteers.descriptors import Vocabulary, Words
from geoevents.gazetteers.phrases import comma_parts, words_of

IsName = Callable[[str], bool]

_AND_SIGN = re.compile(r"\s*[&＆+]\s*")
_ARABIC_AND = "و"


def listed(text: str, vocabulary: Vocabulary, is_name: IsName) -> tuple[str, ...]:
    """
    The members of a list, folded; none where the text is no list, such as "X, Y", or is a name as a whole.

    >>> both = {"descriptors": [], "and": {"en": ["and"], "ar": ["و"]}}
    >>> listed("Hasakah, Raqqa and Kobani", Vocabulary(both), lambda name: True)
    ()
    >>> listed("Hasakah, Raqqa and Kobani", Vocabulary(both), lambda name: " " not in name)
    ('hasakah', 'raqqa', 'kobani')
    """
    has_sign = _AND_SIGN.search(text) is not None
    if has_sign:
        text = _AND_SIGN.sub(f" {next((' '.join(words) for words in sorted(vocabulary.both)), '')} ", text)
    parts = [words_of(part) for part in comma_parts(text)]
    parts = [part for part in parts if part]
    if not parts or is_name(" ".join(parts[-1])):
        return ()
    # "X and Y" alone, without commas, is read with its descriptors (search.by_its_town).
    if len(parts) > 1 or has_sign:
        ends = _cut(parts[-1], vocabulary, is_name)
    else:
        ends = list(_at_arabic_and(parts[-1], is_name))
    if ends == [parts[-1]]:
        return ()
    return tuple(" ".join(member) for member in (*parts[:-1], *ends))


def _cut(words: Words, vocabulary: Vocabulary, is_name: IsName) -> list[Words]:
    """The last part of a list, cut at its "and" or "or", which may stand first after a comma."""
    leading = next((n for n in (3, 2, 1) if words[:n] in vocabulary.both and words[n:]), 0)
    if leading:
        return _cut(words[leading:], vocabulary, is_name)
    cut = vocabulary.split(words, vocabulary.both)
    if cut == [words]:
        alternatives = vocabulary.split(words, vocabulary.also)
        cut = alternatives if len(alternatives) > 1 else cut
    ends = [end for part in cut for end in _at_arabic_and(part, is_name)]
    if ends == [words] and words[0].startswith(_ARABIC_AND) and is_name(_without_and(words)):
        return [tuple(_without_and(words).split())]
    return ends


def _at_arabic_and(words: Words, is_name: IsName) -> Iterator[Words]:
    for at in range(1, len(words)):
        before, after = words[:at], words[at:]
        if after[0].startswith(_ARABIC_AND) and len(after[0]) > 2 and not is_name(" ".join(words)):
            rest = _without_and(after)
            if is_name(" ".join(before)) and is_name(rest):
                yield before
                yield from _at_arabic_and(tuple(rest.split()), is_name)
                return
    yield words


def _without_and(words: Words) -> str:
    return " ".join(words).removeprefix(_ARABIC_AND)
