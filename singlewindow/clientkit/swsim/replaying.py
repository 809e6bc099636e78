"""A case: what was asked of a world, from its making on, so that it can be asked again.

The pytest plugin writes one for each test that fails; `swsim replay FILE` makes the same world anew (same seed, same
numbers) and asks the same of it, call by call. What differs from what was answered then is told; what does not is the
failure, to be looked at as long as one likes.

A case is a JSON file. `world` holds the arguments of `SingleWindow.world`, `steps` the calls in their order: those of the
business plane as the journal has them, whoever made them, and those of the control plane that this process made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swsim.problems import Problem, SwsimError
from swsim.words import say

if TYPE_CHECKING:
    from swsim import World

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
        told = {"format": FORMAT, "test": self.test, "said": self.said, "world": self.world, "steps": self.steps}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def read(file: Path) -> Case:
    """A case from its file. Raises NotACase."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotACase(f"{file}: {error}") from None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise NotACase(say(f"{file} is no {FORMAT}", f"{file} 不是 {FORMAT} 格式的文件"))
    return Case(told["world"], told["steps"], told["test"], told["said"])


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
        return bool(self.skipped) or (self.status, self.code) == (self.step["status"], self.step["code"])

    def __str__(self) -> str:
        step = self.step
        now = self.skipped or f"{self.status} {self.code or ''}".strip()
        then = "" if self.as_then else say(" (then: ", "（当时：") + f"{step['status']} {step['code'] or ''}".strip() + ")"
        return f"{step['method']} {step['path']} → {now}{then}"


def of_journal(exchange: Mapping[str, Any]) -> dict[str, Any]:
    """An exchange of the journal as a step."""
    request = exchange["request"]
    return {
        "plane": "business",
        "at": exchange["at_real"],
        **{name: exchange[name] for name in ("method", "path", "query", "account", "medium", "status", "code")},
        "headers": request["headers"],
        "body": request["body"],
    }
