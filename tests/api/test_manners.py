"""What both planes do alike: problems, bodies, preconditions, the order of refusals."""

import json
from datetime import datetime
from typing import Any

import pytest

from filings.models import Event, Filing
from filings.record.trail import AGAIN
from tests.api.client import BUSINESS, CONTROL, Caller, World, reference

MEMBERS = {
    "type",
    "title",
    "status",
    "detail",
    "instance",
    "code",
    "faq",
    "provenance",
    "remedy",
    "errors",
    "request_id",
}
DEEP = b'{"kind":"registration","content":' + b'{"a":' * 1000 + b"1" + b"}" * 1001


def is_problem(answer: Any) -> bool:
    told = answer.headers["Content-Type"] == "application/problem+json" and answer.json.keys() >= MEMBERS
    return told and answer["status"] == answer.status and answer["request_id"] == answer.headers["X-Request-Id"]


# ── problems ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("POST", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/v1/faq/9.9", 404, "not_found"),
        ("GET", "/api/v1/codes/nothing", 404, "not_found"),
        ("GET", "/api/v1/filings", 401, "not_authenticated"),
        ("DELETE", "/api/v1/faq", 405, "method_not_allowed"),
        ("OPTIONS", "/api/v1/version", 405, "method_not_allowed"),
        ("POST", "/api/v1/schema", 405, "method_not_allowed"),
        ("PUT", "/api/v1/docs", 405, "method_not_allowed"),
        ("GET", "/api/v1/version?format=xml", 400, "unknown_parameter"),
        ("GET", "/control/v1/nothing", 404, "not_found"),
        ("GET", "/control/v1/sandboxes/nothing", 404, "not_found"),
        ("PATCH", "/control/v1/machine", 405, "method_not_allowed"),
        ("DELETE", "/control/v1/schema", 405, "method_not_allowed"),
        ("GET", "/control/v1/scenarios?x=1", 400, "unknown_parameter"),
        ("POST", "/control/v1/sandboxes/nothing/clock/advance", 404, "not_found"),
    ],
)
def test_every_refusal_is_a_problem_with_all_its_members(
    method: str, path: str, status: int, code: str, anyone: Caller
) -> None:
    answer = anyone.call(method, path).refused(status, code)
    assert is_problem(answer)
    assert answer["instance"] == path.partition("?")[0]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/v1/version", {"GET", "HEAD"}),
        ("/api/v1/sessions", {"POST"}),
        ("/control/v1/machine", {"GET", "HEAD"}),
        ("/api/v1/schema", {"GET", "HEAD"}),
    ],
)
def test_a_method_not_allowed_tells_exactly_which_are(path: str, allowed: set[str], anyone: Caller) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"):
        answer = anyone.call(method, path)
        assert (answer.status == 405) == (method not in allowed)
        if answer.status == 405:
            assert set(answer.headers["Allow"].split(", ")) == allowed


def test_a_problem_names_the_request_and_a_client_may_choose_that_name(anyone: Caller) -> None:
    assert anyone.get("/nothing", X_Request_Id="mine-1")["request_id"] == "mine-1"
    forged = anyone.get("/nothing", X_Request_Id="not one\tword")
    assert forged["request_id"] == forged.headers["X-Request-Id"] != "not one\tword"


def test_every_answer_of_the_business_plane_tells_the_sandboxs_time_in_shenzhen(world: World) -> None:
    for answer in (
        world.caller().get("/filings"),
        world.caller().get("/filings/F1"),
        world.caller().post("/filings", {}),
    ):
        assert answer.headers["X-Sim-Clock"] == "2021-12-01T09:00:00+08:00"
    assert "X-Sim-Clock" not in Caller().get("/faq").headers


def test_nothing_is_cached_or_sniffed(world: World) -> None:
    headers = world.caller().get("/enterprise").headers
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")


def test_one_who_wants_anything_but_json_is_told_so(world: World) -> None:
    assert is_problem(world.caller().get("/filings", Accept="text/csv").refused(406, "not_acceptable"))
    world.caller().get("/filings", Accept="text/html,*/*;q=0.8").ok(200)


# ── bodies ────────────────────────────────────────────────────────────────────────────────────────────────────────

