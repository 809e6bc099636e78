"""The language of a sheet: fields, groups of fields, repeating rows, checks across fields.

A field takes one JSON type and turns what it is sent into the one spelling that is kept, or says what is wrong with it
in words of ours. What a sheet says is interpreted by `filings.rules.appraisal`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from filings.rules import texts
from filings.rules.codes import TABLES, Code
from filings.rules.facts import Facts
from filings.rules.numbers import amount, fold
from filings.rules.register import NEVER, Rule, Values
from filings.rules.texts import WrongValue, like, shown
from filings.rules.words import Provenance

Source = Callable[[Facts, Values], Any]
Recommend = Callable[[Values, Facts], str | None]
_Type = type


@dataclass(frozen=True, slots=True)
class Proof:
    """A check of one value beyond its type (check digits and the like).

    `fault(value, siblings)` answers None or what is wrong; `sentence` says what is asked, `provenance` how that is
    known.
    """

    fault: Callable[[Any, Values], str | None]
    code: str
    sentence: str = ""
    provenance: Provenance = Provenance.ASSUMED


@dataclass(slots=True, kw_only=True)
class Field:
    """One field of a sheet: its label, its type, and when it is yellow, white or grey.

    required / locked  rules; grey beats yellow beats white
    fixed              what a grey field holds: from the record, else the default (None: nothing)
    returned           customs returns it: read from the record, never kept with a filing nor sent
    words / code       of the refusals, where the document gives them
    proof / doubt      judged on declaring, an error; judged always, a warning
    example            a right value, made up, for messages and documents
    hint / hint_until  what to know beforehand, and when that is said no more
    """

    label: str
    required: Rule = NEVER
    required_words: str = ""
    required_code: str = "required"
    locked: Rule = NEVER
    locked_words: str = ""
    locked_code: str = "field_readonly"
    fixed: Source | None = None
    returned: bool = False
    default: Any = None
    recommend: Recommend | None = None
    proof: Proof | None = None
    doubt: Proof | None = None
    example: Any = None
    faq: str | None = None
    provenance: Provenance = Provenance.ASSUMED
    hint: str = ""
    hint_until: Callable[[Values], bool] | None = None
    span: int = 1
    name: str = ""

    type: ClassVar[str] = "text"
    accepts: ClassVar[_Type] = str
    accepts_words: ClassVar[str] = "文字"
    max_length: int | None = None
    table: str | None = None

    def clean(self, raw: Any) -> Any:
        """The value as it is kept, None for an empty one. Raises WrongValue for a wrong type, length, format or
        code."""
        if raw is None:
            return None
        try:
            if type(raw) is not self.accepts:
                raise WrongValue("type_mismatch", f"应为{self.accepts_words}，填写的是{shown(raw)}")
            return self.convert(raw)
        except WrongValue as fault:
            raise WrongValue(fault.code, f"{self.label}{fault.detail}{self.like}") from None

    def convert(self, raw: Any) -> Any:
        """What is kept of a value of the right type. Raises WrongValue, its words to follow the label."""
        raise NotImplementedError

    @property
    def like(self) -> str:
        """A right value, in brackets, for the end of a message."""
        return like(self.example)

    def held(self, facts: Facts, siblings: Values) -> Any:
        """What the field holds while it is grey."""
        return self.fixed(facts, siblings) if self.fixed else self.default

    @property
    def lacking(self) -> str:
        """The words for a required field left empty."""
        return self.required_words or f"{self.label}必填"


@dataclass(slots=True, kw_only=True)
class Text(Field):
    """Words, in one line unless `long`.

    `folded` takes full-width letters and digits for half-width ones, and capitals for small letters: codes and numbers
    only, never names. `spelt` turns what is left into its one spelling.
    """

    max_length: int | None = 255
    folded: bool = False
    long: bool = False
    spelt: Callable[[str], str] | None = None

    def convert(self, raw: str) -> str | None:
        if self.long:
            return texts.lines(raw, self.max_length) or None
        if not self.folded:
            return texts.line(raw, self.max_length) or None
        text = texts.line(fold(raw).upper())
        return texts.line(self.spelt(text) if self.spelt else text, self.max_length) or None


@dataclass(slots=True, kw_only=True)
class Date(Field):
    """A calendar date, written YYYY-MM-DD."""

    type: ClassVar[str] = "date"
    accepts_words: ClassVar[str] = "YYYY-MM-DD 格式的日期"
    example: Any = "2020-06-18"

    def convert(self, raw: str) -> str | None:
        text = fold(raw)
        if not text:
            return None
        found = _DATE.fullmatch(text)
        if found is None:
            raise WrongValue("invalid", f"应为{self.accepts_words}，填写的是{shown(text)}")
        try:
            return date(*map(int, found.groups())).isoformat()
        except ValueError:
            raise WrongValue("invalid", f"填写的是{shown(text)}，没有这一天") from None


_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


@dataclass(slots=True, kw_only=True)
class Money(Field):
    """An amount in units of ten thousand (万), a decimal string with two to six places; never a float."""

    type: ClassVar[str] = "money"
    accepts_words: ClassVar[str] = "金额字符串"
    example: Any = "500.00"

    def convert(self, raw: str) -> str | None:
        text = fold(raw)
        if not text:
            return None
        value = amount(text)
        if value is None:
            raise WrongValue("invalid", f"应为不超过六位小数的金额，不带符号、逗号和单位，填写的是{shown(text)}")
        return value


@dataclass(slots=True, kw_only=True)
class Flag(Field):
    """是 or 否."""

    type: ClassVar[str] = "flag"
    accepts: ClassVar[_Type] = bool
    accepts_words: ClassVar[str] = "true 或 false"
    example: Any = True

    def convert(self, raw: bool) -> bool:
        return raw


@dataclass(slots=True, kw_only=True)
class Choice(Field):
    """One code of a code table."""

    type: ClassVar[str] = "code"
    table: str | None = None

    def convert(self, raw: str) -> str | None:
        code = fold(raw)
        if not code:
            return None
        return self.row(code).code

    def row(self, code: str) -> Code:
        row = TABLES[self.table or ""].get(code)
        if row is None:
            raise WrongValue("unknown_code", f"的代码表中没有{shown(code)}")
        return row

    @property
    def sample(self) -> Code:
        """A row to give as an example: the one named, else the first."""
        table = TABLES[self.table or ""]
        return table.get(self.example or "") or table.rows[0]

    @property
    def like(self) -> str:
        row = self.sample
        return like(row.code if row.code == row.name else f"{row.code} {row.name}")


@dataclass(slots=True, kw_only=True)
class Choices(Choice):
    """Several codes of a code table, kept in the table's order."""

    type: ClassVar[str] = "codes"
    accepts: ClassVar[_Type] = list
    accepts_words: ClassVar[str] = "代码数组"

    def convert(self, raw: list[Any]) -> list[str] | None:  # type: ignore[override]
        if any(type(item) is not str for item in raw):
            odd = next(item for item in raw if type(item) is not str)
            raise WrongValue("type_mismatch", f"应为代码数组，其中有{shown(odd)}")
        chosen = {self.row(fold(item)).code for item in raw}
        return [row.code for row in TABLES[self.table or ""].rows if row.code in chosen] or None


