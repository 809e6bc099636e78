"""What is sent again, under which key and after how long; and what is told at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from swsim import AsyncSingleWindow, Problem, SingleWindow, Unreachable, Unreadable, World, retrying

Answer = httpx.Response | Exception


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long is waited between tries, and nobody does."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


class Simulator:
    """Answers one after another as it is told, and keeps what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers: Iterator[Answer] = iter(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def keys(self) -> list[str | None]:
        return [request.headers.get("Idempotency-Key") for request in self.asked]


def refused(status: int, code: str = "refused", retry_after: str | None = None, **more: Any) -> httpx.Response:
    headers = {"Retry-After": retry_after} if retry_after else {}
    return httpx.Response(status, json={"status": status, "code": code, "errors": [], **more}, headers=headers)


def done(**body: Any) -> httpx.Response:
    return httpx.Response(200, json=body)


def asked_of(simulator: Simulator, **settings: Any) -> SingleWindow:
    return SingleWindow("http://sim.example", transport=httpx.MockTransport(simulator), check_version=False, **settings)


CUTS = [
    httpx.ConnectError("refused"),
    httpx.ReadError("reset"),
    httpx.RemoteProtocolError("peer closed connection without sending complete message body"),
    httpx.ReadTimeout("too long"),
]


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: type(cut).__name__)
def test_a_cut_line_is_tried_again_under_one_key(pauses: list[float], cut: Exception) -> None:
    simulator = Simulator(cut, cut, done(synced=[]))
    assert asked_of(simulator).control.sync_mirror("sb") == {"synced": []}
    assert len(simulator.asked) == 3
    assert len(set(simulator.keys)) == 1
    assert simulator.keys[0]
    assert 0 < pauses[0] < pauses[1] < 0.2


def test_every_call_has_a_key_of_its_own_and_may_be_given_one(pauses: list[float]) -> None:
    simulator = Simulator(done(synced=[]), done(synced=[]), httpx.ReadError("cut"), done(synced=[]))
    control = asked_of(simulator).control
    control.sync_mirror("sb")
    control.sync_mirror("sb")
    control.sync_mirror("sb", idempotency_key="mine")
    assert simulator.keys[0] != simulator.keys[1]
    assert simulator.keys[2:] == ["mine", "mine"]


def test_reads_are_tried_again_and_logins_have_no_key(pauses: list[float]) -> None:
    simulator = Simulator(httpx.ReadError("cut"), done(results=[]), done(token="t"))
    sw = asked_of(simulator)
    assert sw.portal().list_faq() == {"results": []}
    sw.portal().log_in({"username": "card", "password": "x"})
    assert simulator.keys == [None, None, None]


@pytest.mark.parametrize(
    ("answer", "waits"),
    [
        (refused(502), None),
        (refused(503), None),
        (refused(504), None),
        (refused(503, retry_after="2"), 2.0),
        (refused(429, retry_after="1"), 1.0),
        (refused(409, "idempotency_in_flight", retry_after="1"), 1.0),
        (refused(409, "clock_advancing", retry_after="1"), 1.0),
        (httpx.Response(502, text="<html>Bad Gateway</html>"), None),
    ],
    ids=lambda told: f"{told.status_code}" if isinstance(told, httpx.Response) else str(told),
)
def test_what_is_busy_is_asked_again(pauses: list[float], answer: httpx.Response, waits: float | None) -> None:
    simulator = Simulator(answer, done(synced=[]))
    asked_of(simulator).control.sync_mirror("sb")
    assert len(set(simulator.keys)) == 1
    assert pauses == [waits] if waits else 0 < pauses[0] < 0.1


@pytest.mark.parametrize(
    "answer",
    [
        refused(429),
        refused(400),
        refused(404),
        refused(409, "illegal_transition"),
        refused(409, "world_reset", retry_after="1"),
        refused(422),
        refused(500),
        refused(503, "client_control_unavailable", retry_after="5", faq="2.8"),
        refused(429, "certificate_hourly_limit", retry_after="3", retry_at="2021-12-01T10:00:00+08:00"),
        refused(429, "too_many_practices", retry_after="600"),
    ],
    ids=lambda told: str(told.json()["code"]) + str(told.status_code),
)
def test_what_is_an_answer_is_told_at_once(pauses: list[float], answer: httpx.Response) -> None:
    """A documented refusal and a wait on the sandbox's clock are answers; nobody waits ten minutes in a test."""
    simulator = Simulator(answer)
    with pytest.raises(Problem) as told:
        asked_of(simulator).control.sync_mirror("sb")
    assert told.value.status == answer.status_code
    assert told.value.retry_after == retrying.seconds(answer.headers.get("Retry-After"))
    assert (len(simulator.asked), pauses) == (1, [])


@pytest.mark.parametrize("retries", [0, 2])
def test_tries_come_to_an_end(pauses: list[float], retries: int) -> None:
    simulator = Simulator(*[httpx.ConnectError("refused")] * 9)
    with pytest.raises(
        Unreachable, match=r"POST http://sim\.example/control/v1/sandboxes/sb/sync: ConnectError"
    ) as told:
        asked_of(simulator, retries=retries).control.sync_mirror("sb")
    assert isinstance(told.value.__cause__, httpx.ConnectError)
    assert len(simulator.asked) == retries + 1
    assert str(told.value).endswith("Does a simulator run there? `swsim up` starts one.")
    busy = Simulator(*[refused(503, "database_busy")] * 9)
    with pytest.raises(Problem) as refusal:
        asked_of(busy, retries=retries).control.sync_mirror("sb")
    assert (refusal.value.code, len(busy.asked)) == ("database_busy", retries + 1)


