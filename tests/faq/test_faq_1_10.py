"""FAQ 1.10: which enterprises may print 报关单位备案证明.

问：……哪些类型的企业可以打印“报关单位备案证明”?
答：报关企业及其分支机构、进出口货物收发货人及其分支机构、临时注册登记单位可以打印《报关单位备案证明》。
"""

from urllib.parse import unquote

import pytest

from filings.models import Event, Mirror
from tests.api.client import Answer, Caller, World
from tests.printing.paper import read, text

pytestmark = pytest.mark.faq("1.10")

CERTIFICATE = "/enterprise/certificate.pdf"
WORDS = "报关企业及其分支机构、进出口货物收发货人及其分支机构、临时注册登记单位可以打印《报关单位备案证明》"

MAY_PRINT = {
    "10000000": ("进出口货物收发货人", True),
    "20000000": ("进出口货物收发货人分支机构", True),
    "01000000": ("报关企业", True),
    "00100000": ("报关企业分支机构", True),
    "00010000": ("特殊监管区域双重身份企业", False),
    "00000100": ("临时注册登记单位", True),
}


def by_ledger(world: World, role: str = "card", **facts: object) -> Caller:
    """A role's enterprise after customs changed its record and synced it."""
    uscc = world.accounts[role]["uscc"]
    world.control.put(f"/ledgers/customs/{uscc}", facts).ok(200)
    world.control.post("/sync", {"uscc": uscc}).ok(200)
    return world.caller(role)


def events(world: World, name: str) -> list[Event]:
    return list(Event.objects.filter(sandbox__key=world.id, name=name).order_by("seq"))


@pytest.mark.parametrize("category", MAY_PRINT)
def test_five_of_the_six_categories_may_print_it(category: str, world: World) -> None:
    name, may = MAY_PRINT[category]
    firm = world.caller(f"category:{category}")
    assert firm.get("/enterprise")["capabilities"] == {"print_certificate": may}
    answer = firm.get(CERTIFICATE)
    if not may:
        answer.refused(403, "category_not_printable")
        return
    said = text(answer.ok(200).body)
    for words in ("报关单位备案证明", name, world.accounts[f"category:{category}"]["uscc"], "模拟样张非官方文件"):
        assert words in said


def test_it_tells_what_the_single_window_shows(world: World) -> None:
    shown = world.caller("card").get("/enterprise")
    said = text(world.caller("card").get(CERTIFICATE).body)
    for name in ("uscc", "name_cn", "customs_code", "inspection_number", "registered_on"):
        assert shown[name] in said
    assert "有效期长期" in said
    temporary = world.caller("category:00000100")
    assert f"至{temporary.get('/enterprise')['valid_until']}" in text(temporary.get(CERTIFICATE).body)


def test_printed_twice_it_has_one_number_and_two_events(world: World) -> None:
    mine, uscc = world.caller("card"), world.accounts["card"]["uscc"]
    one, two = mine.get(f"{CERTIFICATE}?disposition=inline"), mine.get(f"{CERTIFICATE}?disposition=attachment")
    number = one.headers["X-Document-Number"]
    assert number == two.headers["X-Document-Number"] == f"SIM-BAZM-{uscc}-20200719"
    assert number in text(one.body)
    assert one.body == two.body
    for name in ("document.previewed", "document.downloaded"):
        (event,) = events(world, name)
        assert (event.subject, event.uscc, event.actor) == (uscc, uscc, "card")
        assert (event.data["document"], event.data["number"]) == ("certificate", number)
        assert event.data["sha256"] == one.headers["X-Document-Hash"]


def test_the_file_has_a_name_of_its_own(world: World) -> None:
    told = world.caller("card").get(f"{CERTIFICATE}?disposition=attachment").headers["Content-Disposition"]
    assert told.startswith("attachment; filename*=UTF-8''")
    assert (
        unquote(told.partition("''")[2]) == f"报关单位备案证明_SIM-BAZM-{world.accounts['card']['uscc']}-20200719.pdf"
    )


def test_it_is_a_specimen_on_a4_with_its_font(world: World) -> None:
    (page,) = read(world.caller("card").get(CERTIFICATE).body)
    assert page.size == pytest.approx((595.28, 841.89), abs=0.01)
    assert page.text.count("模拟样张 非官方文件") == 2


