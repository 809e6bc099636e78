"""What may be done with a filing in which status, by whom, and where it leads: the state table of each road, written
by hand (FAQ 1.9, 2.9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from filings import desk
from filings.customs import officer
from filings.models import Visit
from filings.rules.words import Status
from tests.factories import pdf

Cell = tuple[str, str]
"""(status, action)."""


@dataclass(frozen=True)
class Road:
    """The way a kind of filing goes.

    states   the statuses there are on it
    hands    each action → the party it is of; `-`: whoever it is that has to act
    cells    (status, action) → the status it leads to, or `gone`; `-` is refused, and leaves everything as it was
    """

    states: tuple[str, ...]
    hands: dict[str, str]
    cells: dict[Cell, str]

    @classmethod
    def read(cls, table: str) -> Road:
        """A road by its table: a line for each action."""
        (_, _, *states), *lines = (line.split() for line in table.strip().splitlines())
        hands = {action: party for action, party, *_ in lines}
        cells = {(state, action): leads for action, _, *row in lines for state, leads in zip(states, row, strict=True)}
        return cls(tuple(states), hands, cells)

    @property
    def legal(self) -> dict[Cell, str]:
        """The cells that lead somewhere."""
        return {cell: leads for cell, leads in self.cells.items() if leads != "-"}

    def may(self, party: str, state: str) -> list[str]:
        """What a party is offered in a status. A draft is also attached to and copied, but by its page."""
        unsaid = ("attach", "copy") if state == "draft" else ()
        return [
            action
            for action, hand in self.hands.items()
            if hand == party and action not in unsaid and (state, action) in self.legal
        ]


CUSTOMS = Road.read("""
action                by        draft    declared      sent          stored        manual_review approved rejected
save                  applicant draft    -             -             -             -             -        -
attach                applicant draft    -             -             -             -             -        -
delete                applicant gone     -             -             -             -             -        -
copy                  applicant draft    declared      sent          stored        manual_review approved rejected
declare               applicant declared -             -             -             -             -        -
send                  platform  -        sent          -             -             -             -        -
store                 customs   -        -             stored        -             -             -        -
route_manual          customs   -        -             -             manual_review -             -        -
approve               customs   -        -             -             approved      approved      -        -
reject                customs   -        -             -             rejected      rejected      -        -
advance:manual_review -         -        manual_review manual_review manual_review -             -        -
advance:approved      -         -        approved      approved      approved      approved      -        -
""")
"""Of what customs decides. `advance` goes as far as is named."""

COMMERCE = Road.read("""
action                by        draft    declared approved rejected
save                  applicant draft    -        -        -
attach                applicant draft    -        -        -
delete                applicant gone     -        -        -
copy                  applicant draft    declared approved rejected
declare               applicant declared -        -        -
send                  platform  -        -        -        -
store                 customs   -        -        -        -
route_manual          customs   -        -        -        -
approve               mofcom    -        approved -        -
reject                mofcom    -        rejected -        -
advance:manual_review -         -        -        -        -
advance:approved      -         -        approved -        -
""")
"""Of what the commerce authorities decide (FAQ 2.9)."""

STEPS = ("declare", "send", "store", "route_manual", "approve", "reject")
"""The actions that lead from one status to another."""

UNDECIDED = ("declared", "sent", "stored", "manual_review")


def _step(verb: str) -> Callable[[Visit, str], Any]:
    return lambda visit, number: desk.perform(visit, number, verb)


def _advance(to: Status) -> Callable[[Visit, str], Any]:
    return lambda visit, number: officer.advance(visit.sandbox, number, to, visit.now)


DEEDS: dict[str, Callable[[Visit, str], Any]] = {
    "save": lambda visit, number: desk.save(visit, number, {"remarks": "改过了"}),
    "attach": lambda visit, number: desk.attach(visit, number, pdf),
    "delete": desk.delete,
    "copy": desk.copy,
    **{verb: _step(verb) for verb in STEPS},
    "advance:manual_review": _advance(Status.MANUAL_REVIEW),
    "advance:approved": _advance(Status.APPROVED),
}
"""How each action is done, by a visit of whoever it is of."""
