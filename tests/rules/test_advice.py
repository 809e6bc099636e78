"""FAQ 1.9: what to do in each status, and whom to contact when it takes long."""

from datetime import UTC, datetime, timedelta

import pytest

from filings.rules.advice import STUCK_AFTER, Advice, advice
from filings.rules.words import Stage, Status

pytestmark = pytest.mark.faq("1.9")

NOW = datetime(2021, 12, 1, 1, 0, tzinfo=UTC)

SUBMIT = Advice("submit", "请您提交申请", None)
WAIT = Advice("wait", "等待", None)
PLATFORM = Advice("contact_platform", "请您联系 0755-83165355", "0755-83165355")
CUSTOMS = Advice("contact_customs", "请您联系海关。如果海关看不到数据，由海关联系技术部门处理", "海关")
DECIDED = Advice("decided", "已经有审批结果", None)

TABLE = {
    # status          stage            fresh    old
    "draft":         ("not_submitted", SUBMIT,  SUBMIT),
    "declared":      ("in_transit",    WAIT,    PLATFORM),
    "sent":          ("in_transit",    WAIT,    PLATFORM),
    "stored":        ("at_customs",    WAIT,    CUSTOMS),
    "manual_review": ("at_customs",    WAIT,    CUSTOMS),
    "approved":      ("decided",       DECIDED, DECIDED),
    "rejected":      ("decided",       DECIDED, DECIDED),
}  # fmt: skip

AGES = {"fresh": timedelta(hours=1), "old": timedelta(hours=30)}


@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize("kind", ["registration", "change"])
@pytest.mark.parametrize("status", TABLE)
def test_each_status_has_its_next_step_whatever_is_applied_for(status: str, kind: str, age: str) -> None:
    """The advice is not asked for the kind: FAQ 1.9 answers both alike."""
    _, fresh, old = TABLE[status]
    assert advice(Status(status), NOW - AGES[age], NOW) == {"fresh": fresh, "old": old}[age]


@pytest.mark.parametrize("status", ["declared", "sent", "stored", "manual_review"])
@pytest.mark.parametrize(("more", "waits"), [(-1, True), (0, True), (1, False)])
def test_exactly_a_day_is_not_yet_long_and_a_microsecond_more_is(status: str, more: int, waits: bool) -> None:
    since = NOW - timedelta(hours=24) - timedelta(microseconds=more)
    assert (advice(Status(status), since, NOW) == WAIT) is waits


@pytest.mark.parametrize("status", TABLE)
def test_the_stage_is_derived_from_the_status(status: str) -> None:
    assert Status(status).stage == Stage(TABLE[status][0])


def test_long_is_twenty_four_hours() -> None:
    assert timedelta(hours=24) == STUCK_AFTER


def test_the_labels_are_the_faqs_own_words() -> None:
    assert [status.label for status in Status] == [
        "暂存",
        "已申报",
        "成功发往海关",
        "海关入库成功",
        "转人工审核",
        "审批通过",
        "审批不通过",
    ]


def test_a_draft_is_to_be_submitted_and_a_decision_stands_however_old() -> None:
    for status, expected in (("draft", SUBMIT), ("approved", DECIDED), ("rejected", DECIDED)):
        assert advice(Status(status), NOW - timedelta(days=3650), NOW) == expected
