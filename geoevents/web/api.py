"""Small answers for programs: what a name means, names as one types, what is new, whether all is well."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from geoevents.errors import BadInput, InvalidQuery
from geoevents.messages import Message
from geoevents.places import Candidate, Context
from geoevents.queries import LONGEST_Q
from geoevents.times import read_day
from geoevents.web import asking, headers, languages, reading, words, writers

bp = Blueprint("api", __name__)

MOST_CANDIDATES = 50
_SUGGESTED = 8
_LONGEST_COUNTRY = 2


@bp.get("/api/geocode")
def geocode() -> ResponseReturnValue:
    """The object that `geoevents geocode --json` prints for a name."""
    given = asking.parameters("q", "country", "admin1", "date", "limit")
    name = _name(given)
    return _answer(reading.gazetteer().resolve(name, _context(given, limit=10)).as_json())


@bp.get("/api/suggest")
def suggest() -> ResponseReturnValue:
    """Places whose name begins as typed, in the reader's language; never asks an online service."""
    given = asking.parameters("q", "country", "admin1", "date", "limit")
    if "q" not in given:
        return jsonify({"query": "", "suggestions": []})
    found = reading.gazetteer().suggest(_name(given), _context(given, limit=_SUGGESTED))
    return _answer({"query": given["q"], "suggestions": [_suggestion(each) for each in found]})


@bp.get("/revision")
def revision() -> ResponseReturnValue:
    """What a page that stays open asks now and then: whether there is anything new."""
    asking.parameters()
    answer: Response = jsonify(
        {"revision": reading.backends().public.revision, "writes": writers.is_writer_here()}
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """That the server runs and can read its events."""
    return jsonify({"status": "ok", "revision": reading.backends().public.revision})


def _answer(found: Mapping[str, object]) -> Response:
    """What the team has decided is for those who may write: no cache may hand it to anybody else."""
    answer: Response = jsonify(found)
    return headers.keep_private(answer) if writers.is_writer_here() else answer


def _name(given: dict[str, str]) -> str:
    name = given.get("q", "")
    if not name:
        raise InvalidQuery(Message("'{name}' is missing. Write the name of a place.", name="q"), "q")
    if len(name) > LONGEST_Q:
        raise InvalidQuery(
            Message("'{name}' is too long. Use at most {limit} characters.", name="q", limit=LONGEST_Q), "q"
        )
    return name


def _context(given: dict[str, str], *, limit: int) -> Context:
    country = given.get("country", "").upper()
    if country and not (len(country) == _LONGEST_COUNTRY and country.isascii() and country.isalpha()):
        raise InvalidQuery(
            Message("'{text}' is not a country code. Write two letters, such as SY.", text=country[:60]),
            "country",
        )
    try:
        day = read_day(given["date"], "date") if "date" in given else None
    except BadInput as error:
        raise InvalidQuery(error.message, "date") from None
    return Context(
        country_code=country or None, admin1=given.get("admin1"), day=day, limit=_limit(given, limit)
    )


def _limit(given: dict[str, str], otherwise: int) -> int:
    text = given.get("limit", str(otherwise))
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and 1 <= int(text) <= MOST_CANDIDATES):
        raise InvalidQuery(
            Message(
                "'{text}' is not a limit. Write a number from 1 to {most}.",
                text=text[:60],
                most=MOST_CANDIDATES,
            ),
            "limit",
        )
    return int(text)


def _suggestion(candidate: Candidate) -> dict[str, object]:
    place = candidate.place
    return {
        **candidate.as_json(),
        "name": place.name_in(languages.labels()),
        "what": words.place_line(place),
        "other_names": list(place.other_names()),
        "country": words.country(place.country_code),
    }
