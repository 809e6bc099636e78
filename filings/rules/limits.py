"""How much one sandbox may hold: so much fits a disk that many share. Ours."""

from __future__ import annotations

from filings.rules.refusals import Refusal

MOST_BYTES = 200 * 1024 * 1024
"""Bytes of the files attached in a sandbox and in its checkpoints, the same bytes counted once."""

MOST_CHECKPOINTS = 50
"""Checkpoints of a sandbox."""

MOST_FILINGS = 10_000
"""Filings of a sandbox."""


def expect_bytes(used: int, more: int) -> None:
    """Raises 409 where a file does not fit beside those there are."""
    if used + more > MOST_BYTES:
        words = f"一个演练环境的附件合计最多 {megabytes(MOST_BYTES)}，已用 {megabytes(used)}，放不下这个 {megabytes(more)} 的文件"
        raise Refusal(
            "attachments_full", f"{words}（检查点中的附件计算在内，相同的文件只计一次）", extra=_told(MOST_BYTES, used)
        )


def expect_checkpoint(used: int) -> None:
    """Raises 409 where there are as many checkpoints as there may be."""
    if used >= MOST_CHECKPOINTS:
        raise Refusal(
            "too_many_checkpoints",
            f"每个沙箱最多 {MOST_CHECKPOINTS} 个检查点，已有 {used} 个",
            extra=_told(MOST_CHECKPOINTS, used),
        )


def expect_filing(used: int) -> None:
    """Raises 409 where there are as many filings as there may be."""
    if used >= MOST_FILINGS:
        raise Refusal(
            "too_many_filings",
            f"一个演练环境最多 {MOST_FILINGS} 份申请单，已有 {used} 份",
            extra=_told(MOST_FILINGS, used),
        )


def megabytes(number: int) -> str:
    """So many bytes, for people."""
    return f"{number / 1024 / 1024:.1f}".removesuffix(".0") + " MB"


def _told(limit: int, used: int) -> dict[str, int]:
    return {"limit": limit, "used": used}
