"""常见问题, 依据与出处, 状态流转 as requests and answers: open to everybody, read from the register only."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from filings.lab.watching import fidelity
from filings.lab.worlds.situations import SITUATIONS
from filings.models import Filing
from filings.rules import faq, scenarios
from filings.rules.advice import CONTACTS, DECIDED, SUBMIT, WAIT
from filings.rules.annual import CONTACT_INSPECTION
from filings.rules.codes import TABLES
from filings.rules.exercises import loading
from filings.rules.kinds import KINDS
from filings.rules.refusals import CATALOGUE
from filings.rules.register import REGISTER
from filings.rules.words import Provenance, Status
from filings.web import help
from filings.web.charting import chart
from tests.web.pages import Page, words

pytestmark = pytest.mark.django_db


def squeezed(text: str) -> str:
    """A text without its white space: a page may break it and set words of it apart."""
    return "".join(text.split())


# ── the entries ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_all_thirty_are_listed_by_part_each_where_old_links_look_for_it(client: Client) -> None:
    told = Page(client.get("/faq"))
    for entry in faq.ENTRIES.values():
        article = told.find(f'[id="faq-{entry.id}"]')
        assert f"/faq/{entry.id}" in article.links
        assert squeezed(entry.answer) in squeezed(article.text)
    marks = [one.node.attributes.get("id") or one.text for one in told.all('h2, [id^="faq-"]')]
    assert marks.index("业务咨询类") < marks.index("faq-1.1") < marks.index("页面操作类") < marks.index("faq-2.1")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("2.4", ["2.4"]),
        ("２．４", ["2.4"]),
        ("2.1", ["2.1"]),
        ("无匹配数据", ["2.2"]),
        ("海关企业通关资质", ["1.5", "1.10", "2.1", "2.10", "2.18"]),
        ("通用资质", ["1.5", "1.10", "2.1", "2.10", "2.18"]),
        ("特殊监管双重身份", ["2.11", "2.18", "2.19", "2.20"]),
        ("特殊监管区域双重身份企业", ["2.11", "2.18", "2.19", "2.20"]),
        ("年报补报", ["2.13"]),
        ("卡介质 变更", ["1.5", "2.6"]),
        ("ic/ikey", ["2.6"]),
        ("没有这样的话", []),
    ],
)
def test_a_search_looks_at_number_question_answer_and_aliases(client: Client, asked: str, found: list[str]) -> None:
    told = Page(client.get("/faq", {"q": asked}))
    assert [one["id"].removeprefix("faq-") for one in told.all('[id^="faq-"]')] == found
    assert (f"找到 {len(found)} 条" if found else "没有找到") in told


@pytest.mark.parametrize("asked", ["", "  ", "\0"])
def test_nothing_asked_shows_all(client: Client, asked: str) -> None:
    assert len(Page(client.get("/faq", {"q": asked})).all("article")) == 30


def test_a_search_is_quoted_safely_and_looked_at_only_so_far(client: Client) -> None:
    told = Page(client.get("/faq", {"q": "<b>" + "长" * 500}))
    assert told.value("q").startswith("<b>长")
    assert "长" not in "".join(told.texts("b"))
    assert "长" * 101 not in told.source


@pytest.mark.parametrize("entry", faq.ENTRIES)
def test_an_entry_is_quoted_whole_below_how_it_stands_today(client: Client, entry: str) -> None:
    told, one = Page(client.get(f"/faq/{entry}")).find("main"), faq.ENTRIES[entry]
    shown = squeezed(told.text)
    places = [shown.index(squeezed(text)) for text in (one.validity_label, one.today, one.question)]
    assert places == sorted(places)
    assert one.today_provenance.label in told
    assert squeezed(one.answer) in shown
    exercise = loading.of_entry(entry)
    assert exercise.title in told
    assert told.texts("button") == [f"去试一试：{exercise.screen.label}"]
    assert not told.has(".try code"), "names are for who writes programs"
    named = Page(client.get(f"/faq/{entry}", {"names": "1"}))
    assert {exercise.call, exercise.id} == set(named.texts(".try code"))


@pytest.mark.parametrize("entry", faq.ENTRIES)
def test_an_entry_tells_who_cites_it(client: Client, entry: str) -> None:
    told = Page(client.get(f"/faq/{entry}", {"names": "1"}))
    rules = [one for one in REGISTER.values() if one.faq == entry and one.holds.__module__.startswith("filings.")]
    for name in [rule.name for rule in rules] + [code for code, one in CATALOGUE.items() if one.faq == entry]:
        assert name in told.texts("code")
    situations = told.texts("td > code")
    for one in SITUATIONS.values():
        assert (one.name in situations) is (one.faq == entry)


@pytest.mark.parametrize("entry", ["9.9", "2.04", "x", "2.4.1", "%00"])
def test_there_is_no_other_entry(client: Client, entry: str) -> None:
    assert client.get(f"/faq/{entry}").status_code == 404


def test_with_the_control_plane_off_it_is_to_be_tried_all_the_same(client: Client, settings: Any) -> None:
    settings.SIM_CONTROL_PLANE = False
    form = next(form for form in Page(client.get("/faq/2.4")).forms if form.action == "/faq/2.4/try")
    begun = client.post(form.action)
    assert Page(client.get(begun["Location"])).has("#exercise")


# ── what is how known ─────────────────────────────────────────────────────────────────────────────────────────────


def told_by(client: Client, **query: str) -> list[dict[str, Any]]:
    return client.get("/fidelity.json", query).json()["results"]


def test_everything_there_is_is_stated(client: Client) -> None:
    names: dict[str, set[str]] = {}
    for one in told_by(client):
        names.setdefault(one["sort"], set()).add(one["name"])
    assert names["rule"] >= {one.name for one in REGISTER.values() if one.holds.__module__.startswith("filings.")}
    assert names["refusal"] == set(CATALOGUE)
    assert names["advice"] >= {
        SUBMIT.code,
        WAIT.code,
        DECIDED.code,
        *(contact.code for contact in CONTACTS.values()),
        CONTACT_INSPECTION.code,
    }
    assert names["situation"] == set(SITUATIONS)
    assert names["scenario"] == set(scenarios.CATALOGUE)
    assert names["code_table"] == set(TABLES)
    assert {f"Status.{value}" for value in Status.values} <= names["state"]
    for kind in KINDS.values():
        own = {f"{kind.sheet.__name__}.{name}" for name, field in kind.sheet.walk()}
        base = {f"{up.__name__}.{name}" for up in kind.sheet.__mro__ if hasattr(up, "walk") for name, _ in up.walk()}
        assert own & names["field"]
        assert {name.partition(".")[2] for name in own} <= {
            name.partition(".")[2] for name in names["field"] & (own | base)
        }


def test_documented_advice_is_in_the_words_of_its_entry_and_what_is_settled_is_ours(client: Client) -> None:
    advised, settled = told_by(client, sort="advice"), told_by(client, sort="settled")
    for one in advised:
        assert (squeezed(one["words"]) in squeezed(faq.ENTRIES[one["faq"]].answer)) is (
            one["provenance"] == "documented"
        ), one
    assert {one["provenance"] for one in settled} == {"ours"}
    words = {one["name"]: one["words"] for one in settled}
    assert words["stuck_after"] == "“长时间”指在同一状态超过 24 小时"
    assert words["answered_after"] == "联系各部门后，0.5 小时得到答复"
    assert words["backfill_open_inclusive"] == "年报补录在7月1日当日即开放"


def test_each_is_stated_with_how_it_is_known(client: Client) -> None:
    told = client.get("/fidelity.json").json()
    assert told["counts"] == {value: len(told_by(client, provenance=value)) for value in Provenance.values}
    assert sum(told["counts"].values()) == len(told["results"])
    assert min(told["counts"].values()) > 0
    assert all(one["words"] and one["sort_label"] for one in told["results"])
    assert {one["faq"] for one in told["results"]} >= {*faq.ENTRIES}
    documented = [one for one in told["results"] if one["provenance"] == "documented" and one["faq"] is None]
    assert documented == []


@pytest.mark.parametrize("query", [{"provenance": "assumed"}, {"faq": "2.13"}, {"sort": "scenario", "faq": "1.9"}])
def test_the_page_shows_what_is_asked_for(client: Client, query: dict[str, str]) -> None:
    told = Page(client.get("/fidelity", query | {"names": "1"}))
    rows = told_by(client, **query)
    assert rows
    assert f"共 {len(rows)} 项" in told
    assert told.texts('td[data-th="名称"] > code:first-child') == [row["name"] for row in rows]


def test_who_writes_no_programs_is_told_no_names_and_nothing_of_the_interface(client: Client) -> None:
    told = Page(client.get("/fidelity"))
    shown = fidelity.statements(True)
    assert f"共 {len(shown)} 项" in told
    assert not told.has('td[data-th="名称"]')
    assert [int(n) for n in told.texts(".sums b")] == list(fidelity.counts(True).values())
    left_out = {one.name for one in fidelity.statements()} - {one.name for one in shown}
    assert {"precondition_invalid", "malformed_json", "control_forbidden"} <= left_out
    assert {"card_login_required", "precondition_failed", "draft"}.isdisjoint(left_out)


def test_a_filter_that_is_not_understood_filters_nothing(client: Client) -> None:
    assert len(told_by(client, provenance="gossip", faq="9.9", sort="\0")) == len(told_by(client))


def test_the_page_says_what_the_four_mean_and_what_is_left_out(client: Client) -> None:
    told = words(client.get("/fidelity"))
    for label in Provenance.labels:
        assert f"“{label}”" in fidelity.MEANING
    assert fidelity.IN_PLAIN_WORDS in told
    assert fidelity.NOT_SIMULATED in told


# ── the lifecycle ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.faq("1.9")
def test_the_picture_has_every_state_and_every_step(client: Client) -> None:
    told = Page(client.get("/machine"))
    picture = told.find("main svg:has(g.box)")
    assert len(picture.all("g.box")) == len(Status)
    assert len(picture.all(".arrow")) == len(Filing.edges()) == len(picture.all(".words-of"))
    for edge in Filing.edges():
        assert f"{edge['from'].label}由{edge['party'].label}{edge['label']}，到{edge['to'].label}" in picture
    for kind in KINDS.values():
        assert all(guard.sentence in told for guard in (*kind.writing, *kind.opening, *kind.declaring))


def test_no_box_lies_on_another_and_all_stands_within_the_picture() -> None:
    drawn = chart(list(Status), Filing.edges())
    for box in drawn.boxes:
        assert drawn.left <= box.left
        assert box.x + drawn.half_width <= drawn.left + drawn.width
        assert box.top >= 0
        assert box.y + drawn.half_height <= drawn.height
        assert all(
            other is box or abs(other.x - box.x) > 2 * drawn.half_width or abs(other.y - box.y) > 2 * drawn.half_height
            for other in drawn.boxes
        )


def test_a_lifecycle_with_a_short_cut_is_drawn_too() -> None:
    short_cut = {**Filing.edges()[-1], "from": Status.DECLARED}
    paths = [arrow.path for arrow in chart(list(Status), [*Filing.edges(), short_cut]).arrows]
    assert len(set(paths)) == len(paths) == len(Filing.edges()) + 1


def test_all_of_it_is_open_to_everybody(client: Client) -> None:
    for path in ("/faq", "/faq/2.4", "/fidelity", "/fidelity.json", "/machine"):
        assert client.get(path).status_code == 200
        assert client.post(path).status_code == 405
    assert help.LONGEST == 100
