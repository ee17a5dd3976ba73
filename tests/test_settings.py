"""One table of settings: what wins, what is refused, and that docs/settings.md says the same."""

from __future__ import annotations

import dataclasses

import pytest

from geoevents.bootstrap import open_ground
from geoevents.errors import SettingsError
from geoevents.settings import PAGE, SHIPPED_DATA, TABLE, Settings, as_markdown, load

TILES = "https://HOST/{z}/{x}/{y}.png"


def test_nothing_set_means_the_project_as_it_is():
    settings = load({})

    assert settings == Settings(
        data=SHIPPED_DATA,
        store=f"geojson:{SHIPPED_DATA / 'events.geojson'}",
        cache=SHIPPED_DATA / "cache",
        host="127.0.0.1",
        port=8000,
        hosts=(),
        embed_ancestors=(),
        contact=None,
        licence=None,
        lang="en",
        region=("SY", "IQ", "TR"),
        gazetteers=SHIPPED_DATA / "gazetteers",
        geonames_url="https://download.geonames.org/export/dump/",
        online=None,
        online_url=None,
        online_options=(),
        online_agent=None,
        online_timeout=2.0,
        ground=None,
        ground_attribution=None,
        ground_zoom=19,
        spacy=None,
        debug=False,
    )


def test_a_flag_wins_over_the_environment_and_empty_equals_absent(tmp_path):
    environ = {"GEOEVENTS_DATA": str(tmp_path / "one"), "GEOEVENTS_PORT": "9000", "GEOEVENTS_HOST": "  "}

    settings = load(environ, {"data": str(tmp_path / "two"), "port": None})

    assert (settings.data, settings.port, settings.host) == (tmp_path / "two", 9000, "127.0.0.1")
    assert settings.store == f"geojson:{tmp_path / 'two' / 'events.geojson'}"


def test_the_cache_stays_with_the_project_when_the_events_are_elsewhere(tmp_path):
    assert load({"GEOEVENTS_DATA": str(tmp_path)}).cache == SHIPPED_DATA / "cache"
    assert load({"GEOEVENTS_CACHE": str(tmp_path)}).cache == tmp_path


def test_a_folder_without_event_types_uses_the_shipped_ones(tmp_path):
    settings = load({"GEOEVENTS_DATA": str(tmp_path)})
    before = settings.taxonomy

    (tmp_path / "event_types.json").write_text("{}")

    assert (before, settings.taxonomy) == (SHIPPED_DATA / "event_types.json", tmp_path / "event_types.json")


