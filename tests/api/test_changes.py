"""Changes and deregistrations over HTTP: manners, order of refusals, what is explained."""

from typing import Any

import pytest

from filings.lab.worlds import cast
from filings.models import Event, Filing
from tests.api.client import PDF, Answer, Caller, World

REASON = {"change": {"remarks": "一"}, "deregistration": {"reason": "停止经营"}}


def refusals(world: World) -> list[str]:
    """The codes of what was refused, as noted."""
    noted = Event.objects.filter(sandbox__key=world.id, name="refused").order_by("seq")
    return [event.data["code"] for event in noted]


# ── the order of refusals: token → account → medium → state → fields ─────────────────────────────────────────────


def attempts(who: Caller, filing: str, kind: str, **headers: str) -> dict[str, Answer]:
    """Every write of a filing, each with a body that is wrong in itself."""
    return {
        "create": who.post("/filings", {"kind": kind, "filing_mode": 7, "content": {"nonsense": 1}}),
        "save": who.patch(f"/filings/{filing}", {"content": {"nonsense": 1}}, **headers),
        "save no object": who.patch(f"/filings/{filing}", {"content": []}, **headers),
        "declare": who.post(f"/filings/{filing}/declare", **headers),
        "copy": who.post(f"/filings/{filing}/copy"),
        "attach": who.upload(filing, b"?", "x.exe", **headers),
        "detach": who.delete(f"/filings/{filing}/attachments/9", **headers),
        "delete": who.delete(f"/filings/{filing}", **headers),
    }


@pytest.mark.parametrize("kind", ["change", "deregistration"])
def test_the_token_is_asked_for_first(kind: str, world: World) -> None:
    draft = world.begin(kind, **REASON[kind]).ok(201)["id"]
    for answer in attempts(Caller(), draft, kind, If_Match="nonsense").values():
        answer.refused(401, "not_authenticated")


@pytest.mark.faq("2.3")
@pytest.mark.parametrize("kind", ["change", "deregistration"])
def test_then_the_account(kind: str, world: World) -> None:
    draft = world.begin(kind, **REASON[kind]).ok(201)["id"]
    for answer in attempts(world.caller("personal"), draft, kind, If_Match='"v9"').values():
        answer.refused(403, "not_enterprise_user")
    assert refusals(world) == ["not_enterprise_user"] * 8


@pytest.mark.faq("1.5")
@pytest.mark.parametrize("kind", ["change", "deregistration"])
def test_then_the_medium(kind: str, world: World) -> None:
    draft = world.begin(kind, **REASON[kind]).ok(201)["id"]
    world.submit(draft).ok(200)
    for answer in attempts(world.caller("card"), draft, kind, If_Match='"v9"').values():
        answer.refused(403, "card_login_required")
    assert refusals(world) == ["card_login_required"] * 8


@pytest.mark.parametrize("kind", ["change", "deregistration"])
def test_then_the_state_before_any_field(kind: str, world: World) -> None:
    draft = world.begin(kind, **REASON[kind]).ok(201)["id"]
    world.submit(draft).ok(200)
    answers = attempts(world.caller("card", "card"), draft, kind)
    assert answers.pop("copy").status == 201
    assert answers.pop("create").status == 422
    for name, answer in answers.items():
        refused = answer.refused(409, "illegal_transition")
        assert (refused["from"], refused["allowed"]) == ("declared", ["copy"]), name


@pytest.mark.parametrize("kind", ["change", "deregistration"])
def test_then_the_version_then_the_fields(kind: str, world: World) -> None:
    draft, mine = world.begin(kind, **REASON[kind]).ok(201)["id"], world.caller("card", "card")
    for method, path, body in (
        ("PATCH", "", {"content": {"nonsense": 1}}),
        ("DELETE", "", None),
        ("POST", "/declare", None),
    ):
        refused = mine.call(method, f"/filings/{draft}{path}", body, If_Match='"v7"').refused(
            412, "precondition_failed"
        )
        assert refused["version"] == 1
    mine.patch(f"/filings/{draft}", {"content": {"nonsense": 1}}, If_Match='"v1"').refused(422, "unknown_field")
    saved = mine.patch(f"/filings/{draft}", {"content": {"remarks": "又"}}, If_Match='"v1"').ok(200)
    assert (saved["version"], saved.headers["ETag"]) == (2, '"v2"')
    mine.post(f"/filings/{draft}/declare", If_Match='"v2"', X_Sim_Scenario="by_hand").ok(200)


