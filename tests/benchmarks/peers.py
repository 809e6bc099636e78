"""What somebody would take instead, each with a thousand of the same registrations in it, and the same work given to
each.

The naive prototype and the bare view are always there. The others are taken from PATH, or from a folder that the
caller names, where npm and pip put them the first time: none is part of this project.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.load import HOST, Plan, Step
from tests.benchmarks.servers import Server, running
from tests.running import free_port

HERE = Path(__file__).resolve().parent
REFERENCE: dict[str, Any] = json.loads(
    (HERE.parents[1] / "docs/reference-registration.json").read_text(encoding="utf-8")
)

CONNECTIONS = 16
ROWS = 1000
"""How many registrations a server has before it is asked."""


@dataclass
class Peer:
    """A server to compare with: where it comes from, how it is started, and what it is asked. Empty steps: it cannot
    do that.

    `told` says what it leaves out that the simulator does."""

    name: str
    told: str
    begun: Callable[[str, int, Path], list[object]]
    ready: str
    read: list[Step]
    create: list[Step]
    npm: str = ""
    pip: str = ""
    executable: str = ""
    prepare: Callable[[Server], None] | None = None
    lifecycle: list[Step] | None = None

    def found(self, folder: Path | None) -> str | None:
        """Its executable; None where it is not to be had."""
        if not self.executable:
            return sys.executable
        if folder is None:
            return shutil.which(self.executable)
        home = (folder / self.name).resolve()
        place = home / "node_modules/.bin" / self.executable if self.npm else home / "bin" / self.executable
        if not place.exists():
            home.mkdir(parents=True, exist_ok=True)
            steps: list[list[object]] = [
                ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", home, self.npm]
            ]
            if self.pip:
                steps = [[sys.executable, "-m", "venv", home], [home / "bin/pip", "install", "--quiet", self.pip]]
            for step in steps:
                subprocess.run([str(word) for word in step], check=True, stdout=subprocess.DEVNULL)
        return str(place) if place.exists() else None

    @contextmanager
    def served(self, executable: str, folder: Path) -> Iterator[Server]:
        """It runs, with its rows."""
        port = free_port()
        command = self.begun(executable, port, folder)
        with running(
            command, port, self.ready, folder, PROTOTYPE=str(folder / "prototype.sqlite3"), PYTHONPATH=str(HERE)
        ) as server:
            if self.prepare:
                self.prepare(server)
            yield server


def plan(server: Server, steps: list[Step], seconds: float, connections: int = CONNECTIONS, **more: Any) -> Plan:
    return Plan(server.port, steps, connections, seconds, picks=[str(n) for n in range(1, ROWS)], **more)


# ── the same body for all ─────────────────────────────────────────────────────────────────────────────────────────

DRAFT = {**REFERENCE, "client_reference": "R{n}", "status": "draft"}
BODY = json.dumps(DRAFT)


def rows() -> list[dict[str, Any]]:
    return [{**DRAFT, "client_reference": f"R{n}", "id": n} for n in range(1, ROWS + 1)]


def crud(at: str) -> tuple[list[Step], list[Step]]:
    return [Step("GET", f"{at}/{{pick}}")], [Step("POST", at, BODY), Step("GET", f"{at}/{{id}}")]


def written(folder: Path, name: str, what: Any) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(what if isinstance(what, str) else json.dumps(what), encoding="utf-8")
    return file


# ── Django, as it comes ───────────────────────────────────────────────────────────────────────────────────────────

FLAT = json.dumps({**REFERENCE["content"], "client_reference": "R{n}"})
BY_HAND = [
    Step("POST", "/filings/", FLAT),
    Step("POST", "/filings/{id}/validate/", "{}"),
    *(Step("POST", f"/filings/{{id}}/do/{verb}/", "{}") for verb in ("declare", "send", "store", "approve")),
    Step("GET", "/filings/{id}/whole/"),
]


def prototype(python: str, port: int, folder: Path) -> list[object]:
    file = folder / "prototype.sqlite3"
    if not file.exists():
        subprocess.run([python, HERE / "prototype.py", file], check=True)
    return [
        Path(python).with_name("granian"),
        "--interface",
        "wsgi",
        "--host",
        HOST,
        "--port",
        port,
        "--workers",
        2,
        "--blocking-threads",
        1,
        "--no-access-log",
        "--log-level",
        "warning",
        "prototype:application",
    ]


# ── programs that answer for others ───────────────────────────────────────────────────────────────────────────────


def json_server(executable: str, port: int, folder: Path) -> list[object]:
    return [executable, "--host", HOST, "--port", port, "--quiet", written(folder, "db.json", {"apps": rows()})]


def mockoon(executable: str, port: int, folder: Path) -> list[object]:
    response = {
        "uuid": "a1",
        "body": "{}",
        "latency": 0,
        "statusCode": 200,
        "label": "",
        "headers": [],
        "bodyType": "DATABUCKET",
        "filePath": "",
        "databucketID": "apps",
        "sendFileAsBody": False,
        "rules": [],
        "rulesOperator": "OR",
        "disableTemplating": True,
        "fallbackTo404": False,
        "default": True,
        "crudKey": "id",
        "callbacks": [],
    }
    route = {
        "uuid": "r1",
        "type": "crud",
        "documentation": "",
        "method": "",
        "endpoint": "apps",
        "responses": [response],
        "responseMode": None,
        "streamingMode": None,
        "streamingInterval": 0,
    }
    secured = {
        "enabled": False,
        "type": "CERT",
        "pfxPath": "",
        "certPath": "",
        "keyPath": "",
        "caPath": "",
        "passphrase": "",
    }
    kept = {
        "uuid": "d1",
        "id": "apps",
        "name": "apps",
        "documentation": "",
        "value": json.dumps([{**row, "id": str(row["id"])} for row in rows()]),
    }
    world = {
        "uuid": "e1",
        "lastMigration": 33,
        "name": "m",
        "endpointPrefix": "",
        "latency": 0,
        "port": port,
        "hostname": HOST,
        "folders": [],
        "routes": [route],
        "rootChildren": [{"type": "route", "uuid": "r1"}],
        "proxyMode": False,
        "proxyHost": "",
        "proxyRemovePrefix": False,
        "tlsOptions": secured,
        "cors": True,
        "headers": [{"key": "Content-Type", "value": "application/json"}],
        "proxyReqHeaders": [],
        "proxyResHeaders": [],
        "data": [kept],
        "callbacks": [],
    }
    file = written(folder, "mockoon.json", world)
    return [executable, "start", "--data", file, "--port", port, "--hostname", HOST, "--disable-log-to-file"]


def mountebank(executable: str, port: int, folder: Path) -> list[object]:
    headers = "{'Content-Type': 'application/json', 'Connection': 'keep-alive'}"
    answered = f"{{statusCode: %s, headers: {headers}, body: JSON.stringify(o)}}"
    create = (
        "function (config) { config.state.n = (config.state.n || 1000) + 1; var o = "
        "JSON.parse(config.request.body); o.id = String(config.state.n);"
        f" config.state.db = config.state.db || {{}}; config.state.db[o.id] = o; return {answered % 201}; }}"
    )
    read = (
        "function (config) { var id = config.request.path.split('/')[2]; var o = (config.state.db || {})[id];"
        f" if (!o && Number(id) <= {ROWS}) o = {json.dumps(rows()[0])}; return o ? {answered % 200} : "
        f"{{statusCode: 404}}; }}"
    )
    stubs = [
        {"predicates": [{"equals": {"method": "POST", "path": "/apps"}}], "responses": [{"inject": create}]},
        {"predicates": [{"equals": {"method": "GET"}}], "responses": [{"inject": read}]},
    ]
    imposter = {"port": port, "host": HOST, "protocol": "http", "recordRequests": False, "stubs": stubs}
    file = written(folder, "mountebank.json", {"imposters": [imposter]})
    return [
        executable,
        "start",
        "--host",
        HOST,
        "--port",
        free_port(),
        "--configfile",
        file,
        "--allowInjection",
        "--localOnly",
        "--nologfile",
        "--loglevel",
        "error",
        "--pidfile",
        folder / "mountebank.pid",
    ]


def wiremock(executable: str, port: int, folder: Path) -> list[object]:
    created = {
        "status": 201,
        "body": '{{jsonMerge request.body \'{"id":"77"}\'}}',
        "transformers": ["response-template"],
    }
    read = {"status": 200, "jsonBody": rows()[0]}
    headers = {"headers": {"Content-Type": "application/json"}}
    written(
        folder,
        "wiremock/mappings/post.json",
        {"request": {"method": "POST", "urlPath": "/apps"}, "response": created | headers},
    )
    written(
        folder,
        "wiremock/mappings/get.json",
        {"request": {"method": "GET", "urlPathPattern": "/apps/[^/]+"}, "response": read | headers},
    )
    return [
        executable,
        "--port",
        port,
        "--bind-address",
        HOST,
        "--root-dir",
        folder / "wiremock",
        "--no-request-journal",
        "--disable-banner",
    ]


SIGNED = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=x"


def dynamo(target: str) -> dict[str, str]:
    return {
        "X-Amz-Target": f"DynamoDB_20120810.{target}",
        "Content-Type": "application/x-amz-json-1.0",
        "Authorization": SIGNED,
    }


def table(server: Server) -> None:
    wanted = {
        "TableName": "apps",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    server.ask("POST", "/", wanted, dynamo("CreateTable"))


def item(**more: str) -> dict[str, Any]:
    content = {
        name: {"S": value if isinstance(value, str) else json.dumps(value)}
        for name, value in REFERENCE["content"].items()
    }
    return {"TableName": "apps", "Item": {"id": {"S": "{n}"}, **content, **more}}


def command(*words: object) -> Callable[[str, int, Path], list[object]]:
    """A command of these words, the port in place of None."""
    return lambda executable, port, folder: [executable, *(port if word is None else word for word in words)]


PEERS = [
    Peer(
        "drf",
        "a ModelViewSet as it comes: judges no rules, keeps no trail",
        prototype,
        "/bare",
        [Step("GET", "/filings/{pick}/")],
        [Step("POST", "/filings/", FLAT), Step("GET", "/filings/{id}/")],
        lifecycle=BY_HAND,
    ),
    Peer(
        "bare", "an empty Django view: what no page can be faster than", prototype, "/bare", [Step("GET", "/bare")], []
    ),
    Peer(
        "json-server",
        "a file of JSON: no rules",
        json_server,
        "/apps/1",
        *crud("/apps"),
        npm="json-server@0.17.4",
        executable="json-server",
    ),
    Peer(
        "mockoon",
        "a bucket of JSON: no rules, nothing kept",
        mockoon,
        "/apps/1",
        *crud("/apps"),
        npm="@mockoon/cli@9.9.0",
        executable="mockoon-cli",
    ),
    Peer(
        "moto",
        "DynamoDB, in memory: no rules",
        command("-H", HOST, "-p", None),
        "/moto-api/",
        [],
        [
            Step("POST", "/", json.dumps(item()), dynamo("PutItem")),
            Step("POST", "/", json.dumps({"TableName": "apps", "Key": {"id": {"S": "{n}"}}}), dynamo("GetItem")),
        ],
        pip="moto[server]==5.2.5",
        executable="moto_server",
        prepare=table,
    ),
    Peer(
        "mountebank",
        "lines of JavaScript, in memory: no rules",
        mountebank,
        "/apps/1",
        *crud("/apps"),
        npm="mountebank@2.9.1",
        executable="mb",
    ),
    Peer(
        "wiremock",
        "says back what it is sent: keeps nothing",
        wiremock,
        "/apps/1",
        *crud("/apps"),
        npm="wiremock@3.13.2",
        executable="wiremock",
    ),
]
