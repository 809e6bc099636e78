"""Making sandboxes and putting worlds into them."""

from __future__ import annotations

import logging
import random
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from msgspec import UNSET

from filings.answers import sandboxes as answers
from filings.answers.enterprises import EnterpriseName
from filings.lab.grading import rows as attempts
from filings.lab.watching import coverage, journal, mending
from filings.lab.worlds import cast, exercising, planting, tables
from filings.lab.worlds.situations import CHANGES, SITUATIONS, SORT, Situation
from filings.models import (
    Account,
    Agenda,
    Card,
    Challenge,
    Enterprise,
    Sandbox,
    Served,
    Session,
    wall,
)
from filings.models.sandbox import OPENING_MOMENT, Beside, InSandbox, Login, new_secret, secret_digest
from filings.prepared import PreparedValues
from filings.record import contents
from filings.record.trail import KEPT
from filings.rules import naming, scenarios
from filings.rules.dates import rfc3339
from filings.rules.exercises.loading import catalogue
from filings.rules.refusals import Refusal, absent
from filings.rules.words import ClockMode, Degree, Medium

log = logging.getLogger(__name__)

STANDARD = "standard"
"""The situation that the others are laid over."""

EMPTY = "empty"
"""A world without anybody."""

WHOLE = (STANDARD, EMPTY)
"""Situations that are a whole world: with them a sandbox begins from nothing."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A new sandbox with its control key, which is told only here."""

    sandbox: Sandbox
    control_key: str


@transaction.atomic
def create(
    *,
    key: str = "",
    name: str = "",
    situation: str = STANDARD,
    mode: str = ClockMode.FROZEN,
    now: datetime | None = None,
    rate: float = 1.0,
    scenario: str = scenarios.DEFAULT,
    seed: int | None = None,
    ttl_hours: int | None = None,
    pinned: bool = False,
    login_lock: bool = False,
    exercise: str = "",
    degree: str = Degree.GUIDED,
    learner: str = "",
) -> Opened:
    """Make a sandbox in a situation, or at the beginning of an exercise, for a learner.

    Raises 409 if the key is taken, 400 for unknown names, 404 for an unknown exercise.
    """
    seed = random.SystemRandom().randrange(2**31) if seed is None else seed
    if exercise:
        begun = exercising.case_of(exercise, seed)
        situation, mode, now, rate = EMPTY, ClockMode.FROZEN, begun.began, 1.0
        scenario = begun.filled(begun.exercise.world.scenario)
    chosen = str(scenarios.parse(scenario))
    world = opening(situation)
    control_key = new_secret("ctl")
    moment = now or _opening_moment(mode)
    try:
        with transaction.atomic():
            sandbox = Sandbox.objects.create(
                key=key or f"sb-{secrets.token_hex(6)}",
                name=name,
                control_key_digest=secret_digest(control_key),
                seed=seed,
                situation=situation,
                exercise=exercise,
                degree=degree,
                opening_clock={"mode": mode, "now": rfc3339(now) if now else None, "rate": rate},
                opening_scenario=chosen,
                clock_mode=mode,
                clock_moment=moment,
                clock_set_at=wall(),
                clock_rate=rate,
                scenario=chosen,
                pinned=pinned,
                login_lock=login_lock,
                **({"kept_hours": ttl_hours} if ttl_hours else {}),
            )
    except IntegrityError:
        raise Refusal("sandbox_exists") from None
    _begin(sandbox, world, learner)
    coverage.entered(sandbox, situation)
    return Opened(sandbox, control_key)


def _begin(sandbox: Sandbox, world: Situation, learner: str) -> None:
    """Put a sandbox with an empty world where it begins."""
    if sandbox.exercise:
        attempts.open_row(sandbox, *exercising.plant(sandbox), learner)
    else:
        world.enter(sandbox, None)


def _opening_moment(mode: str) -> datetime:
    """Where a clock begins if nothing is said: a real one at the present, any other at the common start."""
    return wall() if mode == ClockMode.REAL else OPENING_MOMENT


@transaction.atomic
def reset(sandbox: Sandbox) -> Sandbox:
    """Reset: the same situation, clock and scenario as at the opening, and the same tokens for its accounts. Raises
    404."""
    sandbox.lock_anew()
    coverage.keep(sandbox)
    learner = erase_world(sandbox)
    contents.forget_unused(sandbox)
    _mend_opening(sandbox)
    opening_clock = sandbox.opening_clock
    sandbox.scenario, sandbox.events_taken, sandbox.serials_taken, sandbox.filings_held = (
        sandbox.opening_scenario,
        0,
        0,
        0,
    )
    sandbox.epoch += 1
    sandbox.faulty, sandbox.advancing_until = False, None
    sandbox.clock_mode, sandbox.clock_rate = opening_clock["mode"], opening_clock["rate"]
    stood = opening_clock["now"]
    sandbox.clock_set_at = wall()
    sandbox.clock_moment = datetime.fromisoformat(stood) if stood else _opening_moment(sandbox.clock_mode)
    sandbox.save()
    _begin(sandbox, opening(sandbox.situation), learner)
    return sandbox


