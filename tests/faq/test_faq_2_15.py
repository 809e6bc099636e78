"""FAQ 2.15: the single window shows the enterprise as `超期`, and no business can be done.

问：企业需操作报关业务，但是在“单一窗口”企业资质查询该企业状态为“超期”，现在无法正常开展相关业务。应如何处理？
答：请企业联系主管海关企管部门确认企业海关编码是否有效，是否超期。如没有超期请海关给电子口岸做数据同步，海关同步成功后，企业在“单一窗口”企业资质中查询状态是否正常。
"""

import pytest

from filings.models import Event
from tests.api.client import Answer, Caller, World

pytestmark = pytest.mark.faq("2.15")

CONTENT = {"change": {"remarks": "变更"}, "deregistration": {"reason": "停止经营"}}


def standing(who: Caller) -> tuple[str, str]:
    read = who.get("/enterprise").ok(200)
    return read["standing"], read["standing_label"]


def synced(world: World, role: str = "card", **more: str) -> Answer:
    """What customs answers to a question about the sync."""
    ticket = world.caller(role).post("/tickets", {"desk": "customs", "topic": "sync", **more}).ok(201)["id"]
    world.wait(hours=1)
    return world.caller(role).get(f"/tickets/{ticket}").ok(200)


def test_the_mirror_shows_it_in_the_very_word(world: World) -> None:
    world.enter("overdue_mirror")
    assert standing(world.caller("card")) == ("overdue", "超期")
    read = world.caller("card").get("/enterprise")
    assert (read["registered"], read["capabilities"]) == (True, {"print_certificate": False})
    assert world.control.get(f"/ledgers/customs/{world.uscc()}").ok(200)["valid_until"] is None


@pytest.mark.parametrize("kind", CONTENT)
def test_what_the_mirror_shows_gates_the_business(kind: str, world: World) -> None:
    draft = world.begin(kind, **CONTENT[kind]).ok(201)["id"]
    world.enter("overdue_mirror")
    refused = world.submit(draft).refused(409, "enterprise_overdue")
    assert (refused["faq"], "超期" in refused["detail"]) == ("2.15", True)
    assert refused["remedy"].startswith(
        "请企业联系主管海关企管部门确认企业海关编码是否有效，是否超期。如没有超期请海关给电子口岸做数据同步"
    )
    assert world.caller("card").get(f"/filings/{draft}")["status"] == "draft"


@pytest.mark.parametrize("kind", CONTENT)
def test_a_page_may_be_filled_meanwhile(kind: str, world: World) -> None:
    world.enter("overdue_mirror")
    draft = world.begin(kind, **CONTENT[kind]).ok(201)["id"]
    world.caller("card", "card").patch(f"/filings/{draft}", {"content": {"remarks": "又"}}).ok(200)


def test_the_fields_are_judged_before_it(world: World) -> None:
    world.enter("overdue_mirror")
    draft = world.begin("deregistration").ok(201)["id"]
    assert world.submit(draft).errors == {"/content/reason": "required"}


def test_customs_finds_it_in_force_and_syncs_and_business_goes_on(world: World) -> None:
    draft = world.change()
    world.enter("overdue_mirror")
    told = synced(world)
    assert (told["outcome"], "请重新查询" in told["answer"]) == ("synced", True)
    assert standing(world.caller("card")) == ("normal", "正常")
    world.submit(draft).ok(200)


@pytest.mark.faq("1.7")
def test_an_agent_who_names_the_filing_has_its_principals_record_synced(world: World) -> None:
    mandated = {"agent": world.uscc("agent")}
    world.caller("card").post("/mandates", mandated).ok(201)
    body = {"kind": "change", "filing_mode": "agent", "principal": world.uscc(), "content": CONTENT["change"]}
    draft = world.caller("agent", "card").post("/filings", body).ok(201)["id"]
    world.enter("overdue_mirror")
    world.submit(draft, "agent").refused(409, "enterprise_overdue")
    assert synced(world, "agent", filing=draft)["outcome"] == "synced"
    world.submit(draft, "agent").ok(200)


