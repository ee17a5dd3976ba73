"""An online service behind the gazetteer protocol, through geopy: candidates only, on an explicit submit.

Knows how to ask politely (a name of our own, one question a second, every answer kept for a month), within
which countries, and how to give up in time. Knows nothing of the index. A name that is sent out tells a
stranger what one looks into: whoever asks here must mean it (workflows/finding.py).
"""

from __future__ import annotations

import inspect
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from geopy.adapters import URLLibAdapter
from geopy.exc import (
    GeocoderNotFound,
    GeocoderParseError,
    GeocoderQuotaExceeded,
    GeocoderTimedOut,
    GeopyError,
)
from geopy.geocoders import SERVICE_TO_GEOCODER, get_geocoder_for_service
from geopy.location import Location

from geoevents.errors import OnlineServiceDown, PlaceNotFound, SettingsError
from geoevents.gazetteers.online_cache import OnlineCache
from geoevents.gazetteers.online_places import place_from
from geoevents.gazetteers.online_turns import Turns
from geoevents.gazetteers.senses import Sense
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.places import BBox, Candidate, Context, Place, Resolution, ResolutionStatus

if TYPE_CHECKING:
    from geoevents.gazetteers.pinning import Pinned
    from geoevents.gazetteers.ties import Tied

# https://operations.osmfoundation.org/policies/nominatim/ (2026-11): no more than one question a second.
SECONDS_BETWEEN = 1.0
LONGEST_NAME = 200
MOST_FOUND = 10
_ATTRIBUTIONS = {"nominatim": "© OpenStreetMap contributors", "photon": "© OpenStreetMap contributors"}
_AT_ONCE = 4
# The argument of geopy's class that keeps a service to some countries by their codes, or to a box.
# Whatever a service answers, what lies elsewhere is dropped here.
_BY_CODE = {
    **dict.fromkeys(("nominatim", "openmapquest", "pickpoint", "geolake"), "country_codes"),
    **dict.fromkeys(("pelias", "geocodeearth"), "countries"),
    **dict.fromkeys(("opencage", "mapbox", "geonames"), "country"),
}
_BY_BOX = {"photon": "bbox", "maptiler": "bbox"}


