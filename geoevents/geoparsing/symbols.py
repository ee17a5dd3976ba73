"""What a token is for its neighbours: a first name, a title, "in", a comma. One short symbol each.

Knows the order in which classes of words are tried. Knows nothing of places.
"""

from __future__ import annotations

from collections.abc import Sequence

from geoevents.geoparsing.tokens import Token
from geoevents.geoparsing.word_lists import WordLists

EDGE = "^"
# Capitalised: the first class that has the word gives its symbol.
_CAPITALISED = (
    ("calendar", "M"), ("demonym", "E"), ("title", "T"), ("article", "C"), ("pronoun", "C"),
    ("in_preposition", "P"), ("other_preposition", "P"), ("conjunction", "C"), ("direction", "N"),
    ("nature_noun", "W"), ("road_noun", "R"), ("built_noun", "J"), ("place_noun", "D"), ("place_head", "H"),
    ("org_head", "O"), ("number_word", "C"), ("verb_of_speech", "C"),
)  # fmt: skip
# These say more as themselves than as one of a class.
_AS_THEMSELVES = ("in_preposition", "other_preposition", "conjunction", "article", "located", "pronoun")
_LOWER = (
    ("title", "t"), ("direction", "n"), ("nature_noun", "y"),
    ("road_noun", "z"), ("built_noun", "j"), ("place_noun", "d"), ("org_head", "o"), ("verb_of_speech", "v"),
    ("verb_of_person", "w"), ("compass_of", "k"), ("calendar", "m"), ("before_surname", "b"),
)  # fmt: skip
# Words of other languages that do what an English one does, and have no weights of their own.
_READS_AS = (
    ("reads_as_in", "=in"),
    ("reads_as_from", "=from"),
    ("reads_as_to", "=to"),
    ("reads_as_and", "=and"),
)
_LONGEST_ACRONYM = 5


def symbols_of(tokens: Sequence[Token], lists: WordLists) -> list[str]:
    """
    A symbol a token. Upper case: M month or day, E demonym, T title, P preposition, C common word,
    N direction, W nature, R roads, J what is built, D other words behind names of places, H before them,
    O of groups, F first name, S surname, B both, I initial,
    A acronym, U unknown. Lower case: a function word itself, or its class; signs as they are.
    """
    return [_symbol(token, lists) for token in tokens]


def _symbol(token: Token, lists: WordLists) -> str:
    if not token.is_word:
        return _of_sign(token)
    if token.is_capital:
        return _of_capital(token, lists)
    word = token.folded
    if alike := next((symbol for name, symbol in _READS_AS if word in lists[name]), None):
        return alike
    if any(word in lists[name] for name in _AS_THEMSELVES):
        return f"={word}"
    return next((symbol for name, symbol in _LOWER if word in lists[name]), "x")


def _of_sign(token: Token) -> str:
    if token.kind == "line":
        return EDGE
    if token.kind == "number":
        return "9" if len(token.text) != 4 else "2000"
    if token.kind == "possessive":
        return "'s"
    return {"–": "-", "—": "-", "“": '"', "”": '"', "’": "'", "‘": "'", "،": ","}.get(token.text, token.text)


def _of_capital(token: Token, lists: WordLists) -> str:
    word = token.folded
    if len(token.text.rstrip(".")) == 1:
        return "I"
    if token.kind == "word" and token.text.isupper() and len(word) <= _LONGEST_ACRONYM and word != "i":
        known = next((symbol for name, symbol in _CAPITALISED if word in lists[name]), "")
        return known if known in ("M", "E", "T") else "A" if word not in lists.common else "C"
    for name, symbol in _CAPITALISED:
        if word in lists[name]:
            return symbol
    is_first, is_last = word in lists.first_names, word in lists.surnames
    if is_first or is_last:
        return "B" if is_first and is_last else "F" if is_first else "S"
    return "C" if word in lists.common else "U"
