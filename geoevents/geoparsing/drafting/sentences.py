"""The sentences of a report: its headline, its dateline, what stands in quotation marks, where a clause ends.

Knows line breaks, full stops and the shape of a report. Knows nothing of what a sentence says.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from geoevents.geoparsing.drafting.phrases import Word, words_of
from geoevents.geoparsing.tokens import Token

_OTHER_ENDS = re.compile("\r(?!\n)|[\x0b\x0c\u2028\u2029]")
_STOPS = frozenset(".!?؟…۔")
_QUESTIONS = frozenset("?؟")
_CLOSING = "\"'”’»)]*"
_HARD = frozenset(":؛;")
_BULLET = re.compile(r"[-–—•*▪●]|\d{1,2}[.)]")
# A sentence as long as this has lost its full stops: it ends at the next comma, or here at the latest.
_LONG, _LONGEST = 90, 140
_MOST_WORDS_OF_HEADLINE = 25
_QUOTES = {"“": "”", "«": "»", "„": "“", '"': '"', "”": "”"}
# "HASAKAH, Syria (An Agency) –": upper case or Arabic, then a dash; "Qamishli:" in a round-up.
_DATELINE = re.compile(
    r"(?P<where>[^\n–—:.!?]{2,80}?)\s*(?:\((?P<publisher>[^()\n]{2,60})\))?\s*(?:[–—]|\s-)\s+"
)
_LABEL = re.compile(r"(?P<where>[^\n–—:.!?,،]{2,40}?):\s+")
_MOST_WORDS_OF_LABEL = 5


@dataclass(frozen=True, slots=True)
class Sentence:
    """
    `text[start:end]`, its words from `first` to before `last`. The words before `body` are a dateline or
    label. `quoted` are the words within quotation marks.
    """

    number: int
    paragraph: int
    start: int
    end: int
    first: int
    last: int
    body: int
    is_headline: bool
    is_question: bool
    publisher: str | None
    quoted: frozenset[int]

    @property
    def has_dateline(self) -> bool:
        return self.body > self.first


def read_sentences(
    text: str, abbreviations: Container[str], endings: Container[str]
) -> tuple[list[Word], list[Sentence]]:
    """The words of a text and its sentences, in order. Takes time in proportion to the text."""
    words, tokens = words_of(text, abbreviations, endings)
    starts = [word.start for word in words]
    made: list[Sentence] = []
    at = 0
    for start, end, paragraph in _stretches(text, tokens):
        first = at
        while at < len(words) and starts[at] < end:
            at += 1
        if at > first:
            made.append(_sentence(text, words, first, at, start, end, paragraph, made))
    if made and _is_headline(text, made):
        made[0] = _as_headline(made[0])
    return words, made


def _sentence(
    text: str, words: Sequence[Word], first: int, last: int, start: int, end: int, paragraph: int,
    before: Sequence[Sentence],
) -> Sentence:  # fmt: skip
    opens = not before or before[-1].paragraph != paragraph
    lead_in = _lead_in(text, start, end) if opens else None
    body, publisher = first, None
    if lead_in is not None:
        upto = lead_in.end()
        while body < last and words[body].start < upto:
            body += 1
        if body == last or body - first > _MOST_WORDS_OF_LABEL + 4:
            body = first
        else:
            publisher = lead_in.groupdict().get("publisher")
    return Sentence(
        number=len(before),
        paragraph=paragraph,
        start=start,
        end=end,
        first=first,
        last=last,
        body=body,
        is_headline=False,
        is_question=text[start:end].rstrip(_CLOSING)[-1:] in _QUESTIONS,
        publisher=publisher.strip() if publisher else None,
        quoted=_quoted(text, words, first, last, start, end),
    )


def _lead_in(text: str, start: int, end: int) -> re.Match[str] | None:
    for pattern in (_DATELINE, _LABEL):
        found = pattern.match(text, start, min(end, start + 160))
        if found and len(found["where"].split()) <= _MOST_WORDS_OF_LABEL and not found["where"][0].islower():
            return found
    return None


def _quoted(text: str, words: Sequence[Word], first: int, last: int, start: int, end: int) -> frozenset[int]:
    within: set[int] = set()
    at, closing = first, ""
    for position in range(start, end):
        char = text[position]
        if closing and char == closing:
            closing = ""
        elif not closing and char in _QUOTES:
            closing = _QUOTES[char]
        elif closing and at < last and words[at].start <= position:
            within.add(at)
        while at < last and words[at].end <= position + 1:
            at += 1
    return frozenset(within)


def _is_headline(text: str, made: Sequence[Sentence]) -> bool:
    first = made[0]
    if len(made) < 2 or first.has_dateline or first.last - first.first > _MOST_WORDS_OF_HEADLINE:
        return False
    ends_open = text[first.start : first.end].rstrip()[-1:] not in _STOPS or first.is_question
    return made[1].paragraph != first.paragraph and ends_open


def _as_headline(sentence: Sentence) -> Sentence:
    kept = {name: getattr(sentence, name) for name in Sentence.__slots__}
    return Sentence(**(kept | {"is_headline": True}))


def _stretches(text: str, tokens: Sequence[Token]) -> Iterator[tuple[int, int, int]]:
    """Start, end and number of paragraph of each sentence, without the blanks around it."""
    breaks = _hard_breaks(text, tokens)
    start, paragraph, count = 0, 0, 0
    for index, token in enumerate(tokens):
        count += token.kind == "word"
        if index in breaks or _ends(text, tokens, index, count):
            end = token.start if index in breaks else _behind(text, token.end)
            if text[start:end].strip():
                yield *_trimmed(text, start, end), paragraph
            start, count = (token.end if index in breaks else end), 0
            paragraph += index in breaks
    if text[start:].strip():
        yield *_trimmed(text, start, len(text)), paragraph


def _ends(text: str, tokens: Sequence[Token], index: int, count: int) -> bool:
    token = tokens[index]
    if token.kind != "sign":
        return count >= _LONGEST and token.kind == "word"
    if count >= _LONG and token.text in ",،;؛":
        return True
    if token.text not in _STOPS:
        return False
    following = _behind(text, token.end)
    if following < len(text) and not text[following].isspace():
        return False
    next_word = next(
        (each for each in tokens[index + 1 : index + 6] if each.kind in ("word", "number")), None
    )
    return next_word is None or not next_word.text[0].islower() or text[following : following + 2] == "\n\n"


def _behind(text: str, end: int) -> int:
    """Past the closing quotation marks and brackets."""
    while end < len(text) and text[end] in _CLOSING:
        end += 1
    return end


def _hard_breaks(text: str, tokens: Sequence[Token]) -> set[int]:
    """
    The line ends that end a sentence: of an empty line, of a line that says so, and of one that would have
    had room for the next word. The others are where an editor wrapped a paragraph.
    """
    ends = [index for index, token in enumerate(tokens) if token.kind == "line"]
    breaks: set[int] = set()
    lines: list[tuple[int, int]] = []  # of one paragraph: index of its line end, its length
    begin = 0
    for index in [*ends, len(tokens)]:
        at = tokens[index].start if index < len(tokens) else len(text)
        lines.append((index, at - begin))
        begin = tokens[index].end if index < len(tokens) else len(text)
        if index == len(tokens) or _line_ends(tokens[index].text) > 1:
            breaks |= _within_paragraph(text, tokens, lines)
            if index < len(tokens):
                breaks.add(index)
            lines = []
    return breaks


def _within_paragraph(text: str, tokens: Sequence[Token], lines: Sequence[tuple[int, int]]) -> set[int]:
    width = max(length for _, length in lines)
    breaks = set()
    for index, length in lines[:-1]:
        before = _last_char(text, tokens[index].start)
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        has_room = following is None or length + 1 + len(following.text) <= width
        starts_item = following is not None and _BULLET.match(text, following.start) is not None
        if before in _STOPS or before in _HARD or has_room or starts_item:
            breaks.add(index)
    return breaks


def _last_char(text: str, end: int) -> str:
    while end > 0 and text[end - 1] in _CLOSING + " \t":
        end -= 1
    return text[end - 1 : end]


def _line_ends(written: str) -> int:
    """How many line ends a run of them and of blanks has."""
    return written.count("\n") + len(_OTHER_ENDS.findall(written))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
