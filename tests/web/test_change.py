"""注册信息变更申请 and 注销申请 as requests and answers: who may open them, what they show, what of a page is
written."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from filings import desk
from filings.counters import mandates
from filings.customs import officer
from filings.lab.worlds import cast, fixtures, worlds
from filings.models import Card, Event, Filing, Mandate, Mirror, Sandbox, Visit
from tests.web.pages import Page, flat

CHANGE, DEREGISTRATION = "/filings/new?kind=change", "/filings/new?kind=deregistration"
OWN, CLIENT = cast.CARD.uscc, cast.BY_CATEGORY["10000000"].uscc
ADDRESS = "广东省深圳市福田区福中三路1008号"


@pytest.fixture
def enter(enter: Callable[..., Client]) -> Callable[..., Client]:
    """A client logged in as a role, by card unless told."""

    def as_role(role: str = "card", medium: str = "card_token") -> Client:
        return enter(role, medium)

    return as_role


def posted(uscc: str = OWN, **more: Any) -> dict[str, Any]:
    """The whole page over an enterprise's record, some of it typed anew."""
    firm = next(one for one in cast.FIRMS if one.uscc == uscc)
    return dict(flat(firm.content)) | {"shown": uscc, "investors.0.amount_usd": "78.50"} | more


def read(client: Client, address: str, status: int = 200) -> Page:
    reply = client.get(address)
    assert reply.status_code == status, reply.content.decode()
    return Page(reply)


def changes(page: Page) -> int:
    """How many a page counts."""
    return int(page.find("[data-count]").text)


class TestWhoMay:
    @pytest.mark.faq("1.5")
    @pytest.mark.parametrize("address", [CHANGE, DEREGISTRATION])
    def test_a_password_is_told_to_come_by_card_and_back(
        self, enter: Callable[..., Client], sandbox: Sandbox, address: str
    ) -> None:
        told = read(enter(medium="token"), address, 403)
        assert "只有有卡用户使用卡介质方式登录才能进行海关通用资质中“变更申请”、“注销申请”等相关操作" in told
        kind = address.partition("=")[2]
        back = f"/login?medium=card&sandbox={sandbox.key}&next=%2Ffilings%2Fnew%3Fkind%3D{kind}"
        assert back in [one["href"] for one in told.all("a.btn") if one.text == "使用卡介质方式登录"]
        assert Event.objects.filter(name="refused", data__code="card_login_required").count() == 1
        assert not Filing.objects.exists()

    @pytest.mark.faq("1.5")
    def test_the_menu_says_so_before(self, enter: Callable[..., Client]) -> None:
        told = read(enter(medium="token"), "/")
        for label in ("注册信息变更申请", "注销申请"):
            assert label in told.texts('a[role="link"][aria-disabled="true"]:not([href])')
            assert told.link(f"{label}：使用卡介质方式登录").startswith("/login?")
        assert "/filings/new?kind=change" not in told.links
        by_card = read(enter(), "/")
        assert not by_card.has("[aria-disabled]")
        assert "/filings/new?kind=change" in by_card.links

    @pytest.mark.faq("2.3")
    def test_a_personal_user_is_told_what_he_is_instead(self, enter: Callable[..., Client]) -> None:
        client = enter("personal", "token")
        assert not read(client, "/").has("[aria-disabled]")
        assert "当前用户不是企业用户，无法操作" in read(client, CHANGE, 403)

    @pytest.mark.faq("1.5")
    def test_a_card_that_ends_in_the_session_ends_it_and_what_was_typed_is_kept(
        self, enter: Callable[..., Client], sandbox: Sandbox
    ) -> None:
        client = enter()
        client.post(CHANGE, posted(address_cn=ADDRESS))
        at = f"/filings/{Filing.objects.get().public_id}"
        worlds.enter(sandbox, "card_expired")
        for page in (at, "/", "/enterprise", f"{at}/receipts"):
            reply = client.get(page)
            assert (reply.status_code, ADDRESS in Page(reply).source) == (401, False)
            assert "登录所用的卡已过期，登录已结束" in Page(reply)
            assert any(link.startswith("/login?next=") for link in Page(reply).links)
        reply = client.post(
            at, posted(address_cn="另一处") | {"do": "declare"}, headers={"Origin": "http://testserver"}
        )
        told = Page(reply)
        assert (reply.status_code, "登录所用的卡已过期，登录已结束" in told, "另一处" in told.values) == (
            401,
            True,
            True,
        )
        assert (Filing.objects.get().status, Filing.objects.get().content["address_cn"]) == ("draft", ADDRESS)

    @pytest.mark.faq("1.5")
    def test_a_draft_begun_by_card_is_not_declared_by_password(self, enter: Callable[..., Client]) -> None:
        enter().post(CHANGE, posted(address_cn=ADDRESS))
        filing = Filing.objects.get()
        reply = enter(medium="token").post(f"/filings/{filing.public_id}", {"do": "declare"})
        assert reply.status_code == 403
        assert (Filing.objects.get().status, Filing.objects.get().version) == ("draft", filing.version)

    @pytest.mark.faq("2.4")
    def test_an_enterprise_not_on_record_is_told_where_to_look(
        self, enter: Callable[..., Client], sandbox: Sandbox
    ) -> None:
        worlds.enter(sandbox, "not_synced")
        for address in (CHANGE, DEREGISTRATION):
            told = read(enter(), address, 409)
            assert "单一窗口没有该企业的备案" in told
            assert told.has('a.btn[href="/enterprise"]')


