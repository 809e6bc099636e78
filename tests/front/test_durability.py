"""What SIM_DURABILITY asks of the database, by the database's own word."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import ROOT, database

ASKED = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SHOW synchronous_commit" if connection.vendor == "postgresql" else "PRAGMA synchronous")
    print(cursor.fetchone()[0])
"""


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(("durability", "told"), [("full", {"2", "on"}), ("fast", {"1", "off"})])
def test_a_commit_waits_for_the_disk_unless_told_otherwise(durability: str, told: set[str], tmp_path: Path) -> None:
    with database(tmp_path) as url:
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "singlewindow.settings",
            "SIM_DURABILITY": durability,
        }
        asked = subprocess.run(
            [sys.executable, "-c", ASKED],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    assert asked.stdout.strip() in told


def test_on_postgresql_the_options_of_the_address_are_kept() -> None:
    url = "postgresql://somebody@127.0.0.1/x?options=-c%20statement_timeout%3D5000"
    script = "from singlewindow.settings import DATABASES; print(DATABASES['default']['OPTIONS']['options'])"
    told = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "DATABASE_URL": url, "SIM_DURABILITY": durability},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        ).stdout.strip()
        for durability in ("full", "fast")
    ]
    assert told == ["-c statement_timeout=5000", "-c statement_timeout=5000 -c synchronous_commit=off"]
