"""Document numbers, and the unguessable codes by which a document on paper is looked up again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from filings.models import Enterprise, Filing, Mirror, Sandbox, row_or_none
from filings.printing import sealing
from filings.rules.dates import local_date
from filings.rules.entitlements import standing
from filings.rules.words import Paper, Status

PURPOSE = "filings.printing"

_FORM = re.compile(r"SIM-BAXXB-(?P<filing>\w{15})")
_CERTIFICATE = re.compile(r"SIM-BAZM-(?P<uscc>\w{18})-(?P<on>\d{8})")


@dataclass(frozen=True, slots=True)
class Verified:
    """What a document's page of verification tells: no more than which it is, whose, and how that stands now."""

    paper: Paper
    number: str
    name_cn: str
    status: str
    status_label: str


def record_form_number(filing_number: str) -> str:
    """备案信息表 of a filing: its number without the SIM it begins with."""
    return f"SIM-BAXXB-{filing_number.removeprefix('SIM')}"


def certificate_number(uscc: str, registered_on: date) -> str:
    """备案证明 of a record: a new registration is another document."""
    return f"SIM-BAZM-{uscc}-{registered_on:%Y%m%d}"


def code_of(sandbox: Sandbox, number: str) -> str:
    """The code of a document: its world and number."""
    return sealing.sealed(f"{sandbox.pk}:{number}", PURPOSE)


def opened(code: str) -> tuple[Sandbox, str] | None:
    """The world and number a code stands for; None for a code that is not ours, or of a world that is gone."""
    text = sealing.opened(code, PURPOSE)
    if text is None:
        return None
    world, _, number = text.partition(":")
    sandbox = row_or_none(Sandbox.objects.filter(pk=int(world)))
    return (sandbox, number) if sandbox else None


def verified(sandbox: Sandbox, number: str) -> Verified | None:
    """What there is of a document today; None where it is there no longer."""
    if form := _FORM.fullmatch(number):
        filing = row_or_none(
            Filing.objects.select_related("enterprise").filter(sandbox=sandbox, number=f"SIM{form['filing']}")
        )
        if filing is None:
            return None
        status = Status(filing.status)
        return Verified(
            Paper.RECORD_FORM, number, _named(filing.enterprise, filing.content), status.value, status.label
        )
    found = _CERTIFICATE.fullmatch(number)
    about = row_or_none(Enterprise.objects.filter(sandbox=sandbox, uscc=found["uscc"])) if found else None
    if found is None or about is None:
        return None
    mirror = Mirror.of(sandbox, about.uscc)
    same = mirror is not None and mirror.registered_on is not None and f"{mirror.registered_on:%Y%m%d}" == found["on"]
    record: Mapping[str, Any] = mirror.as_facts() if mirror and same else {"registered_on": None, "content": {}}
    stands = standing(record, local_date(sandbox.now()))
    label = stands.label if same else "已失效"
    return Verified(Paper.CERTIFICATE, number, _named(about, record["content"]), stands.value, label)


def _named(enterprise: Enterprise, content: Mapping[str, Any]) -> str:
    """An enterprise's name as its document tells it."""
    return content.get("name_cn") or enterprise.name_cn
