"""The register of rules: every condition is a named pure function with its sentence and its source.

A rule reads `values` (the sheet as filled) and `facts` (what is known besides); it knows neither database nor clock.
Screens, API, OpenAPI, fidelity statement, coverage and lessons are readers of this register; none owns a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from filings.rules.words import Provenance

if TYPE_CHECKING:
    from filings.rules.facts import Facts


class Unreadable(Exception):
    """A rule reads a value that was filled in, but cannot be read: it has to wait."""


class Values(dict[str, Any]):
    """The values of a sheet, read as attributes; what is absent reads None.

    unread   the places where something stands that cannot be read. Raises Unreadable for them
    """

    unread: Collection[str] = ()

    def __getattr__(self, name: str) -> Any:
        value = self.get(name)
        if value is None and name in self.unread:
            raise Unreadable(name)
        return value


Condition = Callable[[Values, "Facts"], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that can be asked and quoted.

    `sentence` says in Chinese when it holds; `code` is the refusal or error a client gets when it does not.
    """

    name: str
    sentence: str
    holds: Condition
    faq: str | None
    provenance: Provenance
    code: str

    def __call__(self, values: Values, facts: Facts) -> bool:
        return self.holds(values, facts)


REGISTER: dict[str, Rule] = {}


def rule(
    sentence: str, *, faq: str | None = None, provenance: Provenance | None = None, code: str = ""
) -> Callable[[Condition], Rule]:
    """Enter a condition in the register. With an FAQ number it is `documented` unless said otherwise, without one
    `ours`."""

    def enter(condition: Condition) -> Rule:
        name = condition.__name__
        if name in REGISTER:
            raise ValueError(f"two rules named {name}")
        known = provenance or (Provenance.DOCUMENTED if faq else Provenance.OURS)
        REGISTER[name] = Rule(name, sentence, condition, faq, known, code or name)
        return REGISTER[name]

    return enter


def unless(condition: Rule) -> Rule:
    """The opposite of a rule, told by the same sentence."""
    return Rule(
        name=f"unless_{condition.name}",
        sentence=f"除非{condition.sentence}",
        holds=lambda values, facts: not condition.holds(values, facts),
        faq=condition.faq,
        provenance=condition.provenance,
        code=condition.code,
    )


ALWAYS = Rule("always", "始终", lambda values, facts: True, None, Provenance.OURS, "always")
NEVER = Rule("never", "从不", lambda values, facts: False, None, Provenance.OURS, "never")
