"""Many at once in one world: each has it in hand in turn, what there may be one of is held by the database, and time
goes on in turns.

How it goes over HTTP, with many at once on either database, is shown by the races (tests/races.py).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from filings import agenda, desk, visits
from filings.counters import cards, mandates, seals, tickets
from filings.lab.worlds import clock, fixtures, snapshots, worlds
from filings.models import (
    Account,
    AnnualReport,
    Backfill,
    Card,
    Checkpoint,
    ClientControl,
    CustomsRecord,
    Enterprise,
    Event,
    Filing,
    Glitch,
    MarketRecord,
    Mirror,
    MofcomRecord,
    Sandbox,
    SealAuthority,
    Session,
    Visit,
    authority,
    wall,
)
from filings.record.trail import Answer, attempt, note, transact
from filings.rules.events import EventName, Verb
from filings.rules.words import CardType, Department, Party, Status, Topic, UserType
from tests.desk.test_trail import at_once, opening
from tests.factories import SOMEBODY, FilingFactory, SandboxFactory, pdf, refused, visit_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


# ── what there may be one of ──────────────────────────────────────────────────────────────────────────────────────


def ticket(visit: Visit) -> Any:
    return tickets.contact(visit, Department.CUSTOMS, Topic.SYNC)


def legal_persons_card(visit: Visit) -> Any:
    return cards.apply(visit, **{**SOMEBODY, "type": CardType.LEGAL_PERSON})


def registered_account(visit: Visit) -> Any:
    return visits.register(visit.sandbox, "new", "Demo-2021", UserType.ENTERPRISE, "演练", "91440399MAMX00015C")


def mandate(visit: Visit) -> Any:
    agent = Account.objects.get(sandbox=visit.sandbox, role="category:01000000").enterprise
    assert agent is not None
    return mandates.give(visit, agent.uscc)


def attachment(visit: Visit) -> Any:
    return desk.attach(visit, FilingFactory(visit=visit).public_id, pdf)


def first(model: Any) -> Callable[[Visit], Any]:
    return lambda visit: model.objects.filter(sandbox=visit.sandbox).first()


ONE_OF = {
    "an account of an enterprise that registered": (registered_account, {"username": "another"}),
    "an account of a name": (first(Account), {}),
    "an enterprise of a code": (first(Enterprise), {}),
    "a question to a desk": (ticket, {"public_id": "T999999"}),
    "a card of a legal person": (legal_persons_card, {"number": "another", "n": 9}),
    "a card of a number": (legal_persons_card, {"type": CardType.OPERATOR, "n": 9}),
    "a card at a place": (legal_persons_card, {"type": CardType.OPERATOR, "number": "another"}),
    "a mandate of two": (mandate, {"public_id": "M999999"}),
    "a certificate at a place": (seals.grant, {"superseded_at": wall()}),
    "a certificate that is the newest": (seals.grant, {"n": 9}),
    "an authority for seals": (lambda visit: seals.grant(visit) and first(SealAuthority)(visit), {}),
    "an attachment at a place": (attachment, {}),
    "a customs record": (first(CustomsRecord), {}),
    "a commerce record": (first(MofcomRecord), {}),
    "a market record": (first(MarketRecord), {}),
    "a mirror": (first(Mirror), {}),
}
"""Each with how one comes about, and what a second one may have otherwise."""


@pytest.mark.parametrize("what", ONE_OF)
def test_of_what_there_may_be_one_the_database_takes_no_second(what: str, visit: Callable[..., Visit]) -> None:
    make, otherwise = ONE_OF[what]
    row = make(visit("card"))
    row.pk = None
    for name, value in otherwise.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_what_has_ended_makes_room(visit: Callable[..., Visit]) -> None:
    mine = visit("card")
    for make, over in (
        (ticket, {"answered_at": mine.now}),
        (legal_persons_card, {"cancelled_at": mine.now}),
        (mandate, {"revoked_at": mine.now}),
    ):
        row = make(mine)
        type(row).objects.filter(pk=row.pk).update(**over)
        assert make(mine).pk != row.pk


def test_other_rows_are_held_so_too() -> None:
    held = {
        (AnnualReport, ("enterprise", "year")),
        (Backfill, ("enterprise", "qualification")),
        (Checkpoint, ("sandbox", "name")),
        (Glitch, ("sandbox", "name", "uscc")),
    }
    for model, fields in held:
        assert fields in [tuple(constraint.fields) for constraint in model._meta.constraints], model
    assert ClientControl._meta.get_field("account").unique


def test_a_second_legal_persons_card_is_refused_to_whoever_tests_too(visit: Callable[..., Visit]) -> None:
    mine = visit("card")
    uscc = mine.enterprise.uscc  # type: ignore[union-attr]
    one, _ = fixtures.card(mine.sandbox, uscc=uscc, type=CardType.LEGAL_PERSON)
    with refused("legal_person_card_exists"):
        fixtures.card(mine.sandbox, uscc=uscc, type=CardType.LEGAL_PERSON)
    ended, _ = fixtures.card(mine.sandbox, uscc=uscc, type=CardType.LEGAL_PERSON, status="cancelled")
    with refused("legal_person_card_exists"):
        fixtures.set_card(Card.objects.select_related("sandbox").get(pk=ended.pk), "active")
    fixtures.set_card(Card.objects.select_related("sandbox").get(pk=one.pk), "cancelled")
    assert fixtures.set_card(Card.objects.select_related("sandbox").get(pk=ended.pk), "active").cancelled_at is None


# ── a world in hand ───────────────────────────────────────────────────────────────────────────────────────────────


def another(sandbox: Sandbox) -> Sandbox:
    return Sandbox.objects.get(pk=sandbox.pk)


@pytest.mark.parametrize(
    "ground",
    [
        worlds.reset,
        lambda sandbox: worlds.enter(sandbox, "standard"),
        lambda sandbox: snapshots.keep(sandbox, "a") and snapshots.restore(sandbox, "a"),
    ],
)
def test_who_comes_when_the_world_has_been_replaced_is_told_and_nothing_happens(
    ground: Callable[[Sandbox], object], cardless: Visit
) -> None:
    ground(another(cardless.sandbox))
    with pytest.raises(Exception, match="world_reset"):
        transact(cardless, Verb.CREATE, opening(cardless))
    assert not Event.objects.filter(sandbox=cardless.sandbox, name__in=("refused", "filing.created")).exists()


def test_who_comes_when_it_has_been_replaced_twice_is_told_too(sandbox: Sandbox) -> None:
    early, late = another(sandbox), another(sandbox)
    worlds.enter(early, "standard")
    with refused("world_reset"):
        worlds.enter(late, "standard")
    worlds.reset(late)
    worlds.reset(early)
    assert another(sandbox).epoch == 3


def test_who_comes_when_it_is_gone_finds_nothing(cardless: Visit) -> None:
    worlds.erase(another(cardless.sandbox))
    with refused("not_found"):
        transact(cardless, Verb.CREATE, opening(cardless))
    with refused("not_found"):
        worlds.erase(cardless.sandbox)
    with refused("not_found"):
        worlds.reset(cardless.sandbox)
    with refused("not_found"):
        snapshots.pack(cardless.sandbox)


def test_who_has_waited_while_the_clock_was_set_comes_at_the_moment_it_stands_at(cardless: Visit) -> None:
    later = cardless.now + DAY
    clock.advance(another(cardless.sandbox), to=later)
    transact(cardless, Verb.CREATE, opening(cardless))
    assert Event.objects.get(sandbox=cardless.sandbox, name="filing.created").at == later
    assert cardless.now == later


def test_what_is_kept_of_a_sandbox_is_only_what_was_changed(sandbox: Sandbox) -> None:
    early, late = another(sandbox), another(sandbox)
    worlds.keep(early, name="新名", magic_names=False)
    worlds.keep(late, pinned=True, ttl_hours=5)
    kept = another(sandbox)
    assert (kept.name, kept.magic_names, kept.pinned, kept.kept_hours) == ("新名", False, True, 5)


def test_one_in_use_again_is_not_cleared_away(sandbox: Sandbox) -> None:
    long_ago = wall() - timedelta(days=30)
    Sandbox.objects.filter(pk=sandbox.pk).update(used_at=long_ago)
    stale = another(sandbox)
    visits.used(another(sandbox))
    assert stale.expired
    assert not worlds.erase(stale, only_expired=True)
    assert Sandbox.objects.filter(pk=sandbox.pk).exists()


def test_clearing_takes_what_has_run_out_and_no_more(sandbox: Sandbox) -> None:
    over = Session.objects.filter(sandbox=sandbox).first()
    assert over is not None
    Session.objects.filter(pk=over.pk).update(expires_at=wall() - timedelta(hours=1))
    before = Session.objects.count()
    worlds.clear_expired()
    assert Session.objects.count() == before - 1


# ── time in turns ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every event is a turn of its own."""
    monkeypatch.setattr(agenda, "TURN", 0)


