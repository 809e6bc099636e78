"""The kinds of filing: one value each, and no ladder of kinds anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from filings.rules import guards
from filings.rules.approval import registration_record
from filings.rules.register import Rule
from filings.rules.sheet import Sheet
from filings.rules.sheets.registration import Registration


@dataclass(frozen=True, slots=True)
class Kind:
    """What makes a kind of filing.

    writing    guards before any write (account rule, medium)
    declaring  guards after the field errors
    record     what an approval lays over the customs ledger
    """

    name: str
    label: str
    business_type: str
    sheet: type[Sheet]
    writing: tuple[Rule, ...]
    declaring: tuple[Rule, ...]
    record: Callable[[Mapping[str, Any], date, int], dict[str, Any]]


REGISTRATION = Kind(
    name="registration",
    label="注册登记申请",
    business_type="企业注册登记",
    sheet=Registration,
    writing=(guards.enterprise_user,),
    declaring=(guards.no_open_filing, guards.not_yet_registered),
    record=registration_record,
)

KINDS = {kind.name: kind for kind in (REGISTRATION,)}

BUSINESS_TYPES = ("企业注册登记", "企业变更", "企业注销")
"""申请业务类型 of 申请单查询 (FAQ 1.9)."""
