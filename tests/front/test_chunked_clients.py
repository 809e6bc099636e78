"""Clients that do not know their body's length, in three languages: each goes the whole main job in chunks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.django_db(databases="__all__")  # the served database is a copy of the tests' own

CLIENTS = Path(__file__).parent / "clients"
COMMANDS = {"python": [sys.executable, "chunked.py"], "node": ["node", "chunked.mjs"], "java": ["java", "Chunked.java"]}

needs_node = pytest.mark.skipif(not shutil.which("node"), reason="no Node.js")
needs_jdk = pytest.mark.skipif(not (shutil.which("java") and shutil.which("javac")), reason="no JDK")


@pytest.mark.parametrize(
    "language", ["python", pytest.param("node", marks=needs_node), pytest.param("java", marks=needs_jdk)]
)
def test_a_client_without_lengths_goes_the_whole_way(language: str, wire: httpx.Client) -> None:
    env = {**os.environ, "BASE": str(wire.base_url)}
    gone = subprocess.run(
        COMMANDS[language], cwd=CLIENTS, env=env, capture_output=True, text=True, encoding="utf-8", timeout=300
    )
    assert gone.returncode == 0, gone.stdout + gone.stderr
    assert "chunked all the way" in gone.stdout
