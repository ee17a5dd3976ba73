"""What a picture draws is what the map in the browser draws: rings, symbols, clusters, colours."""

from __future__ import annotations

import base64
import json
import random
import re
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest

from geoevents.cartography.picture_events import Item, merged
from geoevents.cartography.picture_marks import SAMPLES, Marks, Style, inks, ring_radius, sample
from geoevents.geometries import Geometry
from tests.cartography.desk import shipped_taxonomy
from tests.cartography.test_map_in_browser import _set_up, pytestmark, see, serve  # noqa: F401
from tests.cartography.test_pictures import picture_of
from tests.strategies import make_event

COUNTS = [{"battles": 3, "protests": 1}, {"riots": 7}, {"battles": 1, "protests": 1, "riots": 9_000}]
PATHS_OF = (
    "(made) => [...made.querySelectorAll('path')].map((p) => [p.getAttribute('d'), p.getAttribute('stroke')])"
)


def test_rings_are_divided_and_sized_as_on_the_map(page, serve):  # noqa: F811
    see(page, serve([make_event()]))
    marks = Marks(shipped_taxonomy())

    for counts in COUNTS:
        total, ordered = sum(counts.values()), [[code, counts[code]] for code in marks.in_order(counts)]
        told = page.evaluate(f"([o, t]) => ({PATHS_OF})(geoevents.ring(o, t))", [ordered, total])
        middle = ring_radius(total) + 2
        drawn = re.findall(
            r'<path d="([^"]+)" fill="none" stroke="([^"]+)"', marks.ring(counts, "n", middle, middle)
        )

        assert [stroke for _, stroke in drawn] == [stroke for _, stroke in told]
        for (ours, _), (theirs, _) in zip(drawn, told, strict=True):
            assert numbers(ours) == pytest.approx(numbers(theirs), abs=0.02)


@pytest.mark.parametrize("style", [Style(), Style(is_hollow=True), Style(is_struck=True, is_condition=True)])
def test_symbols_have_the_parts_that_they_have_on_the_map(page, serve, style):  # noqa: F811
    see(page, serve([make_event()]))
    asked = {"isHollow": style.is_hollow, "isStruck": style.is_struck, "isCondition": style.is_condition}
    marks = Marks(shipped_taxonomy())

    for each in shipped_taxonomy():
        told = page.evaluate(f"([c, s]) => ({PATHS_OF})(geoevents.symbol(c, s, 20))", [each.code, asked])
        drawn = ElementTree.fromstring(marks.symbol(each.code, style, 0, 0))

        assert [path.get("d") for path in drawn.iter("path")] == [path for path, _ in told]
        assert each.colour in {part.get(ink) for part in drawn.iter() for ink in ("fill", "stroke")}


def test_symbols_that_would_cover_each_other_become_one_as_on_the_map(page, serve):  # noqa: F811
    see(page, serve([make_event()]))
    dice = random.Random(4)
    codes = [each.code for each in shipped_taxonomy()]
    items = [
        Item(
            dice.random() * 600,
            dice.random() * 400,
            {dice.choice(codes): dice.choice([1, 1, 5, 40])},
            [],
            f"k{n:03}",
        )
        for n in range(120)
    ]
    sent = [
        {
            "x": i.x,
            "y": i.y,
            "counts": i.counts,
            "total": i.total,
            "features": [],
            "extent": [0, 0, 0, 0],
            "key": i.key,
            "cells": [],
        }
        for i in items
    ]

    told = page.evaluate("(items) => geoevents.merged(items).map((i) => [i.x, i.y, i.counts])", sent)
    drawn = merged(items)

    assert len(drawn) < 120
    assert sorted(
        (round(i.x, 6), round(i.y, 6), json.dumps(i.counts, sort_keys=True)) for i in drawn
    ) == sorted((round(x, 6), round(y, 6), json.dumps(counts, sort_keys=True)) for x, y, counts in told)


def test_colours_and_samples_are_those_of_the_page(page, serve):  # noqa: F811
    see(page, serve([make_event()]))

    for name in ("land", "water", "coast", "border", "label", "halo", "ink", "surface"):
        token = f"getComputedStyle(document.documentElement).getPropertyValue('--{name}').trim()"
        assert page.evaluate(token) == inks()[name]
    samples = page.evaluate("[...document.querySelectorAll('.legend-notes svg')].map((s) => s.innerHTML)")
    for note in SAMPLES:
        shape = set(re.findall(r' (?:d|r|stroke-dasharray)="[^"]+"', sample(note)))
        assert any(shape <= set(re.findall(r' (?:d|r|stroke-dasharray)="[^"]+"', text)) for text in samples)


def test_the_links_to_pictures_say_where_the_map_stands_and_which_types_are_on(page, serve):  # noqa: F811
    see(page, serve([make_event()]), "/?country=SY#map=8/36/40.5")
    page.locator("#share > summary").click()
    whole = page.locator("#share-png").get_attribute("href")
    page.locator("#share > summary").click()
    page.evaluate("[...geoevents.legendControl._layers].slice(1).forEach(({ layer }) => layer.remove())")
    page.locator("#share > summary").click()

    path, asked, stands = told_by(whole)
    assert (path, asked) == ("/map.png", [("country", "SY"), ("lang", "en")])
    # Leaflet puts the middle where a pixel is.
    assert stands == pytest.approx([8, 36, 40.5], abs=0.01)
    assert told_by(page.locator("#share-pdf").get_attribute("href"))[:2] == (
        "/map.pdf",
        [("country", "SY"), ("event_type", "battles"), ("lang", "en")],
    )


def test_the_colour_of_a_symbol_is_on_the_paper_where_it_belongs(page):
    west = make_event(id="west-one", geometry=Geometry.point(38, 35), verification="verified")
    east = make_event(
        id="east-one", event_type="protests", geometry=Geometry.point(42, 35), verification="verified"
    )
    png = base64.b64encode(picture_of([west, east]).png(1400)).decode()
    taxonomy = {each.code: each.colour for each in shipped_taxonomy()}

    page.goto("about:blank")
    found = page.evaluate(WHERE_COLOURS_ARE, [png, taxonomy["battles"], taxonomy["protests"]])

    # Both stand in the map and, once more, in the legend to the right of it.
    battles, protests = found
    assert battles["left"] < protests["left"] < 1060 < battles["right"] < 1140
    assert protests["right"] < 1140
    assert battles["count"] > 200


# Of each colour: the first and the last column that has it, and how many points are of it.
WHERE_COLOURS_ARE = """async ([png, ...colours]) => {
    const picture = new Image();
    picture.src = "data:image/png;base64," + png;
    await picture.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [picture.width, picture.height];
    const pen = canvas.getContext("2d");
    pen.drawImage(picture, 0, 0);
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    return colours.map((colour) => {
        const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
        const columns = [];
        for (let i = 0; i < data.length; i += 4) {
            if (data[i] === r && data[i + 1] === g && data[i + 2] === b) columns.push((i / 4) % canvas.width);
        }
        columns.sort((x, y) => x - y);
        return { left: columns[0], right: columns[columns.length - 1], count: columns.length };
    });
}"""


def told_by(link: str) -> tuple[str, list[tuple[str, str]], list[float]]:
    """The path of a link, what it asks, and where its map stands."""
    asked = parse_qsl(urlsplit(link).query)
    place = dict(asked)["map"].split("/")
    return urlsplit(link).path, [pair for pair in asked if pair[0] != "map"], [float(each) for each in place]


def numbers(path: str) -> list[float]:
    return [float(each) for each in re.findall(r"-?[\d.]+", path)]
