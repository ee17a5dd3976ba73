"""publish: a map as files, which opens without a server and without a network.

Knows the flags and how it is told what was written. Knows nothing of what is written.
"""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoevents.cli.event_files import add_data, add_filters, asked_for
from geoevents.cli.output import Terminal
from geoevents.errors import PlaceNotFound, SettingsError
from geoevents.messages import COMPLETE_LANGUAGES, Message
from geoevents.settings import Settings

if TYPE_CHECKING:
    from geoevents.cartography.grounds import DetailedGround
    from geoevents.gazetteers import Gazetteer
    from geoevents.views import View
    from geoevents.workflows.publishing import Published

FOLDER = Path("maps")
# How an answer is given, which a map has no use for.
_NOT_OF_A_MAP = ("limit", "sort")


def add_to(commands: Any) -> None:
    publish = commands.add_parser(
        "publish",
        help="write static maps to a folder",
        description="Write static maps to a folder. They open without a server and without a network."
        " The filters are those of the query string.",
    )
    publish.add_argument(
        "folder", type=Path, metavar="DIR", nargs="?", default=FOLDER,
        help="the folder, which holds nothing else (default: maps)",
    )  # fmt: skip
    publish.add_argument(
        "--single-file", action="store_true",
        help="everything in one HTML file, for up to 2,000 events: DIR/map.html, or DIR if it ends in .html",
    )  # fmt: skip
    publish.add_argument(
        "--lang", dest="only_lang", choices=COMPLETE_LANGUAGES, help="in this language only (default: in all)"
    )
    publish.add_argument(
        "--view", metavar="NAME",
        help="the saved map of this name, with its title, caption and credit; filters take the place of"
        " its own, and narrow a frozen one",
    )  # fmt: skip
    publish.add_argument("--title", metavar="WORDS", help="what the map is called")
    publish.add_argument("--caption", metavar="WORDS", help="a sentence below the title")
    publish.add_argument(
        "--ground", dest="with_ground", action="store_true",
        help="with the ground of GEOEVENTS_GROUND for readers with a network, which tells its host of them",
    )  # fmt: skip
    add_filters(publish, besides=_NOT_OF_A_MAP)
    add_data(publish)
    publish.set_defaults(run=run_publish)


def run_publish(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    from dataclasses import replace

    from geoevents.bootstrap import open_backends
    from geoevents.cartography.captions import places_asked
    from geoevents.cartography.static import Publication
    from geoevents.queries import EventQuery
    from geoevents.workflows.map_views import reader_of, views_of
    from geoevents.workflows.publishing import publish, publish_single_file
    from geoevents.workflows.whereabouts import looked_up

    main = args.only_lang or settings.lang
    others = [each for each in COMPLETE_LANGUAGES if each != main and not args.only_lang]
    backends = open_backends(settings)
    view = views_of(backends).get(args.view) if args.view else None
    said = asked_for(args)
    # Of the events of a frozen map its own question is not asked again.
    query = view.asked(said) if view and not view.frozen else EventQuery.parse(said)
    query = looked_up(query.in_terms_of(backends.taxonomy), backends, places=backends.gazetteer)
    named = places_asked(query)
    if view and view.frozen:
        named += places_asked(view.asked())
        backends = replace(backends, public=reader_of(view, backends))
    publication = Publication(
        query=query,
        view=view,
        places=_labels(named, backends.gazetteer),
        languages=(main, *others)[: 1 if args.single_file else None],
        title={main: args.title} if args.title else _said(view, "title"),
        caption={main: args.caption} if args.caption else _said(view, "caption"),
        ground=_ground(settings) if args.with_ground else None,
    )
    write = publish_single_file if args.single_file else publish
    _tell(write(args.folder, publication, backends, cache=settings.cache), terminal)
    return 0


def _said(view: View | None, name: str) -> dict[str, str]:
    return {
        lang: said for lang, texts in (view.texts.items() if view else ()) if (said := getattr(texts, name))
    }


def _ground(settings: Settings) -> DetailedGround | None:
    """Raises SettingsError for a ground that files cannot show."""
    from geoevents.bootstrap import open_ground

    ground = open_ground(settings)
    if ground is None or ground.host is None or ground.is_vector:
        problem = Message(
            "A published map can show the pictures of a server. Set GEOEVENTS_GROUND to such as {example},"
            " or leave out --ground: the base map is always there.",
            example="https://HOST/{z}/{x}/{y}.png",
        )
        raise SettingsError(problem, "ground")
    return ground


def _labels(place_ids: list[str], gazetteer: Gazetteer) -> dict[str, str]:
    found = {}
    for place_id in place_ids:
        # Events of a place may be asked for that the gazetteer does not know.
        with suppress(PlaceNotFound):
            found[place_id] = gazetteer.get(place_id).label
    return found


def _tell(written: Published, terminal: Terminal) -> None:
    size = f"{written.size / 1e6:.1f}" if written.size >= 1e5 else f"{written.size / 1e6:.2f}"
    events = Message("{count} event", plural="{count} events", count=written.events)
    files = Message("{count} file", plural="{count} files", count=written.files)
    terminal.line(
        Message(
            "{events} in {files}, {size} MB; open {path}",
            events=events, files=files, size=size, path=str(written.page),
        )
    )  # fmt: skip
    if written.removed is not None:
        terminal.note(
            Message(
                "{path} was published before, and is removed. To have it anew, publish with --single-file.",
                path=str(written.removed),
            )
        )
