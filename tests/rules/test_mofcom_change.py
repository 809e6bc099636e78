"""The sheet of 商务部变更申请: all white, one thing to change at least, no full-width marks in the English name."""

from datetime import UTC, datetime

import pytest

from filings.rules.appraisal import appraise
from filings.rules.client_control import FOR_CARD_HOLDERS, FOR_CARDLESS, LATEST, NEW, OLDER, advice, ready
from filings.rules.facts import Facts
from filings.rules.faq import ENTRIES
from filings.rules.sheets.mofcom_change import RECORDED, MofcomChange

FACTS = Facts(now=datetime(2021, 12, 1, 1, 0, tzinfo=UTC))


def faults(**content: str) -> dict[str, str]:
    return {problem.pointer: problem.code for problem in appraise(MofcomChange, content, FACTS, declaring=True).errors}


def test_it_asks_what_the_contract_says() -> None:
    assert list(MofcomChange.items) == [*RECORDED, "remarks"]
    assert {state.shade for state in appraise(MofcomChange, {}, FACTS).states().values()} == {"optional"}


@pytest.mark.parametrize("name", RECORDED)
def test_any_one_thing_is_enough_to_change(name: str) -> None:
    assert faults(**{name: "800.00" if name == "registered_capital" else "NEW"}) == {}


def test_remarks_alone_change_nothing() -> None:
    assert faults(remarks="见附件") == {"/content/name_cn": "nothing_changed"}


@pytest.mark.parametrize("mark", ["，", "．", "（", "）", "＆", "　", "、", "“", "’", "—", "；"])
def test_full_width_marks_in_the_english_name_are_refused(mark: str) -> None:
    assert faults(name_en=f"YUNFAN{mark}LTD") == {"/content/name_en": "full_width_punctuation"}
    warned = appraise(MofcomChange, {"name_en": f"YUNFAN{mark}LTD"}, FACTS)
    assert ([error.code for error in warned.errors], [warning.code for warning in warned.warnings]) == (
        [],
        ["full_width_punctuation"],
    )


@pytest.mark.parametrize("name", ["YUNFAN TRADE CO., LTD.", "A&B (SHENZHEN) - 2021/12", 'THE "BEST" ÉTÉ\'S', "云帆"])
def test_half_width_marks_are_not(name: str) -> None:
    assert faults(name_en=name) == {}


@pytest.mark.faq("2.8")
def test_only_the_newest_control_that_runs_is_ready() -> None:
    assert ready(NEW)
    for lacking in ({"installed": False}, {"running": False}, {"version": OLDER}, {"version": ""}):
        assert not ready({**NEW, **lacking})
    assert LATEST.endswith("-sim")


@pytest.mark.faq("2.8")
def test_each_kind_of_user_is_told_what_the_faq_tells_it() -> None:
    assert (advice(has_card=False), advice(has_card=True)) == (FOR_CARDLESS, FOR_CARD_HOLDERS)
    assert f"{FOR_CARDLESS}，{FOR_CARD_HOLDERS}" in ENTRIES["2.8"].answer
