"""The control plane, /control/v1/."""

from __future__ import annotations

from django.urls import path

from filings.control import (
    checkpoints,
    coverage,
    exercises,
    faults,
    filings,
    fixtures,
    journal,
    market,
    sandboxes,
    webhooks,
)
from filings.manners.schema import Document, Page

TITLE = "企业资质模拟系统 · 控制接口"
DESCRIPTION = "测试程序和讲师掌握的接口：沙箱、时钟、情景、场面。业务接口对它一无所知。"
ONE = "sandboxes/<str:sandbox>"
ATTEMPT = "attempts/<str:attempt>"

operations = [
    path("sandboxes", sandboxes.Sandboxes.as_view()),
    path("sandboxes/import", checkpoints.Import.as_view()),
    path(ONE, sandboxes.OneSandbox.as_view()),
    path(f"{ONE}/reset", sandboxes.Reset.as_view()),
    path(f"{ONE}/clock", sandboxes.Clock.as_view()),
    path(f"{ONE}/clock/advance", sandboxes.Advance.as_view()),
    path(f"{ONE}/situation", sandboxes.EnterSituation.as_view()),
    path(f"{ONE}/ledgers/customs/<str:uscc>", sandboxes.CustomsLedger.as_view()),
    path(f"{ONE}/ledgers/mofcom/<str:uscc>", sandboxes.CommerceLedger.as_view()),
    path(f"{ONE}/ledgers/market/<str:uscc>", market.MarketLedger.as_view()),
    path(f"{ONE}/fixtures/enterprise", fixtures.EnterpriseFixture.as_view()),
    path(f"{ONE}/fixtures/account", fixtures.AccountFixture.as_view()),
    path(f"{ONE}/fixtures/card", fixtures.CardFixture.as_view()),
    path(f"{ONE}/fixtures/filing", fixtures.FilingFixture.as_view()),
    path(f"{ONE}/cards/<str:card>", fixtures.OneCard.as_view()),
    path(f"{ONE}/cards/<str:card>/key", fixtures.CardKey.as_view()),
    path(f"{ONE}/sync", sandboxes.Sync.as_view()),
    path(f"{ONE}/checkpoints", checkpoints.Checkpoints.as_view()),
    path(f"{ONE}/checkpoints/<str:checkpoint>", checkpoints.OneCheckpoint.as_view()),
    path(f"{ONE}/checkpoints/<str:checkpoint>/restore", checkpoints.Restore.as_view()),
    path(f"{ONE}/export", checkpoints.Export.as_view()),
    path(f"{ONE}/faults", faults.Faults.as_view()),
    path(f"{ONE}/faults/<str:fault>", faults.OneFault.as_view()),
    path(f"{ONE}/coverage", coverage.Coverage.as_view()),
    path(f"{ONE}/journal", journal.Journal.as_view()),
    path(f"{ONE}/journal/verify", journal.Verify.as_view()),
    path(f"{ONE}/sessions/expire", sandboxes.ExpireSessions.as_view()),
    path(f"{ONE}/scenario", filings.DefaultScenario.as_view()),
    path(f"{ONE}/scenario-queue", filings.ScenarioQueue.as_view()),
    path(f"{ONE}/scenario-queue/<str:queued>", filings.OneQueued.as_view()),
    path(f"{ONE}/filings/<str:filing>/receipts", filings.RawReceipts.as_view()),
    path(f"{ONE}/filings", filings.Filings.as_view()),
    path(f"{ONE}/filings/<str:filing>/scenario", filings.PinnedScenario.as_view()),
    path(f"{ONE}/filings/<str:filing>/actions/reject", filings.Rejecting.as_view()),
    path(f"{ONE}/filings/<str:filing>/actions/advance", filings.Walking.as_view()),
    path(f"{ONE}/filings/<str:filing>/actions/<str:action>", filings.Action.as_view()),
    path(f"{ONE}/filings/<str:filing>/explain", filings.Explain.as_view()),
    path(f"{ONE}/webhooks", webhooks.Webhooks.as_view()),
    path(f"{ONE}/webhooks/<str:webhook>", webhooks.OneWebhook.as_view()),
    path(f"{ONE}/webhooks/<str:webhook>/waiting", webhooks.Waiting.as_view()),
    path(f"{ONE}/webhooks/<str:webhook>/acknowledge", webhooks.Acknowledge.as_view()),
    path(f"{ONE}/deliveries", webhooks.Deliveries.as_view()),
    path(f"{ONE}/conformance", exercises.Conformance.as_view()),
    path("exercises", exercises.Exercises.as_view()),
    path("exercises/<str:exercise>", exercises.OneExercise.as_view()),
    path("exercises/<str:exercise>/attempts", exercises.Attempts.as_view()),
    path(ATTEMPT, exercises.OneAttempt.as_view()),
    path(f"{ATTEMPT}/dossier", exercises.Dossier.as_view()),
    path(f"{ATTEMPT}/dossier.pdf", exercises.DossierFile.as_view()),
    path(f"{ATTEMPT}/answers", exercises.Answers.as_view()),
    path(f"{ATTEMPT}/check", exercises.Check.as_view()),
    path(f"{ATTEMPT}/hints", exercises.Hints.as_view()),
    path("coverage", coverage.MergedCoverage.as_view()),
    path("situations", sandboxes.Situations.as_view()),
    path("scenarios", filings.Scenarios.as_view()),
    path("machine", filings.Machine.as_view()),
]


TAGS = {
    "sandboxes": "沙箱",
    "clock": "时钟",
    "situations": "场面",
    "scenarios": "情景",
    "filings": "申请单",
    "fixtures": "布置",
    "faults": "故障",
    "checkpoints": "检查点",
    "webhooks": "接收地址",
    "notifications": "发出的通知",
    "verification": "核对",
    "exercises": "练习",
}


class _Operations:
    urlpatterns = operations


urlpatterns = [
    *operations,
    path(
        "schema",
        Document.as_view(
            name="Qualification Simulator Control",
            title=TITLE,
            description=DESCRIPTION,
            tags=TAGS,
            prefix="/control/v1",
            urlconf=_Operations,
            open_on_loopback=True,
            webhooks=webhooks.TOLD,
        ),
        name="control-schema",
    ),
    path("docs", Page.as_view(title=TITLE, document="control-schema"), name="control-docs"),
]
