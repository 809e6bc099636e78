"""Why is this filing here, and what would move it? And the machine as a picture."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from filings import agenda, desk
from filings.answers import handling
from filings.answers.sandboxes import SetAside
from filings.customs.inspection import inspection
from filings.models import Event, Filing, Sandbox, authority
from filings.models.filing import on_road
from filings.record.facts import seen_by
from filings.rules import scenarios
from filings.rules.advice import advice
from filings.rules.appraisal import Problem
from filings.rules.dates import rfc3339
from filings.rules.events import IN_WORDS, EventName
from filings.rules.kinds import KINDS, Kind
from filings.rules.register import REGISTER
from filings.rules.words import Party, Status

_SOURCES = {
    "exercise": "本练习的情景",
    "header": "请求头 X-Sim-Scenario",
    "pinned": "钉在该申请单上",
    "queue": "情景队列",
    "name": "企业名称的前缀",
    "sandbox": "沙箱的缺省情景",
    "default": "系统缺省",
    "ticket": "联系部门后重新办理",
}


def explain(sandbox: Sandbox, filing: Filing) -> handling.Explanation:
    """Scenario and who chose it, rules that fired, next event and when, what would unblock it."""
    status, now = Status(filing.status), sandbox.now()
    chosen = scenarios.parse(filing.scenario) if filing.scenario else None
    due = agenda.upcoming(sandbox, filing.public_id).first()
    blocks = _blocks(sandbox, filing) if status is Status.DRAFT else []
    aside = set_aside(sandbox, filing.public_id)
    return handling.Explanation(
        filing=filing.public_id,
        status=status.value,
        status_label=status.label,
        status_since=rfc3339(filing.status_since),
        scenario=handling.ChosenBy(
            name=chosen.scenario.name,
            title=chosen.scenario.title,
            text=filing.scenario,
            source=filing.scenario_source,
            source_label=_SOURCES.get(filing.scenario_source, filing.scenario_source),
        )
        if chosen
        else None,
        pinned_scenario=filing.pinned_scenario or None,
        glitches=[handling.GlitchInForce("stale_form", "2.10")] if filing.stale_form else [],
        held=filing.held,
        rules=_rules(sandbox, filing),
        blocks=blocks,
        next_event=handling.NextEvent(rfc3339(due.at), due.deed, IN_WORDS.get(due.deed, due.deed)) if due else None,
        inspection=_inspection(sandbox, filing, chosen),
        set_aside=aside,
        advice=advice(status, filing.status_since, now, KINDS[filing.kind].road),
        unblock=[
            *(["排除 blocks 所列各项"] if blocks else []),
            *(["因数据有误被搁置；排除后再试：actions/release"] if aside else []),
            *_unblock(filing, status, chosen, due is not None),
        ],
    )


def _inspection(sandbox: Sandbox, filing: Filing, chosen: scenarios.Chosen | None) -> handling.Inspection | None:
    """What customs will compare before it decides, if it will, and how that stands now."""
    if chosen is None or scenarios.DECIDE not in chosen.scenario.replies:
        return None
    found = inspection(authority(sandbox, Party.CUSTOMS, sandbox.now()), filing)
    if found is None:
        return None
    outcome = Status.REJECTED if found.differences else Status.APPROVED
    rows = [
        handling.Compared(row.pointer, row.label, row.declared, row.register, row.differs, row.reason)
        for row in found.compared
    ]
    return handling.Inspection(outcome.value, rows)


def _rules(sandbox: Sandbox, filing: Filing) -> list[handling.FiredRule]:
    """The refusals this filing met and the warnings it carries, with their rules. A stranger's attempts say nothing of
    it."""
    theirs = [party.uscc for party in (filing.enterprise, filing.agent) if party]
    refused = Event.objects.filter(sandbox=sandbox, name=EventName.REFUSED, subject=filing.public_id)
    met = refused.filter(~Q(party=Party.APPLICANT) | Q(uscc__in=theirs)).order_by("seq")
    codes = [event.data["code"] for event in met] + [warning["code"] for warning in filing.warnings]
    known = {rule.code: rule for rule in REGISTER.values()}
    return [
        handling.FiredRule(code, known[code].sentence, known[code].faq)
        if code in known
        else handling.FiredRule(code, None, None)
        for code in dict.fromkeys(codes)
    ]


def _blocks(sandbox: Sandbox, filing: Filing) -> list[handling.Block]:
    """What would refuse a draft's declaration as things stand."""
    return [
        handling.Block(hindrance.code, hindrance.detail, hindrance.faq, hindrance.pointer)
        if isinstance(hindrance, Problem)
        else handling.Block(hindrance.code, hindrance.sentence, hindrance.faq, None)
        for hindrance in desk.hindrances(authority(sandbox, Party.CUSTOMS, sandbox.now()), filing)
    ]


