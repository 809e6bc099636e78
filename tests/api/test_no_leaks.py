"""Nothing of one enterprise reaches another, another sandbox, its agent or nobody: every route × method × identity.

Every route of the business plane and of the web face stands in one table, with how it knows its caller; a route that does not
fails the test. The secrets have a canary in every field that takes words, and no answer to anybody else holds one: neither its
status line, its headers nor its body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from filings.models import CustomsRecord, Enterprise, Mirror
from filings.rules.kinds import KINDS, Kind
from filings.rules.sheet import Rows, Text
from tests.api.client import PDF, Answer, Caller, World

CANARY = "ZZCANARYZZ"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────────────

OPEN, OWN, FOREIGN, BACKSTAGE = "open", "own", "foreign", "backstage"
"""Open: the same for all. Own: about who asks, and about nobody else whatever is sent along. Foreign: names a thing; another's is
not found. Backstage: of those who hold the control plane; no login of an enterprise opens it."""

ROUTES = {
    "/healthz": OPEN, "/readyz": OPEN,
    # the business plane
    "/api/v1/sessions": OPEN, "/api/v1/sessions/challenge": OPEN, "/api/v1/accounts": OPEN, "/api/v1/codes": OPEN,
    "/api/v1/codes/{table}": OPEN, "/api/v1/faq": OPEN, "/api/v1/faq/{entry}": OPEN, "/api/v1/version": OPEN, "/api/v1/schema": OPEN,
    "/api/v1/docs": OPEN,
    "/api/v1/sessions/current": OWN, "/api/v1/forms": OWN, "/api/v1/forms/{kind}": OWN, "/api/v1/forms/{kind}/state": OWN,
    "/api/v1/filings": OWN, "/api/v1/enterprise": OWN, "/api/v1/enterprise/backfill-requirement": OWN,
    "/api/v1/enterprise/backfill": OWN, "/api/v1/mandates": OWN, "/api/v1/enquiries/overview": OWN, "/api/v1/enquiries/filings": OWN,
    "/api/v1/receipts": OWN, "/api/v1/tickets": OWN,
    "/api/v1/filings/{filing}": FOREIGN, "/api/v1/filings/{filing}/declare": FOREIGN, "/api/v1/filings/{filing}/copy": FOREIGN,
    "/api/v1/filings/{filing}/timeline": FOREIGN, "/api/v1/filings/{filing}/receipts": FOREIGN,
    "/api/v1/filings/{filing}/transmitted": FOREIGN, "/api/v1/filings/{filing}/attachments": FOREIGN,
    "/api/v1/filings/{filing}/attachments/{n}": FOREIGN, "/api/v1/mandates/{mandate}": FOREIGN,
    "/api/v1/receipts/{receipt}/acknowledge": FOREIGN, "/api/v1/tickets/{ticket}": FOREIGN,
    # the web face
    "/login": OPEN, "/logout": OPEN, "/register": OPEN, "/faq": OPEN, "/codes/{table}": OPEN,
    "/": OWN, "/filings/new": OWN, "/filings/state": OWN, "/enquiries/overview": OWN, "/enquiries/filings": OWN, "/enterprise": OWN,
    "/tickets": OWN,
    "/filings/{filing}": FOREIGN, "/filings/{filing}/delete": FOREIGN, "/filings/{filing}/copy": FOREIGN,
    "/filings/{filing}/print": FOREIGN, "/filings/{filing}/attachments/{n}": FOREIGN,
    "/customs/": BACKSTAGE, "/customs/{sandbox}/{filing}": BACKSTAGE, "/customs/{sandbox}/{filing}/attachments/{n}": BACKSTAGE,
    "/trainer/": BACKSTAGE, "/trainer/login": BACKSTAGE, "/trainer/logout": BACKSTAGE, "/trainer/sandboxes/{sandbox}": BACKSTAGE,
    "/trainer/sandboxes/{sandbox}/reset": BACKSTAGE, "/trainer/sandboxes/{sandbox}/delete": BACKSTAGE,
    "/trainer/sandboxes/{sandbox}/filings/{filing}": BACKSTAGE,
}  # fmt: skip
"""Every route but those of the control plane, which has one way in for all of it (tests/control/test_access.py)."""


@cache
def routes() -> dict[str, Any]:
    """Path → view of every route there is, from the urlconf; the control plane's left out."""
    found: dict[str, Any] = {}

    def walk(patterns: list[Any], prefix: str) -> None:
        for one in patterns:
            path = prefix + str(one.pattern)
            if isinstance(one, URLResolver):
                walk(one.url_patterns, path)
            elif isinstance(one, URLPattern) and not path.startswith("/control/"):
                found[re.sub(r"<\w+:(\w+)>", r"{\1}", path)] = one.callback

    walk(get_resolver(django_settings.ROOT_URLCONF).url_patterns, "/")
    return found


