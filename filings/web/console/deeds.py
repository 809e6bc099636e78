"""What the buttons of a page do, and the forms they belong to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from filings.forms.language import Body
from filings.manners.screens import onward
from filings.models import Sandbox
from filings.record.trail import attempt, refusals_noted
from filings.rules.events import Verb
from filings.rules.refusals import Refusal, absent
from filings.web.backstage import officer_visit
from filings.web.console.choosing import Choosing

VERBS = {
    "advance": Verb.ADVANCE_CLOCK,
    "clock": Verb.SET_CLOCK,
    "scenario": Verb.SET_SCENARIO,
    "queue": Verb.QUEUE_SCENARIO,
    "unqueue": Verb.UNQUEUE_SCENARIO,
    "situation": Verb.ENTER_SITUATION,
    "pin": Verb.KEEP_SANDBOX,
    "magic": Verb.KEEP_SANDBOX,
    "expire": Verb.EXPIRE_SESSIONS,
    "put": Verb.PUT_FAULT,
    "take": Verb.TAKE_FAULT,
    "clear": Verb.CLEAR_JOURNAL,
    "register": Verb.REGISTER_WEBHOOK,
    "remove": Verb.REMOVE_WEBHOOK,
    "keep": Verb.KEEP_CHECKPOINT,
    "restore": Verb.RESTORE_CHECKPOINT,
    "drop": Verb.DROP_CHECKPOINT,
}
"""What the buttons of the console do, as the trail knows it."""

Work = Callable[..., str | HttpResponse]
"""Does what a button names, and answers its saying, or a page of its own: called with the request, the sandbox and
what the button says beside its verb, or what its form brought."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A button's work. With a form, what was typed into it is read before; `in_turns`: it is no one transaction."""

    work: Work
    form: type[Body] | None = None
    in_turns: bool = False
    at: str = ""
    """Stands before the ids of the form's controls, where the page has another with the same names."""


def do(request: HttpRequest, sandbox: Sandbox, deeds: Mapping[str, Deed], onto: str) -> HttpResponse | Refusal:
    """Do what the pressed button names (`do` = `verb:what`) and go on to a page; or the refusal, to be told on this
    one.

    Raises 404 for a button there is not.
    """
    verb, _, what = request.POST.get("do", "").partition(":")
    if verb not in deeds:
        raise absent("操作", verb, "名")
    visit, deed = officer_visit(sandbox), deeds[verb]

    def work() -> str | HttpResponse:
        return deed.work(request, sandbox, deed.form.from_post(request.POST) if deed.form else what)

    try:
        if deed.in_turns:
            with refusals_noted(visit, VERBS[verb]):
                done = work()
        else:
            done = attempt(visit, VERBS[verb], work)
    except Refusal as refusal:
        sandbox.read_anew()  # what the deed had begun to change was undone
        return refusal
    return onward(onto, done) if isinstance(done, str) else done


def forms(
    request: HttpRequest, deeds: Mapping[str, Deed], refusal: Refusal | None, **openings: Mapping[str, Any]
) -> dict[str, Any]:
    """The forms of a page, each by its deed, and as `form` the one that was refused: it stands as it was sent."""
    pressed = request.POST.get("do", "").partition(":")[0] if refusal else ""
    drawn = {
        verb: Choosing(
            deed.form, *((request.POST, refusal) if verb == pressed else ()), at=deed.at, **openings.get(verb, {})
        )
        for verb, deed in deeds.items()
        if deed.form
    }
    return {"forms": drawn, "form": drawn.get(pressed), "refusal": refusal}
