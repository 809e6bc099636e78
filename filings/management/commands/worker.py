"""`singlewindow worker`: lets time pass in sandboxes nobody visits, delivers webhooks, keeps journals short, and clears
sandboxes nobody came back to."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections, connections

from filings import agenda, guessing, learners
from filings.lab.watching import journal
from filings.lab.webhooks.delivering import Courier
from filings.lab.worlds import worlds
from filings.models import Sandbox
from filings.rules.refusals import Refusal

log = logging.getLogger("filings.worker")

ROUND = 1.0
"""Seconds between two rounds: the quickest scenario answers within two."""

GLANCE = 0.2
"""Seconds between two looks at what is to be delivered: an attempt is made within a second of being due."""

TRIMMING = 10
"""Rounds between two looks for journals that have grown too long."""

CLEARING = 600
"""Rounds between two clearings of expired sandboxes."""

AT_ONCE = 200
"""What is done of one sandbox in a round at the most: then it is the others' turn."""


class Command(BaseCommand):
    help = "每秒处理各沙箱到期的事项，并投递 webhook。serve 会自己启动它。"
    requires_system_checks: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._passed_over: set[int] = set()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="处理一轮后停止")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        if options["once"]:
            self._round(0)
            courier = Courier()
            while courier.turn(0.05):
                pass
            return
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        # Beside the rounds: a receiver that keeps a delivery waiting holds up nobody's time.
        threading.Thread(target=self._deliver, args=(stop,), name="courier", daemon=True).start()
        rounds = 0
        while not stop.wait(ROUND):
            self._round(rounds)
            rounds += 1

    def _round(self, number: int) -> None:
        try:
            for sandbox in agenda.running():
                self._let_time_pass(sandbox)
            if number % TRIMMING == 0:
                journal.trim()
            if number % CLEARING == 0:
                worlds.clear_expired()
                guessing.forget_old()
                learners.forget_old()
        except DatabaseError:
            # The database may be restarting; the next round tries anew with a fresh connection.
            log.exception("round given up")
            close_old_connections()

    def _let_time_pass(self, sandbox: Sandbox) -> None:
        """Do what is due in one sandbox. What is wrong with it is told once, and stops nobody else's time."""
        try:
            agenda.catch_up(sandbox, AT_ONCE)
            self._passed_over.discard(sandbox.pk)
        except Refusal:
            pass  # reset or deleted meanwhile
        except DatabaseError:
            raise
        except Exception:
            if sandbox.pk not in self._passed_over:
                self._passed_over.add(sandbox.pk)
                log.exception("sandbox %s is passed over", sandbox.key)

    def _deliver(self, stop: threading.Event) -> None:
        courier = Courier()
        while not stop.is_set():
            try:
                courier.turn(GLANCE)
            except Exception:
                # What was claimed is claimed anew once its lease has run out.
                log.exception("delivering given up")
                close_old_connections()
                courier = Courier()
                stop.wait(ROUND)
        connections.close_all()