def of(access: str, plane: str) -> list[str]:
    """The routes of one plane, `api` or `web`, that know their caller in this way."""
    return [path for path, kind in ROUTES.items() if kind == access and path.startswith("/api/") == (plane == "api")]


def takes(path: str) -> list[str]:
    """The methods an address of the business plane serves."""
    view = getattr(routes()[path], "cls", None) or getattr(routes()[path], "view_class", None)
    return [method for method in METHODS if hasattr(view, method.lower().replace("head", "get"))]


def test_every_route_is_in_the_table_and_nothing_else_is() -> None:
    unclassified, gone = routes().keys() - ROUTES.keys(), ROUTES.keys() - routes().keys()
    assert not unclassified, f"say in ROUTES how these know their caller: {sorted(unclassified)}"
    assert not gone


def test_what_names_a_thing_is_foreign_and_what_names_none_is_not() -> None:
    names = {path for path in ROUTES if re.search(r"\{(?!kind|table|entry)", path)}
    assert names == {path for path, access in ROUTES.items() if access == FOREIGN or (access == BACKSTAGE and "{" in path)}


# ── the secrets ───────────────────────────────────────────────────────────────────────────────────────────────────


def canaries(kind: Kind, sheet: dict[str, Any], tag: str) -> dict[str, Any]:
    """A sheet with the canary in every field that takes words and is the applicant's to write."""
    told = dict(sheet)
    for name, field in kind.sheet.walk():
        if not isinstance(field, Text) or field.folded or name in ("uscc", "customs_code", "inspection_number"):
            continue
        words = f"{CANARY}-{tag}-{name.split('.')[-1]}"
        match name.split("."):
            case [alone]:
                told[alone] = words
            case [rows, "*", key]:
                assert isinstance(kind.sheet.items[rows], Rows)
                told[rows] = [{**told[rows][0], key: words}]
            case [group, key]:
                told[group] = {**told[group], key: words.replace("-email", "@email.example") if key == "email" else words}
    return told


OFFICER = {"reason_code": f"{CANARY}-code", "public_comment": f"{CANARY}-public", "internal_comment": f"{CANARY}-internal"}


def rejected(world: World, who: Caller, kind: str, content: dict[str, Any]) -> str:
    """A filing with an attachment, declared and refused. Returns its id."""
    filing: str = who.post("/filings", {"kind": kind, "client_reference": f"{CANARY}-reference", "content": content}).ok(201)[
        "id"
    ]
    who.upload(filing, PDF + CANARY.encode(), f"{CANARY}.pdf").ok(201)
    who.post(f"/filings/{filing}/declare", X_Sim_Scenario="by_hand").ok(200)
    world.act(filing, "advance", to="rejected", **OFFICER).ok(200)
    return filing


