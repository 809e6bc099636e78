"""Filings over HTTP: how they read, how a draft is written, what is attached, what customs receive."""

import hashlib
import json
from typing import Any
from urllib.parse import unquote

import pytest

from filings.rules.sheets.registration import Registration
from tests.api.client import JPG, PDF, PNG, World, reference

READS = {
    "id",
    "number",
    "kind",
    "kind_label",
    "filing_mode",
    "status",
    "status_label",
    "stage",
    "version",
    "enterprise",
    "agent",
    "content",
    "warnings",
    "advice",
    "actions",
    "created_at",
    "declared_at",
    "status_since",
    "copied_from",
    "client_reference",
}


def made(world: World, **content: Any) -> Any:
    return world.caller().post("/filings", {"kind": "registration", "content": content})


def content_of(world: World, filing: str) -> dict[str, Any]:
    return world.caller().get(f"/filings/{filing}").ok(200)["content"]


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_filing_reads_as_the_contract_says_from_the_first_moment(world: World) -> None:
    draft = made(world, **reference()).ok(201)
    assert draft.json.keys() == READS
    assert (draft["kind_label"], draft["status_label"], draft["stage"], draft["version"]) == (
        "注册登记申请",
        "暂存",
        "not_submitted",
        1,
    )
    assert (draft["declared_at"], draft["agent"], draft["copied_from"]) == (None, None, None)
    assert draft["number"].startswith("SIM20211201")
    assert len(draft["number"]) == 18
    assert (
        world.caller().get(f"/filings/{draft['id']}").json == draft.json == world.caller().get("/filings")["results"][0]
    )


def test_the_content_has_every_place_of_the_sheet_filled_or_not(world: World) -> None:
    content = made(world).ok(201)["content"]
    assert content.keys() == Registration.items.keys()
    assert content["legal_representative"] == dict.fromkeys(
        ("name", "id_type", "id_number", "phone", "mobile", "email")
    )
    assert (content["investors"], content["cross_border_types"], content["express_operator"]) == ([], [], False)
    assert content["uscc"] == world.accounts["cardless"]["uscc"]


def test_what_may_be_done_with_it_is_told_in_each_status(world: World) -> None:
    filing, mine = world.draft(), world.caller()
    assert mine.get(f"/filings/{filing}")["actions"] == ["save", "delete", "declare"]
    world.bring(filing, "sent")
    assert mine.get(f"/filings/{filing}")["actions"] == ["copy"]


def test_ids_are_the_sandboxs_own_and_tell_no_primary_key(world: World, other_world: World) -> None:
    assert world.draft() == other_world.draft()
    assert made(world)["number"] == made(other_world)["number"]


def test_the_timeline_tells_each_change_of_status_once_with_who_made_it(world: World) -> None:
    filing = world.declared(scenario="reject; reason=address_mismatch")
    world.caller().get(f"/filings/{filing}")
    world.advance(until="idle")
    steps = world.caller().get(f"/filings/{filing}/timeline").ok(200)["results"]
    assert [(step["seq"], step["from"], step["to"], step["label"], step["by"]) for step in steps] == [
        (1, None, "draft", "暂存", "申请人"),
        (2, "draft", "declared", "已申报", "申请人"),
        (3, "declared", "sent", "成功发往海关", "单一窗口"),
        (4, "sent", "stored", "海关入库成功", "海关"),
        (5, "stored", "manual_review", "转人工审核", "海关"),
        (6, "manual_review", "rejected", "审批不通过", "海关"),
    ]
    assert [step["at"][8:16] for step in steps] == [
        "01T09:00",
        "01T09:00",
        "01T09:01",
        "01T09:10",
        "01T10:00",
        "02T09:00",
    ]


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "kind", ["application/json", "application/merge-patch+json", "application/json; charset=utf-8"]
)
def test_a_patch_merges_null_deletes_groups_merge_rows_are_replaced(kind: str, world: World) -> None:
    draft = world.draft(declarants=[{"name": "甲"}, {"name": "乙"}])
    patch = {
        "remarks": "新",
        "name_en": None,
        "legal_representative": {"email": None, "phone": "0755-83160001"},
        "finance_manager": None,
        "declarants": [{"name": "丙"}],
        "customs_manager": {},
    }
    saved = (
        world.caller()
        .call("PATCH", f"/filings/{draft}", json.dumps({"content": patch}).encode(), content_type=kind)
        .ok(200)["content"]
    )
    person = reference()["legal_representative"]
    assert (saved["remarks"], saved["name_en"]) == ("新", None)
    assert saved["legal_representative"] == {**person, "email": None, "phone": "0755-83160001"}
    assert set(saved["finance_manager"].values()) == {None}
    assert saved["customs_manager"] == person
    assert [row["name"] for row in saved["declarants"]] == ["丙"]
    assert saved["address_cn"] == reference()["address_cn"]
    assert content_of(world, draft) == saved


