"""The catalogue of situations: each can be entered over HTTP, and does what its title says."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from filings.lab.worlds import cast
from filings.lab.worlds.situations import SITUATIONS
from filings.lab.worlds.tables import of_world
from filings.models import Account
from filings.rules import faq
from tests.api.client import CONTROL, Caller, World
from tests.control import situations_of_forms
from tests.control.misbehaviours import MEETS, asked, not_publicised

Told = dict[str, Any]


# ── what a role meets ─────────────────────────────────────────────────────────────────────────────────────────────


def standing(world: World, role: str = "card") -> str:
    shown: str = world.caller(role).get("/enterprise").ok(200)["standing"]
    return shown


def in_ledger(world: World, role: str = "card") -> dict[str, Any]:
    kept: dict[str, Any] = world.control.get(f"/ledgers/customs/{world.uscc(role)}").ok(200).json
    return kept


# ── what each is ──────────────────────────────────────────────────────────────────────────────────────────────────


def _standard(world: World, told: Told) -> None:
    assert len(world.control.get("").ok(200)["accounts"]) == 10
    assert world.caller("card").get("/enterprise").ok(200)["standing"] == "normal"


def _empty(world: World, told: Told) -> None:
    read = world.control.get("").ok(200)
    assert (read["accounts"], read["enterprises"]) == ([], [])
    world.caller("card").get("/sessions/current").refused(401, "not_authenticated")


def _backfill(determination: str) -> Callable[[World, Told], None]:
    def check(world: World, told: Told) -> None:
        assert world.caller("card").get("/enterprise/backfill-requirement").ok(200)["determination"] == determination

    return check


def _card(status: str) -> Callable[[World, Told], None]:
    def check(world: World, told: Told) -> None:
        assert told["cards"] == [world.accounts["card"]["card_no"]]
        assert world.login().refused(401, "card_unusable")["card_status"] == status
        assert world.begin("change").refused(403, "card_login_required")["card_status"] == status

    return check


def _unplugged(world: World, told: Told) -> None:
    world.login().refused(503, "card_reader_unavailable")


def _mandate_expired(world: World, told: Told) -> None:
    world.submit(told["filings"][0], "agent").refused(403, "mandate_required")
    (mandate,) = (row for row in world.caller().get("/mandates")["results"] if row["id"] == told["mandates"][0])
    assert (mandate["status"], mandate["valid_to"]) == ("expired", "2021-11-30")


def _mandate_revoked(world: World, told: Told) -> None:
    (mandate,) = (row for row in world.caller().get("/mandates")["results"] if row["id"] == told["mandates"][0])
    assert mandate["status"] == "revoked"
    assert world.caller("agent").get(f"/filings/{told['filings'][0]}")["status"] == "declared"
    world.advance(until="idle")
    assert world.caller("agent").get(f"/filings/{told['filings'][0]}")["status"] == "approved"


def _stuck(status: str, advice: str) -> Callable[[World, Told], None]:
    def check(world: World, told: Told) -> None:
        (filing,) = told["filings"]
        read = world.caller().get(f"/filings/{filing}").ok(200)
        assert (read["status"], read["advice"]["code"]) == (status, advice)
        assert world.now - datetime.fromisoformat(read["status_since"]) == timedelta(hours=30)
        world.wait(days=30)
        assert world.caller().get(f"/filings/{filing}")["status"] == status

    return check


def _customs_sees_nothing(world: World, told: Told) -> None:
    _stuck("stored", "contact_customs")(world, told)
    assert asked(world, "status", "cardless", told["filings"][0]) == "technical"


def _not_synced(world: World, told: Told) -> None:
    assert (standing(world), in_ledger(world)["deregistered_on"]) == ("not_registered", None)
    assert asked(world, "sync") == "synced"


def _not_synced_expired(world: World, told: Told) -> None:
    assert (standing(world), in_ledger(world)["valid_until"]) == ("not_registered", "2021-11-30")
    assert asked(world, "sync") == "record_expired"


def _sync_fails_once(world: World, told: Told) -> None:
    assert standing(world) == "not_registered"
    assert [asked(world, "sync"), asked(world, "sync")] == ["sync_failed", "synced"]


def _mirror_lag(world: World, told: Told) -> None:
    world.bring(world.draft(), "approved")
    assert standing(world, "cardless") == "not_registered"
    world.wait(days=365)
    assert standing(world, "cardless") == "not_registered"
    assert in_ledger(world, "cardless")["registered_on"] == "2021-12-01"


def _mirror_lag_one_day(world: World, told: Told) -> None:
    world.bring(world.draft(), "approved")
    world.wait(hours=23, minutes=59)
    assert world.caller().get("/enterprise").ok(200)["inspection_number"] is None
    world.wait(minutes=1)
    assert world.caller().get("/enterprise").ok(200)["inspection_number"]


def _rejected_registration(world: World, told: Told) -> None:
    read = world.caller().get(f"/filings/{told['filings'][0]}").ok(200)
    assert (read["kind"], read["status"]) == ("registration", "rejected")
    assert asked(world, "reason", "cardless", told["filings"][0]) == "told"


def _rejected_change(told_why: bool) -> Callable[[World, Told], None]:
    def check(world: World, told: Told) -> None:
        (filing,) = told["filings"]
        world.caller("card").get(f"/filings/{filing}/receipts").refused(403, "card_login_required")
        last = world.caller("card", "card").get(f"/filings/{filing}/receipts").ok(200)["results"][-1]
        assert (last["kind"], last["status"], bool(last["reason"])) == ("change", "rejected", told_why)

    return check


def _meets(name: str) -> Callable[[World, Told], None]:
    def check(world: World, told: Told) -> None:
        assert MEETS[name](world)

    return check


def _stale(table: str, code: str, field: str, name: str | None = None) -> Callable[[World, Told], None]:
    def check(world: World, told: Told) -> None:
        """The list is out of date, for the enterprise it is about; the code itself is good."""
        path = f"/codes/{table}?division=440304&q={code}"
        assert [row["name"] for row in world.caller().get(path).ok(200)["results"] if row["code"] == code] == (
            [name] if name else []
        )
        for other in (world.caller("card"), Caller()):
            assert code in [row["code"] for row in other.get(path).ok(200)["results"]]
        declared = world.declare(world.draft(**{field: code})).ok(200)
        assert (declared["content"][field], declared["warnings"][1:]) == (code, [])

    return check


def _publicised_after_ten_days(world: World, told: Told) -> None:
    assert not_publicised(timedelta(days=10, seconds=-1))(world)
    world.wait(seconds=1)
    assert (
        world.caller("card").get("/annual-reports").ok(200)["results"][0]["publicised_at"]
        == "2021-12-11T09:00:00+08:00"
    )


def _not_printable(world: World, told: Told) -> None:
    """FAQ 2.18: what customs' desk said changes nothing."""
    (ticket,) = world.caller("card").get("/tickets").ok(200)["results"]
    assert ([ticket["id"]], ticket["outcome"], "可以在系统上打印报关单位备案证明" in ticket["answer"]) == (
        told["tickets"],
        "told",
        True,
    )
    world.caller("card").get("/enterprise/certificate.pdf").refused(403, "category_not_printable")


