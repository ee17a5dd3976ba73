"""The sixteen winds: what a word for a direction means in degrees, and how wide it is."""

from __future__ import annotations

from geoevents.messages import Message

# Degrees from north, clockwise.
WINDS = {
    wind: 22.5 * number
    for number, wind in enumerate(
        ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
    )
}


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
