"""The standard world, planted in bulk: the cast with their accounts, cards, tokens and mandate, the authorities' books,
and the register of enterprises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import OuterRef, Subquery
from django.utils.crypto import salted_hmac

from filings.lab.worlds import cast, rows
from filings.models import (
    Account,
    Card,
    CustomsRecord,
    Enterprise,
    Mandate,
    MarketRecord,
    Mirror,
    MofcomRecord,
    Sandbox,
    Session,
    wall,
)
from filings.models.sandbox import InSandbox, secret_digest
from filings.prepared import PreparedInsert, PreparedValues
from filings.rules.approval import registration_record, with_returned_usd
from filings.rules.cards import valid_until
from filings.rules.dates import local_date
from filings.rules.words import CardType, Category, Medium

REGISTERED_BEFORE = timedelta(days=500)
"""How long before its opening day a world's enterprises registered."""


def standard(sandbox: Sandbox) -> list[str]:
    """Plant the cast: enterprises, accounts, cards, tokens, the mandate, both books of those registered, the commerce
    ledger and the market record of all.

    Returns the mandates' numbers.
    """
    numbers = 1 + len(_REGISTERED)
    first = sandbox.tick(serials=numbers).serial - numbers + 1
    planted = rows.placed(sandbox, _world(sandbox.now(), first))
    rows.write(planted)
    keys = {model: [row[0] for row in planted[model]] for model in (Account, Card)}
    held = [player.username for player in cast.PLAYERS if player.card]
    _open_sessions(
        sandbox,
        {player.username: key for player, key in zip(cast.PLAYERS, keys[Account], strict=True)},
        dict(zip(held, keys[Card], strict=True)),
    )
    return [_mandate(first)]


@lru_cache(maxsize=8)
def _world(now: datetime, first: int) -> rows.Tables:
    """The rows of the cast at a moment, with numbers from `first` on: the same in every sandbox that opens so. Only
    other code makes others."""
    return rows.of(_cast(now, first))


def _cast(now: datetime, first: int) -> Iterator[InSandbox]:
    password, pin = _hashes()
    enterprises = {firm.uscc: Enterprise(uscc=firm.uscc, name_cn=firm.name_cn, in_qianhai=False) for firm in cast.FIRMS}
    yield from enterprises.values()
    accounts = [
        Account(
            username=player.username,
            password=password,
            user_type=player.user_type,
            role=player.role,
            display_name=player.display_name,
            enterprise=enterprises[player.firm.uscc] if player.firm else None,
        )
        for player in cast.PLAYERS
    ]
    yield from accounts
    for player, account in zip(cast.PLAYERS, accounts, strict=True):
        if player.card:
            yield Card(
                number=player.card,
                type=CardType.OPERATOR,
                pin=pin,
                holder_name=player.display_name,
                account=account,
                enterprise=account.enterprise,
                n=1,
                applied_at=now,
                issued_at=now,
                valid_until=valid_until(local_date(now)),
            )
    yield Mandate(
        serial=first,
        public_id=_mandate(first),
        principal=enterprises[cast.CARDLESS.uscc],
        agent=enterprises[cast.AGENT.uscc],
        given_at=now,
    )
    for serial, firm in enumerate(_REGISTERED, start=first + 1):
        facts = _facts(firm, local_date(now), serial)
        yield CustomsRecord(uscc=firm.uscc, **facts)
        yield Mirror(uscc=firm.uscc, synced_at=now, **facts)
    yield from (_commerce_record(enterprise, local_date(now)) for enterprise in enterprises.values())
    yield from (MarketRecord(uscc=firm.uscc, **market_facts(firm.content)) for firm in cast.FIRMS)


def commerce_record(about: Enterprise) -> MofcomRecord:
    """What the commerce authorities have of an enterprise: 经营者备案 comes before customs, so those not yet
    registered have one too."""
    record = _commerce_record(about, local_date(about.sandbox.now()))
    record.sandbox = about.sandbox
    return record


def _commerce_record(about: Enterprise, today: date) -> MofcomRecord:
    name_en = cast.NAMES_EN.get(about.uscc, cast.REFERENCE["name_en"])
    sheet = {**cast.REFERENCE, "name_cn": about.name_cn, "name_en": name_en}
    content: dict[str, Any] = {name: sheet[name] for name in ("name_cn", "name_en", "address_cn", "registered_capital")}
    content["legal_representative"] = sheet["legal_representative"]["name"]
    return MofcomRecord(uscc=about.uscc, updated_on=today - REGISTERED_BEFORE, content=content)


