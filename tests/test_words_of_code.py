"""The code speaks plainly: a name says what it stands for, hides no import, and a line is not too long to read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PLACES = ("filings", "singlewindow", "tests", "docs")
LONGEST = 120
"""Characters of a line."""

TABLES = 20
"""So many tables at most are laid out by hand."""

EMPTY_WORDS = frozenset({"one", "told"})
"""Names that would fit anything: what something is says more than that there is one, or that it is told."""


@cache
def files() -> dict[str, str]:
    """Every file of Python with its text; migrations are written by Django."""
    found = [ROOT / "manage.py", *(file for place in PLACES for file in sorted((ROOT / place).rglob("*.py")))]
    return {
        file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in found if "migrations" not in file.parts
    }


def application() -> Iterator[tuple[str, ast.Module]]:
    for name, text in files().items():
        if name.startswith(("filings/", "singlewindow/")):
            yield name, ast.parse(text)


Bound = tuple[int, str]
"""A line, and the name it gives to something."""


def bound(tree: ast.AST) -> Iterator[Bound]:
    """Every name that is given to a value, an argument, or an error that is caught."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                yield node.lineno, name


def hidden_imports(module: ast.Module) -> list[Bound]:
    """What is imported and given to something else within a function, a lambda or a comprehension. A member of a class
    hides nothing: it is reached by its owner."""
    imported = {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(module)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    scopes = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.comprehension
    within = {name for node in ast.walk(module) if isinstance(node, scopes) for name in bound(node)}
    return sorted((line, name) for line, name in within if name in imported)


def test_nothing_hides_an_import() -> None:
    assert {name: hidden for name, module in application() if (hidden := hidden_imports(module))} == {}


def test_no_name_would_fit_anything() -> None:
    found = {name: sorted(b for b in bound(module) if b[1] in EMPTY_WORDS) for name, module in application()}
    assert {name: given for name, given in found.items() if given} == {}


def test_no_line_is_too_long_to_read() -> None:
    assert [
        f"{name}:{n}"
        for name, text in files().items()
        for n, line in enumerate(text.splitlines(), 1)
        if len(line) > LONGEST
    ] == []


def test_few_tables_are_laid_out_by_hand() -> None:
    mark = "# fmt: " + "skip"
    assert sum(text.count(mark) + text.count("# fmt: " + "off") for text in files().values()) <= TABLES


@pytest.mark.parametrize(
    ("code", "hidden"),
    [
        ("from x import a\ndef f(): a = 1", [(2, "a")]),
        ("from x import a\ndef f(a): pass", [(2, "a")]),
        ("import a.b\nf = lambda a: 1", [(2, "a")]),
        ("from x import y as a\nf = [a for a in b]", [(2, "a")]),
        ("def f():\n    from x import a\n    a = 1", [(3, "a")]),
        ("from x import a\ndef f():\n    try: pass\n    except E as a: pass", [(4, "a")]),
        ("from x import a\nclass C:\n    a: int", []),
        ("from x import y as b\ndef f(y): pass", []),
    ],
)
def test_it_sees_an_import_that_is_hidden_and_nothing_else(code: str, hidden: list[Bound]) -> None:
    assert hidden_imports(ast.parse(code)) == hidden
