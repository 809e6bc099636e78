"""注销申请: why an enterprise leaves the customs register."""

from __future__ import annotations

from filings.rules.register import ALWAYS
from filings.rules.sheet import Section, Sheet, Tab, Text
from filings.rules.words import Provenance


class Deregistration(Sheet):
    """注销申请."""

    reason = Text(
        label="注销原因",
        required=ALWAYS,
        max_length=500,
        long=True,
        example="停止经营",
        span=3,
        provenance=Provenance.OURS,
        hint="注销前应办结海关手续；有分支机构的，应先注销全部分支机构（公开资料）",
    )
    remarks = Text(label="备注", max_length=500, long=True, example="无", span=3, provenance=Provenance.OURS)

    tabs = (Tab("basic", "注销信息", (Section("deregistration", "注销信息", ("reason", "remarks")),)),)