class TestOverTheRecord:
    def test_a_new_page_shows_the_record_and_no_change(self, enter: Callable[..., Client]) -> None:
        told = read(enter(), CHANGE)
        assert told.value("name_cn") == cast.CARD.name_cn
        assert "本次变更" in told
        assert changes(told) == 0
        assert "承诺办结时限 3 个工作日（公开资料）" in told
        assert not Filing.objects.exists()

    def test_only_what_differs_is_kept_and_marked(self, enter: Callable[..., Client]) -> None:
        client = enter()
        reply = client.post(CHANGE, posted(address_cn=ADDRESS, name_en="", remarks=""))
        filing = Filing.objects.get()
        assert filing.content == {"address_cn": ADDRESS, "name_en": None}
        told = read(client, reply["Location"])
        assert changes(told) == 2
        assert cast.REFERENCE["address_cn"] in told.texts("del[data-was-text]")
        assert f"原： {cast.REFERENCE['address_cn']}" in told
        assert "（空）" in told.texts("ins")

    def test_a_page_put_back_to_the_record_keeps_nothing_and_is_not_declared(
        self, enter: Callable[..., Client]
    ) -> None:
        client = enter()
        client.post(CHANGE, posted(address_cn=ADDRESS))
        filing = Filing.objects.get()
        client.post(f"/filings/{filing.public_id}", posted())
        assert Filing.objects.get().content == {}
        reply = client.post(f"/filings/{filing.public_id}", posted() | {"do": "declare"})
        assert reply.status_code == 422
        assert "变更申请没有变更任何一项" in Page(reply)
        assert cast.CARD.name_cn in Page(reply)

    def test_rows_are_marked_changed_added_and_removed(self, enter: Callable[..., Client]) -> None:
        client = enter()
        other = {
            f"investors.1.{key}": value
            for key, value in {
                "name": "李演练",
                "country": "HKG",
                "method": "货币",
                "amount": "10",
                "currency": "HKD",
            }.items()
        }
        reply = client.post(CHANGE, posted(**{"investors.0.amount": "800"}, **other))
        told = read(client, reply["Location"])
        assert "出资者信息第1行：出资金额(万)" in told
        assert "李演练，HKG 中国香港" in told
        reply = client.post(reply["Location"], posted(**{"investors.0.name": "别人"}))
        told = read(client, reply["Location"])
        row = "张演练，CHN 中国，货币，500.00，CNY 人民币"
        assert f"已删除 {row}" in told
        assert row in told.texts("del")

    @pytest.mark.faq("2.16")
    def test_an_amount_in_usd_forced_into_the_page_changes_nothing(
        self, enter: Callable[..., Client], sandbox: Sandbox
    ) -> None:
        client = enter()
        before = Mirror.objects.get(sandbox=sandbox, uscc=OWN).investors[0]["amount_usd"]
        reply = client.post(CHANGE, posted(**{"investors.0.amount_usd": "999.00"}))
        assert Filing.objects.get().content == {}
        told = read(client, reply["Location"])
        assert told.value("investors.0.amount_usd") == before
        assert "999.00" not in told.source
        assert "无法在“单一窗口”进行修改，若企业需修改，请向主管海关企管部门申请" in told
        assert told.link("联系主管海关") == "/tickets?desk=customs&topic=usd"

    @pytest.mark.faq("2.20")
    def test_another_category_forced_into_the_page_changes_nothing(self, enter: Callable[..., Client]) -> None:
        client = enter("category:00010000")
        uscc = cast.BY_CATEGORY["00010000"].uscc
        reply = client.post(CHANGE, posted(uscc, category="10000000", added_categories="10000000"))
        assert Filing.objects.get().content == {}
        told = read(client, reply["Location"])
        assert "“经营类别”已经审批通过不可以变更" in told
        assert "特殊监管区域双重身份企业" in {*told.texts("option"), *told.values}
        assert told.link("办理注销申请") == "/filings/new?kind=deregistration"

    def test_other_grey_fields_are_not_written_from_a_page(self, enter: Callable[..., Client]) -> None:
        enter().post(CHANGE, posted(uscc=OWN, customs_office="5301", filing_scope="customs", customs_code="0000000000"))
        assert Filing.objects.get().content == {}

    def test_the_state_says_what_has_changed_so_far(self, enter: Callable[..., Client]) -> None:
        told = enter().post(
            "/filings/state", {"kind": "change", **posted(address_cn=ADDRESS, **{"investors.0.amount": "9"})}
        )
        laid = told.json()["laid"]
        assert laid["was"] == {"address_cn": cast.REFERENCE["address_cn"], "investors.0.amount": "500.00"}
        assert [one["label"] for one in laid["listed"]] == ["工商注册地址", "出资者信息第1行：出资金额(万)"]
        assert "laid" not in enter("cardless", "token").post("/filings/state", {"kind": "registration"}).json()

    def test_without_a_script_a_row_goes_and_comes_by_a_round_trip(self, enter: Callable[..., Client]) -> None:
        client = enter()
        told = Page(client.post(CHANGE, posted(address_cn=ADDRESS) | {"do": "drop:investors.0"}))
        assert "已删除" in told.texts("b")
        assert told.value("address_cn") == ADDRESS
        assert not Filing.objects.exists()

    def test_a_declared_change_reads_with_its_changes_and_its_promised_day(self, enter: Callable[..., Client]) -> None:
        client = enter()
        reply = client.post(CHANGE, posted(address_cn=ADDRESS) | {"do": "declare"})
        told = read(client, reply["Location"])
        assert changes(told) == 1
        assert ADDRESS in told.texts("ins")
        assert told.find('time[datetime="2021-12-06"]').text == "2021-12-06"
        assert cast.REFERENCE["postcode"] in told

    def test_a_declared_change_is_shown_over_the_record_it_was_declared_over(
        self, enter: Callable[..., Client], sandbox: Sandbox
    ) -> None:
        client = enter()
        reply = client.post(CHANGE, posted(address_cn=ADDRESS) | {"do": "declare"})
        filing = Filing.objects.get()
        officer.advance(sandbox, filing.public_id, "approved", sandbox.now())
        assert Mirror.objects.get(sandbox=sandbox, uscc=OWN).content["address_cn"] == ADDRESS
        told = read(client, reply["Location"])
        assert cast.REFERENCE["address_cn"] in told.texts("del")
        assert changes(read(client, CHANGE)) == 0

    def test_copying_a_refused_change_keeps_what_it_changes(
        self, enter: Callable[..., Client], sandbox: Sandbox
    ) -> None:
        refused = fixtures.filing(sandbox, kind="change", uscc=OWN, state="rejected")
        reply = enter().post(f"/filings/{refused.public_id}/copy")
        assert changes(read(enter(), reply["Location"])) == 1

    def test_customs_sees_what_changes(self, client: Client, enter: Callable[..., Client], sandbox: Sandbox) -> None:
        enter().post(CHANGE, posted(address_cn=ADDRESS))
        filing = Filing.objects.get()
        draft = read(client, f"/customs/{sandbox.key}/{filing.public_id}")
        assert cast.REFERENCE["postcode"] in draft
        enter().post(f"/filings/{filing.public_id}", posted(address_cn=ADDRESS) | {"do": "declare"})
        told = read(client, f"/customs/{sandbox.key}/{filing.public_id}")
        assert "本次变更" in told
        assert cast.REFERENCE["address_cn"] in told.texts("del")


