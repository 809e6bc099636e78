"""The standard world, planted in bulk: the cast with their accounts, cards, tokens and mandate, and the authorities' books."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.crypto import salted_hmac

from filings.lab import cast
from filings.models import Account, Card, CustomsRecord, Enterprise, Mandate, Mirror, MofcomRecord, Sandbox, Session, wall
from filings.models.ledgers import FACTS
from filings.models.sandbox import secret_digest
from filings.rules.approval import registration_record, with_returned_usd
from filings.rules.cards import valid_until
from filings.rules.dates import local_date
from filings.rules.words import CardType, Category, Medium

REGISTERED_BEFORE = timedelta(days=500)
"""How long before its opening day a world's enterprises registered."""


def standard(sandbox: Sandbox) -> None:
    """Plant the cast: enterprises, accounts, cards, tokens, the mandate, both books of those registered, the commerce ledger of all."""
    password, pin = _hashes()
    now = sandbox.now()
    enterprises = {
        firm.uscc: Enterprise(sandbox=sandbox, uscc=firm.uscc, name_cn=firm.name_cn, in_qianhai=False) for firm in cast.FIRMS
    }
    Enterprise.objects.bulk_create(enterprises.values())
    accounts = [
        Account(
            sandbox=sandbox, username=player.username, password=password, user_type=player.user_type, role=player.role,
            display_name=player.display_name, enterprise=enterprises[player.firm.uscc] if player.firm else None,
        )
        for player in cast.PLAYERS
    ]  # fmt: skip
    Account.objects.bulk_create(accounts)
    cards = {
        player.username: Card(
            sandbox=sandbox, number=player.card, type=CardType.OPERATOR, pin=pin, holder_name=player.display_name, account=account,
            enterprise=account.enterprise, n=1, applied_at=now, issued_at=now, valid_until=valid_until(local_date(now)),
        )
        for player, account in zip(cast.PLAYERS, accounts, strict=True)
        if player.card
    }  # fmt: skip
    Card.objects.bulk_create(cards.values())
    _open_sessions(sandbox, accounts, cards)
    serial = sandbox.tick(serials=1).serial
    Mandate.objects.create(
        sandbox=sandbox, serial=serial, public_id=f"M{serial:06d}", principal=enterprises[cast.CARDLESS.uscc],
        agent=enterprises[cast.AGENT.uscc], given_at=now,
    )  # fmt: skip
    register(sandbox, [firm for firm in cast.FIRMS if firm.category], local_date(now), now)
    MofcomRecord.objects.bulk_create(commerce_record(one) for one in enterprises.values())


def commerce_record(about: Enterprise) -> MofcomRecord:
    """What the commerce authorities have of an enterprise: 经营者备案 comes before customs, so those not yet registered have one too."""
    name_en = cast.NAMES_EN.get(about.uscc, cast.REFERENCE["name_en"])
    sheet = {**cast.REFERENCE, "name_cn": about.name_cn, "name_en": name_en}
    content: dict[str, Any] = {name: sheet[name] for name in ("name_cn", "name_en", "address_cn", "registered_capital")}
    content["legal_representative"] = sheet["legal_representative"]["name"]
    on = local_date(about.sandbox.now()) - REGISTERED_BEFORE
    return MofcomRecord(sandbox=about.sandbox, uscc=about.uscc, updated_on=on, content=content)


def open_sessions(sandbox: Sandbox) -> None:
    """Log the cast in where they have come by another way than the opening: their tokens are the sandbox's own."""
    accounts, cards = by_name(sandbox)
    cast_of = {player.username: player.card for player in cast.PLAYERS if player.username in accounts}
    held = {username: cards[number] for username, number in cast_of.items() if number in cards}
    _open_sessions(sandbox, [accounts[username] for username in cast_of], held)


def by_name(sandbox: Sandbox) -> tuple[dict[str, Account], dict[str, Card]]:
    """The accounts of a sandbox by user name, its cards by number."""
    accounts = {one.username: one for one in Account.objects.filter(sandbox=sandbox)}
    return accounts, {one.number: one for one in Card.objects.filter(sandbox=sandbox)}


def _open_sessions(sandbox: Sandbox, accounts: list[Account], cards: Mapping[str, Card]) -> None:
    logins = [(account, Medium.PASSWORD) for account in accounts]
    logins += [(account, Medium.CARD) for account in accounts if account.username in cards]
    Session.objects.bulk_create(
        Session(
            sandbox=sandbox, account=account, medium=medium, opened_at=wall(), expires_at=None,
            card=cards[account.username] if medium is Medium.CARD else None,
            token_digest=secret_digest(opening_token(sandbox, account.username, medium)),
        )
        for account, medium in logins
    )  # fmt: skip


def registered_before(category: Category) -> timedelta:
    """How long ago an enterprise registered: 临时 is good for a year only."""
    return timedelta(days=100) if category is Category.TEMPORARY else REGISTERED_BEFORE


def register(sandbox: Sandbox, firms: list[cast.Firm], today: date, now: datetime) -> None:
    """Enter firms in both books, as if approved some time ago; every one stands `normal`."""
    serial = sandbox.tick(serials=len(firms)).serial - len(firms)
    records = []
    for n, firm in enumerate(firms, start=1):
        assert firm.category is not None
        on = today - registered_before(firm.category)
        facts = {"in_qianhai": False, "former": [], **registration_record(firm.content, on, serial + n)}
        records.append({**facts, "investors": with_returned_usd(facts["investors"])})
    usccs = [firm.uscc for firm in firms]
    CustomsRecord.objects.bulk_create(CustomsRecord(sandbox=sandbox, uscc=u, **r) for u, r in zip(usccs, records, strict=True))
    Mirror.objects.bulk_create(
        Mirror(sandbox=sandbox, uscc=u, synced_at=now, **{name: r[name] for name in FACTS})
        for u, r in zip(usccs, records, strict=True)
    )


@cache
def _hashes() -> tuple[str, str]:
    """The cast's password and PIN, hashed once a process."""
    return make_password(cast.PASSWORD), make_password(cast.PIN)


def opening_token(sandbox: Sandbox, username: str, medium: str) -> str:
    """An opening account's token: derived, so that a reset leaves clients logged in, and unguessable without the key."""
    return (
        "tok_"
        + salted_hmac("filings.lab.token", f"{sandbox.control_key_digest}:{username}:{medium}", algorithm="sha256").hexdigest()[
            :40
        ]
    )
