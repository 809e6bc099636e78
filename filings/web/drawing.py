"""From a sheet and what `appraise` says of it to what a page draws: tabs, blocks, controls. Nothing is decided here."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from msgspec.structs import asdict

from filings.answers import forms
from filings.rules.appraisal import Appraisal, FieldState, Problem, appraise
from filings.rules.codes import TABLES, documented
from filings.rules.comparing import Change, compare
from filings.rules.facts import Facts
from filings.rules.reading import LEVELS, text, text_of
from filings.rules.sheet import Choice, Choices, Date, Field, Flag, Group, Money, Rows, Section, Sheet, Text
from filings.rules.words import Shade

SELECT_UP_TO = 6
"""A table of so many rows is a plain list; a longer one is a box to type codes into."""

YES_NO = (("true", "是"), ("false", "否"))

Option = tuple[str, str]
Remedy = tuple[str, str, str]

REMEDIES: Mapping[str, Remedy] = {
    "2.16": ("tickets", "desk=customs&topic=usd", "联系主管海关"),
    "2.20": ("filing_new", "kind=deregistration", "办理注销申请"),
}
"""The way out of a grey field by the FAQ entry of its reason: a page, its query, the words of the link."""


@dataclass(slots=True, kw_only=True)
class Control:
    """One field as drawn. `value` is what is chosen, `text` how it reads; without a state it is only shown.

    `advised_by` says whose the recommendation is where it is not the FAQ's. `over` a record, `was` is how that has it
    where it differs; None where nothing is changed.
    """

    name: str
    field: Field
    kind: str
    value: Any
    text: str
    state: FieldState | None = None
    options: Sequence[Option] = ()
    recommended: str = ""
    advised_by: str = ""
    errors: list[Problem] = dataclasses.field(default_factory=list)
    warnings: list[Problem] = dataclasses.field(default_factory=list)
    over: bool = False
    was: str | None = None

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "-")

    @property
    def shade(self) -> str:
        return self.state.shade.value if self.state else "shown"

    @property
    def required(self) -> bool:
        return self.shade == Shade.REQUIRED

    @property
    def locked(self) -> bool:
        return self.shade == Shade.READONLY

    @property
    def span(self) -> int:
        return self.field.span

    @property
    def recommends(self) -> bool:
        return self.field.recommend is not None

    @property
    def source(self) -> str | None:
        return source(self.state) if self.state else None

    @property
    def code(self) -> str:
        """The code of the row that is chosen, if one is."""
        return self.value if self.value and TABLES[self.field.table or ""].get(self.value) else ""

    @property
    def within(self) -> str:
        """The division above this one, whose own are to be chosen from."""
        return LEVELS[LEVELS.index(self.name) - 1] if self.name in LEVELS[1:] else ""

    @property
    def place(self) -> str:
        """What an empty box of codes says."""
        return self.field.label.partition("（")[0] if self.kind == "division" else "代码、名称或首字母"

    @property
    def remedy(self) -> Remedy | None:
        """Where a grey field of a record is to be had otherwise."""
        return REMEDIES.get(self.source or "") if self.over and self.locked else None


@dataclass(slots=True, kw_only=True)
class Trio:
    """The three levels of 行政区划 side by side."""

    controls: list[Control]
    kind: str = "trio"
    label: str = "行政区划"
    span: int = 2

    @property
    def id(self) -> str:
        return self.controls[0].id + "-trio"

    @property
    def shade(self) -> str:
        return self.controls[0].shade

    @property
    def errors(self) -> list[Problem]:
        return [problem for control in self.controls for problem in control.errors]


@dataclass(slots=True, kw_only=True)
class Line:
    """A row. `added`: the record under the sheet has none such."""

    controls: list[Control]
    added: bool = False


@dataclass(slots=True, kw_only=True)
class Table:
    """Repeating rows. `blank` is the row a new one is made from; its numbers read `__n__`. `gone` are the record's
    rows left out."""

    name: str
    rows: list[Line]
    blank: list[Control]
    max_rows: int
    errors: list[Problem]
    gone: list[str] = dataclasses.field(default_factory=list)

    @property
    def notes(self) -> list[Control]:
        """The columns that have something to say of themselves, once for all rows."""
        return [control for control in self.blank if control.state and control.state.reason]


@dataclass(slots=True, kw_only=True)
class Block:
    """A section: a heading over controls or rows."""

    name: str
    title: str
    controls: list[Control | Trio] = dataclasses.field(default_factory=list)
    table: Table | None = None

    @property
    def faults(self) -> int:
        inside = [control for row in self.table.rows for control in row.controls] if self.table else []
        own = len(self.table.errors) if self.table else 0
        return own + sum(len(control.errors) for control in (*self.controls, *inside))


@dataclass(slots=True, kw_only=True)
class Page:
    """A tab of the sheet."""

    name: str
    title: str
    blocks: list[Block]

    @property
    def faults(self) -> int:
        return sum(block.faults for block in self.blocks)


HOW = {"changed": "变更", "added": "新增", "removed": "删除", "moved": "调整次序"}


@dataclass(slots=True, kw_only=True)
class Changes:
    """What a sheet changes in the record under it, as it reads: of a field what it was, of a row whether it is new, of
    a table what is gone.

    `listed` is all of it, each with the place on the page it leads to.
    """

    was: dict[str, str] = dataclasses.field(default_factory=dict)
    added: set[str] = dataclasses.field(default_factory=set)
    gone: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    listed: list[dict[str, str]] = dataclasses.field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {"was": self.was, "added": sorted(self.added), "gone": self.gone, "listed": self.listed}


def changes(sheet: type[Sheet], record: Mapping[str, Any], content: Mapping[str, Any]) -> Changes:
    """What a content changes in a record, to be marked on its page; nothing where there is no record."""
    found = Changes()
    for difference in compare(sheet, record, content):
        was, now = (_in_words(sheet, difference.at, value) for value in (difference.was, difference.now))
        match difference.how:
            case "changed":
                found.was[difference.at] = was
            case "added":
                found.added.add(difference.at)
            case "removed":
                found.gone.setdefault(difference.at, []).append(was)
        to = f"f-{_first_box(sheet, difference).replace('.', '-')}"
        found.listed.append(
            {
                "to": to,
                "label": _full_label(sheet, difference),
                "how": difference.how,
                "how_label": HOW[difference.how],
                "was": was,
                "now": now,
            }
        )
    return found


@dataclass(slots=True, kw_only=True)
class Drawn:
    """A whole sheet, and the warnings that belong to no field."""

    pages: list[Page]
    warnings: list[Problem] = dataclasses.field(default_factory=list)
    changes: Changes = dataclasses.field(default_factory=Changes)


def draw(
    sheet: type[Sheet],
    content: Mapping[str, Any],
    facts: Facts,
    problems: Iterable[Problem] = (),
    record: Mapping[str, Any] = MappingProxyType({}),
) -> Drawn:
    """The sheet to be filled, over a record if there is one. What stands in a field with an error is drawn as it was
    typed."""
    appraisal = appraise(sheet, _with_blank_rows(sheet, content), facts, browser=True)
    errors, warnings = _by_name(problems), _by_name(appraisal.warnings)
    states = appraisal.states()
    laid = changes(sheet, record, appraisal.filled)

    def control(name: str, field: Field, typed: Any, like: str = "") -> Control:
        state = states[like or name]
        value = typed if (name in errors or like) and typed is not None else state.value
        code = state.recommended
        return Control(
            name=name,
            field=field,
            kind=_kind(field),
            state=state,
            value=value,
            text=text_of(name, field, value),
            options=_options(field),
            recommended=text_of(name, field, code),
            advised_by=_advised_by(field, code),
            errors=errors.get(name, []),
            warnings=warnings.get(name, []),
            over=bool(record),
            was=laid.was.get(name),
        )

    def table(name: str, item: Rows) -> Table:
        typed = list(content.get(name) or [])
        shown = typed or ([{}] if item.required(appraisal.filled, facts) else [])
        new = min(len(typed), item.max_rows - 1)
        rows = [
            Line(
                controls=[
                    control(f"{name}.{n}.{key}", field, row.get(key), f"{name}.{new}.{key}" if n >= new else "")
                    for key, field in item.fields.items()
                ],
                added=f"{name}.{n}" in laid.added,
            )
            for n, row in enumerate(shown)
        ]
        blank = [
            control(f"{name}.__n__.{key}", field, None, f"{name}.{new}.{key}") for key, field in item.fields.items()
        ]
        gone = laid.gone.get(name, [])
        return Table(name=name, rows=rows, blank=blank, max_rows=item.max_rows, errors=errors.get(name, []), gone=gone)

    own = [warning for warning in appraisal.warnings if _name(warning) not in states]
    return Drawn(pages=_pages(sheet, content, control, table), warnings=own, changes=laid)


def show(sheet: type[Sheet], content: Mapping[str, Any], record: Mapping[str, Any] = MappingProxyType({})) -> Drawn:
    """The sheet to be read: every value as it stands, nothing to fill; over a record, what it changes is marked."""
    laid = changes(sheet, record, content)

    def control(name: str, field: Field, value: Any) -> Control:
        return Control(
            name=name,
            field=field,
            kind="long" if _kind(field) == "long" else "shown",
            value=value,
            text=text_of(name, field, value),
            was=laid.was.get(name),
        )

    def table(name: str, item: Rows) -> Table:
        rows = [
            Line(
                controls=[control(f"{name}.{n}.{key}", field, row.get(key)) for key, field in item.fields.items()],
                added=f"{name}.{n}" in laid.added,
            )
            for n, row in enumerate(content.get(name) or [])
        ]
        blank = [control(f"{name}.__n__.{key}", field, None) for key, field in item.fields.items()]
        return Table(name=name, rows=rows, blank=blank, max_rows=item.max_rows, errors=[], gone=laid.gone.get(name, []))

    return Drawn(pages=_pages(sheet, content, control, table), changes=laid)


def states(appraisal: Appraisal) -> dict[str, Any]:
    """Every field's state for the page's script, with how its value and its recommendation read."""
    sheet = appraisal.sheet
    return {
        name: {
            **asdict(forms.FieldState.of(state)),
            "source": source(state),
            "text": text(sheet, name, state.value),
            "recommended_text": text(sheet, name, state.recommended),
            "advised_by": _advised_by(state.field, state.recommended),
            "hint": state.hint,
        }
        for name, state in appraisal.states().items()
    }


def source(state: FieldState) -> str | None:
    """The FAQ entry of a field's reason: of what makes it required, or grey."""
    return state.faq if state.shade == Shade.READONLY else state.field.required.faq