def _stale_form(world: World, told: Told) -> None:
    refused = world.submit(told["filings"][0], medium="password")
    assert refused.errors == {"/content/parent_relation": "parent_relation_required"}


def _overdue_mirror(world: World, told: Told) -> None:
    assert (standing(world), in_ledger(world)["valid_until"]) == ("overdue", None)
    assert (asked(world, "sync"), standing(world)) == ("synced", "normal")


def _overdue_at_customs(world: World, told: Told) -> None:
    assert (standing(world), in_ledger(world)["valid_until"]) == ("overdue", "2021-11-30")
    assert (asked(world, "sync"), standing(world)) == ("record_expired", "overdue")


def _usd_delayed(world: World, told: Told) -> None:
    row = {"name": "张演练", "country": "CHN", "method": "货币", "amount": "1000.00", "currency": "CNY"}
    world.submit(world.change(investors=[row]), scenario="approve").ok(200)
    world.wait(days=365)
    assert [one["amount_usd"] for one in in_ledger(world)["investors"]] == ["78.50"]
    asked(world, "usd")
    assert [one["amount_usd"] for one in in_ledger(world)["investors"]] == ["157.00"]


def _usd_wrong(world: World, told: Told) -> None:
    draft = world.change()
    assert world.caller("card").get(f"/filings/{draft}")["content"]["investors"][0]["amount_usd"] == "0.01"
    assert [one["amount_usd"] for one in in_ledger(world)["investors"]] == ["0.01"]


