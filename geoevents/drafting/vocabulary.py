"""The files of data/drafting/: rules, contexts, words and days, read and checked.

Knows their shape, and what is wrong with one. Knows nothing of texts.
To teach drafting a phrase: a line in one of these files (data/drafting/README.md); no code changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from geoevents.drafting.phrases import Phrases, by_language, is_phrase
from geoevents.errors import BadInput, InvalidDraftingRules
from geoevents.event_types import Taxonomy
from geoevents.events import Kind
from geoevents.folding import fold
from geoevents.jsonio import read_json
from geoevents.messages import Message

FORMAT = 1
LANGUAGES = ("en", "ar", "kmr", "tr")
TELLS = ("happening", "noun", "toll", "statement")
CONTEXTS = (
    "demand", "future", "hypothetical", "negation", "stance", "allegation", "background", "apart", "quote", "still",
)  # fmt: skip
SCOPES, ENDS = ("after", "before", "sentence"), ("clause", "comma", "")
_MOST_WEIGHT = 9
# The other files' parts that hold phrases, each of which must be there.
WORDS = (
    "happened", "said_after_name", "name_after_said", "name_before_according", "name_ends", "same_voice",
    "clause", "deaths", "wounds", "at_least", "at_most", "one_person", "two_persons",
)  # fmt: skip
DAYS = (
    "last_week", "this_week", "last_month", "this_month", "last_year", "ago", "before_ago", "day_words",
    "two_days", "past_days", "during", "last", "next", "since", "first",
)  # fmt: skip

ByLanguage = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    Phrases that tell one type of event. `tells` says how: "happening" by themselves, a "noun" beside a word of
    `happened`, a "toll" beside another, a "statement" where a report opens with it. Of several rules of one
    event the one of the greatest `weight`, 1 to 9, gives the type. `also_in` are contexts it holds in as well.
    """

    name: str
    event_type: str
    sub_event_type: str | None
    kind: Kind
    tells: str
    weight: int
    also_in: frozenset[str]
    phrases: ByLanguage
    headline: ByLanguage
    needs: Phrases[None] | None
    excludes: Phrases[None] | None


@dataclass(frozen=True, slots=True)
class ContextPhrases:
    """Phrases after, before or around which nothing is told as having happened."""

    context: str
    scope: str
    until: str


@dataclass(frozen=True)
class Vocabulary:
    """Everything of data/drafting/, ready to be looked for in a text."""

    rules: tuple[Rule, ...]
    contexts: Phrases[ContextPhrases]
    words: Mapping[str, Phrases[None]]
    numbers: Mapping[str, int]
    days: Mapping[str, Phrases[None]]
    relative_days: Phrases[tuple[int, int]]
    weekdays: Phrases[int]

    @cached_property
    def told(self) -> Phrases[Rule]:
        return Phrases((phrase, rule) for rule in self.rules for phrase in by_language(rule.phrases))

    @cached_property
    def in_headlines(self) -> Phrases[Rule]:
        return Phrases((phrase, rule) for rule in self.rules for phrase in by_language(rule.headline))


def load_vocabulary(folder: Path, taxonomy: Taxonomy) -> Vocabulary:
    """
    Read a team's data/drafting/. A rule of a type that the team's taxonomy does not have is passed over.

    Raises InvalidDraftingRules, naming the file, the entry and what is wrong.
    """
    words = _read(folder / "words.json", "geoevents_drafting_words", _words)
    days = _read(folder / "days.json", "geoevents_drafting_days", _days)
    rules: tuple[Rule, ...] = _read(folder / "rules.json", "geoevents_drafting_rules", _rules)
    return Vocabulary(
        rules=tuple(rule for rule in rules if _is_known(rule, taxonomy)),
        contexts=_read(folder / "contexts.json", "geoevents_drafting_contexts", _contexts),
        words=words[0],
        numbers=words[1],
        days=days[0],
        relative_days=days[1],
        weekdays=days[2],
    )


def _read(path: Path, mark: str, take: Any) -> Any:
    try:
        document = read_json(path.read_bytes())
        if not isinstance(document, dict) or document.get(mark) != FORMAT:
            raise BadInput(Message("it does not say {mark}: {format}", mark=f'"{mark}"', format=FORMAT))
        return take(document)
    except (OSError, BadInput) as error:
        reason = error.message if isinstance(error, BadInput) else error.strerror
        raise InvalidDraftingRules(
            Message(
                "{path} cannot be used: {reason}. See data/drafting/README.md.", path=path.name, reason=reason
            )
        ) from None


def _is_known(rule: Rule, taxonomy: Taxonomy) -> bool:
    try:
        taxonomy.check(rule.event_type, rule.sub_event_type)
    except BadInput:
        return False
    return True


def _rules(document: Mapping[str, Any]) -> tuple[Rule, ...]:
    rules = tuple(_rule(each, number) for number, each in enumerate(_list(document, "rules"), 1))
    names = [rule.name for rule in rules]
    if doubled := next((name for name in names if names.count(name) > 1), None):
        raise BadInput(Message("the rule {name} stands twice", name=doubled))
    return rules


