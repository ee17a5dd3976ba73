"""PostGIS as a cluster of its own: on a free port, with documented tuning, gone when the run is over."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.speed.environments import PEERS
from benchmarks.speed.events import PLAIN, Events
from benchmarks.speed.processes import free_port

PACKAGES = ("postgresql-15", "postgresql-15-postgis-3")
PROGRAMS = Path("/usr/lib/postgresql/15/bin")
EXTENSION = Path("/usr/share/postgresql/15/extension/postgis.control")
# PostgreSQL runs as nobody who may do everything; its package brings this user.
USER = "postgres"
# Not under a home folder, which that user may not enter; on the disk of the system.
FOLDER = Path("/var/tmp")


@dataclass
class Cluster:
    folder: Path
    port: int
    tables: dict[int, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/postgres"

    @property
    def pid(self) -> int:
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def run(self, sql: str) -> str:
        """As psql says it: rows a line, nothing round them."""
        command = [PROGRAMS / "psql", "-qAtX", "-v", "ON_ERROR_STOP=1", self.url, "-f", "-"]
        done = subprocess.run(command, input=sql, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def table(self, made: Events) -> str:
        """The events as a table, filled when it is first asked for."""
        if made.size not in self.tables:
            sys.stderr.write(f"Loading {made.size:,} events into PostGIS\n")
            table = f"events_{made.size}"
            self._copy(made, f"{table}_lines")
            columns = ", ".join(
                f"feature->'properties'->>'{name}' AS {name}" for name in PLAIN if name != "date_start"
            )
            sql = (PEERS / "events.sql").read_text("utf-8")
            self.run(sql.format(table=table, columns=columns, plain=",".join(PLAIN)))
            self.tables[made.size] = table
        return self.tables[made.size]

    def _copy(self, made: Events, table: str) -> None:
        self.run(f"CREATE UNLOGGED TABLE {table} (feature jsonb)")
        # In the CSV of COPY a quote is doubled and a backslash is itself.
        say = f"COPY {table} FROM STDIN (FORMAT csv, DELIMITER e'\\x01')"
        command = [PROGRAMS / "psql", "-qX", "-v", "ON_ERROR_STOP=1", self.url, "-c", say]
        process = subprocess.Popen(command, stdin=subprocess.PIPE)
        assert process.stdin is not None
        for line in made.lines():
            process.stdin.write(b'"' + line.replace(b'"', b'""') + b'"\n')
        process.stdin.close()
        if process.wait():
            raise RuntimeError("the events could not be copied into PostGIS")


@contextmanager
def cluster() -> Iterator[Cluster]:
    if not EXTENSION.exists():
        subprocess.run([Path(__file__).parents[2] / "tools" / "debian", *PACKAGES], check=True)
    folder = Path(tempfile.mkdtemp(prefix="geoevents-postgis-", dir=FOLDER))
    made = Cluster(folder, free_port())
    try:
        _begin(made)
        yield made
    finally:
        _as_its_user([PROGRAMS / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _begin(made: Cluster) -> None:
    if os.geteuid() == 0:
        shutil.chown(made.folder, USER, USER)
    data = made.folder / "data"
    _as_its_user([PROGRAMS / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C"])
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_048_576
    told = (PEERS / "postgresql.conf").read_text("utf-8")
    with (data / "postgresql.conf").open("a") as file:
        file.write(told.format(quarter=memory // 4, most=memory * 3 // 4))
    flags = f"-p {made.port} -k {made.folder}"
    _as_its_user([PROGRAMS / "pg_ctl", "-D", data, "-l", made.folder / "log", "-w", "-o", flags, "start"])
    made.run("CREATE EXTENSION postgis")


def _as_its_user(command: Sequence[object], *, check: bool = True) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        pwd.getpwnam(USER)
        words = ["runuser", "-u", USER, "--", *words]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/")
    if check and done.returncode:
        raise RuntimeError(done.stderr or done.stdout)


def versions(made: Cluster) -> dict[str, str]:
    return {
        "PostgreSQL": made.run("SHOW server_version").partition(" ")[0],
        "PostGIS": made.run("SELECT PostGIS_Lib_Version()"),
    }
