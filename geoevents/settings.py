"""Every setting: its name, its environment variable, its flag, its default, how it is read, what it is for.

Knows one table and what follows from it. Knows nothing of what the settings are used for (bootstrap.py).
To add a setting: a field of Settings, a row in TABLE; `python -m geoevents.settings` writes docs/settings.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from geoevents import setting_values as given
from geoevents.errors import SettingsError
from geoevents.messages import Message
from geoevents.values import value

# An editable install from the repository: data/ lies beside the package (docs/settings.md).
PROJECT = Path(__file__).resolve().parents[1]
SHIPPED_DATA = PROJECT / "data"
PAGE = PROJECT / "docs" / "settings.md"


@value(kw_only=True)
class Settings:
    """What was set, read and checked; TABLE says what each is for. Paths are absolute."""

    data: Path
    store: str
    cache: Path
    host: str
    port: int
    hosts: tuple[str, ...]
    embed_ancestors: tuple[str, ...]
    contact: str | None
    licence: str | None
    lang: str
    region: tuple[str, ...]
    gazetteers: Path
    geonames_url: str | None
    online: str | None
    online_url: str | None
    online_options: tuple[tuple[str, str], ...]
    online_agent: str | None
    online_timeout: float
    ground: str | None
    ground_attribution: str | None
    ground_zoom: int
    spacy: str | None
    debug: bool

    @property
    def taxonomy(self) -> Path:
        """The team's own event types if its folder has them, else the shipped ones."""
        own = self.data / "event_types.json"
        return own if own.is_file() else SHIPPED_DATA / "event_types.json"

    @property
    def decided_names(self) -> Path:
        """What the team has decided names to mean; a look-up loads nothing for it while it is not there."""
        return self.data / "private" / "names.geojsonl"

    @property
    def source_folders(self) -> tuple[Path, ...]:
        """Where added sources lie: the folder that is added to; then the project's, if none was named."""
        shared = SHIPPED_DATA / "gazetteers"
        is_usual = self.gazetteers == self.data / "gazetteers"
        return (self.gazetteers, shared) if is_usual and self.gazetteers != shared else (self.gazetteers,)


@value
class Setting:
    """
    A row of the table. `default` is text as a person would write it; a callable takes what is
    already read (rows are read from above). `doc` is a sentence of docs/settings.md.
    """

    name: str
    env: str
    flag: str | None
    default: str | Callable[[Mapping[str, Any]], str]
    default_said: str
    read: Callable[[str], Any]
    doc: str


def load(environ: Mapping[str, str], flags: Mapping[str, str | None] | None = None) -> Settings:
    """
    The settings in force: a flag wins over the environment, that over the default; empty equals absent.

    Raises SettingsError, naming the variable or the flag and what may be written there.
    """
    values: dict[str, Any] = {}
    for row in TABLE:
        flag = (flags or {}).get(row.name)
        default = row.default(values) if callable(row.default) else row.default
        text = flag or environ.get(row.env, "").strip() or default
        try:
            values[row.name] = row.read(text)
        except ValueError as error:
            said = row.flag if flag and row.flag else row.env
            raise SettingsError(
                Message("{name}: {reason}", name=said, reason=_reason(error)), row.name
            ) from None
    return Settings(**values)


def as_markdown() -> str:
    """docs/settings.md, whole."""
    rows = [f"| `{row.env}` | {_code(row.flag)} | {row.default_said} | {row.doc} |" for row in TABLE]
    return "\n".join([_INTRODUCTION, *rows, ""])


def _reason(error: ValueError) -> object:
    return error.args[0] if error.args else ""


def _code(flag: str | None) -> str:
    return f"`{flag}`" if flag else ""


