"""From a name to a learner, and from a return code back to one. A learner is no account of a sandbox."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import timedelta

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils.crypto import salted_hmac

from filings import guessing
from filings.lab.worlds import worlds
from filings.models import Attempt, Learner, TrainingClass, row_or_none, wall
from filings.models.learners import KEY
from filings.models.sandbox import NOTED_AGAIN
from filings.rules.appraisal import Problem
from filings.rules.numbers import fold
from filings.rules.refusals import Refusal, invalid

COOKIE = "sim_learner"
"""Holds the token by which a browser's learner is known."""

LASTS = timedelta(days=30)
"""How long a browser knows its learner. Ours."""

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters of codes: none that looks like a digit or like another."""

LENGTH = 6

KEPT = timedelta(days=400)
"""A learner who was not seen for so long is forgotten, with all that is recorded of them. Ours."""

_SALT = "filings.learners"


def new_code() -> str:
    """A code to read out and to type."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def come_in(name: str, class_code: str = "") -> tuple[Learner, str]:
    """A new learner, in a class if its code is given. Returns the return code too, which is told only here.

    Raises 422 at /name and /class_code.
    """
    called = " ".join(name.split())
    joined = row_or_none(TrainingClass.objects.filter(code=_spelt(class_code))) if class_code.strip() else None
    if class_code.strip() and joined is None:
        raise invalid([Problem("/class_code", "unknown_class", "没有这个班级代码，请向讲师核对")])
    while True:
        code = new_code()
        try:
            with transaction.atomic():
                made = Learner.objects.create(
                    key=f"{KEY}{secrets.token_hex(8)}",
                    name=called,
                    code_digest=_digest(called, code),
                    training_class=joined,
                )
        except IntegrityError:
            continue  # somebody of this name has this code already
        return made, code


def come_back(name: str, code: str, address: str) -> Learner:
    """The learner of a name and a return code. Whoever guesses waits (429); a wrong one is a 401."""
    called, spelt = " ".join(name.split()), _spelt(code)
    guessers = (("learner", called.casefold()), ("learner-from", address))
    for guesser in guessers:
        guessing.check(*guesser)
    found = row_or_none(Learner.objects.select_related("training_class").filter(code_digest=_digest(called, spelt)))
    if found is None:
        for guesser in guessers:
            guessing.wrong(f"{called}:{spelt}", *guesser)
        raise Refusal("wrong_return_code")
    for guesser in guessers:  # the address is that of a whole class room
        guessing.right(*guesser)
    return found


def token(learner: Learner) -> str:
    """What a browser holds to be known by."""
    return signing.dumps(learner.key, salt=_SALT)


def of_token(held: str) -> Learner | None:
    """The learner whom a browser is known as."""
    try:
        key = signing.loads(held, salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    found = row_or_none(Learner.objects.select_related("training_class").filter(key=key))
    if found is not None and wall() - found.seen_at > NOTED_AGAIN:
        found.seen_at = wall()
        found.save(update_fields=["seen_at"])
    return found


def forget(learner: Learner) -> None:
    """Forget a learner with all that is recorded of them; the worlds they are at work in go too."""
    for attempt in Attempt.objects.select_related("sandbox").filter(learner=learner.key, sandbox__isnull=False):
        assert attempt.sandbox is not None
        with suppress(Refusal):  # somebody else was quicker
            worlds.erase(attempt.sandbox)
    with transaction.atomic():
        Attempt.objects.filter(learner=learner.key).delete()
        learner.delete()


# ── classes ───────────────────────────────────────────────────────────────────────────────────────────────────────


def open_class(name: str) -> TrainingClass:
    """A new class, with the code by which its learners join it."""
    while True:
        try:
            with transaction.atomic():
                return TrainingClass.objects.create(code=new_code(), name=name)
        except IntegrityError:
            continue  # another class has this code


def classes() -> QuerySet[TrainingClass]:
    """Every class with how many learners it has, the newest first."""
    return TrainingClass.objects.annotate(size=Count("learners")).order_by("-id")


def class_of(called: str) -> TrainingClass | None:
    """A class by its code, or by its name where no other is called so."""
    found = row_or_none(TrainingClass.objects.filter(code=_spelt(called)))
    named = TrainingClass.objects.filter(name=called)
    return found or (named.get() if named.count() == 1 else None)


def forget_old() -> None:
    """Forget those who were not seen for long."""
    for learner in Learner.objects.filter(seen_at__lt=wall() - KEPT):
        forget(learner)


def _spelt(code: str) -> str:
    return fold(code).upper().replace(" ", "").replace("-", "")


def _digest(name: str, code: str) -> str:
    return salted_hmac(_SALT, f"{name.casefold()}\0{code}", algorithm="sha256").hexdigest()
