"""The command line: serve, geocode, geoparse, draft, import, export, check, doctor, publish.

Knows flags, exit codes and what a terminal shows. Decides nothing: the verbs are workflows.
To add a command: a module here with `add_to(commands)`, a line in running.py, a test in tests/cli/.
"""

from geoevents.cli.running import main

__all__ = ["main"]
