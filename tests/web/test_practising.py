"""去试一试: each entry's exercise in a sandbox of one's own, what the panel beside its pages tells, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from filings.lab.grading import attempts, guests
from filings.lab.grading.attempts import Begun
from filings.lab.grading.scripts import Player
from filings.lab.worlds import cast, planting
from filings.models import Attempt, Sandbox, Session, wall
from filings.models.sandbox import secret_digest
from filings.rules import faq
from filings.rules.dates import SHANGHAI
from filings.rules.exercises import grading, loading
from filings.rules.exercises.schema import Step
from filings.rules.words import AttemptState, Degree, Medium
from tests.web.pages import Page

pytestmark = pytest.mark.django_db


def begin(client: Client, entry: str) -> Any:
    return client.post(f"/faq/{entry}/try")


def session(client: Client) -> Session:
    token = client.cookies["sim_session"].value
    return Session.objects.select_related("sandbox", "account").get(token_digest=secret_digest(token))


def attempt_of(client: Client) -> Attempt:
    return attempts.of(session(client).sandbox)


def press(client: Client, do: str, to: str = "/enterprise", **fields: str) -> Any:
    return client.post("/practice", {"do": do, "next": to, **fields})


def go(client: Client, to: str) -> Any:
    return client.post("/practice", {"do": "forward:to", "to": to, "next": "/"})


def panel(client: Client, to: str = "/enterprise") -> Any:
    return Page(client.get(to)).find("#exercise")


def play(client: Client, steps: Sequence[Step]) -> None:
    """Do steps of a script in the client's attempt, as a program would; the test's transaction outlives the
    requests."""
    attempt = attempt_of(client)
    assert attempt.sandbox
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        Player(Begun(attempt, attempt.sandbox, "")).play(steps)
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def verdicts(shown: Any) -> list[str]:
    return [text.partition(" ")[0] for text in shown.texts(".checks li > span:last-child")]


@pytest.fixture
def opened(client: Client) -> Any:
    """`opened("first-filing", mode="exam")`: come in as the learner of a program's attempt."""

    def come_in(exercise: str, **wanted: Any) -> Begun:
        begun = attempts.begin(exercise, seed=0, **wanted)
        medium = attempts.exercise_of(begun.attempt).world.medium
        token = planting.opening_token(begun.sandbox, begun.attempt.accounts[0], medium)
        client.cookies["sim_session"] = token
        return begun

    return come_in


# ── in ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("entry", faq.ENTRIES)
def test_each_entry_is_tried_where_it_happens_by_who_meets_it(client: Client, entry: str) -> None:
    reply = begin(client, entry)
    assert reply.status_code == 303, reply.content.decode()
    where, attempt = session(client), attempt_of(client)
    case = attempts.case_of(attempt)
    exercise = loading.of_entry(entry)
    assert (attempt.exercise, attempt.mode) == (exercise.id, Degree.GUIDED)
    assert (where.account.username, where.medium) == (attempt.accounts[0], exercise.world.medium)
    assert (where.sandbox.name, where.sandbox.now()) == (f"练习 {entry}", case.began)
    shown = client.get(reply["Location"])
    told = Page(shown)
    assert shown.status_code in (200, 403), told
    assert "练习开始" in told
    beside = told.find("#exercise")
    assert case.filled(exercise.symptom) in beside
    assert case.filled(exercise.task) in beside
    assert beside.has('button[value="check"]')
    asked = {control["name"] for control in beside.all('[name^="answer."]')}
    assert asked == {f"answer.{question.id}" for question in exercise.answers}


@pytest.mark.parametrize("entry", faq.ENTRIES)
def test_nothing_tells_the_remedy_before_it_is_asked_for(client: Client, entry: str) -> None:
    exercise = loading.of_entry(entry)
    beside = Page(client.get(begin(client, entry)["Location"])).find("#exercise")
    case = attempts.case_of(attempt_of(client))
    for words in (*exercise.hints, exercise.debrief, *(check.say for check in exercise.checks)):
        assert case.filled(words) not in beside
    assert not beside.has(".passed")


