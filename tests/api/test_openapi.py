"""The OpenAPI documents are true: of the routes, of what they take, of what they answer."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from filings.api import urls as api_urls
from filings.control import urls as control_urls
from filings.manners import wire
from filings.manners.generating import Generator
from filings.rules.kinds import KINDS
from filings.rules.refusals import Refusal
from filings.rules.sheet import Field, Group, Rows
from filings.rules.words import Category
from tests.api import client
from tests.api.client import (
    BUSINESS,
    CONTROL,
    JPG,
    NOBODY,
    PNG,
    Caller,
    World,
    document,
    hold_to_the_document,
    reference,
    seen,
    signature,
    validator,
)
from tests.factories import SOMEBODY

PLANES = {BUSINESS: api_urls, CONTROL: control_urls}
planes = pytest.mark.parametrize("plane", PLANES)
SOMEONE = {"username": "zhang", "password": "Demo-2021", "display_name": "张演练"}
METHODS = ("get", "post", "put", "patch", "delete")


def template(route: URLPattern) -> str:
    return "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(route.pattern))


def routes(plane: str) -> dict[tuple[str, str], Any]:
    """(method, path) → the class that serves it, from the urlconf."""
    return {
        (method, template(route)): route.callback.view_class
        for route in PLANES[plane].operations
        for method in METHODS
        if hasattr(route.callback.view_class, method)
    }


def operations(plane: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path): one for path, methods in document(plane)["paths"].items() for method, one in methods.items()
    }


EVERY = [(plane, *key) for plane in PLANES for key in routes(plane)]
every_operation = pytest.mark.parametrize(
    ("plane", "method", "path"), EVERY, ids=[f"{m}-{p}{path}" for p, m, path in EVERY]
)


# ── the documents themselves ──────────────────────────────────────────────────────────────────────────────────────


@planes
def test_it_is_a_valid_openapi_3_1_document(plane: str) -> None:
    assert document(plane)["openapi"].startswith("3.1")
    validate_schema(document(plane))
    for schema in document(plane)["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    text = json.dumps(document(plane))
    for reference_ in set(re.findall(r'"#/components/schemas/(\w+)"', text)):
        assert reference_ in document(plane)["components"]["schemas"]


@planes
def test_it_is_made_without_a_single_warning(plane: str) -> None:
    class Operations:
        urlpatterns = PLANES[plane].operations

    with GENERATOR_STATS.silence():
        GENERATOR_STATS.reset()
        Generator(urlconf=Operations).get_schema(request=None, public=True)
        found = [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]
        GENERATOR_STATS.reset()
    assert found == []


@planes
def test_it_describes_every_route_and_no_other(plane: str) -> None:
    assert routes(plane).keys() == operations(plane).keys()
    others = {str(route.pattern) for route in PLANES[plane].urlpatterns} - {
        str(route.pattern) for route in PLANES[plane].operations
    }
    assert others == {"schema", "docs"}


@planes
def test_every_operation_has_a_name_of_its_own_a_summary_and_a_tag(plane: str) -> None:
    names = [operation["operationId"] for operation in operations(plane).values()]
    assert len(set(names)) == len(names)
    assert all(one["summary"] and one["tags"] for one in operations(plane).values())


@every_operation
def test_it_names_exactly_the_query_parameters_the_address_knows(plane: str, method: str, path: str) -> None:
    told = {one["name"] for one in operations(plane)[method, path].get("parameters", []) if one["in"] == "query"}
    view = routes(plane)[method, path]
    reads = method == "get" or not hasattr(view, "get")
    assert told == (set(view.parameters) if reads else set())


@every_operation
def test_it_offers_the_idempotency_key_on_every_post_but_a_login(plane: str, method: str, path: str) -> None:
    told = [one["name"] for one in operations(plane)[method, path].get("parameters", []) if one["in"] == "header"]
    assert told.count("Idempotency-Key") == (method == "post" and not path.startswith("/sessions"))


@pytest.mark.django_db
@every_operation
def test_it_says_truly_which_operations_want_a_token(plane: str, method: str, path: str, settings: Any) -> None:
    settings.SIM_CONTROL_TOKEN, settings.HOST = "operator", "0.0.0.0"
    address = plane + re.sub(r"\{(\w+)\}", lambda found: "1" if found[1] == "n" else "none", path)
    answer = Caller().call(method.upper(), address, None if method in ("get", "delete") else {})
    assert (answer.status == 401 and answer["code"] in ("not_authenticated", "control_unauthorized")) == bool(
        operations(plane)[method, path]["security"]
    )


def test_it_says_that_on_this_machine_the_control_plane_is_open_and_the_business_plane_is_not() -> None:
    assert {json.dumps(operation["security"]) for operation in operations(CONTROL).values()} == {'[{}, {"bearer": []}]'}
    assert {json.dumps(one["security"]) for one in operations(BUSINESS).values()} == {"[]", '[{"bearer": []}]'}


def test_where_a_client_developer_starts_it_says_that_no_public_counterpart_is_known() -> None:
    assert "未见该模块有公开的导入接口" in document(BUSINESS)["info"]["description"]
    assert "模拟" in document(BUSINESS)["info"]["summary"]


@planes
def test_its_page_shows_it_without_asking_any_other_host(plane: str) -> None:
    page = Caller().get(f"{plane}/docs", Accept="text/html").ok(200).body.decode()
    assert f"{plane}/schema" in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)


@planes
def test_a_body_that_refuses_what_it_does_not_know_says_so(plane: str) -> None:
    schemas = document(plane)["components"]["schemas"]
    taken = {
        media["schema"]["$ref"].rpartition("/")[2]
        for operation in operations(plane).values()
        for media in operation.get("requestBody", {}).get("content", {}).values()
        if "$ref" in media["schema"]
    }
    shapes = {
        name
        for name in taken
        for name in [one["$ref"].rpartition("/")[2] for one in schemas[name].get("oneOf", [])] or [name]
    }
    assert {name for name in shapes - {"Snapshot"} if schemas[name].get("additionalProperties") is not False} == set()


@planes
def test_every_example_of_a_body_is_one(plane: str) -> None:
    schemas = document(plane)["components"]["schemas"]
    examples = [(name, example) for name, schema in schemas.items() for example in schema.get("examples", ())]
    assert len(examples) >= 7
    for name, example in examples:
        assert not list(validator(plane, f'{{"$ref": "#/components/schemas/{name}"}}').iter_errors(example)), name


@pytest.mark.parametrize(
    ("plane", "name", "body", "right"),
    [
        (BUSINESS, "LogIn", {"username": "a", "password": "b"}, True),
        (BUSINESS, "LogIn", {"card_no": "a", "random": "b", "signature": "c"}, True),
        (BUSINESS, "LogIn", {"username": "a", "password": "b", "pin": "c"}, False),
        (BUSINESS, "LogIn", {}, False),
        (BUSINESS, "NewFiling", {"kind": "change"}, True),
        (BUSINESS, "NewFiling", {"kind": "change", "content": {"address_cn": "x"}}, True),
        (BUSINESS, "NewFiling", {"kind": "deregistration", "content": {"address_cn": "x"}}, False),
        (BUSINESS, "NewFiling", {}, False),
        (BUSINESS, "Register", {**SOMEONE, "user_type": "enterprise", "uscc": "x"}, True),
        (BUSINESS, "Register", {**SOMEONE, "user_type": "enterprise"}, False),
        (BUSINESS, "Register", {**SOMEONE, "user_type": "personal"}, True),
        (BUSINESS, "Contact", {"desk": "platform", "topic": "status"}, True),
        (BUSINESS, "Contact", {"desk": "customs_inspection", "topic": "usd", "uscc": "x"}, False),
        (
            BUSINESS,
            "Contact",
            {"desk": "customs_inspection", "topic": "usd", "uscc": "x", "enterprise_name": None},
            False,
        ),
        (CONTROL, "Advance", {"by": "P1DT1H"}, True),
        (CONTROL, "Advance", {"by": "P1W"}, True),
        (CONTROL, "Advance", {"by": "P"}, False),
        (CONTROL, "Advance", {"by": "PT"}, False),
        (CONTROL, "Advance", {"by": "P1M"}, False),
        (CONTROL, "Advance", {"by": "PT1H", "until": "idle"}, False),
        (CONTROL, "Count", {"at_least": 1, "at_most": 2}, True),
        (CONTROL, "Count", {"exactly": 1, "at_most": 2}, False),
        (CONTROL, "Count", {"at_most": 2}, True),
        (CONTROL, "Count", {}, False),
        (CONTROL, "NewFault", {"fault": "latency"}, True),
        (CONTROL, "NewFault", {"fault": "latency", "times": 1}, True),
        (CONTROL, "NewFault", {"fault": "latency", "times": 1, "probability": 0.5}, False),
        (CONTROL, "AccountWanted", {}, True),
        (CONTROL, "AccountWanted", {"user_type": "personal"}, True),
        (CONTROL, "AccountWanted", {"user_type": "personal", "uscc": "x"}, False),
        (CONTROL, "FilingWanted", {"state": "rejected", "reason_code": "x"}, True),
        (CONTROL, "FilingWanted", {"reason_code": "x"}, False),
        (CONTROL, "FilingWanted", {"state": "approved", "scenario": "approve"}, False),
    ],
)
def test_what_holds_between_the_fields_of_a_body_is_told(plane: str, name: str, body: Any, right: bool) -> None:
    schema = validator(plane, f'{{"$ref": "#/components/schemas/{name}"}}')
    assert schema.is_valid(body) is right


# ── what public generators understand ─────────────────────────────────────────────────────────────────────────────


def schemas_in(node: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every schema of a document, with where it stands."""
    if isinstance(node, list):
        for n, one in enumerate(node):
            yield from schemas_in(one, f"{at}/{n}")
    elif isinstance(node, dict):
        for key, one in node.items():
            if key in ("schema", "items", "additionalProperties"):
                yield f"{at}/{key}", one
            if key in ("properties", "schemas", "$defs"):
                yield from ((f"{at}/{key}/{name}", schema) for name, schema in one.items())
            if key in ("anyOf", "oneOf", "allOf", "prefixItems"):
                yield from ((f"{at}/{key}/{n}", schema) for n, schema in enumerate(one))
            yield from schemas_in(one, f"{at}/{key}")


