"""Directions and distances as reports say them: what the words mean, and how much they leave open."""

from __future__ import annotations

from geoevents.messages import Message

# Degrees from north, clockwise.
WINDS = {
    wind: 22.5 * number
    for number, wind in enumerate(
        ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
    )
}

# A distance in a report is rarely a straight line, nor measured: by road it is a fifth longer or more.
_ROUGHLY = 0.2


def half_width(wind: str) -> float:
    """
    Half the angle that a word for a direction leaves open, in degrees.

    Who says "north" chooses among eight winds, who says "north-north-east" among sixteen.

    >>> half_width("SW"), half_width("SSW")
    (22.5, 11.25)
    """
    return 11.25 if len(wind) == 3 else 22.5


def together(winds: list[str]) -> str | None:
    """
    The wind that several words say together, or None if they say none.

    >>> together(["N", "E"]), together(["N", "NE"]), together(["N", "S"])
    ('NE', 'NNE', None)
    """
    letters = "".join(winds)
    if letters in WINDS:
        return letters
    backwards = "".join(reversed(winds))
    return backwards if backwards in WINDS else None


def in_words(wind: str) -> Message:
    """A wind as a word."""
    return {
        "N": Message("north"),
        "NNE": Message("north-north-east"),
        "NE": Message("north-east"),
        "ENE": Message("east-north-east"),
        "E": Message("east"),
        "ESE": Message("east-south-east"),
        "SE": Message("south-east"),
        "SSE": Message("south-south-east"),
        "S": Message("south"),
        "SSW": Message("south-south-west"),
        "SW": Message("south-west"),
        "WSW": Message("west-south-west"),
        "W": Message("west"),
        "WNW": Message("west-north-west"),
        "NW": Message("north-west"),
        "NNW": Message("north-north-west"),
    }[wind]


def distance_uncertainty_m(metres: float) -> float:
    """
    Half the step that a reported distance is rounded to, or a fifth of it if that is more.

    The step is the largest of 1, 5, 10, 50... of its last places that goes into it at least twice.

    >>> distance_uncertainty_m(5_000), distance_uncertainty_m(10_000), distance_uncertainty_m(100_000)
    (1000.0, 2500.0, 25000.0)
    """
    steps = (base * 10**power for power in range(6) for base in (1, 5))
    step = max((step for step in steps if metres % step == 0 and 2 * step <= metres), default=1)
    return max(step / 2, _ROUGHLY * metres)


def in_km(metres: int) -> str:
    """
    Kilometres as a report says them: 5 miles are 8 km.

    >>> in_km(5_000), in_km(8_047), in_km(250)
    ('5', '8', '0.25')
    """
    return f"{metres / 1000:.1f}".removesuffix(".0") if metres >= 1_000 else f"{metres / 1000:g}"
