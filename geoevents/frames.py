"""Events as a GeoDataFrame, and back; and shapes out of the files that GDAL reads.

Knows geopandas, and which column holds what. A frame writes itself.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import mapping, shape

from geoevents.errors import BadInput
from geoevents.events import Event
from geoevents.geojson import event_from_feature
from geoevents.geometries import Geometry
from geoevents.messages import Message
from geoevents.record_stored import PROPERTIES
from geoevents.shape_files import must_be_what_it_says
from geoevents.tables import flat_row

_NUMBERS = {
    "uncertainty_m": "Int64",
    "match_score": "Float64",
    "civilian_targeting": "boolean",
    "fatalities_low": "Int64",
    "fatalities_best": "Int64",
    "fatalities_high": "Int64",
    "version": "Int64",
}
_NESTED = ("translations", "candidates", "about", "actors", "sources", "tags", "extra")
_COLUMNS = ("id", *PROPERTIES)
# Every driver for vectors but those of the endings above, KML's, and the one in memory.
_NEVER = (
    "ADBC,AIVector,AVCBin,AVCE00,AmigoCloud,CAD,CSV,CSW,Carto,DGN,DXF,EDIGEO,EEDA,ESRIJSON,Elasticsearch,"
    "GDALG,GML,GMLAS,GPSBabel,GPX,GTFS,GeoJSON,GeoJSONSeq,GeoRSS,HTTP,Idrisi,JML,JSONFG,LVBAG,MBTiles,MVT,"
    "MapInfo File,MapML,MiraMonVector,NGW,OAPIF,ODS,OGCAPI,OGR_GMT,OGR_PDS,OGR_VRT,OSM,OpenFileGDB,PCIDSK,"
    "PDF,PDS4,PGDUMP,PLSCENES,PMTiles,S57,SQLite,SXF,Selafin,TopoJSON,VDV,VFK,VICAR,WAsP,WFS,XLS,XLSX"
)


def to_frame(events: Iterable[Event]) -> gpd.GeoDataFrame:
    """
    A row an event: every property as in tables.flat_row, geometries in EPSG:4326 (longitude first).

    Columns have one type whatever they hold, so that any driver writes them: whole numbers Int64,
    yes and no boolean, else text; unknown is missing.
    """
    kept = list(events)
    rows = [{name: cell for name, cell in flat_row(each).items() if name in _COLUMNS} for each in kept]
    table = pd.DataFrame(rows, columns=list(_COLUMNS), dtype=object)
    table = table.astype({name: _NUMBERS.get(name, "string") for name in _COLUMNS})
    shapes = gpd.GeoSeries([_shape(each.geometry) for each in kept], crs="EPSG:4326")
    return gpd.GeoDataFrame(table, geometry=shapes)


def from_frame(frame: gpd.GeoDataFrame) -> Iterator[Event]:
    """The events that to_frame made a frame of. Raises InvalidEvent, naming what is no longer as it was."""
    geometries = frame.geometry
    for row, geometry in zip(frame.to_dict("records"), geometries, strict=True):
        given = {str(name): _plain(row[name]) for name in row if name != geometries.name}
        properties = {name: _value(name, value) for name, value in given.items() if name != "id"}
        yield event_from_feature(
            {
                "type": "Feature",
                "id": given.get("id"),
                "geometry": _as_geojson(geometry),
                "properties": properties,
            }
        )


def _shape(geometry: Geometry | None) -> Any:
    return shape(geometry.as_geojson()) if geometry else None


def _as_geojson(geometry: Any) -> Mapping[str, Any] | None:
    if geometry is None:
        return None
    return Geometry.from_geojson(mapping(geometry)).as_geojson()


def _plain(value: Any) -> Any:
    """A cell as Python has it; pandas spells "missing" in three ways."""
    # Only NaN differs from itself.
    if value is None or value is pd.NA or value != value:
        return None
    return value.item() if hasattr(value, "item") else value


def _value(name: str, value: Any) -> Any:
    if value is None or name not in _NESTED:
        return value
    if name == "tags" and not value.startswith("["):
        return value.split(", ")
    return json.loads(value)


def layers_of(path: Path) -> list[str]:
    """The layers of a file that GDAL reads. Raises BadInput where GDAL cannot, or must not."""
    must_be_what_it_says(path)
    pyogrio = _gdal()
    try:
        return [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise _unreadable(path, error) from None


def read_shapes(
    path: Path, *, layer: str | None = None
) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """
    (columns, geometry as GeoJSON or None) of every row of every layer of a file that GDAL reads, in degrees;
    of one layer, where it is named.

    Raises BadInput where GDAL cannot, or must not.
    """
    must_be_what_it_says(path)
    pyogrio = _gdal()
    try:
        for each in layers_of(path) if layer is None else [layer]:
            frame = gpd.read_file(path, layer=each)
            yield from _rows(frame)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise _unreadable(path, error) from None


def _gdal() -> ModuleType:
    """pyogrio; where it is loaded here, without the drivers that no file of ours needs."""
    os.environ.setdefault("OGR_SKIP", _NEVER)
    import pyogrio

    found: ModuleType = pyogrio
    return found


def _rows(frame: pd.DataFrame) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    if isinstance(frame, gpd.GeoDataFrame):
        if frame.crs is not None:
            frame = frame.to_crs(4326)
        for feature in frame.iterfeatures(na="null"):
            yield feature["properties"], feature["geometry"]
        return
    # A layer may be a table without shapes.
    for row in frame.to_dict("records"):
        yield {str(name): _plain(value) for name, value in row.items()}, None


def _unreadable(path: Path, error: Exception) -> BadInput:
    return BadInput(Message("{path} cannot be read: {reason}.", path=path.name, reason=str(error)[:200]))
