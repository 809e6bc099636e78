"""The catalogue of situations: named worlds a sandbox can be put into (CONTRACT §3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from filings import desk
from filings.lab import books, cast, glitches, planting, years
from filings.models import Enterprise, Filing, Sandbox, Visit
from filings.rules.dates import local_date, years_later
from filings.rules.refusals import Refusal
from filings.rules.words import Category, Medium, Party, Provenance


@dataclass(frozen=True, slots=True)
class Situation:
    """A named world: records, mirrors, clock, glitches, accounts."""

    name: str
    title: str
    faq: str | None
    provenance: Provenance
    enter: Callable[[Sandbox, Enterprise | None], dict[str, Any]]


def _empty(sandbox: Sandbox, about: Enterprise | None) -> dict[str, Any]:
    return {}


def _standard(sandbox: Sandbox, about: Enterprise | None) -> dict[str, Any]:
    planting.standard(sandbox)
    return {}


def _stale_form(sandbox: Sandbox, about: Enterprise | None) -> dict[str, Any]:
    """FAQ 2.10: the registration drafts of an enterprise show 与上级单位关系 yellow; if it has none, one is begun that does."""
    assert about is not None
    drafts = Filing.objects.filter(sandbox=sandbox, enterprise=about, kind="registration", status="draft")
    if not drafts.exists():
        account = about.accounts.order_by("id").first()
        if account is None:
            raise Refusal("not_found")
        visit = Visit(sandbox=sandbox, party=Party.APPLICANT, now=sandbox.now(), account=account, medium=Medium.PASSWORD)
        firm = cast.Firm(about.name_cn, about.uscc, None)
        desk.open_filing(visit, "registration", {**firm.content})
    drafts.update(stale_form=True)
    return {"filings": list(drafts.order_by("serial").values_list("public_id", flat=True))}


def _of_mirror(
    lag: Callable[[Sandbox, Enterprise], dict[str, Any]],
) -> Callable[[Sandbox, Enterprise | None], dict[str, Any]]:
    def enter(sandbox: Sandbox, about: Enterprise | None) -> dict[str, Any]:
        assert about is not None
        return lag(sandbox, about)

    return enter


def _glitch(name: str) -> Callable[[Sandbox, Enterprise | None], dict[str, Any]]:
    """A world in which one documented misbehaviour is in force about an enterprise."""

    def enter(sandbox: Sandbox, about: Enterprise | None) -> dict[str, Any]:
        assert about is not None
        glitches.put(sandbox, name, about.uscc)
        return {}

    return enter


def _glitch_lasting(name: str, days: int) -> Callable[[Sandbox, Enterprise | None], dict[str, Any]]:
    """The same, over by itself after so many days."""

    def enter(sandbox: Sandbox, about: Enterprise | None) -> dict[str, Any]:
        assert about is not None
        glitches.put(sandbox, name, about.uscc, days=days)
        return {}

    return enter


def _publicity_lag(sandbox: Sandbox, about: Enterprise | None) -> dict[str, Any]:
    """FAQ 2.13: the last year's report is made, in time, and does not come through; nor does one made from now on."""
    assert about is not None
    glitches.put(sandbox, "publicity_lag", about.uscc)
    years.report_last_year(sandbox, about)
    return {}


def _phantom_customs_section(sandbox: Sandbox, about: Enterprise | None) -> dict[str, Any]:
    """FAQ 2.12: no book knows the enterprise, and its annual report shows 报关事项 all the same."""
    assert about is not None
    books.forget(sandbox, about)
    glitches.put(sandbox, "phantom_customs_section", about.uscc)
    return {}


def _on_record(facts: Callable[[date], dict[str, Any]]) -> Callable[[Sandbox, Enterprise | None], dict[str, Any]]:
    """Some facts of an enterprise's record, in both books; one that has none is registered first."""

    def enter(sandbox: Sandbox, about: Enterprise | None) -> dict[str, Any]:
        assert about is not None
        years.on_record(sandbox, about, facts(local_date(sandbox.now())))
        return {}

    return enter


SITUATIONS: Mapping[str, Situation] = {
    one.name: one
    for one in (
        Situation("standard", "标准场面：六类企业、有卡和无卡用户、代理", None, Provenance.OURS, _standard),
        Situation("empty", "空场面：没有企业和账户", None, Provenance.OURS, _empty),
        Situation("stale_form", "草稿页面异常：“与上级单位关系”显示为黄色必填", "2.10", Provenance.DOCUMENTED, _stale_form),
        Situation(
            "not_synced",
            "海关已有有效备案，单一窗口显示企业未注册成功",
            "2.4",
            Provenance.DOCUMENTED,
            _of_mirror(books.forget_in_mirror),
        ),
        Situation(
            "overdue_mirror", "海关备案有效，单一窗口显示超期", "2.15", Provenance.DOCUMENTED, _of_mirror(books.overdue_in_mirror)
        ),
        Situation("print_blurred", "直接打印不清晰", "2.7", Provenance.DOCUMENTED, _glitch("print_blurred")),
        Situation(
            "print_truncated", "打印的表格显示不全，电子数据完整", "2.17", Provenance.DOCUMENTED, _glitch("print_truncated")
        ),
        Situation(
            "phantom_customs_section",
            "未在海关注册登记，年报却有“报关事项”",
            "2.12",
            Provenance.DOCUMENTED,
            _phantom_customs_section,
        ),
        Situation("publicity_lag", "年报已报送，公示平台一直显示“未报送”", "2.13", Provenance.DOCUMENTED, _publicity_lag),
        Situation(
            "publicity_lag_ten_days",
            "此后报送的年报，公示滞后十天",
            "2.13",
            Provenance.OURS,
            _glitch_lasting("publicity_lag", 10),
        ),
        Situation(
            "annual_registered_20201231",
            "海关注册时间为2020年12月31日：需要报送2020年度年报",
            "2.11",
            Provenance.DOCUMENTED,
            _on_record(lambda today: {"registered_on": date(2020, 12, 31), "deregistered_on": None}),
        ),
        Situation(
            "annual_registered_20210101",
            "海关注册时间为2021年1月1日：不需要报送2020年度年报",
            "2.11",
            Provenance.DOCUMENTED,
            _on_record(lambda today: {"registered_on": date(2021, 1, 1), "deregistered_on": None}),
        ),
        Situation(
            "annual_deregistered",
            "海关备案已注销：不需要报送年报",
            "2.11",
            Provenance.DOCUMENTED,
            _on_record(lambda today: {"deregistered_on": today}),
        ),
        Situation(
            "annual_category_temp",
            "企业经营类别为临时注册登记单位：不需要报送年报",
            "2.11",
            Provenance.DOCUMENTED,
            _on_record(lambda today: {"categories": [Category.TEMPORARY.value], "valid_until": years_later(today, 1)}),
        ),
    )
}
