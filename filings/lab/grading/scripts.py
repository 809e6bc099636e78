"""Scripts of an exercise, played as a program would: by calls of the business API, in this process."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.wsgi import get_wsgi_application
from django.utils.dateparse import parse_duration
from msgspec import to_builtins

from filings.lab.grading import attempts
from filings.lab.grading.attempts import Begun
from filings.lab.worlds import clock, exercising, fixtures, planting
from filings.models import Account, Enterprise, Sandbox
from filings.models.sandbox import new_secret
from filings.rules.exercises.cases import NAME, Case
from filings.rules.exercises.schema import Step
from filings.rules.refusals import Refusal
from filings.rules.words import Medium, UserType
from singlewindow.lean import later

if TYPE_CHECKING:
    import httpx
else:
    httpx = later("httpx")

logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells every call

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
"""What a script attaches: it need only be a PDF."""


class Broken(Exception):
    """A script could not go on: a call was not answered as it should be."""


class Player:
    """Somebody who plays scripts in an attempt: its learner, or a colleague, whose deeds are not the learner's.

    looking  addresses looked at before every step
    """

    def __init__(self, begun: Begun, *, colleague: bool = False, looking: Sequence[str] = ()) -> None:
        self.begun, self.sandbox = begun, begun.sandbox
        self.case: Case = attempts.case_of(begun.attempt)
        self.kept: dict[str, Any] = {"sandbox": begun.sandbox.key}
        self.colleague, self.looking = colleague, looking
        self._tokens: dict[tuple[str, Medium], str] = {}
        self.http = httpx.Client(transport=httpx.WSGITransport(app=get_wsgi_application()), base_url=BASE)

    def play(self, steps: Sequence[Step]) -> None:
        """Play a script. Raises Broken."""
        with self.http:
            for n, step in enumerate(steps):
                try:
                    for path in self.looking:
                        self._look(path, step)
                    self._play(step)
                except (Broken, Refusal, KeyError) as error:
                    raise Broken(f"step {n + 1}: {error}") from error

    def _play(self, step: Step) -> None:
        if step.advance:
            self.sandbox.read_anew()
            clock.advance(self.sandbox, by=parse_duration(self._filled(step.advance)))
        elif step.answer:
            if self.colleague:
                return  # only who is at the exercise is asked
            with self.sandbox.held():
                attempts.answer(attempts.of(self.sandbox), self._filled(to_builtins(step.answer)))
        else:
            self._call(step)

    def _look(self, path: str, step: Step) -> None:
        self.http.get(f"/api/v1{path}", headers=self._headers(step))

    def _call(self, step: Step) -> None:
        method = next(name for name in ("get", "post", "patch", "delete") if getattr(step, name))
        path = f"/api/v1{self._filled(getattr(step, method))}"
        if step.attach:
            sent: dict[str, Any] = {
                "files": {"file": (f"{step.attach}.pdf", PDF, "application/pdf")},
                "data": {"type": step.attach},
            }
        elif method in ("post", "patch"):
            sent = {"json": self._body(step)}
        else:
            sent = {}
        answer = self.http.request(method, path, headers=self._headers(step), **sent)
        if answer.status_code != step.status if step.status else not answer.is_success:
            raise Broken(f"{method.upper()} {path} was answered {answer.status_code}: {answer.text[:300]}")
        for name, member in step.keep.items():
            self.kept[name] = _member(answer.json(), member)

    def _headers(self, step: Step) -> dict[str, str]:
        medium = step.by or self.case.exercise.world.medium
        return {"Authorization": f"Bearer {self._filled(step.token) or self._token(self._firm(step), medium)}"}

    def _firm(self, step: Step) -> str:
        return self.case.firm_of(step.firm) if step.firm else next(iter(self.case.exercise.world.firms))

    def _body(self, step: Step) -> dict[str, Any]:
        body: dict[str, Any] = self._filled(to_builtins(step.body))
        if step.papers:
            client = self.case.client or self.case.firms[self._firm(step)]
            body["content"] = client.content() | body.get("content", {})
        return body

    def _filled(self, part: Any) -> Any:
        """With the names of the exercise, of what was kept, and `$sandbox`."""
        match self.case.filled(part):
            case str() as text:
                return NAME.sub(lambda found: str(self.kept[found[1]]), text)
            case list() as parts:
                return [self._filled(inner) for inner in parts]
            case dict() as members:
                return {name: self._filled(inner) for name, inner in members.items()}
            case other:
                return other

    def _token(self, firm: str, medium: Medium) -> str:
        if (firm, medium) not in self._tokens:
            self._tokens[firm, medium] = self._log_in(firm, medium)
        return self._tokens[firm, medium]

    def _log_in(self, firm: str, medium: Medium) -> str:
        if not self.colleague:
            return planting.opening_token(self.sandbox, exercising.username(firm), medium)
        return _colleague(self.sandbox, self.case.value(firm), medium)


BASE = "http://127.0.0.1"


def _colleague(sandbox: Sandbox, uscc: str, medium: Medium) -> str:
    """A token of somebody else of the firm."""
    about = Enterprise.objects.get(sandbox=sandbox, uscc=uscc)
    name = f"colleague-{about.pk}"
    known = Account.objects.filter(sandbox=sandbox, username=name).first()
    account = known or fixtures.new_account(
        sandbox, about, username=name, display_name="同事", user_type=UserType.ENTERPRISE, password=new_secret("pw")
    )
    if medium is Medium.CARD:
        return fixtures.card(sandbox, username=account.username)[1]
    return fixtures.token(account)


def _member(answer: Any, path: str) -> Any:
    """A member of an answer: `results.0.id`."""
    for name in path.split("."):
        answer = answer[int(name)] if isinstance(answer, list) else answer[name]
    return answer