@planes
def test_no_schema_is_a_boolean_or_a_negation_or_a_choice_without_names(plane: str) -> None:
    found = dict(schemas_in(document(plane)))
    assert len(found) > 500
    assert [at for at, one in found.items() if isinstance(one, bool) and not at.endswith("/additionalProperties")] == []
    mine = {at: one for at, one in found.items() if isinstance(one, dict)}
    assert [
        at for at, one in mine.items() if one.keys() & {"not", "allOf", "if", "minProperties", "maxProperties"}
    ] == []
    assert [at for at, one in mine.items() if "enum" in one and "type" not in one] == []
    assert [at for at, one in mine.items() if one.keys() & {"anyOf", "oneOf"} and "type" in one] == []
    options = [(at, option) for at, one in mine.items() for key in ("anyOf", "oneOf") for option in one.get(key, ())]
    assert [at for at, option in options if option != {"type": "null"} and option.keys() != {"$ref"}] == []


@planes
def test_every_alternative_is_an_object_whole_and_told_by_a_member_that_is_always_the_same(plane: str) -> None:
    schemas = document(plane)["components"]["schemas"]
    choices = {name: schema for name, schema in schemas.items() if "oneOf" in schema}
    assert len(choices) >= 4
    for name, one in choices.items():
        alternatives = [schemas[option["$ref"].rpartition("/")[2]] for option in one["oneOf"]]
        assert all(each["type"] == "object" and each["properties"] for each in alternatives), name
        if told := one.get("discriminator"):
            by = told["propertyName"]
            assert [each["properties"][by]["const"] for each in alternatives] == list(told["mapping"]), name
            assert all(by in each["required"] for each in alternatives), name
    assert {"Filing", "NewFiling", "Contact", "Register", "NewSandbox"} & {
        name for name, choice in choices.items() if "discriminator" in choice
    } == ({"Filing", "NewFiling", "Contact", "Register"} if plane == BUSINESS else {"Filing"})


