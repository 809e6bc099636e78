"""What is installed with pip is all of it, and nothing of the tests: the wheel, in an environment that has but what it
asks for, goes the first steps.

That environment is put together of links to the packages at hand, so that nothing is fetched; `.ci/run` has pip fetch
them.
"""

from __future__ import annotations

import email
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import distribution
from pathlib import Path

import httpx
import pytest
from packaging.requirements import Requirement

from tests.running import free_port
from tests.serving import ROOT

MARK = "# default tests"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, and the folders of Unix")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [made] = folder.glob("*.whl")
    return made


def asked_for(wheel: Path) -> list[Requirement]:
    with zipfile.ZipFile(wheel) as content:
        [name] = [one for one in content.namelist() if one.endswith(".dist-info/METADATA")]
        told = email.message_from_bytes(content.read(name))
    return [Requirement(one) for one in told.get_all("Requires-Dist", [])]


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has the wheel, and what it asks for."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
    waiting, seen = asked_for(wheel), set[tuple[str, str]]()
    while waiting:
        wanted = waiting.pop()
        for extra in ("", *wanted.extras):
            if (wanted.name.lower(), extra) in seen:
                continue
            seen.add((wanted.name.lower(), extra))
            found = distribution(wanted.name)
            assert wanted.specifier.contains(found.version), f"{wanted}, but {found.version} is at hand"
            for one in {Path(file).parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
                with suppress(FileExistsError):
                    (packages / one).symlink_to(found.locate_file(one))
            needs = map(Requirement, found.requires or ())
            waiting += [one for one in needs if not one.marker or one.marker.evaluate({"extra": extra})]
    programs = Path(sysconfig.get_path("scripts", "venv", {"base": str(folder), "platbase": str(folder)}))
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        programs / "python",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        wheel,
    ]
    subprocess.run(pip, check=True)
    return programs


def stranger(home: Path) -> dict[str, str]:
    """The environment of somebody who knows nothing of this checkout."""
    ours = ("DJANGO", "PYTEST", "PYTHON", "SIM_", "DATABASE_URL", "SECRET_KEY", "XDG_", "HOST", "PORT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "HOME": str(home), "PYTHONIOENCODING": "utf-8"}


@contextmanager
def served(command: list[str | Path], folder: Path, environ: dict[str, str]) -> Iterator[httpx.Client]:
    """What a command serves while the block lasts; it must end by itself when it is told to."""
    port = str(free_port())
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, "serve", "--port", port], cwd=folder, env=environ, stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as wire:
            until = time.monotonic() + 120
            while True:
                assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")
                assert time.monotonic() < until
                with suppress(httpx.TransportError):
                    if wire.get("/readyz").status_code == 200:
                        break
                time.sleep(0.05)
            yield wire
    finally:
        process.terminate()
        assert process.wait(60) == 0


def test_the_wheel_asks_for_the_pins_of_what_runs_and_nothing_else(wheel: Path) -> None:
    above, _, below = (ROOT / "requirements.txt").read_text(encoding="utf-8").partition(f"\n{MARK}\n")
    pins = {Requirement(line) for line in above.splitlines() if line and not line.startswith("#")}
    assert {*asked_for(wheel)} == pins
    assert all(str(one.specifier).startswith("==") for one in pins)
    assert "hatchling==" in below
    backend = next(line for line in below.splitlines() if line.startswith("hatchling=="))
    assert f'requires = ["{backend}"]' in (ROOT / "pyproject.toml").read_text(encoding="utf-8"), (
        "tests build with what pip builds with"
    )


def test_the_wheel_carries_every_file_and_nothing_of_the_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        carried = {one for one in content.namelist() if ".dist-info/" not in one}
    beside = [
        *(ROOT / "templates").rglob("*"),
        *(ROOT / "docs/clients").iterdir(),
        ROOT / "docs/reference-registration.json",
    ]
    within = [one for folder in ("filings", "singlewindow") for one in (ROOT / folder).rglob("*")]
    there = {f"singlewindow/{one.relative_to(ROOT).as_posix()}" for one in beside if one.is_file()}
    there |= {one.relative_to(ROOT).as_posix() for one in within if one.is_file()}
    there -= {one for one in there if one.startswith("singlewindow/clientkit/")}  # a distribution of its own
    assert carried == {one for one in there if "__pycache__" not in one}
    for kind in (".html", ".css", ".js", ".svg", ".csv", ".json", ".ttf", ".sh"):
        assert [one for one in carried if one.endswith(kind)], kind


def test_it_goes_the_first_steps_from_any_folder(bare: Path, tmp_path: Path) -> None:
    home, folder = tmp_path / "主目录", tmp_path / "anywhere"
    for made in (home, folder):
        made.mkdir()
    environ, program = stranger(home), bare / "singlewindow"
    kept = (
        home
        / ("Library/Application Support" if sys.platform == "darwin" else ".local/share")
        / "singlewindow-simulator"
    )
    with served([program], folder, environ) as wire:
        assert {"simulator.sqlite3", "secret_key"} <= {one.name for one in kept.iterdir()}
        assert "企业资质" in wire.get("/login").raise_for_status().text
        for address in (
            "/static/sim/app.css",
            "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui.css",
            "/api/v1/docs",
            "/faq/2.4",
        ):
            assert wire.get(address).status_code == 200, address
        world = wire.post("/control/v1/sandboxes", json={}).raise_for_status().json()
        token = next(one["token"] for one in world["accounts"] if one["role"] == "category:10000000")
        paper = wire.get("/api/v1/enterprise/certificate.pdf", headers={"Authorization": f"Bearer {token}"})
        assert paper.content.startswith(b"%PDF")
        if shutil.which("bash") and shutil.which("curl"):
            (folder / "first_steps.sh").write_bytes(wire.get("/first-steps/first_steps.sh").content)
            steps = subprocess.run(
                ["bash", "first_steps.sh"],
                cwd=folder,
                env={**environ, "BASE": str(wire.base_url)},
                capture_output=True,
                text=True,
            )
            assert steps.returncode == 0, steps.stdout + steps.stderr
    run = {"cwd": folder, "env": environ, "capture_output": True, "text": True, "encoding": "utf-8"}
    backup = subprocess.run([program, "backup", "my.backup"], **run)  # type: ignore[call-overload]
    assert (backup.returncode, (folder / "my.backup").exists()) == (0, True), backup.stderr
    moved = subprocess.run([program, "restore", "my.backup", "--data", "here"], **run)  # type: ignore[call-overload]
    assert moved.returncode == 0, moved.stderr
    with served([program, "--data", "here"], folder, environ) as wire:
        assert wire.get(f"/control/v1/sandboxes/{world['id']}").status_code == 200, "the world there was"
    assert {one.name for one in folder.iterdir()} <= {"log", "my.backup", "here", "first_steps.sh"}
    lacks = subprocess.run([bare / "python", "-c", "import pytest"], **run)  # type: ignore[call-overload]
    assert "ModuleNotFoundError" in lacks.stderr


@pytest.mark.parametrize("words", ["", "--help", "help", "-h"])
def test_what_it_can_do_is_told(words: str, bare: Path, tmp_path: Path) -> None:
    told = subprocess.run(
        [bare / "singlewindow", *words.split()],
        env=stranger(tmp_path),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert told.returncode == 0
    for command in ("serve", "backup", "restore", "--data", "singlewindow help --commands"):
        assert command in told.stdout
    assert not [*tmp_path.iterdir()], "nothing is made for it"
