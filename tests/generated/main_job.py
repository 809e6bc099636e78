"""The main job in Python, by the clients that openapi-python-client makes of both documents; every call and answer is
typed.

BASE=http://127.0.0.1:8000 python main_job.py, where both packages can be imported
"""

import os

import httpx
from qualification_simulator_client import AuthenticatedClient, Client
from qualification_simulator_client.api.filings import (
    create_filing,
    declare_filing,
    filing_receipts,
    read_filing,
    save_filing,
)
from qualification_simulator_client.api.sessions import log_in
from qualification_simulator_client.models import (
    ChangeContent,
    LoggedIn,
    NewRegistration,
    PasswordLogIn,
    Patch,
    Problem,
    ReceiptPage,
    RegistrationContent,
    RegistrationFiling,
    Status,
)
from qualification_simulator_control_client import Client as ControlClient
from qualification_simulator_control_client.api.clock import advance_clock
from qualification_simulator_control_client.api.sandboxes import create_sandbox, delete_sandbox
from qualification_simulator_control_client.models import (
    Advanced,
    AdvanceUntil,
    AdvanceUntilUntil,
    NewSandbox,
    OpenedSandbox,
)

BASE = os.environ["BASE"]


def good(answer, kind):
    assert isinstance(answer, kind), answer
    return answer


control = ControlClient(base_url=f"{BASE}/control/v1")
world = good(create_sandbox.sync(client=control, body=NewSandbox(scenario="approve")), OpenedSandbox)
player = next(account for account in world.accounts if account.role == "cardless")

credentials = PasswordLogIn(sandbox=world.id, username=player.username, password=player.password)
session = good(log_in.sync(client=Client(base_url=f"{BASE}/api/v1"), body=credentials), LoggedIn)
portal = AuthenticatedClient(base_url=f"{BASE}/api/v1", token=session.token)

reference = NewRegistration.from_dict(httpx.get(f"{BASE}/first-steps/reference-registration.json").json())
made = create_filing.sync_detailed(client=portal, body=reference, idempotency_key="one")
filing = good(made.parsed, RegistrationFiling)
assert made.headers["ETag"] == '"v1"'
assert filing.content.legal_representative.name == "张演练"

patched = save_filing.sync(filing.id, client=portal, body=Patch(content=RegistrationContent(remarks="类型生成")))
assert good(patched, RegistrationFiling).content.remarks == "类型生成"
wrong = save_filing.sync(filing.id, client=portal, body=Patch(content=ChangeContent(customs_office="9999")))
assert good(wrong, Problem).errors[0].pointer == "/content/customs_office"
assert good(declare_filing.sync(filing.id, client=portal), RegistrationFiling).status == Status.DECLARED
refused = good(declare_filing.sync(filing.id, client=portal), Problem)
assert (refused.code, refused.allowed) == ("illegal_transition", ["copy"])

advanced = advance_clock.sync(world.id, client=control, body=AdvanceUntil(until=AdvanceUntilUntil.IDLE))
assert len(good(advanced, Advanced).fired) == 4
assert good(read_filing.sync(filing.id, client=portal), RegistrationFiling).status == Status.APPROVED
receipts = good(filing_receipts.sync(filing.id, client=portal), ReceiptPage)
assert [str(result.status) for result in receipts.results] == ["sent", "stored", "manual_review", "approved"]
delete_sandbox.sync_detailed(world.id, client=control)
print("typed all the way")
