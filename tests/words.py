"""Telling a framework's sentences from ours (the message catalogues of Django, of DRF, of every application that is
installed), and a developer's words from a clerk's."""

from __future__ import annotations

import gettext
import html
import re
from functools import cache
from pathlib import Path

import django.conf
from django.apps import apps

_HELD = re.compile(r"%\([^)]*\)[a-z]|%[a-z]|\{[^}]*\}")
"""What a message has for a value."""

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
LEAST = 4
"""Chinese characters, or English words, that make a sentence; fewer are a word anybody may use."""


def catalogues() -> list[Path]:
    """The Chinese catalogues."""
    roots = [Path(django.conf.__file__).parent, *(Path(app.path) for app in apps.get_app_configs())]
    found = [root / "locale/zh_Hans/LC_MESSAGES/django.mo" for root in roots]
    return [one for one in found if one.exists()]


@cache
def sentences() -> frozenset[str]:
    """All that they say, in Chinese or, where that lacks, in English."""
    found: set[str] = set()
    for path in catalogues():
        with path.open("rb") as file:
            said = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
        for key, text in said.items():
            english = key[0] if isinstance(key, tuple) else key
            found |= {text, english.rpartition("\x04")[2]}
    return frozenset(one for one in found if _is_a_sentence(one))


def _is_a_sentence(text: str) -> bool:
    bare = _HELD.sub("", text)
    return len(_CHINESE.findall(bare)) >= LEAST or len(re.findall(r"[A-Za-z]{2,}", bare)) >= LEAST


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Each sentence with its longest piece that no value breaks: a text without that need not be searched."""
    pieces = {sentence: _HELD.split(sentence.strip()) for sentence in sentences()}
    return [(max(found, key=len), re.compile(".{0,80}?".join(map(re.escape, found)))) for found in pieces.values()]


def of_a_framework(text: str) -> list[str]:
    """What in a text a framework could have said."""
    text = html.unescape(text)
    return [said.group() for piece, pattern in _patterns() if piece in text and (said := pattern.search(text))]


_OF_A_DEVELOPER = re.compile(
    r"If-Match|ETag|Retry-After|Idempotency|Content-Type|JSON|YAML|HTTP|UTF-8|multipart|base64|openssl|ECDSA|PEM"
    r"|(?:GET|POST|PUT|PATCH|DELETE) /|/(?:api|control)/|SIM_[A-Z]+|webhook|sandbox|[Tt]oken|Traceback|Django|Python"
    r"|\b(?:null|None|True|False|true|false|undefined|NaN|object Object)\b|Exception|Error\b"
    r"|\b[a-z]+(?:_[a-z]+)+\b|\b[A-Z][A-Za-z]+\.[a-z_]+|\{[a-z_]+\}|\{[{%]|[%}]\}"
    "|沙箱|令牌|幂等|请求体|请求头|数组|布尔|字符串|控制接口|业务接口|接口文档|开发者|检查点"
)
"""What is said to who writes programs: names in code, headers, notations, what a sandbox is made of."""


def of_a_developer(text: str) -> list[str]:
    """What in a text no clerk should have to read, with the words around it."""
    return [text[max(0, found.start() - 20) : found.end() + 20] for found in _OF_A_DEVELOPER.finditer(text)]
