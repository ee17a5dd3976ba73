"""The usual names of columns, and what the values of others mean: ACLED's, UCDP GED's, ours, common ones.

Knows lists. To know another heading: a word below, a row in tests/spreadsheets/test_headings.py.
ACLED: "Codebook" (2023), https://acleddata.com. UCDP: "GED Codebook" version 24.1, https://ucdp.uu.se.
"""

from __future__ import annotations

from collections.abc import Mapping

# Our field -> the headings it goes by, the surest first; compared folded (folding.fold), so "Event date",
# "event_date" and "EVENT-DATE" are one. A heading is one field's only.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "external_id": ("event_id_cnty", "external_id", "event id", "incident id", "data_id", "record id", "id",
                    "uuid", "guid", "fid", "ref", "reference", "code", "serial", "no", "رقم الحدث", "المعرف",
                    "الرقم", "رقم", "م"),
    "title": ("title", "headline", "event title", "name", "summary", "event name", "العنوان", "عنوان",
              "عنوان الحدث", "اسم الحدث", "الخبر", "baslik", "sernav"),
    "description": ("description", "notes", "event description", "text", "details", "narrative", "report",
                    "event text", "report text", "note", "comments", "body", "content", "what happened",
                    "incident description", "الوصف", "وصف", "وصف الحدث", "التفاصيل", "تفاصيل", "النص", "نص",
                    "ملاحظات", "نص الخبر", "aciklama"),
    "event_type": ("event_type", "event type", "type", "category", "incident type", "type of event",
                   "type_of_violence", "نوع الحدث", "النوع", "نوع", "الفئه", "التصنيف", "olay turu", "cure"),
    "sub_event_type": ("sub_event_type", "sub event type", "subtype", "sub type", "subcategory",
                       "النوع الفرعي", "نوع فرعي"),
    "date_start": ("date_start", "event_date", "date", "start date", "date start", "event date",
                   "incident date", "date of event", "date of incident", "day", "when", "begin", "start",
                   "from date", "date_from", "timestamp begin", "التاريخ", "تاريخ", "تاريخ الحدث",
                   "تاريخ البدء", "تاريخ البدايه", "اليوم", "tarih", "dirok", "roj"),
    "date_end": ("date_end", "end date", "date end", "to date", "date_to", "end", "تاريخ الانتهاء",
                 "تاريخ النهايه"),
    "place_name": ("place_name", "location", "place", "where_coordinates", "location name", "place name",
                   "town", "city", "village", "settlement", "locality", "site", "where", "community",
                   "المكان", "الموقع", "مكان", "موقع", "اسم المكان", "مكان الحدث", "موقع الحدث", "المدينه",
                   "البلده", "القريه", "مدينه", "بلده", "قريه", "yer", "konum", "cih"),
    "lat": ("lat", "latitude", "y", "lat_dd", "point_y", "ycoord", "y_coord", "latitude_y", "centroid_lat",
            "خط العرض", "العرض", "دائره العرض", "enlem"),
    "lon": ("lon", "longitude", "lng", "long", "x", "lon_dd", "long_dd", "point_x", "xcoord", "x_coord",
            "longitude_x", "centroid_lon", "خط الطول", "الطول", "boylam"),
    "position": ("coordinates", "latlon", "lat lon", "lat long", "latlng", "lat lng", "gps", "geo",
                 "position", "coords", "geolocation", "geo coordinates", "الاحداثيات", "احداثيات",
                 "koordinat"),
    "geometry": ("geometry", "geom_wkt", "wkt", "geom", "the_geom"),
    "country_code": ("country_code", "country", "iso2", "country code", "country name", "adm0", "admin0",
                     "البلد", "الدوله", "بلد", "دوله", "ulke", "welat"),
    "admin1": ("admin1", "adm_1", "adm1", "governorate", "province", "state", "region", "admin 1",
               "admin1 name", "adm1_en", "المحافظه", "محافظه", "il", "parezgeh"),
    "admin2": ("admin2", "adm_2", "adm2", "district", "admin 2", "admin2 name", "adm2_en", "المنطقه",
               "منطقه", "القضاء", "قضاء", "ilce", "navce"),
    "geo_precision": ("geo_precision", "where_prec", "geoprecision", "precision", "location precision",
                      "دقه الموقع", "دقه المكان"),
    "time_precision": ("time_precision", "date_prec"),
    "uncertainty_m": ("uncertainty_m", "uncertainty", "accuracy", "accuracy_m"),
    "fatalities_best": ("fatalities_best", "fatalities", "best", "deaths", "killed", "casualties_killed",
                        "number killed", "dead", "عدد القتلى", "القتلى", "قتلى", "الوفيات", "الضحايا",
                        "olu", "kusti"),
    "fatalities_low": ("fatalities_low", "low", "killed min", "minimum killed", "الحد الادنى"),
    "fatalities_high": ("fatalities_high", "high", "killed max", "maximum killed", "الحد الاقصى"),
    "civilian_targeting": ("civilian_targeting", "civilian targeting", "استهداف المدنيين"),
    "actor_a": ("actor1", "side_a", "actor", "actor 1", "perpetrator", "side a", "الفاعل", "الجهه الفاعله",
                "الطرف الاول"),
    "actor_b": ("actor2", "side_b", "actor 2", "side b", "الطرف الثاني"),
    "actor_target": ("target", "victim", "الهدف", "المستهدف"),
    "actors_with_a": ("assoc_actor_1", "associated actor 1"),
    "actors_with_b": ("assoc_actor_2", "associated actor 2"),
    "source_publisher": ("source_publisher", "source", "publisher", "source name", "source_office", "outlet",
                         "media", "sources", "source office", "المصدر", "مصدر", "الناشر", "المصادر",
                         "kaynak", "cavkani"),
    "source_url": ("source_url", "url", "link", "source link", "source url", "web", "website", "الرابط",
                   "رابط", "رابط المصدر"),
    "source_title": ("source_title", "source_headline", "article title", "source headline"),
    "source_published": ("source_published", "source_date", "published", "publication date", "date published",
                         "تاريخ النشر"),
    "source_said_by": ("source_said_by", "said by", "said_by", "witness", "القائل"),
    "source_quote": ("source_quote", "quote", "source_original", "الاقتباس", "اقتباس"),
    "tags": ("tags", "keywords", "labels", "وسوم"),
    "lang": ("lang", "language", "اللغه"),
}  # fmt: skip

