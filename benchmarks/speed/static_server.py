"""Pages of the peers and what they load, from this machine.

    python -m benchmarks.speed.static_server PORT PAGES NPM

/vendor/NAME is the file of that name among the npm packages, a version in it or not; what none has is empty.
/tile/... is one picture.
"""

from __future__ import annotations

import mimetypes
import re
import struct
import sys
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_VERSION = re.compile(r"-\d+(\.\d+)+")


def picture() -> bytes:
    """A PNG of 256 x 256 pixels, all of one grey."""

    def chunk(kind: bytes, said: bytes) -> bytes:
        return struct.pack(">I", len(said)) + kind + said + struct.pack(">I", zlib.crc32(kind + said))

    rows = zlib.compress(b"".join(b"\0" + b"\xdd" * 256 for _ in range(256)))
    head = struct.pack(">IIBBBBB", 256, 256, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def main() -> None:
    port, pages, npm = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    files = {path.name: path for path in npm.rglob("*") if path.is_file()}
    # The built file of a package, where its sources have one of that name, too.
    files |= {path.name: path for path in npm.rglob("dist/**/*") if path.is_file()}
    tile = picture()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            name = path.rpartition("/")[2]
            if path.startswith("/tile/"):
                body = tile
            else:
                file = pages / name if path.count("/") == 1 else files.get(_VERSION.sub("", name))
                body = file.read_bytes() if file and file.is_file() else b""
            self.send_response(200)
            self.send_header("Content-Type", mimetypes.guess_type(name)[0] or "application/octet-stream")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Nothing."""

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main()