MALFORMED = [
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"17",
    b'{"kind": NaN}',
    b'{"kind": Infinity}',
    b"{'kind': 1}",
    b'{"kind": "a\x01b"}',
    b'{"a": 1,}',
    b'{"kind": "\\ud800"}',
    b'{"\\udfff": 1}',
    b"{}{}",
    b'{"a": 01}',
    b"[" * 5000,
]


@pytest.mark.parametrize("body", MALFORMED, ids=repr)
def test_a_body_that_is_no_json_object_is_malformed(body: bytes, world: World) -> None:
    assert is_problem(world.caller().call("POST", "/filings", body).refused(400, "malformed_json"))
    assert world.caller().get("/filings")["results"] == []


def test_no_body_at_all_is_an_empty_one(world: World) -> None:
    assert world.caller().post("/filings").errors == {"/kind": "required"}


@pytest.mark.parametrize("body", MALFORMED, ids=repr)
def test_the_control_plane_takes_no_malformed_body_either(body: bytes, world: World) -> None:
    assert is_problem(world.control.call("POST", "/clock/advance", body).refused(400, "malformed_json"))


def test_deep_json_is_refused_and_not_fallen_into(world: World) -> None:
    for body in (DEEP, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000):
        answer = world.caller().call("POST", "/filings", body)
        assert answer.status in (400, 422)
        assert is_problem(answer)


@pytest.mark.parametrize("number", [2**63, 2**64, 10**300, -(2**63) - 1, 1.5, 1e308])
def test_a_number_where_words_belong_is_a_mismatch_however_large(number: Any, world: World) -> None:
    answer = world.caller().post(
        "/filings", {"kind": "registration", "content": {"industry": number, "registered_capital": number}}
    )
    assert answer.status == 422
    assert set(answer.errors.values()) == {"type_mismatch"}
    assert world.control.patch("", {"ttl_hours": number}).status == 422


def test_a_whole_number_may_be_written_with_a_point(world: World) -> None:
    world.control.patch("", {"ttl_hours": 3.0}).ok(200)
    assert world.control.patch("", {"ttl_hours": 3.5}).ok(422).errors == {"/ttl_hours": "type_mismatch"}


@pytest.mark.parametrize("name", ["kind", "status", "since", "until", "cursor", "limit"])
def test_a_filter_left_empty_is_no_filter_of_ours(name: str, world: World) -> None:
    world.caller().get(f"/filings?{name}=").refused(400, "unknown_parameter")


@pytest.mark.parametrize("text", ["a\x00b", "a\u202eb", "a\u200bb", "a\ufeffb", "\x7f"])
def test_characters_that_nobody_sees_are_not_taken_into_a_filing(text: str, world: World) -> None:
    content = {"remarks": text, "legal_representative": {"name": text}, "investors": [{"name": text}]}
    answer = world.caller().post("/filings", {"kind": "registration", "content": content})
    assert answer.status == 422
    assert set(answer.errors) == {"/content/remarks", "/content/legal_representative/name", "/content/investors/0/name"}


def test_rare_characters_are_content_like_any_other(world: World) -> None:
    rare = "深圳市𠮷野家（演练）有限公司 ＡＢＣ"
    assert (
        world.caller()
        .post("/filings", {"kind": "registration", "content": {"name_cn": rare}})
        .ok(201)["content"]["name_cn"]
        == rare
    )


def test_unknown_fields_are_each_named_together_with_all_other_faults(world: World) -> None:
    body = {
        "kind": "registration",
        "colour": "red",
        "state": "approved",
        "content": {},
    }
    assert world.caller().post("/filings", body).errors == {"/colour": "unknown_field", "/state": "unknown_field"}
    content = {
        "a/b~c": 1,
        "postcode": 518048,
        "category": "99999999",
        "investors": [{"x": 1, "country": "ZZZ"}],
        "legal_representative": {"y": 2},
    }
    assert world.caller().post("/filings", {"kind": "registration", "content": content}).errors == {
        "/content/a~1b~0c": "unknown_field",
        "/content/postcode": "type_mismatch",
        "/content/category": "unknown_code",
        "/content/investors/0/x": "unknown_field",
        "/content/investors/0/country": "unknown_code",
        "/content/legal_representative/y": "unknown_field",
    }


