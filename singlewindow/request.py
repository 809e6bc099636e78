"""Requests as the faces meet them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http.request import HttpHeaders
from django.utils.http import parse_header_parameters

_key = lru_cache(1024)(HttpHeaders.to_wsgi_name)


class Headers(Mapping[str, str]):
    """The headers of a request, looked up where they stand: Django makes a list of all first."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self._environ = environ

    def __getitem__(self, name: str) -> str:
        return str(self._environ[_key(name)])

    def get(self, name: str, default: Any = None) -> Any:
        return self._environ.get(_key(name), default)

    def __iter__(self) -> Iterator[str]:
        return iter(HttpHeaders(self._environ))

    def __len__(self) -> int:
        return len(HttpHeaders(self._environ))


class Request(WSGIRequest):
    """A request whose address and forms are read as UTF-8: one that names another charset is refused
    (`singlewindow.middleware`).

    Django would read both by it as it begins, where what fails is answered by nobody: by `rot13`, or an address of
    very many members.
    """

    @cached_property
    def headers(self) -> Headers:  # type: ignore[override]
        return Headers(self.META)

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
