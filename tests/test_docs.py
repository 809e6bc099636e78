"""The documents hold: what they name is there, what they show is in the code, what they tell to run can be run."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, resolve

from filings.rules.faq import ENTRIES

ROOT = Path(__file__).resolve().parents[1]
GUIDES = (
    "docs/zh/learner.md",
    "docs/zh/trainer.md",
    "docs/zh/client.md",
    "docs/zh/operations.md",
    "docs/zh/documented.md",
)
DOCUMENTS = sorted(
    file.relative_to(ROOT).as_posix()
    for file in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    if file.name != "CHANGELOG.md"
)
ARCHITECTURE = "docs/architecture.md"

every_document = pytest.mark.parametrize("document", DOCUMENTS)


@cache
def text(document: str) -> str:
    """A document, without what a reader does not see."""
    return re.sub(r"<!--.*?-->", "", (ROOT / document).read_text("utf-8"), flags=re.DOTALL)


FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)


def fences(document: str, language: str) -> list[str]:
    """The blocks of a language."""
    return [block for _, name, block in FENCE.findall(text(document)) if name == language]


def prose(document: str) -> str:
    """What stands outside the blocks."""
    return FENCE.sub("", text(document))


def spans(words: str) -> list[str]:
    """What stands in backticks."""
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", words)]


def section(document: str, heading: str) -> str:
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text(document), re.DOTALL | re.MULTILINE)
    assert found, f"{document} has a section “{heading}”"
    return found[1]


def table(words: str) -> list[list[str]]:
    """The rows of a table, without its head."""
    rows = [line.strip()[1:-1].split("|") for line in words.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


# ── links ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def anchors(document: str) -> set[str]:
    """Where one can be led to in a document, as the common renderers name it."""
    headings = re.findall(r"^#+ (.*)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@every_document
def test_links_lead_somewhere(document: str) -> None:
    here, lost = ROOT / document, []
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose(document)):
        path, _, anchor = link.partition("#")
        to = (here.parent / path).resolve() if path else here
        told = to.is_relative_to(ROOT) and to.exists()
        if told and anchor and to.suffix == ".md":
            told = anchor in anchors(to.relative_to(ROOT).as_posix())
        lost += [] if told else [link]
    assert lost == []


def test_every_document_can_be_reached_from_both_readmes() -> None:
    def reached(start: str) -> set[str]:
        seen, left = set(), [start]
        while left:
            document = left.pop()
            if document in seen or document not in DOCUMENTS:
                continue
            seen.add(document)
            links = re.findall(r"\]\((?!https?:)([^)#\s]+)", prose(document))
            left += [(ROOT / document).parent.joinpath(link).resolve().relative_to(ROOT).as_posix() for link in links]
        return seen

    assert reached("README.md") == reached("README.zh-CN.md") == set(DOCUMENTS)


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def attribute(name: str) -> bool:
    """Whether a dotted name is there: a module, or what a module, or a class of it, has."""
    parts = (name if name.startswith("singlewindow") else f"filings.{name}").split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            if not hasattr(found, part) and part not in getattr(found, "__annotations__", {}):
                return False
            found = getattr(found, part, None)
        return end > 1 or len(parts) == 1
    return False


PATH = re.compile(
    r"[\w.@-]*/[\w./@-]*|[\w.-]+\.(?:py|toml|txt|json|csv|md|html|css|js)|Makefile|Dockerfile|NOTICE|LICENSE"
)


def is_file(path: str, line: str) -> bool:
    """A file by its place in the project, in `filings/`, or in a folder its line has named before."""
    folders = [one for one in spans(line) if one.endswith("/") and (ROOT / one).is_dir()]
    return any((ROOT / place / path).exists() for place in ("", "filings", *folders))


def test_the_architecture_page_names_what_there_is() -> None:
    """Each name in backticks is a file, a dotted name, an address, a target of make, a variable. No other is let
    through."""
    wrong = []
    for line in prose(ARCHITECTURE).splitlines():
        for name in spans(line):
            known = (
                called(name)
                if CALL.fullmatch(name) or name.startswith("/")
                else is_file(name, line)
                if PATH.fullmatch(name)
                else name.removeprefix("make ") in targets()
                if name.startswith("make ")
                else f"`{name}`" in variables("docs/operating.md")
                if name.isupper()
                else attribute(name)
            )
            wrong += [] if known else [name]
    assert wrong == []


def test_names_that_are_not_there_are_noticed() -> None:
    assert [attribute(name) for name in ("desk.perform", "models.Visit.held", "rules.kinds.Kind.declaring")] == [
        True
    ] * 3
    assert [attribute(name) for name in ("desk.perfrom", "models.Visit.gone", "nothing")] == [False] * 3
    assert not called("POST /api/v1/filings/{filing}/declared")
    assert not called("PUT /api/v1/filings")
    assert not is_file("sheets/", "`filings/models/`: `sheets/`")


def test_the_picture_has_the_floors_that_are_checked_and_in_their_order() -> None:
    [picture] = fences(ARCHITECTURE, "mermaid")
    [contract] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    floors = [frozenset(layer.replace("filings.", "").split(" | ")) for layer in contract["layers"]]
    named = dict(re.findall(r"(\w+)\[([\w.]+?)(?:\.py|/):", picture))
    assert set(named.values()) == set().union(*floors)
    level = {name: n for n, floor in enumerate(floors) for name in floor}
    arrows = [line.split("-->") for line in picture.splitlines() if "-->" in line]
    steps = [
        (level[named[above]], level[named[below]])
        for left, right in arrows
        for above in re.findall(r"(?:^|&)\s*(\w+)", left)
        for below in re.findall(r"(?:^|&)\s*(\w+)", right)
    ]
    assert sorted(set(steps)) == [(n, n + 1) for n in range(len(floors) - 1)]


def test_the_rooms_are_all_there() -> None:
    named = {span for row in table(section(ARCHITECTURE, "The rooms")) for span in spans(row[0])}
    known = {f"filings/{one.name}/" for one in (ROOT / "filings").iterdir() if (one / "__init__.py").exists()}
    aside = {f"filings/{one}/" for one in ("management", "migrations", "templatetags")}
    assert known - aside <= named


def test_the_glossary_has_twenty_terms_and_the_chinese_of_the_screens() -> None:
    terms = table(section(ARCHITECTURE, "Glossary"))
    assert len(terms) >= 20
    shown = interface()
    assert [row for row in terms if len(row) != 4 or not spans(row[3])] == []
    words = {word for row in terms if "（代码内）" not in row[1] for word in re.split("[、，]", row[1])}
    assert sorted(word for word in words if word not in shown) == []


# ── what is shown ─────────────────────────────────────────────────────────────────────────────────────────────────


@every_document
def test_code_that_is_shown_is_in_the_file_it_names(document: str) -> None:
    for block in fences(document, "python"):
        first, _, code = block.partition("\n")
        assert first.startswith("# "), f"the first line names the file: {first}"
        assert code in (ROOT / first.removeprefix("# ")).read_text("utf-8"), block


@cache
def interface() -> str:
    """All that the screens may say: the templates, and the texts of the code."""
    said = [file.read_text("utf-8") for file in (ROOT / "templates").rglob("*.html")]
    code = [ast.parse(file.read_text("utf-8")) for file in (ROOT / "filings").rglob("*.py")]
    texts = [node for tree in code for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    docstrings = {id(node.value) for tree in code for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return "\n".join(
        [*said, *(node.value for node in texts if isinstance(node.value, str) and id(node) not in docstrings)]
    )


@pytest.mark.parametrize("guide", ["docs/zh/learner.md", "docs/zh/trainer.md"])
def test_what_a_guide_calls_something_on_the_screen_is_on_the_screen(guide: str) -> None:
    """In bold stand the words of the screens."""
    named = set(re.findall(r"\*\*([^*\n]+)\*\*", prose(guide))) - {"模拟", "停住不动", "被拒绝", "不知道该填什么"}
    assert len(named) > 20
    assert sorted(word for word in named if word not in interface()) == []


def test_every_entry_of_the_faq_a_guide_cites_is_one() -> None:
    for guide in GUIDES[:2]:
        cited = set(re.findall(r"（(?:常见问题 )?(\d\.\d+)）", prose(guide)))
        assert cited
        assert cited <= set(ENTRIES)


PLAIN = {
    "FAQ",
    "PIN",
    "PDF",
    "API",
    "JSON",
    "README",
    "OpenAPI",
    "curl",
    "Python",
    "Java",
    "JDK",
    "C",
    "HTTP",
    "RFC",
    "JUnit",
    "Webhooks",
    "Standard",
    "webhook",
    "SQLite",
    "PostgreSQL",
    "Docker",
    "Dockerfile",
    "Debian",
    "Mono",
    "NET",
    "Core",
    "Main",
    "Node",
    "nginx",
    "Cookie",
    "SIGTERM",
    "Ctrl",
    "MB",
    "Django",
    "English",
    "performance",
    "hadolint",
    "compose",
    "up",
    "docker",
    "config",
    "DATABASE_URL",
    "IP",
    "URL",
}
"""Words in Latin letters that a reader of the Chinese guides has; names go in backticks."""


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_has_no_words_of_ours(guide: str) -> None:
    plain = re.sub(r"`[^`]*`|<http[^>]*>|\]\([^)]*\)|<br>", " ", prose(guide))
    assert sorted(set(re.findall(r"[A-Za-z_]{2,}", plain)) - PLAIN) == []
    if guide in GUIDES[:2]:
        assert re.findall(r"filings/|tests/|\.py\b", prose(guide)) == []
    assert "模拟" in plain


# ── what is to be run ─────────────────────────────────────────────────────────────────────────────────────────────


@cache
def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def commands(document: str) -> Iterator[list[str]]:
    """The commands in a document's blocks and in its lines, each as words."""
    lines = [line for block in (*fences(document, "sh"), *fences(document, "bat")) for line in block.splitlines()]
    lines += [
        span for span in spans(prose(document)) if re.match(r"(\S+=\S* )*(make|python|manage\.py|singlewindow) ", span)
    ]
    for line in lines:
        try:
            words = shlex.split(line.replace("\\", "/"), comments=True)
        except ValueError:
            continue  # a command that goes on over several lines
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
            words.pop(0)
        if words:
            yield words


