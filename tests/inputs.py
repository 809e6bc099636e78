"""Inputs that nobody should send, to every address and by every verb, from inside and from outside. A script; its
short form is a test:

    python tests/inputs.py [--inputs 100000] [--wire 5000] [--seed 20211201]

Sessions of every sort (by password and by card, an agent, a person, customs' and the console's pages, the control
plane) send JSON, forms, files, headers, queries and exports that are nearly right, to each address of the map in turn.
Nothing may be answered with 500 or above that was not asked for, nothing may raise, and what is refused may change no
filing. `--wire` is how many go as bytes over a socket to the server as it is run. Ends with 0 if all is as it must be;
the same seed sends the same.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import socket
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    FOLDER = Path(tempfile.mkdtemp(prefix="inputs-"))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "singlewindow.settings",
        "SIM_WEBHOOK_ALLOW": "127.0.0.1:9",
        "DATABASE_URL": f"sqlite:///{FOLDER / 'inputs.sqlite3'}",
    }
    import django
    import django.test.client

    django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import Resolver404, resolve  # noqa: E402

from filings.models import Sandbox  # noqa: E402
from filings.rules.words import ClockMode  # noqa: E402
from singlewindow.front import WAITED  # noqa: E402
from singlewindow.request import Request  # noqa: E402
from tests.api.addresses import parameters, routes, taken, template  # noqa: E402
from tests.api.client import BUSINESS, CONTROL, Answer, World, hold_to_the_document  # noqa: E402
from tests.desk.test_worlds import lived_in  # noqa: E402
from tests.front.wires import chunks  # noqa: E402
from tests.spoiling import BOUNDARY, TOKENS, TYPES, Fuzz  # noqa: E402
from tests.web.pages import Form, Page  # noqa: E402

SEED = 20211201

ATTEMPTED = ("faq-1-1", "first-filing", "faq-2-6")
"""The exercises under way: with questions, with papers, with both a beginning and questions."""

EPISODE = 12
"""Inputs that meet one world, each what those before have left; then it is as it was at first."""

CSRF = "a" * 32
SLOW = 10.0
"""Seconds no input may take; an advance waits 5 for its deliveries."""


@dataclass(frozen=True)
class Address:
    """An address and a verb it takes."""

    method: str
    path: str

    @property
    def plane(self) -> str:
        return next((one for one in (BUSINESS, CONTROL) if self.path.startswith(f"{one}/")), "")

    @property
    def counter(self) -> bool:
        """Whether it is one of the pages behind the counter."""
        return self.path.startswith(("/console", "/customs"))

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass
class Tally:
    """What came back, by address."""

    answers: dict[Address, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    inside: int = 0
    asked_for: int = 0
    broken: list[str] = field(default_factory=list)
    slowest: list[tuple[float, str]] = field(default_factory=list)

    @property
    def statuses(self) -> Counter[int]:
        return sum(self.answers.values(), Counter())

    def lines(self) -> Iterator[str]:
        """The figures, an address a line."""
        for address in sorted(self.answers, key=lambda one: (one.path, one.method)):
            yield f"{address!s:75} {dict(sorted(self.answers[address].items()))}"
        total = sum(self.statuses.values())
        yield f"{total} inputs to {len(self.answers)} addresses by their verbs: {dict(sorted(self.statuses.items()))}"
        share = f"{self.inside / max(1, total):.0%}"
        yield f"{self.inside} ({share}) got past the door; {self.asked_for} outages and faults that were asked for"
        yield from (f"{took:.2f} s: {words}" for took, words in sorted(self.slowest, reverse=True)[:5])
        kinds = Counter(one.rstrip().rpartition("\n")[2] for one in self.broken)
        for kind, count in kinds.most_common():
            example = next(one for one in self.broken if one.rstrip().endswith(kind))
            end = example[-1500:] if len(example) > 1200 else ""
            yield f"\n{count} ✗ {kind[:300]}\n  such as {example[:1200]}{end}"


class Stage:
    """A world in which something of every kind has happened, who may act in it, and what its pages let them post."""

    def __init__(self, seed: int) -> None:
        self.fuzz = Fuzz(seed)
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.world = world = World()
        lived_in(Sandbox.objects.get(key=world.id))
        world.ledger(registered_on="2019-01-01")
        world.caller().upload(world.draft())
        world.change()
        world.begin("mofcom_change", remarks="变更")
        world.begin("deregistration", reason="停止经营")
        world.caller("card", "card").post("/annual-reports", {"year": 2020})
        world.control.post("/checkpoints", {"name": "kept"}).ok(201)
        told = world.control.get("/filings?limit=500").ok(200)["results"]
        self.filings = list(dict.fromkeys([*(one["id"] for one in told), *(f"F{n:06d}" for n in range(3, 7))]))
        self.tokens = [
            account[how] for account in world.accounts.values() for how in ("token", "card_token") if how in account
        ]
        self.usual = [
            world.accounts[role][how]
            for role, how in (("cardless", "token"), ("card", "card_token"), ("agent", "card_token"))
        ]
        self.pieces = {
            "filing": self.filings,
            "sandbox": [world.id],
            "uscc": [world.uscc(), "91440399MAMK00013C"],
            "n": ["1", "1", "2", "0"],
            "kind": ["registration", "change", "mofcom_change", "deregistration"],
            "receipt": ["R000001", "R000002"],
            "ticket": ["T000001"],
            "mandate": ["M000001"],
            "card": [world.accounts["card"]["card_no"]],
            "queued": ["Q000001"],
            "checkpoint": ["kept"],
            "webhook": [one["id"] for one in world.control.get("/webhooks").ok(200)["results"]],
            "fault": ["X000001", "X000002"],
            "year": ["2020", "2019", "2021"],
            "what": ["enterprise", "account", "card", "filing"],
            "entry": ["1.1", "2.4", "2.12"],
            "action": [
                "send",
                "store",
                "route_manual",
                "approve",
                "reject",
                "hold",
                "release",
                "advance",
                "install",
                "restart",
                "update",
            ],
            "table": ["currencies", "customs_offices", "divisions"],
            "code": ["x"],
            "file": ["client.py"],
            "exercise": ["faq-2-6", "first-filing", "faq-1-1"],
            "attempt": [world.control.post(f"{CONTROL}/exercises/{name}/attempts").ok(201)["id"] for name in ATTEMPTED],
        }
        self.addresses = sorted(self._addresses(), key=str)
        self.forms = self._forms()
        self._due: list[Address] = []

    # ── the map ──

    def _addresses(self) -> Iterator[Address]:
        """Every address by every verb it takes."""
        for route, view in routes():
            path = template(route)
            if (made := getattr(view, "view_class", None)) is not None:
                verbs = [verb.upper() for verb in ("get", "post", "put", "patch", "delete") if hasattr(made, verb)]
            else:
                allowed = self.client.options(self.filled(path, odd=False)).headers.get("Allow", "GET")
                verbs = [verb for verb in allowed.split(", ") if verb not in ("HEAD", "OPTIONS")]
            yield from (Address(verb, path) for verb in verbs)

    def filled(self, path: str, *, odd: bool = True) -> str:
        """A real address: of something there is, now and then of something there is not."""
        return re.sub(
            r"{(\w+)}", lambda found: self.fuzz.piece(self.pieces[found[1]]) if odd else self.pieces[found[1]][0], path
        )

    def _forms(self) -> dict[str, list[tuple[str, str, Form]]]:
        """What the pages let be posted, by address: as whom, whereto, and the form."""
        found: dict[str, list[tuple[str, str, Form]]] = defaultdict(list)
        known = set()
        for address in self.addresses:
            if address.method != "GET" or address.plane:
                continue
            places = (
                [address.path.replace("{filing}", filing) for filing in self.filings]
                if "{filing}" in address.path
                else [address.path]
            )
            places = [f"{place}{more}" for place in places for more in self._openings(address.path)]
            for who in ["", *self.usual]:
                for at in (self.filled(place, odd=False) for place in places):
                    answer = self.client.get(at, headers={"Cookie": self.cookie(who)})
                    if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
                        continue
                    for form in Page(answer).forms:
                        to = (
                            form.action
                            if form.action.startswith("/")
                            else at.partition("?")[0] + form.action
                            if form.action
                            else at
                        )
                        path = template(resolve(urlsplit(to).path).route)
                        if (mark := (path, who, *sorted(form.fields), *sorted(form.buttons))) not in known:
                            known.add(mark)
                            found[path].append((who, to, form))
        return found

    def _openings(self, path: str) -> list[str]:
        return [f"?kind={kind}" for kind in self.pieces["kind"]] if path == "/filings/new" else [""]

    def next(self) -> Address:
        """The address whose turn it is: what writes comes up twice as often as what reads."""
        if not self._due:
            self._due = [address for address in self.addresses for _ in range(1 + (address.method != "GET"))]
            self.fuzz.chance.shuffle(self._due)
        return self._due.pop()

    # ── what is sent ──

    @staticmethod
    def cookie(token: str) -> str:
        return f"sim_session={token}; csrftoken={CSRF}"

    def token(self) -> str:
        found: str = self.fuzz.one(self.usual * 6 + self.tokens + TOKENS[:1])
        return found if self.fuzz.chance.random() < 0.95 else self.fuzz.one(TOKENS)

    def request(self, address: Address) -> Sent:
        """A request to an address."""
        return self._call(address) if address.plane else self._page(address)

    def _call(self, address: Address) -> Sent:
        fuzz, plane, path = self.fuzz, address.plane, address.path
        headers = fuzz.headers()
        if plane == BUSINESS or fuzz.chance.random() < 0.05:
            headers.setdefault("Authorization", f"Bearer {self.token()}".encode().decode("latin-1"))
        query = fuzz.query(parameters(plane, address.method, path))
        if address.method == "GET" and fuzz.chance.random() < 0.95:
            return Sent(address.method, self.filled(path), query, headers, "", b"")
        if path.endswith("/import") and fuzz.chance.random() < 0.8:
            kind, body = "application/json", fuzz.snapshot()
        elif "/attachments" in path and fuzz.chance.random() < 0.9:
            kind, body = f"multipart/form-data; boundary={BOUNDARY}", fuzz.upload()
        else:
            known = taken(plane, address.method, path) if address.method != "GET" else ["x"]
            kind, body = fuzz.one(TYPES), fuzz.body(known)
        return Sent(address.method, self.filled(path), query if fuzz.chance.random() < 0.1 else "", headers, kind, body)

    def _page(self, address: Address) -> Sent:
        fuzz = self.fuzz
        who = "" if address.counter and fuzz.chance.random() < 0.9 else self.token()
        headers = {"Cookie": self.cookie(who).encode().decode("latin-1"), **fuzz.headers(0.02)}
        at, form = self.filled(address.path), Form("")
        query = fuzz.query(self.queries) if address.method == "GET" or fuzz.chance.random() < 0.1 else ""
        if address.method == "GET":
            return Sent(address.method, at, query, headers, "", b"")
        if (known := self.forms.get(address.path)) and fuzz.chance.random() < 0.95:
            who, to, form = fuzz.one(known)
            if fuzz.chance.random() < 0.9:
                headers["Cookie"] = self.cookie(who)
                at, _, query = to.partition("?")
        told = [
            ("csrfmiddlewaretoken", CSRF),
            *((name, value) for name, value in fuzz.filled(form) if name != "csrfmiddlewaretoken"),
        ]
        if fuzz.chance.random() < 0.04:
            return Sent(
                address.method, at, query, headers | {"X-CSRFToken": CSRF}, fuzz.one(TYPES), fuzz.body(["do", "kind"])
            )
        if (form.files and fuzz.chance.random() < 0.7) or fuzz.chance.random() < 0.15:
            files = form.files if fuzz.chance.random() < 0.9 else [*form.files, fuzz.one(["file", "snapshot", "x"])]
            return Sent(
                address.method,
                at,
                query,
                headers | {"X-CSRFToken": CSRF},
                f"multipart/form-data; boundary={BOUNDARY}",
                fuzz.parts(told, files),
            )
        return Sent(address.method, at, query, headers, "application/x-www-form-urlencoded", fuzz.urlencoded(told))

    @property
    def queries(self) -> list[str]:
        return QUERIES


@dataclass(frozen=True)
class Sent:
    """One request, as its parts."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    kind: str
    body: bytes

    def __str__(self) -> str:
        return f"{self.method} {self.path[:200]}?{self.query[:200]} {self.headers} {self.kind} {self.body[:1500]!r}"[
            :2500
        ]


