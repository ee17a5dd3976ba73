"""The words that a line says: its title, and all that `q` looks in.

Knows what searching.searchable says, once more, for lines. Knows nothing of how words are looked for.
"""

from __future__ import annotations

import msgspec

from geoevents.folding import fold


class _Translation(msgspec.Struct, gc=False):
    title: str | None = None
    description: str | None = None


class _Actor(msgspec.Struct, gc=False):
    name: str


class _Source(msgspec.Struct, gc=False):
    publisher: str | None = None
    said_by: str | None = None
    title: str | None = None
    quote: str | None = None


class _Said(msgspec.Struct, gc=False):
    title: str
    description: str | None = None
    place_name: str | None = None
    place_label: str | None = None
    admin1: str | None = None
    translations: dict[str, _Translation] = {}
    actors: list[_Actor] = []
    sources: list[_Source] = []
    tags: list[str] = []


class _Title(msgspec.Struct, gc=False):
    title: str


class _Worded(msgspec.Struct, gc=False):
    properties: _Said


class _Titled(msgspec.Struct, gc=False):
    properties: _Title


_WORDS = msgspec.json.Decoder(_Worded)
_TITLES = msgspec.json.Decoder(_Titled)


def title_of(line: bytes) -> str:
    return _TITLES.decode(line).properties.title


def searchable(line: bytes) -> str:
    """What searching.searchable() makes of the event of a line."""
    said = _WORDS.decode(line).properties
    texts = [said.title, said.description, said.place_name, said.place_label, said.admin1, *said.tags]
    for translation in said.translations.values():
        texts += [translation.title, translation.description]
    texts += [actor.name for actor in said.actors]
    for source in said.sources:
        texts += [source.publisher, source.said_by, source.title, source.quote]
    return fold(" \n ".join(text for text in texts if text))
