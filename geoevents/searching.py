"""Words that are looked for: in which texts of an event, and by which other names of a place they stand for.

Knows one event and one search at a time. Knows nothing of other parameters, nor of what a place is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from geoevents.events import Content
from geoevents.folding import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """
    Some words of `q` in a row that name a place: an event that has not these words has its other `names`,
    or happened there.
    """

    words: tuple[str, ...]
    names: tuple[str, ...]
    place_ids: tuple[str, ...]


def searchable(event: Content) -> str:
    """The folded words that `q` looks in: title, description, translations, place, actors, sources, tags."""
    texts: list[str | None] = [
        event.title,
        event.description,
        event.place_name,
        event.place_label,
        event.admin1,
        *event.tags,
    ]
    for translation in event.translations:
        texts += [translation.title, translation.description]
    texts += [actor.name for actor in event.actors]
    for source in event.sources:
        texts += [source.publisher, source.said_by, source.title, source.quote]
    return fold(" \n ".join(text for text in texts if text))


def word_groups(
    q: str, alternatives: Iterable[Alternative]
) -> Iterator[tuple[tuple[str, ...], Alternative | None]]:
    """The folded words of `q`, those in a row that name a place together, each with its alternative."""
    words = fold(q).split()
    while words:
        named = next((each for each in alternatives if words[: len(each.words)] == [*each.words]), None)
        count = len(named.words) if named else 1
        yield tuple(words[:count]), named
        words = words[count:]


def has_name(haystack: str, name: str) -> bool:
    """
    Whether folded words have a name in them, from the beginning of a word on.

    >>> has_name("near ayn arab today", "ayn arab"), has_name("hayn arab", "ayn arab")
    (True, False)
    """
    return bool(name) and f" {name}" in f" {haystack}"


def has_words(event: Content, q: str, alternatives: Sequence[Alternative] = ()) -> bool:
    """
    Whether an event has every word of `q`, each in any of its words: "ate" finds "gate".

    Instead of words that name a place it may have another name of it, or have happened there.
    """
    # What folds to nothing, such as "???", is found nowhere rather than everywhere.
    groups = list(word_groups(q, alternatives))
    haystack = searchable(event) if groups else ""
    return bool(groups) and all(_has_group(*group, event, haystack) for group in groups)


def _has_group(words: tuple[str, ...], named: Alternative | None, event: Content, haystack: str) -> bool:
    if all(word in haystack for word in words):
        return True
    if named is None:
        return False
    return event.place_id in named.place_ids or any(has_name(haystack, fold(each)) for each in named.names)
