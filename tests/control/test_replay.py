"""Determinism: the same seed and the same calls give the same ids, numbers, words and events,
everywhere.

The eight lives are lived again and held against what was recorded of them, call by call and event by event, in
`replayed.txt`. The file is one for SQLite and PostgreSQL: the suite is run on either. After a change that is meant,
record anew and read the diff:

    REPLAY=record python -m pytest -n 0 tests/control/test_replay.py
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from filings.models import Event, Sandbox, wall
from singlewindow.front import BrokenAnswer
from tests.api.client import World
from tests.control.lives import LIVES
from tests.control.traces import Recorder, first_difference, plain, written
from tests.receiving import Receiver, receiver

pytestmark = pytest.mark.django_db(databases="__all__")

SEED = 20211201
RECORDED = Path(__file__).with_name("replayed.txt")
NUMBERS = re.compile(r'"((?:SIM\d{15}|[FRTMQX]\d{6}|SIMC\d+|4403[0-9A-Z]{6}))"')
"""Business ids and numbers as they stand in an answer."""


@dataclass
class Near(Recorder):
    """A caller in this process; status 0 where the answer did not come whole."""

    def send(
        self, method: str, url: str, data: bytes, headers: Mapping[str, str], content_type: str
    ) -> tuple[int, Mapping[str, str], bytes]:
        try:
            return super().send(method, url, data, headers, content_type)
        except BrokenAnswer:
            return 0, {}, b""


@pytest.fixture
def ear(settings: Any) -> Iterator[Receiver]:
    with receiver() as opened:
        settings.SIM_WEBHOOK_ALLOW = [opened.listed]
        yield opened


def live(name: str, ear: Receiver, seed: int = SEED) -> tuple[list[str], list[str]]:
    """A client's life from its first call to its last: what it saw, and what happened in its world."""
    trace: list[dict[str, Any]] = []
    world = World(partial(Near, trace=trace, documented=False), name=name, seed=seed)
    LIVES[name](world, ear)
    return written(trace), events(world)


def events(world: World) -> list[str]:
    """The event log, each event whole but for its moment on the wall."""
    columns = [field.attname for field in Event._meta.concrete_fields if field.name not in ("id", "sandbox", "at_real")]
    rows = Event.objects.filter(sandbox__key=world.id).order_by("seq").values_list(*columns)
    told = [
        plain({name: str(one) if name == "at" else one for name, one in zip(columns, row, strict=True)}) for row in rows
    ]
    return [json.dumps(one, ensure_ascii=False, sort_keys=True) for one in told]


def recorded(calls: list[str], happened: list[str]) -> str:
    """A life in as few words as tell where another parts from it: of each call its answer's digest and the numbers in
    it."""
    lines = []
    for line in calls:
        one = json.loads(line)
        numbers = list(dict.fromkeys(NUMBERS.findall(line)))
        lines.append(" ".join([f"{digest(line)} {one['asked']} {one['status']}", *numbers[:6]]))
    for line in happened:
        one = json.loads(line)
        lines.append(f"{digest(line)} #{one['seq']} {one['at'][:19]} {one['name']} {one['party']} {one['subject']}")
    return "\n".join(lines)


def digest(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()[:12]


@pytest.mark.parametrize("name", LIVES)
def test_two_lives_of_one_seed_are_the_same_to_the_byte(name: str, ear: Receiver) -> None:
    (one, happened), (other, again) = live(name, ear), live(name, ear)
    assert first_difference(one, other) == ""
    assert happened == again


def test_each_life_is_what_was_recorded_of_it_on_either_database(ear: Receiver) -> None:
    lived = "\n\n".join(f"## {name}\n{recorded(*live(name, ear))}" for name in LIVES) + "\n"
    if os.environ.get("REPLAY") == "record":
        RECORDED.write_text(lived, encoding="utf-8")
    assert lived.splitlines() == RECORDED.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", ["unlucky", "card_holder"])
def test_another_seed_is_another_life_where_chance_has_a_part(name: str, ear: Receiver) -> None:
    (one, _), (other, _) = live(name, ear), live(name, ear, SEED + 1)
    assert "seed" in first_difference(one, other)
    assert first_difference(one[1:-1], other[1:-1]), "not in the seed alone"


def test_a_clock_on_the_wall_would_be_noticed(ear: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sandbox, "now", lambda sandbox: wall())
    (one, happened), (other, again) = live("unlucky", ear), live("unlucky", ear)
    assert first_difference(one, other)
    assert happened != again
