"""What every face for people does alike: a page with what the last deed had to say, and the way on to the next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from filings.manners import cookies
from filings.manners.filling import Filling
from filings.rules.refusals import Refusal

COOKIE = "sim_session"
"""Holds the token of a login at the portal."""

SAID = "sim_said"
"""Carries one of a face's sayings over a redirect."""

LONGEST = 2000
"""Characters of an address one is led back to. Ours; Django refuses to lead to very long ones."""


def drawn(
    request: HttpRequest,
    template: str,
    sayings: Mapping[str, str],
    *,
    no_success: Collection[str] = (),
    status: int = 0,
    **context: Any,
) -> HttpResponse:
    """A page, with what the last deed had to say. A `refusal`, or that of its `form`, is answered with its status and
    headers."""
    saying = request.COOKIES.get(SAID, "")
    said = sayings.get(saying)
    form: Filling | None = context.get("form")
    refusal: Refusal | None = context.setdefault("refusal", form.refusal if form else None)
    status = status or (refusal.wording.status if refusal else 200)
    context |= {"said": said, "no_success": saying in no_success}
    response = render(request, template, context, status=status)
    for name, value in (refusal.headers if refusal else {}).items():
        response[name] = value
    if said:
        cookies.drop(response, SAID)
    return response


def onward(to: str, saying: str = "") -> HttpResponseRedirect:
    """On to another page after a deed, with a saying."""
    response = HttpResponseRedirect(to)
    response.status_code = 303
    if saying:
        cookies.keep(response, SAID, saying, timedelta(minutes=1))
    return response


def leads_back(request: HttpRequest, to: str) -> bool:
    """Whether one may be led to an address that was sent along: one of this site, and not without end."""
    return to.startswith("/") and len(to) <= LONGEST and url_has_allowed_host_and_scheme(to, {request.get_host()})
