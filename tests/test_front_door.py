"""How the simulator is started and probed, without starting it: `.ci/run` does that."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections
from django.test import Client

from filings.lab.worlds import demo
from filings.management.commands import serve
from singlewindow import schema

ACCOUNT = SimpleNamespace(role="card", username="demo", password="secret", note="持卡企业")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[list[tuple[str, int, int]]]:
    """What a server was asked to do, by a `serve` that starts none."""
    calls: list[tuple[str, int, int]] = []
    monkeypatch.setattr(serve, "granian", lambda *args: calls.append(args))
    monkeypatch.setattr(serve, "background", lambda command: nullcontext())
    monkeypatch.setattr(serve, "warm_up", lambda: None)
    monkeypatch.setattr(demo, "ensure_demo", lambda: [ACCOUNT])
    monkeypatch.setenv("HOST", "127.0.0.1")
    monkeypatch.setenv("PORT", "8000")
    settings.HOST, settings.ALLOWED_HOSTS = (
        settings.HOST,
        settings.ALLOWED_HOSTS,
    )  # so that both are put back afterwards
    settings.DEBUG = False
    return calls


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_an_open_control_plane_stays_on_this_machine(host: str, served: list, settings: Any) -> None:
    settings.SIM_CONTROL_PLANE, settings.SIM_CONTROL_TOKEN = True, ""
    with pytest.raises(CommandError, match="SIM_CONTROL_TOKEN"):
        call_command("serve", host=host)
    assert not served


def test_debug_stays_on_this_machine(served: list, settings: Any) -> None:
    settings.SIM_CONTROL_TOKEN, settings.DEBUG = "long and secret", True
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("serve", host="0.0.0.0")
    assert not served


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(("plane", "token"), [(True, "long and secret"), (False, "")])
def test_a_guarded_simulator_serves_the_network(plane: bool, token: str, served: list, settings: Any) -> None:
    settings.SIM_CONTROL_PLANE, settings.SIM_CONTROL_TOKEN = plane, token
    port = free_port()
    call_command("serve", host="0.0.0.0", port=port, workers=3)
    assert served == [("0.0.0.0", port, 3)]
    assert (django_settings.HOST, django_settings.ALLOWED_HOSTS) == ("0.0.0.0", ["*"])
    assert (os.environ["HOST"], os.environ["PORT"]) == ("0.0.0.0", str(port))


@pytest.mark.django_db(databases="__all__")
def test_serve_says_where_and_who(served: list, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    call_command("serve", host="127.0.0.1", port=port)
    printed = capsys.readouterr().out
    for path in ("/", "/api/v1/docs", "/control/v1/docs", "/console/"):
        assert f"http://127.0.0.1:{port}{path}\n" in printed
    assert str(connection.settings_dict["NAME"] if connection.vendor == "sqlite" else "PostgreSQL") in printed
    assert "demo" in printed
    assert "持卡企业" in printed
    settings.SIM_CONTROL_PLANE = False
    call_command("serve", host="127.0.0.1", port=port)
    assert "/control/" not in capsys.readouterr().out


def test_a_taken_port_is_said_not_shared(served: list) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CommandError, match="--port"):
            call_command("serve", host="127.0.0.1", port=taken.getsockname()[1])
    assert not served


@pytest.mark.django_db(databases="__all__")
def test_serve_migrates_only_when_something_is_missing(served: list, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(schema, "call_command", lambda name, **options: asked.append(options["database"]))
    monkeypatch.setattr(serve.backups, "keep", lambda file, name: asked.append("a copy before") or file)
    call_command("serve", port=free_port())
    assert asked == []
    monkeypatch.setattr(schema, "missing", lambda alias: {("filings", "9999_new")})
    call_command("serve", port=free_port())
    copies = [one for one in asked if one == "a copy before"]
    assert [one for one in asked if one not in copies] == list(connections)
    assert (len(copies), asked[: len(copies)]) == (int(connection.vendor == "sqlite"), copies), (
        "before anything is changed"
    )


@pytest.mark.django_db(databases="__all__")
def test_a_database_of_a_newer_version_is_not_served(served: list) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('filings', '9999_new', '2026-01-01')"
        )
    with pytest.raises(CommandError, match=r"更新的版本所建（filings.9999_new）.*DATABASE_URL"):
        call_command("serve", port=free_port())
    assert not served


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(
    ("altered", "column"),
    [
        ("ALTER TABLE filings_sandbox ADD COLUMN odd integer", "filings_sandbox.odd"),
        ("ALTER TABLE filings_sandbox RENAME COLUMN pinned TO kept", "filings_sandbox.kept, filings_sandbox.pinned"),
        ("DROP TABLE filings_guesses", "filings_guesses.failures"),
    ],
)
def test_a_database_of_no_released_version_is_not_served(altered: str, column: str, served: list) -> None:
    """The one migration was written anew before the first release: its name alone does not tell."""
    with connection.cursor() as cursor:
        cursor.execute(altered)
    with pytest.raises(CommandError, match="未发布的版本") as told:
        call_command("serve", port=free_port())
    assert column in str(told.value)
    assert not served


@pytest.mark.django_db(databases="__all__")
def test_a_schema_that_cannot_be_changed_is_told(monkeypatch: pytest.MonkeyPatch, served: list) -> None:
    def fails(*args: Any, **options: Any) -> None:
        raise DatabaseError("no such\n column")

    monkeypatch.setattr(schema, "call_command", fails)
    monkeypatch.setattr(schema, "missing", lambda alias: {("filings", "9999_new")})
    monkeypatch.setattr(serve.backups, "keep", lambda file, name: file)
    with pytest.raises(CommandError, match=r"不能更新数据库结构（no such column）"):
        call_command("serve", port=free_port())
    assert not served


def test_columns_line_up_under_wide_characters() -> None:
    assert serve.table([["角色", "x"], ["card", "y"]]) == ["  角色  x", "  card  y"]


@pytest.mark.django_db(databases="__all__")
def test_schema_is_compared_by_name() -> None:
    assert ("filings", "0001_initial") in schema.on_disk()
    assert not schema.missing()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'filings' AND name = '0001_initial'")
    assert schema.missing() == {("filings", "0001_initial")}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "POST", "DELETE"])
def test_a_probe_is_only_read(method: str, path: str) -> None:
    answer = Client(enforce_csrf_checks=True).generic(method, path)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "method_not_allowed"


@pytest.mark.django_db(databases="__all__")
def test_ready_when_the_schema_is_current(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok", "journal": "ok"}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations")
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["code"] == "schema_outdated"


def test_not_ready_without_a_database(client: Client) -> None:
    """Outside `django_db`, pytest-django forbids connections; a database that is down is stood in for by its error."""
    from django.db import OperationalError

    def down(self: Any) -> None:
        raise OperationalError("connection refused")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connections["default"]), "cursor", down)
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
def test_children_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import multiprocessing, os, time
        from filings.management.commands.serve import die_with_parent
        def child(path):
            die_with_parent()
            open(path, "w").write(str(os.getpid()))
            time.sleep(60)
        multiprocessing.get_context("fork").Process(target=child, args=(os.environ["PID_FILE"],)).start()
    """)
    pid_file = tmp_path / "pid"
    parent = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", script],
        cwd=django_settings.BASE_DIR,
        env=os.environ | {"PID_FILE": str(pid_file)},
    )
    wait_until(lambda: pid_file.exists() and pid_file.read_text())
    child = int(pid_file.read_text())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    wait_until(lambda: not alive(child))


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def wait_until(true: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("path", ["/healthz", "/api/v1/version", "/control/v1/scenarios"])
def test_a_name_rebound_to_this_machine_is_not_answered(client, path):
    assert client.get(path).status_code == 200
    assert client.get(path, headers={"host": "evil.example"}).status_code == 400


@pytest.mark.django_db(databases="__all__")
def test_an_origin_that_is_no_address_is_another_site(client):
    assert client.get("/control/v1/scenarios", headers={"origin": "http://[::1"}).status_code == 403


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        ("127.0.0.1:9000, [::1]:9000,receiver:80", ""),
        ("127.0.0.1:*,localhost:9000-9099", ""),
        ("receiver:80,127.0.0.1", "“127.0.0.1”"),
        ("http://a:1", "“http://a:1”"),
    ],
)
def test_a_list_of_receivers_that_cannot_be_read_is_one_line_at_the_start(listed: str, told: str) -> None:
    """Naming variable, value and remedy."""
    run = subprocess.run(
        [sys.executable, "manage.py", "check"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
        timeout=120,
        env={**os.environ, "SIM_WEBHOOK_ALLOW": listed, "PYTHONIOENCODING": "utf-8"},
    )
    assert (run.returncode != 0) is bool(told)
    if told:
        (line,) = run.stderr.splitlines()
        assert [part in line for part in ("SIM_WEBHOOK_ALLOW", told, "127.0.0.1:9000")] == [True] * 3
