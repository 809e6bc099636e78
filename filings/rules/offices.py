"""The departments that keep hours, and what they need to be told (FAQ 2.12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType

from filings.rules.appraisal import Problem
from filings.rules.dates import local, rfc3339
from filings.rules.numbers import fold, uscc_told
from filings.rules.refusals import Refusal
from filings.rules.texts import shown
from filings.rules.words import Department, Provenance

ANSWER_AFTER = timedelta(minutes=30)
"""How long a department takes to answer. Ours."""


@dataclass(frozen=True, slots=True)
class Office:
    """A department with hours: Monday to Friday, each span from its first moment to before its last (ours).

    Public holidays are not in the FAQ and are not kept: the simulator has no calendar of them. `needs` is what a
    contact must name, with the label of each.
    """

    phones: str
    spans: tuple[tuple[time, time], ...]
    hours: str
    needs: Mapping[str, str]

    @property
    def contact(self) -> str:
        return f"{self.phones}（{self.hours}）"

    def open_at(self, moment: datetime) -> bool:
        here = local(moment)
        return here.weekday() < 5 and any(begins <= here.time() < ends for begins, ends in self.spans)

    def next_open(self, moment: datetime) -> datetime:
        """The present moment if the department is open, else when it opens."""
        if self.open_at(moment):
            return moment
        here = local(moment)
        days = (here.date() + timedelta(days=n) for n in range(8))
        openings = (datetime.combine(day, begins, here.tzinfo) for day in days for begins, _ in self.spans)
        return next(opening for opening in openings if opening > here and self.open_at(opening))


OFFICES: Mapping[Department, Office] = MappingProxyType(
    {
        Department.CUSTOMS_INSPECTION: Office(
            "0755-84397137、84397138",
            ((time(9), time(12)), (time(13, 30), time(17, 30))),
            "周一至周五 9:00-12:00,13:30-17:30",
            MappingProxyType({"uscc": "统一社会信用代码", "enterprise_name": "企业名称"}),
        )
    }
)
"""FAQ 2.12. A department that is not here answers around the clock and asks for nothing (ours)."""


def expect_open(department: Department, now: datetime) -> None:
    """Raises 409 `desk_closed {next_open_at}` outside a department's hours."""
    office = OFFICES.get(department)
    if office and not office.open_at(now):
        opens = office.next_open(now)
        words = (
            f"{department.label}的联系时间为{office.hours}，现在不在联系时间，下次可联系时间：{opens:%Y-%m-%d %H:%M}"
        )
        raise Refusal("desk_closed", words, extra={"next_open_at": rfc3339(opens)})


def credit_code(typed: str) -> str:
    """A credit code as it is compared and kept."""
    return fold(typed).upper()


def lacking(department: Department, given: Mapping[str, str], own_uscc: str) -> list[Problem]:
    """What a contact lacks of that the department needs, and a credit code that is wrong or another's (ours).

    Every department answers an enterprise about itself.
    """
    needs = OFFICES[department].needs if department in OFFICES else {}
    problems = [
        Problem(f"/{name}", "required", f"请提供“{label}”", "2.12", Provenance.DOCUMENTED)
        for name, label in needs.items()
        if not given[name]
    ]
    if code := given["uscc"]:
        if fault := uscc_told(code):
            problems.append(Problem("/uscc", "uscc_invalid", fault))
        elif code != own_uscc:
            problems.append(
                Problem(
                    "/uscc",
                    "uscc_mismatch",
                    f"统一社会信用代码与本企业不一致，填写的是{shown(code)}，本企业为 {own_uscc}",
                )
            )
    return problems
