"""What is due happens in order, each at its own moment, whoever comes to look and whenever (FAQ 1.9)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from filings import agenda, desk, visits
from filings.counters import tickets
from filings.customs import officer
from filings.models import (
    Account,
    Agenda,
    CustomsRecord,
    Event,
    Filing,
    Mirror,
    Receipt,
    Sandbox,
    Ticket,
    Visit,
    authority,
)
from filings.rules.dates import rfc3339
from filings.rules.words import ClockMode, Department, Party, Status, Topic
from tests.factories import FilingFactory, SandboxFactory, later, refused, visit_of

pytestmark = [pytest.mark.django_db, pytest.mark.faq("1.9")]

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FOREVER = timedelta(days=3650)


def declare(visit: Visit, scenario: str = "approve") -> Filing:
    draft = FilingFactory(visit=visit)
    return desk.perform(replace(visit, scenario=scenario), draft.public_id, "declare")


def wait(visit: Visit, for_: timedelta = FOREVER) -> list[tuple[str, str]]:
    """Let time pass; what fired, each with how long after the visit it was due."""
    return [(one.verb, one.at) for one in agenda.run(visit.sandbox, visit.now + for_)]


def steps(filing: Filing) -> list[tuple[str, datetime]]:
    events = Event.objects.filter(sandbox=filing.sandbox_id, subject=filing.public_id, version__isnull=False).order_by(
        "seq"
    )
    return [(event.data["status"], event.at) for event in events if event.name != "filing.created"]


def status(filing: Filing) -> str:
    return str(Filing.objects.get(pk=filing.pk).status)


@pytest.mark.parametrize(
    ("scenario", "passes"),
    [
        ("approve", [("declared", 0), ("sent", 60), ("stored", 600), ("manual_review", 3600), ("approved", 86400)]),
        ("approve_auto", [("declared", 0), ("sent", 60), ("stored", 600), ("approved", 86400)]),
        ("reject", [("declared", 0), ("sent", 60), ("stored", 600), ("manual_review", 3600), ("rejected", 86400)]),
        ("approve; pace=fast", [("declared", 0), ("sent", 2), ("stored", 10), ("manual_review", 20), ("approved", 60)]),
        ("reject; pace=fast", [("declared", 0), ("sent", 2), ("stored", 10), ("manual_review", 20), ("rejected", 60)]),
        (
            "slow; days=40",
            [("declared", 0), ("sent", 60), ("stored", 600), ("manual_review", 3600), ("approved", 40 * 86400)],
        ),
        ("stuck; at=declared", [("declared", 0)]),
        ("stuck", [("declared", 0), ("sent", 60)]),
        ("stuck; at=stored", [("declared", 0), ("sent", 60), ("stored", 600)]),
        ("stuck; at=manual_review", [("declared", 0), ("sent", 60), ("stored", 600), ("manual_review", 3600)]),
        ("customs_cannot_see", [("declared", 0), ("sent", 60), ("stored", 600)]),
        ("by_hand", [("declared", 0)]),
    ],
)
def test_each_scenario_passes_through_its_statuses_at_its_pace(
    scenario: str, passes: list[tuple[str, int]], cardless: Visit
) -> None:
    filing = declare(cardless, scenario)
    wait(cardless)
    assert steps(filing) == [(state, cardless.now + timedelta(seconds=after)) for state, after in passes]
    assert agenda.next_at(cardless.sandbox) is None


def test_everything_a_step_leaves_behind_bears_the_moment_it_was_due(cardless: Visit) -> None:
    filing = declare(cardless)
    wait(cardless, 40 * DAY)
    decided = cardless.now + DAY
    assert Filing.objects.get(pk=filing.pk).status_since == decided
    assert Receipt.objects.get(filing=filing, status="approved").at == decided
    assert Mirror.objects.get(sandbox=cardless.sandbox, uscc=filing.enterprise.uscc).synced_at == decided
    assert Event.objects.get(sandbox=cardless.sandbox, name="mirror.synced").at == decided


def test_nothing_happens_a_moment_before_it_is_due(cardless: Visit) -> None:
    filing = declare(cardless)
    assert wait(cardless, MINUTE - timedelta(microseconds=1)) == []
    assert status(filing) == "declared"
    assert wait(cardless, MINUTE) == [("send", rfc3339(cardless.now + MINUTE))]
    assert status(filing) == "sent"


def test_one_long_wait_and_many_short_ones_come_to_the_same(sandbox: Sandbox, visit: Callable[..., Visit]) -> None:
    def history(minutes: list[int]) -> list[tuple[str, timedelta]]:
        world = SandboxFactory()
        clerk = visit_to(world)
        filing = declare(clerk)
        for minute in minutes:
            agenda.run(world, clerk.now + minute * MINUTE)
        return [(state, at - clerk.now) for state, at in steps(filing)]

    assert history([3000]) == history([0, 1, 5, 9, 10, 11, 59, 60, 700, 1439, 1440, 3000])


def test_what_is_due_happens_in_the_order_it_falls_due_across_filings(
    sandbox: Sandbox, visit: Callable[..., Visit]
) -> None:
    first = declare(visit("cardless"), "approve_auto")
    other = replace(visit("agent", "card"), now=sandbox.now() + 5 * MINUTE)
    second = declare(unregistered(other), "approve_auto")
    fired = agenda.run(sandbox, sandbox.now() + FOREVER)
    assert [(one.subject, one.verb) for one in fired] == [
        (first.public_id, "send"),
        (second.public_id, "send"),
        (first.public_id, "store"),
        (second.public_id, "store"),
        (first.public_id, "approve"),
        (second.public_id, "approve"),
    ]
    assert [one.at for one in fired] == sorted(one.at for one in fired)
    seqs = Event.objects.filter(
        sandbox=sandbox, name__startswith="filing.", party__in=("platform", "customs")
    ).order_by("seq")
    assert [event.at for event in seqs] == sorted(event.at for event in seqs)


def test_of_two_things_due_at_once_the_one_written_first_comes_first(cardless: Visit) -> None:
    numbers = [
        Agenda.objects.create(sandbox=cardless.sandbox, at=cardless.now, verb="answer", subject=f"T{n}").subject
        for n in (5, 3, 4)
    ]
    assert [one.subject for one in agenda.run(cardless.sandbox, cardless.now)] == numbers


@pytest.mark.faq("2.6")
def test_the_officer_of_a_scenario_gives_the_reason_it_names(cardless: Visit) -> None:
    filing = declare(cardless, "reject; reason=address_mismatch; pace=fast")
    wait(cardless)
    receipt = Receipt.objects.get(filing=filing, status="rejected")
    assert (receipt.reason_code, receipt.reason) == ("address_mismatch", "工商注册地址与营业执照登记的住所不一致")


def test_where_a_person_plays_customs_nothing_moves_by_itself(declared: Filing, cardless: Visit) -> None:
    assert agenda.next_at(cardless.sandbox) is None
    officer.act(cardless.sandbox, declared.public_id, "send", cardless.now + HOUR, by_hand=True)
    assert wait(cardless) == []
    assert status(declared) == "sent"
    assert Event.objects.get(sandbox=cardless.sandbox, name="filing.sent").data["by_hand"] is True


def test_a_person_who_is_quicker_than_the_scenario_leaves_one_next_answer(cardless: Visit) -> None:
    filing = declare(cardless)
    officer.act(cardless.sandbox, filing.public_id, "send", cardless.now + timedelta(seconds=30), by_hand=True)
    assert [row.args["verb"] for row in Agenda.objects.filter(sandbox=cardless.sandbox)] == ["store"]
    wait(cardless)
    assert [state for state, _ in steps(filing)] == ["declared", "sent", "stored", "manual_review", "approved"]


def test_what_is_late_by_a_persons_doing_comes_at_once_and_never_before_it(cardless: Visit) -> None:
    filing = declare(cardless, "stuck; at=declared")
    late = cardless.now + 3 * DAY
    desk.answer_by(authority(cardless.sandbox, Party.CUSTOMS, late), filing.public_id, "approve", "control")
    assert agenda.next_at(cardless.sandbox) == late
    wait(cardless)
    assert steps(filing)[1:] == [(state, late) for state in ("sent", "stored", "manual_review", "approved")]


def test_an_answer_that_somebody_has_given_already_is_dropped(cardless: Visit) -> None:
    filing = declare(cardless)
    row = Agenda.objects.get(sandbox=cardless.sandbox)
    officer.advance(cardless.sandbox, filing.public_id, Status.APPROVED, cardless.now)
    Agenda.objects.create(sandbox=row.sandbox, at=row.at, verb="reply", subject=row.subject, args=row.args)
    before = Event.objects.filter(sandbox=cardless.sandbox).count()
    fired = agenda.run(cardless.sandbox, cardless.now + FOREVER)
    assert [(one.verb, one.outcome) for one in fired] == [("send", "illegal_transition")]
    assert Event.objects.filter(sandbox=cardless.sandbox).count() == before
    assert status(filing) == "approved"
    assert not Agenda.objects.filter(sandbox=cardless.sandbox).exists()


def test_an_answer_to_a_filing_that_is_gone_is_dropped(cardless: Visit) -> None:
    Agenda.objects.create(
        sandbox=cardless.sandbox, at=cardless.now, verb="reply", subject="F999999", args={"verb": "send"}
    )
    assert [one.outcome for one in agenda.run(cardless.sandbox, cardless.now)] == ["not_found"]
    assert agenda.next_at(cardless.sandbox) is None


def test_a_defect_of_ours_is_held_where_it_was_due_and_keeps_nothing_else(
    cardless: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    filing = declare(cardless)
    ticket = tickets.contact(cardless, Department.CUSTOMS, Topic.SYNC)

    def broken(*args: object, **words: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(desk, "note_change", broken)
    fired = agenda.run(cardless.sandbox, cardless.now + HOUR)
    assert [(one.subject, one.outcome) for one in fired] == [
        (filing.public_id, "set_aside"),
        (ticket.public_id, "done"),
    ]
    monkeypatch.undo()
    assert status(filing) == "declared"
    (aside,) = agenda.set_aside(cardless.sandbox)
    assert (aside.subject, aside.held, aside.trouble) == (filing.public_id, True, "ZeroDivisionError: ")
    released = later(authority(cardless.sandbox, Party.CUSTOMS, cardless.now), hours=1)
    desk.hold(released, filing.public_id, False)
    assert not agenda.set_aside(cardless.sandbox).exists()
    assert wait(cardless, HOUR)[0] == ("send", rfc3339(released.now))


def test_while_it_is_held_nothing_happens_and_it_is_not_what_comes_next(cardless: Visit) -> None:
    filing = declare(cardless)
    desk.hold(authority(cardless.sandbox, Party.CUSTOMS, cardless.now), filing.public_id, True)
    assert agenda.next_at(cardless.sandbox) is None
    assert wait(cardless) == []
    assert status(filing) == "declared"


def test_what_fell_due_while_held_happens_at_the_release(cardless: Visit) -> None:
    filing = declare(cardless)
    desk.hold(authority(cardless.sandbox, Party.CUSTOMS, cardless.now), filing.public_id, True)
    released = later(authority(cardless.sandbox, Party.CUSTOMS, cardless.now), days=2)
    desk.hold(released, filing.public_id, False)
    assert agenda.next_at(cardless.sandbox) == released.now
    wait(cardless)
    assert [at for _, at in steps(filing)[1:]] == [released.now] * 4


def test_what_is_not_yet_due_at_the_release_keeps_its_moment(cardless: Visit) -> None:
    filing = declare(cardless)
    for held, seconds in ((True, 5), (False, 30)):
        at = cardless.now + timedelta(seconds=seconds)
        desk.hold(authority(cardless.sandbox, Party.CUSTOMS, at), filing.public_id, held)
    assert agenda.next_at(cardless.sandbox) == cardless.now + MINUTE
    wait(cardless, MINUTE)
    assert status(filing) == "sent"


def test_a_person_may_act_on_what_is_held_and_it_stays_held(cardless: Visit) -> None:
    filing = declare(cardless)
    desk.hold(authority(cardless.sandbox, Party.CUSTOMS, cardless.now), filing.public_id, True)
    officer.act(cardless.sandbox, filing.public_id, "send", cardless.now, by_hand=True)
    assert wait(cardless) == []
    assert status(filing) == "sent"


def test_what_comes_next_is_the_earliest_of_all_and_of_one_filing_its_own(cardless: Visit) -> None:
    assert agenda.next_at(cardless.sandbox) is None
    filing = declare(cardless)
    tickets.contact(cardless, Department.PLATFORM, Topic.STATUS, filing=filing.public_id)
    assert agenda.next_at(cardless.sandbox) == cardless.now + MINUTE
    assert [row.verb for row in agenda.upcoming(cardless.sandbox)] == ["reply", "answer"]
    assert [row.at for row in agenda.upcoming(cardless.sandbox, filing.public_id)] == [cardless.now + MINUTE]


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_no_more_happens_than_the_limit_and_the_rest_waits(limit: int, cardless: Visit) -> None:
    declare(cardless)
    assert len(agenda.run(cardless.sandbox, cardless.now + FOREVER, limit=limit)) == limit
    assert len(agenda.run(cardless.sandbox, cardless.now + FOREVER)) == 4 - limit


def test_another_sandbox_does_not_move(cardless: Visit) -> None:
    filing = declare(cardless)
    agenda.run(SandboxFactory(), cardless.now + FOREVER)
    assert status(filing) == "declared"
    assert agenda.next_at(cardless.sandbox) == cardless.now + MINUTE


def test_a_visit_finds_done_what_was_due_before_it(cardless: Visit, sandbox: Sandbox) -> None:
    filing = declare(cardless, "approve; pace=fast")
    token = visits.log_in(sandbox, "cardless", "Demo-2021").token
    sandbox.set_clock(cardless.now + timedelta(seconds=15))
    found = visits.arrive(token)
    assert found.now == cardless.now + timedelta(seconds=15)
    assert status(filing) == "stored"


def test_where_nothing_is_due_a_visit_asks_one_question_and_writes_nothing(
    cardless: Visit, django_assert_num_queries: Callable[..., object]
) -> None:
    declare(cardless)
    with django_assert_num_queries(1) as asked:
        agenda.catch_up(cardless.sandbox)
    assert [query["sql"].split()[0] for query in asked.captured_queries] == ["SELECT"]


def test_a_clock_on_real_time_brings_things_about_by_itself(cardless: Visit, sandbox: Sandbox) -> None:
    filing = declare(cardless, "approve; pace=fast")
    sandbox.set_clock(cardless.now + HOUR, ClockMode.REAL)
    agenda.catch_up(sandbox)
    assert status(filing) == "approved"


@pytest.mark.parametrize(
    ("stuck", "to", "outcome"),
    [
        ("stuck; at=declared", "platform", "resent"),
        ("stuck; at=sent", "platform", "resent"),
        ("stuck; at=stored", "customs", "urged"),
        ("stuck; at=manual_review", "customs", "urged"),
        ("customs_cannot_see", "customs", "technical"),
    ],
)
def test_the_right_desk_mends_what_is_stuck(stuck: str, to: str, outcome: str, cardless: Visit) -> None:
    filing = declare(cardless, stuck)
    wait(cardless, 30 * HOUR)
    ask = later(cardless, hours=30)
    ticket = tickets.contact(ask, Department(to), Topic.STATUS, filing=filing.public_id)
    agenda.run(cardless.sandbox, ask.now + timedelta(minutes=30))
    answered = Ticket.objects.get(pk=ticket.pk)
    assert (answered.outcome, answered.answered_at) == (outcome, ask.now + timedelta(minutes=30))
    wait(ask)
    assert status(filing) == "approved"


@pytest.mark.parametrize(("stuck", "to"), [("stuck; at=sent", "customs"), ("stuck; at=stored", "platform")])
def test_the_wrong_desk_names_the_right_one_and_mends_nothing(stuck: str, to: str, cardless: Visit) -> None:
    filing = declare(cardless, stuck)
    wait(cardless, 30 * HOUR)
    before = status(filing)
    ticket = tickets.contact(later(cardless, hours=30), Department(to), Topic.STATUS, filing=filing.public_id)
    wait(cardless)
    answered = Ticket.objects.get(pk=ticket.pk)
    assert answered.outcome == "other_desk"
    assert ("0755-83165355" if to == "customs" else "请您联系海关") in answered.answer
    assert status(filing) == before


def test_the_same_question_is_not_asked_twice_while_it_is_open(declared: Filing, cardless: Visit) -> None:
    ticket = tickets.contact(cardless, Department.PLATFORM, Topic.STATUS, filing=declared.public_id)
    with refused("duplicate_ticket") as refusal:
        tickets.contact(cardless, Department.PLATFORM, Topic.STATUS, filing=declared.public_id)
    assert refusal.value.extra == {"ticket": ticket.public_id}


@pytest.mark.faq("2.6")
def test_customs_tells_why_a_registration_was_refused_and_the_platform_does_not(
    rejected: Filing, cardless: Visit
) -> None:
    asked = {
        to: tickets.contact(cardless, Department(to), Topic.REASON, filing=rejected.public_id)
        for to in ("customs", "platform")
    }
    wait(cardless)
    told = {to: Ticket.objects.get(pk=ticket.pk) for to, ticket in asked.items()}
    assert (told["customs"].outcome, told["customs"].answer) == ("told", "不符合备案条件，请联系主管海关")
    assert told["platform"].outcome == "other_desk"


@pytest.mark.faq("2.4")
def test_customs_syncs_a_record_that_stands(card: Visit) -> None:
    Mirror.objects.filter(sandbox=card.sandbox, uscc=card.enterprise.uscc).delete()
    ticket = tickets.contact(card, Department.CUSTOMS, Topic.SYNC)
    wait(card)
    assert Ticket.objects.get(pk=ticket.pk).outcome == "synced"
    assert Mirror.objects.get(sandbox=card.sandbox, uscc=card.enterprise.uscc).synced_at == card.now + timedelta(
        minutes=30
    )


@pytest.mark.faq("2.4")
def test_of_what_customs_does_not_know_nothing_is_synced(cardless: Visit) -> None:
    ticket = tickets.contact(cardless, Department.CUSTOMS, Topic.SYNC)
    wait(cardless)
    assert Ticket.objects.get(pk=ticket.pk).outcome == "not_registered"
    assert not Mirror.objects.filter(sandbox=cardless.sandbox, uscc=cardless.enterprise.uscc).exists()


def visit_to(world: Sandbox) -> Visit:
    """`cardless` of another world."""
    account = Account.objects.select_related("enterprise").get(sandbox=world, role="cardless")
    account.sandbox = world
    return visit_of(account)


def unregistered(visit: Visit) -> Visit:
    """The same visitor, whose enterprise customs has forgotten."""
    CustomsRecord.objects.filter(sandbox=visit.sandbox, uscc=visit.enterprise.uscc).delete()
    return visit
