"""查询 and 沟通 as requests and answers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from filings.customs.sync import sync
from filings.lab.worlds import clock
from filings.models import Event, Filing, Mirror, Sandbox, Ticket, Visit
from filings.rules.codes import TABLES
from tests.factories import FilingFactory
from tests.web.pages import Page


@pytest.mark.faq("2.5")
def test_the_overview_shows_every_filing_by_page_and_status(enter: Callable[..., Client], cardless: Visit) -> None:
    numbers = [FilingFactory(visit=cardless).number for _ in range(21)]
    client = enter()
    told = Page(client.get("/enquiries/overview"))
    assert "共 21 条" in told
    assert numbers[-1] in told
    assert numbers[0] not in told.source
    assert numbers[0] in Page(client.get("/enquiries/overview?page=2"))
    assert "没有符合条件的申请单" in Page(client.get("/enquiries/overview?status=approved"))
    assert client.get("/enquiries/overview?status=&page=x").status_code == 200


@pytest.mark.faq("1.9")
def test_a_registration_is_found_under_its_business_type_only(enter: Callable[..., Client], declared: Filing) -> None:
    client = enter()
    assert declared.number in Page(client.get("/enquiries/filings"))
    assert declared.number in Page(client.get("/enquiries/filings", {"business_type": "企业注册登记"}))
    assert declared.number not in client.get("/enquiries/filings", {"business_type": "企业变更"}).content.decode()


@pytest.mark.faq("2.4")
def test_an_enterprise_not_in_the_mirror_is_guided(enter: Callable[..., Client], card: Visit) -> None:
    client = enter("card")
    assert "正常" in Page(client.get("/enterprise")).texts("span")
    Mirror.objects.filter(sandbox=card.sandbox, uscc=card.enterprise.uscc).delete()
    told = Page(client.get("/enterprise"))
    assert "企业未注册成功" in told
    assert "先自行确认海关注册登记备案在有效期内" in told
    assert "联系海关同步信息" in told


@pytest.mark.faq("2.4")
def test_a_look_at_the_page_is_noted_once_for_what_it_shows(enter: Callable[..., Client], card: Visit) -> None:
    client = enter("card")
    for _ in range(3):
        assert client.get("/enterprise").status_code == 200
    Mirror.objects.filter(sandbox=card.sandbox, uscc=card.enterprise.uscc).delete()
    client.get("/enterprise")
    client.get("/enterprise")
    looks = Event.objects.filter(sandbox=card.sandbox, name="record.checked").order_by("seq")
    assert [look.data["standing"] for look in looks] == ["normal", "not_registered"]
    client.get("/")
    assert looks.count() == 2


@pytest.mark.faq("2.1")
def test_the_inspection_number_is_read_here(enter: Callable[..., Client], card: Visit) -> None:
    sync(card.sandbox, card.now, card.enterprise.uscc)
    number = Mirror.objects.get(sandbox=card.sandbox, uscc=card.enterprise.uscc).inspection_number
    assert number in Page(enter("card").get("/enterprise"))


def test_a_desk_is_asked_once_and_answers(enter: Callable[..., Client], declared: Filing, sandbox: Sandbox) -> None:
    client = enter()
    asked = {"desk": "platform", "topic": "status", "filing": declared.public_id, "text": "<b>急</b>"}
    assert client.post("/tickets", asked)["Location"] == "/tickets"
    told = Page(client.get("/tickets"))
    assert "待答复" in told
    assert "<b>急</b>" in told
    reply = client.post("/tickets", asked)
    assert reply.status_code == 409
    assert "同一事项已经联系过，请等待答复" in Page(reply)
    sandbox.set_clock(sandbox.now() + timedelta(hours=1))
    assert "已答复" in Page(client.get("/tickets"))


@pytest.mark.faq("1.9")
def test_the_page_of_the_desks_tells_the_number_that_the_advice_names(enter: Callable[..., Client]) -> None:
    assert "单一窗口客服：0755-83165355" in Page(enter().get("/tickets"))


def test_a_question_without_a_desk_is_told(enter: Callable[..., Client]) -> None:
    reply = enter().post("/tickets", {"topic": "nonsense", "text": "长" * 501})
    told = Page(reply)
    assert reply.status_code == 422
    for label, words in (("联系部门", "必填，没有给出"), ("事项", "应为 申请长时间无结果"), ("说明", "最多 500 个字")):
        assert f"{label}：{words}" in told
        assert told.text.count(words) == 2
    assert not Ticket.objects.exists()


class TestCodes:
    def ask(self, client: Client, table: str, **query: str) -> dict:
        return client.get(f"/codes/{table}", query).json()

    @pytest.mark.faq("2.2")
    def test_offices_need_three_levels(self, client: Client) -> None:
        answer = self.ask(client, "customs_offices", q="5355", division="440300")
        assert answer == {
            "rows": [],
            "taken": None,
            "message": "无匹配数据",
            "hint": "行政区划三个级别都需要选择，例如广东省、深圳市、福田区",
            "fault": "无匹配数据：行政区划三个级别都需要选择，例如广东省、深圳市、福田区",
        }
        answer = self.ask(client, "customs_offices", q="5355", division="440304")
        assert answer["taken"] == {"code": "5355", "name": "福中海关", "label": "5355 福中海关"}

    @pytest.mark.parametrize(
        ("typed", "taken"),
        [
            ("CHN", "CHN"),
            ("中国", "CHN"),
            ("ＣＨＮ", "CHN"),
            ("chn", "CHN"),
            ("香港", "HKG"),
            ("zgxg", "HKG"),
            ("中", None),
            ("zg", None),
            ("", None),
        ],
    )
    def test_what_is_meant_is_the_exact_or_the_only_row(self, client: Client, typed: str, taken: str | None) -> None:
        answer = self.ask(client, "countries", q=typed)
        assert (answer["taken"] or {}).get("code") == taken

    def test_divisions_are_found_in_the_one_above(self, client: Client) -> None:
        assert len(self.ask(client, "divisions")["rows"]) == 31
        assert self.ask(client, "divisions", q="gd")["taken"]["code"] == "440000"
        assert self.ask(client, "divisions", q="sz", parent="440000")["taken"]["label"] == "深圳市"
        assert self.ask(client, "divisions", q="ft", parent="440300")["taken"]["label"] == "福田区"
        assert self.ask(client, "divisions", q="sx")["fault"] == "“sx”符合 2 项，请选择其中一项"
        assert self.ask(client, "divisions", q="ft", parent="440000")["fault"] == "代码表中没有“ft”"
        assert self.ask(client, "divisions", parent="")["hint"] == "请先选择上一级行政区划"
        assert {"code": "441900", "name": "东莞市", "label": "东莞市"} in self.ask(
            client, "divisions", parent="440000"
        )["rows"]
        assert len(self.ask(client, "divisions", parent="441900")["rows"]) == 1

    def test_every_table_answers_and_no_other(self, client: Client) -> None:
        for table in TABLES:
            assert client.get(f"/codes/{table}").status_code == 200
        assert client.get("/codes/secrets").status_code == 404


@pytest.mark.faq("1.9")
def test_advice_offers_a_contact_only_where_it_names_one(enter: Callable[..., Client], cardless: Visit) -> None:
    """暂存 wants submitting and a fresh declaration waiting: neither is a call. A refusal leads to its receipts."""
    client, states = enter(), ("draft", "rejected")
    draft, rejected = (FilingFactory(visit=cardless, status=status).public_id for status in states)
    assert "去联系" not in client.get(f"/filings/{draft}").content.decode()
    told = Page(client.get(f"/filings/{rejected}"))
    assert "去联系" not in told.source
    assert told.link("查看回执") == f"/filings/{rejected}/receipts"


def test_a_contact_names_its_filing_as_the_sheet_does(enter: Callable[..., Client], draft: Filing) -> None:
    client = enter()
    client.post("/tickets", {"desk": "customs", "topic": "status", "filing": draft.public_id})
    assert Page(client.get("/tickets")).link(f"申请单 {draft.number}") == f"/filings/{draft.public_id}"
    client.post(f"/filings/{draft.public_id}/delete", {"version": draft.version})
    assert f"/filings/{draft.public_id}" not in Page(client.get("/tickets")).links


@pytest.mark.faq("2.4")
def test_an_answer_about_the_record_leads_back_to_it(enter: Callable[..., Client], card: Visit) -> None:
    client = enter("card")
    client.post("/tickets", {"desk": "customs", "topic": "sync"})
    clock.advance(card.sandbox, by=timedelta(hours=1))
    assert "基本信息查询" in Page(client.get("/tickets")).texts('p a[href="/enterprise"]:last-child')


@pytest.mark.faq("2.20")
def test_a_deregistered_enterprise_is_told_to_register_anew(enter: Callable[..., Client], card: Visit) -> None:
    client = enter("card")
    assert "备案已注销" not in client.get("/enterprise").content.decode()
    Mirror.objects.filter(sandbox=card.sandbox, uscc=card.enterprise.uscc).update(deregistered_on=card.now.date())
    told = Page(client.get("/enterprise"))
    assert "备案已注销。需要重新备案的，请办理" in told
