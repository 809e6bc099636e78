"""Whatever is wrong with what a person types, on whichever page, it is told in words of ours, and a clerk's."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from filings.lab.worlds import cast, fixtures
from filings.models import CustomsRecord, Filing, Sandbox
from filings.rules.annual import SHEET
from filings.rules.kinds import KINDS
from tests.web.pages import Page
from tests.web.walking import PIECES, addresses, pages, posted
from tests.words import of_a_developer, of_a_framework

pytestmark = pytest.mark.django_db(databases="__all__")

WRONG = {
    "a text": "不对",
    "nothing": "",
    "too long": "长" * 3_000,
    "two lines": "一\r\n二",
    "not seen": "一\u200b二\0",
    "a day there is not": "2021-02-30",
    "beyond": "9" * 30,
}

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


OF_DEVELOPERS = ("/console", "/customs", "/first-steps")
"""Pages of who tests and trains."""


def said(answer: Any) -> str:
    """All that a page says, aloud or in a box."""
    page = Page(answer)
    aside = [one[name] for name in ("placeholder", "title", "aria-label") for one in page.all(f"[{name}]")]
    return " ".join([page.text, *aside]).replace(WRONG["not seen"].replace("\0", ""), "")


def test_a_clerk_reads_no_word_of_a_developer(enter: Callable[..., Client], draft: Filing, sandbox: Sandbox) -> None:
    declared = fixtures.filing(sandbox, kind="change", state="declared", uscc=cast.AGENT.uscc)
    opened = [
        page
        for page in pages(sandbox, enter, {"cardless": draft, "agent": declared})
        if not page.at.startswith(OF_DEVELOPERS)
    ]
    assert {page.at: found for page in opened if (found := of_a_developer(said(page.answer)))} == {}
    told = Client().get("/fidelity", {"names": "1"})
    assert any("Status.draft" in found for found in of_a_developer(said(told)))


def test_no_page_lets_a_frameworks_words_through(enter: Callable[..., Client], draft: Filing, sandbox: Sandbox) -> None:
    declared = fixtures.filing(sandbox, kind="change", state="declared", uscc=cast.AGENT.uscc)
    CustomsRecord.objects.filter(sandbox=sandbox, uscc=cast.CARD.uscc).update(inspection_qualified_on=None)
    tried: set[tuple[str, frozenset[str], str]] = set()
    for page in pages(sandbox, enter, {"cardless": draft, "agent": declared}):
        for to, form in page.forms:
            for name, value in form.buttons or [("do", form.fields.get("do", ""))]:
                known_by = (to, frozenset(form.fields), value.partition(":")[0])
                if known_by in tried:
                    continue
                tried.add(known_by)
                for wrong in WRONG.values():
                    given = {field: held if field in KEPT else wrong for field, held in form.fields.items()} | {
                        name: value
                    }
                    answer = posted(page.client, to, given)
                    assert answer.status_code < 500, (to, given)
                    assert of_a_framework(answer.content.decode()) == [], (to, given)
                    if not to.startswith(OF_DEVELOPERS):
                        assert of_a_developer(said(answer)) == [], (to, given)
                    elif to.startswith("/customs"):
                        assert of_a_developer(" ".join(Page(answer).texts(".sum, .err"))) == [], (to, given)
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
        told = answer.json()
        assert of_a_framework(json.dumps(told, ensure_ascii=False)) == []
        details = [one["detail"] for one in told["errors"] + told["warnings"]]
        details += [field["reason"] or "" for field in told["fields"].values()]
        assert of_a_developer("\n".join(details)) == []
