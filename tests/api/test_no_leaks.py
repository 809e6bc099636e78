"""Nothing of one enterprise reaches another, another sandbox, its agent or nobody: every route × method × identity.

Every route of the business plane and of the web face stands in one table, with how it knows its caller; a route that
does not fails the test. The secrets have a canary in every field that takes words, and no answer to anybody else holds
one: neither its headers nor its body, and of a printed document not what stands on the paper. What is public on
purpose is told, and no more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import settings as django_settings
from django.shortcuts import get_object_or_404
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from filings import desk
from filings.counters import cards, mandates, reporting, seals
from filings.models import (
    Account,
    AnnualReport,
    Card,
    CustomsRecord,
    Enterprise,
    Filing,
    Mandate,
    MarketRecord,
    Mirror,
    MofcomRecord,
    Ticket,
)
from filings.models import SealCertificate as Certificate
from filings.printing.verifying import certificate_number, code_of, record_form_number
from filings.record import enquiries
from filings.rules.kinds import BUSINESS_TYPES, KINDS, Kind
from filings.rules.sheet import Rows, Text
from tests.api.client import CONTROL, PDF, Answer, Caller, World
from tests.factories import SOMEBODY
from tests.planted import planted
from tests.printing.paper import text

pytestmark = pytest.mark.django_db(databases=list(django_settings.DATABASES))

CANARY = "ZZCANARY"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────────────

OPEN, PUBLIC, OWN, FOREIGN, BACKSTAGE, LEARNERS = "open", "public", "own", "foreign", "backstage", "learners"
"""Open: the same for all. Public: names an enterprise or a document, and tells everybody what is public of it. Own:
about who asks, and about nobody else whatever is sent along. Foreign: names a thing; another's is not found.
Backstage: of those who hold the control plane; no login of an enterprise opens it. Learners: of who learns, whatever
login of an enterprise the browser holds beside it (tests/training/test_no_leaks.py)."""

ROUTES = {
    "/healthz": OPEN,
    "/readyz": OPEN,
    # the business plane
    "/api/v1/sessions": OPEN,
    "/api/v1/sessions/challenge": OPEN,
    "/api/v1/accounts": OPEN,
    "/api/v1/codes": OPEN,
    "/api/v1/codes/{table}": OPEN,
    "/api/v1/faq": OPEN,
    "/api/v1/faq/{entry}": OPEN,
    "/api/v1/version": OPEN,
    "/api/v1/schema": OPEN,
    "/api/v1/docs": OPEN,
    "/api/v1/publicity/{uscc}": PUBLIC,
    "/api/v1/sessions/current": OWN,
    "/api/v1/forms": OWN,
    "/api/v1/forms/{kind}": OWN,
    "/api/v1/forms/{kind}/state": OWN,
    "/api/v1/filings": OWN,
    "/api/v1/enterprise": OWN,
    "/api/v1/enterprise/backfill-requirement": OWN,
    "/api/v1/enterprise/backfill": OWN,
    "/api/v1/enterprise/certificate.pdf": OWN,
    "/api/v1/mandates": OWN,
    "/api/v1/seal-certificates": OWN,
    "/api/v1/cards": OWN,
    "/api/v1/enquiries/overview": OWN,
    "/api/v1/enquiries/filings": OWN,
    "/api/v1/receipts": OWN,
    "/api/v1/annual-reports": OWN,
    "/api/v1/annual-reports/eligibility": OWN,
    "/api/v1/annual-reports/form": OWN,
    "/api/v1/annual-reports/{year}/supplement": OWN,
    "/api/v1/client-control": OWN,
    "/api/v1/client-control/{action}": OWN,
    "/api/v1/tickets": OWN,
    "/api/v1/filings/{filing}": FOREIGN,
    "/api/v1/filings/{filing}/declare": FOREIGN,
    "/api/v1/filings/{filing}/copy": FOREIGN,
    "/api/v1/filings/{filing}/timeline": FOREIGN,
    "/api/v1/filings/{filing}/receipts": FOREIGN,
    "/api/v1/filings/{filing}/transmitted": FOREIGN,
    "/api/v1/filings/{filing}/attachments": FOREIGN,
    "/api/v1/filings/{filing}/attachments/{n}": FOREIGN,
    "/api/v1/filings/{filing}/record-form.pdf": FOREIGN,
    "/api/v1/mandates/{mandate}": FOREIGN,
    "/api/v1/seal-certificates/{n}/download": FOREIGN,
    "/api/v1/cards/{n}/cancel": FOREIGN,
    "/api/v1/cards/{n}/change-pin": FOREIGN,
    "/api/v1/receipts/{receipt}/acknowledge": FOREIGN,
    "/api/v1/tickets/{ticket}": FOREIGN,
    # the web face
    "/login": OPEN,
    "/logout": OPEN,
    "/register": OPEN,
    "/faq": OPEN,
    "/faq/{entry}": OPEN,
    "/faq/{entry}/try": OPEN,
    "/demo": OPEN,
    "/fidelity": OPEN,
    "/fidelity.json": OPEN,
    "/machine": OPEN,
    "/codes/{table}": OPEN,
    "/first-steps": OPEN,
    "/first-steps/{file}": OPEN,
    "/verify/documents/{code}": PUBLIC,
    "/": OWN,
    "/filings/new": OWN,
    "/filings/state": OWN,
    "/enquiries/overview": OWN,
    "/enquiries/filings": OWN,
    "/enquiries/overview.csv": OWN,
    "/enquiries/overview.xlsx": OWN,
    "/enquiries/filings.csv": OWN,
    "/enquiries/filings.xlsx": OWN,
    "/enterprise": OWN,
    "/enterprise/certificate": OWN,
    "/enterprise/certificate.pdf": OWN,
    "/enterprise/backfill": OWN,
    "/annual-reports": OWN,
    "/annual-reports/state": OWN,
    "/annual-reports/supplement": OWN,
    "/publicity": OWN,
    "/market/": OWN,
    "/market/{uscc}": PUBLIC,
    "/seal-certificates": OWN,
    "/cards": OWN,
    "/mandates": OWN,
    "/client-control": OWN,
    "/commerce": OWN,
    "/tickets": OWN,
    "/practice": OWN,
    "/papers": OWN,
    "/papers.pdf": OWN,
    "/filings/{filing}": FOREIGN,
    "/filings/{filing}/live": FOREIGN,
    "/filings/{filing}/delete": FOREIGN,
    "/filings/{filing}/copy": FOREIGN,
    "/filings/{filing}/receipts": FOREIGN,
    "/filings/{filing}/print": FOREIGN,
    "/filings/{filing}/record-form.pdf": FOREIGN,
    "/filings/{filing}/attachments/{n}": FOREIGN,
    "/seal-certificates/{n}/download": FOREIGN,
    "/cards/{n}/cancel": FOREIGN,
    "/cards/{n}/pin": FOREIGN,
    "/mandates/{mandate}/revoke": FOREIGN,
    "/learn/": LEARNERS,
    "/learn/come-in": LEARNERS,
    "/learn/come-back": LEARNERS,
    "/learn/code": LEARNERS,
    "/learn/leave": LEARNERS,
    "/learn/exercises/{exercise}": LEARNERS,
    "/learn/exercises/{exercise}/begin": LEARNERS,
    "/learn/attempts/{attempt}": LEARNERS,
    "/learn/attempts/{attempt}/go-on": LEARNERS,
    "/learn/attempts/{attempt}/end": LEARNERS,
    "/learn/diary": LEARNERS,
    "/learn/record": LEARNERS,
    "/learn/record.json": LEARNERS,
    "/learn/record.pdf": LEARNERS,
    "/learn/forget": LEARNERS,
    "/learn/verify/{code}": LEARNERS,
    "/customs/": BACKSTAGE,
    "/customs/{sandbox}/{filing}": BACKSTAGE,
    "/customs/{sandbox}/market/": BACKSTAGE,
    "/customs/{sandbox}/market/{uscc}": BACKSTAGE,
    "/customs/{sandbox}/{filing}/attachments/{n}": BACKSTAGE,
    "/console/": BACKSTAGE,
    "/console/import": BACKSTAGE,
    "/console/login": BACKSTAGE,
    "/console/logout": BACKSTAGE,
    "/console/sandboxes/{sandbox}": BACKSTAGE,
    "/console/sandboxes/{sandbox}/reset": BACKSTAGE,
    "/console/sandboxes/{sandbox}/delete": BACKSTAGE,
    "/console/sandboxes/{sandbox}/filings/{filing}": BACKSTAGE,
    "/console/sandboxes/{sandbox}/journal": BACKSTAGE,
    "/console/sandboxes/{sandbox}/journal/{n}": BACKSTAGE,
    "/console/sandboxes/{sandbox}/webhooks": BACKSTAGE,
    "/console/sandboxes/{sandbox}/faults": BACKSTAGE,
    "/console/sandboxes/{sandbox}/checkpoints": BACKSTAGE,
    "/console/sandboxes/{sandbox}/export": BACKSTAGE,
    "/console/sandboxes/{sandbox}/coverage": BACKSTAGE,
    "/console/sandboxes/{sandbox}/coverage.xml": BACKSTAGE,
}
"""Every route but those of the control plane, which has one way in for all of it (here, and
tests/control/test_access.py)."""

NAME, NUMBER, RECORD = f"{CANARY}-name", f"{CANARY}-c", f"{CANARY}-record"
INSPECTION, REASON = f"{CANARY}-i", f"{CANARY}-public"
LICENCE, REPRESENTATIVE = f"{CANARY}-licence", f"{CANARY}-representative"
ON_THE_FORM = f"{CANARY}-registration-name_cn"

DELIBERATE: Mapping[str, set[str]] = {
    # Any logged-in user may look up an enterprise that is registered with customs (FAQ 2.13).
    "/api/v1/publicity/{uscc}": {NAME, NUMBER},
    "/publicity": {NAME, NUMBER},
    # The register of enterprises is public.
    "/market/": {LICENCE, REPRESENTATIVE},
    "/market/{uscc}": {LICENCE, REPRESENTATIVE},
    # Whoever holds the paper may ask whose it is: the name that stands on it.
    "/verify/documents/{code}": {NAME, ON_THE_FORM},
    # A mandate tells the name of the enterprise whose code was typed: one has to see whom one lets file.
    "/api/v1/mandates": {NAME},
    "/mandates": {NAME},
}
"""What a route tells of another enterprise on purpose: its name, and its number in the public register."""


@cache
def routes(*, control: bool = False) -> dict[str, Any]:
    """Path → view of every route there is, from the urlconf: those of the control plane, or all others."""
    found: dict[str, Any] = {}

    def walk(patterns: list[Any], prefix: str) -> None:
        for pattern in patterns:
            path = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, path)
            elif isinstance(pattern, URLPattern) and path.startswith("/control/") == control:
                found[re.sub(r"<\w+:(\w+)>", r"{\1}", path)] = pattern.callback

    walk(get_resolver(django_settings.ROOT_URLCONF).url_patterns, "/")
    return found


def by_plane(plane: str) -> list[str]:
    """The routes of one plane, `api` or `web`; those behind the counter, and those of learners, are neither."""
    on = [path for path, access in ROUTES.items() if access not in (BACKSTAGE, LEARNERS)]
    return [path for path in on if path.startswith("/api/") == (plane == "api")]


def takes(path: str) -> list[str]:
    """The methods an address of either plane of the API serves."""
    view = (routes() | routes(control=True))[path]
    view = getattr(view, "cls", None) or view.view_class
    return [method for method in METHODS if hasattr(view, method.lower().replace("head", "get"))]


def test_every_route_is_in_the_table_and_nothing_else_is() -> None:
    unclassified, gone = routes().keys() - ROUTES.keys(), ROUTES.keys() - routes().keys()
    assert not unclassified, f"say in ROUTES how these know their caller: {sorted(unclassified)}"
    assert not gone


def test_what_names_a_thing_is_foreign_and_what_names_none_is_not() -> None:
    names = {
        path
        for path, access in ROUTES.items()
        if access != LEARNERS and re.search(r"\{(?!kind|table|entry|year|action|file)", path)
    }
    named = {
        path for path, access in ROUTES.items() if access == FOREIGN or ("{" in path and access in (PUBLIC, BACKSTAGE))
    }
    assert names == named


# ── the secrets ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Secrets:
    """What `cardless` and `card` have. `pieces`: what stands in for each piece of a path. `literal`: what cannot hold
    a canary."""

    pieces: Mapping[str, list[str]]
    principals: list[str]
    literal: frozenset[str]

    def addresses(self, path: str) -> list[str]:
        """A route with every secret that can stand in its place."""
        names = re.findall(r"\{(\w+)\}", path)
        fixed = {name: self.pieces[name][0] for name in names}
        if "{filing}" not in path and "n" in fixed:
            fixed["n"] = NOBODYS_ELSE
        varied = next((name for name in names if name not in ("sandbox", "n")), "")
        return [path.format(**{**fixed, varied: value}) for value in self.pieces.get(varied, [""])]

    def told(self, answer: Any, sent: str = "") -> set[str]:
        """The secrets in an answer that were not sent along."""
        body = answer.body if isinstance(answer, Answer) else answer.getvalue()
        words = body.decode("utf-8", "replace")
        if body.startswith(b"%PDF") and CANARY not in words:
            words = text(body)  # a printed document, not an attachment of ours: what stands on the paper
        if body.startswith(b"PK"):
            with ZipFile(BytesIO(body)) as workbook:
                words = " ".join(workbook.read(part).decode() for part in workbook.namelist())
        cookies = "" if isinstance(answer, Answer) else answer.cookies.output()
        return self._in(f"{words} {dict(answer.headers)!r} {cookies}") - self._in(sent)

    def _in(self, words: str) -> set[str]:
        found = {one.rstrip(".-") for one in re.findall(rf"{CANARY}[-a-z_@.]*", words)}
        return found | {one for one in self.literal if one in words}


NOBODYS_ELSE = "77"
"""Cards and seal certificates are numbered by enterprise: so many only the owners have."""

MOBILE = "13987654321"


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
                told[group] = {
                    **told[group],
                    key: words.replace("-email", "@email.example") if key == "email" else words,
                }
                told[group] |= {"mobile": MOBILE}
    return told


OFFICER = {"reason_code": f"{CANARY}-code", "public_comment": REASON, "internal_comment": f"{CANARY}-internal"}


def rejected(world: World, who: Caller, kind: str, content: dict[str, Any]) -> str:
    """A filing with an attachment, declared and refused. Returns its id."""
    wanted = {"kind": kind, "client_reference": f"{CANARY}-reference", "content": canaries(KINDS[kind], content, kind)}
    filing: str = who.post("/filings", wanted).ok(201)["id"]
    who.upload(filing, PDF + f"{CANARY}-attached".encode(), f"{CANARY}-file.pdf").ok(201)
    who.post(f"/filings/{filing}/declare", X_Sim_Scenario="by_hand").ok(200)
    world.act(filing, "advance", to="rejected", **OFFICER).ok(200)
    return filing


def card_and_seal(world: World, who: Caller) -> set[str]:
    """A card and a seal certificate with a number nobody else's has. Returns what is unguessable of them."""
    holder = {"holder_name": f"{CANARY}-holder", "holder_id_type": "护照", "holder_id_number": f"{CANARY}-passport"}
    card = who.post("/cards", SOMEBODY | holder).ok(201)["n"]
    serial = who.post("/seal-certificates").ok(201)["serial_number"]
    certificate = Certificate.objects.get(sandbox__key=world.id, serial_number=serial)
    uscc = certificate.enterprise.uscc
    Card.objects.filter(sandbox__key=world.id, enterprise__uscc=uscc, n=card).update(n=NOBODYS_ELSE)
    Certificate.objects.filter(pk=certificate.pk).update(n=NOBODYS_ELSE)
    return {
        Card.objects.get(enterprise=certificate.enterprise, n=NOBODYS_ELSE).number,
        serial,
        certificate.certificate.split()[2],
    }