def market_facts(content: Mapping[str, Any]) -> dict[str, Any]:
    """What market regulation holds of an enterprise whose registration sheet is this: an agreeing licence."""
    same = ("name_cn", "registered_capital", "capital_currency", "address_cn", "economic_type", "business_scope")
    return {
        **{name: content[name] for name in same},
        "legal_representative": content["legal_representative"]["name"],
        "established_on": date.fromisoformat(content["established_on"]),
    }


def open_sessions(sandbox: Sandbox) -> None:
    """Log in the accounts that have a role, and those of them with a card by it too: their tokens are the sandbox's
    own."""
    roles = {username: (key, card) for username, key, card in _WITH_ROLES.all(sandbox.pk)}
    _open_sessions(
        sandbox,
        {username: key for username, (key, _) in roles.items()},
        {username: card for username, (_, card) in roles.items() if card is not None},
    )


_WITH_ROLES = PreparedValues(
    lambda sandbox: (
        Account.objects.filter(sandbox=sandbox)
        .exclude(role="")
        .annotate(card=Subquery(Card.objects.filter(account=OuterRef("pk")).order_by("pk").values("pk")[:1]))
        .order_by("pk")
        .values_list("username", "pk", "card")
    ),
    1,
)


def by_name(sandbox: Sandbox) -> tuple[dict[str, int], dict[str, int]]:
    """The keys of a sandbox's accounts by user name, those of its cards by number."""
    return dict(_ACCOUNTS.all(sandbox.pk)), dict(_CARDS.all(sandbox.pk))


_ACCOUNTS = PreparedValues(lambda sandbox: Account.objects.filter(sandbox=sandbox).values_list("username", "pk"), 1)
_CARDS = PreparedValues(lambda sandbox: Card.objects.filter(sandbox=sandbox).values_list("number", "pk"), 1)


def _open_sessions(sandbox: Sandbox, accounts: Mapping[str, int], cards: Mapping[str, int]) -> None:
    """Log in accounts, and those with a card by it too; each is a key by its user name."""
    logins = [(username, Medium.PASSWORD) for username in accounts]
    logins += [(username, Medium.CARD) for username in accounts if username in cards]
    log_in(
        {
            "sandbox_id": sandbox.pk,
            "account_id": accounts[username],
            "medium": medium,
            "opened_at": wall(),
            "expires_at": None,
            "card_id": cards[username] if medium is Medium.CARD else None,
            "token_digest": secret_digest(opening_token(sandbox, username, medium)),
        }
        for username, medium in logins
    )


def log_in(logins: Iterable[Mapping[str, Any]]) -> None:
    """Write logins down."""
    _SESSION.add_all(logins)


_SESSION = PreparedInsert(Session)


def registered_before(category: Category) -> timedelta:
    """How long ago an enterprise registered: 临时 is good for a year only."""
    return timedelta(days=100) if category is Category.TEMPORARY else REGISTERED_BEFORE


def _mandate(serial: int) -> str:
    return f"M{serial:06d}"


_REGISTERED = [firm for firm in cast.FIRMS if firm.category]


def _facts(firm: cast.Firm, today: date, serial: int) -> dict[str, Any]:
    """What both books say of a firm, as if approved some time ago: every one stands `normal`."""
    assert firm.category is not None
    facts = {
        "in_qianhai": False,
        "former": [],
        **registration_record(firm.content, today - registered_before(firm.category), serial),
    }
    return {**facts, "investors": with_returned_usd(facts["investors"])}


@cache
def _hashes() -> tuple[str, str]:
    """The cast's password and PIN, hashed once a process."""
    return make_password(cast.PASSWORD), make_password(cast.PIN)


def opening_token(sandbox: Sandbox, username: str, medium: str) -> str:
    """An opening account's token: derived, so that a reset leaves clients logged in, and unguessable without the
    key."""
    return (
        "tok_"
        + salted_hmac(
            "filings.lab.token", f"{sandbox.control_key_digest}:{username}:{medium}", algorithm="sha256"
        ).hexdigest()[:40]
    )
