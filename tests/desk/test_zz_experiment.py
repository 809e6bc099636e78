import pytest, threading
from filings import agenda, desk
from filings.customs import officer
from tests.desk.test_trail import at_once
from tests.factories import *
@pytest.mark.django_db(transaction=True)
def test_dead(monkeypatch):
    v = visit_of(AccountFactory())
    f = FilingFactory(visit=v, status="declared", scenario="approve")
    claimed, locked = threading.Event(), threading.Event()
    reply, sched = agenda._HANDLERS["reply"], desk.schedule
    def slow_reply(s, row):
        claimed.set(); locked.wait(3); return reply(s, row)
    def slow_sched(filing, visit):
        locked.set(); claimed.wait(3); import time; time.sleep(.3); return sched(filing, visit)
    monkeypatch.setitem(agenda._HANDLERS, "reply", slow_reply); monkeypatch.setattr(desk, "schedule", slow_sched)
    out = at_once([lambda: agenda.run(v.sandbox, v.now+timedelta(minutes=2), limit=1), lambda: officer.act(v.sandbox, f.public_id, "send", v.now)])
    print([repr(o)[:200] for o in out])
