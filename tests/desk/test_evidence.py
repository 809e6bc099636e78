"""What a check may ask of the state of an exercise's world: facts that the project's own rules give."""

from __future__ import annotations

from typing import Any

import pytest

from filings.lab.grading import attempts, evidence
from filings.models import Card
from filings.rules.exercises.cases import Case, case
from filings.rules.exercises.loading import HERE, WrongExercise, catalogue, read
from filings.rules.exercises.schema import VARIANTS as VARIANTS_OF_EACH

pytestmark = pytest.mark.django_db

VARIANTS = range(4)


def begun(exercise: str, seed: int) -> tuple[Case, dict[str, Any]]:
    """The case of an attempt that has just begun, and the state of its world."""
    attempt = attempts.begin(exercise, seed=seed).attempt
    return attempts.case_of(attempt), evidence.of(attempt).state


@pytest.mark.parametrize("seed", VARIANTS)
def test_the_state_says_of_each_year_whether_it_must_be_reported(seed: int) -> None:
    """FAQ 2.11: by category, by the day of registration before the next year begins, by whether it is deregistered."""
    case, state = begun("faq-2-11", seed)
    at = case.chosen["at"]

    for firm in "ABCDEF":
        due = state["firms"][case.value(firm)]["report_due"]
        said = {year: "yes" if due[year] else "no" for year in (at["first"], at["next"])}
        assert said == {at["first"]: at[f"first_{firm.lower()}"], at["next"]: at[f"next_{firm.lower()}"]}, firm


@pytest.mark.parametrize("seed", VARIANTS)
def test_the_state_says_what_hinders_a_certificate_from_being_printed(seed: int) -> None:
    """FAQ 2.18: the category of A; of the others their standing, their category, or nothing."""
    case, state = begun("faq-2-18", seed)

    hindered = {firm: state["firms"][case.value(firm)]["print_hindrance"] for firm in "ABC"}

    assert hindered == {"A": "category", "B": case.chosen["at"]["b_is"], "C": case.chosen["at"]["c_is"]}


def test_who_is_not_registered_cannot_print_and_owes_no_report() -> None:
    case, state = begun("faq-2-12", 0)

    firm = state["firms"][case.value("A")]

    assert (firm["print_hindrance"], firm["report_due"]) == ("standing", {})


@pytest.mark.parametrize(("seed", "stands"), [(0, None), (1, "stale")])
def test_the_state_tells_what_commerce_has(seed: int, stands: str | None) -> None:
    """FAQ 2.9: nothing at all in one variant, data out of date in another."""
    case, state = begun("faq-2-9", seed)

    commerce = state["firms"][case.value("A")]["commerce"]

    assert (commerce and commerce["state"]) == stands


@pytest.mark.parametrize(("seed", "cards"), [(0, 0), (1, 1), (2, 1)])
def test_a_firm_may_have_a_card_in_some_variants_only(seed: int, cards: int) -> None:
    """FAQ 2.8: a user with a card and one without do different things."""
    attempt = attempts.begin("faq-2-8", seed=seed).attempt

    assert Card.objects.filter(sandbox=attempt.sandbox).count() == cards


def test_a_card_by_a_name_that_nothing_is_chosen_for_is_told_with_its_line() -> None:
    assert catalogue()["faq-2-8"].exercise.world.firms["A"].card == "$who.card"
    text = (HERE / "faq-2-8.yaml").read_text("utf-8").replace("card: $who.card}", "card: $whom.card}")
    line = text[: text.index("$whom.card")].count("\n") + 1

    with pytest.raises(WrongExercise, match=rf"^faq-2-8\.yaml:{line}: true, false, or a name that vary chooses for"):
        read(text, "faq-2-8.yaml")


@pytest.mark.parametrize("exercise", catalogue())
def test_no_two_firms_of_an_exercise_are_called_the_same(exercise: str) -> None:
    for seed in range(VARIANTS_OF_EACH):
        firms = case(catalogue()[exercise].exercise, seed).firms.values()
        assert len({firm.name_cn for firm in firms}) == len({firm.uscc for firm in firms}) == len(firms)


def test_the_state_says_how_the_record_of_customs_stands_whatever_is_shown() -> None:
    """FAQ 2.4, 2.15: what the single window shows may be wrong."""
    case, state = begun("mirror", 0)

    firms = [state["firms"][case.value(firm)] for firm in "ABCD"]

    assert [firm["record_standing"] for firm in firms] == ["normal", "overdue", "normal", "not_registered"]
    assert [firm["standing"] for firm in firms] == ["not_registered", "not_registered", "overdue", "not_registered"]
