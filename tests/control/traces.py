"""What a client asked and was told, written down so that two lives can be compared to the byte (same seed, same calls).

What may differ is left out by name: secrets, places in the server's own books, and what is told on wall time.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.api.client import Answer, Caller

SECRETS = {"token", "card_token", "control_key", "secret", "private_key", "public_key", "random", "signature"}
WALL = {"at_real", "milliseconds", "duration_ms", "expires_at", "taken_at", "deliveries"}
"""`deliveries` of an advance are those it made itself: the server's worker, awake by wall time, may have been
quicker."""
PLACES = {"request_id"}
"""What the server calls a request that the client gives no name."""

LEFT_OUT = SECRETS | WALL | PLACES
LEFT_OUT_BESIDE = {"created_at": ("expires_at", "url"), "id": ("at_real", "differs")}
"""Left out where one of these stands beside: of a filing `created_at` is on the sandbox's clock, of a sandbox and a
webhook it is not; of an exchange `id` is its place in the journal of all sandboxes."""

OF_THIS_SERVER = (
    (re.compile(r"\bsb-[0-9a-f]{12}\b"), "SANDBOX"),
    (re.compile(r"\b(wh|del|msg)_[0-9a-f]{16,24}\b"), r"\1"),
    (re.compile(r"127\.0\.0\.1:\d+"), "HOST"),
)
"""Ids that no two sandboxes share: their own, and those by which a receiver of several tells notices apart."""

HEADERS = (
    "Content-Type",
    "ETag",
    "Location",
    "Retry-After",
    "Idempotency-Replayed",
    "X-Sim-Scenario",
    "X-Sim-Clock",
    "X-Document-Hash",
    "X-Document-Number",
    "X-Document-Quality",
    "Allow",
)


@dataclass
class Recorder(Caller):
    """A caller that writes down what it asks and is told."""

    trace: list[dict[str, Any]] = field(default_factory=list)

    def call(self, method: str, path: str, body: Any = None, token: str | None = None, **more: Any) -> Answer:
        answer = super().call(method, path, body, token, **more)
        where = path if path.startswith(("/api/", "/control/", "http")) else self.prefix + path
        headers = {name: answer.headers[name] for name in HEADERS if name in answer.headers}
        told = answer.json if answer.json is not None else "a file" if answer.body else None
        if "/export" in path:
            told = {table: len(rows) for table, rows in answer["tables"].items()}
        self.trace.append(
            plain({"asked": f"{method} {where}", "status": answer.status, "headers": headers, "told": told})
        )
        return answer


def plain(value: Any) -> Any:
    """A value without what may differ."""
    match value:
        case dict():
            left_out = LEFT_OUT | {
                name for name, beside in LEFT_OUT_BESIDE.items() if any(one in value for one in beside)
            }
            return {name: plain(one) for name, one in value.items() if name not in left_out}
        case list():
            return [plain(one) for one in value]
        case str():
            for found, instead in OF_THIS_SERVER:
                value = found.sub(instead, value)
    return value


def written(trace: list[dict[str, Any]]) -> list[str]:
    """A trace line by line."""
    return [json.dumps(one, ensure_ascii=False) for one in trace]


def first_difference(one: list[str], other: list[str]) -> str:
    """Where two traces part, "" where they do not."""
    for n, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            at = next(
                (i for i, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), min(len(mine), len(theirs))
            )
            around = slice(max(0, at - 80), at + 160)
            return f"call {n}: {json.loads(mine)['asked']}\n  …{mine[around]}\n  …{theirs[around]}"
    return "" if len(one) == len(other) else f"{len(one)} calls, {len(other)} calls"