def test_other_media_types_are_no_patch(world: World) -> None:
    for kind in ("application/json-patch+json", "text/json"):
        world.caller().call("PATCH", f"/filings/{world.draft()}", b'{"content": {}}', content_type=kind).refused(
            415, "unsupported_media_type"
        )


def test_what_was_read_may_be_sent_back_as_it_is(world: World) -> None:
    draft = world.draft()
    before = content_of(world, draft)
    assert world.caller().patch(f"/filings/{draft}", {"content": before}).ok(200)["content"] == before
    assert world.declare(draft).ok(200)["content"] == before


def test_a_field_set_back_to_nothing_has_its_default_again(world: World) -> None:
    saved = (
        world.caller()
        .patch(f"/filings/{world.draft()}", {"content": {"express_operator": None, "filing_scope": None}})
        .ok(200)
    )
    assert (saved["content"]["express_operator"], saved["content"]["filing_scope"]) == (
        False,
        ["customs", "inspection"],
    )


def test_a_refused_patch_leaves_everything_as_it_was(world: World) -> None:
    draft = world.draft()
    before = world.caller().get(f"/filings/{draft}").json
    answer = world.caller().patch(
        f"/filings/{draft}", {"content": {"remarks": "good", "category": "bad", "industry": 5199}}
    )
    assert answer.errors == {"/content/category": "unknown_code", "/content/industry": "type_mismatch"}
    assert world.caller().get(f"/filings/{draft}").json == before


@pytest.mark.parametrize(
    "body", [{}, {"content": None}, {"content": []}, {"content": "x"}, {"content": {}, "kind": "registration"}]
)
def test_a_patch_is_content_and_nothing_else(body: dict[str, Any], world: World) -> None:
    assert world.caller().patch(f"/filings/{world.draft()}", body).status == 422


@pytest.mark.parametrize(
    ("content", "errors"),
    [
        ({"legal_representative": []}, {"/content/legal_representative": "type_mismatch"}),
        (
            {"legal_representative": {"name": 1, "age": 2}},
            {
                "/content/legal_representative/name": "type_mismatch",
                "/content/legal_representative/age": "unknown_field",
            },
        ),
        ({"investors": {}}, {"/content/investors": "type_mismatch"}),
        ({"investors": [1]}, {"/content/investors": "type_mismatch"}),
        ({"investors": [{"amount": 500}]}, {"/content/investors/0/amount": "type_mismatch"}),
        (
            {"investors": [{"amount": "1.2345678"}, {"amount": "-1"}]},
            {"/content/investors/0/amount": "invalid", "/content/investors/1/amount": "invalid"},
        ),
        ({"investors": [{}] * 51}, {"/content/investors": "too_many_rows"}),
        ({"established_on": "2021-02-29"}, {"/content/established_on": "invalid"}),
        ({"established_on": "2021/02/01"}, {"/content/established_on": "invalid"}),
        ({"registered_capital": 500.0}, {"/content/registered_capital": "type_mismatch"}),
        ({"cross_border_types": ["物流企业", "x"]}, {"/content/cross_border_types": "unknown_code"}),
        ({"name_cn": "长" * 101}, {"/content/name_cn": "max_length"}),
        ({"uscc": "91440399MAMK000217"}, {"/content/uscc": "uscc_mismatch"}),
        ({"uscc": "91440399MAMK00021X"}, {"/content/uscc": "uscc_invalid"}),
        ({"customs_code": "4403160001"}, {"/content/customs_code": "field_readonly"}),
        ({"investors": [{"name": "甲", "amount_usd": "1.00"}]}, {"/content/investors/0/amount_usd": "field_readonly"}),
    ],
)
def test_a_draft_judges_types_lengths_codes_and_grey_fields(
    content: dict[str, Any], errors: dict[str, str], world: World
) -> None:
    answer = made(world, **content)
    assert (answer.status, answer.errors) == (422, errors)


