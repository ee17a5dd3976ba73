"""Which of the places that a text names is where it says that something happened.

Knows words around names, and in which sentence they stand. Knows nothing of events or files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from geoevents.geoparsing.toponyms import Toponym
from geoevents.places import ResolutionStatus

# Kinds by how exactly they say where something was.
_EXACT = frozenset(
    ("settlement", "quarter", "site", "crossing", "camp", "prison", "dam", "oil_field", "military_base")
)
_COARSE = {
    "country": 6.0,
    "admin1": 3.0,
    "area": 2.0,
    "admin2": 1.5,
    "river": 1.0,
    "road": 1.0,
    "natural": 0.5,
}
# Before a name: where it was, with what else may stand between ("in the village of").
_WHERE = re.compile(
    r"(?:\b(?:in|at|near|outside|inside|around|within|on|into|across|over|struck|hit|targeted|targeting|shelled|"
    r"bombed|attacked|raided|stormed|against|hitting|striking|shelling|bombing|between|towards?)"
    r"(?:\s+(?:the|a|an|its|both))?"
    r"(?:\s+[\w'’-]+){0,4}?|"
    r"\b(?:village|town|city|neighbou?rhood|district|camp|hamlet|suburb|outskirts|countryside|vicinity|area|"
    r"subdistrict|centre|center|market|settlement)s?\s+(?:of|named|called)(?:\s+the)?)\s*$",
    re.IGNORECASE,
)
_IN = re.compile(r"\b(?:in|at|near|outside|inside|around|within)(?:\s+(?:the|a))?\s*$", re.IGNORECASE)
_WHERE_AR = re.compile(
    r"(?:^|\s)(?:في|قرب|بالقرب من|داخل|على|استهدفت?|قصفت?|طالت?|محيط|اطراف|أطراف|شمال|جنوب|شرق|غرب|"
    r"بلدة|قرية|مدينة|حي|مخيم|ناحية|منطقة|ريف|بلده|قريه|مدينه|ناحيه|منطقه)(?:\s+(?:بلدة|قرية|مدينة|حي|ريف|أطراف|محيط))?\s*$"
)
_WHERE_OTHERS = re.compile(r"(?:^|\s)(?:li|le|gundê|bajarê|bajarokê|nêzîkî|taxa)\s*$", re.IGNORECASE)
_WHERE_BEHIND_TR = re.compile(r"^['’]?(?:d[ae]|t[ae]|nd[ae])\b")
_ON = re.compile(
    r"\b(?:raid|attack|assault|strike|airstrike|shelling|bombing|bombardment|bomb|rocket|mortar|shell|fire|drone|"
    r"offensive|blast|incursion)s?\s+(?:on|against|at|in|near|outside|into)(?:\s+the)?(?:\s+[\w'’-]+){0,3}?\s*$",
    re.IGNORECASE,
)
# Somebody is there, or goes there, and what is told happened elsewhere.
_ELSEWHERE = re.compile(
    r"\b(?:(?:stationed|positioned|deployed|based|located|positions?|bases?|media|activists?|sources?|offices?|"
    r"correspondents?|hospitals?|outlets?|pages?|monitors?|reporters?|treated|buried)\s+(?:in|at|near|inside|around)|"
    r"(?:headed|heading|bound|travelling|traveling|way|route|fled|flee|fleeing|returned|returning|taken|moved|"
    r"transferred|evacuated|withdrew|retreated)\s+(?:to|towards?|for|into)|coming from)(?:\s+the)?\s*$",
    re.IGNORECASE,
)
# Before or behind a name: it says whose, from where, or who said it.
_WHOSE = re.compile(
    r"\b(?:from|of|by|based in|told|according to|said|said in|via|through|toward|returned to|fled to|"
    r"transferred to|taken to|moved to|hospitals? in|born in|native of|resident of|residents of|people of|"
    r"government of|forces of|army of|from the|statement in)(?:\s+the)?\s*$",
    re.IGNORECASE,
)
_OF_A_PLACE = re.compile(
    r"\b(?:village|town|city|neighbou?rhood|district|camp|hamlet|suburb|outskirts|countryside|vicinity|area|"
    r"subdistrict|centre|center|north|south|east|west|side|part|parts|km|kilomet(?:er|re)s|miles|edge|street|streets|"
    r"governorate|province|region|shelling|bombardment|bombing|siege|control|capture|mosque|hospital)s?\s+"
    r"(?:of|from)(?:\s+the)?\s*$",
    re.IGNORECASE,
)
_SAYS_WHO = re.compile(
    r"^(?:['’]s)?[\s-]+(?:based|backed|led|army|forces|government|regime|military|police|militia|militants|fighters|"
    r"rebels|troops|network|observatory|media|center for|centre for|news|agency|post|times|tv|now|today|24|"
    r"revolution|local coordination|coordinat\w+|human rights|democratic|national|islamic|ministry|"
    r"officials?|president|air force|warplanes|jets)\b",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"^\W*$")
_DATELINE_BEHIND = re.compile(r"^\s*(?:,[^.]{0,40})?\s*(?:\([^)]{1,40}\)\s*)?[–—-]\s")
_HAPPENS = re.compile(
    r"\b(?:kill|wound|injur|di(?:e|ed)\b|death|dead|strike|struck|air ?strike|raid|bomb|shell|attack|clash|"
    r"explo|detonat|blast|mine\b|ied\b|fire[ds]?\b|shot|shoot|storm|seiz|captur|abduct|kidnap|arrest|detain|execut|"
    r"protest|demonstrat|rall(?:y|ied)|riot|burn|loot|clos(?:e|ed|ure)|block|displac|fled|assassin|target|hit\b)",
    re.IGNORECASE,
)
_HAPPENS_AR = re.compile(
    r"(?:قتل|مقتل|استشه|جرح|اصيب|إصاب|أصيب|قصف|غار[ةه]|غارات|انفج|تفجير|لغم|اشتباك|هجوم|هاجم|اقتحم|اعتقل|اختطف|خطف|"
    r"تظاهر|احتج|مظاهر|اغتيال|اغتال|اعدم|أعدم|نزح|اغلق|أغلق|استهد|سقط|اطلق|إطلاق)"
)
_SENTENCE = re.compile(r"(?<![\s.][A-Z])[.!?؟۔](?=\s)|\n")


def where_it_happened(text: str, toponyms: Sequence[Toponym]) -> Toponym | None:
    """
    The toponym that says best where what a text reports was; None where it names no place that is known.

    Each is weighed by the words around it ("in the village of X" is where, "the X government" is who), by the
    sentence it stands in (the first that tells of something happening), and by how exactly it says where.
    Of equals the first.
    """
    known = [each for each in toponyms if each.resolution.candidates]
    if not known:
        return None
    reporting = _reporting_sentence(text, known)
    return max(known, key=lambda each: (_weight(text, each, reporting), -each.start))


def _weight(text: str, toponym: Toponym, reporting: tuple[int, int]) -> float:
    before = text[max(0, toponym.start - 60) : toponym.start]
    behind = text[toponym.end : toponym.end + 40]
    weight = -toponym.start / max(len(text), 400)
    weight -= _COARSE.get(toponym.resolution.candidates[0].place.kind, 0.0)
    if toponym.resolution.status is not ResolutionStatus.RESOLVED:
        weight -= 0.5
    if reporting[0] <= toponym.start < reporting[1]:
        weight += 1.5
    if _ELSEWHERE.search(before):
        weight -= 2.0
    elif _ON.search(before):
        weight += 3.0
    elif _IN.search(before) or _WHERE_AR.search(before) or _WHERE_OTHERS.search(before):
        weight += 2.5
    elif _WHERE.search(before) or _WHERE_BEHIND_TR.match(behind):
        weight += 1.5
    if _WHOSE.search(before) and not _OF_A_PLACE.search(before):
        weight -= 1.0
    if _SAYS_WHO.match(behind):
        weight -= 3.0
    if _DATELINE.match(text[: toponym.start]) and _DATELINE_BEHIND.match(behind):
        weight -= 1.0
    return weight


def _reporting_sentence(text: str, known: Sequence[Toponym]) -> tuple[int, int]:
    """Where the first sentence stands that names a place and tells of a happening, or that just names one."""
    bounds = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text) + 1]
    spans = [
        (start, end) for start, end in pairwise(bounds) if any(start <= each.start < end for each in known)
    ]
    telling = (
        span
        for span in spans
        if _HAPPENS.search(text[span[0] : span[1]]) or _HAPPENS_AR.search(text[span[0] : span[1]])
    )
    return next(telling, spans[0])
