"""Every refusal names what was not found and a way out, and the way out leads somewhere: each address that is told
exists."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from filings.manners import addresses
from filings.manners.wire import TYPES
from filings.rules.refusals import CATALOGUE, HOW_TO_SIGN
from tests.api.client import BUSINESS, CONTROL, Answer, Caller, World
from tests.api.test_openapi import EVERY

ADDRESS = re.compile(r"(?:(GET|POST|PUT|PATCH|DELETE) ?)?(/(?:api|control)/v1/[\w./{}*-]*[\w}])")
"""An address as it is told in a text, with its method where that is told too."""


def leads_nowhere(text: str) -> Iterator[str]:
    """The addresses in a text that there are not, or that do not take the method named with them."""
    for method, told in ADDRESS.findall(text):
        try:
            view = resolve(re.sub(r"\{\w*\}", "1", told)).func.view_class  # type: ignore[attr-defined]
        except Resolver404:
            yield told
        else:
            if method and not hasattr(view, method.lower()):
                yield f"{method} {told}"


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_address_in_a_refusal_of_the_catalogue_exists(code: str) -> None:
    wording = CATALOGUE[code]
    assert list(leads_nowhere(f"{wording.detail} {wording.remedy}")) == []


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_refusal_of_the_catalogue_has_a_way_out(code: str) -> None:
    assert CATALOGUE[code].remedy


def test_an_address_that_there_is_not_would_be_noticed() -> None:
    assert list(leads_nowhere("请查看 GET /control/v1/faults")) == ["/control/v1/faults"]
    assert list(leads_nowhere("请 DELETE /api/v1/filings。")) == ["DELETE /api/v1/filings"]
    assert list(leads_nowhere(f"请看 GET /api/v1/forms/{{kind}}；{HOW_TO_SIGN}")) == []
    assert len(ADDRESS.findall(" ".join(one.remedy for one in CATALOGUE.values()))) >= 6


def sayings() -> Iterator[tuple[str, str]]:
    """Every text in the code of the simulator, with where it stands; what is filled into it later is a free place."""
    for file in sorted(Path("filings").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                yield (
                    str(file),
                    "".join(value.value if isinstance(value, ast.Constant) else "{}" for value in node.values),
                )
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield str(file), node.value


def test_every_address_told_anywhere_in_the_code_exists() -> None:
    told = [(where, text) for where, text in sayings() if ADDRESS.search(text) and "/v1/" in text]
    assert len(told) > 15
    assert [(where, one) for where, text in told for one in leads_nowhere(text)] == []


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(("plane", "method", "path"), EVERY, ids=[f"{m}-{p}{path}" for p, m, path in EVERY])
def test_what_is_not_found_at_an_address_is_named_with_a_way_out_that_exists(
    plane: str, method: str, path: str, world: World
) -> None:
    """Every operation of both planes with names and numbers under which there is nothing."""
    pieces = {"sandbox": world.id, "n": "77"}
    address = plane + re.sub(r"\{(\w+)\}", lambda piece: pieces.get(piece[1], "nothing"), path)
    answer = world.caller("card", "card").call(method.upper(), address, None if method in ("get", "delete") else {})
    if answer.status == 404:
        assert answer["detail"] != CATALOGUE["not_found"].detail
        assert answer["remedy"]
    if answer.status >= 400:
        assert list(leads_nowhere(f"{answer['detail']} {answer['remedy']}")) == []
        assert answer["type"] == TYPES + answer["code"]


@pytest.mark.parametrize(
    ("path", "list_"),
    [
        ("/api/v1/filings/F999999", "/api/v1/filings"),
        ("/api/v1/filings/F999999/timeline", "/api/v1/filings"),
        ("/api/v1/filings/filings", "/api/v1/filings"),
        ("/api/v1/filings/f", "/api/v1/filings"),
        ("/api/v1/tickets/T9", "/api/v1/tickets"),
        ("/api/v1/codes/nothing", "/api/v1/codes"),
        ("/api/v1/faq/9.9", "/api/v1/faq"),
        ("/api/v1/forms/nothing", "/api/v1/forms"),
        ("/control/v1/sandboxes/nothing", "/control/v1/sandboxes"),
        ("/control/v1/sandboxes/nothing/clock", "/control/v1/sandboxes"),
        ("/control/v1/sandboxes/{sandbox}/filings/F9/explain", "/control/v1/sandboxes/{sandbox}/filings"),
    ],
)
def test_what_is_not_found_is_told_with_the_list_that_would_hold_it(path: str, list_: str, world: World) -> None:
    named = {"sandbox": world.id}
    refused = world.caller().get(path.format(**named)).refused(404, "not_found")
    assert refused["remedy"].endswith(f"GET {list_.format(**named)}")
    world.caller().get(list_.format(**named)).ok(200)


# ── no such address ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "path", ["/filings/", "/filings//", "//filings", "/filings/F000001/", "/sessions/current/", "/schema/"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_slash_too_many_is_told_with_the_address_that_was_meant(path: str, method: str, anyone: Caller) -> None:
    meant = BUSINESS + re.sub("/+", "/", path).rstrip("/")
    refused = anyone.call(method, BUSINESS + path).refused(404, "not_found")
    assert refused["remedy"].endswith(meant)
    assert BUSINESS + path in refused["detail"]


@pytest.mark.parametrize("path", ["/sandboxes/", "/scenarios/", "/sandboxes/import/"])
def test_on_the_control_plane_too(path: str, anyone: Caller) -> None:
    assert anyone.get(CONTROL + path).refused(404, "not_found")["remedy"].endswith(CONTROL + path.rstrip("/"))


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("/api/v1/filing", "/api/v1/filings"),
        ("/api/v1/Filings", "/api/v1/filings"),
        ("/api/v1/filings/F000001/declares", "/api/v1/filings/{filing}/declare"),
        ("/api/v1/filings/F000001/attachments/x", "/api/v1/filings/{filing}/attachments/{n}"),
        ("/api/filings", "/api/v1/filings"),
        ("/api/v2/enterprise", "/api/v1/enterprise"),
        ("/control/v1/scenario", "/control/v1/scenarios"),
        ("/control/v1/sandboxes/sb-1/advance", "/control/v1/sandboxes/{sandbox}/clock/advance"),
    ],
)
def test_an_unknown_address_is_told_with_the_nearest_and_where_all_are_told(
    asked: str, nearest: str, anyone: Caller
) -> None:
    refused = anyone.get(asked).refused(404, "not_found")
    plane = "/".join(nearest.split("/")[:3])
    assert f"GET {plane}/schema" in refused["remedy"]
    assert list(leads_nowhere(refused["remedy"])) == []
    assert f"最接近的是 {nearest}；" in refused["remedy"]


@pytest.mark.parametrize(
    "path", ["/api/v1/" + "x" * 5000, "/api/v1/" + "/".join("x" * 500), "/api/v1/%00", "/api/", "/control/"]
)
def test_however_far_off_it_is_it_is_told_soon_and_short(path: str, anyone: Caller) -> None:
    assert len(anyone.get(path).refused(404, "not_found")["detail"]) < 250


def test_of_a_plane_that_is_off_no_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for asked in ("_is_read", "_resolves"):
        monkeypatch.setattr(addresses, asked, lambda path: not path.startswith(CONTROL))
    assert addresses.way_to("/control/v1/sandboxes/") == ""


# ── one maker of problems ─────────────────────────────────────────────────────────────────────────────────────────


def test_one_code_has_one_type_whoever_refuses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusals() -> Iterator[Answer]:
        anyone = Caller()
        yield anyone.get("/nothing")
        yield world.caller().get("/filings/F999999")
        yield anyone.call("POST", "/api/v1/schema")
        yield anyone.call("POST", "/version")
        yield anyone.call("POST", "/healthz")
        yield Caller(prefix="").get("/readyz/")

    types: dict[str, set[str]] = {}
    for refused in refusals():
        types.setdefault(refused["code"], set()).add(refused["type"])
        assert refused.headers["Content-Type"] == "application/problem+json"
    assert types == {code: {TYPES + code} for code in ("not_found", "method_not_allowed")}


def test_a_defect_is_a_problem_too_and_tells_whom_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    from filings.api import help

    def defect(*args: Any, **kwargs: Any) -> None:
        raise ValueError

    monkeypatch.setattr(help.Version, "get", defect)
    answer = Client(raise_request_exception=False).get("/api/v1/version")
    assert (answer.status_code, answer.json()["code"], answer.json()["type"]) == (
        500,
        "internal_error",
        TYPES + "internal_error",
    )
    assert answer.json()["request_id"] == answer["X-Request-Id"]


# ── what the body names ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sessions", {"username": "card", "password": "x"}),
        ("/sessions", {"card_no": "SIMC00000002", "pin": "x"}),
        ("/sessions/challenge", {"card_no": "SIMC00000002"}),
        ("/accounts", {"username": "zhang", "password": "long enough", "user_type": "personal", "display_name": "张"}),
    ],
)
def test_a_sandbox_that_is_not_there_is_named_at_its_member(path: str, body: dict[str, str], anyone: Caller) -> None:
    refused = anyone.post(path, {**body, "sandbox": "sb-gone"}).refused(404, "not_found")
    assert refused.errors == {"/sandbox": "not_found"}
    assert "sb-gone" in refused["detail"]
    assert "demo" in refused["remedy"]


def test_so_is_a_filing(world: World) -> None:
    mine = world.caller()
    for path, body in (
        ("/tickets", {"desk": "platform", "topic": "status", "filing": "F999999"}),
        ("/forms/registration/state", {"content": {}, "filing": "F999999"}),
    ):
        refused = mine.post(path, body).refused(404, "not_found")
        assert refused.errors == {"/filing": "not_found"}
        assert refused["remedy"].endswith("GET /api/v1/filings")


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/situation", {"situation": "stale_form", "uscc": "91440399MAMK99999X"}, "/uscc"),
        ("/fixtures/account", {"uscc": "91440399MAMK99999X"}, "/uscc"),
        ("/fixtures/card", {"username": "nobody"}, "/username"),
        ("/fixtures/filing", {"uscc": "91440399MAMK99999X"}, "/uscc"),
        ("/fixtures/filing", {"agent": "91440399MAMK99999X"}, "/agent"),
    ],
)
def test_so_is_whom_the_control_plane_is_told_of(path: str, body: dict[str, str], pointer: str, world: World) -> None:
    refused = world.control.post(path, body).refused(404, "not_found")
    assert refused.errors == {pointer: "not_found"}
    assert body[pointer.strip("/")] in refused["detail"]
    assert list(leads_nowhere(refused["remedy"])) == []
