"""客户端控件 (FAQ 2.8): its state on a clerk's machine, all simulated."""

from __future__ import annotations

from typing import Any

from django.db import models

from filings.models.people import Account
from filings.models.sandbox import InSandbox
from filings.rules.client_control import LATEST


class ClientControl(InSandbox):
    """The control of one account. An account without a row has a new one; `version` is empty while none is
    installed."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="client_control")
    installed = models.BooleanField(default=True)
    running = models.BooleanField(default=True)
    version = models.CharField(max_length=20, default=LATEST, blank=True)

    class Meta:
        indexes = [models.Index(fields=["sandbox"], name="client_control_of_sandbox")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.version}"

    def as_facts(self) -> dict[str, Any]:
        """The control as the rules read it."""
        return {"installed": self.installed, "running": self.running, "version": self.version}