def test_a_filing_of_one_kind_is_not_read_as_one_of_another(world: World) -> None:
    told = world.caller().get(f"/filings/{world.draft()}").ok(200).json
    fits = [
        name
        for kind in KINDS.values()
        if validator(
            BUSINESS, f'{{"$ref": "#/components/schemas/{(name := f"{kind.sheet.__name__}Filing")}"}}'
        ).is_valid(told)
    ]
    assert fits == ["RegistrationFiling"]


@planes
def test_what_becomes_a_name_in_a_program_is_in_ascii_and_what_people_read_is_in_chinese(plane: str) -> None:
    told = document(plane)
    names = [told["info"]["title"], *(one["name"] for one in told["tags"]), *told["components"]["schemas"]]
    assert all(name.isascii() for name in names)
    every = [*operations(plane).values(), *(one["post"] for one in told.get("webhooks", {}).values())]
    assert {tag for one in every for tag in one["tags"]} == {one["name"] for one in told["tags"]}
    words = [one for at, one in said_in(told)]
    assert len(words) > 100
    assert [word for word in words if word.isascii() and re.search("[a-z] [a-z]", word)] == []


def said_in(node: Any, at: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for one in node:
            yield from said_in(one, at)
    elif isinstance(node, dict):
        for key, one in node.items():
            if key in ("description", "summary", "x-displayName") and isinstance(one, str):
                yield at, one
            yield from said_in(one, f"{at}/{key}")


def test_the_notification_is_told_as_a_webhook(world: World) -> None:
    told = document(CONTROL)["webhooks"]["filing_event"]["post"]
    assert {one["name"] for one in told["parameters"]} == {"webhook-id", "webhook-timestamp", "webhook-signature"}
    schema = json.dumps(told["requestBody"]["content"]["application/json"]["schema"])
    world.control.post("/webhooks", {"url": f"http://{NOBODY}/"}).ok(201)
    world.declare(X_Sim_Scenario="by_hand").ok(200)
    [sent] = world.control.get("/deliveries").ok(200)["results"]
    assert list(validator(CONTROL, schema).iter_errors(json.loads(sent["body"]))) == []


@pytest.mark.parametrize("name", sorted({"Filing", "Problem", "Receipt", "FieldState"}))
def test_both_documents_tell_the_same_of_what_both_have(name: str) -> None:
    one, other = (document(plane)["components"]["schemas"].get(name) for plane in PLANES)
    assert one is not None
    assert other in (one, None)


def test_whatever_a_refusal_tells_besides_is_a_member_of_the_problem() -> None:
    """Read from the source: `extra={…}` and the like."""
    told = {
        key.value
        for file in (Path(__file__).parents[2] / "filings").rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call)
        for argument in call.keywords
        if argument.arg == "extra" and isinstance(argument.value, ast.Dict)
        for key in argument.value.keys
        if isinstance(key, ast.Constant)
    }
    assert len(told) > 15
    assert told - document(BUSINESS)["components"]["schemas"]["Problem"]["properties"].keys() == set()


def test_what_no_document_describes_costs_nobody_the_answer() -> None:
    told = wire.problem_of(Refusal("not_found", extra={"nobody": 1}), "/")
    assert isinstance(told, dict)
    assert (told["nobody"], told["code"]) == (1, "not_found")


# ── the fields ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_sheet_tells_when_it_is_required_or_locked_and_how_that_is_known(kind: str) -> None:
    sheet = KINDS[kind].sheet
    schemas = document(BUSINESS)["components"]["schemas"]
    properties = schemas[f"{sheet.__name__}Content"]["properties"]
    assert properties.keys() == sheet.items.keys()
    for name, item in sheet.items.items():
        match item:
            case Group():
                group = schemas[properties[name]["anyOf"][0]["$ref"].rpartition("/")[2]]
                pairs = [(field, group["properties"][key]) for key, field in item.fields.items()]
            case Rows():
                row = schemas[properties[name]["items"]["$ref"].rpartition("/")[2]]
                pairs = [(field, row["properties"][key]) for key, field in item.fields.items()]
            case Field():
                pairs = [(item, properties[name])]
        for field, told in pairs:
            assert told["title"] == field.label
            assert told["x-provenance"] == field.provenance
            assert told.get("x-faq") == field.faq
            assert told.get("x-code-table") == field.table


@pytest.mark.parametrize(
    ("name", "extension", "words"),
    [
        ("filing_scope", "x-locked-when", "自2018年4月20日起同时取得报关报检资质"),
        ("express_operator", "x-locked-when", "除非企业经营类别为报关企业或特殊监管区域双重身份企业"),
        ("inspection_number", "x-locked-when", "审批通过后由海关返填"),
        ("parent_relation", "x-required-when", "该草稿的页面把“与上级单位关系”显示为必填（页面异常）"),
        ("name_cn", "x-required-when", "始终"),
    ],
)
def test_the_documented_conditions_are_told_as_sentences(name: str, extension: str, words: str) -> None:
    assert document(BUSINESS)["components"]["schemas"]["RegistrationContent"]["properties"][name][extension] == words


