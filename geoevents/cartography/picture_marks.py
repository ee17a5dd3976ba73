"""The marks of a picture, as SVG: symbols, rings, hatches and lines, as the scripts of the map draw them.

Knows assets/symbols.js and assets/drawing.js once more; a test holds the two together. Knows nothing of where
anything stands, nor of typesetting.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from geoevents.cartography import asset_files
from geoevents.cartography.drawing import Drawn
from geoevents.cartography.symbols import BOX, PATHS
from geoevents.event_types import Taxonomy

FONTS = "'Noto Sans', 'Noto Sans Arabic'"
SYMBOL = 20
STRIKE = "M-1 25L25 -1"
_RING_WIDTH = 5
# Of a type that the taxonomy has no more.
_UNKNOWN = ("#777777", PATHS["circle"])
_HOLLOW = ("unverified", "disputed")
_TOKEN = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6});")


class Style(NamedTuple):
    """How an event's symbol differs from its type's: hollow, struck through, framed."""

    is_hollow: bool = False
    is_struck: bool = False
    is_condition: bool = False

    @classmethod
    def of(cls, properties: dict[str, Any]) -> Style:
        """Of what a tile says of an event."""
        return cls(
            is_hollow=properties["verification"] in _HOLLOW,
            is_struck=properties["status"] == "retracted" or properties["verification"] == "debunked",
            is_condition=properties["kind"] == "condition",
        )


@lru_cache(maxsize=1)
def inks() -> dict[str, str]:
    """The colours by day that the style sheets name: `land`, `ink`, `halo` and so on."""
    text = "".join((asset_files.OWN / name).read_text("utf-8") for name in ("base.css", "map.css"))
    # By night they are named again, further down.
    return dict(reversed(_TOKEN.findall(text)))


class Marks:
    """Draws marks in the colours and shapes of a taxonomy; says which hatches were used."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._types = {each.code: (each.colour, PATHS[each.shape]) for each in taxonomy}
        self._order = {each.code: place for place, each in enumerate(taxonomy)}
        self._hatches: dict[str, str] = {}

    def colour(self, code: str) -> str:
        return self._types.get(code, _UNKNOWN)[0]

    def in_order(self, codes: Iterable[str]) -> list[str]:
        """Types as the legend has them."""
        return sorted(codes, key=lambda code: (self._order.get(code, len(self._order)), code))

    def symbol(self, code: str, style: Style, x: float, y: float, size: float = SYMBOL) -> str:
        """The symbol of a type, its middle at a point."""
        colour, path = self._types.get(code, _UNKNOWN)
        ink = inks()
        parts = []
        if style.is_condition:
            parts.append(
                f'<rect x="-4" y="-4" width="32" height="32" rx="5" fill="{ink["surface"]}"'
                f' stroke="{colour}" stroke-width="2.4"/>'
            )
        parts.append(
            f'<path d="{path}" fill="{ink["surface"]}" stroke="{ink["surface"]}" stroke-width="5"'
            ' stroke-linejoin="round"/>'
        )
        paint = (
            f'fill="{ink["surface"]}" stroke="{colour}" stroke-width="4" stroke-linejoin="round"'
            if style.is_hollow
            else f'fill="{colour}"'
        )
        parts.append(f'<path d="{path}" {paint}/>')
        if style.is_struck:
            parts += [
                f'<path d="{STRIKE}" fill="none" stroke="{ink[name]}" stroke-width="{width}"/>'
                for name, width in (("surface", 7), ("ink", 3))
            ]
        scale = size / BOX
        at = f"translate({x - size / 2:.2f} {y - size / 2:.2f}) scale({scale:.4f})"
        return f'<g transform="{at}">{"".join(parts)}</g>'

    def ring(self, counts: dict[str, int], number: str, x: float, y: float) -> str:
        """Several events: a ring divided by type, their number in the middle."""
        total = sum(counts.values())
        radius, ink = ring_radius(total), inks()
        line = radius - _RING_WIDTH / 2
        codes = self.in_order(counts)
        least = min(0.06, 0.5 / len(codes))
        weights = [max(least, counts[code] / total) for code in codes]
        parts = [
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius + 2:.2f}" fill="#000000" fill-opacity="0.12"/>',
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius + 1:.2f}" fill="{ink["surface"]}"/>',
        ]
        begin = -math.pi / 2
        for code, weight in zip(codes, weights, strict=True):
            end = begin + 2 * math.pi * weight / sum(weights)
            path = _arc((x, y), line, begin, end, is_whole=len(codes) == 1)
            parts.append(
                f'<path d="{path}" fill="none" stroke="{self.colour(code)}" stroke-width="{_RING_WIDTH}"/>'
            )
            begin = end
        size = 13 if total <= 999 else 11.5
        parts.append(
            f'<text x="{x:.2f}" y="{y + size * 0.36:.2f}" font-family="{FONTS}" font-weight="600"'
            f' font-size="{size}" text-anchor="middle" fill="{ink["ink"]}">{number}</text>'
        )
        return "".join(parts)

    def circle(self, code: str, how: Drawn, x: float, y: float, radius: float, *, is_quiet: bool) -> str:
        """Somewhere within it, or an extent that is estimated. Among very many it is `is_quiet`."""
        colour = self.colour(code)
        paint = (
            'stroke-dasharray="5 4" stroke-width="1.6" fill-opacity="0.06"'
            if how is Drawn.CIRCLE
            else 'stroke-dasharray="1.5 5.5" stroke-linecap="round" stroke-width="2.4" fill-opacity="0.05"'
        )
        if is_quiet:
            dash = paint.partition(" stroke-width")[0]
            paint = f'{dash} stroke-width="1" stroke-opacity="0.55" fill-opacity="0"'
        return (
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}" fill="{colour}" stroke="{colour}" {paint}/>'
        )

    def area(self, code: str, path: str, *, is_condition: bool, is_estimated: bool) -> str:
        """Somewhere in it: hatched."""
        return (
            f'<path d="{path}" fill="url(#{self._hatch(code, is_condition=is_condition)})"'
            f' fill-rule="evenodd" stroke="{self.colour(code)}" {_edge(1.6, is_estimated=is_estimated)}/>'
        )

    def line(self, code: str, path: str, *, is_estimated: bool) -> str:
        width = 2.4 if is_estimated else 4.0
        return (
            f'<path d="{path}" fill="none" stroke="{self.colour(code)}" stroke-opacity="0.7"'
            f" {_edge(width, is_estimated=is_estimated)}/>"
        )

    def dots(self, code: str, places: Sequence[tuple[float, float]]) -> str:
        """One event at several places."""
        colour = self.colour(code)
        return "".join(
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="4" fill="{colour}" fill-opacity="0.6" stroke="{colour}"'
            ' stroke-width="1.6"/>'
            for x, y in places
        )

    def hatches(self) -> str:
        """What the hatched areas so far are filled with."""
        return f"<defs>{''.join(self._hatches.values())}</defs>" if self._hatches else ""

    def _hatch(self, code: str, *, is_condition: bool) -> str:
        colour = self.colour(code)
        name = f"hatch-{colour[1:]}{'-holds' if is_condition else ''}"
        step, width = (8, 2) if is_condition else (12, 1.6)
        self._hatches[name] = (
            f'<pattern id="{name}" width="{step}" height="{step}" patternUnits="userSpaceOnUse"'
            f' patternTransform="rotate(45)"><rect width="{step}" height="{step}" fill="{colour}"'
            f' fill-opacity="0.07"/><path d="M0 0V{step}" stroke="{colour}" stroke-width="{width}"'
            ' stroke-opacity="0.6"/></pattern>'
        )
        return name


