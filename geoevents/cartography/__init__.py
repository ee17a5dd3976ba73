"""Events to one map: the Folium frame, tiles, what is drawn, the local base map, static maps."""
