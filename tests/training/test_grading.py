"""The grader: each operator with right evidence and with wrong, names that are free, things that must not happen; and
what it may never do, whatever happened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filings.rules.events import EventName
from filings.rules.exercises import grading, loading
from filings.rules.exercises.cases import Case, case
from filings.rules.exercises.grading import Event, Evidence, Verdict, grade
from tests.training.cases import by_customs, deed, judged, one, shown, small, trail

DECLARED = "filing.declared"
HOUR = timedelta(hours=1)

DID = {"exists": {"event": DECLARED}}
"""A check that asks for a deed, beside which others are judged."""

# ── each operator ─────────────────────────────────────────────────────────────────────────────────────────────────

STATE = {
    "firms": {"U": {"standing": "normal", "capital": "500.00", "categories": ["10000000"], "rows": [{"n": 1}]}},
    "filings": {
        "F000009": {"transmitted": {"postcode": "518048", "parent_relation": ""}},
        "F000010": {"transmitted": None},
    },
}

RIGHT_AND_WRONG: dict[str, tuple[Mapping[str, Any], list[Event], Any, list[Event], Any, str]] = {
    # the condition, then events and state by which it passes, and by which it does not, and what is said then
    "state eq": (
        {"state": {"path": "firms.U.standing", "eq": "normal"}},
        [],
        STATE,
        [],
        {"firms": {"U": {"standing": "overdue"}}},
        "not_yet",
    ),
    "state eq, numbers by their worth": (
        {"state": {"path": "firms.U.capital", "eq": "500.0000"}},
        [],
        STATE,
        [],
        {"firms": {"U": {"capital": "500.01"}}},
        "not_yet",
    ),
    "state ne": (
        {"state": {"path": "firms.U.standing", "ne": "overdue"}},
        [],
        STATE,
        [],
        {"firms": {"U": {"standing": "overdue"}}},
        "not_yet",
    ),
    "state among": (
        {"state": {"path": "firms.U.standing", "among": ["overdue", "normal"]}},
        [],
        STATE,
        [],
        {},
        "not_yet",
    ),
    "state holds": (
        {"state": {"path": "firms.U.categories", "holds": "10000000"}},
        [],
        STATE,
        [],
        {"firms": {"U": {"categories": []}}},
        "not_yet",
    ),
    "state at_least": (
        {"state": {"path": "firms.U.capital", "at_least": 500}},
        [],
        STATE,
        [],
        {"firms": {"U": {"capital": "499.99"}}},
        "not_yet",
    ),
    "state at_most": ({"state": {"path": "firms.U.capital", "at_most": "500.00"}}, [], STATE, [], {}, "not_yet"),
    "state known": (
        {"state": {"path": "firms.U.standing", "known": True}},
        [],
        STATE,
        [],
        {"firms": {"U": {"standing": ""}}},
        "not_yet",
    ),
    "state not known": (
        {"state": {"path": "firms.U.reports", "known": False}},
        [],
        STATE,
        [],
        {"firms": {"U": {"reports": [1]}}},
        "not_yet",
    ),
    "state of a row of a list": (
        {"state": {"path": "firms.U.rows.0.n", "eq": 1}},
        [],
        STATE,
        [],
        {"firms": {"U": {"rows": []}}},
        "not_yet",
    ),
    "payload": (
        {"payload": {"filing": "F000009", "path": "postcode", "eq": "518048"}},
        [],
        STATE,
        [],
        {"filings": {"F000009": {"transmitted": {"postcode": "518999"}}}},
        "fail",
    ),
    "payload of a draft": (
        {"payload": {"filing": "F000009", "path": "parent_relation", "known": False}},
        [],
        STATE,
        [],
        {"filings": {"F000009": {"transmitted": None}}},
        "not_yet",
    ),
    "exists": (
        {"exists": {"event": DECLARED, "firm": "$A"}},
        [deed(DECLARED, firm="A")],
        None,
        [deed(DECLARED, firm="B")],
        None,
        "not_yet",
    ),
    "exists, by medium": (
        {"exists": {"event": DECLARED, "medium": "card"}},
        [deed(DECLARED, medium="card")],
        None,
        [deed(DECLARED)],
        None,
        "not_yet",
    ),
    "exists, of a subject": (
        {"exists": {"event": DECLARED, "subject": "$draft"}},
        [deed(DECLARED, subject="F000001")],
        None,
        [deed(DECLARED, subject="F000002")],
        None,
        "not_yet",
    ),
    "exists, with data": (
        {"exists": {"event": DECLARED, "data": {"kind": ["change", "registration"]}}},
        [deed(DECLARED, kind="change")],
        None,
        [deed(DECLARED, kind="deregistration")],
        None,
        "not_yet",
    ),
    "exists, with a row of a list": (
        {"exists": {"event": "filing.saved", "data": {"fields": {"name": "postcode", "new": "518048"}}}},
        [deed("filing.saved", fields=[{"name": "x", "new": "518048"}, {"name": "postcode", "new": "518048"}])],
        None,
        [deed("filing.saved", fields=[{"name": "x", "new": "518048"}, {"name": "postcode", "new": "1"}])],
        None,
        "not_yet",
    ),
    "exists, since": (
        {"exists": {"event": DECLARED, "since": "2021-12-01T10:00:00+08:00"}},
        [deed(DECLARED, after=HOUR)],
        None,
        [deed(DECLARED, after=HOUR - timedelta(seconds=1))],
        None,
        "not_yet",
    ),
    "exists, until": (
        {"exists": {"event": DECLARED, "until": "2021-12-01T10:00:00+08:00"}},
        [deed(DECLARED, after=HOUR - timedelta(seconds=1))],
        None,
        [deed(DECLARED, after=HOUR)],
        None,
        "not_yet",
    ),
    "exists, by an authority": (
        {"exists": {"event": "filing.approved", "actor": "authority"}},
        [by_customs("filing.approved")],
        None,
        [deed("filing.approved")],
        None,
        "not_yet",
    ),
    "exists, by anybody": (
        {"exists": {"event": DECLARED, "actor": "anybody"}},
        [deed(DECLARED, actor="somebody")],
        None,
        [deed("filing.saved")],
        None,
        "not_yet",
    ),
    "absent": (
        {"absent": {"event": "filing.created"}},
        [deed(DECLARED)],
        None,
        [deed(DECLARED), deed("filing.created")],
        None,
        "fail",
    ),
    "count at_least": (
        {"count": {"of": {"event": DECLARED}, "at_least": 2}},
        [deed(DECLARED), deed(DECLARED)],
        None,
        [deed(DECLARED)],
        None,
        "not_yet",
    ),
    "count at_most": (
        {"count": {"of": {"event": DECLARED}, "at_most": 1}},
        [deed(DECLARED)],
        None,
        [deed(DECLARED), deed(DECLARED)],
        None,
        "fail",
    ),
    "before": (
        {"before": {"first": {"event": "filing.saved"}, "then": {"event": DECLARED}}},
        [deed("filing.saved"), deed(DECLARED)],
        None,
        [deed(DECLARED), deed("filing.saved")],
        None,
        "fail",
    ),
    "before, the first time counts": (
        {"before": {"first": {"event": "filing.saved"}, "then": {"event": DECLARED}}},
        [deed("filing.saved"), deed(DECLARED), deed(DECLARED)],
        None,
        [deed(DECLARED), deed("filing.saved"), deed(DECLARED)],
        None,
        "fail",
    ),
    "before, again": (
        {"before": {"first": {"event": "filing.saved"}, "then": {"event": DECLARED}, "again": True}},
        [deed(DECLARED), deed("filing.saved"), deed(DECLARED)],
        None,
        [deed(DECLARED), deed("filing.saved")],
        None,
        "fail",
    ),
    "before, within": (
        {"before": {"first": {"event": "filing.saved"}, "then": {"event": DECLARED}, "within": "PT1H"}},
        [deed("filing.saved"), deed(DECLARED, after=HOUR)],
        None,
        [deed("filing.saved"), deed(DECLARED, after=HOUR * 1.1)],
        None,
        "fail",
    ),
    "answer": (
        {"answer": {"question": "q", "state": "firms.U.standing"}},
        [deed("answer.given", answers=[{"id": "p", "value": "x"}, {"id": "q", "value": "Normal"}])],
        STATE,
        [deed("answer.given", answers=[{"id": "q", "value": "overdue"}])],
        STATE,
        "fail",
    ),
    "answer, the latest counts": (
        {"answer": {"question": "q", "state": "is"}},
        [
            deed("answer.given", answers=[{"id": "q", "value": "no"}]),
            deed("answer.given", answers=[{"id": "q", "value": "yes"}]),
        ],
        {"is": True},
        [
            deed("answer.given", answers=[{"id": "q", "value": "yes"}]),
            deed("answer.given", answers=[{"id": "q", "value": "no"}]),
        ],
        {"is": True},
        "fail",
    ),
    "answer, as it is typed": (
        {"answer": {"question": "q", "state": "is"}},
        [deed("answer.given", answers=[{"id": "q", "value": " ４７００ 617358ａ"}])],
        {"is": "4700617358A"},
        [deed("answer.given", answers=[{"id": "q", "value": "4700617359A"}])],
        {"is": "4700617358A"},
        "fail",
    ),
    "answer, none yet": (
        {"answer": {"question": "q", "state": "is"}},
        [deed("answer.given", answers=[{"id": "q", "value": "no"}])],
        {"is": False},
        [deed("answer.given", answers=[{"id": "p", "value": "no"}])],
        {"is": False},
        "not_yet",
    ),
    "answer of what the state lacks": (
        {"answer": {"question": "q", "state": "is"}},
        [deed("answer.given", answers=[{"id": "q", "value": "no"}])],
        {"is": False},
        [deed("answer.given", answers=[{"id": "q", "value": "no"}])],
        {},
        "fail",
    ),
    "all": (
        {"all": [DID, {"exists": {"event": "filing.saved"}}]},
        [deed("filing.saved"), deed(DECLARED)],
        None,
        [deed(DECLARED)],
        None,
        "not_yet",
    ),
    "any": (
        {"any": [DID, {"exists": {"event": "filing.saved"}}]},
        [deed("filing.saved")],
        None,
        [deed("filing.deleted")],
        None,
        "not_yet",
    ),
    "not": (
        {"not": {"any": [{"exists": {"event": "filing.saved"}}, {"exists": {"event": "filing.deleted"}}]}},
        [deed(DECLARED)],
        None,
        [deed("filing.saved")],
        None,
        "fail",
    ),
}


def of_the_firms(parts: tuple[Any, ...], checked: Case) -> tuple[list[Event], Any, list[Event], Any]:
    """Events and state with the firms' credit codes for their letters."""
    codes = {name: firm.uscc for name, firm in checked.firms.items()}
    right, right_state, wrong, wrong_state = parts
    events = [[msgspec.structs.replace(e, firm=codes.get(e.firm, e.firm)) for e in some] for some in (right, wrong)]
    return events[0], right_state, events[1], wrong_state


