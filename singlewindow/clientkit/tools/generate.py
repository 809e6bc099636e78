"""Makes what of the kit is made: the models and the calls of both planes out of the OpenAPI documents, and the
synchronous half out of the asynchronous one.

python singlewindow/clientkit/tools/generate.py, where the simulator's own tests run; it wants ruff.
"""

from __future__ import annotations

import json
import keyword
import re
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KIT = Path(__file__).resolve().parents[1]
PACKAGE = KIT / "swsim"
PLANES = {"business": "/api/v1", "control": "/control/v1"}
Schema = Mapping[str, Any]

MADE = "Made by tools/generate.py out of the OpenAPI documents: not to be edited."


# ── types ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def type_of(schema: Schema, scope: str = "") -> str:
    """How a schema is written as a type. `scope` stands before the names of models."""
    if "$ref" in schema:
        return scope + schema["$ref"].rpartition("/")[2]
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema['enum']))}]"
    for several in ("oneOf", "anyOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(type_of(part, scope) for part in schema[several]))
    kinds = [schema["type"]] if isinstance(schema.get("type"), str) else list(schema.get("type", ()))
    if len(kinds) > 2 or not kinds:
        return "Any"
    return " | ".join(_one(kind, schema, scope) for kind in kinds)


def _one(kind: str, schema: Schema, scope: str) -> str:
    if kind == "array":
        return f"list[{type_of(schema.get('items', {}), scope)}]"
    if kind == "object":
        values = schema.get("additionalProperties") or {}
        return f"dict[str, {type_of(values if isinstance(values, Mapping) else {}, scope)}]"
    if schema.get("format") == "binary":
        return "bytes"
    return _PLAIN[kind]


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────

WIDTH = 112


def docstring(words: str, indent: str = "", *more: str) -> str:
    """Words as a docstring, on as many lines as they need; `more` stands below."""
    words = words.replace("\\", "\\\\").replace('"', "“").strip()
    lines = list(_lines(words, WIDTH - len(indent)))
    if len(lines) == 1 and not more:
        return f'{indent}"""{words}"""'
    text = f"\n{indent}".join([*lines, *(["", *more] if more else [])])
    return f'{indent}"""{text}\n{indent}"""'


def _lines(words: str, width: int) -> Iterator[str]:
    """Chinese may be broken anywhere; after a mark it reads best."""
    while len(words) > width:
        cut = max(words.rfind(mark, 0, width) for mark in "；，。、 ") + 1 or width
        yield words[:cut].rstrip()
        words = words[cut:].lstrip()
    yield words


# ── models ────────────────────────────────────────────────────────────────────────────────────────────────────────

HEAD_OF_MODELS = f'''"""What is sent and answered, on both planes.

{MADE}
"""

from __future__ import annotations

import sys
from typing import Any, Literal, TypeAlias

if sys.version_info >= (3, 11):
    from typing import NotRequired, TypedDict
else:
    from typing_extensions import NotRequired, TypedDict

'''


def models(documents: Mapping[str, Schema]) -> str:
    """One module with the shapes of both planes. Raises ValueError for a name that does not mean the same on either."""
    shapes: dict[str, Schema] = {}
    for document in documents.values():
        for name, schema in document["components"]["schemas"].items():
            if shapes.setdefault(name, schema) != schema:
                raise ValueError(f"{name} is not the same on both planes")
    return tidy(HEAD_OF_MODELS + "\n\n".join("\n".join(_model(name, shapes[name])) for name in sorted(shapes)))


def _model(name: str, schema: Schema) -> Iterator[str]:
    """A shape: an object as a TypedDict, anything else as an alias."""
    words = schema.get("description", "")
    if "properties" not in schema:
        written = type_of(schema)
        yield f"{name}: TypeAlias = {written if written.startswith('Literal') else repr(written)}"
        if words:
            yield docstring(words)
        return
    members, required = schema["properties"], schema.get("required", ())
    # What is a word of Python has no place in a class.
    reserved = [member for member in members if keyword.iskeyword(member)]
    if reserved:
        inner = ", ".join(f"{member!r}: {_member(member, members[member], required)!r}" for member in reserved)
        yield f'_{name} = TypedDict("_{name}", {{{inner}}})\n'
    yield f"class {name}({f'_{name}' if reserved else 'TypedDict'}):"
    if words or not members:
        yield docstring(words or "Nothing.", "    ") + "\n"
    for member in members:
        if member not in reserved:
            yield f"    {member}: {_member(member, members[member], required)}"
            if about := _about(members[member]):
                yield docstring(about, "    ")


def _member(name: str, schema: Schema, required: Collection[str]) -> str:
    written = type_of(schema)
    return written if name in required else f"NotRequired[{written}]"


ABOUT = {"x-required-when": "必填：", "x-locked-when": "只读：", "x-code-table": "代码表 ", "x-faq": "FAQ "}


def _about(schema: Schema) -> str:
    """What is known of a member: its label, its words, when it is required and locked, and who says so."""
    parts = [schema.get("title", ""), schema.get("description", "")]
    parts += [f"{label}{schema[key]}" for key, label in ABOUT.items() if key in schema]
    return "；".join(part for part in parts if part)


# ── calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────

METHODS = ("get", "post", "put", "patch", "delete")


def plane(name: str, document: Schema) -> str:
    """A module with a class that has one method for each operation of a plane."""
    head = f'''"""The {name} plane, {PLANES[name]}: one method for each operation, in the document's own words.

{MADE}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, overload

from swsim._async.line import AsyncLine, Headers, Upload
from swsim.spelling import quoted

if TYPE_CHECKING:  # it takes its time, and is asked for by its words alone
    from swsim import models

__tracebackhide__ = True


class Async{name.title()}Plane:
    """{document["info"]["summary"]}.

    A body is a dictionary; members that are not known are refused by the simulator, each by its name. `headers` are
    sent besides: `X-Sim-Fault` and the like. Refusals are raised as `Problem`.
    """

    def __init__(self, line: AsyncLine) -> None:
        self._line = line

    async def every(self, page: Mapping[str, Any]) -> list[Any]:
        """All rows of a list, beginning with those of a page of it that was answered: `every(list_cards())`."""
        return await self._line.rest(page)

'''
    calls = [
        Call(method.upper(), path, operations[method]).written()
        for path, operations in document["paths"].items()
        for method in METHODS
        if method in operations
    ]
    return tidy(head + "\n".join(calls))


@dataclass
class Call:
    """An operation on its way to a method."""

    method: str
    path: str
    operation: Schema
    arguments: dict[str, str] = field(default_factory=dict)
    """What is said of each behind its name: type, and value unless given."""
    sent: list[str] = field(default_factory=list)
    """What is handed to the line."""

    def __post_init__(self) -> None:
        parameters = self.operation.get("parameters", [])
        places = {parameter["name"]: parameter for parameter in parameters if parameter["in"] == "path"}
        for part in re.findall(r"{(\w+)}", self.path):
            self.arguments[part] = f": {type_of(places[part]['schema'])}"
        self._take_body(self.operation.get("requestBody", {}))
        query = self._take([parameter for parameter in parameters if parameter["in"] == "query"])
        headers = self._take([parameter for parameter in parameters if parameter["in"] == "header"])
        self.arguments["headers"] = ": Headers = None"
        self.sent += [f"query={query}"] if query else []
        self.sent += [f"headers={headers}"] if headers else []
        self.sent.append("more=headers")

    def _take_body(self, body: Schema) -> None:
        content = body.get("content", {})
        if "application/json" in content:
            written = type_of(content["application/json"]["schema"], "models.")
            self.arguments["body"] = f": {written}" if body.get("required") else f": {written} | None = None"
            self.sent.append("body=body")
        self.arguments["*"] = ""
        for part, schema in content.get("multipart/form-data", {}).get("schema", {}).get("properties", {}).items():
            if schema.get("format") == "binary":
                self.arguments[part] = ": Upload"
                self.sent.append(f"files={{{part!r}: {part}}}")
            else:
                self.arguments[part] = f": {type_of(schema)} = {schema['default']!r}"
                self.sent.append(f"form={{{part!r}: {part}}}")

    def _take(self, parameters: Sequence[Schema]) -> str:
        """Parameters as arguments, and the dictionary that carries them; "" without any."""
        pairs = []
        for parameter in parameters:
            name, written = re.sub(r"\W", "_", parameter["name"]).lower(), type_of(parameter["schema"])
            self.arguments[name] = f": {written}" if parameter.get("required") else f": {written} | None = None"
            pairs.append(f"{parameter['name']!r}: {name}")
        return f"{{{', '.join(pairs)}}}" if pairs else ""

    @property
    def asked(self) -> str:
        """What the line is asked."""
        address = re.sub(r"{(\w+)}", r"{quoted(\1)}", self.path)
        return ", ".join([repr(self.method), f'f"{address}"' if "{" in address else f'"{address}"', *self.sent])

    def head(self, answer: str, **instead: str) -> str:
        """The signature; `instead` says otherwise of an argument."""
        arguments = {"self": "", **self.arguments, **instead}
        return (
            f"    async def {self.operation['operationId']}({', '.join(map(''.join, arguments.items()))}) -> {answer}:"
        )

    def written(self) -> str:
        """The method."""
        answers = self.operation["responses"]
        media = next((answers[status].get("content", {}) for status in ("200", "201") if status in answers), {})
        said = docstring(f"{self.operation['summary']}。", " " * 8, f"{self.method} {self.path}")
        if not media:
            return f"{self.head('None')}\n{said}\n        await self._line.nothing({self.asked})\n"
        if "application/json" not in media:
            return f"{self.head('bytes')}\n{said}\n        return await self._line.bytes({self.asked})\n"
        shape = type_of(media["application/json"]["schema"], "models.")
        if len(media) > 1:
            return self._in_formats(shape, said)
        if "304" in answers:
            return self._if_changed(shape, said)
        return (
            f"{self.head(shape)}\n{said}\n"
            f"        answer: {shape} = await self._line.json({self.asked})\n        return answer\n"
        )

    def _in_formats(self, shape: str, said: str) -> str:
        """One that tells its answer as JSON, or as text in another format."""
        (formats,) = (part["schema"]["enum"] for part in self.operation["parameters"] if part["name"] == "format")
        others = ", ".join(repr(other) for other in formats if other != "json")
        as_json = self.head(shape, format=": Literal['json'] | None = None")
        as_text = self.head("str", format=f": Literal[{others}]")
        either = self.head(f"{shape} | str")
        return (
            f"    @overload\n{as_json} ...\n    @overload\n{as_text} ...\n    @overload\n{either} ...\n"
            f"{either}\n{said}\n"
            f"        if format in (None, 'json'):\n"
            f"            answer: {shape} = await self._line.json({self.asked})\n"
            f"            return answer\n"
            f"        return await self._line.text({self.asked})\n"
        )

    def _if_changed(self, shape: str, said: str) -> str:
        """One that answers nothing where nothing has changed (304)."""
        always = self.head(shape, if_none_match=": None = None")
        perhaps = self.head(f"{shape} | None", if_none_match=": str")
        return (
            f"    @overload\n{always} ...\n    @overload\n{perhaps} ...\n"
            f"{self.head(f'{shape} | None')}\n{said}\n"
            f"        answer: {shape} | None = await self._line.json({self.asked})\n        return answer\n"
        )


# ── the synchronous half ──────────────────────────────────────────────────────────────────────────────────────────

_WORDS = {
    r"async def": "def",
    r"async with": "with",
    r"async for": "for",
    r"await\s+": "",
    r"__aenter__": "__enter__",
    r"__aexit__": "__exit__",
    r"__aiter__": "__iter__",
    r"__anext__": "__next__",
    r"aclose": "close",
    r"asyncio\.sleep": "time.sleep",
    r"import asyncio": "import time",
    r"_async\b": "_sync",
    r"asynchronous": "synchronous",
    r"Async(?=[A-Z])": "",
}
_ONLY_ASYNC = re.compile(r"^ *@opening\n|^from swsim\.opening import .*\n", re.MULTILINE)


def synchronous(source: str) -> str:
    """A module of `_async` as one of `_sync`."""
    source = _ONLY_ASYNC.sub("", source)
    for word, other in _WORDS.items():
        source = re.sub(rf"(?<!\w){word}", other, source)
    return tidy(f"# Made by tools/generate.py out of _async: not to be edited.\n{source}")


def tidy(source: str) -> str:
    """As ruff writes it, by the kit's settings."""
    for command in (
        ["check", "--fix", "--quiet", "--exit-zero", "--select", "I,F401,UP", "--stdin-filename", "swsim/made.py", "-"],
        ["format", "--stdin-filename", "swsim/made.py", "-"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command],
            input=source,
            cwd=KIT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        source = done.stdout
    return source


def made(documents: Mapping[str, Schema]) -> dict[Path, str]:
    """Every file that is made, with what is to stand in it."""
    planes = {name: plane(name, document) for name, document in documents.items()}
    by_hand = {
        file.name: file.read_text("utf-8") for file in (PACKAGE / "_async").glob("*.py") if file.stem not in planes
    }
    asynchronous = by_hand | {f"{name}.py": source for name, source in planes.items()}
    return {
        PACKAGE / "models" / "__init__.py": models(documents),
        **{PACKAGE / "_async" / f"{name}.py": source for name, source in planes.items()},
        **{PACKAGE / "_sync" / name: synchronous(source) for name, source in asynchronous.items()},
    }


def served() -> dict[str, Schema]:
    """Both documents, as the simulator in this folder serves them."""
    import os

    root = KIT.parents[1]
    sys.path.insert(0, str(root))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "singlewindow.settings")
    os.environ.setdefault("SECRET_KEY", "of a generator")
    import django
    from django.test import Client

    django.setup()
    return {
        name: json.loads(Client(HTTP_HOST="localhost").get(f"{root}/schema").content) for name, root in PLANES.items()
    }


def main() -> None:
    documents = served()
    if len(sys.argv) > 1:  # kept, for whoever makes clients in other languages
        for name, document in documents.items():
            (Path(sys.argv[1]) / f"{name}.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    for file, source in made(documents).items():
        file.parent.mkdir(exist_ok=True)
        if not file.exists() or file.read_text("utf-8") != source:
            file.write_text(source, "utf-8")
            print(file.relative_to(KIT))


if __name__ == "__main__":
    main()
