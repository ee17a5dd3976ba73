"""The frame is Folium's, holds no word of any event, and is the same bytes every time."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from geoevents.cartography import frame as frames
from geoevents.cartography.frame import FrameSpec, frame
from geoevents.event_types import EventType, Taxonomy
from tests.cartography.desk import ROOT, shipped_taxonomy
from tests.strategies import PAYLOADS


@pytest.fixture
def spec() -> FrameSpec:
    return FrameSpec(lang="en", taxonomy=shipped_taxonomy(), countries=("SY", "IQ"))


class Seen(HTMLParser):
    """What a browser would find: tags with their attributes, and the text of scripts."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._in_script = False
        self.feed(html.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._in_script = tag == "script" and "src" not in dict(attrs)

    def handle_endtag(self, tag):
        self._in_script = False

    def handle_data(self, data):
        if self._in_script:
            self.scripts.append(data)


def made_anew(spec: FrameSpec):
    frames._DRAWN.clear()
    return frame(spec)


def labelled(*labels: str) -> Taxonomy:
    return Taxonomy(
        [
            EventType(code=f"type_{n}", labels={"en": label}, definition="d", not_this="n", example="e")
            for n, label in enumerate(labels)
        ]
    )


def test_a_frame_is_built_once(spec):
    assert frame(spec) is frame(replace(spec))


def test_a_frame_is_given_though_another_thread_clears_them_all(spec, monkeypatch):
    class ClearedAtOnce(dict):
        def __setitem__(self, key, value):
            super().__setitem__(key, value)
            self.clear()

    monkeypatch.setattr(frames, "_DRAWN", ClearedAtOnce())

    assert frame(spec).html.startswith(b"<!")


def test_a_frame_built_again_has_the_same_bytes(spec):
    assert made_anew(spec).html == made_anew(spec).html


@pytest.mark.slow
def test_another_process_makes_the_same_bytes(spec):
    code = (
        "from tests.cartography.desk import shipped_taxonomy\n"
        "from geoevents.cartography.frame import FrameSpec, frame\n"
        "print(frame(FrameSpec(lang='en', taxonomy=shipped_taxonomy(), countries=('SY', 'IQ'))).etag)"
    )

    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)

    assert other.stdout.strip() == frame(spec).etag


@pytest.mark.parametrize(
    "change", [{"lang": "ar"}, {"zoom": 5}, {"taxonomy": labelled("One")}, {"countries": ()}]
)
def test_another_spec_is_another_frame(spec, change):
    assert frame(replace(spec, **change)).etag != frame(spec).etag


def test_the_one_script_in_the_page_is_the_one_in_the_policy(spec):
    made = frame(spec)
    (script,) = Seen(made.html).scripts

    digest = base64.b64encode(sha256(script.encode()).digest()).decode()

    assert f"script-src 'self' 'sha256-{digest}';" in made.csp
    assert "unsafe" not in made.csp


def test_the_page_has_no_style_no_handler_and_no_other_host(spec):
    for tag, attributes in Seen(frame(spec).html).tags:
        assert tag != "style"
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        for name in ("src", "href", "action"):
            assert (attributes.get(name) or "/").startswith(("/", "#")), (tag, attributes)


def test_nothing_that_folium_would_fetch_and_nobody_uses_is_left(spec):
    text = frame(spec).html.decode().lower()

    assert [
        name
        for name in ("jquery", "bootstrap", "fontawesome", "glyphicons", "awesome", "cdn")
        if name in text
    ] == []


def test_folium_draws_the_map_one_layer_a_type_and_the_control(spec):
    (script,) = Seen(frame(spec).html).scripts
    codes = [each.code for each in spec.taxonomy]

    assert "var map_frame = L.map(" in script
    assert re.findall(r"var type_layer_(\w+) = geoevents\.typeLayer", script) == codes
    assert f"geoevents.legend([{', '.join('type_layer_' + code for code in codes)}]" in script
    assert '"maxZoom": 16' in script


def test_two_types_of_one_name_are_two_layers():
    (script,) = Seen(frame(FrameSpec(lang="en", taxonomy=labelled("Same", "Same"))).html).scripts

    assert len(re.findall(r"geoevents\.typeLayer", script)) == 2


@pytest.mark.parametrize("label", [*PAYLOADS, "100%", "{{", "%}{%", "\u2028", "'); alert(1); ('", "\\"])
def test_a_label_is_shown_as_it_stands_and_run_nowhere(label):
    made = frame(FrameSpec(lang="en", taxonomy=labelled(label, "Harmless")))
    seen = Seen(made.html)

    options = [
        json.loads(found)
        for found in re.findall(r"geoevents\.typeLayer\((\{.*?\})\)\.addTo", seen.scripts[0])
    ]

    assert [each["label"] for each in options] == [label, "Harmless"]
    assert len(seen.scripts) == 1
    assert [tag for tag, _ in seen.tags].count("img") == 0
    assert b"1337" not in made.html


def test_a_code_that_is_dropped_from_the_taxonomy_is_no_layer():
    assert b"protests" not in frame(FrameSpec(lang="en", taxonomy=labelled("One"))).html


def test_arabic_is_mirrored(spec):
    made = frame(replace(spec, lang="ar")).html.decode()

    assert '<html lang="ar" dir="rtl">' in made
    assert '{"position": "topleft"}' in made
    assert "words-ar.js" in made
    assert "معارك" in made


def test_a_language_with_labels_only_keeps_english_sentences(spec):
    made = frame(replace(spec, lang="tr")).html.decode()

    assert '<html lang="en" dir="ltr">' in made
    assert "Çatışmalar" in made


def test_the_page_is_small(spec):
    import gzip

    assert len(gzip.compress(frame(spec).html)) < 10_000


def test_what_a_form_of_the_page_asks_is_a_parameter_of_the_question(spec):
    from geoevents.queries import parameter_names

    names = {
        attributes["name"]
        for tag, attributes in Seen(frame(spec).html).tags
        if tag in ("input", "select") and "readonly" not in attributes and attributes.get("id") != "follow"
    }

    assert names - {"date_from", "date_to", "near_place", "near_km"} <= set(parameter_names())
