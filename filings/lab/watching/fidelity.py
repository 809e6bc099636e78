"""What this simulator states, and how each statement is known: fields, rules, statuses, refusals, advice, what it had
to settle itself, scenarios, situations, code tables.

Nothing is told here that is not said elsewhere: the register, the catalogues and the sheets are read, and only read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from types import MappingProxyType

from django.db.models import TextChoices

from filings.lab.worlds.situations import SITUATIONS
from filings.rules import advice, annual, client_control, offices, refusals, scenarios
from filings.rules.codes import TABLES
from filings.rules.describing import sentence
from filings.rules.kinds import KINDS
from filings.rules.register import REGISTER
from filings.rules.sheet import Field, Group, Rows, Sheet
from filings.rules.words import MarketState, Provenance, Publicity, Standing, Status


class Sort(TextChoices):
    """What is stated."""

    FIELD = "field", "字段"
    RULE = "rule", "规则"
    STATE = "state", "状态"
    REFUSAL = "refusal", "拒绝的文字"
    ADVICE = "advice", "处理建议"
    SETTLED = "settled", "自行约定"
    SCENARIO = "scenario", "情景"
    SITUATION = "situation", "场面"
    CODE_TABLE = "code_table", "代码表"


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing stated: its name in code, its words, what more is said of it, how it is known, and its entry."""

    sort: Sort
    name: str
    words: str
    more: str
    provenance: Provenance
    faq: str | None

    @property
    def for_programs(self) -> bool:
        """Whether it is told in the words of an interface: no clerk meets it."""
        return bool(_OF_AN_INTERFACE.search(self.words + self.more))


_OF_AN_INTERFACE = re.compile(
    r"/v1\b|[A-Za-z]+-[A-Z]|SIM_|[A-Z]+_URL|_id\b|\b(?:errors|replace|until|serve|Allow|Accept|UTF-8|JSON|LF)\b"
    "|沙箱|检查点|快照|请求体|测试的要求"
)
"""What only who writes programs, or runs this one, has to know."""


MEANING = (
    "“FAQ 载明”（documented）是《企业资质常见问题》原文所说，“公开资料”（public）见于其他公开来源，“推定”（assumed）由前两者推出而未见明文，"
    "“本系统自定”（ours）是为使系统能够运行而自定的，不作官方依据。"
)
"""What the four provenances mean."""

IN_PLAIN_WORDS = re.sub("（[a-z]+）", "", MEANING)
"""The same for who does not write programs."""

NOT_SIMULATED = "不模拟真实页面的外观、真实的接口和网络、电子口岸制卡与真实证书、法定节假日、海关内部的审核标准，也不连接任何政府系统。"
"""What is left out."""

_DOCUMENTED, _PUBLIC, _OURS = Provenance.DOCUMENTED, Provenance.PUBLIC, Provenance.OURS

STATES: Mapping[type[TextChoices], Mapping[str, tuple[Provenance, str | None]]] = MappingProxyType(
    {
        Status: dict.fromkeys(Status.values, (_DOCUMENTED, "1.9")),
        Standing: {
            Standing.NORMAL: (_DOCUMENTED, "2.15"),
            Standing.OVERDUE: (_DOCUMENTED, "2.15"),
            Standing.DEREGISTERED: (_DOCUMENTED, "2.11"),
            Standing.NOT_REGISTERED: (_DOCUMENTED, "2.4"),
        },
        MarketState: dict.fromkeys(MarketState.values, (_PUBLIC, None)),
        Publicity: dict.fromkeys(Publicity.values, (_PUBLIC, None)) | {Publicity.NOT_REPORTED: (_DOCUMENTED, "2.13")},
    }
)
"""Closed sets of states that the applicant is shown, with the source of each word."""


