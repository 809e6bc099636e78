"""电子签章证书 (FAQ 1.6), and the sandbox's own authority that signs them."""

from __future__ import annotations

from django.db import models

from filings.models import proofs
from filings.models.people import Account, Enterprise
from filings.models.sandbox import InSandbox


class SealAuthority(InSandbox):
    """The sandbox's certification authority: key and certificate, PEM, made on first use."""

    private_key = models.TextField(validators=[proofs.private_key])
    certificate = models.TextField(validators=[proofs.certificate])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox"], name="seal_authority_once")]

    def clean(self) -> None:
        proofs.expect_pair(self.private_key, self.certificate)

    def __str__(self) -> str:
        return f"authority of {self.sandbox_id}"


class SealCertificate(InSandbox):
    """A certificate issued to an enterprise on the application of an account; the newest is the one not superseded."""

    n = models.PositiveIntegerField()
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="seal_certificates")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    serial_number = models.CharField(max_length=40)
    certificate = models.TextField(validators=[proofs.certificate])
    private_key = models.TextField(validators=[proofs.private_key])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "n"], name="seal_certificate_n"),
            models.UniqueConstraint(
                fields=["enterprise"], condition=models.Q(superseded_at=None), name="seal_certificate_one_newest"
            ),
        ]
        indexes = [models.Index(fields=["sandbox"], name="seal_certificate_of_sandbox")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} #{self.n}"

    def clean(self) -> None:
        proofs.expect_pair(self.private_key, self.certificate)