class OnlineGazetteer:
    """
    See geoevents.gazetteers.OnlineService; `suggest` is silent, so that nothing is sent while somebody types.

    `service` is any that geopy knows ("nominatim", "photon", "pelias", ...), `url` the address of one's own
    instance, `options` more arguments of its geopy class, such as api_key. What it finds is kept to the
    country of a question, else to the codes of `region`; `country` tells the box of a code. `timeout`, in
    seconds, bounds the whole of a question, waiting for one's turn included. Raises SettingsError for a
    service that geopy does not know, or not with these options.
    """

    def __init__(
        self,
        service: str,
        *,
        agent: str,
        url: str | None = None,
        timeout: float = 2.0,
        cache: Path | None = None,
        region: tuple[str, ...] = (),
        country: Callable[[str], Place | None] = lambda code: None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.service = service
        self.attribution = _ATTRIBUTIONS.get(service, service)
        self._timeout = timeout
        self._region = region
        self._country = country
        self._cache = OnlineCache(cache / "online.sqlite" if cache else None)
        self._turns = Turns(SECONDS_BETWEEN, cache / "online.turn" if cache else None)
        self._places_free = threading.BoundedSemaphore(_AT_ONCE)
        given = {"user_agent": agent, "timeout": timeout, "adapter_factory": URLLibAdapter}
        self._geocoder = _geocoder(service, {**given, **_own_instance(url), **(options or {})})
        # What one instance answers is no answer of another's.
        self._asked_at = f"{service} {getattr(self._geocoder, 'domain', url or '')}"

    def resolve(self, name: str, context: Context) -> Resolution:
        """Ambiguous at best: what a service finds is for a person to judge. Raises OnlineServiceDown."""
        asked = " ".join(name.split())
        if not 0 < len(asked) <= LONGEST_NAME:
            return Resolution(name, ResolutionStatus.NOT_FOUND)
        codes = (context.country_code,) if context.country_code else self._region
        places = self._cache.answer(self._asked_at, asked, ",".join(codes))
        if places is None:
            boxes = [place.bbox for place in map(self._country, codes) if place and place.bbox]
            places = [each for each in self._ask(asked, codes, boxes) if _is_within(each, codes, boxes)]
            self._cache.keep(self._asked_at, asked, ",".join(codes), places)
        why = Message("found by {service}; nobody has checked it", service=self.service)
        candidates = [Candidate(each, round(0.5 / rank, 4), why) for rank, each in enumerate(places, 1)]
        status = ResolutionStatus.AMBIGUOUS if candidates else ResolutionStatus.NOT_FOUND
        return Resolution(name, status, tuple(candidates[: context.limit]))

    def senses(self, name: str) -> tuple[Sense, ...]:
        """Nothing: a whole text's names are never sent out."""
        return ()

    def ties(self, text: str, names: Sequence[tuple[int, int]]) -> tuple[Tied, ...]:
        return ()

    def pinned(
        self, phrases: Sequence[str], meant: Mapping[str, Sequence[str]], context: Context
    ) -> tuple[Pinned, ...]:
        return ()

    def read_with(
        self, phrase: str, meant: Mapping[str, Sequence[str]], context: Context
    ) -> tuple[Pinned, ...]:
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

    def _ask(self, name: str, codes: Sequence[str], boxes: Sequence[BBox]) -> list[Place]:
        deadline = time.monotonic() + self._timeout
        if not self._turns.taken_within(self._timeout / 2) or not self._places_free.acquire(blocking=False):
            raise OnlineServiceDown(
                Message("{service} is being asked much. Try again later.", service=self.service)
            )
        try:
            found = _in_time(
                lambda: self._geocoder.geocode(name, **self._arguments(codes, boxes)),
                deadline - time.monotonic(),
                self._places_free.release,
            )
            # Some classes of geopy hand out a single one whatever they are asked.
            locations = [found] if isinstance(found, Location) else found or ()
            return [place for each in locations if (place := place_from(self.service, each))]
        except (TimeoutError, GeocoderTimedOut):
            reason = Message("{service} did not answer in time. Try again later.", service=self.service)
        except GeocoderQuotaExceeded:
            reason = Message("{service} asks to be asked less often. Try again later.", service=self.service)
        except (GeocoderParseError, LookupError, TypeError, ValueError, AttributeError):
            reason = Message("{service} sent what nobody can read. Try again later.", service=self.service)
        except GeopyError:
            reason = Message("{service} cannot be reached. Try again later.", service=self.service)
        raise OnlineServiceDown(reason)

    def _arguments(self, codes: Sequence[str], boxes: Sequence[BBox]) -> dict[str, Any]:
        """What the geopy class of this service can be told, beside the name."""
        understood = inspect.signature(self._geocoder.geocode).parameters
        wished = {"exactly_one": False, "limit": MOST_FOUND, "addressdetails": True, "language": "en"}
        asked = {name: value for name, value in wished.items() if name in understood}
        if codes and self.service in _BY_CODE:
            asked[_BY_CODE[self.service]] = [code.lower() for code in codes]
        if boxes and self.service in _BY_BOX:
            asked[_BY_BOX[self.service]] = _as_lat_lons(BBox.around(boxes))
        return asked


def _own_instance(url: str | None) -> dict[str, str]:
    if not url:
        return {}
    address = urlsplit(url)
    return {"scheme": address.scheme, "domain": address.netloc + address.path.rstrip("/")}


def _geocoder(service: str, given: Mapping[str, Any]) -> Any:
    """geopy's class for a service, ready to ask. Raises SettingsError."""
    try:
        return get_geocoder_for_service(service)(**given)
    except GeocoderNotFound as unknown:
        known = ", ".join(sorted(SERVICE_TO_GEOCODER))
        problem = Message("'{text}' is no online service. There are: {names}.", text=service, names=known)
        raise SettingsError(problem, "online") from unknown
    except (TypeError, ValueError, GeopyError) as unfit:
        problem = Message(
            "{service} cannot be used so: {reason}. Set GEOEVENTS_ONLINE_OPTIONS to what its class in geopy "
            "takes, such as api_key=KEY.",
            service=service, reason=str(unfit),
        )  # fmt: skip
        raise SettingsError(problem, "online_options") from unfit


def _is_within(place: Place, codes: Sequence[str], boxes: Sequence[BBox]) -> bool:
    if place.country_code and codes:
        return place.country_code in codes
    return not codes or any(box.contains(place.position) for box in boxes)


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

    try:
        threading.Thread(target=run, daemon=True, name="online gazetteer").start()
    except RuntimeError:
        # The machine has no thread left: nothing runs that would give the place back.
        after()
        raise TimeoutError from None
    try:
        result, error = outcome.get(timeout=max(seconds, 0.0))
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return result


def _as_lat_lons(box: BBox) -> list[tuple[float, float]]:
    # geopy takes latitude first.
    return [(box.south, box.west), (box.north, box.east)]
