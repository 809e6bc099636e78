"""The catalogue of situations: named worlds a sandbox can be put into."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from filings import desk
from filings.answers.sandboxes import ChangedRecord
from filings.customs.sync import sync
from filings.lab.faults import glitches
from filings.lab.worlds import books, cast, fixtures, planting, years
from filings.models import Card, ClientControl, CustomsRecord, Enterprise, Filing, MarketRecord, Mirror, Sandbox, Visit
from filings.rules import naming
from filings.rules.client_control import LATEST, OLDER
from filings.rules.dates import local_date
from filings.rules.refusals import absent
from filings.rules.words import CardStatus, CardType, Category, Medium, Party, Provenance, RecordState, Status, UserType

Told = dict[str, list[Any]]
"""What a situation changed, by its sort: names of CHANGES."""

Enter = Callable[[Sandbox, Enterprise], Told]

CHANGES = (
    "filings",
    "tickets",
    "mandates",
    "cards",
    "seal_certificates",
    "annual_reports",
    "accounts",
    "enterprises",
    "client_controls",
    "records",
    "glitches",
)
"""What a situation can change: things by their public ids, client controls by account, reports by year, records by
book and enterprise."""

BOOKS = ("customs", "mofcom", "market", "mirror")
"""Whose records there are: the three authorities' own, and the copy of the single window."""


@dataclass(frozen=True, slots=True)
class Situation:
    """A named world: records, mirrors, clock, glitches, accounts. `about` is the role whose enterprise it concerns,
    unless another is named."""

    name: str
    title: str
    faq: str | None
    provenance: Provenance
    enter: Callable[[Sandbox, Enterprise | None], Told]
    about: str | None = "card"


# ── the two whole worlds ──────────────────────────────────────────────────────────────────────────────────────────


def _empty(sandbox: Sandbox, about: Enterprise | None) -> Told:
    return {}


def _standard(sandbox: Sandbox, about: Enterprise | None) -> Told:
    mandates = planting.standard(sandbox)
    return {
        "accounts": [player.username for player in cast.PLAYERS],
        "enterprises": [firm.uscc for firm in cast.FIRMS],
        "cards": [player.card for player in cast.PLAYERS if player.card],
        "records": [
            record
            for firm in cast.FIRMS
            for record in _records(firm.uscc, *(BOOKS if firm.category else ("mofcom", "market")))["records"]
        ],
        "mandates": mandates,
    }


def _on_record(sandbox: Sandbox, about: Enterprise) -> tuple[str, ...]:
    """Make sure that customs has a record of the enterprise, which such a situation needs. Returns the books in which
    it is new."""
    if CustomsRecord.objects.filter(sandbox=sandbox, uscc=about.uscc).exists():
        return ()
    fixtures.register(about, Category.CONSIGNEE)
    return "customs", "mirror"


def _records(uscc: str, *changed: str) -> Told:
    """The books whose record of an enterprise has changed."""
    return {"records": [ChangedRecord(book, uscc) for book in BOOKS if book in changed]}


# ── ways to make one ──────────────────────────────────────────────────────────────────────────────────────────────


def _glitch(name: str, **args: Any) -> Enter:
    """One documented misbehaviour is on for an enterprise."""

    def enter(sandbox: Sandbox, about: Enterprise) -> Told:
        glitches.put(sandbox, name, about.uscc, **args)
        return {"glitches": [name]}

    return enter


def _ledger(synced: bool = True, **facts: Any) -> Enter:
    """The customs ledger says these facts of an enterprise; the mirror too, if `synced`. A `timedelta` counts from
    today."""

    def enter(sandbox: Sandbox, about: Enterprise) -> Told:
        today = local_date(sandbox.now())
        laid = {name: today + value if isinstance(value, timedelta) else value for name, value in facts.items()}
        new = _on_record(sandbox, about)
        books.lay(sandbox, about.uscc, laid)
        if synced:
            sync(sandbox, sandbox.now(), about.uscc)
        return _records(about.uscc, *new, "customs", *(["mirror"] if synced else []))

    return enter