def test_a_draft_forgives_absence_and_what_only_declaring_judges(world: World) -> None:
    for content in (
        {},
        {"postcode": "1"},
        {"legal_representative": {"id_number": "1"}},
        {"established_on": "2099-01-01"},
        {"industry": "abc"},
    ):
        made(world, **content).ok(201)


def test_declaring_tells_every_fault_at_once(world: World) -> None:
    draft = world.draft(
        postcode="12",
        industry="abcd",
        established_on="2099-01-01",
        investors=None,
        name_en=None,
        legal_representative={
            **reference()["legal_representative"],
            "id_number": "110101189001010017",
            "mobile": "123",
        },
        finance_manager=None,
    )
    answer = world.declare(draft).refused(422, "invalid_content")
    assert (
        answer.errors.items()
        >= {
            "/content/postcode": "postcode_invalid",
            "/content/industry": "industry_invalid",
            "/content/established_on": "established_in_future",
            "/content/investors": "required",
            "/content/name_en": "required",
            "/content/legal_representative/id_number": "id_number_invalid",
            "/content/legal_representative/mobile": "mobile_invalid",
            "/content/finance_manager/name": "required",
        }.items()
    )
    assert len(answer.errors) == len(answer["errors"])
    assert all(error["detail"] for error in answer["errors"])
    assert world.caller().get(f"/filings/{draft}")["status"] == "draft"


def test_of_a_grey_field_the_value_it_has_is_no_change(world: World) -> None:
    draft = world.draft()
    grey = {
        "customs_code": None,
        "inspection_number": None,
        "express_operator": False,
        "filing_scope": ["customs", "inspection"],
        "investors": [{**reference()["investors"][0], "amount_usd": None}],
    }
    assert world.caller().patch(f"/filings/{draft}", {"content": grey}).ok(200)["changes"] == []


def test_a_copy_has_the_content_and_a_link_and_nothing_of_the_past(world: World) -> None:
    filing = world.draft(remarks="原")
    world.caller().upload(filing).ok(201)
    world.bring(filing, "rejected")
    copied = world.caller().post(f"/filings/{filing}/copy").ok(201)
    assert (copied["status"], copied["copied_from"], copied["version"], copied["declared_at"]) == (
        "draft",
        filing,
        1,
        None,
    )
    assert copied["content"] == content_of(world, filing)
    assert world.caller().get(f"/filings/{copied['id']}/attachments")["results"] == []
    assert world.declare(copied["id"]).ok(200)["status"] == "declared"


def test_one_filing_of_an_enterprise_is_on_its_way_at_a_time(world: World) -> None:
    first = world.declared()
    refused = world.declare(world.draft()).refused(409, "open_application_exists")
    assert refused["filing"] == first
    world.act(first, "advance", to="rejected").ok(200)
    world.declare().ok(200)


def test_whoever_is_registered_need_not_register_again(world: World) -> None:
    filing = world.declared(scenario="approve; pace=fast")
    world.advance(until="idle")
    assert world.caller().get(f"/filings/{filing}")["status"] == "approved"
    world.declare().refused(409, "already_registered_at_customs")
    world.declare(role="card").refused(409, "already_registered_at_customs")


