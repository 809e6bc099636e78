# Made by tools/generate.py out of _async: not to be edited.
"""A filing as its applicant has it in hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from swsim.problems import NotReached
from swsim.words import say

if TYPE_CHECKING:
    from swsim import models
    from swsim._sync.accounts import Account

__tracebackhide__ = True  # pytest shows who called, not how it is done

WAY = ("draft", "declared", "sent", "stored", "manual_review")
ENDS = ("approved", "rejected")


class Filing:
    """An application, as it was when it was last read.

    data  the whole answer; what is most asked for stands beside it by name
    """

    def __init__(self, account: Account, data: models.Filing) -> None:
        self.account = account
        self.data = data

    @property
    def id(self) -> str:
        return self.data["id"]

    @property
    def number(self) -> str:
        """18 characters, beginning SIM."""
        return self.data["number"]

    @property
    def kind(self) -> models.Kind:
        return self.data["kind"]

    @property
    def status(self) -> models.Status:
        return self.data["status"]

    @property
    def status_label(self) -> str:
        """The status in Chinese."""
        return self.data["status_label"]

    @property
    def stage(self) -> models.Stage:
        return self.data["stage"]

    @property
    def version(self) -> int:
        return self.data["version"]

    @property
    def content(self) -> dict[str, Any]:
        """The sheet."""
        return dict(self.data["content"])

    @property
    def actions(self) -> list[str]:
        """What the applicant may do now."""
        return self.data["actions"]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id} {self.kind} {self.status}>"

    def reload(self) -> Filing:
        """Read it anew."""
        self.data = self.account.read_filing(self.id)
        return self

    def save(self, content: Mapping[str, Any], *, if_unchanged: bool = False) -> Filing:
        """Lay changes over the draft (a merge patch); `if_unchanged`: 412 if somebody else has saved it meanwhile."""
        patch: Any = {"content": content}
        self.data = self.account.save_filing(self.id, patch, if_match=self._tag if if_unchanged else None)
        return self

    def declare(self, *, scenario: str | None = None, if_unchanged: bool = False) -> Filing:
        """Declare it; `scenario` answers this one declaration, e.g. "reject; reason=address_mismatch"."""
        self.data = self.account.declare_filing(
            self.id, x_sim_scenario=scenario, if_match=self._tag if if_unchanged else None
        )
        return self

    def copy(self) -> Filing:
        """A new draft with the same content: the way on from 审批不通过."""
        return Filing(self.account, self.account.copy_filing(self.id))

    def delete(self) -> None:
        """Delete the draft."""
        self.account.delete_filing(self.id)

    def timeline(self) -> list[models.Step]:
        """Its changes of status, oldest first."""
        return (self.account.filing_timeline(self.id))["results"]

    def receipts(self) -> list[models.Receipt]:
        """Its 回执, oldest first. Of a change or deregistration they are explanation to a card alone (FAQ 2.6)."""
        rows: list[models.Receipt] = self.account.every(self.account.filing_receipts(self.id, limit=500))
        return rows

    def transmitted(self) -> models.Transmitted:
        """The message sent to customs, with its SHA-256."""
        return self.account.filing_transmitted(self.id)

    def attach(
        self,
        file: str | Path | tuple[str, bytes],
        type: Literal["record_form", "licence", "other"] = "other",
    ) -> models.Attachment:
        """Attach a file, by its path or as its name and bytes: pdf, jpg, png, at most 10 MB."""
        upload = file if isinstance(file, tuple) else (Path(file).name, Path(file).read_bytes())
        attached = self.account.attach(self.id, file=upload, type=type)
        self.reload()
        return attached

    def detach(self, n: int) -> None:
        """Take an attachment away."""
        self.account.detach(self.id, n)
        self.reload()

    def attachments(self) -> list[models.Attachment]:
        return (self.account.list_attachments(self.id))["results"]

    def record_form(self, disposition: Literal["inline", "attachment"] = "attachment") -> bytes:
        """《报关单位备案信息表》 as a PDF."""
        return self.account.print_record_form(self.id, disposition=disposition)

    def explain(self) -> models.Explanation:
        """Why it is where it is, and what would move it."""
        return self.account.world.explain(self)

    def until(self, status: str) -> Filing:
        """Advance the sandbox's clock from due moment to due moment until the filing has this status, or is at this
        stage. Nothing sleeps. Raises NotReached if it never comes there."""
        world = self.account.world
        self.reload()
        while status not in (self.status, self.stage):
            if self._is_past(status):
                raise self._never(status)
            came = world.advance(until="next_event")
            if not came["fired"] and not came["deliveries"]:
                raise self._never(status)
            if any(self.id in fired["subject"] for fired in came["fired"]):
                self.reload()
        return self

    def _is_past(self, status: str) -> bool:
        if status in WAY and self.status in WAY:
            return WAY.index(self.status) > WAY.index(status)
        return self.status in ENDS

    def _never(self, status: str) -> NotReached:
        explanation = self.explain()
        words = say(
            f"Filing {self.id} is {explanation['status']} and will not be {status}",
            f"申请单 {self.id} 为“{explanation['status_label']}”，不会到达 {status}",
        )
        return NotReached(words, explanation)

    @property
    def _tag(self) -> str:
        return f'"v{self.version}"'
