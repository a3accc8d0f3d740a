"""A private PostgreSQL with its usual settings, ended with its folder; no service is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def cluster() -> Iterator[Path]:
    """The folder of the socket of a fresh cluster."""
    folder = Path(tempfile.mkdtemp(prefix="trackline-bench-"))
    try:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--pgdata", f"{folder}/data")
        options = f"-c listen_addresses= -c unix_socket_directories={folder}"
        run("pg_ctl", "--pgdata", f"{folder}/data", "--log", f"{folder}/log", "--options", options, "--wait", "start")
        try:
            yield folder
        finally:
            run("pg_ctl", "--pgdata", f"{folder}/data", "--mode=immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def database(folder: Path, name: str) -> str:
    """Makes a database and returns its address."""
    run("createdb", "--host", str(folder), "--username=postgres", name)
    return f"postgresql+psycopg2://postgres@/{name}?host={folder}"


def run(program: str, *arguments: str) -> None:
    """A program of the server, which refuses the superuser."""
    binaries = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True).stdout.strip()
    as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    command = [*as_postgres, f"{binaries}/{program}", *arguments]
    subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
