"""The thirty exercises and the capstones as they are written: their words quote the document, tell no answer, and read
well in every variant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver
from msgspec import to_builtins

from filings.rules.exercises.cases import NAME, case, unfilled
from filings.rules.exercises.loading import catalogue
from filings.rules.exercises.schema import VARIANTS, Exercise, Sort
from filings.rules.faq import ENTRIES

EXERCISES = [loaded.exercise for loaded in catalogue().values()]
every = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)

CHINESE = "[—‘-”\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"


def texts(exercise: Exercise) -> Iterator[str]:
    """Everything a learner may read of it, before its names are filled in."""
    yield from (exercise.symptom, exercise.task, exercise.debrief, *exercise.hints)
    yield from (question.ask for question in exercise.answers)
    for check in exercise.checks:
        yield from (check.say, check.fail)
    yield from (diagnoser.say for diagnoser in exercise.diagnosers)


def quoted(text: str) -> list[str]:
    """What stands between quotation marks, and between none that stand within others."""
    found, depth, begin = [], 0, 0
    for n, sign in enumerate(text):
        if sign == "“":
            depth += 1
            begin = n + 1 if depth == 1 else begin
        elif sign == "”":
            depth -= 1
            if not depth:
                found.append(text[begin:n])
    return found


def values(part: Any) -> Iterator[str]:
    """Every value in what a script sends."""
    if isinstance(part, dict):
        for inner in part.values():
            yield from values(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from values(inner)
    elif part is not None and not isinstance(part, bool):
        yield str(part)


def sent(exercise: Exercise) -> Iterator[tuple[str, Any]]:
    """What the right way sends: bodies and answers."""
    for step in exercise.golden:
        yield "body", step.body
        yield "answer", step.answer


def test_each_entry_has_one_exercise_of_its_own_and_there_is_a_capstone() -> None:
    own = [exercise for exercise in EXERCISES if not exercise.capstone]
    assert [exercise.faq for exercise in own] == [[entry] for entry in ENTRIES]
    assert [exercise.id for exercise in own] == [f"faq-{entry.replace('.', '-')}" for entry in ENTRIES]
    assert "first-filing" in [exercise.id for exercise in EXERCISES if exercise.capstone]


@every
def test_the_second_hint_quotes_its_entries_word_for_word(exercise: Exercise) -> None:
    entries = [f"{ENTRIES[number].question}\n{ENTRIES[number].answer}" for number in exercise.faq]
    quotations = quoted(exercise.hints[1])
    assert quotations, "the rule is quoted"
    assert [words for words in quotations if not any(words in entry for entry in entries)] == []
    assert "常见问题 " in exercise.hints[1]
    assert exercise.capstone or all(f"常见问题 {number}" in exercise.hints[1] for number in exercise.faq)


@every
def test_no_check_tells_the_worked_step_before_the_third_hint_does(exercise: Exercise) -> None:
    """What the third hint names, to be pressed or filled, no check does, unless symptom or task themselves do."""
    asked = exercise.symptom + exercise.task
    named = re.findall("“([^“”$]{2,})”", exercise.hints[2])
    told = {word: check.say for word in named if word not in asked for check in exercise.checks if word in check.say}
    assert told == {}


@every
@pytest.mark.parametrize("seed", range(5))
def test_no_check_says_a_value_that_the_right_way_sends(exercise: Exercise, seed: int) -> None:
    known = case(exercise, seed)
    plain = {getattr(firm, fact) for firm in known.firms.values() for fact in ("uscc", "name_cn")}
    right = {value for _, part in sent(exercise) for value in values(known.filled(to_builtins(part)))} - plain
    said = [known.filled(check.say) for check in exercise.checks]
    assert [(value, say) for value in right if len(value) > 1 for say in said if value in say] == []


@every
def test_no_right_answer_is_told_by_what_is_read_before_it_is_given(exercise: Exercise) -> None:
    """An answer that was chosen for a variant is in no text; nor is the label of what it is."""
    right = [value for kind, part in sent(exercise) if kind == "answer" for value in values(to_builtins(part))]
    read = [
        exercise.symptom,
        exercise.task,
        *(question.ask for question in exercise.answers),
        *(check.say for check in exercise.checks),
        *exercise.hints[:2],
    ]
    assert [value for value in right if value.startswith("$") and any(value in text for text in read)] == []
    labels = [
        choice.label for question in exercise.answers if question.type is Sort.CHOICE for choice in question.choices
    ]
    assert [
        label for label in labels if len(label) > 2 and any(label in text for text in read[: -len(exercise.hints[:2])])
    ] == []


@every
def test_an_answer_learned_by_heart_fails_in_another_variant(exercise: Exercise) -> None:
    looked_up = {f"${name}" for step in exercise.golden for name in step.keep}
    if exercise.answers and not looked_up & {value for _, part in sent(exercise) for value in values(part)}:
        right = {
            str([case(exercise, seed).filled(to_builtins(part)) for kind, part in sent(exercise) if kind == "answer"])
            for seed in range(VARIANTS)
        }
        assert len(right) > 1


@every
def test_its_firms_are_others_in_every_variant(exercise: Exercise) -> None:
    codes = [firm.uscc for seed in range(VARIANTS) for firm in case(exercise, seed).firms.values()]
    assert len(codes) == len(set(codes))


@every
def test_every_text_is_filled_and_stands_without_blanks_beside_chinese(exercise: Exercise) -> None:
    filings = {begin.name: f"F{n:06d}" for n, begin in enumerate(exercise.world.begin) if begin.name}
    for seed in range(VARIANTS):
        known = case(exercise, seed).with_filings(filings)
        for text in texts(exercise):
            filled = known.filled(text)
            assert "$" not in filled, filled
            assert "None" not in filled, filled
            outside = re.sub("“[^”]*”", "“”", filled)
            assert not re.search(f"{CHINESE} +{CHINESE}", outside), filled


@every
def test_before_it_is_known_in_which_variant_a_text_reads_too(exercise: Exercise) -> None:
    for text in (exercise.symptom, exercise.task, *(check.say for check in exercise.checks)):
        told = unfilled(exercise, text)
        assert not NAME.search(told)
        assert not re.search(f"{CHINESE} +{CHINESE}", re.sub("“[^”]*”", "“”", told)), told


@every
def test_its_screen_is_an_address_there_is(exercise: Exercise) -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert exercise.screen.page in names


@every
def test_it_is_short_enough_to_read(exercise: Exercise) -> None:
    for text in texts(exercise):
        assert len(text) <= 400, text
    assert 1 <= exercise.minutes <= 60
    assert all(check.say for check in exercise.checks)
