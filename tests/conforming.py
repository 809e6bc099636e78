"""What Schemathesis must be told of the simulator and no schema can tell: who asks, what there is, and which rules are
no schema's.

Loaded by Schemathesis as its hooks, in one process for each plane, and by tests/conformance.py that starts those.
"""

from __future__ import annotations

import atexit
import json
import os
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.openapi.checks import RejectedPositiveData

from filings.lab.worlds import cast

NOBODY = "127.0.0.1:9"
"""Where a webhook may go, and no one listens."""

KEPT = "furnished"
"""The checkpoint a sandbox is brought back to."""


# ── what there is ─────────────────────────────────────────────────────────────────────────────────────────────────


def furnish(plane: str, base: str, told: Path, seed: int) -> dict[str, str]:
    """A sandbox with something of everything, kept under a name. Returns what the hooks must know, as environment."""
    http = httpx.Client(base_url=base, timeout=30)

    def ask(method: str, path: str, body: Any = None, **more: Any) -> Any:
        answer = http.request(method, path, json=body, **more)
        assert answer.status_code < 300, (method, path, answer.text)
        return answer.json()

    world = ask("POST", "/control/v1/sandboxes", {})
    at, card = f"/control/v1/sandboxes/{world['id']}", next(one for one in world["accounts"] if one["role"] == "card")
    mine = {"headers": {"Authorization": f"Bearer {card['card_token']}"}}

    def filing(**wanted: Any) -> str:
        return str(ask("POST", f"{at}/fixtures/filing", wanted)["id"])

    about = {"uscc": card["uscc"]}
    ended = [filing(**about, kind="change", state=state, age="P1D") for state in ("rejected", "approved")]
    drafts = [filing(**about, kind="change", content={"remarks": f"变更{n}"}) for n in range(4)]
    others = [
        filing(state=state)
        for state in ("draft", "declared", "sent", "stored", "manual_review", "approved", "rejected")
    ]
    for draft in drafts:
        for n in range(2):
            pdf = {"file": (f"{n}.pdf", b"%PDF-1.4\n", "application/pdf")}
            http.post(f"/api/v1/filings/{draft}/attachments", files=pdf, **mine).raise_for_status()
    ticket = ask("POST", "/api/v1/tickets", {"desk": "platform", "topic": "status", "filing": drafts[0]}, **mine)["id"]
    mandate = ask("POST", "/api/v1/mandates", {"agent": cast.AGENT.uscc}, **mine)["id"]
    person = {
        "type": "operator",
        "holder_name": "李演练",
        "holder_id_type": "居民身份证",
        "holder_id_number": cast.ID_ENDING_IN_X,
    }
    new_card = ask("POST", "/api/v1/cards", person, **mine)["n"]
    ask("POST", "/api/v1/seal-certificates", **mine)
    ask("PUT", f"{at}/ledgers/mofcom/{card['uscc']}", {"state": "current"})
    ask("POST", f"{at}/situation", {"situation": "backfill_only_customs"})
    ask("POST", "/api/v1/annual-reports", {"year": 2018}, **mine)
    ask("POST", f"{at}/clock/advance", {"by": "PT1H"})
    receipts = [one["id"] for one in ask("GET", "/api/v1/receipts", **mine)["results"]]
    known: list[tuple[str, str, list[Any]]] = [
        ("/cards", "n", [new_card]),
        ("/seal-certificates", "n", [1]),
        ("", "n", [1, 2]),
        ("", "year", ["2018"]),
        ("/filings/{filing}/(transmitted|copy)", "filing", ended),
        ("/filings/{filing}/(declare|attachments)", "filing", drafts),
        ("/filings", "filing", [*ended, *drafts]),
        ("/sandboxes", "filing", others),
        ("", "filing", drafts),
        ("", "ticket", [ticket]),
        ("", "mandate", [mandate]),
        ("", "receipt", receipts),
        ("", "uscc", [card["uscc"]]),
        ("", "sandbox", [world["id"]]),
        ("", "card", [card["card_no"]]),
        ("", "checkpoint", [KEPT]),
    ]
    if plane == "control":
        known += [
            ("", "fault", [ask("POST", f"{at}/faults", {"fault": "status; code=503", "times": 1})["id"]]),
            ("", "queued", [ask("POST", f"{at}/scenario-queue", {"scenario": "reject"})["id"]]),
            ("", "webhook", [ask("POST", f"{at}/webhooks", {"url": f"http://{NOBODY}/"})["id"]]),
            ("", "exercise", ["first-filing"]),
            ("/attempts/{attempt}/answers", "attempt", ["A0123456789abcdef"]),  # that exercise asks no questions
            ("", "attempt", [ask("POST", "/control/v1/exercises/first-filing/attempts", {})["id"]]),
        ]
    ask("POST", f"{at}/checkpoints", {"name": KEPT})
    return {
        "CONFORMANCE": json.dumps({"base": base, "at": at, "known": known, "told": str(told), "seed": seed}),
        "CONFORMANCE_TOKEN": card["card_token"],
    }


