"""Choosing a scenario or a fault, with its parameters, from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from filings.rules import faults, naming, scenarios
from filings.rules.numbers import fold
from filings.rules.refusals import Refusal
from filings.web.telling import choice_label

Catalogue = naming.Sort[Any]
"""All there is to choose from, by name."""

SCENARIOS: Catalogue = scenarios.SORT
FAULTS: Catalogue = faults.SORT


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
    """A catalogue with one chosen; `text` is the string that names it."""

    field: str
    label: str
    chosen: str
    text: str
    titles: list[tuple[str, str]]
    parameters: list[Parameter]


def picker(catalogue: Catalogue, text: str, given: Mapping[str, Any] | None = None) -> Picker:
    """The catalogue to pick from, standing at `text` or at what was just given."""
    try:
        chosen, values = naming.read(text, catalogue)
    except Refusal:
        chosen, values = naming.read(next(iter(catalogue.named)), catalogue)  # there is none of that name any more
    typed = given if given and catalogue.member in given else {}
    takers: dict[str, list[naming.Named]] = {}
    drawn: dict[str, naming.Parameter] = {}
    for one in catalogue.named.values():
        for parameter in one.parameters:
            takers.setdefault(parameter.name, []).append(one)
            drawn.setdefault(parameter.name, parameter)
    parameters = [
        Parameter(
            name=name,
            title=parameter.title,
            choices=[(value, choice_label(name, value, long=True)) for value in parameter.choices],
            minimum=parameter.numbers.start if parameter.numbers else None,
            maximum=parameter.numbers.stop - 1 if parameter.numbers else None,
            value=typed.get(f"p-{name}") or naming.value_of(chosen, values, name) or parameter.default,
            takers=" ".join(one.name for one in takers[name]),
            hint="、".join(f"“{one.title}”" for one in takers[name]),
        )
        for name, parameter in drawn.items()
    ]
    parameters.sort(key=lambda one: one.name == scenarios.PACE.name)
    titles = [(one.name, f"{one.title}{f'　常见问题 {one.faq}' if one.faq else ''}") for one in catalogue.named.values()]
    name = typed.get(catalogue.member) or chosen.name
    return Picker(catalogue.member, catalogue.title, name, naming.told(chosen.name, values), titles, parameters)


def picked(catalogue: Catalogue, request: HttpRequest) -> str:
    """The string a posted picker chose; what the chosen one does not take is left out. Raises the refusal `unknown`."""
    name = request.POST.get(catalogue.member, "")
    known = catalogue.named.get(name)
    given = {p: fold(request.POST.get(f"p-{p.name}", "")).strip() for p in known.parameters} if known else {}
    one, values = naming.read("; ".join([name, *(f"{p.name}={v}" for p, v in given.items() if v and v != p.default)]), catalogue)
    return naming.told(one.name, values)
