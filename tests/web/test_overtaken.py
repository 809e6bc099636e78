"""Two people at one draft: who comes second is told who was first with what, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from filings import desk
from filings.lab.worlds import cast
from filings.models import Filing, Sandbox, Visit
from filings.rules.words import Mode
from tests.web.pages import Page, flat

BEFORE = {"name_cn": "旧名称", "name_en": "OLD NAME", "remarks": "旧备注"}


@pytest.fixture
def shared(visit: Callable[..., Visit]) -> Filing:
    """A draft an agent fills for its principal: both may write it."""
    opened = desk.open_filing(
        visit("agent"), "registration", cast.REFERENCE | BEFORE, mode=Mode.AGENT, principal=cast.CARDLESS.uscc
    )
    return desk.find(visit("agent"), opened.public_id)


def as_drawn(filing: Filing) -> dict[str, Any]:
    """What a page that was drawn of it posts."""
    return {"investors": "", "declarants": "", "kind": filing.kind, "version": filing.version} | dict(
        flat(filing.content)
    )


def rows(told: Page) -> dict[str, tuple[str, str]]:
    """What differs: label → what is kept, what was typed."""
    cells = [row.texts("td") for row in told.all("#sum tbody tr")]
    return {label: (kept, typed) for label, kept, typed in cells}


def test_who_saved_what_and_when_is_told_and_ones_own_is_laid_over_it(
    enter: Callable[..., Client], visit: Callable[..., Visit], shared: Filing
) -> None:
    page = as_drawn(shared)
    desk.save(visit("cardless"), shared.public_id, {"name_cn": "委托企业改的", "name_en": "BY THE PRINCIPAL"})
    client, at = enter("agent"), f"/filings/{shared.public_id}"
    reply = client.post(at, page | {"name_en": "BY THE AGENT", "remarks": "代理改的", "do": "save"})
    told = Page(reply)
    assert reply.status_code == 412
    assert "云帆演练 经办人 于 2021-12-01 09:00 暂存：企业中文名称、企业英文名称" in told.find("#sum")
    assert rows(told) == {
        "企业中文名称": ("委托企业改的", "您没有改"),
        "企业英文名称": ("BY THE PRINCIPAL", "BY THE AGENT 两边都改过"),
        "备注": ("旧备注", "代理改的"),
    }
    laid = (told.value("name_cn"), told.value("name_en"), told.value("remarks"))
    assert laid == ("委托企业改的", "BY THE AGENT", "代理改的")
    assert told.link("放弃我的修改，用已保存的内容") == at
    reply = client.post(at, {name: told.value(name) for name in ("version", "name_cn", "name_en", "remarks")})
    assert reply.status_code == 303
    kept = Filing.objects.get().content
    assert (kept["name_cn"], kept["name_en"], kept["remarks"]) == laid


def test_what_cannot_be_kept_is_told_and_stays_on_the_page(
    enter: Callable[..., Client], visit: Callable[..., Visit], shared: Filing
) -> None:
    page = as_drawn(shared)
    desk.save(visit("cardless"), shared.public_id, {"remarks": "改了"})
    reply = enter("agent").post(f"/filings/{shared.public_id}", page | {"customs_office": "海王星", "do": "save"})
    told = Page(reply)
    assert rows(told) == {"注册海关": ("5355 福中海关", "海王星"), "备注": ("改了", "您没有改")}
    assert told.value("customs_office") == "海王星"


def test_the_same_account_in_two_windows_is_told_so_and_a_change_of_rows_too(
    enter: Callable[..., Client], shared: Filing
) -> None:
    client, at, page = enter("agent"), f"/filings/{shared.public_id}", as_drawn(shared)
    assert client.post(at, page | {"investors.0.name": "李演练", "do": "save"}).status_code == 303
    told = Page(client.post(at, page | {"legal_representative.name": "王演练", "do": "save"}))
    assert "诚达演练 代理经办人（本账户，在另一个窗口） 于 2021-12-01 09:00 暂存：出资者信息" in told.find("#sum")
    kept = {label: kept for label, (kept, _) in rows(told).items()}
    assert kept["出资者信息"].startswith("李演练，CHN 中国")
    assert kept["法定代表人（负责人）"].startswith("张演练，")
    assert (told.value("investors.0.name"), told.value("legal_representative.name")) == ("李演练", "王演练")


def test_in_a_group_what_each_changed_is_kept_unless_it_is_the_same(
    enter: Callable[..., Client], visit: Callable[..., Visit], shared: Filing
) -> None:
    page, at, client = as_drawn(shared), f"/filings/{shared.public_id}", enter("agent")
    theirs = {"mobile": "13900000000", "phone": None}
    desk.save(visit("cardless"), shared.public_id, {"legal_representative": theirs, "finance_manager": theirs})
    mine = {"legal_representative.email": "mine@example.com", "legal_representative.name": "王演练"}
    told = Page(client.post(at, page | mine | {"finance_manager.mobile": "13700000000", "do": "save"}))
    typed = {label: typed for label, (_, typed) in rows(told).items()}
    assert typed["法定代表人（负责人）"].endswith("两边改的不同，都在")
    assert typed["财务负责人"].endswith("两边都改过")
    parts = ("name", "phone", "mobile", "email")
    laid = [told.value(f"legal_representative.{part}") for part in parts]
    assert laid == ["王演练", "", "13900000000", "mine@example.com"]
    assert told.value("finance_manager.mobile") == "13700000000"


def test_one_who_changed_nothing_is_told_what_the_other_did(
    enter: Callable[..., Client], visit: Callable[..., Visit], shared: Filing
) -> None:
    page = as_drawn(shared)
    desk.save(visit("cardless"), shared.public_id, {"remarks": "改了"})
    told = Page(enter("agent").post(f"/filings/{shared.public_id}", page | {"do": "declare"}))
    assert "您没有改过其中任何一项" in told
    assert told.value("remarks") == "改了"
    assert Filing.objects.get().status == "draft"


def test_what_was_declared_meanwhile_is_told_with_all_that_was_typed(
    enter: Callable[..., Client], visit: Callable[..., Visit], shared: Filing
) -> None:
    page = as_drawn(shared)
    desk.perform(visit("cardless"), shared.public_id, "declare")
    reply = enter("agent").post(f"/filings/{shared.public_id}", page | {"remarks": "来不及的", "do": "save"})
    told = Page(reply).find("main")
    assert reply.status_code == 412
    assert "云帆演练 经办人 于 2021-12-01 09:00 申报" in told
    assert "来不及的" in told
    assert told.link("查看申请单") == f"/filings/{shared.public_id}"
    assert not told.has("form#sheet")


def test_what_was_deleted_meanwhile_can_be_kept_as_a_new_one(
    enter: Callable[..., Client], visit: Callable[..., Visit], shared: Filing, sandbox: Sandbox
) -> None:
    page = as_drawn(shared)
    desk.delete(visit("cardless"), shared.public_id)
    client = enter("agent")
    reply = client.post(
        f"/filings/{shared.public_id}",
        page | {"remarks": "还在", "do": "declare", "filing": shared.public_id},
        headers={"Origin": "http://testserver"},
    )
    told = Page(reply)
    assert (reply.status_code, "申请单已被删除" in told) == (404, True)
    assert "云帆演练 经办人于 2021-12-01 09:00 删除了这份申请单" in told
    (form,) = [form for form in told.forms if "remarks" in form.fields]
    assert client.post(form.action, form.fields).status_code == 303
    assert Filing.objects.get(sandbox=sandbox).content["remarks"] == "还在"


def test_of_a_filing_of_others_nothing_is_told(
    enter: Callable[..., Client], visit: Callable[..., Visit], shared: Filing
) -> None:
    desk.delete(visit("agent"), shared.public_id)
    reply = enter("card").post(f"/filings/{shared.public_id}", as_drawn(shared))
    assert (reply.status_code, "删除了" in Page(reply)) == (404, False)
