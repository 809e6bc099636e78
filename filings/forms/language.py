"""The language of the small forms: each is declared once, read from JSON by the API and from a page's POST, told and
drawn.

JSON types are not coerced, every unknown name is told, and every fault in words of ours: a member's own
`to_internal_value` judges it whole, so that none of the framework's validators has anything left to say. A page has
nothing but texts: `typed` makes of them what a program would have sent, and the same judgement follows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from functools import cache, cached_property
from itertools import islice
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, NoReturn, cast

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.utils.serializer_helpers import BindingDict

from filings.rules.appraisal import MOST_UNKNOWN, Problem, escaped
from filings.rules.dates import SHANGHAI, day_written, moment_written
from filings.rules.naming import Sort
from filings.rules.numbers import A_FIRM, AMOUNT, amount, amount_written, fold
from filings.rules.refusals import invalid
from filings.rules.texts import WrongValue, letters, like, line, lines, shown

UNSAID = object()
"""What stands for no value at all."""

_FOUND = {"required": "必填，没有给出", "null": "不能为 null", "blank": "不能为空", "empty": "至少给出一项"}
"""What the framework finds by itself before a member is read, in our words."""


SAMPLES: Mapping[str, Any] = MappingProxyType(
    {
        "sandbox": "demo",
        "username": "card",
        "display_name": "张演练",
        "card_no": "SIMC00000002",
        "random": "0" * 64,
        "signature": "MEUCIQ…",
        "uscc": A_FIRM,
        "agent": A_FIRM,
        "principal": A_FIRM,
        "name_cn": "深圳市云帆演练国际贸易有限公司",
        "name_en": "SHENZHEN YUNFAN TRAINING TRADE CO., LTD.",
        "address_cn": "广东省深圳市福田区福中三路1006号",
        "legal_representative": "张演练",
        "enterprise_name": "深圳市云帆演练国际贸易有限公司",
        "holder_name": "王演练",
        "holder_id_type": "护照",
        "holder_id_number": "E00000000",
        "filing": "F000001",
        "client_reference": "PO-2021-001",
        "content": {"remarks": "无"},
        "number": "4700600001",
        "remarks": "无",
        "text": "请问申请单何时发往海关？",
        "name": "演练",
        "clock": {"mode": "frozen"},
        "market": {"legal_representative": "张演练"},
        "method": "POST",
        "path": "/api/v1/filings/*/declare",
        "account": "card",
        "event": "filing.approved",
        "match": {"uscc": A_FIRM},
        "count": {"at_least": 1},
        "body": {"kind": "registration"},
        "reason_code": "address_mismatch",
        "public_comment": "地址与登记不符",
        "internal_comment": "地址待核",
        "country": "CHN",
        "currency": "CNY",
        "categories": ["10000000"],
        "events": ["filing.approved"],
        "customs_code": "4403160001",
        "inspection_number": "4700600001",
        "investors": [{"name": "张演练", "country": "CHN"}],
        "password": "Demo-2021",
        "pin": "88888888",
        "ttl_hours": 24,
    }
)
"""What members of a name take, whichever body they are of; all invented."""


class Told(serializers.Field[Any, Any, Any, Any]):
    """A member whose faults are told with what was given and a right one.

    label    what people call it; with `help_text`, what is to be known beforehand, it describes the member in the
             documents
    sample   a right value, unless the body's example has one, or what members of its name take is one
    control  what a page draws it as
    hidden   what was given is never repeated
    """

    sample: Any = None
    control: str = "text"
    hidden: ClassVar[bool] = False

    def __init__(self, *args: Any, label: str = "", help_text: str = "", sample: Any = None, **kwargs: Any) -> None:
        # A label of the framework's would be a title in the documents, of which generators make the name of a class.
        super().__init__(*args, label="", help_text="：".join(filter(None, (label, help_text))) or None, **kwargs)
        self.called, self.hint = label, help_text
        self.sample = self.sample if sample is None else sample

    def typed(self, post: QueryDict, name: str) -> Any:
        """What a program would have sent for what a page's control of this name brought; UNSAID for what was left
        empty."""
        text = post.get(name, "")
        return self.meant(text) if (text if self.hidden else text.strip()) else UNSAID

    def meant(self, text: str) -> Any:
        """What a program would have sent for a text."""
        return text

    def wrong(self, code: str, words: str, given: Any = UNSAID) -> NoReturn:
        """Raise what is wrong, with what was given and a right one."""
        filled_in = "" if given is UNSAID or self.hidden else f"，填写的是{shown(given)}"
        raise serializers.ValidationError(f"{words}{filled_in}{like(self.told(self.right))}", code=code)

    def fail(self, key: str, **kwargs: Any) -> NoReturn:
        self.wrong(key, _FOUND.get(key, "不是可以接受的值"))

    def told(self, value: Any) -> Any:
        """How a value is given to people."""
        return value

    @property
    def right(self) -> Any:
        """A right value to give as an example."""
        body, name = getattr(self, "parent", None), self.field_name or ""
        known = (body.example.get(name) if isinstance(body, Body) else None, self.sample, SAMPLES.get(name))
        return next((sample for sample in known if sample is not None), None)


class Text(Told, serializers.CharField):
    """A JSON string and nothing else, in one line unless `long`; not an empty one unless `allow_blank` says so."""

    def __init__(self, *, long: bool = False, **kwargs: Any) -> None:
        self.long = long
        if long:
            self.control = "long"
        if not kwargs.get("allow_blank"):
            kwargs.setdefault("min_length", 1)  # the document tells that too
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        if type(data) is not str:
            self.wrong("type_mismatch", "应为文字", data)
        try:
            text = self.tidy(data)
        except WrongValue as fault:
            self.wrong(fault.code, fault.detail)
        if self.min_length and len(text) < self.min_length:
            self.wrong("min_length", f"至少 {self.min_length} 个字，填写了 {len(text)} 个字")
        return text

    def tidy(self, data: str) -> str:
        """The text as it is kept. Raises WrongValue."""
        return lines(data, self.max_length) if self.long else line(data, self.max_length)


class Code(Text):
    """A number or a code, in its usual letters."""

    control = "code"

    def tidy(self, data: str) -> str:
        return fold(super().tidy(data)).upper()


class Chosen(Text):
    """One thing of a catalogue with its parameters, by one string; an unknown one is told with those there are, and
    not here.

    A page has a control for the name, and one `p-<name>` for each parameter: those the chosen one takes, and that are
    not as they would be anyway, make the string.
    """

    control = "picker"
    catalogue: ClassVar[Sort[Any]]

    def typed(self, post: QueryDict, name: str) -> Any:
        chosen = post.get(name, "").strip()
        takes = self.catalogue.named[chosen].parameters if chosen in self.catalogue.named else ()
        given = [(parameter, fold(post.get(f"p-{parameter.name}", ""))) for parameter in takes]
        return (
            "; ".join([chosen, *(f"{parameter.name}={v}" for parameter, v in given if v and v != parameter.default)])
            or UNSAID
        )


class Secret(Text):
    """A password, a PIN: read to the letter, never repeated."""

    control = "secret"
    hidden = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)

    def tidy(self, data: str) -> str:
        return letters(data, self.max_length)


@extend_schema_field(
    {"type": "string", "pattern": f"^{AMOUNT}$", "description": "金额，两位至六位小数", "examples": ["500.00"]}
)
class Amount(Text):
    """An amount, a decimal string; kept in its one spelling of two to six places."""

    sample = "500.00"

    def meant(self, text: str) -> Any:
        return amount_written(text)

    def tidy(self, data: str) -> str:
        found = amount(fold(data))
        if found is None:
            raise WrongValue("invalid", f"应为不超过六位小数的金额，不带符号、逗号和单位，填写的是{shown(data)}")
        return found


class Name(Told, serializers.ChoiceField):
    """One of a closed set of names."""

    control = "choice"

    def to_internal_value(self, data: Any) -> str:
        if type(data) is not str or data not in self.choices:
            self.wrong("unknown_code", f"应为 {'、'.join(map(self.told, self.choices))} 之一", data)
        return data

    def told(self, value: str) -> str:
        label = str(self.choices[value])
        return value if label == value else f"{value} {label}"

    @property
    def right(self) -> Any:
        return super().right or next(iter(self.choices))


_NUMBER = re.compile(r"-?(?=[0-9.])[0-9]{0,400}(\.[0-9]{0,400})?")


def number(text: str) -> Any:
    """The number a typed text is; else the text, to be told as wrong."""
    text = fold(text)
    try:
        return (float if "." in text else int)(text) if _NUMBER.fullmatch(text) else text
    except ValueError:
        return text


class Whole(Told, serializers.IntegerField):
    """A JSON whole number; 3.0 is one."""

    control = "number"

    def meant(self, text: str) -> Any:
        return number(text)

    def to_internal_value(self, data: Any) -> int:
        number = int(data) if type(data) is float and data.is_integer() else data
        if type(number) is not int:
            self.wrong("type_mismatch", f"应为{self.range}整数", data)
        if self.min_value is not None and number < self.min_value:
            self.wrong("min_value", f"应为{self.range}整数", data)
        if self.max_value is not None and number > self.max_value:
            self.wrong("max_value", f"应为{self.range}整数", data)
        return number

    @property
    def range(self) -> str:
        """Between what it must lie, in words."""
        if self.min_value is None or self.max_value is None:
            return ""
        return f" {self.min_value} 到 {self.max_value} 的"

    @property
    def right(self) -> Any:
        return super().right or max(self.min_value or 0, 1)


class Yes(Told, serializers.BooleanField):
    """true or false."""

    sample = True
    control = "tick"

    def typed(self, post: QueryDict, name: str) -> Any:
        return True if name in post else UNSAID

    def to_internal_value(self, data: Any) -> bool:
        if type(data) is not bool:
            self.wrong("type_mismatch", "应为 true 或 false", data)
        return data


class Several(Told, serializers.ListField):
    """A JSON array."""

    control = "several"

    def typed(self, post: QueryDict, name: str) -> Any:
        return [item for item in post.getlist(name) if item] or UNSAID

    def to_internal_value(self, data: Any) -> list[Any]:
        if type(data) is not list:
            self.wrong("not_a_list", "应为数组", data)
        if self.min_length is not None and len(data) < self.min_length:
            self.wrong("min_length", f"至少 {self.min_length} 项，填写了 {len(data)} 项")
        if self.max_length is not None and len(data) > self.max_length:
            self.wrong("max_length", f"最多 {self.max_length} 项，填写了 {len(data)} 项")
        found: list[Any] = super().to_internal_value(data)
        return found


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@extend_schema_field({"type": "string", "format": "date", "pattern": "^(19[0-9]{2}|2[01][0-9]{2}|2200)-"})
class Day(Told, serializers.DateField):
    """A calendar date, written YYYY-MM-DD."""

    sample = "2021-12-01"
    control = "date"

    def meant(self, text: str) -> Any:
        return day_written(fold(text))

    def to_internal_value(self, value: Any) -> date:
        if type(value) is not str:
            self.wrong("type_mismatch", "应为 YYYY-MM-DD 格式的日期", value)
        if not _DAY.fullmatch(value):
            self.wrong("invalid", "应为 YYYY-MM-DD 格式的日期", value)
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.wrong("invalid", "没有这一天", value)
        if not 1900 <= day.year <= 2200:
            self.wrong("invalid", "日期应在 1900 年至 2200 年之间", value)
        return day


@extend_schema_field({"type": "string", "format": "date-time", "pattern": "^(199[0-9]|2[01][0-9]{2}|2200)-"})
class Instant(Told):
    """RFC 3339; without an offset it is Shenzhen's."""

    sample = "2021-12-01T09:00:00+08:00"
    control = "moment"

    def meant(self, text: str) -> Any:
        return moment_written(text)

    def to_internal_value(self, data: Any) -> datetime:
        moment = None
        if type(data) is str:
            try:
                moment = parse_datetime(data)
            except ValueError:
                moment = None
        if moment is None:
            self.wrong("invalid", "应为 RFC 3339 时刻，北京时间的也可以写成 2021-12-01 09:00", data)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
        if not 1990 <= moment.year <= 2200:
            self.wrong("invalid", "时刻应在 1990 年至 2200 年之间", data)
        return moment

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()