@pytest.fixture
def secrets(world: World) -> dict[str, list[str]]:
    """What `cardless` and `card` have, canaries everywhere. Returns, for each piece of a path, what stands in for it.

    A registration of the one; a change, a deregistration, a mandate and a 补录 of the other; drafts, tickets and receipts of both.
    """
    cardless, card = world.caller(), world.caller("card", "card")
    declarants = [{"id_type": "护照", "id_number": "E12345678", "action": "备案"}]
    sheet = {**world.sheet(), "declarants": declarants}
    world.ledger("card", customs_qualified_on="2017-03-01", inspection_qualified_on=None)
    filings = [
        rejected(world, cardless, "registration", canaries(KINDS["registration"], sheet, "registration")),
        rejected(world, card, "change", canaries(KINDS["change"], {**sheet, "uscc": world.uscc()}, "change")),
        rejected(world, card, "deregistration", canaries(KINDS["deregistration"], {}, "deregistration")),
    ]
    drafts = [who.post(f"/filings/{one}/copy").ok(201)["id"] for who, one in zip((cardless, card, card), filings, strict=True)]
    question = {"desk": "customs", "topic": "reason", "text": f"{CANARY}-question"}
    tickets = [
        who.post("/tickets", {**question, "filing": one}).ok(201)["id"]
        for who, one in ((cardless, filings[0]), (card, filings[1]))
    ]
    world.wait(hours=1)
    card.post("/enterprise/backfill", {"number": f"{CANARY}-no", "remarks": f"{CANARY}-backfill"}).ok(201)
    mandate = card.post("/mandates", {"agent": world.uscc("category:00100000")}).ok(201)["id"]
    receipts = [who.get("/receipts")["results"][-1]["id"] for who in (cardless, card)]
    for role in ("cardless", "card"):
        about = {"sandbox__key": world.id, "uscc": world.uscc(role)}
        Enterprise.objects.filter(**about).update(name_cn=f"{CANARY}-name")
        for book in (CustomsRecord, Mirror):
            for record in book.objects.filter(**about):
                record.content |= {"address_cn": f"{CANARY}-record", "name_cn": f"{CANARY}-name"}
                record.investors = [{**one, "name": f"{CANARY}-record"} for one in record.investors]
                record.save()
    return {
        "filing": [*filings, *drafts], "ticket": tickets, "receipt": receipts, "mandate": [mandate], "n": ["1"],
        "kind": list(KINDS), "table": ["divisions"], "entry": ["2.3"], "sandbox": [world.id],
        "principal": [world.uscc("cardless"), world.uscc("card")],
    }  # fmt: skip


def addresses(path: str, secrets: dict[str, list[str]]) -> list[str]:
    """A route with every secret that can stand in its place."""
    piece = next(iter(re.findall(r"\{(\w+)\}", path.replace("{sandbox}", secrets["sandbox"][0]))), "")
    fixed = {key: values[0] for key, values in secrets.items()}
    return [path.format(**{**fixed, piece: value}) for value in secrets.get(piece, [""])]


# ── the identities ────────────────────────────────────────────────────────────────────────────────────────────────

STRANGERS = (
    "anonymous", "another enterprise by password", "another enterprise by card", "the same unregistered enterprise of another sandbox",
    "the same enterprise of another sandbox by card", "a personal user", "a broker without a mandate",
)  # fmt: skip


@pytest.fixture
def identify(world: World, other_world: World) -> Any:
    def as_who(identity: str) -> Caller:
        return {
            "anonymous": lambda: Caller(),
            "another enterprise by password": lambda: world.caller("category:10000000"),
            "another enterprise by card": lambda: world.caller("category:20000000", "card"),
            "the same unregistered enterprise of another sandbox": lambda: other_world.caller("cardless"),
            "the same enterprise of another sandbox by card": lambda: other_world.caller("card", "card"),
            "a personal user": lambda: world.caller("personal"),
            "a broker without a mandate": lambda: world.caller("category:01000000", "card"),
        }[identity]()

    return as_who


# ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────────


def queries(secrets: dict[str, list[str]]) -> list[str]:
    return [
        f"client_reference={CANARY}-reference", f"after={secrets['receipt'][0]}", f"q={CANARY}", "limit=500",
        "business_type=企业变更", "business_type=企业注销", f"kind=change&filing_mode=agent&principal={secrets['principal'][1]}",
        f"filing={secrets['filing'][1]}",
    ]  # fmt: skip


