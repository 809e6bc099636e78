"""A small form is the same on both faces: what is wrong with it is told at the same place, by the same code, in the
same words.

The table is made by walking: whatever form stands on a page is typed into wrongly, member by member, and a program
sends the same to the address that takes it. A new form, or a new member of one, is met without being named here.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from filings.forms.language import Body, Several, Told
from filings.forms.portal import LogIn
from filings.lab.worlds import cast, fixtures, worlds
from filings.manners.filling import Filling
from filings.models import CustomsRecord, Filing, Sandbox
from filings.rules import faults
from filings.rules.refusals import Refusal
from tests.api.client import Caller, document
from tests.web.pages import Page
from tests.web.walking import PIECES, Form, Opened, addresses, pages, posted

pytestmark = pytest.mark.django_db(databases="__all__")

TYPED = {
    "nothing": "",
    "a text": "不对",
    "two lines": "一\r\n二",
    "not seen": "一\u200b二",
    "NUL": "一\0二",
    "a day there is not": "2021-02-30",
    "a day long ago": "1899-12-31",
    "below": "-1",
    "nought": "0",
    "a fraction": "1.5",
    "beyond": "9" * 18,
    "a list": "[1]",
    "wide": "１２",
}
"""What is typed into every control; besides, a text longer than it takes."""

WAYS = {
    ("password", "pin"): {"username": "card", "password": "Demo-2021"},
    ("card", "pin"): {"card_no": "SIMC00000002", "pin": "88888888"},
    ("card", "signature"): {"card_no": "SIMC00000002", "random": "0" * 64, "signature": "AAAA"},
}
"""A login is one form for three: the page looks at the boxes of the way that is chosen, and leaves out the others."""

NO_MEMBERS = frozenset({"csrfmiddlewaretoken", "next", "do", "version", "medium", "proof", "filing", "random", "token"})
"""What no one types into: it leads a form to its place. And what is no form: the key at the console's door."""

AS_TYPED_ABOVE = {"again": "new_pin"}
"""What is typed twice."""


