"""商务部's pages as requests and answers: the sheet, the client control, the platform."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from filings import desk
from filings.lab.worlds import cast, worlds
from filings.models import Attachment, ClientControl, Filing, MofcomRecord, Sandbox, Visit
from filings.rules.words import Mode
from tests.factories import FilingFactory
from tests.web.pages import Page

NEW = "/filings/new?kind=mofcom_change"
UNREACHED = "连接客户端控件服务失败，请重试"
NOT_FOUND_THERE = "商务部申报失败：您要修改的信息再经营者备案系统查询不到，请核查！"


@pytest.fixture
def change(cardless: Visit) -> Filing:
    """A draft of 商务部变更申请 of `cardless`."""
    return desk.open_filing(cardless, "mofcom_change", {"address_cn": "旧地址"})


def file(name: str = "营业执照.pdf", body: bytes = b"%PDF-1.4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


@pytest.mark.faq("1.5")
def test_its_page_opens_without_a_card_and_offers_no_print_nor_the_sheet_of_customs(
    enter: Callable[..., Client], change: Filing
) -> None:
    for at in (NEW, f"/filings/{change.public_id}"):
        told = Page(enter().get(at))
        assert "商务部 / 经营者备案" in told
        assert "打印" not in told.source
        assert "承诺办结时限" not in told.source, "no source tells one"
        assert (told.has('[value="licence"]'), told.has('[value="record_form"]')) == (True, False)
    assert Page(enter().get("/filings/new?kind=registration")).has('[value="record_form"]')
    assert enter().get(f"/filings/{change.public_id}/print").status_code == 404


@pytest.mark.faq("2.8")
@pytest.mark.parametrize("at", ["the draft", "a new page"])
def test_a_file_that_cannot_go_up_leaves_all_as_it_was_and_the_page_as_typed(
    at: str, enter: Callable[..., Client], change: Filing, sandbox: Sandbox
) -> None:
    worlds.enter(sandbox, "control_stopped", cast.CARDLESS.uscc)
    path = f"/filings/{change.public_id}" if at == "the draft" else NEW
    reply = enter().post(path, {"address_cn": "新地址", "do": "attach", "file": file("病毒.exe", b"MZ")})
    told = Page(reply)
    assert (
        reply.status_code,
        UNREACHED in told,
        "新地址" in told.values,
        any("/client-control" in one for one in told.links),
    ) == (
        503,
        True,
        True,
        True,
    )
    assert (Filing.objects.get().content, Attachment.objects.count()) == ({"address_cn": "旧地址"}, 0)


@pytest.mark.faq("2.8")
def test_a_chosen_file_counts_whatever_button_is_pressed(
    enter: Callable[..., Client], change: Filing, sandbox: Sandbox
) -> None:
    worlds.enter(sandbox, "control_stopped", cast.CARDLESS.uscc)
    for button in ("save", "declare"):
        reply = enter().post(f"/filings/{change.public_id}", {"address_cn": "新地址", "do": button, "file": file()})
        assert (reply.status_code, UNREACHED in Page(reply)) == (503, True)
    assert enter().post(f"/filings/{change.public_id}", {"address_cn": "新地址", "do": "save"}).status_code == 303


@pytest.mark.faq("2.8")
def test_the_control_is_looked_after_without_a_script(
    enter: Callable[..., Client], change: Filing, sandbox: Sandbox
) -> None:
    worlds.enter(sandbox, "control_missing", cast.CARDLESS.uscc)
    client, at = enter(), f"/client-control?filing={change.public_id}"
    assert change.number in Page(client.get(at))
    refused = client.post(at, {"do": "restart"})
    assert (refused.status_code, "请安装客户端控件" in Page(refused)) == (409, True)
    assert client.post(at, {"do": "install"})["Location"] == at
    assert ClientControl.objects.get().installed
    assert client.post(at, {"do": "dance"}).status_code == 404


@pytest.mark.faq("2.9")
def test_what_is_not_found_stands_on_the_page_with_its_ways_out(
    enter: Callable[..., Client], change: Filing, sandbox: Sandbox
) -> None:
    worlds.enter(sandbox, "mofcom_record_missing", cast.CARDLESS.uscc)
    reply = enter().post(f"/filings/{change.public_id}", {"address_cn": "新地址", "do": "declare"})
    told = Page(reply)
    assert (reply.status_code, NOT_FOUND_THERE in told, "新地址" in told.values) == (422, True, True)
    for way in (
        f"/tickets?desk=mofcom&topic=record_update&filing={change.public_id}",
        f"/commerce?filing={change.public_id}",
    ):
        assert way in told.links
    assert Filing.objects.get().status == "draft"


@pytest.mark.faq("2.9")
def test_the_platform_shows_ones_own_record_and_no_draft_of_others(
    enter: Callable[..., Client], change: Filing, card: Visit, sandbox: Sandbox
) -> None:
    own = Page(enter().get(f"/commerce?filing={change.public_id}"))
    assert (cast.CARDLESS.name_cn in own, "旧地址" in own.values, change.number in own) == (True, True, True)
    foreign = Page(enter("card").get(f"/commerce?filing={change.public_id}"))
    assert (cast.CARD.name_cn in foreign, "旧地址" in foreign.source, change.number in foreign.source) == (
        True,
        False,
        False,
    )
    enter("card").post("/commerce", {"filing": change.public_id, "name_en": "NEW NAME"})
    assert Filing.objects.get(pk=change.pk).status == "draft"
    assert MofcomRecord.objects.get(sandbox=sandbox, uscc=cast.CARDLESS.uscc).content["name_en"] != "NEW NAME"
    assert MofcomRecord.objects.get(sandbox=sandbox, uscc=cast.CARD.uscc).content["name_en"] == "NEW NAME"
    assert enter("personal").get("/commerce").status_code == 403


@pytest.mark.faq("1.7")
def test_an_agent_is_sent_to_commerce_about_its_principal_and_not_to_the_principals_platform(
    enter: Callable[..., Client], agent: Visit, sandbox: Sandbox
) -> None:
    worlds.enter(sandbox, "mofcom_record_missing", cast.CARDLESS.uscc)
    draft = desk.open_filing(
        agent, "mofcom_change", {"address_cn": "被代理企业的新地址"}, mode=Mode.AGENT, principal=cast.CARDLESS.uscc
    )
    told = Page(enter("agent").post(f"/filings/{draft.public_id}", {"address_cn": "新地址", "do": "declare"}))
    assert (
        NOT_FOUND_THERE in told,
        f"filing={draft.public_id}" in told.source,
        "/commerce?filing=" in told.source,
    ) == (
        True,
        True,
        False,
    )
    platform = Page(enter("agent").get(f"/commerce?filing={draft.public_id}"))
    assert (
        cast.AGENT.name_cn in platform,
        draft.number in platform.source,
        "被代理企业的新地址" in platform.source,
    ) == (
        True,
        False,
        False,
    )
    own = Page(enter().post(f"/filings/{draft.public_id}", {"do": "declare"}))
    assert f"/commerce?filing={draft.public_id}" in own.links


def test_a_person_behind_the_counter_decides_it_as_the_commerce_authorities(
    enter: Callable[..., Client], change: Filing, cardless: Visit, sandbox: Sandbox
) -> None:
    desk.perform(cardless, change.public_id, "declare")
    at, client = f"/customs/{sandbox.key}/{change.public_id}", Client()
    told = Page(client.get(at))
    assert "以商务部门的身份" in told
    assert not told.has('[name="do"][value="send"]')
    assert "发往海关" not in told.texts("button")
    version = Filing.objects.get().version
    assert client.post(at, {"do": "send", "version": version}).status_code == 409
    assert client.post(at, {"do": "approve", "version": version}).status_code == 303
    assert Filing.objects.get().status == "approved"


def test_of_a_rejected_one_commerce_is_to_be_asked(
    enter: Callable[..., Client], change: Filing, cardless: Visit
) -> None:
    desk.perform(cardless, change.public_id, "declare")
    Client().post(
        f"/customs/{cardless.sandbox.key}/{change.public_id}",
        {"do": "reject", "reason_code": "record_mismatch", "version": Filing.objects.get().version},
    )
    told = Page(enter().get(f"/filings/{change.public_id}"))
    assert "审批不通过原因请联系商务部门咨询" in told
    assert "变更内容与营业执照" not in told.source


@pytest.mark.faq("2.6")
def test_of_a_rejected_registration_still_customs(enter: Callable[..., Client], cardless: Visit) -> None:
    rejected = FilingFactory(visit=cardless, status="rejected")
    assert "只能联系海关咨询" in Page(enter().get(f"/filings/{rejected.public_id}"))


def test_the_record_form_of_customs_is_no_attachment_of_commerce(enter: Callable[..., Client]) -> None:
    client, offered = enter("card", "card_token"), 'option[value="record_form"]'
    assert Page(client.get("/filings/new?kind=change")).has(offered)
    told = Page(client.get(NEW))
    assert not told.has(offered)
    assert told.has('option[value="licence"]')