ADVICE: tuple[tuple[str, str, Provenance, str], ...] = (
    *(
        (advised.code, advised.text, _DOCUMENTED, "1.9")
        for advised in (advice.SUBMIT, advice.CONTACT_PLATFORM, advice.CONTACT_CUSTOMS, advice.DECIDED)
    ),
    *((advised.code, advised.text, _OURS, "1.9") for advised in (advice.WAIT, advice.CONTACT_MOFCOM)),
    ("reason_at_customs", advice.REASON_AT_CUSTOMS, _DOCUMENTED, "2.6"),
    ("reason_by_card", advice.REASON_BY_CARD, _DOCUMENTED, "2.6"),
    ("for_cardless", client_control.FOR_CARDLESS, _DOCUMENTED, "2.8"),
    ("for_card_holders", client_control.FOR_CARD_HOLDERS, _DOCUMENTED, "2.8"),
    (annual.CONTACT_INSPECTION.code, annual.CONTACT_INSPECTION.text, _DOCUMENTED, "2.12"),
)
"""What an applicant is advised to do: name, words, how they are known, entry."""


def _hours(wait: timedelta) -> str:
    return f"{wait / timedelta(hours=1):g} 小时"


SETTLED: tuple[tuple[str, str, str | None], ...] = (
    ("stuck_after", f"“长时间”指在同一状态超过 {_hours(advice.STUCK_AFTER)}", "1.9"),
    ("answered_after", f"联系各部门后，{_hours(offices.ANSWER_AFTER)}得到答复", None),
    ("desk_hours", "深圳海关企业管理和稽查处的联系时间含开始的时刻，不含结束的时刻，不计法定节假日", "2.12"),
    ("publicised_after", f"年报报送后，{_hours(annual.PUBLICISED_AFTER)}显示在公示平台", "2.13"),
    (
        "investors_matched",
        "变更申请的出资者按名称、国别与备案对应，括号和字母的全角半角不计；同名同国别的，未改动的先对应，其余按先后",
        "2.16",
    ),
    (
        "inspected",
        "海关依次比对登记状态、企业中文名称、法定代表人姓名、注册资本及币制、工商注册地址、经济类型；全角半角、大小写、空格、间隔号、连接号的写法不同不算不符，"
        "登记中没有的项不比对；附件只看有无和类型，不看内容；以第一处不符为原因",
        "2.6",
    ),
    ("usd_places", "海关返回的美元金额按本系统自定的汇率折算，小数位数与出资金额相同", "2.16"),
    ("one_line", "备注、经营范围、意见、说明等可分行，换行统一为 LF；其他文字应写在一行内，不含换行符和制表符", None),
    (
        "backfill_open_inclusive",
        f"年报补录在7月1日当日{'即' if annual.BACKFILL_OPEN_INCLUSIVE else '尚未'}开放",
        "2.13",
    ),
)
"""Where the document gives no figure or can be read in two ways, what holds here: name, words, entry. All ours."""


def statements(plain: bool = False, /, *, sort: str = "", provenance: str = "", faq: str = "") -> list[Statement]:
    """Everything stated, or what is of one sort, one provenance, one entry; `plain`: without what only a program is
    told."""
    return [
        statement
        for statement in _all()
        if sort in ("", statement.sort)
        and provenance in ("", statement.provenance)
        and faq in ("", statement.faq)
        and not (plain and statement.for_programs)
    ]


def counts(plain: bool = False) -> dict[Provenance, int]:
    """How many statements there are of each provenance."""
    found = Counter(statement.provenance for statement in statements(plain))
    return {provenance: found[provenance] for provenance in Provenance}


@cache
def _all() -> tuple[Statement, ...]:
    return (
        *_fields(),
        *_rules(),
        *_proofs(),
        *_states(),
        *_refusals(),
        *_advice(),
        *_settled(),
        *_scenarios(),
        *_situations(),
        *_code_tables(),
    )


def sheets() -> tuple[type[Sheet], ...]:
    """Every sheet of the module: those of the kinds of filing, and the annual report."""
    return (*(kind.sheet for kind in KINDS.values()), annual.SHEET)


