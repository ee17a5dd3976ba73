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

from geoevents.errors import BadInput, InvalidDraftingRules
from geoevents.event_types import Taxonomy
from geoevents.events import Kind
from geoevents.folding import fold
from geoevents.geoparsing.drafting.phrases import Phrases, is_phrase, of_languages
from geoevents.jsonio import read_json
from geoevents.messages import Message

FORMAT = 1
LANGUAGES = ("en", "ar", "kmr", "tr")
TELLS = ("happening", "noun", "toll", "statement")
CONTEXTS = (
    "demand", "future", "hypothetical", "negation", "stance", "allegation", "background", "apart", "quote",
    "still",
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
Langs = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    Phrases that tell one type of event. `tells` says how: "happening" by themselves, a "noun" beside a word
    of `happened`, a "toll" beside another, a "statement" where a report opens with it. Of several rules of
    one event the one of the greatest `weight`, 1 to 9, gives the type. `also_in` are contexts it holds in as
    well.
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
    """Everything of data/drafting/ in some languages, ready to be looked for in a text."""

    langs: Langs
    rules: tuple[Rule, ...]
    contexts: Phrases[ContextPhrases]
    words: Mapping[str, Phrases[None]]
    numbers: Mapping[str, int]
    days: Mapping[str, Phrases[None]]
    relative_days: Phrases[tuple[int, int]]
    weekdays: Phrases[int]

    @cached_property
    def told(self) -> Phrases[Rule]:
        return Phrases(
            (phrase, rule) for rule in self.rules for phrase in of_languages(rule.phrases, self.langs)
        )

    @cached_property
    def in_headlines(self) -> Phrases[Rule]:
        return Phrases(
            (phrase, rule) for rule in self.rules for phrase in of_languages(rule.headline, self.langs)
        )


class Vocabularies:
    """
    A team's data/drafting/, by the language of a text: what is a phrase in one is a common word in another.

    Raises InvalidDraftingRules, naming the file, the entry and what is wrong. A rule of a type that the
    team's taxonomy does not have is passed over.
    """

    def __init__(self, folder: Path, taxonomy: Taxonomy) -> None:
        self._folder, self._taxonomy = folder, taxonomy
        self._documents = {name: _document(folder / f"{name}.json", mark) for name, mark in _MARKS.items()}
        self._of: dict[str, Vocabulary] = {}
        self.of("en")

    def of(self, lang: str) -> Vocabulary:
        """The phrases of a language, and Arabic ones, which no word in Latin letters is taken for."""
        if lang not in self._of:
            self._of[lang] = self._made(frozenset((lang, "ar")))
        return self._of[lang]

    def _made(self, langs: Langs) -> Vocabulary:
        words, numbers = self._taken("words", _words, langs)
        days, relative, weekdays = self._taken("days", _days, langs)
        return Vocabulary(
            langs=langs,
            rules=tuple(
                rule for rule in self._taken("rules", _rules, langs) if _is_known(rule, self._taxonomy)
            ),
            contexts=self._taken("contexts", _contexts, langs),
            words=words,
            numbers=numbers,
            days=days,
            relative_days=relative,
            weekdays=weekdays,
        )

    def _taken(self, name: str, take: Any, langs: Langs) -> Any:
        try:
            return take(self._documents[name], langs)
        except BadInput as error:
            raise _unusable(self._folder / f"{name}.json", error.message) from None


_MARKS = {
    "words": "geoevents_drafting_words",
    "days": "geoevents_drafting_days",
    "rules": "geoevents_drafting_rules",
    "contexts": "geoevents_drafting_contexts",
}


def _document(path: Path, mark: str) -> Mapping[str, Any]:
    try:
        document = read_json(path.read_bytes())
    except OSError as error:
        raise _unusable(path, error.strerror) from None
    except BadInput as error:
        raise _unusable(path, error.message) from None
    if not isinstance(document, dict) or document.get(mark) != FORMAT:
        reason = Message("it does not say {mark}: {format}", mark=f'"{mark}"', format=FORMAT)
        raise _unusable(path, reason)
    return document


def _unusable(path: Path, reason: object) -> InvalidDraftingRules:
    return InvalidDraftingRules(
        Message(
            "{path} cannot be used: {reason}. See data/drafting/README.md.", path=path.name, reason=reason
        )
    )


def _is_known(rule: Rule, taxonomy: Taxonomy) -> bool:
    try:
        taxonomy.check(rule.event_type, rule.sub_event_type)
    except BadInput:
        return False
    return True


def _rules(document: Mapping[str, Any], langs: Langs) -> tuple[Rule, ...]:
    rules = tuple(_rule(each, number, langs) for number, each in enumerate(_list(document, "rules"), 1))
    names = [rule.name for rule in rules]
    if doubled := next((name for name in names if names.count(name) > 1), None):
        raise BadInput(Message("the rule {name} stands twice", name=doubled))
    return rules


def _rule(raw: object, number: int, langs: Langs) -> Rule:
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str) or not raw["id"].strip():
        raise BadInput(Message("rule {number} has no id", number=number))
    name = raw["id"]
    weight = raw.get("weight")
    if type(weight) is not int or not 1 <= weight <= _MOST_WEIGHT:
        raise BadInput(
            Message(
                "{field} must be a whole number from 1 to {most}", field=f"{name}.weight", most=_MOST_WEIGHT
            )
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
        needs=_looked_for(raw, "needs", name, langs),
        excludes=_looked_for(raw, "excludes", name, langs),
    )


