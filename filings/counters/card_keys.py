"""The keys of virtual cards: P-256, made on first use, and what is signed with them."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from filings.models import Card, Sandbox, row_or_none
from filings.rules.appraisal import Problem
from filings.rules.refusals import HOW_TO_SIGN, Refusal, absent


def find(sandbox: Sandbox, number: str) -> Card:
    """A card by its number. Raises 404."""
    card = row_or_none(
        Card.objects.select_related("sandbox", "account__enterprise").filter(sandbox=sandbox, number=number)
    )
    if card is None:
        raise absent("卡", number, remedy="卡号见 GET /control/v1/sandboxes/{sandbox} 中的 accounts")
    return card


def of_card(sandbox: Sandbox, number: str) -> Card:
    """A card with its private key, made now if it has none yet. Raises 404."""
    card = find(sandbox, number)
    if not card.private_key:
        made = _made()
        with sandbox.held():
            # Whoever comes first makes the key; the other reads it.
            Card.objects.filter(pk=card.pk, private_key="").update(private_key=made)
            card.refresh_from_db(fields=["private_key"])
    return card


def public_pem(private_key: str) -> str:
    """The public half of a private key, PEM."""
    return _key(private_key).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def expect_signature(signature: str) -> list[bytes]:
    """The DER forms that a signature may stand for. It is base64 (either alphabet) of DER or of r‖s (IEEE P1363).

    White space is ignored. Raises 401 for anything else, and says so: that tells nothing about any card.
    """
    text = "".join(signature.split()).translate(_URL_SAFE).rstrip("=")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise _malformed("签名不是 base64") from None
    meant = (
        [encode_dss_signature(*(int.from_bytes(half) for half in (raw[:_HALF], raw[_HALF:])))]
        if len(raw) == 2 * _HALF
        else []
    )
    try:
        decode_dss_signature(raw)
        meant.append(raw)
    except ValueError:
        if not meant:
            raise _malformed(f"签名既不是 DER，也不是 64 字节的 r‖s（解码后为 {len(raw)} 字节）") from None
    return meant


def verifies(private_key: str, text: str, meant: Iterable[bytes]) -> bool:
    """Whether one of these signatures (DER) is this card's, over this text. A card that never had a key has signed
    nothing."""
    key = _key(private_key or _nobodys()).public_key()
    return any(_is_over(key, text, signature) for signature in meant) and bool(private_key)


_HALF = 32
_URL_SAFE = str.maketrans("-_", "+/")


def _malformed(words: str) -> Refusal:
    fault = Problem("/signature", "signature_malformed", words)
    return Refusal("wrong_credentials", words, remedy=HOW_TO_SIGN, errors=[fault])


def _is_over(key: ec.EllipticCurvePublicKey, text: str, signature: bytes) -> bool:
    try:
        key.verify(signature, text.encode(), ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


@cache
def _nobodys() -> str:
    """A key to check against if the card has none, so that the time it takes does not tell which cards exist."""
    return _made()


def _made() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _key(private_key: str) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(private_key.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key
