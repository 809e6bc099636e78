"""One server for a whole test session: begun when somebody first asks for it, workers of pytest-xdist included, and
ended with the process that outlives them all."""

from __future__ import annotations

import threading
from contextlib import suppress
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import NamedTuple

from swsim.serving import NotStarted, Server, start


class Lent(NamedTuple):
    """A server as it is lent out: where it is, and the file of what it says."""

    url: str
    log: Path | None


class Lender:
    """Holds the session's server. It starts when it is first asked for."""

    def __init__(self, command: str | None = None) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._server: Server | None = None
        self._trouble = ""
        self._listener: Listener | None = None

    def lend(self) -> Lent:
        """The server, running. Raises NotStarted: a start that failed is not tried again."""
        with self._lock:
            if self._trouble:
                raise NotStarted(self._trouble)
            if self._server is None:
                try:
                    self._server = start(command=self._command)
                except NotStarted as error:
                    self._trouble = str(error)
                    raise
            return Lent(self._server.url, self._server.log)

    def address(self) -> tuple[str, int]:
        """Where other processes ask for it, by `borrow`."""
        if self._listener is None:
            self._listener = Listener(("127.0.0.1", 0))
            threading.Thread(target=self._listen, args=(self._listener,), daemon=True).start()
        host, port = self._listener.address
        return str(host), int(port)

    def close(self) -> None:
        """Stop the server, if anybody asked for it."""
        if self._listener:
            self._listener.close()
        with self._lock:
            if self._server:
                self._server.stop()

    def _listen(self, listener: Listener) -> None:
        with suppress(OSError):  # it was closed
            while True:
                line = listener.accept()
                threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: Connection) -> None:
        with line, suppress(OSError):
            try:
                url, log = self.lend()
                line.send(("", url, str(log)))
            except NotStarted as error:
                line.send((str(error), "", ""))


def borrow(address: tuple[str, int]) -> Lent:
    """The session's server, from the process that holds it. Raises NotStarted."""
    with Client(address) as line:
        trouble, url, log = line.recv()
    if trouble:
        raise NotStarted(trouble)
    return Lent(url, Path(log))