def _mend_opening(sandbox: Sandbox) -> None:
    """If somebody damaged the opening in the database, the sandbox opens as if none was given."""
    for name in ("opening_clock", "opening_scenario"):
        try:
            sandbox.clean_fields(exclude={field.name for field in Sandbox._meta.fields} - {name})
        except ValidationError:
            setattr(sandbox, name, _OPENING[name])
    if sandbox.situation not in SITUATIONS:
        sandbox.situation = STANDARD
    if sandbox.exercise and sandbox.exercise not in catalogue():
        sandbox.exercise = ""


_OPENING = {
    "opening_clock": {"mode": ClockMode.FROZEN.value, "now": None, "rate": 1.0},
    "opening_scenario": scenarios.DEFAULT,
}


def erase(sandbox: Sandbox, *, only_expired: bool = False) -> bool:
    """Delete a sandbox with everything in it, table by table. Raises 404.

    Returns whether it was deleted: a sandbox in use may be spared.
    """
    with transaction.atomic():
        sandbox.lock_anew()
        if only_expired and not sandbox.expired:
            return False
        erase_world(sandbox)
        tables.erase(sandbox, Beside)
        Sandbox.objects.filter(pk=sandbox.pk)._raw_delete(Sandbox.objects.db)
    if settings.SIM_JOURNAL:
        try:
            journal.forget(sandbox.key)
        except DatabaseError as error:
            mending.mend(error)
    return True


def erase_world(sandbox: Sandbox) -> str:
    """Delete a sandbox's world with its logins. The bytes of attached files stay: the next world may have the same.

    The attempt that was under way in it is closed. Returns whose it was.
    """
    learner = attempts.close(sandbox)
    tables.erase(sandbox, InSandbox, Login)
    return learner


def tokens(sandbox: Sandbox) -> list[answers.SandboxAccount]:
    """The accounts of a sandbox's opening world with their credentials, as the control plane shows them."""
    return [
        answers.SandboxAccount(
            role=role,
            username=username,
            password=cast.PASSWORD,
            token=planting.opening_token(sandbox, username, Medium.PASSWORD),
            user_type=user_type,
            display_name=display_name,
            uscc=uscc,
            card_no=card or UNSET,
            pin=cast.PIN if card else UNSET,
            card_token=planting.opening_token(sandbox, username, Medium.CARD) if card else UNSET,
        )
        for username, role, user_type, display_name, uscc, card in _PLAYING.all(sandbox.pk)
    ]


_PLAYING = PreparedValues(
    lambda sandbox: (
        Account.objects.filter(sandbox=sandbox)
        .exclude(role="")
        .order_by("pk")
        .annotate(card=Subquery(Card.objects.filter(account=OuterRef("pk")).order_by("pk").values("number")[:1]))
        .values_list("username", "role", "user_type", "display_name", "enterprise__uscc", "card")
    ),
    1,
)


def enterprises(sandbox: Sandbox) -> list[EnterpriseName]:
    """The enterprises of a sandbox."""
    return [EnterpriseName(uscc, name_cn) for uscc, name_cn in _ENTERPRISES.all(sandbox.pk)]


_ENTERPRISES = PreparedValues(
    lambda sandbox: Enterprise.objects.filter(sandbox=sandbox).order_by("id").values_list("uscc", "name_cn"), 1
)


def sandboxes() -> QuerySet[Sandbox]:
    """Every sandbox, with the moment of its next event."""
    soonest = Agenda.objects.filter(sandbox=OuterRef("pk"), held=False).order_by("at").values("at")[:1]
    return Sandbox.objects.annotate(next_at=Subquery(soonest))


def keep(
    sandbox: Sandbox,
    *,
    name: str | None = None,
    pinned: bool | None = None,
    ttl_hours: int | None = None,
    magic_names: bool | None = None,
    login_lock: bool | None = None,
) -> None:
    """Change a sandbox's name, how long it is kept, whether names like `SIM_REJECT …` choose a scenario, and whether
    wrong passwords lock a login out."""
    wanted = {
        "name": name,
        "pinned": pinned,
        "kept_hours": ttl_hours,
        "magic_names": magic_names,
        "login_lock": login_lock,
    }
    changed = {column: value for column, value in wanted.items() if value is not None}
    for column, value in changed.items():
        setattr(sandbox, column, value)
    sandbox.save(update_fields=list(changed))


