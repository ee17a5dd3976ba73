"""Every exception, as a tree.

    GeoEventsError                      anything that went wrong and has a sentence for a person
      BadInput (ValueError)             what was given cannot be read: the thing, the reason, the way out
        InvalidJSON                       not JSON we take: bytes, syntax, depth, numbers, keys
        InvalidDate                       no calendar day can be read from it
        InvalidInterval                   no stretch of days can be read from it
        InvalidGeometry                   not a geometry we can draw truthfully
        InvalidQuery                      a question parameter that has no meaning
        InvalidEvent                      one or more fields of an event; carries every problem found
        InvalidTaxonomy                   the team's event types file
        InvalidActors                     the team's actors file
        InvalidDraftingRules              the team's phrases for drafting
        InvalidPlace                      a gazetteer entry
        InvalidView                       a saved map: its address, its texts, where it stands
      TooLarge (ValueError)             more than we are willing to read
      NotAnEvent (ValueError)           well formed, but a collection where one Feature is wanted
      EventNotFound (LookupError)       no such event, or none that may be shown
      ViewNotFound (LookupError)        no saved map of this name
      EventExists                       the id is taken
      ViewExists                        the name of a saved map is taken
      EventChanged                      somebody else's edit came first; carries what is there now
      NotAllowed (PermissionError)      writing, or seeing more, is not open here
      NotReady                          what is asked for is still being prepared: ask again
      StoreError (OSError)              the events cannot be read or kept
        StoreUnavailable                  missing, read-only, not a folder, wrong owner
        StoreFull                         the disk has no room; nothing was kept
        StoreDamaged                      what is on disk contradicts itself
        StoreTooNew                       written by a newer version; nothing is touched
      GazetteerError                    names cannot be looked up
        GazetteerMissing                  the compiled index is not there or is of another version
        PlaceNotFound (LookupError)       no place has this id
        OnlineServiceDown                 the online lookup did not answer in time, or not sensibly
        SourceUnreachable                 a list of places that was to be fetched did not come, or not whole
      SettingsError (ValueError)        a setting cannot be understood

Knows how a fault is named. Knows nothing of HTTP status (web/error_pages.py) or exit codes (cli/running.py).
To add one: a line in this tree, a class below, a row in both tables.
"""

from __future__ import annotations

from collections.abc import Sequence


class GeoEventsError(Exception):
    """
    A fault with a sentence for a person.

    `message` is a `geoevents.messages.Message` (its `str()` is English) or plain text;
    `field` is the name of what was wrong, in the words of docs/data-format.md, or None.
    """

    def __init__(self, message: object, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field


class BadInput(GeoEventsError, ValueError):
    pass


class InvalidJSON(BadInput):
    """`line` and `column` count from 1; both are None where the fault has no single place."""

    def __init__(
        self,
        message: object,
        *,
        field: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(message, field)
        self.line = line
        self.column = column


class InvalidDate(BadInput):
    pass


class InvalidInterval(BadInput):
    pass


class InvalidGeometry(BadInput):
    pass


class InvalidQuery(BadInput):
    pass


class InvalidTaxonomy(BadInput):
    pass


class InvalidActors(BadInput):
    pass


class InvalidDraftingRules(BadInput):
    pass


class InvalidPlace(BadInput):
    pass


class InvalidView(BadInput):
    pass


class InvalidEvent(BadInput):
    """`problems` is every `BadInput` found, each with its field: a form shows them all at once."""

    def __init__(self, problems: Sequence[BadInput]) -> None:
        first = problems[0]
        super().__init__(first.message, first.field)
        self.problems = tuple(problems)


class TooLarge(GeoEventsError, ValueError):
    pass


class NotAnEvent(GeoEventsError, ValueError):
    pass


class EventNotFound(GeoEventsError, LookupError):
    pass


class ViewNotFound(GeoEventsError, LookupError):
    pass


class EventExists(GeoEventsError):
    pass


class ViewExists(GeoEventsError):
    pass


class EventChanged(GeoEventsError):
    """`current` is the event as it is now (a `geoevents.events.Event`)."""

    def __init__(self, message: object, current: object) -> None:
        super().__init__(message)
        self.current = current


class NotAllowed(GeoEventsError, PermissionError):
    pass


class NotReady(GeoEventsError):
    """`seconds` is when to ask again."""

    def __init__(self, message: object, field: str | None = None, *, seconds: int = 10) -> None:
        super().__init__(message, field)
        self.seconds = seconds


class StoreError(GeoEventsError, OSError):
    pass


class StoreUnavailable(StoreError):
    pass


class StoreFull(StoreError):
    pass


class StoreDamaged(StoreError):
    pass


class StoreTooNew(StoreError):
    pass


class GazetteerError(GeoEventsError):
    pass


class GazetteerMissing(GazetteerError):
    pass


class PlaceNotFound(GazetteerError, LookupError):
    pass


class OnlineServiceDown(GazetteerError):
    pass


class SourceUnreachable(GazetteerError):
    pass


class SettingsError(GeoEventsError, ValueError):
    pass