def test_an_agent_names_its_principal_and_needs_a_mandate(world: World) -> None:
    broker, principal = world.caller("agent"), world.accounts["cardless"]["uscc"]
    body = {"kind": "registration", "filing_mode": "agent", "principal": principal, "content": world.sheet()}
    filing = broker.post("/filings", body).ok(201)
    assert (filing["filing_mode"], filing["enterprise"]["uscc"], filing["agent"]["uscc"]) == (
        "agent",
        principal,
        world.accounts["agent"]["uscc"],
    )
    for principal in (world.accounts["card"]["uscc"], "91440399MAMK0999XX"):
        refused = broker.post("/filings", {**body, "principal": principal}).refused(403, "mandate_required")
        assert (refused.errors, refused["faq"]) == ({"/principal": "mandate_required"}, "1.7")
    own = broker.post("/filings", {**body, "principal": world.accounts["agent"]["uscc"]}).refused(
        422, "agent_is_principal"
    )
    assert own.errors == {"/principal": "agent_is_principal"}
    assert broker.post("/filings", {**body, "principal": None}).errors == {"/principal": "required"}
    # what is wrong with the sheet whoever it is for is told in the same breath
    unread = {**body, "principal": None, "content": world.sheet(postcode=7, customs_code="4403160001")}
    assert broker.post("/filings", unread).errors == {"/principal": "required", "/content/postcode": "type_mismatch"}
    assert broker.post("/filings", {**body, "filing_mode": "self"}).errors == {
        "/principal": "not_allowed",
        "/content/uscc": "uscc_mismatch",
    }
    assert broker.post(f"/filings/{filing['id']}/declare").ok(200)["status"] == "declared"


# ── forms ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_form_tells_every_field_in_the_order_of_the_screen(world: World) -> None:
    assert world.caller().get("/forms").ok(200)["results"] == [
        {"kind": "registration", "label": "注册登记申请"},
        {"kind": "change", "label": "注册信息变更申请"},
        {"kind": "deregistration", "label": "注销申请"},
        {"kind": "mofcom_change", "label": "商务部变更申请"},
    ]
    form = world.caller().get("/forms/registration").ok(200)
    names = [field["name"] for group in form["groups"] for field in group["fields"]]
    assert sorted(names) == sorted(name for name, _ in Registration.walk())
    told = {field["name"]: field for group in form["groups"] for field in group["fields"]}
    assert told["customs_office"]["code_table"] == "customs_offices"
    assert told["parent_relation"]["required_when"] == "该草稿的页面把“与上级单位关系”显示为必填（页面异常）"
    assert (told["investors.*.amount_usd"]["locked_when"], told["investors.*.amount_usd"]["faq"]) == (
        "由海关审核后返回，无法在“单一窗口”修改",
        "2.16",
    )
    assert told["uscc"]["provenance"] == "public"


def test_the_state_names_every_place_groups_dotted_and_rows_numbered(world: World) -> None:
    content = {"investors": [{"name": "甲"}, {"name": "乙"}], "category": "00000100"}
    state = world.caller().post("/forms/registration/state", {"content": content}).ok(200)
    fields = state["fields"]
    assert {"investors.0.amount", "investors.1.amount", "legal_representative.name"} <= fields.keys()
    assert fields["investors.1.name"]["value"] == "乙"
    assert (fields["investors.0.amount"]["shade"], fields["investors.0.amount_usd"]["shade"]) == (
        "required",
        "readonly",
    )
    assert (fields["name_en"]["shade"], fields["uscc"]["shade"]) == ("optional", "optional")
    assert {error["pointer"] for error in state["errors"]} >= {"/content/investors/0/amount", "/content/name_cn"}
    assert "/content/name_en" not in {error["pointer"] for error in state["errors"]}
    for field in fields.values():
        assert (field["editable"], field["required"]) == (field["shade"] != "readonly", field["shade"] == "required")


def test_the_state_of_a_draft_lays_what_is_typed_over_what_is_kept_and_keeps_nothing(world: World) -> None:
    draft = world.draft(remarks="旧")
    before = world.caller().get(f"/filings/{draft}").json
    state = world.caller().post("/forms/registration/state", {"filing": draft, "content": {"name_en": "NEW"}}).ok(200)
    assert (state["fields"]["name_en"]["value"], state["fields"]["remarks"]["value"], state["errors"]) == (
        "NEW",
        "旧",
        [],
    )
    assert world.caller().get(f"/filings/{draft}").json == before
    world.caller("card").post("/forms/registration/state", {"filing": draft, "content": {}}).refused(404, "not_found")