@pytest.mark.parametrize(
    ("variable", "text", "way_out"),
    [
        ("GEOEVENTS_PORT", "80a", "is not a port. Write a number from 0 to 65535."),
        ("GEOEVENTS_PORT", "٨٠", "is not a port. Write a number from 0 to 65535."),
        ("GEOEVENTS_PORT", "65536", "is not a port. Write a number from 0 to 65535."),
        ("GEOEVENTS_STORE", "postgis:x", "is not a store. Write geojson:PATH."),
        ("GEOEVENTS_HOST", "http://x", "is not a host. Write an address such as 127.0.0.1."),
        (
            "GEOEVENTS_HOSTS",
            "a b",
            "is not a host name. Write names such as map.example.org, without a port.",
        ),
        ("GEOEVENTS_LANG", "xx", "is not one of our languages: en, ar."),
        ("GEOEVENTS_REGION", "SYR", "is not a country code. Write two letters each, such as SY,IQ."),
        (
            "GEOEVENTS_ONLINE",
            "on",
            "is not an online service. Write off, nominatim, photon or another of geopy's.",
        ),
        ("GEOEVENTS_ONLINE_URL", "localhost", "is not an address. Write https://HOST/FOLDER/, or off."),
        *(
            ("GEOEVENTS_GEONAMES_URL", text, "is not an address. Write https://HOST/FOLDER/, or off.")
            for text in (
                "file:///etc/",
                "ftp://x/",
                "http://me:pw@x/",
                "http://[::1",
                "http://x:99999/",
                "http://x/?q=",
                "http://x/#y",
                "http://x/\x1b[2J",
                "http://x/\u202e",
            )
        ),
        ("GEOEVENTS_GROUND", "osm", f"is no ground. Write local, {TILES}, or PATH.pmtiles."),
        ("GEOEVENTS_GROUND", "mbtiles:x.mbtiles", f"is no ground. Write local, {TILES}, or PATH.pmtiles."),
        *(
            ("GEOEVENTS_GROUND", text, f"is not an address of tiles. Write it such as {TILES}.")
            for text in (
                "https://x.org/streets.pmtiles",
                "ftp://x.org/{z}/{x}/{y}.png",
                "https://x.org/{z}/{x}.png",
                "https://me:pw@x.org/{z}/{x}/{y}.png",
                "https://x.org:99999/{z}/{x}/{y}.png",
                "https://x.org;script-src/{z}/{x}/{y}.png",
                "https://x.org/{z}/{x}/{y}.png; script-src *",
                "https://x.org/{z}/{x}/{y}/{{7*191}}.png",
                "https://{s}.x.org/{z}/{x}/{y}.png",
                "https://x.org/{z}/{x}/{y}.png</script>",
            )
        ),
        (
            "GEOEVENTS_GROUND",
            "https://x.org/{s}/{z}/{x}/{y}.png",
            "asks for {s}, which is not known here. Name one host, with {z}/{x}/{y} in it.",
        ),
        ("GEOEVENTS_GROUND_ZOOM", "99", "is not a zoom. Write a number from 0 to 24."),
        ("GEOEVENTS_ONLINE_TIMEOUT", "9", "is not a time to wait. Write seconds, from 0.1 to 2.5."),
    ],
)
def test_what_cannot_be_understood_names_the_variable_and_the_way_out(variable, text, way_out):
    with pytest.raises(SettingsError) as refused:
        load({variable: text})

    assert str(refused.value) == f"{variable}: '{text}' {way_out}"


def test_a_ground_is_the_address_of_tiles_or_the_whole_path_of_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    read = [
        load({"GEOEVENTS_GROUND": text}).ground
        for text in ("local", "https://x.org:8/{z}/{x}/{y}{r}.png?key=1", "a.pmtiles", "pmtiles:a.pmtiles")
    ]

    own = str(tmp_path / "a.pmtiles")
    assert read == [None, "https://x.org:8/{z}/{x}/{y}{r}.png?key=1", own, own]


def test_tiles_of_a_host_say_whose_they_are_before_anything_is_served():
    settings = load({"GEOEVENTS_GROUND": "https://x.org/{z}/{x}/{y}.png"})

    with pytest.raises(SettingsError, match=r"^GEOEVENTS_GROUND_ATTRIBUTION is empty. Say whose"):
        open_ground(settings)


def test_a_ground_that_cannot_be_drawn_names_its_setting(tmp_path):
    with pytest.raises(SettingsError, match=r"^GEOEVENTS_GROUND: .*none.pmtiles: it cannot be read"):
        open_ground(load({"GEOEVENTS_GROUND": str(tmp_path / "none.pmtiles")}))


def test_options_of_a_service_are_pairs_and_a_key_is_not_said_back():
    read = load({"GEOEVENTS_ONLINE_OPTIONS": "api_key=a=b, domain = geo.example.org,"})

    assert read.online_options == (("api_key", "a=b"), ("domain", "geo.example.org"))
    with pytest.raises(SettingsError) as refused:
        load({"GEOEVENTS_ONLINE_OPTIONS": "my-secret-key"})
    assert str(refused.value) == (
        "GEOEVENTS_ONLINE_OPTIONS: These are not options. Write name=value, such as api_key=KEY."
    )


def test_a_bad_flag_is_named_as_the_flag_that_was_written():
    with pytest.raises(SettingsError, match=r"^--port: 'x' is not a port"):
        load({"GEOEVENTS_PORT": "8000"}, {"port": "x"})


def test_a_file_is_not_taken_for_a_folder(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(SettingsError, match="is not a folder"):
        load({"GEOEVENTS_DATA": str(tmp_path / "file")})


def test_every_field_has_its_row_and_the_page_says_what_the_table_says():
    assert [row.name for row in TABLE] == [each.name for each in dataclasses.fields(Settings)]
    assert PAGE.read_text("utf-8") == as_markdown()
