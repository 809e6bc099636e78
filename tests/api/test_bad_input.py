"""Two thousand bodies that no client should send, over every write of both planes: never a 5xx, never a draft lost or changed by what was refused.

Deterministic: one seed, and every write found in the urlconf is visited as often as any other.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import pytest
from django.db import connection, transaction

from filings import desk, trail
from filings.lab.cast import REFERENCE
from filings.models import Filing, Sandbox
from tests.api.addresses import taken, writes
from tests.api.client import Answer, Caller, World

BODIES = 2000
SEED = 20211201
DESTROYS = {("DELETE", "/control/v1/sandboxes/{sandbox}"), ("POST", "/control/v1/sandboxes/{sandbox}/reset")}

CHARACTERS = [
    "\x00",
    "\x07",
    "\x1b",
    "\x7f",
    "\u202e",
    "\u200b",
    "\ufeff",
    "\ufffe",
    "𠮷",
    "😀",
    "é",
    "　",
    "ｘ",
    "'",
    '"',
    "\\",
    "/",
    "~",
    "<",
    ";",
    "=",
    "%00",
    "\r\n",
]
NUMBERS = [0, -1, 1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**64, -(2**63) - 1, 10**30, 0.1, -0.0, 1e308, 1e-320]
TEXTS = [
    "", " ", "null", "true", "NaN", "440300", "４４０３００", "10000000", "5355", "5355 ", "CNY", "2021-02-30", "0000-00-00", "9999-12-31", "2021-12-01T09:00:00+08:00",
    "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "2200-12-31T23:59:59Z", "PT1H", "P999999999D", "P1Y", "PT-1S", "P", "PT1E9S", "P7319DT23H59M59.999999S", "next_event", "idle", "real", "frozen", "scaled",
    "standard", "stale_form", "approve", "approve; pace=fast", "slow; days=１０", "slow; days=²", "reject; reason=other; reason=other", "stuck; at=sent;;;", ";", "=", "reject; =",
    "91440399MAMK00013C", "９１４４０３９９ＭＡＭＫ０００１３Ｃ", "110101189001010016", "11010118900101001x", "F000001", "F999999", "T000001", "R000001", "registration", "self", "agent",
    "platform", "customs", "status", "sync", "reason", "rejected", "1e5", "-1.00", "1.005", "99999999999999.99", "999999999999999.99", "a" * 300, "长" * 3000, "\u0301" * 500,
]  # fmt: skip
RAW = [
    b"", b"{", b"[]", b"null", b"\xff\xfe\x00", b"\xef\xbb\xbf{}", b'{"content": NaN}', b'{"content":{"remarks":"\\ud83d"}}', '{"content":{"remarks":"深圳"}}'.encode("gb18030"),
    b'{"content":' * 900 + b"1" + b"}" * 900, b'{"content":' + b"[" * 1000 + b"]" * 1000 + b"}", b'{"content":{"remarks":"a","remarks":1}}', b'{"content":{"industry":' + b"9" * 5000 + b"}}",
    json.dumps({"content": {f"k{n}": n for n in range(2000)}}).encode(), json.dumps({"content": {"investors": [{}] * 3000}}).encode(),
    json.dumps({"content": {"remarks": "长" * 300_000}}).encode(), b'{"__proto__": {"kind": "registration"}, "constructor": 1}',
]  # fmt: skip
TYPES = ["application/json"] * 12 + [
    "application/merge-patch+json", "application/json; charset=gb18030", "text/plain", "", "multipart/form-data", "multipart/form-data; boundary=b",
    "application/x-www-form-urlencoded", "application/json;;;=", "\x00/json",
]  # fmt: skip
HEADERS = [
    ("If-Match", ['"v1"', "*", "x", '"v999999999"', "é"]), ("Idempotency-Key", ["k", "k", "长", "x" * 300, " ", "a\tb"]), ("X-Sim-Scenario", ["approve", "x", "é", "slow; days=9999", "reject; reason=" + "x" * 5000]),
    ("Accept", ["*/*", "text/html", ";;", "application/json; q=x"]), ("X-Request-Id", ["é", "x" * 999]), ("Content-Encoding", ["gzip"]),
]  # fmt: skip
MULTIPART = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {type}\r\n\r\n{body}\r\n'
    b'--b\r\nContent-Disposition: form-data; name="{part}"\r\n\r\n{value}\r\n--b--\r\n'
)


class Fuzz:
    """Bodies near enough to right ones to get past the first check."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def one(self, among: Any) -> Any:
        return self.chance.choice(list(among))

    def text(self) -> str:
        text: str = self.one(TEXTS)
        if self.chance.random() < 0.3:
            at = self.chance.randrange(len(text) + 1)
            text = text[:at] + self.one(CHARACTERS) + text[at:]
        return text

    def value(self, depth: int = 3) -> Any:
        kind = self.chance.random()
        if kind < 0.5 or depth == 0:
            return self.text()
        if kind < 0.75:
            return self.one([None, True, False, *NUMBERS])
        if kind < 0.88:
            return [self.value(depth - 1) for _ in range(self.chance.randrange(4))]
        return {
            self.one([*REFERENCE, "name", "amount", "amount_usd", self.text()]): self.value(depth - 1)
            for _ in range(self.chance.randrange(4))
        }

    def content(self) -> dict[str, Any]:
        """The reference registration with some of it spoilt."""
        sheet = json.loads(json.dumps(dict(REFERENCE))) if self.chance.random() < 0.7 else {}
        for _ in range(self.chance.randrange(1, 5)):
            place = self.one([sheet, *(one for one in sheet.values() if isinstance(one, dict))])
            place[
                self.one([*place, *REFERENCE, "customs_code", "inspection_number", "parent_relation", "declarants", self.text()])
            ] = self.value()
        return sheet

    def body(self, known: list[str]) -> bytes:
        if self.chance.random() < 0.12:
            raw: bytes = self.one(RAW)
            return raw
        body = {name: self.value() for name in self.chance.sample(known, self.chance.randrange(len(known) + 1))}
        if "content" in known and self.chance.random() < 0.8:
            body |= {"content": self.content()} | ({"kind": "registration"} if "kind" in known else {})
        if self.chance.random() < 0.1:
            body[self.text()] = self.value()
        text = json.dumps(body)  # ASCII: odd characters go as escapes
        return text.encode() if self.chance.random() < 0.5 else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")

    def multipart(self) -> bytes:
        parts = {
            "name": self.one(["a.pdf", "../../etc/passwd", "\u202efdp.exe", "a.pdf\x00.exe", "", "x" * 500 + ".pdf", self.text()]), "type": "application/pdf",
            "body": self.one(["%PDF-1", "\x89PNG", "", "x", "%PDF-" + "x" * 5000]), "part": self.one(["type", "file", "", self.text()]), "value": self.text(),
        }  # fmt: skip
        whole = MULTIPART
        for name, value in parts.items():
            whole = whole.replace(f"{{{name}}}".encode(), value.encode("utf-8", "replace"))
        return whole[: self.chance.randrange(len(whole))] if self.chance.random() < 0.2 else whole


