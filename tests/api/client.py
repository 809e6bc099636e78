"""A client of both planes for tests: short calls, and no answer that the OpenAPI documents do not describe.

Every answer is held against its plane's document as it arrives, so each test of behaviour is a test of the documents
too.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from jsonschema import Draft202012Validator, FormatChecker

from filings.lab.worlds import cast
from singlewindow.front import WAITED
from tests.planted import planted

BUSINESS, CONTROL = "/api/v1", "/control/v1"
NOBODY = "127.0.0.1:9"
"""Where a webhook may go, and no one listens."""
PDF, PNG, JPG = b"%PDF-1.4\n%test", b"\x89PNG\r\n\x1a\n....", b"\xff\xd8\xff\xe0...."

seen: Counter[tuple[str, str, str, int]] = Counter()
"""How often each operation answered with each status: (plane, method, path of the document, status)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `json` is None where the body is not JSON."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    json: Any = None

    def __getitem__(self, key: str) -> Any:
        return self.json[key]

    @property
    def errors(self) -> dict[str, str]:
        """Pointer → code of a refusal's field errors."""
        return {error["pointer"]: error["code"] for error in self.json["errors"]}

    def ok(self, status: int | None = None) -> Answer:
        """This answer, if it is of this status (any 2xx unless named)."""
        assert self.status == status if status else 200 <= self.status < 300, (self.status, self.body[:2000].decode())
        return self

    def refused(self, status: int, code: str) -> Answer:
        """This answer, if it is that refusal."""
        assert (self.status, self.json and self.json.get("code")) == (status, code), (
            self.status,
            self.body[:2000].decode(),
        )
        return self


