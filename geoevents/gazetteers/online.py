"""An online service behind the gazetteer protocol, through geopy: candidates only, on an explicit submit.

Knows how to ask politely (a name of our own, one question a second, every answer kept for a month) and how to
give up in time. Knows nothing of the index. A name that is sent out tells a stranger what one looks into.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from geopy.adapters import URLLibAdapter
from geopy.exc import GeocoderParseError, GeocoderQuotaExceeded, GeocoderTimedOut, GeopyError
from geopy.geocoders import get_geocoder_for_service

from geoevents.errors import OnlineServiceDown, PlaceNotFound
from geoevents.gazetteers.online_cache import OnlineCache
from geoevents.gazetteers.online_places import place_from
from geoevents.gazetteers.senses import Sense
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import BBox, Candidate, Context, LonLat, Place, Resolution, ResolutionStatus

# https://operations.osmfoundation.org/policies/nominatim/ (2026-11): no more than one question a second.
SECONDS_BETWEEN = 1.0
LONGEST_NAME = 200
_ATTRIBUTIONS = {"nominatim": "© OpenStreetMap contributors", "photon": "© OpenStreetMap contributors"}
_AT_ONCE = 4


class OnlineGazetteer:
    """
    See geoevents.gazetteers.Gazetteer; `suggest` is silent, so that nothing is sent while somebody types.

    `service` is any that geopy knows ("nominatim", "photon", ...), `url` the address of one's own instance,
    `options` more arguments of its geopy class, `near` a box whose places come first. `timeout`, in seconds,
    bounds the whole of a question, waiting for one's turn included.
    """

    def __init__(
        self,
        service: str,
        *,
        agent: str,
        url: str | None = None,
        timeout: float = 2.0,
        cache: Path | None = None,
        near: BBox | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        address = urlsplit(url) if url else None
        own = (
            {"scheme": address.scheme, "domain": address.netloc + address.path.rstrip("/")} if address else {}
        )
        self.service = service
        self.attribution = _ATTRIBUTIONS.get(service, service)
        self._timeout = timeout
        self._near = near
        self._cache = OnlineCache(cache / "online.sqlite" if cache else None)
        self._turn = _Turn(SECONDS_BETWEEN)
        self._places_free = threading.BoundedSemaphore(_AT_ONCE)
        self._geocoder = get_geocoder_for_service(service)(
            user_agent=agent, timeout=timeout, adapter_factory=URLLibAdapter, **own, **(options or {})
        )

    def resolve(self, name: str, context: Context) -> Resolution:
        """Ambiguous at best: what a service finds is for a person to judge. Raises OnlineServiceDown."""
        asked = " ".join(name.split())
        if not 0 < len(asked) <= LONGEST_NAME:
            return Resolution(name, ResolutionStatus.NOT_FOUND)
        places = self._cache.answer(self.service, asked, context.country_code)
        if places is None:
            places = self._ask(asked, context)
            self._cache.keep(self.service, asked, context.country_code, places)
        why = Message("found by {service}; nobody has checked it", service=self.service)
        candidates = [Candidate(each, round(0.5 / rank, 4), why) for rank, each in enumerate(places, 1)]
        status = ResolutionStatus.AMBIGUOUS if candidates else ResolutionStatus.NOT_FOUND
        return Resolution(name, status, tuple(candidates[: context.limit]))

    def senses(self, name: str) -> tuple[Sense, ...]:
        """Nothing: a whole text's names are never sent out."""
        return ()

    def suggest(self, prefix: str, context: Context) -> tuple[Candidate, ...]:
        return ()

    def get(self, place_id: str) -> Place:
        """A place that was found before, by anybody here. Raises PlaceNotFound."""
        place = self._cache.place(place_id)
        if place is None:
            raise PlaceNotFound(
                Message("No place has the id '{place_id}'.", place_id=place_id[:80]), "place_id"
            )
        return place

    def country(self, code: str) -> Place | None:
        return None

    def geometry(self, place_id: str) -> Geometry | None:
        self.get(place_id)
        return None

    def _ask(self, name: str, context: Context) -> list[Place]:
        deadline = time.monotonic() + self._timeout
        if not self._turn.taken_within(self._timeout / 2) or not self._places_free.acquire(blocking=False):
            raise OnlineServiceDown(
                Message("{service} is being asked much. Try again later.", service=self.service)
            )
        try:
            locations = _in_time(
                lambda: self._geocode(name, context), deadline - time.monotonic(), self._places_free.release
            )
            return [place_from(self.service, each) for each in locations or ()]
        except (TimeoutError, GeocoderTimedOut):
            reason = Message("{service} did not answer in time. Try again later.", service=self.service)
        except GeocoderQuotaExceeded:
            reason = Message("{service} asks to be asked less often. Try again later.", service=self.service)
        except (GeocoderParseError, KeyError, TypeError, ValueError, AttributeError):
            reason = Message("{service} sent what nobody can read. Try again later.", service=self.service)
        except GeopyError:
            reason = Message("{service} cannot be reached. Try again later.", service=self.service)
        raise OnlineServiceDown(reason)

    def _geocode(self, name: str, context: Context) -> Any:
        asked: dict[str, Any] = {"exactly_one": False}
        if self.service in ("nominatim", "photon"):
            asked["limit"] = min(max(context.limit, 1), 10)
        if self.service == "nominatim":
            asked |= {"addressdetails": True, "language": "en"}
            asked |= {"country_codes": context.country_code.lower()} if context.country_code else {}
            if self._near:
                corners = (
                    LonLat(self._near.west, self._near.south),
                    LonLat(self._near.east, self._near.north),
                )
                asked["viewbox"] = [_as_lat_lon(corner) for corner in corners]
        return self._geocoder.geocode(name, **asked)


class _Turn:
    """Lets one through at a time, `seconds` apart."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._free_at = 0.0
        self._lock = threading.Lock()

    def taken_within(self, patience: float) -> bool:
        """Wait for one's turn, or say at once that it would take longer than `patience` seconds."""
        with self._lock:
            now = time.monotonic()
            start = max(now, self._free_at)
            if start - now > patience:
                return False
            self._free_at = start + self._seconds
        time.sleep(start - now)
        return True


def _in_time(call: Callable[[], Any], seconds: float, after: Callable[[], None]) -> Any:
    """
    What `call` returns or raises, if it does so in time, else TimeoutError; `after` is called when it ends.

    A timeout of the socket alone would let a server that sends a byte a second hold us for ever. The thread
    is a daemon, so that it cannot hold up the end of the process either.
    """
    outcome: queue.SimpleQueue[tuple[Any, Exception | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcome.put((call(), None))
        except Exception as error:
            outcome.put((None, error))
        finally:
            after()

    threading.Thread(target=run, daemon=True, name="online gazetteer").start()
    try:
        result, error = outcome.get(timeout=max(seconds, 0.0))
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return result


def _as_lat_lon(position: LonLat) -> tuple[float, float]:
    # geopy takes latitude first.
    return (position.lat, position.lon)
