"""Publishing: a map of what anybody may see as files, put in its place whole, where nothing of others is.

Knows what may be replaced, and how a folder appears at once. Knows nothing of what the files hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import file_digest, sha256
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING, NamedTuple

from geoevents.errors import BadInput
from geoevents.messages import Message
from geoevents.renewing import renew
from geoevents.workflows.backends import Backends
from geoevents.workflows.exports import unwritable, write_whole

if TYPE_CHECKING:
    from geoevents.cartography.static import Publication, StaticMap

SUMS = "SHA256SUMS"
SINGLE = "map.html"
# What a repository or a host keeps beside a publication; it stays.
KEPT = (
    "README.md",
    "picture.png",
    ".gitignore",
    ".gitattributes",
    ".nojekyll",
    "CNAME",
    "robots.txt",
)
_MARK = b'<meta name="generator" content="geoevents">'
_MARKED_WITHIN = 2_000


class Published(NamedTuple):
    """
    What was published: the page to open, how many events it shows, in how many files of how many bytes.

    `removed` is the single file that gave way to the folder, where one lay in it.
    """

    page: Path
    events: int
    files: int
    size: int
    removed: Path | None = None


def publish(folder: Path, publication: Publication, backends: Backends, *, cache: Path) -> Published:
    """
    Write a map that opens without a server into a folder, in place of what was published there before.

    The folder appears whole: until then, and where anything fails, it stays as it was. `cache` is where
    set-up put the base map. Raises BadInput while set-up has not been run, or where the folder holds
    anything that was not published; GeoEventsError where it cannot be written.
    """
    folder = folder.absolute()
    written: list[int] = []
    try:
        target = folder.resolve()
        _refuse_others(target)
        drawn = _drawn(publication, backends, cache)
        # It shows what may have been withheld since, and nobody would look for it here.
        removed = folder / SINGLE if (target / SINGLE).is_file() else None

        def build(fresh: Path) -> None:
            # Asked again, now that nobody else publishes there.
            _refuse_others(target)
            fresh.mkdir()
            written.extend(_written(fresh, drawn.files()))
            for name in KEPT:
                if (target / name).is_file():
                    copyfile(target / name, fresh / name)

        renew(target, build, is_current=lambda: False)
    except OSError as error:
        raise unwritable(folder, error) from None
    return Published(folder / "index.html", drawn.count, len(written), sum(written), removed)


def publish_single_file(
    path: Path, publication: Publication, backends: Backends, *, cache: Path
) -> Published:
    """
    Write a map into one HTML file: `path`, or in a folder of this name map.html.

    Raises BadInput where another file is in its place, TooLarge for too many events; else as `publish`.
    """
    from geoevents.cartography.single_file import single_file

    path = path if path.suffix in (".html", ".htm") else path / SINGLE
    try:
        if path.exists() and not _is_ours(path):
            raise BadInput(
                Message("{path} is no published map. Move it away, or name another file.", path=str(path))
            )
        drawn = _drawn(publication, backends, cache)
        page = single_file(drawn)
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path, error) from None
    write_whole(path, [page])
    return Published(path, drawn.count, 1, len(page))


def _drawn(publication: Publication, backends: Backends, cache: Path) -> StaticMap:
    from geoevents.cartography.asset_files import Assets
    from geoevents.cartography.static import StaticMap

    return StaticMap(publication, backends.public, taxonomy=backends.taxonomy, assets=Assets(cache))


def _written(folder: Path, files: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[int]:
    """The sizes of the files, each written as it is asked for, and at last of their sums."""
    sums = {}
    for name, parts in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        digest = sha256()
        with path.open("wb") as file:
            for part in parts:
                digest.update(part)
                file.write(part)
        sums[name] = digest.hexdigest()
        yield path.stat().st_size
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
    yield (folder / SUMS).write_bytes(lines.encode())


def _refuse_others(folder: Path) -> None:
    """Raise BadInput where a folder holds a file that was not published, or that was changed since."""
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(20, "Not a directory")
    published = _sums(folder)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name in (SUMS, *KEPT) or (path.is_dir() and not path.is_symlink()):
            continue
        if name == SINGLE and path.is_file() and not path.is_symlink() and _is_ours(path):
            continue
        if path.is_symlink() or name not in published:
            raise BadInput(
                Message(
                    "{folder} holds {name}, which is no part of a published map."
                    " Move it away, or name another folder.",
                    folder=str(folder),
                    name=name,
                )
            )
        with path.open("rb") as file:
            if file_digest(file, "sha256").hexdigest() != published[name]:
                raise BadInput(
                    Message(
                        "{name} in {folder} was changed after it was published. Move it away, or name another"
                        " folder.",
                        folder=str(folder),
                        name=name,
                    )
                )


def _sums(folder: Path) -> dict[str, str]:
    """What an earlier publication says of its files."""
    try:
        lines = (folder / SUMS).read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return {}
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return _MARK in file.read(_MARKED_WITHIN)
