"""The front of a server process: an event loop that reads whole requests, and a few threads that answer them.

Granian (by ASGI, which tells a body that broke off from one that ended; its RSGI does not) hands over the head of a
request. Its body is read here, in one piece or in chunks, within limits of size and of time; only then is a thread
taken and the WSGI application asked. So a client that is slow costs the others nothing, and neither does one that is
told to wait: an answer with a `wait` of so many seconds gives its thread back, and the application is asked again when
they have passed.

What the application finds in its environ beside WSGI's own: BEGAN, FAULT, WAITED.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from django.conf import settings

logger = logging.getLogger(__name__)

BEGAN = "sim.began"
"""When the head had come, by `time.perf_counter`."""

FAULT = "sim.fault"
"""A code of `singlewindow.errors`: why the body is not to be had, or the address not to be read."""

WAITED = "sim.waited"
"""What an answer's `waited` said when its `wait` was over."""

SWITCH = 0.001
"""Seconds after which a thread that computes lets another go on. With Python's own five, a short answer waits long
beside a long one."""

MOMENT = 0.02
"""Seconds within which an answer is mostly made."""

HURRY = 10.0
"""Seconds within which a body must have come."""

PATIENCE = 60.0
"""Seconds for a body with files, or for a sandbox's export."""

LONGEST_ADDRESS = 16 * 1024
"""Characters of a path and its query; beyond 64 KiB the server answers by itself, in no words of ours."""

IN_MEMORY = 1024 * 1024
"""Bytes of a body that stay in memory; more of it goes to a temporary file."""

AT_ONCE = 256 * 1024
"""Bytes of a streamed answer that are sent at a time."""

Headers = list[tuple[str, str]]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(slots=True)
class Answer:
    """What the application answered. `rest` is what is still to be streamed; `wait` asks for another turn after so
    many seconds."""

    status: int
    headers: Headers
    body: bytes
    rest: Iterator[bytes] | None = None
    close: Callable[[], None] | None = None
    wait: float = 0
    waited: str = ""


@dataclass(slots=True)
class Body:
    """A request's body, whole; or the fault for which it is not."""

    file: IO[bytes]
    size: int = 0
    fault: str = ""


class Front:
    """An ASGI application that asks a WSGI one."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self.application = application
        self.patience = Patience()
        self.threads: Threads | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        turn = (self.threads or self._begin()).turn
        body = await received(scope, receive, self.patience)
        try:
            besides: dict[str, Any] = {BEGAN: began, FAULT: body.fault}
            answer = await turn(self.ask, environ_of(scope, body, besides))
            while answer.wait:
                with suppress(TimeoutError):
                    async with self.patience.within(answer.wait):
                        await asyncio.Event().wait()
                body.file.seek(0)
                answer = await turn(self.ask, environ_of(scope, body, besides | {WAITED: answer.waited}))
        finally:
            body.file.close()
        if answer.status in (408, 413) or body.fault:
            # What was not read of the request must not be taken for the next one.
            answer.headers.append(("Connection", "close"))
        named = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": named})
        try:
            while answer.rest is not None and answer.body:
                await send({"type": "http.response.body", "body": answer.body, "more_body": True})
                answer.body = await turn(some_of, answer.rest)
        finally:
            if answer.close:
                await turn(answer.close)
        await send({"type": "http.response.body", "body": answer.body})

    def _begin(self) -> Threads:
        """In a server process, once its loop runs."""
        loop = asyncio.get_running_loop()
        self.threads = Threads(settings.SERVER_THREADS)
        sys.setswitchinterval(SWITCH)
        # Beside the server's own handler, which the loop keeps calling: it waits for every exchange, however long a
        # client takes.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(self.patience.end))
        return self.threads

    def ask(self, environ: dict[str, Any]) -> Answer:
        """The application's answer, in a thread. One that is short comes whole, though it be a stream."""
        answer = Answer(500, [], b"")

        def start(line: str, headers: Headers, exc_info: Any = None) -> None:
            answer.status, answer.headers = int(line[:3]), list(headers)

        response = self.application(environ, start)
        answer.wait, answer.waited = getattr(response, "wait", 0), getattr(response, "waited", "")
        parts = iter(response)
        answer.body = some_of(parts)
        length = next((value for name, value in answer.headers if name.lower() == "content-length"), "")
        head = environ["REQUEST_METHOD"] == "HEAD"
        if getattr(response, "streaming", False) and not head and length != str(len(answer.body)):
            answer.rest, answer.close = parts, response.close
            return answer
        response.close()
        if not length and answer.status not in (204, 304):
            answer.headers.append(("Content-Length", str(len(answer.body))))
        return answer


@dataclass(slots=True, eq=False)
class Work:
    """Something to be done in a thread, and what waits for it."""

    do: Callable[..., Any]
    about: tuple[Any, ...]
    told: asyncio.Future[Any]


