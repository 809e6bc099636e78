"""A start that cannot be meant ends in one line that names the variable and the way out; one that can be meant serves
on any console."""

from __future__ import annotations

import importlib
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError

from filings.management.commands import serve
from singlewindow import environment, lean
from tests.serving import ROOT, server

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
