"""A start that cannot be meant ends in one line that names the variable and the way out; one that can be meant serves
on any console."""

from __future__ import annotations

import importlib
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError

from filings.management.commands import serve
from singlewindow import environment, lean
from tests.serving import ROOT, server

REFERENCE = json.loads((ROOT / "docs/reference-registration.json").read_text(encoding="utf-8"))

# ── read strictly ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("word", ["on", "ON", "true", "True", "1", "yes"])
def test_a_switch_is_on(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIM_JOURNAL", word)
    assert environment.switch("SIM_JOURNAL", default=False) is True


@pytest.mark.parametrize("word", ["off", "False", "0", "no"])
def test_a_switch_is_off(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIM_JOURNAL", word)
    assert environment.switch("SIM_JOURNAL", default=True) is False


def test_a_switch_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIM_JOURNAL", "")
    assert environment.switch("SIM_JOURNAL", default=True) is True


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("SIM_CONTROL_PLANE", "enabled", lambda: environment.switch("SIM_CONTROL_PLANE", default=True)),
        ("PORT", "http", lambda: environment.number("PORT", 8000, 65_535)),
        ("PORT", "0", lambda: environment.number("PORT", 8000, 65_535)),
        ("PORT", "70000", lambda: environment.number("PORT", 8000, 65_535)),
        ("WEB_CONCURRENCY", "２", lambda: environment.number("WEB_CONCURRENCY", 2, 64)),
        ("SIM_DURABILITY", "zz", lambda: environment.one_of("SIM_DURABILITY", "full", "fast")),
        ("SIM_CONTROL_TOKEN", "密钥", lambda: environment.token("SIM_CONTROL_TOKEN")),
        ("SIM_CONTROL_TOKEN", "two words", lambda: environment.token("SIM_CONTROL_TOKEN")),
        ("ALLOWED_HOSTS", "http://x", lambda: environment.hosts("ALLOWED_HOSTS")),
        ("ALLOWED_HOSTS", "sim.example:8000", lambda: environment.hosts("ALLOWED_HOSTS")),
        ("SIM_PUBLIC_URL", "sim.example", environment.public_url),
        ("SIM_PUBLIC_URL", "ftp://sim.example", environment.public_url),
        ("SIM_PUBLIC_URL", "https://sim.example/?a", environment.public_url),
        ("SIM_PUBLIC_URL", "https://sim.example/a/../b", environment.public_url),
        ("SIM_CORS_ORIGINS", "https://app.example/", lambda: environment.origins("SIM_CORS_ORIGINS")),
        ("SIM_CORS_ORIGINS", "*", lambda: environment.origins("SIM_CORS_ORIGINS")),
        ("DATABASE_URL", "nonsense", lambda: environment.database(Path("x"))),
        ("DATABASE_URL", "mysql://a@b/c", lambda: environment.database(Path("x"))),
        ("DATABASE_URL", "postgresql://a@b:port/c", lambda: environment.database(Path("x"))),
        ("DATABASE_URL", "sqlite://:memory:", lambda: environment.database(Path("x"))),
        ("DATABASE_URL", "sqlite://", lambda: environment.database(Path("x"))),
        ("DATABASE_URL", "sqlite:////nowhere/at/all/x.sqlite3", lambda: environment.database(Path("x"))),
    ],
)
def test_a_value_that_cannot_be_meant_is_told_by_name(
    name: str, value: str, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as told:
        read()
    assert name in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("given", "netloc", "path"),
    [
        ("https://Sim.Example/", "sim.example", ""),
        ("https://sim.example:443/kit/", "sim.example", "/kit"),
        ("http://sim.example:8080/a/b", "sim.example:8080", "/a/b"),
    ],
)
def test_the_public_address_is_read_as_browsers_tell_it(
    given: str, netloc: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIM_PUBLIC_URL", given)
    found = environment.public_url()
    assert found
    assert (found.netloc, found.path) == (netloc, path)


def test_a_tree_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match=r"DATABASE_URL.*SECRET_KEY"):
        environment.folder(tmp_path / "file" / "var")
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        environment.kept_secret(tmp_path / "file" / "secret_key", "made")


