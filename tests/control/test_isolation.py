"""Nothing of a sandbox reaches who does not hold it, by the control plane or by a page behind the counter: route ×
method × identity.

Every operation of the control plane stands in one table, every page behind the counter is found in the map of
addresses; what is not classified fails. A sandbox is full of canaries; whoever holds another one, or none, asks for
all of it in every way there is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.core import signing
from django.db.models import QuerySet
from django.test import Client

from filings import control_access
from filings.lab.faults import faults
from filings.lab.watching import explaining, journal
from filings.lab.webhooks import webhooks
from filings.lab.worlds import queueing, snapshots
from filings.models import Checkpoint, Exchange, Fault, Filing, QueuedScenario, Sandbox, Webhook, wall
from filings.web import backstage
from tests.api.client import CONTROL, NOBODY, Answer, Caller, World
from tests.api.test_no_leaks import BACKSTAGE, CANARY, METHODS, ROUTES, Secrets, routes, secrets, takes

pytestmark = pytest.mark.django_db(databases="__all__")
__all__ = ["secrets"]

TOKEN = "operators-token"
FAR = {"REMOTE_ADDR": "192.0.2.7"}

# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────────────

OPEN, PLANE, HELD, NAMED, ATTEMPT = "open", "plane", "held", "named", "attempt"
"""Open: the same for all. Plane: of the whole plane, for the operator alone. Held: of one sandbox, for its holder too.
Named: of a thing in it, which in another sandbox is not found. Attempt: of an attempt, for the holder of its sandbox
too."""

ONE = "/control/v1/sandboxes/{sandbox}"
AN_ATTEMPT = "/control/v1/attempts/{attempt}"
OPERATIONS = {
    "/control/v1/schema": OPEN,
    "/control/v1/docs": OPEN,
    "/control/v1/sandboxes": PLANE,
    "/control/v1/sandboxes/import": PLANE,
    "/control/v1/situations": PLANE,
    "/control/v1/scenarios": PLANE,
    "/control/v1/machine": PLANE,
    "/control/v1/coverage": PLANE,
    "/control/v1/exercises": PLANE,
    "/control/v1/exercises/{exercise}": PLANE,
    "/control/v1/exercises/{exercise}/attempts": PLANE,
    **{f"{AN_ATTEMPT}{path}": ATTEMPT for path in ("", "/dossier", "/dossier.pdf", "/answers", "/check", "/hints")},
    ONE: HELD,
    **{
        f"{ONE}/{path}": HELD
        for path in (
            "reset",
            "clock",
            "clock/advance",
            "situation",
            "fixtures/enterprise",
            "fixtures/account",
            "fixtures/card",
            "fixtures/filing",
            "sync",
            "checkpoints",
            "export",
            "faults",
            "coverage",
            "sessions/expire",
            "journal",
            "journal/verify",
            "scenario",
            "scenario-queue",
            "filings",
            "webhooks",
            "deliveries",
            "conformance",
        )
    },
    **{
        f"{ONE}/{path}": NAMED
        for path in (
            "ledgers/customs/{uscc}",
            "ledgers/mofcom/{uscc}",
            "ledgers/market/{uscc}",
            "cards/{card}",
            "cards/{card}/key",
            "checkpoints/{checkpoint}",
            "checkpoints/{checkpoint}/restore",
            "faults/{fault}",
            "scenario-queue/{queued}",
            "filings/{filing}/receipts",
            "filings/{filing}/scenario",
            "filings/{filing}/actions/{action}",
            "filings/{filing}/actions/reject",
            "filings/{filing}/actions/advance",
            "filings/{filing}/explain",
            "webhooks/{webhook}",
            "webhooks/{webhook}/waiting",
            "webhooks/{webhook}/acknowledge",
        )
    },
}
"""Every operation of the control plane."""

WRITTEN_ANEW = {("PUT", f"{ONE}/ledgers/{book}/{{uscc}}") for book in ("customs", "mofcom", "market")}
"""What makes the thing it names where there is none."""


def test_every_operation_is_in_the_table_and_nothing_else_is() -> None:
    unclassified, gone = (
        routes(control=True).keys() - OPERATIONS.keys(),
        OPERATIONS.keys() - routes(control=True).keys(),
    )
    assert not unclassified, f"say in OPERATIONS whose these are: {sorted(unclassified)}"
    assert not gone
    assert {path for path, whose in OPERATIONS.items() if "{sandbox}" in path} == {
        path for path, whose in OPERATIONS.items() if whose in (HELD, NAMED)
    }


# ── what there is to be met ───────────────────────────────────────────────────────────────────────────────────────

Pieces = Mapping[str, str]
NOBODYS: Pieces = {
    "sandbox": "sb-0123456789ab",
    "filing": "F999999",
    "uscc": "91440399MAMK999988",
    "card": "SIMC19999999",
    "checkpoint": "nobody's",
    "fault": "X999999",
    "queued": "Q999999",
    "webhook": "wh_0123456789abcdef",
    "action": "approve",
    "n": "78",
    "ticket": "T999999",
    "receipt": "R999999",
    "mandate": "M999999",
    "exchange": "999999999",
    "delivery": "del_0123456789abcdef01234567",
    "exercise": "faq-0-0",
    "attempt": "A0123456789abcdef",
}
"""What names nothing anywhere."""


@pytest.fixture
def exposed(settings: Any) -> None:
    """Bound to every address, with the operator's token."""
    settings.HOST, settings.SIM_CONTROL_TOKEN, settings.ALLOWED_HOSTS = "0.0.0.0", TOKEN, ["*"]