QUERIES = sorted(
    {
        name
        for file in (ROOT / "filings/web").rglob("*.py")
        for name in re.findall(r'GET(?:\.get\(|\[)"(\w+)"', file.read_text())
    }
    | {
        name
        for file in (ROOT / "filings/web").rglob("*.py")
        for name in re.findall(r'_asked\(request, "(\w+)"', file.read_text())
    }
)
"""What the pages ask of a query, read off their code."""


class Heard(logging.Handler):
    """What is written to the log as an error, with where it came from."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        trace = (
            "".join(traceback.format_exception(*record.exc_info)[-6:]) if record.exc_info and record.exc_info[0] else ""
        )
        if trace or not record.name.startswith("django.security"):
            self.words.append(f"{record.name}: {record.getMessage()}\n{trace}")


@contextmanager
def listening() -> Iterator[Heard]:
    heard = Heard()
    logging.getLogger().addHandler(heard)
    try:
        yield heard
    finally:
        logging.getLogger().removeHandler(heard)


# ── from inside ───────────────────────────────────────────────────────────────────────────────────────────────────


def run(inputs: int, seed: int = SEED, *, told: int = 0) -> Tally:
    """So many inputs within this process, in a transaction of the caller's; every `told` of them a line."""
    stage, tally = Stage(seed), Tally()
    posted = {one.path for one in stage.addresses if one.method != "GET" and not one.plane}
    missing = {path for path in posted if not path.startswith("/learn/")} - stage.forms.keys()
    assert missing <= FORMLESS, missing - FORMLESS
    with listening() as heard:
        for episode in range(0, inputs, EPISODE):
            point = transaction.savepoint()
            before = state()
            for n in range(episode, min(episode + EPISODE, inputs)):
                address = stage.next()
                sent = stage.request(address)
                was_taken = meets(stage.client, tally, address, sent, documented=n % 8 == 0, heard=heard)
                now = state()
                if not was_taken and now != before:
                    tally.broken.append(f"{sent}\n  was refused and has changed a filing")
                before = now
                if was_taken and not stands(stage.world.id):
                    transaction.savepoint_rollback(point)
                    point, before = transaction.savepoint(), state()
            if episode // EPISODE % 8 == 0:
                reads_the_journal(stage, tally, heard)
            transaction.savepoint_rollback(point)
            transaction.set_rollback(False)
            if told and episode % told < EPISODE:
                print(f"{episode}: {dict(sorted(tally.statuses.items()))}, {len(tally.broken)} broken", flush=True)
    return tally


