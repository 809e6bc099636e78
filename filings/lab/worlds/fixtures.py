"""Factories that fill in what is missing: enterprises, accounts, cards, and filings that got where they are by legal
steps."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from filings import desk
from filings.counters import cards, seals
from filings.customs import officer
from filings.customs.sync import sync
from filings.lab.worlds import books, cast, planting, queueing
from filings.models import (
    Account,
    Card,
    CustomsRecord,
    Enterprise,
    Filing,
    Mandate,
    MarketRecord,
    Mirror,
    Sandbox,
    SealCertificate,
    Session,
    Ticket,
    Visit,
    row_or_none,
    wall,
)
from filings.models.people import WRONG_PINS
from filings.models.sandbox import new_secret, secret_digest
from filings.rules import guards, scenarios
from filings.rules.approval import registration_record, with_returned_usd
from filings.rules.cards import IDENTITY_CARD, holder_number
from filings.rules.cards import valid_until as good_through
from filings.rules.dates import local_date
from filings.rules.facts import registered
from filings.rules.kinds import KINDS
from filings.rules.numbers import synthetic_uscc
from filings.rules.refusals import Refusal, absent
from filings.rules.seals import EVERY
from filings.rules.words import (
    CardStatus,
    CardType,
    Category,
    Department,
    Medium,
    Mode,
    Party,
    RecordState,
    Status,
    Topic,
    UserType,
)

CONTENT: Mapping[str, Mapping[str, Any]] = {
    "change": {"address_cn": "广东省深圳市福田区福中三路1008号"},
    "deregistration": {"reason": "停止经营"},
    "mofcom_change": {"address_cn": "广东省深圳市福田区福中三路1008号"},
}
"""What a filing carries unless told; a registration carries the enterprise's own sheet."""


FOUNDED_BEFORE = timedelta(days=30)
"""How long before it was registered at customs an enterprise was founded, at the least. Ours."""

THERE_ARE = "现有的企业和账户见 GET /control/v1/sandboxes/{sandbox}"


@transaction.atomic
def enterprise(
    sandbox: Sandbox,
    *,
    uscc: str = "",
    name_cn: str = "",
    category: str | None = None,
    in_qianhai: bool | None = False,
    mirrored: bool = True,
    market: Mapping[str, Any] | None = None,
    **ledger: Any,
) -> Enterprise:
    """An enterprise, known to the commerce authorities and to market regulation, there with the facts of `market`; with
    a `category`, or any fact of a record, registered at customs and, if `mirrored`, in the single window.

    Raises 409 `enterprise_exists` for a credit code this sandbox has.
    """
    serial = sandbox.tick(serials=1).serial
    uscc = uscc or synthetic_uscc(serial)
    try:
        with transaction.atomic():
            made = Enterprise.objects.create(
                sandbox=sandbox, uscc=uscc, name_cn=name_cn or f"深圳市第{serial}演练有限公司", in_qianhai=in_qianhai
            )
    except IntegrityError:
        raise Refusal("enterprise_exists") from None
    planting.commerce_record(made).save()
    sheet = _sheet(made, category, ledger.get("registered_on"))
    MarketRecord(sandbox=sandbox, uscc=uscc).enter(**{**planting.market_facts(sheet), **(market or {})})
    if category or ledger:
        register(made, category or Category.CONSIGNEE, mirrored=mirrored, in_qianhai=in_qianhai, **ledger)
    return made


def register(about: Enterprise, category: str, *, mirrored: bool = True, **facts: Any) -> None:
    """Enter an enterprise in the customs ledger, as if approved some time ago, and in the mirror."""
    sandbox = about.sandbox
    serial, today = sandbox.tick(serials=1).serial, local_date(sandbox.now())
    on: date = facts.get("registered_on") or today - planting.registered_before(Category(category))
    content = _sheet(about, category, on)
    record = registration_record(content, on, serial) | {"former": []}
    record |= {"investors": with_returned_usd(record["investors"]), **facts}
    (CustomsRecord.of(sandbox, about.uscc) or CustomsRecord(sandbox=sandbox, uscc=about.uscc)).enter(**record)
    if mirrored:
        sync(sandbox, sandbox.now(), about.uscc)


def _sheet(about: Enterprise, category: str | None, registered_on: date | None) -> dict[str, Any]:
    """The sheet of an enterprise: it was founded before it was registered at customs."""
    content = cast.Firm(about.name_cn, about.uscc, Category(category) if category else None).content
    if registered_on and f"{registered_on}" <= content["established_on"]:
        content["established_on"] = f"{registered_on - FOUNDED_BEFORE}"
    return content


def answered(sandbox: Sandbox, about: Enterprise, answer: str) -> Ticket:
    """A question of an enterprise to customs that is answered already. Raises 404 for one without an account."""
    account = clerk(about)
    serial, now = sandbox.tick(serials=1).serial, sandbox.now()
    return Ticket.objects.create(
        sandbox=sandbox,
        serial=serial,
        public_id=f"T{serial:06d}",
        desk=Department.CUSTOMS,
        topic=Topic.STATUS,
        account=account,
        enterprise=about,
        text="报关单位备案证明能否在系统上打印",
        created_at=now,
        answered_at=now,
        outcome="told",
        answer=answer,
    )


