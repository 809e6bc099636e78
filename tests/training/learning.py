"""A learner at a browser, by requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from filings import learners
from filings.lab.grading import attempts
from filings.lab.grading.attempts import Begun
from filings.lab.grading.scripts import Player
from filings.models import Attempt, Learner, Session
from filings.models.sandbox import secret_digest
from filings.rules.exercises.loading import catalogue
from filings.rules.exercises.schema import Step
from tests.web.pages import Page


def come_in(name: str = "张演练", class_code: str = "", **more: Any) -> Client:
    """A browser whose learner has just come in."""
    client = Client(**more)
    answer = client.post("/learn/come-in", {"name": name, "class_code": class_code})
    assert answer.status_code == 303, Page(answer)
    return client


def learner_of(client: Client) -> Learner:
    found = learners.of_token(client.cookies[learners.COOKIE].value)
    assert found
    return found


def session(client: Client) -> Session:
    token = client.cookies["sim_session"].value
    return Session.objects.select_related("sandbox", "account").get(token_digest=secret_digest(token))


def attempt_of(client: Client) -> Attempt:
    """The attempt in whose world the browser is."""
    return attempts.of(session(client).sandbox)


def begin(client: Client, exercise: str, mode: str = "guided") -> Attempt:
    answer = client.post(f"/learn/exercises/{exercise}/begin", {"mode": mode})
    assert answer.status_code == 303, Page(answer)
    return attempt_of(client)


def play(attempt: Attempt, steps: Sequence[Step]) -> None:
    """Do steps of a script in an attempt; the test's transaction outlives the requests."""
    assert attempt.sandbox
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        Player(Begun(attempt, attempt.sandbox, "")).play(steps)
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def solve(client: Client, exercise: str, mode: str = "guided") -> Attempt:
    """Begin, do the right thing, and have it checked."""
    attempt = begin(client, exercise, mode)
    play(attempt, catalogue()[exercise].exercise.golden)
    client.post("/practice", {"do": "check", "next": "/"})
    attempt.refresh_from_db()
    return attempt


def end(client: Client, attempt: Attempt) -> Any:
    return client.post(f"/learn/attempts/{attempt.public_id}/end")


def tile(client: Client, called: str) -> str:
    """How an exercise stands on the map, in the words of its tile."""
    page = Page(client.get("/learn/"))
    (found,) = [
        one["aria-label"] for one in page.all("svg.map a") if one["aria-label"].startswith((f"练习 {called}：", called))
    ]
    return found.rpartition("：")[2]
