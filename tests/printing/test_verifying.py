"""The page behind the QR code: open to whoever holds the paper, unguessable, and silent about all else."""

import pypdfium2
import pytest
import segno
from django.test import Client

from filings.models import Enterprise, Filing, Mirror, Sandbox
from filings.printing.drawing import QR, QR_FOOT
from filings.printing.setting import HIGH, RIGHT
from filings.printing.verifying import certificate_number, code_of, opened, record_form_number, verified
from tests.api.client import World
from tests.printing.paper import text

FILING = "SIM202112010000001"


def square(pdf: bytes, modules: int) -> list[list[bool]]:
    """The dark modules of the QR code of a first page, as a camera finds them: white around it, the middle of each
    looked at."""
    first = pypdfium2.PdfDocument(pdf)[0]
    scale, side = 6, QR / modules
    picture = first.render(scale=scale, grayscale=True)
    top, left = HIGH - (QR_FOOT + QR), RIGHT - QR

    def dark(row: int, column: int) -> bool:
        down, right = (int((start + (n + 0.5) * side) * scale) for start, n in ((top, row), (left, column)))
        return picture.buffer[down * picture.stride + right] < 128

    quiet = range(-4, 0), range(modules, modules + 4)
    assert not any(dark(*at) for edge in quiet for n in edge for m in range(-4, modules + 4) for at in ((n, m), (m, n)))
    return [[dark(row, column) for column in range(modules)] for row in range(modules)]


def page(code: str) -> str:
    reply = Client().get(f"/verify/documents/{code}")
    assert reply.status_code == 200
    return reply.content.decode()


@pytest.fixture
def sandbox(world: World) -> Sandbox:
    return Sandbox.objects.get(key=world.id)


@pytest.fixture
def filed(world: World, sandbox: Sandbox) -> tuple[str, str]:
    """A draft's id and its document's code."""
    draft = world.draft()
    return draft, code_of(sandbox, record_form_number(world.caller().get(f"/filings/{draft}")["number"]))


@pytest.fixture
def certified(world: World, sandbox: Sandbox) -> str:
    """The code of the certificate of `card`."""
    mirror = Mirror.objects.get(sandbox=sandbox, uscc=world.accounts["card"]["uscc"])
    return code_of(sandbox, certificate_number(mirror.uscc, mirror.registered_on))


def test_a_code_opens_to_the_world_and_number_it_was_made_of(sandbox: Sandbox) -> None:
    code = code_of(sandbox, record_form_number(FILING))
    assert opened(code) == (sandbox, "SIM-BAXXB-202112010000001")
    assert code == code_of(sandbox, record_form_number(FILING))
    assert len(code) <= 90


def test_no_altered_code_opens(sandbox: Sandbox) -> None:
    code = code_of(sandbox, record_form_number(FILING))
    for n, char in enumerate(code[:-1]):
        assert opened(code[:n] + ("A" if char != "A" else "B") + code[n + 1 :]) is None
    for wrong in ("", "A", code[:-8], code + "AAAA", "é" * 40, "%%%", "A" * 500):
        assert opened(wrong) is None


def test_codes_of_two_worlds_differ_and_show_neither_key_nor_number(world: World, other_world: World) -> None:
    one, other = (Sandbox.objects.get(key=key) for key in (world.id, other_world.id))
    codes = {code_of(sandbox, record_form_number(FILING)) for sandbox in (one, other)}
    assert len(codes) == 2
    assert len({code[20:] for code in codes}) == 2
    assert not any(FILING[3:] in code for code in codes)


def test_a_form_is_verified_without_a_login_and_follows_its_filing(world: World, filed: tuple[str, str]) -> None:
    draft, code = filed
    told = page(code)
    for words in ("模拟样张 非官方文件", "报关单位备案信息表", "SIM-BAXXB-", "深圳市云帆演练国际贸易有限公司", "暂存"):
        assert words in told
    world.bring(draft, "stored")
    assert "海关入库成功" in page(code)


