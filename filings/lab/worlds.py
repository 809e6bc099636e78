"""Making sandboxes and putting worlds into them."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.crypto import salted_hmac

from filings import desk
from filings.lab import books, cast
from filings.models import (
    Account,
    Agenda,
    Card,
    CustomsRecord,
    Enterprise,
    Filing,
    Mandate,
    Mirror,
    Sandbox,
    Served,
    Session,
    Visit,
    wall,
)
from filings.models.ledgers import FACTS
from filings.models.sandbox import OPENING_MOMENT, InSandbox, new_secret, secret_digest
from filings.rules import scenarios
from filings.rules.approval import registration_record
from filings.rules.dates import local_date, rfc3339
from filings.rules.refusals import Refusal
from filings.rules.words import ClockMode, Medium, Party, Provenance
from filings.trail import KEPT

REGISTERED_BEFORE = timedelta(days=500)
"""How long before its opening day a world's enterprises registered: long enough for 临时 to need a date of its own."""


@dataclass(frozen=True, slots=True)
class Situation:
    """A named world: records, mirrors, clock, glitches, accounts."""

    name: str
    title: str
    faq: str | None
    provenance: Provenance
    enter: Callable[[Sandbox, Enterprise | None], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Opened:
    """A new sandbox with the one secret that is told once."""

    sandbox: Sandbox
    control_key: str


@transaction.atomic
def create(
    *,
    key: str = "",
    name: str = "",
    situation: str = "standard",
    mode: str = ClockMode.FROZEN,
    now: datetime | None = None,
    rate: float = 1.0,
    scenario: str = scenarios.DEFAULT,
    seed: int | None = None,
    ttl_hours: int | None = None,
    pinned: bool = False,
) -> Opened:
    """Make a sandbox in a situation (CONTRACT §3). Raises Refusal 409 when the key is taken, 400 for unknown names."""
    chosen = str(scenarios.parse(scenario))
    world = opening(situation)
    control_key = new_secret("ctl")
    moment = now or (wall() if mode == ClockMode.REAL else OPENING_MOMENT)
    try:
        with transaction.atomic():
            sandbox = Sandbox.objects.create(
                key=key or f"sb-{secrets.token_hex(6)}",
                name=name,
                control_key_digest=secret_digest(control_key),
                seed=random.SystemRandom().randrange(2**31) if seed is None else seed,
                situation=situation,
                opening_clock={"mode": mode, "now": rfc3339(moment), "rate": rate},
                opening_scenario=chosen,
                clock_mode=mode,
                clock_moment=moment,
                clock_set_at=wall(),
                clock_rate=rate,
                scenario=chosen,
                pinned=pinned,
                **({"kept_hours": ttl_hours} if ttl_hours else {}),
            )
    except IntegrityError:
        raise Refusal("sandbox_exists") from None
    world.enter(sandbox, None)
    return Opened(sandbox, control_key)


@transaction.atomic
def reset(sandbox: Sandbox) -> Sandbox:
    """Back to the opening: the same situation, clock, scenario, and the same tokens for its accounts."""
    sandbox.lock()
    sandbox.refresh_from_db()
    erase(sandbox, keep=True)
    opening_clock = sandbox.opening_clock
    sandbox.scenario, sandbox.events_taken, sandbox.serials_taken = sandbox.opening_scenario, 0, 0
    sandbox.clock_mode, sandbox.clock_rate = opening_clock["mode"], opening_clock["rate"]
    real = opening_clock["mode"] == ClockMode.REAL
    sandbox.clock_set_at = wall()
    sandbox.clock_moment = wall() if real else datetime.fromisoformat(opening_clock["now"])
    sandbox.save()
    opening(sandbox.situation).enter(sandbox, None)
    return sandbox


@transaction.atomic
def erase(sandbox: Sandbox, *, keep: bool = False) -> None:
    """Delete a sandbox and all of its world, table by table; `keep` leaves the empty sandbox."""
    for model in reversed(_tables()):
        model._base_manager.filter(sandbox=sandbox)._raw_delete(model.objects.db)
    if not keep:
        Sandbox.objects.filter(pk=sandbox.pk)._raw_delete(Sandbox.objects.db)


@cache
def _tables() -> tuple[Any, ...]:
    """Every table of a sandbox, in an order in which rows can be planted; reversed, in which they can be cut."""
    left = [model for model in apps.get_app_config("filings").get_models() if issubclass(model, InSandbox)]
    ordered: list[Any] = []
    while left:
        for model in left:
            needs = {field.related_model for field in model._meta.fields if field.is_relation} - {Sandbox, model}
            if needs <= set(ordered):
                ordered.append(model)
        left = [model for model in left if model not in ordered]
    return tuple(ordered)


def tokens(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The accounts of a sandbox's opening world with their credentials, as told by the control plane."""
    players = {player.username: player for player in cast.PLAYERS}
    known = Account.objects.filter(sandbox=sandbox, username__in=players).exclude(role="").select_related("enterprise")
    rows = []
    for account in sorted(known, key=lambda one: list(players).index(one.username)):
        player = players[account.username]
        row = {
            "role": account.role,
            "username": account.username,
            "password": cast.PASSWORD,
            "token": _token(sandbox, account.username, Medium.PASSWORD),
            "user_type": account.user_type,
            "display_name": account.display_name,
            "uscc": account.enterprise.uscc if account.enterprise else None,
        }
        if player.card:
            row |= {"card_no": player.card, "pin": cast.PIN, "card_token": _token(sandbox, account.username, Medium.CARD)}
        rows.append(row)
    return rows


def enterprises(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The enterprises of a sandbox."""
    return [{"uscc": one.uscc, "name_cn": one.name_cn} for one in Enterprise.objects.filter(sandbox=sandbox).order_by("id")]


def sandboxes() -> QuerySet[Sandbox]:
    """Every sandbox, with when its next event is due."""
    soonest = Agenda.objects.filter(sandbox=OuterRef("pk"), held=False).order_by("at").values("at")[:1]
    return Sandbox.objects.annotate(next_at=Subquery(soonest))


def keep(sandbox: Sandbox, *, name: str | None = None, pinned: bool | None = None, ttl_hours: int | None = None) -> None:
    """Change a sandbox's name and how long it is kept."""
    sandbox.name = sandbox.name if name is None else name
    sandbox.pinned = sandbox.pinned if pinned is None else pinned
    sandbox.kept_hours = ttl_hours or sandbox.kept_hours
    sandbox.save(update_fields=["name", "pinned", "kept_hours"])


def answer_by(sandbox: Sandbox, scenario: str) -> None:
    """Set the scenario that answers declarations from now on, unless another is named."""
    sandbox.scenario = scenario
    sandbox.save(update_fields=["scenario"])


def clear_expired() -> int:
    """Delete the sandboxes nobody has used for as long as they are kept, and what outlived its use: ended sessions and
    answers kept for retries. Returns how many sandboxes went.
    """
    Session.objects.filter(expires_at__lte=wall()).delete()
    Served.objects.filter(at__lte=wall() - KEPT).delete()
    stale = [one for one in Sandbox.objects.filter(pinned=False) if one.expires_at and one.expires_at <= wall()]
    for one in stale:
        erase(one)
    return len(stale)


# ── situations ────────────────────────────────────────────────────────────────────────────────────────────────────


def _empty(sandbox: Sandbox, about: Enterprise | None) -> dict[str, Any]:
    return {}


def _standard(sandbox: Sandbox, about: Enterprise | None) -> dict[str, Any]:
    """Plant the cast: enterprises, accounts, cards, tokens, the mandate, and both books of those registered."""
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
    cards, sessions = [], []
    for player, account in zip(cast.PLAYERS, accounts, strict=True):
        media = [Medium.PASSWORD, Medium.CARD] if player.card else [Medium.PASSWORD]
        if player.card:
            cards.append(Card(sandbox=sandbox, number=player.card, pin=pin, holder_name=player.display_name, account=account))
        sessions += [
            Session(
                sandbox=sandbox, account=account, medium=medium, opened_at=wall(), expires_at=None,
                token_digest=secret_digest(_token(sandbox, player.username, medium)),
            )
            for medium in media
        ]  # fmt: skip
    Card.objects.bulk_create(cards)
    Session.objects.bulk_create(sessions)
    Mandate.objects.create(sandbox=sandbox, principal=enterprises[cast.CARDLESS.uscc], agent=enterprises[cast.AGENT.uscc])
    _register(sandbox, [firm for firm in cast.FIRMS if firm.category], local_date(now), now)
    return {}


def _register(sandbox: Sandbox, firms: list[cast.Firm], today: date, now: datetime) -> None:
    """Enter firms in both books, as if approved some time ago; every one stands `normal`."""
    serial = sandbox.tick(serials=len(firms)).serial - len(firms)
    records = []
    for n, firm in enumerate(firms, start=1):
        on = today - (REGISTERED_BEFORE if firm.category != "00000100" else timedelta(days=100))
        facts = registration_record(firm.content, on, serial + n)
        records.append({**facts, "in_qianhai": False})
    usccs = [firm.uscc for firm in firms]
    CustomsRecord.objects.bulk_create(CustomsRecord(sandbox=sandbox, uscc=u, **r) for u, r in zip(usccs, records, strict=True))
    Mirror.objects.bulk_create(
        Mirror(sandbox=sandbox, uscc=u, synced_at=now, **{name: r[name] for name in FACTS})
        for u, r in zip(usccs, records, strict=True)
    )


def _stale_form(sandbox: Sandbox, about: Enterprise | None) -> dict[str, Any]:
    """FAQ 2.10: the registration drafts of an enterprise show 与上级单位关系 yellow; if it has none, one is begun that does."""
    assert about is not None
    drafts = Filing.objects.filter(sandbox=sandbox, enterprise=about, kind="registration", status="draft")
    if not drafts.exists():
        account = about.accounts.order_by("id").first()
        if account is None:
            raise Refusal("not_found")
        visit = Visit(sandbox=sandbox, party=Party.APPLICANT, now=sandbox.now(), account=account, medium=Medium.PASSWORD)
        firm = cast.Firm(about.name_cn, about.uscc, None)
        desk.open_filing(visit, "registration", {**firm.content})
    drafts.update(stale_form=True)
    return {"filings": list(drafts.order_by("serial").values_list("public_id", flat=True))}


def _of_mirror(
    lag: Callable[[Sandbox, Enterprise], dict[str, Any]],
) -> Callable[[Sandbox, Enterprise | None], dict[str, Any]]:
    def enter(sandbox: Sandbox, about: Enterprise | None) -> dict[str, Any]:
        assert about is not None
        return lag(sandbox, about)

    return enter


SITUATIONS: Mapping[str, Situation] = {
    one.name: one
    for one in (
        Situation("standard", "标准场面：六类企业、有卡和无卡用户、代理", None, Provenance.OURS, _standard),
        Situation("empty", "空场面：没有企业和账户", None, Provenance.OURS, _empty),
        Situation("stale_form", "草稿页面异常：“与上级单位关系”显示为黄色必填", "2.10", Provenance.DOCUMENTED, _stale_form),
        Situation(
            "not_synced",
            "海关已有有效备案，单一窗口显示企业未注册成功",
            "2.4",
            Provenance.DOCUMENTED,
            _of_mirror(books.forget_in_mirror),
        ),
        Situation(
            "overdue_mirror", "海关备案有效，单一窗口显示超期", "2.15", Provenance.DOCUMENTED, _of_mirror(books.overdue_in_mirror)
        ),
    )
}


def opening(name: str) -> Situation:
    """The world a sandbox opens with: standard, empty, or standard with a situation laid over it."""
    situation = _situation(name)
    if name in ("standard", "empty"):
        return situation

    def enter(sandbox: Sandbox, about: Enterprise | None) -> dict[str, Any]:
        _standard(sandbox, None)
        return situation.enter(sandbox, _about(sandbox, ""))

    return Situation(situation.name, situation.title, situation.faq, situation.provenance, enter)


@transaction.atomic
def enter(sandbox: Sandbox, name: str, uscc: str = "") -> dict[str, Any]:
    """Put a sandbox into a situation, about the enterprise of `card` unless another is named."""
    situation = _situation(name)
    sandbox.lock()
    if name in ("standard", "empty"):
        erase(sandbox, keep=True)
        return situation.enter(sandbox, None)
    return situation.enter(sandbox, _about(sandbox, uscc))


def _situation(name: str) -> Situation:
    if name not in SITUATIONS:
        raise Refusal("unknown_situation", f"没有名为“{name[:60]}”的场面", extra={"known": list(SITUATIONS)})
    return SITUATIONS[name]


def _about(sandbox: Sandbox, uscc: str) -> Enterprise:
    enterprise = Enterprise.objects.filter(sandbox=sandbox, uscc=uscc or cast.CARD.uscc).first()
    if enterprise is None:
        raise Refusal("not_found")
    return enterprise


@cache
def _hashes() -> tuple[str, str]:
    """The cast's password and PIN, hashed once a process."""
    return make_password(cast.PASSWORD), make_password(cast.PIN)


def _token(sandbox: Sandbox, username: str, medium: str) -> str:
    """An opening account's token: derived, so that a reset leaves clients logged in, and unguessable without the key."""
    return (
        "tok_"
        + salted_hmac("filings.lab.token", f"{sandbox.control_key_digest}:{username}:{medium}", algorithm="sha256").hexdigest()[
            :40
        ]
    )