@pytest.fixture
def secrets(world: World) -> Secrets:
    """What `cardless` and `card` have, canaries everywhere.

    A registration of the one; a change, a deregistration and a change of the commerce record, a mandate, a 补录 and a
    年报 of the other; drafts, tickets, receipts, cards and seal certificates of both; and what the authorities have on
    record.
    """
    return planted("secrets", lambda: (world.id, furnish(world)), over=world.id)


def furnish(world: World) -> Secrets:
    cardless, card = world.caller(), world.caller("card", "card")
    declarants = [{"id_type": "护照", "id_number": "E12345678", "action": "备案"}]
    sheet = {**world.sheet(), "declarants": declarants}
    world.ledger("card", customs_qualified_on="2017-03-01", inspection_qualified_on=None)
    for role, name in (("cardless", NAME), ("card", NAME), ("category:00100000", f"{CANARY}-mandated")):
        Enterprise.objects.filter(sandbox__key=world.id, uscc=world.uscc(role)).update(name_cn=name)
    Account.objects.filter(sandbox__key=world.id, role__in=("cardless", "card")).update(display_name=f"{CANARY}-clerk")
    filings = [
        rejected(world, cardless, "registration", sheet),
        rejected(world, card, "change", {**sheet, "uscc": world.uscc()}),
        rejected(world, card, "deregistration", {}),
        rejected(world, card, "mofcom_change", {}),
    ]
    owners = (cardless, card, card, card)
    drafts = [who.post(f"/filings/{one}/copy").ok(201)["id"] for who, one in zip(owners, filings, strict=True)]
    question = {"desk": "customs", "topic": "reason", "text": f"{CANARY}-question"}
    tickets = [
        who.post("/tickets", {**question, "filing": one}).ok(201)["id"]
        for who, one in ((cardless, filings[0]), (card, filings[1]))
    ]
    literal = card_and_seal(world, cardless) | card_and_seal(world, card) | {MOBILE}
    world.wait(hours=1)
    card.post("/enterprise/backfill", {"number": f"{CANARY}-no", "remarks": f"{CANARY}-backfill"}).ok(201)
    report = {"contact_name": f"{CANARY}-contact", "remarks": f"{CANARY}-report"}
    card.post("/annual-reports", {"year": 2020, "content": report}).ok(201)
    mandate = card.post("/mandates", {"agent": world.uscc("category:00100000")}).ok(201)["id"]
    receipts = [who.get("/receipts")["results"][-1]["id"] for who in (cardless, card)]
    sandbox = Mirror.objects.filter(sandbox__key=world.id)[0].sandbox
    codes = [code_of(sandbox, record_form_number(cardless.get(f"/filings/{filings[0]}")["number"]))]
    for role in ("cardless", "card"):
        about = {"sandbox__key": world.id, "uscc": world.uscc(role)}
        for book in (CustomsRecord, Mirror):
            for record in book.objects.filter(**about):
                record.content |= {"address_cn": RECORD, "name_cn": NAME}
                record.investors = [{**investor, "name": RECORD} for investor in record.investors]
                record.customs_code, record.inspection_number = NUMBER, INSPECTION
                record.save()
                codes.append(code_of(sandbox, certificate_number(record.uscc, record.registered_on)))
        for commerce in MofcomRecord.objects.filter(**about):
            commerce.content |= {"address_cn": f"{CANARY}-commerce"}
            commerce.save()
        MarketRecord.objects.filter(**about).update(name_cn=LICENCE, legal_representative=REPRESENTATIVE)
    pieces = {
        "filing": [*filings, *drafts],
        "ticket": tickets,
        "receipt": receipts,
        "mandate": [mandate],
        "n": ["1"],
        "kind": list(KINDS),
        "table": ["divisions"],
        "entry": ["2.3"],
        "sandbox": [world.id],
        "year": ["2020"],
        "action": ["install", "restart", "update"],
        "uscc": [world.uscc("cardless"), world.uscc("card")],
        "code": codes,
        "file": ["first_steps.sh"],
    }
    return Secrets(pieces, pieces["uscc"], frozenset(literal))


