"""What a user has is kept: a backup made under load is a database whose worlds are sound, and comes back in the place
of another."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from filings.models import wall
from singlewindow import backups
from tests.crashes import CONTROL, Client, Server, listed, opened
from tests.packaging.commands import command
from tests.serving import ROOT, database

pytestmark = pytest.mark.django_db(databases="__all__")

on_a_file = pytest.mark.skipif(
    not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="PostgreSQL has its own tools"
)


def on(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with its tables, and nothing in them."""
    made = tmp_path / "simulator.sqlite3"
    with (
        closing(sqlite3.connect(connections["default"].settings_dict["NAME"])) as there,
        closing(sqlite3.connect(made)) as here,
    ):
        there.backup(here)
    return made


def names(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()}


@on_a_file
def test_a_backup_under_load_is_restored_to_worlds_that_pass_their_checks(tmp_path: Path) -> None:
    backup = tmp_path / "kept.backup"
    with database(tmp_path) as url:
        file = Path(url.removeprefix("sqlite:///"))
        server = Server(url, tmp_path / "log")
        server.start()
        try:
            with httpx.Client(base_url=server.base, timeout=60, trust_env=False) as wire:
                shared, *own = (opened(wire) for _ in range(4))
            over = threading.Event()
            clients = [Client(server.base, n, shared, mine, over, defect=False) for n, mine in enumerate(own)]
            writing = [threading.Thread(target=one.write) for one in clients]
            for one in writing:
                one.start()
            while not all(mine.decided for mine in own):
                over.wait(0.05)
            before = {world.key: dict(world.filings) for world in (shared, *own)}
            told = command("backup", backup, url=on(file))
            after = sum(len(world.filings) for world in (shared, *own))
            over.set()
            for one in writing:
                one.join()
            assert after > sum(map(len, before.values())), "nobody wrote meanwhile"
            refused = command("restore", backup, url=on(file), fails=True)
        finally:
            server.stop()
        assert "5 个沙箱已核对。" in told
        assert "有问题" not in told
        assert "数据库正在使用中" in refused
        restored = command("restore", backup, url=on(file))
        assert "5 个沙箱已核对。" in restored
        server.start()
        try:
            with httpx.Client(base_url=server.base, timeout=60, trust_env=False) as wire:
                for world in (shared, *own):
                    there = {one["client_reference"]: one["id"] for one in listed(wire, world)}
                    assert before[world.key].items() <= there.items(), (
                        "what was acknowledged before the backup is in it"
                    )
                    assert there.items() <= world.filings.items()
                    exported = wire.get(f"{CONTROL}/{world.key}/export").raise_for_status().content
                    json = {"Content-Type": "application/json"}
                    assert wire.post(f"{CONTROL}/import", content=exported, headers=json).status_code == 201
        finally:
            server.stop()
    assert [one.wrong for one in clients] == [[]] * 3


