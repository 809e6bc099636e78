"""The disk full, the database held or gone: told as what it is, with when to ask again; nothing half done, and well
again by itself."""

from __future__ import annotations

import errno
import logging
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection, connections
from django.test import Client

from filings.lab.watching import journal, mending, tail
from filings.management.commands import serve
from filings.models import Filing
from singlewindow import outages
from tests.api.client import Caller, World
from tests.serving import server

on_a_file = pytest.mark.skipif(
    not django_settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="about the file SQLite writes to"
)

# ── told apart ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OperationalError("database or disk is full"), "disk_full"),
        (OperationalError('could not extend file "base/1": No space left on device'), "disk_full"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (OperationalError("database is locked"), "database_busy"),
        (OperationalError("deadlock detected"), "database_busy"),
        (OperationalError("FATAL:  sorry, too many clients already"), "database_busy"),
        (OperationalError("unable to open database file"), "database_unavailable"),
        (OperationalError("attempt to write a readonly database"), "database_unavailable"),
        (
            OperationalError('connection to server at "127.0.0.1", port 1 failed: Connection refused'),
            "database_unavailable",
        ),
        (InterfaceError("the connection is closed"), "database_unavailable"),
        (OperationalError("the database system is shutting down"), "database_unavailable"),
        (IntegrityError("UNIQUE constraint failed"), None),
        (DataError("value too long"), None),
        (OSError(errno.ENOENT, "No such file"), None),
        (ValueError("database is locked"), None),
    ],
)
def test_an_outage_is_told_from_a_defect(error: Exception, code: str | None) -> None:
    assert outages.of(error) == code


# ── on a file ─────────────────────────────────────────────────────────────────────────────────────────────────────


@on_a_file
@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_503_and_over_when_there_is_room(caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    try:
        remarks = {"kind": "registration", "content": {"business_scope": "长" * 2000}}
        refused = [world.caller().post("/filings", remarks) for _ in range(40)]
        told = [one for one in refused if one.status == 503]
        assert told, "the disk was never full"
        assert {one.json["code"] for one in told} == {"disk_full"}
        assert all(one.headers["Retry-After"] == "30" for one in told)
        assert Filing.objects.count() == sum(one.status == 201 for one in refused)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count = {2**30}")
    world.caller().post("/filings", remarks).ok(201)
    assert "Traceback" not in caplog.text


@on_a_file
@pytest.mark.django_db(transaction=True)
def test_a_file_somebody_holds_is_503_and_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    monkeypatch.setattr(outages, "_told", {})
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as viewer:
        viewer.execute("BEGIN IMMEDIATE")
        refused = world.caller().post("/filings", {"kind": "registration"}).refused(503, "database_busy")
        assert refused.headers["Retry-After"] == "1"
        assert client.get("/readyz").json()["code"] == "database_busy"
        assert client.get("/login").status_code == 200
        viewer.rollback()
    assert client.get("/readyz").status_code == 200
    world.caller().post("/filings", {"kind": "registration"}).ok(201)


@on_a_file
@pytest.mark.django_db(transaction=True)
def test_no_room_on_the_disk_is_told_by_the_probe(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "ROOM", 2**62)
    told = client.get("/readyz")
    assert (told.status_code, told.json()["code"]) == (503, "disk_full")


@on_a_file
@pytest.mark.django_db(databases="__all__")
def test_a_removed_file_is_noticed_and_one_put_back_is_served_again(tmp_path: Path) -> None:
    with server(tmp_path) as wire:
        assert wire.get("/api/v1/version").status_code == 200
        file = tmp_path / "served.sqlite3"
        file.rename(tmp_path / "elsewhere")
        time.sleep(outages.LOOKED_EVERY + 0.2)
        for path in ("/api/v1/version", "/readyz", "/login"):
            gone = wire.get(path)
            assert (gone.status_code, gone.headers["Retry-After"]) == (503, "5")
        assert wire.get("/readyz").json()["code"] == "database_vanished"
        assert wire.get("/healthz").status_code == 200
        (tmp_path / "elsewhere").rename(file)
        time.sleep(outages.LOOKED_EVERY + 0.2)
        assert wire.get("/readyz").status_code == 200


# ── the journal's own ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def rested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "_told", {})
    monkeypatch.setattr(mending, "_until", 0.0)


@pytest.mark.django_db(databases="__all__")
def test_what_befalls_the_journal_never_reaches_the_client(
    world: World, rested: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def held(*args: Any, **more: Any) -> Any:
        raise OperationalError("database is locked")

    monkeypatch.setattr(tail, "add", held)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            world.caller().post("/filings", {"kind": "registration"}).ok(201)
    assert caplog.text.count("The journal could not be written (database is locked)") == 1
    assert mending.paused(), "a journal that is held is not asked again at every exchange"


@on_a_file
@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_damaged_journal_is_kept_and_begun_anew(rested: None) -> None:
    world = World()
    world.caller().get("/filings").ok(200)
    database = connections["journal"]
    file = Path(database.settings_dict["NAME"])
    database.close()
    for part in ("-wal", "-shm"):
        Path(f"{file}{part}").unlink(missing_ok=True)
    file.write_bytes(b"not a journal any more" * 4096)
    world.caller().get("/filings").ok(200)
    told = [row["path"] for row in world.control.get("/journal").ok(200)["results"]]
    assert told == ["/api/v1/filings"] * 2, "nothing that was written down is lost for it"
    assert file.with_name(f"{file.name}.broken").read_bytes().startswith(b"not a journal")
    assert mending.usable()


@on_a_file
@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_journal_of_another_shape_is_kept_and_begun_anew(rested: None) -> None:
    world = World()
    with connections["journal"].cursor() as cursor:
        cursor.execute("ALTER TABLE filings_exchange RENAME COLUMN path TO another")
    file = Path(connections["journal"].settings_dict["NAME"])
    serve.Command().prepare("journal")
    assert file.with_name(f"{file.name}.broken").exists()
    world.caller().get("/filings").ok(200)
    assert [row["path"] for row in world.control.get("/journal").ok(200)["results"]] == ["/api/v1/filings"]


def test_a_reader_of_a_journal_that_is_gone_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: Any, **more: Any) -> Any:
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(journal, "of", gone)
    world.control.get("/journal").refused(503, "database_unavailable")
    assert Caller("/console").get(f"/sandboxes/{world.id}/journal").status == 503
