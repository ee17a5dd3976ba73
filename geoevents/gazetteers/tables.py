"""The tables of the compiled index, and what their marks mean.

Knows the layout that compiling.py writes and index.py reads. After a change: one more INDEX_FORMAT.
"""

from __future__ import annotations

INDEX_FORMAT = 4

# A name's mark is size * SIZES + HAS_ARTICLE if an article was folded away + IS_CORE if it is only what
# remains of a name without its descriptor ("X" of "X camp"). Size is the logarithm of the population, base 2;
# entries of our own have the largest, LARGEST and the logarithm of theirs.
HAS_ARTICLE, IS_CORE, SIZES, LARGEST = 2, 1, 4, 31

SCHEMA = """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;

    -- Every place. pk is the GeoNames id, or negative for what has none; lon and lat are degrees times
    -- 100,000; kind is NULL for a settlement; admin1 is the pk of the first-level area around the place;
    -- other_id is the id that an added source gave it.
    CREATE TABLE places (
        pk INTEGER PRIMARY KEY, name TEXT, kind TEXT, lon INTEGER, lat INTEGER, population INTEGER,
        country TEXT, admin1 INTEGER, name_ar TEXT, other_id TEXT);

    -- What entries of our own have; without a place_id, what other areas and added facilities have, too.
    CREATE TABLE details (
        pk INTEGER PRIMARY KEY, place_id TEXT, slug TEXT, geo_precision TEXT, uncertainty_m INTEGER,
        admin1 TEXT, admin2 TEXT, west REAL, south REAL, east REAL, north REAL,
        valid_from TEXT, valid_to TEXT, checked TEXT, geometry TEXT);
    CREATE TABLE spellings (
        pk INTEGER, position INTEGER, lang TEXT, name TEXT, PRIMARY KEY (pk, position)) WITHOUT ROWID;
    -- Every id of a place but the GeoNames id that is its pk.
    CREATE TABLE ids (place_id TEXT PRIMARY KEY, pk INTEGER) WITHOUT ROWID;

    -- Words that stand for a place and are no name of it: abbreviations and demonyms, folded and as written.
    CREATE TABLE stand_ins (
        key TEXT, text TEXT, pk INTEGER, is_demonym INTEGER, PRIMARY KEY (key, text, pk)) WITHOUT ROWID;

    -- Every folded name; folding.name_key makes the key.
    CREATE TABLE names (key TEXT, pk INTEGER, mark INTEGER, PRIMARY KEY (key, pk)) WITHOUT ROWID;

    CREATE INDEX places_of_kind ON places (kind, country) WHERE kind IS NOT NULL;

    -- How names sound, where names are transliterated: skeletons.py makes skeleton and sounds.
    CREATE TABLE sounds (
        country TEXT, skeleton TEXT, sounds TEXT, pk INTEGER, mark INTEGER,
        PRIMARY KEY (country, skeleton, sounds, pk)) WITHOUT ROWID;

    CREATE VIEW known AS
        SELECT p.pk, p.name, ifnull(p.kind, 'settlement') AS kind, p.lon, p.lat, p.population, p.country,
        p.admin1 AS admin1_pk, p.name_ar, d.place_id, d.slug, d.geo_precision, d.uncertainty_m,
        d.admin1, d.admin2, d.west, d.south, d.east, d.north, d.valid_from, d.valid_to, d.checked, p.other_id
        FROM places AS p LEFT JOIN details AS d ON d.pk = p.pk;
"""

# Places of one source, on their way into the index: the same cells, and what conflating.py and governing.py
# look at. `code` is GeoNames' code of the first-level area.
STAGED = """
    CREATE TABLE staged.places (
        pk INTEGER PRIMARY KEY, name TEXT, kind TEXT, lon INTEGER, lat INTEGER, population INTEGER,
        country TEXT, code TEXT, name_ar TEXT);
    CREATE TABLE staged.extras (
        pk INTEGER PRIMARY KEY, place_id TEXT, other_ids TEXT, geo_precision TEXT, uncertainty_m INTEGER,
        admin1 TEXT, admin2 TEXT, west REAL, south REAL, east REAL, north REAL, geometry TEXT);
    CREATE TABLE staged.names (key TEXT, pk INTEGER, mark INTEGER, PRIMARY KEY (key, pk)) WITHOUT ROWID;
    CREATE TABLE staged.sounds (
        skeleton TEXT, sounds TEXT, pk INTEGER, mark INTEGER,
        PRIMARY KEY (skeleton, sounds, pk)) WITHOUT ROWID"""
