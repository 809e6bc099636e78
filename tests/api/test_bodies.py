"""What a request carries is read as it was sent, or refused with the place where it cannot be: never another thing,
never nothing."""

import gzip
import json
import timeit
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from filings.manners import reading
from tests.api.client import CONTROL, PDF, Answer, Caller, World, reference

BODY = {"kind": "registration", "content": {"remarks": "深圳"}}
TEXT = json.dumps(BODY, ensure_ascii=False)


@pytest.fixture
def post(world: World) -> Callable[..., Answer]:
    """Bytes posted as a new draft."""

    def send(body: bytes, kind: str = "application/json", **headers: str) -> Answer:
        return world.caller().call("POST", "/filings", body, content_type=kind, **headers)

    return send


# ── encodings ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_byte_order_mark_of_utf_8_is_ignored(world: World) -> None:
    marked = b"\xef\xbb\xbf"
    made = world.caller().call("POST", "/filings", marked + TEXT.encode()).ok(201)
    assert made["content"]["remarks"] == "深圳"
    patch = marked + b'{"content": {"remarks": "x"}}'
    for kind in ("application/json", "application/merge-patch+json"):
        saved = world.caller().call("PATCH", f"/filings/{made['id']}", patch, content_type=kind).ok(200)
        assert saved["content"]["remarks"] == "x"
    assert (
        world.control.call("POST", "/clock/advance", marked + b'{"by": "PT1H"}').ok(200)["now"]
        == "2021-12-01T10:00:00+08:00"
    )
    exported = world.control.get("/export").ok(200).body
    Caller(CONTROL).call("POST", "/sandboxes/import", marked + exported).ok(201)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (TEXT.encode("utf-16"), "从第 1 个字节起像是 UTF-16（以字节顺序标记开头）"),
        (TEXT.encode("utf-16-le"), "从第 1 个字节起像是 UTF-16"),
        (TEXT.encode("utf-16-be"), "从第 1 个字节起像是 UTF-16"),
        (TEXT.encode("utf-32"), "从第 1 个字节起像是 UTF-32（以字节顺序标记开头）"),
        (TEXT.encode("gb18030"), "第 50 个字节是 0xC9，像是 GBK（GB 18030）"),
        ('{"kind": "é"}'.encode("latin-1"), "第 11 个字节是 0xE9"),
        (gzip.compress(TEXT.encode()), "像是 gzip 压缩的内容"),
        (b'{"kind": "' + "深".encode()[:2], "最后一个字符不完整"),
    ],
    ids=["UTF-16", "UTF-16 LE", "UTF-16 BE", "UTF-32", "GBK", "Latin-1", "gzip", "cut"],
)
def test_bytes_that_are_not_utf_8_are_told_with_their_place_and_what_they_look_like(
    body: bytes, told: str, world: World, post: Callable[..., Answer]
) -> None:
    for refused in (
        post(body),
        world.caller().call("PATCH", f"/filings/{world.draft()}", body, content_type="application/merge-patch+json"),
        world.control.call("POST", "/clock/advance", body),
        Caller(CONTROL).call("POST", "/sandboxes/import", body),
        Caller().call("POST", "/sessions", body),
    ):
        assert told in refused.refused(400, "not_utf8")["detail"]
        assert "UTF-8" in refused["remedy"]


@pytest.mark.parametrize(
    "charset", ["gbk", "GB18030", "utf-16", "iso-8859-1", '"gb2312"', "us-ascii", "no-such-thing", ""]
)
def test_another_charset_than_utf_8_is_refused_by_its_name(charset: str, post: Callable[..., Answer]) -> None:
    refused = post(TEXT.encode(), f"application/json; charset={charset}").refused(400, "not_utf8")
    assert charset in refused["detail"]


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "utf8"])
def test_utf_8_may_be_said_in_so_many_words(charset: str, post: Callable[..., Answer]) -> None:
    assert post(TEXT.encode(), f"application/json; charset={charset}").ok(201)["content"]["remarks"] == "深圳"


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "GZIP", "identity, gzip"])
@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
def test_a_body_that_is_compressed_is_told_by_the_name_of_its_encoding(
    encoding: str, method: str, world: World
) -> None:
    path = {"POST": "/filings", "PATCH": "/filings/F000001", "DELETE": "/filings/F000001"}.get(method)
    body = gzip.compress(TEXT.encode())
    caller, path = (world.caller(), path) if path else (world.control, "/clock")
    refused = caller.call(method, path, body, Content_Encoding=encoding).refused(415, "unsupported_encoding")
    assert encoding in refused["detail"]


