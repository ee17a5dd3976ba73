"""A type is a colour and a shape, the same on pages and on the map."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from geoevents.cartography.symbols import PATHS, symbol_svg
from geoevents.event_types import SHAPES
from tests.cartography.desk import shipped_taxonomy


def test_every_shape_has_an_outline():
    assert set(PATHS) == set(SHAPES)


@pytest.mark.parametrize("hollow", [False, True])
def test_a_symbol_is_one_element_without_styles_or_words(hollow):
    for event_type in shipped_taxonomy():
        drawn = ElementTree.fromstring(symbol_svg(event_type, hollow=hollow))
        (path,) = drawn

        assert drawn.get("aria-hidden") == "true"
        assert path.get("stroke" if hollow else "fill") == event_type.colour
        assert "style" not in {*drawn.keys(), *path.keys()}


def test_shipped_types_differ_in_colour_and_in_shape():
    types = list(shipped_taxonomy())

    assert len({each.colour for each in types}) == len(types)
    assert len({each.shape for each in types}) == len(types)


def test_shapes_have_about_the_same_ink():
    """Measured by counting the points of a fine grid inside the outline, curves taken at their corners."""
    event_type = next(iter(shipped_taxonomy()))

    inks = {
        shape: _ink(symbol_svg(replace(event_type, shape=shape)))
        for shape in SHAPES
        if shape not in ("circle", "drop")
    }

    assert max(inks.values()) < 1.8 * min(inks.values())


def _ink(svg: str) -> float:
    outline = ElementTree.fromstring(svg)[0].get("d").strip("MZ")
    corners = [tuple(map(float, pair.split())) for pair in outline.split("L")]
    return (
        abs(sum(x * b - a * y for (x, y), (a, b) in zip(corners, corners[1:] + corners[:1], strict=True))) / 2
    )
