"""Which tests show which entry, read from the source: by marker, for a whole file by `pytestmark`, and by the sides of a boundary."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent.parent


@cache
def marked(*folders: str) -> dict[str, list[str]]:
    """FAQ entry → the tests that carry its marker."""
    return _found(folders, "faq")


@cache
def sided(side: str) -> dict[str, list[str]]:
    """FAQ entry → the tests of the API on one side of its boundary: `before` or `since`."""
    return _found(("faq", "api", "control"), side)


def _found(folders: tuple[str, ...], mark: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for folder in folders:
        for file in sorted((TESTS / folder).rglob("test_*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            of_file = [entry for node in tree.body if _is_pytestmark(node) for entry in _entries(node, mark)]
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                    for entry in {*of_file, *(entry for one in node.decorator_list for entry in _entries(one, mark))}:
                        found.setdefault(entry, []).append(f"{folder}/{file.name}::{node.name}")
    return found


def _is_pytestmark(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id == "pytestmark" for one in node.targets)


def _entries(node: ast.AST, mark: str) -> Iterator[str]:
    """The first arguments of the calls of a mark, as `pytest.mark.faq("2.4")` or `before("1.8")`."""
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and one.args and mark in (getattr(one.func, "attr", ""), getattr(one.func, "id", "")):
            first = one.args[0]
            if isinstance(first, ast.Constant):
                yield str(first.value)