@pytest.mark.faq("1.7")
class TestForAPrincipal:
    @pytest.fixture
    def principal(self, sandbox: Sandbox, agent: Visit, visit: Callable[..., Visit]) -> str:
        mandates.give(visit("category:10000000", "card"), agent.enterprise.uscc)
        return CLIENT

    def test_the_page_shows_the_principal_s_record_once_it_is_chosen(
        self, enter: Callable[..., Client], principal: str
    ) -> None:
        client = enter("agent")
        assert read(client, CHANGE).value("name_cn") == cast.AGENT.name_cn
        chosen = {"filing_mode": "agent", "principal": principal, "do": "whom"}
        told = Page(client.post(CHANGE, posted(cast.AGENT.uscc) | chosen))
        name = cast.BY_CATEGORY["10000000"].name_cn
        assert f"已载入{name}的备案，请核对后再填写" in told
        assert told.value("name_cn") == name
        assert told.value("shown") == principal
        assert changes(told) == 0

    def test_one_record_is_never_written_into_another(self, enter: Callable[..., Client], principal: str) -> None:
        client = enter("agent")
        page = posted(cast.AGENT.uscc) | {"filing_mode": "agent", "principal": principal}
        for verb in ("save", "declare"):
            told = Page(client.post(CHANGE, page | {"do": verb}))
            assert "已载入" in told
        assert not Filing.objects.exists()
        client.post(CHANGE, posted(principal, address_cn=ADDRESS) | {"filing_mode": "agent", "principal": principal})
        filing = Filing.objects.get()
        assert (filing.enterprise.uscc, filing.agent.uscc, filing.content) == (
            principal,
            cast.AGENT.uscc,
            {"address_cn": ADDRESS},
        )

    def test_once_the_mandate_has_ended_the_draft_says_so_and_shows_nothing(
        self, enter: Callable[..., Client], principal: str
    ) -> None:
        client, page = enter("agent"), posted(principal, address_cn="金丝雀路1号")
        client.post(CHANGE, page | {"filing_mode": "agent", "principal": principal})
        at = f"/filings/{Filing.objects.get().public_id}"
        assert "金丝雀" in read(client, at)
        Mandate.objects.filter(principal__uscc=principal).update(revoked_at=Filing.objects.get().created_at)
        told = read(client, at)
        assert "在此之前不显示草稿内容，草稿可以删除" in told
        assert ("金丝雀" in told.source, told.has("#sheet"), told.has('[value="declare"][disabled]')) == (
            False,
            False,
            True,
        )
        for way, status in (
            (f"{at}/print", 403),
            (f"{at}/record-form.pdf", 403),
            (f"{at}/attachments/1", 403),
            (f"{at}/delete", 200),
        ):
            assert "金丝雀" not in read(client, way, status).source
        state = client.post("/filings/state", {"filing": at.rpartition("/")[2]})
        assert (state.status_code, "金丝雀" in state.content.decode()) == (403, False)
        typed = client.post(at, posted(principal, remarks="刚刚填写的") | {"do": "save"})
        assert typed.status_code == 403
        assert "刚刚填写的" in Page(typed)
        assert "金丝雀" not in typed.content.decode()
        assert client.post(f"{at}/delete").status_code == 303
        assert not Filing.objects.exists()

    def test_a_link_leads_to_the_right_principal_s_page(self, enter: Callable[..., Client], principal: str) -> None:
        client = enter("agent")
        link = f"/filings/new?kind=deregistration&filing_mode=agent&principal={principal}"
        assert link in read(client, "/").links
        assert cast.BY_CATEGORY["10000000"].name_cn in read(client, link.replace("&amp;", "&"))

    def test_a_principal_not_on_record_is_told(self, enter: Callable[..., Client]) -> None:
        chosen = {"filing_mode": "agent", "principal": cast.CARDLESS.uscc, "do": "whom"}
        reply = enter("agent").post(CHANGE, posted(cast.AGENT.uscc) | chosen)
        assert reply.status_code == 409
        assert "单一窗口没有该企业的备案" in Page(reply)

    def test_without_a_mandate_no_page_is_opened_and_no_record_denied(
        self, enter: Callable[..., Client], principal: str
    ) -> None:
        client = enter("agent")
        for uscc in (OWN, "91440399MAMK99999X"):
            told = read(client, f"{CHANGE}&filing_mode=agent&principal={uscc}", 403)
            assert ("没有该企业的有效代理授权" in told, "单一窗口没有该企业的备案" in told) == (True, False)

    def test_a_draft_whose_mandate_has_ended_says_so_and_cannot_be_written(
        self, enter: Callable[..., Client], agent: Visit, principal: str
    ) -> None:
        client = enter("agent")
        client.post(CHANGE, posted(principal, address_cn=ADDRESS) | {"filing_mode": "agent", "principal": principal})
        page = f"/filings/{Filing.objects.get().public_id}"
        assert ("没有该企业的有效代理授权" in read(client, page).source, "请您提交申请" in read(client, page)) == (
            False,
            True,
        )
        Mandate.objects.filter(agent=agent.enterprise, principal__uscc=principal).update(revoked_at=agent.now)
        for role in ("agent", "category:10000000"):
            told = read(enter(role), page)
            assert (
                "没有该企业的有效代理授权：未曾授权，或授权已到期、已撤销，请委托企业在“代理授权”中授权本企业" in told,
                "请您提交申请" in told.source,
            ) == (True, False)
            assert all(told.has(f'[value="{verb}"][disabled]') for verb in ("save", "declare"))
            assert "删除" in told.texts("a")

    def test_none_chosen_is_asked_for(self, enter: Callable[..., Client], principal: str) -> None:
        page = posted(cast.AGENT.uscc, address_cn=ADDRESS) | {"filing_mode": "agent", "principal": ""}
        assert "请选择委托企业" in Page(enter("agent").post(CHANGE, page))
        assert not Filing.objects.exists()


