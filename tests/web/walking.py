"""Every page, opened by whoever it has most to say to; and the forms on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern

import filings.web.urls
from filings.lab.worlds import cast
from filings.models import Filing, Sandbox
from filings.rules.kinds import KINDS
from tests.web.pages import Form, Page

PIECES = {
    "mandate": "M000001",
    "n": 1,
    "entry": "2.4",
    "table": "currencies",
    "code": "x",
    "file": "x",
    "uscc": cast.CARDLESS.uscc,
}


BEHIND = ("/console", "/customs", "/faq/", "/practice", "/demo", "/login", "/register", "/first-steps")
"""Pages that are open without a login."""


def addresses() -> Iterator[tuple[str, str]]:
    """(name, path) of every address of the pages."""
    for urlpattern in filings.web.urls.urlpatterns:
        assert isinstance(urlpattern, URLPattern)
        yield str(urlpattern.name), "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(urlpattern.pattern))


@dataclass
class Opened:
    """A page as somebody (a role, "" for nobody) has it open."""

    who: str
    client: Client
    at: str
    answer: Any

    @property
    def forms(self) -> list[tuple[str, Form]]:
        """Its forms, and the address each is posted to."""
        there = self.at.partition("?")[0]
        return [
            (one.action if one.action.startswith("/") else there + one.action if one.action else self.at, one)
            for one in Page(self.answer).forms
        ]


def pages(sandbox: Sandbox, enter: Callable[..., Client], of: Mapping[str, Filing], only: str = "") -> Iterator[Opened]:
    """Each page by whoever it has most to say to; `only` that of one name."""
    people = {
        "card": enter("card", "card_token"),
        "agent": enter("agent", "card_token"),
        "cardless": enter(),
        "": Client(),
    }
    for name, path in addresses():
        if only not in ("", name):
            continue
        for who, client in people.items():
            if path.startswith(BEHIND) != (who == "") or ("{filing}" in path and who == "card"):
                continue
            at = path.format(**PIECES, sandbox=sandbox.key, filing=of.get(who, of["agent"]).public_id)
            for query in [f"?kind={kind}" for kind in KINDS] if at == "/filings/new" else [""]:
                page = client.get(at + query)
                if page.status_code == 200 and page.headers["Content-Type"].startswith("text/html"):
                    yield Opened(who, client, at + query, page)


def posted(client: Client, to: str, given: Mapping[str, Any]) -> Any:
    """What comes of a form; what it did is undone, so that those that follow find the same world."""
    point, cookies = transaction.savepoint(), client.cookies.copy()
    answer = client.post(to, given)
    transaction.savepoint_rollback(point)
    client.cookies = cookies
    return answer
