"""From a login to a visit: the one way in, for programs and for people."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from filings import agenda, guessing
from filings.counters import cards
from filings.models import Account, Card, Challenge, Enterprise, Sandbox, Session, Visit, row_or_none, wall
from filings.models.people import WRONG_PINS
from filings.models.sandbox import NOTED_AGAIN, new_secret, secret_digest
from filings.prepared import Prepared
from filings.record.facts import account_facts, misbehaves
from filings.record.trail import attempt, note, refusals_noted
from filings.rules import guards
from filings.rules.appraisal import Problem
from filings.rules.dates import local_date
from filings.rules.events import EventName, Verb
from filings.rules.numbers import fold, uscc_told
from filings.rules.refusals import HOW_TO_SIGN, Refusal, absent, invalid
from filings.rules.words import CardStatus, Medium, Party, UserType
from singlewindow.lean import later

if TYPE_CHECKING:
    from filings.counters import card_keys
else:
    card_keys = later("filings.counters.card_keys")  # cryptography: 10 ms

LASTS = timedelta(hours=12)
"""How long a login lasts (wall time). Ours."""

IDLE = timedelta(minutes=30)
"""How long a login on the screens lasts without a page asked for (wall time). Ours."""

SEEN_AGAIN = timedelta(minutes=1)
"""How exactly the last page is noted."""

CHALLENGE_LASTS = timedelta(minutes=5)
"""How long a random text may be signed (wall time). Ours."""


@dataclass(frozen=True, slots=True)
class Login:
    """A new session with its token. The token is told only here."""

    session: Session
    token: str


def sandbox(key: str) -> Sandbox:
    """A sandbox by its public key, demo unless one is named. Raises 404."""
    found = sandbox_or_none(key or "demo")
    if found is None:
        raise absent(
            "演练环境", key, "名", pointer="/sandbox", remedy="请核对 sandbox 的值：新建沙箱时答复的 id；不写则为 demo"
        )
    return found


def sandbox_or_none(key: str) -> Sandbox | None:
    """A sandbox by its public key."""
    return row_or_none(Sandbox.objects.filter(key=key))


_SESSION = Prepared(
    lambda digest: (
        Session.objects.select_related("sandbox", "account__enterprise", "card")
        .filter(token_digest=digest)
        .annotate(due=agenda.DUE_BY_THE_CLOCK)
    ),
    "a digest",
)


def arrive(token: str, scenario: str = "") -> Visit:
    """The visit of a token's holder. What was due has been done. Raises 401."""
    session = _SESSION.row(secret_digest(token))
    if session is None or (session.expires_at is not None and session.expires_at <= wall()):
        raise Refusal("not_authenticated")
    return _visit(session, scenario)


def arrive_on_screen(token: str, *, by_itself: bool = False) -> Visit:
    """The visit of the person at a screen. A login that was not used for too long has ended; what a page asks
    `by_itself` is no use of it. Raises 401."""
    visit = arrive(token)
    expect_card(visit)
    assert visit.session is not None
    session, now = visit.session, wall()
    quiet = now - (session.seen_at or session.opened_at)
    if quiet > IDLE:
        log_out(visit)
        raise Refusal("not_authenticated", "已有一段时间没有操作，登录已结束")
    if not by_itself and (session.seen_at is None or quiet > SEEN_AGAIN):
        Session.objects.filter(pk=session.pk).update(seen_at=now)
    return visit


def expect_card(visit: Visit, verb: Verb | None = None, filing: str = "") -> None:
    """A login by card ends with the card.

    Raises 401; to somebody who wants to write, 403 in the words of FAQ 1.5, which is noted.
    """
    status = account_facts(visit).card_status
    if status in (None, CardStatus.ACTIVE):
        return
    if verb:
        with refusals_noted(visit, verb, filing):
            raise Refusal(guards.card_login.code, extra={"card_status": status})
    raise _unusable(status, f"登录所用的卡{status.label}，登录已结束")