def _filing(**wanted: Any) -> Enter:
    """An enterprise has a filing in a state. The records that it needed, and those it brought about, are there too."""

    def enter(sandbox: Sandbox, about: Enterprise) -> Told:
        known = CustomsRecord.objects.filter(sandbox=sandbox, uscc=about.uscc)
        there = known.exists()
        made = fixtures.filing(sandbox, uscc=about.uscc, **wanted)
        recorded = made.status == Status.APPROVED or (not there and known.exists())
        return {"filings": [made.public_id], **(_records(about.uscc, "customs", "mirror") if recorded else {})}

    return enter


def _cards(status: CardStatus) -> Enter:
    """Every card of an enterprise is in this status. If it has no card, one is issued first."""

    def enter(sandbox: Sandbox, about: Enterprise) -> Told:
        held = Card.objects.select_related("sandbox").filter(sandbox=sandbox, account__enterprise=about).order_by("id")
        cards = list(held) or [fixtures.card(sandbox, uscc=about.uscc)[0]]
        for card in cards:
            fixtures.set_card(card, status)
        return {"cards": [card.number for card in cards]}

    return enter


def _legal_person_card(**wanted: Any) -> Enter:
    """FAQ 2.14: an enterprise has a 法人卡, of its legal representative unless another is named. The one it had is
    removed."""

    def enter(sandbox: Sandbox, about: Enterprise) -> Told:
        Card.objects.filter(enterprise=about, type=CardType.LEGAL_PERSON).delete()
        made, _ = fixtures.card(sandbox, uscc=about.uscc, type=CardType.LEGAL_PERSON, **wanted)
        return {"cards": [made.number]}

    return enter


def _sealed(**ago: float) -> Enter:
    """FAQ 1.6: the first account of an enterprise got its last 电子签章证书 this long ago."""

    def enter(sandbox: Sandbox, about: Enterprise) -> Told:
        return {"seal_certificates": [fixtures.seal_certificate(sandbox, uscc=about.uscc, ago=timedelta(**ago)).n]}

    return enter


def _control(**facts: Any) -> Enter:
    """The client control of every account of an enterprise is in this state. What is not named stays as it was (FAQ
    2.8)."""

    def enter(sandbox: Sandbox, about: Enterprise) -> Told:
        for account in about.accounts.all():
            control, _ = ClientControl.objects.get_or_create(account=account, defaults={"sandbox": sandbox})
            version = facts.get("version", control.version or LATEST)
            for name, value in {"installed": True, **facts, "version": version}.items():
                setattr(control, name, value)
            control.save()
        return {"client_controls": list(about.accounts.order_by("id").values_list("username", flat=True))}

    return enter


def _category(category: Category) -> Enter:
    """An enterprise is on record in a category."""

    def enter(sandbox: Sandbox, about: Enterprise) -> Told:
        fixtures.register(about, category)
        return _records(about.uscc, "customs", "mirror", *_seated(sandbox, about, category))

    return enter


def _seated(sandbox: Sandbox, about: Enterprise, category: Category) -> tuple[str, ...]:
    """Let the market record have the seat that such a category wants. Returns the book if it says something else
    now."""
    address = cast.Firm(about.name_cn, about.uscc, category).content["address_cn"]
    record = MarketRecord.of(sandbox, about.uscc)
    if record is None or record.address_cn == address:
        return ()
    record.enter(address_cn=address)
    return ("market",)


def _customs_said(answer: str) -> Enter:
    """An enterprise has asked customs, and this was the answer."""

    def enter(sandbox: Sandbox, about: Enterprise) -> Told:
        return {"tickets": [fixtures.answered(sandbox, about, answer).public_id]}

    return enter


def _all(*parts: Enter) -> Enter:
    """Several changes at once."""

    def enter(sandbox: Sandbox, about: Enterprise) -> Told:
        changed: Told = {}
        for part in parts:
            for what, names in part(sandbox, about).items():
                changed[what] = [*(before := changed.get(what, [])), *(name for name in names if name not in before)]
        return changed

    return enter


# ── single worlds ─────────────────────────────────────────────────────────────────────────────────────────────────


