"""Columns of our own."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import models


class JSONField(models.JSONField):
    """JSON that is read in a tenth of the time of Django's own: a filing has four such columns. What this cannot read,
    Django's reader gets."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        try:
            return msgspec.json.decode(value)
        except (TypeError, ValueError):
            return super().from_db_value(value, expression, connection)
