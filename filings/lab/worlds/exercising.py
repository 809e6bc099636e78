"""The world of an exercise, planted: built once by its steps in each variant, and from then on from its rows."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import date, timedelta
from threading import Lock
from typing import Any, NamedTuple

from django.utils.dateparse import parse_duration

from filings.customs.sync import sync
from filings.lab.worlds import books, fixtures, planting, rows
from filings.lab.worlds.situations import SITUATIONS
from filings.models import Enterprise, Sandbox
from filings.rules.exercises.cases import Case, case
from filings.rules.exercises.loading import catalogue
from filings.rules.exercises.schema import Begin, Exercise, Firm
from filings.rules.naming import nearest
from filings.rules.refusals import Refusal
from filings.rules.words import UserType

KEPT = 60
"""How many worlds are kept ready. Ours."""


class _Ready(NamedTuple):
    """A world's rows, its counters, and the numbers of its filings."""

    tables: rows.Tables
    counters: dict[str, int]
    filings: dict[str, str]


_READY: OrderedDict[tuple[str, int], _Ready] = OrderedDict()
_LOCK = Lock()
_COUNTERS = ("events_taken", "serials_taken", "filings_held")


def exercise_of(name: str) -> Exercise:
    """An exercise by its id. Raises 404."""
    known = catalogue()
    if name not in known:
        raise Refusal("unknown_exercise", f"没有名为“{name[:60]}”的练习", extra={"nearest": nearest(name, known)})
    return known[name].exercise


def case_of(exercise: str, seed: int) -> Case:
    """An exercise in the variant of a seed. Raises 404."""
    return case(exercise_of(exercise), seed)


def plant(sandbox: Sandbox) -> tuple[Case, list[str]]:
    """Put a sandbox, whose world is empty, at the beginning of its exercise.

    Returns the case with its filings, and the accounts that are the learner's.
    """
    begun = case_of(sandbox.exercise, sandbox.seed)
    key = (catalogue()[sandbox.exercise].digest, begun.variant)
    with _LOCK:
        ready = _READY.get(key)
    if ready is None:
        filings = _build(sandbox, begun)
        sandbox.read_anew()
        counters = {name: getattr(sandbox, name) for name in _COUNTERS}
        ready = _Ready(rows.ready(rows.read(sandbox)), counters, filings)
        with _LOCK:
            _READY[key] = ready
            while len(_READY) > KEPT:
                _READY.popitem(last=False)
    else:
        rows.write(rows.placed(sandbox, ready.tables))
        for name, count in ready.counters.items():
            setattr(sandbox, name, count)
        sandbox.save(update_fields=_COUNTERS)
    planting.open_sessions(sandbox)
    accounts = [username(name) for name, firm in begun.exercise.world.firms.items() if firm.account]
    return begun.with_filings(ready.filings), accounts


def username(firm: str) -> str:
    """The account of a firm of the exercise."""
    return f"clerk-{firm.lower()}"


def _build(sandbox: Sandbox, begun: Case) -> dict[str, str]:
    """Build a world step by step. Returns the numbers of its filings, by name."""
    firms = {name: _firm(sandbox, begun, name, firm) for name, firm in begun.exercise.world.firms.items()}
    filings: dict[str, str] = {}
    for begin in begun.exercise.world.begin:
        number = _begin(sandbox, begun, firms, begin)
        if begin.name and number:
            filings[begin.name] = number
    return filings


def _firm(sandbox: Sandbox, begun: Case, name: str, firm: Firm) -> Enterprise:
    who = begun.firms[name]
    as_it_is = firm.papers or not (firm.category or firm.ledger)
    market = {what: value for what, value in who.market().items() if what != "uscc"} if as_it_is else None
    made = fixtures.enterprise(
        sandbox,
        uscc=who.uscc,
        name_cn=who.name_cn,
        in_qianhai=who.in_qianhai,
        category=begun.filled(firm.category) or None,
        market=_with_days(market) if market else None,
        **_with_days(begun.filled(firm.ledger)),
    )
    if firm.account:
        account = fixtures.new_account(
            sandbox,
            None if firm.personal else made,
            username=username(name),
            display_name=f"{who.name_cn} 经办人"[:100],
            role=name,
            user_type=UserType.PERSONAL if firm.personal else UserType.ENTERPRISE,
        )
        if begun.filled(firm.card):
            fixtures.new_card(account)
    return made


def _begin(sandbox: Sandbox, begun: Case, firms: dict[str, Enterprise], begin: Begin) -> str:
    """Do one step. Returns the number of the filing that it made, if it made one."""
    if begin.situation:
        changed = SITUATIONS[begun.filled(begin.situation.name)].enter(sandbox, firms[begin.situation.firm])
        return str((changed.get("filings") or [""])[0])
    if wanted := begin.filing:
        sheet = {} if wanted.kind in fixtures.CONTENT else begun.firms[wanted.firm].content()
        made = fixtures.filing(
            sandbox,
            kind=wanted.kind,
            state=begun.filled(wanted.state),
            uscc=firms[wanted.firm].uscc,
            agent=firms[wanted.agent].uscc if wanted.agent else "",
            age=parse_duration(begun.filled(wanted.age)) or timedelta(),
            scenario=begun.filled(wanted.scenario),
            content=sheet | begun.filled(wanted.content),
            only_told=bool(wanted.content),
            **({"reason_code": begun.filled(wanted.reason_code)} if wanted.reason_code else {}),
        )
        return made.public_id
    if begin.mandate:
        until = begun.filled(begin.mandate.valid_to)
        ends = date.fromisoformat(until) if until else None
        fixtures.mandate(firms[begin.mandate.principal], firms[begin.mandate.agent], valid_to=ends)
    if begin.seal:
        ago = parse_duration(begun.filled(begin.seal.ago)) or timedelta()
        fixtures.seal_certificate(sandbox, uscc=firms[begin.seal.firm].uscc, ago=ago)
    if begin.record:
        _on_record(sandbox, firms[begin.record.firm], begun.filled(begin.record.facts))
    if begin.market:
        books.lay_market(sandbox, firms[begin.market.firm].uscc, _with_days(begun.filled(begin.market.facts)))
    return ""


def _on_record(sandbox: Sandbox, about: Enterprise, facts: Mapping[str, Any]) -> None:
    books.lay(sandbox, about.uscc, _with_days(facts))
    sync(sandbox, sandbox.now(), about.uscc)


def _with_days(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of a record with their days as days: a file has only texts."""
    return {
        name: date.fromisoformat(value) if name.endswith(_DAYS) and isinstance(value, str) else value
        for name, value in facts.items()
    }


_DAYS = ("_on", "_until")
