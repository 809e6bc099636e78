"""Who is in a sandbox, for what names somebody there: a name that is nobody's is told with the nearest there are."""

from __future__ import annotations

from difflib import get_close_matches

from filings.models import Account, Enterprise, Sandbox


def no_account(sandbox: Sandbox, username: str) -> str | None:
    """What is wrong with a name that is no account's; None for one that is."""
    there = Account.objects.filter(sandbox=sandbox).order_by("id").values_list("username", flat=True)
    return _nobody("账户", username, list(there))


def no_enterprise(sandbox: Sandbox, uscc: str) -> str | None:
    """What is wrong with a credit code that is no enterprise's; None for one that is."""
    there = Enterprise.objects.filter(sandbox=sandbox).order_by("id").values_list("uscc", flat=True)
    return _nobody("统一社会信用代码为此的企业", uscc, list(there))


def _nobody(what: str, asked: str, there: list[str]) -> str | None:
    if asked in there:
        return None
    near = get_close_matches(asked, there, n=3)
    some = (
        f"，最接近的是 {'、'.join(near)}"
        if near
        else f"，现有 {'、'.join(there[:3])}{' 等' if there[3:] else ''}"
        if there
        else ""
    )
    return f"沙箱中没有{what}：“{asked}”{some}"
