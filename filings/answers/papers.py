"""材料包 and 对照检查."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from filings.answers.base import Answer, one_of, said
from filings.rules.papers import Difference as Found
from filings.rules.papers import DossierPaper, PaperKind


class DossierField(Answer):
    """Something a paper prints."""

    label: str
    value: str


class DossierDocument(Answer):
    """A paper as it is printed."""

    kind: Annotated[str, one_of(PaperKind)]
    title: str
    fields: list[DossierField]


class Dossier(Answer):
    """A client's papers, in the order in which one reads them."""

    documents: list[DossierDocument]


class Difference(Answer):
    """A place where a registration is not as the papers have it."""

    pointer: Annotated[str, said("申请表中的位置（JSON Pointer）；缺少一行的，为该表")]
    label: str
    yours: Annotated[str, said("填写的内容，代码附名称")]
    document: Annotated[str, said("材料所载")]
    where: Annotated[str, said("载于哪份材料的哪一栏")]


def dossier(papers: Iterable[DossierPaper]) -> Dossier:
    """The papers as they are told: what each prints, and nothing of what it settles."""
    return Dossier(
        [
            DossierDocument(
                paper.kind.value, paper.title, [DossierField(field.label, field.value) for field in paper.fields]
            )
            for paper in papers
        ]
    )


def differences(found: Iterable[Found]) -> list[Difference]:
    """What differs, as it is told."""
    return [Difference(each.pointer, each.label, each.yours, each.document, each.where) for each in found]
