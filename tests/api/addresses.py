"""Every address of both planes that writes, and what each takes: whoever adds one, it is there."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings as django_settings
from django.urls import URLPattern, URLResolver, get_resolver

from tests.api.client import document

WRITES = ("POST", "PUT", "PATCH", "DELETE")


def writes() -> list[tuple[str, str]]:
    """(method, path) of every address of both planes that writes, whoever adds one."""
    found: list[tuple[str, str]] = []

    def walk(patterns: list[Any], prefix: str) -> None:
        for one in patterns:
            path = prefix + str(one.pattern)
            if isinstance(one, URLResolver):
                walk(one.url_patterns, path)
            elif isinstance(one, URLPattern) and path.startswith(("/api/v1/", "/control/v1/")):
                view = getattr(one.callback, "view_class", None)
                found.extend(
                    (method, re.sub(r"<\w+:(\w+)>", r"{\1}", path)) for method in WRITES if hasattr(view, method.lower())
                )

    walk(get_resolver(django_settings.ROOT_URLCONF).url_patterns, "/")
    return found


def taken(plane: str, method: str, path: str) -> list[str]:
    """The fields an address takes, from its document."""
    described = document(plane)["paths"][path.removeprefix(plane)][method.lower()].get("requestBody")
    if not described:
        return ["x"]
    return sorted(_properties(plane, next(iter(described["content"].values()))["schema"]))


def _properties(plane: str, schema: dict[str, Any]) -> set[str]:
    if "$ref" in schema:
        return _properties(plane, document(plane)["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    return {*schema.get("properties", ()), *(name for one in schema.get("oneOf", ()) for name in _properties(plane, one))}
