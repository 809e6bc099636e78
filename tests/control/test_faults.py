"""Failures on demand: errors, delays, answers cut before and after the commit, and glitches by name."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_django.live_server_helper import LiveServer

from filings.lab.faults import addresses
from filings.models import Fault, Filing, Glitch
from tests.api.client import CONTROL, Caller, World, reference

pytestmark = pytest.mark.django_db


def put(world: World, fault: str, **more: Any) -> str:
    identifier: str = world.control.post("/faults", {"fault": fault, **more}).ok(201)["id"]
    return identifier


def statuses(world: World, path: str, times: int) -> list[int]:
    return [Caller(token=world.accounts["cardless"]["token"], documented=False).get(path).status for _ in range(times)]


def test_a_status_is_answered_instead_with_retry_after_and_the_deed_is_not_done(world: World) -> None:
    put(world, "status; code=503; retry_after=7", match={"method": "POST", "path": "/api/v1/filings"}, times=1)
    body = {"kind": "registration", "content": reference()}
    refused = world.caller().post("/filings", body).refused(503, "injected_fault")
    assert (refused.headers["Retry-After"], refused["fault"]) == ("7", "status; code=503; retry_after=7")
    assert not Filing.objects.filter(sandbox__key=world.id).exists()
    world.caller().post("/filings", body).ok(201)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("status", "5"),
        ("status; code=429", "5"),
        ("status; code=500", None),
        ("status; code=404", None),
        ("status; code=500; retry_after=9", "9"),
        ("status; code=503; retry_after=0", "0"),
    ],
)
def test_retry_after_is_told_where_a_server_would_or_the_test_asks_for_it(
    fault: str, told: str | None, world: World
) -> None:
    mine = Caller(token=world.accounts["cardless"]["token"], documented=False)
    assert mine.get("/filings", X_Sim_Fault=fault).headers.get("Retry-After") == told


@pytest.mark.parametrize("code", [400, 429, 500, 502, 599])
def test_any_error_status_can_be_forced_by_header_for_one_exchange(code: int, world: World) -> None:
    mine = Caller(token=world.accounts["cardless"]["token"], documented=False)
    assert mine.get("/filings", X_Sim_Fault=f"status; code={code}").status == code
    assert mine.get("/filings").status == 200


@pytest.mark.parametrize("fault", ["stauts", "status; code=200", "latency; ms=x", "duplicate", "print_blurred"])
def test_a_header_that_names_no_fault_of_transport_is_told(fault: str, world: World) -> None:
    world.caller().get("/filings", X_Sim_Fault=fault).refused(400, "unknown_fault")


def test_faults_strike_as_often_as_they_may_and_where_they_match(world: World) -> None:
    put(world, "status; code=500", match={"path": "/api/v1/filings*"}, times=2)
    assert statuses(world, "/tickets", 1) == [200]
    assert statuses(world, "/filings", 4) == [500, 500, 200, 200]
    put(world, "status; code=500", match={"account": "card"})
    assert statuses(world, "/filings", 1) == [200]
    assert world.control.get("/faults").ok(200)["results"][0]["match"] == {"account": "card"}


def test_chance_is_seeded_so_two_runs_meet_the_same_failures() -> None:
    runs = []
    for _ in range(2):
        world = World(seed=7)
        put(world, "status; code=500", probability=0.4)
        runs.append(statuses(world, "/tickets", 25))
    assert runs[0] == runs[1]
    assert 3 <= runs[0].count(500) <= 17


def test_a_fault_ends_when_its_time_on_the_wall_is_over_or_it_is_taken_away(world: World) -> None:
    ended = put(world, "status", ttl_seconds=60)
    Fault.objects.filter(public_id=ended).update(expires_at="2020-01-01T00:00:00Z")
    assert statuses(world, "/filings", 1) == [200]
    fault = put(world, "status")
    assert statuses(world, "/filings", 1) == [503]
    world.control.delete(f"/faults/{fault}").ok(204)
    assert statuses(world, "/filings", 1) == [200]


def test_other_sandboxes_and_the_control_plane_are_spared(world: World, other_world: World) -> None:
    put(world, "status; code=500")
    other_world.caller().get("/filings").ok(200)
    world.control.get("/faults").ok(200)
    world.control.post("/reset").ok(200)
    world.caller().get("/filings").ok(200)


def test_malformed_is_no_json(world: World) -> None:
    answer = Caller(token=world.accounts["cardless"]["token"], documented=False)
    with pytest.raises(json.JSONDecodeError):
        answer.get("/enterprise", X_Sim_Fault="malformed")


def test_a_glitch_stands_by_the_name_of_its_situation_until_it_is_taken_away(world: World) -> None:
    uscc = world.accounts["card"]["uscc"]
    fault = put(world, "mirror_lag", match={"uscc": uscc})
    assert world.control.get("/faults")["results"][0]["of"] == "glitch"
    world.control.post("/faults", {"fault": "mirror_lag", "times": 1}).ok(422)
    world.control.delete(f"/faults/{fault}").ok(204)
    assert world.control.get("/faults")["results"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"fault": "status", "times": 0},
        {"fault": "status", "probability": 0},
        {"fault": "status", "probability": 1.1},
        {"fault": "status", "times": 1, "probability": 0.5},
        {"fault": "status", "ttl_seconds": -1},
        {"fault": "status", "match": {"x": "y"}},
    ],
)
def test_what_cannot_be_is_not_put_in_force(body: dict[str, Any], world: World) -> None:
    world.control.post("/faults", body).ok(422)
    assert world.control.get("/faults")["results"] == []


# ── one that could never strike ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/filings", "/api/v1/filings"),
        ("filings", "/api/v1/filings"),
        ("/api/v1/filings", "/api/v1/filings"),
        ("/filings*", "/api/v1/filings*"),
        ("/filings/{filing}/declare", "/api/v1/filings/*/declare"),
        ("/api/v1/filings/{filing}", "/api/v1/filings/*"),
        ("*", "*"),
        ("/api/*", "/api/*"),
        ("*/filings", "*/filings"),
    ],
)
def test_a_path_may_be_written_whole_or_from_the_plane_on(path: str, meant: str, world: World) -> None:
    made = world.control.post("/faults", {"fault": "status", "match": {"path": path}}).ok(201)
    assert made["match"] == {"path": meant}
    filing = world.control.post("/fixtures/filing", {"uscc": world.uscc("cardless")}).ok(201)["id"]
    about = (
        f"/filings/{filing}/declare"
        if "declare" in meant
        else f"/filings/{filing}"
        if meant.endswith("/filings/*")
        else "/filings"
    )
    struck = Caller(token=world.accounts["cardless"]["token"], documented=False)
    assert struck.call("POST" if "declare" in meant else "GET", about).status == 503


NEVER: list[tuple[dict[str, Any], str, str]] = [
    ({"path": "/filigns"}, "path", "/api/v1/filings"),
    ({"path": "/api/v2/filings"}, "path", "/api/v1/filings"),
    ({"path": "/api/v1/filings/"}, "path", "/api/v1/filings"),
    ({"path": "/api/v1/filing/*/declare"}, "path", "/api/v1/filings/*/declare"),
    ({"path": "/filings?kind=change"}, "path", "/api/v1/filings"),
    ({"path": "/cards/x/cancel"}, "path", "/api/v1/cards/*/cancel"),
    ({"path": "/control/v1/sandboxes"}, "path", "没有任何业务接口的地址"),
    ({"path": "http://127.0.0.1:8000/api/v1/filings"}, "path", "/api/v1/filings"),
    ({"path": "/sessions"}, "path", "不用登录的地址"),
    ({"path": "/api/v1/codes/*"}, "path", "不用登录的地址"),
    ({"method": "DELETE", "path": "/filings/*/declare"}, "method", "只接受 POST"),
    ({"method": "POST", "path": "/enterprise"}, "method", "只接受 GET"),
    ({"account": "crad"}, "account", "最接近的是 card"),
    ({"account": "Card"}, "account", "最接近的是 card"),
    ({"event": "filing.sent"}, "event", "只看 method、path、account"),
    ({"uscc": "91440399MAMK00013C"}, "uscc", "只看 method、path、account"),
]


@pytest.mark.parametrize(("match", "at", "told"), NEVER)
def test_one_of_transport_that_could_never_strike_is_told_what_makes_it_so(
    match: dict[str, Any], at: str, told: str, world: World
) -> None:
    refused = world.control.post("/faults", {"fault": "status", "match": match}).refused(422, "never_matches")
    assert refused.errors == {f"/match/{at}": "never_matches"}
    assert told in refused["errors"][0]["detail"]
    assert world.control.get("/faults")["results"] == []
    assert statuses(world, "/filings", 1) == [200]


@pytest.mark.parametrize(
    ("fault", "match", "at", "told"),
    [
        ("drop", {"event": "filing.aproved"}, "event", "filing.approved"),
        ("drop", {"event": "approved"}, "event", "filing.approved"),
        ("drop", {"event": "filing.draft"}, "event", "没有事件"),
        ("duplicate", {"path": "/filings"}, "path", "只看 event、uscc"),
        ("reorder", {"method": "POST"}, "method", "只看 event、uscc"),
        ("drop", {"account": "card"}, "account", "只看 event、uscc"),
        ("drop", {"uscc": "91440399MAMK00013X"}, "uscc", "91440399MAMK00013C"),
        ("print_blurred", {"account": "card"}, "account", "只看 uscc"),
        ("print_blurred", {"path": "/enterprise/certificate.pdf"}, "path", "只看 uscc"),
        ("print_blurred", {"uscc": "91440399*"}, "uscc", "沙箱中没有"),
        ("print_blurred", {"uscc": "91440399MAMK99999X"}, "uscc", "以后才有的"),
    ],
)
def test_one_of_delivery_and_a_glitch_as_well(
    fault: str, match: dict[str, Any], at: str, told: str, world: World
) -> None:
    refused = world.control.post("/faults", {"fault": fault, "match": match}).refused(422, "never_matches")
    assert refused.errors == {f"/match/{at}": "never_matches"}
    assert told in refused["errors"][0]["detail"]
    assert world.control.get("/faults")["results"] == []
    assert not Glitch.objects.filter(sandbox__key=world.id).exists()


def test_all_that_makes_it_so_is_told_at_once(world: World) -> None:
    match = {"method": "PATCH", "path": "/tickets", "account": "nobody", "event": "x", "uscc": "x"}
    refused = world.control.post("/faults", {"fault": "status", "match": match}).refused(422, "never_matches")
    assert refused.errors == {f"/match/{name}": "never_matches" for name in ("event", "uscc", "method", "account")}


def test_who_is_to_come_is_meant_by_a_star_and_who_has_come_by_name(world: World) -> None:
    put(world, "status; code=500", match={"account": "late-*"})
    made = world.make("account", username="late-comer")
    assert Caller(token=made["token"], documented=False).get("/filings").status == 500
    put(world, "status; code=502", match={"account": "late-comer"})
    put(world, "drop", match={"uscc": made["uscc"].lower()})
    assert world.control.get("/faults")["results"][-1]["match"] == {"uscc": made["uscc"]}


@pytest.mark.parametrize("limit", [{"times": 1}, {"probability": 0.5}, {"ttl_seconds": 60}])
def test_a_glitch_takes_no_limit_it_would_not_heed(limit: dict[str, Any], world: World) -> None:
    refused = world.control.post("/faults", {"fault": "print_blurred", **limit}).ok(422)
    assert refused.errors == {f"/{name}": "not_allowed" for name in limit}
    assert not Glitch.objects.filter(sandbox__key=world.id).exists()


def test_the_addresses_where_faults_strike_are_those_that_ask_for_a_token(world: World) -> None:
    """What is said to be out of reach is: with a fault on everything, each address answers as it says."""
    put(world, "status; code=599")
    struck = Caller(token=world.accounts["card"]["card_token"], documented=False)
    every = addresses.addresses()
    assert len(every) > 40
    for one in every:
        path = one.pattern.replace("*", "1")
        for method in one.methods & {"GET", "POST", "PATCH", "DELETE"}:
            assert (struck.call(method, path, None if method == "GET" else {}).status == 599) is one.struck, (
                f"{method} {path}"
            )


# ── on a real connection ──────────────────────────────────────────────────────────────────────────────────────────


def exchange(
    server: LiveServer, method: str, path: str, token: str, body: Any = None, **headers: str
) -> tuple[int, bytes, bool]:
    """Status, body as far as it came, and whether it came whole."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    sent = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Connection": "close"}
    connection.request(method, path, json.dumps(body) if body is not None else None, {**sent, **headers})
    try:
        response = connection.getresponse()
        return response.status, response.read(), True
    except http.client.IncompleteRead as error:
        return response.status, error.partial, False
    except (http.client.RemoteDisconnected, ConnectionError):
        return 0, b"", False
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_an_answer_cut_after_the_commit_leaves_one_effect_and_the_retry_replays_it(live_server: LiveServer) -> None:
    world = World()
    token, body = world.accounts["cardless"]["token"], {"kind": "registration", "content": reference()}
    headers = {"Idempotency-Key": "once"}
    _, partial, whole = exchange(
        live_server, "POST", "/api/v1/filings", token, body, **headers, **{"X-Sim-Fault": "cut_after_commit"}
    )
    assert not whole
    assert Filing.objects.filter(sandbox__key=world.id).count() == 1
    status, again, whole = exchange(live_server, "POST", "/api/v1/filings", token, body, **headers)
    assert (status, whole) == (201, True)
    assert again.startswith(partial)
    assert Filing.objects.filter(sandbox__key=world.id).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_cut_before_the_commit_leaves_nothing(live_server: LiveServer) -> None:
    world = World()
    body = {"kind": "registration", "content": reference()}
    token = world.accounts["cardless"]["token"]
    _, _, whole = exchange(live_server, "POST", "/api/v1/filings", token, body, **{"X-Sim-Fault": "cut_before_commit"})
    assert not whole
    assert not Filing.objects.filter(sandbox__key=world.id).exists()


def test_the_catalogue_tells_every_fault_with_its_parameters(world: World) -> None:
    told = {one["name"]: one for one in Caller(f"{CONTROL}/sandboxes/{world.id}").get("/faults").ok(200)["catalogue"]}
    assert {
        "status",
        "latency",
        "cut_before_commit",
        "cut_after_commit",
        "malformed",
        "duplicate",
        "reorder",
        "drop",
    } <= told.keys()
    assert told["print_truncated"] == {
        "name": "print_truncated",
        "title": "打印的表格显示不全",
        "of": "glitch",
        "faq": "2.17",
        "match": ["uscc"],
        "parameters": [],
    }
