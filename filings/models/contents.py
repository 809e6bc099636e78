"""What attached files hold: in a sandbox each once, however many drafts and checkpoints have it."""

from __future__ import annotations

from django.db import models

from filings.models.sandbox import Beside


class Content(Beside):
    """The bytes of a file, under their SHA-256. They stay as long as an attachment or a checkpoint has them.

    Of one sandbox and not of all of them: it goes with its sandbox, an upload tells nobody what others have, and no
    two sandboxes ever wait for the same row. What is asked of a content is its digest and size; only a download, or an
    export, reads the bytes.
    """

    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "sha256"], name="content_once")]
        indexes = [models.Index(fields=["sandbox", "size"], name="content_size")]

    def __str__(self) -> str:
        return self.sha256
