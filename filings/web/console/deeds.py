"""What the buttons of a page do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from django.http import HttpRequest, HttpResponse

from filings.models import Sandbox
from filings.rules.refusals import Refusal, absent
from filings.trail import attempt, refusals_noted
from filings.web.backstage import officer_visit
from filings.web.doors import onward

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
            with refusals_noted(visit, verb):
                done = deeds[verb](request, sandbox, what)
        else:
            done = attempt(visit, verb, lambda: deeds[verb](request, sandbox, what))
    except Refusal as refusal:
        sandbox.read_anew()  # what the deed had begun to change was undone
        return refusal
    return onward(onto, done) if isinstance(done, str) else done
