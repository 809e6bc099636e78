"""The client in Python: worlds, accounts, filings, and all that may be done to them."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest

from swsim import Mismatch, NotReached, Problem, SingleWindow, World, sample, samples, sign_challenge, words
from swsim.spelling import as_json, duration, instant, merged

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference-registration.json"
WAY = ["draft", "declared", "sent", "stored", "manual_review", "approved"]


# ── worlds ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_world_lasts_as_long_as_its_context(sw: SingleWindow) -> None:
    with sw.world(name="of a test", seed=11, scenario="approve; pace=fast") as world:
        told = next(one for one in sw.worlds() if one["id"] == world.id)
        assert (told["name"], told["seed"], told["scenario"]) == ("of a test", 11, "approve; pace=fast")
        assert (world.clock["mode"], world.now.isoformat()) == ("frozen", "2021-12-01T09:00:00+08:00")
        assert world.roles[:4] == ["cardless", "card", "personal", "agent"]
        assert world.control_key
    assert world.id not in {one["id"] for one in sw.worlds()}
    world.delete()  # gone already, which is no trouble


def test_a_world_that_was_only_opened_stays(sw: SingleWindow, world: World) -> None:
    with sw.open_world(world.id, world.control_key) as same:
        assert same.accounts == world.accounts
    assert world.id in {one["id"] for one in sw.worlds()}


def test_a_world_begins_as_it_is_told(sw: SingleWindow) -> None:
    with sw.world("not_synced", clock="2022-03-01T10:00:00+08:00") as world:
        assert (world.data["situation"], world.now.year) == ("not_synced", 2022)
    with sw.world(clock=datetime(2022, 3, 2, 9), pinned=True, login_lock=True) as world:
        assert world.now.isoformat() == "2022-03-02T09:00:00+08:00"
        assert (world.data["pinned"], world.data["login_lock"], world.url) == (True, True, sw.url)
    with sw.world(exercise="faq-2-4", seed=3) as world:
        assert world.data["exercise"] == "faq-2-4"


def test_time_passes_by_a_length_to_a_moment_and_until_nothing_is_due(world: World) -> None:
    world.advance("PT1H")
    world.advance(timedelta(minutes=30))
    assert world.now.isoformat() == "2021-12-01T10:30:00+08:00"
    world.at(datetime(2021, 12, 1, 12))  # without a zone it is Shanghai's
    world.at("2021-12-01T13:00:00+08:00")
    assert world.now.isoformat() == "2021-12-01T13:00:00+08:00"
    world.account().file().declare()
    assert [one["verb"] for one in world.advance(until="next_event")["fired"]] == ["send"]
    assert [one["verb"] for one in world.advance()["fired"]] == ["store", "route_manual", "approve"]
    assert world.advance(until="idle")["fired"] == []
    with pytest.raises(Problem) as refused:
        world.at("2021-01-01T00:00:00+08:00")
    assert refused.value.status in (409, 422)


def test_states_are_kept_come_back_to_and_carried_elsewhere(sw: SingleWindow, world: World) -> None:
    clerk = world.account()
    filing = clerk.file()
    world.checkpoint("drafted")
    world.checkpoint("drafted")  # the same name again: what is kept is the latest
    filing.declare().until("approved")
    world.restore("drafted")
    assert world.now.isoformat() == "2021-12-01T09:00:00+08:00"
    assert filing.reload().status == "draft"
    with sw.import_world(world.export("drafted")) as other:
        assert other.id != world.id
        assert [one.status for one in other.account().filings()] == ["draft"]
    world.reset()
    assert clerk.filings() == []


def test_people_and_papers_are_made_to_measure(world: World) -> None:
    firm = world.fixture(
        "enterprise", name_cn="深圳市量身演练有限公司", category="10000000", registered_on=date(2020, 1, 2)
    )
    made = world.fixture("account", username="made", uscc=firm["uscc"])
    world.fixture("card", username="made")
    clerk = world.account("made", card=True)
    assert clerk.enterprise is not None
    assert clerk.enterprise["name_cn"] == "深圳市量身演练有限公司"
    assert world.account(made).token == made["token"]
    assert clerk.file(kind="change").declare().until("approved").status == "approved"
    filing = world.fixture("filing", kind="change", uscc=firm["uscc"], content={"postcode": "518049"}, state="rejected")
    assert clerk.filing(filing["id"]).status == "rejected"
    with pytest.raises(LookupError, match=r"No account nobody; there are cardless, .*, made"):
        world.account("nobody")
    with pytest.raises(LookupError, match="cardless has no card"):
        world.account("cardless", card=True)


# ── accounts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_account_logs_in_in_every_way(world: World) -> None:
    clerk = world.account("card")
    assert (clerk.medium, clerk.who_am_i()["medium"]) == ("password", "password")
    assert world.account("card", card=True).who_am_i()["medium"] == "card"
    first = clerk.token
    assert clerk.login()["medium"] == "password"
    assert clerk.token != first
    assert (clerk.login_by_card()["medium"], clerk.medium) == ("card", "card")
    assert clerk.login_by_challenge()["account"]["username"] == "card"
    clerk.log_out()
    with pytest.raises(Problem) as refused:
        clerk.read_enterprise()
    assert refused.value.status == 401
    with pytest.raises(LookupError, match="cardless has no card"):
        world.account("cardless").login_by_card()


def test_who_asks_with_no_token_reads_what_is_open(sw: SingleWindow) -> None:
    assert len(sw.portal().list_faq()["results"]) == 30
    assert sw.portal().read_code_table("currencies", q="USD")["results"][0]["code"] == "USD"


def test_every_call_is_there_in_the_documents_words(world: World) -> None:
    clerk = world.account("card")
    assert clerk.api.read_enterprise()["standing"] == "normal"
    made = [clerk.contact_desk({"desk": "platform", "topic": topic})["id"] for topic in ("status", "sync", "reason")]
    page = clerk.list_tickets(limit=1)
    assert [one["id"] for one in clerk.every(page)] == made[::-1]
    assert clerk.print_certificate(disposition="attachment").startswith(b"%PDF")
    world.control.expire_sessions(world.id)
    with pytest.raises(Problem) as refused:
        clerk.overview()
    assert refused.value.status == 401


# ── filings ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_registration_goes_its_way(world: World) -> None:
    clerk = world.account("cardless")
    filing = clerk.file(world.sample("registration"), kind="registration", mode="self", client_reference="A-1")
    assert (filing.status, filing.stage, filing.version, filing.kind) == ("draft", "not_submitted", 1, "registration")
    assert filing.save({"remarks": "第一次"}).content["remarks"] == "第一次"
    assert filing.attach(("a.pdf", b"%PDF-1.4\n%%EOF\n"), "record_form")["filename"] == "a.pdf"
    assert [one["type"] for one in filing.attachments()] == ["record_form"]
    filing.declare(if_unchanged=True)
    assert filing.transmitted()["message"]
    assert filing.until("sent").until("manual_review").until("approved").status == "approved"
    assert world.now.isoformat() == "2021-12-02T09:00:00+08:00"
    assert [step["to"] for step in filing.timeline()] == WAY
    assert [receipt["status"] for receipt in filing.receipts()] == WAY[2:]
    assert filing.record_form().startswith(b"%PDF")
    assert [one.id for one in clerk.filings(client_reference="A-1")] == [filing.id]


def test_a_draft_that_somebody_else_saved_is_not_saved_over(world: World) -> None:
    clerk = world.account()
    mine, theirs = (filing := clerk.file()), clerk.filing(filing.id)
    theirs.save({"remarks": "theirs"})
    with pytest.raises(Problem) as refused:
        mine.save({"remarks": "mine"}, if_unchanged=True)
    assert refused.value.status == 412
    mine.reload().delete()
    assert clerk.filings() == []


def test_an_agent_files_for_whom_it_names(world: World) -> None:
    principal = world.account("cardless").uscc
    filing = world.account("agent").file(mode="agent", principal=principal)
    assert filing.data["filing_mode"] == "agent"
    assert filing.declare().until("approved").data["enterprise"]["uscc"] == principal


def test_a_decision_is_waited_for_by_its_stage(world: World) -> None:
    world.scenario("reject; reason=address_mismatch")
    filing = world.account().file().declare().until("decided")
    assert filing.status == "rejected"
    assert filing.copy().status == "draft"


@pytest.mark.parametrize(
    ("scenario", "wanted", "stays"),
    [
        ("stuck; at=stored", "approved", "stored"),
        ("reject; reason=address_mismatch", "approved", "rejected"),
        ("approve", "rejected", "approved"),
    ],
)
def test_what_never_comes_is_told_with_its_reason(world: World, scenario: str, wanted: str, stays: str) -> None:
    filing = world.account().file().declare(scenario=scenario)
    with pytest.raises(NotReached) as never:
        filing.until(wanted)
    assert str(never.value).startswith(
        f"Filing {filing.id} is {stays} and will not be {wanted}\n  Scenario: {scenario}"
    )
    assert never.value.explanation["unblock"][0] in str(never.value)


def test_what_is_past_is_not_waited_for(world: World) -> None:
    filing = world.account().file().declare().until("stored")
    with pytest.raises(NotReached, match="is stored and will not be sent"):
        filing.until("sent")
    assert world.now.isoformat() == "2021-12-01T09:10:00+08:00"


def test_a_filing_that_is_held_says_so(world: World) -> None:
    filing = world.account().file().declare()
    world.control.act_on_filing(world.id, filing.id, "hold")
    with pytest.raises(NotReached, match="Held by hand"):
        filing.until("approved")


# ── samples ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", [kind for kind in get_args(samples.SampleKind) if kind != "annual_report"])
def test_the_sample_of_each_kind_declares_cleanly(world: World, kind: Any) -> None:
    clerk = world.account("cardless" if kind == "registration" else "card", card=kind != "registration")
    filing = clerk.file(world.sample(kind), kind=kind)
    assert filing.declare().until("approved").kind == kind


@pytest.mark.parametrize("role", ["card", "agent", "category:20000000", "category:00010000"])
def test_the_sample_of_an_annual_report_is_taken(world: World, role: str) -> None:
    clerk = world.account(role)
    report = clerk.report(world.sample("annual_report"), year=2020)
    assert (report["year"], report["content"]["import_amount"]) == (2020, "500.00")
    assert [one["id"] for one in clerk.list_annual_reports()["results"]] == [report["id"]]


def test_the_sample_of_a_registration_is_the_reference() -> None:
    assert sample("registration") == json.loads(REFERENCE.read_text("utf-8"))["content"]


def test_a_sample_is_changed_member_by_member_and_stays_itself() -> None:
    made = sample(
        "registration", name_cn="某某", legal_representative={"phone": "1"}, remarks="有", email=None, uscc=None
    )
    assert made["legal_representative"] == {**samples.SAMPLES["registration"]["legal_representative"], "phone": "1"}
    assert (made["name_cn"], made["remarks"], "uscc" in made) == ("某某", "有", False)
    made["investors"][0]["name"] = "别人"
    assert sample("registration")["investors"][0]["name"] == "张演练"
    with pytest.raises(LookupError, match="No sample of other; there are registration, change"):
        sample("other")  # type: ignore[arg-type]


# ── authorities, failures, watching ───────────────────────────────────────────────────────────────────────────────


def test_scenarios_are_for_all_for_one_and_for_the_next(world: World) -> None:
    clerk = world.account()
    first = clerk.file()
    world.scenario("reject; reason=address_mismatch", filing=first)
    assert first.declare().until("decided").status == "rejected"
    world.scenario("stuck; at=sent", times=1, kind="registration")
    second = clerk.file().declare()
    assert world.explain(second)["scenario"] is not None
    assert second.explain()["scenario"]["name"] == "stuck"  # type: ignore[index]
    assert world.trigger(second, "approved")["status"] == "approved"
    assert second.reload().status == "approved"
    third = world.account("card", card=True).file(kind="change").declare()
    world.trigger(third, "rejected", reason_code="address_mismatch", public_comment="请核对地址")
    assert third.receipts()[-1]["reason"] == "请核对地址"


def test_a_situation_is_entered_and_a_mirror_synced(world: World) -> None:
    clerk = world.account("card")
    entered = world.situation("not_synced", uscc=clerk.uscc)
    assert entered["about"] is not None
    assert clerk.read_enterprise()["standing"] == "not_registered"
    assert world.sync(clerk.uscc)["synced"] == [clerk.uscc]
    assert clerk.read_enterprise()["standing"] == "normal"


def test_faults_strike_and_are_mended(sw: SingleWindow, world: World) -> None:
    with SingleWindow(sw.url, retries=0) as once, once.open_world(world.id, world.control_key) as hasty:
        clerk = hasty.account()
        world.fault("status", status=502, match={"method": "GET"}, times=1)
        with pytest.raises(Problem) as refused:
            clerk.overview()
        assert (refused.value.status, refused.value.code) == (502, "injected_fault")
        clerk.overview()
        fault = world.fault("status; code=500")
        world.mend(fault)
        world.fault("status", status=500)
        world.mend()
        clerk.overview()
    with pytest.raises(Problem) as unknown:
        world.fault("stat")
    assert unknown.value.code == "unknown_fault"
    assert "status" in unknown.value.raw["nearest"]


def test_the_journal_is_held_against_what_was_expected(world: World) -> None:
    clerk = world.account()
    clerk.file().declare()
    declared = {"method": "POST", "path": "/filings/*/declare"}
    assert world.verify(**declared, status=200) == 1  # type: ignore[arg-type]
    assert world.verify(**declared, exactly=1, account="cardless") == 1  # type: ignore[arg-type]
    assert world.verify(**declared, status=422, at_most=0) == 0  # type: ignore[arg-type]
    with pytest.raises(Mismatch, match=r"0 found, at_least 1\n  POST /api/v1/filings/F\w+/declare 200  differs: "):
        world.verify(**declared, status=422)  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match="1 found, exactly 2"):
        world.verify(method="POST", path="/filings", exactly=2)
    assert [one["path"].rsplit("/", 1)[-1] for one in world.journal(method="POST")] == ["declare", "filings"]
    filing = clerk.filings(status="declared", kind="registration")[0]
    assert [one["status"] for one in world.journal(filing=filing, status=200)] == [200]


def test_coverage_is_told_of_one_world_and_of_several(sw: SingleWindow, world: World) -> None:
    world.account().file().declare().until("approved")
    states = {part["part"]: part["met"] for part in world.coverage()["parts"]}
    with sw.world() as other:
        whole = sw.coverage([world, other.id])
        assert {part["part"]: part["met"] for part in whole["parts"]} == states
        assert whole["sandboxes"] == [world.id, other.id]
        assert sw.coverage([world, other], format="junit").startswith("<?xml")
    assert "<html" in world.coverage("html")


def test_webhooks_are_subscribed_and_their_deliveries_told(world: World) -> None:
    secret = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNk"
    made = world.subscribe("http://127.0.0.1:9/hook", events=["filing.declared"], secret=secret)
    assert (made["secret"], made["events"]) == (secret, ["filing.declared"])
    world.account().file().declare()
    world.advance("PT1S")
    assert [(one["event"], one["webhook"]) for one in world.deliveries()] == [("filing.declared", made["id"])]


# ── problems, spelling, signing ───────────────────────────────────────────────────────────────────────────────────


def test_a_refusal_tells_everything_at_once(world: World) -> None:
    with pytest.raises(Problem) as refused:
        world.account().file(world.sample("registration", express_operator=True, postcode="5180481", colour="red"))
    problem = refused.value
    assert (problem.status, problem.request_id != "", problem.raw["instance"]) == (422, True, "/api/v1/filings")
    told = {error["pointer"]: error for error in problem.errors}
    assert set(told) == {"/content/express_operator", "/content/postcode", "/content/colour"}
    assert told["/content/express_operator"]["faq"] == "2.19"
    assert f"  /content/postcode  {told['/content/postcode']['code']}: " in str(problem)
    again = pickle.loads(pickle.dumps(problem))
    assert (again.code, again.errors, str(again)) == (problem.code, problem.errors, str(problem))


def test_a_documented_refusal_names_its_entry_and_the_way_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    filing = world.account("card", card=True).file(kind="change").declare()
    with pytest.raises(Problem) as refused:
        world.account("card").filing(filing.id).receipts()
    problem = refused.value
    assert (problem.status, problem.code) == (403, "card_login_required")
    assert (problem.faq, problem.provenance) == ("1.5", "documented")
    assert str(problem).startswith("403 card_login_required: ")
    assert str(problem).endswith(f"(FAQ 1.5)\n  Remedy: {problem.remedy}")
    monkeypatch.setenv("SWSIM_LANG", "zh_CN.UTF-8")
    assert f"办法: {problem.remedy}" in str(problem)


def test_values_are_spelt_as_the_contract_spells_them() -> None:
    moment = datetime(2021, 12, 1, 9, tzinfo=UTC)
    assert (instant(moment), instant(datetime(2021, 12, 1))) == (
        "2021-12-01T09:00:00+00:00",
        "2021-12-01T00:00:00+08:00",
    )
    assert (duration(timedelta(days=1, seconds=90)), duration(timedelta(milliseconds=1500))) == (
        "P1DT90S",
        "P0DT1.500000S",
    )
    body = {"a": date(2021, 1, 2), "b": Decimal("500.00"), "c": timedelta(hours=1), "d": "中"}
    assert json.loads(as_json(body)) == {"a": "2021-01-02", "b": "500.00", "c": "P0DT3600S", "d": "中"}
    with pytest.raises(TypeError, match="set has no place in a body"):
        as_json({"a": {1}})
    changed = merged({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": None}, "d": [4], "e": {"f": 5}})
    assert changed == {"a": {"c": 2}, "d": [4], "e": {"f": 5}}


def test_only_a_cards_key_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    other = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with pytest.raises(ValueError, match="an EC key"):
        sign_challenge(other, "random")
    monkeypatch.setitem(__import__("sys").modules, "cryptography.hazmat.primitives.asymmetric.ec", None)
    with pytest.raises(ImportError, match=r"pip install swsim\[card\]"):
        sign_challenge(other, "random")


@pytest.mark.parametrize(
    ("environ", "is_chinese"),
    [
        ({"LC_ALL": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_TW.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8", "SWSIM_LANG": "zh"}, True),
        ({"LANG": "zh_CN.UTF-8", "SWSIM_LANG": "en"}, False),
    ],
)
def test_the_kit_speaks_the_language_of_the_place(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], is_chinese: bool
) -> None:
    for name in ("SWSIM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert words.say("yes", "是") == ("是" if is_chinese else "yes")


@pytest.mark.parametrize(("system", "word"), [("Chinese (Simplified)_China", "是"), ("English_United States", "yes")])
def test_where_no_variable_says_it_the_system_does(monkeypatch: pytest.MonkeyPatch, system: str, word: str) -> None:
    for name in ("SWSIM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(words.locale, "getlocale", lambda: (system, "936"))
    assert words.say("yes", "是") == word
