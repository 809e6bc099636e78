"""查询, the mailbox, contacts with desks, code tables, the FAQ."""

import json
from datetime import datetime

import pytest

from filings.rules import faq
from filings.rules.codes import TABLES
from tests.api.client import Answer, Caller, World

# ── receipts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def keys(told: object) -> set[str]:
    """Every key anywhere in an answer."""
    if isinstance(told, dict):
        return set(told) | {key for value in told.values() for key in keys(value)}
    return {key for value in told for key in keys(value)} if isinstance(told, list) else set()


def inbox(world: World, query: str = "") -> list[str]:
    return [row["status"] for row in world.caller().get(f"/receipts{query}").ok(200)["results"]]


def test_every_step_of_the_authorities_leaves_a_receipt_in_order(world: World) -> None:
    filing = world.declared(scenario="approve")
    world.advance(until="idle")
    receipts = world.caller().get(f"/filings/{filing}/receipts").ok(200)["results"]
    assert [(row["status"], row["status_label"], row["at"][8:16]) for row in receipts] == [
        ("sent", "成功发往海关", "01T09:01"),
        ("stored", "海关入库成功", "01T09:10"),
        ("manual_review", "转人工审核", "01T10:00"),
        ("approved", "审批通过", "02T09:00"),
    ]
    assert world.caller().get("/receipts")["results"] == receipts
    assert {row["filing"] for row in receipts} == {filing}
    assert all(row["simulated"] for row in receipts)


def test_a_receipt_stays_in_the_mailbox_until_it_is_acknowledged_and_once_is_enough(world: World) -> None:
    filing, mine = world.declared(), world.caller()
    world.act(filing, "advance", to="stored").ok(200)
    assert inbox(world) == inbox(world) == ["sent", "stored"]
    first = mine.get("/receipts")["results"][0]["id"]
    acknowledged = mine.post(f"/receipts/{first}/acknowledge").ok(200)
    assert acknowledged["acknowledged_at"] == "2021-12-01T09:00:00+08:00"
    assert inbox(world) == ["stored"]
    world.wait(hours=1)
    assert mine.post(f"/receipts/{first}/acknowledge").ok(200).json == acknowledged.json
    world.act(filing, "route_manual").ok(200)
    assert inbox(world) == ["stored", "manual_review"]
    assert len(mine.get(f"/filings/{filing}/receipts")["results"]) == 3


def test_the_mailbox_can_be_read_after_a_receipt_without_acknowledging(world: World) -> None:
    filing, mine = world.declared(), world.caller()
    world.act(filing, "advance", to="approved").ok(200)
    first, *_ = mine.get("/receipts")["results"]
    assert inbox(world, f"?after={first['id']}") == ["stored", "manual_review", "approved"]
    mine.post(f"/receipts/{first['id']}/acknowledge").ok(200)
    assert inbox(world, f"?after={first['id']}&limit=2") == ["stored", "manual_review"]
    for wrong in ("R999999", "x", "%00", "'"):
        mine.get(f"/receipts?after={wrong}").refused(400, "unknown_parameter")


def test_a_strangers_receipt_is_not_there(world: World) -> None:
    filing = world.declared()
    world.act(filing, "send").ok(200)
    receipt = world.caller().get("/receipts")["results"][0]["id"]
    stranger = world.caller("card")
    stranger.post(f"/receipts/{receipt}/acknowledge").refused(404, "not_found")
    stranger.get(f"/receipts?after={receipt}").refused(400, "unknown_parameter")
    assert stranger.get("/receipts")["results"] == []
    assert inbox(world) == ["sent"]