# Numbers that others write for how exactly a place is known: our precision, and how far it may be off in
# metres where a point stands for more than a pin may.
ACLED_PRECISION: Mapping[str, tuple[str, int | None]] = {
    "1": ("settlement", None), "2": ("near", 25_000), "3": ("province", 100_000),
}  # fmt: skip
UCDP_PRECISION: Mapping[str, tuple[str, int | None]] = {
    "1": ("settlement", None), "2": ("near", 25_000), "3": ("district", 25_000), "4": ("province", 100_000),
    "5": ("area", 50_000), "6": ("country", None), "7": ("unlocated", None),
}  # fmt: skip
PRECISIONS: Mapping[str, Mapping[str, tuple[str, int | None]]] = {
    "geo precision": ACLED_PRECISION, "where prec": UCDP_PRECISION,
}  # fmt: skip
# UCDP's type_of_violence: state-based, between others, against those who cannot fight back.
UCDP_TYPES: Mapping[str, str] = {"1": "battles", "2": "battles", "3": "violence_against_civilians"}

# What says that nothing is known, in every column but those of text.
NOTHING = frozenset(
    ("na", "n/a", "#n/a", "null", "none", "nan", "-", "--", "–", "—", "?", "unknown", "غير معروف", "لا يوجد")
)
YES = frozenset(("civilian targeting", "نعم", "evet", "ere", "y", "x"))
NO = frozenset(("لا", "hayir", "na", "n"))
