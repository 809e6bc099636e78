"""The line to a simulator: sending, trying again, and telling what came of it."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import httpx

from swsim import retrying, versions
from swsim.problems import Problem, Unreachable, Unreadable
from swsim.spelling import as_json
from swsim.words import say

__tracebackhide__ = True  # pytest shows who called, not how it is done

Headers: TypeAlias = "Mapping[str, str] | None"
Upload: TypeAlias = "tuple[str, bytes] | tuple[str, bytes, str]"
"""A file: its name, its bytes, and its media type if it is to be told."""


class AsyncWire:
    """A simulator at an address, with the connections to it.

    retries  how often a request is sent again where the line was cut, or the answer is one of 502, 503, 504 or a 429
             that says when; a POST goes under one Idempotency-Key however often it is sent
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 10,
        retries: int = 3,
        check_version: bool = True,
        transport: httpx.AsyncBaseTransport | None = None,
        seen: Callable[[httpx.Response], None] | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        near = (parts.hostname or "") in ("localhost", "127.0.0.1", "::1")
        self.retries = retries
        self.timeout = timeout
        self._unchecked = check_version
        self._seen = seen
        # A proxy leads away from this machine; and certificates are read from a file, which nobody needs for http.
        self._client = httpx.AsyncClient(
            timeout=timeout, trust_env=not near, verify=parts.scheme == "https", transport=transport
        )

    async def __aenter__(self) -> AsyncWire:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def send(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        query: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, Upload] | None = None,
        headers: Mapping[str, str | None] | None = None,
        timeout: float | None = None,
    ) -> httpx.Response:
        """An answer below 400. Raises Problem, Unreachable."""
        if self._unchecked:
            self._unchecked = False
            await self._compare_versions()
        sent = {name: value for name, value in (headers or {}).items() if value is not None}
        if token:
            sent.setdefault("Authorization", f"Bearer {token}")
        if method == "POST" and not path.startswith("/api/v1/sessions"):
            sent.setdefault("Idempotency-Key", uuid.uuid4().hex)
        if content is not None:
            sent.setdefault("Content-Type", "application/json")
        request = self._client.build_request(
            method,
            self.url + path,
            params={name: value for name, value in (query or {}).items() if value is not None} or None,
            content=content,
            data=form,
            files=files,
            headers=sent,
            timeout=self.timeout if timeout is None else timeout,
        )
        once = "If-Match" in sent and method in ("PATCH", "DELETE")  # sent again, it would not match what it made
        for tried in range(self.retries + 1):
            last = tried == self.retries
            try:
                response = await self._client.send(request)
            except httpx.TransportError as error:
                if last or once or not retrying.again(error):
                    raise Unreachable(_no_answer(f"{method} {self.url}{path}", error)) from error
                await asyncio.sleep(retrying.pause(tried))
                continue
            if self._seen:
                self._seen(response)
            if response.status_code < 400:
                return response
            if response.status_code == 404 and method == "DELETE" and tried:
                return httpx.Response(204, request=request)  # it was the first sending that took it away
            problem, asked = _problem(response), retrying.seconds(response.headers.get("Retry-After"))
            wait = None if last else retrying.after(response.status_code, asked, problem)
            if wait is None:
                raise Problem(problem, asked)
            await asyncio.sleep(wait or retrying.pause(tried))
        raise AssertionError("a last try answers or raises")

    async def _compare_versions(self) -> None:
        try:
            response = await self._client.get(f"{self.url}/api/v1/version")
            answer: Any = response.json() if response.status_code == 200 else None
        except (httpx.HTTPError, ValueError):
            return  # what is asked for next will tell
        if isinstance(answer, dict) and "version" in answer:
            version: Any = answer
            versions.warn_of(version)


def _no_answer(asked: str, error: httpx.TransportError) -> str:
    words = say(f"{asked}: {error!r}", f"{asked} 没有答复：{error!r}")
    if isinstance(error, httpx.ConnectError):
        words += say(
            " Does a simulator run there? `swsim up` starts one.", " 那里有模拟系统在运行吗？swsim up 可以启动。"
        )
    return words


def _problem(response: httpx.Response) -> dict[str, Any]:
    """A refusal; in the same shape where another server stands in between, or nothing of the sort was sent."""
    try:
        found = response.json()
    except ValueError:
        found = None
    if isinstance(found, dict) and "code" in found:
        return found
    return {
        "status": response.status_code,
        "code": f"http_{response.status_code}",
        "title": response.reason_phrase,
        "detail": response.text[:500],
    }


class AsyncLine:
    """One plane of a simulator, as the holder of a token comes to it."""

    def __init__(self, wire: AsyncWire, root: str, token: str | None = None) -> None:
        self.wire = wire
        self.root = root
        self.token = token

    async def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        content: bytes | None = None,
        query: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, Upload] | None = None,
        headers: Mapping[str, str | None] | None = None,
        more: Headers = None,
        timeout: float | None = None,
    ) -> httpx.Response:
        """An answer below 400; `body` is sent as JSON, `content` as it is."""
        return await self.wire.send(
            method,
            self.root + path,
            token=self.token,
            query=query,
            content=as_json(body) if body is not None else content,
            form=form,
            files=files,
            headers={**(headers or {}), **(more or {})},
            timeout=timeout,
        )

    async def json(self, method: str, path: str, **more: Any) -> Any:
        """What is answered as JSON; None where nothing is (304)."""
        response = await self.send(method, path, **more)
        if not response.content:
            return None
        try:
            return json.loads(response.content)
        except ValueError as error:
            raise Unreadable(
                say(
                    f"{method} {path}: no JSON: {response.text[:200]}",
                    f"{method} {path} 的答复不是 JSON：{response.text[:200]}",
                )
            ) from error

    async def bytes(self, method: str, path: str, **more: Any) -> bytes:
        """What is answered, as it is."""
        return (await self.send(method, path, **more)).content

    async def text(self, method: str, path: str, **more: Any) -> str:
        """What is answered, as text."""
        return (await self.send(method, path, **more)).text

    async def nothing(self, method: str, path: str, **more: Any) -> None:
        """An answer without a body."""
        await self.send(method, path, **more)

    async def rest(self, page: Mapping[str, Any]) -> list[Any]:
        """All rows of a list, beginning with those of its first page."""
        rows = list(page["results"])
        while page["next"]:
            parts = urlsplit(page["next"])
            path = parts.path[parts.path.index(self.root) + len(self.root) :]
            page = await self.json("GET", f"{path}?{parts.query}")
            rows += page["results"]
        return rows