FORMLESS = {
    "/filings/state",
    "/annual-reports/state",
    "/annual-reports/supplement",
    "/practice",
    "/console/logout",
    "/enterprise/backfill",
}
"""What a script posts, or a page that is not to be had in this world. The learner's pages are somebody else's."""


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


def stands(key: str) -> bool:
    """Whether the world is still there, and its clock stands still: else what follows would meet little, or another
    moment."""
    return Sandbox.objects.filter(key=key, clock_mode=ClockMode.FROZEN).exists()


def meets(client: Client, tally: Tally, address: Address, sent: Sent, *, documented: bool, heard: Heard) -> bool:
    """Send it, and judge what comes back. Returns whether it was taken."""
    began = time.perf_counter()
    try:
        answer = exchange(client, sent)
    except Exception as error:
        # Where not even Django answers, the front would cut the connection.
        tally.answers[address][0] += 1
        tally.broken.append(f"{sent}\n  {''.join(traceback.format_exception(error)[-6:])}")
        return False
    took = time.perf_counter() - began
    tally.answers[address][answer.status_code] += 1
    tally.inside += inside(address, sent, answer)
    tally.slowest = sorted([*tally.slowest, (took, str(sent)[:300])], reverse=True)[:5]
    if took > SLOW:
        tally.broken.append(f"{sent}\n  took {took:.1f} s")
    if answer.status_code >= 500:
        if asked_for(answer):
            tally.asked_for += 1
        else:
            tally.broken.append(f"{sent}\n  {answer.status_code}")
    if heard.words:
        tally.broken += [f"{sent}\n  {words}" for words in heard.words]
        heard.words.clear()
    if address.plane and not asked_for(answer) and not answer.streaming:
        is_json = "json" in answer.headers.get("Content-Type", "")
        try:
            told = Answer(
                answer.status_code,
                answer.headers,
                answer.content,
                json.loads(answer.content) if is_json and answer.content else None,
            )
            if told.status >= 400:
                assert {"code", "detail", "errors"} <= told.json.keys()
            if documented:
                hold_to_the_document(sent.method, sent.path, told)
        except (AssertionError, ValueError) as error:
            if (
                "malformed" not in sent.headers.get("X-Sim-Fault", "")
                and not Sandbox.objects.filter(faulty=True).exists()
            ):
                tally.broken.append(f"{sent}\n  {answer.status_code} {str(error)[:600]}")
    return bool(answer.status_code < 400)


