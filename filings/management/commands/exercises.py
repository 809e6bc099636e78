"""`manage.py exercises`: proving the content of exercises, and grading stored attempts anew."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from filings.lab.grading import gate, regrading
from filings.rules.exercises.loading import WrongExercise, catalogue
from filings.rules.exercises.schema import VARIANTS


class Command(BaseCommand):
    help = "Exercises: verify their content, or grade stored attempts anew"

    def add_arguments(self, parser: ArgumentParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        verify = deeds.add_parser("verify", help="play every script of the exercises named, or of all")
        verify.add_argument("exercises", nargs="*", help="ids")
        verify.add_argument("--all", action="store_true")
        verify.add_argument(
            "--every-variant",
            action="store_true",
            help=f"play the right way in all {VARIANTS}, not in {len(gate.SEEDS)}",
        )
        deeds.add_parser(
            "regrade", help="grade stored attempts by what stands today; lists differences, writes nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            known = catalogue()
        except WrongExercise as error:
            raise CommandError(str(error)) from None
        if options["deed"] == "regrade":
            for line in regrading.differences():
                self.stdout.write(line)
            return
        wanted = list(known) if options["all"] else options["exercises"]
        if not wanted:
            raise CommandError("name exercises, or say --all")
        if strangers := [name for name in wanted if name not in known]:
            raise CommandError(f"no such exercise: {', '.join(strangers)}")
        self._verify(wanted, range(VARIANTS) if options["every_variant"] else gate.SEEDS)

    def _verify(self, wanted: list[str], seeds: Iterable[int]) -> None:
        seconds: dict[str, float] = defaultdict(float)
        faults = runs = 0
        for name in wanted:
            for run in gate.verify(catalogue()[name].exercise, seeds):
                runs += 1
                seconds[name] += run.seconds
                if run.fault:
                    faults += 1
                    self.stdout.write(f"{name}: {run.name}: {run.fault}")
            self.stdout.write(f"{name}: {seconds[name]:.2f} s")
        self.stdout.write(f"{len(wanted)} exercises, {runs} runs, {sum(seconds.values()):.1f} s, {faults} faults")
        if faults:
            raise CommandError("the content does not stand")
