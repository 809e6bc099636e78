"""Any sequence of attempts, legal and illegal, against a table written by hand (a random walk of many thousand steps).

The attempts are counted, and the count is asserted: `max_examples × steps` would not tell how many were really made.
`HYP_PROFILE=nightly` walks ten times as far, from another start each time; the default walk is always the same one.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from filings import desk
from filings.models import Agenda, Event, Filing, Sandbox, Visit
from filings.rules.refusals import Refusal
from tests.factories import AccountFactory, EnterpriseFactory, at_work, refused, sheet_of, visit_of
from tests.states import CUSTOMS, DEEDS, STEPS, UNDECIDED

ADVANCE = "advance:manual_review"
ACTIONS = [action for action in CUSTOMS.hands if action != "advance:approved"]
LEGAL = {cell: leads for cell, leads in CUSTOMS.legal.items() if cell[1] in ACTIONS and cell[1] != "copy"}
"""What leads somewhere; a copy leaves the filing where it is, and is counted apart."""

WAYS = (
    ("save", "attach"),
    ("declare",),
    ("declare", "send"),
    ("declare", "send", "store"),
    ("declare", "send", "store", "route_manual"),
    ("declare", "send", "store", "approve"),
    ("declare", "send", "store", "route_manual", "reject"),
    ("declare", "send", "store", "reject"),
    ("declare", "send", "store", ADVANCE, "approve"),
    ("declare", "send", ADVANCE),
    ("declare", ADVANCE),
    ("save", "delete"),
)
"""A walk begins with filings in every status, led there by counted steps: so every cell is tried in every walk."""
CHANGES = {(before, after) for (before, _), after in LEGAL.items() if after not in (before, "gone")}

PROFILES = {
    "default": (1_000, settings(max_examples=7, stateful_step_count=20, derandomize=True, phases=[Phase.generate])),
    "nightly": (10_000, settings(max_examples=80, stateful_step_count=50)),
    "release": (100_000, settings(max_examples=800, stateful_step_count=50)),
}
WANTED, PROFILE = PROFILES[os.environ.get("HYP_PROFILE", "default")]

attempts: Counter[tuple[str, str]] = Counter()
"""How often each action was tried in each status."""


class Walk(RuleBasedStateMachine):
    """Several enterprises of one sandbox and their filings, and beside them what the table says of each."""

    def __init__(self) -> None:
        super().__init__()
        self.frame = transaction.atomic()
        self.frame.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.frame.__exit__(None, None, None)

    @initialize()
    def enter(self) -> None:
        first = EnterpriseFactory()
        self.sandbox = first.sandbox
        enterprises = [first, *(EnterpriseFactory(sandbox=self.sandbox) for _ in WAYS)]
        self.visits = [
            visit_of(AccountFactory(enterprise=enterprise, sandbox=self.sandbox)) for enterprise in enterprises
        ]
        self.statuses: dict[str, str] = {}
        self.owners: dict[str, int] = {}
        self.gone: set[str] = set()
        for owner, way in enumerate(WAYS):
            number = self.open(owner)
            for action in way:
                self.do(number, action)
            if number in self.statuses:
                self.forbidden(number)
                self.do(number, "copy")

    @rule(owner=st.integers(0, len(WAYS)))
    def open_another(self, owner: int) -> None:
        self.open(owner)

    @precondition(lambda self: self.statuses)
    @rule(which=st.integers(0, 999), actions=st.lists(st.sampled_from(sorted(ACTIONS)), min_size=3, max_size=8))
    def attempt(self, which: int, actions: list[str]) -> None:
        number = self.pick(which)
        for action in actions:
            if number in self.statuses:
                self.do(number, action)

    @precondition(lambda self: self.statuses)
    @rule(which=st.integers(0, 999), turn=st.integers(0, 3))
    def go_on(self, which: int, turn: int) -> None:
        """A legal step, so that walks get far."""
        number = self.pick(which)
        ways = [
            action
            for state, action in LEGAL
            if state == self.statuses[number] and action not in ("delete", "save", "attach")
        ]
        if ways:
            self.do(number, ways[turn % len(ways)])

    @precondition(lambda self: self.statuses)
    @rule(which=st.integers(0, 999))
    def try_all_that_is_forbidden(self, which: int) -> None:
        self.forbidden(self.pick(which))

    @precondition(lambda self: self.statuses)
    @rule(
        which=st.integers(0, 999),
        verb=st.sampled_from(STEPS),
        party=st.sampled_from(("applicant", "platform", "customs")),
    )
    def take_anothers_place(self, which: int, verb: str, party: str) -> None:
        number = self.pick(which)
        if party != CUSTOMS.hands[verb]:
            with refused("illegal_transition"):
                desk.perform(at_work(party, self.visit(number)), number, verb)

    @precondition(lambda self: self.gone)
    @rule(action=st.sampled_from(sorted(ACTIONS)))
    def ask_for_what_is_gone(self, action: str) -> None:
        with refused("not_found"):
            self.act(min(self.gone), action, self.visits[0])

    @invariant()
    def the_trail_tells_the_status(self) -> None:
        if not hasattr(self, "statuses"):
            return
        told: dict[str, str] = {}
        versions: dict[str, int] = {}
        events = Event.objects.filter(sandbox=self.sandbox).order_by("seq")
        for place, event in enumerate(events, start=1):
            assert event.seq == place
            if event.version is None:
                continue
            number, status = event.subject, event.data["status"]
            assert event.version == versions.get(number, 0) + 1
            if number in told and told[number] != status:
                assert (told[number], status) in CHANGES
                assert event.data["from"] == told[number]
            versions[number], told[number] = event.version, status
        kept = {f.public_id: (f.status, f.version) for f in Filing.objects.filter(sandbox=self.sandbox)}
        assert {number: status for number, (status, _) in kept.items()} == self.statuses
        assert kept == {number: (told[number], versions[number]) for number in self.statuses}

    @invariant()
    def nothing_is_due_for_what_is_decided_and_one_answer_at_most_for_the_rest(self) -> None:
        if hasattr(self, "statuses"):
            due = Counter(Agenda.objects.filter(sandbox=self.sandbox).values_list("subject", flat=True))
            assert due == Counter(number for number, status in self.statuses.items() if status in UNDECIDED)

    # ── how ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def open(self, owner: int) -> str:
        visit = self.visits[owner]
        assert visit.enterprise is not None
        filing = desk.open_filing(visit, "registration", sheet_of(visit.enterprise))
        self.enter_draft(filing, owner)
        return filing.public_id

    def forbidden(self, number: str) -> None:
        for action in ACTIONS:
            if action != "copy" and (self.statuses[number], action) not in LEGAL:
                self.do(number, action)

    def pick(self, which: int) -> str:
        """A filing, every status that occurs as likely as another."""
        occurring = sorted(set(self.statuses.values()))
        among = [number for number, status in self.statuses.items() if status == occurring[which % len(occurring)]]
        return among[which // len(occurring) % len(among)]

    def visit(self, number: str) -> Visit:
        return self.visits[self.owners[number]]

    def enter_draft(self, filing: Filing, owner: int) -> None:
        assert filing.status == "draft"
        self.statuses[filing.public_id], self.owners[filing.public_id] = "draft", owner

    def do(self, number: str, action: str) -> None:
        """Try it, and hold what came of it against the table."""
        status, owner = self.statuses[number], self.owners[number]
        attempts[status, action] += 1
        if action == "copy":
            copied = desk.copy(self.visit(number), number)
            assert copied.copied_from == number
            self.enter_draft(copied, owner)
        elif (code := self.refusal(number, action)) is not None:
            before = self.books()
            with refused(code):
                self.act(number, action, self.visit(number))
            assert self.books() == before
        else:
            self.act(number, action, self.visit(number))
            leads = LEGAL[status, action]
            if leads == "gone":
                self.gone.add(number)
                del self.statuses[number]
            else:
                self.statuses[number] = leads

    def refusal(self, number: str, action: str) -> str | None:
        """What the table says against it; for a declaration also what the enterprise's other filings say."""
        if (self.statuses[number], action) not in LEGAL:
            return "illegal_transition"
        if action == "declare":
            mine = [status for one, status in self.statuses.items() if self.owners[one] == self.owners[number]]
            if any(status in UNDECIDED for status in mine):
                return "open_application_exists"
            if "approved" in mine:
                return "already_registered_at_customs"
        return None

    def act(self, number: str, action: str, visit: Visit) -> Any:
        hand = CUSTOMS.hands[action]
        return DEEDS[action](visit if hand == "-" else at_work(hand, visit), number)

    def books(self) -> tuple[int, int]:
        """How many events were ever written, and how many numbers taken: one question, asked often."""
        return Sandbox.objects.values_list("events_taken", "serials_taken").get(pk=self.sandbox.pk)


@pytest.mark.django_db
@pytest.mark.faq("1.9")
def test_no_sequence_of_attempts_leads_where_the_table_does_not() -> None:
    attempts.clear()
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Walk, settings=settings(PROFILE, deadline=None, database=None, suppress_health_check=checks)
    )
    seldom = {
        (state, action): attempts[state, action]
        for state in CUSTOMS.states
        for action in ACTIONS
        if attempts[state, action] < 5
    }
    assert sum(attempts.values()) >= WANTED
    assert seldom == {}


@pytest.mark.django_db
def test_a_refusal_that_nobody_expected_would_not_pass() -> None:
    with pytest.raises(AssertionError), refused("illegal_transition"):
        raise Refusal("not_found")