def _stale_form(sandbox: Sandbox, about: Enterprise) -> Told:
    """FAQ 2.10: the registration drafts of an enterprise show 与上级单位关系 in yellow. If it has no draft, one is begun."""
    drafts = Filing.objects.filter(sandbox=sandbox, enterprise=about, kind="registration", status="draft")
    if not drafts.exists():
        visit = Visit(
            sandbox=sandbox,
            party=Party.APPLICANT,
            now=sandbox.now(),
            account=fixtures.clerk(about),
            medium=Medium.PASSWORD,
            laid=True,
        )
        firm = cast.Firm(about.name_cn, about.uscc, None)
        desk.open_filing(visit, "registration", {**firm.content})
    drafts.update(stale_form=True)
    return {"filings": list(drafts.order_by("serial").values_list("public_id", flat=True))}


def _agent(sandbox: Sandbox) -> Enterprise:
    found = Enterprise.objects.select_related("sandbox").filter(sandbox=sandbox, uscc=cast.AGENT.uscc).first()
    if found is None:
        raise absent("代理企业", cast.AGENT.uscc, "统一社会信用代码")
    return found


def _mandate_expired(sandbox: Sandbox, about: Enterprise) -> Told:
    """FAQ 1.7: the agent has a draft of an enterprise whose mandate ran out yesterday."""
    draft = fixtures.filing(sandbox, uscc=about.uscc, agent=_agent(sandbox).uscc)
    ended = fixtures.mandate(about, _agent(sandbox), valid_to=local_date(sandbox.now()) - timedelta(days=1))
    return {"filings": [draft.public_id], "mandates": [ended.public_id]}


def _mandate_revoked(sandbox: Sandbox, about: Enterprise) -> Told:
    """FAQ 1.7: the mandate was revoked after the agent had declared; customs continues."""
    declared = fixtures.filing(
        sandbox, uscc=about.uscc, agent=_agent(sandbox).uscc, state=Status.DECLARED, scenario="approve"
    )
    ended = fixtures.mandate(about, _agent(sandbox), revoked_at=sandbox.now())
    return {"filings": [declared.public_id], "mandates": [ended.public_id]}


def _forgotten(sandbox: Sandbox, about: Enterprise) -> Told:
    shown = Mirror.objects.filter(sandbox=sandbox, uscc=about.uscc).exists()
    new = _on_record(sandbox, about)
    books.forget_in_mirror(sandbox, about)
    return _records(about.uscc, *new[:1], *(["mirror"] if shown else []))


def _commerce_forgotten(sandbox: Sandbox, about: Enterprise) -> Told:
    books.forget_in_commerce(sandbox, about)
    return _records(about.uscc, "mofcom")


def _commerce_stale(sandbox: Sandbox, about: Enterprise) -> Told:
    """FAQ 2.9: the data of the commerce authorities are out of date."""
    books.lay_commerce(sandbox, about.uscc, {"state": RecordState.STALE})
    return _records(about.uscc, "mofcom")


def _overdue_mirror(sandbox: Sandbox, about: Enterprise) -> Told:
    new = _on_record(sandbox, about)
    if not Mirror.objects.filter(sandbox=sandbox, uscc=about.uscc).exists():
        sync(sandbox, sandbox.now(), about.uscc)
    books.overdue_in_mirror(sandbox, about)
    return _records(about.uscc, *new, "mirror")


def _usd_wrong(sandbox: Sandbox, about: Enterprise) -> Told:
    """FAQ 2.16: customs returned an amount in USD that cannot be right."""
    _on_record(sandbox, about)
    for book in (CustomsRecord, Mirror):
        for record in book.objects.filter(sandbox=sandbox, uscc=about.uscc):
            record.investors = [{**investor, "amount_usd": "0.01"} for investor in record.investors]
            record.save(update_fields=["investors"])
    return _records(about.uscc, "customs", "mirror")


