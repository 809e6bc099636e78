"""Fixtures: enterprises, accounts, cards and filings made to measure, and cards under control."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request

from filings import card_keys
from filings.control import bodies, shapes
from filings.control.endpoint import OfSandbox
from filings.control.filings import read_filing
from filings.enquiries import party
from filings.lab import cast, fixtures
from filings.manners.endpoint import Reply
from filings.manners.wire import json_response
from filings.models import Card, Sandbox
from filings.rules.appraisal import Problem
from filings.rules.dates import local_date
from filings.rules.numbers import fold, uscc_fault
from filings.rules.refusals import Refusal, invalid

TAG = ["布置"]


def read_card(card: Card) -> dict[str, Any]:
    status = card.status(local_date(card.sandbox.now()))
    about = card.account.enterprise
    return {
        "card_no": card.number,
        "type": card.type,
        "holder_name": card.holder_name,
        "username": card.account.username,
        "uscc": about.uscc if about else None,
        "status": status.value,
        "status_label": status.label,
        "valid_until": card.valid_until.isoformat() if card.valid_until else None,
    }


def _enterprise(sandbox: Sandbox, body: dict[str, Any]) -> dict[str, Any]:
    if body.get("uscc") and (fault := uscc_fault(body["uscc"])):
        raise invalid([Problem("/uscc", "uscc_invalid", fault)])
    made = fixtures.enterprise(sandbox, **body)
    return {**party(made), "in_qianhai": made.in_qianhai}


def _account(sandbox: Sandbox, body: dict[str, Any]) -> dict[str, Any]:
    made, token = fixtures.account(sandbox, **body)
    return {
        "username": made.username, "password": body.get("password") or cast.PASSWORD, "token": token, "user_type": made.user_type,
        "display_name": made.display_name, "uscc": made.enterprise.uscc if made.enterprise else None,
    }  # fmt: skip


def _card(sandbox: Sandbox, body: dict[str, Any]) -> dict[str, Any]:
    made, token = fixtures.card(sandbox, **body)
    return {**read_card(made), "pin": body.get("pin") or cast.PIN, "card_token": token}


def _filing(sandbox: Sandbox, body: dict[str, Any]) -> dict[str, Any]:
    return read_filing(fixtures.filing(sandbox, **body))


_MADE: dict[str, tuple[type[bodies.Body], Callable[[Sandbox, dict[str, Any]], dict[str, Any]]]] = {
    "enterprise": (bodies.EnterpriseWanted, _enterprise),
    "account": (bodies.AccountWanted, _account),
    "card": (bodies.CardWanted, _card),
    "filing": (bodies.FilingWanted, _filing),
}


class Fixture(OfSandbox):
    @extend_schema(
        operation_id="make_fixture", tags=TAG, summary="布置企业、账户、卡、申请单：没有给出的自动补齐",
        request=PolymorphicProxySerializer("FixtureWanted", [wanted for wanted, _ in _MADE.values()], None),
        responses={201: PolymorphicProxySerializer("Fixture", shapes.FIXTURES, None)},
    )  # fmt: skip
    def post(self, request: Request, sandbox: str, what: str) -> HttpResponse:
        if what not in _MADE:
            raise Refusal("not_found")
        wanted, make = _MADE[what]
        body = self.body(request, wanted)
        for name in ("uscc", "agent"):
            if body.get(name):
                body[name] = fold(body[name]).upper()
        return self.deed(request, lambda: Reply(make(self.sandbox, body), 201))


class OneCard(OfSandbox):
    @extend_schema(operation_id="read_card", tags=TAG, summary="一张卡的情况", responses=shapes.Card)
    def get(self, request: Request, sandbox: str, card: str) -> HttpResponse:
        return json_response(read_card(card_keys.find(self.sandbox, card)))

    @extend_schema(
        operation_id="set_card",
        tags=TAG,
        summary="使一张卡有效、锁定、注销或过期",
        request=bodies.CardStanding,
        responses=shapes.Card,
    )
    def patch(self, request: Request, sandbox: str, card: str) -> HttpResponse:
        body = self.body(request, bodies.CardStanding)

        def work() -> Reply:
            found = card_keys.find(self.sandbox, card)
            return Reply(read_card(fixtures.set_card(found, body["status"], body.get("valid_until"))))

        return self.deed(request, work)


class CardKey(OfSandbox):
    @extend_schema(
        operation_id="read_card_key", tags=TAG, summary="虚拟卡的私钥（PEM），供会签名的客户端", responses=shapes.CardKey
    )
    def get(self, request: Request, sandbox: str, card: str) -> HttpResponse:
        found = card_keys.of_card(self.sandbox, card)
        return json_response(
            {
                "card_no": found.number,
                "algorithm": "ECDSA P-256 / SHA-256",
                "private_key": found.private_key,
                "public_key": card_keys.public_pem(found.private_key),
            }
        )
