"""FAQ 2.18: approved, customs says it can be printed, and there is no button.

问：企业……已备案审批通过，想打印报关单位备案证明，但系统上无此界面，企业已与海关核实可以在系统上打印报关单位备案证明，应如何处理?
答：企业经营类别是特殊监管区域双重身份的企业，系统页面上则不会显示“报关单位备案证明”打印按钮。
"""

import pytest

from tests.api.client import World
from tests.faq.test_faq_1_10 import CERTIFICATE, by_ledger

pytestmark = pytest.mark.faq("2.18")

WORDS = "企业经营类别是特殊监管区域双重身份的企业，系统页面上则不会显示“报关单位备案证明”打印按钮"
DUAL = "category:00010000"


@pytest.mark.parametrize("disposition", ["inline", "attachment"])
def test_an_enterprise_of_double_identity_is_told_why_in_the_very_words(disposition: str, world: World) -> None:
    firm = world.caller(DUAL, "card")
    shown = firm.get("/enterprise")
    assert (shown["standing"], shown["capabilities"]) == ("normal", {"print_certificate": False})
    refused = firm.get(f"{CERTIFICATE}?disposition={disposition}").refused(403, "category_not_printable")
    assert (refused["detail"], refused["faq"], refused["provenance"]) == (WORDS, "2.18", "documented")
    assert "注销" in refused["remedy"]
    assert b"%PDF" not in refused.body


def test_asking_customs_changes_nothing(world: World) -> None:
    firm = world.caller(DUAL)
    firm.post("/tickets", {"desk": "customs", "topic": "sync", "text": "可以打印吗"}).ok(201)
    world.advance(until="idle")
    firm.get(CERTIFICATE).refused(403, "category_not_printable")


@pytest.mark.faq("2.20")
def test_filed_anew_as_a_consignee_it_may_print_after_the_sync(world: World) -> None:
    firm = by_ledger(world, DUAL, deregistered_on="2021-12-01")
    firm.get(CERTIFICATE).refused(409, "certificate_deregistered")
    world.declare(role=DUAL, X_Sim_Scenario="approve").ok(200)
    world.advance(until="idle")
    assert firm.get("/enterprise")["capabilities"] == {"print_certificate": True}
    number = firm.get(CERTIFICATE).ok(200).headers["X-Document-Number"]
    assert number.endswith("-20211202"), "a new registration is another document"
