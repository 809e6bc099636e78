"""The numbers a form carries: folding what was typed, and checking the digits.

Every `*_fault` takes a value already folded and in upper case, and answers None when it is right, else one Chinese
sentence saying what is wrong (wording ours; the rules are national standards). Whether a number belongs to anyone is
never asked.
"""

from __future__ import annotations

import re
from datetime import date

from stdnum.cn import ric, uscc
from stdnum.iso7064 import mod_11_2

from filings.rules.texts import like, shown

A_FIRM = "91440399MAMK00013C"
A_PERSON = "110101189001010016"
"""Right numbers that belong to nobody, for examples: of a division there is not, and of somebody born in 1890."""

_HALF_WIDTH: dict[int, int] = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(r"[0-9A-HJ-NP-RTUWXY]{18}")
_ID_CARD = re.compile(r"[0-9]{17}[0-9X]")
_POSTCODE = re.compile(r"[0-9]{6}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})-?[0-9]{7,8}(?:-[0-9]{1,6})?")
_SERVICE = re.compile(r"[48]00[0-9]{7}(?:-[0-9]{1,6})?")
_ABROAD = re.compile(r"(\+[0-9]{7,15})(-[0-9]{1,6})?")

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def fold(text: str) -> str:
    """Turn full-width forms (U+FF01–U+FF5E, U+3000) to half width and strip: `５３５５　` reads as 5355.

    For codes, numbers, dates, ids, phones and postcodes only: in names and addresses full width is content.
    """
    return text.translate(_HALF_WIDTH).strip()


def whole(text: str) -> int | None:
    """A whole number as it is typed, of up to nine digits of ASCII: no table holds more, and Python reads no number of
    any length."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _organisation_check(body: str) -> str:
    """The check character of an eight-character organisation code (GB 11714)."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def uscc_fault(code: str) -> str | None:
    """What is wrong with a 统一社会信用代码 (GB 32100-2015), the organisation code inside it (GB 11714) included."""
    if len(code) != 18:
        return "统一社会信用代码应为18位"
    # The alphabet comes first: stdnum computes the check digit with a bare ValueError on I, O, S, V and Z. Its own
    # validate() is no use here, because it refuses letters among the first eight (A1…, N2…) that the standard allows.
    if not _USCC.fullmatch(code):
        return "统一社会信用代码只能由数字和大写字母组成，且不含I、O、S、V、Z"
    if code[17] != uscc.calc_check_digit(code[:17]):
        return "统一社会信用代码校验位不正确"
    if code[16] != _organisation_check(code[8:16]):
        return "统一社会信用代码中的组织机构代码校验位不正确"
    return None


def uscc_told(code: str) -> str | None:
    """What is wrong with a credit code, with the code and a right one: for whoever takes one outside a sheet."""
    fault = uscc_fault(code)
    return fault and f"{fault}，填写的是{shown(code)}{like(A_FIRM)}"


def uscc_complete(first16: str) -> str:
    """Complete department, type, division and organisation body (1 + 1 + 6 + 8) with both check characters.

    For synthetic codes: with a division that does not exist, such as 440399, the code belongs to nobody.
    Raises ValueError if `first16` is not sixteen characters of the alphabet.
    """
    if not _USCC.fullmatch(first16 + "00"):
        raise ValueError(f"not the first sixteen characters of a USCC: {first16!r}")
    first17 = first16 + _organisation_check(first16[8:])
    return first17 + str(uscc.calc_check_digit(first17))


def synthetic_uscc(serial: int, series: str = "MAMF") -> str:
    """The credit code of the so-manieth made-up enterprise of a series: of a division that does not exist, check digits
    right."""
    places = ""
    for _ in range(4):
        serial, rest = divmod(serial, len(_USCC_ALPHABET))
        places = _USCC_ALPHABET[rest] + places
    return uscc_complete(f"91440399{series}{places}")


def id_card_fault(number: str) -> str | None:
    """What is wrong with an 18-character 居民身份证 number (GB 11643): shape, birth date, check character.

    The area code is not looked up: stdnum would refuse areas founded after the holder was born.
    """
    if len(number) != 18:
        return "居民身份证号码应为18位"
    if not _ID_CARD.fullmatch(number):
        return "居民身份证号码前17位应为数字，末位应为数字或X"
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "居民身份证号码中的出生日期不存在"
    if number[17] != ric.calc_check_digit(number):
        return "居民身份证号码校验位不正确"
    return None