@transaction.atomic
def account(
    sandbox: Sandbox,
    *,
    uscc: str = "",
    username: str = "",
    password: str = "",
    user_type: str = UserType.ENTERPRISE,
    display_name: str = "",
) -> tuple[Account, str]:
    """A portal account with a token that does not run out; an 企业用户 of a new enterprise unless one is named. Raises
    409."""
    serial = sandbox.tick(serials=1).serial
    about = None
    if user_type == UserType.ENTERPRISE:
        about = _known(sandbox, uscc) if uscc else enterprise(sandbox)
    username = username or f"clerk-{serial}"
    made = new_account(
        sandbox,
        about,
        username=username,
        password=password or cast.PASSWORD,
        user_type=user_type,
        display_name=display_name or username,
    )
    return made, _session(made, Medium.PASSWORD)


def new_account(sandbox: Sandbox, about: Enterprise | None, *, password: str = cast.PASSWORD, **facts: str) -> Account:
    """A portal account without a login. Raises 409 for a name that is taken."""
    try:
        with transaction.atomic():
            return Account.objects.create(sandbox=sandbox, enterprise=about, password=make_password(password), **facts)
    except IntegrityError:
        raise Refusal("username_taken") from None


@transaction.atomic
def card(
    sandbox: Sandbox,
    *,
    username: str = "",
    uscc: str = "",
    type: str = CardType.OPERATOR,
    pin: str = "",
    holder_name: str = "",
    holder_id_type: str = "",
    holder_id_number: str = "",
    valid_until: date | None = None,
    status: str = CardStatus.ACTIVE,
) -> tuple[Card, str]:
    """A card with a token by card that does not run out: of a named account, of an enterprise's first, or of a new one.

    A 法人卡 is the legal representative's unless told. One that is `applied` for stays so: nobody is at work on it.
    Raises 403 for a personal user: cards are an enterprise's.
    """
    serial = sandbox.tick(serials=1).serial
    if username:
        owner = row_or_none(Account.objects.select_related("enterprise").filter(sandbox=sandbox, username=username))
        if owner is None:
            raise absent("账户", username, "用户名", pointer="/username", remedy=THERE_ARE)
    else:
        owner = clerk(_known(sandbox, uscc) if uscc else enterprise(sandbox))
    if owner.enterprise is None:
        raise Refusal("not_enterprise_user")
    if type == CardType.LEGAL_PERSON and not holder_id_number:
        person = cast.REFERENCE["legal_representative"]
        holder_id_type, holder_id_number, holder_name = (
            person["id_type"],
            person["id_number"],
            holder_name or person["name"],
        )
    if holder_id_number:
        holder_id_type = holder_id_type or IDENTITY_CARD
    made = cards.enter(
        owner,
        serial,
        type=type,
        pin=pin or cast.PIN,
        holder_name=holder_name or owner.display_name[:50],
        holder_id_type=holder_id_type,
        holder_id_number=holder_number(holder_id_type, holder_id_number),
        applied_at=sandbox.now(),
        valid_until=valid_until,
        cancelled_at=sandbox.now() if status == CardStatus.CANCELLED else None,
    )
    set_card(made, status, valid_until)
    return made, _session(owner, Medium.CARD, made)


def new_card(owner: Account) -> Card:
    """An operator card of an account, without a login by it."""
    made = cards.enter(
        owner,
        owner.sandbox.tick(serials=1).serial,
        type=CardType.OPERATOR,
        pin=cast.PIN,
        holder_name=owner.display_name[:50],
        applied_at=owner.sandbox.now(),
    )
    return set_card(made, CardStatus.ACTIVE)


def set_card(card: Card, status: str, valid_until: date | None = None) -> Card:
    """Make a card stand as told: 待制发, 有效, 已锁定, 已注销, 已过期."""
    now = card.sandbox.now()
    card.wrong_pins = WRONG_PINS if status == CardStatus.LOCKED else 0
    card.cancelled_at = now if status == CardStatus.CANCELLED else None
    card.issued_at = None if status == CardStatus.APPLIED else card.issued_at or now
    if valid_until is not None:
        card.valid_until = valid_until
    elif status == CardStatus.EXPIRED:
        card.valid_until = local_date(now) - timedelta(days=1)
    elif status == CardStatus.APPLIED:
        card.valid_until = None
    elif card.valid_until is None or (
        status == CardStatus.ACTIVE and card.status(local_date(now)) is CardStatus.EXPIRED
    ):
        card.valid_until = good_through(local_date(now))
    with cards.one_legal_persons():
        card.save(update_fields=["wrong_pins", "cancelled_at", "issued_at", "valid_until"])
    return card


