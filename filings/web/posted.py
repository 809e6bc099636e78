"""Reading what a form brought."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Container
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from rest_framework.exceptions import ValidationError

from filings.forms.language import Day, Instant, Told
from filings.manners.wire import faults_of
from filings.rules.appraisal import Problem
from filings.rules.numbers import fold
from filings.rules.refusals import invalid
from filings.rules.texts import Fault, letters, like, line, lines, shown

FORM = ["GET", "HEAD", "POST"]
"""The methods of a page with a form."""

A_PART = '{"kind": "registration"}'


class Posted:
    """A form's members, read one by one. What is wrong with any of them is gathered, and told at once by `expect_sound`."""

    def __init__(self, request: HttpRequest) -> None:
        self._given = request.POST
        self._problems: list[Problem] = []

    def wrong(self, name: str, code: str, words: str) -> None:
        """Note that a member is not as it should be."""
        self._problems.append(Problem(f"/{name}", code, words))

    def expect_sound(self) -> None:
        """Raise 422 with everything that is wrong, if anything is."""
        if self._problems:
            raise invalid(self._problems)

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return name in self._given

    def listed(self, name: str) -> list[str]:
        """All that is ticked of boxes with one name."""
        return self._given.getlist(name)

    def text(self, name: str, label: str, longest: int, *, long: bool = False, required: bool = False, example: str = "") -> str:
        """A text, of one line unless `long`; "" where there is none, or a wrong one."""
        return self._read(name, label, lines if long else line, longest, required, example)

    def secret(self, name: str, label: str, longest: int, *, shortest: int = 0) -> str:
        """A password, to the letter."""
        found = self._read(name, label, letters, longest, bool(shortest), "")
        if found and len(found) < shortest:
            self.wrong(name, "min_length", f"{label}至少 {shortest} 位，填写了 {len(found)} 位")
        return found

    def _read(self, name: str, label: str, read: Callable[[str, int], str], longest: int, required: bool, example: str) -> str:
        try:
            found = read(self._given.get(name, ""), longest)
        except Fault as fault:
            self.wrong(name, fault.code, f"{label}{fault.detail}{like(example)}")
            return ""
        if required and not found:
            self.wrong(name, "required", f"{label}必填")
        return found

    def chosen(self, name: str, words: str, among: Container[str]) -> str:
        """One of a closed set; "" where it is none of it, which the words tell."""
        found = self._given.get(name, "")
        if found in among:
            return found
        self.wrong(name, "required", words)
        return ""

    def code(self, name: str, label: str = "号码", *, required: bool = False) -> str:
        """A number or a code, in its usual letters."""
        return fold(self.text(name, label, 40, required=required)).upper()

    def number(self, name: str, label: str, numbers: range) -> int | None:
        """A whole number; None where none is given."""
        text = self._number(name)
        if not text:
            return None
        if text.isascii() and text.isdecimal() and len(text) < 10 and int(text) in numbers:
            return int(text)
        self.wrong(name, "invalid", f"{label}应为 {numbers.start} 到 {numbers.stop - 1} 的整数，填写的是{shown(text)}")
        return None

    def real(self, name: str, label: str, most: float) -> float | None:
        """A number above 0; None where none is given."""
        text = self._number(name)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if 0 < value <= most:
            return value
        self.wrong(name, "invalid", f"{label}应为大于 0、不超过 {most:g} 的数字，填写的是{shown(text)}")
        return None

    def day(self, name: str, label: str) -> date | None:
        """A calendar date; None where none is given."""
        return self._taken(Day(), name, label, self._number(name))

    def moment(self, name: str, label: str = "") -> datetime | None:
        """An instant as people write it; None where none is given."""
        return self._taken(Instant(sample="2021-12-01 09:00"), name, label, self._number(name).replace(" ", "T", 1))

    def _number(self, name: str) -> str:
        return fold(self._given.get(name, ""))

    def _taken(self, member: Told, name: str, label: str, typed: str) -> Any:
        """What a member of the API's bodies makes of it: one rule, in the same words."""
        if not typed:
            return None
        try:
            return member.run_validation(typed)
        except ValidationError as error:
            self._problems += [Problem(f"/{name}", one.code, label + one.detail) for one in faults_of(error)]
            return None

    def json(self, name: str, label: str) -> Any:
        """JSON; None where none is given."""
        text = self.text(name, label, 20_000, long=True)
        if not text:
            return None
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            where = f"，第 {error.lineno} 行第 {error.colno} 列有误" if isinstance(error, json.JSONDecodeError) else ""
            self.wrong(name, "invalid", f"{label}应为 JSON{where}{like(A_PART)}")
            return None