class TestDeregistration:
    @pytest.mark.faq("2.4")
    def test_a_draft_whose_record_is_gone_says_so_and_cannot_be_written(
        self, enter: Callable[..., Client], sandbox: Sandbox
    ) -> None:
        client = enter()
        client.post(DEREGISTRATION, {"shown": OWN, "reason": "停止经营"})
        page = f"/filings/{Filing.objects.get().public_id}"
        assert "企业未注册登记" not in read(client, page).source
        worlds.enter(sandbox, "not_synced")
        told = read(client, page)
        assert (
            "企业未注册登记" in told,
            "海关已有备案的，可联系海关同步信息" in told,
            "请您提交申请" in told.source,
        ) == (
            True,
            True,
            False,
        )
        assert all(told.has(f'[value="{verb}"][disabled]') for verb in ("save", "declare"))

    def test_the_record_stands_above_the_sheet(self, enter: Callable[..., Client]) -> None:
        told = read(enter(), DEREGISTRATION)
        for words in (
            cast.CARD.name_cn,
            OWN,
            "进出口货物收发货人",
            "承诺办结时限 11 个工作日（公开资料）",
            "有分支机构的，应先注销全部分支机构（公开资料）",
        ):
            assert words in told
        assert "正常" in told.texts("span")

    def test_branches_are_told_over_the_page(self, enter: Callable[..., Client], sandbox: Sandbox) -> None:
        worlds.enter(sandbox, "branches_registered")
        reply = enter().post(DEREGISTRATION, {"shown": OWN, "reason": "停止经营", "do": "declare"})
        assert reply.status_code == 409
        assert "该企业名下仍有未注销的分支机构，不能注销" in Page(reply)
        assert Page(reply).value("reason") == "停止经营"

    @pytest.mark.faq("2.15")
    def test_an_overdue_enterprise_keeps_its_page(self, enter: Callable[..., Client], sandbox: Sandbox) -> None:
        worlds.enter(sandbox, "overdue_mirror")
        reply = enter().post(DEREGISTRATION, {"shown": OWN, "reason": "停止经营", "do": "declare"})
        assert reply.status_code == 409
        assert "单一窗口显示企业状态为“超期”" in Page(reply)
        assert "基本信息查询" in Page(reply).texts('a.btn[href="/enterprise"][target="_blank"][rel="noopener"]')

    @pytest.mark.faq("2.20")
    def test_the_number_is_struck_through_once_deregistered(
        self, enter: Callable[..., Client], sandbox: Sandbox
    ) -> None:
        worlds.enter(sandbox, "deregistered")
        told = read(enter(), "/enterprise")
        assert told.has('del > code[data-field="inspection_number"]')
        assert "（随备案注销而失效）" in told

    def test_declared_it_is_promised_in_eleven_working_days(self, enter: Callable[..., Client]) -> None:
        client = enter()
        reply = client.post(DEREGISTRATION, {"shown": OWN, "reason": "停止经营", "do": "declare"})
        assert read(client, reply["Location"]).has('time[datetime="2021-12-16"]')