def use_all() -> None:
    """Note all sandboxes as used now. Brought back from a backup, those nobody used lately would else be cleared away
    at once."""
    Sandbox.objects.update(used_at=wall())


def answer_by(sandbox: Sandbox, scenario: str) -> None:
    """Set the scenario that answers declarations from now on, unless another is named. Raises 400, and 409 in an
    exercise, whose own it is."""
    if sandbox.exercise:
        raise Refusal("scenario_locked")
    sandbox.scenario = str(scenarios.parse(scenario))
    sandbox.save(update_fields=["scenario"])


def clear_expired() -> int:
    """Delete the sandboxes that have expired, and what is no longer needed: ended sessions, and answers kept for
    retries.

    Returns how many sandboxes were deleted.
    """
    over = (
        Session.objects.filter(expires_at__lte=wall()),
        Challenge.objects.filter(expires_at__lte=wall()),
        Served.objects.filter(at__lte=wall() - KEPT),
    )
    for rows in over:
        with transaction.atomic():
            # What somebody else is about to take away is left to them.
            free = rows.select_for_update(skip_locked=True).values_list("pk", flat=True)
            rows.filter(pk__in=list(free)).delete()
    attempts.forget_old()
    return sum(map(_cleared, Sandbox.objects.filter(pinned=False)))


def _cleared(sandbox: Sandbox) -> bool:
    """Delete a sandbox if it has expired. An error with one does not stop the others."""
    try:
        return sandbox.expired and erase(sandbox, only_expired=True)
    except DatabaseError:
        raise
    except Refusal:
        return False  # somebody else has deleted it just now
    except Exception:
        log.exception("sandbox %s cannot be cleared away", sandbox.key)
        return False


# ── situations ────────────────────────────────────────────────────────────────────────────────────────────────────


def opening(name: str) -> Situation:
    """The world a sandbox opens with: standard, empty, or standard with a situation laid over it."""
    situation = _situation(name)
    if name in WHOLE:
        return situation

    def enter(sandbox: Sandbox, about: Enterprise | None) -> dict[str, Any]:
        planting.standard(sandbox)
        return situation.enter(sandbox, _about(sandbox, situation, ""))

    return replace(situation, enter=enter)


@transaction.atomic
def enter(sandbox: Sandbox, name: str, uscc: str = "") -> answers.Entered:
    """Put a sandbox into a situation, about a named enterprise or the usual one (mostly that of `card`).

    Returns the situation, the enterprise, the moment, and what was changed.
    """
    situation = _situation(name)
    sandbox.lock()
    coverage.entered(sandbox, name)
    about, before = None, set[str]()
    if name in WHOLE:
        coverage.keep(sandbox)
        erase_world(sandbox)
        contents.forget_unused(sandbox)
        sandbox.epoch += 1
        sandbox.filings_held, sandbox.advancing_until = 0, None
        sandbox.save(update_fields=["epoch", "filings_held", "advancing_until"])
    else:
        about = _about(sandbox, situation, uscc)
        before = set(_accounts(about))
    changed = situation.enter(sandbox, about)
    if about is not None:
        # A clerk who was missing has been filled in.
        changed = {
            **changed,
            "accounts": [
                *changed.get("accounts", ()),
                *(account for account in _accounts(about) if account not in before),
            ],
        }
        about.refresh_from_db()
    return answers.Entered(
        situation=situation.name,
        title=situation.title,
        faq=situation.faq,
        at=rfc3339(sandbox.now()),
        about=answers.About(about.uscc, about.name_cn, _accounts(about)) if about else None,
        **{what: changed.get(what, []) for what in CHANGES},
    )


def _accounts(about: Enterprise) -> list[str]:
    return list(about.accounts.order_by("id").values_list("username", flat=True))


def _situation(name: str) -> Situation:
    if name not in SITUATIONS:
        refusal = naming.unknown(name, SORT)
        refusal.extra["known"] = list(SITUATIONS)
        raise refusal
    return SITUATIONS[name]


def _about(sandbox: Sandbox, situation: Situation, uscc: str) -> Enterprise:
    player = next(player for player in cast.PLAYERS if player.role == situation.about)
    uscc = uscc or (player.firm.uscc if player.firm else "")
    enterprise = Enterprise.objects.select_related("sandbox").filter(sandbox=sandbox, uscc=uscc).first()
    if enterprise is None:
        raise absent(
            "企业",
            uscc,
            "统一社会信用代码",
            pointer="/uscc",
            remedy="请核对统一社会信用代码（沙箱中的企业见 GET /control/v1/sandboxes/{sandbox} 答复中的 enterprises），"
            "或先以 POST /control/v1/sandboxes/{sandbox}/fixtures/enterprise 建立",
        )
    return enterprise
