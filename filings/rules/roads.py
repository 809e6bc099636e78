"""The roads on which a declared filing comes to a decision: by which steps, and who has it in the meantime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from filings.rules.words import Party, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """How a kind of filing is handled.

    before        the verbs before the decision, in order
    holders       who has the filing in each undecided status: whom to contact when it takes long (FAQ 1.9); the last
                  one decides
    usual_reason  why it is refused, where nobody says why
    """

    before: tuple[str, ...]
    holders: Mapping[Status, Party]
    usual_reason: str

    @property
    def verbs(self) -> tuple[str, ...]:
        """Every verb of the authorities on this road."""
        return (*self.before, "approve", "reject")

    @property
    def handlers(self) -> tuple[Party, ...]:
        """The authorities on this road, in the order in which they come."""
        return tuple(dict.fromkeys(self.holders.values()))

    @property
    def decided_by(self) -> Party:
        """Who approves or rejects."""
        return self.handlers[-1]


BY_CUSTOMS = Road(
    before=("send", "store", "route_manual"),
    holders=MappingProxyType(
        {
            Status.DECLARED: Party.PLATFORM,
            Status.SENT: Party.PLATFORM,
            Status.STORED: Party.CUSTOMS,
            Status.MANUAL_REVIEW: Party.CUSTOMS,
        }
    ),
    usual_reason="materials_incomplete",
)
"""海关企业通用资质: through the single window to customs, which may review by hand (FAQ 1.9)."""

BY_COMMERCE = Road(before=(), holders=MappingProxyType({Status.DECLARED: Party.MOFCOM}), usual_reason="record_mismatch")
"""商务部: decided as declared."""
