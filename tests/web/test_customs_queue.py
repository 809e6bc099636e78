"""海关审核台: a person sends, stores, routes and decides; what customs says to itself stays there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from filings import desk
from filings.lab.worlds import cast, clock, worlds
from filings.models import Filing, Receipt, Sandbox, Visit
from filings.rules.words import Status
from tests.factories import AccountFactory, EnterpriseFactory, FilingFactory, SandboxFactory, at_work, pdf, visit_of
from tests.states import CUSTOMS, STEPS
from tests.web.pages import Page, words

pytestmark = pytest.mark.django_db

CANARY = "内部金丝雀：请核查实际控制人"
PUBLIC = "可告知的话：住所与执照不符"


def address(filing: Filing) -> str:
    return f"/customs/{filing.sandbox.key}/{filing.public_id}"


def at(filing: Filing) -> Filing:
    """The filing as it stands now."""
    return desk.find(at_work("customs", visit_of(filing.account)), filing.public_id)


def act(client: Client, filing: Filing, verb: str, **words: Any) -> Any:
    """Press a button of the page as it was drawn for this filing."""
    return client.post(address(filing), {"do": verb, "version": filing.version, **words})


def buttons(page: Page) -> set[str]:
    """What may be done."""
    return {button["value"] for button in page.all('button[name="do"]')}


@pytest.fixture
def filed(sandbox: Sandbox) -> Callable[..., Filing]:
    """A filing of a new enterprise in this sandbox, in a status."""

    def make(status: str = "declared", **more: Any) -> Filing:
        account = AccountFactory(enterprise=EnterpriseFactory(sandbox=sandbox))
        account.sandbox = sandbox
        return FilingFactory(visit=visit_of(account), status=status, **more)

    return make


# ── the queue ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_queue_has_every_filing_and_one_status_if_asked(
    client: Client, sandbox: Sandbox, filed: Callable[..., Filing]
) -> None:
    filings = {status: filed(status) for status in Status.values}
    page = client.get("/customs/", {"sandbox": sandbox.key})
    assert page.status_code == 200
    for filing in filings.values():
        assert filing.number in words(page)
        assert filing.enterprise.name_cn in words(page)
    only = client.get("/customs/", {"sandbox": sandbox.key, "status": "sent"})
    assert filings["sent"].number in words(only)
    assert filings["stored"].number not in words(only)
    assert client.get("/customs/", {"sandbox": sandbox.key, "status": "lost"}).status_code == 200


def test_the_queue_tells_age_answer_and_what_comes(
    client: Client, sandbox: Sandbox, filed: Callable[..., Filing]
) -> None:
    filed(scenario="slow; days=3")
    clock.advance(sandbox, until="next_event")
    clock.advance(sandbox, by=timedelta(minutes=7))
    told = words(client.get("/customs/", {"sandbox": sandbox.key}))
    assert "审批缓慢（审批天数：3）" in told
    assert "海关入库 12-01 09:10" in told
    assert "7 分钟" in told


def test_the_queue_opens_on_the_demo(client: Client) -> None:
    worlds.create(key="demo", name="演示沙箱")
    assert "演示沙箱" in words(client.get("/customs/"))


def test_many_filings_take_no_more_queries(
    client: Client, sandbox: Sandbox, filed: Callable[..., Filing], django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        filed(scenario="approve")
    client.get("/customs/", {"sandbox": sandbox.key})
    with django_assert_max_num_queries(12):
        page = Page(client.get("/customs/", {"sandbox": sandbox.key}))
    assert len(page.all("tbody tr")) == 5


@pytest.mark.parametrize("path", ["/customs/?sandbox=nowhere", "/customs/nowhere/F000001"])
def test_there_is_no_such_sandbox(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_filing_of_another_sandbox_is_not_here(
    client: Client, sandbox: Sandbox, filed: Callable[..., Filing]
) -> None:
    filing, other = filed(), SandboxFactory()
    assert client.get(f"/customs/{other.key}/{filing.public_id}").status_code == 404
    assert (
        client.post(f"/customs/{other.key}/{filing.public_id}", {"do": "send", "version": filing.version}).status_code
        == 404
    )
    assert at(filing).status == Status.DECLARED


# ── a filing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_customs_sees_the_whole_of_what_was_sent(client: Client, cardless: Visit) -> None:
    filing = FilingFactory(visit=cardless)
    desk.attach(cardless, filing.public_id, pdf)
    desk.perform(cardless, filing.public_id, "declare")
    filing = at(filing)
    told = words(client.get(address(filing)))
    assert hashlib.sha256(filing.transmitted.encode()).hexdigest() in told
    for value in (
        cast.REFERENCE["name_en"],
        "5355 福中海关",
        "广东省 / 深圳市 / 福田区",
        "110101189001010016",
        "备案信息表.pdf",
        "申请人 cardless",
    ):
        assert value in told
    answer = client.get(f"{address(filing)}/attachments/1")
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"].startswith("attachment")
    assert client.get(f"{address(filing)}/attachments/2").status_code == 404


def test_a_draft_is_not_handled(client: Client, draft: Filing) -> None:
    page = Page(client.get(address(draft)))
    assert "申请人尚未申报" in page
    assert buttons(page) == {"by_hand"}


ALLOWED = {status: {*CUSTOMS.may("platform", status), *CUSTOMS.may("customs", status)} for status in CUSTOMS.states[1:]}


@pytest.mark.parametrize("status", ALLOWED)
def test_there_are_buttons_for_what_is_allowed_and_no_others(
    client: Client, filed: Callable[..., Filing], status: str
) -> None:
    assert buttons(Page(client.get(address(filed(status))))) - {"hold", "by_hand"} == ALLOWED[status]


@pytest.mark.parametrize(
    ("status", "verb"), [(status, verb) for status, verbs in ALLOWED.items() for verb in sorted(verbs)]
)
def test_a_button_takes_the_step_and_the_trail_says_a_person_did(
    client: Client, filed: Callable[..., Filing], status: str, verb: str
) -> None:
    filing = filed(status)
    answer = act(client, filing, verb, reason_code="other")
    assert answer.status_code == 303
    assert at(filing).status == CUSTOMS.legal[status, verb]
    page = Page(client.get(answer["Location"]))
    assert page.has(".said")
    assert "人工操作" in page
    assert not Page(client.get(answer["Location"])).has(".said")


@pytest.mark.parametrize("status", ALLOWED)
def test_no_other_step_is_taken(client: Client, filed: Callable[..., Filing], status: str) -> None:
    filing = filed(status)
    for verb in {*STEPS[1:]} - ALLOWED[status]:
        answer = act(client, filing, verb, reason_code="other", internal_comment=CANARY if verb == "reject" else "")
        assert answer.status_code == 409
        assert Status(status).label in words(answer)
        assert (CANARY in words(answer)) is (verb == "reject")
    assert at(filing).status == status
    assert client.post(address(filing), {"do": "declare"}).status_code == 404


def test_what_was_overtaken_is_told_and_nothing_typed_is_lost(client: Client, filed: Callable[..., Filing]) -> None:
    filing = filed("stored")
    act(client, filing, "route_manual")
    answer = act(client, filing, "reject", reason_code="name_mismatch", public_comment=PUBLIC, internal_comment=CANARY)
    assert answer.status_code == 412
    assert "现在是“转人工审核”" in words(answer)
    page = Page(answer)
    assert page.value("public_comment") == PUBLIC
    assert page.value("internal_comment") == CANARY
    assert page.has('option[value="name_mismatch"][selected]')
    assert at(filing).status == Status.MANUAL_REVIEW
    again = client.post(
        address(filing),
        {"do": "reject", "version": page.value("version"), "reason_code": "name_mismatch", "public_comment": PUBLIC},
    )
    assert again.status_code == 303
    assert at(filing).status == Status.REJECTED


def test_a_refused_act_is_in_the_trail(client: Client, filed: Callable[..., Filing]) -> None:
    filing = filed("declared")
    act(client, filing, "approve")
    assert "被拒绝" in words(client.get(address(filing)))


def test_a_rejection_needs_a_reason_of_the_catalogue_and_has_its_words(
    client: Client, filed: Callable[..., Filing]
) -> None:
    filing = filed("stored")
    for given in ({}, {"reason_code": ""}, {"reason_code": "whim"}):
        assert act(client, filing, "reject", **given).status_code == 422
    for name in ("public_comment", "internal_comment"):
        answer = act(client, filing, "reject", reason_code="other", **{name: "长" * 501})
        assert answer.status_code == 422
        assert "最多 500 个字" in words(answer)
    assert at(filing).status == Status.STORED
    act(client, filing, "reject", reason_code="address_mismatch")
    receipt = Receipt.objects.get(filing=filing, status="rejected")
    assert receipt.reason == "工商注册地址与营业执照登记的住所不一致"
    assert receipt.internal == "比对市场监管登记信息，住所不符"


def test_hold_release_and_by_hand(client: Client, sandbox: Sandbox, filed: Callable[..., Filing]) -> None:
    filing = filed(scenario="approve")
    act(client, filing, "hold")
    assert at(filing).held
    clock.advance(sandbox, until="idle")
    assert at(filing).status == Status.DECLARED
    assert "已挂起" in words(client.get(address(filing)))
    act(client, filing, "release")
    clock.advance(sandbox, until="next_event")
    assert at(filing).status == Status.SENT
    act(client, at(filing), "by_hand")
    clock.advance(sandbox, until="idle")
    assert at(filing).status == Status.SENT
    assert at(filing).scenario == "by_hand"


def test_what_is_due_happens_before_the_clerk_looks(
    client: Client, filed: Callable[..., Filing], sandbox: Sandbox
) -> None:
    filing = filed(scenario="approve")
    sandbox.set_clock(sandbox.now() + timedelta(minutes=11))
    assert "海关入库成功" in words(client.get(address(filing)))


# ── FAQ 2.6 ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.faq("2.6")
def test_reasons_stay_off_the_applicants_pages(client: Client, sandbox: Sandbox, cardless: Visit) -> None:
    filing = FilingFactory(visit=cardless, status="manual_review")
    act(client, filing, "reject", reason_code="address_mismatch", public_comment=PUBLIC, internal_comment=CANARY)
    at_customs = words(client.get(address(filing)))
    assert PUBLIC in at_customs
    assert CANARY in at_customs

    applicant = Client()
    applicant.post("/login", {"sandbox": sandbox.key, "username": "cardless", "password": cast.PASSWORD})
    own = f"/filings/{filing.public_id}"
    pages = ["/", own, f"{own}/print", "/enquiries/overview", "/enquiries/filings", "/enterprise", "/tickets"]

    def read() -> dict[str, str]:
        answers = {path: applicant.get(path) for path in pages}
        assert {answer.status_code for answer in answers.values()} == {200}
        return {path: answer.content.decode() for path, answer in answers.items()}

    assert "审批不通过" in read()[own]
    for page in read().values():
        assert PUBLIC not in page
        assert CANARY not in page
    applicant.post("/tickets", {"desk": "customs", "topic": "reason", "filing": filing.public_id})
    clock.advance(sandbox, until="idle")
    asked = read()
    assert PUBLIC in asked.pop("/tickets")
    assert not any(PUBLIC in page for page in asked.values())
    assert not any(CANARY in page for page in read().values())