@pytest.mark.parametrize(
    "name", ["status", "version", "number", "id", "declared_at", "enterprise", "warnings", "copied_from", "__proto__"]
)
def test_what_the_simulator_owns_cannot_be_posted(name: str, world: World) -> None:
    assert world.caller().post("/filings", {"kind": "registration", name: "x"}).errors == {f"/{name}": "unknown_field"}
    assert world.caller().patch(f"/filings/{world.draft()}", {"content": {}, name: "x"}).errors == {
        f"/{name}": "unknown_field"
    }


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_other_content_types_are_not_read(kind: str, world: World) -> None:
    answer = world.caller().call("POST", "/filings", b"kind=registration", content_type=kind)
    assert is_problem(answer.refused(415, "unsupported_media_type"))
    world.control.call("POST", "/clock/advance", b"by=PT1H", content_type=kind).refused(415, "unsupported_media_type")


def test_a_body_beyond_two_megabytes_is_too_large(world: World) -> None:
    body = {"kind": "registration", "content": {"remarks": "长" * 800_000}}
    assert is_problem(world.caller().post("/filings", body).refused(413, "payload_too_large"))
    assert world.caller().post("/filings", {**body, "content": {"remarks": "长" * 500_000}}).errors == {
        "/content/remarks": "max_length"
    }


# ── the order of refusals ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_token_comes_before_everything_else(world: World) -> None:
    declared = world.declared()
    for token in (None, "", "tok_wrong", "tok_" + "0" * 40):
        Caller(token=token).call("POST", "/filings", b"{").refused(401, "not_authenticated")
        Caller(token=token).patch(f"/filings/{declared}", {"x": 1}).refused(401, "not_authenticated")
        Caller(token=token).get("/filings?x=1").refused(401, "not_authenticated")
    assert Caller().get("/filings").headers["WWW-Authenticate"].startswith("Bearer")


def test_the_account_rule_comes_before_state_and_fields(world: World) -> None:
    declared, draft, personal = world.declared(), world.draft(), world.caller("personal")
    for method, path in (
        ("POST", "/filings"),
        ("PATCH", f"/filings/{declared}"),
        ("PATCH", f"/filings/{draft}"),
        ("POST", "/tickets"),
    ):
        for body in (b"{", b"", b'{"nothing": 1}'):
            personal.call(method, path, body).refused(403, "not_enterprise_user")
    for path in (f"/filings/{declared}/declare", f"/filings/{draft}/copy", "/filings/F9/declare"):
        personal.post(path).refused(403, "not_enterprise_user")
    personal.delete(f"/filings/{draft}").refused(403, "not_enterprise_user")
    personal.upload(draft).refused(403, "not_enterprise_user")


def test_state_comes_before_fields(world: World) -> None:
    declared = world.declared()
    wrong = {"content": {"nothing": 1, "category": "0"}}
    refused = world.caller().patch(f"/filings/{declared}", wrong).refused(409, "illegal_transition")
    assert (refused["from"], refused["action"], refused["allowed"]) == ("declared", "save", ["copy"])
    world.caller().upload(declared, filename="virus.exe").refused(409, "illegal_transition")


def test_the_faults_of_a_body_and_of_the_sheet_in_it_are_told_at_once(world: World) -> None:
    wrong = {"postcode": 12, "category": "0", "nothing": 1}
    told = {"/content/postcode", "/content/category", "/content/nothing"}
    mine = world.caller()
    for kind in ("registration", "deregistration", "mofcom_change", "change"):
        who = mine if kind == "registration" else world.caller("card", "card")
        errors = who.post("/filings", {"kind": kind, "client_ref": "x", "content": wrong}).errors
        assert errors["/client_ref"] == "unknown_field"
        assert "/content/nothing" in errors
        assert kind != "registration" or set(errors) == told | {"/client_ref"}
    draft = world.draft()
    assert set(mine.patch(f"/filings/{draft}", {"content": wrong, "version": 1}).errors) == told | {"/version"}
    assert set(mine.post("/filings", {"kind": "regist", "content": wrong}).errors) == {"/kind"}
    assert set(mine.post("/filings", {"kind": "registration", "content": [wrong]}).errors) == {"/content"}


