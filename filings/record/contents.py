"""The bytes of attached files: stored once, read only when needed, deleted with the last use. A writer holds the
sandbox."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet, Sum

from filings.models import Attachment, Content, Holding, Sandbox
from filings.prepared import PreparedDelete, PreparedValues
from filings.rules import limits
from filings.rules.refusals import absent


def put(sandbox: Sandbox, sha256: str, body: bytes) -> None:
    """Keep the bytes of a file, unless they are kept already. Raises 409 `attachments_full` if there is no room for
    them."""
    if not Content.objects.filter(sandbox=sandbox, sha256=sha256).exists():
        limits.expect_bytes(used(sandbox), len(body))
        Content.objects.create(sandbox=sandbox, sha256=sha256, size=len(body), body=body)


def read(sandbox: Sandbox, sha256: str) -> bytes:
    """The bytes of a file. Raises 404 if somebody deleted them directly in the database."""
    body = Content.objects.filter(sandbox=sandbox, sha256=sha256).values_list("body", flat=True).first()
    if body is None:
        raise absent("附件的内容", sha256)
    return bytes(body)


def used(sandbox: Sandbox) -> int:
    """How many bytes are kept of a sandbox's files, read from an index."""
    return sum(size for (size,) in _USED.all(sandbox.pk))


_USED = PreparedValues(
    lambda sandbox: (
        Content.objects.filter(sandbox=sandbox)
        .order_by()
        .values("sandbox")
        .annotate(sum=Sum("size"))
        .values_list("sum")
    ),
    1,
)


def kept(sandbox: Sandbox, digests: Collection[str]) -> list[Content] | None:
    """The contents with these digests, without their bytes; None if one is missing."""
    if not digests:
        return []
    there = Content.objects.filter(sandbox=sandbox).only("sha256").order_by("sha256")
    found = [content for content in there if content.sha256 in digests]
    return found if len(found) == len(digests) else None


def forget_unused(sandbox: Sandbox) -> None:
    """Delete the contents that no attachment and no checkpoint has. Only indexes are asked, no bytes are read."""
    _UNUSED.run(sandbox.pk)


def _unused(sandbox: int) -> QuerySet[Content]:
    attached = Attachment.objects.filter(sandbox=OuterRef("sandbox"), sha256=OuterRef("sha256"))
    held = Holding.objects.filter(content=OuterRef("pk"))
    return Content.objects.filter(~Exists(attached), ~Exists(held), sandbox=sandbox)


_UNUSED = PreparedDelete(_unused, -1)