def summary(sheet: type[Sheet], problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Every error with the place on the page it leads to, in the order of the page; what merely lacks needs no
    source."""
    order = [name for tab in sheet.tabs for section in tab.sections for name in section.fields]
    place = {name: n for n, name in enumerate(order)}
    problems = sorted(problems, key=lambda problem: place.get(_name(problem).split(".")[0], -1))
    return [
        {
            "to": f"f-{_name(problem).replace('.', '-')}",
            "words": problem.detail,
            "faq": None if problem.code == "required" else problem.faq,
        }
        for problem in problems
    ]


def named(problem: Problem) -> dict[str, Any]:
    """A problem for the page's script, with the name of its control."""
    return {**problem.as_dict(), "field": _name(problem)}


def _pages(sheet: type[Sheet], content: Mapping[str, Any], control: Any, table: Any) -> list[Page]:
    def block(section: Section) -> Block:
        drawn = Block(name=section.name, title=section.title)
        for name in section.fields:
            match item := sheet.items[name]:
                case Group():
                    part = content.get(name) or {}
                    drawn.controls += [
                        control(f"{name}.{key}", field, part.get(key)) for key, field in item.fields.items()
                    ]
                case Rows():
                    drawn.table = table(name, item)
                case _:
                    drawn.controls.append(control(name, item, content.get(name)))
        drawn.controls = _trios(drawn.controls)
        return drawn

    return [
        Page(name=tab.name, title=tab.title, blocks=[block(section) for section in tab.sections]) for tab in sheet.tabs
    ]


def _trios(controls: list[Control | Trio]) -> list[Control | Trio]:
    """Controls with those of divisions put together."""
    divisions = [control for control in controls if isinstance(control, Control) and control.field.table == "divisions"]
    if not divisions:
        return controls
    first = controls.index(divisions[0])
    rest: list[Control | Trio] = [control for control in controls if control not in divisions]
    return [*rest[:first], Trio(controls=divisions), *rest[first:]]


def _with_blank_rows(sheet: type[Sheet], content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with an empty row behind the last, whose states a new row is drawn with; never more rows than may be
    kept."""
    lists = {name: item for name, item in sheet.items.items() if isinstance(item, Rows)}
    return {**content, **{name: [*(content.get(name) or [])[: item.max_rows - 1], {}] for name, item in lists.items()}}


def _kind(field: Field) -> str:
    match field:
        case Flag():
            return "flag"
        case Choices():
            return "checks"
        case Choice(table="divisions"):
            return "division"
        case Choice():
            return "select" if len(TABLES[field.table or ""].rows) <= SELECT_UP_TO else "combo"
        case Date():
            return "date"
        case Money():
            return "money"
        case Text(long=True):
            return "long"
        case Text(folded=True):
            return "code"
    return "text"


def _options(field: Field) -> Sequence[Option]:
    match _kind(field):
        case "flag":
            return YES_NO
        case "checks" | "select":
            return [(row.code, row.name) for row in TABLES[field.table or ""].rows]
    return ()


def _advised_by(field: Field, advised: str | None) -> str:
    """Whose a recommendation is; the FAQ's own is told by its entry."""
    if field.table is None:
        return "账户所属企业的名称"
    return "" if documented(field.table, advised) else "公开资料"


def _first_box(sheet: type[Sheet], change: Change) -> str:
    """The name of the control a change is to be seen at: of a new row, its first."""
    item = sheet.items[change.at.split(".")[0]]
    return f"{change.at}.{next(iter(item.fields))}" if isinstance(item, Rows) and change.how == "added" else change.at


def _in_words(sheet: type[Sheet], at: str, value: Any) -> str:
    """How a value reads at a place of a sheet; a row reads as its values one after another."""
    item = sheet.items[at.split(".")[0]]
    if value is None or not isinstance(item, Rows) or at.count(".") == 2:
        return text(sheet, at, value) if value is not None else ""
    return "，".join(text_of(key, field, value[key]) for key, field in item.fields.items() if value.get(key))


def _full_label(sheet: type[Sheet], change: Change) -> str:
    """The label of a place with that of its group, or with its row's number."""
    match change.at.split("."):
        case [name, n, key] if isinstance(item := sheet.items[name], Rows):
            return f"{item.label}第{int(n) + 1}行：{item.fields[key].label}"
        case [name, key] if isinstance(item := sheet.items[name], Group):
            return f"{item.label}：{item.fields[key].label}"
        case [name, n]:
            return f"{sheet.items[name].label}第{int(n) + 1}行"
    return sheet.items[change.at].label


def _name(problem: Problem) -> str:
    return problem.pointer.removeprefix("/content").strip("/").replace("/", ".")


def _by_name(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(_name(problem), []).append(problem)
    return found
