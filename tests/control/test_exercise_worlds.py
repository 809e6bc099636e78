"""The worlds of exercises: what stands at their beginning, and how their scripts are played."""

from datetime import date, timedelta

import pytest

from filings.lab.grading import attempts, evidence, gate
from filings.lab.grading.scripts import Broken, Player
from filings.models import Account, Mandate, SealCertificate
from filings.rules.dates import local_date
from filings.rules.exercises import loading
from filings.rules.exercises.schema import Step
from filings.rules.words import UserType

pytestmark = pytest.mark.django_db(transaction=True)

SEEDS = (0, 1, 0)
"""The last is planted from the rows of the first."""


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seal_certificate_is_as_old_as_the_exercise_says(seed: int) -> None:
    begun = attempts.begin("faq-1-6", seed=seed)
    ago = timedelta(minutes=12) if seed == 0 else timedelta(minutes=59, seconds=59)
    assert begun.sandbox.now() - SealCertificate.objects.get(sandbox=begun.sandbox).issued_at == ago


@pytest.mark.parametrize("seed", SEEDS)
def test_a_personal_account_belongs_to_no_enterprise(seed: int) -> None:
    begun = attempts.begin("faq-2-3", seed=seed)
    account = Account.objects.get(sandbox=begun.sandbox)
    assert (account.username, account.user_type, account.enterprise) == ("clerk-a", UserType.PERSONAL, None)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_registration_is_filled_in_as_its_firm_is(seed: int) -> None:
    begun = attempts.begin("faq-1-4", seed=seed)
    state = evidence.state(begun.sandbox)
    for name, filing in (("A", "first"), ("B", "second")):
        about = attempts.case_of(begun.attempt).firms[name]
        sheet = state["filings"][begun.attempt.filings[filing]]["content"]
        assert (sheet["address_cn"], sheet["district"]) == (about.address_cn, about.district)
        assert state["firms"][about.uscc]["in_qianhai"] == about.in_qianhai
    assert [state["firms"][firm]["in_qianhai"] for firm in state["firms"]] == [seed == 1, seed == 0]


def test_who_may_print_is_told_by_category_and_standing() -> None:
    begun = attempts.begin("faq-1-10", seed=0)
    categories = {firm["customs"]["categories"][0]: firm["may_print"] for firm in _firms(begun)}
    assert categories.pop("00010000") is False
    assert set(categories.values()) == {True}
    assert len(categories) == 5
    assert not any(firm["may_print"] for firm in _firms(attempts.begin("faq-2-3", seed=0)))


def test_a_step_may_act_by_a_login_that_was_kept() -> None:
    begun = attempts.begin("faq-2-3", seed=0)
    registering, logging_in, filing = loading.catalogue()["faq-2-3"].exercise.golden
    Player(begun).play([registering, logging_in, filing])
    assert [each["firm"] for each in evidence.state(begun.sandbox)["filings"].values()] == [_firm_a(begun)]
    with pytest.raises(Broken, match="403"):
        Player(begun).play([Step(post="/filings", body={"kind": "registration"})])


def test_looking_about_may_be_refused() -> None:
    begun = attempts.begin("faq-2-3", seed=0)
    Player(begun, looking=gate.READS).play(loading.catalogue()["faq-2-3"].exercise.golden)
    assert attempts.judge(attempts.of(begun.sandbox)).passed


def test_a_place_that_is_none_is_told_with_its_line() -> None:
    text = (loading.HERE / "faq-2-3.yaml").read_text("utf-8").replace("place: $at.place", 'place: "440199"')
    line = next(n for n, words in enumerate(text.splitlines(), 1) if "440199" in words)
    with pytest.raises(loading.WrongExercise, match=f"faq-2-3.yaml:{line}: .*440199"):
        loading.read(text, "faq-2-3.yaml")


@pytest.mark.parametrize("seed", range(5))
def test_what_was_chosen_may_name_firms_and_filings(seed: int) -> None:
    begun = attempts.begin("four-stuck", seed=seed)
    case, filings = attempts.case_of(begun.attempt), evidence.state(begun.sandbox)["filings"]
    roles = {"drafted": "draft", "transit": ("declared", "sent"), "unseen": "stored"}
    for role, stands in roles.items():
        number = case.value("at", role)
        assert filings[number]["status"] in stands
        assert filings[number]["firm"] == case.value("at", f"{role}_firm")
        assert case.value(case.firm_of(f"$at.{role}_firm")) == filings[number]["firm"]


@pytest.mark.parametrize("seed", range(5))
def test_a_mandate_may_have_ended(seed: int) -> None:
    begun = attempts.begin("agent-filing", seed=seed)
    case, today = attempts.case_of(begun.attempt), local_date(begun.sandbox.now())
    ends = dict(Mandate.objects.filter(sandbox=begun.sandbox).values_list("principal__uscc", "valid_to"))
    assert (ends[case.value("X")], ends[case.value("S")]) == (None, None)
    assert ends[case.value("P")] == date.fromisoformat(case.value("at", "ended")) < today


@pytest.mark.parametrize("seed", range(5))
def test_the_market_register_has_a_firm_that_is_nowhere_else_as_it_is(seed: int) -> None:
    begun = attempts.begin("agent-filing", seed=seed)
    case, firms = attempts.case_of(begun.attempt), evidence.state(begun.sandbox)["firms"]
    for letter in "XPS":
        who, market = case.firms[letter], firms[case.value(letter)]["market"]
        assert (market["name_cn"], market["address_cn"]) == (who.name_cn, who.address_cn)


@pytest.mark.parametrize("seed", range(5))
def test_a_change_says_what_it_is_told_to_and_no_more(seed: int) -> None:
    begun = attempts.begin("four-stuck", seed=seed)
    case, state = attempts.case_of(begun.attempt), evidence.state(begun.sandbox)
    assert list(state["filings"][case.filings["change"]]["content"]) == [case.value("at", "field")]


@pytest.mark.parametrize("word", ["$E", "$on.firm", "E"])
def test_a_step_by_a_firm_that_is_none_is_told_with_its_line(word: str) -> None:
    text = (loading.HERE / "four-stuck.yaml").read_text("utf-8").replace("firm: $at.transit_firm\n", f"firm: {word}\n")
    line = next(n for n, words in enumerate(text.splitlines(), 1) if words.endswith(f"firm: {word}"))
    with pytest.raises(loading.WrongExercise, match=f"four-stuck.yaml:{line}: there is no firm"):
        loading.read(text, "four-stuck.yaml")


def _firms(begun: attempts.Begun) -> list[dict[str, object]]:
    return list(evidence.state(begun.sandbox)["firms"].values())


def _firm_a(begun: attempts.Begun) -> str:
    return attempts.case_of(begun.attempt).firms["A"].uscc
