"""The ground that a team puts over the base map: tiles of a server, or of a PMTiles file of its own.

Knows whose the tiles are, which zooms and land they cover, and whom a page must be let ask for them.
Knows nothing of what is drawn on top.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pmtiles.tile import (
    Compression,
    Entry,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from geoevents.errors import BadInput
from geoevents.messages import Message

OWN_URL = "/ground/{z}/{x}/{y}"
LAST_ZOOM = 19
_HEADER_BYTES = 127
_CONTENT_TYPES = {
    TileType.PNG: "image/png",
    TileType.JPEG: "image/jpeg",
    TileType.WEBP: "image/webp",
    TileType.AVIF: "image/avif",
    TileType.MVT: "application/vnd.mapbox-vector-tile",
}
_VECTOR = re.compile(r"\.(?:mvt|pbf)$")
# From the root: more steps than this no archive has (PMTiles 3, section 4).
_MOST_STEPS = 4
_KEPT_DIRECTORIES = 64
_MOST_METADATA = 4_000_000


@dataclass(frozen=True, slots=True)
class DetailedGround:
    """
    Tiles in web Mercator over the base map.

    `url` has {z}, {x}, {y} in it; `attribution` is plain text, an address at its end makes a link of it;
    tiles are there from `first_zoom` to `last_zoom` (beyond, the last ones are drawn larger) and within
    `bounds` (west, south, east, north in degrees; None: everywhere). `archive` is what they are read from
    where they are our own.
    """

    url: str
    attribution: str
    first_zoom: int = 0
    last_zoom: int = LAST_ZOOM
    bounds: tuple[float, float, float, float] | None = None
    is_vector: bool = False
    archive: Archive | None = field(default=None, compare=False)

    @property
    def host(self) -> str | None:
        """Who else is asked for tiles: scheme, name and port, as a policy names it; None for nobody."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None

    @property
    def host_name(self) -> str | None:
        return urlsplit(self.url).netloc or None

    def allowed_in(self, policy: str) -> str:
        """A page's policy, with the host in it that its ground is fetched from, for this and nothing else."""
        if self.host is None:
            return policy
        rule = "connect-src" if self.is_vector else "img-src"
        if f"{rule} " not in policy:
            return f"{policy}; {rule} {self.host}"
        return policy.replace(f"{rule} ", f"{rule} {self.host} ", 1)

    def options(self) -> dict[str, Any]:
        """What the script of the page is told."""
        return {
            "url": self.url,
            "attribution": self.attribution,
            "firstZoom": self.first_zoom,
            "lastZoom": self.last_zoom,
            "bounds": self.bounds,
            "isVector": self.is_vector,
            "host": self.host_name,
        }


def online_ground(url: str, attribution: str, last_zoom: int = LAST_ZOOM) -> DetailedGround:
    """The tiles of a server, by the template of their addresses."""
    return DetailedGround(
        url, attribution, last_zoom=last_zoom, is_vector=bool(_VECTOR.search(urlsplit(url).path))
    )


def ground_of_file(path: Path, attribution: str | None = None) -> DetailedGround:
    """
    The tiles of a PMTiles file. Without `attribution` it is the file's own, as text.

    Raises BadInput for a file that is not there, is no PMTiles of version 3, or has tiles nobody can draw.
    """
    archive = Archive(path)
    header = archive.header
    edges = (header["min_lon_e7"], header["min_lat_e7"], header["max_lon_e7"], header["max_lat_e7"])
    west, south, east, north = (each / 1e7 for each in edges)
    return DetailedGround(
        f"{OWN_URL}?v={archive.tag}",
        attribution or text_of(str(archive.metadata().get("attribution") or "")),
        header["min_zoom"],
        header["max_zoom"],
        (west, south, east, north) if west < east and south < north else None,
        archive.is_vector,
        archive,
    )


