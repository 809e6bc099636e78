"""What a column may hold beyond its type: asked of rows that come from elsewhere (an import); what we write ourselves
is right.

Each is a Django validator of one column and raises `Misfit`, in words for people, with the place inside a document.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, get_args

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.deconstruct import deconstructible

from filings.rules import annual, attachments, faults, scenarios, webhooks
from filings.rules.appraisal import misfits
from filings.rules.codes import TABLES
from filings.rules.events import DUE_WORDS, PAYLOADS, Payload
from filings.rules.glitches import GLITCHES
from filings.rules.kinds import KINDS
from filings.rules.numbers import amount
from filings.rules.refusals import Refusal
from filings.rules.sheet import Sheet
from filings.rules.sheets.mofcom_change import MofcomChange
from filings.rules.sheets.registration import Registration
from filings.rules.words import Category, ClockMode, Provenance, Status
from singlewindow.lean import later

if TYPE_CHECKING:
    from cryptography import exceptions, x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec
else:  # 20 ms in all, for rows with keys that come from elsewhere
    exceptions, x509 = later("cryptography.exceptions"), later("cryptography.x509")
    serialization = later("cryptography.hazmat.primitives.serialization")
    ec = later("cryptography.hazmat.primitives.asymmetric.ec")

DAYS, MOMENTS = range(1900, 2300), range(1970, 2300)
"""The years in which a day or a moment may lie: clocks run from 1990 to 2200, what is due or valid lies some years
beyond. Ours."""


class Misfit(ValidationError):
    """A value a column cannot take; `at` is the JSON pointer inside a document."""

    def __init__(self, code: str, words: str, at: str = "") -> None:
        super().__init__(words, code=code)
        self.at = at


def at(column: str, proof: Callable[..., None], *values: Any) -> None:
    """Ask a proof that needs more than its own column; what it refuses is refused there."""
    try:
        proof(*values)
    except ValidationError as error:
        raise ValidationError({column: error}) from None


# ── names and numbers ─────────────────────────────────────────────────────────────────────────────────────────────


@deconstructible
class Numbered:
    """An identifier made of a counter's number, such as F000012. Two never meet as long as the counter is not behind
    them."""

    def __init__(self, before: str, digits: int) -> None:
        self.before, self.digits = before, digits
        self._found = re.compile(f"{before}([0-9]{{{digits},}})", re.ASCII).fullmatch

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Numbered) and (self.before, self.digits) == (other.before, other.digits)

    def __hash__(self) -> int:
        return hash((self.before, self.digits))

    def __call__(self, value: str) -> None:
        if self._found(value) is None:
            raise Misfit("invalid", "编号的格式不符")

    def number(self, value: str) -> int:
        """The number of the counter it is made of; 0 for one that is made otherwise."""
        found = self._found(value)
        return int(found[1] or 0) if found else 0


_CODE = re.compile(r"[0-9A-Z]{18}")


def credit_code(value: str) -> None:
    """统一社会信用代码, by its shape: a world may hold one whose check character is wrong."""
    if not _CODE.fullmatch(value):
        raise Misfit("invalid", "统一社会信用代码应为 18 位数字或大写字母")


def kind(value: str) -> None:
    _known(value, KINDS)


def webhook_event(value: str) -> None:
    _known(value, webhooks.EVENTS)


def glitch(value: str) -> None:
    _known(value, GLITCHES)


def fault_name(value: str) -> None:
    _known(value, faults.FAULTS)


def attachment_type(value: str) -> None:
    _known(value, attachments.TYPES)


def media_type(value: str) -> None:
    _known(value, {media for media, _ in attachments.FORMATS.values()})


def currency(value: str) -> None:
    _of_table("currencies", value)


def economic_type(value: str) -> None:
    _of_table("economic_types", value)


def _of_table(table: str, code: str) -> None:
    if TABLES[table].get(code) is None:
        raise Misfit("unknown_code", f"没有“{code[:40]}”")


def money(value: str) -> None:
    """An amount in units of ten thousand, in its one spelling."""
    if amount(value) != value:
        raise Misfit("invalid", "应为金额字符串，例如 500.00")


def _known(value: str, names: Any) -> None:
    if value not in names:
        raise Misfit("unknown_code", f"没有“{value[:40]}”")


def scenario(value: str) -> None:
    """A scenario with its parameters, as one string."""
    try:
        scenarios.parse(value)
    except Refusal as refusal:
        raise Misfit(refusal.code, refusal.detail) from None


def fault(value: str) -> None:
    """A fault with its parameters, as one string."""
    try:
        faults.parse(value)
    except Refusal as refusal:
        raise Misfit(refusal.code, refusal.detail) from None


def serials(value: int) -> None:
    """How many numbers are taken: those of filings have seven digits."""
    if value > 9_000_000:
        raise Misfit("out_of_range", "编号最多用到 9000000")


def rate(value: float) -> None:
    """How many of a sandbox's seconds pass in a real one."""
    if not 0 < value <= 100_000:
        raise Misfit("out_of_range", "倍速应大于 0，不超过 100000")