def _in_qianhai(sandbox: Sandbox, about: Enterprise) -> Told:
    """FAQ 1.4: an enterprise lies in the Qianhai zone and has a draft without a 特殊贸易区域."""
    about.in_qianhai = True
    about.save(update_fields=["in_qianhai"])
    moved = CustomsRecord.objects.filter(sandbox=sandbox, uscc=about.uscc).update(in_qianhai=True)
    draft = _filing(content={"special_trade_zone": None})(sandbox, about)
    return {**draft, "enterprises": [about.uscc], **(_records(about.uscc, "customs") if moved else {})}


def _personal(sandbox: Sandbox, about: Enterprise) -> Told:
    """FAQ 2.3: a clerk of an enterprise registered as 个人用户."""
    made, _ = fixtures.account(sandbox, user_type=UserType.PERSONAL, display_name=f"{about.name_cn} 经办人（个人用户）")
    return {"accounts": [made.username]}


def _publicity_lag(sandbox: Sandbox, about: Enterprise) -> Told:
    """FAQ 2.13: last year's report was made in time and does not come through; nor does one that is made from now
    on."""
    glitches.put(sandbox, "publicity_lag", about.uscc)
    year = years.report_last_year(sandbox, about)
    return {"glitches": ["publicity_lag"], "annual_reports": [year] if year else []}


def _phantom_customs_section(sandbox: Sandbox, about: Enterprise) -> Told:
    """FAQ 2.12: no record knows the enterprise, but its annual report shows 报关事项."""
    forgotten = books.forget(sandbox, about)
    glitches.put(sandbox, "phantom_customs_section", about.uscc)
    return {"glitches": ["phantom_customs_section"], **_records(about.uscc, *forgotten)}


def _branches(sandbox: Sandbox, about: Enterprise) -> Told:
    """A branch of an enterprise is in force at customs (public: it must be deregistered first)."""
    new = _on_record(sandbox, about)
    branch = fixtures.enterprise(sandbox, name_cn=f"{about.name_cn}分公司", category=Category.CONSIGNEE_BRANCH)
    for book in (CustomsRecord, Mirror):
        for record in book.objects.filter(sandbox=sandbox, uscc=branch.uscc):
            record.content |= {"parent_uscc": about.uscc, "parent_name": about.name_cn, "parent_relation": "总/分公司"}
            record.save(update_fields=["content"])
    above = _records(about.uscc, *new)["records"]
    return {"enterprises": [branch.uscc], "records": [*above, *_records(branch.uscc, *BOOKS)["records"]]}


YESTERDAY = timedelta(days=-1)
_FIRST_HALF_2017, _AUGUST_2018 = date(2017, 3, 1), date(2018, 8, 1)
_LONG = timedelta(hours=30)

_DOCUMENTED, _PUBLIC, _OURS = Provenance.DOCUMENTED, Provenance.PUBLIC, Provenance.OURS


def _of(
    name: str, title: str, faq: str | None, enter: Enter, about: str = "card", provenance: Provenance = _DOCUMENTED
) -> Situation:
    def enter_about(sandbox: Sandbox, enterprise: Enterprise | None) -> Told:
        assert enterprise is not None
        return enter(sandbox, enterprise)

    return Situation(name, title, faq, provenance, enter_about, about)