def _dual(world: World, told: Told) -> None:
    assert world.caller("card").get("/enterprise")["categories"] == ["00010000"]
    world.begin("change", added_categories=["01000000"]).refused(422, "category_locked")


def _deregistered(world: World, told: Told) -> None:
    assert (standing(world), in_ledger(world)["deregistered_on"]) == ("deregistered", "2021-11-30")


def _branches(world: World, told: Told) -> None:
    draft = world.begin("deregistration", reason="停止经营").ok(201)["id"]
    assert world.submit(draft).refused(409, "branches_not_deregistered")["branches"] == len(told["enterprises"]) == 1


def _sealed(status: int, code: str = "") -> Callable[[World, Told], None]:
    def check(world: World, told: Told) -> None:
        answer = world.caller("card").post("/seal-certificates")
        assert (answer.status, answer.json.get("code", "")) == (status, code)

    return check


def _control(**facts: bool) -> Callable[[World, Told], None]:
    def check(world: World, told: Told) -> None:
        read = world.caller("card").get("/client-control").ok(200)
        now = {"installed": read["installed"], "running": read["running"], "newest": read["version"] == read["latest"]}
        assert {name: now[name] for name in facts} == facts
        draft = world.begin("mofcom_change", medium="password", name_en="NEW NAME").ok(201)["id"]
        world.caller("card").upload(draft).refused(503, "client_control_unavailable")

    return check


def _not_at_commerce(world: World, told: Told) -> None:
    draft = world.begin("mofcom_change", medium="password", name_en="NEW NAME").ok(201)["id"]
    world.submit(draft, medium="password").refused(422, "mofcom_record_not_found")


def _must_report(required: bool) -> Callable[[World, Told], None]:
    def check(world: World, told: Told) -> None:
        assert world.caller("card").get("/annual-reports/eligibility?year=2020").ok(200)["required"] is required

    return check


def _phantom(world: World, told: Told) -> None:
    form = world.caller("card").get("/annual-reports/form?year=2020").ok(200)
    assert form["anomaly"] == "customs_section_without_registration"


def _publicity_lag(world: World, told: Told) -> None:
    world.wait(days=300)
    shown = world.caller("card").get(f"/publicity/{world.uscc()}").ok(200)["results"]
    assert {row["year"]: row["publicity_status"] for row in shown}[2020] == "not_reported"


def _legal_card(refused: bool, holder: dict[str, str] | None = None) -> Callable[[World, Told], None]:
    def check(world: World, told: Told) -> None:
        person = holder or {"holder_name": "张演练", "holder_id_number": "110101189001010016"}
        answer = world.caller("card").post("/cards", {"type": "operator", "holder_id_type": "居民身份证", **person})
        assert answer.status == (409 if refused else 201), answer.json
        if refused:
            assert (answer["code"], answer["detail"]) == ("card_holder_is_legal_person", "不能重复注册")

    return check


