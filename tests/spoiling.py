"""What no client should send, near enough to right to get past the first check: the one place that makes it, from a
seed.

Bodies, forms, parts, headers, queries, and exports of a world; test_bad_input, tests/inputs.py and
test_altered_imports draw from it.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any
from urllib.parse import quote, quote_plus

import orjson
from django.db import transaction

from filings.lab.faults import glitches
from filings.lab.worlds import snapshots, worlds
from filings.lab.worlds.cast import REFERENCE
from tests.desk.test_worlds import lived_in
from tests.factories import FilingFactory, SandboxFactory
from tests.web.pages import Form

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
    "",
    " ",
    "null",
    "true",
    "NaN",
    "440300",
    "４４０３００",
    "10000000",
    "5355",
    "5355 ",
    "CNY",
    "2021-02-30",
    "0000-00-00",
    "9999-12-31",
    "2021-12-01T09:00:00+08:00",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
    "2200-12-31T23:59:59Z",
    "PT1H",
    "P999999999D",
    "P1Y",
    "PT-1S",
    "P",
    "PT1E9S",
    "P7319DT23H59M59.999999S",
    "next_event",
    "idle",
    "real",
    "frozen",
    "scaled",
    "standard",
    "stale_form",
    "approve",
    "approve; pace=fast",
    "slow; days=１０",
    "slow; days=²",
    "reject; reason=other; reason=other",
    "stuck; at=sent;;;",
    ";",
    "=",
    "reject; =",
    "91440399MAMK00013C",
    "９１４４０３９９ＭＡＭＫ０００１３Ｃ",
    "110101189001010016",
    "11010118900101001x",
    "F000001",
    "F999999",
    "T000001",
    "R000001",
    "registration",
    "self",
    "agent",
    "platform",
    "customs",
    "status",
    "sync",
    "reason",
    "rejected",
    "1e5",
    "-1.00",
    "1.005",
    "99999999999999.99",
    "999999999999999.99",
    "a" * 300,
    "长" * 3000,
    "\u0301" * 500,
    "0",
    "1",
    "-1",
    "9" * 30,
    "9" * 5000,
    "²",
    "٣",
    "1_000",
    "inf",
    "latency; ms=60000",
    "status; code=599",
    "mandate_expired",
    "SIMC00000002",
    "../..",
    "//x",
    "2021",
    "1.1",
    "2.4",
]
RAW = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe\x00",
    b"\xef\xbb\xbf{}",
    b'{"content": NaN}',
    b'{"content":{"remarks":"\\ud83d"}}',
    '{"content":{"remarks":"深圳"}}'.encode("gb18030"),
    b'{"content":' * 900 + b"1" + b"}" * 900,
    b'{"content":' + b"[" * 1000 + b"]" * 1000 + b"}",
    b'{"content":{"remarks":"a","remarks":1}}',
    b'{"content":{"industry":' + b"9" * 5000 + b"}}",
    json.dumps({"content": {f"k{n}": n for n in range(2000)}}).encode(),
    json.dumps({"content": {"investors": [{}] * 3000}}).encode(),
    json.dumps({"content": {"remarks": "长" * 300_000}}).encode(),
    b'{"__proto__": {"kind": "registration"}, "constructor": 1}',
]
TYPES = ["application/json"] * 12 + [
    "application/merge-patch+json",
    "application/json; charset=gb18030",
    "text/plain",
    "",
    "multipart/form-data",
    "multipart/form-data; boundary=b",
    "application/x-www-form-urlencoded",
    "application/json;;;=",
    "\x00/json",
]
HEADERS = [
    (
        "If-Match",
        ['"v1"', "*", "x", '"v999999999"', "é", "", 'W/"v1"', '"v1", "v2"', '"' + "x" * 5000, "v" + "9" * 5000],
    ),
    ("If-None-Match", ['"v1"', "*", "x", '"v1"' * 900]),
    ("Idempotency-Key", ["k", "k", "长", "x" * 300, " ", "a\tb", ""]),
    (
        "X-Sim-Scenario",
        [
            "approve",
            "x",
            "é",
            "slow; days=9999",
            "reject; reason=" + "x" * 5000,
            "",
            ";",
            "stuck; at=²",
            "slow; days=" + "9" * 5000,
        ],
    ),
    (
        "X-Sim-Fault",
        [
            "status; code=500",
            "latency; ms=1",
            "cut_before_commit",
            "cut_after_commit",
            "malformed",
            "x",
            "é",
            "latency; ms=" + "9" * 5000,
            "stale_form",
            ";;",
        ],
    ),
    (
        "Accept",
        [
            "*/*",
            "text/html",
            ";;",
            "application/json; q=x",
            "application/pdf",
            "text/html, */*;q=" + "0" * 5000,
            "",
            "é",
        ],
    ),
    ("Accept-Language", ["en", "x" * 5000, "*;q=é"]),
    ("X-Request-Id", ["é", "x" * 999, ""]),
    ("Content-Encoding", ["gzip", "identity", "é"]),
    ("Origin", ["null", "http://testserver", "http://[", "http://evil.example", "é"]),
    ("Referer", ["http://[", "é", "http://testserver/" + "x" * 5000]),
    ("Sec-Fetch-Site", ["cross-site", "x"]),
    ("X-Forwarded-For", ["1.2.3.4", "é"]),
    ("Range", ["bytes=0-1", "bytes=-" + "9" * 5000, "x"]),
    (
        "Cookie",
        [
            "sim_session",
            "sim_control=x:y:z; sim_said=saved",
            'sim_said="',
            "csrftoken=" + "é" * 40,
            "sim_said=" + "x" * 5000,
        ],
    ),
    ("HX-Request", ["true"]),
    ("If-Modified-Since", ["x", "Thu, 01 Jan 0000 00:00:00 GMT"]),
    ("Expect", ["100-continue", "x"]),
]
TOKENS = ["", "x", "é", "tok_" + "x" * 40, "x" * 5000, "Basic eDp5", "Bearer", "\x00", "tok_长"]
FILES = [
    b"%PDF-1.4\n%test",
    b"%PDF-1",
    b"\x89PNG\r\n\x1a\n....",
    b"\x89PNG",
    b"\xff\xd8\xff\xe0....",
    b"",
    b"x",
    b"%PDF-" + b"x" * 5000,
    b"{}",
    b"--b--",
]
NAMES = [
    "a.pdf",
    "a.png",
    "a.jpg",
    "../../etc/passwd",
    "\u202efdp.exe",
    "a.pdf\x00.exe",
    "",
    "x" * 500 + ".pdf",
    'a".pdf',
    "a.pdf\r\nX: y",
]
BOUNDARY = "b"


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
                self.one(
                    [
                        *place,
                        *REFERENCE,
                        "customs_code",
                        "inspection_number",
                        "parent_relation",
                        "declarants",
                        self.text(),
                    ]
                )
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
        return (
            text.encode()
            if self.chance.random() < 0.5
            else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        )

    # ── forms ──

    def filled(self, form: Form) -> list[tuple[str, str]]:
        """A form as a browser would post it, with some of it spoilt."""
        fields = {
            **form.fields,
            **dict([self.one(form.buttons)] if form.buttons and self.chance.random() < 0.95 else []),
        }
        for name in list(fields):
            if not fields[name] and name in REFERENCE and self.chance.random() < 0.5:
                fields[name] = str(REFERENCE[name])
        told = list(fields.items())
        for _ in range(self.chance.choice([0, 0, 1, 1, 2, 3, 8])):
            at, how = self.chance.randrange(len(told) + 1), self.chance.random()
            if how < 0.6 and at < len(told):
                told[at] = (told[at][0], self.text())
            elif how < 0.7 and at < len(told):
                del told[at]
            elif how < 0.8 and at < len(told):
                told.insert(at, (told[at][0], self.text()))
            else:
                told.insert(at, (self.row(), self.text()))
        return told

    def row(self) -> str:
        """The name of a box in a row that may not be there, or of none at all."""
        rows = self.one(["investors", "declarants", "legal_representative", "x", self.text()])
        return self.one(
            [
                f"{rows}.{self.text()}.{self.one(['name', 'amount', 'country', 'x'])}",
                rows,
                f"{rows}..",
                f"{rows}.0.0.name",
                self.text(),
            ]
        )

    def urlencoded(self, told: list[tuple[str, str]]) -> bytes:
        whole = "&".join(
            f"{quote_plus(name, errors='replace')}={quote_plus(value, errors='replace')}" for name, value in told
        ).encode()
        if self.chance.random() < 0.1:
            at = self.chance.randrange(len(whole) + 1)
            whole = (
                whole[:at]
                + self.one([b"%", b"%ff", b"%00", b"\xff\xfe", b"&&==&", b"%ed%a0%bd", b"&" * 2500])
                + whole[at:]
            )
        return whole

    def parts(self, told: list[tuple[str, str]], files: list[str]) -> bytes:
        """The same as parts, with files; now and then broken off."""
        lines = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode("utf-8", "replace")
            + value.encode("utf-8", "replace")
            + b"\r\n"
            for name, value in told
        ]
        for name in files:
            named = self.one([*NAMES, *NAMES[:3] * 3, self.text()])
            kind = self.one(
                ["application/pdf", "image/png", "x", "", "text/plain; charset=x", "multipart/mixed; boundary=c"]
            )
            at = self.chance.randrange(len(lines) + 1)
            head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{named}"\r\n'
            head += f"Content-Type: {kind}\r\n"
            more = self.one([""] * 9 + ["Content-Transfer-Encoding: base64\r\n", "X\r\n", "Content-Length: 9\r\n"])
            lines.insert(
                at,
                (head + more + "\r\n").encode(self.one(["utf-8"] * 9 + ["gb18030"]), "replace") + self.file() + b"\r\n",
            )
        whole = b"".join(lines) + f"--{BOUNDARY}--\r\n".encode()
        return whole[: self.chance.randrange(len(whole))] if self.chance.random() < 0.1 else whole

    def file(self) -> bytes:
        found: bytes = self.one(FILES) if self.chance.random() < 0.95 else self.snapshot()
        return found

    def upload(self) -> bytes:
        """An attachment as a program sends it."""
        files = self.one([["file"]] * 8 + [[], ["file", "file"], ["x"]])
        return self.parts(
            [
                (
                    self.one(["type"] * 6 + ["file", "", self.text()]),
                    self.one(["record_form", "licence", "other", self.text()]),
                )
            ],
            files,
        )

    # ── heads ──

    def query(self, known: list[str]) -> str:
        """What stands behind the question mark, if anything does."""
        if self.chance.random() < 0.35:
            return ""
        names = [
            self.one(known) if known and self.chance.random() < 0.9 else self.text()
            for _ in range(self.chance.choice([1, 1, 2, 3]))
        ]
        return self.urlencoded([(name, self.text()) for name in names]).decode("latin-1")

    def headers(self, share: float = 0.04) -> dict[str, str]:
        """Headers as they arrive: the bytes of UTF-8, read as Latin-1."""
        some = {name: self.one(values) for name, values in HEADERS if self.chance.random() < share}
        return {name: value.encode().decode("latin-1") for name, value in some.items()}

    def piece(self, usual: list[str]) -> str:
        """What stands in an address for what it is about."""
        if usual and self.chance.random() < 0.93:
            found: str = self.one(usual)
            return found
        return quote(self.text().encode("utf-8", "replace")[:3000], safe="") or "x"

    def snapshot(self) -> bytes:
        """An export of a world with one member altered, or two; rarely none."""
        snapshot = orjson.loads(exported())
        for _ in range(self.chance.choice([0, 1, 1, 1, 1, 2, 3])):
            path = self.one(places()[self.one(list(places()))])
            try:
                alter(snapshot, path, self.one(WRONG) if self.chance.random() < 0.8 else self.value())
            except (LookupError, TypeError):
                continue  # gone already with what was altered before
        return json.dumps(snapshot).encode()


# ── exports with members altered ──────────────────────────────────────────────────────────────────────────────────

GONE = object()
"""The member is taken out."""

WRONG: list[Any] = [
    GONE,
    None,
    True,
    0,
    -1,
    1,
    7,
    2**31 - 1,
    2**63 - 1,
    10**25,
    0.5,
    1e300,
    "",
    "x",
    " ",
    "x" * 300,
    "\0",
    "𠮷",
    "0001-01-01",
    "9999-12-31",
    "2021-12-01",
    "0001-01-01T00:00:00+00:00",
    "9999-12-31T23:59:59+00:00",
    "2021-12-01T09:00:00",
    "2021-12-01T09:00:00+08:00",
    [],
    {},
    [1],
    [None],
    [{}],
    {"a": 1},
    {"name": 5},
    {"verb": "fly"},
    {"days": 10**12},
    "approve",
    "reject; reason=none",
    "draft",
    "approved",
]


@cache
def exported() -> bytes:
    """A world in which something of every kind has happened."""
    with transaction.atomic():
        sandbox = SandboxFactory()
        visit = lived_in(sandbox)
        FilingFactory(visit=visit)
        worlds.enter(sandbox, "deregistered")
        worlds.enter(sandbox, "rejected_change")
        worlds.enter(sandbox, "mandate_expired")
        glitches.put(sandbox, "mirror_lag", days=1)
        told = snapshots.exported(sandbox).read()
        transaction.set_rollback(True)
    return told


@cache
def places() -> dict[tuple[str, ...], list[tuple[str | int, ...]]]:
    """Every place of the export by its kind: the rows of a table, and of a list, are one."""
    found = defaultdict(list)
    for path in _walk(orjson.loads(exported())):
        kind = tuple(
            "*" if isinstance(step, int) and not (n == 3 and path[0] == "tables") else str(step)
            for n, step in enumerate(path)
        )
        found[kind].append(path)
    return dict(sorted(found.items()))


def _walk(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    for name, one in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from _walk(one, (*path, name))


def at(node: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        node = node[step]
    return node


def altered(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    snapshot: dict[str, Any] = orjson.loads(exported())
    alter(snapshot, path, value)
    return snapshot


def alter(snapshot: dict[str, Any], path: tuple[str | int, ...], value: Any) -> None:
    holder = at(snapshot, path[:-1])
    if value is GONE:
        del holder[path[-1]]
    else:
        holder[path[-1]] = deepcopy(value)