def exchange(client: Client, sent: Sent) -> Any:
    """What is answered; where it is to be waited for, at once."""
    query = {"QUERY_STRING": sent.query}
    headers = {name: value for name, value in sent.headers.items() if value is not None}
    more = {"content_type": sent.kind, "CONTENT_TYPE": sent.kind} if sent.kind else {}
    answer = client.generic(sent.method, sent.path, sent.body, headers=headers, **more, **query)
    if hasattr(answer, "wait"):
        answer = client.generic(
            sent.method, sent.path, sent.body, headers=headers, **more, **query, **{WAITED: answer.waited}
        )
    with suppress(Exception):
        answer.getvalue()
    return answer


def asked_for(answer: Any) -> bool:
    """Whether it is a failure that a test asked for, or the client control that is out of order (FAQ 2.8)."""
    return getattr(answer, "problem_code", "") == "injected_fault" or (
        answer.status_code == 503 and "Retry-After" in answer.headers
    )


def inside(address: Address, sent: Sent, answer: Any) -> bool:
    """Whether it got past the doors: the map, the method, the login, the page's own token."""
    try:
        resolve(sent.path)
    except Resolver404:
        return False
    to_login = answer.headers.get("Location", "").startswith(
        ("/login", "/console/login")
    ) and not address.path.startswith("/log")
    return (
        not to_login
        and answer.status_code not in (401, 405)
        and not (answer.status_code == 403 and not address.plane and "页面已过期" in answer.content.decode())
    )


