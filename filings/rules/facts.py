"""What the rules need to know besides the sheet itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from filings.rules import client_control
from filings.rules.dates import local_date
from filings.rules.laying import on_record
from filings.rules.words import CardStatus, Medium, Mode, UserType

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One moment's knowledge about a visit and the enterprise a filing is about. Gathered by `record.facts`, never by
    a rule.

    `ledger` is the authority's record and `mirror` the single window's copy of it, both empty when there is none.
    `card_status` is that of the card a session was opened with, now. `branches` counts the branches in force at
    customs. `open_filing` is the one on its way, empty where the visit may not see which (FAQ 1.7).
    `commerce` is the record of the commerce authorities and `control` the client control of the account.
    `changed` names what a change changes. `helped`: the simulator recommends what the document does, and
    warns of what will not do.
    `legal_person_cards` are the numbers of those who hold or applied for the
    enterprise's 法人卡, `seal_issued_at` is when this account was last given its 电子签章证书. `stale_form` is the
    glitch of FAQ 2.10, `phantom_customs_section` that of 2.12: a glitch changes facts, never a code path.
    """

    now: datetime
    medium: Medium = Medium.PASSWORD
    card_status: CardStatus | None = None
    user_type: UserType | None = UserType.ENTERPRISE
    mode: Mode = Mode.SELF
    uscc: str | None = None
    name_cn: str | None = None
    in_qianhai: bool | None = None
    ledger: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    mirror: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    commerce: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    control: Mapping[str, Any] = field(default_factory=lambda: client_control.NEW)
    open_filing: str | None = None
    mandated: bool = True
    branches: int = 0
    changed: tuple[str, ...] = ()
    legal_person_cards: tuple[str, ...] = ()
    seal_issued_at: datetime | None = None
    helped: bool = True
    stale_form: bool = False
    phantom_customs_section: bool = False
    record_form_attached: bool = False

    @property
    def today(self) -> date:
        """The date in Shenzhen: date rules are judged in Asia/Shanghai."""
        return local_date(self.now)

    @property
    def record(self) -> Mapping[str, Any]:
        """The sheet as approved, as the single window shows it: what a change is laid over."""
        return on_record(self.mirror, self.uscc, self.name_cn)

    @property
    def registered_at_customs(self) -> bool:
        """The customs ledger holds a record that is neither deregistered nor past its validity."""
        return in_force(self.ledger, self.today)


def in_force(record: Mapping[str, Any], today: date) -> bool:
    """Whether a record stands: registered, not deregistered, valid through today 24:00 (FAQ 2.4); no end date is
    长期."""
    return registered(record) and (record["valid_until"] is None or record["valid_until"] >= today)


def registered(record: Mapping[str, Any]) -> bool:
    """Registered and not deregistered, whether or not its validity has run out."""
    return bool(record) and record["registered_on"] is not None and record["deregistered_on"] is None
