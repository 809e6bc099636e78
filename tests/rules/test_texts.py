"""What a text may hold: line ends in long ones only, nothing unseen in any, and a message that names what was found."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.rules.texts import WrongValue, letters, like, line, lines, shown


def told(read: Any, text: str, longest: int | None = None) -> tuple[str, str]:
    with pytest.raises(WrongValue) as fault:
        read(text, longest)
    return fault.value.code, fault.value.detail


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_every_line_end_of_a_long_text_is_kept_as_one(end: str) -> None:
    assert lines(f"一般项目：{end}货物进出口{end}{end}技术进出口") == "一般项目：\n货物进出口\n\n技术进出口"


def test_a_long_text_keeps_its_tabs_and_loses_its_edges() -> None:
    assert lines("\r\n 一\t二 \r\n") == "一\t二"
    assert lines("一\n\r二") == "一\n\n二"


@pytest.mark.parametrize(
    ("end", "named"),
    [
        ("\n", "换行符（U+000A）"),
        ("\r", "回车符（U+000D）"),
        ("\r\n", "回车符（U+000D），共 2 处"),
        ("\x85", "下一行符（U+0085）"),
        ("\u2028", "行分隔符（U+2028）"),
        ("\u2029", "段分隔符（U+2029）"),
    ],
)
def test_a_text_of_one_line_names_the_line_end_it_refuses_and_its_place(end: str, named: str) -> None:
    assert told(line, f"深圳{end}云帆") == ("line_break", f"应写在一行内：第 3 个字符是{named}")
    assert line(f"{end}深圳{end}") == "深圳"


@pytest.mark.parametrize(
    ("unseen", "named"),
    [
        ("\u200b", "零宽空格（U+200B），请删去"),
        ("\u202e", "从右到左强制符（U+202E），请删去"),
        ("\ufeff", "字节顺序标记（U+FEFF），请删去"),
        ("\0", "空字符（U+0000），请删去"),
        ("\x07", "控制字符（U+0007），请删去"),
        ("\xad", "软连字符（U+00AD），请删去"),
        ("\ud83d", "不成对的代理项（半个字符）（U+D83D），请删去"),
        ("\v", "垂直制表符（U+000B），请删去"),
        ("\U000e0041", "不可见的格式字符（U+E0041），请删去"),
        ("\u2066", "从左到右隔离符（U+2066），请删去"),
    ],
)
@pytest.mark.parametrize("read", [line, lines])
def test_what_is_not_seen_is_named_with_its_place(read: Any, unseen: str, named: str) -> None:
    assert told(read, f"深圳{unseen}云帆") == ("control_characters", f"第 3 个字符是{named}")
    assert told(read, f" 深圳{unseen}云{unseen}帆")[1].startswith("第 4 个字符是")
    assert "共 2 处" in told(read, f" 深圳{unseen}云{unseen}帆")[1]


def test_a_tab_is_refused_in_one_line_with_what_to_do() -> None:
    assert told(line, "深圳\t云帆") == ("control_characters", "第 3 个字符是制表符（U+0009），请改用空格")


@pytest.mark.parametrize("text", ["深圳　云帆", "𠮷野", "É Ễ", "ｘ", "a\u00a0b", "\ue000", "葛\U000e0100"])
def test_what_is_seen_stays_to_the_letter(text: str) -> None:
    assert line(text) == lines(text) == text


def test_too_long_a_text_tells_how_long_it_is_and_may_be() -> None:
    assert told(line, "长" * 105, 100) == ("max_length", "最多 100 个字，填写了 105 个字")
    assert line(" " + "长" * 100 + " ", 100) == "长" * 100
    assert lines("一\r\n二", 3) == "一\n二"


@given(st.text())
def test_a_text_taken_once_is_taken_as_it_is(text: str) -> None:
    for read in (line, lines):
        with suppress(WrongValue):
            kept = read(text)
            assert kept == read(kept)


def test_a_secret_is_taken_to_the_letter_and_never_told() -> None:
    assert letters(" p\tä ") == " p\tä "
    assert told(letters, "geheim\0") == ("control_characters", "第 7 个字符是空字符（U+0000），请删去")
    assert told(letters, "geheim", 3) == ("max_length", "最多 3 个字，填写了 6 个字")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "null"),
        (True, "true"),
        (5, "数字 5"),
        (0.5, "数字 0.5"),
        ("", "“”"),
        ("深圳", "“深圳”"),
        ("长" * 50, f"“{'长' * 40}…”"),
        ("a\u202eb", "“a·b”"),
        ([1], "一个数组"),
        ({"a": 1}, "一个对象"),
    ],
)
def test_a_message_quotes_what_was_given(value: Any, words: str) -> None:
    assert shown(value) == words


@pytest.mark.parametrize(
    ("example", "words"), [(None, ""), ("5355", "（例如 5355）"), (True, "（例如 true）"), (["a"], '（例如 ["a"]）')]
)
def test_a_message_ends_with_a_right_one(example: Any, words: str) -> None:
    assert like(example) == words
