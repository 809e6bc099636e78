"""What tests build with: whole worlds, single enterprises and accounts, and filings that got where they are by legal
steps.

Everything made here is the same in every run: sequences instead of chance, one seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import factory
import pytest
from django.contrib.auth.hashers import make_password
from django.db import transaction

from filings import desk
from filings.customs import officer
from filings.lab.worlds import cast, worlds
from filings.models import Account, Enterprise, Filing, Mandate, Sandbox, Visit, authority
from filings.rules.attachments import Upload, inspect
from filings.rules.numbers import uscc_complete
from filings.rules.refusals import Refusal
from filings.rules.words import Medium, Party, Status, UserType

SEED = 20211201


SOMEBODY = {
    "type": "operator",
    "holder_name": "李演练",
    "holder_id_type": "居民身份证",
    "holder_id_number": "110101189001010024",
}
"""An application for an 操作员卡 of somebody who is not the legal representative."""


class SandboxFactory(factory.Factory):
    """A sandbox with the world of its situation: `standard` unless told otherwise, on a frozen clock."""

    class Meta:
        model = Sandbox

    key = factory.Sequence(lambda n: f"sb-of-test-{n}")
    situation = "standard"
    seed = SEED

    @classmethod
    def _create(cls, model_class: type[Sandbox], *args: Any, **kwargs: Any) -> Sandbox:
        return worlds.create(**kwargs).sandbox


class EnterpriseFactory(factory.django.DjangoModelFactory):
    """An enterprise nobody has registered yet, in a sandbox of its own unless one is given."""

    class Meta:
        model = Enterprise

    sandbox = factory.SubFactory(SandboxFactory, situation="empty")
    uscc = factory.Sequence(lambda n: uscc_complete(f"91440399MAMT{n:04d}"))
    name_cn = factory.Sequence(lambda n: f"深圳市第{n}演练有限公司")
    in_qianhai = False


class AccountFactory(factory.django.DjangoModelFactory):
    """An 企业用户 of a new enterprise."""

    class Meta:
        model = Account

    enterprise = factory.SubFactory(EnterpriseFactory)
    sandbox = factory.SelfAttribute("enterprise.sandbox")
    username = factory.Sequence(lambda n: f"clerk-{n}")
    password = factory.LazyFunction(lambda: make_password(None))
    display_name = factory.SelfAttribute("username")
    user_type = UserType.ENTERPRISE


class MandateFactory(factory.django.DjangoModelFactory):
    """A mandate between two enterprises of one sandbox."""

    class Meta:
        model = Mandate

    sandbox = factory.SelfAttribute("principal.sandbox")
    serial = factory.Sequence(lambda n: 900_000 + n)
    public_id = factory.LazyAttribute(lambda one: f"M{one.serial:06d}")
    given_at = factory.LazyAttribute(lambda one: one.sandbox.now())


class FilingFactory(factory.Factory):
    """A registration in the named status, with the history that leads there: desk and officer walked it.

    visit     who files it (default: an account of a new enterprise, by password)
    scenario  who answers; nobody unless named, so that it stays where it was put
    """

    class Meta:
        model = Filing

    visit = factory.LazyFunction(lambda: visit_of(AccountFactory()))
    status = Status.DRAFT
    scenario = "by_hand"
    content = factory.LazyFunction(dict)

    @classmethod
    def _create(cls, model_class: type[Filing], *args: Any, **kwargs: Any) -> Filing:
        visit, status = kwargs["visit"], Status(kwargs["status"])
        filing = desk.open_filing(visit, "registration", {**sheet_of(visit.enterprise), **kwargs["content"]})
        if status != Status.DRAFT:
            desk.perform(replace(visit, scenario=kwargs["scenario"]), filing.public_id, "declare")
        if status not in (Status.DRAFT, Status.DECLARED):
            officer.advance(visit.sandbox, filing.public_id, status, visit.now)
        return desk.find(visit, filing.public_id)


def sheet_of(enterprise: Enterprise) -> dict[str, Any]:
    """The reference registration, filled in for an enterprise."""
    return deepcopy(dict(cast.REFERENCE)) | {"uscc": enterprise.uscc, "name_cn": enterprise.name_cn}


def visit_of(account: Account, medium: str = "password", **more: Any) -> Visit:
    """An account at the counter, at its sandbox's moment."""
    visit = {"sandbox": account.sandbox, "now": account.sandbox.now(), "account": account, "medium": Medium(medium)}
    return Visit(**{"party": Party.APPLICANT, **visit, **more})


def later(visit: Visit, *, at: datetime | None = None, **by: float) -> Visit:
    """The same visitor at another moment: a clock time, or so many hours, minutes, days later."""
    return replace(visit, now=at or visit.now + timedelta(**by))


def at_work(party: str, visit: Visit) -> Visit:
    """A person playing an authority, where and when a visit is made; for the applicant, the visit itself."""
    return visit if party == Party.APPLICANT else authority(visit.sandbox, Party(party), visit.now, by_hand=True)


def pdf(name: str = "备案信息表.pdf", type: str = "record_form") -> Upload:
    """A file fit to be attached."""
    return inspect(name, b"%PDF-1.4\n%test", type)


@contextmanager
def refused(code: str) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """What happens inside is refused with this code, and undone."""
    with pytest.raises(Refusal) as caught, transaction.atomic():
        yield caught
    assert caught.value.code == code
