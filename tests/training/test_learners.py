"""Learners: in by a name, back by a code that is told once, out again, and forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from filings import guessing, learners
from filings.lab.grading import rows
from filings.models import Attempt, Learner, Mistake, Sandbox, TrainingClass, wall
from filings.rules.refusals import CATALOGUE
from tests.training.learning import attempt_of, begin, come_in, end, learner_of, session, solve
from tests.web.pages import Page

pytestmark = pytest.mark.django_db


def code_of(client: Client) -> str:
    return Page(client.get("/learn/code")).find(".code-big").text


def back(name: str, code: str, **more: Any) -> Any:
    client = Client(**more)
    return client, client.post("/learn/come-back", {"name": name, "return_code": code})


# ── in ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_name_is_enough_and_the_code_is_told_once() -> None:
    client = come_in(" 张  演练 ")
    assert learner_of(client).name == "张 演练"
    code = code_of(client)
    assert len(code) == 6
    assert set(code) <= set(learners.LETTERS)
    assert code_of(client) == code, "until it is noted it may be read again"
    page = Page(client.get("/learn/"))
    assert "张 演练的课程" in page
    assert code not in page.source
    again = client.get("/learn/code")
    assert (again.status_code, again["Location"]) == (303, "/learn/")
    assert code not in str(Learner.objects.values())


def test_a_class_is_joined_by_its_code_however_it_is_typed() -> None:
    made = learners.open_class("三月班")
    client = come_in("李四", f"{made.code[:3].lower()} {made.code[3:]}")
    assert learner_of(client).training_class == made
    assert "三月班" in Page(client.get("/learn/"))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "必填"),
        ({"name": "  "}, "必填"),
        ({"name": "长" * 41}, "40"),
        ({"name": "一\r\n二"}, "姓名"),
        ({"name": "张", "class_code": "ZZZZZZ"}, "没有这个班级代码"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(client: Client, given: dict[str, str], words: str) -> None:
    answer = client.post("/learn/come-in", given)
    assert answer.status_code == 422
    page = Page(answer)
    assert words in page.find("#sum")
    assert given.get("class_code", "") == page.value("class_code")
    assert not Learner.objects.exists()
    assert learners.COOKIE not in client.cookies


def test_coming_in_needs_the_pages_token() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/learn/come-in", {"name": "张"}).status_code == 403
    token = Page(client.get("/learn/")).value("csrfmiddlewaretoken")
    assert client.post("/learn/come-in", {"name": "张", "csrfmiddlewaretoken": token}).status_code == 303


# ── back ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_back_on_another_machine_by_name_and_code() -> None:
    first = come_in("张三")
    code = code_of(first)
    second, answer = back("张三", f" {code.lower()} ")
    assert (answer.status_code, answer["Location"]) == (303, "/learn/")
    assert learner_of(second) == learner_of(first)
    assert "欢迎回来" in Page(second.get("/learn/"))


@pytest.mark.parametrize(("name", "code"), [("张三", "AAAAAA"), ("李四", ""), ("", "AAAAAA")])
def test_not_by_another_name_nor_by_another_code(name: str, code: str) -> None:
    real = code_of(come_in("张三"))
    client, answer = back(name, code or real)
    assert answer.status_code in (401, 422)
    assert learners.COOKIE not in client.cookies
    if answer.status_code == 401:
        assert CATALOGUE["wrong_return_code"].detail in Page(answer)


def test_two_of_a_name_are_two() -> None:
    first, second = come_in("张三"), come_in("张三")
    codes = code_of(first), code_of(second)
    assert codes[0] != codes[1]
    assert learner_of(back("张三", codes[1])[0]) == learner_of(second)


def test_whoever_guesses_waits_and_others_of_the_class_room_do_not_for_long() -> None:
    code = code_of(come_in("张三"))
    for n in range(guessing.FREE):
        assert back("张三", f"AAAAA{'ABCDE'[n]}")[1].status_code == 401
    client, answer = back("张三", code)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) <= 30
    assert learners.COOKIE not in client.cookies
    assert back("张三", code, REMOTE_ADDR="192.0.2.9")[1].status_code == 429, "the name waits, from wherever"


def test_one_who_comes_back_frees_the_others_at_the_same_address() -> None:
    code = code_of(come_in("张三"))
    for n in range(guessing.FREE - 1):
        back(f"某{n}", "AAAAAA")
    assert back("张三", code)[1].status_code == 303
    assert back("某", "AAAAAB")[1].status_code == 401
    assert back("张三", code)[1].status_code == 303


def test_a_token_that_was_tampered_with_is_none(client: Client) -> None:
    token = learners.token(learner_of(come_in()))
    for held in ("", "x", token[:-1] + ("A" if token[-1] != "A" else "B"), "L123:abc"):
        client.cookies[learners.COOKIE] = held
        assert "第一次来" in Page(client.get("/learn/"))


@pytest.mark.parametrize(
    "path",
    [
        "diary",
        "record",
        "record.json",
        "record.pdf",
        "forget",
        "code",
        "exercises/faq-2-4",
        "attempts/A0000000000000000",
    ],
)
def test_who_is_not_known_comes_to_the_door(client: Client, path: str) -> None:
    answer = client.get(f"/learn/{path}")
    assert (answer.status_code, answer["Location"]) == (303, "/learn/")


# ── out ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_leaving_ends_the_login_of_the_exercise_too() -> None:
    client = come_in()
    begin(client, "faq-2-4")
    login = session(client)
    assert client.post("/learn/leave").status_code == 303
    assert not type(login).objects.filter(pk=login.pk).exists()
    assert "第一次来" in Page(client.get("/learn/"))
    assert client.get("/enterprise").status_code == 302


def test_leaving_gives_back_the_login_one_had(client: Client, enter: Any) -> None:
    client = enter("card", "card_token")
    before = client.cookies["sim_session"].value
    client.post("/learn/come-in", {"name": "张"})
    begin(client, "faq-2-4")
    assert client.cookies["sim_session"].value != before
    client.post("/learn/leave")
    assert client.cookies["sim_session"].value == before


def test_forgotten_after_asking_with_all_that_was_recorded() -> None:
    client, other = come_in("张三"), come_in("李四")
    solve(other, "faq-2-10")
    done, going = solve(client, "faq-2-10"), begin(client, "faq-2-4")
    end(client, done)
    key = learner_of(client).key
    assert "删除 张三 的全部记录" in Page(client.get("/learn/forget"))
    assert Attempt.objects.filter(learner=key).count() == 2
    assert client.post("/learn/forget").status_code == 303
    assert not Learner.objects.filter(key=key).exists()
    assert not Attempt.objects.filter(learner=key).exists()
    assert not Sandbox.objects.filter(key=going.sandbox_key).exists()
    assert not Mistake.objects.filter(learner__key=key).exists()
    assert "全部删除" in Page(client.get("/learn/"))
    assert Attempt.objects.filter(learner=learner_of(other).key).count() == 1


def test_who_was_not_seen_for_long_is_forgotten_and_attempts_stay_as_long_as_their_learner() -> None:
    client, gone = come_in("张三"), come_in("李四")
    for one in (client, gone):
        end(one, solve(one, "faq-2-10"))
    Attempt.objects.update(ended_at=wall() - rows.KEPT - timedelta(days=1))
    rows.forget_old()
    assert Attempt.objects.count() == 2
    Learner.objects.filter(key=learner_of(gone).key).update(seen_at=wall() - learners.KEPT - timedelta(days=1))
    learners.forget_old()
    assert list(Learner.objects.values_list("name", flat=True)) == ["张三"]
    assert Attempt.objects.get().learner == learner_of(client).key


def test_a_class_that_goes_leaves_its_learners() -> None:
    made = learners.open_class("三月班")
    client = come_in("张三", made.code)
    TrainingClass.objects.all().delete()
    assert learner_of(client).training_class is None


def test_a_learner_is_no_account_of_any_sandbox() -> None:
    client = come_in()
    assert client.get("/").status_code == 302
    begin(client, "faq-2-4")
    assert attempt_of(client).accounts == ["clerk-a", "clerk-b"]
