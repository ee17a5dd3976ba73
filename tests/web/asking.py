"""What the tests of the web send, and how they look at what comes back."""

from __future__ import annotations

import json
from typing import Any

from werkzeug.test import TestResponse

from tests.web.conftest import Site

SOURCE = {"publisher": "North Press", "url": "https://npasyria.com/en/70561"}
PROPERTIES = {
    "title": "Gunmen attack the prison",
    "event_type": "battles",
    "date_start": "2022-01-20",
    "geo_precision": "site",
    "sources": [SOURCE],
}
POINT = {"type": "Point", "coordinates": [40.7477, 36.4806]}
FORM = {
    "title": "Gunmen attack the prison",
    "event_type": "battles",
    "date_start": "2022-01-20",
    "place_name": "Hasakah",
    "source_publisher": "North Press",
    "source_url": "https://npasyria.com/en/70561",
}


def feature(geometry: object = POINT, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": PROPERTIES | properties}


def send(site: Site, body: bytes | str, content_type: str = "application/geo+json") -> TestResponse:
    """POST a body to /events as it is."""
    return site.writer.post("/events", data=body, content_type=content_type)


def keep(site: Site, geometry: object = POINT, **properties: object) -> str:
    """Add an event by JSON and return its id."""
    answer = site.writer.post("/events", json=feature(geometry, **properties))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return str(json.loads(answer.get_data())["id"])


def version(answer: TestResponse) -> int:
    """The version that the ETag of one event names."""
    return int(answer.headers["ETag"].strip('"').partition(".")[0])


def refusal(answer: TestResponse) -> tuple[int, str | None, str]:
    """Status, field and sentence of a problem."""
    assert answer.mimetype == "application/problem+json", answer.get_data(as_text=True)[:500]
    problem = json.loads(answer.get_data(as_text=True))
    assert problem["status"] == answer.status_code
    return answer.status_code, problem.get("field"), problem["detail"]
