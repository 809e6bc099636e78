"""Registers firms with customs, and keeps the book of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from erp.book import ORDER, Book, Entry
from erp.portal import Portal, Refused, Unavailable

LABELS = {
    "uscc": "统一社会信用代码",
    "name_cn": "企业中文名称",
    "address_cn": "工商注册地址",
    "postcode": "邮政编码",
    "customs_office": "注册海关",
    "district": "行政区划",
    "category": "经营类别",
    "investors": "投资人员",
}
"""The words of the ERP's own screens."""


class Registrar:
    """What the ERP's clerks do with the single window. Nothing of it is done twice, however often it is begun."""

    def __init__(self, portal: Portal, book: Book) -> None:
        self.portal, self.book = portal, book

    def register(self, reference: str, content: dict[str, Any], kind: str = "registration", **more: Any) -> Entry:
        """Draft and declare. What the single window finds wrong becomes a note; what it cannot be told is begun anew by
        the next call."""
        entry = self.book.write(Entry(reference, kind, "to_file"))
        body = {"kind": kind, "filing_mode": "self", "client_reference": reference, "content": content, **more}
        try:
            return self._declare(self._drafted(entry, body))
        except Unavailable:
            return self.book.read(reference)
        except Refused as refused:
            return self._noted(self.book.read(reference), refused)

    def correct(self, reference: str, changes: dict[str, Any]) -> Entry:
        """After a refusal, the draft is corrected; after 审批不通过, a copy of what was declared."""
        entry = self.book.read(reference)
        try:
            if entry.status == "rejected":
                copied = self.portal.post(f"/filings/{entry.filing}/copy", key=f"{reference}-copy-{entry.filing}")
                entry = self._known(entry, copied)
            self.portal.patch(f"/filings/{entry.filing}", {"content": changes})
            return self._declare(entry)
        except Refused as refused:
            return self._noted(entry, refused)

    def refresh(self) -> list[Entry]:
        """Ask how everything stands that is not decided."""
        return [
            self._known(entry, self.portal.get(f"/filings/{entry.filing}"))
            for entry in self.book.open()
            if entry.filing
        ]

    def take(self, notice: str, event: dict[str, Any]) -> Entry | None:
        """Take in a notice of the single window; one that came before, or is overtaken by a later one, changes
        nothing."""
        told = event["data"]["filing"]
        entry = self.book.of_filing(told["id"])
        if entry is None or not self.book.is_new(notice):
            return None
        if ORDER.index(told["status"]) < ORDER.index(entry.status):
            return entry
        return self._known(entry, told)

    def standing(self) -> str:
        """How the firm stands with customs, for the ERP's first page."""
        try:
            told = self.portal.get("/enterprise")
        except Refused as refused:
            return refused.code
        return str(told["standing"])

    def _drafted(self, entry: Entry, body: dict[str, Any]) -> Entry:
        return self._known(entry, self.portal.post("/filings", body, key=f"{entry.reference}-draft"))

    def _declare(self, entry: Entry) -> Entry:
        # A draft that was corrected is another declaration; the same one has the same key.
        version = self.portal.get(f"/filings/{entry.filing}")
        if version["status"] != "draft":
            return self._known(entry, version)
        key = f"{entry.filing}-declare-{version['version']}"
        return self._known(entry, self.portal.post(f"/filings/{entry.filing}/declare", key=key))

    def _known(self, entry: Entry, filing: dict[str, Any]) -> Entry:
        note = "审批不通过：请更正后重新申报" if filing["status"] == "rejected" else ""
        return self.book.write(
            replace(entry, filing=filing["id"], number=filing["number"], status=filing["status"], note=note)
        )

    def _noted(self, entry: Entry, refused: Refused) -> Entry:
        lines = [f"{LABELS.get(field.partition('/')[0], field)}：{words}" for field, words in refused.problems]
        note = "\n".join(lines) or f"{refused.code}：{refused.told['detail']}"
        return self.book.write(replace(entry, status="to_correct", note=note))
