"""FAQ 1.6: the newest seal certificate may be applied for once an hour.

问：企业登记中电子签章证书多久能申请一次？
答：目前系统允许用户每一小时可以申请一次最新证书下载。
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from filings.lab.faults import glitches
from filings.models import Event, Sandbox, SealCertificate
from tests.api.client import Answer, Caller, World
from tests.desk.test_trail import at_once
from tests.faq.boundaries import before, since

pytestmark = pytest.mark.faq("1.6")

WORDS = "目前系统允许用户每一小时可以申请一次最新证书下载"


def apply(world: World, role: str = "card", **headers: str) -> Answer:
    return world.caller(role).post("/seal-certificates", **headers)


def limited(answer: Answer, retry_after: int) -> Answer:
    assert answer.refused(429, "certificate_hourly_limit").headers["Retry-After"] == str(retry_after)
    return answer


def pem(world: World, n: int = 1, role: str = "card") -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(world.caller(role).get(f"/seal-certificates/{n}/download").ok(200).body)


# ── once an hour ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_is_given_and_the_next_is_refused_in_the_very_words(world: World) -> None:
    made = apply(world).ok(201)
    assert (made["issued_at"], made["next_at"]) == ("2021-12-01T09:00:00+08:00", "2021-12-01T10:00:00+08:00")
    refused = limited(apply(world), 3600)
    assert (refused["detail"], refused["faq"], refused["provenance"]) == (WORDS, "1.6", "documented")
    assert refused["retry_at"] == made["next_at"]
    assert [row["n"] for row in world.caller("card").get("/seal-certificates")["results"]] == [1]


@pytest.mark.parametrize(
    ("microseconds", "status"),
    [(3_599_000_000, 429), (3_599_999_000, 429), (3_599_999_999, 429), (3_600_000_000, 201), (3_600_000_001, 201)],
)
def test_the_hour_is_measured_to_the_microsecond(microseconds: int, status: int, world: World) -> None:
    apply(world).ok(201)
    world.wait(microseconds=microseconds)
    answer = apply(world)
    assert answer.status == status
    if status == 429:
        limited(answer, 1)


@before("1.6")
def test_at_the_last_moment_of_the_hour_it_is_refused(moment: str, world: World) -> None:
    apply(world).ok(201)
    world.advance(to=moment)
    limited(apply(world), 1)


@since("1.6")
def test_when_the_hour_is_over_it_is_given(moment: str, world: World) -> None:
    apply(world).ok(201)
    world.advance(to=moment)
    assert apply(world).ok(201)["next_at"] == "2021-12-01T11:00:00+08:00"


def test_the_wait_is_told_in_whole_seconds_rounded_up(world: World) -> None:
    apply(world).ok(201)
    world.wait(seconds=1800, milliseconds=1)
    limited(apply(world), 1800)


def test_an_hour_that_began_in_another_zone_is_the_same_hour(db: None) -> None:
    begun = {"mode": "frozen", "now": "2021-12-31T15:30:00.000001Z"}
    world = World(clock=begun)
    apply(world).ok(201)
    world.advance(to="2021-12-31T16:30:00Z")
    limited(apply(world), 1)
    world.advance(to="2021-12-31T16:30:00.000001Z")
    assert apply(world).ok(201)["issued_at"] == "2022-01-01T00:30:00.000001+08:00"


def test_a_refused_attempt_does_not_begin_the_hour_anew(world: World) -> None:
    apply(world).ok(201)
    world.wait(minutes=59)
    limited(apply(world), 60)
    world.wait(minutes=1)
    apply(world).ok(201)


def test_a_failed_issue_does_not_begin_the_hour(world: World) -> None:
    world.control.post("/situation", {"situation": "seal_certificate_fails"}).ok(200)
    failed = apply(world).refused(503, "seal_certificate_unavailable")
    assert "Retry-After" not in failed.headers  # it is over when it is over, not after some time
    assert world.caller("card").get("/seal-certificates")["results"] == []
    world.control.post("/situation", {"situation": "seal_certificate_at_60_00"}).ok(200)
    apply(world).refused(503, "seal_certificate_unavailable")
    glitches.take_away(Sandbox.objects.get(key=world.id), "seal_certificate_fails", world.accounts["card"]["uscc"])
    apply(world).ok(201)


def test_within_the_hour_a_broken_service_makes_no_difference(world: World) -> None:
    apply(world).ok(201)
    world.control.post("/situation", {"situation": "seal_certificate_fails"}).ok(200)
    limited(apply(world), 3600)


def test_the_same_request_sent_again_is_the_same_certificate_not_a_refusal(world: World) -> None:
    made = apply(world, Idempotency_Key="k").ok(201)
    world.wait(minutes=30)
    again = apply(world, Idempotency_Key="k").ok(201)
    assert (again.json, again.headers["Idempotency-Replayed"]) == (made.json, "true")
    limited(apply(world, Idempotency_Key="other"), 1800)


def test_another_account_of_the_same_firm_is_free_and_its_certificate_is_the_newest(world: World) -> None:
    mine, colleague = (
        world.caller("card"),
        world.control.post("/fixtures/account", {"uscc": world.accounts["card"]["uscc"], "username": "colleague"}).ok(
            201
        ),
    )
    apply(world).ok(201)
    theirs = mine.post("/seal-certificates", token=colleague["token"]).ok(201)
    assert (theirs["n"], theirs["username"], theirs["latest"]) == (2, "colleague", True)
    limited(apply(world), 3600)
    limited(mine.post("/seal-certificates", token=colleague["token"]), 3600)


def test_another_enterprise_is_free(world: World) -> None:
    apply(world).ok(201)
    assert apply(world, "cardless").ok(201)["n"] == 1


def test_the_newest_supersedes_the_one_before(world: World) -> None:
    apply(world).ok(201)
    world.wait(hours=1)
    apply(world).ok(201)
    newest, older = world.caller("card").get("/seal-certificates")["results"]
    assert [(row["n"], row["latest"]) for row in (newest, older)] == [(2, True), (1, False)]
    assert (newest["superseded_at"], older["superseded_at"]) == (None, newest["issued_at"])
    assert newest["serial_number"] != older["serial_number"]


def test_a_reset_forgets_that_anything_was_issued(world: World) -> None:
    apply(world).ok(201)
    world.control.post("/reset").ok(200)
    assert world.caller("card").get("/seal-certificates")["results"] == []
    assert apply(world).ok(201)["n"] == 1


def test_it_is_noted_when_one_is_issued_and_when_one_is_refused(world: World) -> None:
    apply(world).ok(201)
    apply(world)
    told = [
        (event.name, event.data.get("code")) for event in Event.objects.filter(sandbox__key=world.id).order_by("seq")
    ]
    assert told == [("certificate.issued", None), ("refused", "certificate_hourly_limit")]


# ── who ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.faq("2.3")
def test_a_personal_user_is_refused_and_nobody_is_a_stranger(world: World, anyone: Caller) -> None:
    apply(world, "personal").refused(403, "not_enterprise_user")
    assert world.caller("personal").get("/seal-certificates").ok(200)["results"] == []
    anyone.post("/seal-certificates").refused(401, "not_authenticated")


def test_one_sees_and_downloads_those_of_ones_own_enterprise_only(world: World, other_world: World) -> None:
    apply(world).ok(201)
    for stranger in (world.caller("cardless"), world.caller("personal"), other_world.caller("card")):
        assert stranger.get("/seal-certificates")["results"] == []
        stranger.get("/seal-certificates/1/download").refused(404, "not_found")


# ── a real certificate, marked as what it is ──────────────────────────────────────────────────────────────────────


def test_the_certificate_is_the_enterprises_and_signed_by_the_sandboxs_own_authority(world: World) -> None:
    made = apply(world).ok(201)
    own, above = pem(world)
    own.verify_directly_issued_by(above)
    above.verify_directly_issued_by(above)
    about = world.caller("card").get("/enterprise")
    subject = {part.oid: part.value for part in own.subject}
    assert (subject[NameOID.COMMON_NAME], subject[NameOID.SERIAL_NUMBER]) == (about["name_cn"], about["uscc"])
    assert "模拟" in subject[NameOID.ORGANIZATIONAL_UNIT_NAME]
    assert "模拟" in above.subject.rfc4514_string()
    assert f"{own.serial_number:X}" == made["serial_number"]
    assert own.not_valid_before_utc == datetime.fromisoformat(made["issued_at"])
    assert own.not_valid_after_utc == datetime.fromisoformat(made["valid_until"])
    assert not own.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert above.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert isinstance(own.public_key(), ec.EllipticCurvePublicKey)
    assert own.public_key().curve.name == "secp256r1"


def test_the_pkcs12_file_holds_the_key_under_the_password_that_was_told(world: World) -> None:
    made = apply(world).ok(201)
    answer = world.caller("card").get(f"{made.headers['Location']}?format=p12").ok(200)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    key, own, above = pkcs12.load_key_and_certificates(answer.body, made["p12_password"].encode())
    assert [own, *above] == pem(world)
    assert key.public_key() == own.public_key()
    with pytest.raises(ValueError, match="password"):
        pkcs12.load_key_and_certificates(answer.body, b"wrong")


def test_one_authority_signs_for_a_sandbox_and_another_for_the_next(world: World, other_world: World) -> None:
    for one, role in ((world, "card"), (world, "cardless"), (other_world, "card")):
        apply(one, role).ok(201)
    assert pem(world)[1] == pem(world, role="cardless")[1]
    assert pem(world)[1] != pem(other_world)[1]


def test_a_long_name_is_certified_as_far_as_the_standard_lets_it(world: World) -> None:
    long = world.control.post("/fixtures/enterprise", {"name_cn": "深圳市" + "长" * 97}).ok(201)
    token = world.control.post("/fixtures/account", {"uscc": long["uscc"]}).ok(201)["token"]
    world.caller().post("/seal-certificates", token=token).ok(201)
    own, _ = x509.load_pem_x509_certificates(world.caller().get("/seal-certificates/1/download", token).body)
    told = {part.oid: part.value for part in own.subject}
    assert (told[NameOID.COMMON_NAME], told[NameOID.ORGANIZATION_NAME]) == ("深圳市" + "长" * 18, "深圳市" + "长" * 61)


@pytest.mark.parametrize("form", ["der", "", "PEM", "%00"])
def test_there_is_no_other_form(form: str, world: World) -> None:
    apply(world).ok(201)
    world.caller("card").get(f"/seal-certificates/1/download?format={form}").refused(400, "unknown_parameter")


# ── the situations, and twenty at once ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("situation", "status"), [("seal_certificate_at_59_59", 429), ("seal_certificate_at_60_00", 201)]
)
def test_the_last_one_may_lie_either_side_of_the_hour(situation: str, status: int, world: World) -> None:
    for _ in range(2):
        apply(world, "card")
        told = world.control.post("/situation", {"situation": situation}).ok(200)
        latest = world.caller("card").get("/seal-certificates")["results"][0]
        assert ([latest["n"]], latest["latest"]) == (told["seal_certificates"], True)
        answer = apply(world)
        assert answer.status == status
        if status == 429:
            limited(answer, 1)
    own, above = pem(world, latest["n"])
    own.verify_directly_issued_by(above)
    assert above.not_valid_before_utc < own.not_valid_before_utc


def test_such_a_situation_is_one_a_sandbox_can_open_in(db: None) -> None:
    world = World(situation="seal_certificate_at_59_59")
    limited(apply(world), 1)
    world.wait(seconds=1)
    apply(world).ok(201)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_when_the_hour_is_over_one_is_given() -> None:
    world = World(situation="seal_certificate_at_60_00")
    answers = at_once([lambda: apply(world)] * 20)
    assert sorted(answer.status for answer in answers) == [201] + [429] * 19
    kept = SealCertificate.objects.filter(sandbox__key=world.id).order_by("n")
    assert list(kept.values_list("n", "superseded_at")) == [(1, world.now), (2, None)]
    assert Event.objects.filter(sandbox__key=world.id, name="certificate.issued").count() == 2
    assert kept[1].issued_at - kept[0].issued_at == timedelta(hours=1)


def test_serial_numbers_are_drawn_by_the_seed_and_no_two_are_the_same(db: None) -> None:
    drawn = []
    for seed in (7, 7, 8):
        world, numbers = World(seed=seed), []
        for role in ("card", "agent", "card"):
            numbers.append(apply(world, role).ok(201)["serial_number"])
            world.wait(hours=1)
        assert f"{pem(world, 2)[0].serial_number:X}" == numbers[2], "what is told is what the certificate says"
        drawn.append(numbers)
    assert drawn[0] == drawn[1]
    assert len({*drawn[0], *drawn[2]}) == 6
    assert {len(number) for numbers in drawn for number in numbers} == {38}, "19 bytes, the first not 0"