def test_the_sandbox_is_ones_own_and_short_lived(client: Client) -> None:
    begin(client, "2.13")
    first = session(client).sandbox
    begin(client, "2.13")
    second = session(client).sandbox
    assert first.key != second.key
    assert (second.pinned, second.kept_hours) == (False, guests.KEPT_HOURS)


@pytest.mark.parametrize("entry", ["9.9", "x", "2.4.1"])
def test_there_is_nothing_else_to_try(client: Client, entry: str) -> None:
    assert begin(client, entry).status_code == 404
    assert not Sandbox.objects.exists()


def test_it_is_a_deed_and_needs_its_token() -> None:
    client = Client(enforce_csrf_checks=True)
    assert begin(client, "2.4").status_code == 403
    assert client.get("/faq/2.4/try").status_code == 405
    assert not Sandbox.objects.exists()


# ── how many ──────────────────────────────────────────────────────────────────────────────────────────────────────


def practices() -> list[int]:
    return list(Attempt.objects.filter(sandbox__isnull=False).order_by("id").values_list("sandbox_id", flat=True))


@pytest.mark.parametrize("limit", ["MOST", "OF_ONE"])
def test_what_is_in_use_is_never_thrown_out_and_the_longest_unused_makes_room(
    limit: str, client: Client, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox
) -> None:
    monkeypatch.setattr(guests, limit, 3)
    for entry in ("2.1", "2.2", "2.4"):
        assert begin(client, entry).status_code == 303
    made = practices()
    full = begin(client, "2.5")
    assert (full.status_code, full["Retry-After"]) == (429, "600")
    assert practices() == made
    Sandbox.objects.filter(pk=made[1]).update(used_at=wall() - guests.IN_USE)
    assert begin(client, "2.5").status_code == 303
    assert made[1] not in practices()
    assert {made[0], made[2], session(client).sandbox.pk} == {*practices()}
    assert Sandbox.objects.filter(pk=sandbox.pk).exists()


def test_one_address_takes_nothing_from_another(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guests, "OF_ONE", 1)
    assert begin(client, "2.1").status_code == 303
    assert begin(client, "2.1").status_code == 429
    assert begin(Client(REMOTE_ADDR="192.0.2.9"), "2.1").status_code == 303


def test_programs_attempts_count_for_nobody(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guests, "MOST", 1)
    program = attempts.begin("faq-2-4")
    assert begin(client, "2.1").status_code == 303
    assert Sandbox.objects.filter(pk=program.sandbox.pk).exists()


# ── checked ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_check_tells_each_sentence_with_its_verdict(client: Client) -> None:
    begin(client, "2.4")
    assert not panel(client, "/tickets").has(".checks")
    reply = press(client, "check")
    assert (reply.status_code, reply["Location"]) == (303, "/enterprise#exercise")
    told = Page(client.get("/enterprise"))
    assert "还没有完成" in told.find(".said.note")
    beside = told.find("#exercise")
    found = attempts.judge(attempt_of(client))
    assert verdicts(beside) == ["尚未"] * 4 + ["至今如此"] * 2, (
        "of what must not happen, “尚未 没有” would say the contrary"
    )
    for check in found.checks:
        assert check.say in beside


def test_a_wrong_move_is_told_with_the_sentence_that_teaches(client: Client) -> None:
    begin(client, "2.4")
    exercise = loading.of_entry("2.4")
    play(client, exercise.wrong[0].steps)
    press(client, "check")
    beside = panel(client)
    assert beside.texts(".mistakes li") == [exercise.diagnosers[0].say]
    assert "未通过" in verdicts(beside)


def test_whoever_passes_is_told_at_once_what_to_take_home(client: Client) -> None:
    begin(client, "2.4")
    exercise = loading.of_entry("2.4")
    play(client, exercise.golden)
    press(client, "check")
    told = Page(client.get("/enterprise"))
    assert "检查通过" in told.find(".said")
    passed = told.find("#exercise .passed")
    assert exercise.title in passed
    assert exercise.debrief in passed
    assert set(verdicts(told)) == {"通过"}
    assert attempt_of(client).state == AttemptState.PASSED
    client.post("/tickets", {"desk": "customs", "topic": "sync"})
    assert exercise.debrief in panel(client), "one that was passed stays so"