@extend_schema_field({"$ref": "#/components/schemas/SheetContent"})
class Content(Told):
    """A sheet's content: any object here, judged by the sheet."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if type(data) is not dict:
            self.wrong("type_mismatch", "应为对象", data)
        return data

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value


class Bodies(Told, serializers.ListSerializer[Any]):
    """A JSON array of bodies."""

    def to_internal_value(self, data: Any) -> list[Any]:
        if type(data) is not list:
            self.wrong("not_a_list", "应为数组", data)
        found: list[Any] = super().to_internal_value(data)
        return found


class Way(NamedTuple):
    """One of the shapes a body can have.

    needs    members it must have, of those that are optional by themselves
    without  members it never has
    only     members that take less than elsewhere, as JSON Schema
    """

    needs: Collection[str] = ()
    without: Collection[str] = ()
    only: Mapping[str, Mapping[str, Any]] = MappingProxyType({})


def says(value: str) -> dict[str, Any]:
    """JSON Schema of a text that is always the same."""
    return {"type": "string", "const": value}


class Body(Told, serializers.Serializer[Any]):
    """A request body that names what it does not know, the first so many of it.

    ways     for the document: the shapes it can have, each by a name of its own, where its members by themselves do
             not tell
    held     for the document: in words, what else holds between its members
    example  a body that is taken
    """

    ways: ClassVar[Mapping[str, Way]] = MappingProxyType({})
    held: ClassVar[str] = ""
    example: ClassVar[dict[str, Any]] = {}

    class Meta:
        list_serializer_class = Bodies

    @classmethod
    def read(cls, data: Any, **context: Any) -> dict[str, Any]:
        """What is sent, checked. Raises 422 with every fault."""
        try:
            return dict(cls(data=data, context=context).run_validation(data))
        except serializers.ValidationError as error:
            raise invalid(faults_of(error)) from None

    @classmethod
    def from_post(cls, post: QueryDict, only: Collection[str] = ()) -> dict[str, Any]:
        """What a page's form brought, checked as a program's body is; of a page without some of the members, `only`
        the others."""
        brought = cls().typed(post, "")
        return cls.read({name: value for name, value in brought.items() if not only or name in only}, only=only)

    @cached_property
    def fields(self) -> BindingDict:
        """The members, made once for all bodies of a class, which takes longer than to read a body by them. They know
        no request."""
        return _members(type(self))

    def typed(self, post: QueryDict, name: str) -> Any:
        typed = (
            (part, member.typed(post, f"{name}__{part}" if name else part)) for part, member in self.controls.items()
        )
        found = {part: value for part, value in typed if value is not UNSAID}
        return found if found or self.required else UNSAID

    @property
    def controls(self) -> Mapping[str, Told]:
        """The members, which a page draws; those of a member that is a form itself are named `match__path`."""
        return cast(Mapping[str, Told], self.fields)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            self.wrong("type_mismatch", "应为对象", data)
        names = islice((key for key in data if key not in self.fields), MOST_UNKNOWN)
        unknown = {
            escaped(str(key))[:60]: [ErrorDetail(f"没有名为{shown(key)}的字段", "unknown_field")] for key in names
        }
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**unknown, **cast(dict[str, Any], error.detail)}) from None
        if unknown:
            raise serializers.ValidationError(unknown)
        return value


@cache
def _members(form: type[Body]) -> BindingDict:
    blank = form()
    members = BindingDict(blank)
    for name, member in blank.get_fields().items():
        members[name] = member
    return members


def faults_of(error: serializers.ValidationError) -> list[Problem]:
    """What a form found wrong, each with its JSON pointer."""
    return list(_faults(error.detail, ""))


def _faults(detail: Any, pointer: str) -> Iterator[Problem]:
    if isinstance(detail, dict):
        for key, value in detail.items():
            yield from _faults(value, pointer if key == "non_field_errors" else f"{pointer}/{key}")
    elif isinstance(detail, list):
        for n, value in enumerate(detail):
            nested = isinstance(value, dict | list)
            yield from _faults(value, f"{pointer}/{n}" if nested else pointer)
    else:
        yield Problem(pointer or "/", getattr(detail, "code", "invalid"), str(detail))
