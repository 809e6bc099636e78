"""Every unsafe request to a page needs the page's own token: every address there is, found by walking the map, none by
name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.views import APIView

from filings.lab.worlds import cast, worlds
from filings.models import Event, Sandbox
from tests.api.addresses import routes
from tests.factories import FilingFactory, visit_of
from tests.web.pages import Page

pytestmark = pytest.mark.django_db

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def of_programs(view: Callable[..., Any]) -> bool:
    """Whether an address is one of the planes': those know no cookie, so no browser can be made to act there for its
    user."""
    return isinstance(getattr(view, "cls", None), type) and issubclass(view.cls, APIView)  # type: ignore[attr-defined]


PAGES = [route for route, view in routes() if not of_programs(view)]


@pytest.fixture
def strict(sandbox: Sandbox) -> Client:
    """Somebody's browser, logged in by card on its own page, to whom the counter is open too."""
    client = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    client.cookies["sim_session"] = next(token for token in worlds.tokens(sandbox) if token.role == "card").card_token
    return client


@pytest.fixture
def address(sandbox: Sandbox, visit: Callable[..., Any]) -> Callable[[str], str]:
    """A real address of a route: of something there is, where it names one."""
    filing = FilingFactory(visit=visit("card")).public_id
    given = {
        "sandbox": sandbox.key,
        "filing": filing,
        "mandate": "M000001",
        "entry": "1.1",
        "table": "currencies",
        "n": "1",
        "uscc": cast.CARD.uscc,
        "code": "x",
        "file": "client.py",
        "exercise": "faq-2-4",
        "attempt": "A0123456789abcdef",
    }

    def of(route: str) -> str:
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: given[found[1]], route).strip("^$")

    return of


def let_pass(client: Client, address: str) -> list[str]:
    """The unsafe methods by which an address is reached without the page's token."""
    reached = []
    for method in UNSAFE:
        answer = client.generic(method, address, "do=pin:yes", content_type="application/x-www-form-urlencoded")
        told = answer.content.decode()
        refused = answer.status_code == 403 and ("页面已过期" in told or "csrf_failed" in told)
        only_read = answer.status_code == 405 and "POST" not in answer["Allow"]
        if not refused and not only_read:
            reached.append(f"{method} {answer.status_code}")
    return reached


def test_the_map_is_walked_whole() -> None:
    assert len(PAGES) > 60
    for face in (
        "filings/<filing:filing>/delete",
        "customs/",
        "console/sandboxes/<slug:sandbox>/reset",
        "login",
        "healthz",
    ):
        assert any(route.strip("^") == face for route in PAGES), face


@pytest.mark.parametrize("route", PAGES)
def test_without_its_token_nothing_is_done(
    route: str, strict: Client, address: Callable[[str], str], sandbox: Sandbox
) -> None:
    at = address(route)
    before = (Event.objects.count(), Sandbox.objects.get(pk=sandbox.pk).pinned)
    assert let_pass(strict, at) == []
    assert (Event.objects.count(), Sandbox.objects.get(pk=sandbox.pk).pinned) == before


def test_one_that_were_exempt_would_be_noticed(
    strict: Client, address: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for route, view in routes():
        if route.endswith(
            ("/delete", "/reset", "filings/<filing:filing>", "customs/<slug:sandbox>/<filing:filing>")
        ) and not of_programs(view):
            with monkeypatch.context() as planted:
                planted.setattr(view, "csrf_exempt", True, raising=False)
                assert let_pass(strict, address(route)), route


def test_with_it_the_same_is_done(strict: Client, address: Callable[[str], str]) -> None:
    at = address("console/sandboxes/<slug:sandbox>")
    token = Page(strict.get(at)).value("csrfmiddlewaretoken")
    assert strict.post(at, {"do": "pin:yes", "csrfmiddlewaretoken": token}).status_code == 303


def test_the_planes_know_no_cookie(strict: Client, sandbox: Sandbox, visit: Callable[..., Any]) -> None:
    assert visit_of(visit("card").account)
    assert strict.get("/api/v1/sessions/current").status_code == 401
    assert strict.post("/api/v1/filings", "{}", content_type="application/json").status_code == 401
    evil = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert strict.post(f"/control/v1/sandboxes/{sandbox.key}/reset", headers=evil).status_code == 403
