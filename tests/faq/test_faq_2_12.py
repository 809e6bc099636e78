"""FAQ 2.12: not registered with customs, yet the annual report shows 报关事项.

问：我司非海关注册登记企业，但在年报系统中有“报关事项”内容，应如何处理？
答：如遇该情况，企业可联系深圳海关企业管理和稽查处，提供“统一社会信用代码”、“企业名称”等内容，由海关联系技术部门和市场监管部门进行甄别处置。
联系电话：0755-84397137、84397138（周一至周五 9:00-12:00,13:30-17:30）。
"""

import pytest

from filings.lab.faults import glitches
from filings.models import AnnualReport, Sandbox, Ticket
from tests.api.client import Answer, World

pytestmark = [pytest.mark.faq("2.12"), pytest.mark.django_db]

FRIDAY = "2021-12-03"


def at(moment: str) -> World:
    return World(clock={"mode": "frozen", "now": moment}, situation="phantom_customs_section")


@pytest.fixture
def haunted(db: None) -> World:
    """A Wednesday at nine; the enterprise of `card` is on no book, and its page shows 报关事项."""
    return World(situation="phantom_customs_section")


def form(world: World, role: str = "card") -> Answer:
    return world.caller(role).get("/annual-reports/form?year=2020").ok(200)


def titles(answer: Answer) -> list[str]:
    return [section["title"] for section in answer["sections"]]


def question(world: World, role: str = "card", **more: object) -> dict[str, object]:
    names = {one["uscc"]: one["name_cn"] for one in world.opened["enterprises"]}
    uscc = world.accounts[role]["uscc"]
    body = {
        "desk": "customs_inspection",
        "topic": "phantom_section",
        "uscc": uscc,
        "enterprise_name": names[uscc],
        **more,
    }
    return {name: value for name, value in body.items() if value is not None}


def test_a_registered_enterprise_sees_the_section_and_nothing_is_wrong(world: World) -> None:
    told = form(world)
    assert titles(told) == ["企业基本信息", "联系信息", "报关事项"]
    assert (told["anomaly"], told["advice"]) == (None, None)
    assert told["values"]["customs_code"] == world.caller("card").get("/enterprise")["customs_code"]
    assert told["values"]["contact_name"] == "张演练"
    glitches.put(Sandbox.objects.get(key=world.id), "phantom_customs_section")
    assert form(world)["anomaly"] is None


def test_one_that_is_not_registered_does_not_see_it(world: World) -> None:
    told = form(world, "cardless")
    assert titles(told) == ["企业基本信息", "联系信息"]
    assert told["anomaly"] is None
    assert "traded" not in told["values"]


def test_the_section_that_should_not_be_there_is_told_as_an_anomaly_with_whom_to_contact(haunted: World) -> None:
    told = form(haunted)
    assert "报关事项" in titles(told)
    assert told["anomaly"] == "customs_section_without_registration"
    assert told["advice"]["contact"] == "0755-84397137、84397138（周一至周五 9:00-12:00,13:30-17:30）"
    assert "深圳海关企业管理和稽查处" in told["advice"]["text"]
    assert form(haunted, "category:10000000")["anomaly"] is None


@pytest.mark.parametrize(
    "content", [{}, {"traded": False}, {"traded": True, "import_amount": "0", "export_amount": "0"}]
)
def test_filling_it_in_anyway_is_refused_and_nothing_is_kept(content: dict, haunted: World) -> None:
    refused = (
        haunted.caller("card")
        .post("/annual-reports", {"year": 2020, "content": content})
        .refused(409, "phantom_section")
    )
    assert refused["faq"] == "2.12"
    assert "由海关联系技术部门和市场监管部门进行甄别处置" in refused["remedy"]
    assert not AnnualReport.objects.exists()


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"uscc": None}, {"/uscc": "required"}),
        ({"enterprise_name": None}, {"/enterprise_name": "required"}),
        ({"uscc": None, "enterprise_name": "  "}, {"/enterprise_name": "min_length"}),
        ({"uscc": None, "enterprise_name": None}, {"/uscc": "required", "/enterprise_name": "required"}),
        ({"uscc": "91440399MAMK00013D"}, {"/uscc": "uscc_invalid"}),
        ({"uscc": "91440399MAMK00013C"}, {"/uscc": "uscc_mismatch"}),
    ],
)
def test_the_desk_needs_both_the_credit_code_and_the_name(given: dict, errors: dict[str, str], haunted: World) -> None:
    answer = haunted.caller("card").post("/tickets", question(haunted, **given))
    assert answer.status == 422
    assert set(answer.errors) == set(errors)
    if "min_length" not in errors.values():
        assert answer.errors == errors
    assert not Ticket.objects.exists()