@pytest.fixture
def pieces(world: World, secrets: Secrets) -> Pieces:
    """A sandbox with canaries in whatever its holder can write as well. Returns a name of each sort of thing in it."""
    world.control.patch("", {"name": f"{CANARY}-sandbox"}).ok(200)
    made = world.make("enterprise", name_cn=f"{CANARY}-made").json
    who = world.make("account", uscc=made["uscc"], username=f"{CANARY}-user", display_name=f"{CANARY}-person").json
    card = world.make("card", username=who["username"], holder_name=f"{CANARY}-hand").json
    names = {
        "checkpoint": f"{CANARY}-checkpoint",
        "fault": world.control.post("/faults", {"fault": "status; code=500", "match": {"account": f"{CANARY}-x*"}}).ok(
            201
        )["id"],
        "queued": world.control.post("/scenario-queue", {"scenario": "reject", "match": {"uscc": made["uscc"]}}).ok(
            201
        )["id"],
        "webhook": world.control.post("/webhooks", {"url": None}).ok(201)["id"],
    }
    world.control.post("/webhooks", {"url": f"http://{NOBODY}/{CANARY}-hook"}).ok(201)
    # The plane queues for no code that cannot be; a canary is one, and has to be put in by hand.
    QueuedScenario.objects.filter(sandbox__key=world.id, public_id=names["queued"]).update(uscc=CANARY)
    Caller(token=who["token"]).post("/filings", {"kind": "registration", "client_reference": f"{CANARY}-told"}).ok(201)
    world.declare(secrets.pieces["filing"][4], X_Sim_Scenario="by_hand").ok(200)
    world.control.post("/checkpoints", {"name": names["checkpoint"]}).ok(201)
    filing, card_no = secrets.pieces["filing"][0], card["card_no"]
    names["attempt"] = Caller(CONTROL).post("/exercises/first-filing/attempts").ok(201)["id"]
    names["exercise"] = "first-filing"
    return {**NOBODYS, **names, "sandbox": world.id, "filing": filing, "uscc": made["uscc"], "card": card_no, "n": "1"}


