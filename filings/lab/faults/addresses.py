"""The addresses of the business plane, read off the map itself: what a path in a fault or a question can ever meet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

from filings.rules.naming import nearest
from filings.rules.patterns import can_fit

PLANE = "/api/v1"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""What an exchange can be begun with."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address. `journalled`: its exchanges are written down; `struck`: faults of transport strike there."""

    route: str
    methods: frozenset[str]
    journalled: bool
    struck: bool

    @property
    def pattern(self) -> str:
        """The address as a path may name it: `*` for what differs."""
        return re.sub(r"<\w+:\w+>", "*", self.route)


class Nowhere(ValueError):
    """No address fits a path; `nearest` are the most like it."""

    def __init__(self, path: str) -> None:
        every = dict.fromkeys(address.pattern for address in addresses())
        self.nearest = nearest(_spellings(path)[-1], every)[:3]
        super().__init__(f"没有任何业务接口的地址符合“{path[:100]}”，最接近的是 {'、'.join(self.nearest)}")


@cache
def addresses() -> tuple[Address, ...]:
    """Every address of the plane, in the order of its map."""
    prefix = f"{PLANE.lstrip('/')}/"
    (plane,) = (
        pattern
        for pattern in get_resolver().url_patterns
        if isinstance(pattern, URLResolver) and str(pattern.pattern) == prefix
    )
    return tuple(_address(pattern) for pattern in plane.url_patterns if isinstance(pattern, URLPattern))


def _address(found: URLPattern) -> Address:
    view = getattr(found.callback, "view_class", None)
    methods = frozenset(method.upper() for method in getattr(view, "http_method_names", ()) if hasattr(view, method))
    return Address(
        f"{PLANE}/{found.pattern}", methods, getattr(view, "journalled", False), getattr(view, "struck", False)
    )


def meant(path: str) -> tuple[str, list[Address]]:
    """A path as it is matched, and the addresses it can meet. Raises Nowhere.

    It may be written whole or from `/api/v1` on: no address is meant by both. A place in braces, as the documents
    write it, is `*`.
    """
    for spelling in _spellings(path):
        if found := [address for address in addresses() if can_fit(spelling, address.route)]:
            return spelling, found
    raise Nowhere(path)


def _spellings(path: str) -> tuple[str, ...]:
    tidy = re.sub(r"\{[^{}/]*\}", "*", path)
    return tidy, f"{PLANE}/{tidy.removeprefix(PLANE).lstrip('/')}"