@pytest.mark.faq("2.6")
@pytest.mark.parametrize("medium", ["password", "card"])
def test_why_a_registration_was_refused_is_in_no_answer_an_enterprise_gets(medium: str, world: World) -> None:
    agents = world.caller("agent", medium)
    body = {
        "kind": "registration",
        "filing_mode": "agent",
        "principal": world.accounts["cardless"]["uscc"],
        "content": world.sheet(),
    }
    filing = agents.post("/filings", body).ok(201)["id"]
    agents.post(f"/filings/{filing}/declare", X_Sim_Scenario="by_hand").ok(200)
    told = {"reason_code": "address_mismatch", "public_comment": "CANARY-PUBLIC", "internal_comment": "CANARY-INSIDE"}
    world.act(filing, "advance", to="rejected", **told).ok(200)
    paths = ["", "/timeline", "/receipts", "/transmitted", "/attachments"]
    addresses = [f"/filings/{filing}{path}" for path in paths] + [
        "/filings",
        "/receipts",
        "/enquiries/overview",
        "/enquiries/filings",
        "/enterprise",
        "/tickets",
    ]
    copied = agents.post(f"/filings/{filing}/copy").ok(201)
    receipt = agents.get("/receipts")["results"][-1]["id"]
    answers = [agents.get(address).ok(200) for address in addresses] + [
        copied,
        agents.post(f"/receipts/{receipt}/acknowledge").ok(200),
    ]
    for answer in answers:
        assert b"CANARY" not in answer.body
        assert b"address_mismatch" not in answer.body
        assert not keys(answer.json) & {"reason", "reason_code", "public_comment", "internal_comment"}
    rejected = next(row for row in agents.get(f"/filings/{filing}/receipts")["results"] if row["status"] == "rejected")
    assert "reason" not in rejected


@pytest.mark.faq("2.6")
def test_customs_tells_the_reason_to_whoever_asks_there(world: World) -> None:
    filing, mine = world.declared(), world.caller()
    world.act(filing, "advance", to="rejected", reason_code="address_mismatch", internal_comment="CANARY-INSIDE").ok(
        200
    )
    asked = {
        desk: mine.post("/tickets", {"desk": desk, "topic": "reason", "filing": filing}).ok(201)["id"]
        for desk in ("platform", "customs")
    }
    world.wait(minutes=30)
    assert mine.get(f"/tickets/{asked['platform']}")["outcome"] == "other_desk"
    told = mine.get(f"/tickets/{asked['customs']}")
    assert (told["outcome"], told["answer"]) == ("told", "工商注册地址与营业执照登记的住所不一致")
    assert b"CANARY" not in told.body


# ── tickets ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_comes_on_the_sandboxs_clock_at_its_moment(world: World) -> None:
    mine = world.caller()
    asked = mine.post("/tickets", {"desk": "customs", "topic": "sync", "text": "请同步"}).ok(201)
    assert (asked["status"], asked["answered_at"], asked["answer"], asked["outcome"]) == ("open", None, None, None)
    assert asked.headers["Location"] == f"/api/v1/tickets/{asked['id']}"
    world.wait(minutes=29, seconds=59)
    assert mine.get(f"/tickets/{asked['id']}")["status"] == "open"
    world.wait(hours=5)
    answered = mine.get(f"/tickets/{asked['id']}").ok(200)
    assert (answered["status"], answered["answered_at"], answered["outcome"]) == (
        "answered",
        "2021-12-01T09:30:00+08:00",
        "not_registered",
    )
    assert answered["text"] == "请同步"


def test_the_same_question_while_it_is_open_is_the_first_one(world: World) -> None:
    mine, question = world.caller(), {"desk": "customs", "topic": "sync"}
    first = mine.post("/tickets", question).ok(201)["id"]
    assert mine.post("/tickets", question).refused(409, "duplicate_ticket")["ticket"] == first
    mine.post("/tickets", {**question, "topic": "status"}).ok(201)
    mine.post("/tickets", {**question, "desk": "platform"}).ok(201)
    world.caller("card").post("/tickets", question).ok(201)
    world.wait(hours=1)
    mine.post("/tickets", question).ok(201)