def test_the_reference_registration_is_a_body_the_document_allows() -> None:
    schema = validator(BUSINESS, '{"$ref": "#/components/schemas/RegistrationContent"}')
    assert list(schema.iter_errors(reference())) == []
    for wrong in (
        {"postcode": 518048},
        {"established_on": "18.06.2020"},
        {"registered_capital": "1.2345678"},
        {"nothing": 1},
    ):
        assert list(schema.iter_errors(reference(**wrong)))


# ── the answers ───────────────────────────────────────────────────────────────────────────────────────────────────


def a_life_beside_the_filings(world: World) -> None:
    """Cards, mandates, 补录, fixtures."""
    mine, card, personal, opened, control = (
        world.caller(),
        world.caller("card", "card"),
        world.caller("personal"),
        Caller(),
        world.control,
    )
    number = world.accounts["card"]["card_no"]
    key = control.get(f"/cards/{number}/key").ok(200)["private_key"]
    control.get("/cards/none/key").refused(404, "not_found")
    asked = opened.post("/sessions/challenge", {"sandbox": world.id, "card_no": number}).ok(201)["random"]
    opened.post("/sessions/challenge", {})
    signed = {"sandbox": world.id, "card_no": number, "random": asked, "signature": signature(key, asked)}
    opened.post("/sessions", {**signed, "signature": "x"}).refused(401, "wrong_credentials")
    opened.post("/sessions", signed).ok(201)
    control.patch(f"/cards/{number}", {"status": "locked"}).ok(200)
    control.patch(f"/cards/{number}", {"status": "lost"})
    opened.post("/sessions", {"sandbox": world.id, "card_no": number, "pin": "88888888"}).refused(401, "card_unusable")
    control.patch(f"/cards/{number}", {"status": "active"}).ok(200)
    control.get(f"/cards/{number}").ok(200)
    control.get("/cards/none")
    given = card.post("/mandates", {"agent": world.accounts["agent"]["uscc"], "valid_to": "2022-12-31"}).ok(201)["id"]
    card.post("/mandates", {"agent": world.accounts["agent"]["uscc"]}).refused(409, "mandate_exists")
    card.post("/mandates", {"agent": world.accounts["card"]["uscc"]}).refused(422, "agent_is_principal")
    card.post("/mandates", {"agent": "nobody", "valid_to": "2020-01-01"})
    personal.post("/mandates", {})
    for who in (card, mine, personal, world.caller("agent"), opened):
        who.get("/mandates")
    mine.delete(f"/mandates/{given}").refused(404, "not_found")
    card.delete(f"/mandates/{given}").ok(204)
    for who in (mine, personal, opened):
        who.get("/client-control")
        who.post("/client-control/install")
        who.post("/client-control/nothing")
    control.post("/situation", {"situation": "control_missing", "uscc": world.accounts["cardless"]["uscc"]}).ok(200)
    mine.post("/client-control/restart").refused(409, "control_not_installed")
    a_change_with_commerce(world)
    control.post("/situation", {"situation": "backfill_only_customs"}).ok(200)
    for who in (card, mine, personal, opened):
        who.get("/enterprise/backfill-requirement")
        who.post("/enterprise/backfill", {"number": "4700612345"})
    for what in ("enterprise", "account", "card", "filing"):
        control.post(f"/fixtures/{what}", {}).ok(201)
        control.post(f"/fixtures/{what}", {"colour": "red"})
    control.post("/checkpoints", {"name": "here"}).ok(201)
    control.post("/checkpoints", {"name": "here"})
    control.get("/checkpoints").ok(200)
    exported = control.get("/export?checkpoint=here").ok(200).json
    control.get("/export?checkpoint=nowhere")
    Caller(CONTROL).post("/sandboxes/import", exported).ok(201)
    Caller(CONTROL).post("/sandboxes/import", {"format": "x"})
    control.post("/checkpoints/here/restore").ok(200)
    control.post("/checkpoints/nowhere/restore")
    control.delete("/checkpoints/here").ok(204)
    control.delete("/checkpoints/here")
    control.get("/journal?status=200").ok(200)
    control.get("/journal?status=ok")
    control.post("/journal/verify", {"match": {"path": "/api/v1/filings"}}).ok(200)
    control.post("/journal/verify", {})
    control.delete("/journal").ok(204)
    control.delete("/journal?x=1")
    for query in ("", "?format=html", "?format=junit", "?format=pdf"):
        control.get(f"/coverage{query}")
        Caller(CONTROL).post(f"/coverage{query}", {"sandboxes": [world.id]})
    Caller(CONTROL).post("/coverage", {"sandboxes": ["nowhere"]}).refused(404, "not_found")
    spare = world.make("account")
    control.post("/sessions/expire", {"account": spare["username"]}).ok(200)
    control.post("/sessions/expire", {"account": "nobody"}).refused(404, "not_found")
    fault = control.post("/faults", {"fault": "status; code=429", "match": {"path": "/api/v1/forms/*"}, "times": 1}).ok(
        201
    )["id"]
    control.post("/faults", {"fault": "?"})
    control.get("/faults").ok(200)
    control.delete(f"/faults/{fault}").ok(204)
    control.delete(f"/faults/{fault}")
    queued = control.post("/scenario-queue", {"scenario": "reject", "match": {"kind": "change"}}).ok(201)["id"]
    control.post("/scenario-queue", {"scenario": "?"})
    control.get("/scenario-queue").ok(200)
    control.delete(f"/scenario-queue/{queued}").ok(204)
    control.delete(f"/scenario-queue/{queued}")
    filing = control.post("/fixtures/filing", {"state": "sent"}).ok(201)["id"]
    control.post(f"/filings/{filing}/receipts", {"status": "sent"}).ok(201)
    control.post(f"/filings/{filing}/receipts", {})
    control.post("/fixtures/filing", {"kind": "change", "state": "rejected", "age": "PT30H"}).ok(201)


