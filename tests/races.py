"""Many at once, against the server as it is run. A script; a short form of it is a test (tests/control/test_races.py):

    python tests/races.py [--rounds 1000] [--threads 16] [--seed 1] [names of races]

Each round lets threads do things at the same moment in a world of its own: all but one at the same thing, or
everything beside what takes the ground from under it. No answer may be 500 or above, and afterwards what must hold has
to hold: one account, one ticket, one certificate, numbers without twins. `DATABASE_URL` names the database, a fresh
SQLite file unless told. Ends with 0 if all is as it must be.
"""

from __future__ import annotations

import argparse
import base64
import itertools
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402
from cryptography.hazmat.primitives.hashes import SHA256  # noqa: E402
from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: E402

REFERENCE: dict[str, Any] = json.loads((ROOT / "docs/reference-registration.json").read_text())
SOMEBODY = {
    "holder_name": "李演练",
    "holder_id_type": "居民身份证",
    "holder_id_number": "110101189001010024",
}
STRANGERS = ["91440399MAMX00015C", "91440399MAMX000237", "91440399MAMX000312"]
CSRF = "a" * 32
PDF = b"%PDF-1.4\n%test"


@dataclass(frozen=True)
class Call:
    """One request of a race."""

    method: str
    path: str
    body: Any = None
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    files: Any = None
    form: Any = None


@dataclass(frozen=True)
class Told:
    """What came back; status 0 where no answer came."""

    call: Call
    status: int
    json: Any


class Ring:
    """Where races are run: a line to the server, so many threads, and what was seen."""

    def __init__(self, wire: httpx.Client, threads: int, chance: random.Random) -> None:
        self.wire, self.threads, self.chance = wire, threads, chance
        self.answers: Counter[int] = Counter()
        self.broken: list[str] = []
        self.name = ""
        self._pool = ThreadPoolExecutor(threads)

    def ask(self, call: Call) -> Told:
        headers = {**call.headers, **({"Authorization": f"Bearer {call.token}"} if call.token else {})}
        try:
            answer = self.wire.request(
                call.method, call.path, json=call.body, headers=headers, files=call.files, data=call.form
            )
        except httpx.TransportError as error:
            self.wrong(f"{call.method} {call.path}: {error!r}")
            return Told(call, 0, None)
        self.answers[answer.status_code] += 1
        told = Told(
            call, answer.status_code, answer.json() if "json" in answer.headers.get("Content-Type", "") else None
        )
        if answer.status_code >= 500:
            self.wrong(f"{call.method} {call.path}: {answer.status_code} {(told.json or {}).get('code')}")
        return told

    def at_once(self, *calls: Call) -> list[Told]:
        """All of them, each `threads` wide at the most, begun at one moment."""
        line = threading.Barrier(min(len(calls), self.threads))

        def go(n: int) -> Told:
            if n < line.parties:
                line.wait()
            return self.ask(calls[n])

        return list(self._pool.map(go, range(len(calls))))

    def all(self, call: Call) -> list[Told]:
        """The same from every thread."""
        return self.at_once(*[call] * self.threads)

    def wrong(self, words: str) -> None:
        self.broken.append(f"{self.name}: {words}")

    def expect(self, holds: bool, words: object) -> None:
        if not holds:
            self.wrong(str(words))

    def one(self, told: list[Told], status: int, *others: str) -> None:
        """Exactly one of them got this status; all others a refusal of these codes."""
        tally = Counter(one.status if one.status < 300 else (one.json or {}).get("code") for one in told)
        self.expect(tally[status] == 1 and set(tally) <= {status, *others}, dict(tally))


class World:
    """A sandbox of its own, and calls in it."""

    def __init__(self, ring: Ring, **wanted: Any) -> None:
        self.ring = ring
        self.opened = ring.ask(Call("POST", "/control/v1/sandboxes", wanted)).json
        self.id: str = self.opened["id"]
        self.at = f"/control/v1/sandboxes/{self.id}"
        self.accounts = {one["role"]: one for one in self.opened["accounts"]}

    def token(self, role: str, medium: str = "password") -> str:
        return str(self.accounts[role]["token" if medium == "password" else "card_token"])

    def uscc(self, role: str = "card") -> str:
        return str(self.accounts[role]["uscc"])

    def mine(
        self, method: str, path: str, body: Any = None, role: str = "cardless", medium: str = "password", **more: Any
    ) -> Call:
        return Call(method, f"/api/v1{path}", body, self.token(role, medium), **more)

    def page(self, path: str, form: dict[str, str] | None = None, role: str = "card") -> Call:
        """A page as a browser asks for it, or what it posts."""
        cookies = {"Cookie": f"sim_session={self.token(role)}; csrftoken={CSRF}"}
        if form is None:
            return Call("GET", path, headers=cookies)
        return Call("POST", path, headers=cookies, form={**form, "csrfmiddlewaretoken": CSRF})

    def control(self, method: str, path: str, body: Any = None, **more: Any) -> Call:
        return Call(method, f"{self.at}{path}", body, **more)

    def ok(self, call: Call) -> Any:
        told = self.ring.ask(call)
        self.ring.expect(200 <= told.status < 300, (call.method, call.path, told.status, told.json))
        return told.json

    def sheet(self, role: str = "cardless") -> dict[str, Any]:
        names = {one["uscc"]: one["name_cn"] for one in self.opened["enterprises"]}
        return {**REFERENCE["content"], "uscc": self.uscc(role), "name_cn": names[self.uscc(role)]}

    def draft(self, role: str = "cardless") -> str:
        return str(
            self.ok(self.mine("POST", "/filings", {"kind": "registration", "content": self.sheet(role)}, role))["id"]
        )

    def all_of(self, path: str, role: str = "cardless", medium: str = "password") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ok(
            self.mine("GET", f"{path}{'&' if '?' in path else '?'}limit=500", None, role, medium)
        )["results"]
        return found


