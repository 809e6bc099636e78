"""首次备案, by a program that reads the papers: whatever they are, it passes; with one digit changed it is told which
field, and on which paper the right value stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins

from filings.answers.papers import dossier
from filings.lab.worlds import cast
from filings.rules.exercises.cases import case
from filings.rules.exercises.loading import catalogue
from filings.rules.exercises.schema import VARIANTS
from filings.rules.papers import differences
from tests.training.clerk import transcribed
from tests.training.programs import Program, verdicts

pytestmark = pytest.mark.django_db(databases="__all__")
REFERENCE = Path(__file__).parents[2] / "docs" / "reference-registration.json"


def filed(program: Program, sheet: Mapping[str, Any]) -> str:
    """File a sheet for the client, with its 备案信息表, and let two days pass."""
    agent = program.caller("G", "card")
    body = {"kind": "registration", "filing_mode": "agent", "principal": sheet["uscc"], "content": sheet}
    filing: str = agent.post("/filings", body).ok(201)["id"]
    agent.upload(filing, type="record_form").ok(201)
    agent.post(f"/filings/{filing}/declare").ok(200)
    program.advance("P2D")
    return filing


def read_off(program: Program) -> dict[str, Any]:
    return transcribed(program.mine.get("/dossier").ok(200).json)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_transcribed_from_the_papers_passes(seed: int) -> None:
    program = Program("first-filing", seed, mode="exam")
    filing = filed(program, read_off(program))
    found = program.check()
    assert (found["passed"], found["differences"]) == (True, []), found
    assert program.caller("G", "card").get(f"/filings/{filing}").ok(200)["status"] == "approved"


def test_the_papers_of_every_variant_say_all_that_a_clerk_must_fill() -> None:
    """With whatever traps they have."""

    met = set()
    for seed in range(VARIANTS):
        whose = case(catalogue()["first-filing"].exercise, seed).client
        assert whose
        sheet = transcribed(to_builtins(dossier(whose.documents())))
        assert differences(sheet, whose) == ()
        met |= set(whose.traps)
    assert len(met) >= 6, "the variants have most of the traps of life"


def test_the_reference_registration_is_what_a_clerk_reads_off_the_papers_of_the_demo() -> None:
    firm = cast.client(cast.CARDLESS.uscc, date(2026, 3, 1))
    assert firm
    assert differences(transcribed(to_builtins(dossier(firm.documents()))), firm) == ()
    assert differences(json.loads(REFERENCE.read_text(encoding="utf-8"))["content"], firm) == ()
    assert firm.content() == cast.REFERENCE == cast.CARDLESS.content
    assert firm.traps == ()


CHANGED: dict[str, tuple[tuple[str | int, ...], str, str]] = {
    # the place, its pointer, and the paper on which it stands
    "邮政编码": (("postcode",), "/content/postcode", "企业信息及联系人登记表"),
    "财务负责人：固定电话": (("finance_manager", "phone"), "/content/finance_manager/phone", "企业信息及联系人登记表"),
    "法定代表人（负责人）：移动电话": (
        ("legal_representative", "mobile"),
        "/content/legal_representative/mobile",
        "企业信息及联系人登记表",
    ),
    "工商注册地址": (("address_cn",), "/content/address_cn", "营业执照"),
    "企业英文地址": (("address_en",), "/content/address_en", "企业信息及联系人登记表"),
    "成立日期": (("established_on",), "/content/established_on", "营业执照"),
    "行业种类": (("industry",), "/content/industry", "企业信息及联系人登记表"),
}


def turned(text: str) -> str:
    """A text with its last digit changed."""
    at = max(n for n, sign in enumerate(text) if sign.isdecimal())
    return text[:at] + ("1" if text[at] != "1" else "2") + text[at + 1 :]


@pytest.mark.parametrize("label", CHANGED)
def test_with_one_digit_changed_it_is_told_which_field_and_on_which_paper(label: str) -> None:
    path, pointer, paper = CHANGED[label]
    program = Program("first-filing", seed=2)
    sheet = read_off(program)
    within: Any = sheet
    for name in path[:-1]:
        within = within[name]
    right = within[path[-1]]
    within[path[-1]] = turned(right)
    filed(program, sheet)
    found = program.check()
    assert not found["passed"]
    assert verdicts(found)["as_the_papers_say"] == "fail"
    (difference,) = found["differences"]
    assert difference["pointer"] == pointer
    assert difference["label"] == label
    assert difference["yours"] != difference["document"]
    assert difference["where"].startswith(paper)
    printed = difference["document"].replace("年", "-").replace("月", "-")
    assert right in printed


def test_what_was_wrong_is_mended_in_a_copy_and_passes() -> None:
    """Customs rejects what differs from the register; the clerk copies, mends and declares again."""
    program = Program("first-filing", seed=1)
    sheet, agent = read_off(program), program.caller("G", "card")
    first = filed(program, sheet | {"address_cn": turned(sheet["address_cn"])})
    assert agent.get(f"/filings/{first}").ok(200)["status"] == "rejected"
    assert [one["pointer"] for one in program.check()["differences"]] == ["/content/address_cn"]
    copied = agent.post(f"/filings/{first}/copy").ok(201)["id"]
    agent.patch(f"/filings/{copied}", {"content": {"address_cn": sheet["address_cn"]}}).ok(200)
    agent.upload(copied, type="record_form").ok(201)
    agent.post(f"/filings/{copied}/declare").ok(200)
    program.advance("P2D")
    found = program.check()
    assert (found["passed"], found["differences"]) == (True, [])


def test_what_market_regulation_does_not_hold_is_found_by_the_papers_alone() -> None:
    """Customs approves what agrees with the register; the exercise asks for more."""
    program = Program("first-filing", seed=1)
    sheet = read_off(program)
    filing = filed(program, sheet | {"postcode": turned(sheet["postcode"])})
    assert program.caller("G", "card").get(f"/filings/{filing}").ok(200)["status"] == "approved"
    found = verdicts(program.check())
    assert (found["for_the_client"], found["as_the_papers_say"]) == ("pass", "fail")


def test_the_agents_mandate_is_among_the_papers() -> None:
    program = Program("first-filing")
    letter = next(paper for paper in program.mine.get("/dossier").ok(200)["documents"] if paper["kind"] == "mandate")
    told = {field["label"]: field["value"] for field in letter["fields"]}
    assert told["受托人统一社会信用代码"] == program.begun["accounts"][0]["uscc"]
    assert told["委托人统一社会信用代码"] == program.case.value("X")
