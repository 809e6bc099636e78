"""A form on a page: each control as its member is declared, with what was typed into it and what is wrong with that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from filings.forms.language import Body, Name, Several, Told
from filings.rules.refusals import Refusal

FORM = ["GET", "HEAD", "POST"]
"""The methods of a page with a form."""

FEW = 4
"""So many choices that have to be made stand side by side; more, and those one may leave, are a list."""


@dataclass(slots=True)
class Control:
    """A member as it is drawn; `value` is what was typed, or what it opens with."""

    name: str
    id: str
    member: Told
    value: Any
    error: str = ""
    picker: Any = None

    @property
    def sort(self) -> str:
        side_by_side = self.member.control == "choice" and self.member.required and len(self.options) <= FEW
        return "radio" if side_by_side else self.member.control

    @property
    def options(self) -> list[tuple[str, str]]:
        """What there is to choose from: code and label."""
        asked = self.member.child if isinstance(self.member, Several) else self.member
        return list(asked.choices.items()) if isinstance(asked, Name) else []

    @property
    def longest(self) -> int | None:
        """How many characters it takes, where that is to be told to a browser."""
        return (
            getattr(self.member, "max_length", None)
            if self.member.control in ("text", "long", "code", "secret")
            else None
        )


class Filling:
    """A declared form, drawn: empty, or as it was posted and refused. A template asks for a control by its name.

    given    what its controls open with, or what was typed where there is a refusal
    at       stands before the ids of its controls, where a page has another form with the same names
    opening  what controls open with that were not given
    codes    whether who fills it in is told the code of a choice with its label
    """

    codes = False

    def __init__(
        self,
        form: type[Body],
        given: QueryDict | None = None,
        refusal: Refusal | None = None,
        *,
        at: str = "",
        **opening: Any,
    ) -> None:
        self.form, self.refusal = form, refusal
        self.given, self.at, self.opening = given or QueryDict(), at, opening
        self.controls = {name: self.drawn(name, member) for name, member in _members(form())}
        for problem in refusal.errors if refusal else ():
            if control := self._at_fault(problem.pointer):
                control.error = self._in_words(control, problem.detail)

    def __getitem__(self, name: str) -> Control:
        return self.controls[name]

    @property
    def faults(self) -> list[tuple[str, str]]:
        """What is wrong: the control's id, and the words, which begin with what it is about."""
        faults = (
            (self._at_fault(error.pointer), error.detail) for error in (self.refusal.errors if self.refusal else ())
        )
        return [
            (control.id, _about(control, self._in_words(control, words))) if control else ("", words)
            for control, words in faults
        ]

    def _at_fault(self, pointer: str) -> Control | None:
        """The control a pointer leads to; of one item of a list, that of the list."""
        name = pointer.strip("/").replace("/", "__")
        return self.controls.get(name) or self.controls.get(name.rpartition("__")[0])

    def _in_words(self, control: Control, fault: str) -> str:
        for code, label in () if self.codes else control.options:
            fault = fault.replace(f"{code} {label}", str(label))
        return fault

    def drawn(self, name: str, member: Told) -> Control:
        """A control as it stands."""
        given, opening = self.given, self.opening.get(name, "")
        value: Any
        match member.control:
            case "several":
                value = given.getlist(name)
            case "tick":
                value = name in given or (not self.refusal and opening)
            case "secret":
                value = ""
            case _:
                value = given.get(name, "" if self.refusal else opening)
        return Control(name, f"f-{self.at}{name}", member, value)


def _members(form: Body, within: str = "") -> Iterator[tuple[str, Told]]:
    """Every control of a form, by its name on a page."""
    for name, member in form.controls.items():
        if isinstance(member, Body):
            yield from _members(member, f"{within}{name}__")
        else:
            yield within + name, member


def _about(control: Control, words: str) -> str:
    label = control.member.called
    return words if words.startswith(label) or f"“{label}”" in words else f"{label}：{words}"