def test_the_order_of_it_is_in_the_trail(world: World) -> None:
    draft = world.change()
    world.enter("overdue_mirror")
    standing(world.caller("card"))
    synced(world)
    standing(world.caller("card"))
    world.submit(draft).ok(200)
    events = (
        Event.objects.filter(sandbox__key=world.id)
        .exclude(name__in=("filing.created", "clock.advanced"))
        .order_by("seq")
    )
    assert [(event.name, event.data.get("standing")) for event in events] == [
        ("record.checked", "overdue"),
        ("ticket.created", None),
        ("mirror.synced", None),
        ("ticket.answered", None),
        ("record.checked", "normal"),
        ("filing.declared", None),
    ]


def test_really_overdue_customs_says_so_and_syncs_nothing(world: World) -> None:
    draft = world.change()
    world.enter("overdue_at_customs")
    told = synced(world)
    assert (told["outcome"], told["answer"]) == ("record_expired", "企业海关备案已超期，不能同步")
    assert standing(world.caller("card"))[0] == "overdue"
    world.submit(draft).refused(409, "enterprise_overdue")


def test_a_change_does_not_extend_it(world: World) -> None:
    world.enter("overdue_at_customs")
    assert world.begin("change", valid_until="2099-01-01").status == 201
    (draft,) = world.caller("card").get("/filings")["results"]
    world.submit(draft["id"]).refused(409, "enterprise_overdue")


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2021-12-31T23:59:59+08:00", "normal"),
        ("2022-01-01T00:00:00+08:00", "overdue"),
        ("2021-12-31T15:59:59Z", "normal"),
        ("2021-12-31T16:00:00Z", "overdue"),
    ],
)
def test_it_is_in_force_through_its_last_day_in_shenzhen(moment: str, status: str, world: World) -> None:
    draft = world.change()
    world.ledger(valid_until="2021-12-31")
    world.advance(to=moment)
    assert standing(world.caller("card"))[0] == status
    assert world.submit(draft).status == (200 if status == "normal" else 409)


def test_a_registration_is_barred_by_a_record_in_force_and_not_by_what_the_mirror_shows(world: World) -> None:
    draft = world.draft("card")
    world.enter("overdue_mirror")
    world.submit(draft, medium="password").refused(409, "already_registered_at_customs")
    world.ledger(valid_until="2021-11-30")
    assert standing(world.caller("card"))[0] == "overdue"
    world.submit(draft, medium="password", scenario="approve").ok(200)
    world.advance(until="idle")
    read = world.caller("card").get("/enterprise").ok(200)
    assert (read["standing"], read["registered_on"]) == ("normal", "2021-12-02")
    assert [one["valid_until"] for one in read["history"]] == ["2021-11-30"]


def test_what_was_declared_before_goes_on(world: World) -> None:
    draft = world.change(remarks="新的备注")
    world.submit(draft, scenario="approve").ok(200)
    world.enter("overdue_mirror")
    world.advance(until="idle")
    assert world.caller("card").get(f"/filings/{draft}")["status"] == "approved"
    assert standing(world.caller("card"))[0] == "normal"


def test_the_answer_is_kept_by_nobody_on_the_way(world: World) -> None:
    for path in ("/enterprise", "/enquiries/overview"):
        assert "no-store" in world.caller("card").get(path).headers["Cache-Control"]


def test_two_enterprises_of_one_name_are_kept_apart_by_their_code(world: World) -> None:
    name = world.caller("card").get("/enterprise")["name_cn"]
    twin = world.make("enterprise", name_cn=name, category="10000000")["uscc"]
    token = world.make("account", uscc=twin)["token"]
    for about in (world.uscc(), twin):
        world.enter("overdue_mirror", uscc=about)
    synced(world)
    assert standing(world.caller("card"))[0] == "normal"
    assert standing(Caller(token=token))[0] == "overdue"


@pytest.mark.faq("2.4")
def test_both_faults_of_the_mirror_at_once_are_cured_by_one_sync(world: World) -> None:
    world.enter("overdue_mirror")
    world.enter("not_synced")
    assert standing(world.caller("card"))[0] == "not_registered"
    assert synced(world)["outcome"] == "synced"
    assert standing(world.caller("card"))[0] == "normal"