def _visit(session: Session, scenario: str = "") -> Visit:
    used(session.sandbox)
    agenda.catch_up(session.sandbox, due=session.due)  # type: ignore[attr-defined]
    return Visit(
        sandbox=session.sandbox,
        party=Party.APPLICANT,
        now=session.sandbox.now(),
        account=session.account,
        session=session,
        medium=Medium(session.medium),
        scenario=scenario,
    )


def used(sandbox: Sandbox) -> None:
    """Note that a sandbox is in use, so that it does not expire."""
    now = wall()
    if now - sandbox.used_at > NOTED_AGAIN:
        Sandbox.objects.filter(pk=sandbox.pk).update(used_at=now)


def log_in(where: Sandbox, username: str, password: str) -> Login:
    """账号密码 login. A wrong name and a wrong password get the same refusal, after the same work.

    In a sandbox that locks logins, somebody who guesses gets 429.
    """
    whose = ("account", where.key, username)
    if where.login_lock:
        guessing.check(*whose)
    account = Account.objects.select_related("enterprise").filter(sandbox=where, username=username).first()
    if not check_password(password, account.password if account else _nobody()) or account is None:
        if where.login_lock:
            guessing.wrong(password, *whose)
        raise Refusal("wrong_credentials")
    with where.held():
        if where.login_lock:
            guessing.right(*whose)
        return _open(where, account, Medium.PASSWORD)


def log_in_by_card(where: Sandbox, number: str, pin: str) -> Login:
    """卡介质 login by card and PIN (FAQ 1.5). A wrong PIN is counted even if the request fails otherwise: five lock the
    card."""
    card = _card(where, number)
    if not check_password(pin, card.pin if card else _nobody()) or card is None:
        cards.count_wrong_pin(_at_the_reader(where, card), card)
        words = f"卡号或密码不正确；连续输错 {WRONG_PINS} 次，卡将被锁定"
        raise Refusal("wrong_credentials", words, remedy="请核对卡号、卡密码和演练环境")
    return attempt(_at_the_reader(where, card), Verb.LOG_IN, lambda: _let_in(where, number))


def _let_in(where: Sandbox, number: str) -> Login:
    """The right PIN sets the count of wrong ones to zero, unless others have locked the card meanwhile."""
    login = _open_by_card(where, number)
    assert login.session.card is not None
    if login.session.card.wrong_pins:
        Card.objects.filter(pk=login.session.card.pk).update(wrong_pins=0)
    return login


def log_in_as(where: Sandbox, username: str, medium: Medium) -> Login:
    """A login of somebody to whom an account was given to play: without its password, or its card's PIN. Raises 404,
    and 401 where its card does not do."""
    account = Account.objects.select_related("enterprise").filter(sandbox=where, username=username).first()
    if account is None:
        raise absent("账户", username, "用户名")
    if medium is not Medium.CARD:
        with where.held():
            return _open(where, account, medium)
    today = local_date(where.now())
    held = sorted(account.cards.order_by("pk"), key=lambda card: card.status(today) is not CardStatus.ACTIVE)
    if not held:
        raise absent("卡", username, "用户名")
    return attempt(_at_the_reader(where, held[0]), Verb.LOG_IN, lambda: _open_by_card(where, held[0].number))


def challenge(where: Sandbox, number: str) -> Challenge:
    """A random text for a card to sign. A card that does not exist gets one too, after the same work."""
    with where.held():
        return Challenge.objects.create(
            sandbox=where, card=_card(where, number), random=secrets.token_hex(32), expires_at=wall() + CHALLENGE_LASTS
        )


