"""新入网: what an application for a card must say, and who may not be given one (FAQ 2.14)."""

from __future__ import annotations

from datetime import date, timedelta

from filings.rules.appraisal import Problem
from filings.rules.dates import LEGAL_PERSON_CARD_ALONE_FROM, years_later
from filings.rules.facts import Facts
from filings.rules.numbers import A_PERSON, IDENTITY_CARD, document_doubt, fold, id_card_18, id_card_fault
from filings.rules.register import Values, rule
from filings.rules.texts import like, shown
from filings.rules.words import CardType, Provenance

FACTORY_PIN = "88888888"
"""The PIN a card comes with; it should be changed soon (public)."""

PIN_LENGTH = 8
"""Digits of a PIN. Ours, after the factory's."""

YEARS = 10
"""How long a card is good (public)."""

ISSUED_AFTER = timedelta(minutes=30)
"""How long 制发 takes. Ours: real cards come by post."""


@rule(
    "自2021年10月19日起，操作员卡、报关员卡的持卡人不是本企业法人卡的持卡人",
    faq="2.14",
    code="card_holder_is_legal_person",
)
def holder_is_not_legal_person(values: Values, facts: Facts) -> bool:
    if values.type == CardType.LEGAL_PERSON or facts.today < LEGAL_PERSON_CARD_ALONE_FROM:
        return True
    return values.holder_id_number not in facts.legal_person_cards


@rule("本企业没有未注销的法人卡", code="legal_person_card_exists")
def no_legal_person_card(values: Values, facts: Facts) -> bool:
    return values.type != CardType.LEGAL_PERSON or not facts.legal_person_cards


RULES = ((holder_is_not_legal_person, "/holder_id_number"), (no_legal_person_card, "/type"))
"""What an application is judged by on submission, and the field each speaks at."""


def holder_number(id_type: str, number: str) -> str:
    """How a holder's number is kept and compared: an identity card has one spelling, 15 digits or 18; others stand as
    typed.

    Eighteen that pass the check are an identity card's, whatever type was chosen beside them (FAQ 2.14:
    系统将校验证件号码).
    """
    is_one = id_type == IDENTITY_CARD or id_card_fault("".join(fold(number).upper().split())) is None
    return id_card_18(number) if is_one else fold(number)


def number_fault(id_type: str, number: str) -> str | None:
    """What is wrong with a holder's number; only that of an identity card can be judged."""
    fault = id_card_fault(holder_number(id_type, number)) if id_type == IDENTITY_CARD else None
    return fault and f"{fault}，填写的是{shown(number.strip())}{like(A_PERSON)}"


def doubts(holder_id_type: str, holder_id_number: str) -> list[Problem]:
    """What is unlikely about a holder's number: told, and no hindrance."""
    words = document_doubt(holder_id_type, holder_id_number) if holder_id_number else None
    if words is None:
        return []
    doubt = f"{words}，填写的是{shown(holder_id_number)}"
    return [Problem("/holder_id_number", "id_number_unlikely", doubt, provenance=Provenance.PUBLIC)]


def pin_fault(pin: str, old: str) -> str | None:
    """What is wrong with a new PIN. Ours."""
    if not (len(pin) == PIN_LENGTH and pin.isascii() and pin.isdigit()):
        return f"新密码应为 {PIN_LENGTH} 位数字，填写了 {len(pin)} 个字符（例如 20211201）"
    if pin == FACTORY_PIN:
        return "新密码不能是默认密码"
    return "新密码不能与原密码相同" if pin == old else None


def valid_until(issued_on: date) -> date:
    """The last day of a card issued on a day."""
    return years_later(issued_on, YEARS)
