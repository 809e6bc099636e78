"""`manage.py initials`: the pinyin initials of every character and of the names in the code tables, as the boxes of
codes find by them.

The readings are pypinyin's (MIT), which is needed here only (requirements-dev.txt).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from filings.rules.codes import TABLES
from filings.rules.initials import FIRST, spelt

LAST = 0x9FFF
PLACE = settings.BASE_DIR / "filings/rules/data/initials.txt"

AS_SPOKEN = {
    "浚县": "xx",
    "单县": "sx",
    "洪洞县": "htx",
    "涡阳县": "gyx",
    "繁峙县": "fsx",
    "荥经县": "yjx",
    "覃塘区": "qtq",
    "泊头市": "bts",
    "漯河市": "lhs",
    "长葛市": "cgs",
    "曾都区": "zdq",
    "朝阳市": "cys",
    "朝阳县": "cyx",
    "漯河经济技术开发区": "lhjjjskfq",
}
"""Names of places that pypinyin reads otherwise than they are spoken."""


def readings(first_letter: Callable[[str], str]) -> str:
    """The file as it is written."""
    letters = "".join(_one(first_letter(chr(code))) for code in range(FIRST, LAST + 1))
    names = sorted({row.name for table in TABLES.values() for row in table.rows})
    by_word = {name: AS_SPOKEN.get(name) or spelt(first_letter(name), "") for name in names}
    lines = [f"{name}\t{read}" for name, read in by_word.items() if read != spelt(name, letters)]
    return "\n".join([letters, *lines, ""])


def _one(letter: str) -> str:
    return letter if len(letter) == 1 and letter.isascii() and letter.isalpha() else "?"


class Command(BaseCommand):
    help = "Write the pinyin initials by which the boxes of codes find (filings/rules/data/initials.txt)."

    def handle(self, *args: Any, **options: Any) -> None:
        from pypinyin import Style, lazy_pinyin

        PLACE.write_text(readings(lambda text: "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))), encoding="utf-8")
        self.stdout.write(f"{PLACE}")
