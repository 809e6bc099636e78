"""An exercise that is written wrongly is not used: file, line, and what is wrong there are told."""

from __future__ import annotations

import re

import pytest

from filings.rules.exercises.loading import HERE, WrongExercise, catalogue, read

FILE = "faq-2-10.yaml"
RIGHT = (HERE / FILE).read_text("utf-8")
QUESTIONS = "faq-1-1.yaml"

SPOILT: dict[str, tuple[str, str, str, str]] = {
    # what is taken out, what is put in its place, where it is told (by words of that line), and what is said
    "an unknown member": ("minutes: 6", "minuets: 6", "minuets", "minuets"),
    "an unknown member of a check": ("  - id: declared\n", "  - id: declared\n    sya: x\n", "sya: x", "sya"),
    "an unknown member of a firm": ("A: {}", "A: {carb: true}", "A: {carb", "carb"),
    "a member that is missing": ("title: 上级单位关系必填：黄色的输入框\n", "", "id: faq-2-10", "title"),
    "a key twice": ("task: 为", "symptom: x\ntask: 为", "symptom: x", "“symptom” stands here twice"),
    "a tab": ("world:\n", "world:\n\tclock: x\n", "\tclock", "cannot start any token"),
    "no end of a text": ('faq: ["2.10"]', 'faq: ["2.10]', "day: [", "did not find expected ',' or ']'"),
    "nothing at all": (RIGHT, "", "", "Expected `object`"),
    "a list": (RIGHT, "- x\n", "- x", "Expected `object`"),
    "a word for a number": ("minutes: 6", "minutes: six", "minutes: six", "Expected `int`, got `str`"),
    "a number for a text": (
        "say: 页面异常的那份草稿，已按应有的办法处理",
        "say: 7",
        "say: 7",
        "Expected `str`, got `int`",
    ),
    "a wrong type in the last check": (
        "path: parent_relation, known: false",
        "path: parent_relation, known: no",
        "path: parent_relation, known: no",
        "Expected `bool",
    ),
    "two hints": ("  - 打开这份草稿，", "  # ", "hints:", "length 3"),
    "another id than the file's": ("id: faq-2-10\n", "id: faq-2-11\n", "id: faq-2-11", "must be named faq-2-11.yaml"),
    "an entry that is not": ('faq: ["2.10"]', 'faq: ["2.21"]', "2.21", "there is no entry 2.21"),
    "no entry": ('faq: ["2.10"]', "faq: []", "faq: []", "at least one entry"),
    "no firm": ("firms:\n    A: {}", "firms: {}", "firms: {}", "at least one firm"),
    "a firm that is not": (
        "{name: stale_form, firm: A}",
        "{name: stale_form, firm: B}",
        "stale_form, firm: B",
        "there is no firm B",
    ),
    "a firm that is not, in a script": (
        "  - delete: /filings/$draft\n  - post: /filings\n    body: {kind: registration, filing_mode: self}",
        "  - {delete: /filings/$draft, firm: C}\n  - post: /filings\n    body: {kind: registration, filing_mode: self}",
        "firm: C}",
        "there is no firm C",
    ),
    "a place that is not": ("A: {}", 'A: {place: "440399"}', "440399", "440399"),
    "a card by nothing chosen": ("A: {}", "A: {card: $dya}", "A: {card", "a name that vary chooses for"),
    "a situation and a filing": (
        "- situation: {name: stale_form, firm: A}",
        "- situation: {name: stale_form, firm: A}\n      filing: {firm: A}",
        "- situation",
        "exactly one of",
    ),
    "a name of what has no number": (
        "- situation: {name: stale_form, firm: A}",
        "- market: {firm: A, facts: {}}",
        "name: draft",
        "only a filing has a name",
    ),
    "nothing to choose from": (
        'day: ["2021-12-01T09:00:00+08:00", "2021-11-16T10:30:00+08:00", "2022-01-12T14:00:00+08:00"]',
        "day: []",
        "day: []",
        "nothing to choose from",
    ),
    "a name no name can be": ("vary:\n", "vary:\n  day-of: [x]\n", "day-of", "is no name"),
    "a name that means anything": ("vary:\n", "vary:\n  any: [x]\n", "  any: [x]", "is no name"),
    "two checks of one name": ("- id: honest", "- id: deleted", "  - id: deleted", "two checks are called deleted"),
    "no operator": (
        "    exists: {event: filing.deleted, firm: $A, data: {stale_form: true}}\n  - id: declared",
        "  - id: declared",
        "- id: deleted",
        "exactly one of state, payload",
    ),
    "two operators": (
        "    exists: {event: filing.deleted, firm: $A, data: {stale_form: true}}\n  - id: declared",
        "    exists: {event: filing.deleted}\n    absent: {event: filing.deleted}\n  - id: declared",
        "- id: deleted",
        "exactly one of state, payload",
    ),
    "two comparisons": (
        "path: parent_relation, known: false",
        "path: parent_relation, known: false, eq: x",
        "eq: x",
        "exactly one of eq",
    ),
    "no comparison": (
        "path: parent_relation, known: false",
        "path: parent_relation",
        "path: parent_relation}",
        "exactly one of eq",
    ),
    "agreement with no papers": (
        "path: parent_relation, known: false",
        "agrees: true",
        "agrees: true",
        "no firm has papers",
    ),
    "a count of nothing": (
        "exists: {event: filing.deleted, firm: $A, data: {stale_form: true}}",
        "count: {of: {event: filing.deleted}}",
        "count: {of",
        "at_least or at_most",
    ),
    "an event there is not": (
        "exists: {event: filing.deleted, firm",
        "exists: {event: filing.removed, firm",
        "filing.removed",
        "filing.removed",
    ),
    "what an event does not tell": (
        "data: {stale_form: true}}\n  - id",
        "data: {stale: true}}\n  - id",
        "stale: true",
        "filing.deleted tells no stale; it tells kind, filing_mode, status, stale_form",
    ),
    "what a row of an event does not tell": (
        "fields: {name: parent_relation}",
        "fields: {field: parent_relation}",
        "fields: {field",
        "filing.saved tells no field",
    ),
    "a word that is none of those told": (
        "exists: {event: filing.deleted, firm: $A, data: {stale_form: true}}",
        "exists: {event: filing.deleted, data: {filing_mode: agnet}}",
        "agnet",
        "agnet is none of",
    ),
    "a refusal there is not": (
        "exists: {event: filing.deleted, firm: $A, data: {stale_form: true}}",
        "exists: {event: refused, data: {code: not_hear}}",
        "not_hear",
        "there is no refusal not_hear",
    ),
    "an actor there is not": (
        "exists: {event: filing.deleted, firm: $A",
        "exists: {event: filing.deleted, actor: student",
        "student",
        "student",
    ),
    "a question there is not": (
        "    exists: {event: filing.deleted, firm: $A, data: {stale_form: true}}\n  - id: declared",
        "    answer: {question: q, state: now}\n  - id: declared",
        "question: q",
        "there is no question q",
    ),
    "a wrong move there is not": (
        "- id: invented_superior",
        "- id: invented_inferior",
        "invented_inferior",
        "invented_inferior",
    ),
    "a wrong move nobody notices": (
        "fires: [invented_superior]",
        "fires: [wrong_desk]",
        "wrong_desk",
        "no diagnoser notices wrong_desk",
    ),
    "a step that does two things": (
        "  - delete: /filings/$draft\n  - post: /filings\n    body: {kind: registration, filing_mode: self}",
        "  - {delete: /filings/$draft, get: /filings}\n"
        "  - post: /filings\n    body: {kind: registration, filing_mode: self}",
        "get: /filings",
        "exactly one of get, post",
    ),
    "one wrong way only": (
        RIGHT[RIGHT.index("  - name: deletes, and invents") :],
        "",
        "wrong:",
        "at least 2 wrong ways",
    ),
    "one wrong way that is noticed": (
        "  - name: deletes, and invents it all the same\n    fires: [invented_superior]",
        "  - name: deletes, and invents it all the same\n    fires: []",
        "wrong:",
        "at least 2 wrong ways",
    ),
    "a firm that is not, in a text": (
        "symptom: $A.name_cn",
        "symptom: $B.name_cn",
        "symptom:",
        "“$B.name_cn” means nothing here",
    ),
    "a fact that is not": ("symptom: $A.name_cn", "symptom: $A.nmae", "symptom:", "no fact of a firm is called nmae"),
    "a fact that is not, in what is said of a check": (
        "    say: 页面异常的那份草稿，已按应有的办法处理",
        "    say: $A.nmae",
        "say: $A.nmae",
        "no fact of a firm is called nmae",
    ),
    "a fact that is not, in a hint": ("  - 这个框平时", "  - $A.nmae", "- $A.nmae", "no fact of a firm is called nmae"),
    "what is chosen with a member it has not": (
        "clock: $day",
        "clock: $day.first",
        "clock:",
        "not every choice of day has a member first",
    ),
    "a name met by nothing": (
        "subject: $filing, data: {kind: registration}}\n      - payload",
        "subject: $fling, data: {kind: registration}}\n      - payload",
        "payload: {filing: $filing, path: parent_relation, known: false}",
        "“$filing” means nothing here",
    ),
    "a name met for nothing": (
        "exists: {event: filing.deleted, firm: $A, data",
        "exists: {event: filing.deleted, firm: $a, data",
        "- id: deleted",
        "nothing else here means the same",
    ),
    "what was not kept": (
        "  - post: /filings/$mine/declare\n\nwrong",
        "  - post: /filings/$mien/declare\n\nwrong",
        "$mien",
        "“$mien” means nothing here",
    ),
    "a filing that is not there": (
        "  - delete: /filings/$draft\n  - post: /filings\n    body: {kind: registration, filing_mode: self}\n",
        "  - delete: /filings/$drat\n  - post: /filings\n    body: {kind: registration, filing_mode: self}\n",
        "$drat",
        "“$drat” means nothing here",
    ),
    "a name in what no name is filled in": (
        "title: 上级",
        "title: $A.name_cn 上级",
        "title:",
        "“$A.name_cn” means nothing here",
    ),
    "a list of itself": ("vary:\n", "vary:\n  x: &x [*x]\n", "id: faq-2-10", "nested too deeply"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_what_is_wrong_is_told_with_file_and_line(how: str) -> None:
    old, new, told_at, words = SPOILT[how]
    assert RIGHT.count(old) >= 1, f"faq-2-10 no longer says {old!r}"
    spoilt = RIGHT.replace(old, new, 1)
    with pytest.raises(WrongExercise) as caught:
        read(spoilt, FILE)
    found = re.fullmatch(r"(\S+\.yaml):(\d+): (.*)", str(caught.value), re.DOTALL)
    assert found
    assert found[1] == FILE
    assert words in found[3], found[3]
    line = [*spoilt.splitlines(), ""][int(found[2]) - 1]
    assert told_at in line, f"told of line {found[2]}: {line}"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param("type: yes_no}", "type: choice}", "a choice has choices", id="a choice without choices"),
        pytest.param(
            "type: yes_no}", "type: yes_no, choices: [{value: x, label: x}]}", "a choice has", id="choices of no choice"
        ),
        pytest.param("type: yes_no}", "type: perhaps}", "perhaps", id="an unknown sort"),
    ],
)
def test_a_question_is_told_too(old: str, new: str, words: str) -> None:
    spoilt = (HERE / QUESTIONS).read_text("utf-8").replace(old, new, 1)
    with pytest.raises(WrongExercise, match=rf"{QUESTIONS}:\d+: .*{words}"):
        read(spoilt, QUESTIONS)