def bodies(method: str, path: str, pieces: Pieces) -> Any:
    """A good body for an operation, naming what is in the sandbox of the canaries wherever a body can."""
    uscc = pieces["uscc"]
    known: dict[tuple[str, str], Any] = {
        ("POST", "/control/v1/sandboxes"): {"name": "mine"},
        ("POST", "/control/v1/coverage"): {"sandboxes": [pieces["sandbox"]]},
        ("POST", f"{ONE}/sessions/expire"): {"account": f"{CANARY}-user"},
        ("PATCH", ONE): {"name": "mine"},
        ("PUT", f"{ONE}/clock"): {"mode": "frozen"},
        ("POST", f"{ONE}/clock/advance"): {"by": "PT1S"},
        ("POST", f"{ONE}/situation"): {"situation": "overdue_mirror", "uscc": uscc},
        **{("POST", f"{ONE}/fixtures/{what}"): {"uscc": uscc} for what in ("enterprise", "account", "card", "filing")},
        ("POST", f"{ONE}/sync"): {"uscc": uscc},
        ("POST", f"{ONE}/checkpoints"): {"name": "mine"},
        ("POST", f"{ONE}/faults"): {"fault": "status", "match": {"account": "nobody*"}, "times": 1},
        ("POST", f"{ONE}/journal/verify"): {"match": {"path": "*"}, "count": {"at_least": 0}},
        ("PUT", f"{ONE}/scenario"): {"scenario": "approve"},
        ("POST", f"{ONE}/scenario-queue"): {"scenario": "approve", "match": {"uscc": uscc}},
        ("POST", f"{ONE}/webhooks"): {"url": f"http://{NOBODY}/mine"},
        ("POST", f"{ONE}/webhooks/{{webhook}}/acknowledge"): {"deliveries": ["nobody's"]},
        ("PUT", f"{ONE}/ledgers/customs/{{uscc}}"): {"in_qianhai": False},
        ("PUT", f"{ONE}/ledgers/mofcom/{{uscc}}"): {"name_en": "X"},
        ("PUT", f"{ONE}/ledgers/market/{{uscc}}"): {"valid_until": None},
        ("PATCH", f"{ONE}/cards/{{card}}"): {"status": "active"},
        ("POST", f"{ONE}/filings/{{filing}}/receipts"): {"status": "sent"},
        ("PUT", f"{ONE}/filings/{{filing}}/scenario"): {"scenario": "approve"},
        ("POST", f"{ONE}/filings/{{filing}}/actions/advance"): {"to": "sent"},
    }
    return known.get((method, path), {} if method in ("POST", "PUT", "PATCH") else None)


QUERIES: Mapping[str, Callable[[Pieces], str]] = {
    f"{ONE}/journal": lambda of: f"account={CANARY}-user&limit=500",
    f"{ONE}/deliveries": lambda of: f"webhook={of['webhook']}",
    f"{ONE}/export": lambda of: f"checkpoint={of['checkpoint']}",
    f"{ONE}/coverage": lambda of: "format=html",
    f"{ONE}/filings": lambda of: "limit=500",
    "/control/v1/sandboxes": lambda of: "limit=500",
}
"""What can be asked in an address besides."""

LAST = {("DELETE", ONE), ("POST", f"{ONE}/reset")}
"""What ends a world is asked last."""

Asked = tuple[str, str, Answer]


def ask(
    who: Caller, there: Pieces, pieces: Pieces, paths: Iterable[str], methods: Iterable[str] = METHODS
) -> Iterator[Asked]:
    """Operations at addresses made of `there`, with bodies and queries that name `pieces`: method, path, answer."""
    every = [(method, path) for path in paths for method in methods]
    for method, path in sorted(every, key=lambda one: (one in LAST, one == ("DELETE", ONE))):
        address = path.format(**there)
        yield method, path, who.call(method, address, bodies(method, path, pieces))
        if method == "GET" and path in QUERIES:
            yield method, path, who.get(f"{address}?{QUERIES[path](pieces)}")


def leaks(asked: Iterable[tuple[str, str, Any]], secrets: Secrets, pieces: Pieces) -> dict[str, set[str]]:
    """Where a canary was told that was not sent along."""
    found: dict[str, set[str]] = {}
    for method, path, answer in asked:
        sent = path.format(**pieces) + str(bodies(method, path, pieces)) + QUERIES.get(path, lambda of: "")(pieces)
        if told := secrets.told(answer, sent):
            found.setdefault(f"{method} {path}", set()).update(told)
    return found


def state(world: World) -> Any:
    """All that a sandbox is, as its holder would carry it away."""
    carried = Caller(f"{CONTROL}/sandboxes/{world.id}", TOKEN, environ=FAR).get("/export").ok(200).json
    return carried["tables"], carried["clock"], carried["sandbox"]


# ── the control plane ─────────────────────────────────────────────────────────────────────────────────────────────

Identify = Callable[[str], Caller]
ITS_HOLDER, ANOTHERS = "the holder of its key", "the holder of another's key"
STRANGERS = ("nobody", "a bad key", ANOTHERS, "an account by password", "an account by card")


@pytest.fixture
def identify(world: World, other_world: World, exposed: None) -> Identify:
    def as_who(identity: str) -> Caller:
        token = {
            "nobody": None,
            "a bad key": world.opened["control_key"][:-1] + "!",
            ANOTHERS: other_world.opened["control_key"],
            "an account by password": world.accounts["card"]["token"],
            "an account by card": world.accounts["card"]["card_token"],
            ITS_HOLDER: world.opened["control_key"],
        }[identity]
        return Caller(CONTROL, token, environ=FAR)

    return as_who


