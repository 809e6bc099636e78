"""Signing as a card does, for a login by challenge."""

from __future__ import annotations

from base64 import b64encode

from swsim.words import say


def sign_challenge(pem: str, random: str) -> str:
    """The `signature` of a login: base64 of ECDSA P-256/SHA-256 over the random text, as DER.

    pem     the card's private key, as `GET …/cards/{card_no}/key` tells it
    random  what `POST /sessions/challenge` answered

    Raises ImportError where the package cryptography is not installed (`pip install swsim[card]`), ValueError for
    another sort of key.
    """
    try:
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError as error:
        words = say(
            "Signing needs cryptography: pip install swsim[card]", "签名需要 cryptography：pip install swsim[card]"
        )
        raise ImportError(words) from error
    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise ValueError(say("a card's key is an EC key", "卡的密钥应为 EC 密钥"))
    return b64encode(key.sign(random.encode(), ECDSA(SHA256()))).decode()
