"""打印: a document as a preview with both ways to have it, the file itself, and the page that verifies it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from filings import agenda, desk, printing
from filings.answers.filings import Transmitted
from filings.models import Filing, Visit
from filings.printing.documents import Document, composed, missed
from filings.record import enquiries
from filings.rules.faq import ENTRIES
from filings.rules.kinds import KINDS
from filings.rules.reading import text
from filings.rules.refusals import Refusal
from filings.rules.words import Paper
from filings.web.doors import page, refusal_page, visited
from singlewindow import hosts

NAMED_BY_THE_FAQ = ("uscc", "address_cn")
"""“统一社会信用代码”、“企业地址” (FAQ 2.17): always compared, whether printed whole or not."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A field as it is printed, and as it is in the electronic data."""

    label: str
    printed: str
    sent: str

    @property
    def flaw(self) -> str:
        """What is wrong with the print: 均为空或显示不全 (FAQ 2.17), or a character the printer does not have."""
        sent = composed(self.sent)
        if self.printed == sent:
            return ""
        if not self.printed:
            return "（空）"
        return "（显示不全）" if len(self.printed) < len(sent) else "（有字符不在打印字库中）"


@require_safe
@visited
def record_form(request: HttpRequest, visit: Visit, filing: str) -> HttpResponse:
    """打印预览 of 《报关单位备案信息表》: what is printed beside what customs receives (FAQ 2.7, 2.17)."""
    found = desk.find(visit, filing)
    document = printing.record_form(visit, found)
    sent = enquiries.transmitted(found) if found.transmitted else None
    return _preview(
        request, visit, document, reverse("record_form_pdf", args=[found.public_id]), filing=found, sent=sent
    )


@require_safe
@visited
def record_form_pdf(request: HttpRequest, visit: Visit, filing: str) -> HttpResponse:
    """The file."""
    return _file(request, visit, printing.record_form(visit, desk.find(visit, filing)))


@require_safe
@visited
def certificate(request: HttpRequest, visit: Visit) -> HttpResponse:
    """打印预览 of 《报关单位备案证明》 (FAQ 1.10, 2.18)."""
    return _preview(request, visit, printing.certificate(visit), reverse("certificate_pdf"))


@require_safe
@visited
def certificate_pdf(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The file."""
    return _file(request, visit, printing.certificate(visit))


@require_safe
def document(request: HttpRequest, code: str) -> HttpResponse:
    """核验: which document a code stands for, and how that stands. Open to whoever holds the paper."""
    world = printing.opened(code)
    if world:
        agenda.catch_up(world[0])
    found = printing.verified(*world) if world else None
    if found is None:
        return refusal_page(request, Refusal("not_found", "没有这份文书，或它已不存在"))
    return page(request, "verify", found=found, certificate=found.paper == Paper.CERTIFICATE)


def _preview(
    request: HttpRequest,
    visit: Visit,
    document: Document,
    pdf: str,
    filing: Filing | None = None,
    sent: Transmitted | None = None,
) -> HttpResponse:
    out = printing.as_printed(document)
    compared = _compared(filing, document, out.shown, sent.message["content"] if sent else None) if filing else []
    return page(
        request,
        "print",
        visit,
        document=document,
        pdf=pdf,
        hint=ENTRIES["2.7"],
        notice=ENTRIES["2.17"],
        filing=filing,
        sent=sent,
        compared=compared,
        missed=missed(out.missing) if out.missing else "",
    )


def _file(request: HttpRequest, visit: Visit, document: Document) -> HttpResponse:
    how = printing.disposition(request.GET.get("disposition"))
    return printing.hand_over(visit, document, how, hosts.address(request), noted=request.method == "GET")


def _compared(filing: Filing, document: Document, shown: dict[str, str], sent: dict[str, Any] | None) -> list[Compared]:
    """The fields the FAQ names, and whatever else is not printed whole."""
    sheet, rows = KINDS[filing.kind].sheet, []
    for cell in document.cells():
        whole = text(sheet, cell.name, sent.get(cell.name)) if sent and cell.name in sheet.items else cell.text
        printed = shown.get(cell.name, cell.text)
        if cell.name in NAMED_BY_THE_FAQ or printed not in (cell.text, composed(cell.text)):
            rows.append(Compared(cell.label, printed, whole))
    return rows
