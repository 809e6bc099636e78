"""Refusals as they are answered (RFC 9457)."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, UnsetType, field

from filings.answers.annual import DutyPart
from filings.answers.base import Answer, Day, Instant, one_of, said
from filings.rules.words import CardStatus, Provenance, Standing, Status


class FieldError(Answer):
    """What is wrong at one place of what was sent."""

    pointer: Annotated[str, said("何处：JSON 指针")]
    code: str
    detail: str
    faq: str | None


class Problem(Answer):
    """A refusal. After the common members, those that some refusals tell besides, each where it is known."""

    type: Annotated[str, said("问题的名称，与 code 一一对应；不是可以打开的地址")]
    title: str
    status: int
    detail: Annotated[str, said("何处不对；FAQ 有原文的，一字不差")]
    instance: str
    code: Annotated[str, said("稳定的代码")]
    faq: str | None
    provenance: Annotated[str, one_of(Provenance)]
    remedy: Annotated[str, said("怎么办")]
    errors: list[FieldError]
    request_id: str
    from_: Annotated[str, one_of(Status)] | UnsetType = field(name="from", default=UNSET)
    to: Annotated[str, said("要到达的状态或时刻")] | UnsetType | None = UNSET
    action: str | UnsetType = UNSET
    allowed: Annotated[list[str], said("此刻可以办理的")] | UnsetType = UNSET
    reachable: Annotated[list[str], said("可以推进到的状态")] | UnsetType = UNSET
    retry_at: Annotated[Instant, said("自此时刻起可以再试，按沙箱时钟")] | UnsetType = UNSET
    filing: str | UnsetType | None = UNSET
    ticket: str | UnsetType = UNSET
    mandate: str | UnsetType = UNSET
    version: Annotated[int, said("申请单现在的版本")] | UnsetType = UNSET
    card_status: Annotated[str, one_of(CardStatus)] | UnsetType | None = UNSET
    standing: Annotated[str, one_of(Standing)] | UnsetType = UNSET
    categories: list[str] | UnsetType = UNSET
    branches: Annotated[int, said("尚未注销的分支机构有几家")] | UnsetType = UNSET
    next_open_at: Instant | UnsetType = UNSET
    year: int | UnsetType = UNSET
    required: bool | UnsetType = UNSET
    reasons: list[DutyPart] | UnsetType = UNSET
    opens_on: Day | UnsetType = UNSET
    due_on: Day | UnsetType = UNSET
    opens_at: Instant | UnsetType = UNSET
    submitted_at: Instant | UnsetType = UNSET
    publicised_at: Instant | UnsetType = UNSET
    business_affected: bool | UnsetType = UNSET
    determination: str | UnsetType = UNSET
    answer: str | UnsetType = UNSET
    nearest: Annotated[list[str], said("与所给最接近的名称")] | UnsetType = UNSET
    known: Annotated[list[str], said("可用的名称")] | UnsetType = UNSET
    now: Annotated[Instant, said("沙箱时钟此刻")] | UnsetType = UNSET
    fired: Annotated[int, said("已经发生了几件事")] | UnsetType = UNSET
    schema: Annotated[str, said("本系统的结构摘要")] | UnsetType = UNSET
    fault: Annotated[str, said("遇到的故障")] | UnsetType = UNSET
    limit: Annotated[int, said("最多可以有多少")] | UnsetType = UNSET
    used: Annotated[int, said("已有多少")] | UnsetType = UNSET
