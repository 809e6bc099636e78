"""What a start can do without."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module


@contextmanager
def loading() -> Iterator[None]:
    """While that is loaded which stays: to look for garbage in it, again and again, takes a sixth of a start; it is never looked at again."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


_COURTESIES = ("django.contrib.postgres", "markdown", "pygments", "requests", "yaml")
"""What DRF serves where it finds it installed, and nobody here asks of it: a tenth of a second and ten megabytes."""


def load_rest_framework() -> None:
    """Load DRF as if its courtesies were not installed; whoever means one of them still imports it afterwards."""
    with _hidden(*_COURTESIES):
        import_module("rest_framework.compat")


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """For the while, modules not yet loaded cannot be imported."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: as the import system has it
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
