"""Making a real 电子签章证书: X.509 over P-256, signed by the sandbox's own authority, and marked as simulated."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID

MARK = "模拟环境 非官方证书"
"""Part of every subject and issuer, so that nobody takes such a certificate for a real one."""

FOR_EVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""No well-defined end (RFC 5280, 4.1.2.5): a sandbox's clock may run for any length of time."""

LONGEST_NAME = 64
"""The most characters X.520 allows in an organisation's name; the most bytes the library allows in a common name."""


class Pair(NamedTuple):
    """A private key and its certificate, both PEM."""

    private_key: str
    certificate: str


def new_authority(now: datetime) -> Pair:
    """An authority that signs itself. It is valid from the day before, so that a deed of an hour ago can be
    certified."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("企业资质模拟系统签章证书签发机构", "企业资质模拟系统")
    made = _builder(name, name, key, now - timedelta(days=1), FOR_EVER, x509.random_serial_number())
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    made = made.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return _pair(key, made.sign(key, SHA256()))


def certify(authority: Pair, name_cn: str, uscc: str, since: datetime, until: datetime, serial: int) -> Pair:
    """A new key for an enterprise, and the authority's certificate for it under a serial number."""
    signer, issuer = _key(authority.private_key), x509.load_pem_x509_certificate(authority.certificate.encode())
    key = ec.generate_private_key(ec.SECP256R1())
    made = _builder(_name(name_cn, name_cn, uscc), issuer.subject, key, since, until, serial)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    made = made.add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
    made = made.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    return _pair(key, made.sign(signer, SHA256()))


def drawn_serial(seed: int, uscc: str, n: int) -> int:
    """The serial number of an enterprise's `n`th certificate. It comes from the sandbox's seed: the same life gives the
    same number.

    19 bytes, the first not 0: as long as public ones, and positive (RFC 5280, 4.1.2.2).
    """
    drawn = hashlib.sha256(f"{seed}:{uscc}:{n}".encode()).digest()[:19]
    return int.from_bytes(drawn) | 1 << 144


def serial_of(pair: Pair) -> str:
    """A certificate's serial number, in hexadecimal."""
    return f"{x509.load_pem_x509_certificate(pair.certificate.encode()).serial_number:X}"


def p12(pair: Pair, authority_certificate: str, name: str, password: str) -> bytes:
    """Key, certificate and the authority's own certificate in a PKCS#12 file."""
    own, above = (x509.load_pem_x509_certificate(pem.encode()) for pem in (pair.certificate, authority_certificate))
    locked = BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(name.encode(), _key(pair.private_key), own, [above], locked)


def _name(common: str, organisation: str, serial: str = "") -> x509.Name:
    common = common.encode()[:LONGEST_NAME].decode(errors="ignore")
    parts = [
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, organisation[:LONGEST_NAME]),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, MARK),
        (NameOID.COMMON_NAME, common),
        *([(NameOID.SERIAL_NUMBER, serial)] if serial else []),
    ]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    since: datetime,
    until: datetime,
    serial: int,
) -> x509.CertificateBuilder:
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(serial).not_valid_before(since).not_valid_after(until)
    return made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _usage(**yes: bool) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{use: yes.get(use, False) for use in every})


def _pair(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> Pair:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return Pair(private, certificate.public_bytes(Encoding.PEM).decode())


def _key(private_key: str) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(private_key.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key