def bodies(secrets: dict[str, list[str]]) -> list[dict[str, Any]]:
    """What can be sent along that names somebody else's."""
    told: list[dict[str, Any]] = [{"content": {}}]
    told += [
        {"kind": kind, "filing_mode": "agent", "principal": principal, "content": {}}
        for kind in KINDS
        for principal in secrets["principal"]
    ]
    told += [{"content": {}, "filing": filing} for filing in secrets["filing"]]
    told += [
        {"desk": "customs", "topic": topic, "filing": secrets["filing"][n]} for topic in ("reason", "status") for n in (0, 1, 2)
    ]
    told += [{"agent": secrets["principal"][1], "valid_to": "2021-01-01"}, {"username": "cardless", "password": "wrong"}]
    return told


def by_api(who: Caller, secrets: dict[str, list[str]], most: int | None = None) -> Iterator[tuple[str, str, str, Answer]]:
    """Every route of the business plane by every method, with everything foreign that fits: (route, method, what was sent, answer).

    `most` bodies at each, where not all of them are wanted.
    """
    for path, access in ROUTES.items():
        if not path.startswith("/api/"):
            continue
        for address in addresses(path, secrets):
            for method in METHODS:
                if path.endswith("/sessions/current") and method == "DELETE":
                    continue
                sent = [None] if method in ("GET", "HEAD", "DELETE") else bodies(secrets)[: most if access == OWN else 1]
                for body in sent:
                    yield path, method, f"{address} {body}", who.call(method, address, body)
            if "{" not in path and "GET" in takes(path):
                for query in queries(secrets):
                    yield path, "GET", query, who.get(f"{address}?{query}")


def by_web(token: str | None, secrets: dict[str, list[str]]) -> Iterator[tuple[str, str, str, Any]]:
    """Every page of the web face, asked for and posted to, with everything foreign that fits."""
    client = Client()
    if token:
        client.cookies["sim_session"] = token
    for path in [one for one in ROUTES if not one.startswith(("/api/", "/customs/", "/trainer/"))]:
        for address in addresses(path, secrets):
            for method in ("GET", "HEAD"):
                yield path, method, address, client.generic(method, address)
            if path == "/logout":
                continue
            posts = [{"do": verb, "remarks": "x", "version": "1"} for verb in ("save", "declare", "add:investors", "detach:1")]
            if "{" not in path:
                posts += [{"filing": filing, "do": "save", "desk": "customs", "topic": "reason"} for filing in secrets["filing"]]
                posts += [
                    {"filing_mode": "agent", "principal": one, "kind": "registration", "do": "save"}
                    for one in secrets["principal"]
                ]
                for query in queries(secrets):
                    yield path, "GET", query, client.get(f"{address}?{query}")
            for post in posts:
                yield path, "POST", f"{address} {post}", client.post(address, post)


def told(answer: Any, sent: str = "") -> set[str]:
    """The canaries in an answer that were not sent along."""
    body = answer.body if isinstance(answer, Answer) else answer.content
    return _canaries(body.decode("utf-8", "replace") + repr(dict(answer.headers))) - _canaries(sent)


def _canaries(text: str) -> set[str]:
    return {one.rstrip(".") for one in re.findall(rf"{CANARY}[-\w@.]*", text)}


# ── strangers ─────────────────────────────────────────────────────────────────────────────────────────────────────


def expected(identity: str, access: str, path: str, method: str) -> set[int]:
    """What a stranger may be answered on the business plane."""
    if access == OPEN or method not in takes(path):
        return {200, 201, 400, 401, 404, 405, 415, 422} if access == OPEN else {405} if identity != "anonymous" else {401, 405}
    if identity == "anonymous":
        return {401}
    if access == FOREIGN:
        return {403, 404} if identity == "a personal user" else {404, 415} if path.endswith("/attachments") else {404}
    return {200, 400, 403} if method in ("GET", "HEAD") else {200, 201, 403, 404, 409, 415, 422}


