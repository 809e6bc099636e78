"""去试一试: each entry's situation in a sandbox of one's own, and the way back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from filings.lab.grading import practice
from filings.lab.grading.exercises import EXERCISES
from filings.lab.worlds import cast
from filings.models import Sandbox, Session, wall
from filings.models.sandbox import OPENING_MOMENT, secret_digest
from filings.rules import faq
from tests.web.pages import Page

pytestmark = pytest.mark.django_db


def begin(client: Client, entry: str) -> Any:
    return client.post(f"/faq/{entry}/try")


def session(client: Client) -> Session:
    token = client.cookies["sim_session"].value
    return Session.objects.select_related("sandbox", "account").get(token_digest=secret_digest(token))


@pytest.mark.parametrize("entry", EXERCISES)
def test_each_entry_is_tried_where_it_happens_by_who_meets_it(client: Client, entry: str) -> None:
    exercise = EXERCISES[entry]
    reply = begin(client, entry)
    assert reply.status_code == 303, reply.content.decode()
    where = session(client)
    assert (where.account.role, where.medium) == (exercise.role, exercise.medium)
    assert where.sandbox.name == f"练习 {entry}"
    assert where.sandbox.now() == (exercise.now or OPENING_MOMENT)
    shown = client.get(reply["Location"])
    told = Page(shown)
    assert shown.status_code in (200, 403), told
    assert "练习开始" in told
    assert exercise.say in told
    assert (shown.status_code == 403) is (entry in ("1.5", "2.3")), "two entries begin with their refusal"


def test_the_sandbox_is_ones_own_short_lived_and_tells_what_is_tried(client: Client) -> None:
    begin(client, "2.13")
    first = session(client).sandbox
    begin(client, "2.13")
    second = session(client).sandbox
    assert first.key != second.key
    assert (second.pinned, second.kept_hours) == (False, practice.KEPT_HOURS)
    assert practice.tried_in(second) is EXERCISES["2.13"]


def test_time_passes_at_a_button_and_one_stays_where_one_was(client: Client) -> None:
    begin(client, "2.4")
    client.post("/tickets", {"desk": "customs", "topic": "sync"})
    assert "企业未注册成功" in Page(client.get("/enterprise"))
    reply = client.post("/practice", {"do": "PT1H", "next": "/enterprise"})
    assert (reply.status_code, reply["Location"]) == (303, "/enterprise")
    told = Page(client.get("/enterprise"))
    assert "时钟已快进" in told
    assert "正常" in told.texts("span")
    assert client.post("/practice", {"do": "PT1M", "next": "https://evil.example/"})["Location"] == "/"
    assert client.post("/practice", {"do": "P1000Y"}).status_code == 404


def test_afterwards_one_is_who_one_was(client: Client, sandbox: Sandbox) -> None:
    client.post(
        "/login", {"sandbox": sandbox.key, "medium": "password", "username": "cardless", "password": cast.PASSWORD}
    )
    token = client.cookies["sim_session"].value
    begin(client, "2.10")
    begin(client, "2.5")
    tried = session(client).sandbox
    reply = client.post("/practice", {"do": "end"})
    assert (reply.status_code, reply["Location"]) == (303, "/faq/2.5")
    assert client.cookies["sim_session"].value == token
    assert not Sandbox.objects.filter(pk=tried.pk).exists()
    assert "练习已结束" in Page(client.get("/faq/2.5"))
    assert "云帆演练 经办人" in Page(client.get("/"))


def test_who_was_nobody_is_nobody_again(client: Client) -> None:
    begin(client, "2.5")
    client.post("/practice", {"do": "end"})
    assert client.get("/")["Location"] == "/login?next=%2F"


def test_no_other_sandbox_is_advanced_or_ended_so(client: Client, sandbox: Sandbox) -> None:
    client.post(
        "/login", {"sandbox": sandbox.key, "medium": "password", "username": "cardless", "password": cast.PASSWORD}
    )
    assert "结束练习" not in client.get("/").content.decode()
    for do in ("end", "PT1H"):
        assert client.post("/practice", {"do": do}).status_code == 404
    assert Sandbox.objects.get(pk=sandbox.pk).now() == sandbox.now()
    assert client.post("/logout").status_code == 303
    assert client.post("/practice", {"do": "end"}).status_code == 302


def practices() -> list[int]:
    return list(Sandbox.objects.filter(key__startswith=practice.MARK).order_by("id").values_list("pk", flat=True))


@pytest.mark.parametrize("limit", ["MOST", "OF_ONE"])
def test_what_is_in_use_is_never_thrown_out_and_the_longest_unused_makes_room(
    limit: str, client: Client, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox
) -> None:
    monkeypatch.setattr(practice, limit, 3)
    for entry in ("2.1", "2.2", "2.4"):
        assert begin(client, entry).status_code == 303
    made = practices()
    full = begin(client, "2.5")
    assert (full.status_code, full["Retry-After"]) == (429, "600")
    assert practices() == made
    Sandbox.objects.filter(pk=made[1]).update(used_at=wall() - practice.IN_USE)
    assert begin(client, "2.5").status_code == 303
    assert made[1] not in practices()
    assert {made[0], made[2], session(client).sandbox.pk} == {*practices()}
    assert Sandbox.objects.filter(pk=sandbox.pk).exists()


def test_one_address_takes_nothing_from_another(client: Client, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(practice, "OF_ONE", 1)
    assert begin(client, "2.1").status_code == 303
    assert begin(client, "2.1").status_code == 429
    assert begin(Client(REMOTE_ADDR="192.0.2.9"), "2.1").status_code == 303


@pytest.mark.parametrize("entry", ["9.9", "x", "2.4.1"])
def test_there_is_nothing_else_to_try(client: Client, entry: str) -> None:
    assert begin(client, entry).status_code == 404
    assert not Sandbox.objects.exists()


def test_it_is_a_deed_and_needs_its_token() -> None:
    client = Client(enforce_csrf_checks=True)
    assert begin(client, "2.4").status_code == 403
    assert client.get("/faq/2.4/try").status_code == 405
    assert not Sandbox.objects.exists()


def test_every_key_tells_its_entry_and_no_other_key_does() -> None:
    for entry in faq.ENTRIES:
        assert (
            practice.tried_in(Sandbox(key=f"{practice.MARK}{entry.replace('.', '-')}-0123456789ab")) is EXERCISES[entry]
        )
    for key in ("demo", "sb-1-2", "try-9-9-00", "try-", "try-1"):
        assert practice.tried_in(Sandbox(key=key)) is None
