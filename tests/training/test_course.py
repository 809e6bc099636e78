"""The course: the map, an exercise before, in and after, what comes next, the 错题本, the record."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from filings.lab.grading import attempts, certifying, progress
from filings.models import Attempt, Learner, Mistake, Sandbox, wall
from filings.rules import faq
from filings.rules.exercises.loading import catalogue
from filings.rules.words import AttemptState, Degree
from tests.printing.paper import text
from tests.training.learning import attempt_of, begin, come_in, end, learner_of, play, session, solve, tile
from tests.web.pages import Page

pytestmark = pytest.mark.django_db(databases=list(settings.DATABASES))


@pytest.fixture
def learner() -> Client:
    return come_in()


# ── the map ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_map_has_every_exercise_once_and_history_apart(learner: Client) -> None:
    page = Page(learner.get("/learn/"))
    parts = {one["aria-label"]: [a["href"].rpartition("/")[2] for a in one.all("a")] for one in page.all("svg.map")}
    assert sorted(name for part in parts.values() for name in part) == sorted(catalogue())
    historic = {f"faq-{n.replace('.', '-')}" for n, entry in faq.ENTRIES.items() if entry.validity == "historic"}
    capstones = {name for name, loaded in catalogue().items() if loaded.exercise.capstone}
    assert [set(part) for part in parts.values()] == [set(catalogue()) - historic - capstones, capstones, historic]
    assert {text.partition(" ")[2] for text in page.texts("svg.map .state")} == {"未开始"}
    assert page.link("去看看") == "/learn/exercises/faq-1-2"


def test_each_state_has_a_mark_and_words_and_is_not_told_by_colour_alone(learner: Client) -> None:
    assert tile(learner, "2.10") == "未开始"
    attempt = begin(learner, "faq-2-10")
    assert tile(learner, "2.10") == "进行中"
    end(learner, attempt)
    first = solve(learner, "faq-2-10")
    assert tile(learner, "2.10") == "通过"
    second = solve(learner, "faq-2-10")
    assert first.seed % 20 != second.seed % 20, "another variant"
    assert tile(learner, "2.10") == "掌握"
    drawn = Page(learner.get("/learn/")).find(".st-mastered")
    assert "★ 掌握" in drawn


def test_the_last_hint_keeps_from_mastering(learner: Client) -> None:
    solve(learner, "faq-2-10")
    attempt = begin(learner, "faq-2-10")
    for _ in range(3):
        learner.post("/practice", {"do": "check", "next": "/"})
        learner.post("/practice", {"do": "hint", "next": "/"})
    assert attempt.hints.count() == 3
    play(attempt, catalogue()["faq-2-10"].exercise.golden)
    learner.post("/practice", {"do": "check", "next": "/"})
    assert tile(learner, "2.10") == "通过"


def test_what_is_under_way_comes_next_and_is_gone_on_with_at_once(learner: Client) -> None:
    attempt = begin(learner, "faq-2-4")
    form = next(one for one in Page(learner.get("/learn/")).forms if one.action.endswith("/go-on"))
    assert form.action == f"/learn/attempts/{attempt.public_id}/go-on"
    del learner.cookies["sim_session"]
    assert learner.post(form.action)["Location"] == "/enterprise"
    assert attempt_of(learner) == attempt


def test_the_course_costs_as_many_statements_with_many_attempts(learner: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as told:
            assert learner.get("/learn/").status_code == 200
        return len(told)

    end(learner, solve(learner, "faq-2-10"))
    statements()
    few = statements()
    for exercise in ("faq-2-4", "faq-2-2", "faq-2-10"):
        end(learner, solve(learner, exercise))
    assert statements() == few <= 6


# ── an exercise before it is begun ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("exercise", ["faq-2-10", "faq-1-1", "faq-1-9", "first-filing"])
def test_the_brief_quotes_the_faq_beneath_how_it_stands_today(learner: Client, exercise: str) -> None:
    about = catalogue()[exercise].exercise
    page = Page(learner.get(f"/learn/exercises/{exercise}"))
    assert page.find("h1").text == about.title
    assert f"约 {about.minutes} 分钟" in page
    for number in about.faq:
        entry = faq.ENTRIES[number]
        assert f"第 {entry.id} 条" in page
        for words in (entry.question, entry.today, entry.validity_label):
            assert "".join(words.split()) in "".join(page.text.split())
        text = "".join(page.text.split())
        assert text.index("".join(entry.today.split())) < text.index("".join(entry.answer.split())[:30])
    assert [one["value"] for one in page.all("[name=mode]")] == Degree.values
    assert page.find("[name=mode][checked]")["value"] == Degree.GUIDED
    assert page.texts(".degrees b") == ["引导", "真实", "考核"]
    for words in (*about.hints, about.debrief):
        assert words not in page


@pytest.mark.parametrize("exercise", ["faq-9-9", "nothing", "x" * 50])
def test_there_is_no_other_exercise(learner: Client, exercise: str) -> None:
    assert learner.get(f"/learn/exercises/{exercise}").status_code == 404
    assert learner.post(f"/learn/exercises/{exercise}/begin", {"mode": "guided"}).status_code == 404
    assert not Sandbox.objects.exists()


@pytest.mark.parametrize("mode", ["", "easy", "GUIDED"])
def test_nor_another_degree(learner: Client, mode: str) -> None:
    answer = learner.post("/learn/exercises/faq-2-4/begin", {"mode": mode})
    assert answer.status_code == 422
    assert not Sandbox.objects.exists()


# ── in it ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mode", Degree.values)
def test_it_is_begun_where_it_happens_as_its_first_account(learner: Client, mode: str) -> None:
    answer = learner.post("/learn/exercises/faq-1-9/begin", {"mode": mode})
    assert answer["Location"] == "/enquiries/overview"
    attempt, here = attempt_of(learner), session(learner)
    assert (attempt.learner, attempt.mode, attempt.exercise) == (learner_of(learner).key, mode, "faq-1-9")
    assert (here.account.username, here.medium) == (attempt.accounts[0], "card")
    beside = Page(learner.get(answer["Location"])).find("#exercise")
    assert Degree(mode).label in beside
    assert beside.link("返回课程") == "/learn/"
    assert beside.link("结束练习") == f"/learn/attempts/{attempt.public_id}/end"


def test_begun_again_it_is_another_variant_and_the_first_is_over_and_kept(learner: Client) -> None:
    first = begin(learner, "faq-2-4")
    learner.get("/enterprise")
    second = begin(learner, "faq-2-4")
    assert second.seed != first.seed
    first.refresh_from_db()
    assert (first.sandbox, first.state) == (None, AttemptState.ABANDONED)
    assert first.record
    assert Sandbox.objects.count() == 1


def test_neighbours_begin_with_different_variants_and_each_has_all_before_one_twice() -> None:
    learner = Learner.objects.create(key="L0001", name="张", code_digest="x")
    seeds = []
    for n in range(21):
        seeds.append(progress.another_seed(learner, "faq-2-4"))
        Attempt.objects.create(
            public_id=f"A{n}",
            learner=learner.key,
            exercise="faq-2-4",
            version=1,
            digest="",
            seed=seeds[-1],
            sandbox_key="",
            begun_at_seq=0,
        )
    assert sorted(seeds[:20]) == list(range(20))
    assert seeds[20] == seeds[0]
    assert progress.another_seed(learner, "faq-2-4") == seeds[1], "the one had longest ago"
    neighbour = Learner.objects.create(key="L0002", name="李", code_digest="y")
    assert progress.another_seed(neighbour, "faq-2-4") != seeds[0]


def test_passing_offers_another_variant(learner: Client) -> None:
    solve(learner, "faq-2-10", Degree.PRACTICE)
    page = Page(learner.get("/"))
    form = next(one for one in page.forms if one.action == "/learn/exercises/faq-2-10/begin")
    assert form.fields["mode"] == Degree.PRACTICE
    assert catalogue()["faq-2-10"].exercise.debrief in page.find("#exercise .passed")


def test_the_panel_stays_folded_up(learner: Client) -> None:
    begin(learner, "faq-2-4")
    assert Page(learner.get("/enterprise")).has("#exercise details[open]")
    learner.cookies["sim_panel"] = "1"
    assert not Page(learner.get("/enterprise")).has("#exercise details[open]")


def test_switched_off_the_control_plane_takes_nothing_from_learners(learner: Client, settings: Any) -> None:
    settings.SIM_CONTROL_PLANE = False
    begin(learner, "faq-2-10")
    assert Page(learner.get("/tickets")).has("#exercise")


# ── ending ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ending_asks_first_sums_up_and_leads_back_to_the_course(learner: Client, enter: Any) -> None:
    attempt = solve(learner, "faq-2-10")
    page = Page(learner.get(f"/learn/attempts/{attempt.public_id}/end"))
    assert "结束“练习 2.10”这一次练习？" in page
    assert "3 / 3 项通过" in page
    assert attempt.sandbox
    attempt.refresh_from_db()
    assert attempt.sandbox is not None, "asking ends nothing"
    answer = end(learner, attempt)
    assert (answer.status_code, answer["Location"]) == (303, "/learn/")
    attempt.refresh_from_db()
    assert (attempt.sandbox, attempt.state) == (None, AttemptState.PASSED)
    page = Page(learner.get("/learn/"))
    assert "练习已结束" in page.find(".said")
    assert page.link("练习 2.10") == f"/learn/attempts/{attempt.public_id}"
    assert learner.get("/").status_code == 302
    assert end(learner, attempt)["Location"] == f"/learn/attempts/{attempt.public_id}"


def test_ending_gives_back_the_login_one_had(enter: Any) -> None:
    client = enter("card", "card_token")
    before = client.cookies["sim_session"].value
    client.post("/learn/come-in", {"name": "张"})
    first = begin(client, "faq-2-4")
    begin(client, "faq-2-10")
    end(client, first)
    assert attempt_of(client).exercise == "faq-2-10", "another one ends, and one stays where one is"
    end(client, attempt_of(client))
    assert client.cookies["sim_session"].value == before


def test_an_exam_that_was_not_checked_is_checked_at_its_end(learner: Client) -> None:
    attempt = begin(learner, "faq-2-10", Degree.EXAM)
    play(attempt, catalogue()["faq-2-10"].exercise.golden)
    assert "结束时检查一次" in Page(learner.get(f"/learn/attempts/{attempt.public_id}/end"))
    assert not attempt.evaluations.exists()
    end(learner, attempt)
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.PASSED
    assert tile(learner, "2.10") == "通过"


# ── afterwards ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_attempt_is_looked_at_event_by_event_with_verdicts_and_the_sheet_as_it_stood(learner: Client) -> None:
    attempt = solve(learner, "faq-2-10")
    learner.post("/practice", {"do": "hint", "next": "/"})
    client = attempts.case_of(attempt).firms["A"]
    end(learner, attempt)
    page = Page(learner.get(f"/learn/attempts/{attempt.public_id}"))
    steps = page.texts(".trail > li")
    told = [step for step in steps if step.startswith("#")]
    assert [step.split()[3] for step in told] == ["登录", "删除", "新增", "暂存", "申报"][
        : len(told)
    ] or "申报" in told[-1]
    assert all("2021-" in step or "2022-" in step for step in told), "on the sandbox's own clock"
    checks = [step for step in steps if "项通过" in step]
    assert "3 / 3 项通过" in checks[-1]
    outcomes = [step.split("：")[-1] for step in checks if "自动检查" in step]
    assert len(outcomes) == len(set(outcomes)), "a check by itself that tells nothing new is not told"
    assert "clerk-" not in page, "who acted is named as on the screens"
    assert catalogue()["faq-2-10"].exercise.hints[0] in page
    assert client.name_cn in page.find("details.folded")
    assert "已申报" in page
    assert not page.has("main form")


def test_one_under_way_is_looked_at_too_and_gone_on_with(learner: Client) -> None:
    attempt = begin(learner, "faq-2-4")
    learner.get("/enterprise")
    page = Page(learner.get(f"/learn/attempts/{attempt.public_id}"))
    assert "查询基本信息" in page
    assert [form.action for form in page.forms] == ["/learn/leave", f"/learn/attempts/{attempt.public_id}/go-on"]


def test_under_way_it_tells_no_more_of_what_there_is_to_do_than_the_panel(learner: Client) -> None:
    attempt = begin(learner, "faq-2-4")
    learner.get("/enterprise")
    learner.get("/tickets")
    says = [attempts.case_of(attempt).filled(check.say) for check in catalogue()["faq-2-4"].exercise.checks]

    def told() -> int:
        pages = [learner.get(f"/learn/attempts/{attempt.public_id}{end}").content.decode() for end in ("", "/end")]
        return sum(say in page for say in says for page in pages)

    assert told() == 0
    learner.post("/practice", {"do": "check", "next": "/"})
    assert told() == 2 * len(says)


def test_the_end_says_whether_it_was_passed(learner: Client) -> None:
    end(learner, solve(learner, "faq-2-10"))
    assert "这一次通过" in Page(learner.get("/learn/")).find(".said")
    attempt = begin(learner, "faq-2-4", Degree.EXAM)
    answer = learner.post(f"/learn/attempts/{attempt.public_id}/end")
    assert answer["Location"] == f"/learn/attempts/{attempt.public_id}", "an exam ends with what was found"
    page = Page(learner.get(answer["Location"]))
    assert "没有通过" in page.find(".said.note")
    assert "没有做到" in page
    assert "尚未" not in page


def test_what_is_under_way_comes_next_though_it_was_passed_before(learner: Client) -> None:
    end(learner, solve(learner, "faq-2-10"))
    begin(learner, "faq-2-10")
    page = Page(learner.get("/learn/"))
    assert "正在做" in page.find(".ahead")
    assert "继续" in page.find(".ahead")


def test_one_that_is_over_is_not_gone_on_with(learner: Client) -> None:
    attempt = solve(learner, "faq-2-10")
    end(learner, attempt)
    answer = learner.post(f"/learn/attempts/{attempt.public_id}/go-on")
    assert answer["Location"] == f"/learn/attempts/{attempt.public_id}"


def test_past_attempts_stand_beneath_the_brief(learner: Client) -> None:
    end(learner, solve(learner, "faq-2-10", Degree.PRACTICE))
    begin(learner, "faq-2-10")
    rows = Page(learner.get("/learn/exercises/faq-2-10")).texts("table tbody tr")
    assert [("进行中" in rows[0]), ("真实" in rows[1]), ("通过" in rows[1]), ("100" in rows[1])] == [True] * 4


# ── 错题本 ────────────────────────────────────────────────────────────────────────────────────────────────────────


def wrong(client: Client) -> Attempt:
    """Make the usual mistake of 2.10."""
    attempt = begin(client, "faq-2-10")
    play(attempt, catalogue()["faq-2-10"].exercise.wrong[0].steps)
    client.get("/tickets")  # it is noticed by itself
    return attempt


def test_a_wrong_move_is_remembered_with_its_sentence_and_practised_again(learner: Client) -> None:
    assert "还没有误操作" in Page(learner.get("/learn/diary"))
    wrong(learner)
    learner.get("/tickets")
    page = Page(learner.get("/learn/diary"))
    say = catalogue()["faq-2-10"].exercise.diagnosers[0].say
    assert page.texts(".wrong .say") == [say]
    assert "出现 1 次" in page
    again = next(form for form in page.forms if form.action == "/learn/exercises/faq-2-10/begin")
    first = attempt_of(learner)
    assert learner.post(again.action, again.fields).status_code == 303
    assert attempt_of(learner).seed != first.seed
    wrong(learner)
    assert "出现 2 次" in Page(learner.get("/learn/diary"))


def test_it_comes_again_after_one_three_and_seven_days(learner: Client) -> None:
    wrong(learner)
    mistake = Mistake.objects.get()
    waits = []
    for _ in range(3):
        mistake.refresh_from_db()
        waits.append(round((mistake.review_at - wall()) / timedelta(days=1)))
        solve(learner, "faq-2-10")
        mistake.refresh_from_db()
        assert round((mistake.review_at - wall()) / timedelta(days=1)) == waits[-1], (
            "before it is due, it is no repetition"
        )
        Mistake.objects.update(review_at=wall() - timedelta(seconds=1))
        page = Page(learner.get("/learn/diary"))
        assert "到了复习的时候" in page
        assert "1 条到了复习的时候" in Page(learner.get("/learn/"))
        solve(learner, "faq-2-10")
    assert waits == [1, 3, 7]
    mistake.refresh_from_db()
    assert mistake.review_at is None
    assert "已复习三次" in Page(learner.get("/learn/diary"))


def test_what_is_due_comes_first(learner: Client) -> None:
    wrong(learner)
    attempt = begin(learner, "faq-2-4")
    play(attempt, catalogue()["faq-2-4"].exercise.wrong[0].steps)
    learner.get("/tickets")
    assert [title[:3] for title in Page(learner.get("/learn/diary")).texts(".wrong h2")] == ["2.4", "2.1"]
    Mistake.objects.filter(exercise="faq-2-10").update(review_at=wall())
    titles = [
        f"{number} {catalogue()[name].exercise.title}" for number, name in (("2.10", "faq-2-10"), ("2.4", "faq-2-4"))
    ]
    assert Page(learner.get("/learn/diary")).texts(".wrong h2") == titles


def test_a_note_is_kept_and_one_that_cannot_be_is_not_lost(learner: Client) -> None:
    wrong(learner)
    form = next(one for one in Page(learner.get("/learn/diary")).forms if "note" in one.fields)
    answer = learner.post("/learn/diary", {**form.fields, "note": "先看是不是页面异常\n<b>"})
    assert answer["Location"] == "/learn/diary#faq-2-10-invented_superior"
    assert Page(learner.get("/learn/diary")).value("note") == "先看是不是页面异常\n<b>"
    long = learner.post("/learn/diary", {**form.fields, "note": "长" * 501})
    assert long.status_code == 422
    assert Page(long).value("note") == "长" * 501
    learner.post("/learn/diary", {**form.fields, "note": ""})
    assert Mistake.objects.get().note == ""
    assert learner.post("/learn/diary", {**form.fields, "move": "hammering", "note": "x"}).status_code == 404


def test_nothing_is_remembered_of_a_guest_or_a_program(client: Client) -> None:
    client.post("/faq/2.10/try")
    play(attempt_of(client), catalogue()["faq-2-10"].exercise.wrong[0].steps)
    client.post("/practice", {"do": "check", "next": "/"})
    assert "编造上级单位关系" in Page(client.get("/tickets"))
    assert not Mistake.objects.exists()


# ── the record ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_all_that_is_recorded_is_told_and_handed_over(learner: Client) -> None:
    wrong(learner)
    learner.post("/practice", {"do": "hint", "next": "/"})
    end(learner, attempt_of(learner))
    page = Page(learner.get("/learn/record"))
    assert "1 次，含每一步操作" in page
    answer = learner.get("/learn/record.json")
    assert answer["Content-Disposition"].startswith("attachment;")
    told = json.loads(answer.content)
    (attempt,) = told["attempts"]
    assert (told["name"], told["class"], attempt["exercise"]) == ("张演练", None, "faq-2-10")
    assert [hint["level"] for hint in attempt["hints"]] == [1]
    assert attempt["evaluations"][-1]["found"]["mistakes"][0]["id"] == "invented_superior"
    assert "filing.declared" in {event["name"] for event in attempt["record"]["events"]}
    assert told["mistakes"][0]["move"] == "invented_superior"


def test_the_record_on_paper_says_what_it_is_and_how_each_exercise_stands(learner: Client) -> None:
    solve(learner, "faq-2-10")
    learner.post("/practice", {"do": "hint", "next": "/"})
    answer = learner.get("/learn/record.pdf?disposition=attachment")
    assert answer["Content-Type"] == "application/pdf"
    words = "".join(text(answer.content).split())
    assert "模拟培训证明，非官方资质证明" in words
    assert "姓名张演练" in words
    assert "深圳FAQ-2021" in words
    assert f"{len(catalogue())}个练习中，通过1个" in words
    for loaded in catalogue().values():
        assert "".join(loaded.exercise.title.split()) in words
    assert "2.10上级单位关系必填：黄色的输入框通过1条" in words
    code = certifying.record(learner_of(learner)).code
    assert len(code) <= 80
    assert "核验地址http://testserver/learn/verify/" in words, "for who cannot scan"


def test_the_page_of_verification_says_what_was_true_then(learner: Client) -> None:
    solve(learner, "faq-2-10")
    record = certifying.record(learner_of(learner))
    Attempt.objects.update(started_at=wall() - timedelta(hours=1))
    for attempt in Attempt.objects.all():
        attempt.evaluations.update(at=wall() - timedelta(minutes=30))
    solve(learner, "faq-2-2")
    Attempt.objects.filter(exercise="faq-2-2").update(started_at=wall() + timedelta(hours=1))
    page = Page(Client().get(f"/learn/verify/{record.code}"))
    assert "模拟培训证明，非官方资质证明" in page
    assert "张演练" in page
    assert record.code in page, "it is compared with the paper"
    rows = {row.split()[0]: row for row in page.texts("tbody tr")}
    assert "通过" in rows["2.10"].split()
    assert "未开始" in rows["2.2"]
    assert not page.has("form[action*=leave]")
    learner.post("/learn/forget")
    assert Client().get(f"/learn/verify/{record.code}").status_code == 404


@pytest.mark.parametrize("code", ["x", "A" * 40, "%00", "é"])
def test_no_other_code_is_one(code: str, client: Client) -> None:
    assert client.get(f"/learn/verify/{code}").status_code == 404


def test_a_code_of_a_document_is_none_of_a_record(client: Client, sandbox: Sandbox) -> None:
    from filings.printing.verifying import code_of

    assert client.get(f"/learn/verify/{code_of(sandbox, 'SIM-BAXXB-202112010000001')}").status_code == 404
