"""Whether a name or a card exists is not told by the time a refusal takes: the same work is done for those there are
not.

Counted, not timed: hashes, signatures verified, and statements in their order.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from filings import visits
from filings.counters import card_keys
from filings.models import Card, Sandbox
from filings.models.people import SyntheticHasher
from tests.api.client import Caller, World

pytestmark = pytest.mark.django_db

NOBODY, NO_CARD = "nobody-at-all", "SIMC99999999"
SHAPE = re.compile(r'(SELECT|INSERT INTO|UPDATE|DELETE FROM|SAVEPOINT|RELEASE|ROLLBACK)(?:.*? FROM)? "?(\w+)"?')


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], list[str]]:
    """What a call takes."""
    done: list[str] = []
    hashes, verifies = SyntheticHasher.encode, card_keys._is_over

    def encode(self: Any, password: str, salt: str, iterations: int | None = None) -> str:
        done.append(f"hash of {iterations or self.iterations}")
        return hashes(self, password, salt, iterations)

    def is_over(*args: Any) -> bool:
        done.append("signature")
        return verifies(*args)

    monkeypatch.setattr(SyntheticHasher, "encode", encode)
    monkeypatch.setattr(card_keys, "_is_over", is_over)

    def counted(call: Callable[[], Any]) -> list[str]:
        call()  # what is made once in a process is made
        done.clear()
        with CaptureQueriesContext(connection) as asked:
            call()
        return [*done, *(shape(query["sql"]) for query in asked.captured_queries)]

    return counted


def shape(sql: str) -> str:
    """A statement without what it is about."""
    found = SHAPE.match(sql)
    return f"{found[1]} {found[2]}" if found and "SAVEPOINT" not in sql else sql.split()[0]


def signed() -> str:
    """Somebody's signature over something else."""
    return base64.b64encode(ec.generate_private_key(ec.SECP256R1()).sign(b"?", ec.ECDSA(SHA256()))).decode()


Work = Callable[[Callable[[], Any]], list[str]]


@pytest.mark.parametrize("locks", [False, True])
def test_a_user_there_is_not_takes_the_work_of_a_wrong_password(locks: bool, world: World, work: Work) -> None:
    Sandbox.objects.filter(key=world.id).update(login_lock=locks)
    tried = iter(range(99))

    def log_in(username: str) -> Callable[[], Any]:
        body = {"sandbox": world.id, "username": username}
        return lambda: (
            Caller().post("/sessions", body | {"password": f"wrong {next(tried)}"}).refused(401, "wrong_credentials")
        )

    known, unknown = work(log_in("card")), work(log_in(NOBODY))
    assert known == unknown
    assert sum(one.startswith("hash") for one in known) == 1


def test_so_it_does_on_the_screen(sandbox: Sandbox, work: Work) -> None:
    def log_in(username: str) -> Callable[[], Any]:
        form = {"sandbox": sandbox.key, "username": username, "password": "wrong"}
        return lambda: Client().post("/login", form)

    known, unknown = work(log_in("card")), work(log_in(NOBODY))
    assert known == unknown
    assert sum(one.startswith("hash") for one in known) == 1


def test_a_card_there_is_not_takes_the_work_of_a_wrong_pin(world: World, work: Work) -> None:
    def by_pin(number: str) -> Callable[[], Any]:
        body = {"sandbox": world.id, "card_no": number, "pin": "00000000"}
        return lambda: Caller().post("/sessions", body).refused(401, "wrong_credentials")

    known, unknown = work(by_pin(world.accounts["card"]["card_no"])), work(by_pin(NO_CARD))
    assert known == unknown
    assert sum(one.startswith("hash") for one in known) == 1
    assert "UPDATE filings_card" in known
    assert Card.objects.get(number=world.accounts["card"]["card_no"]).wrong_pins == 2


def test_a_card_there_is_not_is_challenged_by_the_same_work(world: World, work: Work) -> None:
    def challenge(number: str) -> Callable[[], Any]:
        return lambda: Caller().post("/sessions/challenge", {"sandbox": world.id, "card_no": number}).ok(201)

    known, unknown = work(challenge(world.accounts["card"]["card_no"])), work(challenge(NO_CARD))
    assert known == unknown
    assert "INSERT INTO filings_challenge" in known


def test_a_wrong_signature_takes_one_verification_whatever_the_card(world: World, work: Work) -> None:
    with_key, without = world.accounts["card"]["card_no"], world.accounts["agent"]["card_no"]
    world.control.get(f"/cards/{with_key}/key").ok(200)
    signature = signed()

    def by_signature(number: str) -> Callable[[], Any]:
        body = {"sandbox": world.id, "card_no": number, "random": "0" * 64, "signature": signature}
        return lambda: Caller().post("/sessions", body).refused(401, "wrong_credentials")

    taken = [work(by_signature(number)) for number in (with_key, without, NO_CARD)]
    assert taken[0] == taken[1] == taken[2]
    assert taken[0].count("signature") == 1


def test_work_left_out_would_be_noticed(world: World, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    honest, nobody = visits.check_password, visits._nobody()
    monkeypatch.setattr(
        visits, "check_password", lambda password, encoded: encoded != nobody and honest(password, encoded)
    )
    body = {"sandbox": world.id, "password": "wrong"}
    known, unknown = (
        work(lambda one=one: Caller().post("/sessions", body | {"username": one})) for one in ("card", NOBODY)
    )
    assert known != unknown