# ── what Schemathesis is told ─────────────────────────────────────────────────────────────────────────────────────

RUN: dict[str, Any] = json.loads(os.environ.get("CONFORMANCE", "{}"))
GIVEN_OUT = {
    "filing": r"F\d{6}",
    "sandbox": r"sb-[0-9a-f]{12}",
    "ticket": r"T\d+",
    "mandate": r"M\d+",
    "receipt": r"R\d+",
}
"""What identifiers look like that the simulator gives out: one that came by a link stays in its place."""

RESTORES = 40
"""After so many calls to one operation at the most, its sandbox is brought back."""


BEYOND_A_SCHEMA = frozenset(
    {
        "attachment_type_not_allowed",
        "blank",
        "clock_backwards",
        "clock_too_late",
        "dual_is_alone",
        "future_report_year",
        "id_number_invalid",
        "in_the_past",
        "never_matches",
        "not_printable",
        "nothing_changed",
        "control_characters",
        "line_break",
        "receiver_not_allowed",
        "snapshot_not_fitting",
        "too_long",
        "unknown_fault",
        "unknown_scenario",
        "uscc_invalid",
        "uscc_mismatch",
        "wrong_pin",
    }
)
"""Why a body or a query may be refused that its document allows. Never for what a schema can tell: a type, a length, a
name."""


HELD_IN_WORDS = frozenset({("/principal", "required"), ("/principal", "not_allowed")})
"""What the document says in words alone, by place and code: the principal goes with the mode of filing."""


