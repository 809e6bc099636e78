"""The server with a defect planted in it: whoever copies a filing meets an error of ours, not a refusal."""

import runpy
import sys
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parents[2]
setup = django.setup


def spoilt(**told: Any) -> None:
    """As Django is set up, and then the defect."""
    setup(**told)
    from filings import desk

    desk.copy = copying


def copying(*args: Any, **told: Any) -> Any:
    """As nobody would write it."""
    raise ZeroDivisionError("planted for a test")


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    django.setup = spoilt
    runpy.run_path(str(ROOT / "manage.py"), run_name="__main__")
