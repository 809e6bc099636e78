"""The numbers a form carries: folding what was typed, and checking the digits.

Every `*_fault` takes a value already folded and in upper case, and answers None when it is right, else one Chinese
sentence saying what is wrong (wording ours; the rules are national standards). Whether a number belongs to anyone is
never asked.
"""

import re
from datetime import date

from stdnum.cn import ric, uscc

_HALF_WIDTH: dict[int, int] = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(r"[0-9A-HJ-NP-RTUWXY]{18}")
_ID_CARD = re.compile(r"[0-9]{17}[0-9X]")
_POSTCODE = re.compile(r"[0-9]{6}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})-?[0-9]{7,8}(?:-[0-9]{1,6})?")

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def fold(text: str) -> str:
    """Turn full-width forms (U+FF01–U+FF5E, U+3000) to half width and strip: `５３５５　` reads as 5355.

    For codes, numbers, dates, ids, phones and postcodes only: in names and addresses full width is content.
    """
    return text.translate(_HALF_WIDTH).strip()


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


def uscc_complete(first16: str) -> str:
    """Complete department, type, division and organisation body (1 + 1 + 6 + 8) with both check characters.

    For synthetic codes: with a division that does not exist, such as 440399, the code belongs to nobody.
    Raises ValueError if `first16` is not sixteen characters of the alphabet.
    """
    if not _USCC.fullmatch(first16 + "00"):
        raise ValueError(f"not the first sixteen characters of a USCC: {first16!r}")
    first17 = first16 + _organisation_check(first16[8:])
    return first17 + str(uscc.calc_check_digit(first17))


def synthetic_uscc(serial: int) -> str:
    """The credit code of the so-manieth made-up enterprise: of a division that does not exist, check digits right."""
    places = ""
    for _ in range(4):
        serial, rest = divmod(serial, len(_USCC_ALPHABET))
        places = _USCC_ALPHABET[rest] + places
    return uscc_complete(f"91440399MAMF{places}")


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


def id_card_18(number: str) -> str:
    """One person, one spelling: folded, upper case, no blanks, and the old 15 digits brought to 18 (FAQ 2.14 compares these).

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


def mobile_fault(number: str) -> str | None:
    """What is wrong with a 移动电话: eleven digits of the mainland."""
    return None if _MOBILE.fullmatch(number) else "移动电话应为11位手机号码"


def phone_fault(number: str) -> str | None:
    """What is wrong with a 固定电话: area code, number, extension if any (0755-83160000-8001); a mobile also serves."""
    if _LANDLINE.fullmatch(number) or _MOBILE.fullmatch(number):
        return None
    return "固定电话应为区号加号码，例如0755-83160000"
