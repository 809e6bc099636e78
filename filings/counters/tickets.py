"""联系: asking a department, which answers on the sandbox's clock (FAQ 1.9, 2.12)."""

from __future__ import annotations

from filings import desk
from filings.models import Agenda, Ticket, Visit
from filings.record.facts import account_facts
from filings.record.trail import note
from filings.rules import guards, offices
from filings.rules.events import Due, EventName
from filings.rules.refusals import Refusal, invalid
from filings.rules.words import Department, Topic


@desk.together
def contact(
    visit: Visit,
    to: Department,
    topic: Topic,
    *,
    filing: str = "",
    uscc: str = "",
    enterprise_name: str = "",
    text: str = "",
) -> Ticket:
    """联系: a question to a department. It is answered on the sandbox's clock.

    Raises 409 with the first ticket for the same question twice, 409 while the department is closed, and 422 without
    what it needs to be told (FAQ 2.12).
    """
    guards.demand((guards.enterprise_user,), account_facts(visit))
    assert visit.enterprise is not None
    assert visit.account is not None
    if filing:
        desk.find(visit, filing, pointer="/filing")
    offices.expect_open(to, visit.now)
    about = {"uscc": offices.credit_code(uscc), "enterprise_name": enterprise_name.strip()}
    if problems := offices.lacking(to, about, visit.enterprise.uscc):
        raise invalid(problems)
    asked = Ticket.objects.filter(
        sandbox=visit.sandbox, enterprise=visit.enterprise, desk=to, topic=topic, filing=filing, answered_at=None
    ).first()
    if asked:
        raise Refusal("duplicate_ticket", extra={"ticket": asked.public_id})
    tick = visit.sandbox.tick(events=1, serials=1)
    ticket = Ticket.objects.create(
        sandbox=visit.sandbox,
        serial=tick.serial,
        public_id=f"T{tick.serial:06d}",
        desk=to,
        topic=topic,
        account=visit.account,
        enterprise=visit.enterprise,
        filing=filing,
        text=text,
        created_at=visit.now,
        **about,
    )
    note(visit, EventName.TICKET_CREATED, tick=tick, subject=filing, ticket=ticket.public_id, desk=to, topic=topic)
    Agenda.put(visit.sandbox, visit.now + offices.ANSWER_AFTER, Due.ANSWER, ticket.public_id)
    return ticket
