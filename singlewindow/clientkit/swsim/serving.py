"""A simulator of one's own: started on a free port, with data of its own, and stopped with whoever started it.

Used by the pytest plugin and by `swsim up`. Nothing of the server is imported: it is a program, and is run as one.
"""

from __future__ import annotations

import http.client
import os
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from swsim.problems import SwsimError

VARIABLE = "SINGLE_WINDOW_COMMAND"
"""The environment variable that says how the server is run, where it is not the installed `singlewindow`: a command as
a shell takes it, without `serve`; of a checkout `/there/.venv/bin/python /there/manage.py`."""

READY_WITHIN = 120.0
"""Seconds a start may take: the first one in a fresh folder makes a database."""

STOPS_WITHIN = 15.0
"""Seconds a server that was told to stop may take until it is killed."""

TRIES = 3
"""Ports tried, where somebody else takes a free one before the server does."""

LAST_LINES = 25
"""Lines that are told of what a server said that did not start."""

_KEEPER = f"""
import os, subprocess, sys, threading
server = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL)
left = threading.Event()
def keep():
    os.read(0, 1)
    left.set()
    server.terminate()
    try:
        server.wait({STOPS_WITHIN})
    except subprocess.TimeoutExpired:
        server.kill()
threading.Thread(target=keep, daemon=True).start()
code = server.wait()
if left.is_set() and sys.argv[1]:
    import shutil
    shutil.rmtree(sys.argv[1], ignore_errors=True)
os._exit(code)
"""
"""Stands between: it ends the server when the pipe to whoever started it closes, however that one ended, and takes its
folder away, if one is named."""

_NEW_GROUP = 0x00000200  # CREATE_NEW_PROCESS_GROUP of Windows

_THEIRS = ("DATABASE_URL", "SECRET_KEY", "DEBUG", "HOST", "PORT", "ALLOWED_HOSTS", "WEB_CONCURRENCY", "LOGGING")
_THEIR_KINDS = ("SIM_", "DJANGO_", "GRANIAN_", "PYTEST_", "COV_CORE_", "COVERAGE_", "PYTHONWARNINGS", "PYTHONDEVMODE")


class NotStarted(SwsimError):
    """The server did not start; says why, as the server itself said it."""


def how_to_run(command: str | Sequence[str] | None = None) -> list[str]:
    """How the server is run: as given, as SINGLE_WINDOW_COMMAND says, or the `singlewindow` that is installed.

    Raises NotStarted where there is none.
    """
    scripts = sysconfig.get_path("scripts")
    said_by = "" if command else f"{VARIABLE}: "
    command = command or os.environ.get(VARIABLE, "").strip()
    if isinstance(command, str):
        command = shlex.split(command, posix=os.name == "posix")
    words = list(command) or ["singlewindow"]
    found = shutil.which(words[0], path=None if command else scripts) or shutil.which(words[0])
    if found:
        return [found, *words[1:]]
    if command:
        raise NotStarted(f"{said_by}there is no program {words[0]}.")
    raise NotStarted(
        f"There is no `singlewindow` in {scripts} or on PATH. Install the server beside the kit "
        f"(pip install 'swsim[server]'), say how it is run ({VARIABLE}='/there/.venv/bin/python /there/manage.py'), "
        "or name one that runs (SINGLE_WINDOW_URL=http://127.0.0.1:8000)."
    )


def environment(**more: str) -> dict[str, str]:
    """This process's environment, less what would be taken for the server's settings: a client's own DATABASE_URL is
    not where a throw-away simulator keeps its data. `more` are settings of the server."""
    kept = {
        name: value for name, value in os.environ.items() if name not in _THEIRS and not name.startswith(_THEIR_KINDS)
    }
    return kept | {"PYTHONUTF8": "1"} | more