@on_a_file
def test_a_backup_has_what_is_committed_wherever_it_lies_and_waits_for_nobody(file: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("CREATE TABLE committed (x)")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("CREATE TABLE under_way (x)")
        assert (tmp_path / "simulator.sqlite3-wal").stat().st_size, "a copy of the file alone would lack it"
        command("backup", tmp_path / "now.backup", url=on(file))
    with closing(sqlite3.connect(tmp_path / "now.backup")) as here:
        tables = {name for (name,) in here.execute("SELECT name FROM sqlite_master")}
    assert {"committed", "under_way"} & tables == {"committed"}


@on_a_file
def test_what_was_there_before_is_kept_and_can_be_come_back_to(file: Path, tmp_path: Path) -> None:
    backup = tmp_path / "empty.backup"
    command("backup", backup, url=on(file))
    with closing(sqlite3.connect(file)) as present:
        present.execute("CREATE TABLE of_the_present (x)")
    told = command("restore", backup, url=on(file))
    [kept] = [one for one in tmp_path.iterdir() if one.suffix == ".backup" and one != backup]
    assert str(kept) in told
    with closing(sqlite3.connect(kept)) as there, closing(sqlite3.connect(file)) as here:
        assert there.execute("SELECT * FROM of_the_present").fetchall() == []
        with pytest.raises(sqlite3.OperationalError):
            here.execute("SELECT * FROM of_the_present")
    assert {one for one in names(tmp_path) if one.startswith(".")} == set(), "nothing half done is left"


@on_a_file
def test_a_backup_is_one_file_and_overwrites_none(file: Path, tmp_path: Path) -> None:
    (folder := tmp_path / "backups").mkdir()
    told = command("backup", folder / "一.backup", url=on(file))
    assert names(folder) == {"一.backup"}
    assert "secret_key" in told, "what is not in it is told"
    before = (folder / "一.backup").read_bytes()
    assert "已经存在" in command("backup", folder / "一.backup", url=on(file), fails=True)
    assert (folder / "一.backup").read_bytes() == before
    assert "不能把" in command("backup", tmp_path / "nowhere" / "x", url=on(file), fails=True)


@on_a_file
def test_a_damaged_database_is_replaced_and_kept_as_it_is(file: Path, tmp_path: Path) -> None:
    backup = tmp_path / "good.backup"
    command("backup", backup, url=on(file))
    file.write_bytes(b"not a database" * 1000)
    assert "不能把" in command("backup", tmp_path / "another.backup", url=on(file), fails=True)
    command("restore", backup, url=on(file))
    assert b"not a database" * 1000 in [one.read_bytes() for one in tmp_path.glob("simulator.*.backup")]
    with closing(sqlite3.connect(file)) as here:
        assert here.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@on_a_file
@pytest.mark.parametrize("what", ["text", "another database", "a part of one", "nothing"])
def test_what_is_no_whole_backup_is_refused_and_nothing_changed(what: str, file: Path, tmp_path: Path) -> None:
    backup = tmp_path / "odd.backup"
    match what:
        case "text":
            backup.write_text("x" * 5000)
        case "another database":
            with closing(sqlite3.connect(backup)) as odd:
                odd.execute("CREATE TABLE x (y)")
        case "a part of one":
            command("backup", backup, url=on(file))
            backup.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    before = file.read_bytes()
    assert "CommandError" in command("restore", backup, url=on(file), fails=True)
    assert file.read_bytes() == before
    assert not [one for one in names(tmp_path) if one.startswith((".", "simulator.2"))]


@on_a_file
def test_a_world_somebody_spoilt_is_told_and_kept_all_the_same(file: Path, tmp_path: Path) -> None:
    command("shell", "--no-imports", "-v", "0", "-c", MAKE, url=on(file))
    with closing(sqlite3.connect(file)) as spoilt:
        spoilt.execute(
            "UPDATE filings_enterprise SET uscc = 'no code' WHERE id = (SELECT max(id) FROM filings_enterprise)"
        )
        spoilt.execute("UPDATE filings_checkpoint SET body = x'00' WHERE name = 'b'")
        spoilt.execute(
            "INSERT INTO filings_enterprise (uscc, name_cn, in_qianhai, sandbox_id) VALUES ('x', 'y', 0, 999)"
        )
        spoilt.commit()
    told = command("backup", tmp_path / "spoilt.backup", url=on(file))
    assert "2 个沙箱已核对，其中 1 个有问题" in told
    assert "Enterprise.uscc" in told
    assert "有 1 行不完整：filings_enterprise" in told
    assert "检查点 b：" in told
    assert "检查点 a：" not in told
    assert "其中 1 个有问题" in command("restore", tmp_path / "spoilt.backup", url=on(file))


MAKE = """
from filings.lab.worlds import snapshots, worlds
worlds.create()
sandbox = worlds.create().sandbox
snapshots.keep(sandbox, "a")
snapshots.keep(sandbox, "b")
"""


@on_a_file
def test_what_comes_back_from_long_ago_is_not_cleared_away_at_once(file: Path, tmp_path: Path) -> None:
    command("shell", "--no-imports", "-v", "0", "-c", MAKE, url=on(file))
    with closing(sqlite3.connect(file)) as old:
        old.execute(
            "UPDATE filings_sandbox SET used_at = ?", [str((wall() - timedelta(days=100)).replace(tzinfo=None))]
        )
        old.commit()
    command("backup", tmp_path / "old.backup", url=on(file))
    command("restore", tmp_path / "old.backup", url=on(file))
    command("worker", "--once", url=on(file))
    with closing(sqlite3.connect(file)) as here:
        assert here.execute("SELECT count(*) FROM filings_sandbox").fetchone() == (2,)


@on_a_file
def test_a_backup_is_restored_where_there_is_no_database_yet(file: Path, tmp_path: Path) -> None:
    command("backup", tmp_path / "moved.backup", url=on(file))
    (tmp_path / "elsewhere").mkdir()
    command("restore", tmp_path / "moved.backup", url=on(tmp_path / "elsewhere" / "simulator.sqlite3"))
    assert "simulator.sqlite3" in names(tmp_path / "elsewhere")
    assert not [one for one in names(tmp_path / "elsewhere") if one.endswith(".backup")]


@pytest.mark.parametrize(("words", "tool"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_postgresql_has_its_own_tools(words: str, tool: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(backups, "connections", {"default": type("Connection", (), {"vendor": "postgresql"})})
    with pytest.raises(CommandError, match=tool):
        call_command(words, str(tmp_path / "x"))


def test_what_is_kept_outlives_make_reset(tmp_path: Path) -> None:
    if not shutil.which("make"):
        pytest.skip("no make")
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "var").mkdir()
    for name in (
        "simulator.sqlite3",
        "simulator.sqlite3-wal",
        "simulator.before-0.2.0.backup",
        "simulator.20261129-120000.backup",
    ):
        (tmp_path / "var" / name).touch()
    subprocess.run(["make", "reset"], cwd=tmp_path, check=True, capture_output=True)
    assert names(tmp_path / "var") == {"simulator.before-0.2.0.backup", "simulator.20261129-120000.backup"}


def test_what_was_there_is_kept_beside_however_often_in_a_second(tmp_path: Path) -> None:
    place = tmp_path / "simulator.sqlite3"
    kept = []
    for content in ("1", "2", "3"):
        copy = tmp_path / "copy"
        with closing(sqlite3.connect(copy)) as made:
            made.execute(f"CREATE TABLE t{content} (n)")
        kept.append(backups.put_in_place(copy, place, "at-once"))
    assert [path and path.name for path in kept] == [
        None,
        "simulator.at-once.backup",
        "simulator.at-once-2.backup",
    ]
