"""Idempotency-Key: the same request twice takes effect once, and the second answer is the first, byte for byte."""

from datetime import timedelta
from typing import Any

import pytest

from filings.models import Account, Filing, Sandbox, Served, Ticket, wall
from filings.rules.numbers import uscc_complete
from tests.api.client import CONTROL, Answer, Caller, World

BODY = {"kind": "registration", "content": {"remarks": "一"}}


def same(first: Answer, second: Answer) -> bool:
    """The second is the first, replayed."""
    told = {"ETag", "Location", "Content-Type", "X-Sim-Scenario"}
    alike = all(first.headers.get(name) == second.headers.get(name) for name in told)
    replayed = "Idempotency-Replayed" not in first.headers and second.headers.get("Idempotency-Replayed") == "true"
    return alike and replayed and (first.status, first.body) == (second.status, second.body)


def test_a_draft_is_created_once(world: World) -> None:
    answers = [world.caller().post("/filings", BODY, Idempotency_Key="k-1").ok(201) for _ in range(4)]
    assert all(same(answers[0], again) for again in answers[1:])
    assert Filing.objects.filter(sandbox__key=world.id).count() == 1


def test_a_declaration_is_replayed_as_it_was_though_the_filing_went_on(world: World) -> None:
    draft = world.draft()
    first = world.declare(draft, Idempotency_Key="k").ok(200)
    world.advance(until="idle")
    assert same(first, world.declare(draft, Idempotency_Key="k"))
    assert first["status"] == "declared"
    assert world.caller().get(f"/filings/{draft}")["status"] == "approved"
    world.declare(draft, Idempotency_Key="another").refused(409, "illegal_transition")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/filings/{draft}/copy", None),
        ("/tickets", {"desk": "platform", "topic": "status"}),
        (
            "/accounts",
            {
                "username": "zhang",
                "password": "long enough",
                "user_type": "enterprise",
                "display_name": "新",
                "uscc": uscc_complete("91440399MAMK0991"),
            },
        ),
    ],
)
def test_every_post_that_makes_something_makes_it_once(path: str, body: dict[str, Any] | None, world: World) -> None:
    address = path.format(draft=world.draft())
    if path == "/accounts":
        body = {**body, "sandbox": world.id}
    counted = {model: model.objects.filter(sandbox__key=world.id).count() for model in (Filing, Ticket, Account)}
    first = world.caller().post(address, body, Idempotency_Key="k").ok(201)
    assert same(first, world.caller().post(address, body, Idempotency_Key="k"))
    assert sum(model.objects.filter(sandbox__key=world.id).count() - before for model, before in counted.items()) == 1


def test_an_upload_is_told_by_its_parts_and_not_by_the_boundary_between_them(world: World) -> None:
    draft, mine = world.draft(), world.caller()

    def upload(boundary: str, content: bytes = b"%PDF-1.4", name: str = "a.pdf") -> Answer:
        lines = [
            f"--{boundary}",
            f'Content-Disposition: form-data; name="file"; filename="{name}"',
            "Content-Type: application/pdf",
            "",
            content.decode(),
            f"--{boundary}--",
            "",
        ]
        body = "\r\n".join(lines).encode()
        return mine.call(
            "POST",
            f"/filings/{draft}/attachments",
            body,
            content_type=f"multipart/form-data; boundary={boundary}",
            Idempotency_Key="k",
        )

    first = upload("aaa").ok(201)
    assert same(first, upload("bbb"))
    upload("ccc", content=b"%PDF-1.5").refused(422, "idempotency_key_reused")
    upload("ddd", name="b.pdf").refused(422, "idempotency_key_reused")
    assert len(mine.get(f"/filings/{draft}/attachments")["results"]) == 1


def test_an_acknowledged_receipt_is_replayed(world: World) -> None:
    filing = world.declared()
    world.act(filing, "send").ok(200)
    path = f"/receipts/{world.caller().get('/receipts')['results'][0]['id']}/acknowledge"
    assert same(world.caller().post(path, Idempotency_Key="k").ok(200), world.caller().post(path, Idempotency_Key="k"))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/clock/advance", {"by": "PT1H"}),
        ("/situation", {"situation": "stale_form"}),
        ("/sync", {}),
        ("/filings/{filing}/actions/send", {}),
    ],
)
def test_the_control_planes_posts_too(path: str, body: dict[str, Any], world: World) -> None:
    address = path.format(filing=world.declared())
    first = world.control.post(address, body, Idempotency_Key="k").ok(200)
    assert same(first, world.control.post(address, body, Idempotency_Key="k"))
    assert world.control.get("/clock")["now"] == (
        "2021-12-01T10:00:00+08:00" if "advance" in path else "2021-12-01T09:00:00+08:00"
    )


