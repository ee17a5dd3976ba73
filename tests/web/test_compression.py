"""Small answers for poor connections, the same words in fewer bytes."""

from __future__ import annotations

import gzip

import pytest

from tests.web.asking import feature, keep
from tests.web.conftest import Site

TAKES_GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.mark.parametrize(
    "path", ["/", "/events", "/events.geojson", "/events.csv", "/tiles/0/0/0.json", "/assets/base.css"]
)
def test_a_browser_that_takes_gzip_gets_the_same_words_in_fewer_bytes(site: Site, path: str) -> None:
    keep(site, description="word " * 500)
    plain = site.public.get(path)

    packed = site.public.get(path, headers=TAKES_GZIP)

    assert "Accept-Encoding" in plain.vary
    assert "Content-Encoding" not in plain.headers
    if len(plain.data) >= 1_000:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert len(packed.data) < len(plain.data)


@pytest.mark.parametrize("path", ["/events", "/events.geojson", "/assets/base.css", "/"])
def test_what_was_packed_is_known_again(site: Site, path: str) -> None:
    keep(site, description="word " * 500)
    first = site.public.get(path, headers=TAKES_GZIP)

    again = site.public.get(path, headers=TAKES_GZIP | {"If-None-Match": first.headers["ETag"]})

    assert first.headers["ETag"].startswith('W/"')
    assert again.status_code == 304


def test_a_packed_version_may_be_written_back(site: Site) -> None:
    event_id = keep(site, description="word " * 500)
    read = site.public.get(f"/events/{event_id}.geojson", headers=TAKES_GZIP)

    answer = site.writer.put(
        f"/events/{event_id}", json=feature(), headers={"If-Match": read.headers["ETag"]}
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0"])
def test_who_does_not_take_gzip_gets_none(site: Site, accepted: str) -> None:
    assert "Content-Encoding" not in site.public.get("/about", headers={"Accept-Encoding": accepted}).headers


def test_what_is_private_is_not_packed(site: Site) -> None:
    keep(site, description="word " * 500)

    assert "Content-Encoding" not in site.writer.get("/events?view=internal", headers=TAKES_GZIP).headers
