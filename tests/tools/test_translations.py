"""`make translations` finds every sentence, and the catalogues hold them."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.conftest import ROOT
from tools.translations import NotLiteral, collect, in_python, updated, write

CATALOGUES = sorted((ROOT / "geoevents" / "translations").glob("*/LC_MESSAGES/messages.po"))


@pytest.fixture
def package(tmp_path):
    templates = tmp_path / "web" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "faults.py").write_text('raise BadInput(Message("{n} is no day.", n=1))\n', "utf-8")
    (templates / "page.html").write_text("<h1>{{ _('Events') }}</h1>", "utf-8")
    return tmp_path


def test_sentences_of_code_and_templates_are_found(package):
    assert {message.id for message in collect(package) if message.id} == {"{n} is no day.", "Events"}


def test_a_sentence_in_two_numbers_keeps_both():
    source = 'Message("{count} event", plural="{count} events", count=n)'

    assert list(in_python(source, "x.py")) == [(1, ("{count} event", "{count} events"))]


def test_a_sentence_put_together_at_run_time_is_refused():
    with pytest.raises(NotLiteral, match=r"x\.py:1: a sentence is one literal text"):
        list(in_python("Message(f'{n} events')", "x.py"))


def test_updating_keeps_adds_and_drops(package, tmp_path):
    old = Catalog(locale="ar")
    old.add("Events", "أحداث")
    old.add("Gone", "ذهب")
    path = tmp_path / "messages.po"

    write(updated(old, collect(package)), path)

    assert words(path) == {"Events": "أحداث", "{n} is no day.": ""}


def test_updating_twice_changes_nothing(package, tmp_path):
    path = tmp_path / "messages.po"
    write(updated(Catalog(locale="ar"), collect(package)), path)
    once = path.read_bytes()

    with path.open("rb") as file:
        write(updated(read_po(file, locale="ar"), collect(package)), path)

    assert path.read_bytes() == once


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_catalogue_holds_exactly_the_sentences_there_are(path):
    sentences = {message.id for message in collect(ROOT / "geoevents") if message.id}

    with path.open("rb") as file:
        held = {message.id for message in read_po(file) if message.id}

    assert held == sentences, "run make translations, then translate what is new"


def words(path: Path) -> dict[object, object]:
    with path.open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}
