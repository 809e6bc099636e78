"""Making the two documents of what a visit may see: facts gathered once, then only set and drawn.

The numbers are the simulator's own and visibly so; the same filing, or the same record, has the same number at every
print.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from filings.models import Filing, Visit
from filings.printing import form
from filings.printing.documents import Cell, Closing, Document, Line, Mode
from filings.printing.verifying import certificate_number, code_of, record_form_number
from filings.record import enquiries
from filings.record.facts import mirror_of, misbehaves
from filings.record.trail import note_refusal
from filings.rules.codes import TABLES
from filings.rules.dates import local_date
from filings.rules.entitlements import certificate_printable, not_printable_by, standing
from filings.rules.events import Verb
from filings.rules.faq import ENTRIES
from filings.rules.kinds import KINDS
from filings.rules.reading import label_of
from filings.rules.refusals import Refusal
from filings.rules.words import Paper, Standing

WHOLE: Mapping[str, Mode] = {}
TRUNCATED: Mapping[str, Mode] = {"uscc": Mode.BLANK, "address_cn": Mode.CLIP, "address_en": Mode.CLIP}
"""FAQ 2.17: “统一社会信用代码”、“企业地址”等空格均为空或显示不全."""

SEALED = "（模拟样张，不加盖印章）"


def record_form(visit: Visit, filing: Filing) -> Document:
    """《报关单位备案信息表》 of a filing, as its data stand. A misbehaving printer changes what is shown, never what
    is sent."""
    if not KINDS[filing.kind].printed:
        raise Refusal("not_found", f"{KINDS[filing.kind].label}没有《报关单位备案信息表》")
    enquiries.expect_told(visit, filing)
    read, about = enquiries.read(visit, filing), filing.enterprise
    content = {"uscc": about.uscc, "name_cn": about.name_cn, **read.content}
    number = record_form_number(filing.number)
    truncated = misbehaves(visit.sandbox, "print_truncated", about.uscc)
    return Document(
        paper=Paper.RECORD_FORM,
        number=number,
        subject=filing.public_id,
        code=code_of(visit.sandbox, number),
        facing=(
            f"文书编号：{number}",
            f"申请单编号：{filing.number}　　{read.kind_label}　　状态：{read.status_label}",
        ),
        blocks=form.blocks(KINDS[filing.kind], content, local_date(visit.now), TRUNCATED if truncated else WHOLE),
        closing=form.CLOSING,
        unclear=misbehaves(visit.sandbox, "print_blurred", about.uscc) is not None,
    )


def certificate(visit: Visit) -> Document:
    """《报关单位备案证明》 of the visit's enterprise, by what the single window shows of it. A refusal is noted.

    Raises 409 where nothing stands that could be certified, 403 `category_not_printable` (FAQ 1.10, 2.18).
    """
    try:
        record = _certified(visit)
    except Refusal as refusal:
        note_refusal(visit, Verb.PRINT_CERTIFICATE, refusal)
        raise
    about, today = visit.enterprise, local_date(visit.now)
    assert about is not None
    number = certificate_number(about.uscc, record["registered_on"])
    return Document(
        paper=Paper.CERTIFICATE,
        number=number,
        subject=about.uscc,
        code=code_of(visit.sandbox, number),
        facing=(f"文书编号：{number}", f"打印日期：{today}"),
        blocks=_certificate(about.uscc, about.name_cn, record),
        closing=Closing(
            "以上为单一窗口显示的备案信息。本样张由模拟系统生成，仅供演练，不具效力；版式为推定。",
            SEALED,
            f"{today.year} 年 {today.month} 月 {today.day} 日",
        ),
        size=11,
        row=40,
        unclear=misbehaves(visit.sandbox, "print_blurred", about.uscc) is not None,
    )


def _certified(visit: Visit) -> Mapping[str, Any]:
    """The record a certificate would tell of; refused where it stands otherwise than 正常, or by its category."""
    if visit.enterprise is None:
        raise Refusal("not_enterprise_user")
    mirror = mirror_of(visit, visit.enterprise)
    record: Mapping[str, Any] = mirror.as_facts() if mirror else {}
    stands = standing(record, local_date(visit.now))
    if stands is not Standing.NORMAL:
        raise Refusal(f"certificate_{stands.value}", extra={"standing": stands.value})
    if not certificate_printable(record["categories"]):
        entry = not_printable_by(record["categories"])
        words = ENTRIES[entry].answer.rstrip("。")
        raise Refusal("category_not_printable", words, faq=entry, extra={"categories": record["categories"]})
    return record


def _certificate(uscc: str, name_cn: str, record: Mapping[str, Any]) -> tuple[Line, ...]:
    """The certificate's cells. Its layout was not found: these are assumed."""
    content = record["content"]
    valid_until = record["valid_until"]
    rows = [row.name for code in record["categories"] if (row := TABLES["categories"].get(code))]
    office = content.get("customs_office")
    return (
        Line((Cell("uscc", "统一社会信用代码", uscc),)),
        Line((Cell("name_cn", "企业名称", content.get("name_cn") or name_cn),)),
        Line((Cell("name_en", "英文名称", content.get("name_en") or ""),)),
        Line((Cell("categories", "报关单位类型", "、".join(rows)),)),
        Line(
            (
                Cell("customs_code", "海关备案编码", record["customs_code"] or ""),
                Cell("inspection_number", "检验检疫备案号", record["inspection_number"] or ""),
            )
        ),
        Line((Cell("address_cn", "住所(主要经营场所)", content.get("address_cn") or ""),)),
        Line(
            (
                Cell(
                    "legal_representative",
                    "法定代表人（负责人）",
                    (content.get("legal_representative") or {}).get("name") or "",
                ),
                Cell("customs_office", "备案海关", label_of("customs_offices", office) if office else ""),
            )
        ),
        Line(
            (
                Cell("registered_on", "备案日期", record["registered_on"].isoformat()),
                Cell("valid_until", "有效期", f"至 {valid_until.isoformat()}" if valid_until else "长期"),
            )
        ),
    )
