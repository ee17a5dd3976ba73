"""Typesetting: data and a sheet of ours to a picture or a PDF, with nothing else within reach.

Knows typst and how it is shut in. Knows nothing of maps.

What is typeset comes as data (JSON) that the sheet reads as text: typst has no way from there to its own
language. Its folder holds the sheet and nothing else, and no package is looked for.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any, Literal

from geoevents.cartography.asset_files import OWN
from geoevents.errors import NotReady
from geoevents.messages import Message

if TYPE_CHECKING:
    import typst

FONTS = (
    "noto-sans-400.ttf", "noto-sans-600.ttf", "noto-sans-arabic-400.ttf", "noto-sans-arabic-600.ttf",
)  # fmt: skip
SHEETS = OWN / "sheets"
# One is set at a time, for it takes all of a processor and some hundred megabytes; so many may wait, so long.
_WAITING, _LONGEST_WAIT = 3, 30.0
_AGAIN_IN = 5

_PLACES = BoundedSemaphore(1 + _WAITING)
_TURN = Lock()


class Sheet:
    """A sheet of SHEETS with its data; several things can be asked of it. Raises NotReady without fonts."""

    def __init__(self, name: str, data: dict[str, Any], fonts: Path) -> None:
        import typst

        _check(fonts)
        self._compiler = typst.Compiler(
            str(SHEETS / name),
            root=str(SHEETS),
            font_paths=_fonts(fonts),
            ignore_system_fonts=True,
            sys_inputs=_inputs(data),
            package_path=str(SHEETS),
            package_cache_path=str(SHEETS),
        )

    def asked(self, label: str) -> Any:
        """The value that the sheet says under a label."""
        return json.loads(self._compiler.query(f"<{label}>", field="value", one=True))

    def png(self, ppi: float, data: dict[str, Any]) -> bytes:
        return self._set("png", data, ppi=ppi)

    def pdf(self, data: dict[str, Any]) -> bytes:
        # Without a time of its own the same data give the same bytes.
        return self._set("pdf", data, timestamp=0)

    def _set(self, kind: Literal["png", "pdf"], data: dict[str, Any], **how: Any) -> bytes:
        made = self._compiler.compile(format=kind, sys_inputs=_inputs(data), **how)
        assert isinstance(made, bytes), "a sheet is one page"
        return made


class Turn:
    """
    A turn at typesetting, of which a process has one at a time. Raises NotReady where too many wait for it.
    """

    def __enter__(self) -> None:
        if not _PLACES.acquire(blocking=False):
            raise busy()
        if not _TURN.acquire(timeout=_LONGEST_WAIT):
            _PLACES.release()
            raise busy()

    def __exit__(self, *_: object) -> None:
        _TURN.release()
        _PLACES.release()


def busy() -> NotReady:
    """What is answered where too many pictures are asked for at once."""
    return NotReady(Message("Other pictures are being made. Ask again in a moment."), seconds=_AGAIN_IN)


def _check(fonts: Path) -> None:
    missing = next((name for name in FONTS if not (fonts / name).is_file()), None)
    if missing:
        raise NotReady(
            Message("{name} is missing. Run `make setup`, then ask again.", name=missing), seconds=600
        )


def _inputs(data: dict[str, Any]) -> dict[str, str]:
    return {"data": json.dumps(data, ensure_ascii=False)}


@lru_cache(maxsize=2)
def _fonts(folder: Path) -> typst.Fonts:
    import typst

    return typst.Fonts(font_paths=[str(folder)], include_system_fonts=False, include_embedded_fonts=False)