@dataclass(slots=True, kw_only=True)
class Group:
    """Fields that belong together, such as one person's."""

    label: str
    fields: dict[str, Field]
    name: str = ""

    def __post_init__(self) -> None:
        _christen(self.fields)


@dataclass(slots=True, kw_only=True)
class Rows:
    """A repeating group.

    required   asks for at least one row on declaring
    known_by   the fields a row is known by in a record
    recorded   the rows of the record, from which each row has what customs returned of it
    """

    label: str
    fields: dict[str, Field]
    required: Rule = NEVER
    known_by: tuple[str, ...] = ()
    recorded: Callable[[Facts], Sequence[Mapping[str, Any]]] | None = None
    max_rows: int = 50
    name: str = ""

    def __post_init__(self) -> None:
        _christen(self.fields)

    @property
    def lacking(self) -> str:
        return f"{self.label}至少填写一行"


Item = Field | Group | Rows


def _christen(fields: Mapping[str, Item]) -> None:
    for name, item in fields.items():
        item.name = name


@dataclass(frozen=True, slots=True)
class Check:
    """A rule across fields, reported at one of them when it does not hold.

    An error on declaring; with `always` an error in a draft too; with `warning` a warning, in both, which is help: an
    exercise that is as at the portal does without. `first` is asked
    of the value where the rule does not hold: what is wrong with it by itself is told in place of how it fits.
    """

    rule: Rule
    at: str
    otherwise: str
    warning: bool = False
    always: bool = False
    first: Proof | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A block of fields under one heading."""

    name: str
    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the sheet."""

    name: str
    title: str
    sections: tuple[Section, ...]


class Sheet:
    """A form of the module. Subclasses declare fields as class attributes, `tabs` and `checks`."""

    items: ClassVar[dict[str, Item]] = {}
    tabs: ClassVar[tuple[Tab, ...]] = ()
    checks: ClassVar[tuple[Check, ...]] = ()

    def __init_subclass__(cls) -> None:
        own = {name: item for name, item in vars(cls).items() if isinstance(item, Field | Group | Rows)}
        cls.items = {**cls.items, **own}
        _christen(cls.items)
        placed = [name for tab in cls.tabs for section in tab.sections for name in section.fields]
        if sorted(placed) != sorted(cls.items):
            raise TypeError(
                f"{cls.__name__}: every field stands in exactly one section: {set(placed) ^ set(cls.items)}"
            )

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """What a blank page holds."""
        return {
            name: item.default
            for name, item in cls.items.items()
            if isinstance(item, Field) and item.default is not None
        }

    @classmethod
    def merge(cls, content: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
        """RFC 7396 over the sheet's own two levels: null removes, a group merges, rows are replaced whole."""
        merged = dict(content)
        for name, value in patch.items():
            item, old = cls.items.get(name), content.get(name)
            if isinstance(item, Group) and isinstance(value, dict) and isinstance(old, dict):
                value = {**old, **value}
            merged[name] = value
        return {name: value for name, value in merged.items() if value is not None}

    @classmethod
    def shape(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        """The content with every key of the sheet, null where nothing is filled, rows always lists: what clients
        read."""
        whole: dict[str, Any] = {}
        for name, item in cls.items.items():
            value = content.get(name)
            match item:
                case Group():
                    whole[name] = {key: (value or {}).get(key) for key in item.fields}
                case Rows():
                    whole[name] = [{key: row.get(key) for key in item.fields} for row in value or []]
                case Choices():
                    whole[name] = value or []
                case _:
                    whole[name] = value
        return whole

    @classmethod
    def walk(cls) -> Iterator[tuple[str, Field]]:
        """Every field with its dotted name, rows as `investors.*.amount`."""
        for name, item in cls.items.items():
            match item:
                case Group():
                    yield from ((f"{name}.{key}", field) for key, field in item.fields.items())
                case Rows():
                    yield from ((f"{name}.*.{key}", field) for key, field in item.fields.items())
                case _:
                    yield name, item
