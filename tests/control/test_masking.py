"""What no journal may hold, however it is spelt, and what no body may do to it."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest

from filings.lab.watching import journal, masking
from filings.models import Sandbox
from tests.api.client import BUSINESS, CONTROL, Caller, World, document

DEEP = "[" * 300 + "]" * 300
BODIES = [
    f'{{"password": 1, "x": {DEEP}}}',
    f'{{"password": "hidden-1", "x": {"[" * 900}{"]" * 900}}}',
    f'{{"password": "hidden-1", "x": {"[" * 30_000}{"]" * 30_000}}}',
    f'{{"password": "hidden-1", "x": {"9" * 40}}}',
    '{"password": "hidden-1", "x": "\\ud800"}',
    '{"password": "hidden-1", "x": NaN}',
    '{"password": "hidden-1"',
    '{"password": "hidden-1',
    "hidden", "[]", "null", '"password"', "\x00", '{"password": ["hidden-1"]}', '{"a": {"b": [{"pin": "hidden-1"}]}}',
    '{"pass\\u0077ord": "hidden-1", "p\\u0069n": "hidden-1"}',
    '{"pass\\u0077ord": "hidden-1", "x": \\ud800}',
    '{"Password": "hidden-1", "PIN": "hidden-1"}',
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_no_body_shows_a_secret(body: str) -> None:
    kept = masking.body(body)
    assert "hidden-1" not in kept
    json.dumps(masking.readable(kept))


def test_what_holds_no_secret_is_kept_to_the_letter() -> None:
    for body in ('{"a":  1, "passwords": "x"}', "no json", "", '{"token": null}'):
        assert masking.body(body) == body


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("token=hidden&limit=5", "token=***&limit=5"),
        ("limit=5&p%69n=hidden", "limit=5&p%69n=***"),
        ("Password=a%3Db", "Password=***"),
        ("token", "token"),
        ("", ""),
        ("tokens=1", "tokens=1"),
    ],
)
def test_no_query_shows_one(query: str, kept: str) -> None:
    assert masking.query(query) == kept


def test_masking_takes_linear_time() -> None:
    began = time.monotonic()
    masking.body('{"password": "' + "\\" * 200_000)
    masking.body('"password"' * 50_000)
    masking.body('{"password":' * 50_000)
    assert time.monotonic() - began < 5


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_body_breaks_neither_an_answer_nor_the_reading_of_the_journal(body: str, world: World) -> None:
    for path in ("/filings", f"/filings/{world.draft()}/declare"):
        answer = world.caller().post(path, body.encode("utf-8", "surrogatepass"))
        assert answer.status < 500
    assert world.control.get("/journal").ok(200)["results"]
    world.control.post("/journal/verify", {"match": {"method": "POST", "body": {"kind": "change"}}}).ok(200)
    assert Caller("/console").get(f"/sandboxes/{world.id}/journal").status == 200
    assert "hidden-1" not in repr(list(journal.of(Sandbox(key=world.id)).values()))


SECRETIVE = re.compile(r"pass|pin\b|_pin|token|secret|signature|private|control_key|^key")
OPEN = {"idempotency_key", "passed"}
"""Named like a secret, and none."""


def members(node: Any) -> set[str]:
    """Every member named in a document's schemas."""
    if isinstance(node, list):
        return set().union(*map(members, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    own = set(node["properties"]) if isinstance(node.get("properties"), dict) else set()
    return own.union(*map(members, node.values())) if node else own


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", [BUSINESS, CONTROL])
def test_every_member_that_is_a_secret_is_on_the_one_list(prefix: str) -> None:
    named = {name for name in members(document(prefix)["components"]["schemas"]) if SECRETIVE.search(name)}
    assert {name for name in named if name not in masking.SECRET} <= OPEN | {"p12_password"}
    assert named & masking.SECRET
