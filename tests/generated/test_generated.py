"""What public tools make of the two OpenAPI documents: linters find no error, and generated clients do the main job."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.django_db(databases="__all__")  # the served database is a copy of the tests' own

HERE = Path(__file__).parent
PLANES = {"business": "/api/v1", "control": "/control/v1"}
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_UPDATE_NOTIFIER": "1"}

needs_generator = pytest.mark.skipif(
    not (find_spec("openapi_python_client") or os.environ.get("CI")),
    reason="no openapi-python-client: it is among requirements-dev.txt",
)
needs_node = pytest.mark.skipif(
    not shutil.which("npm") or not ((HERE / "node_modules").is_dir() or os.environ.get("CI")),
    reason="no npm, or not yet `npm ci --ignore-scripts --prefix tests/generated`",
)


@pytest.fixture
def documents(wire: httpx.Client, tmp_path: Path) -> dict[str, Path]:
    """Both documents as they are served, each as a file."""
    files = {plane: tmp_path / f"{plane}.json" for plane in PLANES}
    for plane, file in files.items():
        file.write_bytes(wire.get(f"{PLANES[plane]}/schema").content)
    return files


def run(*command: str | Path, cwd: Path, **environ: str) -> str:
    """What a command says; it must end well."""
    env = {**os.environ, **QUIET, **environ}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tool(name: str) -> Path:
    return HERE / "node_modules" / ".bin" / name


@needs_node
@pytest.mark.parametrize("plane", PLANES)
def test_the_default_rules_of_spectral_find_no_error(plane: str, documents: dict[str, Path]) -> None:
    said = run(
        tool("spectral"), "lint", "--ruleset", HERE / "spectral.json", "--format", "json", documents[plane], cwd=HERE
    )
    assert [load for load in json.loads(said.partition("\nNo results")[0] or "[]") if load["severity"] == 0] == []


@needs_node
@pytest.mark.parametrize("plane", PLANES)
def test_the_default_rules_of_redocly_find_nothing(plane: str, documents: dict[str, Path]) -> None:
    said = json.loads(run(tool("redocly"), "lint", documents[plane], "--format", "json", cwd=documents[plane].parent))
    assert (said["totals"]["errors"], said["totals"]["warnings"]) == (0, 0)


@needs_generator
def test_a_client_by_openapi_python_client_does_the_main_job(
    documents: dict[str, Path], wire: httpx.Client, tmp_path: Path
) -> None:
    (config := tmp_path / "config.yml").write_text("post_hooks: []\n")
    for plane, document in documents.items():
        made = tmp_path / plane
        said = run(
            sys.executable,
            "-m",
            "openapi_python_client",
            "generate",
            "--path",
            document,
            "--output-path",
            made,
            "--config",
            config,
            "--meta",
            "setup",
            cwd=tmp_path,
        )
        # Of files that are no JSON it has the bytes alone; all else it understands.
        left_out = [line for line in said.splitlines() if line.startswith(("Cannot", "Unable", "ERROR", "Attempted"))]
        assert [line for line in left_out if "Unsupported content_type application/" not in line] == []
    packages = os.pathsep.join(str(tmp_path / plane) for plane in PLANES)
    said = run(
        sys.executable, HERE / "main_job.py", cwd=tmp_path, BASE=str(wire.base_url).rstrip("/"), PYTHONPATH=packages
    )
    assert "typed all the way" in said


@needs_node
def test_the_types_by_openapi_typescript_carry_the_main_job(
    documents: dict[str, Path], wire: httpx.Client, tmp_path: Path
) -> None:
    for name in ("main_job.ts", "tsconfig.json", "package.json"):
        shutil.copy(HERE / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(HERE / "node_modules")
    for plane, document in documents.items():
        run(tool("openapi-typescript"), document, "--output", tmp_path / f"{plane}.d.ts", cwd=tmp_path)
    run(tool("tsc"), "--project", "tsconfig.json", cwd=tmp_path)
    assert "typed all the way" in run("node", "out/main_job.js", cwd=tmp_path, BASE=str(wire.base_url).rstrip("/"))
