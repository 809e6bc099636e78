"""Which tests show which entry, by their marks, and what each says with all that it uses of the tests.

A mark alone shows nothing: a test that is skipped or expects nothing is not counted.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import FunctionType
from typing import Any

from tests.api.client import World
from tests.faq.boundaries import BOUNDARIES, both_ways

TESTS = Path(__file__).parent.parent

SKIPPED = {"skip", "skipif", "xfail"}
EXPECTS = {"ok", "refused", "expect", "raises", "axe", "sound"}
"""What a test expects by, besides `assert`: an answer's own checks, playwright's, pytest's."""


@cache
def marked(*folders: str) -> dict[str, list[str]]:
    """FAQ entry → the tests that carry its mark."""
    return _by_entry(folders, lambda mark: [mark.args[0]] if mark.name == "faq" else [])


@cache
def sided(side: str) -> dict[str, list[str]]:
    """FAQ entry → the tests of the API on one side of its boundary: `before` or `since`."""
    moments = {entry: both_ways(one.last if side == "before" else one.first) for entry, one in BOUNDARIES.items()}
    return _by_entry(
        ("faq", "api", "control"),
        lambda mark: [
            entry
            for entry, both in moments.items()
            if mark.name == "parametrize" and mark.args[0] == "moment" and mark.args[1][:2] == both
        ],
    )


@cache
def speaks_of(test: str) -> str:
    """All that a test says in quotes, one a line, by its name as `marked` has it; whatever is put into a text later
    stands as `*`."""
    file, _, name = test.partition("::")
    used = _used_by(getattr(_module(TESTS / file), name))
    return "\n".join(text for one in used for text in (_quoted(one) if isinstance(one, FunctionType) else _texts(one)))


def counted(test: Callable[..., Any]) -> bool:
    """Whether a test is carried out, and expects anything."""
    if SKIPPED & {mark.name for mark in getattr(test, "pytestmark", ())}:
        return False
    nodes = [node for one in _used_by(test) if isinstance(one, FunctionType) for node in ast.walk(_tree(one))]
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Call) and EXPECTS & {getattr(node.func, "id", ""), getattr(node.func, "attr", "")})
        for node in nodes
    )


def _by_entry(folders: tuple[str, ...], entries: Callable[[Any], list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted(path for folder in folders for path in (TESTS / folder).rglob("test_*.py")):
        module = _module(path)
        of_file = getattr(module, "pytestmark", [])
        marks_of_file = [one.mark for one in (of_file if isinstance(of_file, list) else [of_file])]
        for name, test in vars(module).items():
            if name.startswith("test") and inspect.isfunction(test) and counted(test):
                marks = [*marks_of_file, *getattr(test, "pytestmark", [])]
                for entry in dict.fromkeys(entry for mark in marks for entry in entries(mark)):
                    found.setdefault(entry, []).append(f"{path.parent.name}/{path.name}::{name}")
    return found


def _module(path: Path) -> Any:
    return import_module(".".join(path.relative_to(TESTS.parent).with_suffix("").parts))


@cache
def _used_by(test: Callable[..., Any]) -> list[Any]:
    """A function with every function and constant of the tests that it uses, steps of `World` included, and what those
    use."""
    found: list[Any] = []
    waiting: list[Any] = [test]
    while waiting:
        here = waiting.pop()
        if any(here is one for one in found):
            continue
        found.append(here)
        if isinstance(here, FunctionType):
            waiting += [
                used
                for node in ast.walk(_tree(here))
                if (used := _meant(node, here)) is not None
                and (not callable(used) or getattr(used, "__module__", "").startswith("tests."))
            ]
    return found


def _meant(node: ast.AST, within: FunctionType) -> Any:
    """What a name within a function stands for, or a step of `World`."""
    if isinstance(node, ast.Name):
        return inspect.unwrap(within.__globals__.get(node.id))
    return vars(World).get(node.attr) if isinstance(node, ast.Attribute) else None


@cache
def _tree(function: FunctionType) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def _quoted(function: FunctionType) -> Iterator[str]:
    docstrings = [node.value for node in ast.walk(_tree(function)) if isinstance(node, ast.Expr)]
    for node in ast.walk(_tree(function)):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings:
            yield node.value


def _texts(value: Any) -> Iterator[str]:
    """The texts of a constant."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for one in (*value, *value.values()) for text in _texts(one))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (text for one in value for text in _texts(one))
