"""Reading what a form behind the counter brought."""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from rest_framework.exceptions import ValidationError

from filings.manners.bodies import Instant
from filings.rules.appraisal import Problem
from filings.rules.numbers import fold
from filings.rules.refusals import invalid


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

    def text(self, name: str, label: str, longest: int) -> str:
        """A text, without what no database keeps."""
        text = self._given.get(name, "").replace("\0", "").strip()
        if len(text) > longest:
            self.wrong(name, "max_length", f"{label}最多 {longest} 个字")
        return text

    def code(self, name: str) -> str:
        """A number or a code, in its usual letters."""
        return fold(self.text(name, "号码", 40)).upper()

    def number(self, name: str, label: str, numbers: range) -> int | None:
        """A whole number; None where none is given."""
        text = fold(self._given.get(name, "")).strip()
        if not text:
            return None
        if text.isascii() and text.isdecimal() and len(text) < 10 and int(text) in numbers:
            return int(text)
        self.wrong(name, "invalid", f"{label}应为 {numbers.start} 到 {numbers.stop - 1} 的整数")
        return None

    def real(self, name: str, label: str, most: float) -> float | None:
        """A number above 0; None where none is given."""
        text = fold(self._given.get(name, "")).strip()
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if 0 < value <= most:
            return value
        self.wrong(name, "invalid", f"{label}应大于 0，不超过 {most:g}")
        return None

    def moment(self, name: str) -> datetime | None:
        """An instant as people write it; None where none is given."""
        typed = fold(self._given.get(name, "")).strip()
        if not typed:
            return None
        try:
            return Instant().run_validation(typed.replace(" ", "T", 1))
        except ValidationError:
            self.wrong(name, "invalid", "时刻应写作 2021-12-01 09:00，在 1990 年至 2200 年之间")
            return None

    def json(self, name: str, label: str) -> Any:
        """JSON; None where none is given."""
        text = self.text(name, label, 20_000)
        if not text:
            return None
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            self.wrong(name, "invalid", f"{label}应为 JSON")
            return None
