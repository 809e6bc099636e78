"""Handing a document over: printed directly or downloaded, noted in the trail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin

from django.http import HttpResponse
from django.urls import reverse

from filings.models import Visit
from filings.printing.documents import Document
from filings.record.trail import note
from filings.rules.events import EventName
from filings.rules.papers import DossierPaper
from filings.rules.refusals import Refusal
from filings.rules.words import Disposition

if TYPE_CHECKING:
    from filings.printing.self_study import StudyRecord
    from filings.printing.setting import Setting

NOTED_AS = {Disposition.INLINE: EventName.DOCUMENT_PREVIEWED, Disposition.ATTACHMENT: EventName.DOCUMENT_DOWNLOADED}

QUALITY = {Disposition.INLINE: "preview", Disposition.ATTACHMENT: "print"}
"""What may be expected of a copy: a preview may be unclear (FAQ 2.7), a file to print is drawn in vectors, sharper
than 300 dpi."""

CSP = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"
"""A document is shown inside a page of ours; it runs nothing. A browser's own viewer sets styles."""


def disposition(asked: str | None) -> Disposition:
    """How a document is wanted; directly unless told otherwise. Raises 400."""
    if asked not in (None, *Disposition.values):
        raise Refusal("unknown_parameter", f"disposition 应为 {'、'.join(Disposition.values)} 之一")
    return Disposition(asked or Disposition.INLINE)


def hand_over(visit: Visit, document: Document, how: Disposition, origin: str, *, noted: bool = True) -> HttpResponse:
    """A document as an answer. It is drawn before the transaction that notes it: nobody waits for ink."""
    # ReportLab and the font cost 0.1 s and 20 MB: paid at the first print, not at every start.
    from filings.printing.drawing import draw
    from filings.printing.pen import SHARP, UNCLEAR

    setting = as_printed(document)
    ink = UNCLEAR if document.unclear and how == Disposition.INLINE else SHARP
    pdf = draw(document, setting, urljoin(origin, reverse("document", args=[document.code])), ink)
    if noted:
        with visit.held():
            note(
                visit,
                NOTED_AS[how],
                subject=document.subject,
                document=document.paper,
                number=document.number,
                sha256=document.sha256,
            )
    return HttpResponse(pdf, content_type="application/pdf", headers=_headers(document, how, setting.missing))


def hand_over_papers(papers: Sequence[DossierPaper], client: str, how: Disposition) -> HttpResponse:
    """材料包 as an answer; `client` is how the enterprise is called."""
    from filings.printing.papers import draw_dossier

    return HttpResponse(
        draw_dossier(papers, client), content_type="application/pdf", headers=_shown(f"材料包_{client}", how)
    )


def hand_over_study_record(record: StudyRecord, how: Disposition) -> HttpResponse:
    """自学记录 as an answer."""
    from filings.printing.self_study import draw_study_record

    return HttpResponse(
        draw_study_record(record), content_type="application/pdf", headers=_shown(f"自学记录_{record.name}", how)
    )


def as_printed(document: Document) -> Setting:
    """A document as it comes out: what each cell shows, and how many characters could not be written."""
    from filings.printing.setting import set_on_pages

    return set_on_pages(document)


def _headers(document: Document, how: Disposition, missing: int) -> dict[str, Any]:
    return {
        **_shown(f"{document.paper.label}_{document.number}", how),
        "X-Document-Number": document.number,
        "X-Document-Hash": document.sha256,
        "X-Document-Quality": QUALITY[how],
        **({"X-Sim-Missing-Glyphs": missing} if missing else {}),
    }


def _shown(name: str, how: Disposition) -> dict[str, Any]:
    """How a browser shows a file, or under which name it keeps it."""
    attached = f"attachment; filename*=UTF-8''{quote(f'{name}.pdf', safe='')}"
    return {
        "Content-Disposition": "inline" if how == Disposition.INLINE else attached,
        "Content-Security-Policy": CSP,
        "X-Frame-Options": "SAMEORIGIN",
    }
