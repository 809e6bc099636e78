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
    picking,
    practising,
    printing,
    seals,
    sheets,
    trainer,
)


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

urlpatterns = [
    path("", asking.home, name="home"),
    path("login", accounts.login, name="login"),
    path("logout", accounts.logout, name="logout"),
    path("register", accounts.register, name="register"),
    path("filings/new", sheets.new, name="filing_new"),
    path("filings/state", sheets.state, name="filing_state"),
    path("filings/<filing:filing>", sheets.one, name="filing"),
    path("filings/<filing:filing>/delete", sheets.delete, name="filing_delete"),
    path("filings/<filing:filing>/copy", sheets.copy, name="filing_copy"),
    path("filings/<filing:filing>/receipts", asking.receipts, name="receipts"),
    path("filings/<filing:filing>/print", printing.record_form, name="filing_print"),
    path("filings/<filing:filing>/record-form.pdf", printing.record_form_pdf, name="record_form_pdf"),
    path("filings/<filing:filing>/attachments/<int:n>", sheets.attachment, name="attachment"),
    path("codes/<slug:table>", picking.table, name="codes"),
    path("enquiries/overview", asking.overview, name="overview"),
    path("enquiries/filings", asking.filings, name="filings"),
    path("enterprise", asking.enterprise, name="enterprise"),
    path("enterprise/certificate", printing.certificate, name="certificate"),
    path("enterprise/certificate.pdf", printing.certificate_pdf, name="certificate_pdf"),
    path("verify/documents/<str:code>", printing.document, name="document"),
    path("annual-reports", annual.reports, name="annual_reports"),
    path("annual-reports/state", annual.state, name="annual_state"),
    path("annual-reports/supplement", annual.supplement, name="annual_supplement"),
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
    path("faq", help.entries, name="faq"),
    path("faq/<str:entry>", help.entry, name="faq_entry"),
    path("fidelity", help.fidelity, name="fidelity"),
    path("fidelity.json", help.fidelity_json, name="fidelity_json"),
    path("machine", help.machine, name="machine"),
    # ── the customs queue and the trainer's pages go below this line ──
    *(
        [
            path("faq/<str:entry>/try", practising.begin, name="faq_try"),
            path("practice", practising.go_on, name="practice"),
            path("first-steps", first_steps.languages, name="first_steps"),
            path("first-steps/<str:file>", first_steps.sample, name="first_steps_file"),
            path("customs/", customs_queue.queue, name="customs"),
            path("customs/<slug:sandbox>/<filing:filing>", customs_queue.one, name="customs_filing"),
            path(
                "customs/<slug:sandbox>/<filing:filing>/attachments/<int:n>", customs_queue.attachment, name="customs_attachment"
            ),
            path("trainer/", trainer.sandboxes, name="trainer"),
            path("trainer/login", backstage.login, name="trainer_login"),
            path("trainer/logout", backstage.logout, name="trainer_logout"),
            path("trainer/sandboxes/<slug:sandbox>", trainer.one_sandbox, name="trainer_sandbox"),
            path("trainer/sandboxes/<slug:sandbox>/reset", trainer.reset, name="trainer_reset"),
            path("trainer/sandboxes/<slug:sandbox>/delete", trainer.erase, name="trainer_delete"),
            path("trainer/sandboxes/<slug:sandbox>/filings/<filing:filing>", trainer.one_filing, name="trainer_filing"),
        ]
        if settings.SIM_CONTROL_PLANE
        else []
    ),
]
