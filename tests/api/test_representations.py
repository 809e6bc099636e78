"""What an answer looks like: the media types that may be asked for, conditional reads, and a HEAD that tells what a
GET would."""

import re
from typing import Any

import pytest

from tests.api.client import BUSINESS, CONTROL, Caller, World, document
from tests.api.test_openapi import EVERY, every_operation, operations, routes

# ── Accept ────────────────────────────────────────────────────────────────────────────────────────────────────────


def sent_by(plane: str, method: str, path: str) -> set[str]:
    """The media types of an operation's answers, by its document."""
    refusals = document(plane)["components"]["responses"]
    told = [
        refusals[operation["$ref"].rpartition("/")[2]] if "$ref" in operation else operation
        for operation in operations(plane)[method, path]["responses"].values()
    ]
    return {kind for one in told for kind in one.get("content", ())}


def test_the_documents_list_more_than_json() -> None:
    assert {kind for key in EVERY for kind in sent_by(*key)} == {
        "application/json",
        "application/problem+json",
        "application/pdf",
        "image/jpeg",
        "image/png",
        "text/html",
        "application/xml",
        "application/pem-certificate-chain",
        "application/x-pkcs12",
    }


@pytest.mark.django_db(databases="__all__")
@every_operation
def test_every_media_type_an_address_sends_is_one_that_accept_may_name(
    plane: str, method: str, path: str, world: World
) -> None:
    pieces = {"sandbox": world.id, "n": "1"}
    address = plane + re.sub(r"\{(\w+)\}", lambda piece: pieces.get(piece[1], "nothing"), path)
    for kind in sent_by(plane, method, path):
        for accept in (kind, f"{kind};q=0.1", f"{kind.partition('/')[0]}/*"):
            answer = world.caller().call(
                method.upper(), address, None if method in ("get", "delete") else {}, Accept=accept
            )
            assert answer.status != 406, accept


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(
    ("form", "kind"), [("json", "application/json"), ("html", "text/html"), ("junit", "application/xml")]
)
def test_the_coverage_comes_as_the_format_asked_for(form: str, kind: str, world: World) -> None:
    answer = world.control.get(f"/coverage?format={form}", Accept=kind).ok(200)
    assert answer.headers["Content-Type"].partition(";")[0] == kind


@pytest.mark.parametrize(
    "accept", ["text/csv", "application/json;q=0, application/problem+json;q=0", "image/*", "nonsense"]
)
def test_who_accepts_nothing_that_is_sent_is_told_what_is(accept: str, world: World) -> None:
    refused = world.caller().get("/filings", Accept=accept).refused(406, "not_acceptable")
    assert "application/json" in refused["detail"]
    draft = world.draft()
    refused = world.caller().get(f"/filings/{draft}/record-form.pdf", Accept="text/csv").refused(406, "not_acceptable")
    assert "application/pdf" in refused["detail"]


@pytest.mark.parametrize(
    "accept",
    ["*/*", "application/*", "text/html,application/xhtml+xml,*/*;q=0.8", "application/json; charset=utf-8", ""],
)
def test_whoever_takes_anything_is_served(accept: str, world: World) -> None:
    world.caller().get("/filings", Accept=accept).ok(200)


# ── conditional reads ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("tag", ['"v1"', 'W/"v1"', '"v7", "v1"', "*", '"other", W/"v1"'])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_the_version_already_is_not_sent_it_again(method: str, tag: str, world: World) -> None:
    draft = world.draft()
    answer = world.caller().call(method, f"/filings/{draft}", If_None_Match=tag)
    assert (answer.status, answer.body, answer.headers["ETag"]) == (304, b"", '"v1"')
    assert "Content-Type" not in answer.headers
    assert answer.headers["X-Sim-Clock"]


@pytest.mark.parametrize("tag", ['"v2"', '"v1x"', "v1", '"v2", "v3"', "", "nonsense"])
def test_who_has_another_version_is_sent_this_one(tag: str, world: World) -> None:
    draft = world.draft()
    assert world.caller().get(f"/filings/{draft}", If_None_Match=tag).ok(200)["version"] == 1


def test_a_change_makes_the_tag_that_was_read_stale(world: World) -> None:
    draft = world.draft()
    tag = world.caller().get(f"/filings/{draft}").headers["ETag"]
    assert world.caller().get(f"/filings/{draft}", If_None_Match=tag).status == 304
    world.caller().patch(f"/filings/{draft}", {"content": {"remarks": "一"}}).ok(200)
    assert world.caller().get(f"/filings/{draft}", If_None_Match=tag).ok(200)["version"] == 2


def test_only_a_read_that_succeeds_may_be_not_modified(world: World) -> None:
    draft = world.draft()
    world.caller("card").get(f"/filings/{draft}", If_None_Match="*").refused(404, "not_found")
    world.caller().get("/filings", If_None_Match="*").ok(200)
    world.caller().post(f"/filings/{draft}/copy", If_None_Match="*").ok(201)


# ── HEAD ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(databases="__all__")
def test_a_head_tells_of_every_read_what_a_get_would_its_length_too(world: World) -> None:
    world.control.post("/checkpoints", {"name": "here"}).ok(201)
    card, filing = (
        world.caller("card", "card"),
        world.make("filing", uscc=world.uscc(), kind="change", state="sent")["id"],
    )
    world.control.post("/webhooks", {"url": "https://93.184.215.14/"}).ok(201)
    card.post("/seal-certificates").ok(201)
    draft = card.post("/filings", {"kind": "registration", "content": {}}).ok(201)["id"]
    card.upload(draft).ok(201)
    ticket = card.post("/tickets", {"desk": "platform", "topic": "status"}).ok(201)["id"]
    pieces = {
        "sandbox": world.id,
        "filing": filing,
        "n": "1",
        "kind": "change",
        "table": "categories",
        "entry": "1.1",
        "uscc": world.uscc(),
        "ticket": ticket,
        "card": world.accounts["card"]["card_no"],
        "exercise": "first-filing",
        "attempt": Caller(CONTROL).post("/exercises/first-filing/attempts").ok(201)["id"],
        "webhook": world.control.post("/webhooks", {"url": None}).ok(201)["id"],
    }
    queries = {"/annual-reports/eligibility": "?year=2020", "/annual-reports/form": "?year=2020"}
    of_drafts = {"/filings/{filing}/attachments/{n}", "/filings/{filing}/record-form.pdf"}
    met = 0
    for plane in (BUSINESS, CONTROL):
        for path in [path for method, path in routes(plane) if method == "get"]:
            named = pieces | ({"filing": draft} if path in of_drafts else {})
            address = plane + path.format(**named) + queries.get(path, "")
            card.get(address).ok(200)  # what is noted once is noted
            read, head = (card.call(method, address) for method in ("GET", "HEAD"))
            assert (head.status, head.body) == (200, b""), address
            assert read.headers["Content-Length"] == str(len(read.body)), address
            assert _told(head) == _told(read), address
            met += 1
    assert met == len([1 for plane in (BUSINESS, CONTROL) for one in document(plane)["paths"].values() if "get" in one])


def _told(answer: Any) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}


@pytest.mark.parametrize(
    "path", ["/api/v1/schema", "/control/v1/schema", "/api/v1/docs", "/api/v1/nothing", "/api/v1/filings"]
)
def test_so_it_does_of_documents_and_refusals(path: str, anyone: Caller) -> None:
    read, head = (anyone.call(method, path) for method in ("GET", "HEAD"))
    assert (head.status, head.headers["Content-Length"], head.body) == (read.status, str(len(read.body)), b"")