def _contexts(document: Mapping[str, Any], langs: Langs) -> Phrases[ContextPhrases]:
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
        phrases = _phrases(raw.get("phrases"), f"{field}.phrases")
        found += [(phrase, made) for phrase in of_languages(phrases, langs)]
    return Phrases(found)


def _words(
    document: Mapping[str, Any], langs: Langs
) -> tuple[Mapping[str, Phrases[None]], Mapping[str, int]]:
    numbers = document.get("numbers")
    if not isinstance(numbers, dict):
        raise BadInput(Message("{field} is no object", field="numbers"))
    rows = [row for lang, row in numbers.items() if lang in langs and isinstance(row, dict)]
    counted = {fold(word): number for row in rows for word, number in row.items() if type(number) is int}
    return {name: _named(document, name, langs) for name in WORDS}, counted


def _days(
    document: Mapping[str, Any], langs: Langs
) -> tuple[Mapping[str, Phrases[None]], Phrases[tuple[int, int]], Phrases[int]]:
    relative: list[tuple[str, tuple[int, int]]] = []
    for raw in _list(document, "relative"):
        first, last = raw["days"] if isinstance(raw, dict) and _is_pair(raw.get("days")) else (1, 0)
        if first > last:
            raise BadInput(
                Message("{field} must be [from, to] in days before, 0 first", field="relative.days")
            )
        phrases = _phrases(raw.get("phrases"), "relative.phrases")
        relative += [(phrase, (first, last)) for phrase in of_languages(phrases, langs)]
    weekdays: list[tuple[str, int]] = []
    for lang, names in _phrases(document.get("weekdays"), "weekdays").items():
        if len(names) != 7:
            raise BadInput(Message("{field} must name seven days, Monday first", field=f"weekdays.{lang}"))
        if lang in langs:
            weekdays += [(phrase, number) for number, row in enumerate(names) for phrase in row.split("|")]
    return {name: _named(document, name, langs) for name in DAYS}, Phrases(relative), Phrases(weekdays)


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(each) is int for each in value)


def _named(document: Mapping[str, Any], name: str, langs: Langs) -> Phrases[None]:
    return Phrases((phrase, None) for phrase in of_languages(_phrases(document.get(name), name), langs))


def _looked_for(raw: Mapping[str, Any], part: str, name: str, langs: Langs) -> Phrases[None] | None:
    """What a rule needs or excludes. One that needs something in no language of these is never met."""
    given = _phrases(raw.get(part, {}), f"{name}.{part}")
    return Phrases((phrase, None) for phrase in of_languages(given, langs)) if given else None


def _phrases(raw: object, field: str) -> ByLanguage:
    if not isinstance(raw, dict):
        raise BadInput(Message("{field} is no object of languages", field=field))
    for lang, phrases in raw.items():
        if lang not in LANGUAGES:
            raise BadInput(
                Message(
                    "{field} has {lang}; there are {langs}",
                    field=field,
                    lang=lang,
                    langs=", ".join(LANGUAGES),
                )
            )
        if not isinstance(phrases, list):
            raise BadInput(Message("{field} is no list of phrases", field=f"{field}.{lang}"))
        if wrong := next((each for each in phrases if not is_phrase(each)), None):
            raise BadInput(
                Message(
                    "{field} has {phrase}, which is no phrase", field=f"{field}.{lang}", phrase=repr(wrong)
                )
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
