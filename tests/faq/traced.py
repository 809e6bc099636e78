"""Which tests show which entry, read from the source: by marker, for a whole file by `pytestmark`, and by the sides of
a boundary.

A name alone shows nothing: a test that is skipped or expects nothing is not counted, and what a test calls and opens
can be asked (`speaks_of`), its own helpers, the `World`'s and the constants it uses included.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent.parent

SKIPPED = {"skip", "skipif", "xfail"}
EXPECTS = {"ok", "refused", "expect", "raises", "axe", "sound"}
"""What a test expects by, besides `assert`: an answer's own checks, playwright's, pytest's."""


@cache
def marked(*folders: str) -> dict[str, list[str]]:
    """FAQ entry → the tests that carry its marker."""
    return _found(folders, "faq")


@cache
def sided(side: str) -> dict[str, list[str]]:
    """FAQ entry → the tests of the API on one side of its boundary: `before` or `since`."""
    return _found(("faq", "api", "control"), side)


@cache
def speaks_of(test: str) -> str:
    """All that a test says in quotes, one a line, by its name as `marked` has it; whatever is put into a text later
    stands as `*`."""
    file, _, name = test.partition("::")
    return "\n".join(text for node in _whole(_read(file), name) for text in _quoted(node))


def _found(folders: tuple[str, ...], mark: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for folder in folders:
        for path in sorted((TESTS / folder).rglob("test_*.py")):
            file = f"{folder}/{path.name}"
            named = _read(file)
            of_file = [entry for node in named.get("pytestmark", ()) for entry in _entries(node, mark)]
            for name, nodes in named.items():
                if name.startswith("test") and _counts(named, name):
                    of_test = [entry for node in nodes for one in node.decorator_list for entry in _entries(one, mark)]
                    for entry in {*of_file, *of_test}:
                        found.setdefault(entry, []).append(f"{file}::{name}")
    return found


def counted(source: str, name: str) -> bool:
    """Whether a test of a source would be counted."""
    return _counts(_names(ast.parse(source)), name)


def _counts(named: Mapping[str, list[ast.AST]], name: str) -> bool:
    (node, *_) = named[name]
    if any(
        isinstance(one, ast.Attribute) and one.attr in SKIPPED for mark in node.decorator_list for one in ast.walk(mark)
    ):
        return False
    return any(
        isinstance(one, ast.Assert) or (isinstance(one, ast.Call) and _called(one) in EXPECTS)
        for part in _whole(named, name)
        for one in ast.walk(part)
    )


@cache
def _read(file: str) -> dict[str, list[ast.AST]]:
    return _names(ast.parse((TESTS / file).read_text(encoding="utf-8")))


def _names(tree: ast.Module) -> dict[str, list[ast.AST]]:
    """What a module has a name for: functions, what is assigned at its top, and what it takes from another module of
    the tests."""
    named: dict[str, list[ast.AST]] = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests."):
            file = f"{'/'.join((node.module or '').split('.')[1:])}.py"
            if (TESTS / file).exists():
                named |= {name.asname or name.name: _whole(_read(file), name.name) for name in node.names}
        elif isinstance(node, ast.FunctionDef):
            named[node.name] = [node]
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    named.setdefault(target.id, []).append(node.value)
    return named


@cache
def _steps() -> dict[str, list[ast.AST]]:
    """The steps of the `World` of the tests, by name."""
    tree = ast.parse((TESTS / "api" / "client.py").read_text(encoding="utf-8"))
    world = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "World")
    return {
        node.name: [node] for node in world.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


def _whole(named: Mapping[str, list[ast.AST]], name: str) -> list[ast.AST]:
    """A function with everything of its module, and of `World`, that it uses, and what that uses."""
    seen: dict[str, list[ast.AST]] = {}
    waiting = [name]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen[here] = named.get(here) or _steps().get(here.removeprefix("."), [])
        for node in seen[here]:
            for one in ast.walk(node):
                if isinstance(one, ast.Name) and one.id in named:
                    waiting.append(one.id)
                elif isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in _steps():
                    waiting.append(f".{one.func.attr}")
    return [node for nodes in seen.values() for node in nodes]


def _quoted(node: ast.AST) -> Iterator[str]:
    docstrings = {
        id(one.body[0].value)
        for one in ast.walk(node)
        if isinstance(one, ast.FunctionDef) and isinstance(one.body[0], ast.Expr)
    }
    for one in ast.walk(node):
        if isinstance(one, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in one.values)
        elif isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in docstrings:
            yield one.value


def _called(node: ast.Call) -> str:
    return (
        node.func.attr
        if isinstance(node.func, ast.Attribute)
        else node.func.id
        if isinstance(node.func, ast.Name)
        else ""
    )


def _entries(node: ast.AST, mark: str) -> Iterator[str]:
    """The first arguments of the calls of a mark, as `pytest.mark.faq("2.4")` or `before("1.8")`."""
    for one in ast.walk(node):
        if (
            isinstance(one, ast.Call)
            and one.args
            and mark in (getattr(one.func, "attr", ""), getattr(one.func, "id", ""))
        ):
            first = one.args[0]
            if isinstance(first, ast.Constant):
                yield str(first.value)
