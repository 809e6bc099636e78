"""A server killed amid writes loses nothing it acknowledged and does nothing twice: the short form of
tests/crashes.py."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.crashes import lost_and_doubled, run
from tests.serving import database

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and groups of processes of Unix")


@pytest.mark.django_db(databases="__all__")
def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(tmp_path: Path) -> None:
    with database(tmp_path) as url:
        verdict = run(url, tmp_path / "log", kills=2, threads=4, seed=1)
    assert (verdict.lost, verdict.doubled, verdict.wrong) == ([], [], [])
    assert verdict.kills == 2
    assert verdict.acknowledged > 8
    assert verdict.again, "nobody was cut off"
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize(
    ("there", "lost", "doubled"),
    [
        ([("a", "F1"), ("b", "F2")], [], []),
        ([("a", "F1")], ["b"], []),
        ([("a", "F1"), ("b", "F3")], ["b"], []),
        ([("a", "F1"), ("b", "F2"), ("b", "F3")], [], ["b"]),
        ([("a", "F1"), ("b", "F2"), ("c", "F3")], [], ["c"]),
    ],
)
def test_what_is_lost_or_doubled_is_noticed(there: list[tuple[str, str]], lost: list[str], doubled: list[str]) -> None:
    assert lost_and_doubled({"a": "F1", "b": "F2"}, there) == (lost, doubled)
