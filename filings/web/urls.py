"""The map of the web face."""

from django.conf import settings
from django.urls import path, register_converter

from filings.web import (
    accounts,
    annual,
    asking,
    backstage,
    business,
    cards,
    commerce,
    customs_queue,
    first_steps,
    help,
    market,
    own_demo,
    papers,
    picking,
    practising,
    printing,
    seals,
    sheets,
)
from filings.web.console import checkpoints, coverage, faults, filing, journal, overview, sandboxes, webhooks
from filings.web.listing import KINDS_OF_FILE


class FilingId:
    """A filing's public id."""

    regex = r"F\d{6,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class MandateId(FilingId):
    """A mandate's public id."""

    regex = r"M\d{6,9}"


register_converter(FilingId, "filing")
register_converter(MandateId, "mandate")

BOX = "console/sandboxes/<slug:sandbox>"

urlpatterns = [
    path("", asking.home, name="home"),
    path("login", accounts.login, name="login"),
    path("logout", accounts.logout, name="logout"),
    path("register", accounts.register, name="register"),
    path("filings/new", sheets.new, name="filing_new"),
    path("filings/state", sheets.state, name="filing_state"),
    path("filings/<filing:filing>", sheets.one_filing, name="filing"),
    path("filings/<filing:filing>/live", sheets.live, name="filing_live"),
    path("filings/<filing:filing>/delete", sheets.delete, name="filing_delete"),
    path("filings/<filing:filing>/copy", sheets.copy, name="filing_copy"),
    path("filings/<filing:filing>/receipts", asking.receipts, name="receipts"),
    path("filings/<filing:filing>/print", printing.record_form, name="filing_print"),
    path("filings/<filing:filing>/record-form.pdf", printing.record_form_pdf, name="record_form_pdf"),
    path("filings/<filing:filing>/attachments/<int:n>", sheets.attachment, name="attachment"),
    path("codes/<slug:table>", picking.table, name="codes"),
    path("enquiries/overview", asking.overview, name="overview"),
    path("enquiries/filings", asking.filings, name="filings"),
    *(
        path(f"enquiries/{name}.{kind}", view, {"kind": kind}, name=f"{name}_{kind}")
        for name, view in (("overview", asking.overview_file), ("filings", asking.filings_file))
        for kind in KINDS_OF_FILE
    ),
    path("enterprise", asking.enterprise, name="enterprise"),
    path("enterprise/certificate", printing.certificate, name="certificate"),
    path("enterprise/certificate.pdf", printing.certificate_pdf, name="certificate_pdf"),
    path("verify/documents/<str:code>", printing.document, name="document"),
    path("annual-reports", annual.reports, name="annual_reports"),
    path("annual-reports/state", annual.state, name="annual_state"),
    path("annual-reports/supplement", annual.supplement, name="annual_supplement"),
    path("market/", market.register, name="market"),
    path("market/<str:uscc>", market.enterprise, name="market_enterprise"),
    path("publicity", annual.publicity, name="publicity"),
    path("seal-certificates", seals.certificates, name="seal_certificates"),
    path("seal-certificates/<int:n>/download", seals.download, name="seal_certificate"),
    path("cards", cards.own, name="cards"),
    path("cards/<int:n>/cancel", cards.cancel, name="card_cancel"),
    path("cards/<int:n>/pin", cards.change_pin, name="card_pin"),
    path("enterprise/backfill", business.backfill, name="backfill"),
    path("mandates", business.mandates, name="mandates"),
    path("mandates/<mandate:mandate>/revoke", business.revoke, name="mandate_revoke"),
    path("client-control", commerce.control, name="client_control"),
    path("commerce", commerce.platform, name="commerce"),
    path("tickets", asking.tickets, name="tickets"),
    path("papers", papers.papers, name="papers"),
    path("papers.pdf", papers.papers_pdf, name="papers_pdf"),
    path("faq", help.entries, name="faq"),
    path("faq/<str:entry>", help.entry, name="faq_entry"),
    path("faq/<str:entry>/try", practising.begin, name="faq_try"),
    path("practice", practising.go_on, name="practice"),
    path("fidelity", help.fidelity, name="fidelity"),
    path("fidelity.json", help.fidelity_json, name="fidelity_json"),
    path("machine", help.machine, name="machine"),
    # ── behind the counter ──
    *(
        [
            path("demo", own_demo.begin, name="own_demo"),
            path("first-steps", first_steps.languages, name="first_steps"),
            path("first-steps/<str:file>", first_steps.sample, name="first_steps_file"),
            path("customs/", customs_queue.queue, name="customs"),
            path("customs/<slug:sandbox>/<filing:filing>", customs_queue.one_filing, name="customs_filing"),
            path("customs/<slug:sandbox>/market/", market.register_at_customs, name="customs_market"),
            path(
                "customs/<slug:sandbox>/market/<str:uscc>",
                market.enterprise_at_customs,
                name="customs_market_enterprise",
            ),
            path(
                "customs/<slug:sandbox>/<filing:filing>/attachments/<int:n>",
                customs_queue.attachment,
                name="customs_attachment",
            ),
            path("console/", sandboxes.sandboxes, name="console"),
            path("console/import", sandboxes.sandboxes, name="console_import"),
            path("console/login", backstage.login, name="console_login"),
            path("console/logout", backstage.logout, name="console_logout"),
            path(BOX, overview.overview, name="console_sandbox"),
            path(f"{BOX}/reset", sandboxes.reset, name="console_reset"),
            path(f"{BOX}/delete", sandboxes.erase, name="console_delete"),
            path(f"{BOX}/filings/<filing:filing>", filing.one_filing, name="console_filing"),
            path(f"{BOX}/journal", journal.journal, name="console_journal"),
            path(f"{BOX}/journal/<int:n>", journal.exchange, name="console_exchange"),
            path(f"{BOX}/webhooks", webhooks.webhooks, name="console_webhooks"),
            path(f"{BOX}/faults", faults.in_force, name="console_faults"),
            path(f"{BOX}/coverage", coverage.coverage, name="console_coverage"),
            path(f"{BOX}/coverage.xml", coverage.junit, name="console_junit"),
            path(f"{BOX}/checkpoints", checkpoints.checkpoints, name="console_checkpoints"),
            path(f"{BOX}/export", checkpoints.export, name="console_export"),
        ]
        if settings.SIM_CONTROL_PLANE
        else []
    ),
]