def ring_radius(count: int) -> float:
    """Points from the middle of a cluster to its edge: the logarithm of what it counts."""
    return min(30.0, 13 + 4.2 * math.log10(count))


# Of the notes of assets/legend.js those that a picture can show, as they are drawn there.
SAMPLES = {
    "precision_pin": '<circle cx="12" cy="12" r="6" fill="{ink}"/>',
    "precision_circle": '<circle {line} cx="12" cy="12" r="9" stroke-dasharray="4 3"/>',
    "precision_area": '<path {line} d="M3 15L15 3M3 21L21 3M9 21L21 9M15 21L21 15M3 9L9 3"/>'
    '<rect {line} x="3" y="3" width="18" height="18"/>',
    "precision_estimate": '<circle cx="12" cy="12" r="9" fill="none" stroke="{ink}" stroke-width="2.4"'
    ' stroke-linecap="round" stroke-dasharray="0.5 4.2"/>',
    "condition_note": '<circle cx="12" cy="12" r="5" fill="{ink}"/>'
    '<rect {line} x="3" y="3" width="18" height="18" rx="3"/>',
    "hollow_note": '<circle cx="12" cy="12" r="6" fill="none" stroke="{ink}" stroke-width="3"/>',
    "struck_note": '<circle cx="12" cy="12" r="6" fill="{ink}" fill-opacity="0.5"/>'
    '<path d="M3 21L21 3" fill="none" stroke="{ink}" stroke-width="2"/>',
    "cluster_note": '<circle cx="12" cy="12" r="8" fill="none" stroke="{ink}" stroke-width="4"'
    ' stroke-opacity="0.5"/><path d="M12 4A8 8 0 0 1 20 12" fill="none" stroke="{ink}" stroke-width="4"/>',
}


def sample(note: str) -> str:
    """A mark of the legend in a neutral ink, in a box of 24."""
    ink = inks()["ink-2"]
    return SAMPLES[note].format(ink=ink, line=f'fill="none" stroke="{ink}" stroke-width="1.6"')


def _edge(width: float, *, is_estimated: bool) -> str:
    if is_estimated:
        return 'stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round" stroke-dasharray="1.5 5.5"'
    return f'stroke-width="{width:g}" stroke-linecap="butt" stroke-linejoin="round"'


def _arc(middle: tuple[float, float], radius: float, begin: float, end: float, *, is_whole: bool) -> str:
    def at(angle: float) -> str:
        return f"{middle[0] + radius * math.cos(angle):.2f} {middle[1] + radius * math.sin(angle):.2f}"

    r = f"{radius:.2f} {radius:.2f}"
    if is_whole:
        half = begin + math.pi
        return f"M{at(begin)}A{r} 0 1 1 {at(half)}A{r} 0 1 1 {at(begin)}"
    gap = 1 / radius
    is_long = int(end - begin - gap > math.pi)
    return f"M{at(begin + gap / 2)}A{r} 0 {is_long} 1 {at(max(begin + gap, end - gap / 2))}"
