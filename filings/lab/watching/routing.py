"""Where the journal is kept: in a database of its own where the main one is a file, else in the main one."""

from __future__ import annotations

from typing import Any

from django.conf import settings

JOURNALLED = "exchange"


class JournalRouter:
    """Django's database router: `Exchange` lives in `settings.JOURNAL`, everything else in `default`."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return settings.JOURNAL if model._meta.model_name == JOURNALLED else "default"

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        return db == (settings.JOURNAL if model_name == JOURNALLED else "default")