def chance(value: float) -> None:
    """A probability that is not nothing."""
    if not 0 < value <= 1:
        raise Misfit("out_of_range", "概率应大于 0，不超过 1")


def report_year(value: int) -> None:
    """A year reported to customs."""
    if not annual.FIRST_YEAR <= value <= MOMENTS[-1]:
        raise Misfit("out_of_range", f"年度应在 {annual.FIRST_YEAR} 年至 {MOMENTS[-1]} 年之间")


def expect_moment(moment: datetime, at: str = "") -> None:
    """Refuse a moment no world can be in, or one that is not told from where."""
    if moment.tzinfo is None or moment.year not in MOMENTS:
        raise Misfit("out_of_range", f"应为 {MOMENTS[0]} 年至 {MOMENTS[-1]} 年的时刻，并写明时差", at)


def clock(moment: datetime) -> None:
    """Where a sandbox's clock may stand."""
    if not 1990 <= moment.year <= 2200:
        raise Misfit("out_of_range", "时刻应在 1990 年至 2200 年之间")


def expect_day(day: date, at: str = "") -> None:
    """Refuse a day no record can be of."""
    if day.year not in DAYS:
        raise Misfit("out_of_range", f"应为 {DAYS[0]} 年至 {DAYS[-1]} 年的日期", at)


# ── secrets ───────────────────────────────────────────────────────────────────────────────────────────────────────

_HASH = re.compile(r"pbkdf2_synthetic\$[0-9]{1,4}\$[^$]{1,64}\$[A-Za-z0-9+/]{43}=|![A-Za-z0-9]{1,60}")


def hashed(value: str) -> None:
    """A password or PIN as it is kept: of the one hash of synthetic people, and no dearer than that; or one nobody can
    use."""
    if not _HASH.fullmatch(value):
        raise Misfit("invalid", "不是本系统保存密码的格式")


def private_key(value: str) -> None:
    """A P-256 key, PEM."""
    try:
        made = serialization.load_pem_private_key(value.encode(), None)
    except (ValueError, TypeError, exceptions.UnsupportedAlgorithm):
        made = None
    if not isinstance(made, ec.EllipticCurvePrivateKey) or made.curve.name != "secp256r1":
        raise Misfit("invalid", "不是 P-256 私钥（PEM）")


def certificate(value: str) -> None:
    """A certificate, PEM."""
    try:
        x509.load_pem_x509_certificate(value.encode())
    except ValueError:
        raise Misfit("invalid", "不是 X.509 证书（PEM）") from None


def expect_pair(private_key: str, certificate: str) -> None:
    """Refuse a key that is not that of the certificate beside it."""
    key, made = (
        serialization.load_pem_private_key(private_key.encode(), None),
        x509.load_pem_x509_certificate(certificate.encode()),
    )
    if key.public_key() != made.public_key():
        raise Misfit("invalid", "私钥与证书不是一对")


# ── sheets ────────────────────────────────────────────────────────────────────────────────────────────────────────