# ── the identities ────────────────────────────────────────────────────────────────────────────────────────────────

IN_ANOTHER_SANDBOX = "the same enterprise of another sandbox"
NOBODY = ("nobody", "a bad token", "an ended session")
STRANGERS = (
    *NOBODY,
    "another enterprise by password",
    "another enterprise by card",
    "a broker without a mandate",
    "a personal user",
    IN_ANOTHER_SANDBOX,
)


@pytest.fixture
def identify(world: World, other_world: World) -> Callable[[str], Caller]:
    def as_who(identity: str) -> Caller:
        return {
            "nobody": lambda: Caller(),
            "a bad token": lambda: Caller(token=world.accounts["cardless"]["token"][:-1] + "!"),
            "an ended session": lambda: _ended(world),
            "another enterprise by password": lambda: world.caller("category:10000000"),
            "another enterprise by card": lambda: world.caller("category:20000000", "card"),
            "a broker without a mandate": lambda: world.caller("category:01000000", "card"),
            "a personal user": lambda: world.caller("personal"),
            IN_ANOTHER_SANDBOX: lambda: other_world.caller("card", "card"),
        }[identity]()

    return as_who


def _ended(world: World) -> Caller:
    """The owner's own session, after it logged out."""
    who = world.caller("card")
    who.delete("/sessions/current").ok(204)
    return who


# ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────────


def queries(path: str, secrets: Secrets) -> list[str]:
    """What can be asked in an address that takes no piece, naming what is somebody else's."""
    place = path.removeprefix("/api/v1")
    filings, (cardless, card) = secrets.pieces["filing"], secrets.principals
    lists = [f"client_reference={CANARY}-reference", "limit=500", "status=rejected"]
    asked: dict[str, list[str]] = {
        "/filings": lists,
        "/enquiries/overview": lists,
        "/enquiries/filings": [f"business_type={one}" for one in BUSINESS_TYPES],
        "/receipts": [f"after={secrets.pieces['receipt'][0]}"],
        "/annual-reports": ["limit=500"] if "/api/" in path else ["year=2020"],
        "/annual-reports/eligibility": ["year=2020"],
        "/annual-reports/form": ["year=2020"],
        "/annual-reports/supplement": ["year=2020"],
        "/filings/new": [
            f"kind={kind}&filing_mode=agent&principal={one}" for kind in KINDS for one in (cardless, card)
        ],
        "/client-control": [f"filing={filings[7]}"] if "/api/" not in path else [],
        "/commerce": [f"filing={filings[7]}"],
        "/tickets": [f"filing={filings[0]}"] if "/api/" not in path else ["limit=500"],
        "/publicity": [f"uscc={one}" for one in (cardless, card)],
        "/market/": [f"q={one}" for one in (cardless, card)],
        "/cards": ["limit=500"] if "/api/" in path else ["page=2"],
        "/seal-certificates": ["limit=500"] if "/api/" in path else ["page=2"],
        "/mandates": ["limit=500"] if "/api/" in path else ["page=2"],
        "/faq": [f"q={CANARY}"],
        "/login": ["next=/filings/" + filings[0]],
    }
    return asked.get(place, [])


