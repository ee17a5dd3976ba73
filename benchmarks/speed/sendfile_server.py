"""What no download can be faster than: the system's own copying of a file to a socket.

python -m benchmarks.speed.sendfile_server PORT FILE
"""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path


def main() -> None:
    port, path = int(sys.argv[1]), Path(sys.argv[2])
    size = path.stat().st_size
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % size
    with socket.create_server(("127.0.0.1", port)) as listening, path.open("rb") as file:
        while True:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.recv(65_536)
                connection.sendall(head)
                sent = 0
                while sent < size:
                    sent += os.sendfile(connection.fileno(), file.fileno(), sent, size - sent)


if __name__ == "__main__":
    main()