@pytest.mark.parametrize("header", ["nonsense", "v1", '"1"', "é"])
def test_a_header_that_is_no_version_is_a_bad_request(header: str, world: World) -> None:
    draft = world.change()
    world.caller("card", "card").patch(f"/filings/{draft}", {"content": {}}, If_Match=header).refused(
        400, "precondition_invalid"
    )


# ── once ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_request_makes_one_change_and_one_declaration(world: World) -> None:
    mine = world.caller("card", "card")
    body = {"kind": "change", "content": {"remarks": "一"}}
    made = [mine.post("/filings", body, Idempotency_Key="a").ok(201) for _ in range(2)]
    assert made[0]["id"] == made[1]["id"]
    declared = [mine.post(f"/filings/{made[0]['id']}/declare", Idempotency_Key="b").ok(200) for _ in range(2)]
    assert declared[0].json == declared[1].json
    assert declared[1].headers["Idempotency-Replayed"] == "true"
    assert Filing.objects.count() == 1
    mine.post("/filings", {**body, "content": {}}, Idempotency_Key="a").refused(422, "idempotency_key_reused")


def test_a_refusal_is_not_kept_for_the_key(world: World) -> None:
    world.enter("overdue_mirror")
    draft, mine = world.change(), world.caller("card", "card")
    mine.post(f"/filings/{draft}/declare", Idempotency_Key="b").refused(409, "enterprise_overdue")
    world.control.post("/sync", {}).ok(200)
    mine.post(f"/filings/{draft}/declare", Idempotency_Key="b").ok(200)


# ── the form, the filing ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["change", "deregistration"])
def test_the_form_tells_its_promise_and_its_fields(kind: str, world: World) -> None:
    form = world.caller("card").get(f"/forms/{kind}").ok(200)
    assert (form["kind"], form["promised_working_days"]) == (kind, 3 if kind == "change" else 11)
    names = [
        field["name"]
        for group in form["groups"]
        for section in group.get("sections", [group])
        for field in section["fields"]
    ]
    assert ("added_categories" in names) is (kind == "change")
    assert ("reason" in names) is (kind == "deregistration")


def test_no_promise_is_told_where_no_source_has_one(world: World) -> None:
    assert world.caller("card").get("/forms/mofcom_change").ok(200)["promised_working_days"] is None


def test_a_change_over_http_empties_sets_back_and_tells_what_changes(world: World) -> None:
    draft, mine = world.change(remarks="一"), world.caller("card", "card")

    def patched(**content: Any) -> list[str]:
        changed: list[str] = mine.patch(f"/filings/{draft}", {"content": content}).ok(200)["changed"]
        return changed

    assert patched(name_en=None) == ["name_en", "remarks"]
    assert mine.get(f"/filings/{draft}")["content"]["name_en"] is None
    assert patched(name_en=cast.CARD.name_en, remarks=None) == []
    world.submit(draft).refused(422, "nothing_changed")


def test_files_are_attached_to_a_change_by_card(world: World) -> None:
    draft, mine = world.change(), world.caller("card", "card")
    assert mine.upload(draft, PDF, "表.pdf", type="record_form").ok(201)["n"] == 1
    read = mine.get(f"/filings/{draft}").ok(200)
    assert "record_form_missing" not in [one["code"] for one in read["warnings"]]
    mine.delete(f"/filings/{draft}/attachments/1").ok(204)
    world.submit(draft).ok(200)


def test_everyone_is_told_the_same_of_one_on_its_way(world: World) -> None:
    first, second = world.change(), world.change()
    world.submit(first).ok(200)
    for _ in range(2):
        assert world.submit(second).refused(409, "open_application_exists")["filing"] == first
    assert world.caller("card").get(f"/filings/{second}")["status"] == "draft"


# ── who answers ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["change", "deregistration"])
@pytest.mark.parametrize("scenario", ["approve", "approve_auto", "reject; reason=address_mismatch", "stuck; at=sent"])
def test_each_scenario_answers_each_kind(scenario: str, kind: str, world: World) -> None:
    draft = world.begin(kind, **REASON[kind]).ok(201)["id"]
    declared = world.submit(draft, scenario=scenario).ok(200)
    assert declared.headers["X-Sim-Scenario"] == f"{scenario}; source=header"
    world.advance(until="idle")
    ends = {"approve": "approved", "approve_auto": "approved", "reject": "rejected", "stuck": "sent"}
    assert world.caller("card").get(f"/filings/{draft}")["status"] == ends[scenario.partition(";")[0]]