@pytest.mark.faq("2.6")
class TestReceipts:
    @pytest.fixture
    def refused(self, sandbox: Sandbox) -> Filing:
        return fixtures.filing(
            sandbox,
            kind="change",
            uscc=OWN,
            state="rejected",
            reason_code="other",
            public_comment="金丝雀<甲>",
            internal_comment="金丝雀乙",
        )

    def test_the_reason_of_a_refused_change_is_read_by_card(
        self, enter: Callable[..., Client], refused: Filing
    ) -> None:
        client = enter()
        listed = read(client, "/enquiries/filings?business_type=企业变更")
        assert listed.find(f'a[href="/filings/{refused.public_id}/receipts"]')["aria-label"].startswith("查看回执")
        told = read(client, f"/filings/{refused.public_id}/receipts")
        assert "金丝雀<甲>" in told.texts("b")
        assert "金丝雀乙" not in told.source
        read(client, f"/filings/{refused.public_id}/receipts")
        assert Event.objects.filter(name="receipt.viewed", medium="card").count() == 1

    def test_by_password_one_is_told_how_and_comes_back(self, enter: Callable[..., Client], refused: Filing) -> None:
        told = read(enter(medium="token"), f"/filings/{refused.public_id}/receipts", 403)
        assert "可使用电子口岸 IC/IKEY 卡（选择“卡介质”方式）登录“企业资质”系统，在查询—申请单查询中查看回执。" in told
        assert any(f"next=%2Ffilings%2F{refused.public_id}%2Freceipts" in link for link in told.links)
        assert Event.objects.filter(name="refused", data__code="card_login_required").count() == 1
        assert not Event.objects.filter(name="receipt.viewed").exists()

    @pytest.mark.parametrize("medium", ["token", "card_token"])
    def test_the_reason_is_on_no_other_page(self, enter: Callable[..., Client], refused: Filing, medium: str) -> None:
        client = enter(medium=medium)
        for page in (
            f"/filings/{refused.public_id}",
            "/",
            "/enquiries/overview",
            "/enquiries/filings?business_type=企业变更",
            f"/filings/{refused.public_id}/print",
        ):
            assert "金丝雀" not in read(client, page).source
        assert "转人工审核" in read(client, f"/filings/{refused.public_id}")

    def test_a_reason_customs_did_not_write_is_told_as_such(
        self, enter: Callable[..., Client], sandbox: Sandbox
    ) -> None:
        filing = worlds.enter(sandbox, "rejected_change_no_reason").filings[0]
        assert "海关未写明原因" in read(enter(), f"/filings/{filing}/receipts")

    def test_a_refused_registration_has_rows_without_reasons(
        self, enter: Callable[..., Client], sandbox: Sandbox
    ) -> None:
        filing = fixtures.filing(
            sandbox, uscc=cast.CARDLESS.uscc, state="rejected", reason_code="other", public_comment="金丝雀甲"
        )
        told = read(enter("cardless", "token"), f"/filings/{filing.public_id}/receipts")
        assert "“注册登记申请”审批不通过原因，暂时无法在“企业资质”系统中查询，只能联系海关咨询。" in told
        assert f"/tickets?desk=customs&topic=reason&filing={filing.public_id}" in told.links
        assert "金丝雀" not in told.source
        assert "审批不通过原因" not in told.texts("th")

    def test_an_approved_change_has_receipts_without_a_reason(
        self, enter: Callable[..., Client], sandbox: Sandbox
    ) -> None:
        filing = fixtures.filing(sandbox, kind="change", uscc=OWN, state="approved")
        told = read(enter(), f"/filings/{filing.public_id}/receipts")
        assert "海关未写明原因" not in told.source
        assert "联系海关咨询" not in told.source

    def test_an_agent_reads_them_under_its_mandate_only(
        self, enter: Callable[..., Client], sandbox: Sandbox, visit: Callable[..., Visit]
    ) -> None:
        filing = fixtures.filing(
            sandbox, kind="change", uscc=CLIENT, agent=cast.AGENT.uscc, state="rejected", public_comment="因甲"
        )
        assert "因甲" in read(enter("agent"), f"/filings/{filing.public_id}/receipts")
        mandate = mandates.of(visit("category:10000000")).get()
        mandates.revoke(visit("category:10000000", "card"), mandate.public_id)
        assert "因甲" not in read(enter("agent"), f"/filings/{filing.public_id}/receipts", 403).source

    def test_they_are_nobody_else_s(self, enter: Callable[..., Client], refused: Filing) -> None:
        assert enter("agent").get(f"/filings/{refused.public_id}/receipts").status_code == 404


