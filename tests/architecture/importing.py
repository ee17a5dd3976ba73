"""Import every module of a package, and print as JSON what happened meanwhile.

`python tests/architecture/importing.py geoevents` prints {module: [what it did]}. Seen are settings read from
the environment, files opened, connections, processes. What a library does in its own import is its own
affair: a deed belongs to the first frame, from the inside out, that is not the standard library's.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
import sysconfig
from types import FrameType

_STANDARD = (sysconfig.get_path("stdlib"), "<frozen", "<string>", __file__)
_DEEDS = {
    "open",
    "sqlite3.connect",
    "socket.connect",
    "socket.bind",
    "subprocess.Popen",
    "os.mkdir",
    "urllib.Request",
}
_deeds: dict[str, list[str]] = {}
_package = ""


def main(package: str) -> None:
    """Watch the import of each module of `package`, which must be on sys.path."""
    global _package  # noqa: PLW0603 - an audit hook takes no arguments of ours, and cannot be removed
    _package = package
    os.environ = _Watched(os.environ.copy())  # type: ignore[assignment]  # noqa: B003 - the same values, watched
    sys.addaudithook(_notice)
    for name in _names(package):
        _deeds.setdefault(name, [])
        importlib.import_module(name)
    print(json.dumps(_deeds))


class _Watched(dict[str, str]):
    """The environment, noting who reads it."""

    def __getitem__(self, key: str) -> str:
        _blame(f"reads {key} from the environment")
        return super().__getitem__(key)

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        _blame(f"reads {key} from the environment")
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        _blame(f"reads {key} from the environment")
        return super().__contains__(key)


def _names(package: str) -> list[str]:
    folder = importlib.import_module(package)
    inside = pkgutil.walk_packages(folder.__path__, package + ".")
    return [package, *(found.name for found in inside if not found.name.endswith("__main__"))]


def _notice(event: str, args: tuple[object, ...]) -> None:
    if event in _DEEDS and not (event == "open" and str(args[0]).endswith((".py", ".pyc"))):
        _blame(f"{event} {args[0]}")


def _blame(deed: str) -> None:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _is_standard(frame.f_code.co_filename):
        frame = frame.f_back
    module = str(frame.f_globals.get("__name__")) if frame else ""
    if module.split(".", maxsplit=1)[0] == _package:
        _deeds.setdefault(module, []).append(deed)


def _is_standard(filename: str) -> bool:
    return filename.startswith(_STANDARD) and "site-packages" not in filename


if __name__ == "__main__":
    main(sys.argv[1])