@pytest.mark.parametrize("encoding", ["identity", "Identity", ""])
def test_not_compressed_may_be_said_in_so_many_words(encoding: str, post: Callable[..., Answer]) -> None:
    post(TEXT.encode(), Content_Encoding=encoding).ok(201)


def test_a_body_that_cannot_be_read_is_not_an_empty_one_the_second_time(world: World) -> None:
    """DRF fills in an empty body where the parser raised; a key makes an address ask twice."""
    draft = world.draft()
    for n in range(2):
        broken = world.caller().call(
            "POST",
            f"/filings/{draft}/attachments",
            b"nothing",
            content_type="multipart/form-data; boundary=",
            Idempotency_Key=f"k{n}",
        )
        broken.refused(400, "malformed_multipart")


# ── JSON ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ('{"kind": "change", "kind": "registration"}', ["/kind"]),
        ('{"kind": "registration", "content": {"remarks": "a", "remarks": "a"}}', ["/content/remarks"]),
        ('{"content": {"investors": [{}, {"name": "a", "name" : "b"}]}}', ["/content/investors/1/name"]),
        ('{"content": {"finance_manager": {"name": 1}, "finance_manager": {"name": 1}}}', ["/content/finance_manager"]),
        ('{"content": {}, "content": {"a": 1, "a": 2, "a": 3}}', ["/content", "/content/a"]),
        ('{"a/b~c": 1, "a/b~c": 2}', ["/a~1b~0c"]),
        ('{"kind": 1, "\\u006bind": 2}', ["/kind"]),
        ('{"": 1, "": 2}', ["/"]),
        ('{"kind"   \n:1,"kind":' + "9" * 300 + "}", ["/kind"]),
    ],
)
def test_a_member_that_comes_twice_is_named_wherever_it_stands(
    body: str, pointers: list[str], world: World, post: Callable[..., Answer]
) -> None:
    for refused in (post(body.encode()), world.control.call("POST", "/clock/advance", body.encode())):
        assert refused.refused(400, "malformed_json").errors == dict.fromkeys(pointers, "duplicate_member")
        assert pointers[0] in refused["detail"]
    assert world.caller().get("/filings")["results"] == []


def test_in_an_imported_snapshot_too(world: World) -> None:
    exported = world.control.get("/export").ok(200).body
    twice = exported.replace(b'{"format":', b'{"format":1,"format":', 1)
    assert Caller(CONTROL).call("POST", "/sandboxes/import", twice).refused(400, "malformed_json").errors == {
        "/format": "duplicate_member"
    }


@pytest.mark.parametrize("text", ["12:30", "a:b:c", '":"', '\\":1', '{"a":1,"a":2}', "http://x.example/?a=:"])
def test_a_colon_in_a_text_is_no_member(text: str, post: Callable[..., Answer]) -> None:
    sent = {"kind": "registration", "content": {"remarks": text}, "client_reference": text}
    made = post(json.dumps(sent).encode()).ok(201)
    assert (made["content"]["remarks"], made["client_reference"]) == (text, text)


def test_the_same_name_in_several_objects_is_not_twice(world: World) -> None:
    assert world.caller().post("/filings", {"kind": "registration", "content": reference()}).ok(201)


@pytest.mark.parametrize(
    "body",
    [
        b'{"content":' + b'{"a":' * 100 + b"1" + b"}" * 101,
        b'{"content":' + b"[" * 100 + b"]" * 100 + b"}",
        b'{"a":' * 1000 + b"1" + b"}" * 1000,
        b'{"a":' * 1020 + b"1" + b"}" * 1020,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' + b"[" * 1000 + b"]" * 1000 + b',"a":1}',
    ],
    ids=["objects", "lists", "1000", "1020", "5000", "only lists", "where it comes twice"],
)
def test_what_is_nested_too_deep_is_malformed_and_said_so(
    body: bytes, world: World, post: Callable[..., Answer]
) -> None:
    for refused in (
        post(body),
        post(body, Idempotency_Key="k"),
        world.control.call("POST", "/clock/advance", body, Idempotency_Key="k"),
        Caller(CONTROL).call("POST", "/sandboxes/import", body),
    ):
        assert "嵌套过深" in refused.refused(400, "malformed_json")["detail"]