CHECKS: dict[str, Callable[[World, Told], None]] = {
    "standard": _standard,
    "empty": _empty,
    "backfill_both_before": _backfill("not_needed"),
    "backfill_only_customs": _backfill("needed"),
    "backfill_second_on_20180801": _backfill("needed"),
    "card_expired": _card("expired"),
    "card_cancelled": _card("cancelled"),
    "card_locked": _card("locked"),
    "card_reader_unplugged": _unplugged,
    "seal_certificate_at_59_59": _sealed(429, "certificate_hourly_limit"),
    "seal_certificate_at_60_00": _sealed(201),
    "seal_certificate_fails": _sealed(503, "seal_certificate_unavailable"),
    "mandate_expired": _mandate_expired,
    "mandate_revoked": _mandate_revoked,
    "stuck_draft": _stuck("draft", "submit"),
    "stuck_declared": _stuck("declared", "contact_platform"),
    "stuck_sent": _stuck("sent", "contact_platform"),
    "stuck_stored": _stuck("stored", "contact_customs"),
    "stuck_manual_review": _stuck("manual_review", "contact_customs"),
    "customs_sees_nothing": _customs_sees_nothing,
    "not_synced": _not_synced,
    "not_synced_expired": _not_synced_expired,
    "sync_fails_once": _sync_fails_once,
    "mirror_lag": _mirror_lag,
    "rejected_registration": _rejected_registration,
    "rejected_change": _rejected_change(True),
    "rejected_change_no_reason": _rejected_change(False),
    "print_blurred": _meets("print_blurred"),
    "control_missing": _control(installed=False),
    "control_stopped": _control(installed=True, running=False),
    "control_outdated": _control(installed=True, newest=False),
    "mofcom_record_missing": _not_at_commerce,
    "mofcom_record_stale": _not_at_commerce,
    "mofcom_lookup_fails": _not_at_commerce,
    "stale_form": _stale_form,
    "annual_registered_20201231": _must_report(True),
    "annual_registered_20210101": _must_report(False),
    "annual_deregistered": _must_report(False),
    "annual_category_temp": _must_report(False),
    "phantom_customs_section": _phantom,
    "publicity_lag": _publicity_lag,
    "publicity_lag_ten_days": _publicised_after_ten_days,
    "card_legal_held": _legal_card(True),
    "card_legal_pending": _legal_card(True),
    "card_legal_cancelled": _legal_card(False),
    "card_legal_ends_in_x": _legal_card(
        True, {"holder_name": "李演练", "holder_id_number": cast.ID_ENDING_IN_X.lower()}
    ),
    "card_legal_elsewhere": _legal_card(False),
    "overdue_mirror": _overdue_mirror,
    "overdue_at_customs": _overdue_at_customs,
    "usd_delayed": _usd_delayed,
    "usd_wrong": _usd_wrong,
    "print_truncated": _meets("print_truncated"),
    "dual": _dual,
    "deregistered": _deregistered,
    "branches_registered": _branches,
    **situations_of_forms.CHECKS,
    "office_table_stale": _stale("customs_offices", "5355", "customs_office"),
    "office_renamed": _stale("customs_offices", "5355", "customs_office", "福中海关（演练更名）"),
    "zone_missing": _stale("economic_zones", "01", "economic_zone"),
    "trade_zone_missing": _stale("special_trade_zones", "44039999", "special_trade_zone"),
    "control_flaky": _meets("control_flaky"),
    "mirror_lag_one_day": _mirror_lag_one_day,
    "dual_not_printable": _not_printable,
}

