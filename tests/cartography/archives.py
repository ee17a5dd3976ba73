"""PMTiles files to draw: pictures, or roads and a town as Protomaps' basemap has them."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

BOUNDS = (40.5, 36.3, 41.0, 36.7)
ZOOMS = (8, 12)
ATTRIBUTION = '<a href="https://example.org">© Somebody\'s streets</a>'
_EXTENT = 4096


def pictures(path: Path, colour: tuple[int, int, int] = (0, 160, 0), zooms: tuple[int, int] = ZOOMS) -> Path:
    """Tiles of one colour over BOUNDS."""
    return _archive(path, lambda: png(colour), TileType.PNG, Compression.NONE, zooms)


def roads(path: Path, zooms: tuple[int, int] = ZOOMS) -> Path:
    """Vector tiles over BOUNDS: two motorways across each."""
    return _archive(path, lambda: gzip.compress(_roads(), mtime=0), TileType.MVT, Compression.GZIP, zooms)


def numbered(path: Path, zoom: int = 8) -> Path:
    """Two tiles in three of a zoom, each another: so many that the directory of the file has leaves."""
    with path.open("wb") as file:
        writer = Writer(file)
        first = zxy_to_tileid(zoom, 0, 0)
        for number in range(first, first + 4**zoom):
            digest = sha256(str(number).encode()).digest()
            if digest[0] % 3:
                writer.write_tile(number, digest * (1 + digest[1]))
        header = {
            f"{name}_e7": 0
            for name in ("min_lon", "min_lat", "max_lon", "max_lat", "center_lon", "center_lat")
        }
        header |= {"center_zoom": 0, "tile_type": TileType.PNG, "tile_compression": Compression.NONE}
        writer.finalize(header, {})
    return path


def png(colour: tuple[int, int, int], size: int = 256) -> bytes:
    rows = (b"\x00" + bytes(colour) * size) * size
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    parts = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(rows)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int, int]:
    across = 2**zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return zoom, int((lon + 180) / 360 * across), int(y * across)


def _archive(
    path: Path, tile: Callable[[], bytes], kind: TileType, packing: Compression, zooms: tuple[int, int]
) -> Path:
    west, south, east, north = BOUNDS
    with path.open("wb") as file:
        writer = Writer(file)
        for number in sorted(
            zxy_to_tileid(zoom, x, y)
            for zoom in range(zooms[0], zooms[1] + 1)
            for x in range(tile_of(west, north, zoom)[1], tile_of(east, south, zoom)[1] + 1)
            for y in range(tile_of(west, north, zoom)[2], tile_of(east, south, zoom)[2] + 1)
        ):
            writer.write_tile(number, tile())
        edges = dict(zip(("min_lon", "min_lat", "max_lon", "max_lat"), BOUNDS, strict=True))
        header = {f"{name}_e7": round(each * 1e7) for name, each in edges.items()}
        header |= {"center_zoom": zooms[0], "center_lon_e7": 0, "center_lat_e7": 0}
        writer.finalize(
            header | {"tile_type": kind, "tile_compression": packing}, {"attribution": ATTRIBUTION}
        )
    return path


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _roads() -> bytes:
    """A tile with the layer `roads` (Mapbox Vector Tile 2.1, section 4)."""
    half = _EXTENT // 2
    lines = [[9, 0, _zigzag(half), 10, _zigzag(_EXTENT), 0], [9, _zigzag(half), 0, 10, 0, _zigzag(_EXTENT)]]
    features = b"".join(
        _field(2, _field(2, bytes([0, 0])) + b"\x18\x02" + _field(4, b"".join(map(_varint, line))))
        for line in lines
    )
    layer = _field(1, b"roads") + features + _field(3, b"kind") + _field(4, _field(1, b"highway"))
    return _field(3, layer + b"\x28" + _varint(_EXTENT) + b"\x78\x02")


def _field(number: int, data: bytes) -> bytes:
    return bytes([number << 3 | 2]) + _varint(len(data)) + data


def _varint(number: int) -> bytes:
    parts = []
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def _zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1
