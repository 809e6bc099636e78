"""电子签章证书 (FAQ 1.6): applying for the newest once an hour, and handing it out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, QuerySet
from django.http import HttpResponse

from filings.answers import enterprises
from filings.models import SealAuthority, SealCertificate, Visit, row_or_none
from filings.record.facts import account_facts, misbehaves
from filings.record.trail import note
from filings.rules import guards
from filings.rules import seals as rules
from filings.rules.dates import at, rfc3339
from filings.rules.events import EventName
from filings.rules.refusals import Refusal, absent
from filings.rules.register import Values
from singlewindow.lean import later

if TYPE_CHECKING:
    from filings.counters import seal_keys
else:
    seal_keys = later("filings.counters.seal_keys")  # X.509: 15 ms

together = transaction.atomic(savepoint=False)

FORMATS = {"pem": "application/pem-certificate-chain", "p12": "application/x-pkcs12"}
"""The forms of the file: as text with the authority's certificate, or with its key under a password."""


@together
def issue(visit: Visit) -> SealCertificate:
    """申请最新证书: at most once an hour by an account for its enterprise.

    Raises 429 within the hour: `Retry-After` counts on the sandbox's clock, `retry_at` is the moment there. Raises 503
    if the issue fails; that does not start the hour.
    """
    guards.demand((guards.enterprise_user,), account_facts(visit))
    assert visit.account is not None
    about = visit.enterprise
    assert about is not None
    if next_at := not_before(visit):
        wait = str(rules.seconds_to(next_at, visit.now))
        raise Refusal(rules.hour_over.code, extra={"retry_at": rfc3339(next_at)}, headers={"Retry-After": wait})
    if misbehaves(visit.sandbox, "seal_certificate_fails", about.uscc):
        raise Refusal("seal_certificate_unavailable")
    return grant(visit)


def grant(visit: Visit) -> SealCertificate:
    """Make a new certificate for the visitor's enterprise. Its older certificate is superseded."""
    about = visit.enterprise
    assert visit.account is not None
    assert about is not None
    authority, until = _authority(visit), visit.now + rules.VALID
    n = (SealCertificate.objects.filter(enterprise=about).aggregate(last=Max("n"))["last"] or 0) + 1
    serial = seal_keys.drawn_serial(visit.sandbox.seed, about.uscc, n)
    made = seal_keys.certify(authority, about.name_cn, about.uscc, visit.now, until, serial)
    SealCertificate.objects.filter(enterprise=about, superseded_at=None).update(superseded_at=visit.now)
    certificate = SealCertificate.objects.create(
        sandbox=visit.sandbox,
        enterprise=about,
        account=visit.account,
        n=n,
        issued_at=visit.now,
        valid_until=until,
        serial_number=seal_keys.serial_of(made),
        certificate=made.certificate,
        private_key=made.private_key,
    )
    note(visit, EventName.CERTIFICATE_ISSUED, n=certificate.n)
    return certificate


def not_before(visit: Visit) -> datetime | None:
    """The moment from which the visitor may apply again; None: now."""
    issued = SealCertificate.objects.filter(account=visit.account, enterprise=visit.enterprise)
    last = issued.aggregate(last=Max("issued_at"))["last"]
    known = replace(account_facts(visit), seal_issued_at=last)
    return None if rules.hour_over(Values(), known) else rules.next_at(last)


def of(visit: Visit) -> QuerySet[SealCertificate]:
    """The certificates of the visit's enterprise, superseded ones too."""
    certificates = SealCertificate.objects.select_related("account", "enterprise")
    return (
        certificates.filter(sandbox=visit.sandbox, enterprise=visit.enterprise)
        if visit.enterprise
        else certificates.none()
    )


def find(visit: Visit, n: int) -> SealCertificate:
    """A certificate of the visit's enterprise. Raises 404."""
    certificate = row_or_none(of(visit).filter(n=n))
    if certificate is None:
        raise absent("证书", n)
    return certificate


def read(certificate: SealCertificate) -> enterprises.SealCertificate:
    """A certificate as its enterprise reads it."""
    return enterprises.SealCertificate(
        n=certificate.n,
        latest=certificate.superseded_at is None,
        serial_number=certificate.serial_number,
        username=certificate.account.username,
        issued_at=rfc3339(certificate.issued_at),
        valid_until=rfc3339(certificate.valid_until),
        superseded_at=at(certificate.superseded_at),
        next_at=rfc3339(rules.next_at(certificate.issued_at)),
        p12_password=rules.PASSWORD,
        simulated=True,
    )


def download(certificate: SealCertificate, form: str) -> HttpResponse:
    """A certificate as a file. Raises 400 for an unknown form."""
    if form not in FORMATS:
        raise Refusal("unknown_parameter", f"format 应为 {'、'.join(FORMATS)} 之一")
    above = SealAuthority.objects.get(sandbox=certificate.sandbox_id).certificate
    uscc = certificate.enterprise.uscc
    if form == "pem":
        body = (certificate.certificate + above).encode()
    else:
        body = seal_keys.p12(
            seal_keys.Pair(certificate.private_key, certificate.certificate), above, uscc, rules.PASSWORD
        )
    headers = {"Content-Disposition": f'attachment; filename="SIM-{uscc}-{certificate.n}.{form}"'}
    return HttpResponse(body, content_type=FORMATS[form], headers=headers)


def _authority(visit: Visit) -> seal_keys.Pair:
    """The sandbox's own authority, made on first use."""
    there = row_or_none(SealAuthority.objects.filter(sandbox=visit.sandbox))
    if there is None:
        made = seal_keys.new_authority(visit.now)
        there = SealAuthority.objects.create(sandbox=visit.sandbox, **made._asdict())
    return seal_keys.Pair(there.private_key, there.certificate)