def test_field_errors_come_before_what_stands_in_the_enterprises_way(world: World) -> None:
    world.declared()
    assert world.declare(world.draft(name_en=None)).errors == {"/content/name_en": "required"}
    world.declare(world.draft()).refused(409, "open_application_exists")


def test_a_refusal_leaves_the_filing_as_it_was_and_is_itself_remembered(world: World) -> None:
    draft = world.draft(name_en=None)
    before = Filing.objects.filter(public_id=draft).values().get()
    world.declare(draft).refused(422, "invalid_content")
    world.caller().patch(f"/filings/{draft}", {"content": {"remarks": "x", "category": "0"}})
    world.caller().patch(f"/filings/{draft}", {"content": {}}, If_Match='"v9"')
    assert Filing.objects.filter(public_id=draft).values().get() == before
    refusals = Event.objects.filter(sandbox__key=world.id, name="refused").order_by("seq")
    assert list(refusals.values_list("data__code", flat=True)) == [
        "invalid_content",
        "invalid_content",
        "precondition_failed",
    ]


@pytest.mark.django_db(databases="__all__")
def test_a_client_that_is_refused_over_and_over_fills_no_trail_and_each_answer_stands_in_the_journal(
    world: World,
) -> None:
    draft = world.draft()
    for _ in range(30):
        world.caller().patch(f"/filings/{draft}", {"content": {"category": "0"}}).refused(422, "invalid_content")
    told = Event.objects.filter(sandbox__key=world.id).order_by("seq").values_list("name", flat=True)
    assert list(told) == ["filing.created", *["refused"] * AGAIN]
    verified = {"match": {"method": "PATCH", "status": 422}, "count": {"exactly": 30}}
    assert world.control.post("/journal/verify", verified).ok(200)["ok"]


# ── not there, or not yours ───────────────────────────────────────────────────────────────────────────────────────


def test_nothing_somebody_elses_and_another_sandboxs_are_told_in_the_same_words(
    world: World, other_world: World
) -> None:
    mine, elsewhere = world.draft(), other_world.draft()
    world.draft()
    other_world.draft()
    stranger = world.caller("card")
    for path in (
        "/filings/{}",
        "/filings/{}/timeline",
        "/filings/{}/receipts",
        "/filings/{}/transmitted",
        "/filings/{}/attachments",
        "/filings/{}/attachments/1",
    ):
        bodies = []
        for caller, number in ((stranger, mine), (stranger, "F999999"), (other_world.caller("card"), elsewhere)):
            answer = caller.get(path.format(number), X_Request_Id="same").refused(404, "not_found")
            bodies.append(answer.body.replace(number.encode(), b"F"))
        assert len(set(bodies)) == 1
    for method, path in (
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/declare"),
        ("POST", "/copy"),
        ("DELETE", "/attachments/1"),
    ):
        told = {
            json.dumps(
                {
                    **stranger.call(method, f"/filings/{number}{path}", b'{"content": {}}', X_Request_Id="same")
                    .refused(404, "not_found")
                    .json,
                    "instance": "",
                }
            )
            for number in (mine, "F999999")
        }
        assert len(told) == 1


# ── ETag and If-Match ─────────────────────────────────────────────────────────────────────────────────────────────


def test_every_read_and_write_tells_the_version_it_left(world: World) -> None:
    created = world.caller().post("/filings", {"kind": "registration", "content": reference()}).ok(201)
    path = f"/filings/{created['id']}"
    assert (created["version"], created.headers["ETag"], created.headers["Location"]) == (
        1,
        '"v1"',
        f"{BUSINESS}{path}",
    )
    saved = world.caller().patch(path, {"content": {"remarks": "一"}}, If_Match='"v1"').ok(200)
    assert (saved["version"], saved.headers["ETag"]) == (2, '"v2"')
    assert world.caller().get(path).headers["ETag"] == '"v2"'
    declared = world.caller().post(f"{path}/declare", If_Match='W/"v2"').ok(200)
    assert (declared["version"], declared.headers["ETag"]) == (3, '"v3"')


