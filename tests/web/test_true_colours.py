"""What a page says of how urgent a thing is: by its colour, in its words, and no longer than it is so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from filings import desk
from filings.lab.worlds import cast
from filings.models import Filing, Visit
from tests.api.client import World
from tests.factories import FilingFactory
from tests.web.pages import Element, Page

pytestmark = pytest.mark.django_db

NEW = "/filings/new?kind=registration"


@pytest.mark.faq("1.9")
@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("declared", "等待：申请单现在由单一窗口处理，不需要您操作。到 2021-12-02 09:00 状态仍是“已申报”的，请您联系 0755-83165355"),
        ("stored", "等待：申请单现在由海关处理，不需要您操作。到 2021-12-02 09:00 状态仍是“海关入库成功”的，请您联系海关。"),
        ("draft", "请您提交申请"),
    ],
)  # fmt: skip
def test_a_wait_is_explained(
    enter: Callable[..., Client], visit: Callable[..., Visit], status: str, words: str
) -> None:
    filing = FilingFactory(visit=visit("cardless"), status=status)
    advice = Page(enter().get(f"/filings/{filing.public_id}")).find('[aria-label="处理建议"]')
    assert words in advice
    assert ("等待" in advice) is (status != "draft")


@pytest.mark.parametrize("status", ["approved", "rejected"])
def test_a_refusal_is_not_green(enter: Callable[..., Client], visit: Callable[..., Visit], status: str) -> None:
    filing = FilingFactory(visit=visit("cardless"), status=status)
    advice = Page(enter().get(f"/filings/{filing.public_id}")).find('[aria-label="处理建议"]')
    assert advice["class"].split() == ["advice", f"a-decided-{status}"]


@pytest.mark.faq("2.11")
@pytest.mark.parametrize(
    ("now", "year", "tone", "words"),
    [
        ("2021-12-01T09:00:00+08:00", 2020, "v-late", "报送期已过，现在报送将显示为“超期报送”"),
        ("2021-03-01T09:00:00+08:00", 2020, "v-due", "需要报送 2020 年度海关年报"),
        ("2021-12-01T09:00:00+08:00", 2021, "", "自 2022-01-01 起报送"),
    ],
)
def test_a_report_is_green_when_it_is_done_and_red_when_it_is_late(now: str, year: int, tone: str, words: str) -> None:
    world = World(clock={"mode": "frozen", "now": now})
    client = Client()
    client.cookies["sim_session"] = world.accounts["card"]["token"]

    def verdict() -> Element:
        return Page(client.get("/annual-reports", {"year": year})).find(".verdict")

    assert verdict()["class"].split() == ["verdict", *tone.split()]
    assert words in verdict()
    if tone:
        world.caller("card").post("/annual-reports", {"year": year}).ok(201)
        assert verdict()["class"].split() == ["verdict", "v-done"]


@pytest.mark.faq("2.2")
def test_a_hint_goes_when_it_is_heeded(
    enter: Callable[..., Client], draft: Filing, visit: Callable[..., Visit]
) -> None:
    hint, client = "行政区划三个级别都选择后可选", enter()

    def shown(at: str) -> bool:
        says = Page(client.get(at)).find('[data-says="customs_office"]')
        return any(one.text == hint and "hidden" not in one.node.attributes for one in says.all("p.hint"))

    def told(**given: str) -> str:
        return client.post("/filings/state", {"kind": "registration", **given}).json()["fields"]["customs_office"][
            "hint"
        ]

    assert shown(NEW)
    division = {name: str(cast.REFERENCE[name]) for name in ("province", "city", "district")}
    assert told() == told(**division | {"district": ""}) == hint
    assert told(**division) == ""
    desk.save(visit("cardless"), draft.public_id, division)
    assert not shown(f"/filings/{draft.public_id}")
