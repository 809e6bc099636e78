"""Whoever guesses a secret waits, longer each time; whoever knows it, or only makes a mistake, is not stopped for
long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from filings import guessing, visits
from filings.lab.worlds import cast, demo
from filings.models import Guesses, Session, wall
from filings.models import sandbox as clock
from filings.rules.refusals import Refusal
from tests.api.client import CONTROL, Caller, World

TOKEN = "operators-token"
FAR = {"REMOTE_ADDR": "192.0.2.7"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let wall time pass."""

    ahead = timedelta()

    def pass_by(passed: timedelta) -> None:
        nonlocal ahead
        ahead += passed
        moment = wall() + ahead
        for module in (guessing, visits, clock):
            monkeypatch.setattr(module, "wall", lambda: moment)

    return pass_by


@pytest.fixture
def exposed(settings: Any) -> None:
    settings.HOST, settings.SIM_CONTROL_TOKEN, settings.ALLOWED_HOSTS = "0.0.0.0", TOKEN, ["*"]


def test_five_wrong_ones_then_waits_that_double_up_to_a_quarter_of_an_hour(later: Any) -> None:
    waits = []
    for n in range(16):
        guessing.wrong(f"guess {n}", "somebody")
        try:
            guessing.check("somebody")
            waits.append(0)
        except Refusal as refusal:
            waits.append(int(refusal.headers["Retry-After"]))
        later(timedelta(minutes=15))
    assert waits[:4] == [0] * 4
    assert waits[4:10] == [30, 60, 120, 240, 480, 900]
    assert set(waits[10:]) == {900}


def test_a_right_one_and_a_day_of_quiet_are_the_end_of_it(later: Any) -> None:
    for n in range(5):
        guessing.wrong(f"guess {n}", "somebody")
    guessing.right("somebody")
    guessing.check("somebody")
    for n in range(4):
        guessing.wrong(f"guess {n}", "somebody")
    later(timedelta(days=2))
    guessing.forget_old()
    assert not Guesses.objects.exists()


def test_the_same_wrong_one_again_is_no_guess() -> None:
    for _ in range(50):
        guessing.wrong("an old key", "a build")
    guessing.check("a build")
    for n in range(3):
        guessing.wrong(f"guess {n}", "a build")
    guessing.check("a build")
    guessing.wrong("guess 3", "a build")
    with pytest.raises(Refusal):
        guessing.check("a build")


def test_the_control_token_cannot_be_guessed(exposed: None, later: Any) -> None:
    afar = [Caller(CONTROL, f"guess {n}", environ=FAR).get("/scenarios").status for n in range(8)]
    assert afar == [403] * 5 + [429] * 3
    refused = Caller(CONTROL, TOKEN, environ=FAR).get("/scenarios").refused(429, "too_many_attempts")
    assert 0 < int(refused.headers["Retry-After"]) <= 30
    Caller(CONTROL, TOKEN, environ={"REMOTE_ADDR": "192.0.2.8"}).get("/scenarios").ok(200)
    later(timedelta(seconds=31))
    Caller(CONTROL, TOKEN, environ=FAR).get("/scenarios").ok(200)


def test_nor_at_the_door_of_the_console(exposed: None) -> None:
    door = Client(**FAR)
    assert [door.post("/console/login", {"token": f"guess {n}"}).status_code for n in range(6)] == [403] * 5 + [429]
    held = door.post("/console/login", {"token": TOKEN})
    assert held.status_code == 429
    assert "Retry-After" in held


def test_a_login_of_the_demo_cannot_be_guessed_and_whether_it_exists_is_not_told(later: Any) -> None:
    demo.ensure_demo()
    anyone = Caller()
    for name in ("card", "nobody"):
        tried = [anyone.post("/sessions", {"username": name, "password": f"guess {n}"}).status for n in range(7)]
        assert tried == [401] * 5 + [429] * 2
    anyone.post("/sessions", {"username": "card", "password": cast.PASSWORD}).refused(429, "too_many_attempts")
    anyone.post("/sessions", {"username": "agent", "password": cast.PASSWORD}).ok(201)
    later(timedelta(seconds=31))
    anyone.post("/sessions", {"username": "card", "password": cast.PASSWORD}).ok(201)
    assert Guesses.objects.count() == 1, "the right one ends the count"


def test_a_sandbox_of_tests_locks_nobody_unless_it_is_asked_to(world: World) -> None:
    def tried() -> list[int]:
        body = {"sandbox": world.id, "username": "card"}
        return [Caller().post("/sessions", {**body, "password": f"guess {n}"}).status for n in range(7)]

    assert world.control.get("").json["login_lock"] is False
    assert tried() == [401] * 7
    assert world.control.patch("", {"login_lock": True}).ok(200)["login_lock"] is True
    assert tried() == [401] * 5 + [429] * 2
    asked = World(login_lock=True)
    assert asked.opened["login_lock"] is True


def test_a_login_left_alone_on_a_screen_is_over_and_one_in_use_is_not(client: Client, later: Any) -> None:
    demo.ensure_demo()
    form = {"sandbox": "demo", "username": "card", "password": cast.PASSWORD, "medium": "password"}
    assert client.post("/login", form).status_code == 303
    for _ in range(3):
        later(timedelta(minutes=29))
        assert client.get("/").status_code == 200
    later(timedelta(minutes=31))
    assert client.get("/")["Location"].startswith("/login")
    assert not Session.objects.filter(account__username="card", seen_at__isnull=False).exists()


def test_a_token_of_a_program_is_not_idle(world: World, later: Any) -> None:
    token = (
        Caller()
        .post("/sessions", {"sandbox": world.id, "username": "card", "password": cast.PASSWORD})
        .ok(201)["token"]
    )
    later(timedelta(hours=11))
    Caller(token=token).get("/sessions/current").ok(200)
    later(timedelta(hours=2))
    Caller(token=token).get("/sessions/current").refused(401, "not_authenticated")
