"""Classes by command: opened, listed, and how their learners stand, as a table, CSV and XLSX."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from filings import learners
from filings.lab.grading import class_report
from filings.models import Learner, TrainingClass
from filings.rules.exercises.loading import catalogue
from tests.training.learning import begin, come_in, end, solve

pytestmark = pytest.mark.django_db


def told(*words: str) -> str:
    out = StringIO()
    call_command("class", *words, stdout=out)
    return out.getvalue()


def opened(name: str = "三月班") -> TrainingClass:
    told("add", name)
    return TrainingClass.objects.get(name=name)


def test_a_class_is_opened_and_its_code_told() -> None:
    code, name = told("add", " 三月班 ").split()
    assert (name, len(code)) == ("三月班", 6)
    come_in("张", code)
    come_in("李", code)
    assert told("list").split() == [code, "2", "三月班"]


@pytest.mark.parametrize("name", ["", " ", "长" * 61, "一\n二\0"])
def test_not_by_any_name(name: str) -> None:
    if name == "一\n二\0":
        name = "一\0二"
    with pytest.raises(CommandError, match="一行文字"):
        told("add", name)
    assert not TrainingClass.objects.exists()


@pytest.mark.parametrize("how", ["code", "name"])
def test_the_table_has_a_row_for_each_learner_and_a_column_for_each_exercise(how: str) -> None:
    made = opened()
    first, second = come_in("张三", made.code), come_in("李四", made.code)
    come_in("别人")
    end(first, solve(first, "faq-2-10"))
    solve(first, "faq-2-10")
    begin(second, "first-filing")
    head, *rows = told("report", getattr(made, how)).splitlines()
    assert head.split()[:5] == ["姓名", "通过", "掌握", "看过的提示", "最近一次"]
    assert head.split()[5:] == ["做过的练习"]
    assert any(row.endswith("2.10 掌握") for row in rows)
    assert any(row.endswith("首次备案 进行中") for row in rows)
    assert [row.split()[:3] for row in rows] == [["张三", "1", "1"], ["李四", "0", "0"]] or [
        row.split()[:3] for row in rows
    ] == [["李四", "0", "0"], ["张三", "1", "1"]]
    found = class_report.report(made)
    assert len(found.heads) == 5 + len(catalogue())
    assert not [head for head in found.heads if head.replace(".", "").isdigit()], "1.10 would be read as the number 1.1"
    heads = [head.split()[0] for head in found.heads]
    by_name = {row[0]: dict(zip(heads, row, strict=True)) for row in found.rows}
    assert (by_name["张三"]["2.10"], by_name["李四"]["首次备案"], by_name["李四"]["2.10"]) == (
        "掌握",
        "进行中",
        "未开始",
    )


NASTY = "=HYPERLINK(1)"


@pytest.mark.parametrize("name", [NASTY, "+1", "-1", "@x", "张,三", '张"三'])
def test_no_file_has_a_formula_in_it(name: str, tmp_path: Path) -> None:
    made = opened()
    come_in(name, made.code)
    as_csv, as_xlsx = tmp_path / "a.csv", tmp_path / "a.xlsx"
    assert told("report", made.code, "--csv", str(as_csv), "--xlsx", str(as_xlsx)).count("已写入") == 2
    raw = as_csv.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(raw.decode("utf-8-sig"), newline="")))
    assert rows[1][0] == (f"'{name}" if name[0] in "=+-@" else name)
    sheet = openpyxl.load_workbook(BytesIO(as_xlsx.read_bytes())).active
    cell = sheet.cell(2, 1)
    assert (cell.value, cell.data_type) == (name, "s")
    assert all(one.data_type == "s" for row in sheet.iter_rows() for one in row)


def test_it_costs_as_many_statements_for_many_learners() -> None:
    made = opened()

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            class_report.report(made).csv()
        return len(asked)

    solve(come_in("甲", made.code), "faq-2-10")
    few = statements()
    for n in range(3):
        solve(come_in(f"乙{n}", made.code), "faq-2-10")
    assert statements() == few <= 4


def test_what_is_no_class_and_a_file_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="没有代码或名称为"):
        told("report", "nothing")
    opened()
    opened("四月班")
    with pytest.raises(CommandError, match="不能写入"):
        told("report", "四月班", "--csv", str(tmp_path / "nowhere" / "a.csv"))
    TrainingClass.objects.update(name="同名班")
    with pytest.raises(CommandError, match="请用代码"):
        told("report", "同名班")


def test_a_class_of_nobody_has_its_heads() -> None:
    made = opened()
    assert len(told("report", made.code).splitlines()) == 1
    assert Learner.objects.count() == 0
    assert learners.class_of(made.code.lower()) == made
