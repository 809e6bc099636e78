"""The sheet's page as requests and answers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from filings import desk
from filings.customs import officer
from filings.lab.worlds import cast, worlds
from filings.models import Enterprise, Event, Filing, Sandbox, Visit
from filings.rules.words import Degree
from tests.factories import EnterpriseFactory, FilingFactory, MandateFactory, pdf, refused
from tests.web.pages import Page, flat

NEW = "/filings/new?kind=registration"
EMPTY = {"investors": "", "declarants": ""}

POSTED = dict(flat(cast.REFERENCE))


def test_a_new_page_makes_nothing_until_it_is_kept(enter: Callable[..., Client]) -> None:
    client = enter()
    told = Page(client.get(NEW))
    assert told.value("uscc") == cast.CARDLESS.uscc
    assert not Filing.objects.exists()
    reply = client.post(NEW, EMPTY | {"name_cn": "深圳市云帆演练国际贸易有限公司", "do": "save"})
    filing = Filing.objects.get()
    assert (reply.status_code, reply["Location"]) == (303, f"/filings/{filing.public_id}")
    assert filing.content["name_cn"] == "深圳市云帆演练国际贸易有限公司"


def test_the_reference_registration_declares_from_a_page(enter: Callable[..., Client]) -> None:
    client = enter()
    reply = client.post(NEW, POSTED | {"do": "declare"})
    assert reply.status_code == 303, reply.content.decode()
    filing = Filing.objects.get()
    assert filing.status == "declared"
    assert filing.content == {name: value for name, value in cast.REFERENCE.items() if value != []}
    assert "申报成功" in Page(client.get(reply["Location"]))


@pytest.mark.faq("1.2")
@pytest.mark.parametrize("typed", ["5355", "５３５５", " 5355 ", "5355 福中海关", "福中海关", "福中"])
def test_a_typed_code_is_understood_without_a_script(enter: Callable[..., Client], typed: str) -> None:
    enter().post(NEW, EMPTY | {"customs_office": typed})
    assert Filing.objects.get().content["customs_office"] == "5355"


def test_an_unknown_code_comes_back_as_typed(enter: Callable[..., Client]) -> None:
    reply = enter().post(NEW, EMPTY | {"customs_office": "海王星", "name_cn": "不可丢失"})
    told = Page(reply)
    assert reply.status_code == 422
    assert "代码表中没有“海王星”" in told
    assert told.value("customs_office") == "海王星"
    assert told.value("name_cn") == "不可丢失"
    assert not Filing.objects.exists()


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        (("gd", "sz", "ft"), ("440000", "440300", "440304")),
        (("广东", "深圳", "福田"), ("440000", "440300", "440304")),
        (("440000", "440300", "440304"), ("440000", "440300", "440304")),
        (("广东省", "东莞市", "东莞市"), ("440000", "441900", "441900")),
        (("bj", "sxq", "cyq"), ("110000", "110100", "110105")),
        (("ln", "朝阳市", "朝阳县"), ("210000", "211300", "211321")),
    ],
)
def test_divisions_are_understood_in_the_one_above(
    enter: Callable[..., Client], typed: tuple[str, ...], codes: tuple[str, ...]
) -> None:
    enter().post(NEW, EMPTY | dict(zip(("province", "city", "district"), typed, strict=True)))
    content = Filing.objects.get().content
    assert tuple(content[name] for name in ("province", "city", "district")) == codes


def test_a_division_that_is_none_comes_back_as_typed_and_the_others_are_kept(enter: Callable[..., Client]) -> None:
    told = Page(enter().post(NEW, EMPTY | {"province": "gd", "city": "亚特兰蒂斯", "district": "福田区"}))
    assert "市（地区）的代码表中没有“亚特兰蒂斯”" in told
    assert [told.value(name) for name in ("province", "city", "district")] == ["广东省", "亚特兰蒂斯", "福田区"]


@pytest.mark.parametrize("typed", ["2040/5/6", "2040年5月6日", "20400506", "2040-05-06"])
def test_a_date_is_understood_as_people_write_it(enter: Callable[..., Client], typed: str) -> None:
    client = enter()
    reply = client.post(NEW, EMPTY | {"valid_until": typed})
    assert Page(client.get(reply["Location"])).value("valid_until") == "2040-05-06"


def test_an_amount_is_understood_with_its_commas(enter: Callable[..., Client]) -> None:
    client = enter()
    typed = EMPTY | {"registered_capital": "1,234,567.8", "investors.0.amount": "1，000"}
    filled = Page(client.get(client.post(NEW, typed)["Location"]))
    assert (filled.value("registered_capital"), filled.value("investors.0.amount")) == ("1234567.80", "1000.00")


def test_a_program_writes_dates_and_amounts_as_the_contract_has_them(cardless: Visit) -> None:
    for content in ({"valid_until": "2040/5/6"}, {"registered_capital": "1,000"}):
        with refused("invalid_content"):
            desk.open_filing(cardless, "registration", content)


def test_every_fault_is_told_at_once(enter: Callable[..., Client]) -> None:
    """What cannot be read, what is not right, what lacks and what does not fit, in one wave."""
    wrong = {
        "registered_capital": "很多",
        "established_on": "2020-13-40",
        "customs_office": "999x",
        "postcode": "12",
        "industry": "",
        "legal_representative.mobile": "1",
        "investors.0.country": "天外",
        "economic_zone": "",
        "special_trade_zone": "99999999",
        "city": "441300",
    }
    client = enter()
    told = Page(client.post(NEW, POSTED | wrong | {"do": "declare"}))
    faults = {link["href"].removeprefix("#f-").replace("-", ".") for link in told.all("#sum li > a:first-child")}
    assert faults == {*wrong} - {"special_trade_zone", "city"} | {"district"}
    draft = client.post(NEW, POSTED)["Location"]
    again = Page(client.post(draft, POSTED | wrong | {"do": "declare", "version": "1"}))
    assert again.texts("#sum li") == told.texts("#sum li")


@pytest.mark.faq("1.7")
def test_faults_are_told_with_that_of_a_principal_not_named(enter: Callable[..., Client]) -> None:
    told = Page(enter("agent").post(NEW, POSTED | {"filing_mode": "agent", "postcode": "12", "do": "declare"}))
    assert told.texts("#sum li > a") == ["请选择委托企业", "邮政编码应为6位数字，填写的是“12”（例如 518048）"]


@pytest.mark.faq("1.7")
def test_without_a_script_a_page_is_drawn_anew_for_whom_it_is_for(enter: Callable[..., Client]) -> None:
    client = enter("agent")
    futile = "注册登记申请不能重复申报"
    assert futile in Page(client.get(NEW))
    typed = EMPTY | {"filing_mode": "agent", "uscc": cast.AGENT.uscc, "name_en": "KEPT", "do": "whom"}
    nobody = Page(client.post(NEW, typed))
    assert nobody.find("[data-applicant]").text == "请先选择委托企业"
    assert futile not in nobody
    drawn = Page(client.post(NEW, typed | {"principal": cast.CARDLESS.uscc}))
    assert drawn.find("[data-applicant]").text == cast.CARDLESS.name_cn
    assert (drawn.value("uscc"), drawn.value("name_en")) == (cast.CARDLESS.uscc, "KEPT")
    assert futile not in drawn
    assert not Filing.objects.exists()


@pytest.mark.faq("1.7")
def test_more_than_ten_principals_are_a_box_of_codes(enter: Callable[..., Client], sandbox: Sandbox) -> None:
    agent = Enterprise.objects.get(sandbox=sandbox, uscc=cast.AGENT.uscc)
    for serial in range(10):
        firm = EnterpriseFactory(sandbox=sandbox, name_cn=f"深圳市演练第{serial}有限公司")
        MandateFactory(sandbox=sandbox, principal=firm, agent=agent)
    client = enter("agent")
    assert Page(client.get(NEW)).find(".combo[data-table=principals] input")["name"] == "principal"
    assert len(client.get("/codes/principals").json()["rows"]) == 11
    assert client.get("/codes/principals", {"q": "szsyf"}).json()["taken"]["code"] == cast.CARDLESS.uscc
    assert enter("card").get("/codes/principals").json()["rows"] == []
    client.post(NEW, EMPTY | {"filing_mode": "agent", "principal": "szsyf", "uscc": cast.AGENT.uscc})
    assert Filing.objects.get().enterprise.uscc == cast.CARDLESS.uscc


@pytest.mark.parametrize("degree", Degree)
def test_the_known_name_is_recommended_where_anything_is(
    enter: Callable[..., Client], sandbox: Sandbox, degree: Degree
) -> None:
    Sandbox.objects.filter(pk=sandbox.pk).update(degree=degree)
    client, helped = enter(), degree is Degree.GUIDED
    told = Page(client.get(NEW))
    assert told.value("name_cn") == ""
    assert (cast.CARDLESS.name_cn in told.find("[data-says=name_cn]")) is helped
    state = client.post("/filings/state", EMPTY | {"kind": "registration"}).json()["fields"]["name_cn"]
    assert (state["recommended"], state["value"]) == (cast.CARDLESS.name_cn if helped else None, None)


def test_a_declaration_refused_keeps_what_was_typed_and_writes_nothing(enter: Callable[..., Client]) -> None:
    reply = enter().post(NEW, POSTED | {"postcode": "12", "industry": "", "do": "declare"})
    told = Page(reply)
    assert reply.status_code == 422
    assert "申报未提交，请先处理以下 2 处内容" in told
    assert told.link("行业种类必填") == "#f-industry"
    assert told.value("postcode") == "12"
    assert not Filing.objects.exists()
    assert Event.objects.filter(name="refused", data__verb="declare", data__code="invalid_content").count() == 1


def test_the_summary_follows_the_page(enter: Callable[..., Client]) -> None:
    told = Page(enter().post(NEW, EMPTY | {"do": "declare"}))
    summary = told.find("#sum").text
    places = [
        summary.index(words)
        for words in ("企业中文名称必填", "法定代表人（负责人）：姓名必填", "出资者信息至少填写一行")
    ]
    assert places == sorted(places)


@pytest.mark.faq("2.19")
def test_a_grey_field_is_not_written_from_a_page(enter: Callable[..., Client]) -> None:
    client = enter()
    client.post(NEW, EMPTY | {"category": "01000000", "express_operator": "true"})
    filing = Filing.objects.get()
    assert filing.content["express_operator"] is True
    client.post(f"/filings/{filing.public_id}", EMPTY | {"category": "10000000", "express_operator": "true"})
    filing = Filing.objects.get()
    assert filing.content["express_operator"] is False


def test_an_older_page_is_told_and_kept(enter: Callable[..., Client], draft: Filing) -> None:
    reply = enter().post(f"/filings/{draft.public_id}", EMPTY | {"version": "99", "name_cn": "后到"})
    told = Page(reply)
    assert reply.status_code == 412
    assert "申请单在您打开之后已被修改" in told
    assert told.value("name_cn") == "后到"
    assert told.value("version") == "1"


def test_a_second_open_application_is_told_over_the_page(enter: Callable[..., Client], declared: Filing) -> None:
    reply = enter().post(NEW, POSTED | {"do": "declare"})
    told = Page(reply)
    assert reply.status_code == 409
    assert "该企业已有一份已申报、尚未审批的申请单" in told
    assert f"/filings/{declared.public_id}" in told.links
    assert "福中三路1006号" in told.value("address_cn")


@pytest.mark.faq("2.10")
def test_deleting_asks_first_and_opens_a_fresh_page(enter: Callable[..., Client], draft: Filing) -> None:
    client = enter()
    assert "确定删除申请单" in Page(client.get(f"/filings/{draft.public_id}/delete"))
    reply = client.post(f"/filings/{draft.public_id}/delete", {"version": draft.version})
    assert reply["Location"] == NEW
    assert not Filing.objects.exists()
    assert client.post(f"/filings/{draft.public_id}/delete").status_code == 404


def test_a_declared_filing_is_not_written(enter: Callable[..., Client], declared: Filing) -> None:
    client = enter()
    assert client.post(f"/filings/{declared.public_id}", EMPTY).status_code == 409
    assert client.post(f"/filings/{declared.public_id}/delete").status_code == 409
    told = Page(client.get(f"/filings/{declared.public_id}"))
    assert not told.has("select")
    assert "5355 福中海关" in told


@pytest.mark.faq("1.9")
@pytest.mark.parametrize(
    ("status", "label"),
    [
        ("declared", "已申报"),
        ("sent", "成功发往海关"),
        ("stored", "海关入库成功"),
        ("manual_review", "转人工审核"),
        ("approved", "审批通过"),
        ("rejected", "审批不通过"),
    ],
)
def test_the_status_reads_the_same_everywhere(
    enter: Callable[..., Client], cardless: Visit, status: str, label: str
) -> None:
    filing, client = FilingFactory(visit=cardless, status=status), enter()
    for page in (f"/filings/{filing.public_id}", "/enquiries/overview", "/enquiries/filings", "/"):
        told = Page(client.get(page))
        assert label in told.texts(f"span.badge.s-{status}"), page


@pytest.mark.faq("2.6")
def test_the_reason_of_a_refused_registration_is_nowhere(enter: Callable[..., Client], cardless: Visit) -> None:
    filing = FilingFactory(visit=cardless, status="manual_review")
    officer.act(
        cardless.sandbox,
        filing.public_id,
        "reject",
        cardless.now,
        public_comment="金丝雀甲",
        internal_comment="金丝雀乙",
    )
    for role, medium in (("cardless", "token"), ("agent", "card_token")):
        client = enter(role, medium)
        for page in (
            f"/filings/{filing.public_id}",
            "/enquiries/overview",
            "/enquiries/filings",
            f"/filings/{filing.public_id}/print",
            "/",
            "/tickets",
        ):
            assert "金丝雀" not in client.get(page).content.decode()
    assert "只能联系海关咨询" in Page(enter().get(f"/filings/{filing.public_id}"))


@pytest.mark.faq("1.7")
def test_an_agent_names_a_principal_that_gave_a_mandate(enter: Callable[..., Client]) -> None:
    client = enter("agent")
    told = Page(client.get(NEW))
    assert cast.CARDLESS.uscc in told
    assert cast.CARD.uscc not in told.source
    agent = EMPTY | {"filing_mode": "agent", "uscc": cast.AGENT.uscc}
    assert "请选择委托企业" in Page(client.post(NEW, agent))
    assert client.post(NEW, agent | {"principal": cast.CARD.uscc}).status_code == 422
    client.post(NEW, agent | {"principal": cast.CARDLESS.uscc})
    filing = Filing.objects.get()
    assert (filing.enterprise.uscc, filing.content["uscc"]) == (cast.CARDLESS.uscc, cast.CARDLESS.uscc)


@pytest.mark.faq("1.9")
@pytest.mark.faq("2.20")
def test_who_is_on_record_is_told_so_before_the_page_is_filled(enter: Callable[..., Client], sandbox: Sandbox) -> None:
    """By what the single window shows, which may lag: only a declaration asks customs' own book (FAQ 2.4)."""
    hint = "注册登记申请不能重复申报"
    assert hint in Page(enter("card").get(NEW))
    assert hint not in enter().get(NEW).content.decode()
    worlds.enter(sandbox, "not_synced", cast.CARD.uscc)
    assert hint not in enter("card").get(NEW).content.decode()


