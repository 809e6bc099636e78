"""The control plane, /control/v1: one method for each operation, in the document's own words.

Made by tools/generate.py out of the OpenAPI documents: not to be edited.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, overload

from swsim._async.line import AsyncLine, Headers
from swsim.spelling import quoted

if TYPE_CHECKING:  # it takes its time, and is asked for by its words alone
    from swsim import models

__tracebackhide__ = True


class AsyncControlPlane:
    """企业资质模拟系统 · 控制接口.

    A body is a dictionary; members that are not known are refused by the simulator, each by its name. `headers` are
    sent besides: `X-Sim-Fault` and the like. Refusals are raised as `Problem`.
    """

    def __init__(self, line: AsyncLine) -> None:
        self._line = line

    async def every(self, page: Mapping[str, Any]) -> list[Any]:
        """All rows of a list, beginning with those of a page of it that was answered: `every(list_cards())`."""
        return await self._line.rest(page)

    async def read_attempt(self, attempt: str, *, headers: Headers = None) -> models.ExerciseAttempt:
        """练习的情况：检查过几次、看过哪些提示。

        GET /attempts/{attempt}
        """
        answer: models.ExerciseAttempt = await self._line.json("GET", f"/attempts/{quoted(attempt)}", more=headers)
        return answer

    async def answer_questions(
        self,
        attempt: str,
        body: dict[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> None:
        """回答任务的问题：以问题的 id 为名；可以再答，以最后一次为准。

        POST /attempts/{attempt}/answers
        """
        await self._line.nothing(
            "POST",
            f"/attempts/{quoted(attempt)}/answers",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )

    async def check_attempt(
        self,
        attempt: str,
        body: models.Nothing | None = None,
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.Judgement:
        """检查：逐项说明通过、未通过或尚未，以及凭据。

        POST /attempts/{attempt}/check
        """
        answer: models.Judgement = await self._line.json(
            "POST",
            f"/attempts/{quoted(attempt)}/check",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def read_dossier(self, attempt: str, *, headers: Headers = None) -> models.Dossier:
        """材料包（模拟样张）。

        GET /attempts/{attempt}/dossier
        """
        answer: models.Dossier = await self._line.json("GET", f"/attempts/{quoted(attempt)}/dossier", more=headers)
        return answer

    async def read_dossier_pdf(
        self, attempt: str, *, disposition: Literal["attachment", "inline"] | None = None, headers: Headers = None
    ) -> bytes:
        """材料包的 PDF（模拟样张）。

        GET /attempts/{attempt}/dossier.pdf
        """
        return await self._line.bytes(
            "GET", f"/attempts/{quoted(attempt)}/dossier.pdf", query={"disposition": disposition}, more=headers
        )

    async def take_hint(
        self,
        attempt: str,
        body: models.Nothing | None = None,
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.HintOpened:
        """看下一条提示：方向、规则原文、步骤；考核中没有提示。

        POST /attempts/{attempt}/hints
        """
        answer: models.HintOpened = await self._line.json(
            "POST",
            f"/attempts/{quoted(attempt)}/hints",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    @overload
    async def merge_coverage(
        self,
        body: models.Merged,
        *,
        format: Literal["json"] | None = None,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.Coverage: ...
    @overload
    async def merge_coverage(
        self,
        body: models.Merged,
        *,
        format: Literal["html", "junit"],
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> str: ...
    @overload
    async def merge_coverage(
        self,
        body: models.Merged,
        *,
        format: Literal["html", "json", "junit"] | None = None,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.Coverage | str: ...
    async def merge_coverage(
        self,
        body: models.Merged,
        *,
        format: Literal["html", "json", "junit"] | None = None,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.Coverage | str:
        """几个沙箱合起来触及了什么：其中一个触及的即为触及。

        POST /coverage
        """
        if format in (None, "json"):
            answer: models.Coverage = await self._line.json(
                "POST",
                "/coverage",
                body=body,
                query={"format": format},
                headers={"Idempotency-Key": idempotency_key},
                more=headers,
            )
            return answer
        return await self._line.text(
            "POST",
            "/coverage",
            body=body,
            query={"format": format},
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )

    async def list_exercises(self, *, headers: Headers = None) -> models.Exercises:
        """练习目录。

        GET /exercises
        """
        answer: models.Exercises = await self._line.json("GET", "/exercises", more=headers)
        return answer

    async def read_exercise(self, exercise: str, *, headers: Headers = None) -> models.Exercise:
        """一个练习；不含答案。

        GET /exercises/{exercise}
        """
        answer: models.Exercise = await self._line.json("GET", f"/exercises/{quoted(exercise)}", more=headers)
        return answer

    async def begin_attempt(
        self,
        exercise: str,
        body: models.AttemptWanted | None = None,
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.BegunAttempt:
        """开始一个练习：另建沙箱，置于练习开始时的场面；同一种子，同一场面。

        POST /exercises/{exercise}/attempts
        """
        answer: models.BegunAttempt = await self._line.json(
            "POST",
            f"/exercises/{quoted(exercise)}/attempts",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def machine(
        self,
        *,
        kind: Literal["change", "deregistration", "mofcom_change", "registration"] | None = None,
        headers: Headers = None,
    ) -> models.Machine:
        """一类申请的状态机：JSON 与 Mermaid。

        GET /machine
        """
        answer: models.Machine = await self._line.json("GET", "/machine", query={"kind": kind}, more=headers)
        return answer

    async def list_sandboxes(
        self, *, cursor: str | None = None, limit: int | None = None, headers: Headers = None
    ) -> models.SandboxPage:
        """沙箱列表。

        GET /sandboxes
        """
        answer: models.SandboxPage = await self._line.json(
            "GET", "/sandboxes", query={"cursor": cursor, "limit": limit}, more=headers
        )
        return answer

    async def create_sandbox(
        self, body: models.NewSandbox | None = None, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.OpenedSandbox:
        """新建沙箱。

        POST /sandboxes
        """
        answer: models.OpenedSandbox = await self._line.json(
            "POST", "/sandboxes", body=body, headers={"Idempotency-Key": idempotency_key}, more=headers
        )
        return answer

    async def read_sandbox(self, sandbox: str, *, headers: Headers = None) -> models.SandboxWithAccounts:
        """读取沙箱。

        GET /sandboxes/{sandbox}
        """
        answer: models.SandboxWithAccounts = await self._line.json("GET", f"/sandboxes/{quoted(sandbox)}", more=headers)
        return answer

    async def patch_sandbox(
        self, sandbox: str, body: models.PatchSandbox | None = None, *, headers: Headers = None
    ) -> models.Sandbox:
        """修改名称与保留时间。

        PATCH /sandboxes/{sandbox}
        """
        answer: models.Sandbox = await self._line.json(
            "PATCH", f"/sandboxes/{quoted(sandbox)}", body=body, more=headers
        )
        return answer

    async def delete_sandbox(self, sandbox: str, *, headers: Headers = None) -> None:
        """删除沙箱。

        DELETE /sandboxes/{sandbox}
        """
        await self._line.nothing("DELETE", f"/sandboxes/{quoted(sandbox)}", more=headers)

    async def read_card(self, sandbox: str, card: str, *, headers: Headers = None) -> models.Card:
        """一张卡的情况。

        GET /sandboxes/{sandbox}/cards/{card}
        """
        answer: models.Card = await self._line.json(
            "GET", f"/sandboxes/{quoted(sandbox)}/cards/{quoted(card)}", more=headers
        )
        return answer

    async def set_card(
        self, sandbox: str, card: str, body: models.CardStanding, *, headers: Headers = None
    ) -> models.Card:
        """使一张卡有效、锁定、注销或过期。

        PATCH /sandboxes/{sandbox}/cards/{card}
        """
        answer: models.Card = await self._line.json(
            "PATCH", f"/sandboxes/{quoted(sandbox)}/cards/{quoted(card)}", body=body, more=headers
        )
        return answer

    async def read_card_key(self, sandbox: str, card: str, *, headers: Headers = None) -> models.CardKey:
        """虚拟卡的私钥（PEM），供会签名的客户端。

        GET /sandboxes/{sandbox}/cards/{card}/key
        """
        answer: models.CardKey = await self._line.json(
            "GET", f"/sandboxes/{quoted(sandbox)}/cards/{quoted(card)}/key", more=headers
        )
        return answer

    async def list_checkpoints(self, sandbox: str, *, headers: Headers = None) -> models.Checkpoints:
        """检查点，新的在前。

        GET /sandboxes/{sandbox}/checkpoints
        """
        answer: models.Checkpoints = await self._line.json(
            "GET", f"/sandboxes/{quoted(sandbox)}/checkpoints", more=headers
        )
        return answer

    async def keep_checkpoint(
        self, sandbox: str, body: models.NewCheckpoint, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.Checkpoint:
        """以一个名称保存当前的全部状态。

        POST /sandboxes/{sandbox}/checkpoints
        """
        answer: models.Checkpoint = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/checkpoints",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def drop_checkpoint(self, sandbox: str, checkpoint: str, *, headers: Headers = None) -> None:
        """删除检查点。

        DELETE /sandboxes/{sandbox}/checkpoints/{checkpoint}
        """
        await self._line.nothing(
            "DELETE", f"/sandboxes/{quoted(sandbox)}/checkpoints/{quoted(checkpoint)}", more=headers
        )

    async def restore_checkpoint(
        self, sandbox: str, checkpoint: str, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.SandboxWithAccounts:
        """恢复到检查点，时钟一并恢复；全部或全无。

        POST /sandboxes/{sandbox}/checkpoints/{checkpoint}/restore
        """
        answer: models.SandboxWithAccounts = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/checkpoints/{quoted(checkpoint)}/restore",
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def read_clock(self, sandbox: str, *, headers: Headers = None) -> models.Clock:
        """沙箱时钟。

        GET /sandboxes/{sandbox}/clock
        """
        answer: models.Clock = await self._line.json("GET", f"/sandboxes/{quoted(sandbox)}/clock", more=headers)
        return answer

    async def set_clock(self, sandbox: str, body: models.SetClock, *, headers: Headers = None) -> models.Clock:
        """设置时钟：实时、冻结、倍速；只能向前。

        PUT /sandboxes/{sandbox}/clock
        """
        answer: models.Clock = await self._line.json(
            "PUT", f"/sandboxes/{quoted(sandbox)}/clock", body=body, more=headers
        )
        return answer

    async def advance_clock(
        self, sandbox: str, body: models.Advance, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.Advanced:
        """推进时钟：by、to 或 until。

        POST /sandboxes/{sandbox}/clock/advance
        """
        answer: models.Advanced = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/clock/advance",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    @overload
    async def check_conformance(
        self,
        sandbox: str,
        body: models.Nothing | None = None,
        *,
        format: Literal["json"] | None = None,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.Judgement: ...
    @overload
    async def check_conformance(
        self,
        sandbox: str,
        body: models.Nothing | None = None,
        *,
        format: Literal["html", "junit"],
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> str: ...
    @overload
    async def check_conformance(
        self,
        sandbox: str,
        body: models.Nothing | None = None,
        *,
        format: Literal["html", "json", "junit"] | None = None,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.Judgement | str: ...
    async def check_conformance(
        self,
        sandbox: str,
        body: models.Nothing | None = None,
        *,
        format: Literal["html", "json", "junit"] | None = None,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.Judgement | str:
        """对以 exercise 新建的沙箱作同样的检查。

        POST /sandboxes/{sandbox}/conformance
        """
        if format in (None, "json"):
            answer: models.Judgement = await self._line.json(
                "POST",
                f"/sandboxes/{quoted(sandbox)}/conformance",
                body=body,
                query={"format": format},
                headers={"Idempotency-Key": idempotency_key},
                more=headers,
            )
            return answer
        return await self._line.text(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/conformance",
            body=body,
            query={"format": format},
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )

    @overload
    async def read_coverage(
        self, sandbox: str, *, format: Literal["json"] | None = None, headers: Headers = None
    ) -> models.Coverage: ...
    @overload
    async def read_coverage(
        self, sandbox: str, *, format: Literal["html", "junit"], headers: Headers = None
    ) -> str: ...
    @overload
    async def read_coverage(
        self, sandbox: str, *, format: Literal["html", "json", "junit"] | None = None, headers: Headers = None
    ) -> models.Coverage | str: ...
    async def read_coverage(
        self, sandbox: str, *, format: Literal["html", "json", "junit"] | None = None, headers: Headers = None
    ) -> models.Coverage | str:
        """本沙箱触及了哪些状态、流转、拒绝、情景、场面、异常和常见问题；触及的一直算数，重置和恢复之后也是。

        GET /sandboxes/{sandbox}/coverage
        """
        if format in (None, "json"):
            answer: models.Coverage = await self._line.json(
                "GET", f"/sandboxes/{quoted(sandbox)}/coverage", query={"format": format}, more=headers
            )
            return answer
        return await self._line.text(
            "GET", f"/sandboxes/{quoted(sandbox)}/coverage", query={"format": format}, more=headers
        )

    async def list_deliveries(
        self,
        sandbox: str,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        state: Literal["delivered", "failed", "pending", "waiting", "withdrawn"] | None = None,
        webhook: str | None = None,
        headers: Headers = None,
    ) -> models.DeliveryPage:
        """发送记录，新的在前：每次尝试的结果，下一次在何时。

        GET /sandboxes/{sandbox}/deliveries
        """
        answer: models.DeliveryPage = await self._line.json(
            "GET",
            f"/sandboxes/{quoted(sandbox)}/deliveries",
            query={"cursor": cursor, "limit": limit, "state": state, "webhook": webhook},
            more=headers,
        )
        return answer

    async def export_sandbox(
        self, sandbox: str, *, checkpoint: str | None = None, headers: Headers = None
    ) -> models.Snapshot:
        """导出当前状态或一个检查点，可附在缺陷报告中。

        GET /sandboxes/{sandbox}/export
        """
        answer: models.Snapshot = await self._line.json(
            "GET", f"/sandboxes/{quoted(sandbox)}/export", query={"checkpoint": checkpoint}, more=headers
        )
        return answer

    async def list_faults(self, sandbox: str, *, headers: Headers = None) -> models.Faults:
        """有效的故障，以及故障目录。

        GET /sandboxes/{sandbox}/faults
        """
        answer: models.Faults = await self._line.json("GET", f"/sandboxes/{quoted(sandbox)}/faults", more=headers)
        return answer

    async def put_fault(
        self, sandbox: str, body: models.NewFault, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.Fault:
        """布置一个故障：按条件、次数、概率、时限。

        POST /sandboxes/{sandbox}/faults
        """
        answer: models.Fault = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/faults",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def take_fault_away(self, sandbox: str, fault: str, *, headers: Headers = None) -> None:
        """撤去故障。

        DELETE /sandboxes/{sandbox}/faults/{fault}
        """
        await self._line.nothing("DELETE", f"/sandboxes/{quoted(sandbox)}/faults/{quoted(fault)}", more=headers)

    async def list_sandbox_filings(
        self, sandbox: str, *, cursor: str | None = None, limit: int | None = None, headers: Headers = None
    ) -> models.HandledFilingPage:
        """沙箱内的申请单，新的在前。

        GET /sandboxes/{sandbox}/filings
        """
        answer: models.HandledFilingPage = await self._line.json(
            "GET", f"/sandboxes/{quoted(sandbox)}/filings", query={"cursor": cursor, "limit": limit}, more=headers
        )
        return answer

    async def act_on_filing(
        self,
        sandbox: str,
        filing: str,
        action: Literal["approve", "hold", "release", "route_manual", "send", "store"],
        body: models.Nothing | None = None,
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.HandledFiling:
        """以单一窗口、海关或商务部门的身份处理；hold 使申请单停住，release 使它继续。

        POST /sandboxes/{sandbox}/filings/{filing}/actions/{action}
        """
        answer: models.HandledFiling = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/filings/{quoted(filing)}/actions/{quoted(action)}",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def advance_filing(
        self,
        sandbox: str,
        filing: str,
        body: models.Destination,
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.HandledFiling:
        """推进到一个状态，途经的每个状态都有回执。

        POST /sandboxes/{sandbox}/filings/{filing}/actions/advance
        """
        answer: models.HandledFiling = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/filings/{quoted(filing)}/actions/advance",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def reject_filing(
        self,
        sandbox: str,
        filing: str,
        body: models.Rejection | None = None,
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.HandledFiling:
        """审批不通过，连同给企业看的和内部的原因。

        POST /sandboxes/{sandbox}/filings/{filing}/actions/reject
        """
        answer: models.HandledFiling = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/filings/{quoted(filing)}/actions/reject",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def explain_filing(self, sandbox: str, filing: str, *, headers: Headers = None) -> models.Explanation:
        """为什么在这里，怎样才会动。

        GET /sandboxes/{sandbox}/filings/{filing}/explain
        """
        answer: models.Explanation = await self._line.json(
            "GET", f"/sandboxes/{quoted(sandbox)}/filings/{quoted(filing)}/explain", more=headers
        )
        return answer

    async def inject_receipt(
        self,
        sandbox: str,
        filing: str,
        body: models.RawReceipt,
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.InjectedReceipt:
        """注入一份原始回执：重复的、迟到的、次序颠倒的；状态不变。

        POST /sandboxes/{sandbox}/filings/{filing}/receipts
        """
        answer: models.InjectedReceipt = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/filings/{quoted(filing)}/receipts",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def pin_scenario(
        self, sandbox: str, filing: str, body: models.ScenarioWanted, *, headers: Headers = None
    ) -> models.ChosenScenario:
        """为一份申请单指定情景。

        PUT /sandboxes/{sandbox}/filings/{filing}/scenario
        """
        answer: models.ChosenScenario = await self._line.json(
            "PUT", f"/sandboxes/{quoted(sandbox)}/filings/{quoted(filing)}/scenario", body=body, more=headers
        )
        return answer

    async def make_account(
        self,
        sandbox: str,
        body: models.AccountWanted | None = None,
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.MadeAccount:
        """布置账户：没有给出的自动补齐。

        POST /sandboxes/{sandbox}/fixtures/account
        """
        answer: models.MadeAccount = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/fixtures/account",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def make_card(
        self,
        sandbox: str,
        body: models.CardWanted | None = None,
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.MadeCard:
        """布置卡：没有给出的自动补齐。

        POST /sandboxes/{sandbox}/fixtures/card
        """
        answer: models.MadeCard = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/fixtures/card",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def make_enterprise(
        self,
        sandbox: str,
        body: models.EnterpriseWanted | None = None,
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.MadeEnterprise:
        """布置企业：没有给出的自动补齐。

        POST /sandboxes/{sandbox}/fixtures/enterprise
        """
        answer: models.MadeEnterprise = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/fixtures/enterprise",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def make_filing(
        self,
        sandbox: str,
        body: models.FilingWanted | None = None,
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.HandledFiling:
        """布置申请单，以合法的经过到达所要的状态：没有给出的自动补齐。

        POST /sandboxes/{sandbox}/fixtures/filing
        """
        answer: models.HandledFiling = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/fixtures/filing",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def read_journal(
        self,
        sandbox: str,
        *,
        account: str | None = None,
        code: str | None = None,
        cursor: str | None = None,
        filing: str | None = None,
        limit: int | None = None,
        method: str | None = None,
        path: str | None = None,
        status: str | None = None,
        headers: Headers = None,
    ) -> models.JournalPage:
        """业务接口的往来记录，新的在前；密码等已遮盖。

        GET /sandboxes/{sandbox}/journal
        """
        answer: models.JournalPage = await self._line.json(
            "GET",
            f"/sandboxes/{quoted(sandbox)}/journal",
            query={
                "account": account,
                "code": code,
                "cursor": cursor,
                "filing": filing,
                "limit": limit,
                "method": method,
                "path": path,
                "status": status,
            },
            more=headers,
        )
        return answer

    async def clear_journal(self, sandbox: str, *, headers: Headers = None) -> None:
        """清空往来记录。

        DELETE /sandboxes/{sandbox}/journal
        """
        await self._line.nothing("DELETE", f"/sandboxes/{quoted(sandbox)}/journal", more=headers)

    async def verify_journal(
        self, sandbox: str, body: models.Verification, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.Verified:
        """核对往来：符合的有几次，哪些只差一处。

        POST /sandboxes/{sandbox}/journal/verify
        """
        answer: models.Verified = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/journal/verify",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def read_ledger(self, sandbox: str, uscc: str, *, headers: Headers = None) -> models.Ledger:
        """海关台账：海关自己的记录。

        GET /sandboxes/{sandbox}/ledgers/customs/{uscc}
        """
        answer: models.Ledger = await self._line.json(
            "GET", f"/sandboxes/{quoted(sandbox)}/ledgers/customs/{quoted(uscc)}", more=headers
        )
        return answer

    async def lay_over_ledger(
        self, sandbox: str, uscc: str, body: models.LedgerFacts | None = None, *, headers: Headers = None
    ) -> models.Ledger:
        """改写海关台账所列各项；单一窗口在同步之前不变。

        PUT /sandboxes/{sandbox}/ledgers/customs/{uscc}
        """
        answer: models.Ledger = await self._line.json(
            "PUT", f"/sandboxes/{quoted(sandbox)}/ledgers/customs/{quoted(uscc)}", body=body, more=headers
        )
        return answer

    async def read_market_ledger(self, sandbox: str, uscc: str, *, headers: Headers = None) -> models.MarketLedger:
        """市场监管登记：执照上的登记信息，情景 inspect 以此比对申报内容。

        GET /sandboxes/{sandbox}/ledgers/market/{uscc}
        """
        answer: models.MarketLedger = await self._line.json(
            "GET", f"/sandboxes/{quoted(sandbox)}/ledgers/market/{quoted(uscc)}", more=headers
        )
        return answer

    async def lay_over_market_ledger(
        self, sandbox: str, uscc: str, body: models.MarketFacts | None = None, *, headers: Headers = None
    ) -> models.MarketLedger:
        """改写市场监管登记所列各项；没有登记的新增一份。

        PUT /sandboxes/{sandbox}/ledgers/market/{uscc}
        """
        answer: models.MarketLedger = await self._line.json(
            "PUT", f"/sandboxes/{quoted(sandbox)}/ledgers/market/{quoted(uscc)}", body=body, more=headers
        )
        return answer

    async def read_commerce_ledger(self, sandbox: str, uscc: str, *, headers: Headers = None) -> models.CommerceLedger:
        """商务部台账：经营者备案，商务部门自己的记录（FAQ 2.9）。

        GET /sandboxes/{sandbox}/ledgers/mofcom/{uscc}
        """
        answer: models.CommerceLedger = await self._line.json(
            "GET", f"/sandboxes/{quoted(sandbox)}/ledgers/mofcom/{quoted(uscc)}", more=headers
        )
        return answer

    async def lay_over_commerce_ledger(
        self, sandbox: str, uscc: str, body: models.CommerceFacts | None = None, *, headers: Headers = None
    ) -> models.CommerceLedger:
        """改写商务部台账所列各项；没有备案的新增一份。

        PUT /sandboxes/{sandbox}/ledgers/mofcom/{uscc}
        """
        answer: models.CommerceLedger = await self._line.json(
            "PUT", f"/sandboxes/{quoted(sandbox)}/ledgers/mofcom/{quoted(uscc)}", body=body, more=headers
        )
        return answer

    async def reset_sandbox(
        self, sandbox: str, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.SandboxWithAccounts:
        """重置到新建时的样子；账户的令牌不变。

        POST /sandboxes/{sandbox}/reset
        """
        answer: models.SandboxWithAccounts = await self._line.json(
            "POST", f"/sandboxes/{quoted(sandbox)}/reset", headers={"Idempotency-Key": idempotency_key}, more=headers
        )
        return answer

    async def set_scenario(
        self, sandbox: str, body: models.ScenarioWanted, *, headers: Headers = None
    ) -> models.ChosenScenario:
        """设置沙箱的缺省情景。

        PUT /sandboxes/{sandbox}/scenario
        """
        answer: models.ChosenScenario = await self._line.json(
            "PUT", f"/sandboxes/{quoted(sandbox)}/scenario", body=body, more=headers
        )
        return answer

    async def list_scenario_queue(self, sandbox: str, *, headers: Headers = None) -> models.ScenarioQueue:
        """情景队列，先到先用。

        GET /sandboxes/{sandbox}/scenario-queue
        """
        answer: models.ScenarioQueue = await self._line.json(
            "GET", f"/sandboxes/{quoted(sandbox)}/scenario-queue", more=headers
        )
        return answer

    async def queue_scenario(
        self, sandbox: str, body: models.Queued, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.QueuedScenario:
        """让一个情景答复以后若干次符合条件的申报。

        POST /sandboxes/{sandbox}/scenario-queue
        """
        answer: models.QueuedScenario = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/scenario-queue",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def unqueue_scenario(self, sandbox: str, queued: str, *, headers: Headers = None) -> None:
        """从队列中取出。

        DELETE /sandboxes/{sandbox}/scenario-queue/{queued}
        """
        await self._line.nothing(
            "DELETE", f"/sandboxes/{quoted(sandbox)}/scenario-queue/{quoted(queued)}", more=headers
        )

    async def expire_sessions(
        self,
        sandbox: str,
        body: models.Expired | None = None,
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.Ended:
        """立即结束登录，作废待签名的随机数，以测试过期；建沙箱时给出的令牌也在内，重置后复原。

        POST /sandboxes/{sandbox}/sessions/expire
        """
        answer: models.Ended = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/sessions/expire",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def enter_situation(
        self, sandbox: str, body: models.SituationWanted, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.Entered:
        """使沙箱进入一个场面；答复关于哪家企业、改动了什么、在什么时刻。

        POST /sandboxes/{sandbox}/situation
        """
        answer: models.Entered = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/situation",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def sync_mirror(
        self,
        sandbox: str,
        body: models.Sync | None = None,
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.Synced:
        """把海关台账同步到单一窗口。

        POST /sandboxes/{sandbox}/sync
        """
        answer: models.Synced = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/sync",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def list_webhooks(self, sandbox: str, *, headers: Headers = None) -> models.Webhooks:
        """登记的接收地址。

        GET /sandboxes/{sandbox}/webhooks
        """
        answer: models.Webhooks = await self._line.json("GET", f"/sandboxes/{quoted(sandbox)}/webhooks", more=headers)
        return answer

    async def register_webhook(
        self, sandbox: str, body: models.WebhookWanted, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.RegisteredWebhook:
        """登记接收地址：申请单每次状态变化发送一个 filing.<status> 事件，按 Standard Webhooks 签名。

        POST /sandboxes/{sandbox}/webhooks
        """
        answer: models.RegisteredWebhook = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/webhooks",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def remove_webhook(self, sandbox: str, webhook: str, *, headers: Headers = None) -> None:
        """删除接收地址；未送达的撤回。

        DELETE /sandboxes/{sandbox}/webhooks/{webhook}
        """
        await self._line.nothing("DELETE", f"/sandboxes/{quoted(sandbox)}/webhooks/{quoted(webhook)}", more=headers)

    async def acknowledge_deliveries(
        self,
        sandbox: str,
        webhook: str,
        body: models.Collected,
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.Acknowledged:
        """自取：确认已收到的通知，此后不再待取；重复确认无妨。

        POST /sandboxes/{sandbox}/webhooks/{webhook}/acknowledge
        """
        answer: models.Acknowledged = await self._line.json(
            "POST",
            f"/sandboxes/{quoted(sandbox)}/webhooks/{quoted(webhook)}/acknowledge",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    async def collect_deliveries(
        self,
        sandbox: str,
        webhook: str,
        *,
        cursor: str | None = None,
        limit: int | None = None,
        headers: Headers = None,
    ) -> models.DeliveryPage:
        """自取：没有地址的接收程序待取的通知，旧的在前；取出后待确认，故至少一次。

        GET /sandboxes/{sandbox}/webhooks/{webhook}/waiting
        """
        answer: models.DeliveryPage = await self._line.json(
            "GET",
            f"/sandboxes/{quoted(sandbox)}/webhooks/{quoted(webhook)}/waiting",
            query={"cursor": cursor, "limit": limit},
            more=headers,
        )
        return answer

    async def import_sandbox(
        self, body: models.Snapshot, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.OpenedSandbox:
        """以导出的快照新建沙箱。

        POST /sandboxes/import
        """
        answer: models.OpenedSandbox = await self._line.json(
            "POST", "/sandboxes/import", body=body, headers={"Idempotency-Key": idempotency_key}, more=headers
        )
        return answer

    async def list_scenarios(self, *, headers: Headers = None) -> models.Scenarios:
        """情景目录与节奏。

        GET /scenarios
        """
        answer: models.Scenarios = await self._line.json("GET", "/scenarios", more=headers)
        return answer

    async def list_situations(self, *, headers: Headers = None) -> models.Situations:
        """场面目录。

        GET /situations
        """
        answer: models.Situations = await self._line.json("GET", "/situations", more=headers)
        return answer
