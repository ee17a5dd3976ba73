"""The parts of an event that have parts."""

from __future__ import annotations

import json
from datetime import date

import pytest

from geoevents import record_parts as parts
from geoevents.events import About, AboutRole, Actor, ActorRole, Translation
from geoevents.places import LonLat
from geoevents.record_fields import Findings
from geoevents.sources import Source


def read(reader, value, name, *, from_texts=False):
    """What is made of a value; nothing may be wrong with it."""
    findings = Findings(from_texts=from_texts)
    made = findings.take(reader, value, name)
    assert findings.problems == []
    assert findings.unknown == {}
    return made


def problems(reader, value, name) -> list[str | None]:
    findings = Findings()
    findings.take(reader, value, name)
    return [problem.field for problem in findings.problems]


def test_a_source_has_all_its_parts():
    entry = {
        "publisher": "The Daily",
        "said_by": "A spokesperson",
        "title": "Bridge bombed",
        "url": "https://example.org/1",
        "archived_url": "https://archive.example.org/1",
        "published": "2022-01-21",
        "accessed": "2022-01-22",
        "quote": "It fell.\nAll of it.",
        "report_id": "r-1",
        "confidential": True,
        "says": {"date": "20 January 2022", "place": "at the bridge", "fatalities": 3},
    }

    assert read(parts.sources, [entry], "sources") == (
        Source(
            publisher="The Daily",
            said_by="A spokesperson",
            title="Bridge bombed",
            url="https://example.org/1",
            archived_url="https://archive.example.org/1",
            published=date(2022, 1, 21),
            accessed=date(2022, 1, 22),
            quote="It fell.\nAll of it.",
            report_id="r-1",
            confidential=True,
            says={"date": "2022-01-20", "place": "at the bridge", "fatalities": 3},
        ),
    )


def test_what_a_source_leaves_out_is_unknown():
    nulls = {"publisher": "The Daily", "url": None, "confidential": None, "says": {"place": None}}

    assert read(parts.sources, [nulls], "sources") == (Source(publisher="The Daily"),)


@pytest.mark.parametrize(
    "empty", [{}, {"confidential": False}, {"publisher": " "}, {"published": "2022-01-21"}]
)
def test_a_source_says_something(empty):
    assert problems(parts.sources, [{"publisher": "x"}, empty], "sources") == ["sources[1]"]


def test_a_bad_source_is_told_once():
    assert problems(parts.sources, [{"url": "file:///x"}], "sources") == ["sources[0].url"]


def test_actors_have_a_name_and_a_role():
    entries = [{"name": "Guards", "role": "side_a"}, {"name": "Town", "actor_id": "t-1", "role": "affected"}]

    assert read(parts.actors, entries, "actors") == (
        Actor(name="Guards", role=ActorRole.SIDE_A),
        Actor(name="Town", actor_id="t-1", role=ActorRole.AFFECTED),
    )
    assert problems(parts.actors, [{"name": "Guards"}, {"role": "side_a"}, {}], "actors") == [
        "actors[0].role",
        "actors[1].name",
        "actors[2].name",
        "actors[2].role",
    ]


def test_about_names_a_place_or_a_position():
    entries = [
        {"place_id": "own:camp", "role": "demands"},
        {"place_label": "The crossing", "lon": 41.9, "lat": 36},
        {"lon": 41.9, "lat": 36.1, "role": "alleges"},
    ]

    assert read(parts.about, entries, "about") == (
        About(place_id="own:camp", role=AboutRole.DEMANDS),
        About(place_label="The crossing", position=LonLat(41.9, 36.0)),
        About(position=LonLat(41.9, 36.1), role=AboutRole.ALLEGES),
    )
    assert problems(parts.about, [{"role": "concerns"}, {"lon": 1}, {"lon": 1, "lat": 91}], "about") == [
        "about[0]",
        "about[1].lat",
        "about[2].lat",
    ]


def test_translations_go_by_their_language():
    value = {"ar": {"title": "جسر"}, "kmr": {"title": "Pir", "description": "a\nb"}, "tr": {}}

    assert read(parts.translations, value, "translations") == (
        Translation(lang="ar", title="جسر"),
        Translation(lang="kmr", title="Pir", description="a\nb"),
    )
    assert problems(parts.translations, {"ar": {"title": "x"}, " ar": {"title": "y"}}, "translations") == [
        "translations. ar"
    ]
    assert problems(
        parts.translations, {"Arabic!": {"title": "x"}, "ar": "x", "tr": {"title": 5}}, "translations"
    ) == [
        "translations.Arabic!",
        "translations.ar",
        "translations.tr.title",
    ]


def test_a_tag_stands_once_and_holds_no_comma():
    assert read(parts.tags, ["b", " a ", "b", ""], "tags") == ("b", "a")
    assert problems(parts.tags, ["a,b", "x" * 101, 5], "tags") == ["tags[0]", "tags[1]", "tags[2]"]


def test_tags_as_text_are_parted_by_commas_of_either_script():
    assert read(parts.tags, "a, b،c,,", "tags", from_texts=True) == ("a", "b", "c")
    assert read(parts.tags, '["a", "b"]', "tags", from_texts=True) == ("a", "b")


def test_extra_is_kept_as_it_is():
    value = {"a": [1, {"b": None}], "c": "line\nline \u202e", "d": "=1+1"}

    assert read(parts.extra, value, "extra") == value


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (["a"], "extra"),
        ({"a": "x" * 20_001}, "extra"),
        ({"a": ["\x00"]}, "extra.a"),
        ({"a": {"b": "\ud800"}}, "extra.a"),
        ({"a": {"\x07": 1}}, "extra.a"),
        (json.loads('{"a":' * 21 + "1" + "}" * 21), "extra"),
    ],
)
def test_extra_has_its_limits(value, field):
    assert problems(parts.extra, value, "extra") == [field]


@pytest.mark.parametrize("reader", [parts.sources, parts.actors, parts.about, parts.tags])
def test_a_list_is_a_list_and_not_without_end(reader):
    assert problems(reader, {"a": 1}, "field") == ["field"]
    assert problems(reader, "x", "field") == ["field"]
    assert problems(reader, [{}] * 101, "field") == ["field"]


@pytest.mark.parametrize("reader", [parts.sources, parts.actors, parts.about])
def test_an_entry_is_an_object(reader):
    assert problems(reader, ["x", 5, None], "field") == ["field[0]", "field[1]"]


def test_text_is_no_list_unless_texts_are_all_there_is():
    text = '[{"publisher": "x"}]'

    assert problems(parts.sources, text, "sources") == ["sources"]
    assert read(parts.sources, text, "sources", from_texts=True) == (Source(publisher="x"),)


def test_unknown_keys_are_handed_on_under_their_path():
    findings = Findings()

    findings.take(parts.sources, [{"publisher": "x", "page": 4, "says": {"weapon": "y"}}], "sources")

    assert findings.unknown == {"sources[0].page": 4, "sources[0].says.weapon": "y"}
