"""What the page of a declared filing asks while it is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from filings import visits
from filings.customs import officer
from filings.lab.worlds import clock
from filings.models import Filing, Session, wall
from filings.rules.advice import STUCK_AFTER
from filings.rules.words import Degree
from filings.web.sheets import LOOK_AGAIN, LOOKS
from singlewindow.front import WAITED
from tests.web.pages import Page

pytestmark = pytest.mark.django_db


def ask(client: Client, filing: Filing, tag: str = "", **more: Any) -> Any:
    return client.get(f"/filings/{filing.public_id}/live", headers={"If-None-Match": tag} if tag else {}, **more)


def advance(filing: Filing, status: str) -> None:
    officer.advance(filing.sandbox, filing.public_id, status, filing.sandbox.now())


@pytest.mark.faq("1.9")
def test_a_page_asks_on_from_where_it_was_drawn_and_is_told_what_has_changed(
    enter: Callable[..., Client], declared: Filing
) -> None:
    client = enter()
    news = Page(client.get(f"/filings/{declared.public_id}")).find(".news")
    assert news["data-asks"] == f"/filings/{declared.public_id}/live"
    unchanged = ask(client, declared, news["data-tag"])
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", news["data-tag"])

    advance(declared, "stored")
    told = ask(client, declared, news["data-tag"])
    part = Page(told)
    assert told.status_code == 200
    assert len(told.content) < 6_000
    assert part.find(".news").text == "状态：海关入库成功 处理建议：等待"
    assert part.find('[data-part="status"] .badge').text == "海关入库成功"
    assert "海关入库成功" in part.find('[data-part="receipts"]')
    assert part.find('[data-part="receipts-count"]').text == "2"
    assert "data-over" not in part.find(".news").node.attributes
    assert ask(client, declared, told["ETag"]).status_code == 304

    advance(declared, "approved")
    last = Page(ask(client, declared, told["ETag"]))
    assert "data-over" in last.find(".news").node.attributes
    assert last.has('[data-part="basic"]'), "what customs returned stands in the sheet"


def test_advice_comes_with_time_and_the_clock_with_whoever_sets_it(
    enter: Callable[..., Client], declared: Filing
) -> None:
    client = enter()
    first = ask(client, declared)
    clock.advance(declared.sandbox, by=STUCK_AFTER + timedelta(seconds=1))
    later = ask(client, declared, first["ETag"])
    assert later.status_code == 200
    assert "请您联系 0755-83165355" in Page(later).find('[data-part="advice"]')
    assert Page(later).find("time[data-ticks]").text == "2021-12-02 09:00"
    declared.sandbox.set_clock(declared.sandbox.now() + timedelta(hours=1))
    assert ask(client, declared, later["ETag"]).status_code == 200


def test_where_no_help_is_given_none_comes(enter: Callable[..., Client], declared: Filing) -> None:
    declared.sandbox.degree = Degree.EXAM
    declared.sandbox.save(update_fields=["degree"])
    advance(declared, "sent")
    told = Page(ask(enter(), declared))
    assert told.find(".news").text == "状态：成功发往海关"
    assert "处理建议" not in told.source


@pytest.mark.parametrize(("who", "status"), [("card", 404), ("personal", 404), ("", 401)])
def test_it_is_nobody_else_s(enter: Callable[..., Client], declared: Filing, who: str, status: int) -> None:
    answer = ask(enter(who) if who else Client(), declared)
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/plain")
    assert len(answer.content) < 200


def test_a_page_that_asks_by_itself_keeps_no_login(enter: Callable[..., Client], declared: Filing) -> None:
    client, token = enter(), Session.objects.filter(account__role="cardless", card=None)
    client.get(f"/filings/{declared.public_id}")
    seen = wall() - visits.IDLE + timedelta(minutes=1)
    token.update(seen_at=seen)
    assert ask(client, declared).status_code == 200
    assert seen in token.values_list("seen_at", flat=True)
    token.update(seen_at=wall() - visits.IDLE - timedelta(seconds=1))
    assert ask(client, declared).status_code == 401
    assert client.get(f"/filings/{declared.public_id}").status_code == 302


def test_that_nothing_is_new_costs_three_statements_and_is_kept_back_without_a_thread(
    enter: Callable[..., Client], declared: Filing, django_assert_num_queries: Any
) -> None:
    client = enter()
    tag = ask(client, declared)["ETag"]
    with django_assert_num_queries(2):  # the clock stands: whether anything is due came with the login
        held = ask(client, declared, tag)
    assert (held.wait, held.waited) == (LOOK_AGAIN, "1")
    last = ask(client, declared, tag, **{WAITED: str(LOOKS)})
    assert last.status_code == 304
    assert not hasattr(last, "wait")
    assert LOOK_AGAIN < 2, "within two seconds of the approval it says so"