@pytest.mark.parametrize("etag", ['"v2"', '"v99"', '"v0"'])
def test_a_write_that_expects_another_version_changes_nothing(etag: str, world: World) -> None:
    draft = world.draft()
    for refused in (
        world.caller().patch(f"/filings/{draft}", {"content": {"remarks": "x"}}, If_Match=etag),
        world.caller().delete(f"/filings/{draft}", If_Match=etag),
        world.declare(draft, If_Match=etag),
        world.caller().upload(draft, If_Match=etag),
        world.caller().delete(f"/filings/{draft}/attachments/1", If_Match=etag),
    ):
        assert refused.refused(412, "precondition_failed")["version"] == 1
    read = world.caller().get(f"/filings/{draft}")
    assert (read["version"], read["status"], read["content"]["remarks"]) == (1, "draft", None)


@pytest.mark.parametrize(
    "etag", ['"v1", "v2"', '"v2","v1"', ' , "v1" ,', 'W/"v1"', '"v9", W/"v1"', '"somebody-else\'s", "v1"']
)
def test_of_several_versions_one_that_fits_will_do(etag: str, world: World) -> None:
    """RFC 9110, 13.1.1; a weak tag too, for a proxy that compresses answers weakens the tags it passes on."""
    draft = world.draft()
    world.caller().patch(f"/filings/{draft}", {"content": {"remarks": "一"}}, If_Match=etag).ok(200)
    world.caller().delete(f"/filings/{draft}", If_Match='"v5", "v7"').refused(412, "precondition_failed")
    world.caller().delete(f"/filings/{draft}", If_Match='"v5", "v2"').ok(204)


@pytest.mark.parametrize(
    "etag", ["v1", '"1"', "v1, v2", '"v1" v2', '"v1', "1", '"v"', '"v-1"', '"v9999999999"', "", ","]
)
def test_an_if_match_that_is_no_etag_of_ours_is_told_so(etag: str, world: World) -> None:
    world.caller().patch(f"/filings/{world.draft()}", {"content": {}}, If_Match=etag).refused(
        400, "precondition_invalid"
    )


def test_any_version_will_do_for_a_star_or_without_a_header(world: World) -> None:
    draft = world.draft()
    world.caller().patch(f"/filings/{draft}", {"content": {"remarks": "一"}}, If_Match="*").ok(200)
    world.caller().patch(f"/filings/{draft}", {"content": {"remarks": "二"}}).ok(200)
    world.caller().delete(f"/filings/{draft}", If_Match='"v3"').ok(204)


# ── paths and queries ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("piece", ["%00", "F%00", "%ff%fe", "..%2f", "%20", "F" * 3000, "１", "'--"])
def test_no_piece_of_a_path_breaks_anything(piece: str, world: World) -> None:
    for path in (
        f"/filings/{piece}",
        f"/tickets/{piece}",
        f"/forms/{piece}",
        f"/codes/{piece}",
        f"/faq/{piece}",
        f"/filings/F000001/attachments/{piece}",
    ):
        world.caller().get(path).refused(404, "not_found")
    Caller(CONTROL).get(f"/sandboxes/{piece}").refused(404, "not_found")
    world.control.get(f"/filings/{piece}/explain").refused(404, "not_found")
    world.caller().post(f"/receipts/{piece}/acknowledge").refused(404, "not_found")


def test_numbers_beyond_all_bounds_in_addresses_are_refused_not_computed(world: World) -> None:
    huge = "9" * 5000
    world.caller().get(f"/filings?limit={huge}").refused(400, "unknown_parameter")
    world.caller().get(f"/codes/divisions?limit={huge}").refused(400, "unknown_parameter")
    world.caller().get(f"/filings/{world.draft()}/attachments/{huge}").refused(404, "not_found")
    world.caller().get(f"/filings/{world.draft()}/attachments/{2**70}").refused(404, "not_found")


def test_instants_are_told_with_the_offset_of_shenzhen(world: World) -> None:
    created = world.caller().get(f"/filings/{world.draft()}")["created_at"]
    assert created == "2021-12-01T09:00:00+08:00"
    assert datetime.fromisoformat(created).utcoffset() is not None