def _rule(raw: object, number: int) -> Rule:
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str) or not raw["id"].strip():
        raise BadInput(Message("rule {number} has no id", number=number))
    name = raw["id"]
    weight = raw.get("weight")
    if type(weight) is not int or not 1 <= weight <= _MOST_WEIGHT:
        raise BadInput(
            Message("{field} must be a whole number from 1 to {most}", field=f"{name}.weight", most=_MOST_WEIGHT)
        )
    also_in = _list({"also_in": [], **raw}, "also_in", name)
    for context in also_in:
        _one_of(context, CONTEXTS, f"{name}.also_in")
    sub = raw.get("sub_event_type")
    return Rule(
        name=name,
        event_type=_text(raw.get("event_type"), f"{name}.event_type"),
        sub_event_type=None if sub is None else _text(sub, f"{name}.sub_event_type"),
        kind=Kind(_one_of(raw.get("kind", "event"), tuple(Kind), f"{name}.kind")),
        tells=_one_of(raw.get("tells"), TELLS, f"{name}.tells"),
        weight=weight,
        also_in=frozenset(also_in),
        phrases=_phrases(raw.get("phrases"), f"{name}.phrases"),
        headline=_phrases(raw.get("headline", {}), f"{name}.headline"),
        needs=_looked_for(raw, "needs", name),
        excludes=_looked_for(raw, "excludes", name),
    )


def _contexts(document: Mapping[str, Any]) -> Phrases[ContextPhrases]:
    found: list[tuple[str, ContextPhrases]] = []
    for number, raw in enumerate(_list(document, "contexts"), 1):
        field = f"contexts[{number}]"
        if not isinstance(raw, dict):
            raise BadInput(Message("{field} is no object", field=field))
        made = ContextPhrases(
            _one_of(raw.get("context"), CONTEXTS, f"{field}.context"),
            _one_of(raw.get("scope"), SCOPES, f"{field}.scope"),
            _one_of(raw.get("until", ""), ENDS, f"{field}.until"),
        )
        found += [(each, made) for each in by_language(_phrases(raw.get("phrases"), f"{field}.phrases"))]
    return Phrases(found)


def _words(document: Mapping[str, Any]) -> tuple[Mapping[str, Phrases[None]], Mapping[str, int]]:
    numbers = document.get("numbers")
    if not isinstance(numbers, dict):
        raise BadInput(Message("{field} is no object", field="numbers"))
    counted = {fold(word): number for row in numbers.values() for word, number in row.items()}
    return {name: _named(document, name) for name in WORDS}, counted


def _days(
    document: Mapping[str, Any],
) -> tuple[Mapping[str, Phrases[None]], Phrases[tuple[int, int]], Phrases[int]]:
    relative: list[tuple[str, tuple[int, int]]] = []
    for raw in _list(document, "relative"):
        first, last = raw["days"] if isinstance(raw, dict) and _is_pair(raw.get("days")) else (1, 0)
        if first > last:
            raise BadInput(Message("{field} must be [from, to] in days before, 0 first", field="relative.days"))
        phrases = _phrases(raw.get("phrases"), "relative.phrases")
        relative += [(phrase, (first, last)) for phrase in by_language(phrases)]
    weekdays: list[tuple[str, int]] = []
    for lang, names in _phrases(document.get("weekdays"), "weekdays").items():
        if len(names) != 7:
            raise BadInput(Message("{field} must name seven days, Monday first", field=f"weekdays.{lang}"))
        weekdays += [(phrase, number) for number, row in enumerate(names) for phrase in row.split("|")]
    return {name: _named(document, name) for name in DAYS}, Phrases(relative), Phrases(weekdays)


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(each) is int for each in value)


def _named(document: Mapping[str, Any], name: str) -> Phrases[None]:
    return Phrases((phrase, None) for phrase in by_language(_phrases(document.get(name), name)))


def _looked_for(raw: Mapping[str, Any], part: str, name: str) -> Phrases[None] | None:
    phrases = by_language(_phrases(raw.get(part, {}), f"{name}.{part}"))
    return Phrases((phrase, None) for phrase in phrases) if phrases else None


def _phrases(raw: object, field: str) -> ByLanguage:
    if not isinstance(raw, dict):
        raise BadInput(Message("{field} is no object of languages", field=field))
    for lang, phrases in raw.items():
        if lang not in LANGUAGES:
            raise BadInput(
                Message(
                    "{field} has {lang}; there are {langs}", field=field, lang=lang, langs=", ".join(LANGUAGES)
                )
            )
        if not isinstance(phrases, list):
            raise BadInput(Message("{field} is no list of phrases", field=f"{field}.{lang}"))
        if wrong := next((each for each in phrases if not is_phrase(each)), None):
            raise BadInput(
                Message("{field} has {phrase}, which is no phrase", field=f"{field}.{lang}", phrase=repr(wrong))
            )
    return raw


def _list(document: Mapping[str, Any], name: str, of: str = "") -> list[Any]:
    field = f"{of}.{name}" if of else name
    value = document.get(name)
    if not isinstance(value, list):
        raise BadInput(Message("{field} is no list", field=field))
    return value


def _text(value: object, field: str) -> str:
    if not isinstance(value, str) or not value:
        raise BadInput(Message("{field} is empty", field=field))
    return value


def _one_of(value: object, choices: Sequence[str], field: str) -> str:
    if value not in choices:
        raise BadInput(
            Message(
                "{field} is {value}; there are {choices}",
                field=field, value=repr(value)[:60], choices=", ".join(filter(None, map(str, choices))),
            )
        )  # fmt: skip
    return str(value)
