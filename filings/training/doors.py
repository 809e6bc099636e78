"""The door of the learners' face: who learns, and how a refusal reads to them. A learner is known by a cookie of their
own, whatever login of the portal the browser holds beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from filings import learners
from filings.manners.screens import drawn, onward
from filings.models import Learner
from filings.rules.refusals import Refusal

SAYINGS = {
    "ended": "练习已结束，这一次没有通过；做过的每一步可以随时回看",
    "ended_passed": "练习已结束，这一次通过；做过的每一步可以随时回看",
    "noted": "笔记已保存",
    "left": "已退出学习；凭姓名和返回码可以再次进入",
    "forgotten": "您的学习记录已全部删除",
    "back": "欢迎回来",
}

NO_SUCCESS = frozenset({"ended"})
"""Those that tell of nothing achieved."""

View = Callable[..., HttpResponse]


def known(view: View) -> View:
    """A view of a learner: called with them, its refusals told on a page of their own. Others come to the door."""

    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        learner = who(request)
        if learner is None:
            return onward(reverse("learn"))
        try:
            return view(request, learner, *args, **kwargs)
        except Refusal as refusal:
            return page(request, "notice", learner, refusal=refusal)

    return enter


def who(request: HttpRequest) -> Learner | None:
    """The learner whom a browser is known as."""
    held = request.COOKIES.get(learners.COOKIE)
    return learners.of_token(held) if held else None


def page(request: HttpRequest, template: str, learner: Learner | None = None, **context: Any) -> HttpResponse:
    """A page of this face in its frame."""
    return drawn(
        request,
        f"training/{template}.html",
        SAYINGS,
        no_success=NO_SUCCESS,
        **{"learner": learner, "helped": True} | context,
    )
