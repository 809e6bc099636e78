"""打印 as requests and answers: the preview page, the file, and the button that is there or not."""

from collections.abc import Callable
from unicodedata import normalize

import pytest
from django.test import Client

from filings import agenda
from filings.lab.faults import glitches
from filings.lab.worlds import worlds
from filings.models import Event, Filing, Sandbox
from filings.printing.verifying import code_of
from filings.rules.faq import ENTRIES
from tests.printing.paper import text
from tests.web.pages import Page


def names(sandbox: Sandbox) -> list[str]:
    return list(
        Event.objects.filter(sandbox=sandbox, name__startswith="document.")
        .order_by("seq")
        .values_list("name", flat=True)
    )


@pytest.mark.faq("2.7")
def test_the_preview_shows_the_paper_and_both_ways_to_have_it(enter: Callable[..., Client], draft: Filing) -> None:
    told = Page(enter().get(f"/filings/{draft.public_id}/print"))
    pdf = f"/filings/{draft.public_id}/record-form.pdf"
    assert told.find("object")["data"].startswith(f"{pdf}?disposition=inline")
    assert {f"{pdf}?disposition=inline", f"{pdf}?disposition=attachment"} <= told.links
    assert ENTRIES["2.7"].answer in told
    assert names(draft.sandbox) == [], "looking at the page prints nothing yet"


@pytest.mark.faq("2.7")
def test_the_file_may_be_shown_inside_our_own_pages_and_nowhere_else(
    enter: Callable[..., Client], draft: Filing
) -> None:
    client = enter()
    shown = client.get(f"/filings/{draft.public_id}/record-form.pdf?disposition=inline")
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    page = client.get(f"/filings/{draft.public_id}/print")
    assert {"object-src 'self'", "frame-src 'self'", "frame-ancestors 'none'"} <= {
        one.strip() for one in page["Content-Security-Policy"].split(";")
    }
    assert page["X-Frame-Options"] == "DENY"
    client.get(f"/filings/{draft.public_id}/record-form.pdf?disposition=attachment")
    assert names(draft.sandbox) == ["document.previewed", "document.downloaded"]
    assert client.get(f"/filings/{draft.public_id}/record-form.pdf?disposition=x").status_code == 400


@pytest.mark.faq("2.17")
def test_what_is_printed_and_what_is_sent_stand_side_by_side(enter: Callable[..., Client], declared: Filing) -> None:
    client, content = enter(), declared.content
    told = Page(client.get(f"/filings/{declared.public_id}/print"))
    assert ENTRIES["2.17"].answer in told
    assert declared.transmitted_sha256 in told
    assert told.text.count(content["uscc"]) == 2, "printed, and sent"
    glitches.put(declared.sandbox, "print_truncated", content["uscc"])
    told = Page(client.get(f"/filings/{declared.public_id}/print"))
    assert told.text.count(content["uscc"]) == 1, "sent only"
    assert "（空）" in told
    assert "广东省深圳市福田区（显示不全）" in told
    assert content["address_cn"] in told
    assert declared.transmitted_sha256 in told


@pytest.mark.faq("2.17")
def test_of_a_draft_nothing_has_been_sent_yet(enter: Callable[..., Client], draft: Filing) -> None:
    told = Page(enter().get(f"/filings/{draft.public_id}/print"))
    assert "尚未申报" in told
    assert draft.content["uscc"] in told


@pytest.mark.faq("2.17")
def test_a_character_the_printer_has_not_is_told_wherever_it_stands(
    enter: Callable[..., Client], draft: Filing
) -> None:
    page = f"/filings/{draft.public_id}/print"
    assert "打印字库" not in enter().get(page).content.decode()
    people = [{**draft.content["investors"][0], "name": "张𠀂"}]
    draft.content = {**draft.content, "name_cn": "深圳市𠀂祥有限公司", "investors": people}
    draft.save()
    told = Page(enter().get(page))
    assert "打印的文书中有 2 个字符不在打印字库中，以“〓”代替；系统中的电子数据是完整的。" in told
    assert "深圳市〓祥有限公司（有字符不在打印字库中）" in told
    assert "深圳市𠀂祥有限公司" in told
    assert "显示不全）" not in told.source


@pytest.mark.faq("2.17")
def test_a_rare_name_is_printed_whole_and_nothing_is_told(enter: Callable[..., Client], draft: Filing) -> None:
    address = "广东省深圳市䶮𠮷路" + normalize("NFD", "CAFÉ")
    draft.content = {**draft.content, "name_cn": "深圳市𬱖祥有限公司", "address_cn": address}
    draft.save()
    told = Page(enter().get(f"/filings/{draft.public_id}/print"))
    assert "打印字库" not in told.source
    assert "显示不全）" not in told.source
    assert "广东省深圳市䶮𠮷路CAFÉ" in told, "as it is printed"
    assert address in told, "as it is in the data"
    glitches.put(draft.sandbox, "print_truncated", draft.content["uscc"])
    assert "显示不全）" in Page(enter().get(f"/filings/{draft.public_id}/print"))


@pytest.mark.faq("1.10")
def test_a_certificate_is_previewed_and_printed(enter: Callable[..., Client], sandbox: Sandbox) -> None:
    client = enter("card")
    assert "打印报关单位备案证明" in Page(client.get("/enterprise"))
    told = Page(client.get("/enterprise/certificate"))
    assert told.find("object")["data"].startswith("/enterprise/certificate.pdf?disposition=inline")
    assert ENTRIES["2.17"].answer not in told.source
    assert "海纳演练" in text(client.get("/enterprise/certificate.pdf").content)
    assert names(sandbox) == ["document.previewed"]


@pytest.mark.faq("2.18")
def test_of_double_identity_there_is_no_button_but_the_reason(enter: Callable[..., Client]) -> None:
    client = enter("category:00010000")
    told = Page(client.get("/enterprise"))
    assert "打印报关单位备案证明" not in told.source
    assert "/enterprise/certificate" not in told.source
    assert ENTRIES["2.18"].answer in told
    for path in ("/enterprise/certificate", "/enterprise/certificate.pdf"):
        refused = client.get(path)
        assert refused.status_code == 403
        assert ENTRIES["2.18"].answer.rstrip("。") in Page(refused)


@pytest.mark.faq("1.10")
def test_before_the_approval_there_is_neither_button_nor_reason(enter: Callable[..., Client]) -> None:
    told = Page(enter().get("/enterprise"))
    assert "备案证明" not in told.source
    assert enter().get("/enterprise/certificate").status_code == 409
    assert enter("personal").get("/enterprise/certificate").status_code == 403


def test_a_paper_is_nobody_else_s(enter: Callable[..., Client], draft: Filing) -> None:
    for path in ("print", "record-form.pdf"):
        assert enter("card").get(f"/filings/{draft.public_id}/{path}").status_code == 404
        assert Client().get(f"/filings/{draft.public_id}/{path}").status_code == 302


def test_a_paper_whose_world_is_reset_while_it_is_looked_up_is_told_so(
    client: Client, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = code_of(sandbox, "SIM-BAXXB-202112010000001")

    def reset_meanwhile(where: Sandbox) -> None:
        worlds.reset(Sandbox.objects.get(pk=where.pk))
        with where.held():
            pass

    monkeypatch.setattr(agenda, "catch_up", reset_meanwhile)
    told = client.get(f"/verify/documents/{code}")
    assert (told.status_code, "演练数据刚被重置" in Page(told)) == (409, True)
