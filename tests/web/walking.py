"""Every page, opened by whoever it has most to say to; and the forms on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern

import filings.web.urls
from filings.models import Filing, Sandbox
from filings.rules.kinds import KINDS

PIECES = {"mandate": "M000001", "n": 1, "entry": "2.4", "table": "currencies", "code": "x", "file": "x"}


@dataclass
class Form:
    """A form of a page: where it goes, what stands in it, what its buttons say, the attributes of its controls,
    and the names of its boxes for a text."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    boxes: set[str] = field(default_factory=set)


class Forms(HTMLParser):
    """The forms of a page that are posted."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.open: Form | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and told.get("method") == "post":
            self.open = Form(told.get("action", ""))
            self.found.append(self.open)
        elif self.open and told.get("name"):
            if tag == "button":
                self.open.buttons.append((told["name"], told.get("value", "")))
            elif tag in ("input", "select", "textarea") and told.get("type") != "file":
                self.open.fields.setdefault(told["name"], told.get("value", ""))
                self.open.marks.update(told)
                if tag == "textarea" or (tag == "input" and told.get("type", "text") == "text"):
                    self.open.boxes.add(told["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None


BEHIND = ("/console", "/customs", "/faq/", "/practice", "/login", "/register", "/first-steps")
"""Pages that are open without a login."""


def addresses() -> Iterator[tuple[str, str]]:
    """(name, path) of every address of the pages."""
    for one in filings.web.urls.urlpatterns:
        assert isinstance(one, URLPattern)
        yield str(one.name), "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(one.pattern))


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
            for one in Forms(self.answer.content.decode()).found
        ]


def pages(sandbox: Sandbox, enter: Callable[..., Client], of: Mapping[str, Filing], only: str = "") -> Iterator[Opened]:
    """Each page by whoever it has most to say to; `only` that of one name."""
    people = {"card": enter("card", "card_token"), "agent": enter("agent", "card_token"), "cardless": enter(), "": Client()}
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