@dataclass
class Server:
    """A server that runs. `url` is where; `log` is the file of what it says, None where it says it to the terminal."""

    url: str
    data: Path
    log: Path | None
    process: subprocess.Popen[bytes] = field(repr=False)
    _end: ExitStack = field(repr=False)

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def said(self, since: int = 0) -> str:
        """What it has said, from a byte of its log on."""
        if self.log is None:
            return ""
        with suppress(OSError), self.log.open("rb") as log:
            log.seek(since)
            return log.read().decode("utf-8", "replace")
        return ""

    def wait(self) -> int:
        """Wait until it ends by itself; its exit code."""
        return self.process.wait()

    def stop(self) -> None:
        """Stop it; a folder that was made for it goes with it."""
        self._end.close()


def start(
    *,
    command: str | Sequence[str] | None = None,
    port: int | None = None,
    data: Path | None = None,
    environ: Mapping[str, str] | None = None,
    aloud: bool = False,
    within: float = READY_WITHIN,
) -> Server:
    """Start a server on loopback, and wait until it is ready.

    Without `port` it is on a free one; without `data` in a temporary folder that goes with it. `environ` is the whole
    environment it has; unless given, `environment()`, receivers of webhooks on this machine allowed. `aloud`: it speaks
    to the terminal instead of a log in its folder. Raises NotStarted.
    """
    words = how_to_run(command)
    if environ is None:
        environ = environment(SIM_WEBHOOK_ALLOW="localhost:*", SIM_DURABILITY="full" if data else "fast")
    # A name that no other server answers to, should another one take the port first.
    name = f"swsim-{secrets.token_hex(8)}.invalid"
    names = environ.get("ALLOWED_HOSTS") or "localhost,127.0.0.1,[::1]"
    environ = {**environ, "HOST": "127.0.0.1", "ALLOWED_HOSTS": f"{names},{name}"}
    with ExitStack() as end:
        thrown_away = ""
        if data is None:
            data = Path(thrown_away := tempfile.mkdtemp(prefix="swsim-"))
            end.callback(shutil.rmtree, data, ignore_errors=True)
        data.mkdir(parents=True, exist_ok=True)
        log = None if aloud else data / "server.log"
        for n in range(TRIES):
            at = port or free_port()
            whole = [*words, "serve", "--data", str(data), "--port", str(at)]
            process = _launch(whole, environ, log, thrown_away)
            end.callback(_stop, process)
            server = Server(f"http://127.0.0.1:{at}", data, log, process, end)
            if _ready(process, at, name, within):
                server._end = end.pop_all()
                return server
            if port or process.poll() is None or n == TRIES - 1 or not _taken(at):
                how = "did not start" if process.poll() is not None else f"was not ready within {within:.0f} s"
                said = "\n".join(server.said().strip().splitlines()[-LAST_LINES:]) or "no word"
                raise NotStarted(f"{shlex.join(words)} serve {how}: {said}")
    raise AssertionError  # for the types' sake


@contextmanager
def serving(
    *,
    command: str | Sequence[str] | None = None,
    port: int | None = None,
    data: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """A server while the block lasts, as `start` starts it."""
    server = start(command=command, port=port, data=data, environ=environ)
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _launch(
    words: list[str], environ: Mapping[str, str], log: Path | None, thrown_away: str
) -> subprocess.Popen[bytes]:
    output = log.open("ab") if log else None
    try:
        return subprocess.Popen(  # noqa: S603 - what whoever runs the tests says
            [sys.executable, "-I", "-S", "-c", _KEEPER, thrown_away, *words],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            env=dict(environ),
            # Ctrl+C is for whoever started it, who stops it in good order.
            start_new_session=os.name == "posix",
            creationflags=0 if os.name == "posix" else _NEW_GROUP,
        )
    finally:
        if output:
            output.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        with suppress(OSError):
            process.stdin.close()
    try:
        process.wait(STOPS_WITHIN + 5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _ready(process: subprocess.Popen[bytes], port: int, name: str, within: float) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until and process.poll() is None:
        # Straight to it: whatever proxy the environment names is not for this machine.
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with suppress(OSError, http.client.HTTPException):
            line.request("GET", "/readyz", headers={"Host": name})
            if line.getresponse().status == 200:
                return True
        line.close()
        time.sleep(0.02)
    return False


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        if os.name == "posix":  # what is left of connections that ended is in nobody's way
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
