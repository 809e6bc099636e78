"""The register of rules and the catalogue of refusals: everything has a sentence and a source, and the FAQ's words are
the FAQ's."""

import re
from pathlib import Path

import pytest

from filings.rules.dates import BOTH_QUALIFICATIONS_FROM
from filings.rules.facts import Facts
from filings.rules.faq import ENTRIES
from filings.rules.kinds import KINDS
from filings.rules.refusals import CATALOGUE, Wording
from filings.rules.register import ALWAYS, NEVER, REGISTER, Rule, Values, rule, unless
from filings.rules.sheets.registration import Registration
from filings.rules.words import Provenance
from tests.rules.known import NOW

RULES = pytest.mark.parametrize("one", REGISTER.values(), ids=REGISTER)
REFUSALS = pytest.mark.parametrize("code", CATALOGUE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


FAQ = {number: squeezed(entry.question + entry.answer) for number, entry in ENTRIES.items()}


@RULES
def test_every_rule_has_a_chinese_sentence_and_a_code(one: Rule) -> None:
    assert CHINESE.search(one.sentence)
    assert re.fullmatch(r"[a-z][a-z0-9_]+", one.code)
    assert REGISTER[one.name] is one


@RULES
def test_every_source_is_an_entry_of_the_faq_and_what_is_documented_has_one(one: Rule) -> None:
    assert one.faq is None or one.faq in ENTRIES
    assert one.provenance in Provenance
    if one.provenance == Provenance.DOCUMENTED:
        assert one.faq in ENTRIES


def test_no_two_rules_say_the_same_sentence() -> None:
    sentences = [one.sentence for one in REGISTER.values()]
    assert len(sentences) == len(set(sentences))


def test_a_second_rule_of_the_same_name_is_not_taken() -> None:
    def express_allowed(values: Values, facts: Facts) -> bool:
        return True

    before = dict(REGISTER)
    with pytest.raises(ValueError, match="two rules named express_allowed"):
        rule("再来一次")(express_allowed)
    assert before == REGISTER


def test_a_rule_without_a_source_is_our_own_and_with_one_documented() -> None:
    def of_ours(values: Values, facts: Facts) -> bool:
        return True

    def of_the_faq(values: Values, facts: Facts) -> bool:
        return True

    try:
        assert rule("甲")(of_ours).provenance == Provenance.OURS
        assert rule("乙", faq="1.1")(of_the_faq).provenance == Provenance.DOCUMENTED
        assert (REGISTER["of_ours"].code, REGISTER["of_ours"]) == ("of_ours", REGISTER["of_ours"])
    finally:
        REGISTER.pop("of_ours", None)
        REGISTER.pop("of_the_faq", None)


def test_the_opposite_of_a_rule_says_so_and_keeps_its_source() -> None:
    one = REGISTER["express_allowed"]
    opposite = unless(one)
    for category in ("01000000", "10000000", None):
        values = Values(category=category)
        assert opposite(values, Facts(now=NOW)) is not one(values, Facts(now=NOW))
    assert (opposite.faq, opposite.code, opposite.sentence) == ("2.19", "express_not_allowed", f"除非{one.sentence}")


def test_always_and_never_are_what_they_say() -> None:
    assert ALWAYS(Values(), Facts(now=NOW)) is True
    assert NEVER(Values(), Facts(now=NOW)) is False


def test_what_is_absent_reads_as_nothing() -> None:
    assert Values(a=1).a == 1
    assert Values().no_such_field is None


# ── the words ─────────────────────────────────────────────────────────────────────────────────────────────────────


@REFUSALS
def test_every_refusal_reads_as_a_refusal(code: str) -> None:
    wording = CATALOGUE[code]
    assert 400 <= wording.status < 600
    assert wording.title
    assert wording.detail
    assert wording.faq is None or wording.faq in ENTRIES
    assert re.fullmatch(r"[a-z][a-z0-9_]+", code)


@REFUSALS
def test_what_is_documented_names_its_entry(code: str) -> None:
    wording = CATALOGUE[code]
    if wording.provenance == Provenance.DOCUMENTED:
        assert wording.faq in ENTRIES


VERBATIM = {
    # What the FAQ puts in quotation marks, where it stands and what it is called here
    "not_enterprise_user": (403, "2.3", "当前用户不是企业用户，无法操作"),
    "parent_relation_required": (422, "2.10", "上级单位关系必填"),
    "category_not_printable": (
        403,
        "1.10",
        "报关企业及其分支机构、进出口货物收发货人及其分支机构、临时注册登记单位可以打印《报关单位备案证明》",
    ),
    "card_holder_is_legal_person": (409, "2.14", "不能重复注册"),
    "certificate_hourly_limit": (429, "1.6", "目前系统允许用户每一小时可以申请一次最新证书下载"),
    "client_control_unavailable": (503, "2.8", "连接客户端控件服务失败，请重试"),
    "mofcom_record_not_found": (422, "2.9", "商务部申报失败：您要修改的信息再经营者备案系统查询不到，请核查！"),
}


@pytest.mark.parametrize("code", VERBATIM)
def test_words_that_the_faq_quotes_stand_in_it_and_here_alike(code: str) -> None:
    status, faq, words = VERBATIM[code]
    has = CATALOGUE[code]
    assert has == Wording(status, has.title, words, has.remedy, faq, Provenance.DOCUMENTED, has.retry_after)
    assert words in FAQ[faq]


@pytest.mark.parametrize(
    ("faq", "words"),
    [
        ("2.10", Registration.items["parent_relation"].lacking),
        ("2.16", Registration.items["investors"].fields["amount_usd"].locked_words),
        # the first half says 特殊监管区域双重身份企业 where the FAQ once writes the shorter name
        ("2.19", Registration.items["express_operator"].locked_words.split("；")[1]),
        ("1.8", Registration.items["filing_scope"].locked_words),
    ],
    ids=["parent_relation", "amount_usd", "express_operator", "filing_scope"],
)
def test_the_reason_a_field_gives_is_in_the_faqs_own_words(faq: str, words: str) -> None:
    parts = [part for part in re.split(r"[，。；（）]", squeezed(words)) if part]
    assert parts
    assert [part for part in parts if part not in FAQ[faq]] == []


def test_every_code_a_check_or_a_guard_refuses_with_is_in_the_catalogue_or_told_per_field() -> None:
    for kind in KINDS.values():
        for guard in (*kind.writing, *kind.opening, *kind.attaching, *kind.declaring):
            assert guard.code in CATALOGUE
        for check in kind.sheet.checks:
            assert check.rule.name in REGISTER
            assert CHINESE.search(check.otherwise)


def test_the_date_of_the_announcement_is_the_faqs() -> None:
    assert f"{BOTH_QUALIFICATIONS_FROM:%Y年%-m月%-d日}" in FAQ["1.8"]


def test_no_rule_knows_the_database_or_the_clock() -> None:
    folder = Path(__file__).parents[2] / "filings" / "rules"
    for file in folder.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\.objects\b|filings\.models|datetime\.now|timezone\.now|date\.today", text), file.name