def a_life_of_cards_and_seals(world: World) -> None:
    """新入网 and 电子签章证书."""
    mine, card, personal, opened = world.caller(), world.caller("card", "card"), world.caller("personal"), Caller()
    world.control.post("/situation", {"situation": "card_legal_pending"}).ok(200)
    world.control.post("/situation", {"situation": "seal_certificate_at_59_59"}).ok(200)
    for who in (mine, card, personal, opened):
        who.get("/cards")
        who.get("/seal-certificates")
    legal = {**SOMEBODY, "holder_id_number": reference()["legal_representative"]["id_number"]}
    card.post("/cards", legal).refused(409, "card_holder_is_legal_person")
    card.post("/cards", {**SOMEBODY, "type": "legal_person"}).refused(409, "legal_person_card_exists")
    card.post("/cards", {"type": "x", "holder_id_number": 1, "colour": "red"}).ok(422)
    personal.post("/cards", SOMEBODY)
    n = card.post("/cards", SOMEBODY).ok(201)["n"]
    pins = {"old_pin": "88888888", "new_pin": "20211201"}
    card.post(f"/cards/{n}/change-pin", pins).refused(409, "card_not_active")
    world.advance(by="PT30M")
    card.post(f"/cards/{n}/change-pin", pins | {"old_pin": "1"}).refused(422, "wrong_pin")
    card.post(f"/cards/{n}/change-pin", pins | {"new_pin": "1"}).ok(422)
    card.post(f"/cards/{n}/change-pin", pins).ok(200)
    card.get("/cards?limit=1").ok(200)
    mine.post(f"/cards/{n}/cancel").refused(404, "not_found")
    card.post(f"/cards/{n}/cancel").ok(200)
    world.control.post("/situation", {"situation": "seal_certificate_at_59_59"}).ok(200)
    card.post("/seal-certificates").refused(429, "certificate_hourly_limit")
    world.advance(by="PT1S")
    made = card.post("/seal-certificates").ok(201)
    for form in ("", "?format=pem", "?format=p12"):
        card.get(made.headers["Location"] + form).ok(200)
    card.get(f"{made.headers['Location']}?format=der").refused(400, "unknown_parameter")
    mine.get("/seal-certificates/99/download")
    card.get("/seal-certificates?limit=1").ok(200)
    world.control.post("/situation", {"situation": "seal_certificate_fails"}).ok(200)
    world.advance(by="PT1H")
    card.post("/seal-certificates").refused(503, "seal_certificate_unavailable")


def a_change_with_commerce(world: World) -> None:
    """商务部变更: not found, the record set right, a file not taken and then taken, declared and approved."""
    mine, at = world.caller(), f"/ledgers/mofcom/{world.accounts['cardless']['uscc']}"
    world.control.post(
        "/situation", {"situation": "mofcom_record_missing", "uscc": world.accounts["cardless"]["uscc"]}
    ).ok(200)
    world.control.get(at).refused(404, "not_found")
    changing = mine.post("/filings", {"kind": "mofcom_change", "content": {"name_en": "NEW NAME"}}).ok(201)["id"]
    mine.post(f"/filings/{changing}/declare").refused(422, "mofcom_record_not_found")
    mine.upload(changing).refused(503, "client_control_unavailable")
    world.control.put(at, {"state": "lost"}).refused(422, "invalid_content")
    world.control.put(at, {"state": "current", "name_cn": "深圳市云帆演练国际贸易有限公司"}).ok(200)
    world.control.get(at).ok(200)
    market = f"/ledgers/market/{world.accounts['cardless']['uscc']}"
    world.control.get(market).ok(200)
    world.control.get("/ledgers/market/91440399MAMK999988").refused(404, "not_found")
    world.control.put(market, {"state": "in_business", "economic_type": "150"}).ok(200)
    world.control.put(market, {"economic_type": "x"}).refused(422, "invalid_content")
    mine.post("/client-control/install").ok(200)
    mine.upload(changing).ok(201)
    mine.post(f"/filings/{changing}/declare", X_Sim_Scenario="by_hand").ok(200)
    world.act(changing, "advance", to="approved").ok(200)
    for path in ("", "/timeline", "/receipts", "/transmitted"):
        mine.get(f"/filings/{changing}{path}").ok(200)
    Caller(CONTROL).get("/machine?kind=mofcom_change").ok(200)
    Caller(CONTROL).get("/machine?kind=nothing").refused(400, "unknown_parameter")


def a_change_and_its_end(world: World) -> None:
    """A change refused and read, another approved, then the deregistration."""
    role = f"category:{Category.CONSIGNEE.value}"
    card, locked = world.caller(role, "card"), world.caller(role)
    changing = {"kind": "change", "content": {"address_cn": "广东省深圳市福田区福中三路1008号"}}
    locked.post("/filings", changing).refused(403, "card_login_required")
    refused = card.post("/filings", changing).ok(201)["id"]
    card.post("/forms/change/state", {"content": {"category": "01000000"}, "filing": refused}).ok(200)
    card.patch(f"/filings/{refused}", {"content": {"category": "01000000"}}).refused(422, "category_locked")
    card.post(f"/filings/{refused}/declare", X_Sim_Scenario="reject; reason=address_mismatch").ok(200)
    world.advance(until="idle")
    locked.get(f"/filings/{refused}/receipts").refused(403, "card_login_required")
    card.get(f"/filings/{refused}/receipts").ok(200)
    card.get("/receipts").ok(200)
    card.get("/filings").ok(200)
    card.post(f"/filings/{refused}/copy").ok(201)
    leaving = card.post("/filings", {"kind": "deregistration", "content": {"reason": "停止经营"}}).ok(201)["id"]
    card.post(f"/filings/{leaving}/declare", X_Sim_Scenario="approve").ok(200)
    world.advance(until="idle")
    card.get(f"/filings/{leaving}").ok(200)
    card.get("/enterprise").ok(200)
    card.post("/filings", changing).refused(409, "not_registered")