def test_checks_that_ask_for_no_deed_are_refused() -> None:
    """Whoever comes upon the right state by chance has not done it."""
    start = RIGHT.index("checks:\n")
    idle = (
        "checks:\n  - {id: a, say: x, state: {path: now, known: true}}\n"
        "  - {id: b, say: x, absent: {event: filing.declared}}\n\n"
    )
    with pytest.raises(WrongExercise, match="no check asks for a deed"):
        read(RIGHT[:start] + idle + RIGHT[RIGHT.index("diagnosers:\n") :], FILE)


def test_two_firms_with_papers_are_one_too_many() -> None:
    spoilt = RIGHT.replace("A: {}", "A: {papers: true}\n    B: {papers: true}")
    with pytest.raises(WrongExercise, match="the papers are those of one firm"):
        read(spoilt, FILE)


def test_what_looks_like_a_number_or_a_day_is_a_text() -> None:
    read_anew = read(
        RIGHT.replace("minutes: 6", "minutes: 6\nbehaviour: 2.10\n")
        .replace("behaviour: the", "call: the")
        .replace("call: POST", "# "),
        FILE,
    )
    assert read_anew.exercise.behaviour == "2.10"


def test_the_digest_is_of_the_content_and_not_of_line_ends() -> None:
    assert read(RIGHT.replace("\n", "\r\n"), FILE).digest == read(RIGHT, FILE).digest
    assert read(RIGHT.replace("minutes: 6", "minutes: 7"), FILE).digest != read(RIGHT, FILE).digest


def test_every_file_is_read_and_those_of_the_faq_come_in_its_order() -> None:
    ids = list(catalogue())
    assert ids == [
        *[name for name in ids if name.startswith("faq-")],
        *[name for name in ids if not name.startswith("faq-")],
    ]
    assert sorted(ids) == sorted(file.stem for file in HERE.glob("*.yaml"))
    entries = [tuple(map(int, name.split("-")[1:])) for name in ids if name.startswith("faq-")]
    assert entries == sorted(entries)