@pytest.mark.parametrize("identity", STRANGERS)
def test_a_stranger_meets_no_canary_on_the_business_plane(identity: str, identify: Any, secrets: dict[str, list[str]]) -> None:
    who, other_ids = identify(identity), identity.startswith("the same")
    asked = 0
    for path, method, sent, answer in by_api(who, secrets):
        asked += 1
        assert told(answer, sent) == set(), f"{method} {path} {sent}: {answer.status}"
        # In another sandbox the same ids are of other things, or of none.
        if not other_ids or ROUTES[path] != FOREIGN:
            assert answer.status in expected(identity, ROUTES[path], path, method), f"{method} {path} {sent}: {answer.status}"
    assert asked > 500


@pytest.mark.parametrize("identity", STRANGERS)
def test_a_stranger_meets_no_canary_on_any_page(identity: str, identify: Any, secrets: dict[str, list[str]]) -> None:
    who = identify(identity)
    for path, method, sent, answer in by_web(who.token, secrets):
        assert told(answer, sent) == set(), f"{method} {path} {sent}: {answer.status_code}"
        if identity == "anonymous" and ROUTES[path] != OPEN and answer.status_code != 405:
            assert (answer.status_code, answer.headers["Location"].startswith("/login")) == (302, True), f"{method} {path}"
        elif ROUTES[path] == FOREIGN and not identity.startswith("the same"):
            assert answer.status_code in (404, 405) or identity == "a personal user", f"{method} {path}: {answer.status_code}"


@pytest.mark.parametrize("identity", ["anonymous", "another enterprise by card", "a personal user"])
def test_backstage_no_login_of_an_enterprise_opens_a_door(
    identity: str, identify: Any, secrets: dict[str, list[str]], settings: Any
) -> None:
    who, client = identify(identity), Client()
    settings.HOST, settings.SIM_CONTROL_TOKEN = "0.0.0.0", "a token of the operator's"
    if who.token:
        client.cookies["sim_session"] = who.token
    for path in of(BACKSTAGE, "web"):
        for address in addresses(path, secrets):
            for answer in (
                client.get(address),
                client.post(address),
                client.get(address, HTTP_AUTHORIZATION=f"Bearer {who.token}"),
            ):
                assert told(answer) == set(), address
                assert answer.status_code in (302, 303, 401, 403, 405) or path == "/trainer/login", (
                    f"{address}: {answer.status_code}"
                )


def test_the_owners_meet_them_so_the_net_is_not_empty(world: World, secrets: dict[str, list[str]]) -> None:
    registration, change, ending, *drafts = secrets["filing"]
    for who, filing, tag in (
        (world.caller(), registration, "registration"), (world.caller("card", "card"), change, "change"),
        (world.caller("card", "card"), ending, "deregistration"), (world.caller(), drafts[0], "registration"),
        (world.caller("card"), drafts[1], "change"), (world.caller("card"), drafts[2], "deregistration"),
    ):  # fmt: skip
        fields = [name for name, _ in KINDS[tag].sheet.walk()]
        found = told(who.get(f"/filings/{filing}").ok(200))
        assert any(one.startswith(f"{CANARY}-{tag}-") for one in found)
        assert len(found) > (8 if len(fields) > 10 else 1)
    mine = world.caller("card", "card")
    for path in ("/filings", "/receipts", "/tickets", "/mandates", "/enquiries/overview", "/enterprise", f"/tickets/{secrets['ticket'][1]}",
                 f"/filings/{change}/transmitted", f"/filings/{change}/receipts", f"/filings/{change}/attachments",
                 f"/filings/{change}/attachments/1"):  # fmt: skip
        assert told(mine.get(path).ok(200)), path
    client = Client()
    client.cookies["sim_session"] = world.accounts["card"]["card_token"]
    for page in (
        "/",
        f"/filings/{change}",
        f"/filings/{drafts[1]}",
        f"/filings/{change}/print",
        "/enterprise",
        "/tickets",
        "/enquiries/overview",
    ):
        assert told(client.get(page)), page


