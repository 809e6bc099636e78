"""The forms of a page, as a browser would find them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


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


class Forms(HTMLParser):
    """The forms of a page that are posted."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.open: Form | None = None
        self.choice, self.text = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and told.get("method") == "post":
            self.open = Form(told.get("action", ""))
            self.found.append(self.open)
        elif self.open and told.get("name"):
            if tag == "button":
                self.open.buttons.append((told["name"], told.get("value", "")))
            elif told.get("type") == "file":
                self.open.files.append(told["name"])
            elif tag in ("input", "select", "textarea"):
                self.open.fields.setdefault(told["name"], told.get("value", ""))
                self.choice = told["name"] if tag == "select" else ""
                self.text = told["name"] if tag == "textarea" else ""
                self.open.marks.update(told)
                if tag == "textarea" or (tag == "input" and told.get("type", "text") == "text"):
                    self.open.boxes.add(told["name"])
        elif (
            self.open and tag == "option" and self.choice and (not self.open.fields[self.choice] or "selected" in told)
        ):
            self.open.fields[self.choice] = told.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.open and self.text:
            self.open.fields[self.text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag in ("select", "textarea"):
            self.choice = self.text = ""
