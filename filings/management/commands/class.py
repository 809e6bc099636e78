"""`manage.py class`: classes for those who train, and how their learners stand."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from filings import learners
from filings.lab.grading import class_report

LONGEST = 60
"""Characters of a class's name."""


class Command(BaseCommand):
    help = "Classes: open one, list them, report how the learners of one stand"

    def add_arguments(self, parser: ArgumentParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        add = deeds.add_parser("add", help="open a class; prints the code by which learners join it")
        add.add_argument("name")
        deeds.add_parser("list", help="every class with its code, and how many learners it has")
        report = deeds.add_parser("report", help="how the learners of a class stand, as a table or in files")
        report.add_argument("class", metavar="CLASS", help="its code, or its name")
        report.add_argument("--csv", metavar="FILE", type=Path)
        report.add_argument("--xlsx", metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        match options["deed"]:
            case "add":
                self._add(" ".join(options["name"].split()))
            case "list":
                for each in learners.classes():
                    self.stdout.write(f"{each.code}  {each.size:4}  {each.name}")  # type: ignore[attr-defined]
            case "report":
                self._report(options["class"], options["csv"], options["xlsx"])

    def _add(self, name: str) -> None:
        if not name or len(name) > LONGEST or not name.isprintable():
            raise CommandError(f"班级名称应为一行文字，不超过 {LONGEST} 个字")
        code = learners.open_class(name).code
        self.stdout.write(f"{code}  {name}")
        self.stderr.write(f"请把代码 {code} 告诉学员：在 /learn/ 填姓名和班级代码进入")

    def _report(self, called: str, as_csv: Path | None, as_xlsx: Path | None) -> None:
        found = learners.class_of(called)
        if found is None:
            raise CommandError(f"没有代码或名称为“{called}”的班级，或有几个同名的；请用代码，见 class list")
        report = class_report.report(found)
        for file, made in ((as_csv, report.csv), (as_xlsx, report.xlsx)):
            if file is not None:
                try:
                    file.write_bytes(made())
                except OSError as error:
                    raise CommandError(f"不能写入 {file}：{error.strerror}") from None
                self.stdout.write(f"已写入 {file}")
        if as_csv is None and as_xlsx is None:
            self.stdout.write(report.text())
