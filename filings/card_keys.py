"""The keys of virtual cards: P-256, made on first use, and what is signed with them."""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key

from filings.models import Card, Sandbox, one
from filings.rules.refusals import Refusal


def find(sandbox: Sandbox, number: str) -> Card:
    """A card by its number. Raises 404."""
    card = one(Card.objects.select_related("sandbox", "account__enterprise").filter(sandbox=sandbox, number=number))
    if card is None:
        raise Refusal("not_found")
    return card


def of_card(sandbox: Sandbox, number: str) -> Card:
    """A card with its private key, made now if it has none yet. Raises 404."""
    card = find(sandbox, number)
    if not card.private_key:
        made = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        # Whoever comes first makes the key; the other reads it.
        Card.objects.filter(pk=card.pk, private_key="").update(private_key=made)
        card.refresh_from_db(fields=["private_key"])
    return card


def public_pem(private_key: str) -> str:
    """The public half of a private key, PEM."""
    return _key(private_key).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def verifies(private_key: str, text: str, signature: str) -> bool:
    """Whether a signature is this card's over this text. A card whose key nobody ever had has signed nothing."""
    if not private_key:
        return False
    try:
        _key(private_key).public_key().verify(base64.b64decode(signature, validate=True), text.encode(), ec.ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _key(private_key: str) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(private_key.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key
