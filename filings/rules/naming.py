"""Things chosen by one string, `name` or `name; key=value; key=value`: scenarios and faults."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from filings.rules.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of something named: allowed values, or a range of whole numbers; `default` is taken unless given."""

    name: str
    title: str
    choices: tuple[str, ...] = ()
    numbers: range | None = None
    default: str = ""

    def accepts(self, value: str) -> bool:
        if self.numbers is not None:
            return value.isascii() and value.isdecimal() and len(value) < 6 and int(value) in self.numbers
        return value in self.choices


class Named(Protocol):
    """Something with a name and parameters."""

    @property
    def name(self) -> str: ...
    @property
    def parameters(self) -> tuple[Parameter, ...]: ...


T = TypeVar("T", bound=Named)


def read(text: str, catalogue: Mapping[str, T], code: str, what: str) -> tuple[T, dict[str, str]]:
    """The thing a string names, with the parameters given. Raises the refusal `code`, which lists the nearest names."""
    name, *pairs = (part.strip() for part in text.split(";"))
    one = catalogue.get(name)
    if one is None:
        raise _unknown(code, f"没有名为“{name[:60]}”的{what}", name, catalogue)
    given: dict[str, str] = {}
    known = {parameter.name: parameter for parameter in one.parameters}
    for pair in filter(None, pairs):
        key, equals, value = (part.strip() for part in pair.partition("="))
        if key not in known or not equals:
            raise _unknown(code, f"{what} {name} 没有参数“{key[:60]}”", key, known)
        if not known[key].accepts(value):
            raise _unknown(code, f"参数 {key} 不接受“{value[:60]}”", value, known[key].choices)
        if key in given:
            raise _unknown(code, f"参数 {key} 出现了不止一次", key, known)
        given[key] = value
    return one, given


def told(name: str, given: Mapping[str, str]) -> str:
    """The string that names a thing with its parameters."""
    return "; ".join([name, *(f"{key}={value}" for key, value in given.items())])


def value_of(one: Named, given: Mapping[str, str], name: str) -> str:
    """A parameter's value, given or default; "" if there is none of that name."""
    if name in given:
        return given[name]
    return next((parameter.default for parameter in one.parameters if parameter.name == name), "")


def _unknown(code: str, detail: str, name: str, names: Iterable[Any]) -> Refusal:
    nearest = difflib.get_close_matches(name, list(names), n=3, cutoff=0.4) or list(names)
    return Refusal(code, detail, extra={"nearest": nearest})
