"""The verbs: locate, add, edit, retract, undo, import, export, publish; and Backends, what a verb needs.

Knows the order in which the parts are asked. Knows nothing of requests, forms or flags.
To add a verb: a module here, a name below, a test that tells its story.
"""

from geoevents.workflows.backends import Backends
from geoevents.workflows.changes import (
    Added,
    LooksDuplicate,
    OnDoubt,
    PositionInDoubt,
    Seen,
    add,
    edit,
    retract,
    undo,
)
from geoevents.workflows.finding import country_code, locate_anywhere
from geoevents.workflows.likeness import OnLikeness
from geoevents.workflows.placing import NeedsPlace

__all__ = [
    "Added",
    "Backends",
    "LooksDuplicate",
    "NeedsPlace",
    "OnDoubt",
    "OnLikeness",
    "PositionInDoubt",
    "Seen",
    "add",
    "country_code",
    "edit",
    "locate_anywhere",
    "retract",
    "undo",
]