def _unblock(filing: Filing, status: Status, chosen: scenarios.Chosen | None, comes: bool) -> list[str]:
    if status is Status.DRAFT:
        return ["申报：POST /api/v1/filings/{id}/declare"]
    if status in (Status.APPROVED, Status.REJECTED):
        return ["已有审批结果；需要再办时复制为新申请：POST /api/v1/filings/{id}/copy"]
    ways = (
        ["把时钟推进到下一事件：POST /control/v1/sandboxes/{sandbox}/clock/advance"]
        if comes and not filing.held
        else []
    )
    if filing.held:
        ways.append("放行：actions/release")
    elif not comes and chosen and not chosen.scenario.by_hand:
        ways.append("按建议联系对应的部门：POST /api/v1/tickets")
    ways.append(f"由人推进：actions/{'、actions/'.join(desk.authorities_may(filing))}，或 actions/advance")
    return ways


def events(sandbox: Sandbox, *, filing: str = "", after: int = 0, last: int | None = None) -> list[Event]:
    """What happened in a sandbox, or to one filing, refusals included; oldest first, the `last` so many."""
    rows = Event.objects.filter(sandbox=sandbox, seq__gt=after)
    if filing:
        rows = rows.filter(subject=filing)
    return list(rows.order_by("-seq")[:last])[::-1]


def machine(kind: Kind) -> handling.Machine:
    """States, edges and guards of a kind's lifecycle, as JSON and as a Mermaid diagram."""
    steps = [edge for edge in Filing.edges() if on_road(kind.name, edge["party"])]
    states = [status for status in Status if any(status in (edge["from"], edge["to"]) for edge in steps)]
    edges = [handling.Edge(e["action"], e["from"].value, e["to"].value, e["party"].value, e["label"]) for e in steps]
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    lines += [f"    {status.value} : {status.label}" for status in states]
    lines += [f"    {edge.from_} --> {edge.to} : {edge.label}（{Party(edge.by).label}）" for edge in edges]
    lines += ["    approved --> [*]", "    rejected --> [*]"]
    return handling.Machine(
        kind=kind.name,
        states=[handling.State(state.value, state.label, state.stage.value, state.stage.label) for state in states],
        edges=edges,
        guards=[
            handling.Guard(
                name=guard.name,
                sentence=guard.sentence,
                code=guard.code,
                faq=guard.faq,
                provenance=guard.provenance.value,
                kinds=[kind.name for kind in KINDS.values() if guard in kind.guards],
            )
            for guard in dict.fromkeys(guard for kind in KINDS.values() for guard in kind.guards)
        ],
        kinds=[
            handling.HandledKind(kind.name, kind.label, [party.value for party in kind.road.handlers])
            for kind in KINDS.values()
        ],
        actions={edge.action: edge.by for edge in edges},
        mermaid="\n".join(lines),
    )


def scenario_catalogue() -> list[handling.Scenario]:
    """The scenarios as the control plane tells them."""
    return [
        handling.Scenario(
            name=scenario.name,
            title=scenario.title,
            parameters=[
                handling.ScenarioParameter(
                    name=p.name,
                    title=p.title,
                    choices=list(p.choices) or None,
                    minimum=p.numbers.start if p.numbers else None,
                    maximum=p.numbers.stop - 1 if p.numbers else None,
                    default=p.default,
                )
                for p in scenario.parameters
            ],
            kinds=list(scenario.kinds),
            visits=[status.value for status in scenario.visits],
            visits_by_kind={
                kind: [status.value for status in scenario.visits_on(KINDS[kind].road)] for kind in scenario.kinds
            },
            outcomes=[status.value for status in scenario.outcomes],
            pace={
                name: {step: int(wait.total_seconds()) for step, wait in steps.items()}
                for name, steps in scenarios.PACES.items()
            }
            if scenario.replies
            else {},
            faq=scenario.faq,
            provenance=scenario.provenance.value,
        )
        for scenario in scenarios.CATALOGUE.values()
    ]


def set_aside(sandbox: Sandbox, subject: str = "") -> list[SetAside]:
    """What could not be carried out when it was due, of a sandbox or of one filing, and what was wrong; the first so
    many."""
    if agenda.all_well(sandbox):
        return []
    return [
        SetAside(rfc3339(row.at), row.verb, row.subject, row.trouble)
        for row in agenda.set_aside(sandbox, subject)[:100]
    ]


def seen_by_customs(sandbox: Sandbox) -> QuerySet[Filing]:
    """Every filing of a sandbox, as customs sees it."""
    return seen_by(authority(sandbox, Party.CUSTOMS, sandbox.now()))
