"""No learner reads anything of another's, and none holds the control plane, not even of the world they are in: every
route of the learners' face × method × identity.

One learner has canaries in all that can hold words. Everybody else asks for it in every way there is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from filings import learners
from filings.lab.grading import certifying
from filings.models import Attempt, Mistake, Sandbox
from filings.rules.exercises.loading import catalogue
from tests.api.client import CONTROL, Caller
from tests.api.test_no_leaks import BACKSTAGE, LEARNERS, METHODS, ROUTES, UNGUARDED, routes, takes
from tests.training.learning import attempt_of, begin, come_in, end, learner_of, play, session
from tests.web.pages import Page

pytestmark = pytest.mark.django_db(databases=list(django_settings.DATABASES))

CANARY = "ZZCANARY"
PATHS = [path for path, access in ROUTES.items() if access == LEARNERS]
OPEN = {"/learn/", "/learn/come-in", "/learn/come-back", "/learn/verify/{code}"}
"""Those that are answered without a learner."""


@pytest.fixture
def owner() -> Client:
    """A learner with an attempt that is over, one under way, a wrong move and a note, in a class."""
    made = learners.open_class(f"{CANARY}-class")
    client = come_in(f"{CANARY}-name", made.code)
    over = begin(client, "faq-2-10")
    play(over, catalogue()["faq-2-10"].exercise.wrong[0].steps)
    client.get("/tickets")
    end(client, over)
    begin(client, "faq-2-4")
    client.post("/tickets", {"desk": "customs", "topic": "sync", "text": f"{CANARY}-text"})
    Mistake.objects.update(note=f"{CANARY}-note")
    return client


def addresses(owner: Client, path: str) -> list[str]:
    ids = Attempt.objects.filter(learner=learner_of(owner).key).values_list("public_id", flat=True)
    pieces = {"attempt": list(ids), "exercise": ["faq-2-10"], "code": ["x"]}
    name = (re.findall(r"\{(\w+)\}", path) or [""])[0]
    return [path.replace(f"{{{name}}}", value) for value in pieces.get(name, [""])]


def code_of(owner: Client) -> str:
    joined = learner_of(owner).training_class
    assert joined is not None
    return joined.code


def identities(owner: Client) -> dict[str, Callable[[], Client]]:
    def holding(name: str, value: str) -> Client:
        client = Client()
        client.cookies[name] = value
        return client

    token = owner.cookies[learners.COOKIE].value

    def inside() -> Client:
        """Another learner whose browser holds the owner's login at the portal."""
        client = come_in("李四")
        client.cookies["sim_session"] = owner.cookies["sim_session"].value
        return client

    return {
        "nobody": Client,
        "another learner": lambda: come_in("李四"),
        "one of the same class": lambda: come_in("李四", code_of(owner)),
        "one of the same name": lambda: come_in("王五"),
        "a forged token": lambda: holding(learners.COOKIE, token[:-1] + ("A" if token[-1] != "A" else "B")),
        "a login at the portal alone": lambda: holding("sim_session", owner.cookies["sim_session"].value),
        "another learner in that world": inside,
    }


SENT: list[dict[str, str]] = [
    {},
    {"mode": "guided"},
    {"exercise": "faq-2-10", "move": "invented_superior", "note": "x"},
    {"name": "x", "return_code": "AAAAAA"},
]


def asked(owner: Client, client: Client) -> Iterator[tuple[str, str, Any]]:
    for path in PATHS:
        if path in ("/learn/forget", "/learn/leave"):
            continue
        for address in addresses(owner, path):
            for method in METHODS:
                if method == "POST":
                    for sent in SENT:
                        held = client.cookies.copy()  # who comes in would be somebody from then on
                        yield path, f"POST {address} {sent}", client.post(address, sent)
                        client.cookies = held
                else:
                    yield path, f"{method} {address}", client.generic(method, address)


def test_every_route_of_the_face_is_here() -> None:
    assert {path for path in routes() if path.startswith("/learn/")} == set(PATHS)