def test_the_deepest_that_is_read_is_judged_like_any_other(post: Callable[..., Answer]) -> None:
    deep = b'{"kind":"registration","content":' + b'{"a":' * (reading.DEEPEST - 1) + b"1" + b"}" * reading.DEEPEST
    assert post(deep, Idempotency_Key="k").ok(422).errors == {"/content/a": "unknown_field"}


@pytest.mark.parametrize(
    ("body", "sort"), [(b"[]", "列表"), (b'"x"', "文字"), (b"1", "数字"), (b"null", "null"), (b"true", "true")]
)
def test_what_is_json_and_no_object_is_told_by_its_sort(body: bytes, sort: str, post: Callable[..., Answer]) -> None:
    assert sort in post(body).refused(400, "malformed_json")["detail"]


def test_to_look_for_members_that_come_twice_costs_next_to_nothing() -> None:
    """Of the reference registration; the slower reader is asked only where a text holds a colon."""
    body = Path("docs/reference-registration.json").read_bytes()
    looked = min(timeit.repeat(lambda: reading.json_object(body), number=200, repeat=5)) / 200
    plain = min(timeit.repeat(lambda: orjson.loads(body), number=200, repeat=5)) / 200
    assert looked - plain < 50e-6


# ── queries ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "query", ["status=draft&status=approved", "status=draft&status=draft", "limit=1&limit=1", "%6cimit=1&limit=2"]
)
def test_a_parameter_that_comes_twice_is_named(query: str, world: World) -> None:
    refused = world.caller().get(f"/filings?{query}").refused(400, "unknown_parameter")
    assert ("status" if "status" in query else "limit") in refused["detail"]


def test_on_the_control_plane_too(world: World) -> None:
    assert "status" in world.control.get("/journal?status=200&status=404").refused(400, "unknown_parameter")["detail"]
    assert (
        "format" in world.control.get("/coverage?format=html&format=junit").refused(400, "unknown_parameter")["detail"]
    )


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/filings?status=%D4%DD%B4%E6", "查询参数 status 不是 UTF-8 编码：第 1 个字节是 0xD4，像是 GBK"),
        ("/filings?client_reference=A%ff", "查询参数 client_reference 不是 UTF-8 编码：第 2 个字节是 0xFF"),
        ("/codes/divisions?q=%C9%EE%DB%DA", "查询参数 q 不是 UTF-8 编码"),
        ("/filings?%D4%DD=1", "查询参数的名称不是 UTF-8 编码"),
    ],
)
def test_bytes_of_a_query_that_are_not_utf_8_are_told_with_the_parameter_and_their_place(
    path: str, told: str, world: World
) -> None:
    assert told in world.caller().get(path).refused(400, "not_utf8")["detail"]


def test_a_query_is_not_read_in_the_charset_a_body_would_have(world: World) -> None:
    world.caller().call("GET", "/filings?status=%D4%DD%B4%E6", b"", content_type="text/plain; charset=gbk").refused(
        400, "not_utf8"
    )


def test_a_query_in_utf_8_is_read_as_it_was_meant(world: World) -> None:
    world.draft()
    for query in ("status=%E6%9A%82%E5%AD%98", "status=暂存", "&status=draft&"):
        assert len(world.caller().get(f"/filings?{query}").ok(200)["results"]) == 1
    world.caller().get("/filings?client_reference=a+b%2Bc&").ok(200)


def test_an_unknown_parameter_is_told_with_those_the_address_knows(world: World) -> None:
    assert "limit" in world.caller().get("/filings?page=1").refused(400, "unknown_parameter")["detail"]
    assert "没有查询参数" in world.caller().get("/enterprise?page=1").refused(400, "unknown_parameter")["detail"]


# ── multipart ─────────────────────────────────────────────────────────────────────────────────────────────────────


