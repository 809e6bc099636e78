"""Three degrees of help: in 真实 and 考核 no page an exercise can reach shows what the portal would not.

Every exercise is begun, and its pages are walked from where it begins, by every link and every form that is answered
with a refusal. What would be help is known by where it comes from: the FAQ's answers, the remedies of refusals, the
register of advice, and the elements that draw them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from filings.lab.grading import attempts
from filings.lab.worlds import planting
from filings.rules import advice, faq
from filings.rules.exercises.loading import catalogue
from filings.rules.refusals import CATALOGUE
from filings.rules.words import Degree
from filings.templatetags import components
from tests.web.pages import Page

pytestmark = pytest.mark.django_db(databases=list(settings.DATABASES))

CRUTCHES = (
    "a.faq",
    '[href^="/faq"]',
    '[href^="/fidelity"]',
    "[data-rec]",
    "[data-take]",
    "[data-reason]",
    ".guide ol",
    ".guide p",
    ".remedy",
)
"""Elements that are help."""

WORDS = ("处理建议", "依据：", "推荐", "采用")

OUTSIDE = ("learn", "practice", "faq", "fidelity", "machine", "logout", "first_steps", "console", "customs", "verify")
"""Where a walk does not go: out of the portal."""

ENOUGH = 14
"""Characters of a sentence that is recognised."""


@cache
def sentences() -> frozenset[str]:
    """What helps, sentence by sentence, but for what the portal itself says when it refuses."""
    told = [entry.answer for entry in faq.ENTRIES.values()]
    told += [wording.remedy for wording in CATALOGUE.values()]
    told += [one.text for one in (*advice.CONTACTS.values(), advice.SUBMIT, advice.DECIDED)]
    own = "".join(re.sub(r"\s", "", wording.detail) for wording in CATALOGUE.values())
    cut = {re.sub(r"\s", "", part) for text in told for part in re.split(r"[。；\n①②③④]", text)}
    return frozenset(part for part in cut if len(part) >= ENOUGH and part not in own)


def help_on(answer: Any) -> list[str]:
    """What of a page is help; the panel of the exercise has its own rules."""
    page = Page(answer)
    for beside in page.node.css("#exercise"):
        beside.decompose()
    found = [css for css in CRUTCHES if page.has(css)]
    found += [word for word in WORDS if word in page.find("main")]
    text = re.sub(r"\s", "", page.text)
    return found + [sentence for sentence in sentences() if sentence in text]


def begun(exercise: str, mode: str) -> tuple[Client, str]:
    """A browser at the beginning of an exercise."""
    attempt = attempts.begin(exercise, seed=0, mode=mode)
    client = Client()
    medium = attempts.exercise_of(attempt.attempt).world.medium
    client.cookies["sim_session"] = planting.opening_token(attempt.sandbox, attempt.attempt.accounts[0], medium)
    from filings.manners.entering import screen

    return client, screen(attempt.attempt).partition("#")[0]


def known_by(address: str) -> tuple[Any, ...] | None:
    """What a page is, whichever filing it is about; None for one that is not walked to."""
    parts = urlsplit(address)
    try:
        found = resolve(parts.path)
    except Resolver404:
        return None
    name = found.url_name or ""
    if name.startswith(OUTSIDE) or not found.func.__module__.startswith("filings.web"):
        return None
    return name, tuple(sorted((key, *given) for key, given in parse_qs(parts.query).items() if key != "next"))


def walked(client: Client, start: str) -> Iterator[tuple[str, Any]]:
    """Every page from there on, each once; and what its forms are answered with when they are sent as they stand."""
    seen: set[Any] = set()
    ahead = [start, "/"]
    while ahead:
        address = ahead.pop()
        if (key := known_by(address)) is None or key in seen:
            continue
        seen.add(key)
        answer = client.get(address)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        if answer.status_code == 302:
            ahead.append(answer["Location"])
            continue
        yield address, answer
        page = Page(answer)
        ahead += [one["href"].partition("#")[0] for one in page.all("a[href]")]
        for form in page.forms:
            to = form.action if form.action.startswith("/") else address
            for name, value in form.buttons or [("", "")]:
                if known_by(to) is None or (pressed := (known_by(to), value.partition(":")[0])) in seen:
                    continue
                seen.add(pressed)
                emptied = {key: "" if key in form.boxes - {"sandbox"} else held for key, held in form.fields.items()}
                for given in (form.fields, emptied):
                    point, cookies = transaction.savepoint(), client.cookies.copy()
                    posted = client.post(to, {**given, **({name: value} if name else {})})
                    if posted.status_code not in (301, 302, 303):
                        yield f"POST {to} {value}", posted
                    transaction.savepoint_rollback(point)
                    client.cookies = cookies


@pytest.mark.parametrize("exercise", catalogue())
def test_in_practice_no_page_shows_more_than_the_portal_would(exercise: str) -> None:
    client, start = begun(exercise, Degree.PRACTICE)
    pages = {address: help_on(answer) for address, answer in walked(client, start)}
    assert len(pages) > 15
    assert {address: found for address, found in pages.items() if found} == {}


def test_guided_the_same_pages_do_show_it() -> None:
    met: set[str] = set()
    for exercise in ("faq-2-4", "faq-2-10", "faq-1-9", "faq-2-8"):
        client, start = begun(exercise, Degree.GUIDED)
        for _, answer in walked(client, start):
            met.update(help_on(answer))
    assert {*CRUTCHES, *WORDS} <= met
    assert len(met & sentences()) > 5


@pytest.mark.parametrize("exercise", ["faq-2-10", "faq-1-9"])
def test_an_exam_shows_none_either_and_has_no_hints(exercise: str) -> None:
    client, start = begun(exercise, Degree.EXAM)
    pages = dict(walked(client, start))
    assert {address: found for address, answer in pages.items() if (found := help_on(answer))} == {}
    assert all(not Page(answer).has(".hints") for answer in pages.values())


def test_what_the_script_of_a_sheet_is_told_recommends_nothing() -> None:
    told = {}
    for mode in (Degree.GUIDED, Degree.PRACTICE):
        client, _ = begun("faq-1-2", mode)
        sheet = {"kind": "registration", "province": "440000", "city": "440300", "district": "440304"}
        sheet["customs_office"] = "5303"
        answer = client.post("/filings/state", sheet).json()
        told[mode] = (answer["fields"]["customs_office"]["recommended"], bool(answer["warnings"]))
    assert told == {Degree.GUIDED: ("5355", True), Degree.PRACTICE: (None, False)}


def test_the_login_of_such_a_world_helps_no_more_than_its_pages() -> None:
    guided, practice = (attempts.begin("faq-2-3", seed=0, mode=mode).sandbox.key for mode in ("guided", "practice"))
    client = Client()
    assert Page(client.get(f"/register?sandbox={guided}")).has("a.faq")
    for page in ("login", "register"):
        assert help_on(client.get(f"/{page}?sandbox={practice}")) == []


def test_no_template_asks_by_itself_for_the_degree() -> None:
    """The components decide, in one place."""
    asks = re.compile(r"\bdegree\b|\bmode\b *==|\.helped|\bhelped\b")
    found = {
        path.name
        for path in (settings.RESOURCES / "templates" / "web").rglob("*.html")
        if asks.search(re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S))
    }
    assert found <= {"_exercise.html", "_mode.html"}, "the panel tells the degree; 自理 and 代理 are no degree"
    assert {"help", "advice", "guide", "faq"} == components.HELP
