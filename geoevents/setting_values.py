"""How the text of a setting is read, and what is said of one that cannot be.

Knows one kind of value at a time. Knows nothing of which settings there are (settings.py).
"""

from __future__ import annotations

import re
from pathlib import Path

from geoevents.messages import COMPLETE_LANGUAGES, Message

_COUNTRY = re.compile(r"[A-Z]{2}")
_LAST_PORT = 65_535
_ADDRESS = re.compile(
    r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?(?:/[^?#\s]*)?", re.ASCII
)
_SERVICE = re.compile(r"[a-z][a-z0-9]{2,39}")
_OPTION = re.compile(r"[a-z][a-z0-9_]{0,39}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_ANCESTOR = re.compile(r"https?://(?:\*\.)?[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::(?:[0-9]{1,5}|\*))?")
_GROUND = re.compile(
    r"https?://([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)(?::([0-9]{1,5}))?"
    r"/[A-Za-z0-9._~%!$&()*+,=:@/?{}-]{1,500}"
)
_GROUND_EXAMPLE = "https://HOST/{z}/{x}/{y}.png"
_GROUND_PARTS = {"z", "x", "y"}
_LAST_GROUND_ZOOM = 24
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_CONTACT_PAGE = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/%+-]{0,200})?")


def folder(text: str) -> Path:
    path = Path(text).expanduser()
    if "\x00" in text or (path.exists() and not path.is_dir()):
        raise ValueError(
            Message("'{text}' is not a folder. Name one, or a place for a new one.", text=text[:200])
        )
    return path.absolute()


def store(text: str) -> str:
    scheme, colon, rest = text.partition(":")
    if scheme != "geojson" or not colon or not rest:
        raise ValueError(Message("'{text}' is not a store. Write geojson:PATH.", text=text[:200]))
    return f"geojson:{Path(rest).expanduser().absolute()}"


def host(text: str) -> str:
    if any(c.isspace() or c in "/@" for c in text):
        raise ValueError(
            Message("'{text}' is not a host. Write an address such as 127.0.0.1.", text=text[:200])
        )
    return text


def port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= _LAST_PORT):
        raise ValueError(Message("'{text}' is not a port. Write a number from 0 to 65535.", text=text[:60]))
    return int(text)


def hosts(text: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in text.split(",") if name.strip())
    for name in names:
        if not _HOST.fullmatch(name):
            raise ValueError(
                Message(
                    "'{text}' is not a host name. Write names such as map.example.org, without a port.",
                    text=name[:60],
                )
            )
    return names


def ancestors(text: str) -> tuple[str, ...]:
    sites = tuple(site for site in re.split(r"[,\s]+", text.lower()) if site)
    for site in sites:
        # The policy is one header: what is no plain address could say something else in it.
        if site != "*" and not _ANCESTOR.fullmatch(site):
            raise ValueError(
                Message(
                    "'{text}' is not a site. Write addresses such as https://news.example.org, or * for all.",
                    text=site[:60],
                )
            )
    return sites


def contact(text: str) -> str | None:
    if text and not (_MAIL.fullmatch(text) or _CONTACT_PAGE.fullmatch(text)):
        raise ValueError(
            Message("'{text}' is no address. Write desk@example.org, or https://HOST/PAGE.", text=text[:60])
        )
    return text or None


def lang(text: str) -> str:
    if text not in COMPLETE_LANGUAGES:
        languages = ", ".join(COMPLETE_LANGUAGES)
        raise ValueError(
            Message("'{text}' is not one of our languages: {languages}.", text=text[:60], languages=languages)
        )
    return text


def region(text: str) -> tuple[str, ...]:
    codes = tuple(code.strip().upper() for code in text.split(",") if code.strip())
    for code in codes:
        if not _COUNTRY.fullmatch(code):
            raise ValueError(
                Message(
                    "'{text}' is not a country code. Write two letters each, such as SY,IQ.", text=code[:60]
                )
            )
    return codes


def address(text: str) -> str | None:
    if text.lower() in ("off", "no"):
        return None
    found = _ADDRESS.fullmatch(text) if text.isascii() and text.isprintable() else None
    if found is None or int(found[1] or 0) > _LAST_PORT:
        raise ValueError(
            Message("'{text}' is not an address. Write https://HOST/FOLDER/, or off.", text=text[:200])
        )
    return text.rstrip("/") + "/"


def online(text: str) -> str | None:
    if not _SERVICE.fullmatch(text.lower()):
        raise ValueError(
            Message(
                "'{text}' is not an online service. Write off, nominatim, photon or another of geopy's.",
                text=text[:60],
            )
        )
    return None if text.lower() == "off" else text.lower()


def online_url(text: str) -> str | None:
    return address(text) if text else None


def options(text: str) -> tuple[tuple[str, str], ...]:
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    for name, equals, chosen in pairs:
        if not _OPTION.fullmatch(name.strip()) or not equals or not chosen.strip():
            # What stands there may be a key, so it is not said back.
            raise ValueError(Message("These are not options. Write name=value, such as api_key=KEY."))
    return tuple((name.strip(), chosen.strip()) for name, _, chosen in pairs)


def ground(text: str) -> str | None:
    """An address with {z}, {x}, {y} in it, or the absolute path of a file; None for the base map alone."""
    if text.lower() in ("local", "off", "no"):
        return None
    if "://" in text:
        return _ground_address(text)
    scheme, colon, rest = text.partition(":")
    path = rest if scheme == "pmtiles" and colon else text
    if not path.lower().endswith(".pmtiles") or "\x00" in path:
        raise ValueError(
            Message(
                "'{text}' is no ground. Write local, {example}, or PATH.pmtiles.",
                text=text[:200], example=_GROUND_EXAMPLE,
            )
        )  # fmt: skip
    return str(Path(path).expanduser().absolute())


def _ground_address(text: str) -> str:
    """What stands here goes into a policy and a script: nothing but a plain address will do."""
    found = _GROUND.fullmatch(text)
    parts = re.findall(r"\{([^{}]*)\}", text)
    is_plain = "{" not in re.sub(r"\{[a-z]\}", "", text) and "}" not in re.sub(r"\{[a-z]\}", "", text)
    if found is None or int(found[2] or 0) > _LAST_PORT or not is_plain or not set(parts) >= _GROUND_PARTS:
        raise ValueError(
            Message(
                "'{text}' is not an address of tiles. Write it such as {example}.",
                text=text[:200], example=_GROUND_EXAMPLE,
            )
        )  # fmt: skip
    if unknown := sorted(set(parts) - _GROUND_PARTS - {"r"}):
        raise ValueError(
            Message(
                "'{text}' asks for {part}, which is not known here. Name one host, with {example} in it.",
                text=text[:200], part="{" + unknown[0] + "}", example="{z}/{x}/{y}",
            )
        )  # fmt: skip
    return text


def ground_zoom(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 2 and int(text) <= _LAST_GROUND_ZOOM):
        raise ValueError(Message("'{text}' is not a zoom. Write a number from 0 to 24.", text=text[:60]))
    return int(text)


def words(text: str) -> str | None:
    if len(text) > 300 or not text.isprintable():
        raise ValueError(Message("Write one line of at most 300 letters."))
    return text or None


def optional(text: str) -> str | None:
    return text or None


def seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 2.5:
        raise ValueError(
            Message("'{text}' is not a time to wait. Write seconds, from 0.1 to 2.5.", text=text[:60])
        )
    return seconds


def yes(text: str) -> bool:
    return text.lower() not in ("0", "no", "off", "false")
