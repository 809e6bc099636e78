"""Failures of transport and delivery that can be forced on a client. All ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from filings.rules.glitches import GLITCHES
from filings.rules.naming import Parameter, read, sort, value_of, written

Of = Literal["transport", "delivery", "glitch"]

TITLES: Mapping[Of, str] = {"transport": "传输", "delivery": "通知", "glitch": "页面异常"}
"""The sorts of faults in words."""

MATCHES: Mapping[Of, tuple[str, ...]] = {
    "transport": ("method", "path", "account"),
    "delivery": ("event", "uscc"),
    "glitch": ("uscc",),
}
"""What a fault of each sort may be limited to: what is known of an exchange, of a notice, of a misbehaviour."""


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A failure by name. A glitch is one too: it stands by its situation's name."""

    name: str
    title: str
    of: Of
    parameters: tuple[Parameter, ...] = ()
    faq: str | None = None


FAULTS: Mapping[str, FaultKind] = MappingProxyType(
    {
        fault.name: fault
        for fault in (
            FaultKind(
                "status",
                "返回一个错误状态",
                "transport",
                (
                    Parameter("code", "状态码", numbers=range(400, 600), default="503"),
                    Parameter(
                        "retry_after", "Retry-After 秒数（不给出时只用于 429、503）", numbers=range(86_401), default="5"
                    ),
                ),
            ),
            FaultKind(
                "latency", "延迟答复", "transport", (Parameter("ms", "毫秒", numbers=range(1, 60_001), default="1000"),)
            ),
            FaultKind("cut_before_commit", "生效之前断开连接", "transport"),
            FaultKind("cut_after_commit", "生效之后断开连接", "transport"),
            FaultKind("malformed", "答复的 JSON 残缺", "transport"),
            FaultKind("duplicate", "通知重复送达", "delivery"),
            FaultKind("reorder", "通知次序颠倒", "delivery"),
            FaultKind("drop", "通知丢失", "delivery"),
            *(FaultKind(glitch.name, glitch.title, "glitch", (), glitch.faq) for glitch in GLITCHES.values()),
        )
    }
)
"""Every fault by name."""

SORT = sort("fault", "故障", "unknown_fault", "POST /control/v1/sandboxes/{sandbox}/faults", FAULTS)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A fault with its parameters."""

    fault: FaultKind
    given: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return written(self.fault.name, self.given)

    def number(self, name: str) -> int:
        """A parameter that is a number."""
        return int(value_of(self.fault, self.given, name))


def parse(text: str) -> Chosen:
    """Read `name; key=value`. Raises Refusal 400 `unknown_fault` that lists the nearest names."""
    return Chosen(*read(text, SORT))
