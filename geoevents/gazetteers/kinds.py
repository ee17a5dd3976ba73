"""Kinds of places that go together: towns with their quarters, what is a line, what has an extent of its own.

Knows words alone; the kinds themselves are places.py's.
"""

from __future__ import annotations

SETTLED = ("settlement", "quarter")
LINES = ("river", "road")
WIDE = ("admin1", "admin2", "area", "country")
# No point to be near to, or to be measured from.
WITH_EXTENT = (*WIDE, *LINES)
