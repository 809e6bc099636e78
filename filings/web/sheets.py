"""The sheet's own page: 新增, 暂存, 删除, 申报, its attachments, and its state while it is being filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from msgspec.structs import asdict

from filings import desk, visits
from filings.lab.worlds import demo
from filings.manners.filling import FORM
from filings.manners.screens import COOKIE, onward
from filings.models import Enterprise, Filing, Visit
from filings.record import enquiries
from filings.record.facts import account_facts, facts
from filings.record.trail import attempt, note_refusal
from filings.rules import guards
from filings.rules.advice import REASON_AT_CUSTOMS, REASON_BY_CARD, advice
from filings.rules.appraisal import Problem
from filings.rules.attachments import MAX_BYTES, RECORD_FORM, TYPES, Upload, inspect
from filings.rules.dates import local_date, working_days_after
from filings.rules.events import Verb
from filings.rules.facts import Facts, in_force
from filings.rules.kinds import KINDS, Kind
from filings.rules.numbers import whole
from filings.rules.refusals import CATALOGUE, Refusal, absent, invalid
from filings.rules.register import Values
from filings.rules.sheet import Rows
from filings.rules.words import Mode, Stage, Status
from filings.web.doors import again, card_login, new_page, page, refusal_page, visited, wants_card, way_out
from filings.web.drawing import changes, draw, named, show, states, summary
from filings.web.overtaken import Deed, Overtaken, deleted, overtaken_by
from filings.web.papers import Lying, lying_of
from filings.web.picking import names_of, principal_of
from filings.web.posting import content_of, indexes, version_of
from singlewindow.front import WAITED

STAYING = frozenset(
    {
        "precondition_failed",
        "open_application_exists",
        "already_registered_at_customs",
        "mandate_required",
        "agent_is_principal",
        "not_registered",
        "enterprise_overdue",
        "nothing_changed",
        "branches_not_deregistered",
        "client_control_unavailable",
        "mofcom_record_not_found",
        "card_login_required",
    }
)
"""Refusals told over the page itself: what was typed is still worth something."""

BANNERS = {
    "mofcom_record_not_found": "web/filing/_commerce_failed.html",
    "precondition_failed": "web/filing/_overtaken.html",
}
"""Refusals that stand on the page with their ways out, not in a dialog."""

LOOK_AGAIN = 1.8
"""Seconds after which it is looked again whether anything on an open page has changed: people are to know within two.
Ours."""

LOOKS = 5
"""How often before the page is told that nothing has. Ours."""

_VERBS = {verb.value: verb for verb in (Verb.DECLARE, Verb.ATTACH, Verb.DETACH)}
"""What the buttons of the page do, besides 暂存."""

_SAYINGS = {Verb.SAVE: "saved", Verb.DECLARE: "declared", Verb.ATTACH: "attached", Verb.DETACH: "detached"}


@dataclass(frozen=True, slots=True)
class Applicant:
    """For whom a page is filled, and how."""

    mode: Mode
    about: Enterprise | None
    principals: list[Enterprise]
    chosen: str = ""

    @property
    def named(self) -> str:
        """Whom the page names as 申请企业."""
        if self.mode is Mode.AGENT and not self.chosen:
            return "请先选择委托企业"
        return self.about.name_cn if self.about else ""


@require_http_methods(FORM)
@visited
def new(request: HttpRequest, visit: Visit) -> HttpResponse:
    """新增: a blank page. The draft is made by the first 暂存 or 申报."""
    kind = _kind(request.GET.get("kind", "registration"))
    if request.method == "POST":
        return _write(request, visit, kind)
    return _blank_page(request, visit, kind, _applicant(visit, request.GET))


@require_http_methods(FORM)
@visited
def one_filing(request: HttpRequest, visit: Visit, filing: str) -> HttpResponse:
    """A filing: a draft as the page to fill, a declared one as the page to read."""
    try:
        found = desk.find(visit, filing)
    except Refusal:
        if request.method == "POST" and (gone := deleted(visit, filing)):
            return _anew(request, visit, gone)
        raise
    kind = KINDS[found.kind]
    if request.method == "POST":
        return _write(request, visit, kind, found)
    if found.status == Status.DRAFT:
        return _page_to_fill(request, visit, kind, found, _of(found), {})
    return page(request, "filing", visit, **_to_read(visit, found), attachments=_attachments(found))


@require_safe
def live(request: HttpRequest, filing: str) -> HttpResponse:
    """What may have changed on the page of a declared filing while it is open, asked for by the page itself: a 304
    where nothing has. In short words: it is nobody's page."""
    try:
        visit = visits.arrive_on_screen(request.COOKIES.get(COOKIE, ""), by_itself=True)
        found = desk.find(visit, filing)
    except Refusal as refusal:
        return HttpResponse(refusal.detail, status=refusal.wording.status, content_type="text/plain; charset=utf-8")
    tag = _tag(visit, found)
    if request.headers.get("If-None-Match") == tag:
        return _held(request, HttpResponseNotModified(headers={"ETag": tag}))
    response = render(
        request, "web/filing/_live.html", {"visit": visit, "helped": visit.helped, **_to_read(visit, found)}
    )
    response["ETag"] = tag
    return response