def test_what_another_server_answers_is_a_problem_too() -> None:
    with pytest.raises(Problem) as told:
        asked_of(Simulator(httpx.Response(403, text="no entry"))).control.machine()
    assert (told.value.code, told.value.title, told.value.detail) == ("http_403", "Forbidden", "no entry")
    assert str(told.value) == "403 http_403: no entry"


def test_a_deletion_whose_answer_was_lost_has_happened(pauses: list[float]) -> None:
    simulator = Simulator(httpx.ReadError("cut"), refused(404, "not_found"))
    asked_of(simulator).control.delete_sandbox("sb")
    with pytest.raises(Problem):
        asked_of(Simulator(refused(404, "not_found"))).control.delete_sandbox("sb")


def test_what_is_saved_if_unchanged_is_sent_once(pauses: list[float]) -> None:
    """Sent again it would not match the version it has made itself."""
    simulator = Simulator(httpx.ReadError("cut"))
    with pytest.raises(Unreachable):
        asked_of(simulator).portal("t").save_filing("F1", {"content": {}}, if_match='"v1"')
    again = Simulator(httpx.ReadError("cut"), done(id="F1"))
    asked_of(again).portal("t").save_filing("F1", {"content": {}})


def test_torn_json_is_told(pauses: list[float]) -> None:
    with pytest.raises(Unreadable, match=r'GET /machine: no JSON: \{"sta'):
        asked_of(Simulator(httpx.Response(200, text='{"sta'))).control.machine()


def test_a_retry_after_may_be_a_date() -> None:
    assert 55 < (retrying.seconds(format_datetime(datetime.now(UTC) + timedelta(seconds=60))) or 0) <= 60
    assert retrying.seconds(format_datetime(datetime.now(UTC) - timedelta(seconds=60))) == 0
    assert (retrying.seconds("soon"), retrying.seconds(None), retrying.seconds("3")) == (None, None, 3)


def test_whoever_listens_sees_every_answer() -> None:
    seen: list[int] = []
    simulator = Simulator(refused(503), done(results=[]))
    asked_of(simulator, seen=lambda response: seen.append(response.status_code)).portal().list_faq()
    assert seen == [503, 200]


@pytest.mark.parametrize("fault", ["cut_before_commit", "cut_after_commit", "status; code=503; retry_after=0"])
@pytest.mark.parametrize("verb", ["declare", "copy"])
def test_what_a_fault_struck_is_done_once(world: World, fault: str, verb: str) -> None:
    clerk = world.account()
    filing = clerk.file()
    if verb == "copy":
        filing.declare(scenario="reject; reason=address_mismatch").until("decided")
    world.fault(fault, match={"method": "POST", "path": f"/filings/*/{verb}"}, times=2)
    getattr(filing, verb)()
    assert world.verify(method="POST", path=f"/filings/*/{verb}", at_least=1)
    assert len(clerk.filings()) == (2 if verb == "copy" else 1)
    steps = [step["to"] for step in filing.timeline()]
    assert steps.count("declared") == 1


def test_an_address_with_a_prefix_and_a_token_is_asked_there() -> None:
    simulator = Simulator(
        done(results=[{"id": 2}], next="https://sim.example/there/control/v1/sandboxes?limit=500&cursor=after-2"),
        done(results=[{"id": 1}], next=None),
    )
    sw = SingleWindow(
        "https://sim.example/there/", control_token="k", check_version=False, transport=httpx.MockTransport(simulator)
    )
    assert [one["id"] for one in sw.worlds()] == [2, 1]
    assert [str(request.url) for request in simulator.asked] == [
        "https://sim.example/there/control/v1/sandboxes?limit=500",
        "https://sim.example/there/control/v1/sandboxes?limit=500&cursor=after-2",
    ]
    assert {request.headers["Authorization"] for request in simulator.asked} == {"Bearer k"}


def test_names_stand_in_addresses_as_they_are(pauses: list[float]) -> None:
    simulator = Simulator(done())
    asked_of(simulator).control.restore_checkpoint("sb", "申报 之前/1?")
    assert simulator.asked[0].url.raw_path == (
        b"/control/v1/sandboxes/sb/checkpoints/%E7%94%B3%E6%8A%A5%20%E4%B9%8B%E5%89%8D%2F1%3F/restore"
    )


def test_the_asynchronous_half_tries_again_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await real(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    simulator = Simulator(httpx.ReadError("cut"), refused(503, retry_after="2"), done(synced=[]))

    async def work() -> None:
        async with AsyncSingleWindow(
            "http://sim.example", transport=httpx.MockTransport(simulator), check_version=False
        ) as sw:
            assert await sw.control.sync_mirror("sb") == {"synced": []}

    asyncio.run(work())
    assert len(set(simulator.keys)) == 1
    assert slept[1:] == [2.0]
