"""Sandboxes: making, reading, resetting, deleting; their clocks and situations."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from msgspec.structs import asdict
from rest_framework.request import Request

from filings import agenda
from filings.answers import sandboxes as answers
from filings.answers import staging
from filings.control.endpoint import Control, OfSandbox
from filings.customs.sync import sync
from filings.forms import lab as bodies
from filings.lab.watching import explaining
from filings.lab.webhooks import delivering
from filings.lab.worlds import books, clock, demo, logins, people, situations, snapshots, worlds
from filings.manners.endpoint import LOCATION, Reply
from filings.manners.operations import extend_schema
from filings.manners.paging import PAGE, PAGING, page
from filings.manners.wire import json_response
from filings.models import Sandbox, wall
from filings.record.trail import refusals_noted
from filings.rules.appraisal import Problem
from filings.rules.dates import at, rfc3339
from filings.rules.events import Verb
from filings.rules.numbers import uscc_told
from filings.rules.refusals import Refusal, absent, invalid
from filings.rules.words import ClockMode

TAG = ["sandboxes"]


def read_clock(sandbox: Sandbox) -> answers.Clock:
    return answers.Clock(sandbox.clock_mode, rfc3339(sandbox.now()), sandbox.clock_rate)


def read_sandbox(sandbox: Sandbox) -> answers.Sandbox:
    """A sandbox, without its secrets."""
    due = sandbox.next_at if hasattr(sandbox, "next_at") else agenda.next_at(sandbox)
    return answers.Sandbox(
        id=sandbox.key,
        name=sandbox.name,
        situation=sandbox.situation,
        exercise=sandbox.exercise or None,
        clock=read_clock(sandbox),
        scenario=sandbox.scenario,
        seed=sandbox.seed,
        pinned=sandbox.pinned,
        magic_names=sandbox.magic_names,
        login_lock=sandbox.login_lock,
        created_at=rfc3339(sandbox.created_at),
        expires_at=at(sandbox.expires_at),
        next_event_at=at(due),
    )


def with_accounts(sandbox: Sandbox) -> answers.SandboxWithAccounts:
    """A sandbox with who is in it, what of it could not be carried out, and how much it holds."""
    return answers.SandboxWithAccounts(
        **asdict(read_sandbox(sandbox)),
        accounts=worlds.tokens(sandbox),
        enterprises=worlds.enterprises(sandbox),
        set_aside=explaining.set_aside(sandbox),
        usage=snapshots.usage(sandbox),
    )


def read_opened(opened: worlds.Opened) -> answers.OpenedSandbox:
    """A new sandbox, with the one secret that is told once."""
    return answers.OpenedSandbox(**asdict(with_accounts(opened.sandbox)), control_key=opened.control_key)


class Sandboxes(Control):
    verbs = {"POST": Verb.CREATE_SANDBOX}
    parameters = PAGE

    @extend_schema(
        operation_id="list_sandboxes", tags=TAG, summary="沙箱列表", parameters=PAGING, responses=answers.SandboxPage
    )
    def get(self, request: Request) -> HttpResponse:
        return json_response(
            page(
                answers.SandboxPage,
                request,
                worlds.sandboxes(),
                lambda found: [read_sandbox(sandbox) for sandbox in found],
                by="id",
            )
        )

    @extend_schema(
        operation_id="create_sandbox",
        tags=TAG,
        summary="新建沙箱",
        request=bodies.NewSandbox,
        parameters=[LOCATION],
        responses={201: answers.OpenedSandbox},
    )
    def post(self, request: Request) -> HttpResponse:
        body = self.body(request, bodies.NewSandbox)
        if "exercise" in body and body.keys() & {"situation", "clock", "scenario"}:
            raise Refusal("scenario_locked", "场面、时钟、情景由练习决定，不能与 exercise 同时给出")
        wanted = {**body.pop("clock", {}), **body}

        def work() -> Reply:
            opened = worlds.create(**wanted)
            location = {"Location": f"/control/v1/sandboxes/{opened.sandbox.key}"}
            return Reply(read_opened(opened), 201, location, opened.sandbox)

        return self.deed(request, work)


class OneSandbox(OfSandbox):
    verbs = {"PATCH": Verb.KEEP_SANDBOX}

    @extend_schema(operation_id="read_sandbox", tags=TAG, summary="读取沙箱", responses=answers.SandboxWithAccounts)
    def get(self, request: Request, sandbox: str) -> HttpResponse:
        return json_response(with_accounts(self.sandbox))

    @extend_schema(
        operation_id="patch_sandbox",
        tags=TAG,
        summary="修改名称与保留时间",
        request=bodies.PatchSandbox,
        responses=answers.Sandbox,
    )
    def patch(self, request: Request, sandbox: str) -> HttpResponse:
        body = self.body(request, bodies.PatchSandbox)

        def work() -> Reply:
            worlds.keep(self.sandbox, **body)
            return Reply(read_sandbox(self.sandbox))

        return self.deed(request, work)

    @extend_schema(operation_id="delete_sandbox", tags=TAG, summary="删除沙箱", responses={204: None})
    def delete(self, request: Request, sandbox: str) -> HttpResponse:
        if sandbox == demo.KEY:
            raise Refusal("demo_stays")
        worlds.erase(self.sandbox)
        return HttpResponse(status=204)


class Reset(OfSandbox):
    begins_behind = True

    @extend_schema(
        operation_id="reset_sandbox",
        tags=TAG,
        summary="重置到新建时的样子；账户的令牌不变",
        request=None,
        responses=answers.SandboxWithAccounts,
    )
    def post(self, request: Request, sandbox: str) -> HttpResponse:
        # Not idempotent by key: the key's own record would go with the reset.
        return json_response(with_accounts(worlds.reset(self.sandbox)))


class Clock(OfSandbox):
    verbs = {"PUT": Verb.SET_CLOCK}

    @extend_schema(operation_id="read_clock", tags=["clock"], summary="沙箱时钟", responses=answers.Clock)
    def get(self, request: Request, sandbox: str) -> HttpResponse:
        return json_response(read_clock(self.sandbox))

    @extend_schema(
        operation_id="set_clock",
        tags=["clock"],
        summary="设置时钟：实时、冻结、倍速；只能向前",
        request=bodies.SetClock,
        responses=answers.Clock,
    )
    def put(self, request: Request, sandbox: str) -> HttpResponse:
        body = self.body(request, bodies.SetClock)
        rate = body.get("rate", 1.0) if body["mode"] == ClockMode.SCALED else None
        with refusals_noted(self.visit, self.verb):
            clock.set_clock(self.sandbox, body["mode"], body.get("now"), rate)
        return json_response(read_clock(self.sandbox))


class Advance(OfSandbox):
    verbs = {"POST": Verb.ADVANCE_CLOCK}
    begins_behind = True  # what fires is its own to tell

    @extend_schema(
        operation_id="advance_clock",
        tags=["clock"],
        summary="推进时钟：by、to 或 until",
        request=bodies.Advance,
        responses=answers.Advanced,
    )
    def post(self, request: Request, sandbox: str) -> HttpResponse:
        body, began = self.body(request, bodies.Advance), wall()

        def plan() -> str | None:
            target = clock.destination(self.sandbox, **body)
            return target.isoformat() if target else None

        def carry_out(planned: str | None) -> answers.Advanced:
            fired = clock.advance_to(self.sandbox, datetime.fromisoformat(planned) if planned else None)
            # Nothing is sent of what might yet be undone.
            deliveries = delivering.deliver(self.sandbox, began)
            return answers.Advanced(rfc3339(self.sandbox.now()), fired, deliveries)

        return self.in_turns(request, plan, carry_out)


class Situations(Control):
    @extend_schema(
        operation_id="list_situations", tags=["situations"], summary="场面目录", responses=answers.Situations
    )
    def get(self, request: Request) -> HttpResponse:
        every = situations.SITUATIONS.values()
        return json_response(
            answers.Situations(
                [
                    answers.Situation(
                        situation.name, situation.title, situation.about, situation.faq, situation.provenance.value
                    )
                    for situation in every
                ]
            )
        )


class EnterSituation(OfSandbox):
    verbs = {"POST": Verb.ENTER_SITUATION}

    @extend_schema(
        operation_id="enter_situation",
        tags=["situations"],
        summary="使沙箱进入一个场面；答复关于哪家企业、改动了什么、在什么时刻",
        request=bodies.SituationWanted,
        responses=answers.Entered,
    )
    def post(self, request: Request, sandbox: str) -> HttpResponse:
        body = self.body(request, bodies.SituationWanted)

        def work() -> Reply:
            return Reply(worlds.enter(self.sandbox, body["situation"], body.get("uscc", "")))

        return self.deed(request, work)


class ExpireSessions(OfSandbox):
    verbs = {"POST": Verb.EXPIRE_SESSIONS}

    @extend_schema(
        operation_id="expire_sessions",
        tags=TAG,
        request=bodies.Expired,
        responses=answers.Ended,
        summary="立即结束登录，作废待签名的随机数，以测试过期；建沙箱时给出的令牌也在内，重置后复原",
    )
    def post(self, request: Request, sandbox: str) -> HttpResponse:
        account = self.body(request, bodies.Expired).get("account", "")

        def work() -> Reply:
            ended = logins.expire(self.sandbox, account)
            return Reply(answers.Ended(account or None, ended.sessions, ended.challenges))

        return self.deed(request, work)


class CustomsLedger(OfSandbox):
    verbs = {"PUT": Verb.LAY_LEDGER}

    @extend_schema(
        operation_id="read_ledger", tags=["situations"], summary="海关台账：海关自己的记录", responses=staging.Ledger
    )
    def get(self, request: Request, sandbox: str, uscc: str) -> HttpResponse:
        return json_response(books.read(self.sandbox, uscc))

    @extend_schema(
        operation_id="lay_over_ledger",
        tags=["situations"],
        summary="改写海关台账所列各项；单一窗口在同步之前不变",
        request=bodies.LedgerFacts,
        responses=staging.Ledger,
    )
    def put(self, request: Request, sandbox: str, uscc: str) -> HttpResponse:
        if fault := uscc_told(uscc):
            raise invalid([Problem("/uscc", "uscc_invalid", fault)])
        body = self.body(request, bodies.LedgerFacts)
        return self.deed(request, lambda: Reply(books.lay(self.sandbox, uscc, body)))


class CommerceLedger(OfSandbox):
    verbs = {"PUT": Verb.LAY_LEDGER}

    @extend_schema(
        operation_id="read_commerce_ledger",
        tags=["situations"],
        summary="商务部台账：经营者备案，商务部门自己的记录（FAQ 2.9）",
        responses=staging.CommerceLedger,
    )
    def get(self, request: Request, sandbox: str, uscc: str) -> HttpResponse:
        return json_response(books.read_commerce(self.sandbox, uscc))

    @extend_schema(
        operation_id="lay_over_commerce_ledger",
        tags=["situations"],
        summary="改写商务部台账所列各项；没有备案的新增一份",
        request=bodies.CommerceFacts,
        responses=staging.CommerceLedger,
    )
    def put(self, request: Request, sandbox: str, uscc: str) -> HttpResponse:
        if fault := uscc_told(uscc):
            raise invalid([Problem("/uscc", "uscc_invalid", fault)])
        body = self.body(request, bodies.CommerceFacts)
        return self.deed(request, lambda: Reply(books.lay_commerce(self.sandbox, uscc, body)))


class Sync(OfSandbox):
    verbs = {"POST": Verb.SYNC_MIRROR}

    @extend_schema(
        operation_id="sync_mirror",
        tags=["situations"],
        summary="把海关台账同步到单一窗口",
        request=bodies.Sync,
        responses=answers.Synced,
    )
    def post(self, request: Request, sandbox: str) -> HttpResponse:
        body = self.body(request, bodies.Sync)
        uscc = body.get("uscc", "")
        if uscc and people.no_enterprise(self.sandbox, uscc):
            raise absent("企业", uscc, "统一社会信用代码", pointer="/uscc")
        return self.deed(request, lambda: Reply(answers.Synced(sync(self.sandbox, self.sandbox.now(), uscc or None))))
