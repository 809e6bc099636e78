"""What a start can do without."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any


@contextmanager
def loading() -> Iterator[None]:
    """While that is loaded which stays: to look for garbage in it, again and again, takes a sixth of a start; it is
    never looked at again."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


class later:
    """A module that is heavy and seldom wanted, loaded when something of it is first asked for.

    Who uses it imports it under TYPE_CHECKING beside, so that types and floors are checked as ever.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, member: str) -> Any:
        return getattr(import_module(self._name), member)


_COURTESIES = ("django.contrib.postgres", "markdown", "pygments", "requests", "yaml")
"""What DRF serves where it finds it installed, and nobody here asks of it: a tenth of a second and ten megabytes."""


def load_rest_framework() -> None:
    """Load DRF as if its courtesies were not installed; whoever means one of them still imports it afterwards."""
    with hidden(*_COURTESIES):
        import_module("rest_framework.compat")


@contextmanager
def hidden(*names: str) -> Iterator[None]:
    """For the while, modules not yet loaded cannot be imported."""
    away = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(away))  # type: ignore[arg-type]  # None: as the import system has it
    try:
        yield
    finally:
        for name in away:
            del sys.modules[name]
