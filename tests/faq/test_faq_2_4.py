"""FAQ 2.4: registered at customs, yet the single window shows `企业未注册成功`.

问：企业已有海关注册登记备案，在单一窗口企业资质模块“基本信息查询”显示企业未注册成功，该如何处理？
答：企业可先自行确认海关注册登记备案在有效期内，如确认无误可联系海关同步信息。
"""

import pytest
from django.test import Client

from filings.models import Event, Mirror
from tests.api.client import Answer, Caller, World
from tests.web.pages import Page

pytestmark = pytest.mark.faq("2.4")

WORDS = "企业未注册成功"


def shown(who: Caller) -> tuple[str, str, bool]:
    read = who.get("/enterprise").ok(200)
    return read["standing"], read["standing_label"], read["registered"]


def register(world: World, who: Caller) -> Answer:
    """What the publicity platform tells somebody of the enterprise of `card`."""
    return who.get(f"/publicity/{world.uscc()}").ok(200)


def ask(who: Caller, desk: str = "customs", topic: str = "sync") -> Answer:
    return who.post("/tickets", {"desk": desk, "topic": topic})


def answered(world: World, who: Caller, desk: str = "customs") -> Answer:
    """A ticket about the sync, once it has been answered."""
    ticket = ask(who, desk).ok(201)["id"]
    world.wait(hours=1)
    return who.get(f"/tickets/{ticket}").ok(200)


def test_in_the_ledger_and_not_in_the_mirror_it_reads_in_the_very_words(world: World) -> None:
    world.enter("not_synced")
    assert shown(world.caller("card")) == ("not_registered", WORDS, False)
    read = world.caller("card").get("/enterprise")
    assert (read["customs_code"], read["inspection_number"], read["categories"], read["qualifications"]) == (
        None,
        None,
        [],
        [],
    )
    assert (read["synced_at"], read["capabilities"]) == (None, {"print_certificate": False})


def test_customs_syncs_a_record_that_stands_and_then_it_is_shown(world: World) -> None:
    world.enter("not_synced")
    mine = world.caller("card")
    ticket = ask(mine).ok(201)
    assert (ticket["status"], ticket["answer"]) == ("open", None)
    assert shown(mine)[0] == "not_registered"
    world.wait(hours=1)
    assert mine.get(f"/tickets/{ticket['id']}")["outcome"] == "synced"
    assert shown(mine) == ("normal", "正常", True)
    assert mine.get("/enterprise")["customs_code"]


def test_the_look_comes_before_the_call_in_the_trail(world: World) -> None:
    world.enter("not_synced")
    mine = world.caller("card")
    shown(mine)
    register(world, mine)
    answered(world, mine)
    shown(mine)
    events = Event.objects.filter(sandbox__key=world.id).exclude(name="clock.advanced").order_by("seq")
    assert [(event.name, event.data.get("source"), event.data.get("standing")) for event in events] == [
        ("record.checked", "mirror", "not_registered"),
        ("record.checked", "publicity", "normal"),
        ("ticket.created", None, None),
        ("mirror.synced", "mirror", None),
        ("ticket.answered", None, None),
        ("record.checked", "mirror", "normal"),
    ]


@pytest.mark.parametrize(
    ("situation", "valid_until", "standing"),
    [("not_synced", None, "normal"), ("not_synced_expired", "2021-11-30", "overdue")],
)
def test_whether_it_is_valid_an_enterprise_sees_for_itself(
    situation: str, valid_until: str | None, standing: str, world: World
) -> None:
    world.enter(situation)
    mine, client = world.caller("card"), Client()
    assert register(world, mine)["valid_until"] == valid_until
    (look,) = Event.objects.filter(sandbox__key=world.id, name="record.checked")
    assert (look.actor, look.uscc, look.data) == ("card", world.uscc(), {"source": "publicity", "standing": standing})
    client.cookies["sim_session"] = world.accounts["card"]["token"]
    assert f"/publicity?uscc={world.uscc()}" in Page(client.get("/enterprise")).links
    assert Page(client.get("/publicity")).find('dt:lexbor-contains("报关有效期") + dd').text == (valid_until or "长期")


