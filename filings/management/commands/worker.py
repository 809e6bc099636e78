"""`manage.py worker`: lets time pass in sandboxes nobody visits, and clears those nobody came back to."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from filings import agenda
from filings.lab import worlds

log = logging.getLogger("filings.worker")

ROUND = 1.0
"""Seconds between two rounds: the quickest scenario answers within two."""

CLEARING = 600
"""Rounds between two clearings of expired sandboxes."""


class Command(BaseCommand):
    help = "Runs what is due in every sandbox whose clock runs, once a second."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        if options["once"]:
            self._round(0)
            return
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        rounds = 0
        while not stop.wait(ROUND):
            self._round(rounds)
            rounds += 1

    def _round(self, number: int) -> None:
        try:
            for sandbox in agenda.running():
                agenda.run(sandbox, sandbox.now(), limit=200)
            if number % CLEARING == 0:
                worlds.clear_expired()
        except DatabaseError:
            # The database may be restarting; the next round tries anew with a fresh connection.
            log.exception("round given up")
            close_old_connections()
