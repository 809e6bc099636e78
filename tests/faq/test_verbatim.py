"""Every quoted text stands in the document, in its entry, and is served in those very words by the API and on a
screen."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from filings.rules import faq, words
from filings.rules.refusals import CATALOGUE
from tests.api.client import Answer, Caller, World
from tests.faq.traced import TESTS
from tests.faq.verbatim import QUOTED, Asked, Quoted
from tests.web.pages import Page

STATUSES = {one.text for one in QUOTED if one.api[1] == "/filings/{filing}" and one.filing and "state" in one.filing}


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def document() -> str:
    return squeezed((TESTS / "rules" / "faq.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize("one", QUOTED, ids=str)
def test_each_quoted_text_is_in_the_document_and_in_its_entry(one: Quoted) -> None:
    text = squeezed(one.text)
    assert text in document()
    assert text in squeezed(faq.ENTRIES[one.entry].question + faq.ENTRIES[one.entry].answer)


def test_one_changed_character_would_be_noticed() -> None:
    told = next(one.text for one in QUOTED if one.entry == "2.9")
    assert squeezed(told) in document()
    assert squeezed(told.replace("再", "在")) not in document()


class Stage:
    """A world in which a text is to be read."""

    def __init__(self, quoted: Quoted) -> None:
        self.world = World(clock={"mode": "frozen", "now": quoted.now})
        account = self.world.accounts[quoted.role]
        self.token = account["card_token" if quoted.medium == "card" else "token"]
        told: dict[str, Any] = {}
        if quoted.situation != "standard":
            about = {"uscc": account["uscc"]} if account["uscc"] else {}
            told = self.world.control.post("/situation", {"situation": quoted.situation, **about}).ok(200).json
        filings = list(told.get("filings", ()))
        if quoted.filing is not None:
            made = self.world.control.post("/fixtures/filing", {"uscc": account["uscc"], **quoted.filing}).ok(201)
            filings.append(made["filing"]["id"] if "filing" in made.json else made["id"])
        self.names = {"filing": filings[0] if filings else "", "uscc": account["uscc"]}

    def api(self, asked: Asked) -> Answer:
        method, path, body = asked
        return Caller(token=self.token, documented=False).call(method, path.format(**self.names), body)

    def page(self, asked: Asked) -> Page:
        method, path, body = asked
        client = Client()
        client.cookies["sim_session"] = self.token
        answer = (
            client.generic("GET", path.format(**self.names))
            if method == "GET"
            else client.post(path.format(**self.names), body)
        )
        return Page(answer)


def values(read: Any) -> Iterator[str]:
    """Every text of an answer by itself."""
    match read:
        case dict():
            yield from (text for value in read.values() for text in values(value))
        case list():
            yield from (text for value in read for text in values(value))
        case str():
            yield squeezed(read)


def served(one: Quoted) -> tuple[bool, bool]:
    """Whether a text is in the answer of the API, and on the page."""
    stage = Stage(one)
    told, text = list(values(stage.api(one.api).json)), squeezed(one.text)
    shown = [squeezed(piece) for piece in stage.page(one.page).pieces]
    if one.whole:
        return text in told, text in shown
    return any(text in value for value in told), text in "".join(shown)


@pytest.mark.django_db
@pytest.mark.parametrize("one", QUOTED, ids=str)
def test_each_quoted_text_is_served_by_the_api_and_on_a_screen(one: Quoted) -> None:
    assert served(one) == (True, True)


@pytest.mark.django_db
@pytest.mark.parametrize("one", [one for one in QUOTED if one.whole and one.situation != "standard"], ids=str)
def test_a_text_that_tells_of_a_trouble_is_not_there_without_it(one: Quoted) -> None:
    assert served(replace(one, situation="standard")) == (False, False)


def test_the_simulators_own_words_for_them_are_the_quoted_ones() -> None:
    assert set(words.Status.labels) == STATUSES
    quoted = {one.text for one in QUOTED}
    for code in ("not_enterprise_user", "parent_relation_required"):
        assert CATALOGUE[code].detail in quoted
    assert {
        words.Standing.OVERDUE.label,
        words.Standing.NOT_REGISTERED.label,
        words.Publicity.NOT_REPORTED.label,
    } <= quoted
