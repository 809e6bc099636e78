"""商务部: 客户端控件 and 商务部统一服务平台, the latter a site of its own that is simulated here (FAQ 2.8, 2.9)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from filings import desk
from filings.counters import client_control
from filings.customs import commerce
from filings.manners.filling import FORM
from filings.manners.screens import onward
from filings.models import Filing, Visit
from filings.record.facts import facts
from filings.record.trail import attempt
from filings.rules.client_control import advice
from filings.rules.events import Verb
from filings.rules.kinds import KINDS
from filings.rules.laying import lay
from filings.rules.refusals import Refusal, absent
from filings.rules.sheets.mofcom_change import MofcomChange
from filings.rules.words import Party, RecordState, Status
from filings.web.doors import page, visited
from filings.web.drawing import draw, show, summary
from filings.web.posting import content_of


@require_http_methods(FORM)
@visited
def control(request: HttpRequest, visit: Visit) -> HttpResponse:
    """客户端控件: how it stands, and 安装, 重启, 检查更新. `filing` is where one came from."""
    back, refusal = _draft(visit, request.GET.get("filing", "")), None
    if request.method == "POST":
        do = client_control.DEEDS.get(request.POST.get("do", ""))
        if do is None:
            raise absent("操作", request.POST.get("do", ""), "名")
        try:
            attempt(visit, Verb.MEND_CONTROL, lambda: do(visit))
            return onward(request.get_full_path(), f"control_{request.POST['do']}")
        except Refusal as error:
            refusal = error
    has_card = client_control.has_card(visit)
    return page(
        request,
        "client_control",
        visit,
        refusal=refusal,
        back=back,
        read=client_control.read(visit),
        serves=client_control.serves(visit),
        has_card=has_card,
        advice=advice(has_card),
        other=advice(not has_card),
    )


@require_http_methods(FORM)
@visited
def platform(request: HttpRequest, visit: Visit) -> HttpResponse:
    """商务部统一服务平台（模拟）: what commerce has on record, and the change made there; a draft it makes needless is
    closed."""
    if visit.enterprise is None:
        raise Refusal("not_enterprise_user")
    draft = _draft(visit, (request.POST if request.method == "POST" else request.GET).get("filing", ""))
    if draft and draft.enterprise != visit.enterprise:
        draft = None  # an agent's, of its principal: only the enterprise itself has business there
    record = commerce.record_of(visit.sandbox, visit.enterprise.uscc)
    content, refusal = lay(record.content if record else {}, draft.content if draft else {}), None
    if request.method == "POST":
        content = MofcomChange.merge({}, content_of(MofcomChange, request.POST))
        try:
            attempt(
                visit, Verb.UPDATE_COMMERCE, lambda: commerce.do_there(visit, content, draft.public_id if draft else "")
            )
            return onward(reverse("commerce"), "commerce_updated")
        except Refusal as error:
            refusal = error
    problems = refusal.errors if refusal else []
    return page(
        request,
        "commerce",
        visit,
        record=record,
        draft=draft,
        state=RecordState(record.state).label if record else "无备案",
        refusal=refusal,
        problems=summary(MofcomChange, problems),
        shown=show(MofcomChange, MofcomChange.shape(record.content if record else {})).pages[0].blocks[0],
        drawn=draw(MofcomChange, content, facts(visit), problems).pages[0].blocks[0],
    )


def _draft(visit: Visit, public_id: str) -> Filing | None:
    """A draft of 商务部变更 one came from; none, if it is none any more or none of one's own."""
    try:
        found = desk.find(visit, public_id.replace("\0", ""))
    except Refusal:
        return None
    return found if KINDS[found.kind].road.decided_by is Party.MOFCOM and found.status == Status.DRAFT else None
