"""新入网 and 电子签章证书 as requests and answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from filings.counters import cards, seals
from filings.models import Card, Event, SealCertificate, Visit
from tests.factories import SOMEBODY
from tests.web.pages import Page

BOSS = SOMEBODY | {"type": "legal_person"}


@pytest.mark.faq("1.6")
def test_too_early_is_refused_with_the_moment_to_come_back(enter: Callable[..., Client], cardless: Visit) -> None:
    client = enter()
    assert "还没有电子签章证书" in Page(client.get("/seal-certificates"))
    assert client.post("/seal-certificates")["Location"] == "/seal-certificates"
    reply = client.post("/seal-certificates")
    told = Page(reply)
    assert (reply.status_code, reply["Retry-After"]) == (429, "3600")
    assert "目前系统允许用户每一小时可以申请一次最新证书下载" in told
    assert "还需等待 60 分 0 秒" in told
    assert told.find("[data-left]").text == "60 分 0 秒"
    assert told.find("[data-pace]")["data-pace"] == "0.000000"
    assert SealCertificate.objects.filter(enterprise=cardless.enterprise).count() == 1
    assert Event.objects.filter(sandbox=cardless.sandbox, name="refused").count() == 1


@pytest.mark.faq("1.6")
def test_a_certificate_is_downloaded_by_its_own_enterprise(enter: Callable[..., Client], cardless: Visit) -> None:
    seals.issue(cardless)
    for form, kind in seals.FORMATS.items():
        reply = enter().get("/seal-certificates/1/download", {"format": form})
        assert (reply.status_code, reply["Content-Type"]) == (200, kind)
    assert enter().get("/seal-certificates/1/download?format=der").status_code == 400
    assert enter("card").get("/seal-certificates/1/download").status_code == 404


@pytest.mark.faq("2.3")
@pytest.mark.parametrize("page", ["/seal-certificates", "/cards"])
def test_a_personal_user_is_told_in_the_words(page: str, enter: Callable[..., Client]) -> None:
    for reply in (enter("personal").get(page), enter("personal").post(page)):
        assert reply.status_code == 403
        assert "当前用户不是企业用户，无法操作" in Page(reply)


@pytest.mark.faq("2.14")
def test_the_words_stand_at_the_field_and_what_was_typed_stays(enter: Callable[..., Client], cardless: Visit) -> None:
    cards.apply(cardless, **BOSS)
    reply = enter().post("/cards", SOMEBODY | {"holder_name": "<b>王</b>"})
    told = Page(reply)
    assert reply.status_code == 409
    assert "不能重复注册" in told.texts("p.err")
    assert told.value("holder_name") == "<b>王</b>"
    assert Card.objects.filter(enterprise=cardless.enterprise).count() == 1


def test_a_wrong_pin_counts_here_too_and_a_locked_card_is_told(enter: Callable[..., Client], card: Visit) -> None:
    pins = {"old_pin": "00000000", "new_pin": "20211201", "again": "20211201"}
    for _ in range(5):
        reply = enter("card").post("/cards/1/pin", pins)
        assert (reply.status_code, "原密码不正确" in Page(reply)) == (422, True)
    reply = enter("card").post("/cards/1/pin", pins | {"old_pin": "88888888"})
    for told in (reply, enter("card").get("/cards/1/pin")):
        assert (told.status_code, "该卡已锁定，不能修改密码" in Page(told)) == (409, True)
    assert "已锁定" in Page(enter("card").get("/cards"))


def test_a_card_is_cancelled_only_when_that_is_confirmed(enter: Callable[..., Client], card: Visit) -> None:
    assert "确定注销操作员卡" in Page(enter("card").get("/cards/1/cancel"))
    assert cards.find(card, 1).cancelled_at is None
    assert enter("card").post("/cards/1/cancel").status_code == 303
    assert cards.find(card, 1).cancelled_at == card.now
    for page in ("/cards/1/cancel", "/cards/1/pin"):
        assert enter().get(page).status_code == 404
