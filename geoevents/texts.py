"""Text that people typed: what is refused, what is mended, and what is said about it.

Knows characters that hide, pile up, control or turn text. Knows nothing of what a field means.
To refuse one more character: a range below, a row in tests/test_texts.py.
"""

from __future__ import annotations

import re
import unicodedata

from geoevents.errors import BadInput
from geoevents.messages import Message

# Hebrew stacks four marks on a letter, Vietnamese two, Qur'anic Arabic five: ten is far above any language.
MOST_MARKS = 10

_SURROGATE = re.compile("[\ud800-\udfff]")
# C0 and C1 controls but for tab and line ends, and the noncharacters that XML refuses.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
# Embeddings, overrides and isolates (Unicode annex 9): pages isolate each text with dir="auto" instead.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINE_END = re.compile("\r\n?|[\u2028\u2029]")
_BREAK = re.compile("[ \t]*[\n\t]+[ \t\n]*")
# Letters by category that show nothing: Hangul fillers and the empty Braille cell.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_UNSEEN = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp", "Mn", "Me"})


def clean_text(
    value: object, field: str, *, limit: int, multiline: bool = False
) -> tuple[str | None, tuple[Message, ...]]:
    """
    The text as it may be kept, None where nothing can be seen in it, and a note on whatever was taken out.

    Ends are trimmed; `limit` counts code points. Without `multiline`, line ends and tabs become
    spaces. Raises BadInput naming `field`: for what is not text, is too long, holds control
    characters or half characters, or piles marks on a letter.

    >>> clean_text("  two\\nlines ", "title", limit=300)
    ('two lines', (Message('Line breaks in title became spaces.'),))
    """
    if not isinstance(value, str):
        raise BadInput(Message("{field} must be text in quotes.", field=field), field)
    text = value.strip()
    if len(text) > limit:
        raise _too_long(len(text), limit, field)
    if text.isascii() and text.isprintable():
        return text or None, ()
    _refuse_control(text, field)
    text, notes = _mended(text, field, multiline=multiline)
    if not any(_is_seen(letter) for letter in text):
        return None, notes
    _refuse_piled_marks(text, field)
    return text, notes


def _too_long(count: int, limit: int, field: str) -> BadInput:
    return BadInput(
        Message(
            "{field} has {count} characters; {limit} are the most. Shorten it.",
            field=field,
            count=count,
            limit=limit,
        ),
        field,
    )


def _refuse_control(text: str, field: str) -> None:
    if match := _SURROGATE.search(text):
        raise BadInput(
            Message(
                "{field} holds half a character ({code}) at position {position}. Type it anew.",
                field=field,
                code=f"U+{ord(match[0]):04X}",
                position=match.start() + 1,
            ),
            field,
        )
    if match := _CONTROL.search(text):
        raise BadInput(
            Message(
                "{field} holds a control character ({code}) at position {position}. Remove it.",
                field=field,
                code=f"U+{ord(match[0]):04X}",
                position=match.start() + 1,
            ),
            field,
        )


def _mended(text: str, field: str, *, multiline: bool) -> tuple[str, tuple[Message, ...]]:
    notes = []
    text, turned = _TURNING.subn("", text)
    if turned:
        notes.append(
            Message("Invisible marks that turn the direction of text were removed from {field}.", field=field)
        )
    text = _LINE_END.sub("\n", text)
    if not multiline:
        text, broken = _BREAK.subn(" ", text)
        if broken:
            notes.append(Message("Line breaks in {field} became spaces.", field=field))
    return text.strip(), tuple(notes)


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter) not in _UNSEEN and letter not in _BLANK_LETTERS


def _refuse_piled_marks(text: str, field: str) -> None:
    run = 0
    for position, letter in enumerate(text):
        category = unicodedata.category(letter)
        if category in ("Mn", "Me"):
            run += 1
        elif category != "Cf":
            run = 0
        if run > MOST_MARKS:
            raise BadInput(
                Message(
                    "{field} piles more than {limit} marks on a letter at position {position}. Remove them.",
                    field=field,
                    limit=MOST_MARKS,
                    position=position + 1,
                ),
                field,
            )