def _held(request: HttpRequest, unchanged: HttpResponse) -> HttpResponse:
    """An answer that there is nothing new, kept back a while by the front, which looks again now and then: it costs
    less than to be asked as often, and holds no thread. Other servers give it at once."""
    looked = int(request.META.get(WAITED) or 0)
    if looked < LOOKS:
        unchanged.wait, unchanged.waited = LOOK_AGAIN, str(looked + 1)  # type: ignore[attr-defined]
    return unchanged


def _tag(visit: Visit, filing: Filing) -> str:
    """What tells a declared filing's page, as it is for this visit, from what it was: the filing's version, what is
    advised as time goes on, and where the clock was set to."""
    set_at = visit.sandbox.clock_set_at.timestamp()
    return f'"{filing.version}-{_advised(visit, filing)}-{visit.sandbox.epoch}-{set_at}"'


def _advised(visit: Visit, filing: Filing) -> str:
    if not visit.helped:
        return ""
    return advice(Status(filing.status), filing.status_since, visit.now, KINDS[filing.kind].road).code


def _to_read(visit: Visit, found: Filing) -> dict[str, Any]:
    """A declared filing as its page tells it, and as it stands now."""
    kind = KINDS[found.kind]
    read = enquiries.read(visit, found)
    promised = kind.promised_in
    receipts = () if kind.reason_told else enquiries.receipts(visit).filter(filing=found)
    return {
        "kind": kind,
        "filing": found,
        "read": read,
        "drawn": show(kind.sheet, read.content, found.base),
        "timeline": enquiries.timeline(found),
        "receipts": [enquiries.read_receipt(visit, receipt) for receipt in receipts],
        "stands": _record(visit, kind, found.enterprise),
        "wants_card": wants_card(visit, kind),
        "reason_at_customs": REASON_AT_CUSTOMS,
        "reason_by_card": REASON_BY_CARD,
        "receipts_by_card": card_login(visit, reverse("receipts", args=[found.public_id])),
        "promised_on": working_days_after(local_date(found.declared_at), promised)
        if found.declared_at and promised
        else None,
        "decided": Status(found.status).stage is Stage.DECIDED,
        "tag": _tag(visit, found),
    }


@require_http_methods(FORM)
@visited
def delete(request: HttpRequest, visit: Visit, filing: str) -> HttpResponse:
    """删除, after asking. Then a fresh page (FAQ 2.10)."""
    found = desk.find(visit, filing)
    if request.method != "POST":
        return page(request, "delete", visit, filing=found)
    attempt(visit, Verb.DELETE, lambda: desk.delete(visit, filing, if_match=version_of(request.POST)), filing)
    return onward(new_page(KINDS[found.kind]), "deleted")


@require_POST
@visited
def copy(request: HttpRequest, visit: Visit, filing: str) -> HttpResponse:
    """复制为新申请."""
    copied = attempt(visit, Verb.COPY, lambda: desk.copy(visit, filing), filing)
    return onward(reverse("filing", args=[copied.public_id]), "copied")


@require_safe
@visited
def attachment(request: HttpRequest, visit: Visit, filing: str, n: int) -> HttpResponse:
    """An attachment, as a download that no browser will run."""
    owner = desk.find(visit, filing)
    enquiries.expect_told(visit, owner)
    found = owner.attachments.filter(n=n).first()
    if found is None:
        raise absent("附件", n)
    return enquiries.download(found)