def bodies(path: str, secrets: Secrets) -> list[Any]:
    """What can be sent to an address of the business plane that names somebody else's."""
    filings, (cardless, card) = secrets.pieces["filing"], secrets.principals
    asked: dict[str, list[Any]] = {
        "/filings": [
            {"kind": kind, "filing_mode": "agent", "principal": one, "content": {}}
            for kind in KINDS
            for one in (cardless, card)
        ],
        "/forms/{kind}/state": [{"content": {}, "filing": filing} for filing in filings],
        "/tickets": [
            {"desk": "customs", "topic": topic, "filing": one} for topic in ("reason", "status") for one in filings[:4]
        ],
        "/mandates": [{"agent": card}, {"agent": cardless, "valid_to": "2021-01-01"}],
        "/cards": [dict(SOMEBODY)],
        "/cards/{n}/change-pin": [{"old_pin": "88888888", "new_pin": "24681357"}],
        "/annual-reports": [{"year": 2020, "content": {}}],
        "/annual-reports/{year}/supplement": [{"content": {"remarks": "x"}}],
        "/sessions": [{"username": "cardless", "password": "wrong", "sandbox": secrets.pieces["sandbox"][0]}],
        "/accounts": [
            {
                "username": "zz",
                "password": "long-enough",
                "user_type": "enterprise",
                "display_name": "zz",
                "uscc": card,
                "sandbox": secrets.pieces["sandbox"][0],
            }
        ],
        "/filings/{filing}/declare": [None],
        "/filings/{filing}/copy": [None],
        "/seal-certificates": [None],
        "/cards/{n}/cancel": [None],
        "/receipts/{receipt}/acknowledge": [None],
        "/client-control/{action}": [None],
        "/enterprise/backfill": [{"number": "1"}],
    }
    return asked.get(path.removeprefix("/api/v1"), [{"content": {}}])


Asked = tuple[str, str, str, Any]
"""A route, a method, what was sent, the answer."""


def by_api(
    who: Caller, secrets: Secrets, methods: Iterable[str] = METHODS, only: Iterable[str] = ROUTES
) -> Iterator[Asked]:
    """Every route of the business plane by every method, with everything foreign that fits."""
    for path in [one for one in by_plane("api") if one in only]:
        addresses = secrets.addresses(path)
        for method in methods:
            if path.endswith("/sessions/current") and method == "DELETE":
                continue  # it would end the session the net is cast with
            served = method in takes(path)
            for address in addresses if served and method != "HEAD" else addresses[:1]:
                for body in bodies(path, secrets) if served and method in ("POST", "PATCH") else [None]:
                    if path.endswith("/attachments") and method == "POST":
                        yield path, method, address, who.upload(address.split("/")[4])
                    else:
                        yield path, method, f"{address} {body}", who.call(method, address, body)
        if "GET" in takes(path):
            for query in queries(path, secrets):
                yield path, "GET", query, who.get(f"{addresses[0]}?{query}")


def posts(path: str, secrets: Secrets) -> list[dict[str, Any]]:
    """What the forms of a page could be made to send."""
    filings, (cardless, card) = secrets.pieces["filing"], secrets.principals
    as_agent = [{"filing_mode": "agent", "principal": one} for one in (cardless, card)]
    asked: dict[str, list[dict[str, Any]]] = {
        "/filings/new": [{**one, "do": do} for one in as_agent for do in ("save", "whom")],
        "/filings/state": [{"filing": one} for one in filings]
        + [{**one, "kind": kind} for one in as_agent for kind in KINDS],
        "/filings/{filing}": [{"do": do, "version": "1"} for do in ("save", "declare", "add:investors", "detach:1")],
        "/tickets": [{"desk": "customs", "topic": "reason", "filing": filing} for filing in filings[:4]],
        "/mandates": [{"agent": card}, {"agent": cardless, "valid_to": "2021-01-01"}],
        "/commerce": [{"filing": filings[7], "name_en": "x"}],
        "/client-control": [{"do": "install"}],
        "/cards": [dict(SOMEBODY)],
        "/cards/{n}/pin": [{"old_pin": "88888888", "new_pin": "24681357", "again": "24681357"}],
        "/annual-reports": [{"year": "2020"}],
        "/annual-reports/supplement": [{"year": "2020"}],
        "/login": [{"username": "cardless", "password": "wrong", "sandbox": secrets.pieces["sandbox"][0]}],
        "/practice": [{"do": do} for do in ("check", "hint", "forward:PT1H", "as:card:password", "end")],
    }
    return asked.get(path, [{"do": "save"}])


def by_web(
    token: str | None, secrets: Secrets, methods: Iterable[str] = METHODS, only: Iterable[str] = ROUTES
) -> Iterator[Asked]:
    """Every page of the web face, asked for and posted to, with everything foreign that fits."""
    client = Client()

    def ask(method: str, address: str, sent: dict[str, Any] | None = None) -> Any:
        client.cookies.clear()  # a practice changes the session
        if token:
            client.cookies["sim_session"] = token
        return client.post(address, sent) if sent is not None else client.generic(method, address)

    for path in [one for one in by_plane("web") if one in only]:
        addresses = secrets.addresses(path)
        for method in methods:
            if path == "/logout" and method == "POST":
                continue  # it would end the session the net is cast with
            for address in addresses if method in ("GET", "POST") else addresses[:1]:
                for sent in posts(path, secrets) if method == "POST" else [None]:
                    yield path, method, f"{address} {sent or ''}", ask(method, address, sent)
        for query in queries(path, secrets):
            yield path, "GET", query, ask("GET", f"{addresses[0]}?{query}")


def leaks(asked: Iterable[Asked], secrets: Secrets, allowed: Iterable[str] = ()) -> dict[str, set[str]]:
    """Where a secret was told that is not public there: method and route → which ones."""
    found: dict[str, set[str]] = {}
    for path, method, sent, answer in asked:
        if told := secrets.told(answer, sent) - DELIBERATE.get(path, set()) - set(allowed):
            found.setdefault(f"{method} {path}", set()).update(told)
    return found


# ── strangers ─────────────────────────────────────────────────────────────────────────────────────────────────────