def a_life_at_exercises(world: World) -> None:
    """An attempt at each sort of exercise, and a client's own run of one."""
    plane = Caller(CONTROL)
    plane.get("/exercises").ok(200)
    plane.get("/exercises/first-filing").ok(200)
    plane.get("/exercises/first-fling").refused(404, "unknown_exercise")
    plane.post("/exercises/first-fling/attempts").refused(404, "unknown_exercise")
    plane.post("/exercises/faq-1-1/attempts", {"seed": -1}).ok(422)
    asked = plane.post("/exercises/faq-1-1/attempts", {"seed": 3, "mode": "practice"}).ok(201)["id"]
    plane.post(f"/attempts/{asked}/answers", {"A": True, "B": "no"}).ok(204)
    plane.post(f"/attempts/{asked}/answers", {"A": "perhaps", "E": True}).ok(422)
    plane.post(f"/attempts/{asked}/check").ok(200)
    plane.post(f"/attempts/{asked}/check", {"x": 1}).ok(422)
    plane.post(f"/attempts/{asked}/hints").ok(200)
    plane.get(f"/attempts/{asked}/dossier").refused(404, "not_found")
    plane.get(f"/attempts/{asked}/dossier.pdf").refused(404, "not_found")
    filed = plane.post("/exercises/first-filing/attempts", {"mode": "exam"}).ok(201)["id"]
    plane.get(f"/attempts/{filed}/dossier").ok(200)
    plane.get(f"/attempts/{filed}/dossier.pdf").ok(200)
    plane.get(f"/attempts/{filed}").ok(200)
    plane.post(f"/attempts/{filed}/hints").refused(403, "no_hints")
    for path in ("", "/dossier", "/dossier.pdf"):
        plane.get(f"/attempts/A9{path}").refused(404, "not_found")
    for path in ("/answers", "/check", "/hints"):
        plane.post(f"/attempts/A9{path}").refused(404, "not_found")
    run = plane.post("/sandboxes", {"exercise": "faq-2-10", "seed": 1}).ok(201)["id"]
    for query in ("", "?format=html", "?format=junit"):
        plane.post(f"/sandboxes/{run}/conformance{query}").ok(200)
    world.control.post("/conformance").refused(409, "no_attempt")