def test_once_answered_the_section_is_gone(haunted: World) -> None:
    clerk = haunted.caller("card")
    ticket = clerk.post("/tickets", question(haunted)).ok(201)
    assert (ticket["desk_label"], ticket["uscc"]) == ("深圳海关企业管理和稽查处", haunted.accounts["card"]["uscc"])
    assert "报关事项" in titles(form(haunted))
    haunted.wait(minutes=30)
    answered = clerk.get(f"/tickets/{ticket['id']}").ok(200)
    assert answered["outcome"] == "mended"
    assert "市场监管部门" in answered["answer"]
    told = form(haunted)
    assert ("报关事项" in titles(told), told["anomaly"]) == (False, None)
    haunted.caller("card").post("/annual-reports", {"year": 2020}).refused(409, "not_required")
    again = clerk.post("/tickets", question(haunted)).ok(201)
    haunted.wait(minutes=30)
    assert clerk.get(f"/tickets/{again['id']}")["outcome"] == "nothing_to_do"


def test_a_full_width_credit_code_is_the_same(haunted: World) -> None:
    wide = "".join(chr(ord(account) + 0xFEE0) for account in haunted.accounts["card"]["uscc"])
    assert (
        haunted.caller("card").post("/tickets", question(haunted, uscc=wide)).ok(201)["uscc"]
        == haunted.accounts["card"]["uscc"]
    )


def test_the_wrong_name_or_the_wrong_desk_mends_nothing(haunted: World) -> None:
    clerk = haunted.caller("card")
    named = clerk.post("/tickets", question(haunted, enterprise_name="另一公司")).ok(201)["id"]
    elsewhere = clerk.post("/tickets", question(haunted, desk="customs")).ok(201)["id"]
    haunted.wait(minutes=30)
    assert clerk.get(f"/tickets/{named}")["outcome"] == "not_identified"
    assert clerk.get(f"/tickets/{elsewhere}")["outcome"] == "other_desk"
    assert form(haunted)["anomaly"]


def test_where_everybodys_page_is_wrong_one_is_mended_and_the_others_wait(world: World) -> None:
    sandbox = Sandbox.objects.get(key=world.id)
    glitches.put(sandbox, "phantom_customs_section")
    assert form(world, "cardless")["anomaly"]
    world.caller().post("/tickets", question(world, "cardless")).ok(201)
    world.wait(minutes=30)
    assert form(world, "cardless")["anomaly"] is None
    glitches.put(sandbox, "phantom_customs_section", world.accounts["cardless"]["uscc"])
    assert form(world, "cardless")["anomaly"]


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (f"{FRIDAY}T08:59:59+08:00", f"{FRIDAY}T09:00:00+08:00"),
        (f"{FRIDAY}T00:59:59Z", f"{FRIDAY}T09:00:00+08:00"),
        (f"{FRIDAY}T09:00:00+08:00", None),
        (f"{FRIDAY}T01:00:00Z", None),
        (f"{FRIDAY}T11:59:59+08:00", None),
        (f"{FRIDAY}T12:00:00+08:00", f"{FRIDAY}T13:30:00+08:00"),
        (f"{FRIDAY}T12:10:00+08:00", f"{FRIDAY}T13:30:00+08:00"),
        (f"{FRIDAY}T13:29:59+08:00", f"{FRIDAY}T13:30:00+08:00"),
        (f"{FRIDAY}T13:30:00+08:00", None),
        (f"{FRIDAY}T17:29:59+08:00", None),
        (f"{FRIDAY}T17:30:00+08:00", "2021-12-06T09:00:00+08:00"),
        ("2021-12-04T10:00:00+08:00", "2021-12-06T09:00:00+08:00"),
    ],
)
def test_it_is_there_in_its_hours_only(moment: str, opens: str | None) -> None:
    world = at(moment)
    answer = world.caller("card").post("/tickets", question(world))
    if opens is None:
        answer.ok(201)
    else:
        refused = answer.refused(409, "desk_closed")
        assert refused["next_open_at"] == opens
        assert "周一至周五 9:00-12:00,13:30-17:30" in refused["detail"]
        world.advance(to=opens)
        world.caller("card").post("/tickets", question(world)).ok(201)


def test_the_other_desks_keep_no_hours() -> None:
    world = at("2021-12-04T23:00:00+08:00")
    world.caller("card").post("/tickets", {"desk": "customs", "topic": "sync"}).ok(201)
    world.caller("card").post("/tickets", {"desk": "platform", "topic": "status"}).ok(201)
