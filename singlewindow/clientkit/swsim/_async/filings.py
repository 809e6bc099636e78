"""A filing as its applicant has it in hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from swsim.problems import NotReached
from swsim.words import say

if TYPE_CHECKING:
    from swsim import models
    from swsim._async.accounts import AsyncAccount

__tracebackhide__ = True  # pytest shows who called, not how it is done

WAY = ("draft", "declared", "sent", "stored", "manual_review")
ENDS = ("approved", "rejected")


class AsyncFiling:
    """An application, as it was when it was last read.

    data  the whole answer; what is most asked for stands beside it by name
    """

    def __init__(self, account: AsyncAccount, data: models.Filing) -> None:
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

    async def reload(self) -> AsyncFiling:
        """Read it anew."""
        self.data = await self.account.read_filing(self.id)
        return self

    async def save(self, content: Mapping[str, Any], *, if_unchanged: bool = False) -> AsyncFiling:
        """Lay changes over the draft (a merge patch); `if_unchanged`: 412 if somebody else has saved it meanwhile."""
        patch: Any = {"content": content}
        self.data = await self.account.save_filing(self.id, patch, if_match=self._tag if if_unchanged else None)
        return self

    async def declare(self, *, scenario: str | None = None, if_unchanged: bool = False) -> AsyncFiling:
        """Declare it; `scenario` answers this one declaration, e.g. "reject; reason=address_mismatch"."""
        self.data = await self.account.declare_filing(
            self.id, x_sim_scenario=scenario, if_match=self._tag if if_unchanged else None
        )
        return self

    async def copy(self) -> AsyncFiling:
        """A new draft with the same content: the way on from 审批不通过."""
        return AsyncFiling(self.account, await self.account.copy_filing(self.id))

    async def delete(self) -> None:
        """Delete the draft."""
        await self.account.delete_filing(self.id)

    async def timeline(self) -> list[models.Step]:
        """Its changes of status, oldest first."""
        return (await self.account.filing_timeline(self.id))["results"]

    async def receipts(self) -> list[models.Receipt]:
        """Its 回执, oldest first. Of a change or deregistration they are explanation to a card alone (FAQ 2.6)."""
        rows: list[models.Receipt] = await self.account.every(await self.account.filing_receipts(self.id, limit=500))
        return rows

    async def transmitted(self) -> models.Transmitted:
        """The message sent to customs, with its SHA-256."""
        return await self.account.filing_transmitted(self.id)

    async def attach(
        self,
        file: str | Path | tuple[str, bytes],
        type: Literal["record_form", "licence", "other"] = "other",
    ) -> models.Attachment:
        """Attach a file, by its path or as its name and bytes: pdf, jpg, png, at most 10 MB."""
        upload = file if isinstance(file, tuple) else (Path(file).name, Path(file).read_bytes())
        attached = await self.account.attach(self.id, file=upload, type=type)
        await self.reload()
        return attached

    async def detach(self, n: int) -> None:
        """Take an attachment away."""
        await self.account.detach(self.id, n)
        await self.reload()

    async def attachments(self) -> list[models.Attachment]:
        return (await self.account.list_attachments(self.id))["results"]

    async def record_form(self, disposition: Literal["inline", "attachment"] = "attachment") -> bytes:
        """《报关单位备案信息表》 as a PDF."""
        return await self.account.print_record_form(self.id, disposition=disposition)

    async def explain(self) -> models.Explanation:
        """Why it is where it is, and what would move it."""
        return await self.account.world.explain(self)

    async def until(self, status: str) -> AsyncFiling:
        """Advance the sandbox's clock from due moment to due moment until the filing has this status, or is at this
        stage. Nothing sleeps. Raises NotReached if it never comes there."""
        world = self.account.world
        await self.reload()
        while status not in (self.status, self.stage):
            if self._is_past(status):
                raise await self._never(status)
            came = await world.advance(until="next_event")
            if not came["fired"] and not came["deliveries"]:
                raise await self._never(status)
            if any(self.id in fired["subject"] for fired in came["fired"]):
                await self.reload()
        return self

    def _is_past(self, status: str) -> bool:
        if status in WAY and self.status in WAY:
            return WAY.index(self.status) > WAY.index(status)
        return self.status in ENDS

    async def _never(self, status: str) -> NotReached:
        explanation = await self.explain()
        words = say(
            f"Filing {self.id} is {explanation['status']} and will not be {status}",
            f"申请单 {self.id} 为“{explanation['status_label']}”，不会到达 {status}",
        )
        return NotReached(words, explanation)

    @property
    def _tag(self) -> str:
        return f'"v{self.version}"'
