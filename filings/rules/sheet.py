"""The language of a sheet: fields, groups of fields, repeating rows, checks across fields.

A field *holds* a `django.forms` field and uses its `clean()` alone; a gate of JSON types stands before it, because
Django's fields would turn 123 into text and "否" into True. What a sheet says is interpreted by `filings.rules.appraisal`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from filings.rules.codes import TABLES, Code
from filings.rules.facts import Facts
from filings.rules.numbers import fold
from filings.rules.register import NEVER, Rule, Values
from filings.rules.words import Provenance

Source = Callable[[Facts, Values], Any]
Recommend = Callable[[Values, Facts], str | None]
_Type = type


class Fault(Exception):
    """A value a field cannot take: a stable code and the words."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Proof:
    """A check of one value beyond its type, judged on declaring (check digits and the like).

    `fault(value, siblings)` answers None or what is wrong.
    """

    fault: Callable[[Any, Values], str | None]
    code: str


@dataclass(slots=True, kw_only=True)
class Field:
    """One field of a sheet: its label, its type, and when it is yellow, white or grey.

    required / locked  rules; grey beats yellow beats white
    fixed              what a grey field holds: from the record, else the default (None: nothing)
    returned           customs returns it: read from the record, never kept with a filing nor sent
    words / code       of the refusals, where the document gives them
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
    faq: str | None = None
    provenance: Provenance = Provenance.ASSUMED
    hint: str = ""
    span: int = 1
    name: str = ""

    type: ClassVar[str] = "text"
    accepts: ClassVar[_Type] = str
    accepts_words: ClassVar[str] = "文字"
    max_length: int | None = None
    table: str | None = None

    def clean(self, raw: Any) -> Any:
        """The value as it is kept, None for an empty one. Raises Fault for a wrong type, length, format or code."""
        if raw is None:
            return None
        if type(raw) is not self.accepts:
            raise Fault("type_mismatch", f"{self.label}应为{self.accepts_words}")
        return self.convert(raw)

    def convert(self, raw: Any) -> Any:
        raise NotImplementedError

    def held(self, facts: Facts, siblings: Values) -> Any:
        """What the field holds while it is grey."""
        return self.fixed(facts, siblings) if self.fixed else self.default

    @property
    def lacking(self) -> str:
        """The words for a required field left empty."""
        return self.required_words or f"{self.label}必填"


def _django(held: forms.Field, label: str, raw: Any) -> Any:
    try:
        return held.clean(raw)
    except ValidationError as error:
        first = error.error_list[0]
        raise Fault(first.code or "invalid", f"{label}：{first.messages[0]}") from None


@dataclass(slots=True, kw_only=True)
class Text(Field):
    """Words. `folded` takes full-width letters and digits for half-width ones: codes and numbers only, never names."""

    max_length: int | None = 255
    folded: bool = False
    long: bool = False
    held_field: forms.CharField = field(init=False)

    def __post_init__(self) -> None:
        self.held_field = forms.CharField(max_length=self.max_length, required=False)

    def convert(self, raw: str) -> str | None:
        if self.folded:
            raw = fold(raw).upper()
        value: str = _django(self.held_field, self.label, raw)
        if not value.isprintable() and any(unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n\t" for c in value):
            raise Fault("control_characters", f"{self.label}含有不可见的控制字符")
        return value or None


@dataclass(slots=True, kw_only=True)
class Date(Field):
    """A calendar date, written YYYY-MM-DD."""

    type: ClassVar[str] = "date"
    accepts_words: ClassVar[str] = "YYYY-MM-DD 格式的日期"

    def convert(self, raw: str) -> str | None:
        value = _django(_DATE, self.label, fold(raw))
        return value.isoformat() if value else None


_DATE = forms.DateField(required=False, input_formats=["%Y-%m-%d"])


@dataclass(slots=True, kw_only=True)
class Money(Field):
    """An amount in units of ten thousand (万), a decimal string with two places; never a float."""

    type: ClassVar[str] = "money"
    accepts_words: ClassVar[str] = "金额字符串，例如 500.00"

    def convert(self, raw: str) -> str | None:
        text = fold(raw)
        if not text:
            return None
        try:
            _AMOUNT(text)
        except ValidationError:
            raise Fault("invalid", f"{self.label}应为不超过两位小数的金额，例如 500.00") from None
        return f"{_django(_DECIMAL, self.label, text):.2f}"


_AMOUNT = RegexValidator(r"\A[0-9]{1,14}(\.[0-9]{1,2})?\Z")
_DECIMAL = forms.DecimalField(max_digits=16, decimal_places=2, required=False)


@dataclass(slots=True, kw_only=True)
class Flag(Field):
    """是 or 否."""

    type: ClassVar[str] = "flag"
    accepts: ClassVar[_Type] = bool
    accepts_words: ClassVar[str] = "true 或 false"

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
            raise Fault("unknown_code", f"{self.label}：代码表中没有“{code[:40]}”")
        return row


@dataclass(slots=True, kw_only=True)
class Choices(Choice):
    """Several codes of a code table, kept in the table's order."""

    type: ClassVar[str] = "codes"
    accepts: ClassVar[_Type] = list
    accepts_words: ClassVar[str] = "代码数组"

    def convert(self, raw: list[Any]) -> list[str] | None:  # type: ignore[override]
        if any(type(item) is not str for item in raw):
            raise Fault("type_mismatch", f"{self.label}应为代码数组")
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
    """A repeating group; `required` asks for at least one row on declaring, `known_by` names the fields a row is known by."""

    label: str
    fields: dict[str, Field]
    required: Rule = NEVER
    known_by: tuple[str, ...] = ()
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

    An error on declaring; with `always` an error in a draft too; with `warning` a warning, in both.
    """

    rule: Rule
    at: str
    otherwise: str
    warning: bool = False
    always: bool = False


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
            raise TypeError(f"{cls.__name__}: every field stands in exactly one section: {set(placed) ^ set(cls.items)}")

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """What a blank page holds."""
        return {name: item.default for name, item in cls.items.items() if isinstance(item, Field) and item.default is not None}

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
        """The content with every key of the sheet, null where nothing is filled, rows always lists: what clients read."""
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
                    yield from ((f"{name}.{key}", one) for key, one in item.fields.items())
                case Rows():
                    yield from ((f"{name}.*.{key}", one) for key, one in item.fields.items())
                case _:
                    yield name, item