def test_to_look_up_another_is_no_look_at_ones_own(world: World) -> None:
    register(world, world.caller("agent"))
    register(world, world.caller("personal"))
    world.caller().get(f"/publicity/{world.uscc('cardless')}").refused(404, "not_found")
    assert not Event.objects.filter(sandbox__key=world.id, name="record.checked").exists()
    for _ in range(2):
        register(world, world.caller("card"))
        shown(world.caller("card"))
    assert Event.objects.filter(sandbox__key=world.id, name="record.checked").count() == 2


def test_an_overdue_record_is_not_synced(world: World) -> None:
    world.enter("not_synced_expired")
    told = answered(world, world.caller("card"))
    assert (told["outcome"], told["answer"]) == ("record_expired", "企业海关备案已超期，不能同步")
    assert shown(world.caller("card"))[1] == WORDS


@pytest.mark.parametrize(
    ("moment", "outcome"),
    [
        ("2021-12-31T22:59:59+08:00", "synced"),
        ("2021-12-31T23:30:00+08:00", "record_expired"),
        ("2021-12-31T14:59:59Z", "synced"),
        ("2021-12-31T15:30:00Z", "record_expired"),
    ],
)
def test_it_is_valid_through_its_last_day_in_shenzhen(moment: str, outcome: str, world: World) -> None:
    world.ledger(valid_until="2021-12-31")
    world.enter("not_synced")
    world.advance(to=moment)
    ticket = ask(world.caller("card")).ok(201)["id"]
    world.advance(until="idle")
    told = world.caller("card").get(f"/tickets/{ticket}")
    assert (told["outcome"], told["answered_at"] < "2022-01-01") == (outcome, outcome == "synced")


def test_a_record_without_an_end_is_valid(world: World) -> None:
    world.ledger(valid_until=None)
    world.enter("not_synced")
    assert answered(world, world.caller("card"))["outcome"] == "synced"


def test_a_firm_that_never_registered_is_to_register(world: World) -> None:
    told = answered(world, world.caller())
    assert told["outcome"] == "not_registered"
    assert "请办理注册登记申请" in told["answer"]
    assert shown(world.caller())[0] == "not_registered"


def test_a_deregistered_record_is_not_synced(world: World) -> None:
    world.ledger(deregistered_on="2021-11-01")
    world.enter("not_synced")
    assert answered(world, world.caller("card"))["outcome"] == "record_deregistered"


def test_the_platform_cannot_sync(world: World) -> None:
    world.enter("not_synced")
    told = answered(world, world.caller("card"), "platform")
    assert (told["outcome"], told["answer"]) == ("other_desk", "备案信息同步请联系海关")
    assert shown(world.caller("card"))[0] == "not_registered"


def test_asked_twice_the_first_is_pointed_to_and_once_answered_it_may_be_asked_again(world: World) -> None:
    world.enter("not_synced")
    mine = world.caller("card")
    first = ask(mine).ok(201)["id"]
    assert ask(mine).refused(409, "duplicate_ticket")["ticket"] == first
    world.wait(hours=1)
    ask(mine).ok(201)


def test_a_sync_done_twice_changes_nothing_the_second_time(world: World) -> None:
    mine = world.caller("card")
    before = mine.get("/enterprise").json
    answered(world, mine)
    again = mine.get("/enterprise").json
    assert {**again, "synced_at": None} == {**before, "synced_at": None}
    assert Event.objects.filter(sandbox__key=world.id, name="mirror.synced").latest("seq").data == {
        "source": "mirror",
        "changed": [],
    }


def test_only_the_one_that_asked_is_synced(world: World) -> None:
    world.enter("not_synced")
    world.enter("not_synced", uscc=world.uscc("agent"))
    answered(world, world.caller("card"))
    assert (shown(world.caller("card"))[0], shown(world.caller("agent"))[0]) == ("normal", "not_registered")


def test_nobody_asks_about_another(world: World) -> None:
    world.enter("not_synced", uscc=world.uscc("agent"))
    asked = {"desk": "customs", "topic": "sync", "uscc": world.uscc("agent")}
    assert world.caller("card").post("/tickets", asked).errors == {"/uscc": "uscc_mismatch"}
    assert world.caller("card").post("/tickets", {**asked, "uscc": "x"}).errors == {"/uscc": "uscc_invalid"}
    world.caller("agent").post("/tickets", asked).ok(201)


