"""What is put into a sandbox: the authorities' own records, and enterprises, accounts and cards made to measure."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, UnsetType

from filings.answers.base import Answer, Day, one_of
from filings.answers.enterprises import EnterpriseName
from filings.answers.people import AccountName
from filings.rules.words import CardStatus, CardType, Category, MarketState, RecordState


class LedgerInvestor(Answer):
    """An investor of a customs record."""

    name: str
    country: str
    method: str | UnsetType | None = UNSET
    amount: str | UnsetType | None = UNSET
    currency: str | UnsetType | None = UNSET
    amount_usd: str | UnsetType | None = UNSET


class Ledger(Answer):
    """What the customs ledger says of an enterprise."""

    uscc: str
    categories: list[Annotated[str, one_of(Category)]]
    registered_on: Day | None
    valid_until: Day | None
    deregistered_on: Day | None
    customs_code: str | None
    inspection_number: str | None
    customs_qualified_on: Day | None
    inspection_qualified_on: Day | None
    in_qianhai: bool | None
    investors: list[LedgerInvestor]


class CommerceLedger(Answer):
    """What the commerce authorities' ledger says of an enterprise."""

    uscc: str
    state: Annotated[str, one_of(RecordState)]
    updated_on: Day | None
    name_cn: str | None
    name_en: str | None
    address_cn: str | None
    legal_representative: str | None
    registered_capital: str | None


class MarketLedger(Answer):
    """What market regulation holds of an enterprise; null: the register does not say, of `valid_until`: 长期."""

    uscc: str
    state: Annotated[str, one_of(MarketState)]
    name_cn: str | None
    legal_representative: str | None
    registered_capital: str | None
    capital_currency: str | None
    address_cn: str | None
    economic_type: str | None
    business_scope: str | None
    established_on: Day | None
    valid_until: Day | None


class MadeEnterprise(EnterpriseName):
    """An enterprise made to measure."""

    in_qianhai: bool | None


class MadeAccount(AccountName):
    """An account made to measure, with its credentials."""

    password: str
    token: str
    uscc: str | None


class Card(Answer):
    """A card as the test harness sees it."""

    card_no: str
    type: Annotated[str, one_of(CardType)]
    holder_name: str
    username: str
    uscc: str | None
    status: Annotated[str, one_of(CardStatus)]
    status_label: str
    valid_until: Day | None


class MadeCard(Card):
    """A card made to measure, with its credentials."""

    pin: str
    card_token: str


class CardKey(Answer):
    """A virtual card's keys (PEM)."""

    card_no: str
    algorithm: str
    private_key: str
    public_key: str
