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
from collections.abc import Iterator, Mapping
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
            return " | ".join(dict.fromkeys(type_of(one, scope) for one in schema[several]))
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


# ── models ────────────────────────────────────────────────────────────────────────────────────────────────────────


def models(documents: Mapping[str, Schema]) -> str:
    """One module with the types of both planes. A name means the same on either: told if it does not."""
    every: dict[str, Schema] = {}
    for document in documents.values():
        for name, schema in document["components"]["schemas"].items():
            if every.setdefault(name, schema) != schema:
                raise ValueError(f"{name} is not the same on both planes")
    lines = [f'"""What is sent and answered, on both planes.\n\n{MADE}\n"""', "from __future__ import annotations", ""]
    lines += [
        "import sys",
        "from typing import Any, Literal, TypeAlias",
        "",
        "if sys.version_info >= (3, 11):",
        "    from typing import NotRequired, TypedDict",
        "else:",
        "    from typing_extensions import NotRequired, TypedDict",
        "",
    ]
    for name in sorted(every):
        lines += [*_model(name, every[name]), ""]
    return tidy("\n".join(lines))


def _model(name: str, schema: Schema) -> Iterator[str]:
    if "properties" not in schema:
        if schema.get("type") == "object" and "oneOf" not in schema:
            yield (
                f'{name}: TypeAlias = "dict[str, Any]"'
                if schema.get("additionalProperties", True)
                else (f'class {name}(TypedDict):\n    """{_words(schema) or "Nothing."}"""')
            )
        else:
            written = type_of(schema)
            yield f"{name}: TypeAlias = {written if written.startswith('Literal') else repr(written)}"
            if words := _words(schema):
                yield f'"""{words}"""'
        return
    members, required = schema["properties"], schema.get("required", ())
    odd = {member: part for member, part in members.items() if keyword.iskeyword(member)}
    if odd:
        inner = ", ".join(f"{member!r}: {_member(member, part, required)!r}" for member, part in odd.items())
        yield f'_{name} = TypedDict("_{name}", {{{inner}}})'
        yield ""
    yield f"class {name}({'_' + name if odd else 'TypedDict'}):"
    words = _words(schema) or ("Nothing." if not members else "")
    if words:
        yield f'    """{words}"""\n'
    for member, part in members.items():
        if member in odd:
            continue
        yield f"    {member}: {_member(member, part, required)}"
        if about := _about(part):
            yield f'    """{about}"""'
    if not words and not members.keys() - odd.keys():
        yield "    pass"


def _member(name: str, schema: Schema, required: Any) -> str:
    written = type_of(schema)
    return written if name in required else f"NotRequired[{written}]"


def _words(schema: Schema) -> str:
    return _plain(schema.get("description", ""))


def _about(schema: Schema) -> str:
    """What is known of a member: its label, its words, when it is required and locked, and who says so."""
    told = [schema.get("title", ""), schema.get("description", "")]
    told += [f"必填：{schema['x-required-when']}" if "x-required-when" in schema else ""]
    told += [f"只读：{schema['x-locked-when']}" if "x-locked-when" in schema else ""]
    told += [f"代码表 {schema['x-code-table']}" if "x-code-table" in schema else ""]
    told += [f"FAQ {schema['x-faq']}" if "x-faq" in schema else ""]
    return _plain("；".join(part for part in told if part))


def _plain(words: str) -> str:
    return words.replace("\\", "\\\\").replace('"', "“").strip()


# ── calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_METHODS = ("get", "post", "put", "patch", "delete")


def plane(name: str, document: Schema) -> str:
    """A module with a class that has one method for each operation of a plane."""
    title = f"Async{name.title()}Plane"
    calls: list[str] = []
    for path, operations in document["paths"].items():
        for method in _METHODS:
            if method in operations:
                calls += _call(method.upper(), path, operations[method])
    head = f'''"""The {name} plane, {PLANES[name]}: one method for each operation, in the document's own words.

{MADE}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, overload

from swsim import models
from swsim._async.line import AsyncLine, Headers, Upload


class {title}:
    """{_plain(document["info"]["summary"])}.

    A body is a dictionary; members that are not known are refused by the simulator, each by its name. `headers` are
    sent besides: `X-Sim-Fault` and the like. Refusals are raised as `Problem`.
    """

    def __init__(self, line: AsyncLine) -> None:
        self._line = line

    async def every(self, page: Mapping[str, Any]) -> list[Any]:
        """All rows of a list, beginning with those of a page of it that was answered: `every(list_cards())`."""
        return await self._line.rest(page)
'''
    return tidy(head + "\n" + "\n".join(calls))


