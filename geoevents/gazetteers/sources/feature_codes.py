"""GeoNames' feature codes, as kinds of places of ours; and which of them are taken where nobody says.

Codes and their meaning: https://www.geonames.org/export/codes.html. What has no row here is no place that a
report names: bays, wells, shops.
"""

from __future__ import annotations

from collections.abc import Iterable

from geoevents.errors import BadInput
from geoevents.messages import Message

CLASSES = "AHLPRSTUV"
_KINDS = {
    "A": {"ADM1": "admin1", "ADM2": "admin2", "ADM3": "area"},
    "P": {"PPLX": "quarter"},
    "S": {
        **dict.fromkeys(("AIRB", "AIRP", "AIRF", "AIRH", "INSM", "MILB", "NAVB"), "military_base"),
        **dict.fromkeys(("CMPRF", "CMPL", "CMP"), "camp"),
        **dict.fromkeys(("PRN", "PRNJ", "PRNQ"), "prison"),
        **dict.fromkeys(("DAM", "DAMSB", "DAMQ"), "dam"),
        **dict.fromkeys(("PSTB", "PSTC", "CSTM"), "crossing"),
        **dict.fromkeys(("BDG", "BDGQ", "CSTL", "FT", "HSP", "HSPC", "MSQE", "OILR", "PS", "PSH"), "site"),
        **dict.fromkeys(("RSTN", "STDM", "TNL", "UNIV", "RUIN", "ANS", "MNMT", "MKT", "PRT", "MN"), "site"),
    },
    "L": {
        **dict.fromkeys(("OILF", "GASF"), "oil_field"),
        **dict.fromkeys(("MILB", "NAVB"), "military_base"),
        **dict.fromkeys(("PRT", "INDS"), "site"),
    },
    "T": dict.fromkeys(
        ("MT", "MTS", "PK", "PKS", "HLL", "HLLS", "RDGE", "PASS", "VAL", "DSRT", "PLN", "PLAT", "ISL"),
        "natural",
    ),
    "H": {
        **dict.fromkeys(("LK", "LKI", "LKS", "RSV", "RSVI", "SWMP", "MRSH"), "natural"),
        **dict.fromkeys(("STM", "STMI", "STMS", "CNL", "WAD"), "river"),
    },
    "R": dict.fromkeys(("RD", "RDA", "RDJCT"), "road"),
}  # fmt: skip
# Taken unasked: what reports name and what stands out of its surroundings. A tell bears the name of the
# village at its foot, a wadi that of the village at its mouth: asked for, they are taken too.
_USUAL = {
    "S": set(_KINDS["S"]) - {"MSQE", "RUIN", "ANS", "MNMT", "MKT", "MN", "BDGQ"},
    "L": set(_KINDS["L"]),
    "T": {"MT", "MTS", "PASS", "DSRT"},
    "H": {"LK", "RSV", "STM"},
}


class Wanted:
    """
    Which features of a dump are taken: the usual ones, or classes ("P") and codes ("T.HLL") that were named.

    >>> usual = Wanted()
    >>> (
    ...     usual.kind("P", "PPLC"),
    ...     usual.kind("S", "PRN"),
    ...     usual.kind("T", "HLL"),
    ...     Wanted(["T.HLL"]).kind("T", "HLL"),
    ... )
    ('settlement', 'prison', None, 'natural')
    """

    def __init__(self, named: Iterable[str] = ()) -> None:
        self.named = tuple(dict.fromkeys(name.strip().upper() for name in named if name.strip()))
        for name in self.named:
            if name.partition(".")[0] not in (*_KINDS, "ALL"):
                raise BadInput(
                    Message(
                        "'{name}' is no class or code of GeoNames. Write classes such as P,A, or codes such"
                        " as S.PRN.",
                        name=name[:60],
                    ),
                    "features",
                )

    def kind(self, feature_class: str, code: str) -> str | None:
        """The kind of a feature that is taken; None for one that is not."""
        kind = _KINDS.get(feature_class, {}).get(code)
        if feature_class == "P":
            kind = kind or "settlement"
        if kind is None or not self._takes(feature_class, code):
            return None
        return kind

    def _takes(self, feature_class: str, code: str) -> bool:
        if self.named:
            return bool({"ALL", feature_class, f"{feature_class}.{code}"} & set(self.named))
        return feature_class in "PA" or code in _USUAL.get(feature_class, ())