DOCUMENTED = {
    "backfill_both_before": "1.1",
    "backfill_only_customs": "1.1",
    "backfill_second_on_20180801": "1.1",
    "card_expired": "1.5",
    "card_cancelled": "1.5",
    "card_locked": "1.5",
    "card_reader_unplugged": "1.5",
    "mandate_expired": "1.7",
    "mandate_revoked": "1.7",
    "stuck_draft": "1.9",
    "stuck_declared": "1.9",
    "stuck_sent": "1.9",
    "stuck_stored": "1.9",
    "stuck_manual_review": "1.9",
    "customs_sees_nothing": "1.9",
    "not_synced": "2.4",
    "not_synced_expired": "2.4",
    "sync_fails_once": "2.4",
    "mirror_lag": "2.4",
    "rejected_registration": "2.6",
    "rejected_change": "2.6",
    "rejected_change_no_reason": "2.6",
    "seal_certificate_at_59_59": "1.6",
    "seal_certificate_at_60_00": "1.6",
    "seal_certificate_fails": "1.6",
    "control_missing": "2.8",
    "control_stopped": "2.8",
    "control_outdated": "2.8",
    "mofcom_record_missing": "2.9",
    "mofcom_record_stale": "2.9",
    "mofcom_lookup_fails": "2.9",
    "annual_registered_20201231": "2.11",
    "annual_registered_20210101": "2.11",
    "annual_deregistered": "2.11",
    "annual_category_temp": "2.11",
    "phantom_customs_section": "2.12",
    "publicity_lag": "2.13",
    "publicity_lag_ten_days": "2.13",
    "card_legal_held": "2.14",
    "card_legal_pending": "2.14",
    "card_legal_cancelled": "2.14",
    "card_legal_ends_in_x": "2.14",
    "card_legal_elsewhere": "2.14",
    "print_blurred": "2.7",
    "stale_form": "2.10",
    "overdue_mirror": "2.15",
    "overdue_at_customs": "2.15",
    "usd_delayed": "2.16",
    "usd_wrong": "2.16",
    "print_truncated": "2.17",
    "dual": "2.20",
    "deregistered": "2.20",
    "office_not_chosen": "1.2",
    "zone_not_chosen": "1.3",
    "trade_zone_not_chosen": "1.4",
    "in_qianhai": "1.4",
    "one_qualification_draft": "1.8",
    "consignee_branch": "1.10",
    "approved_registration": "2.1",
    "division_incomplete": "2.2",
    "registered_as_personal": "2.3",
    "several_statuses": "2.5",
    "dual_not_printable": "2.18",
    "express_greyed": "2.19",
    "office_table_stale": "1.2",
    "office_renamed": "1.2",
    "zone_missing": "1.3",
    "trade_zone_missing": "1.4",
    "control_flaky": "2.8",
    "mirror_lag_one_day": "2.1",
}
"""The entry each situation is of."""


def test_each_situation_the_plane_tells_of_has_a_check() -> None:
    told = Caller(CONTROL).get("/situations").ok(200)["results"]
    assert {one["name"] for one in told} == set(CHECKS) == set(SITUATIONS)


def test_there_is_one_at_least_of_every_entry() -> None:
    assert set(faq.ENTRIES) <= {situation.faq for situation in SITUATIONS.values()}


@pytest.mark.parametrize("name", CHECKS)
def test_each_does_what_its_title_says(name: str, world: World) -> None:
    told = world.enter(name)
    assert told["situation"] == name
    CHECKS[name](world, told.json)


@pytest.mark.parametrize("name", [name for name in CHECKS if name != "empty"])
def test_a_sandbox_opened_in_it_is_the_same_world_and_so_after_a_reset(name: str, db: None) -> None:
    world = World(situation=name)

    def told() -> Told:
        """What entering it would have told, as far as can be seen from outside."""
        filings = [row["id"] for row in world.control.get("/filings")["results"]]
        mandates = [row["id"] for row in world.caller().get("/mandates")["results"]]
        read = world.control.get("")
        return {
            "filings": filings,
            "mandates": mandates,
            "cards": [world.accounts["card"]["card_no"]],
            "enterprises": [row["uscc"] for row in read["enterprises"]][len(FIRMS) :],
            "tickets": [row["id"] for row in world.caller("card").get("/tickets")["results"]],
            "accounts": [username for username, *_ in world.control.get("/export")["tables"]["Account"]][
                len(world.accounts) :
            ],
        }

    opened = told()
    world.control.post("/reset").ok(200)
    assert told() == opened
    CHECKS[name](world, opened)


