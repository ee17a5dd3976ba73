"""Which addresses a reader may be sent to."""

from __future__ import annotations

import pytest

from geoevents.errors import BadInput
from geoevents.sources import LONGEST_URL, check_url


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://example.org:8080/a/b?c=d&e=%20#f",
        "HTTPS://EXAMPLE.ORG/",
        "https://مثال.إختبار/مقال",
        "https://example.org/~user/a(b),c;d'e",
        "https://[2001:db8::1]/x",
        "https://example.org/mail?to=a@b.org",
    ],
)
def test_addresses_on_the_web_are_kept_as_they_are(url):
    assert check_url(url, "url") == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org",
        "/relative",
        "example.org",
        "https:",
        "https://",
        "https:///path",
        "https:/example.org",
        "ftp://example.org",
        "mailto:a@example.org",
        "https://exa mple.org",
        "https://example.org/\n",
        "https://example.org/<script>",
        'https://example.org/"onclick="x',
        "https://example.org\\@evil.org",
        "https://example.org:99999/",
        "https://example.org:port/",
        "https://[::1/",
        "https://example.org/\u202egnp",
        "https://example.org/\u200b",
        "https://example.org/\ud800",
        "\x01https://example.org/",
        "",
    ],
)
def test_what_no_reader_may_be_sent_to_is_refused(url):
    with pytest.raises(
        BadInput, match=r"is not a web address we can link to\. Write one that begins with https://"
    ) as caught:
        check_url(url, "sources[0].url")

    assert caught.value.field == "sources[0].url"


@pytest.mark.parametrize(
    "url", ["https://user:secret@example.org/", "https://user@example.org", "https://@example.org/"]
)
def test_an_address_with_a_password_is_refused(url):
    with pytest.raises(BadInput, match="has a name or password in it"):
        check_url(url, "url")


def test_a_long_address_says_how_long_it_may_be():
    with pytest.raises(BadInput, match="5000 characters; 2000 are the most"):
        check_url("https://example.org/".ljust(5_000, "x"), "url")

    assert check_url("https://example.org/".ljust(LONGEST_URL, "x"), "url")
