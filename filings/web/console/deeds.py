"""What the buttons of a page do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from django.http import HttpRequest, HttpResponse

from filings.models import Sandbox
from filings.rules.events import Verb
from filings.rules.refusals import Refusal, absent
from filings.trail import attempt, refusals_noted
from filings.web.backstage import officer_visit
from filings.web.doors import onward

VERBS = {
    "advance": Verb.ADVANCE_CLOCK, "clock": Verb.SET_CLOCK, "scenario": Verb.SET_SCENARIO, "queue": Verb.QUEUE_SCENARIO,
    "unqueue": Verb.UNQUEUE_SCENARIO, "situation": Verb.ENTER_SITUATION, "pin": Verb.KEEP_SANDBOX, "magic": Verb.KEEP_SANDBOX,
    "expire": Verb.EXPIRE_SESSIONS, "put": Verb.PUT_FAULT, "take": Verb.TAKE_FAULT, "clear": Verb.CLEAR_JOURNAL,
    "register": Verb.REGISTER_WEBHOOK, "remove": Verb.REMOVE_WEBHOOK, "keep": Verb.KEEP_CHECKPOINT,
    "restore": Verb.RESTORE_CHECKPOINT, "drop": Verb.DROP_CHECKPOINT,
}  # fmt: skip
"""What the buttons of the console do, as the trail knows it."""

Deed = Callable[[HttpRequest, Sandbox, str], str | HttpResponse]
"""Does what a button names; answers its saying, or a page of its own."""


def do(
    request: HttpRequest, sandbox: Sandbox, deeds: Mapping[str, Deed], onto: str, in_turns: Collection[str] = ()
) -> HttpResponse | Refusal:
    """Do what the pressed button names (`do` = `verb:what`) and go on to a page; or the refusal, to be told on this one.

    `in_turns` names what is no one transaction. Raises 404 for a button there is not.
    """
    verb, _, what = request.POST.get("do", "").partition(":")
    if verb not in deeds:
        raise absent("操作", verb, "名")
    visit = officer_visit(sandbox)
    try:
        if verb in in_turns:
            with refusals_noted(visit, VERBS[verb]):
                done = deeds[verb](request, sandbox, what)
        else:
            done = attempt(visit, VERBS[verb], lambda: deeds[verb](request, sandbox, what))
    except Refusal as refusal:
        sandbox.read_anew()  # what the deed had begun to change was undone
        return refusal
    return onward(onto, done) if isinstance(done, str) else done
