"""Who may use the control plane: everybody on this machine, elsewhere only who has a key; never a page of another
site."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import clear_url_caches

from filings.control import urls as control_urls
from singlewindow import urls
from tests.api.client import CONTROL, Caller, World

TOKEN = "operators-token"
FAR = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def exposed(settings: Any) -> None:
    """Bound to every address, with the operator's token."""
    settings.HOST, settings.SIM_CONTROL_TOKEN, settings.ALLOWED_HOSTS = "0.0.0.0", TOKEN, ["*"]


def here(path: str = "/scenarios", **headers: str) -> Any:
    return Caller(CONTROL).get(path, **headers)


def afar(path: str = "/scenarios", token: str | None = None, **headers: str) -> Any:
    return Caller(CONTROL, token, environ=FAR).get(path, **headers)


# ── on this machine ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.9.9.9"])
@pytest.mark.parametrize("caller", ["127.0.0.1", "::1"])
def test_bound_to_loopback_and_called_from_it_the_plane_is_open(host: str, caller: str, settings: Any) -> None:
    settings.HOST = host
    Caller(CONTROL, environ={"REMOTE_ADDR": caller}).get("/scenarios").ok(200)


def test_there_a_key_is_accepted_and_not_needed(world: World, other_world: World, settings: Any) -> None:
    settings.SIM_CONTROL_TOKEN = TOKEN
    for token in (None, world.opened["control_key"], TOKEN, other_world.opened["control_key"], "anything"):
        world.control.get("", token).ok(200)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_a_request_a_proxy_passed_on_is_not_from_here(header: str, settings: Any) -> None:
    Caller(CONTROL, headers={header: "127.0.0.1"}).get("/scenarios").refused(401, "control_unauthorized")


def test_a_caller_from_elsewhere_is_not_from_here_whatever_it_says(settings: Any, db: None) -> None:
    afar().refused(401, "control_unauthorized")
    afar(X_Forwarded_For="127.0.0.1", X_Real_IP="127.0.0.1").refused(401, "control_unauthorized")
    afar(token="anything").refused(403, "control_forbidden")


def test_without_a_token_set_no_token_is_right(settings: Any, db: None) -> None:
    settings.SIM_CONTROL_TOKEN = ""
    for token in ("", " ", "None", "anything"):
        assert afar(token=token).status in (401, 403)


# ── elsewhere ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_operators_token_opens_the_whole_plane(exposed: None, db: None) -> None:
    for path in ("/scenarios", "/situations", "/machine", "/sandboxes"):
        afar(path).refused(401, "control_unauthorized")
        assert afar(path).headers["WWW-Authenticate"].startswith("Bearer")
        afar(path, TOKEN).ok(200)
        for wrong in (TOKEN + "x", TOKEN[:-1], TOKEN.upper(), "é"):
            afar(path, wrong).refused(403, "control_forbidden")
    opened = Caller(CONTROL, TOKEN, environ=FAR).post("/sandboxes", {}).ok(201)
    Caller(CONTROL, TOKEN, environ=FAR).delete(f"/sandboxes/{opened['id']}").ok(204)


def test_even_from_this_machine_it_is_needed_once_the_plane_is_bound_elsewhere(exposed: None, db: None) -> None:
    here().refused(401, "control_unauthorized")
    Caller(CONTROL, TOKEN).get("/scenarios").ok(200)


