"""The language of the trail: whatever happens, falls due or is refused has a name, words for people and a declared
payload."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from filings.models import Filing, proofs
from filings.rules import scenarios, webhooks
from filings.rules.events import ANSWERS, ARRIVALS, DUE_WORDS, IN_WORDS, PAYLOADS, Due, EventName, Verb
from filings.rules.words import Status

HAN = re.compile(r"[\u4e00-\u9fff]+")


@pytest.mark.parametrize("name", [*EventName, *Verb, *Due])
def test_each_has_words_for_people(name: EventName | Verb | Due) -> None:
    assert HAN.search(name.label)


def test_each_event_and_each_thing_due_declares_what_it_tells() -> None:
    assert set(PAYLOADS) == set(EventName)
    assert set(DUE_WORDS) == set(Due)


def test_a_deed_and_what_falls_due_are_never_called_the_same() -> None:
    assert len(IN_WORDS) == len(Verb) + len(Due)


def test_the_steps_of_a_filing_are_verbs_with_the_same_words() -> None:
    for edge in Filing.edges():
        assert Verb(edge["action"]).label == edge["label"]
    assert set(ANSWERS) == set(scenarios.ARRIVES)


def test_a_filing_arrives_in_each_status_by_one_event() -> None:
    assert list(ARRIVALS.values()) == list(Status)
    assert list(webhooks.EVENTS) == [name.value for name in ARRIVALS][1:]


@pytest.mark.parametrize(
    ("name", "data", "fits"),
    [
        ("card.issued", {"type": "operator"}, True),
        ("card.issued", {}, False),
        ("card.issued", {"type": "bishop"}, False),
        ("card.issued", {"type": "operator", "pin": "88888888"}, False),
        ("refused", {"verb": "declare", "code": "not_found", "faq": None}, True),
        ("refused", {"verb": "POST /filings", "code": "not_found", "faq": None}, False),
        ("filing.saved", {"kind": "change", "filing_mode": "self", "status": "draft"}, True),
        (
            "filing.saved",
            {
                "kind": "change",
                "filing_mode": "self",
                "status": "draft",
                "fields": [{"name": "x", "old": None, "new": "a"}],
            },
            True,
        ),
        (
            "filing.saved",
            {"kind": "change", "filing_mode": "self", "status": "draft", "fields": [{"name": "x", "content": "a"}]},
            False,
        ),
        ("mirror.synced", {"source": "mirror", "changed": ["content"]}, True),
        ("mirror.synced", {"source": "wall", "changed": []}, False),
        ("certificate.issued", {"n": True}, False),
    ],
)
def test_an_event_tells_what_is_declared_and_nothing_else(name: str, data: dict[str, Any], fits: bool) -> None:
    if fits:
        proofs.event_data(data, name)
        return
    with pytest.raises(ValidationError):
        proofs.event_data(data, name)
    assert name in PAYLOADS
