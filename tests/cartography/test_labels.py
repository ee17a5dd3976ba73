"""Names come from our gazetteer, in the languages it knows, the weightier first."""

from __future__ import annotations

import sqlite3

import pytest

from geoevents.cartography.labels import label_tiles, towns


@pytest.fixture
def gazetteer(tmp_path):
    path = tmp_path / "a #folder? of 100%25" / "gazetteer.sqlite"
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE places (pk INTEGER PRIMARY KEY, name TEXT, kind TEXT, lon INTEGER, lat INTEGER,"
            " population INTEGER, country TEXT, admin1 INTEGER, name_ar TEXT);"
            "CREATE TABLE spellings (pk INTEGER, position INTEGER, lang TEXT, name TEXT,"
            " PRIMARY KEY (pk, position)) WITHOUT ROWID;"
        )
        connection.executemany(
            "INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?)",
            [
                (1, "Syria", "country", 3850000, 3500000, 20_000_000, "SY", "سوريا"),
                (2, "Aleppo", None, 3716117, 3620124, 2_100_000, "SY", "حلب"),
                (3, "Qamishli", None, 4123140, 3705210, 184_231, "SY", "القامشلي"),
                (4, "Tell Tamer", None, 4037000, 3666000, 7_000, "SY", None),
                (5, "Hamlet", None, 4037000, 3666000, 300, "SY", None),
                (6, "A prison", "prison", 4076000, 3648000, 0, "SY", None),
            ],
        )
        connection.executemany(
            "INSERT INTO spellings VALUES (?, ?, ?, ?)",
            [
                (3, 0, "en", "Qamishli"),
                (3, 1, "kmr", "Qamişlo"),
                (3, 2, "kmr", "Qamişlû"),
                (3, 3, "de", "Kamischli"),
            ],
        )
    connection.close()
    return path


def test_a_name_stands_in_the_tile_from_which_it_is_shown(gazetteer):
    tiles = label_tiles(gazetteer)

    assert {key: [label[3]["en"] for label in labels] for key, labels in tiles.items()} == {
        (0, 0, 0): ["Syria", "Aleppo"],
        (4, 9, 6): ["Qamishli"],
        (6, 39, 24): ["Tell Tamer"],
    }


def test_a_name_is_given_in_each_language_once(gazetteer):
    (qamishli,) = label_tiles(gazetteer)[4, 9, 6]

    assert qamishli == [41.2314, 37.0521, 184_231, {"en": "Qamishli", "ar": "القامشلي", "kmr": "Qamişlo"}]


def test_every_town_has_a_country_to_lie_in(gazetteer):
    assert [(each.name, each.country) for each in towns(gazetteer)] == [
        ("Aleppo", "SY"),
        ("Qamishli", "SY"),
        ("Tell Tamer", "SY"),
        ("Hamlet", "SY"),
    ]


def test_a_part_of_a_city_is_named_later_than_the_city_even_where_it_is_said_to_be_larger(gazetteer):
    with sqlite3.connect(gazetteer) as connection:
        connection.execute("INSERT INTO spellings VALUES (2, 0, 'en', 'Aleppo'), (2, 1, 'kmr', 'Heleb')")
        connection.executemany(
            "INSERT INTO places VALUES (?, ?, NULL, ?, ?, ?, 'SY', NULL, NULL)",
            [(7, "New Aleppo", 3717000, 3621000, 2_500_000), (8, "Elsewhere", 3760000, 3620000, 150_000)],
        )

    weights = {label[3]["en"]: label[2] for labels in label_tiles(gazetteer).values() for label in labels}

    assert (weights["Aleppo"], weights["New Aleppo"], weights["Elsewhere"]) == (2_100_000, 7_999, 150_000)


def test_a_part_called_after_its_city_is_named_later_though_we_have_no_other_name_for_either(gazetteer):
    with sqlite3.connect(gazetteer) as connection:
        connection.executemany(
            "INSERT INTO places VALUES (?, ?, NULL, ?, ?, ?, 'SY', NULL, NULL)",
            [(7, "Old Aleppo", 3717000, 3621000, 2_500_000), (8, "New Town", 3718000, 3620000, 400_000)],
        )

    weights = {label[3]["en"]: label[2] for labels in label_tiles(gazetteer).values() for label in labels}

    assert (weights["Aleppo"], weights["Old Aleppo"], weights["New Town"]) == (2_100_000, 7_999, 7_999)