@pytest.mark.parametrize("identity", STRANGERS)
def test_a_stranger_is_let_in_nowhere_and_changes_nothing(
    identity: str, world: World, secrets: Secrets, pieces: Pieces, identify: Identify
) -> None:
    before, worlds = state(world), Sandbox.objects.count()
    asked = list(ask(identify(identity), pieces, pieces, OPERATIONS))
    assert leaks(asked, secrets, pieces) == {}
    refused = (401, "control_unauthorized") if identity == "nobody" else (403, "control_forbidden")
    for method, path, answer in asked:
        if OPERATIONS[path] == OPEN:
            assert answer.status == (200 if method in ("GET", "HEAD") else 405), f"{method} {path}"
        elif method == "HEAD":
            assert (answer.status, answer.body) == (refused[0], b"")
        else:
            answer.refused(*refused)
    assert state(world) == before
    assert Sandbox.objects.count() == worlds


@pytest.mark.parametrize("identity", STRANGERS)
def test_whether_a_sandbox_is_there_is_not_told(identity: str, pieces: Pieces, identify: Identify) -> None:
    who, nowhere = identify(identity), {**pieces, "sandbox": NOBODYS["sandbox"]}
    for path in [path for path, whose in OPERATIONS.items() if whose in (HELD, NAMED)]:
        for method in takes(path):
            there, none = (
                who.call(method, path.format(**one), bodies(method, path, pieces)) for one in (pieces, nowhere)
            )
            assert told(there) == told(none), f"{method} {path}"


@pytest.mark.parametrize("identity", [*STRANGERS, ITS_HOLDER])
def test_whether_an_attempt_is_there_is_not_told(identity: str, pieces: Pieces, identify: Identify) -> None:
    """The key of a sandbox opens the attempt in that one, and no other."""
    who, nowhere = identify(identity), {**pieces, "attempt": NOBODYS["attempt"]}
    for path in [path for path, whose in OPERATIONS.items() if whose == ATTEMPT]:
        for method in takes(path):
            there, none = (
                who.call(method, path.format(**one), bodies(method, path, pieces)) for one in (pieces, nowhere)
            )
            assert there.status == (401 if identity == "nobody" else 403), f"{method} {path}"
            assert told(there) == told(none), f"{method} {path}"


def test_the_key_of_its_sandbox_opens_an_attempt_as_long_as_that_is_there(exposed: None) -> None:
    plane = Caller(CONTROL, TOKEN, environ=FAR)
    begun = plane.post("/exercises/first-filing/attempts", {"seed": 1}).ok(201)
    mine, pieces = replace(plane, token=begun["control_key"]), {"attempt": begun["id"]}
    for path in [path for path, whose in OPERATIONS.items() if whose == ATTEMPT]:
        for method in takes(path):
            answer = mine.call(method, path.format(**pieces), bodies(method, path, NOBODYS))
            assert answer.status < 300 or answer.status == 422, f"{method} {path}: {answer.status} {answer.body!r}"
    mine.post(f"/sandboxes/{begun['sandbox']}/conformance").ok(200)
    mine.delete(f"/sandboxes/{begun['sandbox']}").ok(204)
    mine.get(f"/attempts/{begun['id']}").refused(403, "control_forbidden")
    plane.get(f"/attempts/{begun['id']}").ok(200)


def told(answer: Answer) -> Any:
    """An answer without what is another's in every request."""
    # The address asked for is told, and may be longer.
    headers = {name: value for name, value in answer.headers.items() if name not in ("X-Request-Id", "Content-Length")}
    return answer.status, headers, {**(answer.json or {}), "instance": "", "request_id": ""}


def test_its_own_key_opens_a_sandbox_and_nothing_of_the_plane(
    world: World, secrets: Secrets, pieces: Pieces, identify: Identify
) -> None:
    worlds = Sandbox.objects.count()
    for method, path, answer in ask(identify(ITS_HOLDER), pieces, pieces, OPERATIONS):
        where = f"{method} {path}: {answer.status} {answer.body[:300]!r}"
        if OPERATIONS[path] in (PLANE, ATTEMPT):
            assert answer.status == 403, where
        elif method in takes(path) and OPERATIONS[path] != OPEN:
            assert answer.status < 300 or answer.status in (404, 409, 422), where
    assert Sandbox.objects.count() == worlds - 1, "the last deed was to delete it"