def reads_the_journal(stage: Stage, tally: Tally, heard: Heard) -> None:
    """Whatever was sent, what is written of it can be read."""
    at = f"{CONTROL}/sandboxes/{stage.world.id}/journal"
    for method, path, body in (
        ("GET", f"{at}", b""),
        ("POST", f"{at}/verify", b'{"match": {"path": "/x"}}'),
        ("GET", f"/console/sandboxes/{stage.world.id}/journal", b""),
    ):
        answer = exchange(
            stage.client, Sent(method, path, "limit=50" if method == "GET" else "", {}, "application/json", body)
        )
        if answer.status_code >= 500 or heard.words:
            tally.broken.append(f"{method} {path}: {answer.status_code} {heard.words}")
            heard.words.clear()


# ── from outside ──────────────────────────────────────────────────────────────────────────────────────────────────

ODD = [
    b"\x00",
    b"\r",
    b"\n",
    b"\xff",
    b" ",
    b":",
    b"\r\n\r\n",
    b"\t",
    b"%",
    b"\r\nContent-Length: 5",
    b"\r\nTransfer-Encoding: chunked",
    b"\r\nHost: x",
    b"x" * 70_000,
]


def raw(stage: Stage, sent: Sent, host: bytes) -> bytes:
    """A request as bytes, with some of them spoilt."""
    chance, target = (
        stage.fuzz.chance,
        sent.path.encode() + (b"?" + sent.query.encode("latin-1", "replace") if sent.query else b""),
    )
    lines = [
        b"%s %s HTTP/1.1" % (sent.method.encode(), re.sub(rb"[\s\x00]", b"+", target)),
        b"Host: " + host,
        b"Connection: close",
    ]
    lines += [
        f"{name}: {value}".encode("latin-1", "replace").replace(b"\r", b" ").replace(b"\n", b" ")
        for name, value in sent.headers.items()
    ]
    if sent.kind:
        lines.append(b"Content-Type: " + sent.kind.encode("latin-1", "replace"))
    how, body = chance.random(), sent.body
    if how < 0.25 and body:
        cut = sorted(chance.randrange(len(body) + 1) for _ in range(2))
        body = chunks(*filter(None, (body[: cut[0]], body[cut[0] : cut[1]], body[cut[1] :])))
        lines.append(b"Transfer-Encoding: chunked")
    elif body or sent.method != "GET":
        lines.append(
            b"Content-Length: %d" % (len(body) + (chance.choice([-1, 1, 5, 10**9, 10**30]) if how > 0.95 else 0))
        )
    whole = b"\r\n".join(lines) + b"\r\n\r\n" + body
    for _ in range(chance.choice([0, 0, 0, 1, 1, 2])):
        at = chance.randrange(min(len(whole), 600) + 1)
        odd = stage.fuzz.one(ODD)
        whole = whole[:at] + odd + whole[at + chance.choice([0, 0, len(odd)]) :]
    return whole[: chance.randrange(len(whole))] if chance.random() < 0.03 else whole


