"""What is written down is in the journal when it is asked for, by whichever process, and once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError

from filings.lab.watching import journal, mending, tail
from filings.models import Sandbox
from filings.models.sandbox import wall
from tests.serving import ROOT

pytestmark = [
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.skipif(settings.JOURNAL == "default", reason="about the file beside that of the journal"),
]

HERE = Sandbox(key="sb-of-tail")


def add(n: int, body: str = "") -> None:
    tail.add(
        sandbox=HERE.key,
        at=wall(),
        at_real=wall(),
        method="GET",
        path=f"/{n}",
        status=200,
        milliseconds=0.5,
        request_id="r",
        response_body=body,
    )


def told() -> list[str]:
    return list(journal.of(HERE).order_by("id").values_list("path", flat=True))


def size() -> int:
    return Path(f"{settings.DATABASES[settings.JOURNAL]['NAME']}.tail").stat().st_size


def test_exchanges_are_read_in_the_order_in_which_they_were_written_and_once() -> None:
    for n in range(3):
        add(n)
    assert size()
    assert told() == ["/0", "/1", "/2"]
    assert not size()
    add(3)
    assert told() == ["/0", "/1", "/2", "/3"]


def test_texts_come_back_as_they_were() -> None:
    body = '{"remarks": "第一行\\n\\u2028第二行 \\"\U0001f600"}\r\n'
    add(1, body)
    assert journal.of(HERE).get().response_body == body


def test_a_tail_that_grows_long_is_settled_by_whoever_adds_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "LONG", 2000)
    for n in range(50):
        add(n, "x" * 100)
        assert size() <= 2000
    assert len(told()) == 50


def test_a_line_cut_short_and_one_of_another_version_are_left_out_and_spoil_no_other() -> None:
    add(1)
    lines = tail.lines()
    os.write(lines._file, b'\n[12, "of another version"]')
    os.write(lines._file, b'\n[77, "cut sho')
    add(2)
    assert told() == ["/1", "/2"]


def test_a_disk_that_is_full_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", lambda file, line: len(line) - 1)
    with pytest.raises(OSError, match="No space"):
        add(1)


def test_a_journal_somebody_holds_is_told_to_its_reader_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def held(*rows: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(mending, "_until", 0.0)
    add(1)
    with monkeypatch.context() as patch:
        patch.setattr(tail.lines(), "settle", held)
        with pytest.raises(OperationalError):
            told()
    assert told() == ["/1"]


SCRIPT = """
import sys
import django
django.setup()
from filings.lab.watching import journal, tail
from filings.models import Sandbox
from filings.models.sandbox import wall
tail.LONG = 5_000
for n in range(300):
    tail.add(sandbox="sb", at=wall(), at_real=wall(), method="GET", path=f"/{sys.argv[1]}/{n}", status=200,
             milliseconds=0.5, request_id="r", response_body="x" * 50)
    if n % 50 == 0:
        mine = [path for path in journal.of(Sandbox(key="sb")).order_by("id").values_list("path", flat=True)
                if path.startswith(f"/{sys.argv[1]}/")]
        assert mine == [f"/{sys.argv[1]}/{m}" for m in range(n + 1)], (n, mine)
"""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A journal of its own, with its tables."""
    theirs = Path(str(settings.DATABASES[settings.JOURNAL]["NAME"]))
    with closing(sqlite3.connect(theirs)) as there, closing(sqlite3.connect(tmp_path / "db.journal.sqlite3")) as here:
        there.backup(here)
    return tmp_path / "db.sqlite3"


def test_processes_that_write_and_read_at_once_lose_nothing_and_double_nothing(elsewhere: Path) -> None:
    environ = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{elsewhere}",
        "DJANGO_SETTINGS_MODULE": "singlewindow.settings",
    }
    writers = [subprocess.Popen([sys.executable, "-c", SCRIPT, str(n)], cwd=ROOT, env=environ) for n in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    left = elsewhere.with_name("db.journal.sqlite3.tail").read_bytes().count(b"\n")
    with closing(sqlite3.connect(elsewhere.with_name("db.journal.sqlite3"))) as kept:
        paths = [path for (path,) in kept.execute("SELECT path FROM filings_exchange WHERE sandbox = 'sb'")]
    assert len(paths) + left == 900
    assert len(set(paths)) == len(paths)
