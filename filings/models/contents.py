"""The bytes of attached files: each once in a sandbox, even if many drafts and checkpoints have it."""

from __future__ import annotations

from django.db import models

from filings.models.sandbox import Beside


class Content(Beside):
    """The bytes of a file, under their SHA-256. They stay as long as an attachment or a checkpoint has them.

    They belong to one sandbox: they are deleted with it, an upload tells nothing about other sandboxes, and no two
    sandboxes wait for the same row. Mostly only digest and size are read; the bytes only for a download or an export.
    """

    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "sha256"], name="content_once")]
        indexes = [models.Index(fields=["sandbox", "size"], name="content_size")]

    def __str__(self) -> str:
        return self.sha256
