"""Codes on paper: unguessable, told from forged ones without a table of them, and showing no key of ours."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

from django.utils.crypto import constant_time_compare, salted_hmac

_SEAL = 12
"""Bytes that prove a code ours."""

LONGEST = 64
"""Bytes of a text that a code can stand for."""


def sealed(text: str, purpose: str) -> str:
    """The code of a text: sealed by a keyed digest and masked by another."""
    plain = text.encode()
    assert len(plain) <= LONGEST
    seal = _seal(plain, purpose)
    return urlsafe_b64encode(seal + _masked(plain, seal, purpose)).rstrip(b"=").decode()


def opened(code: str, purpose: str) -> str | None:
    """The text of a code; None for one that is not ours, or of another purpose."""
    try:
        raw = urlsafe_b64decode(code.encode("ascii") + b"=" * (-len(code) % 4))
    except ValueError:
        return None
    seal, masked = raw[:_SEAL], raw[_SEAL:]
    text = _masked(masked, seal, purpose)
    return text.decode() if constant_time_compare(seal, _seal(text, purpose)) else None


def _seal(text: bytes, purpose: str) -> bytes:
    return salted_hmac(f"{purpose}.seal", text, algorithm="sha256").digest()[:_SEAL]


def _masked(text: bytes, seal: bytes, purpose: str) -> bytes:
    """The text under a mask of its own, and out of it again."""
    mask = salted_hmac(f"{purpose}.mask", seal, algorithm="sha512").digest()
    return bytes(byte ^ mask_byte for byte, mask_byte in zip(text, mask, strict=False))