def test_a_draft_is_advised_to_be_declared(enter: Callable[..., Client], draft: Filing) -> None:
    assert "请您提交申请" in Page(enter().get(f"/filings/{draft.public_id}"))


@pytest.mark.faq("1.9")
def test_whom_to_contact_is_offered_where_somebody_is_to_be_contacted(
    enter: Callable[..., Client], draft: Filing, sandbox: Sandbox
) -> None:
    assert "去联系" not in enter().get(f"/filings/{draft.public_id}").content.decode()
    (stuck,) = worlds.enter(sandbox, "stuck_sent", cast.CARDLESS.uscc).filings
    told = Page(enter().get(f"/filings/{stuck}"))
    assert ("请您联系 0755-83165355" in told, f"/tickets?filing={stuck}&topic=status" in told.links) == (True, True)


def test_rows_come_in_the_order_of_their_numbers_without_the_empty_ones(enter: Callable[..., Client]) -> None:
    posted = {
        "investors": "",
        "investors.10.name": "丙",
        "investors.2.name": "甲",
        "investors.3.name": " ",
        "investors.3.amount": "",
        "declarants": "",
    }
    enter().post(NEW, posted)
    assert Filing.objects.get().content["investors"] == [{"name": "甲"}, {"name": "丙"}]


def test_rows_beyond_the_most_are_told_and_kept(enter: Callable[..., Client]) -> None:
    posted = EMPTY | {f"investors.{n}.name": f"出资者{n}" for n in range(51)}
    reply = enter().post(NEW, posted)
    assert reply.status_code == 422
    assert "出资者信息最多 50 行" in Page(reply)
    assert "出资者50" in Page(reply).values


