"""The file of saved maps: read whole or not at all, and no copy is removed that may still be wanted."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest

from geoevents.errors import StoreDamaged
from geoevents.stores import saved_views
from geoevents.stores.saved_views import SavedViews
from geoevents.views import View, ViewTexts

NOW = datetime(2022, 2, 1, 12, tzinfo=UTC)
VIEW = View(slug="gates", texts={"en": ViewTexts(title="Gates")}, query="", created=NOW, updated=NOW)


def test_a_file_that_is_damaged_while_another_reads_it_is_never_written_over(tmp_path):
    path = tmp_path / "views.json"
    saved = SavedViews(path)
    saved.change(lambda _: [VIEW])
    damaged = b'{"format":1,"views":[ broken'

    def damage_meanwhile(views):
        # Another thread reads what somebody wrote by hand, after the change looked at what is there.
        path.write_bytes(damaged)
        other = threading.Thread(target=saved.all)
        other.start()
        other.join()
        return views.values()

    with pytest.raises(StoreDamaged):
        saved.change(damage_meanwhile)

    assert path.read_bytes() == damaged


def test_what_another_has_read_meanwhile_is_not_read_again(tmp_path, monkeypatch):
    path = tmp_path / "views.json"
    path.write_bytes(b'{"format":1,"views":[ broken')
    saved, usual, read, refused = SavedViews(path), saved_views.read_json, [], []

    def change():
        try:
            saved.change(lambda _: [VIEW])
        except StoreDamaged as error:
            refused.append(error)

    other = threading.Thread(target=change)

    def slow(data):
        read.append(data)
        if len(read) == 1:
            other.start()
            # Long enough for the other to find that the file is new, and to wait.
            time.sleep(0.2)
        return usual(data)

    monkeypatch.setattr(saved_views, "read_json", slow)
    saved.all()
    other.join()

    assert (len(read), len(refused)) == (1, 1)
    assert path.read_bytes() == read[0]