def test_before_the_approval_there_is_none(world: World) -> None:
    mine = world.caller("cardless")
    refused = mine.get(CERTIFICATE).refused(409, "certificate_not_registered")
    assert (refused["standing"], refused["faq"], refused["provenance"]) == ("not_registered", "2.4", "ours")
    world.declare(X_Sim_Scenario="approve").ok(200)
    mine.get(CERTIFICATE).refused(409, "certificate_not_registered")
    world.advance(until="idle")
    mine.get(CERTIFICATE).ok(200)


def test_overdue_or_deregistered_there_is_none(world: World) -> None:
    overdue = by_ledger(world, valid_until="2021-11-30").get(CERTIFICATE)
    assert overdue.refused(409, "certificate_overdue")["faq"] == "2.15"
    by_ledger(world, valid_until="2021-12-01").get(CERTIFICATE).ok(200)
    by_ledger(world, valid_until=None, deregistered_on="2021-11-30").get(CERTIFICATE).refused(
        409, "certificate_deregistered"
    )


def test_a_deregistration_takes_it_away_when_approved_and_not_before(world: World) -> None:
    filing = world.begin("deregistration", reason="停止经营").ok(201)["id"]
    world.submit(filing, scenario="approve").ok(200)
    world.caller("card").get(CERTIFICATE).ok(200)
    world.advance(until="idle")
    world.caller("card").get(CERTIFICATE).refused(409, "certificate_deregistered")


def test_a_mirror_that_lags_decides_as_it_stands(world: World) -> None:
    uscc = world.accounts["card"]["uscc"]
    world.control.put(f"/ledgers/customs/{uscc}", {"categories": ["00010000"]}).ok(200)
    world.caller("card").get(CERTIFICATE).ok(200)
    world.control.post("/sync", {"uscc": uscc}).ok(200)
    world.caller("card").get(CERTIFICATE).refused(403, "category_not_printable")


@pytest.mark.parametrize("categories", [[], ["00000001"], ["unknown"]])
def test_a_category_the_document_does_not_name_may_not_and_is_no_error(categories: list[str], world: World) -> None:
    firm = by_ledger(world)
    # The ledger knows the six categories only; what an older record may hold is laid into the mirror by hand.
    Mirror.objects.filter(sandbox__key=world.id, uscc=world.accounts["card"]["uscc"]).update(categories=categories)
    assert firm.get("/enterprise")["capabilities"] == {"print_certificate": False}
    refused = firm.get(CERTIFICATE).refused(403, "category_not_printable")
    assert (refused["detail"], refused["faq"], refused["categories"]) == (WORDS, "1.10", categories)


def test_of_several_categories_one_that_may_is_enough(world: World) -> None:
    firm = by_ledger(world, categories=["10000000", "00100000"])
    assert "进出口货物收发货人、报关企业分支机构" in text(firm.get(CERTIFICATE).ok(200).body)


def test_a_category_asked_for_is_printed_when_it_is_approved_and_not_before(world: World) -> None:
    firm, change = world.caller("card"), world.change(added_categories=["01000000"])
    world.submit(change, scenario="approve").ok(200)
    for said, now in ((["进出口货物收发货人"], "declared"), (["进出口货物收发货人", "报关企业"], "approved")):
        assert firm.get(f"/filings/{change}")["status"] == now
        assert f"报关单位类型{'、'.join(said)}海关备案编码" in text(firm.get(CERTIFICATE).ok(200).body)
        world.advance(until="idle")


def test_a_refusal_is_noted_and_nothing_is_printed(world: World) -> None:
    world.caller("category:00010000").get(CERTIFICATE).refused(403, "category_not_printable")
    (event,) = events(world, "refused")
    assert event.data == {"verb": "print_certificate", "code": "category_not_printable", "faq": "2.18"}
    assert not events(world, "document.previewed")


def asks(who: Caller, query: str = "") -> Answer:
    return who.get(CERTIFICATE + query)


def test_who_may_not_ask_is_told_so(world: World, anyone: Caller) -> None:
    asks(anyone).refused(401, "not_authenticated")
    asks(world.caller("personal")).refused(403, "not_enterprise_user")
    asks(world.caller("card"), "?disposition=email").refused(400, "unknown_parameter")
    asks(world.caller("card"), "?format=pdf").refused(400, "unknown_parameter")
    assert not events(world, "document.previewed")


def test_asking_for_headers_alone_prints_nothing(world: World) -> None:
    assert world.caller("card").call("HEAD", CERTIFICATE).status == 200
    assert not events(world, "document.previewed")