def expected(identity: str, path: str, method: str) -> set[int]:
    """What a stranger may be answered on the business plane. That each answer is documented, the caller checks
    besides."""
    access = ROUTES[path]
    if access == OPEN:
        return {200, 201, 400, 401, 404, 405, 409, 415, 422}
    if identity in NOBODY:
        return {401}
    if method not in takes(path):
        return {405}
    if access == FOREIGN:
        return {403, 404} if identity == "a personal user" else {404}
    if access == PUBLIC:
        return {200, 404}
    return {200, 400, 403, 409} if method in ("GET", "HEAD") else {200, 201, 403, 404, 409, 422, 429}


@pytest.mark.parametrize("identity", STRANGERS)
def test_a_stranger_meets_no_secret_on_the_business_plane(identity: str, identify: Any, secrets: Secrets) -> None:
    asked = list(by_api(identify(identity), secrets))
    assert len(asked) > 300
    assert leaks(asked, secrets) == {}
    for path, method, sent, answer in asked:
        # In another sandbox the same ids are of other things, or of none.
        if identity != IN_ANOTHER_SANDBOX or ROUTES[path] != FOREIGN:
            assert answer.status in expected(identity, path, method), f"{method} {path} {sent}: {answer.status}"
        if identity in NOBODY and answer.status == 401 and method != "HEAD" and ROUTES[path] != OPEN:
            answer.refused(401, "not_authenticated")


def test_what_is_somebody_elses_is_answered_as_what_is_nobodys(identify: Any, secrets: Secrets) -> None:
    """Not even that a thing is there is told."""
    who = identify("another enterprise by card")
    nobodys = {"filing": "F999999", "mandate": "M999999", "ticket": "T999999", "receipt": "R999999", "n": "78"}
    for path in [one for one in by_plane("api") if ROUTES[one] == FOREIGN]:
        for method in takes(path):
            for body in bodies(path, secrets):
                there, nowhere = (
                    who.call(method, one, body) for one in (secrets.addresses(path)[0], path.format(**nobodys))
                )
                told = [{**(one.json or {}), "instance": "", "request_id": ""} for one in (there, nowhere)]
                assert (there.status, told[0]) == (nowhere.status, told[1]), f"{method} {path}"
    client = Client()
    for path in [one for one in by_plane("web") if ROUTES[one] == FOREIGN]:
        for ask in (client.get, client.post):
            client.cookies["sim_session"] = who.token or ""
            there, nowhere = (ask(one).status_code for one in (secrets.addresses(path)[0], path.format(**nobodys)))
            assert there == nowhere, path


ASKED_BY_A_SCRIPT = {"/filings/{filing}/live"}
"""A page of one's own asks there; a login page would be of no use to it."""


@pytest.mark.parametrize("identity", STRANGERS)
def test_a_stranger_meets_no_secret_on_any_page(identity: str, identify: Any, secrets: Secrets) -> None:
    asked = list(by_web(identify(identity).token, secrets))
    assert leaks(asked, secrets) == {}
    for path, method, sent, answer in asked:
        status, where = answer.status_code, f"{method} {path} {sent}: {answer.status_code}"
        if identity in NOBODY and ROUTES[path] in (OWN, FOREIGN):
            led = status == 302 and answer["Location"].startswith("/login")
            assert led or status == 405 or (status == 401 and path in ASKED_BY_A_SCRIPT), where
        elif ROUTES[path] == FOREIGN and identity != IN_ANOTHER_SANDBOX:
            assert status in (404, 405) or (status, identity) == (403, "a personal user"), where
        else:
            assert status < 500, where


@pytest.mark.parametrize("identity", ["nobody", "another enterprise by card", "a personal user"])
def test_backstage_no_login_of_an_enterprise_opens_a_door(
    identity: str, identify: Any, secrets: Secrets, settings: Any
) -> None:
    who, client = identify(identity), Client()
    settings.HOST, settings.SIM_CONTROL_TOKEN = "0.0.0.0", "a token of the operator's"
    if who.token:
        client.cookies["sim_session"] = who.token
    for path in [path for path, access in ROUTES.items() if access == BACKSTAGE]:
        for address in secrets.addresses(path):
            as_bearer = client.get(address, HTTP_AUTHORIZATION=f"Bearer {who.token}")
            for answer in (client.get(address), client.post(address), as_bearer):
                assert secrets.told(answer) == set(), address
                assert answer.status_code in (302, 303, 401, 403, 405) or path == "/console/login", (
                    f"{address}: {answer.status_code}"
                )
    for path in routes(control=True):
        address = re.sub(r"\{(\w+)\}", lambda piece: secrets.pieces.get(piece[1], ["1"])[0], path)
        for method in takes(path):
            answer = Caller(CONTROL, who.token, documented=False).call(method, address, {} if method != "GET" else None)
            assert secrets.told(answer) == set(), address
            assert answer.status in (401, 403) or path in UNGUARDED, f"{method} {address}: {answer.status}"


UNGUARDED = {"/control/v1/schema", "/control/v1/docs"}
"""What the control plane says of itself to whoever asks."""


# ── what is public ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_publicity_platform_tells_who_is_registered_and_which_years_are_reported_and_nothing_more(
    world: World, other_world: World, secrets: Secrets
) -> None:
    for role in ("personal", "category:10000000", "card"):
        answer = world.caller(role).get(f"/publicity/{world.uscc('card')}").ok(200)
        assert secrets.told(answer) == {NAME, NUMBER}
        assert answer.json.keys() == {
            "platform",
            "uscc",
            "name_cn",
            "customs_code",
            "categories",
            "registered_on",
            "valid_until",
            "deregistered",
            "results",
        }
        assert {key for row in answer["results"] for key in row} == {
            "year",
            "publicity_status",
            "publicity_status_label",
        }
        world.caller(role).get(f"/publicity/{world.uscc('cardless')}").refused(404, "not_found")
    client = Client()
    client.cookies["sim_session"] = world.accounts["personal"]["token"]
    assert secrets.told(client.get(f"/publicity?uscc={world.uscc('card')}")) == {NAME, NUMBER}
    assert secrets.told(client.get(f"/publicity?uscc={world.uscc('cardless')}")) == set()
    assert secrets.told(other_world.caller("personal").get(f"/publicity/{world.uscc('card')}")) == set()


