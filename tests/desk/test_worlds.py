"""Worlds: complete when they open, the same after a reset, gone without a trace, and never in each other's way."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps

from filings import agenda, desk, visits
from filings.counters import backfills, cards, client_control, seals, tickets
from filings.customs import officer
from filings.lab.faults import faults
from filings.lab.webhooks import webhooks
from filings.lab.worlds import books, cast, demo, queueing, worlds
from filings.models import (
    Account,
    Card,
    CustomsRecord,
    Enterprise,
    Event,
    Filing,
    Mandate,
    Mirror,
    Sandbox,
    Session,
    Visit,
)
from filings.models.sandbox import OPENING_MOMENT, InSandbox
from filings.record.trail import Answer, Once, transact
from filings.rules.appraisal import appraise
from filings.rules.dates import SHANGHAI, local_date
from filings.rules.entitlements import standing
from filings.rules.events import Verb
from filings.rules.facts import Facts
from filings.rules.numbers import id_card_fault, uscc_fault
from filings.rules.refusals import Refusal
from filings.rules.sheets.registration import Registration
from filings.rules.words import Category, ClockMode, Department, Status, Topic
from tests.factories import SEED, SOMEBODY, FilingFactory, SandboxFactory, pdf, sheet_of, visit_of

pytestmark = pytest.mark.django_db

TABLES = [model for model in apps.get_app_config("filings").get_models() if issubclass(model, InSandbox)]


def clerk(sandbox: Sandbox, role: str = "cardless", medium: str = "password") -> Visit:
    account = Account.objects.select_related("enterprise").get(sandbox=sandbox, role=role)
    account.sandbox = sandbox
    return visit_of(account, medium)


def lived_in(sandbox: Sandbox) -> Visit:
    """A sandbox in which something of every kind has happened; its `cardless`."""
    visit = clerk(sandbox)
    if not webhooks.receivers(sandbox).exists():
        webhooks.register(sandbox, "https://receiver.example.com/hook")
    filing = FilingFactory(visit=visit, status="rejected")
    copied = desk.copy(visit, filing.public_id)
    desk.attach(visit, copied.public_id, pdf)
    desk.perform(visit, copied.public_id, "declare")
    tickets.contact(visit, Department.CUSTOMS, Topic.REASON, filing=filing.public_id)
    agenda.run(sandbox, visit.now + timedelta(minutes=30))
    visits.log_in(sandbox, "card", cast.PASSWORD)
    visits.challenge(sandbox, cast.PLAYERS[1].card)
    books.lay(sandbox, cast.CARD.uscc, {"customs_qualified_on": date(2017, 1, 1)})
    faults.put(sandbox, "latency", times=1)
    queueing.put(sandbox, "reject", times=9, kind="change")
    backfills.supply(clerk(sandbox, "card"))
    worlds.enter(sandbox, "print_blurred")
    worlds.enter(sandbox, "publicity_lag")
    seals.issue(clerk(sandbox, "card"))
    cards.cancel(clerk(sandbox, "card"), cards.apply(clerk(sandbox, "card"), **SOMEBODY).n)
    cards.apply(visit, **SOMEBODY)
    client_control.restart(visit)
    transact(visit, Verb.CREATE, lambda: Answer(200, b"kept"), Once("key", "POST /x", "digest"))
    return visit


def rows(sandbox: Sandbox) -> dict[str, int]:
    return {model.__name__: model._base_manager.filter(sandbox=sandbox).count() for model in TABLES}


def portrait(sandbox: Sandbox) -> dict[str, list[dict[str, Any]]]:
    """All that can be told of a sandbox from outside: no primary keys, nothing of wall time."""
    unseen = {"id", "sandbox_id", "at_real", "opened_at", "expires_at", "password", "pin", "token_digest", "random"}
    unseen |= {"private_key", "certificate", "serial_number", "key", "webhook", "message"}
    return {
        model.__name__: [
            {
                name: value
                for name, value in row.items()
                if (name not in unseen and not name.endswith("_id")) or name == "public_id"
            }
            for row in model._base_manager.filter(sandbox=sandbox).order_by("pk").values()
        ]
        for model in TABLES
        if model.__name__ != "Served"
    }


# ── the standard world ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_standard_world_has_its_whole_cast(sandbox: Sandbox) -> None:
    roles = ["cardless", "card", "personal", "agent", *(f"category:{code}" for code in Category.values)]
    told = worlds.tokens(sandbox)
    assert [row.role for row in told] == roles
    assert {row.user_type for row in told if row.role != "personal"} == {"enterprise"}
    assert {row.role for row in told if not row.card_token} == {"cardless", "personal"}
    assert next(row.uscc for row in told if row.role == "cardless") == "91440399MAMK00013C"
    assert next(row.uscc for row in told if row.role == "personal") is None


@pytest.mark.parametrize("firm", cast.FIRMS, ids=lambda firm: firm.category or "not registered")
def test_the_sheet_each_of_it_was_registered_by_is_in_order(firm: cast.Firm) -> None:
    """Nothing is advised against but a branch's silence on its parent: the single window would block that parent's
    注销."""
    judged = appraise(
        Registration, firm.content, Facts(now=OPENING_MOMENT, uscc=firm.uscc, in_qianhai=False), declaring=True
    )
    branch = firm.category in (Category.CONSIGNEE_BRANCH, Category.BROKER_BRANCH)
    assert judged.errors == []
    assert {warning.code for warning in judged.warnings} == {"record_form_missing"} | (
        {"parent_missing"} if branch else set()
    )


def test_everybody_in_it_can_log_in_as_told_by_password_card_and_token(sandbox: Sandbox) -> None:
    for row in worlds.tokens(sandbox):
        assert visits.log_in(sandbox, row.username, row.password).session.account.role == row.role
        assert visits.arrive(row.token).medium == "password"
        if row.card_no:
            assert visits.log_in_by_card(sandbox, row.card_no, row.pin).session.medium == "card"
            assert visits.arrive(row.card_token).medium == "card"


@pytest.mark.parametrize("category", Category.values)
def test_of_each_category_an_enterprise_stands_normal_in_both_books(category: str, sandbox: Sandbox) -> None:
    uscc = clerk(sandbox, f"category:{category}").enterprise.uscc
    ledger, mirror = (book.objects.get(sandbox=sandbox, uscc=uscc) for book in (CustomsRecord, Mirror))
    assert ledger.as_facts() == mirror.as_facts()
    assert ledger.categories == [category]
    assert standing(mirror.as_facts(), local_date(sandbox.now())) == "normal"


def test_the_roles_are_what_their_names_say(sandbox: Sandbox) -> None:
    on_record = {record.uscc: record.categories for record in CustomsRecord.objects.filter(sandbox=sandbox)}
    assert clerk(sandbox, "cardless").enterprise.uscc not in on_record
    assert on_record[clerk(sandbox, "card").enterprise.uscc] == ["10000000"]
    assert on_record[clerk(sandbox, "agent").enterprise.uscc] == ["01000000"]
    mandate = Mandate.objects.get(sandbox=sandbox)
    assert (mandate.agent, mandate.principal) == (
        clerk(sandbox, "agent").enterprise,
        clerk(sandbox, "cardless").enterprise,
    )
    assert not Card.objects.filter(sandbox=sandbox, account__role="cardless").exists()
    assert Card.objects.filter(sandbox=sandbox).count() == 8


def test_its_people_are_nobody_and_their_numbers_are_well_formed() -> None:
    for firm in cast.FIRMS:
        assert uscc_fault(firm.uscc) is None
        assert firm.uscc[2:8] == "440399"
        assert "演练" in firm.name_cn
    assert id_card_fault(cast.REFERENCE["legal_representative"]["id_number"]) is None
    assert cast.REFERENCE["legal_representative"]["id_number"][6:8] == "18"


@pytest.mark.faq("1.2")
def test_the_reference_registration_declares_cleanly(sandbox: Sandbox) -> None:
    visit = clerk(sandbox)
    filing = desk.open_filing(visit, "registration", dict(cast.REFERENCE))
    assert [warning["code"] for warning in filing.warnings] == ["record_form_missing"]
    assert desk.perform(visit, filing.public_id, "declare").status == "declared"


def test_it_opens_frozen_at_nine_on_the_first_of_december_2021(sandbox: Sandbox) -> None:
    assert sandbox.now() == datetime(2021, 12, 1, 9, tzinfo=SHANGHAI)
    assert sandbox.clock_mode == ClockMode.FROZEN
    assert not Event.objects.filter(sandbox=sandbox).exists()
    assert agenda.next_at(sandbox) is None


def test_an_empty_world_is_empty() -> None:
    assert set(rows(SandboxFactory(situation="empty")).values()) == {0}


def test_a_world_that_is_not_known_or_not_free_is_not_made() -> None:
    SandboxFactory(key="taken")
    before = Sandbox.objects.count()
    for wanted, code in (
        ({"situation": "no_such"}, "unknown_situation"),
        ({"scenario": "no_such"}, "unknown_scenario"),
        ({"key": "taken"}, "sandbox_exists"),
    ):
        with pytest.raises(Refusal) as refusal:
            worlds.create(**wanted)
        assert refusal.value.code == code
    assert Sandbox.objects.count() == before


@pytest.mark.faq("2.10")
def test_a_stale_page_is_a_world_one_can_open_or_enter(sandbox: Sandbox) -> None:
    opened = SandboxFactory(situation="stale_form")
    assert Filing.objects.get(sandbox=opened).stale_form
    entered = worlds.enter(sandbox, "stale_form", cast.CARDLESS.uscc)
    filing = Filing.objects.get(sandbox=sandbox)
    assert (filing.stale_form, filing.enterprise.uscc, entered.filings) == (
        True,
        cast.CARDLESS.uscc,
        [filing.public_id],
    )


@pytest.mark.faq("2.10")
def test_a_page_becomes_stale_for_the_drafts_there_are_and_for_no_other_enterprises(sandbox: Sandbox) -> None:
    mine, declared = FilingFactory(visit=clerk(sandbox)), FilingFactory(visit=clerk(sandbox), status="stored")
    other = FilingFactory(visit=clerk(sandbox, "card"))
    assert worlds.enter(sandbox, "stale_form", cast.CARDLESS.uscc).filings == [mine.public_id]
    assert [Filing.objects.get(pk=one.pk).stale_form for one in (mine, declared, other)] == [True, False, False]


def test_a_situation_about_nobody_is_not_found(sandbox: Sandbox) -> None:
    with pytest.raises(Refusal) as refusal:
        worlds.enter(sandbox, "stale_form", "91440399MAMK99999X")
    assert refusal.value.code == "not_found"


# ── reset and erase ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_world_that_was_lived_in_has_rows_in_every_table(sandbox: Sandbox) -> None:
    lived_in(sandbox)
    assert [name for name, count in rows(sandbox).items() if count == 0] == []


def test_a_reset_brings_back_the_opening_to_the_last_row(sandbox: Sandbox) -> None:
    before, credentials = portrait(sandbox), worlds.tokens(sandbox)
    lived_in(sandbox)
    sandbox.set_clock(sandbox.now() + timedelta(days=90))
    sandbox.scenario = "stuck"
    sandbox.save(update_fields=["scenario"])
    worlds.reset(Sandbox.objects.get(pk=sandbox.pk))
    fresh = Sandbox.objects.get(pk=sandbox.pk)
    assert portrait(fresh) == before
    assert worlds.tokens(fresh) == credentials
    assert visits.arrive(credentials[0].token).account.role == "cardless"
    assert (fresh.now(), fresh.scenario) == (datetime(2021, 12, 1, 9, tzinfo=SHANGHAI), "approve")


def test_after_a_reset_the_same_calls_bring_the_same_numbers(sandbox: Sandbox) -> None:
    lived_in(sandbox)
    before = portrait(sandbox)
    worlds.reset(Sandbox.objects.get(pk=sandbox.pk))
    lived_in(Sandbox.objects.get(pk=sandbox.pk))
    assert portrait(sandbox) == before


def test_a_reset_ends_the_logins_that_were_opened_since(sandbox: Sandbox) -> None:
    token = visits.log_in(sandbox, "card", cast.PASSWORD).token
    worlds.reset(Sandbox.objects.get(pk=sandbox.pk))
    with pytest.raises(Refusal) as refusal:
        visits.arrive(token)
    assert refusal.value.code == "not_authenticated"


def test_erasing_a_sandbox_leaves_no_row_of_it_and_every_row_of_others() -> None:
    doomed, other = SandboxFactory(), SandboxFactory()
    lived_in(doomed)
    lived_in(other)
    before, counts = portrait(other), rows(other)
    pk = doomed.pk
    worlds.erase(doomed)
    for model in TABLES:
        assert not model._base_manager.filter(sandbox_id=pk).exists()
    assert not Sandbox.objects.filter(pk=pk).exists()
    assert (portrait(other), rows(other)) == (before, counts)


def test_erasing_its_world_keeps_the_sandbox_itself(sandbox: Sandbox) -> None:
    lived_in(sandbox)
    worlds.erase_world(sandbox)
    assert set(rows(sandbox).values()) == {0}
    assert Sandbox.objects.filter(pk=sandbox.pk).exists()


def test_entering_the_standard_world_begins_it_anew(sandbox: Sandbox) -> None:
    lived_in(sandbox)
    worlds.enter(sandbox, "standard")
    assert not Filing.objects.filter(sandbox=sandbox).exists()
    assert Enterprise.objects.filter(sandbox=sandbox).count() == 9
    assert visits.arrive(worlds.tokens(sandbox)[0].token).account.role == "cardless"


# ── two worlds ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_sandboxes_of_one_seed_and_the_same_calls_are_alike_to_the_last_event() -> None:
    worlds_of_two = [SandboxFactory(seed=SEED), SandboxFactory(seed=SEED)]
    for sandbox in worlds_of_two:
        visit = lived_in(sandbox)
        agenda.run(sandbox, visit.now + timedelta(days=9))
    first, second = map(portrait, worlds_of_two)
    assert first == second
    assert [event["name"] for event in first["Event"]].count("filing.approved") == 1


def test_what_happens_in_one_happens_in_no_other(sandbox: Sandbox) -> None:
    other = SandboxFactory()
    before = portrait(other)
    visit = lived_in(sandbox)
    officer.advance(sandbox, Filing.objects.get(sandbox=sandbox, status="stored").public_id, Status.APPROVED, visit.now)
    assert portrait(other) == before


def test_a_token_of_one_is_not_that_of_another() -> None:
    first, second = (worlds.tokens(SandboxFactory()) for _ in range(2))
    assert {row.token for row in first} & {row.token for row in second} == set()


def test_what_is_kept_of_a_secret_is_not_the_secret(sandbox: Sandbox) -> None:
    kept = " ".join(Session.objects.filter(sandbox=sandbox).values_list("token_digest", flat=True))
    kept += " ".join(Account.objects.filter(sandbox=sandbox).values_list("password", flat=True))
    for row in worlds.tokens(sandbox):
        assert row.token not in kept
        assert row.password not in kept


# ── the clock, and the demo ───────────────────────────────────────────────────────────────────────────────────────


def test_a_scaled_clock_runs_so_many_times_as_fast_and_a_frozen_one_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(2021, 12, 1, tzinfo=UTC)
    clocks = {mode: SandboxFactory(mode=mode, now=moment, rate=60.0) for mode in ClockMode.values}
    set_at = {mode: sandbox.clock_set_at for mode, sandbox in clocks.items()}
    for mode, after in (("frozen", 0), ("real", 30), ("scaled", 1800)):
        monkeypatch.setattr("filings.models.sandbox.wall", lambda mode=mode: set_at[mode] + timedelta(seconds=30))
        assert clocks[mode].now() == moment + timedelta(seconds=after)


def test_the_demo_is_made_once_runs_on_real_time_and_never_expires() -> None:
    told = demo.ensure_demo()
    FilingFactory(visit=clerk(Sandbox.objects.get(key="demo")))
    assert demo.ensure_demo() == told
    sandbox = Sandbox.objects.get(key="demo")
    assert (sandbox.clock_mode, sandbox.scenario, sandbox.expires_at) == ("real", "approve; pace=fast", None)
    assert Filing.objects.filter(sandbox=sandbox).count() == 1
    assert visits.log_in(sandbox, told[0].username, told[0].password).session.account.role == "cardless"


def test_a_sheet_of_another_enterprise_is_refused_already_in_a_draft(sandbox: Sandbox) -> None:
    with pytest.raises(Refusal) as refusal:
        desk.open_filing(clerk(sandbox), "registration", sheet_of(clerk(sandbox, "card").enterprise))
    assert refusal.value.code == "uscc_mismatch"
