"""The README's tour works as written: its lines are run, in a shell, against a live server. The table of the thirty is
the simulator's own."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from filings.management.commands import faq_table
from filings.rules.faq import ENTRIES

ROOT = Path(__file__).resolve().parent.parent


def tour() -> str:
    found = re.search(r"<!-- tour -->\n```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    assert found, "README.md has a tour"
    return found[1]


@pytest.mark.django_db(transaction=True)
def test_the_five_minute_tour_for_client_developers(live_server):
    script = "set -euo pipefail\n" + tour()
    run = subprocess.run(
        ["bash", "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "BASE": live_server.url},
    )
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert lines[0] == "(422, 'express_not_allowed', '2.19')"
    assert lines[1] == "已申报"
    assert "'approve'" in lines[2]
    assert lines[3] == "['暂存', '已申报', '成功发往海关', '海关入库成功', '转人工审核', '审批通过']"
    assert lines[4] == "['成功发往海关', '海关入库成功', '转人工审核', '审批通过']"
    assert lines[5].startswith("('正常', '44031")
    assert lines[6] == "reject; reason=address_mismatch"


def test_both_readmes_say_what_a_green_run_proves_and_what_it_does_not():
    english, chinese = (ROOT / "README.md").read_text(), (ROOT / "README.zh-CN.md").read_text()
    said = (
        "No public import interface of this module is known; `/api/v1` is this simulator's own; field behaviour, "
        "words and lifecycle"
        " are documented; a green run proves your handling of these, not a connection to the portal"
    )
    assert said in re.sub(r"\n> ", " ", english)
    assert "不等于与真实系统连通" in chinese


@pytest.mark.parametrize("document", faq_table.HEADS)
def test_the_table_of_the_thirty_is_the_simulators_own(document):
    found = faq_table.PLACE.search((ROOT / document).read_text())
    assert found, f"{document} has a place for the table"
    assert found[0] == faq_table.table(document), "run: python manage.py faq_table --write"
    assert [row.split(" | ")[0] for row in found[0].splitlines()[2:]] == [f"| {entry}" for entry in ENTRIES]


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_test_a_row_of_the_table_names_is_there(entry):
    assert (ROOT / "tests" / "faq" / faq_table.test_file(entry)).exists()
