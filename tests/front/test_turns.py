"""Writers to one file take turns: in the order in which they came, and never behind the dead."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction

from filings.models import Enterprise, Sandbox
from singlewindow.fair_sqlite3.base import LARGE
from singlewindow.fair_sqlite3.turns import Turn
from tests.factories import SandboxFactory
from tests.serving import ROOT

on_a_file = pytest.mark.skipif(
    not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="about the file SQLite writes to"
)


def test_a_turn_is_given_to_who_has_waited_longest(tmp_path: Path) -> None:
    turn, order = Turn(str(tmp_path / "db")), []
    assert turn.take(1)

    def wait(n: int) -> None:
        assert turn.take(10)
        order.append(n)
        turn.give()

    threads = []
    for n in range(8):
        threads.append(threading.Thread(target=wait, args=(n,)))
        threads[-1].start()
        while len(turn._waiting) <= n:
            time.sleep(0.001)
    turn.give()
    for thread in threads:
        thread.join()
    assert order == [*range(8)]


def test_who_waits_too_long_goes_and_is_in_nobodys_way(tmp_path: Path) -> None:
    turn = Turn(str(tmp_path / "db"))
    assert turn.take(1)
    assert not turn.take(0.01)
    turn.give()
    assert turn.take(0.01)
    turn.give()


@pytest.mark.skipif(sys.platform == "win32", reason="one server process there")
def test_between_processes_too_and_a_killed_one_holds_up_nobody(tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import sys, time
        from singlewindow.fair_sqlite3.turns import Turn
        turn = Turn(sys.argv[1])
        turn.take(10)
        print("taken", flush=True)
        time.sleep(60)
    """)
    holder = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "db")], cwd=ROOT, stdout=subprocess.PIPE)
    assert holder.stdout
    assert holder.stdout.readline() == b"taken\n"
    mine = Turn(str(tmp_path / "db"))
    came = threading.Event()
    threading.Thread(target=lambda: mine.take(30) and came.set(), daemon=True).start()
    assert not came.wait(0.2)
    holder.kill()
    holder.wait()
    assert came.wait(10)


@pytest.mark.skipif(sys.platform == "win32", reason="one server process there")
def test_who_has_just_given_it_comes_after_whoever_waits_in_another_process(tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import sys, time
        from singlewindow.fair_sqlite3.turns import Turn
        turn, counted = Turn(sys.argv[1]), open(sys.argv[1] + ".counted", "ab", 0)
        while True:
            turn.take(10)
            counted.write(b".")
            time.sleep(0.005)
            turn.give()
    """)
    greedy = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "db")], cwd=ROOT)
    try:
        counted, mine, waited = tmp_path / "db.counted", Turn(str(tmp_path / "db")), []
        while not counted.exists() or not counted.stat().st_size:
            time.sleep(0.01)
        for _ in range(20):
            time.sleep(0.013)
            before = counted.stat().st_size
            assert mine.take(30)
            waited.append(counted.stat().st_size - before)
            mine.give()
    finally:
        greedy.kill()
        greedy.wait()
    # The one under way when it begins to wait is counted already; on a busy machine one may slip in before it stands at the door.
    assert sorted(waited)[len(waited) // 2] == 0, waited


@on_a_file
@pytest.mark.django_db(transaction=True)
def test_the_turn_is_given_back_whatever_becomes_of_the_transaction() -> None:
    SandboxFactory()
    turn = connection.turn  # type: ignore[attr-defined]
    with pytest.raises(ValueError), transaction.atomic():
        raise ValueError
    with pytest.raises(OperationalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nonsense")
    with transaction.atomic():
        with pytest.raises(ValueError), transaction.atomic():
            raise ValueError
        Sandbox.objects.update(name="inside")
        assert not turn.take(0)
    Sandbox.objects.update(name="outside")
    connection.close()
    assert turn.take(0)
    turn.give()


@on_a_file
@pytest.mark.django_db(transaction=True)
def test_a_file_held_by_somebody_else_is_not_waited_for_for_ever() -> None:
    SandboxFactory()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    turn = connection.turn  # type: ignore[attr-defined]
    viewer = sqlite3.connect(connection.settings_dict["NAME"])
    viewer.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(OperationalError, match="locked"), transaction.atomic():
            pass
        with pytest.raises(OperationalError, match="locked"):
            Sandbox.objects.update(name="held")
    finally:
        viewer.close()
    assert turn.take(0), "what could not begin gives its turn back"
    turn.give()


@on_a_file
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rows", [LARGE // 10, 15 * LARGE])
def test_the_log_of_a_large_transaction_is_folded_in_when_the_turn_is_given(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox, file = SandboxFactory(situation="empty"), Path(connection.settings_dict["NAME"])
    asked("PRAGMA wal_checkpoint(PASSIVE)")
    before, given, give = file.stat().st_size, list[int](), Turn.give

    def watched(turn: Turn) -> None:
        given.append(file.stat().st_size)
        give(turn)

    with monkeypatch.context() as watching:
        watching.setattr(Turn, "give", watched)
        with transaction.atomic():
            Enterprise.objects.bulk_create(Enterprise(sandbox=sandbox, uscc=f"{n:018}", name_cn="企业" * 45) for n in range(rows))
    assert given == [before], "nobody waits for the main file"
    assert (file.stat().st_size > before) is (rows > LARGE)
    assert asked("PRAGMA wal_autocheckpoint") == [(1000,)]


def asked(pragma: str) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(pragma)
        return list(cursor.fetchall())


@on_a_file
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_forked_process_holds_no_turn_of_its_parents(tmp_path: Path) -> None:
    turn = Turn(str(tmp_path / "db"))
    assert turn.take(1)
    os.register_at_fork(after_in_child=turn.forget)
    child = os.fork()
    if child == 0:
        os._exit(0 if not turn._taken and turn._files is None else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    turn.give()