def test_whoever_holds_a_document_learns_whose_it_is_and_nothing_more(secrets: Secrets) -> None:
    form, *certificates = secrets.pieces["code"]
    for code, name in [(form, ON_THE_FORM), *((certificate, NAME) for certificate in certificates)]:
        answer = Client().get(f"/verify/documents/{code}")
        assert (answer.status_code, secrets.told(answer)) == (200, {name})
        for other in (code[:-1], ("B" if code[0] == "A" else "A") + code[1:], code[::-1], ""):
            answer = Client().get(f"/verify/documents/{other}")
            assert (answer.status_code, secrets.told(answer)) == (404, set())


# ── owners ────────────────────────────────────────────────────────────────────────────────────────────────────────

SILENT = {
    "/api/v1/forms",
    "/api/v1/forms/{kind}",
    "/api/v1/enterprise/backfill-requirement",
    "/api/v1/annual-reports/eligibility",
    "/api/v1/client-control",
    "/api/v1/filings/{filing}/timeline",
}
"""What is read for oneself, and in no word one's own."""


def test_the_owners_meet_every_secret_so_the_net_is_not_empty(world: World, secrets: Secrets) -> None:
    met: dict[str, set[str]] = {}
    for who in (world.caller(), world.caller("card", "card")):
        for path, _, _, answer in (*by_api(who, secrets, ["GET"]), *by_web(who.token, secrets, ["GET"])):
            met.setdefault(path, set()).update(secrets.told(answer))
    read = {path for path, access in ROUTES.items() if access in (OWN, FOREIGN)}
    read -= {path for path in read if path.startswith("/api/") and "GET" not in takes(path)}
    assert {path for path in read if not met[path]} - SILENT == {
        # posted to only
        "/filings/state",
        "/annual-reports/state",
        "/practice",
        "/filings/{filing}/copy",
    }
    everywhere = set[str]().union(*met.values())
    assert everywhere >= secrets.literal | {
        NAME,
        NUMBER,
        INSPECTION,
        RECORD,
        REASON,
        f"{CANARY}-question",
        f"{CANARY}-holder",
        f"{CANARY}-passport",
        f"{CANARY}-contact",
        f"{CANARY}-report",
        f"{CANARY}-mandated",
        f"{CANARY}-clerk",
        f"{CANARY}-commerce",
        f"{CANARY}-file.pdf",
        f"{CANARY}-attached",
        f"{CANARY}-reference",
    }
    for name, kind in KINDS.items():
        fields = {told.split("-", 3)[2] for told in everywhere if told.startswith(f"{CANARY}-{name}-")}
        assert len(fields) >= (8 if len(list(kind.sheet.walk())) > 10 else 2), name
    assert not everywhere & {f"{CANARY}-code", f"{CANARY}-internal"}


def test_even_the_owner_by_password_meets_no_reason_but_the_one_customs_told_when_asked(
    world: World, secrets: Secrets
) -> None:
    for role in ("cardless", "card"):
        for path, method, sent, answer in by_api(world.caller(role), secrets, ["GET"]):
            hidden = {f"{CANARY}-code", REASON, f"{CANARY}-internal"}
            if role == "cardless" and "/tickets" in path:
                hidden.remove(REASON)
            assert not secrets.told(answer) & hidden, f"{method} {path} {sent}"


# ── agents ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def agents(world: World, secrets: Secrets) -> dict[str, str]:
    """What the agent filed for `cardless` and for `card`, in words of its own. Returns id by kind, and that of a
    change refused.

    The mandate of `card` runs out tomorrow.
    """
    tomorrow = (world.now + timedelta(days=1)).date().isoformat()
    world.caller("card").post("/mandates", {"agent": world.uscc("agent"), "valid_to": tomorrow}).ok(201)
    agent, own = world.caller("agent", "card"), {}
    for name, kind, role, content in (
        ("registration", "registration", "cardless", world.sheet(name_cn="x")),
        ("change", "change", "card", {"remarks": "x"}),
        ("deregistration", "deregistration", "card", {"reason": "x"}),
        ("refused", "change", "card", {"remarks": "y"}),
    ):
        wanted = {"kind": kind, "filing_mode": "agent", "principal": world.uscc(role), "content": content}
        own[name] = agent.post("/filings", wanted).ok(201)["id"]
    agent.post(f"/filings/{own['refused']}/declare", X_Sim_Scenario="by_hand").ok(200)
    world.act(own["refused"], "advance", to="rejected", **OFFICER).ok(200)
    return own


def agent_meets(world: World, secrets: Secrets) -> set[str]:
    """All secrets an agent meets anywhere, asking for everything that is not its own; what it asks for is not found."""
    asked = list(by_api(world.caller("agent", "card"), secrets))
    for path, method, sent, answer in asked:
        if ROUTES[path] == FOREIGN and method in takes(path):
            assert answer.status == 404, f"{method} {path} {sent}: {answer.status}"
    pages = list(by_web(world.accounts["agent"]["card_token"], secrets))
    for path, method, sent, answer in pages:
        if ROUTES[path] == FOREIGN:
            assert answer.status_code in (404, 405), f"{method} {path} {sent}: {answer.status_code}"
    return set[str]().union(*leaks([*asked, *pages], secrets).values())


def of_its_own(world: World, secrets: Secrets, agents: Mapping[str, str]) -> dict[str, set[str]]:
    """What an agent meets in the filings it filed, by address, by api and by web."""
    who, client = world.caller("agent", "card"), Client()
    client.cookies["sim_session"] = world.accounts["agent"]["card_token"]
    met = {}
    for filing in agents.values():
        for path in [one for one in by_plane("api") if "{filing}" in one and "{n}" not in one and "GET" in takes(one)]:
            address = path.format(filing=filing)
            met[address] = secrets.told(who.get(address))
        for path in [one for one in by_plane("web") if "{filing}" in one and "{n}" not in one]:
            address = path.format(filing=filing)
            met[address] = secrets.told(client.get(address))
        met[f"/filings/state {filing}"] = secrets.told(client.post("/filings/state", {"filing": filing}))
        state = who.post("/forms/change/state", {"content": {}, "filing": filing})
        met[f"/api/v1/forms/change/state {filing}"] = secrets.told(state)
    return met