def test_the_reference_registration_has_no_error_and_says_that_its_form_is_missing(world: World) -> None:
    state = world.caller().post("/forms/registration/state", {"content": reference()}).ok(200)
    assert state["errors"] == []
    assert [(one["pointer"], one["code"], one["provenance"]) for one in state["warnings"]] == [
        ("/attachments", "record_form_missing", "ours")
    ]


# ── attachments ───────────────────────────────────────────────────────────────────────────────────────────────────

FORMATS = {
    "a.pdf": (PDF, "application/pdf"),
    "a.PDF": (PDF, "application/pdf"),
    "a.jpg": (JPG, "image/jpeg"),
    "a.jpeg": (JPG, "image/jpeg"),
    "a.png": (PNG, "image/png"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_pdf_jpg_and_png_are_taken_and_come_back_as_a_download_no_browser_runs(name: str, world: World) -> None:
    draft, (body, kind), mine = world.draft(), FORMATS[name], world.caller()
    kept = mine.upload(draft, body, name, type="licence").ok(201)
    assert (kept["n"], kept["type"], kept["type_label"], kept["filename"], kept["content_type"]) == (
        1,
        "licence",
        "营业执照",
        name,
        kind,
    )
    assert (kept["size"], kept["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
    assert mine.get(f"/filings/{draft}/attachments").ok(200)["results"] == [kept.json]
    loaded = mine.get(f"/filings/{draft}/attachments/1").ok(200)
    assert (loaded.body, loaded.headers["Content-Type"]) == (body, kind)
    assert loaded.headers["Content-Disposition"].startswith("attachment")
    assert (loaded.headers["X-Content-Type-Options"], "sandbox" in loaded.headers["Content-Security-Policy"]) == (
        "nosniff",
        True,
    )


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.exe", PDF),
        ("a.pdf.html", PDF),
        ("a.svg", b"<svg onload='x'/>"),
        ("a", PDF),
        (".pdf ", b"MZ"),
        ("a.pdf", PNG),
        ("a.png", PDF),
        ("a.jpg", b"GIF89a"),
        ("a.pdf", b""),
        ("a.pdf", b" %PDF-1.4"),
        ("a.docx", b"PK\x03\x04"),
        ("a.html", b"<html>"),
        ("pdf", PDF),
        ("a.pdf\x00.exe", PDF),
        ("\u202efdp.exe", PDF),
    ],
)
def test_what_is_not_one_of_them_by_name_and_by_content_is_refused(name: str, body: bytes, world: World) -> None:
    draft, mine = world.draft(), world.caller()
    refused = mine.upload(draft, body, name)
    assert (refused.status, refused["code"]) in ((415, "attachment_type_not_allowed"), (422, "required"))
    assert mine.get(f"/filings/{draft}/attachments")["results"] == []
    assert mine.get(f"/filings/{draft}")["version"] == 1


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\temp\\表.pdf", "表.pdf"),
        ("表\u202egpj.pdf", "表gpj.pdf"),
        ('a"b<c>.pdf', "abc.pdf"),
        ("x" * 300 + ".pdf", "x" * 110 + ".pdf"),
        ("备案 信息表（盖章）.pdf", "备案 信息表（盖章）.pdf"),
    ],
)
def test_a_name_is_kept_without_path_or_tricks(name: str, kept: str, world: World) -> None:
    draft, mine = world.draft(), world.caller()
    assert (
        mine.upload(draft, PDF, name.replace('"', "%22") if '"' in name else name)
        .ok(201)["filename"]
        .replace("%22", "")
        == kept
    )
    disposition = mine.get(f"/filings/{draft}/attachments/1").headers["Content-Disposition"]
    assert disposition.isascii()
    assert unquote(disposition).removeprefix("attachment; filename*=UTF-8''").replace("%22", "") == kept


