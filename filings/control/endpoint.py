"""The control plane's way in: open on loopback, else by the operator's token or a sandbox's own key."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.request import Request

from filings import agenda, control_access, visits
from filings.forms.language import Body
from filings.manners.endpoint import Endpoint
from filings.models import Sandbox, Visit, authority
from filings.record.trail import refusals_noted
from filings.rules.refusals import Refusal, absent
from filings.rules.words import Party


def come_to(sandbox: Sandbox, *, behind: bool = False) -> None:
    """Note a sandbox's use; and unless one would come upon it `behind` its clock, what that has passed happens."""
    visits.used(sandbox)
    if not behind:
        agenda.catch_up(sandbox)


class Control(Endpoint):
    """An address of the control plane as a whole."""

    def admit(self, request: Request) -> None:
        control_access.admit(request._request, None)


class OfSandbox(Endpoint):
    """An address about one sandbox; its own control key opens it too.

    Whatever its clock has passed has happened before it is looked at or acted upon, unless the address says it
    `begins_behind`.
    """

    begins_behind: ClassVar[bool] = False
    sandbox: Sandbox
    visit: Visit

    def admit(self, request: Request) -> None:
        found = visits.sandbox_or_none(self.kwargs["sandbox"])
        control_access.admit(request._request, found)
        if found is None:
            raise absent("沙箱", self.kwargs["sandbox"], "名")
        come_to(found, behind=self.begins_behind)
        self.sandbox = found
        self.visit = authority(found, Party.CUSTOMS, found.now(), by_hand=True)

    def body(self, request: Request, form: type[Body]) -> dict[str, Any]:
        """As everywhere; a refusal of it is noted, as the console notes it."""
        with refusals_noted(self.visit, self.verb, self.filing):
            return super().body(request, form)

    def handle_exception(self, exc: Exception) -> Any:
        """A remedy that leads to an address of a sandbox leads to this one."""
        if isinstance(exc, Refusal):
            exc.leading_to(self.kwargs["sandbox"])
        return super().handle_exception(exc)
