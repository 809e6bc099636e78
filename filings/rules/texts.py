"""What a typed text may hold, and what is said of a value that cannot be: for sheets and small bodies, program and
person alike.

Line ends have one spelling, LF, and stand in long texts only; characters nobody sees are refused by name and place
(wording ours).
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

_LINE_ENDS = "\n\r\x85\u2028\u2029"
_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")

_NAMES = {
    "\0": "空字符", "\b": "退格符", "\t": "制表符", "\n": "换行符", "\v": "垂直制表符", "\f": "换页符", "\r": "回车符", "\x1b": "转义符",
    "\x7f": "删除符", "\x85": "下一行符", "\xad": "软连字符", "\u200b": "零宽空格", "\u200c": "零宽不连字符", "\u200d": "零宽连字符",
    "\u200e": "从左到右标记", "\u200f": "从右到左标记", "\u2028": "行分隔符", "\u2029": "段分隔符", "\u202a": "从左到右嵌入符",
    "\u202b": "从右到左嵌入符", "\u202c": "方向结束符", "\u202d": "从左到右强制符", "\u202e": "从右到左强制符", "\u2060": "词连接符",
    "\u2066": "从左到右隔离符", "\u2067": "从右到左隔离符", "\u2068": "方向隔离符", "\u2069": "隔离结束符", "\ufeff": "字节顺序标记",
}  # fmt: skip
_SORTS = {
    "Cc": "控制字符",
    "Cf": "不可见的格式字符",
    "Cs": "不成对的代理项（半个字符）",
    "Zl": "行分隔符",
    "Zp": "段分隔符",
}
"""What is never seen, by general category."""


class WrongValue(Exception):
    """A value that cannot be taken: a stable code and the words."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def line(raw: str, longest: int | None = None) -> str:
    """A text of one line, its edges stripped. Raises WrongValue for a line end or a tab in it, for what is not seen,
    for its length."""
    return _fitting(_seen(raw, ""), longest)


def lines(raw: str, longest: int | None = None) -> str:
    """A long text, its edges stripped, every line end an LF; tabs stay. Raises WrongValue for what is not seen, and
    for its length."""
    return _fitting(_LINE_END.sub("\n", _seen(raw, _LINE_ENDS + "\t")), longest)


def letters(raw: str, longest: int | None = None) -> str:
    """A password or a PIN to the letter, but what no database keeps. Raises WrongValue, never with what was typed."""
    for n, char in enumerate(raw, 1):
        if char == "\0" or unicodedata.category(char) == "Cs":
            raise WrongValue(
                "control_characters", f"第 {n} 个字符是{_NAMES.get(char, _SORTS['Cs'])}（U+{ord(char):04X}），请删去"
            )
    return _fitting(raw, longest)


def _fitting(text: str, longest: int | None) -> str:
    if longest is not None and len(text) > longest:
        raise WrongValue("max_length", f"最多 {longest} 个字，填写了 {len(text)} 个字")
    return text


def _seen(raw: str, allowed: str) -> str:
    """The text without its edges, if all in it is seen or allowed. Places are counted in the text as it was typed."""
    text = raw.strip()
    if text.isprintable():
        return text
    before = len(raw) - len(raw.lstrip())
    found = [
        (n, char)
        for n, char in enumerate(text, before + 1)
        if unicodedata.category(char) in _SORTS and char not in allowed
    ]
    if not found:
        return text
    place, unseen = found[0]
    where = f"第 {place} 个字符是{_NAMES.get(unseen) or _SORTS[unicodedata.category(unseen)]}（U+{ord(unseen):04X}）"
    where += f"，共 {len(found)} 处" if len(found) > 1 else ""
    if unseen in _LINE_ENDS:
        raise WrongValue("line_break", f"应写在一行内：{where}")
    raise WrongValue("control_characters", f"{where}，请{'改用空格' if unseen == chr(9) else '删去'}")


def shown(value: Any) -> str:
    """A JSON value as a message quotes it: a text in quotation marks, cut short, what is not seen in it as a dot."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"数字 {value!r}"[:30]
        case str():
            text = "".join(char if char.isprintable() else "·" for char in value[:40])
            return f"“{text}{'…' if len(value) > 40 else ''}”"
        case dict():
            return "一个对象"
    return "一个数组"


def like(example: Any) -> str:
    """How a message gives a right one; nothing, where there is none to give."""
    if example is None:
        return ""
    return f"（例如 {example if isinstance(example, str) else json.dumps(example, ensure_ascii=False)}）"


def unaddressable(name: str) -> str:
    """What keeps a name from standing in an address, in words; "" where nothing does. Clients take dots for the way
    up, so that to delete what is called `..` would delete what stands above it."""
    if "/" in name:
        return "不能含有斜杠"
    return "不能只由一两个点组成" if name in (".", "..") else ""
