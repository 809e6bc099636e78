"""Which tests show which entry, by their marks; what each says, with all that it uses of the tests; and whether it
expects anything.

A mark alone shows nothing: a test that is skipped or expects nothing is not counted.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from operator import attrgetter
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
    used = _used_by(attrgetter(name.replace("::", "."))(_module(TESTS / file)))
    return "\n".join(text for one in used for text in (_quoted(one) if isinstance(one, FunctionType) else _texts(one)))


def counted(test: Callable[..., Any]) -> bool:
    """Whether a test is carried out, and expects anything."""
    return not SKIPPED & {mark.name for mark in getattr(test, "pytestmark", ())} and expects(test)


def expects(test: Callable[..., Any]) -> bool:
    """Whether anything can be otherwise than a test expects."""
    return any(isinstance(one, FunctionType) and _expects(one) for one in _used_by(test))


def every_test(*folders: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every test in some folders by name, those of classes included."""
    for path in sorted(path for folder in folders for path in (TESTS / folder).rglob("test_*.py")):
        file = path.relative_to(TESTS).as_posix()
        if file.startswith("examples/"):  # a project of its own
            continue
        for name, one in vars(_module(path)).items():
            if name.startswith("Test") and inspect.isclass(one):
                yield from (
                    (f"{file}::{name}::{own}", test) for own, test in vars(one).items() if own.startswith("test")
                )
            elif name.startswith("test") and inspect.isfunction(one):
                yield f"{file}::{name}", one


def _by_entry(folders: tuple[str, ...], entries: Callable[[Any], list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, test in every_test(*folders):
        if counted(test):
            of_file = getattr(inspect.getmodule(test), "pytestmark", [])
            marks = [one.mark for one in (of_file if isinstance(of_file, list) else [of_file])]
            marks += getattr(test, "pytestmark", [])
            for entry in dict.fromkeys(entry for mark in marks for entry in entries(mark)):
                found.setdefault(entry, []).append(name)
    return found


def _module(path: Path) -> Any:
    return import_module(".".join(path.relative_to(TESTS.parent).with_suffix("").parts))


def _used_by(test: Callable[..., Any]) -> list[Any]:
    """A function with every function and constant of the tests that it uses, steps of `World` included, and what those
    use."""
    found: dict[int, Any] = {}
    waiting: list[Any] = [test]
    while waiting:
        here = waiting.pop()
        if id(here) not in found:
            found[id(here)] = here
            waiting += _uses(here) if isinstance(here, FunctionType) else []
    return list(found.values())


@cache
def _uses(function: FunctionType) -> list[Any]:
    """What the names within a function stand for, as far as it is of the tests."""
    known = function.__globals__
    used = [inspect.unwrap(known.get(node.id)) for node in _nodes(function) if isinstance(node, ast.Name)]
    used += [vars(World).get(node.attr) for node in _nodes(function) if isinstance(node, ast.Attribute)]
    return [
        one
        for one in used
        if one is not None and (not callable(one) or getattr(one, "__module__", "").startswith("tests."))
    ]


@cache
def _expects(function: FunctionType) -> bool:
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Call) and EXPECTS & {getattr(node.func, "id", ""), getattr(node.func, "attr", "")})
        for node in _nodes(function)
    )


@cache
def _nodes(function: FunctionType) -> list[ast.AST]:
    return list(ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))))


def _quoted(function: FunctionType) -> Iterator[str]:
    docstrings = [node.value for node in _nodes(function) if isinstance(node, ast.Expr)]
    for node in _nodes(function):
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