class TestState:
    def state(self, client: Client, **posted: str) -> dict[str, Any]:
        return client.post("/filings/state", {"kind": "registration", **EMPTY, **posted}).json()

    @pytest.mark.faq("2.19")
    def test_it_tells_shades_reasons_and_grey_values(self, enter: Callable[..., Client]) -> None:
        state = self.state(enter(), category="10000000", express_operator="true")
        express = state["fields"]["express_operator"]
        assert (express["shade"], express["editable"], express["value"]) == ("readonly", False, False)
        assert "置灰不可更改" in express["reason"]
        assert state["changes"][0]["pointer"] == "/content/express_operator"
        assert self.state(enter(), category="01000000")["fields"]["express_operator"]["shade"] == "optional"

    def test_it_does_not_ask_for_what_is_missing(self, enter: Callable[..., Client]) -> None:
        assert self.state(enter())["errors"] == []
        assert self.state(enter(), established_on="昨天")["errors"][0]["field"] == "established_on"

    @pytest.mark.faq("1.3")
    def test_it_recommends(self, enter: Callable[..., Client]) -> None:
        state = self.state(enter(), province="440000", city="440300", district="440304", economic_zone="02")
        assert state["fields"]["economic_zone"]["recommended_text"] == "01 经济特区"
        assert {one["field"] for one in state["warnings"]} >= {"economic_zone"}

    def test_rows_keep_the_page_s_numbering(self, enter: Callable[..., Client]) -> None:
        state = self.state(enter(), **{"investors.0.name": "", "investors.1.name": "乙"})
        assert state["fields"]["investors.1.name"]["value"] == "乙"

    def test_it_writes_nothing(self, enter: Callable[..., Client], draft: Filing) -> None:
        self.state(enter(), filing=draft.public_id, name_cn="别的")
        again = Filing.objects.get()
        assert (again.version, again.content["name_cn"]) == (draft.version, draft.content["name_cn"])

    def test_it_is_nobody_else_s(self, enter: Callable[..., Client], draft: Filing) -> None:
        reply = enter("card").post("/filings/state", {"filing": draft.public_id})
        assert reply.status_code == 404