@pytest.mark.parametrize(
    "identity",
    [
        "nobody",
        "another learner",
        "one of the same class",
        "one of the same name",
        "a forged token",
        "a login at the portal alone",
        "another learner in that world",
    ],
)
def test_nobody_reads_of_a_learner(identity: str, owner: Client) -> None:
    if identity == "one of the same name":
        own = learner_of(owner)
        client = come_in(own.name)
        allowed = {f"{CANARY}-name"}
    else:
        client, allowed = identities(owner)[identity](), set()
        if identity == "one of the same class":
            allowed = {f"{CANARY}-class"}
    before = {
        (attempt.public_id, attempt.sandbox_id, attempt.state)
        for attempt in Attempt.objects.filter(learner=learner_of(owner).key)
    }
    notes = set(Mistake.objects.filter(learner=learner_of(owner)).values_list("note", flat=True))
    count = 0
    for path, sent, answer in asked(owner, client):
        count += 1
        body = answer.getvalue().decode("utf-8", "replace") + repr(dict(answer.headers)) + answer.cookies.output()
        told = set(re.findall(rf"{CANARY}-[a-z]+", body))
        assert told <= allowed, f"{sent}: {told}"
        assert answer.status_code < 500, sent
        if "{attempt}" in path and answer.status_code != 405:
            known = identity not in ("nobody", "a forged token", "a login at the portal alone")
            assert answer.status_code == (404 if known else 303), sent
    assert count > 100
    after = {
        (attempt.public_id, attempt.sandbox_id, attempt.state)
        for attempt in Attempt.objects.filter(learner=learner_of(owner).key)
    }
    assert after == before
    assert set(Mistake.objects.filter(learner=learner_of(owner)).values_list("note", flat=True)) == notes


def test_what_is_anothers_is_answered_as_what_is_nobodys(owner: Client) -> None:
    other = come_in("李四")
    theirs = Attempt.objects.filter(learner=learner_of(owner).key).first()
    assert theirs
    for path in (path for path in PATHS if "{attempt}" in path):
        for ask in (other.get, other.post):
            there, nowhere = (ask(path.replace("{attempt}", one)) for one in (theirs.public_id, "A" + "0" * 16))
            assert there.status_code == nowhere.status_code
            if there.status_code == 404:
                assert Page(there).text.replace(theirs.public_id, "") == Page(nowhere).text.replace("A" + "0" * 16, "")


def test_the_owner_reads_it_all(owner: Client) -> None:
    told = set()
    for path in PATHS:
        for address in addresses(owner, path):
            if path not in ("/learn/forget", "/learn/leave"):
                told |= set(re.findall(rf"{CANARY}-[a-z]+", owner.get(address).getvalue().decode("utf-8", "replace")))
    assert {f"{CANARY}-name", f"{CANARY}-class", f"{CANARY}-note"} <= told


def test_no_learner_holds_the_control_plane_not_even_of_their_own_world(owner: Client, settings: Any) -> None:
    settings.HOST, settings.SIM_CONTROL_TOKEN = "0.0.0.0", "a token of the operator's"
    world = session(owner).sandbox
    token, known = owner.cookies["sim_session"].value, owner.cookies[learners.COOKIE].value
    pieces = {"sandbox": world.key, "attempt": attempt_of(owner).public_id, "exercise": "faq-2-4", "filing": "F000001"}
    tried = 0
    for path, access in ROUTES.items():
        if access == BACKSTAGE and path != "/console/login":
            address = re.sub(r"\{(\w+)\}", lambda piece: pieces.get(piece[1], "1"), path)
            for answer in (owner.get(address), owner.post(address)):
                assert answer.status_code in (302, 303, 401, 403, 405), address
                assert CANARY not in answer.content.decode()
                tried += 1
    for path in routes(control=True):
        if path in UNGUARDED:
            continue
        address = re.sub(r"\{(\w+)\}", lambda piece: pieces.get(piece[1], "1"), path)
        for method in takes(path):
            for bearer in (None, token, known):
                answer = Caller(CONTROL, bearer, documented=False).call(
                    method, address, {} if method != "GET" else None
                )
                assert answer.status in (401, 403), f"{method} {address}"
                tried += 1
    assert tried > 100
    assert Sandbox.objects.filter(key=world.key).exists()


def test_the_paper_tells_its_holder_the_name_and_how_far_and_no_more(owner: Client) -> None:
    code = certifying.record(learner_of(owner)).code
    told = set(re.findall(rf"{CANARY}-[a-z]+", Client().get(f"/learn/verify/{code}").content.decode()))
    assert told == {f"{CANARY}-name", f"{CANARY}-class"}
