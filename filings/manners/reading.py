"""Reading a request: exactly what was sent. What cannot be read is refused, and the refusal says where it stands."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import IO, Any
from urllib.parse import unquote_to_bytes

import orjson

from filings.lab.worlds.carrying import Carried
from filings.rules.appraisal import Problem, escaped
from filings.rules.refusals import Refusal, invalid

DEEPEST = 100
"""How deep objects and lists may be nested. Ours; no body of either plane needs ten levels."""

_BOMS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
"""The longer ones first: one of UTF-32 begins as one of UTF-16 does."""


def json_object(body: bytes, longest: int = 0) -> dict[str, Any]:
    """The JSON object of a body. A UTF-8 BOM is ignored.

    Raises 413 beyond `longest` bytes, if given; 400 `not_utf8`; and 400 `malformed_json` if it is not a JSON object, is
    nested too deep, or has a lone surrogate, NaN, or one member twice.
    """
    if longest and len(body) > longest:
        raise Refusal("payload_too_large")
    text = body.removeprefix(codecs.BOM_UTF8)
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if b"\0" in body[:2] and not body.startswith(codecs.BOM_UTF32_BE):
            raise Refusal("not_utf8", "请求体不是 UTF-8 编码：从第 1 个字节起像是 UTF-16") from None
        expect_utf8(body, "请求体")
        if "depth limit" in error.msg:
            raise _too_deep() from None
        raise Refusal("malformed_json", f"请求体不是合法的 JSON（第 {error.lineno} 行第 {error.colno} 列）") from None
    if type(data) is not dict:
        raise Refusal("malformed_json", f"请求体应为 JSON 对象（{{…}}），收到的是{_SORTS[type(data)]}")
    members, depth = _measured(data)
    if depth > DEEPEST:
        raise _too_deep()
    # If as many members were kept as were written, none came twice; of written ones there are no more than colons.
    if text.count(b":") > members and _written(text) > members and (twice := list(_twice(text))):
        raise Refusal(
            "malformed_json",
            f"JSON 对象中有重复的成员：{'、'.join(member.pointer for member in twice)[:200]}",
            errors=twice,
        )
    return data


def snapshot_object(stream: IO[bytes]) -> dict[str, Any]:
    """The snapshot in a stream. Attached files stay in the stream until they are needed. Raises as above, and 413,
    422."""
    carried = Carried(stream)
    return carried.snapshot(json_object(carried.rest))


def canonical(body: bytes) -> bytes:
    """The same bytes for every JSON text of the same value: order of members, white space and number forms do not
    matter.

    A body that is not a JSON object stands for itself.
    """
    try:
        return orjson.dumps(_plain(json_object(body)), option=orjson.OPT_SORT_KEYS)
    except Refusal:
        return body


def expect_utf8(raw: bytes, what: str) -> str:
    """Bytes as text. Raises 400 `not_utf8`, which says where the first wrong byte is and what encoding it looks
    like."""
    bom = next((name for mark, name in _BOMS if raw.startswith(mark)), "")
    if bom:
        raise Refusal("not_utf8", f"{what}不是 UTF-8 编码：从第 1 个字节起像是 {bom}（以字节顺序标记开头）")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        found = f"第 {error.start + 1} 个字节是 0x{raw[error.start]:02X}"
        raise Refusal("not_utf8", f"{what}不是 UTF-8 编码：{found}{_guessed(raw, error)}") from None


def expect_charset(content_type: str) -> None:
    """Raises 400 `not_utf8` for a Content-Type that names another charset than UTF-8."""
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset" and not _is_utf8(value.strip().strip('"')):
            raise Refusal("not_utf8", f"Content-Type 写明的编码是 {value.strip()[:40]}，本接口只接受 UTF-8")


def accepts(header: str, kinds: Iterable[str]) -> bool:
    """Whether an Accept header names one of these media types, exactly or by a range (RFC 9110, 12.5.1). Without a
    header all are accepted.

    Parameters other than `q` are ignored: `application/json; charset=utf-8` is JSON.
    """
    if header.strip() in ("", "*/*"):
        return True
    ranges: dict[str, bool] = {}
    for accepted in header.lower().split(","):
        name, *parameters = (piece.strip() for piece in accepted.split(";"))
        ranges[name] = not any(_NEVER.fullmatch(parameter) for parameter in parameters)
    return any(
        next((ranges[media] for media in (kind, f"{kind.partition('/')[0]}/*", "*/*") if media in ranges), False)
        for kind in kinds
    )


_NEVER = re.compile(r"q=0(\.0*)?")


def query_of(raw: bytes) -> dict[str, str]:
    """A query's parameters by name. Raises 400 for bytes that are not UTF-8 (`not_utf8`) and for a name that comes
    twice."""
    asked: dict[str, str] = {}
    for pair in raw.split(b"&"):
        if not pair:
            continue
        key, _, text = (unquote_to_bytes(half.replace(b"+", b" ")) for half in pair.partition(b"="))
        name = expect_utf8(key, "查询参数的名称")
        if name in asked:
            raise Refusal("unknown_parameter", f"查询参数 {name[:60]} 出现了不止一次，只能给出一次")
        asked[name] = expect_utf8(text, f"查询参数 {name[:60]} ")
    return asked


def expect_heads(body: bytes, boundary: bytes) -> None:
    """Check that a multipart body is complete, and that the head of every part can be read: Django silently drops a
    part if not.

    Raises 422 at the part for a file name that is not UTF-8; 400 for a part without a name, and for a body without its
    last boundary.
    """
    if body and b"--" + boundary + b"--" not in body[-len(boundary) - 1024 :]:
        raise Refusal(
            "malformed_multipart", f"请求体没有结束分隔符（--{boundary.decode('latin-1')[:70]}--），可能在到齐之前中断"
        )
    for head in _heads(body, boundary):
        named = _NAME.search(head)
        if named is None:
            raise Refusal("malformed_multipart", "请求体中有一部分没有名称（Content-Disposition 中的 name）")
        name = expect_utf8(named[1], "一部分的名称")
        try:
            expect_utf8(b"".join(_FILE_NAME.findall(head)), "文件名")
        except Refusal as refusal:
            raise invalid([Problem(f"/{escaped(name)}", "file_name_not_utf8", refusal.detail)]) from None
        expect_utf8(head, f"“{name[:60]}”这一部分的首部")


_NAME = re.compile(rb'[;\s]name="?([^";\r\n]*)')
_FILE_NAME = re.compile(rb'[;\s]filename="?([^"\r\n]*)')


def _heads(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """The head of each part; what looks like a boundary in the middle of a line is content."""
    mark = b"--" + boundary
    at = body.find(mark)
    while at >= 0:
        begin = at + len(mark)
        after = body.find(mark, begin)
        end = body.find(b"\r\n\r\n", begin, after if after >= 0 else len(body))
        if end >= 0 and (at == 0 or body[at - 2 : at] == b"\r\n"):
            head = body[begin:end].lstrip(b" \t")
            if head.startswith(b"\r\n"):
                yield head
        at = after


_SORTS = {list: "列表", str: "文字", int: "数字", float: "数字", bool: "true 或 false", type(None): " null"}


def _too_deep() -> Refusal:
    return Refusal("malformed_json", f"JSON 嵌套过深（最多 {DEEPEST} 层）")


_MEMBER = re.compile(rb'(?<!\\)"\s*:')
"""The end of a member's name: a quote that is not escaped, and a colon. No value ends so, and within a text every
quote is escaped."""


def _written(text: bytes) -> int:
    """About how many members a JSON text has, never too few: in a text that ends in a backslash every colon counts."""
    return text.count(b":") if rb'\\"' in text else len(_MEMBER.findall(text))


def _measured(data: dict[str, Any]) -> tuple[int, int]:
    """How many members all objects in it have together, and how deep they are nested."""
    members, depth = 0, 0
    level: list[Any] = [data]
    while level:
        depth += 1
        below: list[Any] = []
        for node in level:
            if type(node) is dict:
                members += len(node)
                below += [value for value in node.values() if type(value) is dict or type(value) is list]
            else:
                below += [value for value in node if type(value) is dict or type(value) is list]
        level = below
    return members, depth


class _Doubled(dict[str, Any]):
    """An object in which names came twice."""

    names: tuple[str, ...]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    doubled, names = _Doubled(made), [name for name, _ in pairs]
    doubled.names = tuple(name for name in made if names.count(name) > 1)
    return doubled


def _twice(text: bytes) -> Iterator[Problem]:
    """The members that come twice, found by a slower reader. It does not convert numbers."""
    try:
        data = json.loads(text, object_pairs_hook=_object, parse_int=str, parse_float=str)
    except RecursionError:
        raise _too_deep() from None
    there: list[tuple[str, Any]] = [("", data)]
    for pointer, node in there:
        if isinstance(node, _Doubled):
            for name in node.names:
                yield Problem(
                    f"{pointer}/{escaped(name)}", "duplicate_member", f"“{name[:60]}”在同一对象中出现了不止一次"
                )
        inside = node.items() if isinstance(node, dict) else enumerate(node)
        there += [
            (f"{pointer}/{escaped(str(name))}", value) for name, value in inside if isinstance(value, dict | list)
        ]


def _plain(value: Any) -> Any:
    """A value in which 1.0 is written as 1, as far as a float can tell whole numbers apart."""
    match value:
        case dict():
            return {name: _plain(inside) for name, inside in value.items()}
        case list():
            return [_plain(inside) for inside in value]
        case float() if value.is_integer() and abs(value) < 2**53:
            return int(value)
    return value


def _is_utf8(name: str) -> bool:
    try:
        return codecs.lookup(name).name == "utf-8"
    except (LookupError, ValueError):
        return False


def _guessed(raw: bytes, error: UnicodeDecodeError) -> str:
    """Which encoding bytes look like, if they are not UTF-8."""
    if raw.startswith(b"\x1f\x8b"):
        return "，像是 gzip 压缩的内容"
    if error.end == len(raw) and "end of data" in error.reason:
        return "，最后一个字符不完整"
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "，像是 GBK（GB 18030）"