def parts(*lines: tuple[bytes, bytes], boundary: bytes = b"b") -> bytes:
    return (
        b"".join(b"--" + boundary + b"\r\n" + head + b"\r\n\r\n" + body + b"\r\n" for head, body in lines)
        + b"--b--\r\n"
    )


def named(filename: bytes, name: bytes = b"file") -> bytes:
    return (
        b'Content-Disposition: form-data; name="'
        + name
        + b'"; filename="'
        + filename
        + b'"\r\nContent-Type: application/pdf'
    )


@pytest.fixture
def upload(world: World) -> Callable[..., Answer]:
    """A multipart body posted to a draft."""
    draft = world.draft()

    def send(body: bytes, **headers: str) -> Answer:
        kind = "multipart/form-data; boundary=b"
        return world.caller().call("POST", f"/filings/{draft}/attachments", body, content_type=kind, **headers)

    return send


def test_a_file_name_that_is_not_utf_8_is_told_at_the_file(upload: Callable[..., Answer], world: World) -> None:
    for raw, told in (("备案信息表.pdf".encode("gbk"), "GBK"), (b"caf\xe9.pdf", "0xE9")):
        refused = upload(parts((named(raw), PDF))).ok(422)
        assert refused.errors == {"/file": "file_name_not_utf8"}
        assert "文件名不是 UTF-8 编码" in refused["errors"][0]["detail"]
        assert told in refused["errors"][0]["detail"]
    padded = parts((named("表.pdf".encode("gbk")), PDF)).replace(b"--b\r\n", b"--b \t\r\n", 1)
    assert upload(padded).ok(422).errors == {"/file": "file_name_not_utf8"}
    assert upload(parts((named("备案信息表.pdf".encode()), PDF))).ok(201)["filename"] == "备案信息表.pdf"


def test_a_file_name_by_rfc_5987_says_its_charset_itself(upload: Callable[..., Answer]) -> None:
    head = b"Content-Disposition: form-data; name=\"file\"; filename*=GBK''%B1%ED.pdf"
    assert upload(parts((head, PDF))).ok(201)["filename"] == "表.pdf"


def test_two_files_where_one_is_asked_are_refused(upload: Callable[..., Answer]) -> None:
    refused = upload(parts((named(b"a.pdf"), PDF), (named(b"b.pdf"), PDF)))
    assert refused.ok(422).errors == {"/file": "given_twice"}
    of_type = b'Content-Disposition: form-data; name="type"'
    refused = upload(parts((named(b"a.pdf"), PDF), (of_type, b"licence"), (of_type, b"other")))
    assert refused.ok(422).errors == {"/type": "given_twice"}
    as_text = (b'Content-Disposition: form-data; name="file"', b"text")
    assert upload(parts((named(b"a.pdf"), PDF), as_text)).ok(422).errors == {"/file": "given_twice"}


def test_a_part_without_a_name_is_not_left_out(upload: Callable[..., Answer]) -> None:
    for head in (b'Content-Disposition: form-data; filename="a.pdf"', b"Content-Type: text/plain"):
        upload(parts((named(b"a.pdf"), PDF), (head, b"x"))).refused(400, "malformed_multipart")


def test_a_file_that_holds_what_looks_like_another_part_is_taken_whole(upload: Callable[..., Answer]) -> None:
    content = PDF + b"\nx--b\r\n\xff\xfe\r\n\r\n"
    assert upload(parts((named(b"a.pdf"), content))).status in (201, 400)
    assert upload(parts((named(b"a.pdf"), PDF + b"\r\n\r\n--\xff\xfe\r\n\r\n"))).ok(201)["size"] == len(PDF) + 12


def test_a_body_that_is_no_multipart_is_not_called_json(upload: Callable[..., Answer], world: World) -> None:
    broken: list[Any] = [
        world.caller().call("POST", f"/filings/{world.draft()}/attachments", b"x", content_type="multipart/form-data"),
        upload(parts((named(b"a.pdf") + b"\r\nContent-Transfer-Encoding: base64", b"!"))),
    ]
    for refused in broken:
        refused.refused(400, "malformed_multipart")
        assert "JSON" not in refused["detail"]
