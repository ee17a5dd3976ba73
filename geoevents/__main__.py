"""`python -m geoevents`: the command line, where its script is not on the path.

Knows nothing else (cli/running.py).
"""

import sys

from geoevents.cli import main

if __name__ == "__main__":
    sys.exit(main())
