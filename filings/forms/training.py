"""The forms of learners: who they are, how they want to practise, what they note."""

from __future__ import annotations

from filings.forms.language import Body, Code, Name, Text
from filings.rules.words import Degree

LONGEST_NOTE = 500
"""Characters of a note."""


class ComeIn(Body):
    """Somebody who has not been here yet."""

    example = {"name": "张演练"}

    name = Text(max_length=40, label="姓名", help_text="自己起的名字也可以；请不要填写证件号码")
    class_code = Code(
        required=False, max_length=12, label="班级代码", help_text="六个字母，由讲师给出；自学不填", sample="ABCDEF"
    )


class ComeBack(Body):
    """Somebody who has been here."""

    example = {"name": "张演练", "return_code": "ABCDEF"}

    name = Text(max_length=40, label="姓名")
    return_code = Code(max_length=12, label="返回码", help_text="六个字母，首次进入时给出")


class HowToPractise(Body):
    """With how much help an exercise is to be begun."""

    example = {"mode": "guided"}

    mode = Name(choices=Degree.choices, label="方式")


class LearnersNote(Body):
    """What a learner notes at a wrong move of theirs; nothing takes the note away."""

    example = {"exercise": "faq-2-4", "move": "reregistered", "note": "先查有效期，再联系海关"}

    exercise = Text(max_length=40)
    move = Text(max_length=40)
    note = Text(long=True, required=False, allow_blank=True, max_length=LONGEST_NOTE, label="笔记")