def state() -> list[list[Any]]:
    """All drafts and filings there are, column by column, and what hangs on them."""
    rows = []
    with connection.cursor() as cursor:
        for question in (
            "SELECT * FROM filings_filing ORDER BY id",
            "SELECT filing_id, n, sha256 FROM filings_attachment ORDER BY id",
        ):
            cursor.execute(question)
            rows.append(cursor.fetchall())
    return rows


def test_there_is_something_to_try() -> None:
    assert len(writes()) >= 20
    assert ("PATCH", "/api/v1/filings/{filing}") in writes()
    assert ("POST", "/control/v1/sandboxes") in writes()


@pytest.mark.django_db(databases="__all__")
def test_two_thousand_bad_bodies_break_nothing(world: World, caplog: pytest.LogCaptureFixture) -> None:
    fuzz = Fuzz(SEED)
    draft, declared = world.draft(), world.declared()
    world.caller().upload(draft).ok(201)
    addresses = writes()
    statuses: Counter[int] = Counter()
    before = state()
    tokens = {role: account["token"] for role, account in world.accounts.items()}
    for n in range(BODIES):
        method, path = addresses[n % len(addresses)]
        if (method, path) in DESTROYS and n >= len(addresses):
            method, path = addresses[(n * 7 + 1) % len(addresses)]
        plane = path[: path.index("/v1/") + 3]
        filing = fuzz.one([draft] * 6 + [declared, "F999999", "x"])
        pieces = {
            "filing": filing,
            "sandbox": world.id,
            "uscc": "91440399MAMK00013C",
            "n": "1",
            "kind": "registration",
            "receipt": fuzz.one(["R000001", "x"]),
            "ticket": "T000001",
            "mandate": "M000001",
            "card": "SIMC00000002",
            "queued": "Q000001",
            "checkpoint": "none",
            "webhook": "none",
            "fault": "X000001",
            "year": fuzz.one(["2020", "2019", "x"]),
            "what": fuzz.one(["enterprise", "account", "card", "filing", "x"]),
            "action": fuzz.one(
                ["send", "store", "route_manual", "approve", "reject", "hold", "release", "advance", "install", "restart", "x"]
            ),
        }
        url = path.format(**pieces)
        if (method, path) in DESTROYS:
            url = url.replace(world.id, "gone")
        multipart = "/attachments" in path and fuzz.chance.random() < 0.9
        body, kind = (
            (fuzz.multipart(), "multipart/form-data; boundary=b")
            if multipart
            else (fuzz.body(taken(plane, method, path)), fuzz.one(TYPES))
        )
        headers = {fuzz.one([name]): fuzz.one(values) for name, values in HEADERS if fuzz.chance.random() < 0.06}
        token = tokens[fuzz.one(["cardless"] * 8 + ["card", "personal", "agent"])]
        point = transaction.savepoint()
        answer: Answer = Caller(plane, token, documented=n % 4 == 0, headers=headers).call(method, url, body, content_type=kind)
        statuses[answer.status] += 1
        assert answer.status < 500, (method, url, kind, body[:500], answer.body[:500])
        if answer.status >= 400:
            assert {"code", "detail", "errors"} <= answer.json.keys(), (method, url, kind, body[:500])
            assert state() == before, (method, url, body[:500])
        transaction.savepoint_rollback(point)  # what was accepted must not use the world up for those that follow
    assert statuses[422] > BODIES / 4
    assert sum(count for status, count in statuses.items() if status < 300) > BODIES / 50
    assert {400, 404, 415} <= statuses.keys()
    assert Sandbox.objects.filter(key=world.id).exists()
    assert not [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")]


def test_a_defect_would_be_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def defect(*args: Any, **kwargs: Any) -> None:
        raise ValueError

    monkeypatch.setattr(desk, "save", defect)
    with pytest.raises(ValueError):
        world.caller().patch(f"/filings/{world.draft()}", {"content": {}})


def test_a_draft_that_a_refusal_changed_would_be_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, before = world.draft(), state()
    monkeypatch.setattr(trail, "note_refusal", lambda *args: Filing.objects.filter(public_id=draft).update(version=9))
    world.caller().patch(f"/filings/{draft}", {"content": {"nothing": 1}}).refused(422, "unknown_field")
    assert state() != before