@dataclass
class Caller:
    """Someone who calls one plane (or one place in it), with a token or without."""

    prefix: str = BUSINESS
    token: str | None = None
    documented: bool = True
    headers: dict[str, str] = field(default_factory=dict)
    environ: dict[str, Any] = field(default_factory=dict)

    def get(self, path: str, token: str | None = None, **headers: str) -> Answer:
        return self.call("GET", path, None, token, **headers)

    def post(self, path: str, body: Any = None, token: str | None = None, **headers: str) -> Answer:
        return self.call("POST", path, body, token, **headers)

    def put(self, path: str, body: Any = None, token: str | None = None, **headers: str) -> Answer:
        return self.call("PUT", path, body, token, **headers)

    def patch(self, path: str, body: Any = None, token: str | None = None, **headers: str) -> Answer:
        return self.call("PATCH", path, body, token, **headers)

    def delete(self, path: str, token: str | None = None, **headers: str) -> Answer:
        return self.call("DELETE", path, None, token, **headers)

    def upload(
        self, filing: str, content: bytes = PDF, filename: str = "备案信息表.pdf", token: str | None = None, **more: str
    ) -> Answer:
        """Attach a file; `type` and any other part by name, headers by their names with underscores and a capital."""
        parts = {name: value for name, value in more.items() if name.islower()}
        headers = {name: value for name, value in more.items() if not name.islower()}
        file = SimpleUploadedFile(filename, content)
        file._name = filename  # the name as an attacker sends it, not as Django would clean it
        body = encode_multipart(BOUNDARY, {"file": file, **parts})
        return self.call(
            "POST", f"/filings/{filing}/attachments", body, token, content_type=MULTIPART_CONTENT, **headers
        )

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        token: str | None = None,
        *,
        content_type: str = "application/json",
        **headers: str,
    ) -> Answer:
        """One exchange. A body that is not bytes goes as JSON; `If_Match="…"` is the header If-Match."""
        url = path if path.startswith(("/api/", "/control/", "http://")) else self.prefix + path
        url = url.removeprefix("http://testserver")
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if (token := token if token is not None else self.token) is not None:
            sent.setdefault("Authorization", f"Bearer {token}")
        data = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        )
        status, told, content = self.send(method, url, data, sent, content_type if data or body is not None else "")
        is_json = content and "json" in told["Content-Type"]
        answer = Answer(status, told, content, json.loads(content) if is_json else None)
        if self.documented:
            hold_to_the_document(method, url.partition("?")[0], answer)
        return answer

    def send(
        self, method: str, url: str, data: bytes, headers: Mapping[str, str], content_type: str
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Within this process. Status, headers and body of what came back; the front's waiting is done here."""
        more = {"content_type": content_type} if content_type else {}
        response = http().generic(method, url, data, headers=headers, **more, **self.environ)
        if hasattr(response, "wait"):
            time.sleep(response.wait)
            response = http().generic(
                method, url, data, headers=headers, **more, **self.environ, **{WAITED: response.waited}
            )
        return response.status_code, dict(response.headers), response.getvalue()


@cache
def http() -> Client:
    """One for all: a new one would load the middleware, and look through the static files, each time."""
    return Client(enforce_csrf_checks=True)


# ── the documents ─────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def document(plane: str) -> dict[str, Any]:
    """A plane's OpenAPI document."""
    read: dict[str, Any] = http().get(f"{plane}/schema").json()
    return read


def operation(method: str, path: str) -> tuple[str, str, dict[str, Any]] | None:
    """The plane, the path and the description of the operation an address belongs to."""
    plane = next((one for one in (BUSINESS, CONTROL) if path.startswith(f"{one}/")), None)
    if plane is None:
        return None
    inside = path.removeprefix(plane)
    for address, template, operations in _addresses(plane):
        if address.fullmatch(inside) and method.lower() in operations:
            return plane, template, operations[method.lower()]
    return None


@cache
def _addresses(plane: str) -> list[tuple[re.Pattern[str], str, dict[str, Any]]]:
    """The paths of a plane's document, those that name most first."""
    paths = sorted(document(plane)["paths"].items(), key=lambda path: path[0].count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", template)), template, operations) for template, operations in paths]


def hold_to_the_document(method: str, path: str, answer: Answer) -> None:
    """Fail unless the document of the plane describes this very answer."""
    found = operation(method, path)
    if found is None:
        if answer.status >= 400 and method != "HEAD" and path.startswith((BUSINESS, CONTROL)):
            _valid(BUSINESS, json.dumps({"$ref": "#/components/schemas/Problem"}), answer)
        return
    plane, template, described = found
    seen[plane, method, template, answer.status] += 1
    responses = described["responses"]
    assert str(answer.status) in responses, (
        f"{method} {template}: {answer.status} is not documented: {answer.body[:300]!r}"
    )
    described = responses[str(answer.status)]
    if "$ref" in described:
        described = document(plane)["components"]["responses"][described["$ref"].rpartition("/")[2]]
    _hold_headers(plane, f"{method} {template}", described.get("headers", {}), answer)
    content = described.get("content", {})
    if not content:
        assert answer.body == b"", f"{method} {template}: {answer.status} has a body"
        return
    kind = answer.headers["Content-Type"].partition(";")[0]
    assert kind in content, f"{method} {template}: {kind} is not documented"
    if answer.json is not None:
        _valid(plane, json.dumps(content[kind]["schema"]), answer)


WORTH_TELLING = {
    "etag",
    "location",
    "retry-after",
    "idempotency-replayed",
    "www-authenticate",
    "x-request-id",
}
"""Headers that a client may act upon: an answer has none of them that is not described."""


def _hold_headers(plane: str, where: str, described: Mapping[str, Any], answer: Answer) -> None:
    known = document(plane)["components"]["headers"]
    told = {name.lower(): known[name] if "$ref" in one else one for name, one in described.items()}
    given = {name.lower(): value for name, value in answer.headers.items()}
    assert (given.keys() & WORTH_TELLING) - told.keys() == set(), (
        f"{where}: {answer.status} has headers that are not described"
    )
    missing = {name for name, one in told.items() if one.get("required")} - given.keys()
    assert not missing, f"{where}: {answer.status} is without {missing}"


def _valid(plane: str, schema: str, answer: Answer) -> None:
    faults = [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
        for error in validator(plane, schema).iter_errors(answer.json)
    ]
    assert not faults, "\n".join(faults)[:3000]


@cache
def validator(plane: str, schema: str) -> Draft202012Validator:
    """A validator of one schema of a plane's document. What the document does not name must not be there."""
    components = deepcopy(document(plane)["components"])
    for component in components["schemas"].values():
        if component.get("properties"):
            component.setdefault("additionalProperties", False)
    whole = {**json.loads(schema), "components": components}
    return Draft202012Validator(whole, format_checker=FORMATS)


FORMATS = FormatChecker(["date"])


@FORMATS.checks("date-time", raises=(ValueError, AssertionError))
def _instant(value: object) -> bool:
    """RFC 3339 with Shenzhen's offset."""
    if isinstance(value, str):
        assert value.endswith("+08:00")
        datetime.fromisoformat(value)
    return True


@FORMATS.checks("uri")
def _address(value: object) -> bool:
    return not isinstance(value, str) or value.startswith("http")


# ── worlds ────────────────────────────────────────────────────────────────────────────────────────────────────────


class World:
    """A sandbox as its owner holds it: accounts by role, its clock, and the few steps most tests begin with.

    `by` makes the callers: within this process unless told. `opened` is what was answered where it has been opened
    already.
    """

    def __init__(self, by: Callable[..., Caller] = Caller, opened: dict[str, Any] | None = None, **wanted: Any) -> None:
        self.by = by
        self.opened = opened or by(CONTROL).post("/sandboxes", wanted).ok(201).json
        self.id: str = self.opened["id"]
        self.control = by(f"{CONTROL}/sandboxes/{self.id}")
        self.accounts = {account["role"]: account for account in self.opened["accounts"]}

    def caller(self, role: str = "cardless", medium: str = "password") -> Caller:
        """The business plane as an account sees it."""
        return self.by(token=self.accounts[role]["token" if medium == "password" else "card_token"])

    def login(self, role: str = "card", **how: str) -> Answer:
        """What a role gets that logs in by its card, or as told."""
        who = self.accounts[role]
        return self.by().post(
            "/sessions", {"sandbox": self.id, **(how or {"card_no": who["card_no"], "pin": who["pin"]})}
        )

    def advance(self, **how: Any) -> Answer:
        return self.control.post("/clock/advance", how).ok(200)

    def wait(self, **by: float) -> Answer:
        """Let so many hours, minutes, seconds pass."""
        total = timedelta(**by)
        return self.advance(by=f"P{total.days}DT{total.seconds}.{total.microseconds:06d}S")

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(self.control.get("/clock").ok()["now"])

    def sheet(self, role: str = "cardless", **changes: Any) -> dict[str, Any]:
        """The reference registration, filled in for a role's enterprise; a change to None takes the field out."""
        sheet = reference(**changes)
        uscc = self.accounts[role]["uscc"]
        names = {one["uscc"]: one["name_cn"] for one in self.opened["enterprises"]}
        return sheet if "uscc" in changes else sheet | {"uscc": uscc, "name_cn": changes.get("name_cn", names[uscc])}

    def draft(self, role: str = "cardless", **changes: Any) -> str:
        """A new registration draft of a role. Returns its id."""
        body = {"kind": "registration", "content": self.sheet(role, **changes)}
        identifier: str = self.caller(role).post("/filings", body).ok(201)["id"]
        return identifier

    def declare(self, filing: str = "", role: str = "cardless", **headers: str) -> Answer:
        """Declare a draft; a new one unless named."""
        return self.caller(role).post(f"/filings/{filing or self.draft(role)}/declare", **headers)

    def declared(self, role: str = "cardless", scenario: str = "by_hand") -> str:
        """A declared registration that stays where it is unless a scenario is named. Returns its id."""
        identifier: str = self.declare(role=role, X_Sim_Scenario=scenario).ok(200)["id"]
        return identifier

    def begin(self, kind: str, role: str = "card", medium: str = "card", **content: Any) -> Answer:
        """What a role gets that begins a filing with this content."""
        return self.caller(role, medium).post("/filings", {"kind": kind, "content": content})

    def change(self, role: str = "card", **content: Any) -> str:
        """A new draft of a change by card, of the remarks unless told. Returns its id."""
        identifier: str = self.begin("change", role, **(content or {"remarks": "变更"})).ok(201)["id"]
        return identifier

    def submit(self, filing: str, role: str = "card", medium: str = "card", scenario: str = "by_hand") -> Answer:
        """What a role gets that declares a draft; nobody answers unless a scenario is named."""
        return self.caller(role, medium).post(f"/filings/{filing}/declare", X_Sim_Scenario=scenario)

    def make(self, what: str, **wanted: Any) -> Answer:
        """A fixture: an enterprise, an account, a card or a filing made to measure."""
        return self.control.post(f"/fixtures/{what}", wanted).ok(201)

    def enter(self, situation: str, **more: Any) -> Answer:
        return self.control.post("/situation", {"situation": situation, **more}).ok(200)

    def uscc(self, role: str = "card") -> str:
        code: str = self.accounts[role]["uscc"]
        return code

    def ledger(self, role: str = "card", synced: bool = True, **facts: Any) -> None:
        """Lay facts over the customs record of a role's enterprise, and over the mirror unless told."""
        self.control.put(f"/ledgers/customs/{self.uscc(role)}", facts).ok(200)
        if synced:
            self.control.post("/sync", {"uscc": self.uscc(role)}).ok(200)

    def act(self, filing: str, action: str, **body: Any) -> Answer:
        return self.control.post(f"/filings/{filing}/actions/{action}", body)

    def bring(self, filing: str, to: str, **words: Any) -> None:
        """Walk a filing to a status as the authorities would."""
        if to != "draft":
            if self.caller().get(f"/filings/{filing}")["status"] == "draft":
                self.declare(filing, X_Sim_Scenario="by_hand").ok(200)
            if to != "declared":
                self.act(filing, "advance", to=to, **words).ok(200)


def reference(**changes: Any) -> dict[str, Any]:
    """The reference registration of the contract with some fields changed; None takes a field out."""
    sheet = deepcopy(dict(cast.REFERENCE)) | changes
    return {name: value for name, value in sheet.items() if value is not None}


def signature(private_key: str, text: str) -> str:
    """What a card with this key signs, as a client's own code would."""
    key = load_pem_private_key(private_key.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return base64.b64encode(key.sign(text.encode(), ec.ECDSA(SHA256()))).decode()


@pytest.fixture
def world(db: None) -> World:
    """A fresh standard sandbox, opened over HTTP."""
    return World(opened=planted("world", _opened))


@pytest.fixture
def other_world(db: None) -> World:
    """A second sandbox beside it."""
    return World(opened=planted("other world", _opened))


def _opened() -> tuple[str, dict[str, Any]]:
    world = World()
    return world.id, world.opened


@pytest.fixture
def anyone(db: None) -> Caller:
    """Somebody without a token."""
    return Caller()


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    """The control plane as `make run` has it: bound to loopback, no token set."""
    settings.HOST, settings.SIM_CONTROL_TOKEN, settings.SIM_WEBHOOK_ALLOW = "127.0.0.1", "", [NOBODY]
