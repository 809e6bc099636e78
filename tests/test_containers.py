"""The container files agree with the documents, with the settings and with what the simulator reads. They are read
here, not built."""

import ast
import fnmatch
import importlib.metadata
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import resolve

from filings.web import first_steps
from singlewindow import settings

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = ("compose.yaml", "compose.postgresql.yaml")
MARK = "# default tests"
"""Below this line of requirements.txt stands what the image leaves out."""


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, each on one line."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if line and not line.startswith("#")]
    return [
        (splitline.split(None, 1)[0], splitline.split(None, 1)[1])
        for splitline in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines()
    ]


def told(instruction: str) -> list[str]:
    return [rest for name, rest in instructions() if name == instruction]


def simulator(file: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / file).read_text())["services"]["simulator"]
    return found


def environment() -> dict[str, str]:
    """What the image sets for the simulator; not for Python or the shell."""
    given = dict(one.split("=", 1) for one in told("ENV")[0].split())
    return {name: value for name, value in given.items() if name not in ("PATH", "PYTHONUNBUFFERED")}


def documented() -> set[str]:
    """The variables of the operators' table."""
    rows = re.findall(r"^\| (`[^|]+) \|", (ROOT / "docs/operating.md").read_text(), re.M)
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def test_the_image_has_a_python_the_project_runs_on() -> None:
    [least] = re.findall(r'requires-python = ">=(3\.\d+)"', (ROOT / "pyproject.toml").read_text())
    versions = {re.match(r"python:(3\.\d+)-slim-bookworm", one)[1] for one in told("FROM")}  # type: ignore[index]
    assert len(versions) == 1, "packages of one Python are of no use to another"
    assert [int(n) for n in versions.pop().split(".")] >= [int(n) for n in least.split(".")]
    assert f"Python {least} or newer" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("file", COMPOSE)
def test_every_variable_given_to_the_simulator_is_one_it_knows(file: str) -> None:
    given = set(simulator(file)["environment"]) | set(environment())
    assert given <= documented()


def test_one_port_all_the_way_and_published_to_this_machine_only() -> None:
    [port] = told("EXPOSE")
    assert environment() == {"HOST": "0.0.0.0", "PORT": port}
    assert simulator("compose.yaml")["ports"] == [f"127.0.0.1:${{PORT:-{port}}}:{port}"]
    assert f"| `127.0.0.1`, `{port}` |" in (ROOT / "docs/operating.md").read_text()


def test_a_container_that_all_can_reach_wants_a_control_token() -> None:
    assert simulator("compose.yaml")["environment"]["SIM_CONTROL_TOKEN"].startswith("${SIM_CONTROL_TOKEN:?")


def test_what_must_outlive_a_container_is_in_its_volume() -> None:
    [volume], [folder] = told("VOLUME"), [rest for rest in told("WORKDIR") if rest == "/app"]
    assert volume == f"{folder}/{settings.VAR_DIR.relative_to(settings.BASE_DIR)}"
    assert simulator("compose.yaml")["volumes"] == [f"var:{volume}"]


def test_the_health_check_asks_for_an_address_there_is() -> None:
    [check] = told("HEALTHCHECK")
    [asked] = re.findall(r"\}(/\w+)'", json.loads(check.partition("CMD ")[2])[-1])
    assert resolve(asked)


def test_what_the_image_copies_is_let_through_and_is_what_the_simulator_reads() -> None:
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = [one for rest in told("COPY") if not rest.startswith("--from") for one in rest.split()[:-1]]
    for one in copied:
        assert any(name == one or fnmatch.fnmatch(name, f"{one}/*") for name in let_through), f"{one} is ignored"
    assert all((ROOT / name).exists() for name in let_through)
    read = [Path(folder) for folder in settings.TEMPLATES[0]["DIRS"]]  # type: ignore[attr-defined]
    read += [first_steps.DOCS / sample.path for sample in first_steps.SAMPLES.values()]
    for one in (path.relative_to(ROOT) for path in read):
        assert let_through & {str(one), *map(str, one.parents)}, f"{one} is ignored"
        assert set(copied) & {str(one), *map(str, one.parents)}, f"{one} is not copied"


def test_what_the_image_leaves_out_is_not_needed_to_run() -> None:
    assert f"'/^{MARK}/,$d'" in told("RUN")[0]
    above, _, below = (ROOT / "requirements.txt").read_text().partition(f"\n{MARK}\n")
    names = [re.match(r"[\w.-]+", line)[0].lower() for line in below.splitlines()]  # type: ignore[index]
    assert "pytest" in names
    assert "django==" in above.lower()
    modules = {
        module
        for module, owners in importlib.metadata.packages_distributions().items()
        if {owner.lower() for owner in owners} & {*names}
    }
    used = {
        name.partition(".")[0]
        for package in ("filings", "singlewindow")
        for file in (ROOT / package).rglob("*.py")
        if "clientkit" not in file.parts  # another distribution; it is not copied
        for node in ast.walk(ast.parse(file.read_text()))
        for name in (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not used & modules
