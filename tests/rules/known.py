"""A moment, what is known in it, and a sheet that is right: what the tests of rules start from."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from filings.lab.worlds.cast import REFERENCE
from filings.rules.appraisal import Appraisal, appraise
from filings.rules.dates import SHANGHAI
from filings.rules.facts import Facts
from filings.rules.sheets.registration import Registration

NOW = datetime(2021, 12, 1, 9, 0, tzinfo=SHANGHAI)


def known(**more: Any) -> Facts:
    """An enterprise outside Qianhai, not yet on record."""
    return Facts(**{"now": NOW, "uscc": REFERENCE["uscc"], "in_qianhai": False, **more})


def sheet(**more: Any) -> dict[str, Any]:
    """The reference registration with some fields otherwise; None leaves one out."""
    content = {**deepcopy(dict(REFERENCE)), **more}
    return {name: value for name, value in content.items() if value is not None}


def judged(content: dict[str, Any], facts: Facts | None = None, **more: Any) -> Appraisal:
    """The sheet as declared, unless told otherwise."""
    return appraise(Registration, content, facts or known(), **{"declaring": True, **more})


def errors(appraisal: Appraisal) -> list[tuple[str, str]]:
    """Where, and what."""
    return [(problem.pointer.removeprefix("/content/"), problem.code) for problem in appraisal.errors]


def warnings(appraisal: Appraisal) -> list[tuple[str, str]]:
    return [(problem.pointer.removeprefix("/content/"), problem.code) for problem in appraisal.warnings]