class TestAttachments:
    def test_one_goes_up_with_the_page(self, enter: Callable[..., Client]) -> None:
        client = enter()
        file = SimpleUploadedFile("备案信息表.pdf", b"%PDF-1.4 x", "text/html")
        client.post(
            NEW,
            EMPTY | {"name_cn": "甲", "do": "attach", "file": file, "file_type": "record_form", "tab": "attachments"},
        )
        filing = Filing.objects.get()
        assert filing.attachments.get().type == "record_form"
        reply = client.get(f"/filings/{filing.public_id}/attachments/1")
        assert reply["Content-Type"] == "application/pdf"
        assert reply["Content-Disposition"].startswith("attachment;")
        assert "sandbox" in reply["Content-Security-Policy"]
        assert reply["X-Content-Type-Options"] == "nosniff"
        client.post(f"/filings/{filing.public_id}", EMPTY | {"do": "detach:1"})
        assert not filing.attachments.exists()

    @pytest.mark.parametrize(
        ("name", "body", "status", "words"),
        [
            ("a.exe", b"%PDF-", 415, "附件只接受 pdf、jpg、png"),
            ("a.pdf", b"MZ", 415, "附件只接受 pdf、jpg、png"),
            ("a.pdf", b"%PDF-" + b"0" * 10485760, 413, "附件不能超过 10 MB"),
        ],
    )
    def test_a_wrong_one_is_refused_and_nothing_is_lost(
        self, enter: Callable[..., Client], name: str, body: bytes, status: int, words: str
    ) -> None:
        reply = enter().post(
            NEW, EMPTY | {"name_cn": "不可丢失", "do": "attach", "file": SimpleUploadedFile(name, body)}
        )
        assert reply.status_code == status
        assert words in Page(reply)
        assert Page(reply).value("name_cn") == "不可丢失"
        assert not Filing.objects.exists()

    def test_none_chosen_is_told(self, enter: Callable[..., Client]) -> None:
        assert "请先选择要上传的文件" in Page(enter().post(NEW, EMPTY | {"do": "attach"}))

    def test_it_is_nobody_else_s(self, enter: Callable[..., Client], cardless: Visit, draft: Filing) -> None:
        desk.attach(cardless, draft.public_id, pdf)
        assert enter("card").get(f"/filings/{draft.public_id}/attachments/1").status_code == 404