@pytest.mark.parametrize("operator", RIGHT_AND_WRONG)
def test_an_operator_passes_by_right_evidence_and_by_no_other(operator: str) -> None:
    check, right, right_state, wrong, wrong_state, said = RIGHT_AND_WRONG[operator]
    checked = small(check)
    right, right_state, wrong, wrong_state = of_the_firms((right, right_state, wrong, wrong_state), checked)
    (passes,) = judged(checked, *right, state=right_state).checks
    assert passes.verdict == Verdict.PASS
    assert passes.evidence, "what passes has evidence"
    assert judged(checked, *wrong, state=wrong_state).checks[0].verdict == said


def test_every_operator_and_comparison_stands_in_the_table() -> None:
    shown_here = json.dumps([check for check, *_ in RIGHT_AND_WRONG.values()])
    for word in (*loading.OPERATORS, *loading._COMPARING):
        assert f'"{word.rstrip("_")}"' in shown_here


# ── what shows it ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_evidence_of_what_happened_is_its_events() -> None:
    before = {"before": {"first": {"event": "filing.saved"}, "then": {"event": DECLARED}}}
    assert shown(one(before, deed("filing.created"), deed("filing.saved"), deed(DECLARED))) == [9, 10]


def test_the_evidence_of_what_did_not_happen_is_where_it_was_looked_for() -> None:
    found = judged(small({"absent": {"event": "filing.created"}}, DID), deed(DECLARED), deed("filing.saved"))
    assert shown(found.checks[0]) == [(8, 9)]


