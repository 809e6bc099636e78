"""Webhooks to a local address: over restarts of all three, and none is lost."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from swsim.cli import listening
from swsim.cli.listening import Gone, Listener, Place, Sending, secret_for
from swsim.problems import Problem, Unreachable
from swsim.receiving import Receiver, verify
from swsim.serving import free_port
from tests.clientkit import listening_through


class Hour:
    """A clock on which waiting takes no time. `then` happens at moments on it."""

    def __init__(self) -> None:
        self.at = 0.0
        self.then: list[tuple[float, Callable[[], Any]]] = []

    def now(self) -> float:
        return self.at

    def stamp(self) -> int:
        return listening.Wall().stamp()

    def sleep(self, seconds: float) -> None:
        self.at += seconds
        while self.then and self.then[0][0] <= self.at:
            self.then.pop(0)[1]()


@dataclass
class Outbox:
    """What waits, as a simulator keeps it; `away` says whether it answers."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    away: Callable[[], bool] = lambda: False
    acknowledged: list[str] = field(default_factory=list)

    def put(self, n: int, event: str = "filing.sent") -> None:
        for _ in range(n):
            number = len(self.rows) + len(self.acknowledged) + 1
            body = f'{{"type": "{event}", "timestamp": "t", "data": {{"filing": {{"id": "F{number}"}}}}}}'
            self.rows.append(
                {
                    "id": f"del_{number}",
                    "webhook_id": f"msg_{number}",
                    "event": event,
                    "filing": f"F{number}",
                    "body": body,
                }
            )

    def waiting(self) -> Sequence[Mapping[str, Any]]:
        self._answers()
        return list(self.rows[: listening.AT_ONCE])

    def acknowledge(self, deliveries: Sequence[str]) -> None:
        self._answers()
        self.acknowledged += deliveries
        self.rows = [one for one in self.rows if one["id"] not in deliveries]

    def _answers(self) -> None:
        if self.away():
            raise Unreachable("nobody there")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SWSIM_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def ears() -> Iterator[Callable[..., Receiver]]:
    with ExitStack() as stack:
        yield lambda **more: stack.enter_context(Receiver(**more))


def place(url: str) -> Place:
    """Where the listener stands; the receiver's secret is known to it."""
    found = Place("http://sim", "sb-1", url)
    found.keep("wh_1", secret_for(url))
    return found


def listener(source: Outbox, ear: Receiver | str, clock: Hour | None = None, **more: Any) -> Listener:
    url = ear if isinstance(ear, str) else ear.url
    at = place(url)
    if isinstance(ear, Receiver):
        at.keep("wh_1", ear.secret)
    return Listener(source, url, at, clock=clock or Hour(), **more)


def on(port: int, secret: str) -> Receiver:
    """A receiver on a port that another has just left."""
    end = time.monotonic() + 5
    while True:
        try:
            return Receiver(secret=secret, port=port)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


def numbers(ear: Receiver) -> list[int]:
    return [int(one.filing["id"][1:]) for one in ear.events]


def test_what_waits_is_forwarded_in_order_signed_and_acknowledged(ears: Callable[..., Receiver]) -> None:
    ear, outbox = ears(), Outbox()
    outbox.put(30)
    told: list[Sending] = []
    listener(outbox, ear, tell=told.append).run(once=True)
    assert numbers(ear) == list(range(1, 31))
    assert (ear.refused, ear.repeated, outbox.rows) == ([], 0, [])
    assert len(outbox.acknowledged) == 30
    assert {(one.status, one.attempt) for one in told} == {(204, 1)}


def test_a_signature_is_the_simulators_own(ears: Callable[..., Receiver]) -> None:
    """By the server's own rules, and by the kit's."""
    from datetime import UTC, datetime

    from filings.rules.webhooks import signed

    stamp = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    secret, body = listening_through.SECRET, '{"type": "演练"}'.encode()
    mine = listening.signed(secret, "msg_1", int(stamp.timestamp()), body)
    assert mine == signed(secret, "msg_1", stamp, body)
    assert verify(secret, mine, body, now=stamp.timestamp()) == {"type": "演练"}


