"""The house holds: floors point down, one door to the tables, one file that asks the time, no ladder of kinds.

Read from the source by its syntax tree, so that neither a comment nor a docstring counts.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILINGS = ROOT / "filings"

TABLES = (
    "models/",
    "record/",
    "desk.py",
    "counters/",
    "customs/",
    "printing/verifying.py",
    "agenda.py",
    "guessing.py",
    "visits.py",
    "learners.py",
    "lab/",
)
"""Who may touch `.objects`. Faces ask these."""

CLOCK = "models/sandbox.py"
"""The only file that asks the system for the time."""

KINDS = "rules/kinds.py"
"""The only file that may ask which kind a filing is of."""

TEST_AWARE = {
    "scenario": (
        "rules/scenarios.py",
        "rules/exercises/schema.py",
        "rules/refusals.py",
        "rules/events.py",
        "models/",
        "desk.py",
        "visits.py",
        "customs/",
        "lab/",
        "control/",
        "forms/lab.py",
        "answers/",
        "api/endpoint.py",
        "api/filings.py",
        "web/backstage.py",
        "web/telling.py",
        "web/console/",
        "web/customs_queue.py",
    ),
    "glitch": (
        "rules/glitches.py",
        "rules/faults.py",
        "models/",
        "record/facts.py",
        "answers/",
        "lab/",
        "forms/lab.py",
        "web/console/faults.py",
    ),
    "stale_form": (
        "rules/events.py",
        "rules/facts.py",
        "rules/conditions.py",
        "rules/sheets/registration.py",
        "models/filing.py",
        "record/facts.py",
        "desk.py",
        "lab/",
    ),
}
"""Who may know that the world is made for practice, or that a page misbehaves: all else just reads facts."""


@cache
def sources() -> dict[str, ast.Module]:
    """Every source of the application by its path below `filings/`; migrations are history and are left out."""
    files = [file for file in sorted(FILINGS.rglob("*.py")) if "migrations" not in file.parts]
    return {file.relative_to(FILINGS).as_posix(): ast.parse(file.read_text(encoding="utf-8")) for file in files}


def within(name: str, allowed: tuple[str, ...]) -> bool:
    return any(name == one or (one.endswith("/") and name.startswith(one)) for one in allowed)


def found(what: Callable[[ast.AST], bool], source: ast.AST) -> list[int]:
    """The lines where a node is what is looked for."""
    return [getattr(node, "lineno", 0) for node in ast.walk(source) if what(node)]


def offenders(what: Callable[[ast.AST], bool], allowed: tuple[str, ...]) -> list[str]:
    return [
        f"filings/{name}:{line}"
        for name, tree in sources().items()
        if not within(name, allowed)
        for line in found(what, tree)
    ]


# ── what is looked for ────────────────────────────────────────────────────────────────────────────────────────────


def touches_a_table(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("objects", "_base_manager", "_default_manager")


MOMENTS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("timezone", "now"),
    ("timezone", "localtime"),
    ("timezone", "localdate"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
}
"""`time.monotonic` measures a distance and tells no time; it may be used."""


def asks_the_time(node: ast.AST) -> bool:
    """A call, or the bare name handed on as a default; also `from time import time` and the like."""
    if isinstance(node, ast.ImportFrom):
        return node.module in ("time", "django.utils.timezone") and any(
            (node.module.split(".")[-1], name.name) in MOMENTS for name in node.names
        )
    if not isinstance(node, ast.Attribute):
        return False
    owner = node.value
    last = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return (last, node.attr) in MOMENTS


def asks_the_kind(node: ast.AST) -> bool:
    """`kind == …`, `filing.kind in (…)`, `match filing.kind`: a ladder, or the first rung of one; also by a kind's own
    value."""

    def is_kind(one: ast.expr) -> bool:
        match one:
            case ast.Name(id="kind") | ast.Attribute(attr="kind"):
                return True
            case ast.Attribute(value=owner, attr="name"):
                return is_kind(owner)
        return False

    def is_text(one: ast.expr) -> bool:
        inside = one.elts if isinstance(one, ast.Tuple | ast.List | ast.Set) else [one]
        return any(is_named(each) for each in inside)

    def is_named(one: ast.expr) -> bool:
        match one:
            case ast.Constant(value=name):
                return name in NAMES
            case ast.Name(id=name) | ast.Attribute(attr=name) if name.lower() in NAMES and name.isupper():
                return True
            case ast.Attribute(value=owner, attr="name"):
                return is_named(owner)
        return False

    if isinstance(node, ast.Match):
        return is_kind(node.subject) and any(
            isinstance(n, ast.Constant) and n.value in NAMES for case in node.cases for n in ast.walk(case.pattern)
        )
    if not isinstance(node, ast.Compare):
        return False
    sides = [node.left, *node.comparators]
    return any(is_kind(side) for side in sides) and any(is_text(one) for one in sides)


NAMES = ("registration", "change", "deregistration", "mofcom_change")


def says(word: str) -> Callable[[ast.AST], bool]:
    """A name, an attribute, an argument or a text that holds the word; docstrings are taken out beforehand."""

    def said(node: ast.AST) -> bool:
        match node:
            case (
                ast.Name(id=text)
                | ast.Attribute(attr=text)
                | ast.arg(arg=text)
                | ast.keyword(arg=text)
                | ast.alias(name=text)
            ):
                return word in (text or "").lower()
            case ast.FunctionDef(name=text) | ast.ClassDef(name=text):
                return word in text.lower()
            case ast.Constant(value=str(text)):
                return word in text.lower() and node not in _docstrings()
        return False

    return said


@cache
def _docstrings() -> set[ast.AST]:
    """Texts that stand alone: docstrings of modules, classes, functions and constants."""
    return {
        node.value
        for tree in sources().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


# ── the house ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_contracts_between_the_floors_are_kept() -> None:
    pytest.importorskip("importlinter.cli", reason="import-linter is among requirements-dev.txt")
    # In a process of its own: it sets up logging anew, and would silence the loggers that other tests listen to.
    command = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    told = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert told.returncode == 0, told.stdout + told.stderr


def test_only_those_behind_the_doors_touch_a_table() -> None:
    assert offenders(touches_a_table, TABLES) == []


def test_only_one_file_asks_the_system_for_the_time() -> None:
    assert offenders(asks_the_time, (CLOCK,)) == []
    assert found(asks_the_time, sources()[CLOCK])


def test_nobody_but_the_kinds_themselves_asks_which_kind_it_is() -> None:
    assert offenders(asks_the_kind, (KINDS,)) == []


@pytest.mark.parametrize("word", TEST_AWARE)
def test_few_files_know_what_is_made_up(word: str) -> None:
    assert offenders(says(word), TEST_AWARE[word]) == []


@pytest.mark.parametrize("word", TEST_AWARE)
def test_nobody_is_on_a_list_who_need_not_be(word: str) -> None:
    speakers = {name for name, tree in sources().items() if found(says(word), tree)}
    assert [one for one in TEST_AWARE[word] if not any(within(name, (one,)) for name in speakers)] == []


def test_the_rules_import_neither_models_nor_settings() -> None:
    for name, tree in sources().items():
        if name.startswith("rules/"):
            modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
            modules |= {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
            banned = re.compile(r"django\.(db(?!\.models$)|conf|utils\.timezone|apps)|filings\.(?!rules)|time$")
            assert [module for module in modules if banned.match(module)] == [], name


# ── the looking itself ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("looks", "line", "sees"),
    [
        (touches_a_table, "Filing.objects.get(pk=1)", True),
        (touches_a_table, "desk.find(visit, 1)", False),
        (asks_the_time, "datetime.now(UTC)", True),
        (asks_the_time, "datetime.datetime.now()", True),
        (asks_the_time, "Field(default=timezone.now)", True),
        (asks_the_time, "date.today()", True),
        (asks_the_time, "time.time()", True),
        (asks_the_time, "from time import time", True),
        (asks_the_time, "time.monotonic()", False),
        (asks_the_time, "sandbox.now()", False),
        (asks_the_kind, "kind == 'change'", True),
        (asks_the_kind, "'registration' != filing.kind", True),
        (asks_the_kind, "filing.kind in ('change', 'deregistration')", True),
        (asks_the_kind, "match filing.kind:\n    case 'change': pass", True),
        (asks_the_kind, "found.kind == MOFCOM_CHANGE.name", True),
        (asks_the_kind, "kind is kinds.CHANGE", True),
        (asks_the_kind, "kind.name == REGISTRATION.name", True),
        (asks_the_kind, "KINDS[filing.kind]", False),
        (asks_the_kind, "rows.filter(kind=kind)", False),
        (says("scenario"), "visit.scenario", True),
        (says("scenario"), "'X-Sim-Scenario'", True),
        (says("scenario"), "situation", False),
    ],
)
def test_it_sees_what_it_looks_for_and_nothing_else(looks: Callable[[ast.AST], bool], line: str, sees: bool) -> None:
    assert bool(found(looks, ast.parse(line))) is sees


def below_the_faces() -> Iterator[tuple[str, ast.FunctionDef]]:
    for file in [
        Path(__file__),
        *sorted((ROOT / "tests" / "desk").glob("*.py")),
        *sorted((ROOT / "tests" / "rules").glob("*.py")),
    ]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield f"{file.relative_to(ROOT)}::{node.name}", node


def test_no_test_below_the_faces_is_without_an_assertion() -> None:
    """An `assert`, `pytest.raises`, `refused`, or a helper whose name says that it asserts."""

    def asserts(test: ast.FunctionDef) -> bool:
        names = {
            node.id if isinstance(node, ast.Name) else node.attr
            for node in ast.walk(test)
            if isinstance(node, ast.Name | ast.Attribute)
        }
        helpers = re.compile(r"^raises$|^refused$|^only$|^run_state_machine_as_test$")
        return any(isinstance(node, ast.Assert) for node in ast.walk(test)) or any(
            helpers.search(name) for name in names
        )

    assert [name for name, test in below_the_faces() if not asserts(test)] == []