RACES: dict[str, Callable[[Ring], None]] = {}


def race(run: Callable[[Ring], None]) -> Callable[[Ring], None]:
    RACES[run.__name__] = run
    return run


# ── one of a kind ─────────────────────────────────────────────────────────────────────────────────────────────────


@race
def one_account_of_an_enterprise(ring: Ring) -> None:
    world = World(ring)
    if ring.chance.random() < 0.5:
        world.ok(world.control("POST", "/fixtures/enterprise", {"uscc": STRANGERS[0]}))
    told = ring.at_once(*(registration(world, f"u{n}", STRANGERS[0]) for n in range(ring.threads)))
    ring.one(told, 201, "enterprise_has_account")


@race
def one_account_of_a_name(ring: Ring) -> None:
    world = World(ring)
    told = ring.all(registration(world, "somebody", "", "personal"))
    ring.one(told, 201, "username_taken")


@race
def one_enterprise_of_a_code(ring: Ring) -> None:
    world = World(ring)
    told = ring.at_once(
        *(world.control("POST", "/fixtures/enterprise", {"uscc": STRANGERS[1]}) for _ in range(ring.threads - 2)),
        registration(world, "u1", STRANGERS[1]),
        registration(world, "u2", STRANGERS[1]),
    )
    made = [one for one in told if one.status == 201]
    ring.expect(1 <= len(made) <= 2, Counter(one.status for one in told))


@race
def one_ticket_of_a_question(ring: Ring) -> None:
    world = World(ring)
    told = ring.all(world.mine("POST", "/tickets", {"desk": "customs", "topic": "sync"}, "card"))
    ring.one(told, 201, "duplicate_ticket")
    ring.expect(len(world.all_of("/tickets", "card")) == 1, "tickets")


