"""Platform, customs and the commerce authorities at work on filings: each acts by a visit of its own through the same
door as anybody else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from filings import desk
from filings.customs.inspection import inspection
from filings.customs.returning import after_approval
from filings.models import Filing, Sandbox, Visit, authority
from filings.rules.events import Verb
from filings.rules.kinds import KINDS
from filings.rules.refusals import Refusal
from filings.rules.roads import Road
from filings.rules.scenarios import ARRIVES, REASONS
from filings.rules.words import Party, Status


def act(
    sandbox: Sandbox,
    public_id: str,
    verb: str,
    now: datetime,
    *,
    by_hand: bool = False,
    if_match: desk.Versions = None,
    read: Callable[[], Mapping[str, Any]] = dict,
    **words: Any,
) -> Filing:
    """Take one authority's step at a moment. An approval by customs is followed by the return of USD amounts and the
    sync.

    A rejection takes `reason_code`, and fills `public_comment` and `internal_comment` from it unless they are given;
    what is still to be read of its words gives `read`, once the step may be taken.
    """
    filing = desk.find(authority(sandbox, Party.CUSTOMS, now), public_id)
    party = filing.hand(verb)
    visit = authority(sandbox, party, now, by_hand=by_hand)
    taken = desk.take(visit, filing, verb, if_match)
    if verb == Verb.REJECT:
        words = rejection(**words, **read())
    returning = verb == Verb.APPROVE and party is Party.CUSTOMS
    then = partial(after_approval, sandbox, taken.enterprise.uscc, now) if returning else None
    return desk.perform(visit, taken, verb, then=then, **words)


def reply(sandbox: Sandbox, public_id: str, verb: str, now: datetime, **words: Any) -> Filing:
    """What a scenario has an authority do at a moment. A decision that was left open is taken now, by what customs
    finds."""
    if verb == Verb.DECIDE:
        verb, words = _decision(authority(sandbox, Party.CUSTOMS, now), public_id)
    return act(sandbox, public_id, verb, now, **words)


def _decision(visit: Visit, public_id: str) -> tuple[str, dict[str, str]]:
    """Rejected for the first difference; where nothing differs, or nothing can be compared, approved."""
    found = inspection(visit, desk.find(visit, public_id))
    words = found.rejection if found else {}
    return (Verb.REJECT, words) if words else (Verb.APPROVE, {})


def rejection(reason_code: str = "other", public_comment: str = "", internal_comment: str = "") -> dict[str, str]:
    """The words of a rejection. An unknown reason keeps its code and reads as 其他原因 unless it brings words of its
    own."""
    known = REASONS.get(reason_code, REASONS["other"])
    return {
        "reason_code": reason_code,
        "public_comment": public_comment or known.public,
        "internal_comment": internal_comment or known.internal,
    }


def advance(sandbox: Sandbox, public_id: str, to: Status, now: datetime, **words: Any) -> Filing:
    """Walk a declared filing through every state between to `to`, all at one moment, each with its receipt.

    Raises 409 `illegal_transition` when `to` does not lie ahead.
    """
    filing = desk.find(authority(sandbox, Party.CUSTOMS, now), public_id)
    for verb in _way(KINDS[filing.kind].road, Status(filing.status), to) or _no_way(filing, to):
        filing = act(sandbox, public_id, verb, now, by_hand=True, **(words if verb == Verb.REJECT else {}))
    return filing


def _way(road: Road, status: Status, to: Status) -> list[str]:
    """The verbs from a status to a later one, manual review included on the way to a decision by customs."""
    ends: dict[Status, str] = {Status.APPROVED: Verb.APPROVE, Status.REJECTED: Verb.REJECT}
    verbs = [*road.before, ends[to]] if to in ends else list(road.before)
    places = [Status.DECLARED, *(ARRIVES[verb] for verb in verbs)]
    if status not in places or to not in places:
        return []
    return verbs[places.index(status) : places.index(to)]


def _no_way(filing: Filing, to: Status) -> list[str]:
    refusal = desk.illegal(filing, Verb.WALK)
    road = KINDS[filing.kind].road
    ahead = [status.value for status in Status if _way(road, Status(filing.status), status)]
    raise Refusal(refusal.code, refusal.detail, extra={**refusal.extra, "to": to.value, "reachable": ahead})