def fault_of(words: list[str]) -> str:
    """What is wrong with a command; "" if it can be run, or is none of ours."""
    program, rest = words[0].rpartition("/")[2], words[1:]
    if program == "make":
        return "" if {word for word in rest if "=" not in word} <= targets() else "no such target"
    if program == "python" and rest[:1] and rest[0].endswith(".py"):
        program, rest = rest[0], rest[1:]
    if program in ("manage.py", "singlewindow"):
        name, *rest = rest
        if name not in (known := get_commands()):
            return "no such command"
        command: Any = load_command_class(known[name], name) if isinstance(known[name], str) else known[name]
        parser = command.create_parser(program, name)
        given = {word.partition("=")[0] for word in rest if word.startswith("--")}
        return (
            ""
            if given <= {option for action in parser._actions for option in action.option_strings}
            else "no such option"
        )
    if program.startswith("tests/"):
        script = ROOT / program
        if not script.exists():
            return "no such script"
        source = script.read_text("utf-8")
        return "" if all(f'"{word}"' in source for word in rest if word.startswith("-")) else "no such option"
    if program == "python" and rest[:2] == ["-m", "pytest"]:
        named = [word for word in rest[2:] if word.startswith("tests/")]
        return "" if all((ROOT / word).exists() for word in named) else "no such test"
    if program == "python" and rest[:2] == ["-m", "tests.benchmarks"]:
        source = (ROOT / "tests/benchmarks/__main__.py").read_text("utf-8")
        return "" if all(f'"{word}"' in source for word in rest if word.startswith("--")) else "no such option"
    return ""


