"""A static map in one file, to be mailed or opened from anywhere: everything it needs stands in the page.

Knows how much there is room for, and what gives way. Knows nothing of folders.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from itertools import product

from geoevents.cartography.asset_files import TYPES
from geoevents.cartography.frame import hash_of
from geoevents.cartography.grounds import DetailedGround
from geoevents.cartography.static import FONTS, StaticMap
from geoevents.cartography.static_data import ONE_FILE
from geoevents.errors import TooLarge
from geoevents.messages import Message

MOST_BYTES = 2_000_000
# From the best ground to the least: the finest zoom around the events, and to which the whole world is there.
_GROUNDS = ((6, 2), (5, 2), (4, 2), (4, 1), (3, 1), (2, 1), (1, 1))
_STYLE = re.compile(rb'<link rel="stylesheet" href="assets/([^"]+)">')
_SCRIPT = re.compile(rb'<script src="([^"]+)"></script>')
_OWN_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_ICON = re.compile(rb'href="assets/(icon\.svg)"')
_POLICY = re.compile(rb'(<meta http-equiv="Content-Security-Policy" content=")[^"]*(">)')
_URL = re.compile(rb'url\("?(?!data:|#)([^")]+)"?\)')
_CSP = (
    "default-src 'none'; script-src {scripts}; style-src {styles}; img-src data:; font-src data:; "
    "form-action 'none'; base-uri 'none'"
)


def single_file(drawn: StaticMap) -> bytes:
    """
    The page of a publication's main language with everything in it, below MOST_BYTES.

    The base map is as fine as there is room for, and the heavier Arabic letters give way before it is gone.
    Raises TooLarge for more than ONE_FILE events, or for too many words in them.
    """
    if drawn.count > ONE_FILE:
        raise TooLarge(
            Message(
                "{count} events are too many for a single file, which holds {most}. Publish a folder, without"
                " --single-file, or choose fewer events by filters such as --datetime or --bbox.",
                count=drawn.count,
                most=ONE_FILE,
            )
        )
    page = drawn.page(drawn.publication.languages[0], is_alone=True)
    data = drawn.data.script(drawn.opening())
    for fonts, (last_zoom, world_zoom) in product((FONTS, FONTS[:1]), _GROUNDS):
        ground = drawn.ground(last_zoom=last_zoom, world_zoom=world_zoom).script()
        scripts = {b"data/data.js": data, b"data/ground.js": ground}
        made = _Inlined(drawn.asset, fonts, scripts, drawn.publication.ground).page(page)
        if len(made) < MOST_BYTES:
            return made
    raise TooLarge(
        Message(
            "The map would be {size} MB in a single file, which may have {most}. Publish a folder, without"
            " --single-file, or choose fewer events by filters such as --datetime or --bbox.",
            size=round(len(made) / 1e6, 1),
            most=round(MOST_BYTES / 1e6),
        )
    )


class _Inlined:
    """Puts into a page what it would load, and names all of it in its policy."""

    def __init__(
        self,
        asset: Callable[[str], bytes],
        fonts: tuple[str, ...],
        scripts: dict[bytes, bytes],
        detail: DetailedGround | None,
    ) -> None:
        self._detail = detail
        self._asset = asset
        self._fonts = fonts
        self._scripts = scripts
        self._hashes: dict[str, list[str]] = {"scripts": [], "styles": []}

    def page(self, page: bytes) -> bytes:
        for own in _OWN_SCRIPT.findall(page):
            self._named("scripts", own)
        page = _STYLE.sub(lambda found: self._style(found[1].decode()), page)
        page = _ICON.sub(lambda found: b'href="%b"' % self._as_data(found[1].decode()), page)
        page = _SCRIPT.sub(lambda found: self._script(found[1]), page)
        policy = _CSP.format(**{name: " ".join(hashes) for name, hashes in self._hashes.items()})
        policy = self._detail.allowed_in(policy) if self._detail else policy
        return _POLICY.sub(lambda found: found[1] + policy.encode() + found[2], page)

    def _style(self, name: str) -> bytes:
        folder = name.rpartition("/")[0]
        body = (
            b"".join(self._rules(self._asset(name), folder)).replace(b"</", b"<\\/").replace(b"\r\n", b"\n")
        )
        return b"<style>%b</style>" % self._named("styles", body)

    def _rules(self, style: bytes, folder: str) -> Iterator[bytes]:
        end = 0
        for found in _URL.finditer(style):
            name = f"{folder}/{found[1].decode()}".removeprefix("/")
            is_left_out = name.endswith(".woff2") and name not in self._fonts
            yield style[end : found.start()]
            yield b'url("%b")' % (b"data:," if is_left_out else self._as_data(name))
            end = found.end()
        yield style[end:]

    def _script(self, name: bytes) -> bytes:
        body = self._scripts.get(name) or self._asset(name.decode().removeprefix("assets/"))
        # In a script's strings the same; outside of them neither stands.
        body = body.replace(b"</script", b"<\\/script").replace(b"<!--", b"<\\!--").replace(b"\r\n", b"\n")
        return b"<script>%b</script>" % self._named("scripts", body)

    def _named(self, kind: str, body: bytes) -> bytes:
        self._hashes[kind].append(f"'sha256-{hash_of(body.decode())}'")
        return body

    def _as_data(self, name: str) -> bytes:
        kind = TYPES["." + name.rpartition(".")[2]].partition(";")[0]
        return b"data:%b;base64,%b" % (kind.encode(), base64.b64encode(self._asset(name)))
