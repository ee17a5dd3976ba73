"""How a file of places is read: which of them are taken, and what its source is called.

Knows what a person may ask for. Knows nothing of formats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from geoevents.gazetteers.sources.feature_codes import Wanted
from geoevents.places import BBox


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """
    How a file is read. `name` is the source's, and the prefix of its ids; `countries` are all that is taken;
    `columns` says which column has what, where its name does not.
    """

    name: str
    countries: tuple[str, ...] = ()
    wanted: Wanted = field(default_factory=Wanted)
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str = "utf-8-sig"
    geonames_ids: bool = True
    boxes: Mapping[str, BBox] = field(default_factory=dict)
