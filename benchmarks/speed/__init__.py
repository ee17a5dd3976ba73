"""How fast geoevents is, beside the tools that people use instead; see __main__.py."""