SHARED = {NAME, NUMBER, INSPECTION, RECORD, REASON}
"""What an agent sees of its principal under a mandate: the record it files over, and by card why a change it filed was
refused."""

DECLARED = {NAME, RECORD}
"""What stays with an agent: whose filings it filed, and in what it declared the record as it lay under it then."""


def test_an_agent_sees_its_filings_and_under_its_mandate_the_record_they_are_over(
    world: World, secrets: Secrets, agents: dict[str, str]
) -> None:
    assert agent_meets(world, secrets) == SHARED
    rows = world.caller("agent").get("/filings").ok(200)["results"]
    assert {row["id"] for row in rows} >= set(agents.values())
    assert not {row["id"] for row in rows} & set(secrets.pieces["filing"])
    met = of_its_own(world, secrets, agents)
    assert met[f"/api/v1/filings/{agents['change']}"] == SHARED - {REASON}
    assert (
        met[f"/api/v1/filings/{agents['refused']}/receipts"]
        == met[f"/filings/{agents['refused']}/receipts"] - {NAME}
        == {REASON}
    )
    assert set[str]().union(*met.values()) == SHARED


def test_once_its_mandates_have_ended_an_agent_sees_its_filings_and_nothing_else(
    world: World, secrets: Secrets, agents: dict[str, str]
) -> None:
    for row in world.caller("cardless").get("/mandates")["results"]:
        world.caller("cardless").delete(f"/mandates/{row['id']}").ok(204)
    world.wait(hours=48)
    statuses = {row["status"] for row in world.caller("agent").get("/mandates")["results"]}
    assert statuses == {"revoked", "expired"}
    assert agent_meets(world, secrets) <= DECLARED
    for where, told in of_its_own(world, secrets, agents).items():
        assert told <= (DECLARED if agents["refused"] in where else {NAME}), where


# ── sandboxes ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_sandboxes_hold_the_same_ids_and_never_the_same_rows(
    world: World, other_world: World, secrets: Secrets
) -> None:
    elsewhere = other_world.draft(remarks="elsewhere")
    mine = world.caller("card").get("/filings")["results"]
    assert elsewhere not in [row["id"] for row in mine]
    assert elsewhere in secrets.pieces["filing"]
    assert other_world.caller().get(f"/filings/{elsewhere}")["content"]["remarks"] == "elsewhere"
    assert [row["id"] for row in other_world.caller().get("/filings")["results"]] == [elsewhere]
    for filing in set(secrets.pieces["filing"]) - {elsewhere}:
        other_world.caller().get(f"/filings/{filing}").refused(404, "not_found")


# ── the net itself ────────────────────────────────────────────────────────────────────────────────────────────────

HOLES: Mapping[str, tuple[Any, str, Any, set[str]]] = {
    "filings are found without asking whose": (
        desk,
        "find",
        lambda visit, public_id, *, lock=False: get_object_or_404(Filing, public_id=public_id),
        {
            "/api/v1/filings/{filing}",
            "/api/v1/filings/{filing}/transmitted",
            "/api/v1/filings/{filing}/attachments",
            "/api/v1/filings/{filing}/attachments/{n}",
            "/api/v1/filings/{filing}/record-form.pdf",
            "/filings/{filing}",
            "/filings/{filing}/print",
            "/filings/{filing}/record-form.pdf",
            "/filings/{filing}/attachments/{n}",
        },
    ),
    "a list of filings is everybody's": (
        enquiries,
        "filings_in_parts",
        lambda visit: [Filing.objects.all()],
        {"/api/v1/filings", "/api/v1/enquiries/overview", "/api/v1/enquiries/filings"},
    ),
    "a page of filings is everybody's": (
        enquiries,
        "filings",
        lambda visit: Filing.objects.all(),
        {"/enquiries/overview"},
    ),
    "cards are everybody's": (
        cards,
        "of",
        lambda visit: Card.objects.select_related("account"),
        {"/api/v1/cards", "/cards"},
    ),
    "seal certificates are everybody's": (
        seals,
        "of",
        lambda visit: Certificate.objects.all(),
        {"/api/v1/seal-certificates", "/seal-certificates"},
    ),
    "annual reports are everybody's": (
        reporting,
        "reports",
        lambda visit: AnnualReport.objects.order_by("-serial"),
        {"/api/v1/annual-reports"},
    ),
    "an annual report is of a year, whoever made it": (
        reporting,
        "report_of",
        lambda visit, year: AnnualReport.objects.filter(year=year).first(),
        {"/api/v1/annual-reports/form", "/annual-reports"},
    ),
    "mandates are everybody's": (
        mandates,
        "of",
        lambda visit: Mandate.objects.all(),
        {"/api/v1/mandates", "/mandates/{mandate}/revoke"},
    ),
    "tickets are everybody's": (
        enquiries,
        "tickets",
        lambda visit: Ticket.objects.order_by("-serial"),
        {"/api/v1/tickets", "/api/v1/tickets/{ticket}", "/tickets"},
    ),
}
"""Leaks made on purpose: where, what, how, and the routes at which the net must notice."""


def test_the_net_notices_a_hole_wherever_one_is_made(
    world: World, secrets: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = world.caller("category:20000000", "card")
    for hole, (module, name, leaky, noticed) in HOLES.items():
        with monkeypatch.context() as made:
            made.setattr(module, name, leaky)
            asked = (*by_api(who, secrets, ["GET"], noticed), *by_web(who.token, secrets, ["GET"], noticed))
            found = {leak.partition(" ")[2] for leak in leaks(asked, secrets)}
        assert found == noticed, hole