@pytest.mark.parametrize("header", ["拒绝", "approve；pace=fast", "reject; reason=地址", "é", "approve; pace=fast\x7f"])
def test_a_scenario_in_letters_a_header_cannot_carry_is_not_known(header: str, world: World) -> None:
    draft = world.change()
    sent = header.encode().decode("latin-1")  # as it arrives
    refused = world.submit(draft, scenario=sent).refused(400, "unknown_scenario")
    assert refused["nearest"]
    assert world.caller("card").get(f"/filings/{draft}")["status"] == "draft"


# ── explained ─────────────────────────────────────────────────────────────────────────────────────────────────────


def explained(world: World, filing: str) -> Answer:
    return world.control.get(f"/filings/{filing}/explain").ok(200)


def blocks(world: World, filing: str) -> list[tuple[str, str | None]]:
    return [(one["code"], one["pointer"]) for one in explained(world, filing)["blocks"]]


def test_a_draft_that_nothing_blocks_says_so(world: World) -> None:
    told = explained(world, world.change())
    assert (told["blocks"], told["next_event"]) == ([], None)
    assert told["unblock"] == ["申报：POST /api/v1/filings/{id}/declare"]


@pytest.mark.parametrize("kind", ["registration", "change", "deregistration"])
def test_what_blocks_a_draft_is_what_would_refuse_it(kind: str, world: World) -> None:
    draft = world.make("filing", kind=kind, uscc=world.uscc())["id"]
    world.enter("overdue_mirror")
    expected = {"registration": "already_registered_at_customs"}.get(kind, "enterprise_overdue")
    assert blocks(world, draft) == [(expected, None)]
    told = explained(world, draft)["blocks"][0]
    assert (told["sentence"], told["faq"]) != (None, None)
    world.submit(draft).refused(409, expected)
    assert expected in [one["code"] for one in explained(world, draft)["rules"]]


def test_all_of_it_at_once(world: World) -> None:
    draft = world.change()
    world.caller("card", "card").patch(f"/filings/{draft}", {"content": {"remarks": None, "address_cn": None}}).ok(200)
    other = world.change()
    world.submit(other).ok(200)
    world.enter("overdue_mirror")
    assert blocks(world, draft) == [
        ("required", "/content/address_cn"),
        ("enterprise_overdue", None),
        ("open_application_exists", None),
    ]
    world.enter("branches_registered")
    ending = world.begin("deregistration").ok(201)["id"]
    assert [code for code, _ in blocks(world, ending)] == [
        "required",
        "enterprise_overdue",
        "open_application_exists",
        "branches_not_deregistered",
    ]


def test_an_agents_draft_without_a_mandate(world: World) -> None:
    draft = world.enter("mandate_expired")["filings"][0]
    assert blocks(world, draft) == [("mandate_required", None)]
    assert explained(world, draft)["unblock"][0].startswith("排除 blocks 所列")


def test_what_is_declared_is_blocked_by_nothing(world: World) -> None:
    draft = world.change()
    world.submit(draft).ok(200)
    world.enter("overdue_mirror")
    assert blocks(world, draft) == []


def test_the_machine_lists_the_guards_of_every_kind_in_the_order_they_are_asked() -> None:
    told = Caller("/control/v1").get("/machine").ok(200)
    assert {guard["name"]: guard["kinds"] for guard in told["guards"]} == {
        "enterprise_user": ["registration", "change", "deregistration", "mofcom_change"],
        "mandate_stands": ["registration", "change", "deregistration", "mofcom_change"],
        "no_open_filing": ["registration", "change", "deregistration", "mofcom_change"],
        "control_ready": ["mofcom_change"],
        "commerce_record_found": ["mofcom_change"],
        "not_yet_registered": ["registration"],
        "card_login": ["change", "deregistration"],
        "has_record": ["change", "deregistration"],
        "something_changes": ["change"],
        "not_overdue": ["change", "deregistration"],
        "branches_deregistered": ["deregistration"],
    }
    assert [kind["kind"] for kind in told["kinds"]] == ["registration", "change", "deregistration", "mofcom_change"]
    assert {guard["code"]: guard["faq"] for guard in told["guards"]}["card_login_required"] == "1.5"