@race
def one_certificate_an_hour(ring: Ring) -> None:
    world = World(ring)
    told = ring.at_once(
        *(
            world.mine("POST", "/seal-certificates", None, role)
            for role in ("card", "agent")
            for _ in range(ring.threads // 2)
        )
    )
    for role in ("card", "agent"):
        ring.one([one for one in told if one.call.token == world.token(role)], 201, "certificate_hourly_limit")
        newest = [one for one in world.all_of("/seal-certificates", role) if one["latest"]]
        ring.expect(len(newest) == 1, "newest certificates")


@race
def one_legal_persons_card(ring: Ring) -> None:
    world = World(ring)
    told = ring.all(world.mine("POST", "/cards", {"type": "legal_person", **SOMEBODY}, "cardless"))
    ring.one(told, 201, "legal_person_card_exists")


@race
def cards_are_numbered(ring: Ring) -> None:
    world = World(ring)
    told = ring.all(world.mine("POST", "/cards", {"type": "operator", **SOMEBODY}, "card"))
    numbers = sorted(one["n"] for one in world.all_of("/cards", "card"))
    ring.expect(numbers == list(range(1, len(told) + 2)), numbers)


@race
def one_end_of_a_card(ring: Ring) -> None:
    world = World(ring)
    told = ring.at_once(
        *(world.mine("POST", "/cards/1/cancel", None, "card") for _ in range(ring.threads // 2)),
        *(
            world.mine("POST", "/cards/1/change-pin", {"old_pin": "88888888", "new_pin": f"2021{n:04d}"}, "card")
            for n in range(ring.threads // 2)
        ),
    )
    changed = [one for one in told if one.call.path.endswith("pin")]
    ring.expect(sum(one.status == 200 for one in changed) <= 1, "the factory's PIN served twice")
    (card,) = world.all_of("/cards", "card")
    ring.expect(card["status"] == "cancelled", card["status"])


@race
def wrong_pins_are_counted(ring: Ring) -> None:
    world = World(ring)
    number = world.accounts["card"]["card_no"]
    # So many that five of them come in a row, wherever the right one comes among them.
    told = ring.at_once(
        *(card_login(world, number, "00000000") for _ in range(max(ring.threads, 10))), card_login(world, number)
    )
    ring.expect(not any(one.status == 201 for one in told[:-1]), "let in by a wrong PIN")
    ring.expect(ring.ask(card_login(world, number)).status == 401, "a locked card lets in")
    ring.expect(world.all_of("/cards", "card")[0]["status"] == "locked", "not locked")


@race
def a_challenge_serves_once(ring: Ring) -> None:
    world = World(ring)
    number = world.accounts["card"]["card_no"]
    keys = ring.at_once(*[world.control("GET", f"/cards/{number}/key")] * 4)
    ring.expect(len({one.json["private_key"] for one in keys}) == 1, "two keys of a card")
    asked = world.ok(Call("POST", "/api/v1/sessions/challenge", {"sandbox": world.id, "card_no": number}))["random"]
    key: Any = load_pem_private_key(keys[0].json["private_key"].encode(), None)
    signature = base64.b64encode(key.sign(asked.encode(), ec.ECDSA(SHA256()))).decode()
    body = {"sandbox": world.id, "card_no": number, "random": asked, "signature": signature}
    ring.one(ring.all(Call("POST", "/api/v1/sessions", body)), 201, "wrong_credentials")


@race
def one_mandate_of_two(ring: Ring) -> None:
    world = World(ring)
    told = ring.all(world.mine("POST", "/mandates", {"agent": world.uscc("agent")}, "card"))
    ring.one(told, 201, "mandate_exists")
    (mandate,) = (one for one in world.all_of("/mandates", "card"))
    revoked = ring.at_once(
        *(
            world.mine("DELETE", f"/mandates/{mandate['id']}", None, role)
            for role in ("card", "agent")
            for _ in range(ring.threads // 2)
        )
    )
    ring.expect({one.status for one in revoked} == {204}, "revoking again is the same as once")


@race
def one_backfill(ring: Ring) -> None:
    world = World(ring)
    world.ok(
        world.control(
            "PUT",
            f"/ledgers/customs/{world.uscc()}",
            {"customs_qualified_on": "2017-01-01", "inspection_qualified_on": None},
        )
    )
    ring.one(ring.all(world.mine("POST", "/enterprise/backfill", {"number": "1"}, "card")), 201, "backfill_not_needed")


@race
def one_annual_report_of_a_year(ring: Ring) -> None:
    world = World(ring)
    world.ok(world.control("PUT", f"/ledgers/customs/{world.uscc()}", {"registered_on": "2019-01-01"}))
    ring.one(ring.all(world.mine("POST", "/annual-reports", {"year": 2020}, "card")), 201, "already_submitted")


@race
def one_checkpoint_of_a_name(ring: Ring) -> None:
    world = World(ring)
    told = ring.at_once(
        *[world.control("POST", "/checkpoints", {"name": "one"})] * (ring.threads // 2),
        *[world.control("POST", "/checkpoints", {"name": "again", "replace": True})] * (ring.threads // 2),
    )
    ring.one(told[: ring.threads // 2], 201, "checkpoint_exists")
    names = sorted(one["name"] for one in world.ok(world.control("GET", "/checkpoints"))["results"])
    ring.expect(names == ["again", "one"], names)


@race
def one_effect_of_a_key(ring: Ring) -> None:
    world = World(ring)
    body = {"kind": "registration", "content": world.sheet()}
    told = ring.all(world.mine("POST", "/filings", body, headers={"Idempotency-Key": "the-same"}))
    ring.expect(len({json.dumps(one.json) for one in told if one.status == 201}) == 1, "two answers of one key")
    ring.expect({one.status for one in told} <= {201, 409}, Counter(one.status for one in told))
    ring.expect(len(world.all_of("/filings")) == 1, "filings")


@race
def one_sandbox_of_a_key(ring: Ring) -> None:
    told = ring.all(
        Call(
            "POST",
            "/control/v1/sandboxes",
            {"situation": "empty"},
            headers={"Idempotency-Key": str(ring.chance.random())},
        )
    )
    ring.expect({one.status for one in told} <= {201, 409}, Counter(one.status for one in told))
    ring.expect(len({one.json["id"] for one in told if one.status == 201}) == 1, "sandboxes")


# ── filings ───────────────────────────────────────────────────────────────────────────────────────────────────────


@race
def one_declaration(ring: Ring) -> None:
    world = World(ring, scenario="by_hand")
    first, second = world.draft(), world.draft()
    told = ring.at_once(
        *(world.mine("POST", f"/filings/{one}/declare") for _ in range(ring.threads // 2) for one in (first, second))
    )
    ring.one(told, 200, "illegal_transition", "open_application_exists")
    ring.expect(sorted(one["status"] for one in world.all_of("/filings")) == ["declared", "draft"], "statuses")


@race
def one_step_of_many_hands(ring: Ring) -> None:
    world = World(ring, scenario="approve")
    filing = world.draft()
    world.ok(world.mine("POST", f"/filings/{filing}/declare"))
    told = ring.at_once(
        *(
            world.control("POST", f"/filings/{filing}/actions/{verb}")
            for verb in ("send", "store")
            for _ in range(ring.threads // 4)
        ),
        *(
            world.control("POST", f"/filings/{filing}/actions/advance", {"to": "approved"})
            for _ in range(ring.threads // 4)
        ),
        *(world.control("POST", "/clock/advance", {"until": "next_event"}) for _ in range(ring.threads // 4)),
    )
    ring.expect({one.status for one in told} <= {200, 409}, Counter(one.status for one in told))
    world.ok(world.control("POST", "/clock/advance", {"until": "idle"}))
    steps = timeline(world, filing)
    ring.expect(steps == STEPS, steps)


@race
def one_winner_of_every_step(ring: Ring) -> None:
    world = World(ring, scenario="by_hand")
    filing = world.draft()
    ring.one(
        ring.all(world.mine("POST", f"/filings/{filing}/declare")), 200, "illegal_transition", "open_application_exists"
    )
    for verb in ("send", "store", "route_manual"):
        ring.one(ring.all(world.control("POST", f"/filings/{filing}/actions/{verb}")), 200, "illegal_transition")
    told = ring.at_once(
        *(
            call
            for _ in range(ring.threads // 2)
            for call in (
                world.control("POST", f"/filings/{filing}/actions/approve"),
                world.control("POST", f"/filings/{filing}/actions/reject", {"reason_code": "address_mismatch"}),
            )
        )
    )
    ring.one(told, 200, "illegal_transition")
    (verb,) = (one.call.path.rpartition("/")[2] for one in told if one.status == 200)
    steps = timeline(world, filing)
    ring.expect(steps == [*STEPS[:-1], {"approve": "approved", "reject": "rejected"}[verb]], steps)
    ring.expect(Counter(one["status"] for one in world.all_of("/receipts"))[steps[-1]] == 1, "receipts of the decision")
    sound(world)


@race
def saves_are_versions(ring: Ring) -> None:
    world = World(ring)
    filing = world.draft()
    patch = [world.mine("PATCH", f"/filings/{filing}", {"content": {"remarks": str(n)}}) for n in range(ring.threads)]
    told = ring.at_once(*patch)
    ring.expect(
        sorted(one.json["version"] for one in told if one.status == 200) == list(range(2, len(told) + 2)), "versions"
    )
    there = len(told) + 1
    matched = [
        world.mine(
            "PATCH", f"/filings/{filing}", {"content": {"remarks": f"v{n}"}}, headers={"If-Match": f'"v{there}"'}
        )
        for n in range(ring.threads)
    ]
    ring.one(ring.at_once(*matched), 200, "precondition_failed")


@race
def attachments_are_numbered(ring: Ring) -> None:
    world = World(ring)
    filing = world.draft()
    call = world.mine("POST", f"/filings/{filing}/attachments", files={"file": ("a.pdf", PDF, "application/pdf")})
    told = ring.at_once(*[call] * 24)
    ring.expect(Counter(one.status for one in told) == {201: 20, 409: 4}, Counter(one.status for one in told))
    numbers = [one["n"] for one in world.ok(world.mine("GET", f"/filings/{filing}/attachments"))["results"]]
    ring.expect(numbers == list(range(1, 21)), numbers)


@race
def drafts_deleted_while_written(ring: Ring) -> None:
    world = World(ring)
    filing = world.draft()
    told = ring.at_once(
        *(world.mine("PATCH", f"/filings/{filing}", {"content": {"remarks": str(n)}}) for n in range(ring.threads - 3)),
        world.mine("DELETE", f"/filings/{filing}"),
        world.mine("DELETE", f"/filings/{filing}"),
        world.mine("POST", f"/filings/{filing}/copy"),
    )
    ring.one([one for one in told if one.call.method == "DELETE"], 204, "not_found")


@race
def a_receipt_is_seen_once(ring: Ring) -> None:
    world = World(ring, scenario="approve")
    filing = world.draft()
    world.ok(world.mine("POST", f"/filings/{filing}/declare"))
    world.ok(world.control("POST", "/clock/advance", {"until": "idle"}))
    receipts = [one["id"] for one in world.all_of("/receipts")]
    ring.at_once(
        *(world.mine("GET", f"/filings/{filing}/receipts") for _ in range(ring.threads // 4)),
        *(world.mine("POST", f"/receipts/{receipts[0]}/acknowledge") for _ in range(ring.threads // 4)),
        *(world.mine("GET", "/enterprise") for _ in range(ring.threads // 2)),
    )
    ring.expect([one["id"] for one in world.all_of("/receipts")] == receipts[1:], "mailbox")


@race
def a_queue_serves_as_often_as_it_says(ring: Ring) -> None:
    world = World(ring)
    roles = [account for account in world.accounts if account.startswith("category:")]
    changes = [
        world.ok(world.mine("POST", "/filings", {"kind": "change", "content": {"remarks": "变更"}}, role, "card"))["id"]
        for role in roles
    ]
    world.ok(world.control("POST", "/scenario-queue", {"scenario": "stuck", "times": 2}))
    told = ring.at_once(
        *(
            world.mine("POST", f"/filings/{one}/declare", None, role, "card")
            for one, role in zip(changes, roles, strict=True)
        )
    )
    ring.expect({one.status for one in told} == {200}, Counter(one.status for one in told))
    chosen = Counter(
        world.ok(world.control("GET", f"/filings/{change}/explain"))["scenario"]["source"] for change in changes
    )
    ring.expect(chosen["queue"] == 2, dict(chosen))


@race
def a_fault_strikes_as_often_as_it_says(ring: Ring) -> None:
    world = World(ring)
    world.ok(world.control("POST", "/faults", {"fault": "status; code=418", "times": 3}))
    world.ok(world.control("POST", "/faults", {"fault": "latency; ms=1", "probability": 0.5}))
    told = ring.all(world.mine("GET", "/filings"))
    ring.expect(sum(one.status == 418 for one in told) == 3, Counter(one.status for one in told))


@race
def receivers_have_their_limit(ring: Ring) -> None:
    world = World(ring)
    told = ring.at_once(*(world.control("POST", "/webhooks", {"url": f"https://93.184.215.14/{n}"}) for n in range(24)))
    ring.expect(Counter(one.status for one in told) == {201: 20, 409: 4}, Counter(one.status for one in told))


# ── books, clocks, worlds ─────────────────────────────────────────────────────────────────────────────────────────


@race
def books_are_written_at_once(ring: Ring) -> None:
    world = World(ring)
    about = STRANGERS[2]
    kinds = [
        world.control("PUT", f"/ledgers/customs/{about}", {"registered_on": "2020-01-01", "categories": ["10000000"]}),
        world.control("PUT", f"/ledgers/mofcom/{about}", {"name_cn": "演练"}),
        world.control("POST", "/sync", {}),
        world.control("POST", "/sync", {"uscc": about}),
        world.mine("GET", "/enterprise", None, "card"),
        world.control("POST", "/situation", {"situation": "overdue_mirror"}),
        world.control("POST", "/faults", {"fault": "mirror_lag"}),
        world.mine("POST", "/client-control/install", None, "card"),
    ]
    ring.at_once(*itertools.islice(itertools.cycle(kinds), 2 * ring.threads))
    world.ok(world.control("POST", "/sync", {}))
    ring.expect(world.ok(world.mine("GET", "/enterprise", None, "card"))["standing"] == "normal", "standing")


@race
def keeping_is_of_what_is_named(ring: Ring) -> None:
    world = World(ring)
    wanted = [{"name": "新名"}, {"pinned": True}, {"magic_names": False}, {"ttl_hours": 5}]
    ring.at_once(
        *(world.control("PATCH", "", one) for one in wanted), world.control("PUT", "/scenario", {"scenario": "stuck"})
    )
    kept = world.ok(world.control("GET", ""))
    found = [kept[name] for name in ("name", "pinned", "magic_names", "scenario")]
    ring.expect(found == ["新名", True, False, "stuck"], found)
    ring.ask(world.control("DELETE", ""))


def declared(world: World) -> list[tuple[str, str]]:
    """Filings of several enterprises, all declared at one moment: each with its role."""
    filed = [(world.draft(), "cardless")]
    for role in [account for account in world.accounts if account.startswith("category:")][:3]:
        body = {"kind": "change", "content": {"remarks": "变更"}}
        filed.append((world.ok(world.mine("POST", "/filings", body, role, "card"))["id"], role))
    for filing, role in filed:
        world.ok(
            world.mine("POST", f"/filings/{filing}/declare", None, role, "password" if role == "cardless" else "card")
        )
    return filed


STEPS = ["draft", "declared", "sent", "stored", "manual_review", "approved"]


@race
def an_advance_beside_writers(ring: Ring) -> None:
    world = World(ring, scenario="approve")
    filed = declared(world)
    told = ring.at_once(
        *[world.control("POST", "/clock/advance", {"until": "idle"})] * 3,
        *(world.mine("POST", "/filings", {"kind": "registration", "content": {}}) for _ in range(ring.threads - 6)),
        world.mine("POST", "/tickets", {"desk": "mofcom", "topic": "reason"}, "card"),
        world.mine("GET", "/filings"),
        world.control("POST", "/situation", {"situation": "stale_form"}),
    )
    ring.expect(
        {one.status for one in told} <= {200, 201, 409},
        Counter((one.status, (one.json or {}).get("code")) for one in told),
    )
    fired = [
        one
        for each in told
        if each.status == 200 and "fired" in each.json
        for one in each.json["fired"]
        if one["verb"] != "answer"
    ]
    wanted = sorted((filing, verb) for filing, _ in filed for verb in ("approve", "route_manual", "send", "store"))
    ring.expect(sorted((one["subject"], one["verb"]) for one in fired) == wanted, fired)
    ring.expect(all(timeline(world, filing, role) == STEPS for filing, role in filed), "timelines")


@race
def a_clock_that_runs_by_itself(ring: Ring) -> None:
    world = World(ring, scenario="approve; pace=fast", clock={"mode": "scaled", "rate": 600})
    filed = declared(world)
    for _ in range(3):
        ring.at_once(
            *(
                world.mine("GET", f"/filings/{filing}", None, role)
                for filing, role in filed
                for _ in range(ring.threads // 4)
            ),
            world.control("PUT", "/clock", {"mode": "real"}),
            world.control("PUT", "/clock", {"mode": "scaled", "rate": 600}),
            world.control("POST", "/clock/advance", {"by": "PT20S"}),
        )
    world.ok(world.control("PUT", "/clock", {"mode": "frozen"}))
    world.ok(world.control("POST", "/clock/advance", {"until": "idle"}))
    ring.expect(all(timeline(world, filing, role) == STEPS for filing, role in filed), "timelines")


@race
def deleted_under_writers(ring: Ring) -> None:
    world = World(ring)
    calls = [everything(world, ring.chance) for _ in range(4 * ring.threads)]
    calls.insert(ring.chance.randrange(len(calls)), world.control("DELETE", ""))
    calls.insert(ring.chance.randrange(len(calls)), world.control("DELETE", ""))
    told = ring.at_once(*calls)
    ring.one([one for one in told if one.call == world.control("DELETE", "")], 204, "not_found", "world_reset")
    ring.expect(ring.ask(world.control("GET", "")).status == 404, "it is still there")


@race
def reset_under_writers(ring: Ring) -> None:
    world = World(ring)
    world.ok(world.control("POST", "/checkpoints", {"name": "kept"}))
    grounds = [
        world.control("POST", "/reset"),
        world.control("POST", "/reset"),
        world.control("POST", "/situation", {"situation": "standard"}),
        world.control("POST", "/checkpoints/kept/restore"),
        world.control("GET", "/export"),
        world.control("POST", "/checkpoints", {"name": "kept", "replace": True}),
    ]
    calls = [everything(world, ring.chance) for _ in range(3 * ring.threads)]
    for one in grounds:
        calls.insert(ring.chance.randrange(len(calls)), one)
    told = ring.at_once(*calls)
    resets = [one for one in told if one.call.path.endswith("/reset")]
    ring.expect(
        {reset.status for reset in resets} <= {200},
        Counter((one.status, (one.json or {}).get("code")) for one in resets),
    )
    world.ok(world.control("POST", "/reset"))
    world.ok(world.mine("POST", f"/filings/{world.draft()}/declare"))
    world.ok(world.control("POST", "/clock/advance", {"until": "idle"}))
    ring.expect(world.ok(world.mine("GET", "/enterprise"))["standing"] == "normal", "standing")


@race
def a_checkpoint_under_writers(ring: Ring) -> None:
    """Kept while they write, it is of one moment: restored, it is a world, though they write on."""
    world = World(ring, scenario="approve")
    filing = world.draft()

    def writing() -> list[Call]:
        return [
            *(
                world.mine("POST", "/filings", {"kind": "registration", "content": {"remarks": "新"}})
                for _ in range(ring.threads)
            ),
            *(world.mine("PATCH", f"/filings/{filing}", {"content": {"remarks": str(n)}}) for n in range(ring.threads)),
            *(
                world.mine(
                    "POST", f"/filings/{filing}/attachments", files={"file": (f"{n}.pdf", PDF, "application/pdf")}
                )
                for n in range(4)
            ),
            world.mine("POST", f"/filings/{filing}/declare"),
            world.control("POST", "/clock/advance", {"until": "idle"}),
        ]

    def shuffled(*grounds: Call) -> list[Told]:
        calls = [*writing(), *grounds]
        ring.chance.shuffle(calls)
        return ring.at_once(*calls)

    shuffled(*(world.control("POST", "/checkpoints", {"name": name}) for name in ("a", "b", "c")))
    for name in ("a", "b", "c"):
        told = shuffled(world.control("POST", f"/checkpoints/{name}/restore"))
        (restored,) = (one for one in told if one.call.path.endswith("/restore"))
        ring.expect(restored.status == 200, (restored.status, restored.json))
        sound(world)
        world.ok(world.control("POST", f"/checkpoints/{name}/restore"))
        sound(world)


@race
def worlds_keep_apart(ring: Ring) -> None:
    """In four worlds things have the same names; what many do at once in each is seen in that one alone."""
    worlds = [World(ring, scenario="by_hand") for _ in range(4)]
    drafts = [world.draft() for world in worlds]
    ring.expect(len(set(drafts)) == 1, drafts)
    told = ring.at_once(
        *(
            call
            for n, (world, draft) in enumerate(zip(worlds, drafts, strict=True))
            for call in (
                world.mine(
                    "PATCH", f"/filings/{draft}", {"content": {"remarks": f"世界{n}"}}, headers={"If-Match": '"v1"'}
                ),
                world.mine(
                    "PATCH", f"/filings/{draft}", {"content": {"remarks": f"世界{n}"}}, headers={"If-Match": '"v1"'}
                ),
                *(
                    world.mine(
                        "POST",
                        "/filings",
                        {"kind": "registration", "content": {"remarks": f"世界{n}"}},
                        headers={"Idempotency-Key": "the-same"},
                    )
                    for _ in range(2)
                ),
                world.control("POST", "/clock/advance", {"by": f"PT{n + 1}H"}),
            )
        )
    )
    ring.expect({one.status for one in told} <= {200, 201, 409, 412}, Counter(one.status for one in told))
    for n, world in enumerate(worlds):
        filings = world.all_of("/filings")
        ring.expect(len(filings) == 2, f"{len(filings)} filings in world {n}")
        remarks = {
            world.ok(world.mine("GET", f"/filings/{filing['id']}"))["content"].get("remarks") for filing in filings
        }
        ring.expect(remarks == {f"世界{n}"}, remarks)
        now = world.ok(world.control("GET", "/clock"))["now"]
        ring.expect(now.startswith(f"2021-12-01T{10 + n}"), now)
        sound(world)


@race
def checks_of_an_attempt(ring: Ring) -> None:
    """However many check at once, with deeds and answers beside: what is judged is kept in order, and never twice."""
    begun, at = attempt(ring, "faq-2-4")
    told = ring.all(Call("POST", f"{at}/check"))
    ring.expect({one.status for one in told} == {200}, Counter(one.status for one in told))
    ring.expect(numbers(ring, at) == [1], f"{numbers(ring, at)} evaluations of one state")
    mine = begun["accounts"][0]["token"]
    calls = [Call("POST", f"{at}/check") for _ in range(2 * ring.threads)]
    calls += [Call("POST", "/api/v1/tickets", {"desk": "customs", "topic": "sync"}, mine) for _ in range(4)]
    calls += [Call("GET", f"/api/v1/publicity/{begun['accounts'][0]['uscc']}", None, mine) for _ in range(4)]
    ring.chance.shuffle(calls)
    ring.at_once(*calls)
    kept = ring.ask(Call("GET", at)).json["evaluations"]
    ring.expect([one["n"] for one in kept] == list(range(1, len(kept) + 1)), [one["n"] for one in kept])
    ring.expect([one["up_to_seq"] for one in kept] == sorted(one["up_to_seq"] for one in kept), "order")


@race
def an_exam_is_checked_once(ring: Ring) -> None:
    begun, at = attempt(ring, "faq-1-1", "exam")
    calls = [Call("POST", f"{at}/check"), Call("POST", f"/control/v1/sandboxes/{begun['sandbox']}/conformance")]
    ring.one(ring.at_once(*(ring.chance.choice(calls) for _ in range(ring.threads))), 200, "checked_already")
    ring.expect(numbers(ring, at) == [1], numbers(ring, at))


@race
def hints_of_an_attempt(ring: Ring) -> None:
    _, at = attempt(ring, "faq-2-4")
    ring.one(ring.all(Call("POST", f"{at}/hints")), 200, "hint_not_yet")
    ring.ask(Call("POST", f"{at}/check"))
    ring.one(ring.all(Call("POST", f"{at}/hints")), 200, "hint_not_yet")
    ring.expect([one["level"] for one in ring.ask(Call("GET", at)).json["hints"]] == [1, 2], "levels")


@race
def an_attempt_whose_world_goes(ring: Ring) -> None:
    """Checked, answered and acted in while its sandbox is deleted: it stays, as it was at one moment."""
    begun, at = attempt(ring, "faq-1-9")
    mine = begun["accounts"][0]["card_token"]
    world = f"/control/v1/sandboxes/{begun['sandbox']}"
    ring.ask(Call("POST", f"{at}/check"))
    calls = [
        *(Call("POST", f"{at}/check") for _ in range(ring.threads)),
        *(Call("POST", f"{at}/hints") for _ in range(3)),
        *(Call("POST", "/api/v1/tickets", {"desk": "customs", "topic": "status"}, mine) for _ in range(6)),
        Call("POST", f"{world}/clock/advance", {"by": "PT1H"}),
        ring.chance.choice([Call("DELETE", world), Call("POST", f"{world}/reset")]),
    ]
    ring.chance.shuffle(calls)
    ring.at_once(*calls)
    stands = ring.ask(Call("GET", at)).json
    ring.expect((stands["state"], stands["sandbox"]) == ("abandoned", None), stands)
    ring.expect([one["n"] for one in stands["evaluations"]] == list(range(1, len(stands["evaluations"]) + 1)), stands)
    first, again = (ring.ask(Call("POST", f"{at}/check")).json for _ in range(2))
    ring.expect(first == again, "judged otherwise")


@race
def attempts_begun_at_once(ring: Ring) -> None:
    """Of one seed they are alike and keep apart, be their world built just now or ready."""
    seed = ring.chance.randrange(10**6)
    told = ring.all(Call("POST", "/control/v1/exercises/faq-2-6/attempts", {"seed": seed}))
    ring.expect({one.status for one in told} == {201}, Counter(one.status for one in told))
    ring.expect(len({one.json["id"] for one in told}) == len(told), "ids")
    ring.expect(len({one.json["task"] for one in told}) == 1, "tasks")
    exports = [ring.ask(Call("GET", f"/control/v1/sandboxes/{one.json['sandbox']}/export")).json for one in told]
    ring.expect(len({len(json.dumps(one["tables"])) for one in exports}) == 1, "worlds")
    for one in told:
        ring.ask(Call("DELETE", f"/control/v1/sandboxes/{one.json['sandbox']}"))


def attempt(ring: Ring, exercise: str, mode: str = "practice") -> tuple[Any, str]:
    """A new attempt, and its address."""
    begun = ring.ask(Call("POST", f"/control/v1/exercises/{exercise}/attempts", {"mode": mode})).json
    return begun, f"/control/v1/attempts/{begun['id']}"


def numbers(ring: Ring, at: str) -> list[int]:
    """The numbers of what an attempt was judged."""
    return [one["n"] for one in ring.ask(Call("GET", at)).json["evaluations"]]


def sound(world: World) -> None:
    """Whether the whole of it is a world: what is exported passes the checks of an import, and it counts what it
    holds."""
    carried = world.ring.ask(Call("POST", "/control/v1/sandboxes/import", world.ok(world.control("GET", "/export"))))
    world.ring.expect(carried.status == 201, carried.json)
    if carried.status == 201:
        world.ring.ask(Call("DELETE", f"/control/v1/sandboxes/{carried.json['id']}"))
    held, there = (
        world.ok(world.control("GET", ""))["usage"]["filings"]["used"],
        world.ok(world.control("GET", "/filings?limit=500")),
    )
    world.ring.expect(held == len(there["results"]), (held, len(there["results"])))


def everything(world: World, chance: random.Random) -> Call:
    """Any of what may be done in a world, by either plane."""
    n = chance.randrange(10**6)
    role = chance.choice(["card", "agent", "cardless"])
    number = world.accounts["card"]["card_no"]
    return chance.choice(
        [
            lambda: world.mine("POST", "/filings", {"kind": "registration", "content": {"remarks": str(n)}}, role),
            lambda: world.mine("POST", "/filings", {"kind": "change", "content": {"remarks": str(n)}}, "card", "card"),
            lambda: world.mine("PATCH", "/filings/F000003", {"content": {"remarks": str(n)}}, role),
            lambda: world.mine("POST", f"/filings/F00000{n % 9}/declare", None, role),
            lambda: world.mine(
                "POST", f"/filings/F00000{n % 9}/attachments", files={"file": ("a.pdf", PDF, "application/pdf")}
            ),
            lambda: world.mine("GET", "/enterprise", None, role),
            lambda: world.mine("GET", f"/publicity/{world.uscc()}", None, "card"),
            lambda: world.mine("GET", "/enterprise/certificate.pdf", None, "card"),
            lambda: world.mine("GET", "/filings", None, role),
            lambda: world.mine("GET", "/sessions/current", None, role),
            lambda: world.mine("POST", "/tickets", {"desk": "customs", "topic": "sync"}, role),
            lambda: world.mine("POST", "/seal-certificates", None, role),
            lambda: world.mine("POST", "/cards", {"type": "operator", **SOMEBODY}, role),
            lambda: world.mine("POST", "/mandates", {"agent": world.uscc("agent")}, "card"),
            lambda: world.mine("POST", "/annual-reports", {"year": 2020}, "card"),
            lambda: world.mine("POST", "/client-control/install", None, role),
            lambda: registration(world, f"u{n}", STRANGERS[n % 3]),
            lambda: Call("POST", "/api/v1/sessions", {"sandbox": world.id, "username": role, "password": "Demo-2021"}),
            lambda: card_login(world, number),
            lambda: card_login(world, number, "00000000"),
            lambda: Call("POST", "/api/v1/sessions/challenge", {"sandbox": world.id, "card_no": number}),
            lambda: world.control("GET", f"/cards/{number}/key"),
            lambda: world.control("POST", "/sync", {}),
            lambda: world.control("PUT", f"/ledgers/customs/{STRANGERS[n % 3]}", {"registered_on": "2020-01-01"}),
            lambda: world.control("PUT", f"/ledgers/mofcom/{STRANGERS[n % 3]}", {"name_cn": "演练"}),
            lambda: world.control(
                "POST",
                "/situation",
                {"situation": chance.choice(["not_synced", "stale_form", "publicity_lag", "mandate_expired"])},
            ),
            lambda: world.control(
                "POST", "/fixtures/filing", {"state": chance.choice(["draft", "stored", "approved"])}
            ),
            lambda: world.control("POST", "/fixtures/account", {}),
            lambda: world.control("POST", "/fixtures/card", {"uscc": world.uscc()}),
            lambda: world.control("POST", "/clock/advance", {"by": "PT1H"}),
            lambda: world.control("PUT", "/clock", {"mode": "frozen"}),
            lambda: world.control("POST", "/faults", {"fault": "latency; ms=1", "times": 1}),
            lambda: world.control("POST", "/scenario-queue", {"scenario": "reject"}),
            lambda: world.control("POST", "/webhooks", {"url": "https://93.184.215.14/"}),
            lambda: world.control("POST", "/sessions/expire", {"account": "personal"}),
            lambda: world.control("PATCH", "", {"name": str(n)}),
            lambda: world.page("/enterprise"),
            lambda: world.page("/filings/new", {"do": "save", "remarks": str(n)}, role),
            lambda: world.page("/tickets", {"desk": "platform", "topic": "status"}, role),
            lambda: world.page("/cards", {"type": "operator", **SOMEBODY}, role),
            lambda: world.page("/register", {**registration(world, f"w{n}", STRANGERS[n % 3]).body}),
            lambda: world.page("/login", {"sandbox": world.id, "username": role, "password": "Demo-2021"}),
            lambda: world.page(f"/console/sandboxes/{world.id}"),
            lambda: world.page(
                f"/console/sandboxes/{world.id}", {"do": chance.choice(["advance:PT1M", "pin:yes", "magic:no"])}
            ),
            lambda: world.page(
                f"/console/sandboxes/{world.id}/checkpoints", {"do": "keep", "name": "web", "replace": "on"}
            ),
            lambda: world.page(f"/customs/?sandbox={world.id}"),
            lambda: world.control("GET", "/coverage"),
            lambda: world.control("GET", "/journal"),
            lambda: world.control("DELETE", "/journal"),
            lambda: world.control("POST", "/journal/verify", {"match": {"status": 200}}),
        ]
    )()


def registration(world: World, username: str, uscc: str, user_type: str = "enterprise") -> Call:
    body = {
        "sandbox": world.id,
        "username": username,
        "password": "Demo-2021",
        "user_type": user_type,
        "display_name": "演练",
    }
    return Call("POST", "/api/v1/accounts", body | ({"uscc": uscc} if uscc else {}))


def card_login(world: World, number: str, pin: str = "88888888") -> Call:
    return Call("POST", "/api/v1/sessions", {"sandbox": world.id, "card_no": number, "pin": pin})


def timeline(world: World, filing: str, role: str = "cardless") -> list[str]:
    """The statuses a filing went through; "?" at the end where they were not reached in the order of their moments."""
    steps = world.ok(world.mine("GET", f"/filings/{filing}/timeline", None, role))["results"]
    in_order = sorted(steps, key=lambda one: str(one["at"])) == steps
    return [step["to"] for step in steps] + ([] if in_order else ["?"])


def run(wire: httpx.Client, names: list[str], rounds: int, threads: int, seed: int) -> Ring:
    """So many rounds in all, the races in turn. A world that broke nothing is thrown away with the server."""
    ring = Ring(wire, threads, random.Random(seed))
    for n, name in zip(range(rounds), itertools.cycle(names), strict=False):
        ring.name = f"round {n}, {name}"
        try:
            RACES[name](ring)
        except (KeyError, TypeError, ValueError) as error:
            ring.wrong(f"could not go on: {error!r}")
    return ring


def client(base: str, threads: int) -> httpx.Client:
    """A client whose threads never wait for one another's connection."""
    return httpx.Client(
        base_url=base,
        timeout=120,
        trust_env=False,
        limits=httpx.Limits(max_connections=2 * threads, max_keepalive_connections=2 * threads),
    )


if __name__ == "__main__":
    from tests.running import start, stop

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("names", nargs="*", help=", ".join(RACES))
    asked.add_argument("--rounds", type=int, default=1000)
    asked.add_argument("--threads", type=int, default=16)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="races-"))
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'races.sqlite3'}"
    server, base, _ = start(folder / "log", DATABASE_URL=url)
    began = time.monotonic()
    try:
        with client(base, given.threads) as wire:
            ring = run(wire, given.names or list(RACES), given.rounds, given.threads, given.seed)
    finally:
        stop(server)
    for words in ring.broken:
        print(words)
    tracebacks = (folder / "log").read_text().count("Traceback")
    print(
        f"{given.rounds} rounds in {time.monotonic() - began:.0f} s on {url.split(':')[0]}: "
        f"{dict(sorted(ring.answers.items()))}"
    )
    print(f"{len(ring.broken)} broken, {tracebacks} tracebacks in {folder / 'log'}")
    sys.exit(int(bool(ring.broken or tracebacks)))