def test_to_register_again_is_the_wrong_move(world: World) -> None:
    world.enter("not_synced")
    draft = world.draft("card")
    refused = world.submit(draft, medium="password").refused(409, "already_registered_at_customs")
    assert (refused["faq"], refused["remedy"]) == (
        "2.4",
        "请先自行确认海关注册登记备案在有效期内，如确认无误可联系海关同步信息",
    )
    assert world.caller("card").get(f"/filings/{draft}")["status"] == "draft"


def test_and_nothing_can_be_changed_that_is_not_shown(world: World) -> None:
    draft = world.change()
    world.enter("not_synced")
    world.begin("change").refused(409, "not_registered")
    for attempt in (
        world.submit(draft),
        world.caller("card", "card").patch(f"/filings/{draft}", {"content": {"nonsense": 1}}),
        world.caller("card", "card").post(f"/filings/{draft}/copy"),
    ):
        refused = attempt.refused(409, "not_registered")
        assert (refused["faq"], refused["errors"]) == ("2.4", [])
    world.control.post("/sync", {"uscc": world.uscc()}).ok(200)
    assert world.submit(draft).ok(200)["content"]["remarks"] == "变更"


def test_the_first_sync_may_fail_and_the_second_succeeds(world: World) -> None:
    world.enter("sync_fails_once")
    mine = world.caller("card")
    assert (answered(world, mine)["outcome"], shown(mine)[0]) == ("sync_failed", "not_registered")
    assert (answered(world, mine)["outcome"], shown(mine)[0]) == ("synced", "normal")


def test_a_sync_that_fails_once_does_so_for_a_record_that_stands(world: World) -> None:
    world.enter("sync_fails_once")
    world.ledger(synced=False, deregistered_on="2021-11-01")
    assert answered(world, world.caller("card"))["outcome"] == "record_deregistered"
    world.ledger(synced=False, deregistered_on=None)
    assert answered(world, world.caller("card"))["outcome"] == "sync_failed"


def test_while_the_mirror_lags_an_approval_is_not_shown(world: World) -> None:
    world.enter("mirror_lag")
    filing = world.declare().ok(200)["id"]
    world.advance(until="idle")
    mine = world.caller()
    read = mine.get(f"/filings/{filing}").ok(200)
    assert (read["status"], read["content"]["inspection_number"]) == ("approved", None)
    assert shown(mine) == ("not_registered", WORDS, False)
    assert answered(world, mine)["outcome"] == "synced"
    assert shown(mine)[0] == "normal"
    assert mine.get(f"/filings/{filing}")["content"]["inspection_number"]


def test_a_lag_of_one_enterprise_is_no_lag_of_another(world: World) -> None:
    world.enter("mirror_lag")
    change = world.change(remarks="新的备注")
    world.submit(change, scenario="approve").ok(200)
    world.advance(until="idle")
    assert Mirror.objects.get(sandbox__key=world.id, uscc=world.uscc()).content["remarks"] == "新的备注"


def test_each_look_is_noted_once_for_what_it_shows(world: World) -> None:
    mine, other = world.caller("card"), world.caller("card", "card")

    def looks() -> list[dict]:
        return [
            event.data for event in Event.objects.filter(sandbox__key=world.id, name="record.checked").order_by("seq")
        ]

    for _ in range(3):
        shown(mine)
        shown(other)
    assert looks() == [{"source": "mirror", "standing": "normal"}]
    world.enter("not_synced")
    shown(mine)
    shown(mine)
    assert looks()[1:] == [{"source": "mirror", "standing": "not_registered"}]
    world.ledger(valid_until="2021-11-30")
    shown(mine)
    assert looks()[2:] == [{"source": "mirror", "standing": "overdue"}]


def test_time_alone_makes_it_another_look(world: World) -> None:
    world.ledger(valid_until="2021-12-01")
    mine = world.caller("card")
    assert shown(mine)[0] == "normal"
    world.wait(days=1)
    assert shown(mine)[0] == "overdue"
    assert Event.objects.filter(sandbox__key=world.id, name="record.checked").count() == 2


def test_a_personal_user_has_no_record_to_look_at(world: World) -> None:
    world.caller("personal").get("/enterprise").refused(403, "not_enterprise_user")
    assert not Event.objects.filter(sandbox__key=world.id, name="record.checked").exists()
