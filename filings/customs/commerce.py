"""The commerce authorities and their own record of an enterprise (FAQ 2.9): what the single window looks up, and no
copy of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from filings import desk
from filings.models import Enterprise, MofcomRecord, Sandbox, Visit, authority
from filings.record.facts import account_facts, facts
from filings.record.trail import note
from filings.rules import guards
from filings.rules.appraisal import appraise
from filings.rules.approval import commerce_record
from filings.rules.dates import local_date
from filings.rules.events import EventName
from filings.rules.kinds import KINDS
from filings.rules.refusals import absent, invalid
from filings.rules.sheets.mofcom_change import MofcomChange
from filings.rules.words import Party


def record_of(sandbox: Sandbox, uscc: str) -> MofcomRecord | None:
    """What is on record of an enterprise with the commerce authorities."""
    return MofcomRecord.of(sandbox, uscc)


def bring_up_to_date(sandbox: Sandbox, about: Enterprise, now: datetime) -> None:
    """The commerce authorities' own staff help: what they have of an enterprise is in order again, begun anew if there
    was nothing."""
    _write(
        authority(sandbox, Party.MOFCOM, now),
        about,
        {"name_cn": about.name_cn} if record_of(sandbox, about.uscc) is None else {},
    )


@transaction.atomic(savepoint=False)
def do_there(visit: Visit, content: Mapping[str, Any], draft: str = "") -> None:
    """The business done on 商务部统一服务平台, past the single window; a draft of it there is closed without being
    declared.

    Raises 403, 404 and 422 with every field error at once; then nothing has changed.
    """
    guards.demand((guards.enterprise_user,), account_facts(visit))
    assert visit.enterprise is not None
    appraisal = appraise(MofcomChange, content, facts(visit), declaring=True)
    if appraisal.errors:
        raise invalid(appraisal.errors)
    if draft:
        _close(visit, draft)
    _write(visit, visit.enterprise, appraisal.values, draft)


def _close(visit: Visit, draft: str) -> None:
    filing = desk.find(visit, draft)
    if filing.enterprise != visit.enterprise or KINDS[filing.kind].road.decided_by is not Party.MOFCOM:
        raise absent("商务部变更草稿", draft)
    desk.delete(visit, draft)


def _write(visit: Visit, about: Enterprise, content: Mapping[str, Any], draft: str = "") -> None:
    record = record_of(visit.sandbox, about.uscc) or MofcomRecord(sandbox=visit.sandbox, uscc=about.uscc)
    record.enter(**commerce_record(content, record.as_facts(), local_date(visit.now), 0))
    note(visit, EventName.COMMERCE_UPDATED, subject=draft, uscc=about.uscc)
