"""A program at an exercise: it holds what `POST …/attempts` answered, and goes on over HTTP alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import to_builtins

from filings.rules.exercises.cases import NAME, Case, case
from filings.rules.exercises.loading import catalogue
from filings.rules.exercises.schema import Step
from tests.api.client import CONTROL, Answer, Caller, reference
from tests.training.clerk import transcribed


class Program:
    """An attempt as a program has it: the answer that began it, its sandbox, and its accounts by role."""

    def __init__(self, exercise: str, seed: int = 0, mode: str = "practice", plane: Caller | None = None) -> None:
        self.plane = plane or Caller(CONTROL)
        self.begun = self.plane.post(f"/exercises/{exercise}/attempts", {"seed": seed, "mode": mode}).ok(201)
        self.id, self.sandbox = self.begun["id"], self.begun["sandbox"]
        self.mine = Caller(f"{CONTROL}/attempts/{self.id}")
        self.world = Caller(f"{CONTROL}/sandboxes/{self.sandbox}")
        self.accounts = {account["role"]: account for account in self.begun["accounts"]}
        self.case: Case = case(catalogue()[exercise].exercise, seed).with_filings(self._filings(exercise))
        self.kept: dict[str, Any] = {"sandbox": self.sandbox}

    def _filings(self, exercise: str) -> dict[str, str]:
        """What was there at the beginning, by its name: numbered in the order of the file."""
        names = [begin.name for begin in catalogue()[exercise].exercise.world.begin if begin.name]
        there = sorted(filing["id"] for filing in self.world.get("/filings?limit=500").ok(200)["results"])
        return dict(zip(names, there[-len(names) :] if names else [], strict=False))

    def caller(self, firm: str = "", medium: str = "") -> Caller:
        """The business plane as an account of the attempt sees it; the first unless named."""
        account = self.accounts[firm] if firm else self.begun["accounts"][0]
        return Caller(token=account["card_token" if medium == "card" else "token"])

    def check(self) -> Any:
        return self.mine.post("/check").ok(200).json

    def advance(self, by: str) -> None:
        self.world.post("/clock/advance", {"by": by}).ok(200)

    def play(self, steps: Iterable[Step]) -> None:
        """Play a script of the exercise."""
        for step in steps:
            self._play(step)

    def _play(self, step: Step) -> None:
        if step.advance:
            self.advance(self._filled(step.advance))
        elif step.answer:
            self.mine.post("/answers", self._filled(to_builtins(step.answer))).ok(204)
        else:
            answer = self._called(step)
            answer.ok(step.status or None)
            for name, path in step.keep.items():
                self.kept[name] = member(answer.json, path)

    def _called(self, step: Step) -> Answer:
        caller = self.caller(step.firm, step.by or self.case.exercise.world.medium)
        if step.token:
            caller = Caller(token=self._filled(step.token))
        method = next(name for name in ("get", "post", "patch", "delete") if getattr(step, name))
        path = self._filled(getattr(step, method))
        if step.attach:
            return caller.upload(path.split("/")[2], type=step.attach, filename=f"{step.attach}.pdf")
        if method in ("get", "delete"):
            return caller.call(method.upper(), path)
        body = self._filled(to_builtins(step.body))
        if step.papers:
            body["content"] = self._sheet(step.firm) | body.get("content", {})
        return caller.call(method.upper(), path, body)

    def _sheet(self, firm: str) -> dict[str, Any]:
        """What is filled in: the client's papers where there are any, else the usual, as the firm's own."""
        if self.begun["dossier"]:
            return transcribed(self.mine.get("/dossier").ok(200).json)
        account = self.accounts[firm] if firm else self.begun["accounts"][0]
        names = {one["uscc"]: one["name_cn"] for one in self.world.get("").ok(200)["enterprises"]}
        return reference() | {"uscc": account["uscc"], "name_cn": names[account["uscc"]]}

    def _filled(self, part: Any) -> Any:
        match self.case.filled(part):
            case str() as text:
                return NAME.sub(lambda found: str(self.kept[found[1]]), text)
            case list() as parts:
                return [self._filled(inner) for inner in parts]
            case dict() as members:
                return {name: self._filled(inner) for name, inner in members.items()}
            case other:
                return other


def member(answer: Any, path: str) -> Any:
    """A member of an answer: `results.0.id`."""
    for name in path.split("."):
        answer = answer[int(name)] if isinstance(answer, list) else answer[name]
    return answer


def verdicts(judged: Mapping[str, Any]) -> dict[str, str]:
    return {check["id"]: check["verdict"] for check in judged["checks"]}