def test_even_the_owner_by_password_meets_no_reason_but_the_one_customs_told_when_asked(
    world: World, secrets: dict[str, list[str]]
) -> None:
    hidden = {f"{CANARY}-{inner}" for inner in ("code", "public", "internal")}
    for role in ("cardless", "card"):
        of_tickets = hidden - {f"{CANARY}-public"} if role == "cardless" else hidden
        for path, method, sent, answer in by_api(world.caller(role), secrets, most=1):
            assert not told(answer) & (of_tickets if "/tickets" in path else hidden), f"{method} {path} {sent}"


# ── agents ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def agents(world: World, secrets: dict[str, list[str]]) -> dict[str, str]:
    """A registration and a change the agent filed for `cardless` and for `card`, in words of its own. Returns id by kind."""
    world.caller("card").post("/mandates", {"agent": world.uscc("agent")}).ok(201)
    agent, own = world.caller("agent", "card"), {}
    for kind, role in (("registration", "cardless"), ("change", "card")):
        content = world.sheet() if kind == "registration" else {"remarks": "agent's own"}
        wanted = {"kind": kind, "filing_mode": "agent", "principal": world.uscc(role), "content": content}
        own[kind] = agent.post("/filings", wanted).ok(201)["id"]
    return own


def agent_meets(world: World, secrets: dict[str, list[str]]) -> set[str]:
    """All canaries an agent meets anywhere, asking for everything that is not its own; what it asks for is not found."""
    met: set[str] = set()
    for path, method, sent, answer in by_api(world.caller("agent", "card"), secrets):
        met |= told(answer, sent)
        if ROUTES[path] == FOREIGN and method in takes(path):
            assert answer.status in (404, 415), f"{method} {path} {sent}: {answer.status}"
    for path, method, sent, answer in by_web(world.accounts["agent"]["card_token"], secrets):
        met |= told(answer, sent)
        if ROUTES[path] == FOREIGN:
            assert answer.status_code in (404, 405), f"{method} {path} {sent}: {answer.status_code}"
    return met


NAME, RECORD = f"{CANARY}-name", f"{CANARY}-record"


def test_an_agent_sees_its_filings_and_under_its_mandate_the_record_they_are_over(
    world: World, secrets: dict[str, list[str]], agents: dict[str, str]
) -> None:
    assert agent_meets(world, secrets) == {NAME, RECORD}
    rows = world.caller("agent").get("/filings").ok(200)["results"]
    assert {row["id"] for row in rows} >= set(agents.values())
    assert not {row["id"] for row in rows} & set(secrets["filing"])
    assert told(world.caller("agent").get(f"/filings/{agents['change']}").ok(200)) == {NAME, RECORD}


def test_once_its_mandates_are_revoked_an_agent_sees_its_filings_and_nothing_else(
    world: World, secrets: dict[str, list[str]], agents: dict[str, str]
) -> None:
    for role in ("cardless", "card"):
        for row in world.caller(role).get("/mandates")["results"]:
            if row["agent"]["uscc"] == world.uscc("agent"):
                world.caller(role).delete(f"/mandates/{row['id']}").ok(204)
    assert agent_meets(world, secrets) == {NAME}
    for filing in agents.values():
        for path in ("", "/timeline", "/attachments"):
            assert told(world.caller("agent").get(f"/filings/{filing}{path}").ok(200)) <= {NAME}
    client = Client()
    client.cookies["sim_session"] = world.accounts["agent"]["card_token"]
    for filing in agents.values():
        for page in ("", "/print"):
            assert told(client.get(f"/filings/{filing}{page}")) <= {NAME}


# ── sandboxes ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_sandboxes_hold_the_same_ids_and_never_the_same_rows(
    world: World, other_world: World, secrets: dict[str, list[str]]
) -> None:
    elsewhere = other_world.draft(remarks="elsewhere")
    mine = world.caller("card").get("/filings")["results"]
    assert elsewhere not in [row["id"] for row in mine]
    assert other_world.caller().get(f"/filings/{elsewhere}")["content"]["remarks"] == "elsewhere"
    assert [row["id"] for row in other_world.caller().get("/filings")["results"]] == [elsewhere]
    for filing in set(secrets["filing"]) - {elsewhere}:
        other_world.caller().get(f"/filings/{filing}").refused(404, "not_found")
