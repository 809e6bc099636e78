"""A page as a browser has it: its words, its elements, what stands in its controls, its forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

CONTROLS = ("input", "select", "textarea")


class Element:
    """An element of a page, and what is within it."""

    def __init__(self, node: LexborNode) -> None:
        self.node = node

    def __repr__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """Its words, each run of white space as one blank, and one between two elements."""
        return " ".join(self.node.text(separator=" ").split())

    @property
    def lines(self) -> list[str]:
        """Its text as it is written, line by line."""
        return self.node.text().splitlines()

    @property
    def pieces(self) -> list[str]:
        """Its words as tags cut them."""
        return self.node.text(separator="\0").split("\0")

    def __contains__(self, words: str) -> bool:
        """Whether it says so."""
        return words in self.text

    def __getitem__(self, name: str) -> str:
        """An attribute; without a value it is empty."""
        assert name in self.node.attributes, f"{self.node.html} has no {name}"
        return self.node.attributes[name] or ""

    def all(self, css: str) -> list[Element]:
        """What a selector finds in it."""
        return [Element(node) for node in self.node.css(css)]

    def has(self, css: str) -> bool:
        """Whether a selector finds anything in it."""
        return self.node.css_first(css) is not None

    def find(self, css: str) -> Element:
        """The one element a selector finds in it."""
        found = self.all(css)
        assert len(found) == 1, f"{css} finds {len(found)}"
        return found[0]

    def texts(self, css: str) -> list[str]:
        """The words of each element that a selector finds in it."""
        return [one.text for one in self.all(css)]

    def link(self, words: str) -> str:
        """Where the link of these words, or of this label, leads; links that say the same lead to the same place."""
        to = {one["href"] for one in self.all("a[href]") if words in (one.text, one.node.attributes.get("aria-label"))}
        assert len(to) == 1, f"{words!r} leads to {to}"
        return to.pop()

    @property
    def links(self) -> set[str]:
        """Where its links lead."""
        return {one["href"] for one in self.all("a[href]")}

    def value(self, name: str) -> str:
        """What stands in the control of a name, in every form that has it."""
        css = ", ".join(f'{tag}[name="{name}"]' for tag in CONTROLS)
        found = {_value(node) for node in self.node.css(css)}
        assert len(found) == 1, f"{name} is {found}"
        return found.pop()

    @property
    def values(self) -> list[str]:
        """What stands in its controls, one after another."""
        return [_value(node) for node in self.node.css(", ".join(CONTROLS))]


class Page(Element):
    """An answer, or a piece of HTML, as a page."""

    def __init__(self, answer: Any) -> None:
        self.source: str = answer if isinstance(answer, str) else answer.content.decode()
        """For what must stand nowhere in it: not in an attribute, not in a comment."""
        self.tree = LexborHTMLParser(self.source)
        assert self.tree.root is not None
        super().__init__(self.tree.root)

    @cached_property
    def forms(self) -> list[Form]:
        """Its forms that are posted."""
        return [Form.read(node) for node in self.node.css('form[method="post"]')]


def words(answer: Any) -> str:
    """What a page says."""
    return Page(answer).text


def flat(content: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """A sheet's content as a page posts it."""
    for name, value in content.items():
        match value:
            case dict():
                yield from flat(value, f"{prefix}{name}.")
            case [dict(), *_]:
                yield prefix + name, ""
                for n, row in enumerate(value):
                    yield from flat(row, f"{prefix}{name}.{n}.")
            case bool():
                yield prefix + name, str(value).lower()
            case []:
                yield prefix + name, ""
            case _:
                yield prefix + name, value


@dataclass
class Form:
    """A form of a page: where it goes, what stands in it, what its buttons say, which files may be chosen, the
    attributes of its controls, and the names of its boxes for a text."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    boxes: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, node: LexborNode) -> Form:
        """A form that stands on a page."""
        form = cls(node.attributes.get("action") or "")
        for control in node.css("button[name], input[name], select[name], textarea[name]"):
            name, sort = control.attributes["name"] or "", control.attributes.get("type", "text")
            if control.tag == "button":
                form.buttons.append((name, control.attributes.get("value") or ""))
            elif sort == "file":
                form.files.append(name)
            else:
                form.fields.setdefault(name, _value(control))
                form.marks.update(control.attributes)
                if control.tag == "textarea" or (control.tag == "input" and sort == "text"):
                    form.boxes.add(name)
        return form


def _value(control: LexborNode) -> str:
    """What stands in a control: of a choice the one that is made, else the first that is something."""
    if control.tag == "textarea":
        return control.text()
    if control.tag == "select":
        chosen = [option.attributes.get("value") or "" for option in control.css("option[selected]")]
        offered = [option.attributes.get("value") or "" for option in control.css("option")]
        return next(iter(chosen[-1:] or filter(None, offered)), "")
    return control.attributes.get("value") or ""
