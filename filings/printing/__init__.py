"""《报关单位备案信息表》 and 《报关单位备案证明》 on paper (FAQ 1.10, 2.7, 2.17, 2.18), the papers of made-up
clients, and the record of self-study."""

from filings.printing.handing import as_printed, disposition, hand_over, hand_over_papers, hand_over_study_record
from filings.printing.issuing import certificate, record_form
from filings.printing.verifying import opened, verified

__all__ = [
    "as_printed",
    "certificate",
    "disposition",
    "hand_over",
    "hand_over_papers",
    "hand_over_study_record",
    "opened",
    "record_form",
    "verified",
]
