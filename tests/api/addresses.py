"""Every address of the server, by walking its map, and what those of the planes take: whoever adds one, it is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.api.client import document

WRITES = ("POST", "PUT", "PATCH", "DELETE")

Route = tuple[str, Callable[..., Any]]


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[Route]:
    """Every address of the server with what answers it, whoever adds one."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            assert isinstance(pattern, URLPattern)
            yield route, pattern.callback


def template(route: str) -> str:
    """An address as people write it: `/filings/{filing}`."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route).strip("^$")


def writes() -> list[tuple[str, str]]:
    """(method, path) of every address of both planes that writes."""
    planes = (
        (path, getattr(view, "view_class", None))
        for path, view in routes()
        if path.startswith(("api/v1/", "control/v1/"))
    )
    return [(method, template(path)) for path, view in planes for method in WRITES if hasattr(view, method.lower())]


def taken(plane: str, method: str, path: str) -> list[str]:
    """The fields an address takes, from its document."""
    described = document(plane)["paths"][path.removeprefix(plane)][method.lower()].get("requestBody")
    if not described:
        return ["x"]
    return sorted(_properties(plane, next(iter(described["content"].values()))["schema"]))


def _properties(plane: str, schema: dict[str, Any]) -> set[str]:
    if "$ref" in schema:
        return _properties(plane, document(plane)["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    return {
        *schema.get("properties", ()),
        *(name for one in schema.get("oneOf", ()) for name in _properties(plane, one)),
    }


def parameters(plane: str, method: str, path: str) -> list[str]:
    """The query parameters an address knows, from its document."""
    described = document(plane)["paths"].get(path.removeprefix(plane), {}).get(method.lower(), {})
    return sorted(one["name"] for one in described.get("parameters", ()) if one["in"] == "query")
