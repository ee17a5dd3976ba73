"""What was measured, kept number by number as soon as it is known, so that a run can stop and go on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FAILED = "failed"
Numbers = dict[str, Any]


@dataclass
class Kept:
    """
    Numbers by part, by who was measured and with how many events; `versions` says of what.

    >>> kept = Kept(Path("/nowhere"))
    >>> kept.parts["tiles"] = {"geoevents": {"1000": {"p50": 0.4}}}
    >>> kept.get("tiles", "geoevents", 1000)
    {'p50': 0.4}
    >>> kept.get("tiles", "tipg", 1000)
    {}
    """

    path: Path
    parts: dict[str, dict[str, dict[str, Numbers]]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, path: Path) -> Kept:
        if not path.exists():
            return cls(path)
        found = json.loads(path.read_text("utf-8"))
        return cls(path, found["parts"], found["versions"], found["days"])

    def put(self, part: str, who: str, size: int, numbers: Mapping[str, Any]) -> None:
        # Another run may have kept something meanwhile.
        if self.path.exists():
            self.parts, self.days = (found := Kept.at(self.path)).parts, found.days
        self.parts.setdefault(part, {}).setdefault(who, {})[str(size)] = dict(numbers)
        self.days[part] = datetime.now(UTC).date().isoformat()
        self.save()

    def save(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".next")
        told = {"parts": self.parts, "versions": self.versions, "days": self.days}
        beside.write_text(json.dumps(told, indent=1), "utf-8")
        beside.replace(self.path)

    def get(self, part: str, who: str, size: int) -> Numbers:
        """Empty where nothing was measured, and where it failed."""
        found = self.parts.get(part, {}).get(who, {}).get(str(size), {})
        return {} if FAILED in found else found

    def has(self, part: str, who: str, size: int) -> bool:
        return str(size) in self.parts.get(part, {}).get(who, {})

    def whos(self, part: str) -> list[str]:
        return list(self.parts.get(part, {}))

    def sizes(self, part: str) -> list[int]:
        return sorted({int(size) for found in self.parts.get(part, {}).values() for size in found})

    def failures(self) -> Iterator[str]:
        for part, whos in self.parts.items():
            for who, sizes in whos.items():
                for size, numbers in sizes.items():
                    if FAILED in numbers:
                        yield f"{part}, {who}, {int(size):,} events: {numbers[FAILED]}"
