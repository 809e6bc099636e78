# Made by tools/generate.py out of _async: not to be edited.
"""The business plane, /api/v1: one method for each operation, in the document's own words.

Made by tools/generate.py out of the OpenAPI documents: not to be edited.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, overload

from swsim._sync.line import Headers, Line, Upload
from swsim.spelling import quoted

if TYPE_CHECKING:  # it takes its time, and is asked for by its words alone
    from swsim import models

__tracebackhide__ = True


class BusinessPlane:
    """企业资质模拟系统 · 业务接口.

    A body is a dictionary; members that are not known are refused by the simulator, each by its name. `headers` are
    sent besides: `X-Sim-Fault` and the like. Refusals are raised as `Problem`.
    """

    def __init__(self, line: Line) -> None:
        self._line = line

    def every(self, page: Mapping[str, Any]) -> list[Any]:
        """All rows of a list, beginning with those of a page of it that was answered: `every(list_cards())`."""
        return self._line.rest(page)

    def register_account(
        self, body: models.Register, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.Account:
        """注册单一窗口账户（FAQ 2.3）。

        POST /accounts
        """
        answer: models.Account = self._line.json(
            "POST", "/accounts", body=body, headers={"Idempotency-Key": idempotency_key}, more=headers
        )
        return answer

    def list_annual_reports(
        self, *, cursor: str | None = None, limit: int | None = None, headers: Headers = None
    ) -> models.AnnualReportPage:
        """已报送的年报，新的在前。

        GET /annual-reports
        """
        answer: models.AnnualReportPage = self._line.json(
            "GET", "/annual-reports", query={"cursor": cursor, "limit": limit}, more=headers
        )
        return answer

    def submit_annual_report(
        self, body: models.NewAnnualReport, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.AnnualReport:
        """年报申报（FAQ 2.11、2.12）。

        POST /annual-reports
        """
        answer: models.AnnualReport = self._line.json(
            "POST", "/annual-reports", body=body, headers={"Idempotency-Key": idempotency_key}, more=headers
        )
        return answer

    def supplement_annual_report(
        self,
        year: str,
        body: models.Supplement | None = None,
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.AnnualReport:
        """年报补录：重复提交与一次相同（FAQ 2.13）。

        POST /annual-reports/{year}/supplement
        """
        answer: models.AnnualReport = self._line.json(
            "POST",
            f"/annual-reports/{quoted(year)}/supplement",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    def annual_report_eligibility(self, *, year: int, headers: Headers = None) -> models.Eligibility:
        """是否需要报送：三项条件（FAQ 2.11）。

        GET /annual-reports/eligibility
        """
        answer: models.Eligibility = self._line.json(
            "GET", "/annual-reports/eligibility", query={"year": year}, more=headers
        )
        return answer

    def annual_report_form(self, *, year: int, headers: Headers = None) -> models.AnnualForm:
        """年报的填报内容，及其异常（FAQ 2.12）。

        GET /annual-reports/form
        """
        answer: models.AnnualForm = self._line.json("GET", "/annual-reports/form", query={"year": year}, more=headers)
        return answer

    def list_cards(
        self, *, cursor: str | None = None, limit: int | None = None, headers: Headers = None
    ) -> models.CardPage:
        """本企业的卡，新的在前。

        GET /cards
        """
        answer: models.CardPage = self._line.json(
            "GET", "/cards", query={"cursor": cursor, "limit": limit}, more=headers
        )
        return answer

    def apply_for_card(
        self, body: models.NewCard, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.EnterpriseCard:
        """新入网：申请法人卡、操作员卡或报关员卡；30 分钟后制发，默认密码 88888888（FAQ 2.14）。

        POST /cards
        """
        answer: models.EnterpriseCard = self._line.json(
            "POST", "/cards", body=body, headers={"Idempotency-Key": idempotency_key}, more=headers
        )
        return answer

    def cancel_card(
        self, n: int, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.EnterpriseCard:
        """注销一张卡，或撤回尚未制发的申请。

        POST /cards/{n}/cancel
        """
        answer: models.EnterpriseCard = self._line.json(
            "POST", f"/cards/{quoted(n)}/cancel", headers={"Idempotency-Key": idempotency_key}, more=headers
        )
        return answer

    def change_card_pin(
        self, n: int, body: models.NewPin, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.EnterpriseCard:
        """修改卡密码；连续输错 5 次原密码，卡被锁定。

        POST /cards/{n}/change-pin
        """
        answer: models.EnterpriseCard = self._line.json(
            "POST",
            f"/cards/{quoted(n)}/change-pin",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    def read_client_control(self, *, headers: Headers = None) -> models.ClientControl:
        """本账户的客户端控件（模拟，FAQ 2.8）。

        GET /client-control
        """
        answer: models.ClientControl = self._line.json("GET", "/client-control", more=headers)
        return answer

    def mend_client_control(
        self,
        action: Literal["install", "restart", "update"],
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.ClientControl:
        """安装、重启、更新客户端控件（FAQ 2.8）。

        POST /client-control/{action}
        """
        answer: models.ClientControl = self._line.json(
            "POST", f"/client-control/{quoted(action)}", headers={"Idempotency-Key": idempotency_key}, more=headers
        )
        return answer

    def list_code_tables(self, *, headers: Headers = None) -> models.CodeTables:
        """代码表一览。

        GET /codes
        """
        answer: models.CodeTables = self._line.json("GET", "/codes", more=headers)
        return answer

    def read_code_table(
        self,
        table: Literal[
            "categories",
            "countries",
            "cross_border_types",
            "currencies",
            "customs_offices",
            "declarant_actions",
            "divisions",
            "economic_types",
            "economic_zones",
            "id_types",
            "investment_methods",
            "organization_types",
            "parent_relations",
            "qualifications",
            "special_trade_zones",
        ],
        *,
        cursor: str | None = None,
        division: str | None = None,
        limit: int | None = None,
        parent: str | None = None,
        q: str | None = None,
        headers: Headers = None,
    ) -> models.CodeRows:
        """代码表：按代码前缀或名称查找（FAQ 1.2–1.4、2.2）。

        GET /codes/{table}
        """
        answer: models.CodeRows = self._line.json(
            "GET",
            f"/codes/{quoted(table)}",
            query={"cursor": cursor, "division": division, "limit": limit, "parent": parent, "q": q},
            more=headers,
        )
        return answer

    def enquire_filings(
        self,
        *,
        business_type: Literal["企业变更", "企业注册登记", "企业注销", "商务部变更"] | None = None,
        client_reference: str | None = None,
        cursor: str | None = None,
        kind: Literal["change", "deregistration", "mofcom_change", "registration"] | None = None,
        limit: int | None = None,
        since: str | None = None,
        status: Literal[
            "approved",
            "declared",
            "draft",
            "manual_review",
            "rejected",
            "sent",
            "stored",
            "审批不通过",
            "审批通过",
            "已申报",
            "成功发往海关",
            "暂存",
            "海关入库成功",
            "转人工审核",
        ]
        | None = None,
        until: str | None = None,
        headers: Headers = None,
    ) -> models.OverviewPage:
        """申请单查询：按申请业务类型（FAQ 1.9）。

        GET /enquiries/filings
        """
        answer: models.OverviewPage = self._line.json(
            "GET",
            "/enquiries/filings",
            query={
                "business_type": business_type,
                "client_reference": client_reference,
                "cursor": cursor,
                "kind": kind,
                "limit": limit,
                "since": since,
                "status": status,
                "until": until,
            },
            more=headers,
        )
        return answer

    def overview(
        self,
        *,
        client_reference: str | None = None,
        cursor: str | None = None,
        kind: Literal["change", "deregistration", "mofcom_change", "registration"] | None = None,
        limit: int | None = None,
        since: str | None = None,
        status: Literal[
            "approved",
            "declared",
            "draft",
            "manual_review",
            "rejected",
            "sent",
            "stored",
            "审批不通过",
            "审批通过",
            "已申报",
            "成功发往海关",
            "暂存",
            "海关入库成功",
            "转人工审核",
        ]
        | None = None,
        until: str | None = None,
        headers: Headers = None,
    ) -> models.OverviewPage:
        """综合查询：各类申请的状态（FAQ 2.5）。

        GET /enquiries/overview
        """
        answer: models.OverviewPage = self._line.json(
            "GET",
            "/enquiries/overview",
            query={
                "client_reference": client_reference,
                "cursor": cursor,
                "kind": kind,
                "limit": limit,
                "since": since,
                "status": status,
                "until": until,
            },
            more=headers,
        )
        return answer

    def read_enterprise(self, *, headers: Headers = None) -> models.Enterprise:
        """基本信息查询：单一窗口的记录（FAQ 2.1、2.4）。

        GET /enterprise
        """
        answer: models.Enterprise = self._line.json("GET", "/enterprise", more=headers)
        return answer

    def supply_backfill(
        self, body: models.NewBackfill | None = None, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.Backfill:
        """补录企业备案信息（FAQ 1.1）。

        POST /enterprise/backfill
        """
        answer: models.Backfill = self._line.json(
            "POST", "/enterprise/backfill", body=body, headers={"Idempotency-Key": idempotency_key}, more=headers
        )
        return answer

    def backfill_requirement(self, *, headers: Headers = None) -> models.BackfillRequirement:
        """是否需要补录企业备案信息（FAQ 1.1）。

        GET /enterprise/backfill-requirement
        """
        answer: models.BackfillRequirement = self._line.json("GET", "/enterprise/backfill-requirement", more=headers)
        return answer

    def print_certificate(
        self, *, disposition: Literal["attachment", "inline"] | None = None, headers: Headers = None
    ) -> bytes:
        """《报关单位备案证明》（FAQ 1.10、2.18）。

        GET /enterprise/certificate.pdf
        """
        return self._line.bytes("GET", "/enterprise/certificate.pdf", query={"disposition": disposition}, more=headers)

    def list_faq(self, *, headers: Headers = None) -> models.FaqEntries:
        """三十条常见问题。

        GET /faq
        """
        answer: models.FaqEntries = self._line.json("GET", "/faq", more=headers)
        return answer

    def read_faq(
        self,
        entry: Literal[
            "1.1",
            "1.10",
            "1.2",
            "1.3",
            "1.4",
            "1.5",
            "1.6",
            "1.7",
            "1.8",
            "1.9",
            "2.1",
            "2.10",
            "2.11",
            "2.12",
            "2.13",
            "2.14",
            "2.15",
            "2.16",
            "2.17",
            "2.18",
            "2.19",
            "2.2",
            "2.20",
            "2.3",
            "2.4",
            "2.5",
            "2.6",
            "2.7",
            "2.8",
            "2.9",
        ],
        *,
        headers: Headers = None,
    ) -> models.FaqEntry:
        """一条常见问题。

        GET /faq/{entry}
        """
        answer: models.FaqEntry = self._line.json("GET", f"/faq/{quoted(entry)}", more=headers)
        return answer

    def list_filings(
        self,
        *,
        client_reference: str | None = None,
        cursor: str | None = None,
        kind: Literal["change", "deregistration", "mofcom_change", "registration"] | None = None,
        limit: int | None = None,
        since: str | None = None,
        status: Literal[
            "approved",
            "declared",
            "draft",
            "manual_review",
            "rejected",
            "sent",
            "stored",
            "审批不通过",
            "审批通过",
            "已申报",
            "成功发往海关",
            "暂存",
            "海关入库成功",
            "转人工审核",
        ]
        | None = None,
        until: str | None = None,
        headers: Headers = None,
    ) -> models.FilingPage:
        """申请单列表，新的在前。

        GET /filings
        """
        answer: models.FilingPage = self._line.json(
            "GET",
            "/filings",
            query={
                "client_reference": client_reference,
                "cursor": cursor,
                "kind": kind,
                "limit": limit,
                "since": since,
                "status": status,
                "until": until,
            },
            more=headers,
        )
        return answer

    def create_filing(
        self, body: models.NewFiling, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.Filing:
        """新增申请单（暂存）。

        POST /filings
        """
        answer: models.Filing = self._line.json(
            "POST", "/filings", body=body, headers={"Idempotency-Key": idempotency_key}, more=headers
        )
        return answer

    @overload
    def read_filing(self, filing: str, *, if_none_match: None = None, headers: Headers = None) -> models.Filing: ...
    @overload
    def read_filing(self, filing: str, *, if_none_match: str, headers: Headers = None) -> models.Filing | None: ...
    def read_filing(
        self, filing: str, *, if_none_match: str | None = None, headers: Headers = None
    ) -> models.Filing | None:
        """读取申请单。

        GET /filings/{filing}
        """
        answer: models.Filing | None = self._line.json(
            "GET", f"/filings/{quoted(filing)}", headers={"If-None-Match": if_none_match}, more=headers
        )
        return answer

    def save_filing(
        self, filing: str, body: models.Patch, *, if_match: str | None = None, headers: Headers = None
    ) -> models.Filing:
        """暂存：合并补丁（RFC 7396）。

        PATCH /filings/{filing}
        """
        answer: models.Filing = self._line.json(
            "PATCH", f"/filings/{quoted(filing)}", body=body, headers={"If-Match": if_match}, more=headers
        )
        return answer

    def delete_filing(self, filing: str, *, if_match: str | None = None, headers: Headers = None) -> None:
        """删除草稿。

        DELETE /filings/{filing}
        """
        self._line.nothing("DELETE", f"/filings/{quoted(filing)}", headers={"If-Match": if_match}, more=headers)

    def list_attachments(self, filing: str, *, headers: Headers = None) -> models.Attachments:
        """附件列表。

        GET /filings/{filing}/attachments
        """
        answer: models.Attachments = self._line.json("GET", f"/filings/{quoted(filing)}/attachments", more=headers)
        return answer

    def attach(
        self,
        filing: str,
        *,
        file: Upload,
        type: Literal["record_form", "licence", "other"] = "other",
        if_match: str | None = None,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.Attachment:
        """上传附件：pdf、jpg、png，不超过 10 MB。

        POST /filings/{filing}/attachments
        """
        answer: models.Attachment = self._line.json(
            "POST",
            f"/filings/{quoted(filing)}/attachments",
            files={"file": file},
            form={"type": type},
            headers={"If-Match": if_match, "Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    def download_attachment(self, filing: str, n: int, *, headers: Headers = None) -> bytes:
        """下载附件。

        GET /filings/{filing}/attachments/{n}
        """
        return self._line.bytes("GET", f"/filings/{quoted(filing)}/attachments/{quoted(n)}", more=headers)

    def detach(self, filing: str, n: int, *, if_match: str | None = None, headers: Headers = None) -> None:
        """删除附件。

        DELETE /filings/{filing}/attachments/{n}
        """
        self._line.nothing(
            "DELETE", f"/filings/{quoted(filing)}/attachments/{quoted(n)}", headers={"If-Match": if_match}, more=headers
        )

    def copy_filing(self, filing: str, *, idempotency_key: str | None = None, headers: Headers = None) -> models.Filing:
        """复制为新申请。

        POST /filings/{filing}/copy
        """
        answer: models.Filing = self._line.json(
            "POST", f"/filings/{quoted(filing)}/copy", headers={"Idempotency-Key": idempotency_key}, more=headers
        )
        return answer

    def declare_filing(
        self,
        filing: str,
        *,
        if_match: str | None = None,
        x_sim_scenario: str | None = None,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.Filing:
        """申报。

        POST /filings/{filing}/declare
        """
        answer: models.Filing = self._line.json(
            "POST",
            f"/filings/{quoted(filing)}/declare",
            headers={"If-Match": if_match, "X-Sim-Scenario": x_sim_scenario, "Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    def filing_receipts(
        self, filing: str, *, cursor: str | None = None, limit: int | None = None, headers: Headers = None
    ) -> models.ReceiptPage:
        """回执：变更、注销申请须卡介质登录查看（FAQ 2.6）。

        GET /filings/{filing}/receipts
        """
        answer: models.ReceiptPage = self._line.json(
            "GET", f"/filings/{quoted(filing)}/receipts", query={"cursor": cursor, "limit": limit}, more=headers
        )
        return answer

    def print_record_form(
        self, filing: str, *, disposition: Literal["attachment", "inline"] | None = None, headers: Headers = None
    ) -> bytes:
        """《报关单位备案信息表》（FAQ 2.7、2.17）。

        GET /filings/{filing}/record-form.pdf
        """
        return self._line.bytes(
            "GET", f"/filings/{quoted(filing)}/record-form.pdf", query={"disposition": disposition}, more=headers
        )

    def filing_timeline(self, filing: str, *, headers: Headers = None) -> models.Timeline:
        """状态变化。

        GET /filings/{filing}/timeline
        """
        answer: models.Timeline = self._line.json("GET", f"/filings/{quoted(filing)}/timeline", more=headers)
        return answer

    def filing_transmitted(self, filing: str, *, headers: Headers = None) -> models.Transmitted:
        """发往海关的电子数据及其 SHA-256。

        GET /filings/{filing}/transmitted
        """
        answer: models.Transmitted = self._line.json("GET", f"/filings/{quoted(filing)}/transmitted", more=headers)
        return answer

    def list_forms(self, *, headers: Headers = None) -> models.Forms:
        """表单一览。

        GET /forms
        """
        answer: models.Forms = self._line.json("GET", "/forms", more=headers)
        return answer

    def read_form(
        self, kind: Literal["change", "deregistration", "mofcom_change", "registration"], *, headers: Headers = None
    ) -> models.Form:
        """表单的分组与字段。

        GET /forms/{kind}
        """
        answer: models.Form = self._line.json("GET", f"/forms/{quoted(kind)}", more=headers)
        return answer

    def form_state(
        self,
        kind: Literal["change", "deregistration", "mofcom_change", "registration"],
        body: models.Filling,
        *,
        idempotency_key: str | None = None,
        headers: Headers = None,
    ) -> models.FormState:
        """填写中的表单：每个字段的底色、默认值、推荐值与原因。

        POST /forms/{kind}/state
        """
        answer: models.FormState = self._line.json(
            "POST",
            f"/forms/{quoted(kind)}/state",
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    def list_mandates(
        self, *, cursor: str | None = None, limit: int | None = None, headers: Headers = None
    ) -> models.MandatePage:
        """代理授权：本企业给出的和取得的，新的在前。

        GET /mandates
        """
        answer: models.MandatePage = self._line.json(
            "GET", "/mandates", query={"cursor": cursor, "limit": limit}, more=headers
        )
        return answer

    def give_mandate(
        self, body: models.NewMandate, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.Mandate:
        """授权另一企业代理本企业申报（FAQ 1.7）。

        POST /mandates
        """
        answer: models.Mandate = self._line.json(
            "POST", "/mandates", body=body, headers={"Idempotency-Key": idempotency_key}, more=headers
        )
        return answer

    def revoke_mandate(self, mandate: str, *, headers: Headers = None) -> None:
        """撤销代理授权；已申报的继续办理。

        DELETE /mandates/{mandate}
        """
        self._line.nothing("DELETE", f"/mandates/{quoted(mandate)}", more=headers)

    def read_publicity(self, uscc: str, *, headers: Headers = None) -> models.Publicised:
        """中国海关企业进出口信用信息公示平台（模拟）：报关有效期（FAQ 2.4）、各年度年报情况（FAQ 2.13），任何登录用户都可以查询。

        GET /publicity/{uscc}
        """
        answer: models.Publicised = self._line.json("GET", f"/publicity/{quoted(uscc)}", more=headers)
        return answer

    def mailbox(
        self, *, after: str | None = None, cursor: str | None = None, limit: int | None = None, headers: Headers = None
    ) -> models.ReceiptPage:
        """回执信箱：按先后，未确认的一再给出。

        GET /receipts
        """
        answer: models.ReceiptPage = self._line.json(
            "GET", "/receipts", query={"after": after, "cursor": cursor, "limit": limit}, more=headers
        )
        return answer

    def acknowledge_receipt(
        self, receipt: str, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.Receipt:
        """确认回执。

        POST /receipts/{receipt}/acknowledge
        """
        answer: models.Receipt = self._line.json(
            "POST",
            f"/receipts/{quoted(receipt)}/acknowledge",
            headers={"Idempotency-Key": idempotency_key},
            more=headers,
        )
        return answer

    def list_seal_certificates(
        self, *, cursor: str | None = None, limit: int | None = None, headers: Headers = None
    ) -> models.SealCertificatePage:
        """本企业的电子签章证书，新的在前。

        GET /seal-certificates
        """
        answer: models.SealCertificatePage = self._line.json(
            "GET", "/seal-certificates", query={"cursor": cursor, "limit": limit}, more=headers
        )
        return answer

    def issue_seal_certificate(
        self, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.SealCertificate:
        """申请最新证书：每账户每一小时一次，按沙箱时钟；未满一小时 429，Retry-After 为沙箱时钟的秒数，retry_at 为沙箱时钟的时刻（FAQ 1.6）。

        POST /seal-certificates
        """
        answer: models.SealCertificate = self._line.json(
            "POST", "/seal-certificates", headers={"Idempotency-Key": idempotency_key}, more=headers
        )
        return answer

    def download_seal_certificate(
        self, n: int, *, format: Literal["p12", "pem"] | None = None, headers: Headers = None
    ) -> bytes:
        """下载证书：pem 为证书及签发机构证书；p12 另含私钥，密码见 p12_password。

        GET /seal-certificates/{n}/download
        """
        return self._line.bytes(
            "GET", f"/seal-certificates/{quoted(n)}/download", query={"format": format}, more=headers
        )

    def log_in(self, body: models.LogIn, *, headers: Headers = None) -> models.LoggedIn:
        """登录。

        POST /sessions
        """
        answer: models.LoggedIn = self._line.json("POST", "/sessions", body=body, more=headers)
        return answer

    def challenge_card(self, body: models.ChallengeWanted, *, headers: Headers = None) -> models.Challenge:
        """取随机数，供卡签名登录。

        POST /sessions/challenge
        """
        answer: models.Challenge = self._line.json("POST", "/sessions/challenge", body=body, more=headers)
        return answer

    def who_am_i(self, *, headers: Headers = None) -> models.Who:
        """当前登录。

        GET /sessions/current
        """
        answer: models.Who = self._line.json("GET", "/sessions/current", more=headers)
        return answer

    def log_out(self, *, headers: Headers = None) -> None:
        """退出。

        DELETE /sessions/current
        """
        self._line.nothing("DELETE", "/sessions/current", more=headers)

    def list_tickets(
        self, *, cursor: str | None = None, limit: int | None = None, headers: Headers = None
    ) -> models.TicketPage:
        """联系记录，新的在前。

        GET /tickets
        """
        answer: models.TicketPage = self._line.json(
            "GET", "/tickets", query={"cursor": cursor, "limit": limit}, more=headers
        )
        return answer

    def contact_desk(
        self, body: models.Contact, *, idempotency_key: str | None = None, headers: Headers = None
    ) -> models.Ticket:
        """联系单一窗口客服、海关或商务部门；深圳海关企业管理和稽查处有联系时间（FAQ 2.12）。

        POST /tickets
        """
        answer: models.Ticket = self._line.json(
            "POST", "/tickets", body=body, headers={"Idempotency-Key": idempotency_key}, more=headers
        )
        return answer

    def read_ticket(self, ticket: str, *, headers: Headers = None) -> models.Ticket:
        """联系记录。

        GET /tickets/{ticket}
        """
        answer: models.Ticket = self._line.json("GET", f"/tickets/{quoted(ticket)}", more=headers)
        return answer

    def version(self, *, headers: Headers = None) -> models.Version:
        """系统、接口约定、规则的版本，以及将要取消的。

        GET /version
        """
        answer: models.Version = self._line.json("GET", "/version", more=headers)
        return answer
