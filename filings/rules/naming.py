"""Things chosen by one string, `name` or `name; key=value; key=value`: scenarios, faults, situations.

Each sort is entered here once, so that a name given to the wrong call is told what it is, and which call takes it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

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


class Titled(Protocol):
    """Something with a name, told to people by its title and the entry it is of."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def faq(self) -> str | None: ...


class Named(Titled, Protocol):
    """Something with a name and parameters."""

    @property
    def parameters(self) -> tuple[Parameter, ...]: ...


T_co = TypeVar("T_co", bound=Titled, covariant=True)
N = TypeVar("N", bound=Named)


@dataclass(frozen=True, slots=True)
class Sort(Generic[T_co]):
    """A sort of things with names.

    member  what holds such a name in a body
    title   the sort in words
    code    the refusal of a name there is not
    call    what takes such a name
    """

    member: str
    title: str
    code: str
    call: str
    named: Mapping[str, T_co]


SORTS: dict[str, Sort[Titled]] = {}
"""Every sort of names, by its member."""


def sort(member: str, title: str, code: str, call: str, named: Mapping[str, T_co]) -> Sort[T_co]:
    """Enter a sort of names."""
    SORTS[member] = made = Sort(member, title, code, call, named)
    return made


def read(text: str, of: Sort[N]) -> tuple[N, dict[str, str]]:
    """The thing a string names, with the parameters given. Raises the sort's refusal, which lists the nearest names."""
    name, *pairs = (part.strip() for part in text.split(";"))
    if name not in of.named:
        raise unknown(name, of)
    given: dict[str, str] = {}
    known = {parameter.name: parameter for parameter in of.named[name].parameters}
    for pair in filter(None, pairs):
        key, equals, value = (part.strip() for part in pair.partition("="))
        if key not in known or not equals:
            raise _refused(of, f"{of.title} {name} 没有参数“{key[:60]}”", nearest(key, known))
        if not known[key].accepts(value):
            raise _refused(of, f"参数 {key} 不接受“{value[:60]}”", nearest(value, known[key].choices))
        if key in given:
            raise _refused(of, f"参数 {key} 出现了不止一次", [key])
        given[key] = value
    return of.named[name], given


def unknown(name: str, of: Sort[Any]) -> Refusal:
    """The refusal of a name that is none of its sort; of one that is of another sort it says which, and what takes
    it."""
    name = name.partition(";")[0].strip()
    others = [other for _, other in sorted(SORTS.items()) if name in other.named]
    if not others:
        return _refused(of, f"没有名为“{name[:60]}”的{of.title}", nearest(name, of.named))
    said = "，也是".join(f"{other.title}（{other.named[name].title}）" for other in others)
    calls = "，或 ".join(f'{other.call} {{"{other.member}": "{name}"}}' for other in others)
    return _refused(of, f"“{name}”是{said}，不是{of.title}", [], f"请改用 {calls}")


def written(name: str, given: Mapping[str, str]) -> str:
    """The string that names a thing with its parameters."""
    return "; ".join([name, *(f"{key}={value}" for key, value in given.items())])


def value_of(of: Named, given: Mapping[str, str], name: str) -> str:
    """A parameter's value, given or default; "" if there is none of that name."""
    if name in given:
        return given[name]
    return next((parameter.default for parameter in of.parameters if parameter.name == name), "")


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """The names most like one there is not; all there are, where none is."""
    names = list(names)
    return difflib.get_close_matches(name, names, n=3, cutoff=0.4) or names


def _refused(of: Sort[Any], detail: str, near: list[str], remedy: str = "") -> Refusal:
    return Refusal(of.code, detail, remedy=remedy, extra={"nearest": near})
