"""A newer version starts on an older database and keeps what is in it. Played with this version as the older one, and
a newer one made of it: another version number, one more column, and the migration that adds it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from tests.crashes import CONTROL, REFERENCE, Server, opened
from tests.packaging.commands import command
from tests.running import free_port
from tests.serving import ROOT, database

MIGRATION = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("filings", "0001_initial")]
    operations = [migrations.AddField("sandbox", "remarks", models.CharField(max_length=100, blank=True, default="一"))]
"""


def newer(folder: Path) -> Path:
    """The version that comes after this one, as a checkout."""
    for package in ("filings", "singlewindow"):
        shutil.copytree(ROOT / package, folder / package, copy_function=os.symlink)
    shutil.copy(ROOT / "manage.py", folder)  # a script's own folder is where its link leads
    (folder / "filings/migrations/0002_remarks.py").write_text(MIGRATION)
    for name, found, change in (
        (
            "filings/models/sandbox.py",
            r"(    name = models.CharField.*\n)",
            r'\1    remarks = models.CharField(max_length=100, blank=True, default="一")\n',
        ),
        ("filings/rules/version.py", r'VERSION = "[\d.]+"', 'VERSION = "9.9.9"'),
    ):
        text, number = re.subn(found, change, (ROOT / name).read_text(encoding="utf-8"), count=1)
        assert number == 1
        (folder / name).unlink()
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@contextmanager
def serving(folder: Path, url: str, log: Path) -> Iterator[httpx.Client]:
    """A version, on a database, while the block lasts."""
    server = Server(url, log, folder)
    server.start()
    try:
        with httpx.Client(base_url=server.base, timeout=60, trust_env=False) as wire:
            yield wire
    finally:
        server.stop()


@pytest.mark.django_db(databases="__all__")
def test_a_newer_version_starts_on_an_older_database_and_the_older_one_does_not_on_a_newer(tmp_path: Path) -> None:
    on_a_file = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    later = newer(tmp_path / "newer")
    with database(tmp_path) as url:
        with serving(ROOT, url, tmp_path / "older.log") as wire:
            world = opened(wire)
            filing = wire.post("/api/v1/filings", json=REFERENCE, headers=world.auth).raise_for_status().json()
            wire.post(f"{CONTROL}/{world.key}/checkpoints", json={"name": "drafted"}).raise_for_status()
        if on_a_file:
            command("backup", tmp_path / "of the older.backup", url=url)

        with serving(later, url, tmp_path / "newer.log") as wire:
            assert wire.get("/api/v1/version").json()["version"] == "9.9.9"
            there = f"/api/v1/filings/{filing['id']}"
            assert wire.get(there, headers=world.auth).json()["content"] == filing["content"], (
                "with the login there was, too"
            )
            wire.delete(there, headers={**world.auth, "If-Match": "*"}).raise_for_status()
            wire.post(f"{CONTROL}/{world.key}/checkpoints/drafted/restore").raise_for_status()
            wire.post(f"{there}/declare", headers=world.auth).raise_for_status()
        if on_a_file:
            assert (tmp_path / "served.before-9.9.9.backup").exists()
            assert "served.before-9.9.9.backup" in (tmp_path / "newer.log").read_text(encoding="utf-8")

        refused = command("serve", "--port", str(free_port()), url=url, fails=True)
        assert "更新的版本所建（filings.0002_remarks）" in refused

        if on_a_file:
            restored = command("restore", tmp_path / "of the older.backup", url=url, version=later)
            assert "正在更新备份的数据库结构" in restored
            with serving(later, url, tmp_path / "newer.log") as wire:
                assert wire.get(there, headers=world.auth).json()["status"] == "draft", (
                    "as it was when it was backed up"
                )
            # Back to the older version, with the copy that was kept before the upgrade.
            command("restore", tmp_path / "served.before-9.9.9.backup", url=url)
            with serving(ROOT, url, tmp_path / "older.log") as wire:
                assert wire.get(there, headers=world.auth).json()["content"] == filing["content"]
