"""The kinds of filing: one value each, and no ladder of kinds anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from filings.rules import guards
from filings.rules.approval import changed_record, commerce_record, deregistered_record, registered_record
from filings.rules.facts import Facts
from filings.rules.laying import changed, lay
from filings.rules.register import Rule
from filings.rules.roads import BY_COMMERCE, BY_CUSTOMS, Road
from filings.rules.sheet import Sheet
from filings.rules.sheets.change import Change
from filings.rules.sheets.deregistration import Deregistration
from filings.rules.sheets.mofcom_change import MofcomChange
from filings.rules.sheets.registration import Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What makes a kind of filing.

    media         guards before any write that ask by which medium one logged in
    opening       guards before a draft is begun, and at every later writing of it
    attaching     guards before a file is looked at
    declaring     guards after the field errors
    record        what an approval writes into the ledger of who gives it: of content, ledger, day and serial
    road          who handles it, and by which steps
    printed       《报关单位备案信息表》 is printed of it (FAQ 2.17)
    over_record   it carries only what changes, laid over the approved record
    reason_told   by card one may read why it was refused; of a registration never (FAQ 2.6)
    promised_in   working days in which the authority promises to decide (public); None where no source tells
    place         where the menu has it: the module as the FAQ calls it, the group below it ours
    """

    name: str
    label: str
    business_type: str
    sheet: type[Sheet]
    media: tuple[Rule, ...] = ()
    opening: tuple[Rule, ...] = ()
    attaching: tuple[Rule, ...] = ()
    declaring: tuple[Rule, ...]
    record: Callable[[Mapping[str, Any], Mapping[str, Any], date, int], dict[str, Any]]
    over_record: bool = False
    reason_told: bool = False
    promised_in: int | None = None
    place: tuple[str, str]
    road: Road = BY_CUSTOMS
    printed: bool = True

    @property
    def writing(self) -> tuple[Rule, ...]:
        """Guards before any write: the account rule, then the medium."""
        return (guards.enterprise_user, *self.media)

    @property
    def by_card(self) -> bool:
        """Only who logged in by card may write one (FAQ 1.5)."""
        return guards.card_login in self.media

    @property
    def on_record(self) -> bool:
        """It is about an enterprise on record in the single window."""
        return guards.has_record in self.opening

    @property
    def first(self) -> bool:
        """It is of an enterprise that is not on record yet, and so tells all of it (FAQ 2.20)."""
        return guards.not_yet_registered in self.declaring

    @property
    def standing(self) -> tuple[Rule, ...]:
        """What must stand whenever a page is filled or declared: its agent's mandate, and what it was opened on."""
        return (guards.mandate_stands, *self.opening)

    @property
    def guards(self) -> tuple[Rule, ...]:
        """Every rule that stands before a deed, in the order they are asked."""
        return (*self.writing, *self.standing, *self.attaching, *self.declaring)

    def blank(self, facts: Facts) -> dict[str, Any]:
        """What a new page keeps before anything is typed."""
        if self.over_record:
            return {}
        own = {"uscc": facts.uscc} if facts.uscc and "uscc" in self.sheet.items else {}
        return {**own, **self.sheet.defaults()}

    def whole(self, record: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
        """The sheet in full, of what is kept of it."""
        return lay(record, kept) if self.over_record else dict(kept)

    def laid(self, record: Mapping[str, Any], kept: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
        """The sheet in full, a patch over what is kept of it."""
        return self.sheet.merge(self.whole(record, kept), patch)

    def kept(self, record: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
        """What is kept of a sheet in full."""
        return changed(record, values) if self.over_record else dict(values)

    def names(self, kept: Mapping[str, Any]) -> list[str]:
        """Which fields are kept, in the order of the sheet: a database may keep them in another."""
        return [name for name in self.sheet.items if name in kept]


REGISTRATION = Kind(
    name="registration",
    label="注册登记申请",
    business_type="企业注册登记",
    sheet=Registration,
    declaring=(guards.no_open_filing, guards.not_yet_registered),
    record=registered_record,
    promised_in=3,
    place=("海关企业通用资质", "企业注册登记"),
)

CHANGE = Kind(
    name="change",
    label="注册信息变更申请",
    business_type="企业变更",
    sheet=Change,
    media=(guards.card_login,),
    opening=(guards.has_record,),
    declaring=(guards.something_changes, guards.not_overdue, guards.no_open_filing),
    record=changed_record,
    over_record=True,
    reason_told=True,
    promised_in=3,
    place=("海关企业通用资质", "企业信息变更"),
)

DEREGISTRATION = Kind(
    name="deregistration",
    label="注销申请",
    business_type="企业注销",
    sheet=Deregistration,
    media=(guards.card_login,),
    opening=(guards.has_record,),
    declaring=(guards.not_overdue, guards.no_open_filing, guards.branches_deregistered),
    record=deregistered_record,
    reason_told=True,
    promised_in=11,
    place=("海关企业通用资质", "企业注销"),
)

MOFCOM_CHANGE = Kind(
    name="mofcom_change",
    label="商务部变更申请",
    business_type="商务部变更",
    sheet=MofcomChange,
    attaching=(guards.control_ready,),
    declaring=(guards.commerce_record_found, guards.no_open_filing),
    record=commerce_record,
    place=("商务部", "经营者备案"),
    road=BY_COMMERCE,
    printed=False,
)

KINDS = {kind.name: kind for kind in (REGISTRATION, CHANGE, DEREGISTRATION, MOFCOM_CHANGE)}

BUSINESS_TYPES = tuple(kind.business_type for kind in KINDS.values())
"""申请业务类型 of 申请单查询 (FAQ 1.9); that of 商务部变更 is ours."""
