"""FAQ 2.7: a document printed from the single window is unclear.

问：单一窗口中打印文件不清晰该如何处理？
答：直接打印可能会导致不清晰的情况，请下载到本地电脑后再打印。
"""

from urllib.parse import unquote

import pytest

from filings.models import Event
from tests.api.client import PDF, Answer, World
from tests.printing.paper import text

pytestmark = pytest.mark.faq("2.7")


@pytest.fixture
def draft(world: World) -> str:
    return world.draft()


def paper(world: World, filing: str, disposition: str = "", role: str = "cardless") -> Answer:
    query = f"?disposition={disposition}" if disposition else ""
    return world.caller(role).get(f"/filings/{filing}/record-form.pdf{query}")


def blur(world: World, role: str = "cardless") -> None:
    world.control.post("/situation", {"situation": "print_blurred", "uscc": world.accounts[role]["uscc"]}).ok(200)


def test_directly_it_is_a_preview_and_downloaded_it_is_for_printing(draft: str, world: World) -> None:
    inline, download = paper(world, draft, "inline").ok(200), paper(world, draft, "attachment").ok(200)
    assert (inline.headers["Content-Disposition"], inline.headers["X-Document-Quality"]) == ("inline", "preview")
    assert download.headers["X-Document-Quality"] == "print"
    kind, _, name = download.headers["Content-Disposition"].partition("; filename*=UTF-8''")
    number = world.caller().get(f"/filings/{draft}")["number"]
    assert (kind, unquote(name)) == ("attachment", f"报关单位备案信息表_SIM-BAXXB-{number[3:]}.pdf")
    assert name.isascii()
    assert inline.headers["X-Document-Hash"] == download.headers["X-Document-Hash"]
    assert inline.headers["X-Document-Number"] == download.headers["X-Document-Number"]
    assert inline.body == download.body, "on a good day there is no difference"


def test_on_a_bad_day_direct_printing_is_unclear_and_the_download_is_not(draft: str, world: World) -> None:
    clear = paper(world, draft, "attachment")
    blur(world)
    inline, download = paper(world, draft, "inline"), paper(world, draft, "attachment")
    assert download.body == clear.body
    assert inline.body != clear.body
    assert text(inline.body) == text(clear.body), "unclear to the eye, the words are all there"
    assert inline.headers["X-Document-Hash"] == download.headers["X-Document-Hash"]


def test_it_is_unclear_for_the_enterprise_concerned_only(draft: str, world: World) -> None:
    before = paper(world, draft, "inline").body
    blur(world, "card")
    assert paper(world, draft, "inline").body == before
    mine = world.caller("card")
    inline, download = (mine.get(f"/enterprise/certificate.pdf?disposition={one}") for one in ("inline", "attachment"))
    assert inline.body != download.body


def test_preview_and_download_are_two_events(draft: str, world: World) -> None:
    for disposition in ("inline", "inline", "attachment"):
        paper(world, draft, disposition).ok(200)
    told = Event.objects.filter(sandbox__key=world.id, name__startswith="document.").order_by("seq")
    assert [event.name for event in told] == ["document.previewed", "document.previewed", "document.downloaded"]
    assert {event.subject for event in told} == {draft}
    assert {event.data["document"] for event in told} == {"record_form"}
    assert world.caller().get(f"/filings/{draft}")["version"] == 1, "printing changes nothing of the filing"


def test_unless_told_otherwise_it_is_printed_directly(draft: str, world: World) -> None:
    assert paper(world, draft).headers["Content-Disposition"] == "inline"
    paper(world, draft, "download").refused(400, "unknown_parameter")


def test_it_is_nobody_elses(draft: str, world: World, other_world: World) -> None:
    paper(world, draft, role="card").refused(404, "not_found")
    paper(world, draft, role="personal").refused(404, "not_found")
    paper(other_world, draft).refused(404, "not_found")
    paper(world, "F999999").refused(404, "not_found")
    assert not Event.objects.filter(name__startswith="document.").exists()


def test_the_agent_prints_what_it_files_for_another(world: World) -> None:
    body = {
        "kind": "registration",
        "filing_mode": "agent",
        "principal": world.accounts["cardless"]["uscc"],
        "content": world.sheet(),
    }
    filing = world.caller("agent").post("/filings", body).ok(201)["id"]
    assert paper(world, filing, role="agent").ok(200).body == paper(world, filing).ok(200).body


@pytest.mark.parametrize("status", ["draft", "declared", "sent", "stored", "manual_review", "approved", "rejected"])
def test_a_filing_is_printed_in_any_status_and_says_which(status: str, draft: str, world: World) -> None:
    world.bring(draft, status)
    said = text(paper(world, draft).ok(200).body)
    assert f"状态：{world.caller().get(f'/filings/{draft}')['status_label']}" in said
    shown = world.caller().get(f"/filings/{draft}")["content"]["inspection_number"]
    assert (shown or "检验检疫备案号") in said


def test_while_the_printer_is_out_of_order_one_is_told_to_come_back_and_nothing_is_printed(
    draft: str, world: World
) -> None:
    path = f"/filings/{draft}/record-form.pdf"
    out_of_order = {"fault": "status; code=503; retry_after=5", "match": {"path": f"/api/v1{path}"}, "times": 1}
    world.control.post("/faults", out_of_order).ok(201)
    refused = paper(world, draft, "attachment").refused(503, "injected_fault")
    assert (refused.headers["Retry-After"], PDF[:5] in refused.body) == ("5", False)
    assert not Event.objects.filter(name__startswith="document.").exists()
    paper(world, draft, "attachment").ok(200)
