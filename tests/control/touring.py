"""A tour of a world by those who look at it: what both planes read of it, and the pages of both faces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from tests.api.client import BUSINESS, CONTROL, document

VISITORS = (("card", "card_token"), ("cardless", "token"))
"""By whom a world is looked at, and how they logged in; besides, by whoever holds the control plane."""

Names = Mapping[str, list[str]]
"""What may stand in an address in the place of each parameter."""

_PLACE = re.compile(r"<(?:\w+:)?(\w+)>|\{(\w+)\}")
_BESIDE = re.compile(
    "/(schema|docs|codes|faq|forms|situations|scenarios|machine|version|journal|register|login|logout|fidelity"
    "|practice|first-steps"
    "|api|control/|static|healthz|readyz|console/log|__)"
)
"""What tells nothing of a world."""


def faults(opened: Mapping[str, Any], names: Names) -> list[str]:
    """What answers 500 or more in a world that was opened: both planes as it stands, its clock as time goes on, then
    both faces."""
    names = {**names, "sandbox": [opened["id"]]}
    control = f"{CONTROL}/sandboxes/{opened['id']}"
    found = [*_planes(opened, names)]
    found += [
        f"advance {how}"
        for how in ({"until": "next_event"}, {"by": "P40D"})
        if _visitor().post(f"{control}/clock/advance", how, content_type="application/json").status_code >= 500
    ]
    found += _faces(opened, names)
    if _visitor().delete(control).status_code != 204:
        found.append("delete")
    return found


def broken(answer: Any) -> bool:
    """Whether something went wrong; a forced latency is the front's to wait for."""
    return answer.status_code >= 500 and not hasattr(answer, "wait")


def _visitor(**headers: str) -> Client:
    """Somebody to whom a defect of ours is an answer, as to everybody."""
    return Client(raise_request_exception=False, headers=headers)


def _planes(opened: Mapping[str, Any], names: Names) -> Iterator[str]:
    callers = [(CONTROL, _visitor())]
    callers += [(BUSINESS, _visitor(Authorization=f"Bearer {token}")) for token in _tokens(opened)]
    for plane, client in callers:
        for path in _addresses(plane):
            yield from (f"{plane}{told}" for told in _filled(path, names) if broken(client.get(f"{plane}{told}")))


def _faces(opened: Mapping[str, Any], names: Names) -> Iterator[str]:
    for token in ("", *_tokens(opened)):
        client = _visitor()
        client.cookies["sim_session"] = token
        for route in _routes(get_resolver().url_patterns):
            if route.startswith(("/console", "/customs")) is (not token) and not _BESIDE.match(route):
                yield from (told for told in _filled(route, names) if broken(client.get(told)))


def _tokens(opened: Mapping[str, Any]) -> list[str]:
    accounts = {one["role"]: one for one in opened["accounts"]}
    return [accounts[role][how] for role, how in VISITORS if role in accounts]


def _addresses(plane: str) -> Iterator[str]:
    """What a plane reads of a world; forms of a year with one."""
    for template, operations in document(plane)["paths"].items():
        if "get" in operations and not _BESIDE.match(template):
            yield f"{template}?year=2020" if template.endswith(("/eligibility", "/form")) else template


def _routes(patterns: list[Any], before: str = "/") -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern) and "^" not in here:
            yield here


def _filled(template: str, names: Names) -> Iterator[str]:
    """An address with all there is in the place of its first parameter but the sandbox, and the first of each other."""
    wanted = [a or b for a, b in _PLACE.findall(template)]
    most = max((len(names[one]) for one in wanted if one in names), default=1)
    for n in range(most):

        def fill(found: re.Match[str], n: int = n) -> str:
            some = names.get(found[1] or found[2], ["x"])
            return some[min(n, len(some) - 1)]

        yield _PLACE.sub(fill, template)