def seal_certificate(sandbox: Sandbox, *, uscc: str, ago: timedelta) -> SealCertificate:
    """The last 电子签章证书 an enterprise's first account applied for, so long ago: what it was given since never
    was."""
    account = clerk(_known(sandbox, uscc))
    visit = Visit(
        sandbox=sandbox,
        party=Party.APPLICANT,
        now=sandbox.now() - ago,
        account=account,
        medium=Medium.PASSWORD,
        laid=True,
    )
    SealCertificate.objects.filter(account=account, issued_at__gt=visit.now - EVERY).delete()
    return seals.grant(visit)


@transaction.atomic
def filing(
    sandbox: Sandbox,
    *,
    kind: str = "registration",
    state: str = Status.DRAFT,
    uscc: str = "",
    agent: str = "",
    content: Mapping[str, Any] | None = None,
    client_reference: str = "",
    age: timedelta = timedelta(),
    scenario: str = "by_hand",
    only_told: bool = False,
    **words: str,
) -> Filing:
    """A filing in a state, with the legal history that leads there: desk and officers walked it, `age` ago.

    It stays there unless a scenario is named. Of a new enterprise unless one is named; filed by `agent` if that is;
    what the kind needs besides (a record, an account, a mandate) is filled in, and unless `only_told` content.
    Raises whatever the desk refuses.
    """
    about = _known(sandbox, uscc) if uscc else enterprise(sandbox)
    if guards.has_record in KINDS[kind].opening and not _in_mirror(about):
        register(about, Category.CONSIGNEE)
    if guards.commerce_record_found in KINDS[kind].declaring and state != Status.DRAFT:
        books.lay_commerce(sandbox, about.uscc, {"state": RecordState.CURRENT})
    filer = clerk(_known(sandbox, agent, "/agent") if agent else about)
    then = sandbox.now() - age
    if agent:
        mandate(about, _known(sandbox, agent, "/agent"), since=then)
    by_card = guards.card_login in KINDS[kind].writing
    answering = "by_hand" if state in (Status.APPROVED, Status.REJECTED) else str(scenarios.parse(scenario))
    visit = Visit(
        sandbox=sandbox,
        party=Party.APPLICANT,
        now=then,
        account=filer,
        medium=Medium.CARD if by_card else Medium.PASSWORD,
        scenario=answering,
        laid=True,
    )
    usual = CONTENT.get(kind) or cast.Firm(about.name_cn, about.uscc, None).content
    sheet = {} if only_told else deepcopy(dict(usual))
    made: Filing = desk.open_filing(
        visit,
        kind,
        {**sheet, **(content or {})},
        mode=Mode.AGENT if agent else Mode.SELF,
        principal=about.uscc if agent else "",
        reference=client_reference,
    )
    if state != Status.DRAFT:
        made = desk.perform(visit, made.public_id, "declare")
    if state not in (Status.DRAFT, Status.DECLARED):
        made = officer.advance(sandbox, made.public_id, Status(state), visit.now, **words)
    if answering != "by_hand":
        made = queueing.pin(replace(visit, now=sandbox.now()), made.public_id, answering)
    return made


def mandate(principal: Enterprise, agent: Enterprise, since: datetime | None = None, **facts: Any) -> Mandate:
    """A mandate between two enterprises as told: the one that stands, or a new one in place of one that has run out."""
    since = since or principal.sandbox.now()
    there = row_or_none(Mandate.objects.filter(principal=principal, agent=agent, revoked_at=None))
    if there is not None and there.valid_to is not None and there.valid_to < local_date(since):
        Mandate.objects.filter(pk=there.pk).update(revoked_at=since)
        there = None
    if there is None:
        serial = principal.sandbox.tick(serials=1).serial
        there = Mandate(
            sandbox=principal.sandbox,
            serial=serial,
            public_id=f"M{serial:06d}",
            principal=principal,
            agent=agent,
            given_at=since,
        )
    for name, value in facts.items():
        setattr(there, name, value)
    there.save()
    return there


def _known(sandbox: Sandbox, uscc: str, pointer: str = "/uscc") -> Enterprise:
    found = row_or_none(Enterprise.objects.select_related("sandbox").filter(sandbox=sandbox, uscc=uscc))
    if found is None:
        raise absent("企业", uscc, "统一社会信用代码", pointer=pointer, remedy=THERE_ARE)
    return found


def clerk(about: Enterprise) -> Account:
    """Somebody of the enterprise; a new account if it has none."""
    found = about.accounts.select_related("enterprise").order_by("id").first()
    return found or account(about.sandbox, uscc=about.uscc)[0]


def _in_mirror(about: Enterprise) -> bool:
    mirror = Mirror.of(about.sandbox, about.uscc)
    return mirror is not None and registered(mirror.as_facts())


def token(owner: Account) -> str:
    """A token of an account that does not run out."""
    return _session(owner, Medium.PASSWORD)


def _session(owner: Account, medium: Medium, card: Card | None = None) -> str:
    token = new_secret("tok")
    Session.objects.create(
        sandbox=owner.sandbox,
        account=owner,
        medium=medium,
        card=card,
        token_digest=secret_digest(token),
        opened_at=wall(),
    )
    return token
