"""Whatever is wrong with what a person types, on whichever page, it is told in words of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, resolve

import filings.web.urls
from filings.lab import cast, fixtures
from filings.models import CustomsRecord, Filing, Sandbox
from filings.rules.annual import SHEET
from filings.rules.kinds import KINDS
from tests.web.forms import Forms
from tests.words import of_a_framework

pytestmark = pytest.mark.django_db(databases="__all__")

WRONG = {
    "a text": "不对", "nothing": "", "too long": "长" * 3_000, "two lines": "一\r\n二", "not seen": "一\u200b二\0",
    "a day there is not": "2021-02-30", "beyond": "9" * 30,
}  # fmt: skip

KEPT = (
    "sandbox",
    "kind",
    "do",
    "version",
    "csrfmiddlewaretoken",
    "next",
    "medium",
    "proof",
    "year",
    "import",
    "filing",
    "user_type",
)
"""What leads to the right place, and is left as the page has it."""

PIECES = {"mandate": "M000001", "n": 1, "entry": "2.4", "table": "currencies", "code": "x", "file": "x"}


BEHIND = ("/console", "/customs", "/faq/", "/practice", "/login", "/register", "/first-steps")
"""Pages that are open without a login."""


def addresses() -> Iterator[tuple[str, str]]:
    """(name, path) of every address of the pages."""
    for one in filings.web.urls.urlpatterns:
        assert isinstance(one, URLPattern)
        yield str(one.name), "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(one.pattern))


def pages(sandbox: Sandbox, enter: Callable[..., Client], of: Mapping[str, Filing]) -> Iterator[tuple[Client, str, str]]:
    """Who opens which page, and what it says: each page by whoever it has most to say to."""
    people = {"card": enter("card", "card_token"), "agent": enter("agent", "card_token"), "cardless": enter(), "": Client()}
    for _, path in addresses():
        for who, client in people.items():
            if path.startswith(BEHIND) != (who == "") or ("{filing}" in path and who == "card"):
                continue
            at = path.format(**PIECES, sandbox=sandbox.key, filing=of.get(who, of["agent"]).public_id)
            for query in [f"?kind={kind}" for kind in KINDS] if at == "/filings/new" else [""]:
                page = client.get(at + query)
                if page.status_code == 200 and page.headers["Content-Type"].startswith("text/html"):
                    yield client, at + query, page.content.decode()


def posted(client: Client, to: str, given: dict[str, str]) -> HttpResponse:
    """What comes of a form; what it did is undone, so that those that follow find the same world."""
    point, cookies = transaction.savepoint(), client.cookies.copy()
    answer = client.post(to, given)
    transaction.savepoint_rollback(point)
    client.cookies = cookies
    return answer


def test_no_page_lets_a_frameworks_words_through(enter: Callable[..., Client], draft: Filing, sandbox: Sandbox) -> None:
    declared = fixtures.filing(sandbox, kind="change", state="declared", uscc=cast.AGENT.uscc)
    CustomsRecord.objects.filter(sandbox=sandbox, uscc=cast.CARD.uscc).update(inspection_qualified_on=None)
    tried: set[tuple[str, frozenset[str], str]] = set()
    for client, at, page in pages(sandbox, enter, {"cardless": draft, "agent": declared}):
        for form in Forms(page).found:
            to = form.action if form.action.startswith("/") else at.partition("?")[0] + form.action if form.action else at
            for name, value in form.buttons or [("do", form.fields.get("do", ""))]:
                known_by = (to, frozenset(form.fields), value.partition(":")[0])
                if known_by in tried:
                    continue
                tried.add(known_by)
                for wrong in WRONG.values():
                    given = {field: held if field in KEPT else wrong for field, held in form.fields.items()} | {name: value}
                    answer = posted(client, to, given)
                    assert answer.status_code < 500, (to, given)
                    assert of_a_framework(answer.content.decode()) == [], (to, given)
    reached = {resolve(urlsplit(to).path).url_name for to, _, _ in tried}
    paths = {name: path.format(**PIECES, sandbox=sandbox.key, filing="F999999") for name, path in addresses()}
    writing = {name for name, at in paths.items() if posted(enter("card", "card_token"), at, {}).status_code != 405}
    assert writing - {"filing_state", "annual_state", "practice", "annual_supplement", "console_logout"} == reached


@pytest.mark.parametrize("what", WRONG)
def test_no_script_is_told_a_frameworks_words(enter: Callable[..., Client], what: str) -> None:
    client = enter("card", "card_token")
    for kind, sheet in [(kind.name, kind.sheet) for kind in KINDS.values()] + [("", SHEET)]:
        given = {name.replace("*", "0"): WRONG[what] for name, _ in sheet.walk()} | dict.fromkeys(sheet.items, "")
        to = "/filings/state" if kind else "/annual-reports/state"
        answer = client.post(to, given | {"kind": kind})
        assert answer.status_code == 200
        assert of_a_framework(json.dumps(answer.json(), ensure_ascii=False)) == []
