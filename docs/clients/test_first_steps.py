"""First steps of a client of the simulated 企业资质 module, in pytest: each test in a world of its own.

    BASE=http://127.0.0.1:8000 python -m pytest -p conftest_singlewindow test_first_steps.py

`/api/v1` is the simulator's own: no public interface of the portal is known. The calls are written out to be read; in
tests of yours the client under test makes those of the portal, and the test keeps those of `control`.
"""

from http.client import HTTPException

import pytest

WAY = ["draft", "declared", "sent", "stored", "manual_review", "approved"]


@pytest.fixture
def portal(world):
    """The portal as `cardless` sees it: the enterprise that is not registered yet."""
    return world.portal["cardless"]


@pytest.fixture
def filing(world, portal):
    """The reference registration, drafted (暂存). Under its key it is drafted once, however often this is sent."""
    drafted = portal("POST", "/filings", world.reference, Idempotency_Key="first-steps-1")
    assert (drafted.status, drafted.json["status"]) == (201, "draft")
    return f"/filings/{drafted.json['id']}"


def test_a_mistake_is_refused_in_the_documents_words(portal, filing):
    refused = portal("PATCH", filing, {"content": {"express_operator": True}})
    assert (refused.status, refused.headers["Content-Type"]) == (422, "application/problem+json")
    assert (refused.json["code"], refused.json["faq"]) == ("express_not_allowed", "2.19")


def test_a_registration_is_declared_and_approved_within_a_day(world, portal, filing):
    assert portal("POST", f"{filing}/declare", Idempotency_Key="first-steps-2").json["status_label"] == "已申报"
    fired = world.control("POST", "/clock/advance", {"by": "P1D"}).json["fired"]
    assert [one["verb"] for one in fired] == ["send", "store", "route_manual", "approve"]
    assert portal("GET", filing).json["status"] == "approved"
    assert [step["to"] for step in portal("GET", f"{filing}/timeline").json["results"]] == WAY
    assert portal("GET", f"{filing}/receipts").json["results"][-1]["text"] == "审批通过"
    assert portal("GET", "/enterprise").json["standing"] == "normal"


def test_customs_refuses_and_tells_the_reason_to_who_asks_customs_only(world, portal, filing):
    """FAQ 2.6: the receipts of a registration hold no reason."""
    world.control("PUT", "/scenario", {"scenario": "reject; reason=address_mismatch"})
    portal("POST", f"{filing}/declare")
    world.control("POST", "/clock/advance", {"until": "idle"})
    assert portal("GET", filing).json["status_label"] == "审批不通过"
    assert all("reason" not in receipt for receipt in portal("GET", f"{filing}/receipts").json["results"])
    assert portal("POST", f"{filing}/copy").json["status"] == "draft"


def test_a_declaration_whose_answer_was_lost_is_sent_again_and_made_once(world, portal, filing):
    declaration = {"method": "POST", "path": f"/api/v1{filing}/declare"}
    world.control("POST", "/faults", {"fault": "cut_after_commit", "match": declaration, "times": 1})
    with pytest.raises(HTTPException):  # the line breaks before the answer is whole
        portal("POST", f"{filing}/declare", Idempotency_Key="first-steps-2")
    again = portal("POST", f"{filing}/declare", Idempotency_Key="first-steps-2")
    assert (again.status, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert [step["to"] for step in portal("GET", f"{filing}/timeline").json["results"]] == WAY[:2]
    verified = world.control(
        "POST", "/journal/verify", {"match": declaration | {"status": 200}, "count": {"exactly": 2}}
    )
    assert verified.json["ok"], verified.json["near_misses"]