def synthetic_id_card(born: date, serial: int) -> str:
    """The identity card of a made-up person: of a division that does not exist, check character right. A `serial`
    below a thousand that is odd is a man's."""
    first17 = f"440399{born:%Y%m%d}{serial:03d}"
    return first17 + str(ric.calc_check_digit(first17 + "0"))


def id_card_18(number: str) -> str:
    """One person, one spelling: folded, upper case, no blanks, and the old 15 digits brought to 18 (FAQ 2.14 compares
    these).

    A 15-digit number was only ever given to people born in the 1900s. Anything else is returned cleaned, not judged.
    """
    number = "".join(fold(number).upper().split())
    if not re.fullmatch(r"[0-9]{15}", number):
        return number
    first17 = f"{number[:6]}19{number[6:]}"
    return first17 + str(ric.calc_check_digit(first17 + "0"))


def postcode_fault(postcode: str) -> str | None:
    """What is wrong with a 邮政编码: six digits."""
    return None if _POSTCODE.fullmatch(postcode) else "邮政编码应为6位数字"


AMOUNT = r"[0-9]{1,14}(\.[0-9]{1,6})?"
"""How an amount is written: licences state capital in units of ten thousand, so that to the cent it has six places
(assumed)."""

_AMOUNT = re.compile(r"([0-9]{1,14})(?:\.([0-9]{1,6}))?")


def amount(text: str) -> str | None:
    """The one spelling of an amount, two to six places: `500`, `500.000000` and `500.00` are one. None for what is no
    amount."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        return None
    whole, places = found[1].lstrip("0") or "0", (found[2] or "").rstrip("0")
    return f"{whole}.{places:0<2}"


_IN_GROUPS = re.compile(r"[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]*)?|[0-9]{1,4}(?:[, ][0-9]{4})+(?:\.[0-9]*)?")


def amount_written(typed: str) -> str:
    """An amount as people write it, as programs have to: `1,234,567.80` is `1234567.80`.

    What parts its digits by threes goes, or by fours, as 万 and 亿 do. A comma that parts otherwise may be a decimal
    one: such stays, to be told as wrong.
    """
    text = fold(typed)
    return re.sub("[, ]", "", text) if _IN_GROUPS.fullmatch(text) else typed


def is_nothing(amount: str) -> bool:
    """Whether an amount is 0."""
    return not amount.strip("0.")


# ── telephones ────────────────────────────────────────────────────────────────────────────────────────────────────

DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣ー"), "-")
"""Every dash there is, as the plain one."""

_EXTENSION = re.compile(r"(.*?)[\s,，;-]*(?:转接|转分机|转|分机|EXT\.?|X|#)[\s:：.]*([0-9]{1,6})", re.IGNORECASE)
_LAST_GROUP = re.compile(r"(.*)-\s*([0-9]{1,6})")
_BETWEEN = re.compile(r"[\s().·-]+")
_OF_MAINLAND = re.compile(
    r"(?:\+?86)?(?:(?P<whole>1[3-9][0-9]{9}|[48]00[0-9]{7})|(?:(?<=86)0?|(?<!86)0)(?P<area>10|2[0-9]"
    r"|[3-9][0-9]{2})(?P<local>[0-9]{7,8}))"
)
_LONGEST_PHONE = 60


def phone(typed: str) -> str:
    """The one spelling of a telephone number: `0755-83165355-8001`, `13800000001`, `4008008888`, `+85291234567`.

    What separates the digits folds (blanks, brackets, dots, any dash; 转, 分机, ext. before an extension); `+` or `00`
    begins the code of a country, whose own plan then judges; all else is of the mainland. What is no number, or spelt
    right already, stays.
    """
    if _MOBILE.fullmatch(typed) or _LANDLINE.fullmatch(typed) or len(typed) > _LONGEST_PHONE:
        return typed
    spelt = _ABROAD.fullmatch(typed)
    if spelt and spelt[2] and _abroad(spelt[1]):
        return typed
    text = typed.translate(DASHES)
    for main, extension in _split(text):
        if number := _spelt(_BETWEEN.sub("", main)):
            return f"{number}-{extension}" if extension else number
    return typed


def _split(text: str) -> list[tuple[str, str]]:
    """A number and its extension, in the ways the text can be read."""
    if said := _EXTENSION.fullmatch(text):
        return [(said[1], said[2])]
    last = _LAST_GROUP.fullmatch(text)
    return [(text, ""), *([(last[1], last[2])] if last else [])]


def _spelt(digits: str) -> str:
    """A number without its separators in its one spelling, "" for what is none."""
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if home := _OF_MAINLAND.fullmatch(digits):
        return home["whole"] or f"0{home['area']}-{home['local']}"
    found = _abroad(digits)
    return found[0] if found else ""


def _abroad(number: str) -> tuple[str, bool] | None:
    """A number with its country's code, if it is valid by that country's plan (libphonenumber's): its spelling, and
    whether it is a mobile's."""
    if not re.fullmatch(r"\+[0-9]{7,15}", number):
        return None
    import phonenumbers  # its tables take 15 ms, and few forms carry such a number

    try:
        found = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(found):
        return None
    kinds = phonenumbers.PhoneNumberType
    mobile = phonenumbers.number_type(found) in (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE)
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164), mobile