@pytest.mark.faq("2.20")
def test_former_records_are_listed(enter: Callable[..., Client], sandbox: Sandbox, visit: Callable[..., Visit]) -> None:
    dual = cast.BY_CATEGORY["00010000"]
    assert "历次备案" not in read(enter("category:00010000"), "/enterprise").source
    gone = fixtures.filing(sandbox, kind="deregistration", uscc=dual.uscc, state="approved")
    assert desk.find(visit("category:00010000"), gone.public_id).status == "approved"
    fixtures.filing(sandbox, uscc=dual.uscc, state="approved", content={"category": "10000000"})
    told = read(enter("category:00010000"), "/enterprise")
    assert "历次备案" in told
    now, _, former = told.text.partition("历次备案")
    assert "企业经营类别 进出口货物收发货人" in now
    assert "特殊监管区域双重身份企业" in former


@pytest.mark.faq("2.15")
def test_a_re_query_after_the_sync_shows_it(enter: Callable[..., Client], sandbox: Sandbox) -> None:
    client = enter()
    worlds.enter(sandbox, "overdue_mirror")
    told = read(client, "/enterprise")
    steps = [
        told.text.index(words)
        for words in ("确认企业海关编码是否有效，是否超期", "请海关给电子口岸做数据同步", "查询状态是否正常")
    ]
    assert steps == sorted(steps)
    assert client.get("/enterprise")["Cache-Control"] == "no-store"
    client.post("/tickets", {"desk": "customs", "topic": "sync"})
    sandbox.set_clock(sandbox.now() + timedelta(hours=1))
    assert "正常" in read(client, "/enterprise").texts("span")


def test_a_locked_card_is_told_what_to_do(client: Client, sandbox: Sandbox) -> None:
    worlds.enter(sandbox, "card_locked")
    assert Card.objects.filter(sandbox=sandbox, wrong_pins=5).exists()
    by_pin = {"sandbox": sandbox.key, "medium": "card", "card_no": "SIMC00000002", "pin": cast.PIN}
    reply = client.post("/login", by_pin)
    assert reply.status_code == 401
    assert "该卡已锁定，不能登录" in Page(reply)
    assert "请到制卡点解锁" in Page(reply)
