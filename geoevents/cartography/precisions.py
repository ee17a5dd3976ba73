"""How exactly a place is known, in words: what a form, a filter or a list says of each precision."""

from __future__ import annotations

from geoevents.messages import Message
from geoevents.places import GeoPrecision

PRECISIONS: dict[GeoPrecision, Message] = {
    GeoPrecision.SITE: Message("at this exact site"),
    GeoPrecision.NEIGHBOURHOOD: Message("in this part of town"),
    GeoPrecision.SETTLEMENT: Message("in the town or village"),
    GeoPrecision.NEAR: Message("near it"),
    GeoPrecision.LINE: Message("along a road, river or border"),
    GeoPrecision.DISTRICT: Message("somewhere in the district"),
    GeoPrecision.AREA: Message("somewhere in the area"),
    GeoPrecision.PROVINCE: Message("somewhere in the governorate"),
    GeoPrecision.COUNTRY: Message("somewhere in the country"),
    GeoPrecision.UNLOCATED: Message("nobody knows where"),
}