@require_POST
@visited
def state(request: HttpRequest, visit: Visit) -> HttpResponse:
    """How the page stands as it is filled: shades, grey values, warnings. It judges what is there, not what is
    missing."""
    post = request.POST
    filing = desk.find(visit, post["filing"]) if post.get("filing") else None
    if filing:
        enquiries.expect_told(visit, filing)
    kind = KINDS[filing.kind] if filing else _kind(post.get("kind", ""))
    applicant = _of(filing) if filing else _applicant(visit, post)
    patch = content_of(kind.sheet, post, keep_blank_rows=True)
    moved = _follow(applicant, patch)
    known = _facts(visit, filing, applicant)
    appraisal = desk.appraisal_of(kind, known, filing.content if filing else kind.blank(known), patch, browser=True)
    body = {
        "fields": states(appraisal),
        "errors": [named(problem) for problem in appraisal.errors],
        "warnings": [named(problem) for problem in appraisal.warnings],
        "changes": moved + appraisal.changes,
        **({"laid": changes(kind.sheet, known.record, appraisal.filled).as_dict()} if kind.over_record else {}),
        **(_of_applicant(request, visit, kind, known, applicant) if filing is None else {}),
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


# ── behind the page ───────────────────────────────────────────────────────────────────────────────────────────────


def _write(request: HttpRequest, visit: Visit, kind: Kind, filing: Filing | None = None) -> HttpResponse:
    """What a button of the page does. Whatever is refused, what was typed comes back on the page."""
    post = request.POST
    do, _, what = post.get("do", "").partition(":")
    applicant = _of(filing) if filing else _applicant(visit, post)
    if filing is None and kind.on_record and (do == "whom" or _shows_another(applicant, post)):
        return _blank_page(request, visit, kind, applicant, loaded=True)
    content = content_of(kind.sheet, post, keep_blank_rows=do in _REDRAWING)
    _follow(applicant, content)
    if do in _REDRAWING:
        _REDRAWING[do](kind, content, what, post)
        return _page_to_fill(request, visit, kind, filing, applicant, content, unsaved=True)
    verb = _VERBS.get(do) or (Verb.ATTACH if "file" in request.FILES else Verb.SAVE)
    meant = verb if filing or verb is not Verb.SAVE else Verb.CREATE
    try:
        written = attempt(
            visit,
            meant,
            lambda: _do(request, visit, kind, filing, applicant, content, verb, what),
            filing.public_id if filing else "",
        )
    except Refusal as refusal:
        if not (refusal.errors or refusal.code in STAYING or refusal.code.startswith(("attachment", "too_many"))):
            if filing is None:
                raise
            return refusal_page(request, refusal, visit, filing=filing)
        if filing:
            filing = desk.find(visit, filing.public_id)
        if filing and refusal.code == "precondition_failed":
            return _page_over_theirs(request, visit, kind, filing, content, refusal, verb)
        return _page_to_fill(request, visit, kind, filing, applicant, content, refusal=refusal, verb=verb, unsaved=True)
    tab = "basic" if verb is Verb.DECLARE else post.get("tab", "")
    return onward(
        reverse("filing", args=[written.public_id]) + (f"#tab-{tab}" if tab.isidentifier() else ""), _SAYINGS[verb]
    )


def _page_over_theirs(
    request: HttpRequest,
    visit: Visit,
    kind: Kind,
    filing: Filing,
    content: dict[str, Any],
    refusal: Refusal,
    verb: str,
) -> HttpResponse:
    """What was typed on a page while somebody else changed the draft: laid over theirs, to be saved or left."""
    applicant = _of(filing)
    if enquiries.withheld(visit, filing):
        return refusal_page(request, Refusal(guards.mandate_stands.code), visit, filing=filing)
    (version,) = version_of(request.POST) or (filing.version,)
    found = overtaken_by(visit, filing, version, content, _facts(visit, filing, applicant))
    if filing.status != Status.DRAFT:
        return refusal_page(request, refusal, visit, filing=filing, overtaken=found)
    return _page_to_fill(
        request,
        visit,
        kind,
        filing,
        applicant,
        found.patch,
        refusal=refusal,
        verb=verb,
        unsaved=True,
        overtaken=found,
    )


def _anew(request: HttpRequest, visit: Visit, gone: Deed) -> HttpResponse:
    """What was typed on the page of a draft that was deleted meanwhile, to go on with as a new one."""
    names = [name for name in request.POST if name not in _OF_THE_DELETED]
    fields = [(name, str(value)) for name in names for value in request.POST.getlist(name)]
    to = new_page(_kind(request.POST.get("kind", "")))
    return again(request, visit, to, [*fields, ("do", "save")], files=bool(request.FILES), status=404, gone=gone)


_OF_THE_DELETED = frozenset({"csrfmiddlewaretoken", "version", "filing", "do"})


def _do(
    request: HttpRequest,
    visit: Visit,
    kind: Kind,
    filing: Filing | None,
    applicant: Applicant,
    content: dict[str, Any],
    verb: Verb,
    what: str,
) -> Filing:
    """Write the page, then what was asked besides: all of it, or nothing, as so many calls of the API would, one after
    the other.

    暂存 writes the page anew though it is as it was; other deeds only where it was changed.
    """
    declaring = verb is Verb.DECLARE
    if filing is None:
        taken = desk.begin(visit, lambda: _wanted(kind, applicant, content), browser=True, declaring=declaring)
    else:
        taken = desk.take(visit, filing.public_id, verb, version_of(request.POST))
        desk.save(visit, taken, content, browser=True, always=verb is Verb.SAVE, declaring=declaring)
    if verb is Verb.ATTACH or "file" in request.FILES:
        desk.attach(visit, taken, lambda: _upload(request))
    if verb is Verb.DETACH and (n := whole(what)) is not None:
        desk.detach(visit, taken, n)
    return desk.perform(visit, taken, verb) if declaring else taken


def _wanted(kind: Kind, applicant: Applicant, content: dict[str, Any]) -> desk.Wanted:
    """The new filing a page asks for; an agent has to say for whom."""
    unsaid = applicant.mode is Mode.AGENT and not applicant.chosen
    faults = [Problem("/principal", "required", "请选择委托企业", "1.7")] if unsaid else []
    return desk.Wanted(kind.name, content, applicant.mode, applicant.chosen, faults=faults)


def _page_to_fill(
    request: HttpRequest,
    visit: Visit,
    kind: Kind,
    filing: Filing | None,
    applicant: Applicant,
    patch: Mapping[str, Any],
    *,
    refusal: Refusal | None = None,
    verb: str = "",
    unsaved: bool = False,
    loaded: bool = False,
    overtaken: Overtaken | None = None,
) -> HttpResponse:
    """The page as it now stands, `patch` over what is kept; with a refusal, its errors or its words."""
    problems = overtaken.faults if overtaken else refusal.errors if refusal else []
    known = _facts(visit, filing, applicant)
    withheld = filing is not None and enquiries.withheld(visit, filing)
    kept = filing.content if filing and not withheld else kind.blank(known)
    drawn = draw(
        kind.sheet, kind.laid(known.record, kept, patch), known, problems, known.record if kind.over_record else {}
    )
    # What was just typed may still be saved: after a login by card in another window.
    closed = wants_card(visit, kind) and not refusal
    ended = next((guard for guard in kind.standing if filing and not guard(Values(), known)), None)
    return page(
        request,
        "sheet",
        visit,
        kind=kind,
        filing=filing,
        drawn=drawn,
        applicant=applicant,
        modes=Mode.choices,
        problems=summary(kind.sheet, problems),
        refusal=refusal,
        banner=BANNERS.get(refusal.code) if refusal else None,
        verb=verb,
        unsaved=unsaved,
        types=_types(kind),
        ended=CATALOGUE[ended.code] if ended else None,
        closed=card_login(visit, request.path) if closed else "",
        laid=kind.over_record and bool(known.record),
        loaded=loaded,
        overtaken=overtaken,
        futile=_futile(kind, known) and not refusal,
        stands=_record(visit, kind, applicant.about),
        way_out=way_out(request, refusal, visit, filing=filing.public_id if filing else "") if refusal else None,
        attachments=_attachments(filing) if filing and not withheld else [],
        withheld=withheld,
        lying=None if withheld else _papers(visit, kind, applicant),
        advice=advice(Status(filing.status), filing.status_since, visit.now) if filing and visit.helped else None,
        beside={
            problem.pointer.strip("/"): problem.detail
            for problem in problems
            if not problem.pointer.startswith("/content/")
        },
    )


def _futile(kind: Kind, known: Facts) -> bool:
    """Whether a declaration would be for nothing. Told before the page is filled, from what the single window shows;
    customs' own book is asked when it is declared."""
    return kind.first and in_force(known.mirror, known.today)


def _papers(visit: Visit, kind: Kind, applicant: Applicant) -> Lying | None:
    """The papers beside a registration: of whom it is for, or, to be shown once it is, of one it may yet be for."""
    return lying_of(visit, (applicant.about, *applicant.principals)) if kind.first else None


def _of_applicant(request: HttpRequest, visit: Visit, kind: Kind, known: Facts, applicant: Applicant) -> dict[str, Any]:
    """What of a page not yet kept follows whom it is for, besides its fields."""
    context = {"helped": visit.helped, "demo": demo.whose(visit.sandbox)}
    warning = render_to_string("web/filing/_futile.html", context, request) if _futile(kind, known) else ""
    lying = _papers(visit, kind, applicant)
    shown = lying is not None and applicant.about is not None and lying.client.uscc == applicant.about.uscc
    return {"applicant": applicant.named, "futile": warning.strip(), "papers": shown}


def _types(kind: Kind) -> list[tuple[str, str]]:
    """What may be chosen to attach: no 备案信息表 to what has none."""
    return [(code, name) for code, name in TYPES.items() if kind.printed or code != RECORD_FORM]


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise absent("申请", name, "名")
    return KINDS[name]


def _of(filing: Filing) -> Applicant:
    return Applicant(Mode(filing.filing_mode), filing.enterprise, [])


def _applicant(visit: Visit, given: QueryDict) -> Applicant:
    """Of a page not yet kept: 自理, or 代理 for one of the enterprises that gave a mandate (FAQ 1.7)."""
    principals = enquiries.principals(visit)
    if given.get("filing_mode") != Mode.AGENT:
        return Applicant(Mode.SELF, visit.enterprise, principals)
    chosen = principal_of(given.get("principal", ""), principals)
    return Applicant(Mode.AGENT, chosen or visit.enterprise, principals, chosen.uscc if chosen else "")


def _follow(applicant: Applicant, content: dict[str, Any]) -> list[dict[str, Any]]:
    """Turning from 自理 to 代理, or to another principal, takes the credit code along. Tells what it changed."""
    about, has = applicant.about, content.get("uscc")
    own = {principal.uscc for principal in applicant.principals}
    if about is None or not applicant.principals or not has or has == about.uscc:
        return []
    if applicant.mode == Mode.AGENT or has in own:
        content["uscc"] = about.uscc
        return [{"pointer": "/content/uscc", "from": has, "to": about.uscc, "reason": "申请企业已改变"}]
    return []


def _blank_page(
    request: HttpRequest, visit: Visit, kind: Kind, applicant: Applicant, *, loaded: bool = False
) -> HttpResponse:
    """A page with nothing typed in it yet, for whom it may be opened."""
    try:
        guards.demand(kind.writing, account_facts(visit))
        if kind.opening:
            guards.demand(kind.standing, _facts(visit, None, applicant))
    except Refusal as refusal:
        note_refusal(visit, Verb.CREATE, refusal)
        raise
    return _page_to_fill(request, visit, kind, None, applicant, {}, loaded=loaded)


def _shows_another(applicant: Applicant, post: QueryDict) -> bool:
    """Whether the page shows the record of another enterprise than the one it is to be filed for (FAQ 1.7).

    It has to be drawn anew, or one enterprise's record would be written into another's.
    """
    return applicant.about is not None and post.get("shown", applicant.about.uscc) != applicant.about.uscc


def _record(visit: Visit, kind: Kind, about: Enterprise | None) -> dict[str, Any] | None:
    """The record in short, for a kind that is about one; an agent reads its principal's under a mandate only (FAQ
    1.7)."""
    if not kind.on_record or about is None or not enquiries.tells_of(visit, about):
        return None
    read = enquiries.enterprise(visit, about)
    return {**asdict(read), "category_names": "、".join(names_of("categories", read.categories))}


def _facts(visit: Visit, filing: Filing | None, applicant: Applicant) -> Facts:
    return facts(visit, filing) if filing else facts(visit, enterprise=applicant.about, mode=applicant.mode)


def _attachments(filing: Filing) -> list[dict[str, Any]]:
    rows = filing.attachments.order_by("n").values("n", "type", "filename", "size", "uploaded_at")
    return [{**row, "label": TYPES.get(row["type"], row["type"])} for row in rows]


def _upload(request: HttpRequest) -> Upload:
    """The chosen file, looked at. One that is too large is not even read."""
    file = request.FILES.get("file")
    if file is None:
        raise invalid([Problem("/attachments", "required", "请先选择要上传的文件")])
    if (file.size or 0) > MAX_BYTES:
        raise Refusal("attachment_too_large")
    kind = request.POST.get("file_type", "")
    return inspect(file.name or "", file.read(), kind if kind in TYPES else "other")


def _follow_principal(kind: Kind, content: dict[str, Any], what: str, post: QueryDict) -> None:
    """What follows whom a page is for does so whenever it is drawn."""


def _add_row(kind: Kind, content: dict[str, Any], what: str, post: QueryDict) -> None:
    if isinstance(kind.sheet.items.get(what), Rows):
        content[what] = [*(content.get(what) or []), {}]


def _drop_row(kind: Kind, content: dict[str, Any], what: str, post: QueryDict) -> None:
    name, _, n = what.partition(".")
    if isinstance(kind.sheet.items.get(name), Rows):
        rows = zip(indexes(name, post), content.get(name) or [], strict=False)
        content[name] = [row for at, row in rows if at != whole(n)]


_REDRAWING = {"add": _add_row, "drop": _drop_row, "whom": _follow_principal}
"""What changes the page only; the script does it by itself, without a script it takes a round trip."""
