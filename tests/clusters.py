"""A PostgreSQL of its own for a script: begun in a folder, on a free port, as durable as one that is meant; gone when
the block ends."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.running import free_port


def found() -> Path | None:
    """Where the programs of PostgreSQL are; None where it is not installed."""
    there = shutil.which("initdb")
    if there:
        return Path(there).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[-3]))
    return versions[-1].parent if versions else None


@contextmanager
def cluster() -> Iterator[str]:
    """The address of its database. Raises SystemExit where PostgreSQL is not installed."""
    programs = found()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed")
    # It refuses to run as root, and another user could not enter the folder this was called from.
    owner = ["runuser", "-u", "postgres", "--"] if os.name == "posix" and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="cluster-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), free_port()
        if owner:
            shutil.chown(folder, "postgres")

        def run(program: str, *words: str) -> None:
            subprocess.run(
                [*owner, str(programs / program), "-D", str(folder / "data"), *words],
                check=True,
                cwd="/",
                stdout=subprocess.DEVNULL,
            )

        run("initdb", "-U", "simulator", "-A", "trust", "-E", "UTF8", "--locale=C")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://simulator@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