class Threads:
    """Threads of which one works, for two that compute at once take each other's time at every step. Beside work that
    is not done in a moment, because it waits or is much, the next thread goes on with the rest."""

    def __init__(self, most: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._work: SimpleQueue[Work] = SimpleQueue()
        self._done: deque[tuple[Work, Any, BaseException | None]] = deque()
        self._telling = False
        self._seen: Work | None = None
        self._watch: asyncio.TimerHandle | None = None
        # Held by the thread that does what comes next, until it is at some work for too long.
        self._first = threading.Lock()
        self._now: Work | None = None
        self._guard = threading.Lock()
        for n in range(most):
            threading.Thread(target=self._run, name=f"answering-{n}", daemon=True).start()

    def turn(self, do: Callable[..., Any], *about: Any) -> asyncio.Future[Any]:
        """What is returned, done in a thread."""
        work = Work(do, about, self._loop.create_future())
        self._work.put(work)
        if self._watch is None:
            self._look()
        return work.told

    def _run(self) -> None:
        while True:
            self._first.acquire()
            while self._do(self._work.get()):
                pass

    def _do(self, work: Work) -> bool:
        """Returns whether this thread is still the one that does what comes next."""
        self._now = work
        result, error = None, None
        try:
            result = work.do(*work.about)
        except BaseException as raised:
            error = raised
        first = self._leave(work)
        self._done.append((work, result, error))
        if not self._telling:
            self._telling = True
            self._loop.call_soon_threadsafe(self._tell)
        return first

    def _leave(self, work: Work | None) -> bool:
        """Whether this is what is done first now; if so, it is not any longer."""
        with self._guard:
            mine = self._now is work
            if mine:
                self._now = None
            return mine

    def _tell(self) -> None:
        """In the loop: what was done."""
        self._telling = False
        while self._done:
            work, result, error = self._done.popleft()
            if work.told.cancelled():
                continue
            if error is None:
                work.told.set_result(result)
            else:
                work.told.set_exception(error)

    def _look(self) -> None:
        """In the loop, every moment while there is work: whether the first thread has been at the same for one."""
        if self._seen is not None and self._leave(self._seen):
            self._first.release()
        self._seen = self._now
        busy = self._seen is not None or not self._work.empty()
        self._watch = self._loop.call_later(MOMENT, self._look) if busy else None


class Patience:
    """How long clients are waited for; when the server is told to stop, no longer."""

    def __init__(self) -> None:
        self.ended = False
        self._limits: set[asyncio.Timeout] = set()

    @asynccontextmanager
    async def within(self, seconds: float) -> AsyncIterator[None]:
        """Raise TimeoutError when the seconds have passed, or the patience is at an end."""
        async with asyncio.timeout(0 if self.ended else seconds) as limit:
            self._limits.add(limit)
            try:
                yield
            finally:
                self._limits.discard(limit)

    def end(self) -> None:
        """Stop waiting for anybody."""
        self.ended = True
        for limit in self._limits:
            limit.reschedule(asyncio.get_running_loop().time())


def some_of(parts: Iterator[bytes]) -> bytes:
    """The next of a streamed answer; nothing at its end, or where it breaks off: the client sees that from its
    length."""
    found: list[bytes] = []
    size = 0
    try:
        for part in parts:
            found.append(part)
            if (size := size + len(part)) >= AT_ONCE:
                break
    except BrokenAnswer:
        pass
    except Exception:
        logger.exception("An answer broke off")
    return b"".join(found)


class BrokenAnswer(Exception):
    """Raised amid a streamed answer that shall end before its announced length."""


async def received(scope: Scope, receive: Receive, patience: Patience) -> Body:
    """The body of a request, read to its end. What is too much is read too, within the time, so that its sender hears
    the answer."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    body = Body(tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 - closed when the answer is sent
    if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
        body.fault = "address_too_long"
    announced = headers.get(b"content-length", "")
    if b"transfer-encoding" not in headers and announced in ("", "0"):
        return body
    most, seconds = limits(scope["path"], headers.get(b"content-type", ""))
    if announced.isdecimal() and int(announced) > most:
        body.fault = "payload_too_large"
        if b"expect" in headers:
            return body
    try:
        async with patience.within(seconds):
            more = True
            while more:
                message = await receive()
                more, part = message.get("more_body", False), message.get("body", b"")
                if message["type"] == "http.disconnect":
                    # The sender is gone, or what it sends are no chunks.
                    body.fault = body.fault or "body_incomplete"
                    break
                body.size += len(part)
                if body.size > most:
                    body.fault = "payload_too_large"
                elif not body.fault:
                    body.file.write(part)
    except TimeoutError:
        body.fault = body.fault or "request_timeout"
    if body.fault:
        body.size = 0
    body.file.seek(0)
    return body


def limits(path: str, kind: str) -> tuple[int, float]:
    """How many bytes a body may have, and in how many seconds it must have come."""
    if path.endswith("/import"):
        return settings.SNAPSHOT_MAX_SIZE, PATIENCE
    if kind.lower().startswith("multipart/"):
        return settings.UPLOAD_MAX_SIZE, PATIENCE
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE, HURRY


def environ_of(scope: Scope, body: Body, besides: dict[str, Any]) -> dict[str, Any]:
    """The WSGI environ of a request. Names with an underscore are left out: they would pass for others, written with a
    hyphen."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": _inside(unquote_to_bytes(scope["raw_path"]).decode("latin-1")),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": scope["server"][0],
        "SERVER_PORT": str(scope["server"][1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0],
        "CONTENT_LENGTH": str(body.size),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body.file,
        "wsgi.errors": None,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **besides,
    }
    for name, value in scope["headers"]:
        if b"_" not in name:
            key, text = f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}", value.decode("latin-1")
            environ[key] = f"{environ[key]}{'; ' if name == b'cookie' else ','}{text}" if key in environ else text
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    for name in ("HTTP_CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING"):
        environ.pop(name, None)
    return environ


def _inside(path: str) -> str:
    """A path below the prefix of SIM_PUBLIC_URL, whether or not the proxy took the prefix away."""
    prefix = settings.FORCE_SCRIPT_NAME or ""
    return path.removeprefix(prefix) if prefix and path.startswith(f"{prefix}/") else path