UNREGISTERED = {
    "customs_sees_nothing",
    "rejected_registration",
    "approved_registration",
    "several_statuses",
    "mandate_revoked",
}
"""What happens to a firm that customs does not have."""

FIRMS = range(9)
"""The enterprises of the standard world."""


@pytest.mark.parametrize("name", [name for name in CHECKS if SITUATIONS[name].about])
def test_each_can_be_about_another_enterprise(name: str, world: World) -> None:
    other = world.make("enterprise", category="10000000")["uscc"]
    world.make("account", uscc=other)
    if name.startswith("stuck") or name in UNREGISTERED:
        world.control.put(f"/ledgers/customs/{other}", {"deregistered_on": "2021-11-30"}).ok(200)
    before = {role: standing(world, role) for role in ("card", "cardless")}
    told = world.enter(name, uscc=other)
    assert {role: standing(world, role) for role in ("card", "cardless")} == before
    of = {row["id"]: row["enterprise"]["uscc"] for row in world.control.get("/filings").ok(200)["results"]}
    assert {of[filing] for filing in told.json.get("filings", [])} <= {other}


OF_A_RECORD = {
    "not_synced": "normal",
    "not_synced_expired": "overdue",
    "sync_fails_once": "normal",
    "overdue_mirror": "normal",
    "overdue_at_customs": "overdue",
    "usd_wrong": "normal",
    "branches_registered": "normal",
    "dual": "normal",
}
"""Situations of what customs has on record, and how that stands there."""


@pytest.mark.parametrize("name", OF_A_RECORD)
def test_of_a_firm_customs_does_not_have_a_record_is_entered_first(name: str, world: World) -> None:
    world.enter(name, uscc=world.uscc("cardless"))
    valid_until = world.control.get(f"/ledgers/customs/{world.uscc('cardless')}").ok(200)["valid_until"]
    assert valid_until == (None if OF_A_RECORD[name] == "normal" else "2021-11-30")
    shown = {
        **dict.fromkeys(("not_synced", "not_synced_expired", "sync_fails_once"), "not_registered"),
        "overdue_mirror": "overdue",
    }
    assert standing(world, "cardless") == shown.get(name, OF_A_RECORD[name])


@pytest.mark.parametrize("name", ["card_expired", "card_cancelled", "card_locked"])
def test_of_a_firm_without_a_card_the_one_that_is_issued_is_told(name: str, world: World) -> None:
    (card,) = world.enter(name, uscc=world.uscc("cardless"))["cards"]
    assert world.control.get(f"/cards/{card}").ok(200)["status"] == name.removeprefix("card_")


@pytest.mark.parametrize("names", [("not_synced", "overdue_mirror"), ("overdue_mirror", "not_synced")])
def test_of_two_about_the_mirror_the_later_is_what_is_shown(names: tuple[str, str], world: World) -> None:
    for name in names:
        world.enter(name)
    assert standing(world) == {"overdue_mirror": "overdue", "not_synced": "not_registered"}[names[-1]]


def test_the_catalogue_tells_each_with_its_entry_and_how_it_is_known() -> None:
    rows = {row["name"]: row for row in Caller("/control/v1").get("/situations").ok(200)["results"]}
    assert {name: row["faq"] for name, row in rows.items() if row["faq"]} == DOCUMENTED
    assert all(row["title"] and row["provenance"] for row in rows.values())
    assert {row["about"] for row in rows.values()} == {None, "card", "cardless", "agent"}


def test_what_there_is_not_is_refused(world: World) -> None:
    refused = world.control.post("/situation", {"situation": "nearly"}).refused(400, "unknown_situation")
    assert refused["known"] == list(SITUATIONS)
    world.control.post("/situation", {"situation": "dual", "uscc": "91440399MAMK99999X"}).refused(404, "not_found")
    assert world.control.post("/situation", {}).errors == {"/situation": "required"}


