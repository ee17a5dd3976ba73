"""Which language a request is answered in, and the words, labels and days of it."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from flask import Flask, Response, g, request

from geoevents.messages import COMPLETE_LANGUAGES, Message, direction, say

# Pages are whole in the complete languages; types and places have labels in these too.
LABEL_LANGUAGES = (*COMPLETE_LANGUAGES, "kmr", "tr")
LANGUAGE_NAMES = {"en": "English", "ar": "العربية", "kmr": "Kurdî (Kurmancî)", "tr": "Türkçe"}
COOKIE = "lang"
A_YEAR = 365 * 24 * 3600
# What browsers call a language that we know by another tag.
_OTHER_TAGS = {"ku": "kmr"}
# Months as the Levant names them (كانون الثاني), days first in English.
_DAY_LOCALES = {"en": "en_GB", "ar": "ar_SY"}
# Templates hold the literal sentences, so `make translations` must not look for them here.
_sentence = Message
_LONGEST_ACCEPT_LANGUAGE = 1_000


def init_app(app: Flask) -> None:
    app.before_request(init_request)
    app.after_request(_remember)
    app.jinja_env.globals.update(
        _=translate, ngettext=translate_count, day=day, say=in_words, dir_of=direction,
        words_lang=words, labels_lang=labels, languages=all_languages,
    )  # fmt: skip


def words() -> str:
    """The language of sentences: one that is complete."""
    return g.lang if g.lang in COMPLETE_LANGUAGES else "en"


def labels() -> str:
    """The language of labels of types and places: the one asked for."""
    return str(g.lang)


def asked_labels() -> str | None:
    """The language of labels that the address itself asks for; None for the one they are kept in."""
    return g.asked_lang if g.asked_lang != "en" else None


def translate(id: str, **params: object) -> str:
    """The `_()` of templates. The words are text, never markup: Jinja escapes them like any other."""
    return _sentence(id, **params).in_language(words())  # type: ignore[arg-type]


def translate_count(id: str, plural: str, count: int, **params: object) -> str:
    return _sentence(id, plural=plural, count=count, **params).in_language(words())


def in_words(text: object) -> str:
    """A Message in the reader's language; other text as it is."""
    return say(text, words())


def day(value: date) -> str:
    """A calendar day as the reader writes it: 20 January 2022."""
    return format_date(value, "d MMMM y", locale=_DAY_LOCALES[words()])


def days(first: date, last: date | None) -> tuple[str, str | None]:
    """Two days that stand in one sentence: the first says no month or year that the last says too."""
    if last is None or last == first:
        return day(first), None
    parts = "d MMMM y" if first.year != last.year else "d MMMM" if first.month != last.month else "d"
    return format_date(first, parts, locale=_DAY_LOCALES[words()]), day(last)


def all_languages() -> list[tuple[str, str]]:
    """(tag, own name) of the languages to offer: those in which a page is whole."""
    return [(code, LANGUAGE_NAMES[code]) for code in COMPLETE_LANGUAGES]


def init_request() -> None:
    """Choose the language of this request: ?lang, then the cookie, then what the browser accepts."""
    g.asked_lang = _known(request.args.get("lang", ""))
    g.lang = g.asked_lang or _known(request.cookies.get(COOKIE, "")) or _accepted() or "en"


def _known(tag: str) -> str | None:
    primary = tag.strip().lower().split("-")[0]
    primary = _OTHER_TAGS.get(primary, primary)
    return primary if primary in LABEL_LANGUAGES else None


def _accepted() -> str | None:
    # 10 kB of languages are nobody's; the first ones are the reader's.
    header = request.headers.get("Accept-Language", "")[:_LONGEST_ACCEPT_LANGUAGE]
    ranked = []
    for position, part in enumerate(header.split(",")):
        tag, _, weight = part.partition(";q=")
        if code := _known(tag):
            ranked.append((-_weight(weight), position, code))
    return min(ranked)[2] if ranked else None


def _weight(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0


def _remember(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.update(("Accept-Language", "Cookie"))
        # A map in another site's page is in that page's language, which its reader has not chosen here.
        if (
            request.endpoint != "views.embed"
            and g.get("asked_lang")
            and request.cookies.get(COOKIE) != g.asked_lang
        ):
            response.set_cookie(COOKIE, g.asked_lang, max_age=A_YEAR, samesite="Lax", httponly=True)
    return response