SILENT = {
    f"{ONE}/{path}"
    for path in (
        "clock",
        "coverage",
        "cards/{card}/key",
        "ledgers/customs/{uscc}",
        "ledgers/mofcom/{uscc}",
        "ledgers/market/{uscc}",
        "filings/{filing}/explain",
    )
}
"""What is read of a sandbox and holds no word anybody wrote."""


def test_the_holder_meets_the_canaries_so_the_net_is_not_empty(
    secrets: Secrets, pieces: Pieces, identify: Identify
) -> None:
    read = {path for path, whose in OPERATIONS.items() if whose in (HELD, NAMED) and "GET" in takes(path)}
    met: dict[str, set[str]] = {path: set() for path in read}
    for _, path, answer in ask(identify(ITS_HOLDER), pieces, pieces, read, ["GET"]):
        met[path] |= secrets.told(answer)
    assert {path for path, canaries in met.items() if not canaries} - SILENT == set()
    everywhere = set[str]().union(*met.values())
    words = ("sandbox", "made", "user", "hand", "checkpoint", "x", "hook", "told", "internal", "public", "question")
    assert everywhere >= {f"{CANARY}-{word}" for word in words}


def test_a_holder_meets_nothing_of_another_sandbox_in_its_own(
    world: World, other_world: World, secrets: Secrets, pieces: Pieces, identify: Identify
) -> None:
    """Whatever of the other's it names: in addresses, in bodies, in what it asks for."""
    before, here = state(world), {**pieces, "sandbox": other_world.id}
    held = [path for path, whose in OPERATIONS.items() if whose in (HELD, NAMED)]
    asked = list(ask(identify(ANOTHERS), here, pieces, held))
    assert leaks(asked, secrets, pieces) == {}
    for method, path, answer in asked:
        assert answer.status < 500, f"{method} {path}: {answer.status}"
        assert answer.status not in (401, 403), f"{method} {path}: {answer.status}"
    assert state(world) == before


def test_what_is_anothers_is_answered_as_what_is_nobodys(
    other_world: World, pieces: Pieces, identify: Identify
) -> None:
    who, here = identify(ANOTHERS), {"sandbox": other_world.id}
    theirs, nobodys = {**pieces, **here}, {**NOBODYS, **here}
    for path in [path for path, whose in OPERATIONS.items() if whose == NAMED]:
        for method in takes(path):
            if (method, path) in WRITTEN_ANEW:
                continue
            there, none = (
                who.call(method, path.format(**one), bodies(method, path, pieces)) for one in (theirs, nobodys)
            )
            assert there.status == 404, f"{method} {path}: {there.status}"
            assert told(there) == told(none), f"{method} {path}"


def test_a_key_of_one_deed_replays_nothing_of_another_sandbox(
    world: World, other_world: World, pieces: Pieces, identify: Identify
) -> None:
    """The same Idempotency-Key, the same path but for the sandbox: two deeds."""
    for path in ("/clock/advance", "/faults"):
        body, answers = bodies("POST", ONE + path, pieces), []
        for identity, where in ((ITS_HOLDER, world), (ANOTHERS, other_world)):
            answers.append(identify(identity).post(f"/sandboxes/{where.id}{path}", body, Idempotency_Key="same").ok())
        assert "Idempotency-Replayed" not in answers[1].headers


# ── the pages behind the counter ──────────────────────────────────────────────────────────────────────────────────

DOORS = {path for path, access in ROUTES.items() if access == BACKSTAGE and path.endswith(("/login", "/logout"))}
PAGES = {path for path, access in ROUTES.items() if access == BACKSTAGE} - DOORS
"""The pages, by the table of all routes: those that name a sandbox are of its holder, the others show what one may
enter."""

ENDINGS = {path for path in PAGES if path.endswith(("/reset", "/delete"))}
"""What ends a world is asked last."""

MUTE = frozenset({"/console/sandboxes/{sandbox}/coverage.xml"})
"""What tells of a sandbox only which of the register's own names it has met."""

POSTED = ({"do": "send"}, {"do": "advance:PT1H"}, {"do": "reject", "public_comment": "x"}, {"name": "mine"}, {})


