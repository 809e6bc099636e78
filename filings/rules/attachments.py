"""What may be attached: pdf, jpg or png, by extension and by content, at most 10 MB."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from filings.rules.refusals import Refusal

MAX_BYTES = 10 * 1024 * 1024
RECORD_FORM = "record_form"
TYPES = {RECORD_FORM: "《报关单位备案信息表》", "licence": "营业执照", "other": "其他"}
FORMATS = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has been looked at."""

    type: str
    filename: str
    content_type: str
    body: bytes
    sha256: str


def inspect(filename: str, body: bytes, type: str) -> Upload:
    """Check a file. The client's own Content-Type is not believed. Raises Refusal 413 or 415."""
    name = clean_name(filename)
    if len(body) > MAX_BYTES:
        raise Refusal("attachment_too_large", f"附件不能超过 10 MB，“{name}”为 {len(body) / 1024 / 1024:.1f} MB")
    stem, _, extension = name.rpartition(".")
    content_type, signatures = FORMATS.get(extension.lower() if stem else "", ("", ()))
    if not content_type:
        raise Refusal("attachment_type_not_allowed", f"附件只接受 pdf、jpg、png，“{name}”的扩展名不在其中")
    if not body.startswith(signatures):
        raise Refusal(
            "attachment_type_not_allowed",
            f"附件只接受 pdf、jpg、png，且内容须与扩展名一致，“{name}”的内容不是 {extension.lower()}",
        )
    return Upload(type, name, content_type, body, hashlib.sha256(body).hexdigest())


def clean_name(filename: str) -> str:
    """The last part of a file name, without control or direction characters, at most 120 characters."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", filename))[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '"<>|:*?').strip(" .")
    stem, dot, extension = kept.rpartition(".")
    return f"{stem[-110:]}{dot}{extension[:8]}"
