"""Place names in reports, turned into mapped events."""

__version__ = "0.1.0"
