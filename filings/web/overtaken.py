"""Two people at one draft: who changed it while a page of it lay open, and what of the page is laid over that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Any

from filings import desk
from filings.models import Event, Filing, Visit
from filings.record import enquiries
from filings.rules.appraisal import Problem
from filings.rules.dates import local
from filings.rules.facts import Facts
from filings.rules.kinds import KINDS
from filings.rules.reading import text
from filings.rules.sheet import Group, Rows, Sheet


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did to it: who, when, what, and the labels of what was changed."""

    who: str
    at: datetime | None
    label: str
    changed: list[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that was changed, as it is kept now and as it was typed; changed on the page (`mine`), by others
    (`theirs`), or both. `joined`: each changed parts of it that the other did not, and `typed` has them all."""

    label: str
    to: str
    kept: str
    typed: str
    mine: bool
    theirs: bool
    joined: bool


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A page whose draft was changed meanwhile. `patch` is what of it is laid over what is kept now; `faults` is what
    of that cannot be kept."""

    deeds: list[Deed]
    differences: list[Difference] = field(default_factory=list)
    patch: dict[str, Any] = field(default_factory=dict)
    faults: list[Problem] = field(default_factory=list)

    @property
    def mine(self) -> int:
        """How many fields of the page are laid over."""
        return sum(difference.mine for difference in self.differences)


def overtaken_by(visit: Visit, filing: Filing, version: int, content: Mapping[str, Any], known: Facts) -> Overtaken:
    """What happened after the version a page was drawn of, and what the page changes in that version.

    The trail keeps digests, so it is known of every field whether the page has it as it was drawn.
    """
    kind, events = KINDS[filing.kind], enquiries.since(filing, version)
    drawn_of: dict[str, str | None] = {}
    for event in events:
        for change in event.data.get("fields", ()):
            drawn_of.setdefault(change["name"], change["old"])
    appraisal = desk.appraisal_of(kind, known, filing.content, content, browser=True)
    faulty = {problem.pointer.split("/")[2] for problem in appraisal.errors if problem.pointer.startswith("/content/")}
    typed = kind.kept(known.record, appraisal.values)
    sheet, kept = kind.sheet, kind.whole(known.record, filing.content)
    found = Overtaken([_deed(visit, event, sheet) for event in events], faults=appraisal.errors)
    for name in sheet.items:
        theirs = name in drawn_of
        was = drawn_of[name] if theirs else desk.digest(filing.content.get(name))
        mine = name in content and (name in faulty or desk.digest(typed.get(name)) != was)
        joined = _by_others(filing.content.get(name), typed.get(name), was) if mine and theirs else {}
        if mine:
            found.patch[name] = content[name] | joined if joined else content[name]
        if mine or theirs:
            on_page: Any = content.get(name) if name in faulty else appraisal.values.get(name)
            on_page = on_page | joined if joined else on_page
            shown = _in_words(sheet, name, kept.get(name)), _in_words(sheet, name, on_page)
            label, to = sheet.items[name].label, _place(sheet, name)
            found.differences.append(Difference(label, to, *shown, mine, theirs, bool(joined)))
    return found


def _by_others(kept: Any, typed: Any, was: str | None) -> dict[str, Any]:
    """What others changed in a group of which the page changed other members. Of what both were made of there is a
    digest only, so every mixture of the two is tried; none is it where both changed the same."""
    if not (isinstance(kept, dict) and isinstance(typed, dict)):
        return {}
    apart = [key for key in typed | kept if typed.get(key) != kept.get(key)]
    for count in range(1, len(apart)):
        for theirs in combinations(apart, count):
            drawn = kept | {key: typed.get(key) for key in theirs}
            if desk.digest({key: value for key, value in drawn.items() if value is not None}) == was:
                return {key: kept.get(key) for key in theirs}
    return {}


def deleted(visit: Visit, public_id: str) -> Deed | None:
    """Who deleted a filing of one's own, if somebody did."""
    event = enquiries.deletion(visit, public_id)
    return _deed(visit, event, None) if event else None


def _deed(visit: Visit, event: Event, sheet: type[Sheet] | None) -> Deed:
    changed = [sheet.items[change["name"]].label for change in event.data.get("fields", ())] if sheet else []
    files = [str(event.data[how]) for how in ("attached", "detached") if how in event.data]
    return Deed(_who(visit, event), local(event.at), event.get_name_display(), changed + files)


def _who(visit: Visit, event: Event) -> str:
    """A person by name; an authority by what it is."""
    account = enquiries.actor(event)
    if account is None:
        return event.get_party_display()
    return f"{account.display_name}{'（本账户，在另一个窗口）' if account == visit.account else ''}"


def _place(sheet: type[Sheet], name: str) -> str:
    """The id of a field's box; of a group's first."""
    item = sheet.items[name]
    return f"f-{name}-{next(iter(item.fields))}" if isinstance(item, Group) else f"f-{name}"


def _in_words(sheet: type[Sheet], name: str, value: Any) -> str:
    """How a field reads in a line; rows one after another, each as its values."""
    item = sheet.items[name]
    match value, item:
        case dict(), Group():
            return _of_parts(sheet, name, value)
        case list(), Rows():
            return "；".join(_of_parts(sheet, f"{name}.0", row) for row in value)
    return text(sheet, name, value) if not isinstance(item, Group | Rows) else ""


def _of_parts(sheet: type[Sheet], at: str, values: Mapping[str, Any]) -> str:
    return "，".join(text(sheet, f"{at}.{key}", value) for key, value in values.items() if value)