class Archive:
    """A PMTiles file (version 3), open for as long as it is used: one that takes its place is not seen."""

    def __init__(self, path: Path) -> None:
        """Raises BadInput."""
        self._path = path
        try:
            self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            self._size = os.fstat(self._file).st_size
            state = os.fstat(self._file)
            start = self._bytes(0, _HEADER_BYTES)
        except OSError as error:
            raise self._refused(Message("it cannot be read: {reason}", reason=error.strerror or "")) from None
        try:
            self.header = deserialize_header(start)
        except SpecVersionUnsupported:
            raise self._refused(Message("it is a PMTiles file of another version than 3")) from None
        except (MagicNumberNotFound, IndexError, UnicodeDecodeError, ValueError):
            raise self._refused(Message("it is not a PMTiles file")) from None
        self._check()
        self.tag = sha256(start + str((state.st_mtime_ns, state.st_size)).encode()).hexdigest()[:12]
        self._directory = lru_cache(_KEPT_DIRECTORIES)(self._read_directory)
        try:
            self._directory(self.header["root_offset"], self.header["root_length"])
        except (OSError, EOFError, ValueError, IndexError):
            raise self._refused(Message("it is damaged or not whole")) from None

    @property
    def content_type(self) -> str:
        return _CONTENT_TYPES[self.header["tile_type"]]

    @property
    def is_vector(self) -> bool:
        return bool(self.header["tile_type"] == TileType.MVT)

    @property
    def is_gzipped(self) -> bool:
        """Whether tiles come as gzip made them."""
        return bool(self.header["tile_compression"] == Compression.GZIP)

    def has(self, z: int, x: int, y: int) -> bool:
        """Whether such a tile may be asked for: within the world and the zooms of the file."""
        return self.header["min_zoom"] <= z <= self.header["max_zoom"] and x < 2**z and y < 2**z

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """
        The bytes of a tile as they are kept; None where there is none, as files leave out sea and desert.

        The tile must be one that the file `has`. Raises OSError for a torn file.
        """
        tile_id = zxy_to_tileid(z, x, y)
        offset, length = self.header["root_offset"], self.header["root_length"]
        for _ in range(_MOST_STEPS):
            found = find_tile(self._directory(offset, length), tile_id)
            if found is None:
                return None
            if found.run_length:
                return self._bytes(self.header["tile_data_offset"] + found.offset, found.length)
            offset, length = self.header["leaf_directory_offset"] + found.offset, found.length
        return None

    def metadata(self) -> Mapping[str, Any]:
        """What the file says of itself; empty where it cannot be read."""
        length = self.header["metadata_length"]
        if not 0 < length <= _MOST_METADATA:
            return {}
        try:
            found = json.loads(gzip.decompress(self._bytes(self.header["metadata_offset"], length)))
        except (OSError, EOFError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _check(self) -> None:
        if self.header["internal_compression"] != Compression.GZIP:
            raise self._refused(Message("its directory is compressed otherwise than by gzip"))
        if self.header["tile_type"] not in _CONTENT_TYPES:
            raise self._refused(Message("its tiles are of a kind that no browser draws"))
        if self.header["tile_compression"] not in (Compression.NONE, Compression.GZIP):
            raise self._refused(Message("its tiles are compressed otherwise than by gzip"))
        if self.header["tile_data_offset"] + self.header["tile_data_length"] > self._size:
            raise self._refused(Message("it is damaged or not whole"))

    def _read_directory(self, offset: int, length: int) -> list[Entry]:
        return deserialize_directory(self._bytes(offset, length))

    def _bytes(self, offset: int, length: int) -> bytes:
        return os.pread(self._file, length, offset)

    def _refused(self, reason: Message) -> BadInput:
        return BadInput(Message("{path}: {reason}.", path=str(self._path), reason=reason))


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def text_of(markup: str) -> str:
    """
    The words of an attribution, which files keep as HTML.

    >>> text_of('<a href="https://osm.org/copyright">© OpenStreetMap</a>  contributors')
    '© OpenStreetMap contributors'
    """
    reading = _Text()
    reading.feed(markup)
    reading.close()
    return " ".join("".join(reading.parts).split())[:300]