def test_a_sandbox_is_opened_once_with_one_control_key(db: None) -> None:
    plane = Caller(CONTROL)
    first = plane.post("/sandboxes", {"name": "mine"}, Idempotency_Key="k").ok(201)
    assert same(first, plane.post("/sandboxes", {"name": "mine"}, Idempotency_Key="k"))
    plane.post("/sandboxes", {"name": "other"}, Idempotency_Key="k").refused(422, "idempotency_key_reused")
    assert Sandbox.objects.filter(name__in=["mine", "other"]).count() == 1
    plane.delete(f"/sandboxes/{first['id']}").ok(204)
    assert plane.post("/sandboxes", {"name": "mine"}, Idempotency_Key="k").ok(201)["id"] != first["id"]


# ── the same body ─────────────────────────────────────────────────────────────────────────────────────────────────

SAID = {"kind": "registration", "content": {"remarks": "深", "investors": [{"name": "a", "country": "CHN"}]}}


@pytest.mark.parametrize(
    "again",
    [
        '{"content": {"investors": [{"country": "CHN", "name": "a"}], "remarks": "深"}, "kind": "registration"}',
        '{\n\t"kind" : "registration",\r\n '
        '"content":{"remarks":"\\u6df1","investors":[{"name":"a","country":"CHN"}]} }  ',
        '\ufeff{"kind":"registration","content":{"remarks":"深","investors":[{"name":"a","country":"CHN"}]}}',
    ],
    ids=["another order", "white space and escapes", "a byte order mark"],
)
def test_json_of_the_same_value_is_the_same_body(again: str, world: World) -> None:
    first = world.caller().post("/filings", SAID, Idempotency_Key="k").ok(201)
    assert same(first, world.caller().call("POST", "/filings", again.encode(), Idempotency_Key="k"))
    assert Filing.objects.filter(sandbox__key=world.id).count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {**SAID, "client_reference": None},
        {**SAID, "content": {**SAID["content"], "remarks": "深 "}},
        {**SAID, "content": {**SAID["content"], "remarks": None}},
        {**SAID, "content": {"remarks": "深", "investors": [{"name": "a", "country": "CHN"}, {}]}},
    ],
    ids=["a null more", "a space in a text", "a null instead", "a row more"],
)
def test_json_of_another_value_is_another_body(other: dict[str, Any], world: World) -> None:
    world.caller().post("/filings", SAID, Idempotency_Key="k").ok(201)
    world.caller().post("/filings", other, Idempotency_Key="k").refused(422, "idempotency_key_reused")


def test_a_number_is_the_same_however_it_is_written_and_no_other(world: World) -> None:
    path = "/scenario-queue"
    first = world.control.call("POST", path, b'{"scenario": "reject", "times": 2}', Idempotency_Key="k").ok(201)
    assert same(first, world.control.call("POST", path, b'{"times": 2.0, "scenario": "reject"}', Idempotency_Key="k"))
    for other in (
        b'{"scenario": "reject", "times": 3}',
        b'{"scenario": "reject", "times": 20}',
        b'{"scenario": "reject"}',
    ):
        world.control.call("POST", path, other, Idempotency_Key="k").refused(422, "idempotency_key_reused")


def test_what_is_no_json_is_told_by_its_bytes_and_read_where_it_is_asked_for(world: World) -> None:
    draft = world.draft()
    first = world.caller().call("POST", f"/filings/{draft}/copy", b"{", Idempotency_Key="k").ok(201)
    assert same(first, world.caller().call("POST", f"/filings/{draft}/copy", b"{", Idempotency_Key="k"))
    world.caller().call("POST", f"/filings/{draft}/copy", b"[", Idempotency_Key="k").refused(
        422, "idempotency_key_reused"
    )
    world.caller().call("POST", "/filings", b"{", Idempotency_Key="k").refused(400, "malformed_json")
    world.caller("personal").call("POST", "/filings", b"{", Idempotency_Key="k").refused(403, "not_enterprise_user")


# ── another body, another scope ───────────────────────────────────────────────────────────────────────────────────


