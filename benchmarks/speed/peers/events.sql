-- One table for all that ask PostGIS, with an index for each filter, and rows near each other on disk where
-- they are near each other on the map (PostGIS manual, "Clustering on geometry indices").
CREATE TABLE {table} AS
SELECT feature->>'id' AS id,
       ST_SetSRID(ST_GeomFromGeoJSON(feature->'geometry'), 4326) AS geom,
       (feature->'properties'->>'date_start')::date AS date_start,
       {columns},
       (feature->'properties') - '{{{plain}}}'::text[] AS more
FROM {table}_lines;
DROP TABLE {table}_lines;
ALTER TABLE {table} ADD PRIMARY KEY (id);
CREATE INDEX {table}_geom ON {table} USING gist (geom);
CREATE INDEX {table}_what ON {table} (event_type, date_start);
CREATE INDEX {table}_day ON {table} (date_start);
CLUSTER {table} USING {table}_geom;
VACUUM ANALYZE {table};
