"""Fixtures: enterprises, accounts, cards and filings made to measure, and cards under control."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from msgspec.structs import asdict
from rest_framework.request import Request

from filings.answers import staging as answers
from filings.answers.base import Answer
from filings.answers.handling import HandledFiling
from filings.control.endpoint import OfSandbox
from filings.control.filings import read_filing
from filings.forms import lab as bodies
from filings.lab.worlds import cast, fixtures
from filings.manners.endpoint import Reply
from filings.manners.operations import extend_schema
from filings.manners.wire import json_response
from filings.models import Card, Sandbox
from filings.rules.appraisal import Problem
from filings.rules.dates import local_date, on
from filings.rules.events import Verb
from filings.rules.numbers import uscc_told
from filings.rules.refusals import invalid
from singlewindow.lean import later

if TYPE_CHECKING:
    from filings.counters import card_keys
else:
    card_keys = later("filings.counters.card_keys")  # cryptography: 10 ms

TAG = ["fixtures"]


def read_card(card: Card) -> answers.Card:
    status = card.status(local_date(card.sandbox.now()))
    about = card.account.enterprise
    return answers.Card(
        card_no=card.number,
        type=card.type,
        holder_name=card.holder_name,
        username=card.account.username,
        uscc=about.uscc if about else None,
        status=status.value,
        status_label=status.label,
        valid_until=on(card.valid_until),
    )


def _enterprise(sandbox: Sandbox, body: dict[str, Any]) -> answers.MadeEnterprise:
    if body.get("uscc") and (fault := uscc_told(body["uscc"])):
        raise invalid([Problem("/uscc", "uscc_invalid", fault)])
    made = fixtures.enterprise(sandbox, **body)
    return answers.MadeEnterprise(made.uscc, made.name_cn, made.in_qianhai)


def _account(sandbox: Sandbox, body: dict[str, Any]) -> answers.MadeAccount:
    made, token = fixtures.account(sandbox, **body)
    return answers.MadeAccount(
        made.username,
        made.user_type,
        made.display_name,
        body.get("password") or cast.PASSWORD,
        token,
        made.enterprise.uscc if made.enterprise else None,
    )


def _card(sandbox: Sandbox, body: dict[str, Any]) -> answers.MadeCard:
    made, token = fixtures.card(sandbox, **body)
    return answers.MadeCard(**asdict(read_card(made)), pin=body.get("pin") or cast.PIN, card_token=token)


def _filing(sandbox: Sandbox, body: dict[str, Any]) -> HandledFiling:
    return read_filing(fixtures.filing(sandbox, **body))


class Fixture(OfSandbox):
    """An address that makes one sort of thing."""

    verbs = {"POST": Verb.MAKE}

    def made(
        self, request: Request, wanted: type[bodies.Body], make: Callable[[Sandbox, dict[str, Any]], Answer]
    ) -> HttpResponse:
        body = self.body(request, wanted)
        return self.deed(request, lambda: Reply(make(self.sandbox, body), 201))


class EnterpriseFixture(Fixture):
    @extend_schema(
        operation_id="make_enterprise",
        tags=TAG,
        summary="布置企业：没有给出的自动补齐",
        request=bodies.EnterpriseWanted,
        responses={201: answers.MadeEnterprise},
    )
    def post(self, request: Request, sandbox: str) -> HttpResponse:
        return self.made(request, bodies.EnterpriseWanted, _enterprise)


class AccountFixture(Fixture):
    @extend_schema(
        operation_id="make_account",
        tags=TAG,
        summary="布置账户：没有给出的自动补齐",
        request=bodies.AccountWanted,
        responses={201: answers.MadeAccount},
    )
    def post(self, request: Request, sandbox: str) -> HttpResponse:
        return self.made(request, bodies.AccountWanted, _account)


class CardFixture(Fixture):
    @extend_schema(
        operation_id="make_card",
        tags=TAG,
        summary="布置卡：没有给出的自动补齐",
        request=bodies.CardWanted,
        responses={201: answers.MadeCard},
    )
    def post(self, request: Request, sandbox: str) -> HttpResponse:
        return self.made(request, bodies.CardWanted, _card)


class FilingFixture(Fixture):
    @extend_schema(
        operation_id="make_filing",
        tags=TAG,
        summary="布置申请单，以合法的经过到达所要的状态：没有给出的自动补齐",
        request=bodies.FilingWanted,
        responses={201: HandledFiling},
    )
    def post(self, request: Request, sandbox: str) -> HttpResponse:
        return self.made(request, bodies.FilingWanted, _filing)


class OneCard(OfSandbox):
    verbs = {"PATCH": Verb.MAKE}

    @extend_schema(operation_id="read_card", tags=TAG, summary="一张卡的情况", responses=answers.Card)
    def get(self, request: Request, sandbox: str, card: str) -> HttpResponse:
        return json_response(read_card(card_keys.find(self.sandbox, card)))

    @extend_schema(
        operation_id="set_card",
        tags=TAG,
        summary="使一张卡有效、锁定、注销或过期",
        request=bodies.CardStanding,
        responses=answers.Card,
    )
    def patch(self, request: Request, sandbox: str, card: str) -> HttpResponse:
        body = self.body(request, bodies.CardStanding)

        def work() -> Reply:
            found = card_keys.find(self.sandbox, card)
            return Reply(read_card(fixtures.set_card(found, body["status"], body.get("valid_until"))))

        return self.deed(request, work)


class CardKey(OfSandbox):
    @extend_schema(
        operation_id="read_card_key",
        tags=TAG,
        summary="虚拟卡的私钥（PEM），供会签名的客户端",
        responses=answers.CardKey,
    )
    def get(self, request: Request, sandbox: str, card: str) -> HttpResponse:
        found = card_keys.of_card(self.sandbox, card)
        return json_response(
            answers.CardKey(
                card_no=found.number,
                algorithm="ECDSA P-256 / SHA-256",
                private_key=found.private_key,
                public_key=card_keys.public_pem(found.private_key),
            )
        )