def wire(stage: Stage, inputs: int, base: str) -> Tally:
    """So many inputs as bytes to a server that runs on the stage's database."""
    tally, at = Tally(), urlsplit(base)
    sent: list[tuple[Address, bytes]] = []
    while len(sent) < inputs:
        address = stage.next()
        if address.method == "GET" or not address.path.endswith(GONE):
            sent.append((address, raw(stage, stage.request(address), at.netloc.encode())))

    def ask(whole: bytes) -> tuple[int, float]:
        began = time.perf_counter()
        return answered(str(at.hostname), at.port or 80, whole), time.perf_counter() - began

    with ThreadPoolExecutor(WIRES) as pool:
        for (address, whole), (status, took) in zip(sent, pool.map(ask, [whole for _, whole in sent]), strict=True):
            tally.answers[address][status] += 1
            tally.inside += status not in (0, 400, 401, 404, 405)
            tally.slowest = sorted([*tally.slowest, (took, repr(whole[:200]))], reverse=True)[:5]
            if status >= 500 and not (status == 503 or b"X-Sim-Fault" in whole):
                tally.broken.append(f"{whole[:2000]!r}\n  {status}")
    return tally


GONE = (
    "/sandboxes/{sandbox}",
    "/reset",
    "/restore",
    "/delete",
    "/expire",
    "/situation",
    "/logout",
    "/cancel",
    "/faults",
    "/clock",
)
"""What ends such an address would take the world, or the sessions, from those that follow."""

WIRES = 16
"""Connections at once."""

LEFT = 3.0
"""Seconds after which a client that has not sent all it announced goes away."""


def answered(host: str, port: int, whole: bytes) -> int:
    """The status that comes back; 0 where the connection ends, or is left, without one."""
    head = b""
    with socket.create_connection((host, port), timeout=LEFT) as line, suppress(OSError):
        line.sendall(whole)
        while more := line.recv(65536):
            head = head or more
    found = re.findall(rb"HTTP/1\.[01] ([2-5]\d\d)", head[:300])
    return int(found[-1]) if found else 0


def main() -> int:
    """Both, with figures."""
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    from filings import control_access
    from tests.running import start, stop

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--inputs", type=int, default=100_000)
    asked.add_argument("--wire", type=int, default=5000)
    asked.add_argument("--seed", type=int, default=SEED)
    given = asked.parse_args()
    for alias in ("default", "journal"):
        call_command("migrate", database=alias, verbosity=0)
    setup_test_environment()
    django.test.client.WSGIRequest = Request  # type: ignore[misc]
    control_access.OWN_NAMES.add("testserver")
    began, broken = time.monotonic(), 0
    with transaction.atomic():
        tally = run(given.inputs, given.seed, told=2000)
        transaction.set_rollback(True)
    for line in tally.lines():
        print(line)
    broken += len(tally.broken)
    if given.wire:
        stage = Stage(given.seed + 1)
        log = FOLDER / "log"
        server, base, _ = start(log, SIM_WEBHOOK_ALLOW="127.0.0.1:9")
        try:
            tally = wire(stage, given.wire, base)
        finally:
            stop(server)
        tracebacks = log.read_text().count("Traceback")
        for line in (*tally.lines(), f"{tracebacks} tracebacks in {log}"):
            print(line)
        broken += len(tally.broken) + tracebacks
    print(f"{broken} broken, in {time.monotonic() - began:.0f} s")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