def test_a_question_is_seen_by_the_enterprise_that_asked_only(world: World) -> None:
    ticket = world.caller().post("/tickets", {"desk": "customs", "topic": "sync"}).ok(201)["id"]
    assert world.caller("card").get("/tickets")["results"] == []
    world.caller("card").get(f"/tickets/{ticket}").refused(404, "not_found")
    world.caller("card").post("/tickets", {"desk": "customs", "topic": "status", "filing": world.draft()}).refused(
        404, "not_found"
    )


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"/desk": "required", "/topic": "required"}),
        ({"desk": "police", "topic": "weather"}, {"/desk": "unknown_code", "/topic": "unknown_code"}),
        ({"desk": "customs", "topic": "status", "text": "长" * 501}, {"/text": "max_length"}),
        ({"desk": "customs", "topic": "status", "urgent": True}, {"/urgent": "unknown_field"}),
    ],
)
def test_a_question_is_judged_field_by_field(body: dict, errors: dict[str, str], world: World) -> None:
    answer = world.caller().post("/tickets", body)
    assert (answer.status, answer.errors) == (422, errors)


# ── the enterprise ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_enterprise_shows_what_the_single_window_knows(world: World) -> None:
    before = world.caller().get("/enterprise").ok(200)
    assert (before["registered"], before["standing"], before["standing_label"]) == (
        False,
        "not_registered",
        "企业未注册成功",
    )
    assert (
        before["categories"],
        before["qualifications"],
        before["capabilities"]["print_certificate"],
        before["synced_at"],
    ) == (
        [],
        [],
        False,
        None,
    )
    world.declared(scenario="approve")
    world.advance(until="idle")
    after = world.caller().get("/enterprise").ok(200)
    assert (after["registered"], after["standing"], after["standing_label"]) == (True, "normal", "正常")
    assert (after["categories"], after["registered_on"], after["valid_until"]) == (["10000000"], "2021-12-02", None)
    assert after["synced_at"] == "2021-12-02T09:00:00+08:00"
    assert after["capabilities"]["print_certificate"] is True
    world.caller("personal").get("/enterprise").refused(403, "not_enterprise_user")


def test_every_approved_enterprise_of_a_standard_world_stands_normal(world: World) -> None:
    for role in world.accounts:
        if role not in ("cardless", "personal"):
            shown = world.caller(role).get("/enterprise").ok(200)
            assert shown["standing"] == "normal"
            assert shown["categories"] == ([role.partition(":")[2]] if ":" in role else shown["categories"])
            assert shown["capabilities"]["print_certificate"] is (role != "category:00010000")


# ── code tables, FAQ, version ─────────────────────────────────────────────────────────────────────────────────────


def test_the_code_tables_are_listed_and_each_can_be_read(anyone: Caller) -> None:
    names = [row["name"] for row in anyone.get("/codes").ok(200)["results"]]
    assert names == list(TABLES)
    for name in names:
        answer = anyone.get(f"/codes/{name}?limit=3").ok(200)
        if name != "customs_offices":
            assert [row["code"] for row in answer["results"]] == [row.code for row in TABLES[name].rows[:3]]
    anyone.get("/codes/nothing").refused(404, "not_found")


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("divisions?q=440304", "440304"),
        ("divisions?q=福田", "440304"),
        ("divisions?q=４４０３０４", "440304"),
        ("currencies?q=usd", "USD"),
        ("countries?q=中国香港", "HKG"),
        ("currencies?q=人民币", "CNY"),
    ],
)
def test_rows_are_found_by_the_beginning_of_the_code_or_by_name(query: str, first: str, anyone: Caller) -> None:
    assert anyone.get(f"/codes/{query}").ok(200)["results"][0]["code"] == first


@pytest.mark.parametrize("query", ["limit=0", "limit=5001", "limit=x", "page=2", "division2=1"])
def test_a_code_table_refuses_what_it_does_not_understand(query: str, anyone: Caller) -> None:
    anyone.get(f"/codes/divisions?{query}").refused(400, "unknown_parameter")