def _fields() -> Iterator[Statement]:
    for sheet in sheets():
        inherited = {id(field) for base in sheet.__bases__ if issubclass(base, Sheet) for _, field in base.walk()}
        for name, label, field in _labelled(sheet):
            if id(field) not in inherited:
                conditions = {"必填": sentence(field.required), "只读": sentence(field.locked)}
                more = "；".join(f"{word}：{when}" for word, when in conditions.items() if when)
                yield Statement(Sort.FIELD, f"{sheet.__name__}.{name}", label, more, field.provenance, field.faq)


def _labelled(sheet: type[Sheet]) -> Iterator[tuple[str, str, Field]]:
    """Every field with its dotted name and its label, a group's before its fields'."""
    for name, field in sheet.walk():
        item = sheet.items[name.partition(".")[0]]
        yield name, f"{item.label}：{field.label}" if isinstance(item, Group | Rows) else field.label, field


def _rules() -> Iterator[Statement]:
    for rule in REGISTER.values():
        more = refusals.CATALOGUE[rule.code].detail if rule.code in refusals.CATALOGUE else ""
        yield Statement(Sort.RULE, rule.name, rule.sentence, more, rule.provenance, rule.faq)


def _proofs() -> Iterator[Statement]:
    """What is asked of single values, each once."""
    fields = [field for sheet in sheets() for _, field in sheet.walk()]
    found = {proof.sentence: proof for field in fields for proof in (field.proof, field.doubt) if proof}
    for proof in found.values():
        yield Statement(Sort.RULE, proof.code, proof.sentence, "", proof.provenance, None)


def _states() -> Iterator[Statement]:
    for states, known in STATES.items():
        for state in states:
            provenance, faq = known[state.value]
            yield Statement(Sort.STATE, f"{states.__name__}.{state.value}", str(state.label), "", provenance, faq)


def _refusals() -> Iterator[Statement]:
    for code, wording in refusals.CATALOGUE.items():
        yield Statement(Sort.REFUSAL, code, wording.detail, wording.remedy, wording.provenance, wording.faq)


def _advice() -> Iterator[Statement]:
    for name, words, provenance, faq in ADVICE:
        yield Statement(Sort.ADVICE, name, words, "", provenance, faq)


def _settled() -> Iterator[Statement]:
    for name, words, faq in SETTLED:
        yield Statement(Sort.SETTLED, name, words, "", _OURS, faq)


def _scenarios() -> Iterator[Statement]:
    for scenario in scenarios.CATALOGUE.values():
        way = " → ".join(status.label for status in scenario.visits)
        if scenarios.DECIDE in scenario.replies:
            way += f" → {' 或 '.join(status.label for status in scenario.outcomes)}"
        yield Statement(Sort.SCENARIO, scenario.name, scenario.title, way, scenario.provenance, scenario.faq)


def _situations() -> Iterator[Statement]:
    for situation in SITUATIONS.values():
        yield Statement(Sort.SITUATION, situation.name, situation.title, "", situation.provenance, situation.faq)


def _code_tables() -> Iterator[Statement]:
    """A table's codes, by how they are known; those the document names belong to the entry of the field they are
    chosen in."""
    entries = {field.table: field.faq for sheet in sheets() for _, field in sheet.walk() if field.table and field.faq}
    for table in TABLES.values():
        for provenance in Provenance:
            rows = [row for row in table.rows if row.provenance is provenance]
            if rows:
                examples = "、".join(row.name if row.code == row.name else f"{row.code} {row.name}" for row in rows[:3])
                more = examples if len(rows) <= 3 else f"{examples} 等 {len(rows)} 项"
                faq = entries.get(table.name) if provenance is _DOCUMENTED else None
                yield Statement(Sort.CODE_TABLE, table.name, table.title, more, provenance, faq)
