"""FAQ 2.17: 《报关单位备案信息表》 is printed with cells empty or cut.

问：……在预览打印的时候，该表格显示不全，下载的表格中 “统一社会信用代码”、“企业地址”等空格均为空或显示不全，应如何处理？
答：该字段字体有限，虽这两个字段显示不全或为空，但“单一窗口”系统向海关传输的电子数据是完整的，并不会影响海关审批，请企业直接操作申报。
"""

import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.client import PDF, World
from tests.faq.test_faq_2_7 import paper
from tests.printing.paper import text

pytestmark = pytest.mark.faq("2.17")

ADDRESSES = {
    "usual": "广东省深圳市福田区福中三路1006号",
    "two hundred characters": "广东省深圳市" + "福田区福中三路诺德中心" * 18,
    "a rare character": "广东省深圳市𠮷祥路喆堃大厦1号",
    "a character no printer has": "广东省深圳市𠀂祥路喆堃大厦1号",
}


def truncate(world: World) -> None:
    world.control.post("/situation", {"situation": "print_truncated", "uscc": world.accounts["cardless"]["uscc"]}).ok(
        200
    )


@pytest.mark.parametrize("disposition", ["inline", "attachment"])
def test_the_credit_code_is_empty_and_the_address_cut_on_paper_only(disposition: str, world: World) -> None:
    draft, uscc = world.draft(), world.accounts["cardless"]["uscc"]
    address = ADDRESSES["usual"]
    whole = text(paper(world, draft, disposition).body)
    assert uscc in whole
    assert address in whole
    truncate(world)
    cut = text(paper(world, draft, disposition).body)
    assert uscc not in cut
    assert address not in cut
    assert f"住所(主要经营场所){address[:6]}" in cut
    assert "深圳市云帆演练国际贸易有限公司" in cut, "the other cells are whole"


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_what_is_sent_to_customs_is_whole_and_has_the_digest_of_the_data(address: str, world: World) -> None:
    sheet = world.sheet(address_cn=address)
    draft = world.draft(address_cn=address)
    truncate(world)
    paper(world, draft, "attachment").ok(200)
    world.declare(draft).ok(200)
    paper(world, draft).ok(200)
    sent = world.caller().get(f"/filings/{draft}/transmitted").ok(200)
    assert sent["sha256"] == hashlib.sha256(sent["text"].encode()).hexdigest()
    assert json.loads(sent["text"]) == sent["message"]
    content = sent["message"]["content"]
    assert {name: content[name] for name in ("uscc", "address_cn", "address_en", "name_cn")} == {
        name: sheet[name] for name in ("uscc", "address_cn", "address_en", "name_cn")
    }


def test_the_flawed_sheet_attached_does_not_hinder_declaring_nor_the_approval(world: World) -> None:
    draft = world.draft()
    truncate(world)
    flawed = paper(world, draft, "attachment").body
    world.caller().upload(draft, flawed, type="record_form").ok(201)
    declared = world.declare(draft, X_Sim_Scenario="approve").ok(200)
    assert "record_form_missing" not in {warning["code"] for warning in declared["warnings"]}
    world.advance(until="idle")
    assert world.caller().get(f"/filings/{draft}")["status"] == "approved"


def test_without_a_sheet_it_is_a_warning_and_no_error(world: World) -> None:
    assert "record_form_missing" in {warning["code"] for warning in world.declare().ok(200)["warnings"]}


def test_a_credit_code_that_is_really_missing_is_another_matter(world: World) -> None:
    draft = world.draft(uscc=None)
    world.caller().patch(f"/filings/{draft}", {"content": {"uscc": None}}).ok(200)
    assert world.declare(draft).errors == {"/content/uscc": "required"}


def test_a_character_the_printer_has_not_is_told_in_a_header(world: World) -> None:
    draft = world.draft(address_cn=ADDRESSES["a character no printer has"])
    answer = paper(world, draft)
    assert answer.headers["X-Sim-Missing-Glyphs"] == "1"
    assert "广东省深圳市〓祥路喆堃大厦1号" in text(answer.body)
    assert "X-Sim-Missing-Glyphs" not in paper(world, world.draft()).headers


@given(address=st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf"]), min_size=1, max_size=255))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_printer_does_the_data_stay_as_they_were(address: str, world: World) -> None:
    draft, mine = world.draft(), world.caller()
    mine.patch(f"/filings/{draft}", {"content": {"address_cn": address}}).ok(200)
    before = mine.get(f"/filings/{draft}").json
    truncate(world)
    for disposition in ("inline", "attachment"):
        assert paper(world, draft, disposition).ok(200).body.startswith(PDF[:5])
    assert mine.get(f"/filings/{draft}").json == before


def test_the_hash_of_the_paper_tells_that_it_is_another_paper(world: World) -> None:
    draft = world.draft()
    whole = paper(world, draft).headers["X-Document-Hash"]
    truncate(world)
    cut = paper(world, draft)
    assert cut.headers["X-Document-Hash"] != whole
    assert cut.headers["X-Document-Number"] == paper(world, draft, "attachment").headers["X-Document-Number"]
