"""The addresses that exist, for somebody who asked for one that does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

PLANES = ("/api/v1", "/control/v1")
_LONGEST = 200


def list_holding(path: str, name: str) -> str:
    """Advice when no row has the name in an address: look at the list that would hold it. "" if there is no such
    list."""
    pieces = path.split("/")
    above = ["/".join(pieces[:n]) for n, piece in enumerate(pieces) if piece == name]
    return next((f"请核对编号或名称；现有的见 GET {listing}" for listing in above if _is_read(listing)), "")


def way_to(path: str) -> str:
    """Advice for an address that does not exist: the one that was meant, the nearest one, and where all are listed."""
    tidy = re.sub("/+", "/", path).rstrip("/")
    if tidy not in ("", path) and _resolves(tidy):
        return f"地址中没有多余的斜杠，也不以斜杠结尾：{tidy[:_LONGEST]}"
    plane = next(
        (prefix for prefix in PLANES if path.startswith(f"/{prefix.split('/')[1]}/") and _is_read(f"{prefix}/schema")),
        "",
    )
    if not plane:
        return ""
    known = _templates(get_resolver())
    asked = path[:_LONGEST].split("/")
    filled = {
        "/".join(_as_asked(template.split("/"), asked)): template for template in known if template.startswith(plane)
    }
    near = [f"最接近的是 {filled[match]}" for match in get_close_matches("/".join(asked), filled, 1)]
    return "；".join(["请核对地址", *near, f"全部地址见 GET {plane}/schema"])


def _as_asked(template: list[str], asked: list[str]) -> Iterator[str]:
    """A template with its free places filled as in an address."""
    for n, piece in enumerate(template):
        yield asked[n] if piece.startswith("{") and n < len(asked) else piece


def _resolves(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _is_read(path: str) -> bool:
    try:
        return hasattr(getattr(resolve(path).func, "view_class", None), "get")
    except Resolver404:
        return False


@cache
def _templates(resolver: URLResolver) -> tuple[str, ...]:
    """Every address of both planes, with its free places in braces."""
    return tuple(template for template in _walk(resolver.url_patterns, "/") if template.startswith(PLANES))


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        path = prefix + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        else:
            yield path
