"""The one interpreter of sheets: what it takes, what it refuses, and what a draft is forgiven."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.answers.forms import FieldState
from filings.rules.appraisal import appraise
from filings.rules.facts import Facts
from filings.rules.register import ALWAYS, Values, rule, unless
from filings.rules.sheet import Check, Choice, Choices, Date, Flag, Group, Money, Proof, Rows, Section, Sheet, Tab, Text
from tests.rules.known import NOW, errors, known, warnings


@rule("（测试）名称为“甲”")
def named_first(values: Values, facts: Facts) -> bool:
    return values.name == "甲"


class Small(Sheet):
    """A sheet with a field of every type."""

    name = Text(label="名称", required=ALWAYS, max_length=5)
    number = Text(
        label="编号",
        folded=True,
        max_length=6,
        proof=Proof(lambda value, beside: None if value > "A" else "太小", "too_small"),
    )
    day = Date(label="日期")
    amount = Money(label="金额")
    yes = Flag(
        label="是否", default=False, locked=unless(named_first), locked_words="只有甲可以", locked_code="only_first"
    )
    given = Text(label="返填", locked=ALWAYS, fixed=lambda facts, beside: facts.mirror.get("given"))
    kind = Choice(label="币制", table="currencies")
    kinds = Choices(label="资质", table="qualifications")
    one = Group(label="某人", fields={"name": Text(label="姓名", required=ALWAYS), "phone": Text(label="电话")})
    many = Rows(
        label="多人",
        required=ALWAYS,
        max_rows=3,
        fields={"name": Text(label="姓名", required=ALWAYS), "age": Text(label="年龄")},
    )
    tabs = (
        Tab(
            "all",
            "全部",
            (
                Section(
                    "all", "全部", ("name", "number", "day", "amount", "yes", "given", "kind", "kinds", "one", "many")
                ),
            ),
        ),
    )
    checks = (
        Check(named_first, "name", "名称应为甲", warning=True),
        Check(unless(named_first), "number", "甲不可", always=True),
    )


WHOLE: dict[str, Any] = {"name": "乙", "one": {"name": "丙"}, "many": [{"name": "丁"}]}


def look(content: dict[str, Any], *, declaring: bool = True, **more: Any) -> Any:
    return appraise(Small, content, known(**more.pop("facts", {})), declaring=declaring, **more)


def told(content: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    return errors(look({**WHOLE, **content}, **more))


def value(name: str, raw: Any) -> Any:
    return look({**WHOLE, name: raw}).values.get(name)


# ── types ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("name", 5),
        ("name", True),
        ("name", ["乙"]),
        ("name", {"a": 1}),
        ("name", 1.5),
        ("number", 123456),
        ("day", 20211201),
        ("amount", 500),
        ("amount", 500.0),
        ("yes", "true"),
        ("yes", "否"),
        ("yes", 1),
        ("yes", 0),
        ("kind", 1),
        ("kinds", "customs"),
        ("kinds", {"a": 1}),
        ("kinds", ["customs", 1]),
        ("kinds", [None]),
        ("one", "丙"),
        ("one", ["丙"]),
        ("many", {"name": "丁"}),
        ("many", ["丁"]),
        ("many", [None]),
        ("many", "丁"),
    ],
)
@pytest.mark.parametrize("declaring", [False, True])
def test_a_value_of_the_wrong_type_is_refused_even_in_a_draft(name: str, raw: Any, declaring: bool) -> None:
    assert (name, "type_mismatch") in told({name: raw}, declaring=declaring)


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("name", "一二三四五六", "max_length"),
        ("name", "a\0b", "control_characters"),
        ("name", "a\nb", "line_break"),
        ("number", "A\tB", "control_characters"),
        ("name", "a\ud800", "control_characters"),
        ("name", "a\u202eb", "control_characters"),
        ("name", "a\x1bb", "control_characters"),
        ("day", "06/18/2020", "invalid"),
        ("day", "2020-02-30", "invalid"),
        ("day", "昨天", "invalid"),
        ("amount", "-1", "invalid"),
        ("amount", "1.2345678", "invalid"),
        ("amount", "1e3", "invalid"),
        ("amount", "1,000", "invalid"),
        ("amount", "٥٠٠", "invalid"),
        ("amount", "NaN", "invalid"),
        ("amount", "999999999999999", "invalid"),
        ("kind", "XXX", "unknown_code"),
        ("kinds", ["customs", "none"], "unknown_code"),
    ],
)
@pytest.mark.parametrize("declaring", [False, True])
def test_a_value_that_cannot_be_is_refused_even_in_a_draft(name: str, raw: Any, code: str, declaring: bool) -> None:
    assert told({name: raw}, declaring=declaring) == [(name, code)]


@pytest.mark.parametrize(
    ("name", "raw", "kept"),
    [
        ("name", " 乙 ", "乙"),
        ("name", "ＡＢ　Ｃ", "ＡＢ　Ｃ"),
        ("name", "𠮷野", "𠮷野"),
        ("number", "ａｂ１２", "AB12"),
        ("number", " b7　", "B7"),
        ("day", "２０２１-０１-０２", "2021-01-02"),
        ("amount", "5", "5.00"),
        ("amount", " ５００.5 ", "500.50"),
        ("amount", "0", "0.00"),
        ("kind", "ＣＮＹ", "CNY"),
        ("kinds", ["inspection", "customs", "customs"], ["customs", "inspection"]),
    ],
)
def test_width_is_folded_in_codes_numbers_and_dates_and_never_in_names(name: str, raw: Any, kept: Any) -> None:
    assert value(name, raw) == kept


@pytest.mark.parametrize(
    ("name", "raw"),
    [("name", ""), ("name", "   "), ("day", ""), ("amount", " "), ("kind", ""), ("kinds", []), ("number", None)],
)
def test_an_empty_value_is_none_at_all(name: str, raw: Any) -> None:
    appraisal = look({**WHOLE, name: raw}, declaring=False)
    assert name not in appraisal.values
    assert appraisal.errors == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_whatever_json_a_field_is_sent_it_is_judged_and_nothing_breaks(raw: Any) -> None:
    for name in Small.items:
        appraisal = look({**WHOLE, name: raw})
        again = look(appraisal.values)
        assert again.values == appraisal.values


# ── who is required, and when ─────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_is_forgiven_what_is_missing_and_a_declaration_is_not() -> None:
    assert errors(look({}, declaring=False)) == []
    assert errors(look({})) == [("many", "required"), ("name", "required"), ("one/name", "required")]


def test_every_error_is_told_at_once_and_says_whose_field_it_is() -> None:
    appraisal = look({"many": [{"name": "丁"}, {"age": "3"}], "day": "?", "number": "1", "extra": 1})
    assert errors(appraisal) == [
        ("extra", "unknown_field"),
        ("day", "invalid"),
        ("name", "required"),
        ("number", "too_small"),
        ("one/name", "required"),
        ("many/1/name", "required"),
    ]
    words = {problem.pointer: problem.detail for problem in appraisal.errors}
    assert words["/content/one/name"] == "某人：姓名必填"
    assert words["/content/many/1/name"] == "多人第2行：姓名必填"


def test_a_value_that_is_wrong_is_not_called_missing_besides() -> None:
    assert told({"name": 5}) == [("name", "type_mismatch")]
    assert told({"many": "丁"}) == [("many", "type_mismatch")]


def test_a_proof_is_asked_for_on_declaring_only() -> None:
    assert told({"number": "1"}, declaring=False) == []
    assert told({"number": "1"}) == [("number", "too_small")]


def test_a_check_is_an_error_a_warning_or_one_even_in_a_draft() -> None:
    draft = look({**WHOLE, "name": "甲"}, declaring=False)
    assert errors(draft) == [("number", "named_first")]
    assert warnings(draft) == []
    assert warnings(look(WHOLE)) == [("name", "named_first")]


def test_more_rows_than_the_sheet_has_are_refused() -> None:
    assert told({"many": [{"name": "丁"}] * 3}) == []
    assert told({"many": [{"name": "丁"}] * 4}, declaring=False) == [("many", "too_many_rows")]


def test_unknown_fields_are_each_named_where_they_stand_in_the_order_sent() -> None:
    names = ["z", "a", "m", "__proto__", "k1", "k2", "k3"]
    assert told(dict.fromkeys(names, 1)) == [(name, "unknown_field") for name in names]
    assert told({"one": {"name": "丙", "x": 1, "b": 2}, "many": [{"name": "丁", "y": 1}]}) == [
        ("one/x", "unknown_field"),
        ("one/b", "unknown_field"),
        ("many/0/y", "unknown_field"),
    ]


def test_an_unknown_name_is_written_into_the_pointer_so_that_it_can_be_read_out_again() -> None:
    assert told({"a/b~c": 1}) == [("a~1b~0c", "unknown_field")]


# ── grey ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_another_value_sent_for_a_grey_field_is_refused_in_its_own_words() -> None:
    for declaring in (False, True):
        appraisal = look({**WHOLE, "yes": True}, declaring=declaring)
        assert errors(appraisal) == [("yes", "only_first")]
        assert appraisal.errors[0].detail == "只有甲可以"
        assert appraisal.values["yes"] is False


def test_the_value_it_holds_may_be_sent_and_nothing_may_be_sent() -> None:
    mirror = {"facts": {"mirror": {"given": "7"}}}
    for content in ({"given": "7"}, {"given": None}, {}, {"yes": False}):
        appraisal = look({**WHOLE, **content}, **mirror)
        assert errors(appraisal) == []
        assert appraisal.values["given"] == "7"


def test_a_screen_that_posts_a_grey_field_is_ignored() -> None:
    appraisal = look({**WHOLE, "yes": True, "given": "mine"}, browser=True)
    assert errors(appraisal) == []
    assert appraisal.values["yes"] is False
    assert "given" not in appraisal.values


def test_a_field_that_turns_grey_by_anothers_change_is_set_back_and_that_is_told() -> None:
    appraisal = look({**WHOLE, "yes": True}, sent={"name": "乙"})
    assert errors(appraisal) == []
    assert appraisal.changes == [{"pointer": "/content/yes", "from": True, "to": False, "reason": "只有甲可以"}]
    assert appraisal.values["yes"] is False


def test_a_grey_field_is_not_required_though_it_is_empty() -> None:
    assert "given" not in look(WHOLE).values
    assert errors(look(WHOLE)) == []


def test_the_shades_are_yellow_white_and_grey() -> None:
    states = look({**WHOLE, "name": "甲", "yes": True}, declaring=False).states()
    shades = {name: state.shade.value for name, state in states.items()}
    assert shades["name"] == shades["one.name"] == shades["many.0.name"] == "required"
    assert shades["number"] == shades["yes"] == shades["one.phone"] == "optional"
    assert shades["given"] == "readonly"
    grey = FieldState.of(look(WHOLE, declaring=False).states()["yes"])
    assert (grey.shade, grey.editable, grey.required, grey.value, grey.reason) == (
        "readonly",
        False,
        False,
        False,
        "只有甲可以",
    )


# ── the sheet itself ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("patch", "merged"),
    [
        ({}, {"name": "乙", "one": {"name": "丙", "phone": "1"}, "many": [{"name": "丁"}]}),
        ({"name": None}, {"one": {"name": "丙", "phone": "1"}, "many": [{"name": "丁"}]}),
        ({"one": {"phone": "2"}}, {"name": "乙", "one": {"name": "丙", "phone": "2"}, "many": [{"name": "丁"}]}),
        ({"one": {"phone": None}}, {"name": "乙", "one": {"name": "丙", "phone": None}, "many": [{"name": "丁"}]}),
        ({"one": None}, {"name": "乙", "many": [{"name": "丁"}]}),
        ({"many": []}, {"name": "乙", "one": {"name": "丙", "phone": "1"}, "many": []}),
        ({"many": [{"age": "3"}]}, {"name": "乙", "one": {"name": "丙", "phone": "1"}, "many": [{"age": "3"}]}),
        ({"new": 1}, {"name": "乙", "one": {"name": "丙", "phone": "1"}, "many": [{"name": "丁"}], "new": 1}),
    ],
)
def test_a_patch_is_laid_over_as_rfc_7396_says(patch: dict[str, Any], merged: dict[str, Any]) -> None:
    content = {"name": "乙", "one": {"name": "丙", "phone": "1"}, "many": [{"name": "丁"}]}
    assert Small.merge(content, patch) == merged
    assert content == {"name": "乙", "one": {"name": "丙", "phone": "1"}, "many": [{"name": "丁"}]}


def test_a_reader_finds_every_key_whatever_is_filled() -> None:
    empty = Small.shape({})
    assert list(empty) == list(Small.items)
    assert (empty["many"], empty["kinds"], empty["one"], empty["name"]) == ([], [], {"name": None, "phone": None}, None)
    assert Small.shape({"many": [{"name": "丁"}]})["many"] == [{"name": "丁", "age": None}]


def test_a_field_stands_in_exactly_one_section() -> None:
    for placed in (("a",), ("a", "b", "b"), ("a", "b", "c")):
        with pytest.raises(TypeError, match="exactly one section"):
            type(
                "Odd",
                (Sheet,),
                {"a": Text(label="甲"), "b": Text(label="乙"), "tabs": (Tab("t", "t", (Section("s", "s", placed),)),)},
            )


def test_what_was_sent_is_left_as_it_was() -> None:
    content = {**WHOLE, "yes": True, "kinds": ["inspection", "customs"]}
    before = repr(content)
    look(content)
    assert repr(content) == before


def test_today_is_shenzhens_day() -> None:
    assert Facts(now=NOW).today.isoformat() == "2021-12-01"


# ── all that is wrong, at once ────────────────────────────────────────────────────────────────────────────────────


@rule("（测试）有币制")
def with_a_currency(values: Values, facts: Facts) -> bool:
    return values.kind is not None


class Hanging(Sheet):
    """A sheet whose fields hang on one another."""

    kind = Choice(label="币制", table="currencies")
    asked = Text(label="缘由", required=unless(with_a_currency))
    grey = Text(label="去处", locked=unless(with_a_currency))
    postcode = Text(label="邮编", max_length=6, proof=Proof(lambda value, beside: "太短", "short"))
    one = Group(label="某人", fields={"name": Text(label="姓名", required=ALWAYS)})
    tabs = (Tab("all", "全部", (Section("all", "全部", ("kind", "asked", "grey", "postcode", "one")),)),)
    checks = (Check(with_a_currency, "kind", "应有币制"),)


def test_what_cannot_be_read_keeps_no_other_fault_from_being_told() -> None:
    judged = appraise(Hanging, {"kind": "CNY", "postcode": "1234567", "one": {}}, known(), declaring=True)
    assert errors(judged) == [("postcode", "max_length"), ("one/name", "required")]
    judged = appraise(Hanging, {"kind": "CNY", "postcode": "1", "one": {"name": 7}}, known(), declaring=True)
    assert errors(judged) == [("one/name", "type_mismatch"), ("postcode", "short")]


def test_only_what_hangs_on_a_value_that_cannot_be_read_waits() -> None:
    """Neither asked for, nor greyed, nor checked, before it can be read; an empty one is judged as such."""
    content = {"grey": "有", "one": {"name": "甲"}}
    unread = appraise(Hanging, {"kind": "???", **content}, known(), declaring=True)
    assert errors(unread) == [("kind", "unknown_code")]
    assert unread.values["grey"] == "有"
    assert {name: state.shade for name, state in unread.states().items() if name in ("asked", "grey")} == {
        "asked": "optional",
        "grey": "optional",
    }
    empty = appraise(Hanging, content, known(), declaring=True)
    assert {name for name, _ in errors(empty)} == {"asked", "grey", "kind"}


def test_what_is_in_a_group_that_cannot_be_read_is_not_called_missing() -> None:
    judged = appraise(Hanging, {"kind": "CNY", "one": "甲"}, known(), declaring=True)
    assert errors(judged) == [("one", "type_mismatch")]