def mobile_fault(number: str) -> str | None:
    """What is wrong with a 移动电话, spelt as `phone` does: eleven digits of the mainland, or a mobile number of
    another country."""
    if _MOBILE.fullmatch(number):
        return None
    if not number.startswith("+"):
        return "移动电话应为11位手机号码，境外号码应以“+”和国家（地区）代码开头"
    found = _abroad(number)
    if found is None:
        return "移动电话不是该国家（地区）的有效号码"
    return None if found[1] else "移动电话应为手机号码，这是该国家（地区）的其他号码"


def phone_fault(number: str) -> str | None:
    """What is wrong with a 固定电话, spelt as `phone` does; a mobile, a 400 number and a number of another country
    also serve."""
    if _LANDLINE.fullmatch(number) or _MOBILE.fullmatch(number) or _SERVICE.fullmatch(number):
        return None
    if not number.startswith("+"):
        return "固定电话应为区号加号码，有分机的以“-”隔开，境外号码应以“+”和国家（地区）代码开头"
    main = _ABROAD.fullmatch(number)
    return None if main and _abroad(main[1]) else "固定电话不是该国家（地区）的有效号码"


# ── documents of identity ─────────────────────────────────────────────────────────────────────────────────────────

IDENTITY_CARD = "居民身份证"

_SHAPES = {
    "护照": (re.compile(r"(?=.*[0-9])[A-Z0-9]{5,12}"), "护照号码一般为5至12位字母和数字，例如 E00000000"),
    "港澳居民来往内地通行证": (
        re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?"), "港澳居民来往内地通行证号码一般为字母H或M加8位数字，其后可有2位换证次数，例如 H00000000",
    ),
    "台湾居民来往大陆通行证": (re.compile(r"[0-9]{8}(?:[0-9]{2})?"), "台湾居民来往大陆通行证号码一般为8位数字，旧版为10位，例如 00000000"),
    "外国人永久居留身份证": (
        re.compile(r"9[0-9]{16}[0-9X]|[A-Z]{3}[0-9]{12}"), "外国人永久居留身份证号码一般为以9开头的18位，旧版为3位字母加12位数字，例如 AAA000000000000",
    ),
}  # fmt: skip
"""The shapes in which documents other than the 居民身份证 are numbered, as public sources tell them."""


def document_doubt(id_type: str | None, number: str) -> str | None:
    """What makes the number of a document other than a 居民身份证 unlikely: its public shape, and the check digit of
    the new 外国人永久居留身份证.

    A doubt never more: old issues and rare ones may look otherwise.
    """
    shape, words = _SHAPES.get(id_type or "", (None, ""))
    number = "".join(number.upper().split())
    if shape is None:
        return None
    if not shape.fullmatch(number):
        return words
    if id_type == "外国人永久居留身份证" and len(number) == 18 and not mod_11_2.is_valid(number):
        return "外国人永久居留身份证号码校验位不正确"
    return None