@dataclass
class Drawn:
    """A form as it stands on a page, with what it was drawn from; `hidden` leads it to its place."""

    page: Opened
    to: str
    form: Form
    declared: type[Body]
    button: tuple[str, str]
    hidden: dict[str, str]
    base: dict[str, Any]

    @property
    def members(self) -> dict[str, Told]:
        """The members that have a control here."""
        return {name: member for name, member in controls(self.declared()).items() if name in self.form.fields}

    def given(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """What a browser posts for what a program sends."""
        return {**self.hidden, **typed(self.declared(), sent), self.button[0]: self.button[1]}


def controls(form: Body, within: str = "") -> dict[str, Told]:
    """Every member by the name of its control."""
    found: dict[str, Told] = {}
    for name, member in form.controls.items():
        found |= controls(member, f"{within}{name}__") if isinstance(member, Body) else {within + name: member}
    return found


def typed(form: Body, sent: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    """A body as it is typed into a page."""
    found: dict[str, Any] = {}
    for name, value in sent.items():
        if isinstance(value, dict) and within + name not in controls(form):
            found |= typed(form, value, f"{within}{name}__")
        elif controls(form)[within + name].control == "picker":
            chosen, *pairs = value.split("; ")
            found |= {within + name: chosen, **{f"p-{key}": text for key, text in (pair.split("=") for pair in pairs)}}
        else:
            found[within + name] = (
                "on" if value is True else value if isinstance(value, str | list) else json.dumps(value)
            )
    return found


def put(body: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """A body with one member as it is sent; without it, for None, and without what then is empty."""
    first, _, rest = name.partition("__")
    inner = put(body.get(first, {}), rest, value) if rest else value
    return {
        **{key: one for key, one in body.items() if key != first},
        **({} if inner in (None, {}) else {first: inner}),
    }


def as_sent(member: Told, text: str) -> Any:
    """What a program sends for what a person types. Raises ValueError where it cannot."""
    if not text.strip():
        return None
    if isinstance(member, Several):
        return [text]
    if member.control in ("date", "moment"):
        return unicodedata.normalize("NFKC", text).strip()
    if member.control in ("number", "real"):
        try:
            return json.loads(text) if text[0] in "-0123456789" else int(text)
        except ValueError:
            return text
    return json.loads(text) if member.control == "json" else text


def table(drawn: Drawn) -> Iterator[tuple[str, str, Any, dict[str, Any]]]:
    """(member, what is typed, what is sent, the rest of the body)."""
    for name, member in drawn.members.items():
        longest = getattr(member, "max_length", None)
        for text in (*TYPED.values(), *(["长" * (longest + 1)] if longest and not isinstance(member, Several) else ())):
            if member.control == "tick":
                continue
            try:
                yield name, text, as_sent(member, text), base_of(drawn, name)
            except ValueError:
                continue  # no JSON, which no program can put into its body either


def base_of(drawn: Drawn, name: str) -> dict[str, Any]:
    """A body that is taken, and in which the member is looked at: a fault looks at what its sort is for."""
    takers = [
        fault.name for fault in faults.FAULTS.values() if name.removeprefix("match__") in faults.MATCHES[fault.of]
    ]
    if "fault" in drawn.base and name.startswith("match__"):
        return {"fault": takers[0]}
    return drawn.base


@pytest.fixture
def world(sandbox: Sandbox, draft: Filing) -> dict[str, Filing]:
    """A world in which every form is to be seen."""
    stored = fixtures.filing(sandbox, kind="change", state="stored", uscc=cast.AGENT.uscc)
    CustomsRecord.objects.filter(sandbox=sandbox, uscc=cast.CARD.uscc).update(inspection_qualified_on=None)
    return {"cardless": draft, "agent": stored}


def drawn_on(page: Opened, sandbox: Sandbox) -> Iterator[Drawn]:
    """The small forms of a page. Whatever is typed into otherwise is none of ours, and fails."""
    context = page.answer.context
    fillings = [
        one for one in (context.get("form"), *(context.get("forms") or {}).values()) if isinstance(one, Filling)
    ]
    for to, form in page.forms:
        names = {name for name in form.fields if name not in NO_MEMBERS and not name.startswith("p-")}
        if not names or "data-field" in form.marks:
            continue
        verbs = {value for _, value in form.buttons}
        of_verb = [one for verb, one in (context.get("forms") or {}).items() if verb in verbs]
        mine = next((one for one in of_verb or fillings if names <= {*one.controls}), None)
        assert mine is not None, f"{page.at}: {sorted(names)} is typed into no declared form"
        base = mine.form.example or {
            name: member.right for name, member in mine.form().controls.items() if member.required
        }
        base = {**base, **({"sandbox": sandbox.key} if "sandbox" in mine.controls else {})}
        button = next(iter(form.buttons), ("do", ""))
        hidden = {
            name: value
            for name, value in form.fields.items()
            if name in NO_MEMBERS - {"csrfmiddlewaretoken"} - {*mine.controls}
        }
        hidden |= dict.fromkeys(("sure",) if "sure" in mine.controls else (), "on")
        if mine.form is LogIn:
            for (medium, proof), way in WAYS.items():
                mode = {"medium": medium, "proof": proof}
                shown = replace(form, fields=dict.fromkeys({"sandbox", *way} - NO_MEMBERS, ""))
                yield Drawn(page, to, shown, LogIn, ("go", ""), {**hidden, **mode}, {"sandbox": sandbox.key, **way})
        else:
            yield Drawn(page, to, form, mine.form, button, hidden, base)


def address_of(form: type[Body], page: Opened) -> tuple[Caller, type[Body], str, str]:
    """Where a program sends the form, and the class it is read by there: the page's own, or that it is made of."""
    for declared in form.__mro__:
        for plane in ("/api/v1", "/control/v1"):
            found = [
                (method, path)
                for path, operations in document(plane)["paths"].items()
                for method, told in operations.items()
                if f'/{declared.__name__}"' in json.dumps(told.get("requestBody", {}))
            ]
            if found:
                about_a_filing = [one for one in found if ("{filing}" in one[1]) == ("/filings/" in page.at)]
                method, path = (about_a_filing or found)[0]
                return Caller(plane, documented=False), declared, method.upper(), path
    raise AssertionError(f"no address takes {form.__name__}")


def told(refusal: Refusal, but: Collection[str] = ()) -> tuple[str, str, list[tuple[str, str, str]]]:
    """What a refusal says; `but` what it says of some controls."""
    errors = sorted(
        (error.pointer, error.code, error.detail)
        for error in refusal.errors
        if error.pointer[1:].replace("/", "__") not in but
    )
    return refusal.code, refusal.detail, errors


def by_program(caller: Caller, method: str, path: str, body: Any) -> Any:
    """What a program is answered; what it did is undone."""
    point = transaction.savepoint()
    answer = caller.call(method, path, body)
    transaction.savepoint_rollback(point)
    if answer.status < 400:
        return "done"
    return (
        answer["code"],
        answer["detail"],
        sorted((one["pointer"], one["code"], one["detail"]) for one in answer["errors"]),
    )


def by_declaration(form: type[Body], body: Any) -> Any:
    try:
        form.read(body)
    except Refusal as refusal:
        return told(refusal)
    return "done"


@pytest.mark.parametrize("name", [name for name, _ in addresses()])
def test_what_is_wrong_is_told_the_same(
    name: str, enter: Callable[..., Client], sandbox: Sandbox, world: dict[str, Filing]
) -> None:
    tokens = {row.role: row.card_token or row.token for row in worlds.tokens(sandbox)}
    tried: set[tuple[type[Body], str, frozenset[str]]] = set()
    for page in pages(sandbox, enter, world, only=name):
        for drawn in drawn_on(page, sandbox):
            known_by = (drawn.declared, drawn.button[1], frozenset(drawn.base))
            if known_by not in tried:
                tried.add(known_by)
                hold_together(
                    drawn, tokens.get(page.who), {**PIECES, "sandbox": sandbox.key, "filing": world["agent"].public_id}
                )


def hold_together(drawn: Drawn, token: str | None, pieces: Mapping[str, Any]) -> None:
    """Type everything wrong into every control of a form, and send the same."""
    caller, theirs, method, path = address_of(drawn.declared, drawn.page)
    caller.token, known = token, controls(theirs())
    own = {one for one, member in drawn.members.items() if type(known.get(one)) is not type(member)}
    for name, text, sent, base in table(drawn):
        given = drawn.given(base) | {name: text}
        twins = {
            twin: given.get(one, "") for twin, one in AS_TYPED_ABOVE.items() if twin in drawn.members and twin != name
        }
        answer = posted(drawn.page.client, drawn.to, given | twins)
        refusal = answer.context["refusal"] if answer.status_code >= 400 else None
        if name in own:  # what only the page has is as it is declared
            right = by_declaration(drawn.declared, put({**base, **twins}, name, sent))
        else:
            right = by_program(caller, method, path.format(**pieces), put(base, name, sent))
        where = (drawn.page.at, drawn.declared.__name__, name, text[:40])
        assert (told(refusal, own - {name}) if refusal else "done") == right, where
        if refusal and refusal.errors:
            shown = Page(answer)
            # Each fault is told twice, in the summary and at its control; and what was typed stays.
            faults = [without_codes(drawn, error.detail) for error in refusal.errors]
            assert all(shown.text.count(" ".join(fault.split())) >= 2 for fault in faults), where
            assert name not in drawn.form.boxes or "\0" in text or as_a_browser_has(text) in shown.values, where


def without_codes(drawn: Drawn, fault: str) -> str:
    """A fault as a page tells it: choices by their labels alone, but on the console."""
    for member in () if drawn.page.at.startswith("/console") else drawn.members.values():
        for code, label in getattr(member, "choices", {}).items():
            fault = fault.replace(f"{code} {label}", str(label))
    return fault


def as_a_browser_has(text: str) -> str:
    """A text in its box: the end of a line is one character there."""
    return text.replace("\r\n", "\n")


def test_every_small_form_was_met(enter: Callable[..., Client], sandbox: Sandbox, world: dict[str, Filing]) -> None:
    met = {drawn.declared.__name__ for page in pages(sandbox, enter, world) for drawn in drawn_on(page, sandbox)}
    assert len(met) >= 17, sorted(met)
