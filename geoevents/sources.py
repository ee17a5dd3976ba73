"""Who says so: the publisher, the one who is quoted, the address, the words.

Knows what a source is and which addresses may be linked. Knows nothing of how it is fetched or shown.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import SplitResult, urlsplit

from geoevents.errors import BadInput
from geoevents.messages import Message

LONGEST_URL = 2_000
_REFUSED = frozenset('<>"\\^`{|}')
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """
    One outlet's word for an event.

    `publisher` printed it, `said_by` is whom it quotes. `says` keeps that source's own
    {date, place, fatalities} where outlets differ. `report_id` and `confidential` are internal.
    """

    publisher: str | None = None
    said_by: str | None = None
    title: str | None = None
    url: str | None = None
    archived_url: str | None = None
    published: date | None = None
    accessed: date | None = None
    quote: str | None = None
    report_id: str | None = None
    confidential: bool = False
    says: Mapping[str, Any] | None = None


def check_url(url: str, field: str) -> str:
    """
    The address, if a reader may be sent there: http or https, a host, no name or password in it.

    Raises BadInput, naming `field`.
    """
    if len(url) > LONGEST_URL:
        raise BadInput(
            Message(
                "This address has {count} characters; {limit} are the most. Use its short form.",
                count=len(url),
                limit=LONGEST_URL,
            ),
            field,
        )
    parts = _split(url)
    if parts is None:
        raise BadInput(
            Message(
                "'{url}' is not a web address we can link to. Write one that begins with https:// or http://.",
                url=url[:80],
            ),
            field,
        )
    if "@" in parts.netloc:
        raise BadInput(
            Message("'{url}' has a name or password in it. Remove all before the @.", url=url[:80]), field
        )
    return url


def _split(url: str) -> SplitResult | None:
    # urlsplit() drops line ends and tabs without a word, and browsers read a backslash as a slash.
    if any(c in _REFUSED or c.isspace() or unicodedata.category(c) in _UNSEEN for c in url):
        return None
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:
        return None
    return parts if whole else None