def of_sheet(sheet: type[Sheet], content: Any) -> None:
    """Refuse, with every fault, what a sheet cannot hold."""
    _expect(type(content) is dict, "")
    if content and (found := misfits(sheet, content)):
        raise ValidationError(
            [Misfit(misfit.code, misfit.detail, misfit.pointer.removeprefix("/content")) for misfit in found]
        )


def transmitted(text: str, sha256: str, sent: Mapping[str, Any] | None) -> None:
    """What went to the authority, with its digest: the content as it was declared; of a draft nothing."""
    if sent is None:
        if text or sha256:
            raise Misfit("invalid", "没有申报过的，没有传输过")
        return
    if sha256 != hashlib.sha256(text.encode()).hexdigest():
        raise Misfit("invalid", "与摘要不符")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise Misfit("invalid", "不是合法的 JSON") from None
    if type(message) is not dict or message.get("content") != sent:
        raise Misfit("invalid", "与申请单的内容不符")


def approved_sheet(value: Any) -> None:
    """A registration as approved."""
    of_sheet(Registration, value)


def commerce_sheet(value: Any) -> None:
    """What the commerce authorities have on record."""
    of_sheet(MofcomChange, value)


def annual_sheet(value: Any) -> None:
    """海关年报 as reported."""
    of_sheet(annual.SHEET, value)


# ── documents ─────────────────────────────────────────────────────────────────────────────────────────────────────

_Proof = Callable[[Any, str], None]
"""Refuses a part of a document; told where it stands."""


def _text(value: Any, at: str) -> None:
    _expect(type(value) is str, at)


def _yes(value: Any, at: str) -> None:
    _expect(type(value) is bool, at)


def _integer(value: Any, at: str) -> None:
    _expect(type(value) is int, at)


def _moment(value: Any, at: str) -> None:
    _text(value, at)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Misfit("invalid", "应为 RFC 3339 时刻", at) from None
    expect_moment(moment, at)


def _day(value: Any, at: str) -> None:
    _text(value, at)
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Misfit("invalid", "应为 YYYY-MM-DD 格式的日期", at) from None
    expect_day(day, at)


def _money(value: Any, at: str) -> None:
    _text(value, at)
    if not re.fullmatch(r"[0-9]{1,20}(\.[0-9]{1,6})?", value, re.ASCII):
        raise Misfit("invalid", "应为金额字符串，例如 500.00", at)


def _one_of(*names: str) -> _Proof:
    def hold(value: Any, at: str) -> None:
        _text(value, at)
        if value not in names:
            raise Misfit("unknown_code", f"没有“{value[:40]}”", at)

    return hold


def _within(low: float, high: float) -> _Proof:
    def hold(value: Any, at: str) -> None:
        _expect(type(value) in (int, float), at)
        if not low <= value <= high:
            raise Misfit("out_of_range", f"应在 {low} 与 {high} 之间", at)

    return hold


def _or_null(proof: _Proof) -> _Proof:
    return lambda value, at: None if value is None else proof(value, at)


def _each(proof: _Proof) -> _Proof:
    def hold(value: Any, at: str) -> None:
        _expect(type(value) is list, at)
        for n, item in enumerate(value):
            proof(item, f"{at}/{n}")

    return hold


def _members(required: str = "", /, *, others: bool = False, **proofs: _Proof) -> _Proof:
    """An object; `required` names, with spaces between, what it must have; what else it has is refused, or let be by
    `others`."""

    def hold(value: Any, at: str) -> None:
        _expect(type(value) is dict, at)
        for name in required.split():
            if name not in value:
                raise Misfit("required", f"缺少“{name}”", at)
        for name, member in value.items():
            if name in proofs:
                proofs[name](member, f"{at}/{name}")
            elif not others:
                raise Misfit("unknown_field", f"没有名为“{name[:40]}”的成员", at)

    return hold


def _expect(fits: bool, at: str) -> None:
    if not fits:
        raise Misfit("type_mismatch", "类型不符", at)


