"""The trail: what happened stays, refusals too; a request with a key takes effect once; nothing is half written."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from filings import desk
from filings.counters import tickets
from filings.customs import officer, sync
from filings.lab.worlds import clock
from filings.models import Agenda, CustomsRecord, Event, Filing, Mirror, Receipt, Sandbox, Served, Visit, authority
from filings.record import trail
from filings.record.trail import AGAIN, IN_A_ROW, Answer, Once, note_refusal, transact
from filings.rules.dates import rfc3339
from filings.rules.events import EventName, Verb
from filings.rules.refusals import Refusal
from filings.rules.words import Department, Party, Topic
from tests.factories import AccountFactory, EnterpriseFactory, FilingFactory, pdf, sheet_of, visit_of

pytestmark = pytest.mark.django_db

ROUTE = "POST /api/v1/filings"


def names(sandbox: Sandbox) -> list[str]:
    return list(Event.objects.filter(sandbox=sandbox).order_by("seq").values_list("name", flat=True))


def opening(visit: Visit, body: bytes = b'{"id":1}', status: int = 201) -> Callable[[], Answer]:
    """A deed that opens a filing and answers with its number, or as told."""

    def work() -> Answer:
        filing = desk.open_filing(visit, "registration", sheet_of(visit.enterprise))
        return Answer(status, body + filing.public_id.encode(), {"Location": f"/filings/{filing.public_id}"})

    return work


# ── events ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_deed_has_its_event_in_order_with_who_did_it_and_how(cardless: Visit, draft: Filing) -> None:
    desk.save(cardless, draft.public_id, {"remarks": "一"})
    desk.attach(cardless, draft.public_id, pdf)
    desk.perform(cardless, draft.public_id, "declare")
    officer.act(cardless.sandbox, draft.public_id, "send", cardless.now)
    events = Event.objects.filter(sandbox=cardless.sandbox).order_by("seq")
    assert [(event.seq, event.name, event.party, event.actor, event.medium, event.version) for event in events] == [
        (1, "filing.created", "applicant", "cardless", "password", 1),
        (2, "filing.saved", "applicant", "cardless", "password", 2),
        (3, "filing.saved", "applicant", "cardless", "password", 3),
        (4, "filing.declared", "applicant", "cardless", "password", 4),
        (5, "filing.sent", "platform", "platform", "", 5),
    ]
    assert {event.uscc for event in events} == {draft.enterprise.uscc}
    assert {event.subject for event in events} == {draft.public_id}


def test_a_question_and_its_answer_tell_which_it_was(cardless: Visit, draft: Filing) -> None:
    ticket = tickets.contact(cardless, Department.PLATFORM, Topic.STATUS, filing=draft.public_id)
    clock.advance(cardless.sandbox, until="idle")
    told = Event.objects.filter(sandbox=cardless.sandbox, name__startswith="ticket.").order_by("seq")
    assert [(one.name, one.subject, one.data["ticket"]) for one in told] == [
        ("ticket.created", draft.public_id, ticket.public_id),
        ("ticket.answered", draft.public_id, ticket.public_id),
    ]


def test_an_advance_is_noted_after_all_it_brought_about_and_a_clock_that_stays_is_not(cardless: Visit) -> None:
    FilingFactory(visit=cardless, status="declared", scenario="approve_auto")
    before = cardless.sandbox.now()
    clock.advance(cardless.sandbox, by=timedelta())
    clock.set_clock(cardless.sandbox, "frozen")
    assert "clock.advanced" not in names(cardless.sandbox)
    clock.advance(cardless.sandbox, by=timedelta(hours=1))
    *_, stored, advanced = Event.objects.filter(sandbox=cardless.sandbox).order_by("seq")
    assert (stored.name, advanced.name, advanced.at) == ("filing.stored", "clock.advanced", before + timedelta(hours=1))
    assert advanced.data == {"from": rfc3339(before), "to": rfc3339(before + timedelta(hours=1))}
    clock.set_clock(cardless.sandbox, "frozen", before + timedelta(days=2))
    assert names(cardless.sandbox)[-2:] == ["mirror.synced", "clock.advanced"]


def test_a_deleted_draft_leaves_its_trail(cardless: Visit, draft: Filing) -> None:
    desk.delete(cardless, draft.public_id)
    left = Event.objects.filter(sandbox=cardless.sandbox, subject=draft.public_id).order_by("seq")
    assert [(event.name, event.version) for event in left] == [("filing.created", 1), ("filing.deleted", 2)]


def test_no_event_bears_a_name_that_the_contract_does_not_know(cardless: Visit) -> None:
    FilingFactory(visit=cardless, status="approved")
    rejected = FilingFactory(
        visit=visit_of(AccountFactory(enterprise=EnterpriseFactory(sandbox=cardless.sandbox))), status="rejected"
    )
    desk.copy(visit_of(rejected.account), rejected.public_id)
    assert names(cardless.sandbox)
    assert set(names(cardless.sandbox)) <= set(EventName)


def test_the_database_itself_refuses_a_second_event_of_one_number_or_one_version(
    cardless: Visit, draft: Filing
) -> None:
    event = Event.objects.get(sandbox=cardless.sandbox)
    for twin in ({"seq": event.seq, "version": 99}, {"seq": 99, "version": event.version}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.create(
                sandbox=event.sandbox,
                at=event.at,
                name=event.name,
                party=event.party,
                subject=event.subject,
                data=event.data,
                **twin,
            )
    assert Event.objects.filter(sandbox=cardless.sandbox).count() == 1


def test_the_database_itself_refuses_an_unknown_status_and_a_second_open_filing(cardless: Visit) -> None:
    first, second = FilingFactory(visit=cardless, status="stored"), FilingFactory(visit=cardless)
    for status in ("submitted", "declared"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Filing.objects.filter(pk=second.pk).update(status=status)
    assert [Filing.objects.get(pk=one.pk).status for one in (first, second)] == ["stored", "draft"]


def test_a_status_cannot_be_assigned_past_the_machine(draft: Filing) -> None:
    with pytest.raises(AttributeError):
        draft.status = "approved"
    assert draft.status == "draft"


# ── refusals ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_refusal_is_noted_after_all_it_did_was_undone(cardless: Visit) -> None:
    def work() -> Answer:
        opening(cardless)()
        raise Refusal("already_registered_at_customs")

    with pytest.raises(Refusal):
        transact(cardless, Verb.CREATE, work)
    assert not Filing.objects.filter(sandbox=cardless.sandbox).exists()
    event = Event.objects.get(sandbox=cardless.sandbox)
    assert (event.name, event.subject, event.actor, event.seq) == ("refused", "", "cardless", 1)
    assert event.data == {"verb": "create", "code": "already_registered_at_customs", "faq": "2.4"}


@pytest.mark.faq("2.3")
def test_a_personal_users_refusal_is_noted_too(personal: Visit) -> None:
    with pytest.raises(Refusal):
        transact(
            personal, Verb.CREATE, lambda: Answer(201, str(desk.open_filing(personal, "registration", {})).encode())
        )
    event = Event.objects.get(sandbox=personal.sandbox)
    assert (event.data["code"], event.uscc) == ("not_enterprise_user", "")


def test_a_refusal_of_nobody_in_particular_is_noted_nowhere(sandbox: Sandbox) -> None:
    def work() -> Answer:
        raise Refusal("not_authenticated")

    with pytest.raises(Refusal):
        transact(None, Verb.CREATE, work)
    assert names(sandbox) == []


def test_after_refusals_the_numbers_of_the_trail_have_no_gap(cardless: Visit) -> None:
    transact(cardless, Verb.CREATE, opening(cardless))
    for _ in range(3):
        with pytest.raises(Refusal):
            transact(
                cardless, Verb.CREATE, lambda: Answer(200, str(desk.perform(cardless, "F999999", "declare")).encode())
            )
    transact(cardless, Verb.CREATE, opening(cardless))
    assert list(Event.objects.filter(sandbox=cardless.sandbox).order_by("seq").values_list("seq", "name")) == [
        (1, "filing.created"),
        (2, "refused"),
        (3, "refused"),
        (4, "refused"),
        (5, "filing.created"),
    ]


def refuse(visit: Visit, verb: Verb, code: str = "nothing_changed", filing: str = "") -> None:
    def work() -> Answer:
        raise Refusal(code)

    with pytest.raises(Refusal):
        transact(visit, verb, work, filing=filing)


def told(visit: Visit) -> list[tuple[str, str]]:
    """Who was refused what, in order; "-" for what was done."""
    events = Event.objects.filter(sandbox=visit.sandbox).order_by("seq")
    refused = EventName.REFUSED
    return [
        (event.actor, f"{event.data['verb']} {event.subject}".rstrip() if event.name == refused else "-")
        for event in events
    ]


def test_the_same_refusal_over_and_over_is_told_as_often_as_helps_and_anew_once_something_else_has_happened(
    cardless: Visit, personal: Visit
) -> None:
    for _ in range(300):
        refuse(cardless, Verb.DECLARE)
    assert told(cardless) == [("cardless", "declare")] * AGAIN
    refuse(personal, Verb.DECLARE)
    refuse(cardless, Verb.COPY)
    refuse(cardless, Verb.DECLARE, "illegal_transition")
    refuse(cardless, Verb.DECLARE)
    assert told(cardless)[AGAIN:] == [("personal", "declare"), ("cardless", "copy"), ("cardless", "declare")]
    transact(cardless, Verb.CREATE, opening(cardless))
    for _ in range(300):
        refuse(cardless, Verb.DECLARE)
    assert told(cardless)[AGAIN + 3 :] == [("cardless", "-"), *[("cardless", "declare")] * AGAIN]
    assert list(Event.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 2 * AGAIN + 5))


def test_of_very_many_different_ones_in_a_row_what_is_new_to_their_actor_is_told(
    cardless: Visit, personal: Visit
) -> None:
    for n in range(300):
        refuse(cardless, Verb.DECLARE, filing=f"F{n:06d}")
    assert len(told(cardless)) == IN_A_ROW
    refuse(cardless, Verb.DECLARE, "illegal_transition", "F000001")
    refuse(personal, Verb.DECLARE, filing="F000001")
    assert told(cardless)[IN_A_ROW:] == [("cardless", "declare F000001"), ("personal", "declare F000001")]


def test_what_the_trail_tells_already_costs_a_statement_and_no_turn(cardless: Visit) -> None:
    for _ in range(AGAIN):
        refuse(cardless, Verb.DECLARE)
    with CaptureQueriesContext(connection) as asked:
        note_refusal(cardless, Verb.DECLARE, Refusal("nothing_changed"))
    assert [one["sql"].split()[0] for one in asked] == ["SELECT"]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]['sql']}")
            assert not [row for row in cursor.fetchall() if row[3].startswith("SCAN")]


# ── once ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_key_again_brings_the_same_bytes_and_no_second_effect(cardless: Visit) -> None:
    once = Once("key-1", ROUTE, "digest")
    first, replayed = transact(cardless, Verb.CREATE, opening(cardless, '{"名": "云帆\u3000"}'.encode()), once)
    assert not replayed
    for _ in range(4):
        again, replayed = transact(cardless, Verb.CREATE, opening(cardless, b"something else"), once)
        assert replayed
        assert again == first
        assert type(again.body) is bytes
    assert Filing.objects.filter(sandbox=cardless.sandbox).count() == 1
    assert names(cardless.sandbox) == ["filing.created"]


def test_the_same_key_with_another_body_is_refused_and_the_first_answer_stays(cardless: Visit) -> None:
    first, _ = transact(cardless, Verb.CREATE, opening(cardless), Once("key-1", ROUTE, "digest"))
    with pytest.raises(Refusal) as refusal:
        transact(cardless, Verb.CREATE, opening(cardless), Once("key-1", ROUTE, "another"))
    assert (refusal.value.code, refusal.value.wording.status) == ("idempotency_key_reused", 422)
    assert Filing.objects.filter(sandbox=cardless.sandbox).count() == 1
    assert transact(cardless, Verb.CREATE, opening(cardless), Once("key-1", ROUTE, "digest")) == (first, True)


def test_a_refusal_is_not_kept_so_the_same_key_may_succeed_later(cardless: Visit) -> None:
    once, refusals = Once("key-1", ROUTE, "digest"), iter([Refusal("precondition_failed")])

    def work() -> Answer:
        for refusal in refusals:
            raise refusal
        return opening(cardless)()

    with pytest.raises(Refusal):
        transact(cardless, Verb.CREATE, work, once)
    assert not Served.objects.exists()
    assert transact(cardless, Verb.CREATE, work, once)[1] is False
    assert transact(cardless, Verb.CREATE, work, once)[1] is True


@pytest.mark.parametrize("status", [304, 404, 503])
def test_an_answer_that_is_no_success_is_not_kept(status: int, cardless: Visit) -> None:
    once = Once("key-1", ROUTE, "digest")
    assert transact(cardless, Verb.CREATE, lambda: Answer(status, b"no"), once) == (Answer(status, b"no"), False)
    assert transact(cardless, Verb.CREATE, lambda: Answer(200, b"yes"), once) == (Answer(200, b"yes"), False)


def test_a_key_is_somebodys_at_one_address_in_one_sandbox(cardless: Visit, visit: Callable[..., Visit]) -> None:
    once = Once("key-1", ROUTE, "digest")
    transact(cardless, Verb.CREATE, lambda: Answer(200, b"mine"), once)
    stranger = visit_of(AccountFactory(username="cardless"))
    for someone, where in (
        (visit("card"), once),
        (cardless, Once("key-1", "POST /api/v1/tickets", "digest")),
        (cardless, Once("key-2", ROUTE, "digest")),
        (stranger, once),
    ):
        assert transact(someone, Verb.CREATE, lambda: Answer(200, b"theirs"), where) == (Answer(200, b"theirs"), False)
    assert transact(cardless, Verb.CREATE, lambda: Answer(200, b"?"), once) == (Answer(200, b"mine"), True)


def test_a_key_is_the_same_by_card_and_by_password(visit: Callable[..., Visit]) -> None:
    once = Once("key-1", ROUTE, "digest")
    transact(visit("card", "password"), Verb.CREATE, lambda: Answer(200, b"first"), once)
    assert transact(visit("card", "card"), Verb.CREATE, lambda: Answer(200, b"second"), once) == (
        Answer(200, b"first"),
        True,
    )


@pytest.mark.parametrize(("hours", "replayed"), [(23.99, True), (24.0, False), (30.0, False)])
def test_a_key_is_kept_for_a_day_of_wall_time(
    hours: float, replayed: bool, cardless: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = Once("key-1", ROUTE, "digest")
    transact(cardless, Verb.CREATE, lambda: Answer(200, b"first"), once)
    served = Served.objects.get(sandbox=cardless.sandbox)
    monkeypatch.setattr(trail, "wall", lambda: served.at + timedelta(hours=hours))
    assert transact(cardless, Verb.CREATE, lambda: Answer(200, b"second"), once)[1] is replayed
    assert Served.objects.filter(sandbox=cardless.sandbox).count() == 1


def test_a_key_does_not_wear_off_by_the_sandboxs_clock(cardless: Visit, sandbox: Sandbox) -> None:
    once = Once("key-1", ROUTE, "digest")
    transact(cardless, Verb.CREATE, lambda: Answer(200, b"first"), once)
    sandbox.set_clock(cardless.now + timedelta(days=400))
    assert transact(cardless, Verb.CREATE, lambda: Answer(200, b"second"), once)[1] is True


# ── all or nothing ────────────────────────────────────────────────────────────────────────────────────────────────

BOOKS = (Filing, Event, Receipt, Agenda, CustomsRecord, Mirror, Served)


def books(sandbox: Sandbox) -> list[list[dict[str, Any]]]:
    return [list(model.objects.filter(sandbox=sandbox).order_by("pk").values()) for model in BOOKS]


@pytest.mark.parametrize(
    ("verb", "state", "breaks"),
    [
        ("declare", "draft", (desk, "note_change")),
        ("declare", "draft", (desk, "schedule")),
        ("send", "declared", (desk, "_answer")),
        ("send", "declared", (desk, "schedule")),
        ("approve", "manual_review", (desk, "note_change")),
        ("approve", "manual_review", (desk, "_answer")),
        ("approve", "manual_review", (sync, "note")),
        ("reject", "manual_review", (desk, "schedule")),
    ],
)
def test_a_deed_that_breaks_half_way_leaves_nothing_behind(
    verb: str, state: str, breaks: tuple[Any, str], cardless: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    filing = FilingFactory(visit=cardless, status=state, scenario="approve")
    before = books(cardless.sandbox)

    def work() -> Answer:
        if verb == "declare":
            desk.perform(cardless, filing.public_id, verb)
        else:
            officer.act(cardless.sandbox, filing.public_id, verb, cardless.now)
        return Answer(200, b"done")

    def broken(*args: object, **words: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(*breaks, broken)
    with pytest.raises(ZeroDivisionError):
        transact(cardless, Verb.CREATE, work, Once("key", ROUTE, "digest"))
    monkeypatch.undo()
    assert books(cardless.sandbox) == before
    assert transact(cardless, Verb.CREATE, work, Once("key", ROUTE, "digest")) == (Answer(200, b"done"), False)
    assert books(cardless.sandbox) != before


def test_an_answer_that_cannot_be_kept_undoes_its_deed(cardless: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **words: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Served.objects, "update_or_create", broken)
    with pytest.raises(ZeroDivisionError):
        transact(cardless, Verb.CREATE, opening(cardless), Once("key", ROUTE, "digest"))
    assert not Filing.objects.filter(sandbox=cardless.sandbox).exists()
    assert names(cardless.sandbox) == []


# ── many at once ──────────────────────────────────────────────────────────────────────────────────────────────────


def at_once(deeds: list[Callable[[], object]]) -> list[object]:
    """Do all deeds at the same moment, each on a connection of its own; what each returned or raised."""
    ready, outcomes = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(n: int) -> None:
        try:
            ready.wait()
            outcomes[n] = deeds[n]()
        except Exception as error:
            outcomes[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_take_the_same_step_at_once_one_succeeds() -> None:
    filing = FilingFactory(status="sent")
    sandbox, now = filing.sandbox, filing.status_since
    deeds = [
        lambda: transact(
            authority(sandbox, Party.CUSTOMS, now),
            Verb.CREATE,
            lambda: Answer(200, officer.act(sandbox, filing.public_id, "store", now).status.encode()),
        )
    ] * 8
    outcomes = at_once(deeds)
    assert [outcome for outcome in outcomes if not isinstance(outcome, Refusal)] == [(Answer(200, b"stored"), False)]
    assert {one.code for one in outcomes if isinstance(one, Refusal)} == {"illegal_transition"}
    happened = [name for name in names(sandbox) if name != "refused"]
    assert happened == ["filing.created", "filing.declared", "filing.sent", "filing.stored"]
    assert Receipt.objects.filter(filing=filing, status="stored").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_drafts_declared_at_once_by_one_enterprise_one_is_declared() -> None:
    visit = visit_of(AccountFactory())
    numbers = [FilingFactory(visit=visit).public_id for _ in range(4)]
    deeds = [
        lambda number=number: transact(
            visit, Verb.CREATE, lambda: Answer(200, desk.perform(visit, number, "declare").status.encode())
        )
        for number in numbers
    ]
    outcomes = at_once(deeds)
    assert (
        sorted(outcome.code if isinstance(outcome, Refusal) else str(outcome) for outcome in outcomes)[1:]
        == ["open_application_exists"] * 3
    )
    assert sorted(Filing.objects.filter(public_id__in=numbers).values_list("status", flat=True)) == [
        "declared",
        *["draft"] * 3,
    ]


@pytest.mark.django_db(transaction=True)
def test_many_deeds_at_once_are_numbered_without_gap_or_twin() -> None:
    visits = [visit_of(AccountFactory())]
    sandbox = visits[0].sandbox
    visits += [visit_of(AccountFactory(enterprise=EnterpriseFactory(sandbox=sandbox))) for _ in range(5)]
    outcomes = at_once(
        [lambda visit=visit: [transact(visit, Verb.CREATE, opening(visit)) for _ in range(4)] for visit in visits]
    )
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert list(Event.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 25))
    assert sorted(Filing.objects.values_list("serial", flat=True)) == list(range(1, 25))


@pytest.mark.django_db(transaction=True)
def test_of_one_request_sent_five_times_at_once_there_is_one_effect() -> None:
    visit = visit_of(AccountFactory())
    once = Once("key", ROUTE, "digest")
    outcomes = at_once([lambda: transact(visit, Verb.CREATE, opening(visit), once)] * 5)
    answers = [outcome[0] for outcome in outcomes if isinstance(outcome, tuple)]
    assert {one.code for one in outcomes if isinstance(one, Refusal)} <= {"idempotency_in_flight"}
    assert [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, Refusal)] == []
    assert answers
    assert set(map(repr, answers)) == {repr(answers[0])}
    assert Filing.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_request_under_way_in_one_sandbox_does_not_stop_its_like_in_another() -> None:
    visits = [visit_of(AccountFactory(username="clerk")) for _ in range(2)]
    inside, once = threading.Barrier(2), Once("key", ROUTE, "digest")

    def both_inside() -> Answer:
        if connection.vendor == "postgresql":  # SQLite lets one in at a time: there the second waits, which is well too
            inside.wait(timeout=60)
        return Answer(200, b"done")

    outcomes = at_once([lambda visit=visit: transact(visit, Verb.CREATE, both_inside, once) for visit in visits])
    assert outcomes == [(Answer(200, b"done"), False)] * 2