def a_whole_life(world: World) -> None:
    """Every operation of both planes, each answered well at least once, and refused in the ways it can be."""
    mine, card, broker, personal = (
        world.caller(),
        world.caller("card", "card"),
        world.caller("agent"),
        world.caller("personal"),
    )
    opened = Caller()
    for path in ("/forms", "/forms/registration", "/forms/nothing", "/enterprise", "/sessions/current"):
        mine.get(path)
        personal.get(path)
        opened.get(path)
    for path in ("/codes", "/faq", "/faq/2.10", "/faq/9", "/version", "/codes/nothing"):
        opened.get(path)
    for table in opened.get("/codes")["results"]:
        opened.get(f"/codes/{table['name']}?limit=40&q=")
        opened.get(f"/codes/{table['name']}?q=%EF%BC%90")
        opened.get(f"/codes/{table['name']}?limit=0")
    for query in ("division=440304&q=5355", "division=440300", "division=110101", "parent=440000"):
        opened.get(f"/codes/customs_offices?{query}")
    account = world.accounts["card"]
    who = {"sandbox": world.id, "username": "card", "password": account["password"]}
    token = opened.post("/sessions", who).ok(201)["token"]
    opened.post("/sessions", {"sandbox": world.id, "card_no": account["card_no"], "pin": account["pin"]}).ok(201)
    opened.post("/sessions", who | {"password": "x"})
    opened.post("/sessions", {"sandbox": "none", "username": "a", "password": "b"})
    opened.post("/sessions", {})
    opened.delete("/sessions/current", token).ok(204)
    fresh = {
        "sandbox": world.id,
        "username": "new",
        "password": "long enough",
        "user_type": "personal",
        "display_name": "新",
    }
    opened.post("/accounts", fresh).ok(201)
    opened.post("/accounts", fresh)
    opened.post("/accounts", {**fresh, "user_type": "enterprise"})
    opened.post("/accounts", {**fresh, "username": "n2", "user_type": "enterprise", "uscc": "91440399MAMK0099XX"})
    opened.post("/accounts", {})

    mine.post("/filings", {"kind": "nothing"})
    personal.post("/filings", {})
    mine.get("/filings?x=1")
    mine.get("/filings?cursor=x")
    draft, spare = world.draft(), world.draft(name_en=None)
    mine.post(
        "/forms/registration/state", {"content": {"category": "00010000", "express_operator": True}, "filing": draft}
    ).ok(200)
    mine.post(
        "/forms/registration/state", {"content": {"nothing": 1, "investors": [{"amount_usd": "1.00"}], "uscc": "x"}}
    ).ok(200)
    mine.post("/forms/nothing/state", {"content": {}})
    mine.post("/forms/registration/state", {})
    mine.patch(f"/filings/{draft}", {"content": {"category": "01000000", "express_operator": True}}).ok(200)
    mine.patch(f"/filings/{draft}", {"content": {"category": "10000000"}}).ok(200)
    mine.patch(f"/filings/{draft}", {"content": {"amount": 1}})
    mine.patch(f"/filings/{draft}", {"content": {}}, If_Match='"v0"')
    attached = mine.upload(draft, type="record_form").ok(201)["n"]
    mine.upload(draft, PNG, "a.png").ok(201)
    mine.upload(draft, JPG, "a.jpg").ok(201)
    mine.upload(draft, b"x", "a.exe")
    mine.upload(draft, b"x" * (10 * 2**20 + 1))
    mine.get(f"/filings/{draft}/attachments").ok(200)
    mine.get(f"/filings/{draft}/attachments/{attached}").ok(200)
    mine.delete(f"/filings/{draft}/attachments/2").ok(204)
    mine.delete(f"/filings/{draft}/attachments/2")
    mine.get(f"/filings/{draft}/attachments/2")
    mine.get(f"/filings/{draft}/transmitted")
    mine.get(f"/filings/{draft}/record-form.pdf?disposition=attachment").ok(200)
    mine.get(f"/filings/{draft}/record-form.pdf?disposition=x")
    card.get(f"/filings/{draft}/record-form.pdf")
    card.get("/enterprise/certificate.pdf").ok(200)
    mine.get("/enterprise/certificate.pdf")
    personal.get("/enterprise/certificate.pdf")
    mine.post(f"/filings/{spare}/declare")
    mine.delete(f"/filings/{spare}").ok(204)
    mine.delete(f"/filings/{spare}")
    agents = broker.post(
        "/filings",
        {"kind": "registration", "filing_mode": "agent", "principal": mine.get("/enterprise")["uscc"], "content": {}},
    ).ok(201)
    broker.get(f"/filings/{agents['id']}").ok(200)
    broker.post("/filings", {"kind": "registration", "filing_mode": "agent"})

    card.post("/annual-reports", {"year": 2020}).ok(201)
    card.post("/annual-reports", {"year": 2020})
    card.get("/annual-reports").ok(200)
    for path in ("/annual-reports/eligibility?year=", "/annual-reports/form?year="):
        card.get(f"{path}2020").ok(200)
        card.get(f"{path}20")
    card.post("/annual-reports/2020/supplement", {}).ok(201)
    card.post("/annual-reports/2019/supplement")
    mine.get(f"/publicity/{world.accounts['card']['uscc']}").ok(200)
    mine.get("/publicity/none")
    personal.get("/annual-reports")

    control, plane = world.control, Caller(CONTROL)
    for path in ("/scenarios", "/situations", "/machine", "/sandboxes?limit=1", "/sandboxes?limit=x"):
        plane.get(path)
    plane.post("/sandboxes", {"situation": "nothing"})
    plane.post("/sandboxes", {"clock": {"mode": "x"}})
    plane.post("/sandboxes", {"scenario": "x"})
    second = plane.post(
        "/sandboxes", {"situation": "stale_form", "clock": {"mode": "scaled", "rate": 2}, "ttl_hours": 1}
    ).ok(201)["id"]
    plane.delete(f"/sandboxes/{second}").ok(204)
    plane.delete(f"/sandboxes/{second}")
    control.get("").ok(200)
    control.patch("", {"name": "x", "pinned": True}).ok(200)
    control.patch("", {"x": 1})
    control.get("/clock").ok(200)
    control.put("/clock", {"mode": "frozen", "now": "2022-01-01T00:00:00+08:00"}).ok(200)
    control.put("/clock", {"mode": "frozen", "now": "2020-01-01"})
    control.post("/clock/advance", {})
    control.post("/clock/advance", {"by": "x"})
    control.put("/scenario", {"scenario": "reject; reason=other"}).ok(200)
    control.put("/scenario", {"scenario": "?"})
    control.put("/scenario", {})
    control.post("/situation", {"situation": "stale_form"}).ok(200)
    control.post("/situation", {"situation": "?"})
    control.put(f"/filings/{draft}/scenario", {"scenario": "stuck; at=sent"}).ok(200)
    control.put("/filings/F9/scenario", {"scenario": "approve"})
    control.get(f"/filings/{draft}/explain").ok(200)
    control.get("/filings/F9/explain")
    control.post("/sync", {}).ok(200)
    known = world.accounts["card"]["uscc"]
    control.get(f"/ledgers/customs/{known}").ok(200)
    control.get("/ledgers/customs/91440399MAMK00013C").refused(404, "not_found")
    control.put(f"/ledgers/customs/{known}", {"valid_until": "2021-12-31"}).ok(200)
    control.put(f"/ledgers/customs/{known}", {"valid_until": "soon"}).ok(422)
    a_life_beside_the_filings(world)
    told = control.post("/webhooks", {"url": f"http://{NOBODY}/hook", "events": ["filing.approved"]}).ok(201)["id"]
    spare_one = control.post("/webhooks", {"url": "https://93.184.215.14/"}).ok(201)["id"]
    control.post("/webhooks", {"url": "https://127.0.0.1/"}).refused(422, "receiver_not_allowed")
    control.get("/webhooks").ok(200)
    control.delete(f"/webhooks/{spare_one}").ok(204)
    control.delete(f"/webhooks/{spare_one}")
    collecting = control.post("/webhooks", {"url": None}).ok(201)["id"]
    control.get(f"/webhooks/{spare_one}/waiting")
    control.post(f"/webhooks/{spare_one}/acknowledge", {"deliveries": ["del_0"]})
    control.post(f"/webhooks/{collecting}/acknowledge", {"deliveries": []})
    a_life_of_cards_and_seals(world)

    assert mine.post(f"/filings/{draft}/declare").ok(200)["status"] == "declared"
    mine.post(f"/filings/{draft}/declare")
    mine.delete(f"/filings/{draft}")
    mine.patch(f"/filings/{draft}", {"content": {}})
    mine.post(f"/filings/{world.draft()}/declare")
    world.advance(until="next_event")
    control.get(f"/filings/{draft}/explain").ok(200)
    control.get("/filings").ok(200)
    ticket = mine.post("/tickets", {"desk": "platform", "topic": "status", "filing": draft, "text": "请处理"}).ok(201)[
        "id"
    ]
    mine.post("/tickets", {"desk": "platform", "topic": "status", "filing": draft})
    mine.post("/tickets", {"desk": "x"})
    personal.post("/tickets", {})
    opened.get("/tickets")
    opened.get(f"/filings/{draft}/attachments")
    mine.get("/tickets").ok(200)
    mine.get(f"/tickets/{ticket}").ok(200)
    mine.get("/tickets/T9")
    control.post(f"/filings/{draft}/actions/approve", {})
    control.post(f"/filings/{draft}/actions/dance", {})
    control.post(f"/filings/{draft}/actions/send", {"x": 1})
    control.post(f"/filings/{draft}/actions/hold", {}).ok(200)
    control.get(f"/filings/{draft}/explain").ok(200)
    control.post(f"/filings/{draft}/actions/release").ok(200)
    control.post(f"/filings/{draft}/actions/advance", {})
    control.post(f"/filings/{draft}/actions/advance", {"to": "manual_review"}).ok(200)
    control.put(f"/filings/{draft}/scenario", {"scenario": "inspect"}).ok(200)
    assert control.get(f"/filings/{draft}/explain").ok(200)["inspection"]["compared"]
    control.post(f"/filings/{draft}/actions/reject", {"to": "rejected"})
    control.post(f"/filings/{draft}/actions/reject", {"reason_code": "address_mismatch"}).ok(200)
    world.advance(until="idle")
    mine.get(f"/tickets/{ticket}").ok(200)
    control.get(f"/filings/{draft}/explain").ok(200)
    copied = mine.post(f"/filings/{draft}/copy").ok(201)["id"]
    mine.post("/filings/F9/copy")
    mine.post(f"/filings/{copied}/declare", X_Sim_Scenario="approve_auto; pace=fast").ok(200)
    mine.post(f"/filings/{world.draft()}/declare", X_Sim_Scenario="nonsense")
    world.advance(until="idle")
    for path in ("", "/timeline", "/receipts", "/transmitted"):
        mine.get(f"/filings/{copied}{path}").ok(200)
        card.get(f"/filings/{copied}{path}")
    assert mine.get(f"/filings/{copied}")["status"] == "approved"
    assert control.get(f"/deliveries?webhook={told}").ok(200)["results"][0]["event"] == "filing.approved"
    waiting = control.get(f"/webhooks/{collecting}/waiting").ok(200)["results"]
    control.post(f"/webhooks/{collecting}/acknowledge", {"deliveries": [waiting[0]["id"]]}).ok(200)
    control.get("/deliveries?state=x")
    for path in (
        "/filings",
        "/filings?limit=1",
        "/enquiries/overview?limit=1",
        "/enquiries/filings?business_type=%E4%BC%81%E4%B8%9A%E5%8F%98%E6%9B%B4",
        "/receipts?limit=2",
        "/enterprise",
    ):
        mine.get(path).ok(200)
    mine.get("/enquiries/filings?business_type=x")
    mine.get("/enquiries/overview?kind=x")
    mine.get("/receipts?after=x")
    mine.get("/filings?since=x")
    receipt = mine.get("/receipts")["results"][0]["id"]
    mine.post(f"/receipts/{receipt}/acknowledge").ok(200)
    a_change_and_its_end(world)
    a_life_at_exercises(world)
    mine.post("/receipts/R9/acknowledge")
    control.post("/reset").ok(200)
    mine.get("/filings").ok(200)