class Run:
    """One plane's run: a sandbox that is brought back before each operation, and what was answered."""

    def __init__(self, base: str, at: str, known: list[tuple[str, str, list[Any]]], told: str, seed: int) -> None:
        self.http = httpx.Client(base_url=base, timeout=30)
        self.at, self.known, self.told = at, known, told
        self.drawn, self.serial = random.Random(seed), count(1)
        self.worked, self.calls = "", 0
        self.answers: dict[str, Counter[int]] = defaultdict(Counter)

    def bring_back(self) -> None:
        self.calls = 0
        self.http.post(f"{self.at}/checkpoints/{KEPT}/restore").raise_for_status()

    def before(self, case: Any) -> None:
        meta, label = case.meta, case.operation.label
        stateful = meta is not None and meta.phase.name.value == "stateful"
        self.calls += 1
        if not stateful and (label != self.worked or self.calls >= RESTORES):
            self.bring_back()
        self.worked = label
        known = {name: values for path, name, values in reversed(self.known) if re.match(path, case.operation.path)}
        if meta is None or not meta.is_negative_at(ParameterLocation.PATH):
            for name, value in case.path_parameters.items():
                if name in known and not (stateful and re.fullmatch(GIVEN_OUT.get(name, "$"), str(value))):
                    case.path_parameters[name] = self.drawn.choice(known[name])
        if "after" in case.query and (meta is None or not meta.is_negative_at(ParameterLocation.QUERY)):
            case.query["after"] = self.drawn.choice(known["receipt"])
        body = case.body
        if isinstance(body, dict) and meta is not None and not meta.is_negative_at(ParameterLocation.BODY):
            for name in sorted(body.keys() & {"sandbox", "uscc", "filing"}):
                if type(body[name]) is str and self.drawn.random() < 0.8:
                    body[name] = self.drawn.choice(known[name])
            if "sandboxes" in body and self.drawn.random() < 0.8:
                body["sandboxes"] = known["sandbox"]
        # A key already used is another matter: each call is a new one, but for a key that is wrong.
        if re.fullmatch(r"[\x21-\x7e]{1,255}", str(case.headers.get("Idempotency-Key", ""))):
            case.headers["Idempotency-Key"] = f"key-{next(self.serial)}"
        # Schemathesis at times calls an If-Match right that its pattern does not allow.
        if "If-Match" in case.headers and (meta is None or not meta.is_negative_at(ParameterLocation.HEADER)):
            case.headers["If-Match"] = self.drawn.choice(["*", '"v1"', 'W/"v2"'])
        if label in ALONE:
            ALONE[label](self, case)

    def after(self, case: Any, response: Any) -> None:
        self.answers[case.operation.label][response.status_code] += 1

    def refused_rightly(self, response: Any) -> bool:
        """Whether what fits the document was refused for a rule that no schema can tell."""
        told = response.json()
        if told["code"] in ("snapshot_faulty", "precondition_invalid"):
            # What is in its tables is judged by the models; an If-Match that is meant to be right is put right above.
            return True
        faults = [(one["pointer"], one["code"]) for one in told.get("errors", ())] or [("", told["code"])]
        return all(
            code in BEYOND_A_SCHEMA or at.startswith("/content") or (at, code) in HELD_IN_WORDS for at, code in faults
        )

    def tell(self) -> None:
        Path(self.told).write_text(json.dumps(self.answers))


def _log_in_to_be_logged_out(run: Run, case: Any) -> None:
    if not case.headers.get("Authorization", "").startswith("Bearer tok_"):
        return
    who = {"sandbox": run.at.rpartition("/")[2], "username": "card", "password": cast.PASSWORD}
    case.headers["Authorization"] = f"Bearer {run.http.post('/api/v1/sessions', json=who).json()['token']}"


def _make_a_sandbox_to_be_deleted(run: Run, case: Any) -> None:
    if case.path_parameters.get("sandbox") == run.at.rpartition("/")[2]:
        case.path_parameters["sandbox"] = run.http.post("/control/v1/sandboxes", json={}).json()["id"]


def _keep_a_checkpoint_to_be_dropped(run: Run, case: Any) -> None:
    if case.path_parameters.get("checkpoint") == KEPT:
        case.path_parameters["checkpoint"] = "spare"
        run.http.post(f"{run.at}/checkpoints", json={"name": "spare", "replace": True})


def _take_a_true_snapshot(run: Run, case: Any) -> None:
    if case.meta.is_negative_at(ParameterLocation.BODY) or run.drawn.random() < 0.5:
        return
    case.body = run.http.get(f"{run.at}/export").json()


ALONE: dict[str, Callable[[Run, Any], None]] = {
    "DELETE /sessions/current": _log_in_to_be_logged_out,
    "POST /sandboxes/import": _take_a_true_snapshot,
    "DELETE /sandboxes/{sandbox}": _make_a_sandbox_to_be_deleted,
    "DELETE /sandboxes/{sandbox}/checkpoints/{checkpoint}": _keep_a_checkpoint_to_be_dropped,
}
"""What an operation is given: something of its own to end, where it ends what every other needs; a body nobody could
draw."""


if RUN:
    run = Run(**RUN)
    atexit.register(run.tell)

    @schemathesis.hook
    def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
        run.before(case)

    @schemathesis.hook
    def after_call(context: Any, case: Any, response: Any) -> None:
        run.after(case, response)

    @schemathesis.hook
    def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
        return not (isinstance(failure, RejectedPositiveData) and run.refused_rightly(response))
