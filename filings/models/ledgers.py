"""What each authority has of the same enterprises, and the single window's mirror of what customs has.

Ledger and mirror differ until a sync: FAQ 2.4, 2.12, 2.13 and 2.15 have one cause, the mirror lags behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Self

from django.db import models

from filings.models import proofs
from filings.models.fields import JSONField
from filings.models.sandbox import InSandbox, Sandbox
from filings.prepared import Prepared, PreparedInsert
from filings.rules.words import MarketState, Party, RecordState

FACTS = (
    "categories",
    "registered_on",
    "valid_until",
    "deregistered_on",
    "customs_code",
    "inspection_number",
    "customs_qualified_on",
    "inspection_qualified_on",
    "in_qianhai",
    "investors",
    "content",
    "former",
)
"""The facts of a record, in ledger and mirror."""


MARKET_FACTS = (
    "state",
    "name_cn",
    "legal_representative",
    "registered_capital",
    "capital_currency",
    "address_cn",
    "economic_type",
    "business_scope",
    "established_on",
    "valid_until",
)
"""What the register of enterprises says of one, in the order of the licence."""


class Book(InSandbox):
    """What an authority or the single window has of one enterprise."""

    uscc = models.CharField(max_length=18, validators=[proofs.credit_code])

    class Meta:
        abstract = True

    def as_facts(self) -> dict[str, Any]:
        """The record as the rules read it."""
        raise NotImplementedError

    @classmethod
    def of(cls, sandbox: Sandbox, uscc: str) -> Self | None:
        """The record of an enterprise in this ledger."""
        found: Self | None = _by_uscc(cls).row(sandbox.pk, uscc)
        return found

    def enter(self, **facts: Any) -> None:
        """Write it into the ledger with these facts laid over it, in place of the enterprise's present record."""
        for name, value in facts.items():
            setattr(self, name, value)
        _entry(type(self)).add(
            **{
                field.attname: getattr(self, field.attname)
                for field in self._meta.local_concrete_fields
                if not field.primary_key
            }
        )


@cache
def _by_uscc(book: type[Book]) -> Prepared[Any]:
    return Prepared(lambda sandbox, uscc: book._default_manager.filter(sandbox=sandbox, uscc=uscc), 1, "a uscc")


@cache
def _entry(book: type[Book]) -> PreparedInsert:
    return PreparedInsert(book, over=("sandbox_id", "uscc"))


class Record(Book):
    """The record of one enterprise. `valid_until` None: 长期.

    `content` is the sheet as approved. `former` are the records before a 注销, in short.
    """

    categories = JSONField(default=list, validators=[proofs.categories])
    registered_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    deregistered_on = models.DateField(null=True)
    customs_code = models.CharField(max_length=10, null=True)
    inspection_number = models.CharField(max_length=10, null=True)
    customs_qualified_on = models.DateField(null=True)
    inspection_qualified_on = models.DateField(null=True)
    in_qianhai = models.BooleanField(null=True)
    investors = JSONField(default=list, validators=[proofs.investors])
    content = JSONField(default=dict, validators=[proofs.approved_sheet])
    former = JSONField(default=list, validators=[proofs.former])

    class Meta:
        abstract = True

    def as_facts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in FACTS}


class CustomsRecord(Record):
    """The customs ledger: the truth."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "uscc"], name="customs_record_uscc")]

    def __str__(self) -> str:
        return f"customs {self.uscc}"


class MofcomRecord(Book):
    """The commerce authorities' ledger of 经营者备案. The single window keeps no copy and asks there (FAQ 2.9)."""

    state = models.CharField(max_length=10, choices=RecordState.choices, default=RecordState.CURRENT)
    updated_on = models.DateField(null=True)
    content = JSONField(default=dict, validators=[proofs.commerce_sheet])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "uscc"], name="mofcom_record_uscc")]

    def __str__(self) -> str:
        return f"mofcom {self.uscc}"

    def as_facts(self) -> dict[str, Any]:
        return {"state": self.state, "updated_on": self.updated_on, "content": self.content}


class MarketRecord(Book):
    """What 市监 (market regulation) holds of an enterprise: what its licence says. None: the register does not say;
    of `valid_until`, 长期."""

    state = models.CharField(max_length=15, choices=MarketState.choices, default=MarketState.IN_BUSINESS)
    name_cn = models.CharField(max_length=100, null=True)
    legal_representative = models.CharField(max_length=50, null=True)
    registered_capital = models.CharField(max_length=21, null=True, validators=[proofs.money])
    capital_currency = models.CharField(max_length=3, null=True, validators=[proofs.currency])
    address_cn = models.CharField(max_length=255, null=True)
    economic_type = models.CharField(max_length=3, null=True, validators=[proofs.economic_type])
    business_scope = models.TextField(null=True)
    established_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "uscc"], name="market_record_uscc")]

    def __str__(self) -> str:
        return f"market {self.uscc}"

    def as_facts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in MARKET_FACTS}


LEDGERS: Mapping[Party, type[CustomsRecord] | type[MofcomRecord]] = {
    Party.CUSTOMS: CustomsRecord,
    Party.MOFCOM: MofcomRecord,
}
"""Each authority's own ledger; its approvals are written there."""


class Mirror(Record):
    """The single window's copy, as of its last sync."""

    synced_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "uscc"], name="mirror_uscc")]

    def __str__(self) -> str:
        return f"mirror {self.uscc}"
