"""What tests/inputs.py has found at the screens, each kind by itself: addresses, names and numbers no page sends."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from filings.manners.screens import LONGEST
from filings.models import Filing, Sandbox
from tests.api.client import World

pytestmark = pytest.mark.django_db

LONG = "9" * 5000
"""More digits than Python turns into a number."""


@pytest.mark.django_db(databases="__all__")
def test_whatever_was_asked_for_the_journal_can_be_read_on_its_page(world: World) -> None:
    for odd in ("x", "F1", "reject;%20=", "%E4%B8%8D%E5%AF%B9"):
        world.caller().get(f"/filings/{odd}").refused(404, "not_found")
    page = Client().get(f"/console/sandboxes/{world.id}/journal")
    assert page.status_code == 200
    for one in world.control.get("/journal").ok(200)["results"]:
        assert Client().get(f"/console/sandboxes/{world.id}/journal/{one['id']}").status_code == 200


@pytest.mark.parametrize("origin", ["http://[", "null", "x", "http://[::1"])
def test_an_origin_that_is_no_address_is_another_than_ours(origin: str) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Origin": origin})
    assert client.post("/login", {"username": "card"}).status_code == 403


@pytest.mark.parametrize("charset", ["gb18030", "rot13", "base64", "x\0", "utf-16"])
def test_a_page_is_asked_in_utf_8_and_in_nothing_else(charset: str, client: Client) -> None:
    for query in ("q=%D4%DD", "q=1&" * 3000):
        assert (
            client.generic("GET", "/faq", QUERY_STRING=query, CONTENT_TYPE=f"text/plain; charset={charset}").status_code
            == 400
        )
    answer = client.generic(
        "POST", "/login", "username=x", content_type=f"application/x-www-form-urlencoded; charset={charset}"
    )
    assert answer.status_code == 400
    assert "UTF-8" in answer.content.decode()
    assert client.generic("GET", "/faq", CONTENT_TYPE="text/plain; charset=utf-8").status_code == 200


class TestLedBack:
    """One is led to an address of ours that was sent along, unless it is longer than addresses are."""

    def test_to_the_login_and_on(self, client: Client) -> None:
        assert client.get("/enquiries/overview")["Location"] == "/login?next=%2Fenquiries%2Foverview"
        assert client.get("/", {"x": "长" * LONGEST})["Location"] == "/login"

    @pytest.mark.parametrize(
        ("to", "led"), [("/tickets", "/tickets"), ("/" + "x" * 20_000, "/"), ("//evil.example/", "/")]
    )
    def test_after_it(self, to: str, led: str, client: Client, world: World) -> None:
        form = {"sandbox": world.id, "username": "card", "password": world.accounts["card"]["password"], "next": to}
        assert client.post("/login", form)["Location"] == led

    @pytest.mark.parametrize(
        "given", [{"do": "clock:" + "x" * 20_000}, {"do": "clock", "next": "/console/" + "x" * 20_000}]
    )
    def test_on_the_console(self, given: dict[str, str], client: Client, sandbox: Sandbox) -> None:
        at = f"/console/sandboxes/{sandbox.key}"
        answer = client.post(at, {"mode": "frozen", **given})
        assert answer.status_code == 303
        assert answer["Location"].startswith(f"{at}?")
        assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    "digits", [LONG, "9" * 30, "²", "٣", "-1", "1_0"], ids=["5000 digits", "30", "²", "٣", "-1", "1_0"]
)
class TestNumbers:
    """What is no number of ours counts as none."""

    def test_of_a_year(self, digits: str, enter: Callable[..., Client]) -> None:
        assert "2020" in enter("card", "card_token").get("/annual-reports", {"year": digits}).content.decode()

    @pytest.mark.parametrize("given", ["do", "version", "row"])
    def test_on_a_sheet(self, given: str, digits: str, enter: Callable[..., Client], draft: Filing) -> None:
        posts: dict[str, dict[str, Any]] = {
            "do": {"do": f"detach:{digits}"},
            "version": {"do": "save", "version": digits},
            "row": {"do": f"drop:investors.{digits}", "investors": "", f"investors.{digits}.name": "甲"},
        }
        assert enter().post(f"/filings/{draft.public_id}", posts[given]).status_code < 500

    def test_of_the_journal(self, digits: str, client: Client, sandbox: Sandbox) -> None:
        assert client.get(f"/console/sandboxes/{sandbox.key}/journal", {"status": digits}).status_code == 200
        assert client.get(f"/console/sandboxes/{sandbox.key}", {"after": digits}).status_code == 200


def test_what_a_client_sends_wrong_is_told_to_it_and_fills_no_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert client.get("/faq?" + "q=1&" * 3000).status_code == 400
        assert client.post("/login", "a=1&" * 3000, content_type="application/x-www-form-urlencoded").status_code == 400
    assert caplog.records == []