@every_document
def test_what_is_to_be_run_can_be_run(document: str) -> None:
    assert {" ".join(words): fault for words in commands(document) if (fault := fault_of(words))} == {}


@pytest.mark.parametrize(
    "line",
    [
        "make nothing",
        "python manage.py nothing",
        "python manage.py serve --nothing",
        "python tests/nothing.py",
        "python tests/soak.py --nothing",
        ".venv/bin/python -m pytest tests/nothing",
    ],
)
def test_what_cannot_be_run_is_noticed(line: str) -> None:
    assert fault_of(shlex.split(line))


@every_document
def test_shell_blocks_are_read_by_the_shell(document: str) -> None:
    for block in fences(document, "sh"):
        told = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, timeout=60)
        assert told.returncode == 0, told.stderr


def test_make_knows_what_to_do_for_each_target() -> None:
    """Asked what it would do, without doing it."""
    made = [words[1:] for document in DOCUMENTS for words in commands(document) if words[0] == "make"]
    wanted = {word for words in made for word in words if "=" not in word}
    assert {"run", "test", "lint"} <= wanted
    told = subprocess.run(["make", "-n", *sorted(wanted)], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert told.returncode == 0, told.stderr


# ── addresses ─────────────────────────────────────────────────────────────────────────────────────────────────────

CALL = re.compile(r"(?:(GET|POST|PUT|PATCH|DELETE) )([/…]\S*)(?: .*)?", re.DOTALL)
PLACES = ("", "/api/v1", "/control/v1", "/control/v1/sandboxes/demo", "/control/v1/sandboxes/demo/checkpoints")
SAMPLES = ("demo", "F000001", "1", "2021", "registration", "customs_offices", "card", "2.4")


def called(call: str) -> bool:
    """Whether an address is served, by that method if one is told; what was left out before `…`, or is common to a
    table, is tried."""
    found = CALL.fullmatch(call)
    method, address = (found[1], found[2]) if found else ("", call)
    address = address.lstrip("…").partition("?")[0]
    return any(
        _served(method, place + address.replace(choice, option))
        for place in PLACES
        for choice, option in _options(address)
    )


def _options(address: str) -> Iterator[tuple[str, str]]:
    choice = re.search(r"\{(\w+\|[\w|]+)\}", address)
    yield from (((choice[0], option) for option in choice[1].split("|")) if choice else [("\0", "")])


def _served(method: str, address: str) -> bool:
    for sample in SAMPLES:
        for other in SAMPLES:
            first = re.sub(r"\{\w+\}", sample, address, count=1)
            try:
                view: Any = resolve(re.sub(r"\{\w+\}", other, first)).func
            except Resolver404:
                continue
            view = getattr(view, "cls", None) or getattr(view, "view_class", None)
            if not (method and view) or hasattr(view, method.lower()):
                return True
    return False


@every_document
def test_addresses_that_are_told_are_served(document: str) -> None:
    told = [span for span in spans(prose(document)) if CALL.fullmatch(span) or re.fullmatch(r"/[a-z][\w./{}|-]*", span)]
    local = re.findall(r"http://127\.0\.0\.1:8000(/[^\s<>)`\"]*)", prose(document))
    outside = {"/app/var"}
    assert [
        one for one in (*told, *local) if one not in outside and not called(one) and not called(f"{one}/docs")
    ] == []


# ── configuration ─────────────────────────────────────────────────────────────────────────────────────────────────


def variables(document: str) -> dict[str, str]:
    """The variables of a document's table, each with its default."""
    rows = [
        row
        for row in table("\n".join(re.findall(r"^\|.*$", text(document), re.MULTILINE)))
        if re.match("`[A-Z_]+`", row[0])
    ]
    return {
        name: default
        for row in rows
        for name, default in zip_longest(row[0].split(", "), row[2].split(", "), fillvalue="")
    }


def test_every_variable_that_is_read_is_documented_in_both_languages() -> None:
    sources = [
        ast.parse((ROOT / "singlewindow" / file).read_text("utf-8")) for file in ("settings.py", "environment.py")
    ]
    calls = [node for source in sources for node in ast.walk(source) if isinstance(node, ast.Call)]
    found = [re.match(r"(?:environment\.)?[a-z_]+\('([A-Z_]+)'", ast.unparse(call)) for call in calls]
    read = {one[1] for one in found if one} - {"XDG_DATA_HOME", "LOCALAPPDATA"}  # the system's, not ours
    assert {"HOST", "PORT", "DEBUG"} < read
    assert {name.strip("`") for name in variables("docs/operating.md")} == read


def test_both_pages_for_operators_tell_the_same() -> None:
    english, chinese = variables("docs/operating.md"), variables("docs/zh/operations.md")
    assert list(english) == list(chinese)
    exact = {name: default for name, default in english.items() if re.fullmatch(r"`[^`]*`|", default)}
    assert {name: chinese[name] for name in exact} == exact
    codes = [
        re.findall(r"^\| `([a-z_]+)` \|", text(document), re.MULTILINE)
        for document in ("docs/operating.md", "docs/zh/operations.md")
    ]
    assert codes[0] == codes[1]
    assert "disk_full" in codes[0]