def busy(sandbox: Sandbox, n: int = 3) -> list[Filing]:
    """So many declared filings, each with four answers to come, all at the same moments."""
    return [fixtures.filing(sandbox, state="declared", scenario="approve") for _ in range(n)]


def test_between_two_turns_the_world_stands_at_the_moment_of_what_happened_last(
    step_by_step: None, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy(sandbox)
    stood: list[tuple[str, bool]] = []
    do = agenda._next

    def watched(world: Sandbox, until: datetime) -> agenda.Fired | None:
        there = another(world)
        stood.append((there.now().isoformat(), there.advancing))
        return do(world, until)

    monkeypatch.setattr(agenda, "_next", watched)
    began = sandbox.now()
    fired = clock.advance(sandbox, by=2 * DAY)
    moments = [began, *(began + timedelta(seconds=one) for one in (60, 600, 3600, 86400) for _ in range(3))]
    assert [moment for moment, _ in stood] == [moment.isoformat() for moment in moments[:-1]]
    assert [one.at for one in fired] == [one.at for one in sorted(fired, key=lambda one: one.at)]
    assert [advancing for _, advancing in stood] == [False] + [True] * 11
    assert (another(sandbox).now(), another(sandbox).advancing_until) == (began + 2 * DAY, None)


def test_meanwhile_what_is_due_is_left_to_the_advance_and_told_by_it(
    step_by_step: None, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    filings = busy(sandbox)
    do = agenda._next

    def visited(world: Sandbox, until: datetime) -> agenda.Fired | None:
        # Others of the same moment are due already: whoever comes now lets them be.
        there = another(world)
        if there.advancing:
            agenda.catch_up(there)
            assert agenda.run(there, there.now()) == []
            with refused("clock_advancing"):
                clock.advance(there, by=timedelta())
            with refused("clock_advancing"):
                clock.set_clock(there, "real")
        return do(world, until)

    monkeypatch.setattr(agenda, "_next", visited)
    fired = clock.advance(sandbox, until="idle")
    assert len(fired) == 4 * len(filings)
    assert set(Filing.objects.filter(sandbox=sandbox).values_list("status", flat=True)) == {Status.APPROVED}


def test_one_that_broke_off_leaves_a_world_that_goes_on_from_there(
    step_by_step: None, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    filings, began = busy(sandbox), sandbox.now()
    do, done = agenda._next, []

    def breaking(world: Sandbox, until: datetime) -> agenda.Fired | None:
        if len(done) == 4:
            raise ZeroDivisionError
        done.append(do(world, until))
        return done[-1]

    monkeypatch.setattr(agenda, "_next", breaking)
    with pytest.raises(ZeroDivisionError):
        clock.advance(another(sandbox), by=2 * DAY)
    monkeypatch.undo()
    there = another(sandbox)
    assert (there.now() - began, there.advancing_until) == (timedelta(minutes=10), None)
    assert sorted(Filing.objects.filter(sandbox=sandbox).values_list("status", flat=True)) == ["sent", "sent", "stored"]
    assert len(clock.advance(there, to=began + 2 * DAY)) == 4 * len(filings) - 4
    ats = list(Event.objects.filter(sandbox=sandbox).order_by("seq").values_list("at", flat=True))
    assert ats == sorted(ats)


def test_one_that_breaks_off_in_its_last_turn_leaves_the_clock_to_others_too(
    step_by_step: None, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    filings = busy(sandbox)
    with monkeypatch.context() as breaking:
        breaking.setattr(clock, "_note", lambda *about: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            clock.advance(another(sandbox), until="idle")
    there = another(sandbox)
    assert there.advancing_until is None
    assert Filing.objects.filter(sandbox=sandbox, status="approved").count() == len(filings) - 1
    assert len(clock.advance(there, until="idle")) == 1
    assert Event.objects.filter(sandbox=sandbox, name="clock.advanced").count() == 1


def test_one_that_was_killed_keeps_the_others_waiting_for_seconds_only(sandbox: Sandbox) -> None:
    filings = busy(sandbox)
    sandbox.set_clock(sandbox.now() + timedelta(minutes=1), advancing_until=wall() + agenda.CLAIM)
    agenda.catch_up(another(sandbox))
    assert Filing.objects.filter(sandbox=sandbox, status="declared").count() == len(filings)
    with refused("clock_advancing"):
        clock.advance(another(sandbox), until="idle")
    Sandbox.objects.filter(pk=sandbox.pk).update(advancing_until=wall())
    agenda.catch_up(another(sandbox))
    assert Filing.objects.filter(sandbox=sandbox, status="sent").count() == len(filings)
    assert timedelta(seconds=5) <= agenda.CLAIM <= timedelta(seconds=15)


@pytest.mark.django_db(transaction=True)
def test_an_advance_and_writers_in_its_own_world_come_to_their_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agenda, "TURN", 0)
    sandbox = SandboxFactory()
    filings = busy(sandbox)
    account = Account.objects.select_related("enterprise").get(sandbox=sandbox, role="cardless")
    begun = threading.Event()
    do = agenda._next

    def begins(world: Sandbox, until: datetime) -> agenda.Fired | None:
        begun.set()
        return do(world, until)

    monkeypatch.setattr(agenda, "_next", begins)

    def write() -> Answer:
        begun.wait(60)
        visit = visit_of(replace_sandbox(account, another(sandbox)))
        return transact(visit, Verb.CREATE, opening(visit))[0]

    fired, *answers = at_once([lambda: clock.advance(another(sandbox), until="idle"), *[write] * 4])
    assert [one for one in (fired, *answers) if isinstance(one, Exception)] == []
    assert len(fired) == 4 * len(filings)  # type: ignore[arg-type]
    ats = list(Event.objects.filter(sandbox=sandbox).order_by("seq").values_list("at", flat=True))
    assert ats == sorted(ats)
    assert Filing.objects.filter(sandbox=sandbox, status="draft").count() == 4


def replace_sandbox(account: Account, sandbox: Sandbox) -> Account:
    fresh = Account.objects.select_related("enterprise").get(pk=account.pk)
    fresh.sandbox = sandbox
    return fresh


@pytest.mark.django_db(transaction=True)
def test_of_two_advances_at_once_one_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agenda, "TURN", 0)
    sandbox = SandboxFactory()
    busy(sandbox)
    do, done = agenda._next, []

    def noted(world: Sandbox, until: datetime) -> agenda.Fired | None:
        if fired := do(world, until):
            done.append((fired.subject, fired.verb))
        return fired

    monkeypatch.setattr(agenda, "_next", noted)
    outcomes = at_once([lambda: clock.advance(another(sandbox), by=2 * DAY)] * 2)
    assert {getattr(outcome, "code", "done") for outcome in outcomes} <= {"done", "clock_advancing"}
    assert sum(len(one) for one in outcomes if isinstance(one, list)) == 12
    assert len(done) == len(set(done)) == 12


def test_a_deed_refused_by_the_world_itself_leaves_no_mark(cardless: Visit) -> None:
    worlds.reset(another(cardless.sandbox))
    with refused("world_reset"):
        attempt(
            cardless,
            Verb.CREATE,
            lambda: note(authority(cardless.sandbox, Party.CUSTOMS, cardless.now), EventName.COMMERCE_UPDATED),
        )
    assert not Event.objects.filter(sandbox=cardless.sandbox).exists()