def test_the_evidence_of_the_state_is_its_path() -> None:
    found = one({"state": {"path": "firms.$A.standing", "eq": "normal"}})
    uscc = small().firms["A"].uscc
    assert (found.verdict, shown(found)) == (Verdict.NOT_YET, [f"firms.{uscc}.standing"])


def test_where_the_right_answer_stands_is_not_told_to_who_missed_it() -> None:
    asked = {"answer": {"question": "q", "state": "is"}}
    missed, met = (
        one(asked, deed("answer.given", answers=[{"id": "q", "value": said}]), state={"is": True})
        for said in ("no", "yes")
    )
    assert (shown(missed), shown(met)) == ([8], [8, "is"])


def test_however_often_the_same_is_done_it_is_one_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand events for each of four parts of a check are not a thousand to the fourth ways."""
    asked = []
    met = grading._Grader._met

    def counted(grader: Any, pattern: Any, names: Any) -> Any:
        asked.append(pattern)
        return met(grader, pattern, names)

    monkeypatch.setattr(grading._Grader, "_met", counted)
    part = {"exists": {"event": DECLARED, "subject": "$filing"}}
    ordered = {
        "before": {"first": {"event": "filing.saved"}, "then": {"event": DECLARED}, "again": True, "within": "PT1S"}
    }
    check = {"all": [DID, part, part, {"exists": {"event": "filing.saved"}}, ordered]}
    happened = [deed(DECLARED, subject="F1"), deed("filing.saved", after=-HOUR)] * 500
    assert one(check, *happened).verdict == Verdict.FAIL
    assert len(asked) <= 10


def test_no_more_events_are_named_than_one_reads() -> None:
    found = one({"count": {"of": {"event": DECLARED}, "at_least": 1}}, *[deed(DECLARED)] * 50)
    assert len(found.evidence) == grading.MOST_SHOWN


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────

SAME_FILING = {
    "all": [
        {"exists": {"event": "filing.created", "subject": "$filing"}},
        {"exists": {"event": DECLARED, "subject": "$filing"}},
    ]
}


def test_a_free_name_means_the_same_all_through_a_check() -> None:
    first, second, declared = (
        deed("filing.created", subject="F000002"),
        deed("filing.created", subject="F000003"),
        deed(DECLARED, subject="F000003"),
    )
    assert shown(one(SAME_FILING, first, second, declared)) == [9, 10], "every way is tried"
    assert one(SAME_FILING, first, declared).verdict == Verdict.NOT_YET


def test_a_free_name_leads_into_the_state() -> None:
    check = {
        "all": [
            DID | {"exists": {"event": DECLARED, "subject": "$filing"}},
            {"state": {"path": "filings.$filing.status", "eq": "approved"}},
        ]
    }
    state = {"filings": {"F2": {"status": "rejected"}, "F3": {"status": "approved"}}}
    found = one(check, deed(DECLARED, subject="F2"), deed(DECLARED, subject="F3"), state=state)
    assert (found.verdict, shown(found)) == (Verdict.PASS, [9, "filings.F3.status"])


def test_a_free_name_does_not_mean_nothing() -> None:
    """What tells no filing is none."""
    assert one({"exists": {"event": DECLARED, "subject": "$filing"}}, deed(DECLARED)).verdict == Verdict.NOT_YET


def test_any_meets_anything_each_time_anew_but_not_nothing() -> None:
    saved = {"exists": {"event": "filing.saved", "data": {"fields": {"name": "$any"}}}}
    check = {"all": [saved, {"exists": {"event": DECLARED, "subject": "$any"}}]}
    named, blank = deed("filing.saved", fields=[{"name": "postcode"}]), deed("filing.saved", fields=[])
    assert one(check, named, deed(DECLARED, subject="F2")).verdict == Verdict.PASS
    assert one(check, blank, deed(DECLARED, subject="F2")).verdict == Verdict.NOT_YET


def test_the_first_time_is_counted_for_each_filing_by_itself() -> None:
    check = {
        "before": {
            "first": {"event": "filing.saved", "subject": "$filing"},
            "then": {"event": DECLARED, "subject": "$filing"},
        }
    }
    hasty, careful = (
        [deed(DECLARED, subject="F2"), deed("filing.saved", subject="F2")],
        [deed("filing.saved", subject="F3"), deed(DECLARED, subject="F3")],
    )
    assert one(check, *hasty).verdict == Verdict.FAIL
    assert one(check, *hasty, *careful).verdict == Verdict.PASS


# ── what must not happen ──────────────────────────────────────────────────────────────────────────────────────────

NEGATIVE: dict[str, Mapping[str, Any]] = {
    "absent": {"absent": {"event": "filing.created"}},
    "count": {"count": {"of": {"event": "filing.created"}, "at_most": 0}},
    "not": {"not": {"exists": {"event": "filing.created"}}},
    "all": {"all": [{"absent": {"event": "filing.created"}}, {"not": {"exists": {"event": "filing.deleted"}}}]},
    "any": {"any": [{"absent": {"event": "filing.created"}}, {"exists": {"event": "filing.deleted"}}]},
}


@pytest.mark.parametrize("how", NEGATIVE)
def test_that_something_did_not_happen_is_not_said_before_all_is_done(how: str) -> None:
    checked = small(NEGATIVE[how], DID)
    waiting, done, broken = (
        judged(checked, *events)
        for events in ([deed("filing.saved")], [deed(DECLARED)], [deed("filing.created"), deed(DECLARED)])
    )
    assert [check.verdict for check in waiting.checks] == ["not_yet", "not_yet"]
    assert [check.verdict for check in done.checks] == ["pass", "pass"]
    assert done.passed
    assert not broken.passed
    assert [check.verdict for check in judged(checked, deed("filing.created")).checks] != ["pass", "not_yet"]


# ── whose deeds ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "stranger",
    [
        pytest.param(deed(DECLARED, actor="colleague"), id="another account"),
        pytest.param(deed(DECLARED, actor=""), id="laid by whoever tests"),
        pytest.param(by_customs(DECLARED), id="an authority"),
        pytest.param(deed(DECLARED, party="customs"), id="an authority of the learner's name"),
    ],
)
def test_only_the_learners_own_deeds_count(stranger: Event) -> None:
    assert one(DID, stranger).verdict == Verdict.NOT_YET
    assert not judged(small(DID), stranger).passed


def test_who_registers_is_the_learner_too() -> None:
    registered = deed("account.registered", actor="newcomer", user_type="enterprise")
    assert judged(small(DID), registered, deed(DECLARED, actor="newcomer")).passed


def test_who_is_registered_by_an_authority_is_not() -> None:
    registered = by_customs("account.registered", user_type="enterprise")
    assert not judged(small(DID), registered, deed(DECLARED, actor="customs")).passed


def test_nothing_is_passed_by_who_did_nothing() -> None:
    checked = small({"state": {"path": "is", "eq": 1}}, {"exists": {"event": "mirror.synced", "actor": "authority"}})
    found = judged(checked, by_customs("mirror.synced"), state={"is": 1})
    assert [check.verdict for check in found.checks] == ["pass", "pass"]
    assert not found.passed


# ── errors, mistakes, words ───────────────────────────────────────────────────────────────────────────────────────


def test_an_exception_is_an_error_and_not_a_failure() -> None:
    checked = small({"state": {"path": "firms.U.standing", "at_least": 3}}, DID)
    found = judged(checked, deed(DECLARED), state=STATE)
    assert [check.verdict for check in found.checks] == ["error", "pass"]
    assert (found.checks[0].evidence, found.passed, found.score) == ([], False, 50)


def test_a_planted_exception_is_an_error_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("planted")

    monkeypatch.setattr(grading._Grader, "_payload", broken)
    assert one({"payload": {"filing": "F1", "path": "x", "eq": 1}}, deed(DECLARED)).verdict == Verdict.ERROR


def test_nothing_passes_without_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading._Grader, "_counted", lambda *_: grading._Outcome(Verdict.PASS, {}, ()))
    found = one({"count": {"of": {"event": DECLARED}, "at_least": 1}}, deed(DECLARED))
    assert found.verdict == Verdict.ERROR


def test_a_failure_says_rule_and_reason_and_all_else_what_is_asked() -> None:
    check = {"absent": {"event": "filing.created"}, "say": "没有新建", "fail": "不应新建"}
    words = {
        said: judged(small(check, DID), *events).checks[0].say
        for said, events in (
            ("not_yet", [deed("filing.saved")]),
            ("pass", [deed(DECLARED)]),
            ("fail", [deed("filing.created")]),
        )
    }
    assert words == {"not_yet": "没有新建", "pass": "没有新建", "fail": "不应新建"}


def test_a_wrong_move_is_told_with_what_shows_it_whether_or_not_the_checks_pass() -> None:
    noticed = {"id": "wrong_desk", "when": {"exists": {"event": "ticket.created"}}, "say": "看状态"}
    checked = small(DID, diagnosers=[noticed])
    found = judged(checked, deed("ticket.created"), deed(DECLARED))
    assert found.passed
    assert [(mistake.id, mistake.say, mistake.evidence[0].seq) for mistake in found.mistakes] == [
        ("wrong_desk", "看状态", 8)
    ]
    assert judged(checked, deed(DECLARED)).mistakes == []


def test_the_score_is_the_share_of_checks_that_pass() -> None:
    checked = small(DID, {"exists": {"event": "filing.saved"}}, {"absent": {"event": "filing.deleted"}})
    assert [
        judged(checked, *events).score for events in ([], [deed(DECLARED)], [deed("filing.saved"), deed(DECLARED)])
    ] == [0, 33, 100]


# ── whatever happened ─────────────────────────────────────────────────────────────────────────────────────────────

words = st.sampled_from(
    ["", "F000001", "F000009", "clerk-a", "registration", "yes", "customs", "told", "approved", "1"]
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 3), words, st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
    max_leaves=6,
)
MEMBERS = (
    "kind",
    "filing_mode",
    "status",
    "desk",
    "topic",
    "outcome",
    "answers",
    "fields",
    "verb",
    "code",
    "year",
    "document",
    "source",
    "standing",
    "user_type",
    "changed",
)


@st.composite
def events(draw: st.DrawFn, name: str = "") -> Event:
    return deed(
        name or draw(st.sampled_from(EventName.values)),
        actor=draw(st.sampled_from(["clerk-a", "clerk-b", "clerk-g", "customs", "", "somebody"])),
        party=draw(st.sampled_from(["applicant", "applicant", "customs", "mofcom", "gateway"])),
        medium=draw(st.sampled_from(["password", "card", ""])),
        firm=draw(words),
        subject=draw(words),
        after=timedelta(hours=draw(st.integers(0, 9000))),
        **draw(st.dictionaries(st.sampled_from(MEMBERS), values, max_size=4)),
    )


def every_case(seed: int = 0) -> list[Case]:
    return [case(loaded.exercise, seed).with_filings(FILINGS) for loaded in loading.catalogue().values()]


FILINGS = {
    name: f"F{n:06d}"
    for n, name in enumerate(("draft", "first", "second", "third", "fourth", "change", "registration"), 1)
}
CASES = every_case()


@settings(max_examples=150)
@given(
    st.sampled_from(CASES),
    st.lists(events(), max_size=12),
    st.dictionaries(st.sampled_from(["firms", "filings", "tickets", "cards", "x"]), values, max_size=4),
)
def test_whatever_happened_it_is_judged_and_again_the_same_to_the_byte(
    checked: Case, happened: list[Event], state: dict[str, Any]
) -> None:
    evidence = trail(*happened, state=state)
    first, second = (msgspec.json.encode(grade(checked, evidence)) for _ in range(2))
    assert first == second
    kept = msgspec.convert(json.loads(msgspec.json.encode(evidence)), Evidence)
    assert msgspec.json.encode(grade(checked, kept)) == first, "what was kept is judged as it was"


@settings(max_examples=60)
@given(
    st.sampled_from(CASES),
    st.dictionaries(st.sampled_from(["firms", "filings", "tickets", "cards"]), values, max_size=4),
)
def test_nothing_passes_where_nothing_was_done(checked: Case, state: dict[str, Any]) -> None:
    assert not grade(checked, trail(state=state)).passed


@settings(max_examples=60)
@given(
    st.lists(events(), max_size=8),
    st.lists(st.tuples(st.integers(0, 8), events("commerce.updated")), max_size=5),
)
def test_events_of_names_that_are_not_asked_for_change_nothing(
    happened: list[Event], idle: list[tuple[int, Event]]
) -> None:
    checked = small(
        DID,
        {"before": {"first": {"event": "filing.saved"}, "then": {"event": DECLARED}}},
        {"absent": {"event": "filing.deleted"}},
        SAME_FILING,
    )
    more = list(happened)
    for at, event in idle:
        more.insert(at, event)
    plain, among = judged(checked, *happened), judged(checked, *more)
    if any(event.party == "applicant" and event.actor == "clerk-a" for event in happened):
        assert among.passed == plain.passed
    assert [check.verdict for check in among.checks] == [check.verdict for check in plain.checks]


@settings(max_examples=60)
@given(
    st.sampled_from(CASES),
    st.lists(events(), min_size=1, max_size=8),
    st.dictionaries(st.sampled_from(["firms", "filings"]), values, max_size=2),
)
def test_the_order_of_members_does_not_matter(checked: Case, happened: list[Event], state: dict[str, Any]) -> None:
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: turned(inner) for name, inner in reversed(value.items())}
        return [turned(inner) for inner in value] if isinstance(value, list) else value

    over = [msgspec.structs.replace(event, data=turned(event.data)) for event in happened]
    told = [
        msgspec.json.encode(grade(checked, trail(*some, state=stands)))
        for some, stands in ((happened, state), (over, turned(state)))
    ]
    assert told[0] == told[1]
