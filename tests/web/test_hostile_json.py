"""Bodies nobody should send: a sentence comes back, the store stays as it was.

A number in a name is a row, 1 to 14, of the list of hostile inputs that the tests began with.
"""

from __future__ import annotations

import io
import json

import pytest

from tests.web.asking import feature, keep, refusal, send
from tests.web.conftest import Site

GOOD = json.dumps(feature())


@pytest.fixture
def site(site: Site) -> Site:
    """A store that already holds an event, so that "unchanged" means something."""
    keep(site, title="Here before")
    return site


def refused(
    site: Site, body: bytes | str, content_type: str = "application/geo+json"
) -> tuple[int, str | None, str]:
    before = site.bytes()
    answer = send(site, body, content_type)
    assert site.bytes() == before
    return refusal(answer)


def test_row_01_deep_nesting(site: Site) -> None:
    status, _, sentence = refused(site, "[" * 200_000)

    assert status == 400
    assert "nested deeper than 32" in sentence


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_row_02_numbers_that_are_none(site: Site, number: str) -> None:
    body = GOOD.replace("40.7477", number)

    answer = send(site, body)

    assert refusal(answer)[0] == 400
    assert answer.json["line"] == 1
    assert answer.json["column"] == body.index(number) + 1


def test_row_03_a_number_beyond_all(site: Site) -> None:
    status, _, sentence = refused(site, GOOD.replace("40.7477", "1e999"))

    assert (status, "1e999" in sentence) == (400, True)


def test_row_04_half_a_character(site: Site) -> None:
    body = json.dumps(feature(title="X")).replace('"X"', '"broken \\ud800"')

    status, field, sentence = refused(site, body)

    assert (status, field) == (400, "title")
    assert "title" in sentence


def test_row_05_a_byte_that_is_no_utf8(site: Site) -> None:
    status, _, sentence = refused(site, GOOD.encode().replace(b"Gunmen", b"Gun\xffmen"))

    assert status == 400
    assert "0xFF" in sentence or "0xff" in sentence


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_row_06_other_encodings(site: Site, encoding: str) -> None:
    status, _, sentence = refused(site, GOOD.encode(encoding))

    assert status == 400
    assert "UTF-8" in sentence


def test_row_07_a_byte_order_mark_is_no_fault(site: Site) -> None:
    answer = send(site, b"\xef\xbb\xbf" + GOOD.encode())

    assert answer.status_code == 201


def test_row_08_an_endless_integer(site: Site) -> None:
    status, _, sentence = refused(site, GOOD.replace("40.7477", "9" * 5_000))

    assert status == 400
    assert "digits" in sentence


def test_row_09_a_key_twice(site: Site) -> None:
    body = GOOD.replace('"title":', '"title": "One", "title":')

    status, _, sentence = refused(site, body)

    assert status == 400
    assert "title" in sentence


@pytest.mark.parametrize("body", ["", "null", "[]", '"x"', "7"])
def test_row_10_nothing_like_a_feature(site: Site, body: str) -> None:
    status, _, sentence = refused(site, body)

    assert status == 400
    assert "expected a feature" in sentence.lower()


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", ""])
def test_row_11_another_kind_of_body(site: Site, content_type: str) -> None:
    before = site.bytes()

    answer = site.writer.post(
        "/events", data=GOOD, content_type=content_type, headers={"Accept": "application/json"}
    )

    status, _, sentence = refusal(answer)
    assert (status, site.bytes()) == (415, before)
    assert "application/geo+json" in sentence


def test_row_12_too_long_a_body(site: Site) -> None:
    status, _, sentence = refused(site, GOOD + " " * (2_000_001 - len(GOOD)))

    assert status == 413
    assert "2000000" in sentence


def test_row_12_too_long_a_body_of_unknown_length(site: Site) -> None:
    before = site.bytes()
    endless = io.BytesIO(GOOD.encode() + b" " * 2_000_000)

    answer = site.writer.post(
        "/events",
        input_stream=endless,
        content_type="application/geo+json",
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )

    assert refusal(answer)[0] == 413
    assert site.bytes() == before


def test_row_13_a_collection_belongs_to_the_import(site: Site) -> None:
    body = json.dumps({"type": "FeatureCollection", "features": [feature()]})

    status, _, sentence = refused(site, body)

    assert status == 422
    assert "import" in sentence


def test_row_14_cut_in_half(site: Site) -> None:
    answer = send(site, GOOD[: len(GOOD) // 2])

    assert refusal(answer)[0] == 400
    assert answer.json["line"] == 1
    assert answer.json["column"] > 1
