"""view: the saved maps; listed, shown, frozen as the events are now, let follow them again, removed.

Knows the flags and how a map is told. Knows nothing of what may be saved.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from geoevents.cli.event_files import add_data
from geoevents.cli.output import Terminal
from geoevents.messages import Message
from geoevents.settings import Settings

if TYPE_CHECKING:
    from geoevents.views import View


def add_to(commands: Any) -> None:
    made = commands.add_parser(
        "view",
        help="saved maps: list, show, freeze, follow, remove",
        description="Saved maps are made on the web site: Share, Save this map. Here they are listed, frozen"
        " as the events are now, let follow the events again, and removed.",
    )
    verbs = made.add_subparsers(metavar="VERB", required=True)
    _verb(verbs, "list", run_list, "every saved map: its name, its title, and how it stands", named=False)
    _verb(verbs, "show", run_show, "all that is kept of one, as JSON")
    _verb(verbs, "freeze", run_freeze, "from now on it shows the events as they are now")
    _verb(verbs, "follow", run_follow, "from now on it shows what is added and corrected")
    _verb(verbs, "remove", run_remove, "its address leads nowhere from now on; no event is touched")


def _verb(verbs: Any, name: str, run: Callable[..., int], words: str, *, named: bool = True) -> None:
    verb = verbs.add_parser(name, help=words, description=words[:1].upper() + words[1:] + ".")
    if named:
        verb.add_argument("name", metavar="NAME", help="the name in its address, as list has it")
    add_data(verb)
    verb.set_defaults(run=run)


def run_list(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    from geoevents.bootstrap import open_backends
    from geoevents.workflows.map_views import views_of

    saved = views_of(open_backends(settings))
    for view in saved.all():
        terminal.line(_told(view, settings.lang))
    if saved.problem:
        raise saved.problem
    return 0


def run_show(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    from geoevents.bootstrap import open_backends
    from geoevents.workflows.map_views import views_of

    terminal.json(views_of(open_backends(settings)).get(args.name).as_json())
    return 0


def run_freeze(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    return _stand(args.name, "frozen", settings, terminal)


def run_follow(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    return _stand(args.name, "live", settings, terminal)


def run_remove(args: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    from geoevents.bootstrap import open_backends
    from geoevents.workflows.map_views import remove_view

    remove_view(args.name, open_backends(settings))
    terminal.line(Message("The saved map is gone; its events are untouched."))
    return 0


def _stand(name: str, stand: str, settings: Settings, terminal: Terminal) -> int:
    from geoevents.bootstrap import open_backends
    from geoevents.workflows.map_views import Stand, change_view

    view = change_view(name, open_backends(settings), stand=Stand(stand))
    terminal.line(_told(view, settings.lang))
    return 0


def _told(view: View, lang: str) -> Message:
    if view.frozen is None:
        stands = Message("follows the events")
    else:
        stands = Message(
            "frozen on {day}, {events}",
            day=view.frozen.at.date(),
            events=Message("{count} event", plural="{count} events", count=view.frozen.events),
        )
    return Message("{name}  {title} ({stands})", name=view.slug, title=view.title(lang), stands=stands)
