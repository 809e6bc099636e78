"""A client's papers as PDF: each on a page, all it says on it and nothing beside it, marked as made up."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filings import printing
from filings.lab.worlds import cast
from filings.printing.documents import MARK
from filings.printing.papers import draw_dossier
from filings.rules.papers import Agent, Client, DossierPaper, PaperField, PaperKind, Trap, client
from filings.rules.words import Disposition
from tests.printing.paper import read, squeezed, text

TODAY = date(2021, 12, 1)
AGENT = Agent(cast.AGENT.name_cn, cast.AGENT.uscc)
ALL = frozenset(Trap)


def drawn(about: Client) -> bytes:
    return draw_dossier(about.documents(AGENT), about.name_cn)


@given(st.integers(0, 2**63 - 1), st.sets(st.sampled_from(Trap)))
@settings(max_examples=40, deadline=None)
def test_each_paper_is_a_page_and_says_all_it_has_to(seed: int, traps: set[Trap]) -> None:
    about = client(seed, TODAY, traps)
    papers, pages = about.documents(AGENT), read(drawn(about))
    assert len(pages) == len(papers)
    for paper, page in zip(papers, pages, strict=True):
        said = squeezed(page.text)
        assert squeezed(MARK) in said
        assert squeezed(paper.title) in said
        for field in paper.fields:
            assert squeezed(field.label) in said, field.label
            assert squeezed(field.value) in said, field.label


@given(st.integers(0, 2**63 - 1), st.sets(st.sampled_from(Trap)))
@settings(max_examples=40, deadline=None)
def test_nothing_leaves_the_page_nor_runs_into_what_stands_at_the_foot(seed: int, traps: set[Trap]) -> None:
    about = client(seed, TODAY, traps)
    for paper, page in zip(about.documents(AGENT), read(drawn(about)), strict=True):
        wide, high = page.size
        assert (wide > high) == (paper.kind in (PaperKind.LICENCE, PaperKind.PARENT_LICENCE))
        for left, foot, right, top in page.boxes:
            assert 0 <= left <= right <= wide
            assert 0 <= foot <= top <= high
        if paper.kind == PaperKind.LICENCE:
            ends = [
                min(foot for _, foot, _, _ in page.where(field.value[-2:], behind=field.label))
                for field in paper.fields
                if field.label not in ("登记机关", "登记日期")
            ]
            assert min(ends) > 160, "above who registered it, and its seal"


def test_rare_names_are_printed_truly_and_copied_off_as_they_were_written() -> None:
    about = client(5, TODAY, {Trap.RARE_NAME, Trap.RAREST_NAME})
    said = text(drawn(about))
    assert about.legal_representative.name in said
    assert about.customs_manager.name in said
    assert "〓" not in said


def test_a_character_no_font_has_is_told_of() -> None:
    paper = DossierPaper(
        PaperKind.NAME_CHANGE, "登记通知书", (PaperField("变更后名称", "深圳市😀演练"), PaperField("登记日期", "今天"))
    )
    said = text(draw_dossier([paper], "演练"))
    assert "深圳市〓演练" in said
    assert "有1个字符不在打印字库中" in said


def test_a_paper_that_says_much_goes_on_on_another_page() -> None:
    fields = (*(PaperField(f"栏目{n}", f"内容{n}" * 40) for n in range(40)), PaperField("填表日期", "今天"))
    pages = read(draw_dossier([DossierPaper(PaperKind.INFORMATION, "登记表", fields)], "演练"))
    assert len(pages) > 1
    said = squeezed("".join(page.text for page in pages))
    assert all(squeezed(field.value) in said for field in fields)
    assert all("登记表（续）" in page.text for page in pages[1:])


@pytest.mark.parametrize("traps", [frozenset(), ALL])
def test_the_same_client_has_the_same_bytes(traps: frozenset[Trap]) -> None:
    assert drawn(client(9, TODAY, traps)) == drawn(client(9, TODAY, traps))
    assert drawn(client(9, TODAY, traps)) != drawn(client(10, TODAY, traps))


def test_every_seal_says_what_it_is() -> None:
    for paper, page in zip(client(9, TODAY).documents(AGENT), read(drawn(client(9, TODAY))), strict=True):
        if paper.kind != PaperKind.IDENTITY_CARD:
            assert squeezed(page.text).count("不具效力") >= 1, paper.title


def test_it_is_handed_over_to_be_shown_or_kept() -> None:
    about = client(9, TODAY)
    shown = printing.hand_over_papers(about.documents(AGENT), about.name_cn, Disposition.INLINE)
    assert (shown["Content-Type"], shown["Content-Disposition"]) == ("application/pdf", "inline")
    assert shown.content == drawn(about)
    kept = printing.hand_over_papers(about.documents(AGENT), about.name_cn, Disposition.ATTACHMENT)
    assert kept["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E6%9D%90%E6%96%99%E5%8C%85_")
    assert "default-src 'none'" in kept["Content-Security-Policy"]


def test_a_dossier_takes_less_than_a_hundred_and_fifty_milliseconds() -> None:
    about = client(9, TODAY, ALL)
    drawn(about)
    taken = []
    for _ in range(5):
        began = time.process_time()
        drawn(about)
        taken.append(time.process_time() - began)
    assert min(taken) < 0.150