def log_in_by_signature(where: Sandbox, number: str, random: str, signature: str) -> Login:
    """卡介质 login by challenge: `signature` is base64 of ECDSA P-256/SHA-256 over `random`, which can be used once.

    Raises 401. Something that is no signature is refused in its own words; every wrong signature in the same words,
    after the same work.
    """
    meant = card_keys.expect_signature(signature)
    card = _card(where, number)
    wrong = Refusal("wrong_credentials", "签名不正确，或随机数已失效", remedy=f"请核对卡号；{HOW_TO_SIGN}")
    if not card_keys.verifies(card.private_key if card else "", random, meant) or card is None:
        raise wrong

    def enter() -> Login:
        if not Challenge.objects.filter(card=card, random=random, expires_at__gt=wall()).delete()[0]:
            raise wrong
        return _open_by_card(where, number)

    return attempt(_at_the_reader(where, card), Verb.LOG_IN, enter)


def _card(where: Sandbox, number: str) -> Card | None:
    return Card.objects.select_related("account__enterprise").filter(sandbox=where, number=fold(number).upper()).first()


def _at_the_reader(where: Sandbox, card: Card | None) -> Visit:
    """A visit of the account behind a card in the reader, not let in yet."""
    account = card.account if card else None
    return Visit(sandbox=where, party=Party.APPLICANT, now=where.now(), account=account, medium=Medium.CARD)


def _open_by_card(where: Sandbox, number: str) -> Login:
    """A login by a card, judged by the card as it is now that its world is held."""
    card = _card(where, number)
    assert card is not None
    if misbehaves(where, "card_reader_unplugged", card.account.enterprise.uscc if card.account.enterprise else ""):
        raise Refusal("card_reader_unavailable")
    status = card.status(local_date(where.now()))
    if status is not CardStatus.ACTIVE:
        raise _unusable(status)
    return _open(where, card.account, Medium.CARD, card)


def _unusable(status: CardStatus, words: str = "") -> Refusal:
    return Refusal("card_unusable", words or f"该卡{status.label}，不能登录", extra={"card_status": status})


def _open(where: Sandbox, account: Account, medium: Medium, card: Card | None = None) -> Login:
    token = new_secret("tok")
    now: datetime = wall()
    session = Session.objects.create(
        sandbox=where,
        account=account,
        medium=medium,
        card=card,
        token_digest=secret_digest(token),
        opened_at=now,
        expires_at=now + LASTS,
    )
    visit = Visit(sandbox=where, party=Party.APPLICANT, now=where.now(), account=account, medium=medium)
    note(visit, EventName.SESSION_OPENED)
    return Login(session, token)


def log_out(visit: Visit) -> None:
    """End a session."""
    assert visit.session is not None
    Session.objects.filter(pk=visit.session.pk).delete()


@transaction.atomic
def register(
    where: Sandbox, username: str, password: str, user_type: UserType, display_name: str, uscc: str = ""
) -> Account:
    """Register a portal account (FAQ 2.3: an enterprise registers as 企业用户). Raises 409 and 422."""
    where.lock()
    enterprise = None
    if user_type == UserType.ENTERPRISE:
        uscc = fold(uscc).upper()
        fault = uscc_told(uscc) if uscc else "企业用户须填写统一社会信用代码"
        if fault:
            raise invalid([Problem("/uscc", "uscc_invalid" if uscc else "required", fault)])
        enterprise, _ = Enterprise.objects.get_or_create(sandbox=where, uscc=uscc, defaults={"name_cn": display_name})
        if enterprise.accounts.exists():
            raise Refusal("enterprise_has_account")
    try:
        with transaction.atomic():
            account = Account.objects.create(
                sandbox=where,
                username=username,
                password=make_password(password),
                user_type=user_type,
                display_name=display_name,
                enterprise=enterprise,
                registered=enterprise is not None,
            )
    except IntegrityError:
        raise Refusal("username_taken") from None
    registering = Visit(sandbox=where, party=Party.APPLICANT, now=where.now(), account=account)
    note(registering, EventName.ACCOUNT_REGISTERED, user_type=user_type)
    return account


@cache
def _nobody() -> str:
    return make_password("nobody")
