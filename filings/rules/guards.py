"""Who may do what: rules that stand before a deed, each with the words of its refusal (CONTRACT §1: order of refusals)."""

from collections.abc import Iterable

from filings.rules.facts import Facts
from filings.rules.refusals import Refusal
from filings.rules.register import Rule, Values, rule
from filings.rules.words import Mode, Provenance, UserType


@rule("当前账号是企业用户", faq="2.3", code="not_enterprise_user")
def enterprise_user(values: Values, facts: Facts) -> bool:
    return facts.user_type == UserType.ENTERPRISE


@rule("代理申报时，被代理企业的授权有效", faq="1.7", provenance=Provenance.OURS, code="mandate_required")
def mandate_stands(values: Values, facts: Facts) -> bool:
    return facts.mode == Mode.SELF or facts.mandated


@rule("该企业没有已申报、尚未审批的申请单", provenance=Provenance.OURS, code="open_application_exists")
def no_open_filing(values: Values, facts: Facts) -> bool:
    return facts.open_filing is None


@rule("海关台账中没有该企业的有效备案", faq="2.4", provenance=Provenance.OURS, code="already_registered_at_customs")
def not_yet_registered(values: Values, facts: Facts) -> bool:
    return not facts.registered_at_customs


def demand(guards: Iterable[Rule], facts: Facts) -> None:
    """Raise the refusal of the first guard that does not hold."""
    for guard in guards:
        if not guard(Values(), facts):
            raise Refusal(guard.code, extra={"filing": facts.open_filing} if guard is no_open_filing else None)