def test_the_same_key_for_another_body_is_refused(world: World) -> None:
    world.caller().post("/filings", BODY, Idempotency_Key="k").ok(201)
    refused = (
        world.caller()
        .post("/filings", {**BODY, "client_reference": "x"}, Idempotency_Key="k")
        .refused(422, "idempotency_key_reused")
    )
    assert "Idempotency-Replayed" not in refused.headers
    assert Filing.objects.filter(sandbox__key=world.id).count() == 1


def test_a_key_belongs_to_one_account_in_one_sandbox_at_one_address(world: World, other_world: World) -> None:
    answers = [
        caller.post(path, BODY if path == "/filings" else {"desk": "customs", "topic": "sync"}, Idempotency_Key="k")
        for caller in (world.caller(), world.caller("card"), other_world.caller())
        for path in ("/filings", "/tickets")
    ]
    assert [answer.status for answer in answers] == [201] * 6
    assert not [answer for answer in answers if "Idempotency-Replayed" in answer.headers]


def test_one_account_is_one_whether_it_came_by_card_or_password(world: World) -> None:
    first = world.caller("card", "password").post("/filings", BODY, Idempotency_Key="k").ok(201)
    assert same(first, world.caller("card", "card").post("/filings", BODY, Idempotency_Key="k"))


# ── what is kept ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_refusal_is_not_kept_so_the_mended_request_goes_through(world: World) -> None:
    draft = world.draft(name_en=None)
    for _ in range(2):
        assert (
            "Idempotency-Replayed"
            not in world.declare(draft, Idempotency_Key="k").refused(422, "invalid_content").headers
        )
    world.caller().patch(f"/filings/{draft}", {"content": {"name_en": "A"}}).ok(200)
    assert world.declare(draft, Idempotency_Key="k").ok(200)["status"] == "declared"


def test_a_bad_request_does_not_use_the_key_up(world: World) -> None:
    world.caller().call("POST", "/filings", b"{", Idempotency_Key="k").refused(400, "malformed_json")
    world.caller("personal").post("/filings", BODY, Idempotency_Key="k").refused(403, "not_enterprise_user")
    world.caller().post("/filings", BODY, Idempotency_Key="k").ok(201)


def test_after_a_day_the_key_is_free_again_and_the_sandboxs_clock_has_no_say(world: World) -> None:
    first = world.caller().post("/filings", BODY, Idempotency_Key="k").ok(201)
    world.wait(days=2)
    assert same(first, world.caller().post("/filings", BODY, Idempotency_Key="k"))
    Served.objects.update(at=wall() - timedelta(hours=24, seconds=1))
    fresh = world.caller().post("/filings", {**BODY, "client_reference": "x"}, Idempotency_Key="k").ok(201)
    assert fresh["id"] != first["id"]


def test_a_reset_forgets_all_keys(world: World) -> None:
    world.caller().post("/filings", BODY, Idempotency_Key="k").ok(201)
    world.control.post("/reset").ok(200)
    again = world.caller().post("/filings", BODY, Idempotency_Key="k").ok(201)
    assert "Idempotency-Replayed" not in again.headers
    assert Filing.objects.filter(sandbox__key=world.id).count() == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "长", "x" * 256, "a\tb"])
def test_a_key_that_is_no_key_is_told_so(key: str, world: World) -> None:
    world.caller().post("/filings", BODY, Idempotency_Key=key).refused(400, "idempotency_key_invalid")
    world.control.post("/reset", Idempotency_Key=key).refused(400, "idempotency_key_invalid")


def test_a_login_takes_no_key_and_each_is_a_session_of_its_own(world: World) -> None:
    who = {"sandbox": world.id, "username": "card", "password": world.accounts["card"]["password"]}
    tokens = {Caller().post("/sessions", who, Idempotency_Key="k").ok(201)["token"] for _ in range(2)}
    assert len(tokens) == 2


def test_a_key_on_anything_but_a_post_is_not_looked_at(world: World) -> None:
    draft = world.draft()
    for text in ("一", "二"):
        world.caller().patch(f"/filings/{draft}", {"content": {"remarks": text}}, Idempotency_Key="k").ok(200)
    assert world.caller().get(f"/filings/{draft}", Idempotency_Key="k")["content"]["remarks"] == "二"


def test_the_replay_takes_no_second_number(world: World) -> None:
    first = [world.caller().post("/filings", BODY, Idempotency_Key="k")["id"] for _ in range(3)][-1]
    assert int(world.draft()[1:]) == int(first[1:]) + 1
