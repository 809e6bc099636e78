"""Whatever is wrong with what a person types, on whichever page, it is told in words of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from filings.lab.worlds import cast, fixtures
from filings.models import CustomsRecord, Filing, Sandbox
from filings.rules.annual import SHEET
from filings.rules.kinds import KINDS
from tests.web.walking import PIECES, addresses, pages, posted
from tests.words import of_a_framework

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