def test_a_code_table_is_read_page_by_page_forwards_and_back_and_whole_if_so_asked(anyone: Caller) -> None:
    def follow(url: str | None) -> Answer:
        assert url is not None
        return anyone.get(url.partition("/api/v1")[2]).ok(200)

    whole = anyone.get("/codes/divisions?limit=5000").ok(200)
    assert (whole["next"], whole["previous"]) == (None, None)
    pages = [anyone.get("/codes/divisions?limit=1100").ok(200)]
    while pages[-1]["next"]:
        pages.append(follow(pages[-1]["next"]))
    assert [row for page in pages for row in page["results"]] == whole["results"]
    assert [len(page["results"]) for page in pages] == [1100, 1100, 1100, len(whole["results"]) - 3300]
    assert pages[0]["previous"] is None
    back = follow(pages[2]["previous"])
    assert back["results"] == pages[1]["results"]
    assert follow(back["previous"])["results"] == pages[0]["results"]
    beyond = anyone.get("/codes/divisions?cursor=after-999999").ok(200)
    assert (beyond["results"], beyond["next"], beyond["previous"]) == ([], None, None)


def test_a_page_of_a_search_leads_to_the_next_page_of_the_same_search(anyone: Caller) -> None:
    first = anyone.get("/codes/customs_offices?division=440304&limit=1").ok(200)
    assert [row["code"] for row in first["results"]] == ["5355"]
    second = anyone.get(first["next"].partition("/api/v1")[2]).ok(200)
    assert [row["code"] for row in second["results"]] != ["5355"]
    assert anyone.get(second["previous"].partition("/api/v1")[2]).ok(200)["results"] == first["results"]


def test_the_thirty_entries_are_given_verbatim_and_never_cut(anyone: Caller) -> None:
    rows = anyone.get("/faq").ok(200)["results"]
    assert [row["id"] for row in rows] == list(faq.ENTRIES)
    for row, entry in zip(rows, faq.ENTRIES.values(), strict=True):
        assert (row["part"], row["question"], row["answer"], row["validity"]) == (
            entry.part,
            entry.question,
            entry.answer,
            entry.validity,
        )
        assert anyone.get(f"/faq/{row['id']}").ok(200).json == row
    anyone.get("/faq?limit=3").refused(400, "unknown_parameter")
    assert "信息再经营者备案系统" in anyone.get("/faq/2.9")["question"]


def test_the_version_says_that_it_is_a_simulator_and_by_which_rules(anyone: Caller) -> None:
    told = anyone.get("/version").ok(200)
    assert (told["simulated"], told["rules_version"]) == (True, "深圳FAQ-2021")


@pytest.mark.django_db(databases="__all__")
def test_what_is_open_is_open_without_a_token_and_with_a_wrong_one(anyone: Caller) -> None:
    def told(answer: Answer) -> object:
        return json.loads(answer.body)

    for path in ("/faq", "/codes", "/version", "/schema"):
        assert told(anyone.get(path).ok(200)) == told(anyone.get(path, "tok_wrong").ok(200))
    for path in ("/healthz", "/readyz"):
        assert Caller("").get(path).ok(200)["status"] == "ok"


def test_a_clock_that_runs_delivers_what_is_due_when_somebody_looks(db: None) -> None:
    world = World(clock={"mode": "scaled", "rate": 100_000}, scenario="approve; pace=fast")
    filing = world.declare().ok(200)
    for _ in range(200):
        read = world.caller().get(f"/filings/{filing['id']}").ok(200)
        if read["status"] == "approved":
            break
    assert read["status"] == "approved"
    waited = datetime.fromisoformat(read["status_since"]) - datetime.fromisoformat(read["declared_at"])
    assert waited.total_seconds() == 60


def test_a_business_type_is_one_of_the_three(world: World) -> None:
    for wrong in ("", "企业", "registration"):
        world.caller().get(f"/enquiries/filings?business_type={wrong}").refused(400, "unknown_parameter")
