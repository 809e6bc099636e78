"""Who is acting, and how they logged in."""

from __future__ import annotations

from typing import Annotated

from filings.answers.base import Answer, Instant, one_of, said
from filings.answers.enterprises import EnterpriseName
from filings.rules.words import Medium, UserType


class AccountName(Answer):
    """A portal account."""

    username: str
    user_type: Annotated[str, one_of(UserType)]
    display_name: str


class Account(AccountName):
    """A portal account with its enterprise."""

    enterprise: EnterpriseName | None


class Who(Answer):
    """Who is logged in."""

    medium: Annotated[str, one_of(Medium)]
    expires_at: Instant | None
    account: AccountName
    enterprise: EnterpriseName | None


class LoggedIn(Who):
    """A login, with its token."""

    token: str


class Challenge(Answer):
    """A text for a card to sign."""

    random: Annotated[str, said("供卡签名，只能用一次")]
    expires_at: Instant