def at(path: str, pieces: Pieces) -> str:
    unknown = set(re.findall(r"\{(\w+)\}", path)) - pieces.keys()
    assert not unknown, f"say in NOBODYS, and in `pieces`, what stands for {sorted(unknown)} of {path}"
    return path.format(**pieces)


def visitor(key: str | None = None, session: str | None = None) -> Client:
    """A browser from elsewhere, which was given a key at the door or a session at the login."""
    client = Client(**FAR)
    if key:
        client.cookies[backstage.COOKIE] = signing.dumps([key, wall().timestamp()], salt=backstage.SALT)
    if session:
        client.cookies["sim_session"] = session
    return client


@pytest.fixture
def visit(world: World, other_world: World, exposed: None) -> Callable[[str], Client]:
    def as_who(identity: str) -> Client:
        account = world.accounts["card"]
        return {
            "nobody": partial(visitor),
            "a bad key": partial(visitor, world.opened["control_key"][:-1] + "!"),
            ANOTHERS: partial(visitor, other_world.opened["control_key"]),
            "an account by password": partial(visitor, account["token"], account["token"]),
            "an account by card": partial(visitor, account["card_token"], account["card_token"]),
            ITS_HOLDER: partial(visitor, world.opened["control_key"]),
        }[identity]()

    return as_who


def open_pages(client: Client, there: Pieces, pieces: Pieces) -> Iterator[tuple[str, str, Any]]:
    """Every page asked for, as it is and by query, and posted to."""
    for path in sorted(PAGES, key=lambda one: (one in ENDINGS, one)):
        address = at(path, there)
        for query in (
            "",
            f"?sandbox={pieces['sandbox']}",
            f"?q={CANARY}",
            "?after=0",
            f"?account={CANARY}-user",
            "?page=2",
        ):
            yield "GET", path, client.get(address + query)
        for posted in POSTED:
            yield "POST", path, client.post(address, posted)


def page_leaks(asked: Iterable[tuple[str, str, Any]], secrets: Secrets, pieces: Pieces) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for method, path, answer in asked:
        # What was asked for stands in the field it was typed into, and in the way back from the door.
        if canaries := secrets.told(answer, f"{CANARY} {CANARY}-user" + path.format(**pieces)):
            found.setdefault(f"{method} {path}", set()).update(canaries)
    return found


@pytest.mark.parametrize("identity", STRANGERS)
def test_a_stranger_opens_no_page_of_a_sandbox_and_changes_nothing(
    identity: str, world: World, secrets: Secrets, pieces: Pieces, visit: Callable[[str], Client]
) -> None:
    before, worlds, client = state(world), Sandbox.objects.count(), visit(identity)
    asked = list(open_pages(client, pieces, pieces))
    assert page_leaks(asked, secrets, pieces) == {}
    for method, path, answer in asked:
        status = answer.status_code
        if "{sandbox}" in path or identity != ANOTHERS:
            assert status in (401, 403, 405), f"{method} {path}: {status}"
        else:
            assert status < 500, f"{method} {path}: {status}"
    assert state(world) == before
    assert Sandbox.objects.count() == worlds
    nowhere = {**pieces, "sandbox": NOBODYS["sandbox"]}
    for path in [path for path in PAGES if "{sandbox}" in path]:
        there, none = (client.get(at(path, one)) for one in (pieces, nowhere))
        assert there.status_code == none.status_code, f"whether it is there is told: {path}"
        bare = [
            re.sub(r'value="[^"]*"', "", one.getvalue().decode()).replace(at(path, of), "")
            for one, of in ((there, pieces), (none, nowhere))
        ]
        assert bare[0] == bare[1], f"whether it is there is told: {path}"


def test_no_account_gets_a_key_at_the_door(world: World, other_world: World, exposed: None) -> None:
    (door,) = (path for path in DOORS if path.endswith("/login"))
    account, outcomes = world.accounts["card"], {}
    for what, token in {
        "an account's": account["token"],
        "a card's": account["card_token"],
        "a password": account["password"],
        "nothing": "",
        "a bad one": "x",
        "its own": world.opened["control_key"],
        "another's": other_world.opened["control_key"],
        "the operator's": TOKEN,
    }.items():
        answer = Client(**FAR).post(door, {"token": token, "next": f"/customs/{world.id}/F000001"})
        outcomes[what] = (answer.status_code < 400, backstage.COOKIE in answer.cookies)
    opened, shut = (True, True), (False, False)
    assert outcomes == {
        "an account's": shut,
        "a card's": shut,
        "a password": shut,
        "nothing": shut,
        "a bad one": shut,
        "its own": opened,
        "another's": opened,
        "the operator's": opened,
    }