def test_ten_megabytes_are_taken_and_a_byte_more_is_not(world: World) -> None:
    draft, mine = world.draft(), world.caller()
    most = 10 * 1024 * 1024
    mine.upload(draft, PDF + b"x" * (most - len(PDF) + 1)).refused(413, "attachment_too_large")
    mine.upload(draft, PDF + b"x" * (most * 2)).refused(413, "attachment_too_large")
    assert mine.upload(draft, PDF + b"x" * (most - len(PDF))).ok(201)["size"] == most


def test_twenty_are_taken_and_the_next_takes_the_place_of_one_removed(world: World) -> None:
    draft, mine = world.draft(), world.caller()
    assert [mine.upload(draft).ok(201)["n"] for _ in range(20)] == list(range(1, 21))
    mine.upload(draft).refused(409, "too_many_attachments")
    mine.delete(f"/filings/{draft}/attachments/7").ok(204)
    assert mine.upload(draft).ok(201)["n"] == 21
    assert [one["n"] for one in mine.get(f"/filings/{draft}/attachments")["results"]] == [
        n for n in range(1, 22) if n != 7
    ]


@pytest.mark.parametrize(
    ("parts", "errors"),
    [({"type": "secret"}, {"/type": "unknown_code"}), ({"colour": "red"}, {"/colour": "unknown_field"})],
)
def test_the_other_parts_are_judged_too(parts: dict[str, str], errors: dict[str, str], world: World) -> None:
    answer = world.caller().upload(world.draft(), **parts)
    assert (answer.status, answer.errors) == (422, errors)


def test_an_upload_that_is_no_multipart_is_not_taken(world: World) -> None:
    path = f"/filings/{world.draft()}/attachments"
    world.caller().post(path, {"file": "x"}).refused(415, "unsupported_media_type")
    world.caller().call("POST", path, PDF, content_type="application/pdf").refused(415, "unsupported_media_type")
    assert world.caller().call("POST", path, b"nonsense", content_type="multipart/form-data").status == 400
    assert world.caller().call("POST", path, b"nonsense", content_type="multipart/form-data; boundary=x").status in (
        400,
        422,
    )


def test_each_change_of_the_attachments_is_a_version_and_tells_whether_the_form_is_there(world: World) -> None:
    draft, mine = world.draft(), world.caller()

    def missing() -> bool:
        return "record_form_missing" in [one["code"] for one in mine.get(f"/filings/{draft}")["warnings"]]

    assert missing()
    mine.upload(draft, type="licence", If_Match='"v1"').ok(201)
    assert missing()
    mine.upload(draft, type="record_form", If_Match='"v2"').ok(201)
    assert not missing()
    mine.delete(f"/filings/{draft}/attachments/2", If_Match='"v3"').ok(204)
    assert missing()
    assert mine.get(f"/filings/{draft}")["version"] == 4


def test_after_declaring_nothing_is_attached_or_taken_off_and_all_can_be_read(world: World) -> None:
    draft, mine = world.draft(), world.caller()
    mine.upload(draft).ok(201)
    world.bring(draft, "declared")
    mine.upload(draft).refused(409, "illegal_transition")
    mine.delete(f"/filings/{draft}/attachments/1").refused(409, "illegal_transition")
    assert mine.get(f"/filings/{draft}/attachments/1").ok(200).body == PDF


# ── what customs receive ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_message_is_whole_and_its_hash_is_of_its_text(world: World) -> None:
    draft, mine = world.draft(address_cn="广东省深圳市" + "长" * 200 + "𠮷"), world.caller()
    mine.get(f"/filings/{draft}/transmitted").refused(409, "not_declared")
    world.bring(draft, "declared")
    sent = mine.get(f"/filings/{draft}/transmitted").ok(200)
    assert sent["sha256"] == hashlib.sha256(sent["text"].encode()).hexdigest()
    assert json.loads(sent["text"]) == sent["message"]
    assert sent["message"]["content"] == content_of(world, draft)
    assert (sent["message"]["simulated"], sent["message"]["number"]) == (True, mine.get(f"/filings/{draft}")["number"])
    world.act(draft, "advance", to="approved").ok(200)
    assert mine.get(f"/filings/{draft}/transmitted").json == sent.json
