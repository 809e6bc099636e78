"""Who acts: enterprises, their accounts and cards, mandates between them, and sessions."""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, make_password
from django.db import models

from filings.models.sandbox import InSandbox
from filings.rules.words import Medium, UserType


class SyntheticHasher(PBKDF2PasswordHasher):
    """A salted hash cheap enough for hundreds of throw-away accounts: they belong to synthetic people in sandboxes."""

    algorithm = "pbkdf2_synthetic"
    iterations = 1_000


class Enterprise(InSandbox):
    """An enterprise as the world knows it, registered with customs or not. `in_qianhai` None: not known (FAQ 1.4)."""

    uscc = models.CharField(max_length=18)
    name_cn = models.CharField(max_length=100)
    in_qianhai = models.BooleanField(null=True, default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "uscc"], name="enterprise_uscc")]

    def __str__(self) -> str:
        return f"{self.uscc} {self.name_cn}"


class Account(InSandbox):
    """A portal account: 企业用户 or 个人用户 (FAQ 2.3). `role` is its part in a situation."""

    username = models.CharField(max_length=60)
    password = models.CharField(max_length=128)
    user_type = models.CharField(max_length=10, choices=UserType.choices)
    display_name = models.CharField(max_length=100)
    role = models.CharField(max_length=40, blank=True)
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.CASCADE, related_name="accounts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "username"], name="account_username")]

    def __str__(self) -> str:
        return self.username

    def set_password(self, password: str) -> None:
        self.password = make_password(password)

    def check_password(self, password: str) -> bool:
        return check_password(password, self.password)


class Card(InSandbox):
    """A virtual IC/IKEY card of an account."""

    number = models.CharField(max_length=20)
    pin = models.CharField(max_length=128)
    holder_name = models.CharField(max_length=50)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="cards")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "number"], name="card_number")]

    def __str__(self) -> str:
        return self.number

    def check_pin(self, pin: str) -> bool:
        return check_password(pin, self.pin)


class Mandate(InSandbox):
    """That an agent may file for a principal (FAQ 1.7)."""

    principal = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="mandates_given")
    agent = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="mandates_held")
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "principal", "agent"], name="mandate_pair")]

    def __str__(self) -> str:
        return f"{self.principal_id} → {self.agent_id}"


class Session(InSandbox):
    """A login. It has one medium, whatever cards the account owns (FAQ 1.5); it lives on wall time."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sessions")
    medium = models.CharField(max_length=10, choices=Medium.choices)
    token_digest = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.account_id} {self.medium}"