TABLE: tuple[Setting, ...] = (
    Setting(
        "data", "GEOEVENTS_DATA", "--data", str(SHIPPED_DATA), "`data/` of the project", given.folder,
        "The folder of the events. An empty one gets an empty store, with the shipped event types "
        "and places behind it.",
    ),
    Setting(
        "store", "GEOEVENTS_STORE", None, lambda read: f"geojson:{read['data'] / 'events.geojson'}",
        "`geojson:` and `events.geojson` in the folder", given.store,
        "Where events are kept: `geojson:PATH`. Its journal lies in `private/` beside it.",
    ),
    Setting(
        "cache", "GEOEVENTS_CACHE", None, str(SHIPPED_DATA / "cache"), "`data/cache/` of the project",
        given.folder, "What set-up builds: the compiled gazetteer and the base map. Once built it may be "
        "read-only, and shared by many folders.",
    ),
    Setting(
        "host", "GEOEVENTS_HOST", "--host", "127.0.0.1", "`127.0.0.1`", given.host,
        "The address `geoevents serve` listens on. On any but a loopback address the site is read-only.",
    ),
    Setting(
        "port", "GEOEVENTS_PORT", "--port", "8000", "`8000`", given.port,
        "The port `geoevents serve` listens on; 0 takes a free one.",
    ),
    Setting(
        "hosts", "GEOEVENTS_HOSTS", None, "", "none", given.hosts,
        "Names, separated by commas, by which a reverse proxy asks for this site. Requests for any other "
        "name are refused; the names of this machine always work. While it is set, writing is "
        "closed: whoever comes through a proxy looks local. Write through a second `geoevents serve`, on "
        "another port and without it.",
    ),
    Setting(
        "embed_ancestors", "GEOEVENTS_EMBED_ANCESTORS", None, "", "this site alone", given.ancestors,
        "Sites, separated by commas, whose pages may show `/embed` in a frame, such as "
        "`https://news.example.org`; `*` for all. No other page of this site may ever stand in a frame.",
    ),
    Setting(
        "contact", "GEOEVENTS_CONTACT", None, "", "none", given.contact,
        "Where mistakes are reported: a mail address or a page. Every event then carries a link to it.",
    ),
    Setting(
        "licence", "GEOEVENTS_LICENCE", None, "", "none", given.words,
        "Under which licence others may use these events, as `/about` says it, such as `CC BY 4.0 "
        "https://creativecommons.org/licenses/by/4.0/`; an address at the end becomes a link.",
    ),
    Setting(
        "lang", "GEOEVENTS_LANG", None, "en", "`en`", given.lang,
        "The language of the command line and of published static maps. Pages follow their reader.",
    ),
    Setting(
        "region", "GEOEVENTS_REGION", None, "SY,IQ,TR", "`SY,IQ,TR`", given.region,
        "Countries whose places are preferred when a name is known in several, by ISO 3166-1 codes; set-up "
        "fetches what GeoNames knows of them.",
    ),
    Setting(
        "gazetteers", "GEOEVENTS_GAZETTEERS", None, lambda read: str(read["data"] / "gazetteers"),
        "`gazetteers/` in the folder", given.folder,
        "Where `geoevents gazetteer add` keeps what it adds. While it is not set, the sources of the "
        "project's own `data/gazetteers/` count, too.",
    ),
    Setting(
        "geonames_url", "GEOEVENTS_GEONAMES_URL", None, "https://download.geonames.org/export/dump/",
        "GeoNames' export folder", given.address,
        "Where the dumps of countries lie that `make setup` tries to fetch once for the region, and that "
        "`geoevents gazetteer add SY` fetches. `off`: nothing is ever fetched.",
    ),
    Setting(
        "online", "GEOEVENTS_ONLINE", None, "off", "`off`", given.online,
        "An online service asked for candidates when a submitted name has no one answer here: `nominatim`, "
        "`photon` or any other that geopy knows, such as `pelias`. Names then leave this machine, and tell a "
        "stranger what you look into. It is asked within the country of the event, else `GEOEVENTS_REGION`, "
        "once a second at most; answers are kept for a month. Never about what the public may not see.",
    ),
    Setting(
        "online_url", "GEOEVENTS_ONLINE_URL", None, "", "the service's own", given.online_url,
        "The address of your own instance of that service.",
    ),
    Setting(
        "online_options", "GEOEVENTS_ONLINE_OPTIONS", None, "", "none", given.options,
        "What else its class in geopy takes, as `name=value`, separated by commas: `api_key=KEY` mostly.",
    ),
    Setting(
        "online_agent", "GEOEVENTS_ONLINE_AGENT", None, "", "none", given.optional,
        "How you name yourself to the service, with a way to reach you. The services require it, so it must "
        "be set with `GEOEVENTS_ONLINE`.",
    ),
    Setting(
        "online_timeout", "GEOEVENTS_ONLINE_TIMEOUT", None, "2", "`2`", given.seconds,
        "Seconds to wait for the service, 0.1 to 2.5. Then the event is kept without it.",
    ),
    Setting(
        "ground", "GEOEVENTS_GROUND", None, "local", "`local`: the base map of set-up alone", given.ground,
        "What is drawn over the base map, for streets close up: the address of a server's tiles, such as "
        "`https://HOST/{z}/{x}/{y}.png` (pictures, or `.mvt` with the layers of Protomaps' basemap), or a "
        "file of your own, `PATH.pmtiles`, which this site then serves itself. **An online ground tells its "
        "host which places a reader looks at** (docs/threat-model.md); each reader may switch it off. The "
        "policy of pages with a map names that host for tiles, and no other.",
    ),
    Setting(
        "ground_attribution", "GEOEVENTS_GROUND_ATTRIBUTION", None, "", "of a file, what it says itself",
        given.words, "Whose that ground is, as its licence wants it said, such as `© OpenStreetMap "
        "contributors https://www.openstreetmap.org/copyright`; an address at the end becomes a link. Needed "
        "with a server.",
    ),
    Setting(
        "ground_zoom", "GEOEVENTS_GROUND_ZOOM", None, "19", "`19`; of a file, what it says itself",
        given.ground_zoom,
        "The last zoom at which that server has tiles; closer up they are drawn larger.",
    ),
    Setting(
        "spacy", "GEOEVENTS_SPACY", None, "", "none", given.optional,
        "An installed spaCy pipeline, such as `en_core_web_sm`, that also looks for places in whole texts.",
    ),
    Setting(
        "debug", "GEOEVENTS_DEBUG", None, "0", "`0`", given.yes,
        "`1` shows where in the code a command failed.",
    ),
)  # fmt: skip

_INTRODUCTION = """# Settings

Each is an environment variable; some are also flags of the command line, and a flag wins. Empty equals
absent. This page is written by `python -m geoevents.settings` from the one table in
`geoevents/settings.py`; a test holds the two together.

geoevents is installed from its repository (`make setup` does it, in place), so "the project" below is the
folder that holds the package: its `data/` has the shipped event types, places and events. A folder of your
own needs none of them, only room: what it lacks is taken from there.

| variable | flag | default | what it is for |
|---|---|---|---|"""


if __name__ == "__main__":
    PAGE.write_text(as_markdown(), "utf-8")