@pytest.mark.parametrize(
    ("page", "most"),
    [
        (NEW, 6),
        ("draft", 9),
        ("declared", 8),
        ("/", 5),
        ("/enquiries/overview", 4),
        ("/enquiries/filings", 4),
        ("/enterprise", 3),
        ("/tickets", 5),
    ],
)
def test_a_page_asks_little_of_the_database(
    enter: Callable[..., Client], cardless: Visit, django_assert_max_num_queries: Any, page: str, most: int
) -> None:
    for _ in range(3):
        filing = FilingFactory(visit=cardless)
    if page == "declared":
        desk.perform(cardless, filing.public_id, "declare")
    client, address = enter(), page if page.startswith("/") else f"/filings/{filing.public_id}"
    client.get(address)
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200


def test_the_state_asks_little_of_the_database(
    enter: Callable[..., Client], draft: Filing, django_assert_max_num_queries: Any
) -> None:
    client = enter()
    with django_assert_max_num_queries(8):
        assert client.post("/filings/state", {"filing": draft.public_id, **EMPTY}).status_code == 200


def test_a_page_and_a_program_keep_the_same_of_the_same_text(enter: Callable[..., Client], cardless: Visit) -> None:
    """A browser ends the lines of a long text with CR LF; a program may end them as it likes."""
    scope = "一般项目：\r\n货物进出口"
    enter().post(NEW, EMPTY | {"business_scope": scope, "legal_representative.phone": "0755–83165355", "do": "save"})
    by_program = desk.open_filing(
        cardless, "registration", {"business_scope": scope, "legal_representative": {"phone": "0755–83165355"}}
    )
    by_page = Filing.objects.exclude(pk=by_program.pk).get()
    assert by_page.content["business_scope"] == by_program.content["business_scope"] == "一般项目：\n货物进出口"
    assert (
        by_page.content["legal_representative"]
        == by_program.content["legal_representative"]
        == {"phone": "0755-83165355"}
    )
