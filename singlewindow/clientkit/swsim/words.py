"""The language in which the kit speaks: Chinese where the locale is, else English. `SWSIM_LANG=zh|en` settles it."""

from __future__ import annotations

import locale
import os


def chinese() -> bool:
    """Whether the kit speaks Chinese here and now."""
    variables = ("SWSIM_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    language = next((os.environ[name] for name in variables if os.environ.get(name)), None)
    if language is None:  # as on Windows: what the system itself says
        language = locale.getlocale()[0] or ""
    return language.lower().startswith(("zh", "chinese"))


def say(english: str, chinese_words: str) -> str:
    """One of the two, by the locale."""
    return chinese_words if chinese() else english