def test_a_control_key_opens_its_own_sandbox_and_nothing_else(world: World, other_world: World, settings: Any) -> None:
    settings.HOST, settings.SIM_CONTROL_TOKEN, settings.ALLOWED_HOSTS = "0.0.0.0", TOKEN, ["*"]
    key, draft = world.opened["control_key"], world.draft()
    own = Caller(f"{CONTROL}/sandboxes/{world.id}", key, environ=FAR)
    own.get("").ok(200)
    own.post("/clock/advance", {"by": "PT1H"}).ok(200)
    own.put(f"/filings/{draft}/scenario", {"scenario": "reject"}).ok(200)
    own.get(f"/filings/{draft}/explain").ok(200)
    for path in ("", "/clock", "/filings", f"/filings/{draft}/explain"):
        Caller(f"{CONTROL}/sandboxes/{other_world.id}", key, environ=FAR).get(path).refused(403, "control_forbidden")
        Caller(f"{CONTROL}/sandboxes/{other_world.id}", environ=FAR).get(path).refused(401, "control_unauthorized")
    Caller(f"{CONTROL}/sandboxes/{other_world.id}", key, environ=FAR).delete("").refused(403, "control_forbidden")
    for path in ("/sandboxes", "/scenarios", "/machine", "/situations"):
        afar(path, key).refused(403, "control_forbidden")
    Caller(CONTROL, key, environ=FAR).post("/sandboxes", {}).refused(403, "control_forbidden")
    assert other_world.id in str(Caller(CONTROL, TOKEN, environ=FAR).get("/sandboxes").json)


def test_without_a_right_nobody_learns_which_sandboxes_there_are(world: World, exposed: None) -> None:
    for token in (None, "anything", world.opened["control_key"]):
        known = "nothing-there" if token == world.opened["control_key"] else world.id
        answers = [
            Caller(f"{CONTROL}/sandboxes/{one}", token, environ=FAR).get("", X_Request_Id="r")
            for one in (known, "nothing-there")
        ]
        assert (
            len({answer.body.replace(known.encode(), b"x").replace(b"nothing-there", b"x") for answer in answers}) == 1
        )
        assert {answer.status for answer in answers} <= {401, 403}


def test_a_business_token_opens_nothing_here_and_a_control_key_nothing_there(world: World, exposed: None) -> None:
    afar("/scenarios", world.accounts["card"]["token"]).refused(403, "control_forbidden")
    Caller(f"{CONTROL}/sandboxes/{world.id}", world.accounts["card"]["token"], environ=FAR).get("").refused(
        403, "control_forbidden"
    )
    for key in (world.opened["control_key"], TOKEN):
        Caller(token=key).get("/filings").refused(401, "not_authenticated")


def test_its_document_is_open_to_everybody(exposed: None) -> None:
    afar("/schema").ok(200)
    afar("/docs", Accept="text/html").ok(200)


# ── pages of other sites ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver:81"},
        {"Origin": "http://testserver.evil.example"},
        {"Sec_Fetch_Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_of_another_site_is_refused_even_on_this_machine(method: str, headers: dict[str, str], db: None) -> None:
    path = "/sandboxes"
    refused = Caller(CONTROL).call(method, path, {} if method == "POST" else None, **headers).refused(403, "cross_site")
    assert "Access-Control-Allow-Origin" not in refused.headers


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://testserver"}, {"Sec_Fetch_Site": "same-origin"}, {"Sec_Fetch_Site": "none"}]
)
def test_a_page_of_our_own_is_not(headers: dict[str, str], db: None) -> None:
    Caller(CONTROL).post("/sandboxes", {}, **headers).ok(201)


# ── switched off ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def switched_off(settings: Any) -> Iterator[None]:
    """The address map as it is made with SIM_CONTROL_PLANE=off."""
    settings.SIM_CONTROL_PLANE = False
    importlib.reload(urls)
    clear_url_caches()
    yield
    settings.SIM_CONTROL_PLANE = True
    importlib.reload(urls)
    clear_url_caches()


def test_switched_off_the_whole_prefix_is_not_there(switched_off: None, settings: Any) -> None:
    settings.SIM_CONTROL_TOKEN = TOKEN
    paths = [
        "/schema",
        "/docs",
        *("/" + str(operation.pattern).replace("<str:", "").replace(">", "") for operation in control_urls.operations),
    ]
    assert len(paths) > 15
    for path in paths:
        for method in ("GET", "POST", "DELETE"):
            Caller(CONTROL, TOKEN, documented=False).call(method, path).refused(404, "not_found")
    Caller().get("/version").ok(200)


def test_switched_on_again_it_is_back() -> None:
    here().ok(200)
