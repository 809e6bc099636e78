"""The documented misbehaviours of screen, printer, client and transmission: each a fact about one enterprise or about
all.

A glitch changes facts, never a code path. That of FAQ 2.10 belongs to one draft and is a column of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Glitch:
    """A named misbehaviour and the entry that tells of it."""

    name: str
    title: str
    faq: str


GLITCHES: Mapping[str, Glitch] = MappingProxyType(
    {
        glitch.name: glitch
        for glitch in (
            Glitch("office_table_stale", "代码表陈旧：注册海关中查不到 5355 福中海关", "1.2"),
            Glitch("office_renamed", "代码表陈旧：注册海关 5355 是另一个名称", "1.2"),
            Glitch("zone_missing", "代码表陈旧：经济区划中查不到 01 经济特区", "1.3"),
            Glitch("trade_zone_missing", "代码表陈旧：特殊贸易区域中查不到 44039999", "1.4"),
            Glitch("control_flaky", "客户端控件时断时续，上传附件有时失败", "2.8"),
            Glitch("print_blurred", "直接打印不清晰", "2.7"),
            Glitch("print_truncated", "打印的表格显示不全", "2.17"),
            Glitch("usd_delayed", "审批后海关迟迟未返回美元出资金额", "2.16"),
            Glitch("sync_fails_once", "海关第一次同步失败", "2.4"),
            Glitch("seal_certificate_fails", "电子签章证书签发失败", "1.6"),
            Glitch("card_reader_unplugged", "读卡器未连接", "1.5"),
            Glitch("phantom_customs_section", "未在海关注册登记，年报系统却有“报关事项”", "2.12"),
            Glitch("publicity_lag", "年报公示数据传输滞后", "2.13"),
            Glitch("mofcom_lookup_fails", "商务部数据正常，仍提示经营者备案系统查询不到", "2.9"),
            Glitch("mirror_lag", "审批后备案信息迟迟未同步到单一窗口", "2.4"),
        )
    }
)
"""Every glitch that can be put in force, by name."""