def test_what_happened_is_checked_at_the_next_page_and_at_no_other(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(client, "2.4")
    client.get("/enterprise")
    press(client, "check")
    assert panel(client).has(".checks")
    attempt = attempt_of(client)
    before = attempt.evaluations.count()
    client.post("/tickets", {"desk": "customs", "topic": "sync"})
    assert attempt.evaluations.count() == before
    panel(client, "/tickets")
    assert list(attempt.evaluations.order_by("n").values_list("asked", flat=True))[before:] == [False]

    def judging(*given: Any) -> Any:
        raise AssertionError("a page was judged")

    monkeypatch.setattr(grading, "grade", judging)
    monkeypatch.setattr(attempts, "grade", judging)
    assert "此后又有操作" not in panel(client, "/tickets")


def test_who_has_just_begun_is_told_of_no_check(client: Client) -> None:
    begin(client, "2.4")
    client.get("/enterprise")
    beside = panel(client)
    assert attempt_of(client).evaluations.exists(), "what was looked at was checked"
    assert "检查结果" not in beside
    assert "此后又有操作" not in beside


def test_answers_given_since_the_check_make_it_one_of_before(client: Client) -> None:
    begin(client, "1.1")
    press(client, "check")
    assert "此后又有操作" not in panel(client)
    press(client, "answer", **{f"answer.{loading.of_entry('1.1').answers[0].id}": "yes"})
    assert "此后又有操作" in panel(client)


def test_before_one_asks_no_check_says_what_there_is_to_do(client: Client) -> None:
    begin(client, "2.4")
    exercise = loading.of_entry("2.4")
    play(client, exercise.golden[:3])
    beside = panel(client, "/tickets")
    found = attempts.judge(attempt_of(client))
    yet = [check.say for check in found.checks if check.verdict is grading.Verdict.NOT_YET]
    assert yet
    assert all(say not in beside for say in yet)
    assert f"还有 {len(yet)} 项没有做到" in beside
    press(client, "check")
    assert all(say in panel(client, "/tickets") for say in yet)


def test_whoever_passes_without_asking_is_told_so(client: Client) -> None:
    begin(client, "2.4")
    play(client, loading.of_entry("2.4").golden)
    assert panel(client, "/tickets").has(".passed")
    assert attempt_of(client).state == AttemptState.PASSED


def test_an_exam_is_never_checked_by_itself(client: Client, opened: Any) -> None:
    begun = opened("faq-2-4", mode="exam")
    play(client, loading.of_entry("2.4").golden)
    assert not panel(client, "/tickets").has(".checks")
    assert not begun.attempt.evaluations.exists()


def test_a_panel_costs_one_look_up_and_other_pages_nothing(client: Client, enter: Any) -> None:
    def statements(who: Client) -> list[str]:
        who.get("/tickets")  # the first page of a login notes more
        with CaptureQueriesContext(connection) as told:
            assert who.get("/tickets").status_code == 200
        return [query["sql"] for query in told]

    begin(client, "2.4")
    press(client, "check")
    press(client, "hint")
    beside = statements(client)
    loading.catalogue.cache_clear()
    plain = statements(enter("cardless"))
    assert loading.catalogue.cache_info().currsize == 0, "an ordinary page asked for the exercises"
    assert len(beside) == len(plain) + 1
    assert [sql for sql in plain if "filings_attempt" in sql] == []


def test_what_differs_from_the_papers_is_told_with_the_paper(client: Client, opened: Any) -> None:
    begun = opened("first-filing")
    exercise = attempts.exercise_of(begun.attempt)
    play(client, exercise.wrong[2].steps)
    press(client, "check", "/filings")
    differences = attempts.judge(attempts.of(begun.sandbox)).differences
    assert [one.yours for one in differences] == ["518999"]
    assert panel(client, "/tickets").texts("table td") == [
        text for one in differences for text in (one.label, one.yours, one.document, one.where)
    ]


# ── answers ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_questions_are_answered_kept_and_judged(client: Client) -> None:
    begin(client, "1.1")
    given = {f"answer.{question.id}": "yes" for question in loading.of_entry("1.1").answers}
    reply = press(client, "answer", **given)
    assert reply["Location"] == "/enterprise#exercise"
    assert "尚未检查" in Page(client.get("/tickets"))
    beside = panel(client, "/tickets")
    assert [one["value"] for one in beside.all("input[type=radio][checked]")] == ["yes"] * len(given)
    press(client, "check")
    assert {"通过", "未通过"} <= set(verdicts(panel(client)))


def test_a_check_takes_along_what_was_answered(client: Client) -> None:
    begin(client, "1.1")
    case = attempts.case_of(attempt_of(client))
    right = case.filled(dict(loading.of_entry("1.1").golden[0].answer))
    press(client, "check", **{f"answer.{name}": value for name, value in right.items()})
    assert set(verdicts(panel(client))) == {"通过"}


def test_a_choice_and_a_text_stand_as_they_were_answered(client: Client) -> None:
    begin(client, "2.6")
    name = loading.of_entry("2.6").answers[0].id
    press(client, "answer", **{f"answer.{name}": "office_mismatch"})
    assert panel(client).value(f"answer.{name}") == "office_mismatch"
    begin(client, "2.1")
    name = next(one.id for one in loading.of_entry("2.1").answers if one.type == "text")
    press(client, "answer", **{f"answer.{name}": "<b>4700"})
    assert panel(client).value(f"answer.{name}") == "<b>4700"


@pytest.mark.parametrize("given", [{}, {"answer.A": " "}, {"answer.A": "perhaps"}, {"answer.nothing": "yes"}])
def test_no_answer_and_none_that_fits_are_told(client: Client, given: dict[str, str]) -> None:
    begin(client, "1.1")
    assert press(client, "answer", **given).status_code == 422
    assert not panel(client).has("[checked]")


# ── hints ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_hints_open_in_their_order_and_not_before_one_has_tried(client: Client) -> None:
    begin(client, "2.10")
    first, second, third = loading.of_entry("2.10").hints

    def hinted() -> list[str]:
        press(client, "hint")
        return panel(client).texts(".hints li")

    assert hinted() == [first]
    press(client, "hint")
    told = Page(client.get("/enterprise"))
    assert "请先试着做一做" in told.find(".said.note")
    assert told.texts(".hints li") == [first]
    press(client, "check")
    assert hinted() == [first, second]
    assert hinted() == [first, second], "the third comes after another check that does not pass"
    press(client, "check")
    assert hinted() == [first, second, third]
    assert not panel(client).has('button[value="hint"]')


# ── degrees ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_exam_has_no_hints_and_is_checked_once(client: Client, opened: Any) -> None:
    opened("faq-2-4", mode=Degree.EXAM)
    beside = panel(client)
    assert (beside.has('button[value="hint"]'), beside.has('button[value="check"]')) == (False, True)
    assert press(client, "hint").status_code == 403
    assert press(client, "check").status_code == 303
    beside = panel(client)
    assert beside.has(".checks")
    assert not beside.has('button[value="check"]')
    assert press(client, "check").status_code == 409


@pytest.mark.parametrize("mode", Degree.values)
def test_the_panel_says_of_which_degree_it_is(client: Client, opened: Any, mode: str) -> None:
    opened("faq-2-4", mode=mode)
    assert panel(client).texts(".degree") == [Degree(mode).label]


# ── accounts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_goes_on_as_another_account_by_password_or_card(client: Client) -> None:
    begin(client, "2.6")
    own = session(client)
    [card] = [one["value"] for one in panel(client).all("button") if one["value"].endswith(":card")]
    assert press(client, card).status_code == 303
    by_card = session(client)
    assert (by_card.account, by_card.medium) == (own.account, Medium.CARD)
    assert not Session.objects.filter(pk=own.pk).exists(), "the login before has ended"
    assert press(client, "as:clerk-b:password")["Location"] == "/enterprise"
    assert session(client).account.username == "clerk-b"
    told = Page(client.get("/enterprise"))
    assert "已切换账户" in told
    assert told.texts("#exercise .here") == ["当前 · 账号密码"]


def test_from_a_page_about_one_filing_one_is_led_home(client: Client) -> None:
    where = begin(client, "1.4")["Location"]
    shown = Page(client.get(where))
    switching = next(form for form in shown.forms if any(value.startswith("as:") for _, value in form.buttons))
    assert switching.fields["next"] == "/"
    assert all(form.fields["next"] == where for form in shown.forms if "next" in form.fields and form is not switching)


@pytest.mark.parametrize("who", ["clerk-z:password", "clerk-b:card", "clerk-b:key", "clerk-b", "card:password", ""])
def test_nobody_else_is_to_be_had(client: Client, who: str) -> None:
    begin(client, "2.6")
    before = session(client)
    assert press(client, f"as:{who}").status_code == 404
    assert session(client) == before


def test_a_pin_that_was_changed_hinders_nobody_but_a_card_that_ended_does(client: Client) -> None:
    begin(client, "2.6")
    press(client, "as:clerk-a:card")
    client.post("/cards/1/pin", {"old_pin": "88888888", "new_pin": "24681357", "again": "24681357"})
    press(client, "as:clerk-a:password")
    assert press(client, "as:clerk-a:card").status_code == 303
    press(client, "as:clerk-a:password")
    client.post("/cards/1/cancel")
    assert press(client, "as:clerk-a:card").status_code == 401
    assert session(client).medium == Medium.PASSWORD


def test_whoever_logs_out_comes_to_the_login_of_that_world(client: Client, enter: Any) -> None:
    begin(client, "2.3")
    key = session(client).sandbox.key
    assert client.post("/logout")["Location"] == f"/login?sandbox={key}"
    assert enter("cardless").post("/logout")["Location"] == "/login"


def test_an_account_registered_in_it_has_the_panel_too(client: Client) -> None:
    begin(client, "2.3")
    case, key = attempts.case_of(attempt_of(client)), session(client).sandbox.key
    who = {"sandbox": key, "username": "qiye-01", "password": "Yanlian-2021"}
    client.post("/register", who | {"user_type": "enterprise", "display_name": "甲", "uscc": case.firms["A"].uscc})
    client.post("/login", who | {"medium": "password"})
    client.post("/filings/new?kind=registration", {"kind": "registration", "filing_mode": "self", "do": "save"})
    press(client, "check")
    assert set(verdicts(panel(client))) == {"通过"}
    assert panel(client).has('button[value="as:clerk-a:password"]')


# ── clock ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_time_passes_at_a_button_and_one_stays_where_one_was(client: Client) -> None:
    begin(client, "2.4")
    client.post("/tickets", {"desk": "customs", "topic": "sync"})
    assert "企业未注册成功" in Page(client.get("/enterprise"))
    reply = press(client, "forward:PT1H")
    assert (reply.status_code, reply["Location"]) == (303, "/enterprise")
    told = Page(client.get("/enterprise"))
    assert "时钟已快进" in told
    assert "正常" in told.texts("span")
    assert press(client, "forward:PT1M", "https://evil.example/")["Location"] == "/"
    assert press(client, "forward:P1000Y").status_code == 404


def test_the_clock_goes_to_a_day_or_a_moment_and_not_back(client: Client) -> None:
    begin(client, "2.13")
    go(client, "2025-07-01")
    assert session(client).sandbox.now() == datetime(2025, 7, 1, tzinfo=SHANGHAI)
    assert go(client, "2025-06-30").status_code == 422
    wrong = go(client, "7月1日")
    assert wrong.status_code == 422
    assert "2021-12-01 09:00" in Page(wrong)
    go(client, "2025-07-01 09:30")
    assert session(client).sandbox.now() == datetime(2025, 7, 1, 9, 30, tzinfo=SHANGHAI)
    assert go(client, "9999-12-31").status_code == 422


# ── out ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def log_in(client: Client, sandbox: Sandbox) -> str:
    client.post(
        "/login", {"sandbox": sandbox.key, "medium": "password", "username": "cardless", "password": cast.PASSWORD}
    )
    return client.cookies["sim_session"].value


def test_afterwards_one_is_who_one_was(client: Client, sandbox: Sandbox) -> None:
    token = log_in(client, sandbox)
    begin(client, "2.10")
    begin(client, "2.5")
    tried = session(client).sandbox
    reply = press(client, "end")
    assert (reply.status_code, reply["Location"]) == (303, "/faq/2.5")
    assert client.cookies["sim_session"].value == token
    assert not Sandbox.objects.filter(pk=tried.pk).exists()
    assert "练习已结束" in Page(client.get("/faq/2.5"))
    assert "云帆演练 经办人" in Page(client.get("/"))


def test_from_a_programs_exercise_one_comes_back_to_it(client: Client, opened: Any) -> None:
    begun = opened("faq-2-4")
    begin(client, "2.5")
    press(client, "end")
    assert session(client).sandbox == begun.sandbox


def test_who_was_nobody_is_nobody_again(client: Client) -> None:
    begin(client, "2.5")
    press(client, "end")
    assert client.get("/")["Location"] == "/login?next=%2F"


def test_what_was_done_outlives_its_world_and_merely_coming_in_does_not(client: Client) -> None:
    begin(client, "2.5")
    press(client, "end")
    assert not Attempt.objects.exists()
    begin(client, "2.4")
    press(client, "check")
    press(client, "end")
    assert Attempt.objects.get().state == AttemptState.ABANDONED


def test_a_programs_attempt_is_ended_by_no_page(client: Client, opened: Any) -> None:
    begun = opened("faq-2-4")
    assert not panel(client).has('button[value="end"]')
    assert press(client, "end").status_code == 404
    assert Sandbox.objects.filter(pk=begun.sandbox.pk).exists()


def test_in_no_other_sandbox_is_anything_to_be_done(client: Client, sandbox: Sandbox) -> None:
    log_in(client, sandbox)
    assert not Page(client.get("/")).has("#exercise")
    for do in ("end", "forward:PT1H", "check", "hint", "answer", "as:card:password", "nothing"):
        assert press(client, do).status_code == 404
    assert Sandbox.objects.get(pk=sandbox.pk).now() == sandbox.now()
    assert client.post("/logout").status_code == 303
    assert press(client, "end").status_code == 302


def test_a_world_that_was_replaced_has_no_panel(client: Client) -> None:
    begin(client, "2.4")
    where = session(client).sandbox
    attempts.rows.close(where)
    assert not Page(client.get("/enterprise")).has("#exercise")
    assert press(client, "check").status_code == 404


# ── papers ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_papers_of_the_exercise_are_shown_to_who_is_at_it(client: Client, opened: Any) -> None:
    begun = opened("first-filing")
    assert panel(client, "/tickets").link("查看材料包") == "/papers"
    case = attempts.case_of(begun.attempt)
    assert case.client
    told = Page(client.get("/papers"))
    documents = attempts.documents(begun.attempt)
    assert told.texts("article.paper h2") == [paper.title for paper in documents]
    assert told.texts("article.paper dd") == [field.value for paper in documents for field in paper.fields]
    assert case.firms["G"].name_cn in told, "the letter names the agent"
    assert told.link("下载材料包（PDF）") == "/papers.pdf?disposition=attachment"
    file = client.get("/papers.pdf?disposition=attachment")
    assert file["Content-Type"] == "application/pdf"
    assert file.content.startswith(b"%PDF-")


def test_elsewhere_there_are_none(client: Client, enter: Any) -> None:
    begin(client, "2.4")
    assert not panel(client).has('a[href="/papers"]')
    for who in (client, enter("card")):
        for address in ("/papers", "/papers.pdf"):
            assert who.get(address).status_code == 404
    assert Client().get("/papers")["Location"] == "/login?next=%2Fpapers"
