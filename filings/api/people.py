"""Sessions and accounts."""

from __future__ import annotations

from django.http import HttpResponse
from msgspec.structs import asdict
from rest_framework.request import Request

from filings import visits
from filings.answers import people as answers
from filings.api.endpoint import Counter, Open
from filings.forms import portal as bodies
from filings.manners.endpoint import Reply
from filings.manners.operations import extend_schema
from filings.manners.wire import json_response
from filings.models import Account, Session, Visit
from filings.record.enquiries import party
from filings.rules.dates import at, rfc3339
from filings.rules.events import Verb
from filings.rules.words import Party, UserType


def _who(session: Session, account: Account) -> answers.Who:
    return answers.Who(
        medium=session.medium,
        expires_at=at(session.expires_at),
        account=answers.AccountName(account.username, account.user_type, account.display_name),
        enterprise=party(account.enterprise) if account.enterprise else None,
    )


class Sessions(Open):
    @extend_schema(
        operation_id="log_in",
        tags=["sessions"],
        summary="登录",
        request=bodies.LogIn,
        responses={201: answers.LoggedIn},
    )
    def post(self, request: Request) -> HttpResponse:
        body = self.body(request, bodies.LogIn)
        self.met = where = visits.sandbox(body.get("sandbox", ""))
        if "signature" in body:
            login = visits.log_in_by_signature(where, body["card_no"], body["random"], body["signature"])
        elif "card_no" in body:
            login = visits.log_in_by_card(where, body["card_no"], body["pin"])
        else:
            login = visits.log_in(where, body["username"], body["password"])
        who = asdict(_who(login.session, login.session.account))
        return json_response(answers.LoggedIn(**who, token=login.token), 201)


class Challenge(Open):
    @extend_schema(
        operation_id="challenge_card",
        tags=["sessions"],
        summary="取随机数，供卡签名登录",
        request=bodies.ChallengeWanted,
        responses={201: answers.Challenge},
    )
    def post(self, request: Request) -> HttpResponse:
        body = self.body(request, bodies.ChallengeWanted)
        self.met = visits.sandbox(body.get("sandbox", ""))
        made = visits.challenge(self.met, body["card_no"])
        return json_response(answers.Challenge(made.random, rfc3339(made.expires_at)), 201)


class CurrentSession(Counter):
    verbs = {"DELETE": Verb.LOG_OUT}

    @extend_schema(operation_id="who_am_i", tags=["sessions"], summary="当前登录", responses=answers.Who)
    def get(self, request: Request) -> HttpResponse:
        assert self.visit.session is not None
        assert self.visit.account is not None
        return json_response(_who(self.visit.session, self.visit.account))

    @extend_schema(operation_id="log_out", tags=["sessions"], summary="退出", responses={204: None})
    def delete(self, request: Request) -> HttpResponse:
        visits.log_out(self.visit)
        return HttpResponse(status=204)


class Accounts(Open):
    verbs = {"POST": Verb.REGISTER}

    @extend_schema(
        operation_id="register_account",
        tags=["sessions"],
        summary="注册单一窗口账户（FAQ 2.3）",
        request=bodies.Register,
        responses={201: answers.Account},
    )
    def post(self, request: Request) -> HttpResponse:
        body = self.body(request, bodies.Register)
        where = visits.sandbox(body.pop("sandbox", ""))
        self.visit = Visit(sandbox=where, party=Party.APPLICANT, now=where.now())

        def work() -> Reply:
            account = visits.register(where, **{**body, "user_type": UserType(body["user_type"])})
            enterprise = party(account.enterprise) if account.enterprise else None
            return Reply(answers.Account(account.username, account.user_type, account.display_name, enterprise), 201)

        return self.deed(request, work)
