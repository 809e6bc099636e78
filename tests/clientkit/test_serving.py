"""A server of one's own: how it is found, started and stopped."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from swsim import SingleWindow, Unreachable, serving
from swsim.serving import NotStarted, Server
from tests.clientkit.conftest import COMMAND


def test_it_is_run_as_one_says_or_as_it_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(serving.VARIABLE, f"{sys.executable} 'my folder/manage.py'")
    assert serving.how_to_run() == [sys.executable, "my folder/manage.py"]
    assert serving.how_to_run(["sh", "-c"])[1:] == ["-c"]
    monkeypatch.delenv(serving.VARIABLE)
    monkeypatch.setattr(serving.sysconfig, "get_path", lambda name: str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotStarted, match=r"pip install 'swsim\[server\]'"):
        serving.how_to_run()
    (installed := tmp_path / "singlewindow").touch(0o700)
    assert serving.how_to_run() == [str(installed)]
    with pytest.raises(NotStarted, match=r"^there is no program nosuch"):
        serving.how_to_run("nosuch")
    monkeypatch.setenv(serving.VARIABLE, "nosuch")
    with pytest.raises(NotStarted, match=rf"^{serving.VARIABLE}: there is no program nosuch"):
        serving.how_to_run()


def test_what_is_set_for_others_is_not_set_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "PORT", "SIM_PUBLIC_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_ADDOPTS"):
        monkeypatch.setenv(name, "theirs")
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    found = serving.environment(SIM_JOURNAL="off")
    assert "theirs" not in found.values()
    assert (found["TZ"], found["SIM_JOURNAL"]) == ("Asia/Shanghai", "off")


def test_one_that_does_not_start_says_why_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(serving.tempfile, "tempdir", str(tmp_path))
    with pytest.raises(NotStarted, match="DEBUG=perhaps：只能是"):
        serving.start(command=COMMAND, environ=serving.environment(DEBUG="perhaps"))
    with pytest.raises(NotStarted, match="was not ready within 0 s"):
        serving.start(command=COMMAND, within=0)
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_was_taken_meanwhile_is_not_waited_for_and_data_of_ones_own_stay(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    taken = urlsplit(server.url).port
    with pytest.raises(NotStarted, match=f"{taken}"):
        serving.start(command=COMMAND, port=taken)
    ports = [taken, serving.free_port(), serving.free_port()]
    monkeypatch.setattr(serving, "free_port", lambda: ports.pop(0))
    with serving.serving(command=COMMAND, data=tmp_path / "kept") as running:
        assert running.url != server.url
        assert running.running
        assert "模拟器" in running.said()
    assert not running.running
    with pytest.raises(Unreachable), SingleWindow(running.url, retries=0) as sw:
        sw.version()
    assert (tmp_path / "kept" / "simulator.sqlite3").exists()