def test_a_receiver_that_is_down_for_a_minute_loses_none_of_a_thousand() -> None:
    outbox, clock, port = Outbox(), Hour(), free_port()
    secret, missed = secret_for("x"), list[str]()
    with ExitStack() as stack:
        ear = stack.enter_context(Receiver(secret=secret, port=port))
        later: list[Receiver] = []
        at = Place("", "", "")
        at.keep("wh_1", secret)
        this = Listener(outbox, ear.url, at, clock=clock, trouble=lambda who, why: missed.append(who))

        def goes() -> None:
            ear.close()
            outbox.put(700)

        def comes() -> None:
            later.append(stack.enter_context(on(port, secret)))

        outbox.put(300)
        clock.then = [(1.0, goes), (61.0, comes), (90.0, lambda: setattr(this, "stopped", True))]
        this.run()
        assert numbers(ear) + numbers(later[0]) == list(range(1, 1001))
    assert missed == ["receiver", ""]
    assert outbox.rows == []


def test_a_simulator_that_is_away_is_waited_for_and_nothing_comes_twice(ears: Callable[..., Receiver]) -> None:
    """It goes away while events are forwarded: they are acknowledged when it is back."""
    ear, outbox, clock, missed = ears(), Outbox(), Hour(), list[str]()
    outbox.put(10)
    outbox.away = lambda: bool(ear.events) and clock.at < 60
    this = listener(outbox, ear, clock, trouble=lambda who, why: missed.append(who))
    clock.then = [(30.0, lambda: outbox.put(10)), (70.0, lambda: setattr(this, "stopped", True))]
    this.run()
    assert numbers(ear) == list(range(1, 21))
    assert ear.repeated == 0
    assert missed == ["simulator", ""]


def test_a_listener_that_is_killed_before_it_could_acknowledge_forwards_nothing_twice(
    ears: Callable[..., Receiver],
) -> None:
    ear, outbox = ears(), Outbox()
    outbox.put(7)

    def killed(told: Sending) -> None:
        if told.delivery["id"] == "del_5":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        listener(outbox, ear, tell=killed).run()
    assert outbox.acknowledged == []
    listener(outbox, ear).run(once=True)
    assert numbers(ear) == list(range(1, 8))
    assert ear.repeated == 0


def test_what_is_answered_with_no_2xx_is_set_back_and_others_go_first(ears: Callable[..., Receiver]) -> None:
    ear, outbox, clock = ears(), Outbox(), Hour()
    ear.answers(500, 204, 204, 500)
    outbox.put(3)
    this = listener(outbox, ear, clock, tell=lambda told: tries.append((told.delivery["filing"], told.status)))
    tries: list[tuple[str, int | None]] = []
    clock.then = [(30.0, lambda: setattr(this, "stopped", True))]
    this.run()
    assert tries == [("F1", 500), ("F2", 204), ("F3", 204), ("F1", 500), ("F1", 204)]
    assert numbers(ear) == [2, 3, 1]
    assert outbox.rows == []


def test_events_that_are_never_accepted_do_not_hold_up_the_others(
    ears: Callable[..., Receiver], monkeypatch: pytest.MonkeyPatch
) -> None:
    ear, outbox, clock = ears(), Outbox(), Hour()
    monkeypatch.setattr(listening, "AT_ONCE", 4)
    ear.answers(*[400] * 3)
    outbox.put(9)
    this = listener(outbox, ear, clock)
    clock.then = [(0.5, lambda: setattr(this, "stopped", True))]
    this.run()
    assert numbers(ear) == [4, 5, 6, 7, 8, 9]


def test_a_receiver_that_asks_for_a_pause_has_it(ears: Callable[..., Receiver]) -> None:
    """Retry-After of a 503, on the wall: no event is tried before."""
    ear, outbox, clock = ears(), Outbox(), Hour()
    outbox.put(1)
    at: list[tuple[float, int | None]] = []
    this = listener(outbox, ear, clock, tell=lambda told: at.append((clock.at, told.status)))
    ear._to_answer = [503]
    clock.then = [(20.0, lambda: setattr(this, "stopped", True))]
    this.run()
    assert [status for _, status in at] == [503, 204]
    assert at[1][0] >= listening.SET_BACK[0]


def test_a_receiver_that_is_gone_ends_it(ears: Callable[..., Receiver]) -> None:
    ear, outbox = ears(), Outbox()
    ear.answers(410)
    outbox.put(2)
    with pytest.raises(Gone):
        listener(outbox, ear).run()
    assert outbox.acknowledged == []