def test_a_holder_sees_its_own_sandbox_on_every_page_and_nothing_of_another(
    world: World, other_world: World, secrets: Secrets, pieces: Pieces, visit: Callable[[str], Client]
) -> None:
    other_world.control.patch("", {"name": "另一个沙箱"}, TOKEN).ok(200)
    before, here = state(world), {**pieces, "sandbox": other_world.id}
    asked = list(open_pages(visit(ANOTHERS), here, pieces))
    assert page_leaks(asked, secrets, pieces) == {}
    assert not [path for method, path, answer in asked if answer.status_code >= 500]
    assert state(world) == before
    for path in [path for path in PAGES if "{sandbox}" not in path]:
        shown = visit(ANOTHERS).get(path).getvalue().decode()
        assert "另一个沙箱" in shown, path
        assert world.id not in shown, path


def test_the_holder_meets_the_canaries_on_the_pages(
    secrets: Secrets, pieces: Pieces, visit: Callable[[str], Client]
) -> None:
    met = {path: secrets.told(visit(ITS_HOLDER).get(at(path, pieces))) for path in PAGES}
    assert {path for path, canaries in met.items() if not canaries} - ENDINGS - MUTE == set()
    assert set[str]().union(*met.values()) >= {f"{CANARY}-sandbox", f"{CANARY}-name", f"{CANARY}-internal"}


# ── the net itself ────────────────────────────────────────────────────────────────────────────────────────────────


def _everybody(token: str, sandbox: Sandbox | None) -> bool:
    return True


def _any(model: type[Any]) -> Callable[..., QuerySet[Any]]:
    return lambda sandbox, *more, **named: model.objects.order_by("-id")


def _anywhere(sandbox: Sandbox, name: str) -> Checkpoint:
    found = Checkpoint.objects.get(name=name)
    sandbox.pk = found.sandbox_id  # or what is attached in it would not be found: that is of the sandbox too
    return found


HOLES: Mapping[str, tuple[Any, str, Any, set[str]]] = {
    "any key opens any sandbox": (
        control_access,
        "may",
        _everybody,
        {f"GET {ONE}", f"GET {ONE}/filings", f"GET {ONE}/export"},
    ),
    "faults are everybody's": (faults, "in_force", _any(Fault), {f"GET {ONE}/faults"}),
    "webhooks are everybody's": (webhooks, "receivers", _any(Webhook), {f"GET {ONE}/webhooks"}),
    "checkpoints are everybody's": (snapshots, "checkpoints", _any(Checkpoint), {f"GET {ONE}/checkpoints"}),
    "a checkpoint is found by its name": (snapshots, "find", _anywhere, {f"GET {ONE}/export"}),
    "the queue is everybody's": (queueing, "waiting", _any(QueuedScenario), {f"GET {ONE}/scenario-queue"}),
    "the journal is everybody's": (journal, "of", _any(Exchange), {f"GET {ONE}/journal"}),
    "filings are everybody's": (
        explaining,
        "seen_by_customs",
        lambda sandbox: Filing.objects.all(),
        {f"GET {ONE}/filings"},
    ),
}
"""Leaks made on purpose: where, what, how, and the operations at which the net must notice."""


def test_the_net_notices_a_hole_wherever_one_is_made(
    other_world: World, secrets: Secrets, pieces: Pieces, identify: Identify, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = replace(identify(ANOTHERS), documented=False)
    here = {**pieces, "sandbox": other_world.id}
    for hole, (module, name, leaky, noticed) in HOLES.items():
        with monkeypatch.context() as made:
            made.setattr(module, name, leaky)
            where = pieces if module is control_access else here
            asked = ask(who, where, pieces, [one.partition(" ")[2] for one in noticed], ["GET"])
            assert leaks(asked, secrets, pieces).keys() == noticed, hole


def test_the_net_notices_a_door_left_open(
    secrets: Secrets, pieces: Pieces, visit: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_access, "may", _everybody)
    found = page_leaks(open_pages(visit("a bad key"), pieces, pieces), secrets, pieces)
    assert {one.partition(" ")[2] for one in found if one.startswith("GET")} >= PAGES - ENDINGS - MUTE
