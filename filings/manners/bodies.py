"""Strict bodies: JSON types are not coerced, and every unknown name is told."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import islice
from typing import Any, ClassVar, cast

from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from filings.rules.appraisal import MOST_UNKNOWN
from filings.rules.dates import SHANGHAI
from filings.rules.kinds import KINDS


class Text(serializers.CharField):
    """A JSON string and nothing else; not an empty one unless `allow_blank` says so, and the document tells that too."""

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("allow_blank"):
            kwargs.setdefault("min_length", 1)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        if type(data) is not str:
            raise serializers.ValidationError("应为文字", code="type_mismatch")
        return super().to_internal_value(data)


class Name(serializers.ChoiceField):
    """One of a closed set of names."""

    def to_internal_value(self, data: Any) -> str:
        if type(data) is not str or data not in self.choices:
            raise serializers.ValidationError(f"应为 {'、'.join(map(str, self.choices))} 之一", code="unknown_code")
        return data


class Whole(serializers.IntegerField):
    """A JSON whole number; 3.0 is one."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is float and data.is_integer():
            data = int(data)
        if type(data) is not int:
            raise serializers.ValidationError("应为整数", code="type_mismatch")
        return super().to_internal_value(data)


class Yes(serializers.BooleanField):
    """true or false."""

    def to_internal_value(self, data: Any) -> bool:
        if type(data) is not bool:
            raise serializers.ValidationError("应为 true 或 false", code="type_mismatch")
        return data


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@extend_schema_field({"type": "string", "format": "date", "pattern": "^(19[0-9]{2}|2[01][0-9]{2}|2200)-"})
class Day(serializers.DateField):
    """A calendar date, written YYYY-MM-DD."""

    def to_internal_value(self, value: Any) -> Any:
        if type(value) is not str:
            raise serializers.ValidationError("应为 YYYY-MM-DD 格式的日期", code="type_mismatch")
        if not _DAY.fullmatch(value):
            raise serializers.ValidationError("应为 YYYY-MM-DD 格式的日期", code="invalid")
        day = super().to_internal_value(value)
        if not 1900 <= day.year <= 2200:
            raise serializers.ValidationError("日期应在 1900 年至 2200 年之间", code="invalid")
        return day


@extend_schema_field({"type": "string", "format": "date-time", "pattern": "^(199[0-9]|2[01][0-9]{2}|2200)-"})
class Instant(serializers.Field[datetime, Any, str, Any]):
    """RFC 3339; without an offset it is Shenzhen's."""

    def to_internal_value(self, data: Any) -> datetime:
        moment = None
        if type(data) is str:
            try:
                moment = parse_datetime(data)
            except ValueError:
                moment = None
        if moment is None:
            raise serializers.ValidationError("应为 RFC 3339 时刻，例如 2021-12-01T09:00:00+08:00", code="invalid")
        moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
        if not 1990 <= moment.year <= 2200:
            raise serializers.ValidationError("时刻应在 1990 年至 2200 年之间", code="invalid")
        return moment

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()


@extend_schema_field({"anyOf": [{"$ref": f"#/components/schemas/{kind.sheet.__name__}Content"} for kind in KINDS.values()]})
class Content(serializers.Field[dict[str, Any], Any, dict[str, Any], Any]):
    """A sheet's content: any object here, judged by the sheet."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if type(data) is not dict:
            raise serializers.ValidationError("应为对象", code="type_mismatch")
        return data

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value


class Body(serializers.Serializer[Any]):
    """A request body that names what it does not know, the first so many of it.

    `clause` tells the document, in JSON Schema, what the fields by themselves do not; `example` is a body that is taken.
    """

    clause: ClassVar[dict[str, Any]] = {}
    example: ClassVar[dict[str, Any]] = {}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise serializers.ValidationError("应为对象", code="type_mismatch")
        names = islice((str(key)[:60] for key in data if key not in self.fields), MOST_UNKNOWN)
        unknown = {name: [ErrorDetail(f"没有名为“{name}”的字段", "unknown_field")] for name in names}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**unknown, **cast(dict[str, Any], error.detail)}) from None
        if unknown:
            raise serializers.ValidationError(unknown)
        return value