def test_other_events_than_those_wanted_are_passed_over(ears: Callable[..., Receiver]) -> None:
    ear, outbox = ears(), Outbox()
    outbox.put(2)
    outbox.put(1, "filing.approved")
    outbox.put(2)
    listener(outbox, ear, only=["filing.approved"]).run(once=True)
    assert ear.types == ["filing.approved"]
    assert outbox.rows == []


def test_a_world_that_is_no_more_ends_it(ears: Callable[..., Receiver]) -> None:
    class Deleted(Outbox):
        def _answers(self) -> None:
            raise Problem({"status": 404, "code": "not_found"})

    with pytest.raises(Problem, match="not_found"):
        listener(Deleted(), ears()).run()


def test_a_world_that_is_reset_meanwhile_is_listened_to_further(ears: Callable[..., Receiver]) -> None:
    """What was under way then is refused once (409), and nothing is said to be away."""

    class Reset(Outbox):
        refused = 0

        def _answers(self) -> None:
            self.refused += 1
            if self.refused == 2:
                raise Problem({"status": 409, "code": "world_reset"})

    ear, outbox, missed = ears(), Reset(), list[str]()
    outbox.put(3)
    listener(outbox, ear, trouble=lambda who, why: missed.append(who)).run(once=True)
    assert numbers(ear) == [1, 2, 3]
    assert (ear.repeated, missed, outbox.rows) == (0, [], [])


def test_the_secret_of_a_receiver_stays(home: Path) -> None:
    """It is told to the receiver once, whatever world it listens to next."""
    secret = secret_for("http://127.0.0.1:9000/hook")
    assert secret_for("http://127.0.0.1:9000/hook") == secret
    assert secret_for("http://127.0.0.1:9001/hook") != secret
    assert {file.stat().st_mode & 0o077 for file in home.iterdir()} <= {0}


@pytest.mark.parametrize("seed", range(8))
def test_whatever_goes_wrong_in_whatever_order_nothing_is_lost(seed: int) -> None:
    """Receiver and simulator come and go, answers are refusals, the listener is killed at any event."""
    drawn, outbox, clock, port = random.Random(seed), Outbox(), Hour(), free_port()
    secret, kills, wanted, done = secret_for("x"), 0, 120, False
    ears: list[Receiver] = [Receiver(secret=secret, port=port)]
    outbox.away = lambda: not done and drawn.random() < 0.2

    def something() -> None:
        match drawn.randrange(4):
            case 0:
                ears[-1].close()
            case 1:
                ears[-1].close()
                ears.append(on(port, secret))
            case 2:
                ears[-1].answers(*drawn.choices([500, 503, 404], k=3))
            case 3:
                outbox.put(min(12, wanted - len(outbox.rows) - len(outbox.acknowledged)))

    def well() -> None:
        nonlocal done
        done = True
        ears[-1].close()
        ears.append(on(port, secret))
        outbox.put(wanted - len(outbox.rows) - len(outbox.acknowledged))

    def told(_: Sending) -> None:
        if not done and drawn.random() < 0.05:
            raise KeyboardInterrupt

    clock.then = [(n * 0.5, something) for n in range(60)] + [(30.0, well)]
    Place("", "", "").keep("wh_1", secret)
    while not done or outbox.rows:
        this = Listener(outbox, f"http://127.0.0.1:{port}/hook", Place("", "", ""), clock=clock, tell=told)
        clock.then.append((clock.at + 5, lambda this=this: setattr(this, "stopped", True)))  # type: ignore[misc]
        clock.then.sort(key=lambda one: one[0])
        try:
            this.run()
        except KeyboardInterrupt:
            kills += 1
        clock.sleep(0.1)
    ears[-1].close()
    came = [number for ear in ears for number in numbers(ear)]
    assert set(came) == set(range(1, wanted + 1))
    assert sorted(came) == sorted(set(came)), "none twice: whoever is killed has written down how far it was"
    assert not [words for ear in ears for words in ear.refused]
    assert kills


def test_the_listener_as_it_is_run_over_restarts_of_server_receiver_and_itself(tmp_path: Path) -> None:
    outcome = listening_through.run(events=60, down=1, folder=tmp_path, stops=False)
    assert len(outcome.wanted) == 60
    assert outcome.lost == set(), (tmp_path / "listen.log").read_text()
    assert outcome.refused == []
    assert outcome.repeated <= 1, "the one event that was under way when the listener was killed"
    assert outcome.in_order
