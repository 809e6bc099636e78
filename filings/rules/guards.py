"""Who may do what: rules that stand before a deed, each with the words of its refusal."""

from collections.abc import Callable, Iterable
from typing import Any

from filings.rules import client_control
from filings.rules.entitlements import standing
from filings.rules.facts import Facts, registered
from filings.rules.refusals import Refusal
from filings.rules.register import Rule, Values, rule
from filings.rules.words import CardStatus, Medium, Mode, Provenance, RecordState, Standing, UserType


@rule("当前账号是企业用户", faq="2.3", code="not_enterprise_user")
def enterprise_user(values: Values, facts: Facts) -> bool:
    return facts.user_type == UserType.ENTERPRISE


@rule("使用卡介质方式登录，且所用的卡有效", faq="1.5", code="card_login_required")
def card_login(values: Values, facts: Facts) -> bool:
    return facts.medium == Medium.CARD and facts.card_status in (None, CardStatus.ACTIVE)


@rule("代理申报时，被代理企业的授权有效", faq="1.7", provenance=Provenance.OURS, code="mandate_required")
def mandate_stands(values: Values, facts: Facts) -> bool:
    return facts.mode == Mode.SELF or facts.mandated


@rule("该企业没有已申报、尚未审批的申请单", provenance=Provenance.OURS, code="open_application_exists")
def no_open_filing(values: Values, facts: Facts) -> bool:
    return facts.open_filing is None


@rule("单一窗口中有该企业的备案，且未注销", faq="2.20", provenance=Provenance.OURS, code="not_registered")
def has_record(values: Values, facts: Facts) -> bool:
    return registered(facts.mirror)


@rule("单一窗口显示的备案未超期", faq="2.15", provenance=Provenance.OURS, code="enterprise_overdue")
def not_overdue(values: Values, facts: Facts) -> bool:
    return standing(facts.mirror, facts.today) is not Standing.OVERDUE


@rule("变更申请至少变更一项", provenance=Provenance.OURS, code="nothing_changed")
def something_changes(values: Values, facts: Facts) -> bool:
    return bool(facts.changed)


@rule("企业注销前，其分支机构均已注销", provenance=Provenance.PUBLIC, code="branches_not_deregistered")
def branches_deregistered(values: Values, facts: Facts) -> bool:
    return facts.branches == 0


@rule("海关台账中没有该企业的有效备案", faq="2.4", provenance=Provenance.OURS, code="already_registered_at_customs")
def not_yet_registered(values: Values, facts: Facts) -> bool:
    return not facts.registered_at_customs


@rule("经营者备案系统中查询得到该企业的备案，且数据为最新", faq="2.9", code="mofcom_record_not_found")
def commerce_record_found(values: Values, facts: Facts) -> bool:
    return facts.commerce.get("state") == RecordState.CURRENT


@rule("客户端控件已安装、正在运行，版本为最新", faq="2.8", code="client_control_unavailable")
def control_ready(values: Values, facts: Facts) -> bool:
    return client_control.ready(facts.control)


def demand(guards: Iterable[Rule], facts: Facts) -> None:
    """Raise the refusal of the first guard that does not hold."""
    for guard in guards:
        if not guard(Values(), facts):
            raise Refusal(guard.code, extra=_TELLS[guard.name](facts) if guard.name in _TELLS else None)


_TELLS: dict[str, Callable[[Facts], dict[str, Any]]] = {
    "no_open_filing": lambda facts: {"filing": facts.open_filing or None},
    "branches_deregistered": lambda facts: {"branches": facts.branches},
    "card_login": lambda facts: {"card_status": facts.card_status} if facts.medium == Medium.CARD else {},
}
"""What a refusal tells besides its words."""
