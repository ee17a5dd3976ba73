"""The files a page of ours loads: style sheets, scripts, what npm brought, the base map, the words.

Knows where they lie, what they are and how they are named by their content. Knows nothing of requests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from geoevents.cartography.words import script_words

OWN = Path(__file__).parent / "assets"
SHIPPED_CACHE = Path(__file__).parents[2] / "data" / "cache"
PREFIX = "/assets/"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
_NAME = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*(?:\.[a-z0-9]+)+")
_WORDS = re.compile(r"words-([a-z]{2,3})\.js")
_TAG_LENGTH = 12
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Asset:
    """A file to send; `tag` names its content, so that an address with it may be kept for ever."""

    body: bytes
    content_type: str
    tag: str


class Assets:
    """Our own files, then what set-up put below `cache` (vendor/, basemap/). What changes is read anew."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._kept: dict[str, tuple[tuple[int, int], Asset]] = {}

    def get(self, name: str) -> Asset | None:
        """
        The file of this name, or None. No name reaches outside the folders named above.

        `words-LANG.js` is made of the sentences of that language.
        """
        if words := _WORDS.fullmatch(name):
            return _asset(name, script_words(words[1]))
        path = self._path(name)
        return self._read(name, path) if path else None

    def folder(self, name: str) -> Path:
        """Where set-up put what programs of this house read themselves."""
        return self._cache / name

    def url(self, name: str) -> str:
        """The address of a file, with its content's tag while there is such a file."""
        asset = self.get(name)
        return f"{PREFIX}{name}?v={asset.tag}" if asset else PREFIX + name

    def _path(self, name: str) -> Path | None:
        if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name) or Path(name).suffix not in TYPES:
            return None
        root = self._cache if name.startswith(("vendor/", "basemap/")) else OWN
        path = root / name
        return path if path.is_file() else None

    def _read(self, name: str, path: Path) -> Asset:
        state = path.stat()
        stamp = (state.st_mtime_ns, state.st_size)
        known = self._kept.get(name)
        if known is None or known[0] != stamp:
            known = (stamp, _asset(name, path.read_bytes()))
            # The base map is thousands of small files; the system keeps those well enough.
            if not name.startswith("basemap/"):
                self._kept[name] = known
        return known[1]


def _asset(name: str, body: bytes) -> Asset:
    return Asset(body, TYPES[Path(name).suffix], sha256(body).hexdigest()[:_TAG_LENGTH])