# ── what is told of one that was entered ──────────────────────────────────────────────────────────────────────────

NAMED_BY: dict[str, tuple[str, str]] = {
    "Filing": ("filings", "public_id"),
    "Ticket": ("tickets", "public_id"),
    "Mandate": ("mandates", "public_id"),
    "Card": ("cards", "number"),
    "SealCertificate": ("seal_certificates", "n"),
    "AnnualReport": ("annual_reports", "year"),
    "Account": ("accounts", "username"),
    "Enterprise": ("enterprises", "uscc"),
    "Glitch": ("glitches", "name"),
}
"""By what a row of each table is told of."""

BOOKS = {"CustomsRecord": "customs", "MofcomRecord": "mofcom", "MarketRecord": "market", "Mirror": "mirror"}

CONSEQUENCES = {"Event", "Receipt", "Agenda", "SealAuthority"}
"""What follows from a change and is told nowhere."""


def rows(world: World) -> dict[str, dict[str, Any]]:
    """Every row of a sandbox's world by table and what names it."""
    told: dict[str, dict[str, Any]] = {}
    for model in of_world():
        kept = list(model.objects.filter(sandbox__key=world.id).values())
        name = (
            NAMED_BY[model.__name__][1] if model.__name__ in NAMED_BY else "uscc" if model.__name__ in BOOKS else "id"
        )
        if model.__name__ == "ClientControl":
            name = "account_id"
        told[model.__name__] = {row[name]: row for row in kept}
    return told


