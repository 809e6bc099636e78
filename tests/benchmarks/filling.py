"""Puts filings into a sandbox beside the API, each a copy of its newest with its first event: `python filling.py
SANDBOX SO_MANY_MORE`.

`DATABASE_URL` names the database. What the sandbox counts is brought up to date, so that it goes on as any other.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from copy import copy
from itertools import islice
from pathlib import Path
from typing import Any

AT_ONCE = 2000


def fill(key: str, more: int) -> None:
    from django.db import transaction

    from filings.models import Event, Filing, Sandbox

    def copies(row: Any, **numbers: Any) -> Any:
        made = copy(row)
        made.pk, made._state = None, copy(row._state)
        for name, value in numbers.items():
            setattr(made, name, value)
        return made

    def rows(n: int) -> tuple[Filing, Event]:
        name = f"F{newest.serial + n:06d}"
        number = f"{newest.number[:-7]}{int(newest.number[-7:]) + n:07d}"
        filing = copies(newest, serial=newest.serial + n, public_id=name, number=number)
        return filing, copies(first, seq=sandbox.events_taken + n, subject=name)

    with transaction.atomic():
        sandbox = Sandbox.objects.get(key=key)
        sandbox.lock_anew()
        newest = Filing.objects.filter(sandbox=sandbox).latest("serial")
        first = Event.objects.filter(sandbox=sandbox, subject=newest.public_id, version__isnull=False).earliest("seq")
        made: Iterator[tuple[Filing, Event]] = map(rows, range(1, more + 1))
        while some := list(islice(made, AT_ONCE)):
            Filing.objects.bulk_create(filing for filing, _ in some)
            Event.objects.bulk_create(event for _, event in some)
        sandbox.tick(events=more, serials=more, filings=more)


if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    os.environ["DJANGO_SETTINGS_MODULE"] = "singlewindow.settings"
    import django

    django.setup()
    fill(sys.argv[1], int(sys.argv[2]))
