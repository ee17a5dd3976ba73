"""What a terminal shows: lines to standard output, notes to standard error, a count while work goes on.

Knows streams and languages. Knows nothing of commands.
"""

from __future__ import annotations

import json
import re
import sys

from geoevents.messages import Message, say
from geoevents.values import value

# What a terminal obeys instead of showing it, and what turns the text after it.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


@value
class Terminal:
    """Where a command speaks, in the language of the settings."""

    lang: str = "en"

    def line(self, text: object = "") -> None:
        sys.stdout.write(shown(say(text, self.lang)) + "\n")

    def json(self, value: object) -> None:
        """One JSON value on one line."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")

    def note(self, text: object) -> None:
        """Beside the answer, so that the answer can be piped on."""
        sys.stderr.write(shown(say(text, self.lang)) + "\n")

    def progress(self, message: Message | None) -> None:
        """A line that the next one overwrites, None to wipe it; nothing unless somebody watches."""
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K" + (shown(say(message, self.lang)) if message else ""))
            sys.stderr.flush()


def shown(text: str) -> str:
    r"""
    Words for a terminal: names of files, of servers and in texts are others', and may hold commands to it.

    >>> shown("Kobane \x1b[31m")
    'Kobane \\x1b[31m'
    """
    return _OBEYED.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
