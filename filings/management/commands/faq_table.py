"""`manage.py faq_table`: the table of the thirty entries, in both languages, made from the simulator's own."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from filings.lab.worlds.situations import SITUATIONS
from filings.rules.exercises import loading
from filings.rules.faq import ENTRIES

HEADS = {
    "docs/documented.md": ("FAQ", "behaviour", "screen", "by API", "situation", "`tests/faq/`"),
    "docs/zh/documented.md": ("常见问题", "行为", "界面", "接口", "场面", "`tests/faq/`"),
}
"""The columns, by the file they stand in."""

PLACE = re.compile(r"(?<=<!-- faq -->\n).*?(?=<!-- /faq -->)", re.S)
"""Where the table stands."""


def table(document: str) -> str:
    """The table as a document has it."""
    heads = HEADS[document]
    rows = [
        heads,
        ("---",) * len(heads),
        *(_row(entry, chinese="zh" in document) for entry in ENTRIES),
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(entry: str, *, chinese: bool) -> tuple[str, ...]:
    exercise = loading.of_entry(entry)
    return (
        entry,
        exercise.title if chinese else exercise.behaviour,
        exercise.screen.label,
        f"`{exercise.call}`",
        f"`{next(situation.name for situation in SITUATIONS.values() if situation.faq == entry)}`",
        f"`{test_file(entry)}`",
    )


def test_file(entry: str) -> str:
    """Where an entry is shown by the API."""
    return f"test_faq_{entry.replace('.', '_')}.py"


class Command(BaseCommand):
    help = "Print the table of the thirty entries in both languages, or write it where it belongs"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="write both documents")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in HEADS:
            if options["write"]:
                document = Path(settings.BASE_DIR) / name
                before, after = PLACE.split(document.read_text(encoding="utf-8"))
                document.write_text(before + table(name) + after, encoding="utf-8")
            else:
                self.stdout.write(table(name))