def changes(world: World, before: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What is otherwise than before, as the answer should tell it."""
    after = rows(world)
    found = {
        table: {name for name in kept.keys() | before[table].keys() if kept.get(name) != before[table].get(name)}
        for table, kept in after.items()
        if table not in CONSEQUENCES
    }
    told = {what: found.pop(table) for table, (what, _) in NAMED_BY.items()}
    told["records"] = {(book, uscc) for table, book in BOOKS.items() for uscc in found.pop(table)}
    people = dict(Account.objects.filter(sandbox__key=world.id).values_list("pk", "username"))
    told["client_controls"] = {people[pk] for pk in found.pop("ClientControl")}
    assert not {table: names for table, names in found.items() if names}, "of another table nothing is told"
    return told


def as_told(answer: Told) -> dict[str, Any]:
    told = {what: set(answer[what]) for what in (*(one for one, _ in NAMED_BY.values()), "client_controls")}
    return told | {"records": {(one["book"], one["uscc"]) for one in answer["records"]}}


@pytest.mark.parametrize("name", [name for name in CHECKS if SITUATIONS[name].about])
@pytest.mark.parametrize("whose", ["the usual", "one without a clerk"])
def test_what_it_changed_is_told_all_of_it_and_nothing_else(name: str, whose: str, world: World) -> None:
    uscc = world.uscc(SITUATIONS[name].about or "card")
    if whose != "the usual":
        uscc = world.make("enterprise")["uscc"]
    world.wait(seconds=1)
    before = rows(world)
    told = as_told(world.enter(name, uscc=uscc).json)
    assert told == changes(world, before)


def test_whom_it_is_about_and_when_is_told(world: World) -> None:
    world.wait(hours=3)
    told = world.enter("stuck_sent").json
    assert {what: told[what] for what in ("situation", "title", "faq", "at")} == {
        "situation": "stuck_sent",
        "title": "成功发往海关 30 小时",
        "faq": "1.9",
        "at": "2021-12-01T12:00:00+08:00",
    }
    names = {one["uscc"]: one["name_cn"] for one in world.opened["enterprises"]}
    assert told["about"] == {
        "uscc": world.uscc("cardless"),
        "name_cn": names[world.uscc("cardless")],
        "accounts": ["cardless"],
    }
    (filing,) = told["filings"]
    assert world.caller().get(f"/filings/{filing}").ok(200)["enterprise"]["uscc"] == told["about"]["uscc"]
    mine = world.enter("print_blurred", uscc=world.uscc("agent").lower()).json
    assert (mine["about"]["uscc"], mine["about"]["accounts"], mine["glitches"]) == (
        world.uscc("agent"),
        ["agent"],
        ["print_blurred"],
    )


def test_of_a_whole_world_all_that_is_in_it_is_told(world: World) -> None:
    told = world.enter("standard").json
    read = world.control.get("").ok(200)
    assert told["about"] is None
    assert told["accounts"] == [one["username"] for one in read["accounts"]]
    assert told["enterprises"] == [one["uscc"] for one in read["enterprises"]]
    assert as_told(told) == changes(
        world, {table: {} for table in rows(world)} | {"Session": rows(world).get("Session", {})}
    )
    assert as_told(world.enter("empty").json) == {what: set() for what in as_told(told)}


def test_whom_there_is_not_is_named_with_where_to_look(world: World) -> None:
    refused = world.control.post("/situation", {"situation": "dual", "uscc": "91440399MAMK99999X"}).refused(
        404, "not_found"
    )
    assert "91440399MAMK99999X" in refused["detail"]
    assert f"GET /control/v1/sandboxes/{world.id} " in refused["remedy"]


def test_two_at_once_are_one_world(world: World) -> None:
    world.enter("overdue_mirror")
    world.enter("card_locked")
    world.enter("rejected_registration")
    assert standing(world) == "overdue"
    world.login().refused(401, "card_unusable")
    assert world.caller().get("/filings")["results"][0]["status"] == "rejected"


ONCE = {
    "approved_registration": "already_registered_at_customs",
    **dict.fromkeys(
        (
            "customs_sees_nothing",
            "mandate_revoked",
            "several_statuses",
            "stuck_declared",
            "stuck_sent",
            "stuck_stored",
            "stuck_manual_review",
        ),
        "open_application_exists",
    ),
}
"""Situations that declare a filing, and what a second one of the same firm is refused by."""

ANEW = {"branches_registered": "enterprises", "dual_not_printable": "tickets"}
"""Situations that add what they are about, each time they are entered."""


@pytest.mark.parametrize("name", [name for name in CHECKS if name not in ONCE.keys() | ANEW.keys()])
def test_to_enter_one_again_is_to_be_in_it(name: str, world: World) -> None:
    once, again = world.enter(name).json, world.enter(name).json
    assert (again["situation"], again["about"]) == (once["situation"], once["about"])
    CHECKS[name](world, again)


@pytest.mark.parametrize("name", ONCE)
def test_one_that_cannot_be_entered_again_says_why_and_is_as_it_was(name: str, world: World) -> None:
    told = world.enter(name).json
    world.control.post("/situation", {"situation": name}).refused(409, ONCE[name])
    CHECKS[name](world, told)


@pytest.mark.parametrize("name", ANEW)
def test_one_that_adds_something_adds_another(name: str, world: World) -> None:
    once, again = (set(world.enter(name)[ANEW[name]]) for _ in range(2))
    assert len(once) == len(again) == len(again - once)


def test_a_credit_code_is_read_in_any_width_and_case(world: World) -> None:
    """By every lever that names an enterprise in its body: one that silently did nothing for small letters was no
    lever."""
    uscc = world.uscc()
    typed = uscc.lower().replace("9", "９")
    assert world.control.post("/sync", {"uscc": typed}).ok(200)["synced"] == [uscc]
    assert world.enter("print_blurred", uscc=typed)["about"]["uscc"] == uscc
    assert world.control.post("/faults", {"fault": "drop", "match": {"uscc": typed}}).ok(201)["match"] == {"uscc": uscc}
    assert (
        world.control.post("/scenario-queue", {"scenario": "slow", "match": {"uscc": typed}}).ok(201)["match"]["uscc"]
        == uscc
    )
    assert world.make("filing", uscc=typed)["enterprise"]["uscc"] == uscc
