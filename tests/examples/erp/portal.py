"""The single window, as this ERP calls it: JSON over HTTP, tried again under the same key where the line breaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

TRIES = 4


class Unavailable(Exception):
    """The single window could not be reached, however often it was tried. Nothing is known of what became of it."""


class Refused(Exception):
    """The single window refused: `code` is its stable name, `problems` are (field, words) pairs."""

    def __init__(self, status: int, told: dict[str, Any]) -> None:
        super().__init__(f"{told['code']}: {told['detail']}")
        self.status, self.told = status, told
        self.code: str = told["code"]
        self.problems = [(error["pointer"].removeprefix("/content/"), error["detail"]) for error in told["errors"]]


class Portal:
    """A session with the single window. `login` gives a new token where the one in hand has expired."""

    def __init__(self, url: str, token: str, login: Callable[[], str] | None = None, timeout: float = 5) -> None:
        # Certificates are read from a file, which nobody needs where there is no TLS.
        secure = url.startswith("https:")
        self._wire = httpx.Client(base_url=f"{url}/api/v1", timeout=timeout, trust_env=False, verify=secure)
        self._token, self._login = token, login

    def close(self) -> None:
        self._wire.close()

    def get(self, path: str, **query: Any) -> Any:
        return self._call("GET", path, params=query)

    def post(self, path: str, body: Any = None, key: str | None = None) -> Any:
        return self._call("POST", path, json=body, headers={"Idempotency-Key": key} if key else {})

    def patch(self, path: str, body: Any) -> Any:
        return self._call("PATCH", path, json=body)

    def every(self, path: str, **query: Any) -> list[Any]:
        """All rows of a list, page after page."""
        page = self.get(path, limit=50, **query)
        rows = list(page["results"])
        while page["next"]:
            page = self._read(self._send("GET", page["next"]))
            rows += page["results"]
        return rows

    def _call(self, method: str, path: str, **told: Any) -> Any:
        if told.get("json", ...) is None:
            del told["json"]
        answer = self._send(method, path, **told)
        if answer.status_code == 401 and self._login:
            self._token = self._login()
            answer = self._send(method, path, **told)
        return self._read(answer)

    def _read(self, answer: httpx.Response) -> Any:
        if answer.is_error:
            raise Refused(answer.status_code, answer.json())
        if "json" not in answer.headers.get("Content-Type", ""):
            return answer.content
        return answer.json()

    def _send(self, method: str, path: str, headers: Any = None, **told: Any) -> httpx.Response:
        """An answer that is whole. A POST without a key is sent once."""
        headers = {**(headers or {}), "Authorization": f"Bearer {self._token}"}
        again = method != "POST" or "Idempotency-Key" in headers
        for _ in range(TRIES if again else 1):
            try:
                answer = self._wire.request(method, path, headers=headers, **told)
                if answer.status_code in (502, 503, 504) and answer.json().get("faq") is None:
                    continue
                if "json" in answer.headers.get("Content-Type", ""):
                    answer.json()
            except (httpx.TransportError, ValueError):
                continue
            return answer
        raise Unavailable(f"{method} {path}")