@pytest.mark.parametrize("paper", ["record-form", "certificate"])
def test_the_square_on_the_paper_leads_there(paper: str, world: World, filed: tuple[str, str], certified: str) -> None:
    path, code = {
        "record-form": (f"/filings/{filed[0]}/record-form.pdf", filed[1]),
        "certificate": ("/enterprise/certificate.pdf", certified),
    }[paper]
    answer = world.caller("cardless" if paper == "record-form" else "card").get(path).ok(200)
    address = f"http://testserver/verify/documents/{code}"
    expected = [[bool(dark) for dark in line] for line in segno.make(address, error="m", micro=False).matrix]
    assert square(answer.body, len(expected)) == expected
    assert answer.headers["X-Document-Number"] in Client().get(address).content.decode()


def test_it_tells_no_more_than_that(world: World, filed: tuple[str, str]) -> None:
    told = page(filed[1])
    content = world.caller().get(f"/filings/{filed[0]}")["content"]
    for secret in (
        world.id,
        content["uscc"],
        content["address_cn"],
        content["legal_representative"]["id_number"],
        filed[0],
    ):
        assert secret not in told


def test_it_names_the_enterprise_as_the_paper_does(world: World, sandbox: Sandbox, certified: str) -> None:
    filing = world.change(name_cn="深圳市海纳新名演练有限公司")
    form = code_of(sandbox, record_form_number(Filing.objects.get(sandbox=sandbox, public_id=filing).number))
    assert "深圳市海纳新名演练有限公司" in page(form)
    assert "深圳市海纳新名演练有限公司" not in page(certified)
    world.submit(filing, scenario="approve").ok(200)
    world.advance(until="idle")
    assert "深圳市海纳新名演练有限公司" in text(world.caller("card").get("/enterprise/certificate.pdf").ok(200).body)
    assert "深圳市海纳新名演练有限公司" in page(certified)


def test_what_is_due_has_happened_when_it_is_looked_at(world: World, sandbox: Sandbox) -> None:
    filing = world.declared(scenario="approve")
    code = code_of(sandbox, record_form_number(Filing.objects.get(sandbox=sandbox, public_id=filing).number))
    sandbox.set_clock(sandbox.clock_moment.replace(day=3))
    assert "审批通过" in page(code)


def test_a_deleted_draft_has_no_document(world: World, filed: tuple[str, str]) -> None:
    world.caller().delete(f"/filings/{filed[0]}").ok(204)
    reply = Client().get(f"/verify/documents/{filed[1]}")
    assert reply.status_code == 404
    assert "没有这份文书" in reply.content.decode()


@pytest.mark.faq("1.10")
def test_a_certificate_is_verified_by_what_the_single_window_shows_now(world: World, certified: str) -> None:
    uscc = world.accounts["card"]["uscc"]
    told = page(certified)
    assert "报关单位备案证明" in told
    assert "正常" in told
    world.control.put(f"/ledgers/customs/{uscc}", {"deregistered_on": "2021-11-30"}).ok(200)
    assert "正常" in page(certified), "the mirror has not moved"
    world.control.post("/sync", {"uscc": uscc}).ok(200)
    assert "已注销" in page(certified)


@pytest.mark.faq("2.20")
def test_a_certificate_of_an_earlier_registration_is_no_longer_good(world: World, certified: str) -> None:
    uscc = world.accounts["card"]["uscc"]
    world.control.put(f"/ledgers/customs/{uscc}", {"registered_on": "2021-11-30"}).ok(200)
    world.control.post("/sync", {"uscc": uscc}).ok(200)
    assert "已失效" in page(certified)


def test_there_is_nothing_to_verify_of_what_is_gone_or_never_was(sandbox: Sandbox) -> None:
    assert verified(sandbox, "SIM-BAXXB-209901010000001") is None
    assert verified(sandbox, "SIM-BAZM-91440399MAMK000999-20200101") is None
    assert verified(sandbox, "something else") is None
    Enterprise.objects.filter(sandbox=sandbox).delete()
    code = code_of(sandbox, record_form_number(FILING))
    Sandbox.objects.filter(pk=sandbox.pk).delete()
    assert opened(code) is None


def test_an_unknown_code_is_not_found(db: None) -> None:
    for code in ("x", "x" * 67, "é", "..%2f"):
        assert Client().get(f"/verify/documents/{code}").status_code == 404
