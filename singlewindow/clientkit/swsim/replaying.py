"""A case: what was asked of a world, from its making on, so that it can be asked again.

The pytest plugin writes one for each test that fails; `swsim replay FILE` makes the same world anew (same seed, same
numbers) and asks the same of it, call by call. What differs from what was answered then is told; what does not is the
failure, to be looked at as long as one likes.

A case is a JSON file. `world` holds the arguments of `SingleWindow.world`, `steps` the calls in their order: those of
the business plane as the journal has them, whoever made them, and those of the control plane that this process made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx

from swsim._sync.line import Wire
from swsim._sync.worlds import World
from swsim.problems import Problem, SwsimError, Unreachable
from swsim.spelling import as_json
from swsim.words import say

FORMAT = "swsim/case/1"

MASK = "***"
"""What stands in a journal for a secret."""


class NotACase(SwsimError):
    """A file that is no case."""


@dataclass(frozen=True)
class Case:
    """What was asked of a world. `test` is whose failure it was, `said` what the failure said."""

    world: Mapping[str, Any]
    steps: Sequence[Mapping[str, Any]]
    test: str = ""
    said: str = ""

    def write(self, file: Path) -> None:
        """Keep it as a file."""
        held = {"format": FORMAT, "test": self.test, "said": self.said, "world": self.world, "steps": self.steps}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(held, ensure_ascii=False, indent=1, default=str), encoding="utf-8")


def read(file: Path) -> Case:
    """A case from its file. Raises NotACase."""
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise NotACase(f"{file}: {error.strerror}") from None
    except ValueError:
        held = None
    if not isinstance(held, dict) or held.get("format") != FORMAT:
        raise NotACase(say(f"{file} is no {FORMAT}", f"{file} 不是 {FORMAT} 格式的文件"))
    return Case(held["world"], held["steps"], held["test"], held["said"])


@dataclass(frozen=True)
class Replayed:
    """A step and what came of it this time: status 0 where no answer came whole."""

    step: Mapping[str, Any]
    status: int
    code: str | None
    answer: Any
    skipped: str = ""

    @property
    def as_then(self) -> bool:
        """Whether it was answered as it was then."""
        if self.status == 0:  # a line that was cut then as well: the journal has what would have been answered
            return bool(self.skipped) or str(self.step.get("fault")).startswith("cut")
        return (self.status, self.code) == (self.step["status"], self.step["code"])

    def __str__(self) -> str:
        step = self.step
        now = self.skipped or f"{self.status} {self.code or ''}".strip()
        then = (
            "" if self.as_then else say(" (then: ", "（当时：") + f"{step['status']} {step['code'] or ''}".strip() + ")"
        )
        return f"{step['method']} {step['path']} → {now}{then}"


# ── steps ─────────────────────────────────────────────────────────────────────────────────────────────────────────


_OF_JOURNAL = ("method", "path", "query", "account", "medium", "status", "code", "fault")


def of_journal(exchange: Mapping[str, Any]) -> dict[str, Any]:
    """An exchange of the journal as a step."""
    request = exchange["request"]
    return {
        "plane": "business",
        "at": exchange["at_real"],
        **{name: exchange[name] for name in _OF_JOURNAL},
        "headers": request["headers"],
        "body": request["body"],
    }


def of_control(path: str, request: httpx.Request, status: int, code: str | None) -> dict[str, Any]:
    """A call of the control plane, just answered, as a step; `path` is what stands behind the sandbox."""
    return {
        "plane": "control",
        "at": datetime.now(timezone.utc).isoformat(),
        "method": request.method,
        "path": f"/sandboxes/{{sandbox}}/{path}",
        "query": request.url.query.decode() or None,
        "status": status,
        "code": code,
        "body": json.loads(request.content) if request.content else None,
    }


# ── again ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def replay(world: World, case: Case) -> Iterator[Replayed]:
    """Ask of a world what was asked of another, one step after the other. The world is one made by `case.world`."""
    with Wire(world.wire.url, retries=0, check_version=False) as wire:
        again = _Again(world, wire)
        for step in case.steps:
            yield again.do(step)


class _Again:
    """Asks once more; knows who is who in the new world."""

    def __init__(self, world: World, wire: Wire) -> None:
        self._world, self._wire = world, wire
        self._tokens: dict[tuple[str, str], str] = {}
        self._secrets: dict[str, dict[str, Any]] = {}
        for account in world.accounts:
            self._meet(account)

    def do(self, step: Mapping[str, Any]) -> Replayed:
        """Take one step."""
        headers = dict(step.get("headers") or {})
        kind = headers.pop("Content-Type", "")
        headers.pop("X-Request-Id", None)
        if kind.startswith("multipart/"):
            return Replayed(
                step, 0, None, None, say("an upload: its bytes are not in a journal", "上传的文件不在往来记录中")
            )
        try:
            body = self._unmasked(step["body"])
        except LookupError as missing:
            return Replayed(step, 0, None, None, say(f"{missing} is not in a journal", f"{missing} 不在往来记录中"))
        if step["plane"] == "control":
            path, token = f"/control/v1{step['path'].replace('{sandbox}', self._world.id)}", self._world.control_key
        else:
            path, token = step["path"], self._tokens.get((step["account"], step["medium"]))
        content = None if body is None else body.encode() if isinstance(body, str) else as_json(body)
        if isinstance(body, str) and kind:
            headers["Content-Type"] = kind
        try:
            answer = self._wire.send(
                step["method"],
                path + (f"?{step['query']}" if step["query"] else ""),
                token=token,
                content=content,
                headers=headers,
            )
        except Problem as problem:
            return Replayed(step, problem.status, problem.code, problem.raw)
        except Unreachable as error:
            return Replayed(step, 0, None, str(error))
        answered = answer.json() if "json" in answer.headers.get("Content-Type", "") else None
        self._meet(answered)
        return Replayed(step, answer.status_code, None, answered)

    def _meet(self, account: Any) -> None:
        """Take note of an account: one of the world, one that was made, one that logged in."""
        if not isinstance(account, Mapping):
            return
        name = account.get("username") or (account.get("account") or {}).get("username") if "token" in account else None
        if name is None:
            return
        self._tokens[name, account.get("medium", "password")] = account["token"]
        if card := account.get("card_token"):
            self._tokens[name, "card"] = card
        for key in ("username", "card_no"):
            if account.get(key) and "password" in account:
                self._secrets[account[key]] = dict(account)

    def _unmasked(self, body: Any) -> Any:
        """A body with the secrets of this world where those of the other were masked. Raises LookupError."""
        if not isinstance(body, dict):
            return body
        made = dict(body)
        if "sandbox" in made:
            made["sandbox"] = self._world.id
        known = self._secrets.get(made.get("username") or made.get("card_no") or "", {})
        for name, value in made.items():
            if value == MASK:
                if name not in known:
                    raise LookupError(name)
                made[name] = known[name]
        return made
