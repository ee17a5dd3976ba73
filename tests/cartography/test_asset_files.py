"""Assets are what a page loads, and nothing else of this machine."""

from __future__ import annotations

import pytest

from geoevents.cartography.asset_files import Assets


@pytest.fixture
def assets(tmp_path):
    (tmp_path / "vendor" / "leaflet").mkdir(parents=True)
    (tmp_path / "vendor" / "leaflet" / "leaflet.js").write_text("L = 1")
    (tmp_path / "secret.json").write_text("{}")
    return Assets(tmp_path)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("base.css", "text/css; charset=utf-8"),
        ("core.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
        ("vendor/leaflet/leaflet.js", "text/javascript; charset=utf-8"),
        ("words-ar.js", "text/javascript; charset=utf-8"),
    ],
)
def test_what_pages_load_is_found(assets, name, kind):
    found = assets.get(name)

    assert found.content_type == kind
    assert found.body


@pytest.mark.parametrize(
    "name",
    [
        "", "/", ".", "..", "../frame.py", "vendor/../secret.json", "vendor/..%2fsecret.json", "secret.json",
        "/etc/passwd", "shell.html", "filters.html", "static_list.html", "base.css/", "BASE.CSS/..", "vendor",
        "vendor/leaflet", "core.js\x00.css", "vendor\\..\\secret.json", "words-.js", "words-../x.js",
        "words-ENGLISH.js", "nothing.css", ".hidden.css", "a" * 5000 + ".css",
    ],
)  # fmt: skip
def test_nothing_else_is(assets, name):
    assert assets.get(name) is None


def test_an_address_names_its_content(assets, tmp_path):
    before = assets.url("vendor/leaflet/leaflet.js")

    (tmp_path / "vendor" / "leaflet" / "leaflet.js").write_text("L = 'another'")

    assert before.startswith("/assets/vendor/leaflet/leaflet.js?v=")
    assert assets.url("vendor/leaflet/leaflet.js") != before


def test_a_file_that_is_not_there_has_a_plain_address(assets):
    assert assets.url("vendor/gone.js") == "/assets/vendor/gone.js"