_STATUS = _one_of(*Status.values)
_CATEGORIES = _each(_one_of(*Category.values))
_INVESTORS = _each(
    _members(
        "name country",
        name=_text,
        country=_text,
        method=_or_null(_text),
        amount=_or_null(_money),
        currency=_or_null(_text),
        amount_usd=_or_null(_money),
    )
)
_FORMER = _each(
    _members(
        "registered_on valid_until deregistered_on categories customs_code",
        registered_on=_or_null(_day),
        valid_until=_or_null(_day),
        deregistered_on=_or_null(_day),
        categories=_CATEGORIES,
        customs_code=_or_null(_text),
    )
)
_WARNINGS = _each(
    _members(
        "pointer code detail",
        pointer=_text,
        code=_text,
        detail=_text,
        faq=_or_null(_text),
        provenance=_one_of(*Provenance.values),
    )
)
_ATTEMPTS = _each(
    _members(
        "n at at_real outcome status error duration_ms response fault",
        n=_integer,
        at=_moment,
        at_real=_moment,
        outcome=_one_of("delivered", "failed"),
        status=_or_null(_integer),
        error=_or_null(_text),
        duration_ms=_integer,
        response=_or_null(_text),
        fault=_or_null(_text),
    )
)
_MATCH = _members(method=_text, path=_text, account=_text, event=_text, uscc=_text)
_LAG = _members(days=_within(0, 3660))
_CLOCK = _members(
    "mode now rate", mode=_one_of(*ClockMode.values), now=_or_null(_moment), rate=_within(0.000001, 100_000)
)


def categories(value: Any) -> None:
    """企业经营类别 of a record, each once."""
    _CATEGORIES(value, "")
    if len({*value}) < len(value):
        raise Misfit("duplicate", "经营类别重复")


def investors(value: Any) -> None:
    """出资者 of a record, with what customs returned."""
    _INVESTORS(value, "")


def former(value: Any) -> None:
    """The records of before a 注销, in short."""
    _FORMER(value, "")


def warnings(value: Any) -> None:
    """What a filing is warned of."""
    _WARNINGS(value, "")


def attempts(value: Any) -> None:
    """What came of the attempts of a delivery."""
    _ATTEMPTS(value, "")


def match(value: Any) -> None:
    """What a fault is for."""
    _MATCH(value, "")


def lag(value: Any) -> None:
    """For how long a misbehaviour delays something, where it does."""
    _LAG(value, "")


def opening_clock(value: Any) -> None:
    """The clock a sandbox opens with."""
    _CLOCK(value, "")


def due_words(value: Any, verb: str) -> None:
    """What is said to whoever acts when something falls due."""
    _due_words(verb)(value, "")


def event_data(value: Any, name: str) -> None:
    """What an event tells besides."""
    _event_data(name)(value, "")


def json_text(value: str) -> None:
    """What a webhook is sent: JSON."""
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        raise Misfit("invalid", "不是合法的 JSON") from None


# ── payloads ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _declared(payloads: Mapping[str, Payload], name: str) -> _Proof:
    """The proof of what is declared under a name; of a name there is not nothing is asked, for that is told of the
    name."""
    return _proof_of(payloads[name]) if name in payloads else _members(others=True)


@cache
def _due_words(verb: str) -> _Proof:
    return _declared(DUE_WORDS, verb)


@cache
def _event_data(name: str) -> _Proof:
    return _declared(PAYLOADS, name)


def _proof_of(declared: Any) -> _Proof:
    """The proof of a member as a payload declares it."""
    match declared:
        case UnionType():
            return _or_null(_proof_of(get_args(declared)[0]))
        case [each]:
            return _each(_proof_of(each))
        case tuple():
            return _one_of(*declared)
        case dict():
            required = " ".join(name for name in declared if not name.endswith("?"))
            proofs: dict[str, Any] = {name.rstrip("?"): _proof_of(part) for name, part in declared.items()}
            return _members(required, **proofs)
        case type() if issubclass(declared, TextChoices):
            return _one_of(*declared.values)
    return _TYPES[declared]


_TYPES: Mapping[type, _Proof] = {str: _text, int: _integer, bool: _yes}
