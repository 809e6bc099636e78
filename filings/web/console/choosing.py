"""Forms in the console: a scenario or a fault is chosen from its catalogue, with its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from filings.forms.language import Chosen, Told
from filings.manners.filling import Control, Filling
from filings.rules import faults, naming, scenarios
from filings.rules.refusals import Refusal
from filings.web.telling import choice_label


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as drawn: a list or a number, and the names of those that take it."""

    name: str
    title: str
    choices: list[tuple[str, str]]
    minimum: int | None
    maximum: int | None
    value: str
    takers: str
    hint: str


@dataclass(frozen=True, slots=True)
class Picker:
    """A catalogue with one chosen; `text` is the string that names it. What there is stands in groups, each under its
    heading."""

    chosen: str
    text: str
    groups: list[tuple[str, list[tuple[str, str]]]]
    parameters: list[Parameter]


def picker(catalogue: naming.Sort[Any], text: str, given: Mapping[str, Any] | None = None) -> Picker:
    """The catalogue to pick from, standing at `text` or at what was just given."""
    try:
        chosen, values = naming.read(text, catalogue)
    except Refusal:
        chosen, values = naming.read(next(iter(catalogue.named)), catalogue)  # there is none of that name any more
    typed = given or {}
    takers: dict[str, list[naming.Named]] = {}
    drawn: dict[str, naming.Parameter] = {}
    for choice in catalogue.named.values():
        for parameter in choice.parameters:
            takers.setdefault(parameter.name, []).append(choice)
            drawn.setdefault(parameter.name, parameter)
    parameters = [
        Parameter(
            name=name,
            title=parameter.title,
            choices=[(value, choice_label(name, value, long=True)) for value in parameter.choices],
            minimum=parameter.numbers.start if parameter.numbers else None,
            maximum=parameter.numbers.stop - 1 if parameter.numbers else None,
            value=typed.get(f"p-{name}") or naming.value_of(chosen, values, name) or parameter.default,
            takers=" ".join(taker.name for taker in takers[name]),
            hint="、".join(f"“{taker.title}”" for taker in takers[name]),
        )
        for name, parameter in drawn.items()
    ]
    parameters.sort(key=lambda parameter: parameter.name == scenarios.PACE.name)
    groups = [
        (
            heading,
            [(choice.name, f"{choice.title}{f'　常见问题 {choice.faq}' if choice.faq else ''}") for choice in those],
        )
        for heading, those in groupby(catalogue.named.values(), key=_heading)
    ]
    return Picker(typed.get(catalogue.member) or chosen.name, naming.written(chosen.name, values), groups, parameters)


def _heading(choice: naming.Named) -> str:
    return faults.TITLES[choice.of] if isinstance(choice, faults.FaultKind) else ""


class Choosing(Filling):
    """A form whose catalogues are drawn as such. What they open with has to be told."""

    codes = True

    def drawn(self, name: str, member: Told) -> Control:
        control = super().drawn(name, member)
        if isinstance(member, Chosen):
            control.picker = picker(member.catalogue, self.opening[name], self.given if self.refusal else None)
        return control
