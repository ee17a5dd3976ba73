"""The consonants of a name, in which its Arabic, Kurdish, Turkish, English and French spellings meet.

Knows letters and what they sound like. Knows no places and no index.
To add a letter or a digraph: a row in a table below, a pair in tests/gazetteers/test_skeletons.py.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from geoevents.folding import fold

# What folding would lose: marks that make another consonant of a letter; Kurdish letters in Arabic script.
_MARKED = str.maketrans({
    "ş": "sh", "š": "sh", "ș": "sh", "ç": "tch", "č": "tch", "ğ": "gh", "ġ": "gh", "ḫ": "kh", "ẖ": "kh",
    "ḏ": "dh", "ṯ": "th", "ž": "zh", "Ş": "sh", "Š": "sh", "Ș": "sh", "Ç": "tch", "Č": "tch", "Ğ": "gh",
    "Ġ": "gh", "Ḫ": "kh", "Ḏ": "dh", "Ṯ": "th", "Ž": "zh", "ژ": "ج", "ڤ": "و", "ە": "ا",
})  # fmt: skip
# A sound: a consonant, or a vowel a e i o u. θ ð are English th; x is kh, ɣ is gh, š is sh, ç is English ch;
# č is written ch, which is sh in French; D and Z are the emphatic d and z of Arabic.
_ARABIC = str.maketrans({
    "ب": "b", "ت": "t", "ث": "θ", "ج": "j", "ح": "h", "خ": "x", "د": "d", "ذ": "ð", "ر": "r", "ز": "z",
    "س": "s", "ش": "š", "ص": "s", "ض": "D", "ط": "t", "ظ": "Z", "ع": "", "غ": "ɣ", "ف": "f", "ق": "q",
    "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "u", "ي": "i", "ا": "a",
})  # fmt: skip
_LATIN = {
    "tsch": "ç", "dsch": "j", "tch": "ç", "sch": "š", "dsh": "j", "dj": "j", "sh": "š", "kh": "x", "gh": "ɣ",
    "rh": "ɣ", "th": "θ", "dh": "ð", "zh": "j", "ch": "č", "ph": "f", "ck": "k", "qu": "k", "ou": "u",
    "oo": "u", "ee": "i", "c": "j", "y": "i", "w": "u", "v": "u", "p": "b",
}  # fmt: skip
_LATIN_LETTERS = re.compile("|".join(_LATIN))
_DOUBLED = re.compile(r"(sh|kh|th|dh|gh|ch|dj|[^\Waeiou])\1")
_N_BEFORE_B = re.compile(r"n(?=b)")
# A glide is a consonant only where a name begins with it.
_GLIDE = re.compile(r"(?:(?P<w>[wv]|ou(?=[aei])|u(?=a))|(?P<y>y|i(?=[aou])))(?=.)")
_ARABIC_GLIDES = {"و": "w", "ي": "y"}
_ARTICLE = re.compile(r"(?:[aeiou]l|l|[aeiu](sh|dh|th|ch|[^\Waeiou]))")
_BOUND_T = re.compile(r"(?<=\w[^\Waeiou])([ae])t$")
_BEAT = re.compile(r"([aeiou]*)([^aeiou])")
_LAST_VOWELS = re.compile(r"[aeiou]*$")
_REPEATED = re.compile(r"([aeiou])\1+")

# Sounds that one spelling or another exchanges are one letter of the skeleton.
_CLASSES = str.maketrans({
    **dict.fromkeys("tθdðDzZ", "d"), **dict.fromkeys("sšçčj", "s"), **dict.fromkeys("kqgɣ", "k"),
    **dict.fromkeys("xh", "h"), **dict.fromkeys("aeiou~", None),
})  # fmt: skip

# What a difference costs, in consonants; set on the spellings that one place has in GeoNames (decision 0010).
_OFTEN, _SOMETIMES, _SELDOM_EXCHANGED = 0.15, 0.3, 0.4
_EXCHANGED = {
    pair: cost
    for cost, pairs in (
        (_OFTEN, "tθ ðθ sθ dD dð zZ zð Dð Zð DZ qk gɣ gq gk çj čç čš xh zD dZ"),
        (_SOMETIMES, "sš dz kɣ qɣ čj šç sç sč"),
    )
    for each in pairs.split()
    for pair in (each, each[::-1])
}
_SHORT_UNWRITTEN, _LONG_UNWRITTEN, _VOWEL_DROPPED, _VOWELS_DIFFER, _AT_MOST = 0.06, 0.25, 0.12, 0.15, 0.5
_AT_THE_END, _SCALE = 0.5, 2
_NEAR_VOWELS = {"a": "eo", "e": "ai", "i": "e", "o": "au", "u": "o"}


# Every rung asks how the same name sounds.
@lru_cache(maxsize=1 << 12)
def sounds(text: str) -> str:
    """
    What a name sounds like, one letter a sound; "~" before a name in Arabic script, which leaves out vowels.

    >>> sounds("Kafr Sajna"), sounds("كفر سجنة"), sounds("Şêx Meqsûd")
    ('kafrsajna', '~kfrsjn', 'šexmeqsud')
    """
    marked = text if text.isascii() else unicodedata.normalize("NFC", text).translate(_MARKED)
    words = fold(marked).split()
    spoken = [word for at, word in enumerate(words) if not _is_article(words, at)]
    last = len(spoken) - 1
    heard = "".join(_sound(word, is_first=at == 0, is_last=at == last) for at, word in enumerate(spoken))
    return ("~" if any("ء" <= word[0] <= "ۿ" for word in spoken) else "") + _N_BEFORE_B.sub("m", heard)


def skeleton(sounded: str) -> str:
    """
    The consonants of some sounds, those that spellings exchange being one.

    >>> skeleton(sounds("Kafr Sajna")) == skeleton(sounds("كفر سجنة")) == skeleton(sounds("Kefer Secne"))
    True
    """
    return sounded.translate(_CLASSES)


def likeness(one: str, other: str) -> float:
    """
    How alike two names of one skeleton sound, 0 to 1: consonants first, then the vowels between them.

    >>> likeness(sounds("Kafr Sajna"), sounds("Kefer Secne")) > likeness(
    ...     sounds("Kafr Sajna"), sounds("Kufr Shugne")
    ... )
    True
    """
    if one == other:
        return 1.0
    ours, theirs = _beats(one), _beats(other)
    if len(ours) != len(theirs):
        return 0.0
    crosses = (one[:1] == "~") != (other[:1] == "~")
    cost = 0.0
    for (consonant, vowels), (its_consonant, its_vowels) in zip(ours, theirs, strict=True):
        if consonant != its_consonant:
            cost += _EXCHANGED.get(consonant + its_consonant, _SELDOM_EXCHANGED)
        if vowels != its_vowels:
            cost += vowel_cost(vowels, its_vowels, crosses=crosses) * (1 if consonant else _AT_THE_END)
    return max(0.0, 1 - _SCALE * cost / (len(ours) - 0.5))


@lru_cache(maxsize=1 << 14)
def vowel_cost(one: str, other: str, *, crosses: bool) -> float:
    """
    What a difference of vowels costs. `crosses`: one is in Arabic script, which leaves out short vowels.

    >>> vowel_cost("e", "", crosses=True) < vowel_cost("e", "u", crosses=False)
    True
    """
    if crosses and not (one and other):
        return _SHORT_UNWRITTEN if len(one or other) < 2 else _LONG_UNWRITTEN
    if not (one and other):
        return _VOWEL_DROPPED if len(one or other) < 2 else _LONG_UNWRITTEN
    ours, theirs = set(one), set(other)
    apart = sum(_apart(each, theirs) for each in ours - theirs) + sum(
        _apart(each, ours) for each in theirs - ours
    )
    return min(_VOWELS_DIFFER * apart, _AT_MOST)


def _apart(vowel: str, others: set[str]) -> float:
    return 0.3 if others & set(_NEAR_VOWELS[vowel]) else 1.0


@lru_cache(maxsize=1 << 12)
def _beats(sounded: str) -> tuple[tuple[str, str], ...]:
    """(consonant, the vowels before it) ..., the last without a consonant; a vowel twice in a row is one."""
    once = _REPEATED.sub(r"\1", sounded.lstrip("~"))
    return (
        *((consonant, vowels) for vowels, consonant in _BEAT.findall(once)),
        ("", _LAST_VOWELS.findall(once)[0]),
    )


def _is_article(words: list[str], at: int) -> bool:
    if at == len(words) - 1:
        return False
    article = _ARTICLE.fullmatch(words[at])
    return article is not None and (article[1] is None or words[at + 1].startswith(article[1]))


@lru_cache(maxsize=1 << 14)
def _sound(word: str, *, is_first: bool, is_last: bool) -> str:
    if "ء" <= word[0] <= "ۿ":
        word = word[2:] if word.startswith("ال") and len(word) > 4 else word
        heard = word.translate(_ARABIC)
        if is_first and len(word) > 1:
            heard = _ARABIC_GLIDES.get(word[0], heard[:1]) + heard[1:]
    else:
        # A feminine ending is a t where a word follows it, in some languages and spellings: Ma'arat, Maara.
        word = word if is_last else _BOUND_T.sub(r"\1", word)
        word = _DOUBLED.sub(r"\1", word)
        glide = _GLIDE.match(word) if is_first else None
        word = word[glide.end() :] if glide else word
        heard = _LATIN_LETTERS.sub(_heard, word)
        heard = (glide.lastgroup or "") + heard if glide else heard
    return heard[:-1] if heard.endswith("h") and len(heard) > 2 else heard


def _heard(letters: re.Match[str]) -> str:
    return _LATIN[letters[0]]
