"""How customs reads a declaration: against what market regulation holds of the enterprise, and whether the attachments
asked for are there.

What is compared, in which order, and the words are ours, modelled on public reasons; how customs really reviews is not
known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from filings.rules.attachments import TYPES
from filings.rules.numbers import DASHES, amount, fold
from filings.rules.reading import text_of
from filings.rules.scenarios import REASONS, bare_name
from filings.rules.sheet import Choice, Field, Group, Money
from filings.rules.sheets.registration import Registration
from filings.rules.words import MarketState


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing that customs has compared.

    pointer   where it stands in the filing
    declared  how it reads in the declaration; "" for nothing
    register  how it reads in the register, or what is asked for; None: the register does not say
    reason    the code of the reason it is for a rejection, should it differ
    words     both sides in a sentence
    """

    pointer: str
    label: str
    declared: str
    register: str | None
    differs: bool
    reason: str
    words: str

    @property
    def rejection(self) -> dict[str, str]:
        """The words of a rejection for this: what the applicant may come to know (FAQ 2.6) names both sides."""
        known = REASONS[self.reason]
        return {
            "reason_code": known.code,
            "public_comment": f"{known.public}：{self.words}",
            "internal_comment": known.internal,
        }


@dataclass(frozen=True, slots=True)
class Inspection:
    """What customs has found, in the order in which it looks."""

    compared: tuple[Compared, ...]

    @property
    def differences(self) -> tuple[Compared, ...]:
        """What differs; nothing: it is approved."""
        return tuple(compared for compared in self.compared if compared.differs)

    @property
    def rejection(self) -> dict[str, str]:
        """The words of a rejection, for the first difference; inside customs all are told. Of no differences none."""
        if not self.differences:
            return {}
        first, *others = self.differences
        also = f"；另有不符：{'、'.join(dict.fromkeys(other.label for other in others))}" if others else ""
        return first.rejection | {"internal_comment": first.rejection["internal_comment"] + also}


def inspect(
    content: Mapping[str, Any],
    register: Mapping[str, Any] | None,
    *,
    uscc: str,
    attached: Collection[str],
    wanted: Collection[str],
) -> Inspection:
    """Compare a registration sheet in full with the market record of its enterprise, None if there is none; and the
    types of what is attached with those asked for."""
    return Inspection((*_with_register(content, register, uscc), *_attachments(attached, wanted)))


# ── the register ──────────────────────────────────────────────────────────────────────────────────────────────────

COMPARED: Mapping[str, str] = {
    "name_cn": "name_mismatch",
    "legal_representative.name": "representative_mismatch",
    "registered_capital": "capital_mismatch",
    "capital_currency": "capital_mismatch",
    "address_cn": "address_mismatch",
    "economic_type": "economic_type_mismatch",
}
"""What of a sheet is compared, in this order, and the reason it is for a rejection."""


def _with_register(content: Mapping[str, Any], register: Mapping[str, Any] | None, uscc: str) -> Iterator[Compared]:
    if register is None:
        yield Compared("/content/uscc", "市场监管登记", uscc, None, True, "not_in_register", uscc)
        return
    state = MarketState(register["state"])
    gone, words = state is not MarketState.IN_BUSINESS, f"登记状态为“{state.label}”"
    yield Compared("/content/uscc", "登记状态", "", str(state.label), gone, "not_in_business", words)
    for name, reason in COMPARED.items():
        first, *rest = name.split(".")
        item, declared, held = Registration.items[first], content.get(first), register[first]
        if isinstance(item, Group):
            declared = (declared or {}).get(rest[0])
        field = item.fields[rest[0]] if isinstance(item, Group) else item
        assert isinstance(field, Field)
        here, there = (text_of(name, field, value) for value in (declared, held))
        yield Compared(
            f"/content/{name.replace('.', '/')}",
            f"{item.label}{field.label}" if isinstance(item, Group) else field.label,
            here,
            there or None,
            held is not None and _meaning(field, declared) != _meaning(field, held),
            reason,
            _both(here, there),
        )


def _meaning(field: Field, value: str | None) -> str:
    """What a value means, whichever way it is spelt."""
    if value is None:
        return ""
    match field:
        case Choice():
            return fold(value)
        case Money():
            return amount(value) or value
    return meaning(bare_name(value))


def meaning(text: str) -> str:
    """What a name or an address says: width, case, dots and dashes do not count, nor do blanks but between words in
    Latin letters; characters that are one and the same to Unicode are one."""
    folded = unicodedata.normalize("NFC", fold(text).translate(_SAME).casefold())
    return _BLANK.sub("", " ".join(folded.split()))


_SAME = DASHES | dict.fromkeys(map(ord, "•‧∙・･"), "·")
_BLANK = re.compile(r"(?<![a-z0-9]) | (?![a-z0-9])")

ROOM = 150
"""Characters of a value that are quoted: an address has up to 255, two are quoted, and a comment has 500."""


def _both(declared: str, register: str) -> str:
    """Both sides, as far as there is room: from shortly before they part."""
    pairs = enumerate(zip(declared, register, strict=False))
    parted = next((n for n, (here, there) in pairs if here != there), min(len(declared), len(register)))
    begin = max(0, parted - 20) if max(len(declared), len(register)) > ROOM else 0
    return f"申报为“{_cut(declared, begin)}”，登记为“{_cut(register, begin)}”"


def _cut(text: str, begin: int) -> str:
    return f"{'…' if begin else ''}{text[begin : begin + ROOM]}{'…' if begin + ROOM < len(text) else ''}"


# ── the attachments ───────────────────────────────────────────────────────────────────────────────────────────────

ATTACHMENTS = "/attachments"


def _attachments(attached: Collection[str], wanted: Collection[str]) -> Iterator[Compared]:
    """By presence and type; what is in them is not read."""
    there = "、".join(TYPES[type] for type in TYPES if type in attached)
    words = f"已上传的附件为{there}" if there else "没有上传附件"
    for type in wanted:
        lacking, asked = type not in attached, TYPES[type]
        yield Compared(ATTACHMENTS, "附件", there, asked, lacking, "attachment_missing", f"应上传{asked}，{words}")
