"""What builds and checks geoevents, and is no part of it."""
