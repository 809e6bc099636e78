"""Who acts: enterprises, their accounts and cards, mandates between them, and sessions."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password
from django.core.exceptions import ValidationError
from django.db import models

from filings.models import proofs
from filings.models.sandbox import InSandbox, Login
from filings.rules.words import CardStatus, CardType, Medium, UserType

WRONG_PINS = 5
"""This many wrong PINs in a row lock a card. Ours: the number for a real card is not known."""


class SyntheticHasher(PBKDF2PasswordHasher):
    """A salted hash cheap enough for hundreds of throw-away accounts: they belong to synthetic people in sandboxes."""

    algorithm = "pbkdf2_synthetic"
    iterations = 1_000


class Enterprise(InSandbox):
    """An enterprise as the world knows it, registered with customs or not. `in_qianhai` None: not known (FAQ 1.4)."""

    uscc = models.CharField(max_length=18, validators=[proofs.credit_code])
    name_cn = models.CharField(max_length=100)
    in_qianhai = models.BooleanField(null=True, default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "uscc"], name="enterprise_uscc")]

    def __str__(self) -> str:
        return f"{self.uscc} {self.name_cn}"


class Account(InSandbox):
    """A portal account: 企业用户 or 个人用户 (FAQ 2.3). `role` is its part in a situation.

    `registered`: made at the portal by its enterprise, which can do this once; the others were given. `record_seen` is
    the digest of the record that 基本信息查询 last showed to it, `register_seen` of what the publicity platform last showed
    to it about its own enterprise.
    """

    username = models.CharField(max_length=60)
    password = models.CharField(max_length=128, validators=[proofs.hashed])
    user_type = models.CharField(max_length=10, choices=UserType.choices)
    display_name = models.CharField(max_length=100)
    role = models.CharField(max_length=40, blank=True)
    registered = models.BooleanField(default=False)
    record_seen = models.CharField(max_length=64, blank=True)
    register_seen = models.CharField(max_length=64, blank=True)
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.CASCADE, related_name="accounts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sandbox", "username"], name="account_username"),
            models.UniqueConstraint(
                fields=["enterprise"], condition=models.Q(registered=True), name="account_registered_once"
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def clean(self) -> None:
        if (self.enterprise_id is not None) != (self.user_type == UserType.ENTERPRISE):
            raise ValidationError({"enterprise": proofs.Misfit("invalid", "企业用户属于一家企业，个人用户不属于企业")})

    def check_password(self, password: str) -> bool:
        return check_password(password, self.password)


class Card(InSandbox):
    """A virtual IC/IKEY card of an enterprise, in the hands of an account; `n` numbers those of one enterprise.

    `issued_at` None: applied for, not yet issued. `valid_until` None: it does not run out. The key is P-256, made on
    first use.
    """

    n = models.PositiveIntegerField()
    number = models.CharField(max_length=20, validators=[proofs.Numbered("SIMC(?:0[0-9]{7}|1)", 0)])
    type = models.CharField(max_length=15, choices=CardType.choices, default=CardType.OPERATOR)
    pin = models.CharField(max_length=128, validators=[proofs.hashed])
    wrong_pins = models.PositiveSmallIntegerField(default=0)
    applied_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    valid_until = models.DateField(null=True)
    holder_name = models.CharField(max_length=50)
    holder_id_type = models.CharField(max_length=20, blank=True)
    holder_id_number = models.CharField(max_length=30, blank=True)
    private_key = models.TextField(blank=True, validators=[proofs.private_key])
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="cards")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="cards")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sandbox", "number"], name="card_number"),
            models.UniqueConstraint(fields=["enterprise", "n"], name="card_n"),
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=models.Q(type=CardType.LEGAL_PERSON, cancelled_at=None),
                name="card_one_legal_persons",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def status(self, today: date) -> CardStatus:
        """The status of the card on a day. It is valid through its last day."""
        if self.cancelled_at is not None:
            return CardStatus.CANCELLED
        if self.issued_at is None:
            return CardStatus.APPLIED
        if self.valid_until is not None and self.valid_until < today:
            return CardStatus.EXPIRED
        return CardStatus.LOCKED if self.wrong_pins >= WRONG_PINS else CardStatus.ACTIVE


class Challenge(Login):
    """A random text for a card to sign, once and soon (wall time). If it is for no card, no signature fits."""

    card = models.ForeignKey(Card, null=True, on_delete=models.CASCADE, related_name="challenges")
    random = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "random"], name="challenge_random")]

    def __str__(self) -> str:
        return self.random


class Mandate(InSandbox):
    """An agent may file for a principal (FAQ 1.7), through the last day or until it is revoked. An ended one stays on
    record."""

    serial = models.PositiveIntegerField()
    public_id = models.CharField(max_length=12, validators=[proofs.Numbered("M", 6)])
    principal = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="mandates_given")
    agent = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="mandates_held")
    valid_to = models.DateField(null=True)
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sandbox", "public_id"], name="mandate_public_id"),
            models.UniqueConstraint(
                fields=["principal", "agent"], condition=models.Q(revoked_at=None), name="mandate_one_unrevoked"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Session(Login):
    """A login. It has one medium, whatever cards the account owns (FAQ 1.5); it lives on wall time.

    seen_at  when it was last used on the screens, to the minute: one left alone there ends
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sessions")
    medium = models.CharField(max_length=10, choices=Medium.choices)
    card = models.ForeignKey(Card, null=True, on_delete=models.CASCADE, related_name="sessions")
    token_digest = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["sandbox"], name="session_of_sandbox")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.medium}"