SITUATIONS: Mapping[str, Situation] = {
    situation.name: situation
    for situation in (
        Situation("standard", "标准场面：六类企业、有卡和无卡用户、代理", None, _OURS, _standard, None),
        Situation("empty", "空场面：没有企业和账户", None, _OURS, _empty, None),
        _of(
            "backfill_both_before",
            "2018年8月1日前已有报关、报检两项资质",
            "1.1",
            _ledger(
                customs_qualified_on=_FIRST_HALF_2017,
                inspection_qualified_on=_FIRST_HALF_2017,
                registered_on=_FIRST_HALF_2017,
            ),
        ),
        _of(
            "backfill_only_customs",
            "2018年8月1日前只有报关资质",
            "1.1",
            _ledger(
                customs_qualified_on=_FIRST_HALF_2017, inspection_qualified_on=None, registered_on=_FIRST_HALF_2017
            ),
            provenance=Provenance.ASSUMED,
        ),
        _of(
            "backfill_second_on_20180801",
            "第二项资质在2018年8月1日当日取得",
            "1.1",
            _ledger(
                customs_qualified_on=_FIRST_HALF_2017,
                inspection_qualified_on=_AUGUST_2018,
                registered_on=_FIRST_HALF_2017,
            ),
            provenance=Provenance.ASSUMED,
        ),
        _of(
            "office_not_chosen",
            "深圳企业的注册登记草稿，注册海关未选",
            "1.2",
            _filing(content={"customs_office": None}),
            "cardless",
        ),
        _of(
            "office_table_stale",
            "代码表陈旧：注册海关中查不到 5355 福中海关，键入代码仍可申报",
            "1.2",
            _glitch("office_table_stale"),
            "cardless",
            _OURS,
        ),
        _of(
            "office_renamed",
            "代码表陈旧：注册海关 5355 是另一个名称",
            "1.2",
            _glitch("office_renamed"),
            "cardless",
            _OURS,
        ),
        _of(
            "zone_not_chosen",
            "深圳企业的注册登记草稿，经济区划未选",
            "1.3",
            _filing(content={"economic_zone": None}),
            "cardless",
        ),
        _of(
            "zone_missing",
            "代码表陈旧：经济区划中查不到 01 经济特区，键入代码仍可申报",
            "1.3",
            _glitch("zone_missing"),
            "cardless",
            _OURS,
        ),
        _of(
            "trade_zone_not_chosen",
            "非前海的深圳企业的注册登记草稿，特殊贸易区域未选",
            "1.4",
            _filing(content={"special_trade_zone": None}),
            "cardless",
        ),
        _of(
            "trade_zone_missing",
            "代码表陈旧：特殊贸易区域中查不到 44039999，键入代码仍可申报",
            "1.4",
            _glitch("trade_zone_missing"),
            "cardless",
            _OURS,
        ),
        _of("in_qianhai", "前海自贸区企业的注册登记草稿，特殊贸易区域未选", "1.4", _in_qianhai, "cardless", _OURS),
        _of("card_expired", "卡已过期", "1.5", _cards(CardStatus.EXPIRED), provenance=_OURS),
        _of("card_cancelled", "卡已注销", "1.5", _cards(CardStatus.CANCELLED), provenance=_OURS),
        _of("card_locked", "卡密码连续输错，卡已锁定", "1.5", _cards(CardStatus.LOCKED), provenance=_OURS),
        _of(
            "card_reader_unplugged",
            "读卡器未连接，不能用卡登录",
            "1.5",
            _glitch("card_reader_unplugged"),
            provenance=_PUBLIC,
        ),
        _of(
            "seal_certificate_at_59_59",
            "电子签章证书：上次成功申请在 59 分 59 秒之前",
            "1.6",
            _sealed(minutes=59, seconds=59),
        ),
        _of("seal_certificate_at_60_00", "电子签章证书：上次成功申请在 60 分 00 秒之前", "1.6", _sealed(minutes=60)),
        _of(
            "seal_certificate_fails", "电子签章证书签发失败", "1.6", _glitch("seal_certificate_fails"), provenance=_OURS
        ),
        _of("mandate_expired", "代理企业有草稿，委托企业的授权昨天到期", "1.7", _mandate_expired, "cardless", _OURS),
        _of("mandate_revoked", "代理企业申报后，委托企业撤销了授权", "1.7", _mandate_revoked, "cardless", _OURS),
        _of(
            "one_qualification_draft",
            "注册登记草稿只申报报关资质",
            "1.8",
            _filing(content={"filing_scope": ["customs"]}),
            "cardless",
        ),
        _of("stuck_draft", "申请单一直是暂存", "1.9", _filing(age=_LONG), "cardless"),
        _of(
            "stuck_declared",
            "已申报 30 小时",
            "1.9",
            _filing(state=Status.DECLARED, age=_LONG, scenario="stuck; at=declared"),
            "cardless",
        ),
        _of(
            "stuck_sent",
            "成功发往海关 30 小时",
            "1.9",
            _filing(state=Status.SENT, age=_LONG, scenario="stuck; at=sent"),
            "cardless",
        ),
        _of(
            "stuck_stored",
            "海关入库成功 30 小时",
            "1.9",
            _filing(state=Status.STORED, age=_LONG, scenario="stuck; at=stored"),
            "cardless",
        ),
        _of(
            "stuck_manual_review",
            "转人工审核 30 小时",
            "1.9",
            _filing(state=Status.MANUAL_REVIEW, age=_LONG, scenario="stuck; at=manual_review"),
            "cardless",
        ),
        _of(
            "customs_sees_nothing",
            "海关入库成功 30 小时，海关看不到数据",
            "1.9",
            _filing(state=Status.STORED, age=_LONG, scenario="customs_cannot_see"),
            "cardless",
        ),
        _of(
            "consignee_branch",
            "企业的经营类别是进出口货物收发货人分支机构：可以打印报关单位备案证明",
            "1.10",
            _category(Category.CONSIGNEE_BRANCH),
        ),
        _of(
            "approved_registration",
            "注册登记申请审批通过，检验检疫备案号已返填",
            "2.1",
            _filing(state=Status.APPROVED),
            "cardless",
        ),
        _of(
            "mirror_lag_one_day",
            "此后审批通过的，检验检疫备案号晚一天同步到单一窗口",
            "2.1",
            _glitch("mirror_lag", days=1),
            "cardless",
            _OURS,
        ),
        _of(
            "division_incomplete",
            "注册登记草稿只选了省、市两级行政区划",
            "2.2",
            _filing(content={"district": None, "customs_office": None}),
            "cardless",
        ),
        _of("registered_as_personal", "经办人注册账户时选了个人用户", "2.3", _personal, "cardless"),
        _of("not_synced", "海关已有有效备案，单一窗口显示企业未注册成功", "2.4", _forgotten),
        _of(
            "not_synced_expired",
            "海关备案已超期，单一窗口显示企业未注册成功",
            "2.4",
            _all(_forgotten, _ledger(synced=False, valid_until=YESTERDAY)),
        ),
        _of(
            "sync_fails_once",
            "单一窗口显示企业未注册成功，海关第一次同步失败",
            "2.4",
            _all(_forgotten, _glitch("sync_fails_once")),
            provenance=_OURS,
        ),
        _of("mirror_lag", "审批后备案信息迟迟未同步到单一窗口", "2.4", _glitch("mirror_lag"), "cardless"),
        _of(
            "several_statuses",
            "审批不通过、海关入库成功、暂存的申请单各一份",
            "2.5",
            _all(_filing(state=Status.REJECTED), _filing(state=Status.STORED), _filing()),
            "cardless",
        ),
        _of(
            "rejected_registration",
            "注册登记申请审批不通过",
            "2.6",
            _filing(state=Status.REJECTED, reason_code="address_mismatch"),
            "cardless",
        ),
        _of(
            "rejected_change",
            "注册信息变更申请审批不通过",
            "2.6",
            _filing(kind="change", state=Status.REJECTED, reason_code="address_mismatch"),
        ),
        _of(
            "rejected_change_no_reason",
            "注册信息变更申请审批不通过，海关没有写明原因",
            "2.6",
            _filing(kind="change", state=Status.REJECTED, reason_code="other", public_comment=" "),
            provenance=_OURS,
        ),
        _of("print_blurred", "直接打印不清晰", "2.7", _glitch("print_blurred")),
        _of(
            "control_missing",
            "没有安装客户端控件，上传附件失败",
            "2.8",
            _control(installed=False, running=False, version=""),
        ),
        _of("control_stopped", "客户端控件没有运行，上传附件失败", "2.8", _control(running=False)),
        _of("control_outdated", "客户端控件不是最新版本，上传附件失败", "2.8", _control(version=OLDER)),
        _of("control_flaky", "客户端控件时断时续，上传附件有时失败", "2.8", _glitch("control_flaky"), provenance=_OURS),
        _of("mofcom_record_missing", "商务部没有企业的备案，变更申报失败", "2.9", _commerce_forgotten),
        _of("mofcom_record_stale", "商务部数据不是最新，变更申报失败", "2.9", _commerce_stale),
        _of(
            "mofcom_lookup_fails",
            "商务部数据正常，变更申报仍然失败",
            "2.9",
            _glitch("mofcom_lookup_fails"),
            provenance=_OURS,
        ),
        _of("stale_form", "草稿页面异常：“与上级单位关系”显示为黄色必填", "2.10", _stale_form),
        _of(
            "annual_registered_20201231",
            "海关注册时间为2020年12月31日：需要报送2020年度年报",
            "2.11",
            _ledger(registered_on=date(2020, 12, 31), deregistered_on=None),
        ),
        _of(
            "annual_registered_20210101",
            "海关注册时间为2021年1月1日：不需要报送2020年度年报",
            "2.11",
            _ledger(registered_on=date(2021, 1, 1), deregistered_on=None),
        ),
        _of("annual_deregistered", "海关备案已注销：不需要报送年报", "2.11", _ledger(deregistered_on=timedelta())),
        _of(
            "annual_category_temp",
            "企业经营类别为临时注册登记单位：不需要报送年报",
            "2.11",
            _ledger(categories=[Category.TEMPORARY.value], valid_until=timedelta(days=365)),
        ),
        _of("phantom_customs_section", "未在海关注册登记，年报却有“报关事项”", "2.12", _phantom_customs_section),
        _of("publicity_lag", "年报已报送，公示平台一直显示“未报送”", "2.13", _publicity_lag),
        _of(
            "publicity_lag_ten_days",
            "此后报送的年报，公示滞后十天",
            "2.13",
            _glitch("publicity_lag", days=10),
            provenance=_OURS,
        ),
        _of("card_legal_held", "法定代表人持有本企业法人卡", "2.14", _legal_person_card()),
        _of(
            "card_legal_pending",
            "法定代表人已申请本企业法人卡，尚未制发",
            "2.14",
            _legal_person_card(status=CardStatus.APPLIED),
        ),
        _of(
            "card_legal_cancelled",
            "本企业法人卡已注销",
            "2.14",
            _legal_person_card(status=CardStatus.CANCELLED),
            provenance=_OURS,
        ),
        _of(
            "card_legal_ends_in_x",
            "法人卡持卡人的居民身份证号码末位为 X",
            "2.14",
            _legal_person_card(holder_name="李演练", holder_id_number=cast.ID_ENDING_IN_X),
        ),
        _of("card_legal_elsewhere", "法定代表人持有另一家企业的法人卡", "2.14", _legal_person_card(), "agent"),
        _of("overdue_mirror", "海关备案有效，单一窗口显示超期", "2.15", _overdue_mirror),
        _of("overdue_at_customs", "海关备案确已超期，单一窗口显示超期", "2.15", _ledger(valid_until=YESTERDAY)),
        _of("usd_delayed", "审批后海关迟迟未返回美元出资金额", "2.16", _glitch("usd_delayed")),
        _of("usd_wrong", "海关返回的美元出资金额有误", "2.16", _usd_wrong, provenance=_OURS),
        _of("print_truncated", "打印的表格显示不全，电子数据完整", "2.17", _glitch("print_truncated")),
        _of(
            "dual_not_printable",
            "备案已审批通过，海关答复可以打印，经营类别是特殊监管区域双重身份企业：没有打印按钮",
            "2.18",
            _all(_category(Category.DUAL), _customs_said("经核实，可以在系统上打印报关单位备案证明")),
        ),
        _of(
            "express_greyed",
            "注册登记草稿的经营类别是进出口货物收发货人：快件运营为“否”，不可更改",
            "2.19",
            _filing(),
            "cardless",
        ),
        _of("dual", "企业的经营类别是特殊监管区域双重身份企业", "2.20", _category(Category.DUAL)),
        _of("deregistered", "企业已注销", "2.20", _ledger(deregistered_on=YESTERDAY)),
        _of("branches_registered", "企业名下有未注销的分支机构", None, _branches, provenance=_PUBLIC),
    )
}
"""Every situation by name; the two whole worlds first, then by FAQ number."""

SORT = naming.sort(
    "situation", "场面", "unknown_situation", "POST /control/v1/sandboxes/{sandbox}/situation", SITUATIONS
)
