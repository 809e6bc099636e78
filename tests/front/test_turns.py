"""Writers to one file take turns: in the order in which they came, and never behind the dead."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction

from filings.models import Enterprise, Sandbox
from singlewindow.fair_sqlite3 import turns
from singlewindow.fair_sqlite3.base import LARGE
from singlewindow.fair_sqlite3.turns import Turn
from tests.factories import SandboxFactory
from tests.serving import ROOT

on_a_file = pytest.mark.skipif(
    not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="about the file SQLite writes to"
)

WITHOUT_FCNTL = "import sys, filelock; sys.modules['fcntl'] = None"


@pytest.fixture(params=["", WITHOUT_FCNTL], ids=["unix", "as on windows"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a script says first to find what this process finds: the locks of Unix, or no such module and those of the
    library."""
    if request.param:
        monkeypatch.setattr(turns, "fcntl", None)
    elif sys.platform == "win32":
        pytest.skip("no fcntl here")
    return str(request.param)


def running(script: str, *words: object, **pipes: Any) -> subprocess.Popen[bytes]:
    """A script in a process of its own."""
    return subprocess.Popen([sys.executable, "-c", script, *map(str, words)], cwd=ROOT, **pipes)


# ── who comes next ────────────────────────────────────────────────────────────────────────────────────────────────


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


WRITERS, ROUNDS = 8, 40
"""Threads of each of two processes, and how often each of them writes."""


@on_a_file
def test_of_sixteen_writers_in_two_processes_nobody_is_passed_over(system: str, tmp_path: Path) -> None:
    """Each notes what was the last write when it began to wait: what lies between that and its own is what it waited
    for."""
    script = textwrap.dedent("""
        import sys, threading, time
        from django.conf import settings
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
        database = {"ENGINE": "singlewindow.fair_sqlite3", "NAME": sys.argv[1], "OPTIONS": options}
        settings.configure(DATABASES={"default": database})
        from django.db import connection, transaction
        def write(name):
            with connection.cursor() as cursor:
                for _ in range(int(sys.argv[4])):
                    cursor.execute("SELECT coalesce(max(id), 0) FROM wrote")
                    last = cursor.fetchone()[0]
                    with transaction.atomic():
                        cursor.execute("INSERT INTO wrote (writer, last) VALUES (%s, %s)", [name, last])
                        time.sleep(0.001)
            connection.close()
        threads = [threading.Thread(target=write, args=(f"{sys.argv[2]}-{n}",)) for n in range(int(sys.argv[3]))]
        print("ready", flush=True)
        sys.stdin.readline()
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    """)
    file = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE wrote (id INTEGER PRIMARY KEY, writer TEXT, last INTEGER)")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    processes = [running(f"{system}\n{script}", file, name, WRITERS, ROUNDS, **pipes) for name in "ab"]
    for one in processes:
        assert one.stdout
        assert one.stdout.readline() == b"ready\n"
    for one in processes:
        assert one.stdin
        one.stdin.write(b"go\n")
        one.stdin.flush()
    for one in processes:
        one.communicate(timeout=120)
    assert [process.returncode for process in processes] == [0, 0]
    with closing(sqlite3.connect(file)) as read:
        wrote = read.execute("SELECT id, writer, last FROM wrote ORDER BY id").fetchall()
    assert Counter(writer for _, writer, _ in wrote) == {f"{name}-{n}": ROUNDS for name in "ab" for n in range(WRITERS)}
    # As long as both processes write.
    until = min(max(number for number, writer, _ in wrote if writer.startswith(name)) for name in "ab")
    both = wrote[: until - 1]
    passed = [
        max(Counter(writer for _, writer, _ in wrote[last : number - 1]).values(), default=0)
        for number, _, last in both
    ]
    waited = [number - 1 - last for number, _, last in both]
    # One that is put to sleep between its look and its waiting is passed by all: so much the tail of a busy machine
    # may hold.
    tail = int(len(both) * 0.98)
    assert sorted(passed)[tail] <= 10, sorted(passed)[-20:]
    assert sorted(waited)[len(waited) // 2] <= 2 * WRITERS + 4, sorted(waited)[len(waited) // 2]


def test_between_processes_too_and_a_killed_one_holds_up_nobody(system: str, tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import sys, time
        from singlewindow.fair_sqlite3.turns import Turn
        turn = Turn(sys.argv[1])
        turn.take(10)
        print("taken", flush=True)
        time.sleep(60)
    """)
    holder = running(f"{system}\n{script}", tmp_path / "db", stdout=subprocess.PIPE)
    assert holder.stdout
    assert holder.stdout.readline() == b"taken\n"
    mine = Turn(str(tmp_path / "db"))
    came = threading.Event()
    threading.Thread(target=lambda: mine.take(30) and came.set(), daemon=True).start()
    assert not came.wait(0.2)
    holder.kill()
    holder.wait()
    assert came.wait(10)


def test_who_has_just_given_it_comes_after_whoever_waits_in_another_process(system: str, tmp_path: Path) -> None:
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
    greedy = running(f"{system}\n{script}", tmp_path / "db")
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
    # The one under way when it begins to wait is counted already; on a busy machine one may slip in before it stands
    # at the door.
    assert sorted(waited)[len(waited) // 2] == 0, waited


# ── given back ────────────────────────────────────────────────────────────────────────────────────────────────────


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
def test_the_log_of_a_large_transaction_is_folded_in_when_the_turn_is_given(
    rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox, file = SandboxFactory(situation="empty"), Path(connection.settings_dict["NAME"])
    asked("PRAGMA wal_checkpoint(PASSIVE)")
    before, given, give = file.stat().st_size, list[int](), Turn.give

    def watched(turn: Turn) -> None:
        given.append(file.stat().st_size)
        give(turn)

    with monkeypatch.context() as watching:
        watching.setattr(Turn, "give", watched)
        with transaction.atomic():
            Enterprise.objects.bulk_create(
                Enterprise(sandbox=sandbox, uscc=f"{n:018}", name_cn="企业" * 45) for n in range(rows)
            )
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


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_forked_process_does_not_keep_the_turn_of_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import os, sys, time
        from singlewindow.fair_sqlite3.turns import turn_of
        turn_of(sys.argv[1]).take(10)
        child = os.fork()
        if child:
            print(child, flush=True)
        time.sleep(60)
    """)
    parent = running(script, tmp_path / "db", stdout=subprocess.PIPE)
    assert parent.stdout
    child = int(parent.stdout.readline())
    try:
        parent.kill()
        parent.wait()
        assert Path(f"/proc/{child}").exists() or sys.platform != "linux"
        mine, came = Turn(str(tmp_path / "db")), threading.Event()
        threading.Thread(target=lambda: mine.take(30) and came.set(), daemon=True).start()
        assert came.wait(10), "the child, which lives, has it"
    finally:
        os.kill(child, signal.SIGKILL)


def test_postgresql_does_not_know_of_turns() -> None:
    asks = "hasattr(connection, 'turn'), 'singlewindow.fair_sqlite3' in sys.modules"
    script = f"import sys; from django.db import connection; print({asks})"
    told = {
        url: subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "singlewindow.settings", "DATABASE_URL": url},
        ).stdout.split()
        for url in ("sqlite:///never-made.sqlite3", "postgresql://somebody@127.0.0.1/x")
    }
    assert [*told.values()] == [["True", "True"], ["False", "False"]]