def _call(method: str, path: str, operation: Schema) -> list[str]:
    name, parameters = operation["operationId"], operation.get("parameters", [])
    at = {parameter["name"]: parameter for parameter in parameters if parameter["in"] == "path"}
    told = [parameter for parameter in parameters if parameter["in"] in ("query", "header")]
    content = operation.get("requestBody", {}).get("content", {})
    answers = (
        next(answer for status, answer in operation["responses"].items() if status.startswith("2"))["content"]
        if (any("content" in answer for status, answer in operation["responses"].items() if status.startswith("2")))
        else {}
    )

    arguments = [f"{part}: {type_of(at[part]['schema'])}" for part in re.findall(r"{(\w+)}", path)]
    sent: list[str] = []
    if "application/json" in content:
        body = type_of(content["application/json"]["schema"], "models.")
        must = operation["requestBody"].get("required")
        arguments.append(f"body: {body}" if must else f"body: {body} | None = None")
        sent.append("body=body")
    arguments.append("*")
    if "multipart/form-data" in content:
        for part, schema in content["multipart/form-data"]["schema"]["properties"].items():
            if schema.get("format") == "binary":
                arguments.append(f"{part}: Upload")
                sent.append(f"files={{{part!r}: {part}}}")
            else:
                arguments.append(f"{part}: {type_of(schema)} = {schema['default']!r}")
                sent.append(f"form={{{part!r}: {part}}}")
    query, headers = [], []
    for parameter in told:
        word = re.sub(r"\W", "_", parameter["name"]).lower()
        kind = type_of(parameter["schema"])
        arguments.append(f"{word}: {kind}" if parameter.get("required") else f"{word}: {kind} | None = None")
        (query if parameter["in"] == "query" else headers).append(f"{parameter['name']!r}: {word}")
    arguments.append("headers: Headers = None")
    sent += [f"query={{{', '.join(query)}}}"] if query else []
    sent.append(f"headers={{{', '.join(headers)}}}, more=headers" if headers else "more=headers")

    address = "/" + "/".join(
        f"{{self._line.part({part[1:-1]})}}" if part.startswith("{") else part for part in path[1:].split("/")
    )
    written = f'f"{address}"' if "{" in address else f'"{address}"'
    asked = ", ".join([repr(method), written, *sent])
    doc = f'"""{_plain(operation["summary"])}。\n\n        {method} {path}\n        """'

    json_answer = "application/json" in answers
    kind = type_of(answers["application/json"]["schema"], "models.") if json_answer else "bytes" if answers else "None"
    reader = "json" if json_answer else "bytes" if answers else "nothing"
    signature = f"async def {name}(self, {', '.join(arguments)})" if arguments != ["*"] else f"async def {name}(self)"
    lines: list[str] = []

    def overloads(word: str, *ways: tuple[str, str]) -> None:
        position = next(index for index, one in enumerate(arguments) if one.startswith(f"{word}:"))
        for written_, answer in ways:
            shown = [*arguments[:position], written_, *arguments[position + 1 :]]
            lines.extend(["    @overload", f"    async def {name}(self, {', '.join(shown)}) -> {answer}: ..."])

    if json_answer and len(answers) > 1:  # one of several formats
        formats = next(parameter for parameter in told if parameter["name"] == "format")["schema"]["enum"]
        others = ", ".join(repr(one) for one in formats if one != "json")
        overloads(
            "format",
            ("format: Literal['json'] | None = None", kind),
            (f"format: Literal[{others}]", "str"),
            (arguments[[one.startswith("format:") for one in arguments].index(True)], f"{kind} | str"),
        )
        lines += [f"    {signature} -> {kind} | str:", f"        {doc}"]
        lines += [
            f"        if format in (None, 'json'):\n            answer: {kind} = await self._line.json({asked})\n"
            f"            return answer",
            f"        return await self._line.text({asked})",
        ]
    elif "304" in operation["responses"]:
        overloads("if_none_match", ("if_none_match: None = None", kind), ("if_none_match: str", f"{kind} | None"))
        lines += [f"    {signature} -> {kind} | None:", f"        {doc}"]
        lines += [f"        answer: {kind} | None = await self._line.json({asked})", "        return answer"]
    elif kind == "None":
        lines += [f"    {signature} -> None:", f"        {doc}", f"        await self._line.nothing({asked})"]
    elif reader == "bytes":
        lines += [f"    {signature} -> bytes:", f"        {doc}", f"        return await self._line.bytes({asked})"]
    else:
        lines += [f"    {signature} -> {kind}:", f"        {doc}"]
        lines += [f"        answer: {kind} = await self._line.json({asked})", "        return answer"]
    return [*lines, ""]


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
