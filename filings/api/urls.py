"""The business plane, /api/v1/."""

from __future__ import annotations

from django.urls import path

from filings.api import (
    annual,
    business,
    cards,
    client_control,
    enquiries,
    filings,
    forms,
    help,
    people,
    printing,
    seals,
)
from filings.manners.schema import Document, Page

TITLE = "企业资质模拟系统 · 业务接口"
DESCRIPTION = (
    "中国（深圳）国际贸易单一窗口企业资质模块的模拟系统。未见该模块有公开的导入接口：/api/v1 是本模拟系统自己的接口；"
    "字段行为、文字和流转依据公开的常见问题。通过测试说明您的软件正确处理了这些行为，不等于与真实系统连通。"
)

operations = [
    # Each is tried in turn: first those that are asked for most.
    path("filings", filings.Filings.as_view()),
    path("filings/<str:filing>", filings.OneFiling.as_view()),
    path("filings/<str:filing>/declare", filings.Declare.as_view()),
    path("filings/<str:filing>/copy", filings.Copy.as_view()),
    path("filings/<str:filing>/timeline", filings.Timeline.as_view()),
    path("filings/<str:filing>/receipts", filings.FilingReceipts.as_view()),
    path("filings/<str:filing>/transmitted", filings.Transmitted.as_view()),
    path("filings/<str:filing>/attachments", filings.Attachments.as_view()),
    path("filings/<str:filing>/attachments/<int:n>", filings.OneAttachment.as_view()),
    path("filings/<str:filing>/record-form.pdf", printing.RecordForm.as_view()),
    path("sessions", people.Sessions.as_view()),
    path("sessions/challenge", people.Challenge.as_view()),
    path("sessions/current", people.CurrentSession.as_view()),
    path("accounts", people.Accounts.as_view()),
    path("forms", forms.Forms.as_view()),
    path("forms/<str:kind>", forms.Form.as_view()),
    path("forms/<str:kind>/state", forms.FormState.as_view()),
    path("enterprise", enquiries.Enterprise.as_view()),
    path("enterprise/backfill-requirement", business.BackfillRequirement.as_view()),
    path("enterprise/backfill", business.Backfill.as_view()),
    path("mandates", business.Mandates.as_view()),
    path("mandates/<str:mandate>", business.OneMandate.as_view()),
    path("enterprise/certificate.pdf", printing.Certificate.as_view()),
    path("seal-certificates", seals.SealCertificates.as_view()),
    path("seal-certificates/<int:n>/download", seals.Download.as_view()),
    path("cards", cards.Cards.as_view()),
    path("cards/<int:n>/cancel", cards.Cancel.as_view()),
    path("cards/<int:n>/change-pin", cards.ChangePin.as_view()),
    path("enquiries/overview", enquiries.Overview.as_view()),
    path("enquiries/filings", enquiries.FilingEnquiry.as_view()),
    path("receipts", enquiries.Mailbox.as_view()),
    path("receipts/<str:receipt>/acknowledge", enquiries.Acknowledge.as_view()),
    path("annual-reports", annual.AnnualReports.as_view()),
    path("annual-reports/eligibility", annual.Eligibility.as_view()),
    path("annual-reports/form", annual.AnnualForm.as_view()),
    path("annual-reports/<str:year>/supplement", annual.Supplement.as_view()),
    path("publicity/<str:uscc>", annual.Publicity.as_view()),
    path("client-control", client_control.ClientControl.as_view()),
    path("client-control/<str:action>", client_control.ClientControlDeed.as_view()),
    path("tickets", help.Tickets.as_view()),
    path("tickets/<str:ticket>", help.OneTicket.as_view()),
    path("codes", help.Codes.as_view()),
    path("codes/<str:table>", help.CodeTable.as_view()),
    path("faq", help.Faq.as_view()),
    path("faq/<str:entry>", help.FaqEntry.as_view()),
    path("version", help.Version.as_view()),
]

TAGS = {
    "sessions": "登录",
    "forms": "表单",
    "filings": "申请单",
    "enquiries": "查询",
    "documents": "打印",
    "mandates": "代理",
    "backfill": "补录",
    "cards": "入网",
    "seal_certificates": "电子签章证书",
    "annual_reports": "海关年报",
    "client_control": "客户端控件",
    "tickets": "联系",
    "codes": "代码表",
    "faq": "常见问题",
    "system": "系统",
}

OPEN = frozenset(
    {"/sessions", "/sessions/challenge", "/accounts", "/codes", "/codes/{table}", "/faq", "/faq/{entry}", "/version"}
)


class _Operations:
    urlpatterns = operations


urlpatterns = [
    *operations,
    path(
        "schema",
        Document.as_view(
            name="Qualification Simulator",
            title=TITLE,
            description=DESCRIPTION,
            tags=TAGS,
            prefix="/api/v1",
            urlconf=_Operations,
            open_paths=OPEN,
        ),
        name="api-schema",
    ),
    path("docs", Page.as_view(title=TITLE, document="api-schema"), name="api-docs"),
]
