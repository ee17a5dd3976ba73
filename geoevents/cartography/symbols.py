"""The symbol of a type: its shape and colour, as SVG for pages and as paths for the map.

Knows the outlines of event_types.SHAPES in a box of 24 by 24. Knows nothing of events or pages.
To add a shape: its name in event_types.SHAPES, its outline here.
"""

from __future__ import annotations

import math

from geoevents.event_types import SHAPES, EventType

BOX = 24
_MIDDLE = BOX / 2
# From corner to corner and a little beyond, as in assets/symbols.js.
_STRIKE = "M-1 25L25 -1"
_PLATE = '<rect class="plate" x="-4" y="-4" width="32" height="32" rx="5" stroke="{colour}"/>'


def symbol_svg(
    event_type: EventType, *, hollow: bool = False, struck: bool = False, plated: bool = False
) -> str:
    """
    The symbol as one inline SVG element, without words: the label stands beside it. A condition is `plated`.

    Colour is a fill attribute, since a page's Content-Security-Policy takes no style attributes.
    """
    paint = f'fill="none" stroke="{event_type.colour}"' if hollow else f'fill="{event_type.colour}"'
    kind = "symbol hollow" if hollow else "symbol"
    strokes = ("strike-halo", "strike") if struck else ()
    strike = "".join(f'<path class="{each}" d="{_STRIKE}"/>' for each in strokes)
    plate = _PLATE.format(colour=event_type.colour) if plated else ""
    return (
        f'<svg class="{kind}" viewBox="0 0 {BOX} {BOX}" aria-hidden="true" focusable="false">'
        f'{plate}<path {paint} d="{PATHS[event_type.shape]}"/>{strike}</svg>'
    )


def _path(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "Z"


def _regular(corners: int, radius: float, *, turned: float = -90, dy: float = 0) -> str:
    """A regular polygon, its first corner at `turned` degrees (-90 is up)."""
    angles = (math.radians(turned + 360 / corners * step) for step in range(corners))
    return _path([(_MIDDLE + radius * math.cos(a), _MIDDLE + dy + radius * math.sin(a)) for a in angles])


def _star(corners: int, radius: float, inner: float) -> str:
    angles = [math.radians(-90 + 180 / corners * step) for step in range(2 * corners)]
    radii = [radius if step % 2 == 0 else inner for step in range(2 * corners)]
    return _path(
        [(_MIDDLE + r * math.cos(a), _MIDDLE + r * math.sin(a)) for a, r in zip(angles, radii, strict=True)]
    )


def _plus(arm: float, half: float, *, turned: float = 0) -> str:
    """A cross of four equal arms."""
    corners = [(half, -arm), (half, -half), (arm, -half), (arm, half), (half, half), (half, arm)]
    corners += [(-x, -y) for x, y in corners]
    turn = math.radians(turned)
    return _path(
        [
            (
                _MIDDLE + x * math.cos(turn) - y * math.sin(turn),
                _MIDDLE + x * math.sin(turn) + y * math.cos(turn),
            )
            for x, y in corners
        ]
    )


# Sizes differ so that the inked areas are about equal: no type looks more important than another.
PATHS = {
    "circle": "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0 -17 0Z",
    "square": _regular(4, 10.6, turned=-45),
    "diamond": _regular(4, 10.8),
    "triangle": _regular(3, 11.4, dy=2),
    "triangle-down": _regular(3, 11.4, turned=90, dy=-2),
    "pentagon": _regular(5, 10, dy=0.6),
    "hexagon": _regular(6, 9.6, turned=0),
    "star": _star(5, 11.6, 5.4),
    "cross": _plus(10.2, 3.4, turned=45),
    "plus": _plus(10.2, 3.4),
    "drop": "M12 1.2C15.2 5.8 19 9.6 19 14.2A7 7 0 1 1 5 14.2C5 9.6 8.8 5.8 12 1.2Z",
}
assert set(PATHS) == set(SHAPES)
