"""The first steps of client software work as they lie in docs/clients: each file is run, alone, against a live
server."""

import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.servers.basehttp import ServerHandler
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from filings.models import Sandbox
from filings.web import first_steps

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = ROOT / "docs" / "clients"

PYTEST = [
    sys.executable,
    "-m",
    "pytest",
    "-p",
    "no:cacheprovider",
    "-p",
    "conftest_singlewindow",
    "test_first_steps.py",
]
COMMANDS = {"curl": ["bash", "first_steps.sh"], "python": PYTEST, "java": ["java", "FirstSteps.java"]}

needs_jdk = pytest.mark.skipif(
    not (shutil.which("java") and shutil.which("javac")), reason="no JDK: `java FirstSteps.java` compiles what it runs"
)
needs_bash = pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="no bash, or no curl")
RUNNABLE = [pytest.param("curl", marks=needs_bash), "python", pytest.param("java", marks=needs_jdk)]
"""Nothing is installed for a test: Java is run where there is a JDK. C# is not run: Debian has no .NET."""


def run(folder: Path, language: str, base: str) -> subprocess.CompletedProcess[str]:
    """Run a language's files as a stranger would: in a folder with nothing else, knowing nothing of this project."""
    known = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PYTEST"))}
    env = known | {"BASE": base, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        COMMANDS[language], cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", timeout=300
    )


def copied(language: str, folder: Path) -> Path:
    [found] = [one for one in first_steps.LANGUAGES if one.name == language]
    for sample in found.samples:
        shutil.copy(first_steps.DOCS / sample.path, folder)
    return folder


@pytest.fixture
def server(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """A live server that closes a connection whose answer broke off, as the front does; Django's own would hold it
    open."""

    def close(handler: ServerHandler, fault: object) -> None:
        handler.request_handler.close_connection = True

    monkeypatch.setattr(ServerHandler, "log_exception", close)
    return live_server.url


@pytest.mark.django_db(transaction=True, databases="__all__")
@pytest.mark.parametrize("language", RUNNABLE)
def test_a_file_goes_the_whole_way_and_leaves_no_sandbox(language: str, tmp_path: Path, server: str) -> None:
    gone = run(copied(language, tmp_path), language, server)
    assert gone.returncode == 0, gone.stdout + gone.stderr
    assert ("4 passed" if language == "python" else "sent twice, done once") in gone.stdout
    assert not Sandbox.objects.exclude(key="demo").exists()


@pytest.mark.django_db(transaction=True, databases="__all__")
@pytest.mark.parametrize("language", RUNNABLE)
def test_an_expectation_that_does_not_hold_is_told_and_leaves_no_sandbox(
    language: str, tmp_path: Path, server: str
) -> None:
    folder = copied(language, tmp_path)
    for file in folder.iterdir():
        file.write_text(file.read_text("utf-8").replace("express_not_allowed", "express_allowed"), "utf-8")
    failed = run(folder, language, server)
    assert failed.returncode == 1
    assert "express_not_allowed" in failed.stdout + failed.stderr
    assert not Sandbox.objects.exclude(key="demo").exists()


def test_what_is_copied_into_a_project_stays_short() -> None:
    assert len((CLIENTS / "conftest_singlewindow.py").read_text("utf-8").splitlines()) <= 40


def test_java_is_read_alike_under_any_encoding() -> None:
    assert (CLIENTS / "FirstSteps.java").read_text("utf-8").isascii()


def test_each_file_says_what_it_is_not() -> None:
    for file in CLIENTS.iterdir():
        if file.name != "conftest_singlewindow.py":
            assert re.search(r"no\s+(//\s+|\* )?public\s+(//\s+|\* )?(one|interface)", file.read_text("utf-8")), file


# ── the page ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_page_shows_every_file_there_is_and_hands_it_out_as_it_is(client: Client) -> None:
    assert {one.name for one in CLIENTS.iterdir()} == first_steps.SAMPLES.keys() - {first_steps.REFERENCE.name}
    shown = html.unescape(client.get("/first-steps").content.decode())
    for name, sample in first_steps.SAMPLES.items():
        assert f'href="/first-steps/{name}"' in shown
        assert sample is first_steps.REFERENCE or sample.text in shown
        taken = client.get(f"/first-steps/{name}")
        assert taken.content == (first_steps.DOCS / sample.path).read_bytes()
        assert taken["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.django_db
def test_the_docs_of_both_planes_lead_there(client: Client) -> None:
    for plane in ("/api/v1/docs", "/control/v1/docs"):
        assert 'href="/first-steps"' in client.get(plane).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("file", ["nothing.sh", "..%2F..%2Fmanage.py", "clients", "README.md"])
def test_nothing_else_is_handed_out(client: Client, file: str) -> None:
    assert client.get(f"/first-steps/{file}").status_code == 404
