"""The guards: who may do what, asked in which order, each refusing with its own code."""

from datetime import date, datetime
from typing import Any

import pytest

from filings.rules import guards
from filings.rules.dates import SHANGHAI
from filings.rules.facts import Facts
from filings.rules.kinds import KINDS
from filings.rules.refusals import CATALOGUE, Refusal
from filings.rules.register import Rule, Values
from filings.rules.words import CardStatus, Medium, Mode, UserType

NOW = datetime(2021, 12, 1, 9, tzinfo=SHANGHAI)
RECORD = {"registered_on": date(2020, 1, 1), "valid_until": None, "deregistered_on": None}


def facts(**more: Any) -> Facts:
    return Facts(now=NOW, **more)


def holds(guard: Rule, **more: Any) -> bool:
    return guard(Values(), facts(**more))


@pytest.mark.parametrize(
    ("medium", "status", "passes"),
    [
        (Medium.PASSWORD, None, False),
        (Medium.PASSWORD, CardStatus.ACTIVE, False),
        (Medium.CARD, None, True),
        (Medium.CARD, CardStatus.ACTIVE, True),
        (Medium.CARD, CardStatus.LOCKED, False),
        (Medium.CARD, CardStatus.CANCELLED, False),
        (Medium.CARD, CardStatus.EXPIRED, False),
    ],
)
@pytest.mark.faq("1.5")
def test_by_card_is_by_a_card_that_is_good(medium: Medium, status: CardStatus | None, passes: bool) -> None:
    assert holds(guards.card_login, medium=medium, card_status=status) is passes


@pytest.mark.parametrize(
    ("mode", "mandated", "passes"), [(Mode.SELF, False, True), (Mode.AGENT, True, True), (Mode.AGENT, False, False)]
)
@pytest.mark.faq("1.7")
def test_only_an_agent_needs_a_mandate(mode: Mode, mandated: bool, passes: bool) -> None:
    assert holds(guards.mandate_stands, mode=mode, mandated=mandated) is passes


@pytest.mark.parametrize(
    ("mirror", "there", "current"),
    [
        ({}, False, True),
        (RECORD, True, True),
        ({**RECORD, "registered_on": None}, False, True),
        ({**RECORD, "deregistered_on": date(2021, 11, 30)}, False, True),
        ({**RECORD, "valid_until": date(2021, 12, 1)}, True, True),
        ({**RECORD, "valid_until": date(2021, 11, 30)}, True, False),
    ],
)
@pytest.mark.faq("2.15")
def test_what_the_mirror_says_of_the_record(mirror: dict[str, Any], there: bool, current: bool) -> None:
    assert (holds(guards.has_record, mirror=mirror), holds(guards.not_overdue, mirror=mirror)) == (there, current)


@pytest.mark.parametrize(
    ("ledger", "free"),
    [
        ({}, True),
        (RECORD, False),
        ({**RECORD, "valid_until": date(2021, 12, 1)}, False),
        ({**RECORD, "valid_until": date(2021, 11, 30)}, True),
        ({**RECORD, "deregistered_on": date(2021, 12, 1)}, True),
    ],
)
@pytest.mark.faq("2.4")
def test_what_the_ledger_says_bars_a_registration_and_the_mirror_does_not(ledger: dict[str, Any], free: bool) -> None:
    assert holds(guards.not_yet_registered, ledger=ledger) is free
    assert holds(guards.not_yet_registered, ledger=ledger, mirror=RECORD) is free


def test_the_rest_say_what_they_say() -> None:
    assert holds(guards.something_changes, changed=("remarks",))
    assert not holds(guards.something_changes)
    assert holds(guards.branches_deregistered)
    assert not holds(guards.branches_deregistered, branches=1)
    assert holds(guards.enterprise_user)
    assert not holds(guards.enterprise_user, user_type=UserType.PERSONAL)
    assert not holds(guards.enterprise_user, user_type=None)
    assert not holds(guards.no_open_filing, open_filing="F000001")


def test_the_first_that_does_not_hold_speaks() -> None:
    with pytest.raises(Refusal) as refusal:
        guards.demand(
            (guards.enterprise_user, guards.card_login, guards.has_record), facts(user_type=UserType.PERSONAL)
        )
    assert refusal.value.code == "not_enterprise_user"
    with pytest.raises(Refusal) as refusal:
        guards.demand((guards.enterprise_user, guards.card_login, guards.has_record), facts())
    assert (refusal.value.code, refusal.value.extra) == ("card_login_required", {})


@pytest.mark.parametrize(
    ("guard", "known", "extra"),
    [
        (guards.no_open_filing, {"open_filing": "F000001"}, {"filing": "F000001"}),
        (guards.branches_deregistered, {"branches": 2}, {"branches": 2}),
        (guards.card_login, {"medium": Medium.CARD, "card_status": CardStatus.EXPIRED}, {"card_status": "expired"}),
        (guards.has_record, {}, {}),
    ],
)
def test_a_refusal_tells_what_stands_in_the_way(guard: Rule, known: dict[str, Any], extra: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refusal:
        guards.demand((guard,), facts(**known))
    assert refusal.value.extra == extra


def test_each_guard_of_each_kind_refuses_with_words_of_the_catalogue() -> None:
    for kind in KINDS.values():
        assert kind.guards[0] is guards.enterprise_user
        assert all(guard.code in CATALOGUE for guard in kind.guards)
        if guards.card_login in kind.guards:
            assert kind.guards[1] is guards.card_login


def test_account_then_medium_then_record_then_the_rest() -> None:
    asked = {name: [guard.name for guard in kind.guards] for name, kind in KINDS.items()}
    assert asked == {
        "registration": ["enterprise_user", "mandate_stands", "no_open_filing", "not_yet_registered"],
        "change": [
            "enterprise_user",
            "card_login",
            "mandate_stands",
            "has_record",
            "something_changes",
            "not_overdue",
            "no_open_filing",
        ],
        "mofcom_change": [
            "enterprise_user",
            "mandate_stands",
            "control_ready",
            "commerce_record_found",
            "no_open_filing",
        ],
        "deregistration": [
            "enterprise_user",
            "card_login",
            "mandate_stands",
            "has_record",
            "not_overdue",
            "no_open_filing",
            "branches_deregistered",
        ],
    }
