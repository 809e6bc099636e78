"""A scenario is named by one string, goes a known way at a known pace, and an unknown one is answered with the
nearest."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.models.filing import ACTIONS, Filing
from filings.rules import scenarios
from filings.rules.faq import ENTRIES
from filings.rules.refusals import Refusal
from filings.rules.roads import BY_COMMERCE, BY_CUSTOMS, Road
from filings.rules.scenarios import ARRIVES, CATALOGUE, DECIDE, REASONS, bare_name, next_reply, parse
from filings.rules.words import Provenance, Status

DECLARED = datetime(2021, 12, 1, 1, 0, tzinfo=UTC)


def unknown(text: str) -> list[str]:
    with pytest.raises(Refusal) as refusal:
        parse(text)
    assert (refusal.value.code, refusal.value.wording.status) == ("unknown_scenario", 400)
    return refusal.value.extra["nearest"]


def test_the_catalogue_holds_what_the_contract_names() -> None:
    assert set(CATALOGUE) == {
        "approve",
        "approve_auto",
        "reject",
        "stuck",
        "customs_cannot_see",
        "by_hand",
        "slow",
        "inspect",
    }
    assert scenarios.DEFAULT == "approve"


@pytest.mark.parametrize(
    ("name", "visits"),
    [
        ("approve", "declared sent stored manual_review approved"),
        ("approve_auto", "declared sent stored approved"),
        ("reject", "declared sent stored manual_review rejected"),
        ("slow", "declared sent stored manual_review approved"),
        ("customs_cannot_see", "declared sent stored"),
        ("inspect", "declared sent stored manual_review"),
        ("by_hand", "declared"),
    ],
)
@pytest.mark.faq("1.9")
def test_each_goes_its_way(name: str, visits: str) -> None:
    assert [status.value for status in CATALOGUE[name].visits] == visits.split()


@pytest.mark.parametrize("scenario", CATALOGUE.values(), ids=CATALOGUE)
def test_every_way_is_one_the_lifecycle_allows(scenario: scenarios.Scenario) -> None:
    edges = {(edge["action"], edge["from"]): edge["to"] for edge in Filing.edges()}
    for status, verb in zip(scenario.visits, scenario.replies, strict=False):
        for taken in ("approve", "reject") if verb == DECIDE else (verb,):
            assert edges[taken, status] == ARRIVES[taken]
            assert "applicant" not in ACTIONS[taken]


@pytest.mark.parametrize(
    ("name", "outcomes"),
    [
        ("approve", ["approved"]),
        ("approve_auto", ["approved"]),
        ("slow", ["approved"]),
        ("reject", ["rejected"]),
        ("inspect", ["approved", "rejected"]),
        ("stuck", []),
        ("customs_cannot_see", []),
        ("by_hand", []),
    ],
)
def test_it_is_known_which_decisions_each_may_come_to(name: str, outcomes: list[str]) -> None:
    assert [status.value for status in CATALOGUE[name].outcomes] == outcomes


@pytest.mark.parametrize("scenario", CATALOGUE.values(), ids=CATALOGUE)
def test_every_scenario_says_what_it_is_and_how_it_is_known(scenario: scenarios.Scenario) -> None:
    assert scenario.title
    assert scenario.faq is None or scenario.faq in ENTRIES
    assert scenario.provenance in Provenance
    for parameter in scenario.parameters:
        assert parameter.title
        assert parameter.accepts(parameter.default)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("approve", "approve"),
        (" approve ; ", "approve"),
        ("reject;reason=address_mismatch", "reject; reason=address_mismatch"),
        ("reject; reason = address_mismatch ;pace=fast", "reject; reason=address_mismatch; pace=fast"),
        ("stuck; at=manual_review", "stuck; at=manual_review"),
        ("slow; days=365", "slow; days=365"),
    ],
)
def test_it_is_read_with_or_without_blanks(text: str, canonical: str) -> None:
    assert str(parse(text)) == canonical
    assert parse(canonical) == parse(text)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("aprove", "approve"),
        ("reject; raeson=x", "reason"),
        ("reject; reason=adress_mismatch", "address_mismatch"),
        ("stuck; at=send", "sent"),
        ("approve; pace=slow", "normal"),
        ("by-hand", "by_hand"),
    ],
)
def test_of_an_unknown_name_the_nearest_is_told(text: str, nearest: str) -> None:
    assert nearest in unknown(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ";",
        "APPROVE",
        "approve pace=fast",
        "approve; pace",
        "approve; pace=",
        "approve; reason=other",
        "by_hand; pace=fast",
        "slow; days=0",
        "slow; days=366",
        "slow; days=-1",
        "slow; days=1.5",
        "slow; days=ten",
        "stuck; at=draft",
        "stuck; at=approved",
    ],
)
def test_what_is_not_in_the_catalogue_is_refused(text: str) -> None:
    assert isinstance(unknown(text), list)


@given(st.text(max_size=80))
def test_whatever_is_written_it_is_read_or_refused(text: str) -> None:
    try:
        chosen = parse(text)
    except Refusal:
        assert isinstance(unknown(text), list)
    else:
        assert parse(str(chosen)) == chosen


def test_what_is_not_given_is_the_default_and_what_does_not_exist_is_nothing() -> None:
    assert parse("reject").get("reason") == "materials_incomplete"
    assert parse("reject; reason=other").get("reason") == "other"
    assert (parse("stuck").get("at"), parse("slow").get("days"), parse("approve").get("pace")) == (
        "sent",
        "10",
        "normal",
    )
    assert parse("by_hand").get("pace") == ""


@pytest.mark.parametrize(
    ("text", "status", "verb", "after"),
    [
        ("approve", "declared", "send", timedelta(minutes=1)),
        ("approve", "sent", "store", timedelta(minutes=10)),
        ("approve", "stored", "route_manual", timedelta(hours=1)),
        ("approve", "manual_review", "approve", timedelta(hours=24)),
        ("approve_auto", "stored", "approve", timedelta(hours=24)),
        ("reject", "manual_review", "reject", timedelta(hours=24)),
        ("slow", "manual_review", "approve", timedelta(days=10)),
        ("slow; days=3; pace=fast", "manual_review", "approve", timedelta(days=3)),
        ("inspect", "stored", "route_manual", timedelta(hours=1)),
        ("inspect", "manual_review", "decide", timedelta(hours=24)),
        ("inspect; pace=fast", "manual_review", "decide", timedelta(seconds=60)),
        ("approve; pace=fast", "declared", "send", timedelta(seconds=2)),
        ("approve; pace=fast", "sent", "store", timedelta(seconds=10)),
        ("approve; pace=fast", "stored", "route_manual", timedelta(seconds=20)),
        ("approve; pace=fast", "manual_review", "approve", timedelta(seconds=60)),
        ("stuck; at=stored", "sent", "store", timedelta(minutes=10)),
        ("customs_cannot_see", "sent", "store", timedelta(minutes=10)),
    ],
)
def test_the_next_reply_comes_at_its_distance_from_the_declaration(
    text: str, status: str, verb: str, after: timedelta
) -> None:
    reply = next_reply(parse(text), Status(status), DECLARED, DECLARED)
    assert reply is not None
    assert (reply.verb, reply.at) == (verb, DECLARED + after)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("approve", "approved"),
        ("approve", "rejected"),
        ("approve", "draft"),
        ("reject", "rejected"),
        ("by_hand", "declared"),
        ("by_hand", "manual_review"),
        ("stuck", "sent"),
        ("stuck; at=declared", "declared"),
        ("stuck; at=manual_review", "manual_review"),
        ("customs_cannot_see", "stored"),
        ("approve_auto", "approved"),
        ("inspect", "approved"),
        ("inspect", "rejected"),
    ],
)
def test_where_a_scenario_ends_nothing_comes(text: str, status: str) -> None:
    assert next_reply(parse(text), Status(status), DECLARED, DECLARED) is None


def test_what_is_overdue_comes_now_and_never_in_the_past() -> None:
    late = DECLARED + timedelta(days=3)
    reply = next_reply(parse("approve"), Status.DECLARED, DECLARED, late)
    assert reply is not None
    assert reply.at == late


def test_a_rejection_brings_the_reason_and_nothing_else_does() -> None:
    told = next_reply(parse("reject; reason=name_mismatch"), Status.MANUAL_REVIEW, DECLARED, DECLARED)
    assert told is not None
    assert told.words == {"reason_code": "name_mismatch"}
    silent = next_reply(parse("reject; reason=name_mismatch"), Status.SENT, DECLARED, DECLARED)
    assert silent is not None
    assert silent.words == {}


def test_a_decision_that_is_left_open_is_taken_on_every_road() -> None:
    for road in (BY_CUSTOMS, BY_COMMERCE):
        reply = next_reply(parse("inspect"), road_end(road), DECLARED, DECLARED, road)
        assert reply is not None
        assert (reply.verb, reply.words) == (DECIDE, {})


def road_end(road: Road) -> Status:
    """The last status before a decision."""
    return [*road.holders][-1]


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("SIM_INSPECT 深圳市甲有限公司", "深圳市甲有限公司"),
        ("SIM_REJECT  深圳市 甲", "深圳市 甲"),
        ("SIM_NOTHING 深圳市甲", "SIM_NOTHING 深圳市甲"),
        ("深圳市甲 SIM_REJECT", "深圳市甲 SIM_REJECT"),
        ("SIM_REJECT", "SIM_REJECT"),
    ],
)
def test_a_magic_prefix_is_no_part_of_a_name(name: str, bare: str) -> None:
    assert bare_name(name) == bare


@pytest.mark.faq("2.6")
def test_every_reason_has_words_for_the_applicant_and_others_for_customs() -> None:
    for code, reason in REASONS.items():
        assert reason.code == code
        assert reason.public
        assert reason.internal
        assert reason.public != reason.internal