@pytest.mark.parametrize(
    ("platform", "variables", "folder"),
    [
        ("linux", {}, "/home/u/.local/share"),
        ("linux", {"XDG_DATA_HOME": "/data/u"}, "/data/u"),
        ("darwin", {}, "/home/u/Library/Application Support"),
        ("win32", {"LOCALAPPDATA": "/users/u/Local"}, "/users/u/Local"),
        ("win32", {}, "/home/u/AppData/Local"),
    ],
)
def test_what_is_kept_lies_where_the_system_has_it(
    platform: str, variables: dict[str, str], folder: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("SIM_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, variables.get(name, ""))
    monkeypatch.setattr(environment, "sys", SimpleNamespace(platform=platform))
    monkeypatch.setattr(Path, "home", lambda: Path("/home/u"))
    assert environment.home(None) == Path(folder) / "singlewindow-simulator"
    assert environment.home(tmp_path / "var") == tmp_path / "var", "in a checkout, in it"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIM_HOME", "told")
    assert environment.home(tmp_path / "var") == environment.home(None) == tmp_path / "told"


def test_nobody_at_home_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("SIM_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(Path, "home", nobody)
    with pytest.raises(ImproperlyConfigured, match=r"--data.*SIM_HOME"):
        environment.home(None)


def test_the_database_lies_there_whatever_the_folder_is_called(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A secret key of one's own, or signs that mean something in a URL, make no difference."""
    monkeypatch.setenv("DATABASE_URL", "")
    told = environment.database(tmp_path / "a #1%20?" / "数据" / "simulator.sqlite3")
    assert told["NAME"] == str(tmp_path / "a #1%20?" / "数据" / "simulator.sqlite3")
    assert (tmp_path / "a #1%20?" / "数据").is_dir()


def test_a_folder_is_named_before_or_after_the_command(tmp_path: Path) -> None:
    for words in (["--data", str(tmp_path / "a"), "check"], ["check", f"--data={tmp_path / 'b'}"]):
        told = {**os.environ, "DATABASE_URL": "", "SECRET_KEY": ""}
        subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=told, check=True, capture_output=True, timeout=120
        )
    assert (tmp_path / "a" / "secret_key").read_text() != (tmp_path / "b" / "secret_key").read_text()


@pytest.mark.parametrize(
    "value",
    [
        "SIM_CONTROL_PLANE=enabled",
        "DATABASE_URL=sqlite://:memory:",
        "HOST=x86_64-conda-linux-gnu",
        "DATABASE_URL=sqlite:////proc/x.sqlite3",
    ],
)
def test_the_command_ends_in_that_line(value: str) -> None:
    name, _, told = value.partition("=")
    run = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        env={**os.environ, name: told},
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        encoding="utf-8",
    )
    assert run.returncode != 0
    assert name in run.stderr
    assert "Traceback" not in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1


# ── where it listens ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_name_of_this_machine_is_resolved() -> None:
    assert serve.resolve("localhost", 8000) in ("127.0.0.1", "::1")
    assert serve.resolve("", 8000) == "127.0.0.1"
    assert serve.resolve("::1", 8000) == "::1"


def test_a_name_nobody_knows_is_told_with_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: Any, **more: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(CommandError, match="HOST=x86_64-conda-linux-gnu"):
        serve.resolve("x86_64-conda-linux-gnu", 8000)


def test_an_address_of_another_machine_is_told_with_its_variable() -> None:
    with pytest.raises(CommandError, match="HOST"):
        serve.refuse_taken("192.0.2.1", 8000)


def test_a_public_address_wants_the_control_token(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIM_PUBLIC_URL", "https://sim.example")
    settings.PUBLIC, settings.SIM_CONTROL_PLANE, settings.SIM_CONTROL_TOKEN, settings.DEBUG = (
        environment.public_url(),
        True,
        "",
        False,
    )
    with pytest.raises(CommandError, match=r"SIM_PUBLIC_URL.*SIM_CONTROL_TOKEN"):
        serve.refuse_exposure("127.0.0.1")
    settings.SIM_CONTROL_TOKEN = "long and secret"
    serve.refuse_exposure("127.0.0.1")


@pytest.mark.django_db(databases="__all__")
def test_a_console_without_chinese_is_served_too(tmp_path: Path) -> None:
    with server(tmp_path, PYTHONIOENCODING="cp1252", HOST="localhost") as wire:
        assert wire.get("/healthz").json() == {"status": "ok"}


SPAWNING = """
import multiprocessing

from singlewindow.command import main

if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
"""


@pytest.mark.skipif(not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="looks into the file")
@pytest.mark.django_db(databases="__all__")
def test_where_no_process_can_be_forked_it_is_served_too(tmp_path: Path) -> None:
    """Of Windows and macOS: server processes and worker begin anew, and find their way by the environment alone."""
    (tmp_path / "spawning.py").write_text(SPAWNING)
    with server(tmp_path, script=tmp_path / "spawning.py", PYTHONPATH=str(ROOT)) as wire:
        world = wire.post(
            "/control/v1/sandboxes", json={"clock": {"mode": "real"}, "scenario": "approve; pace=fast"}
        ).json()
        token = next(one["token"] for one in world["accounts"] if one["role"] == "cardless")
        auth = {"Authorization": f"Bearer {token}"}
        filing = wire.post("/api/v1/filings", json=REFERENCE, headers=auth).raise_for_status().json()
        wire.post(f"/api/v1/filings/{filing['id']}/declare", headers=auth).raise_for_status()
        # Nobody asks again, so that only the worker can let time pass.
        until = time.monotonic() + 60
        with closing(sqlite3.connect(tmp_path / "served.sqlite3")) as file:
            while file.execute("SELECT status FROM filings_filing").fetchall() == [("declared",)]:
                assert time.monotonic() < until, (tmp_path / "served.log").read_text(encoding="utf-8")
                time.sleep(0.1)


def test_without_a_console_at_all_too() -> None:
    script = "import os, sys; os.close(1); os.execv(sys.executable, [sys.executable, 'manage.py', 'check'])"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, stderr=subprocess.PIPE, timeout=120)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("command", ["faq_table", "serve --help", "worker --help", "check"])
def test_every_command_writes_to_any_console(command: str) -> None:
    run = subprocess.run(
        [sys.executable, "manage.py", *command.split()],
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        cwd=ROOT,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr


# ── lean ──────────────────────────────────────────────────────────────────────────────────────────────────────────

HEAVY = {
    "cryptography",
    "filelock",
    "httpcore",
    "httpx",
    "jsonschema",
    "phonenumbers",
    "PIL",
    "psycopg",
    "pycountry",
    "pygments",
    "reportlab",
    "requests",
    "segno",
    "yaml",
    "django.test",
    "drf_spectacular.plumbing",
    "rest_framework.test",
}
"""What few servers are ever asked for."""

LOADS = """
import sys
from filings.management.commands import serve, worker
from filings.lab.worlds import clock, demo
serve.warm_up()
print(*sys.modules)
"""


def test_what_is_heavy_and_seldom_wanted_is_not_loaded_at_the_start(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "--no-imports", "-c", LOADS],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"},
    )
    loaded = {*run.stdout.split()}
    assert "filings.control.urls" in loaded
    assert loaded & HEAVY == set()


def test_what_is_hidden_while_another_is_loaded_is_there_afterwards() -> None:
    sys.modules.pop("colorsys", None)
    with lean.hidden("colorsys", "json"):
        assert importlib.import_module("json") is sys.modules["json"], "what is loaded already stays"
        with pytest.raises(ImportError):
            importlib.import_module("colorsys")
    assert importlib.import_module("colorsys")