@pytest.mark.django_db(databases="__all__")
def test_every_answer_of_a_whole_life_is_as_described(world: World) -> None:
    seen.clear()
    a_whole_life(world)
    answered = {(plane, method.lower(), path) for plane, method, path, status in seen if status < 300}
    assert {(plane, *key) for plane in PLANES for key in routes(plane)} - answered == set()
    refused = {(plane, method.lower(), path) for plane, method, path, status in seen if status >= 400}
    never = {(BUSINESS, "get", path) for path in ("/codes", "/faq", "/version")} | {
        (BUSINESS, "delete", "/sessions/current")
    }
    never |= {
        (CONTROL, "get", path)
        for path in (
            "/scenarios",
            "/situations",
            "/machine",
            "/exercises",
            "/sandboxes/{sandbox}",
            "/sandboxes/{sandbox}/clock",
            "/sandboxes/{sandbox}/filings",
            "/sandboxes/{sandbox}/scenario-queue",
            "/sandboxes/{sandbox}/checkpoints",
            "/sandboxes/{sandbox}/webhooks",
            "/sandboxes/{sandbox}/faults",
        )
    }
    never |= {(CONTROL, "post", path) for path in ("/sandboxes/{sandbox}/reset", "/sandboxes/{sandbox}/sync")}
    assert {(plane, *key) for plane in PLANES for key in routes(plane)} - refused <= never
    assert {status for *_, status in seen} >= {200, 201, 204, 400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 503}


@pytest.mark.parametrize(
    "spoil", ["a member more", "a member less", "another type", "a status nobody told of", "a wrong offset"]
)
def test_an_answer_that_is_not_as_described_would_be_noticed(spoil: str, world: World) -> None:
    answer = world.caller().get(f"/filings/{world.draft()}")
    told, status = dict(answer.json), answer.status
    match spoil:
        case "a member more":
            told["reason"] = "x"
        case "a member less":
            del told["advice"]
        case "another type":
            told["version"] = "1"
        case "a status nobody told of":
            status = 418
        case "a wrong offset":
            told["created_at"] = "2021-12-01T01:00:00Z"
    with pytest.raises(AssertionError):
        hold_to_the_document(
            "GET", f"{BUSINESS}/filings/F000001", client.Answer(status, answer.headers, answer.body, told)
        )
