"""Folding and check digits. The known-good identifiers are synthetic and belong to nobody."""

import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from filings.rules.numbers import (
    amount,
    amount_written,
    document_doubt,
    fold,
    id_card_18,
    id_card_fault,
    is_nothing,
    mobile_fault,
    phone,
    phone_fault,
    postcode_fault,
    uscc_complete,
    uscc_fault,
)

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SYNTHETIC = ("91440399MAMK00013C", "91440399MAMK000217", "91440399MAMK0003XY")


def digits(day: date) -> str:
    return day.isoformat().replace("-", "")


prefixes = st.text(USCC_ALPHABET, min_size=16, max_size=16)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("５３５５", "5355"),
        ("5355 ", "5355"),
        ("　5355　", "5355"),
        ("０７５５－８３１６", "0755-8316"),
        ("ａ＠ｂ．ｃｎ", "a@b.cn"),
        ("", ""),
    ],
)
def test_full_width_is_folded_and_blanks_are_stripped(typed: str, meant: str) -> None:
    assert fold(typed) == meant


@pytest.mark.parametrize("text", ["福中海关", "①", "㎡", "、。", "5355 皇岗"])
def test_folding_touches_nothing_but_full_width_forms(text: str) -> None:
    assert fold(text) == text


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("code", SYNTHETIC)
def test_the_synthetic_credit_codes_are_right(code: str) -> None:
    assert uscc_fault(code) is None
    assert uscc_complete(code[:16]) == code


@pytest.mark.parametrize("prefix", ["A1440399MAMK0001", "N2440399MAMK0001", "9144039XMAMK0001"])
def test_letters_among_the_first_eight_are_accepted(prefix: str) -> None:
    assert uscc_fault(uscc_complete(prefix)) is None


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "应为18位"),
        ("91440399MAMK00013", "应为18位"),
        ("91440399MAMK00013CC", "应为18位"),
        ("91440399MAMK0001IC", "不含I、O、S、V、Z"),
        ("9144039OMAMK00013C", "不含I、O、S、V、Z"),
        ("91440399mamk00013c", "大写字母"),
        ("9144 399MAMK00013C", "数字和大写字母"),
        ("９1440399MAMK00013C", "数字和大写字母"),
        ("91440399MAMK00013D", "统一社会信用代码校验位不正确"),
    ],
)
def test_a_wrong_credit_code_is_told_why(code: str, reason: str) -> None:
    assert reason in (uscc_fault(code) or "")


def test_the_organisation_code_inside_is_checked_too() -> None:
    inner_wrong = "91440399MAMK00014"
    assert (
        uscc_fault(inner_wrong + uscc.calc_check_digit(inner_wrong)) == "统一社会信用代码中的组织机构代码校验位不正确"
    )


@given(prefixes)
def test_any_completed_credit_code_is_right(prefix: str) -> None:
    assert uscc_fault(uscc_complete(prefix)) is None


@given(prefixes, st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_any_one_character_changed_is_noticed(prefix: str, place: int, other: str) -> None:
    code = uscc_complete(prefix)
    changed = code[:place] + other + code[place + 1 :]
    assert (uscc_fault(changed) is None) == (changed == code)


@given(st.text())
def test_no_text_whatever_makes_a_check_crash(text: str) -> None:
    for fault in (uscc_fault, id_card_fault, postcode_fault, mobile_fault, phone_fault):
        assert fault(text) is None or fault(text)
    id_card_18(text)


@pytest.mark.parametrize("prefix", ["", "91440399MAMK000", "91440399MAMK00011", "91440399MAMK000I"])
def test_only_sixteen_characters_of_the_alphabet_can_be_completed(prefix: str) -> None:
    with pytest.raises(ValueError, match="sixteen"):
        uscc_complete(prefix)


@pytest.mark.parametrize("number", ["110101189001010016", "440309189001010014"])
def test_an_identity_number_is_right_whether_or_not_its_area_existed_at_birth(number: str) -> None:
    assert id_card_fault(number) is None


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("", "应为18位"),
        ("110101900101001", "应为18位"),
        ("1101011890010100160", "应为18位"),
        ("11010118900101001x", "末位应为数字或X"),
        ("X10101189001010016", "前17位应为数字"),
        ("１10101189001010016", "前17位应为数字"),
        ("110101189002300016", "出生日期不存在"),
        ("110101190002290016", "出生日期不存在"),
        ("110101000001010016", "出生日期不存在"),
        ("110101189001010017", "校验位不正确"),
    ],
)
def test_a_wrong_identity_number_is_told_why(number: str, reason: str) -> None:
    assert reason in (id_card_fault(number) or "")


@given(st.dates(), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_a_digit_misread_in_an_identity_number_is_noticed(born: date, order: int, place: int, by: int) -> None:
    number = completed(f"110101{digits(born)}{order:03}")
    assert id_card_fault(number) is None
    misread = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert id_card_fault(misread) is not None


def completed(first17: str) -> str:
    """Find the one check character that fits, without computing it the way the code does."""
    (fitting,) = (first17 + check for check in "0123456789X" if id_card_fault(first17 + check) is None)
    return fitting


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("110101000101001", "110101190001010014"),
        ("１１０１０１０００１０１００１", "110101190001010014"),
        ("110101 18900101 0016", "110101189001010016"),
        (" 11010118900101128x ", "11010118900101128X"),
        ("not a number", "NOTANUMBER"),
    ],
)
def test_one_person_has_one_spelling(written: str, number: str) -> None:
    assert id_card_18(written) == number


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_the_old_fifteen_digits_become_a_right_eighteen(born: date, order: int) -> None:
    assert id_card_fault(id_card_18(f"110101{digits(born)[2:]}{order:03}")) is None


@pytest.mark.parametrize("postcode", ["518048", "516000"])
def test_a_postcode_has_six_digits(postcode: str) -> None:
    assert postcode_fault(postcode) is None


@pytest.mark.parametrize("postcode", ["", "51804", "5180488", "51804A", "５１８０４８", "518048\n"])
def test_anything_else_is_no_postcode(postcode: str) -> None:
    assert postcode_fault(postcode) == "邮政编码应为6位数字"


@pytest.mark.parametrize("number", ["13800000001", "19900000000"])
def test_a_mobile_number_passes_as_mobile_and_as_phone(number: str) -> None:
    assert mobile_fault(number) is None
    assert phone_fault(number) is None


@pytest.mark.parametrize("number", ["", "12800000001", "1380000000", "138000000011", "0755-83160000", "13800000001\n"])
def test_a_landline_or_a_stray_digit_is_no_mobile_number(number: str) -> None:
    assert (mobile_fault(number) or "").startswith("移动电话应为11位手机号码")


@pytest.mark.parametrize(
    "number", ["0755-83160000", "075583160000", "010-12345678", "020-12345678-801", "0898-6512345"]
)
def test_a_landline_has_an_area_code_and_maybe_an_extension(number: str) -> None:
    assert phone_fault(number) is None


@pytest.mark.parametrize(
    "number", ["", "83160000", "755-83160000", "0755-831600", "0755-83160000-", "0755 83160000", "电话"]
)
def test_a_phone_number_without_its_parts_is_refused(number: str) -> None:
    assert (phone_fault(number) or "").startswith("固定电话应为区号加号码")


# ── one spelling of a telephone number ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "number", ["13800000001", "0755-83160000", "075583160000", "010-12345678", "020-12345678-801", "0898-6512345"]
)
def test_a_number_that_was_right_before_stays_as_it_was(number: str) -> None:
    assert phone(number) == number


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("+86 138 0000 0001", "13800000001"),
        ("86-138-0000-0001", "13800000001"),
        ("008613800000001", "13800000001"),
        ("138.0000.0001", "13800000001"),
        ("0755 83165355", "0755-83165355"),
        ("(0755)83165355", "0755-83165355"),
        ("0755–83165355", "0755-83165355"),
        ("0755—8316 5355", "0755-83165355"),
        ("0755－83165355", "0755-83165355"),
        ("+86 (0)755 8316 5355", "0755-83165355"),
        ("86 755 83165355", "0755-83165355"),
        ("+861083165355", "010-83165355"),
        ("0755-83165355转8001", "0755-83165355-8001"),
        ("0755 83165355 转分机 8001", "0755-83165355-8001"),
        ("075583165355 ext. 8001", "0755-83165355-8001"),
        ("(0755)83165355-8001", "0755-83165355-8001"),
        ("400-800-8888", "4008008888"),
        ("400 8008 888转12", "4008008888-12"),
        ("+86 400 800 8888", "4008008888"),
        ("+852 9123 4567", "+85291234567"),
        ("00852-9123-4567", "+85291234567"),
        ("+852 2123 4567 转 12", "+85221234567-12"),
        ("+853 6612 3456", "+85366123456"),
        ("+886 912 345 678", "+886912345678"),
        ("+1 (415) 555-2671", "+14155552671"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("+39 06 6982", "+39066982"),
    ],
)
def test_what_separates_the_digits_folds(typed: str, spelt: str) -> None:
    assert phone(fold(typed).upper()) == spelt
    assert phone_fault(spelt) is None


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "电话",
        "0755-83165355/83165356",
        "852-91234567",
        "12345",
        "+86 12345",
        "+999 123456",
        "+852 0",
        "1" * 200,
        "+" + "1" * 200,
    ],
)
def test_what_is_no_number_stays_as_it_was_typed(typed: str) -> None:
    assert phone(typed) == typed
    assert phone_fault(typed)
    assert mobile_fault(typed)


@given(st.text(st.sampled_from("0123456789+-() .转–EXT#8675"), max_size=25))
def test_a_number_spelt_once_is_spelt_for_good(typed: str) -> None:
    assert phone(phone(typed)) == phone(typed)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("+85291234567", None),
        ("+14155552671", None),
        ("+85221234567", "其他号码"),
        ("+85201234567", "有效号码"),
        ("+852912345", "有效号码"),
        ("91234567", "以“+”和国家（地区）代码开头"),
        ("4008008888", "11位手机号码"),
        ("+85291234567-1", "有效号码"),
    ],
)
def test_a_mobile_of_another_country_is_judged_by_its_own_plan(number: str, words: str | None) -> None:
    told = mobile_fault(number)
    assert told is None if words is None else words in (told or "")


def test_the_tables_of_other_countries_are_read_only_when_a_form_has_such_a_number() -> None:
    asked = (
        "import sys; from filings.rules.numbers import phone, phone_fault;"
        "[phone_fault(phone(one)) for one in ('13800000001', '0755 83165355', '+86 138 0000 0001', '电话')];"
        "print('phonenumbers' in sys.modules); phone('+852 9123 4567'); print('phonenumbers' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert told == ["False", "True"]


# ── money ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("500", "500.00"),
        ("500.0", "500.00"),
        ("500.000000", "500.00"),
        ("1234.5678", "1234.5678"),
        ("166.6667", "166.6667"),
        ("0.5", "0.50"),
        ("0.000001", "0.000001"),
        ("007.120", "7.12"),
        ("0", "0.00"),
        ("99999999999999.999999", "99999999999999.999999"),
        ("1.2345678", None),
        ("", None),
        (".5", None),
        ("5.", None),
        ("-1", None),
        ("+1", None),
        ("1,000", None),
        ("1e3", None),
        ("５", None),
        ("١", None),
        ("999999999999999", None),
        ("500万", None),
        ("1.5\n", None),
    ],
)
def test_an_amount_has_two_to_six_places_and_no_idle_zeros_beyond_two(typed: str, kept: str | None) -> None:
    assert amount(typed) == kept


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1,234,567.80", "1234567.80"),
        ("1，000", "1000"),
        ("１２，３４５", "12345"),
        ("1 000 000", "1000000"),
        ("1,0000,0000", "100000000"),
        (" 500 ", " 500 "),
        ("1,5", "1,5"),
        ("1,00", "1,00"),
        ("1,000,00", "1,000,00"),
        (",100", ",100"),
        ("1,000万", "1,000万"),
    ],
)
def test_an_amount_is_understood_with_its_digits_parted_and_never_guessed(typed: str, meant: str) -> None:
    assert amount_written(typed) == meant


@given(st.decimals(0, 10**14 - 1, places=6))
def test_an_amount_keeps_its_value_and_is_spelt_once(value: Decimal) -> None:
    kept = amount(str(value))
    assert kept is not None
    assert Decimal(kept) == value
    assert amount(kept) == kept
    assert is_nothing(kept) == (value == 0)


# ── documents of identity other than the 居民身份证 ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("id_type", "likely", "unlikely"),
    [
        (
            "外国人永久居留身份证",
            ["USA440380010101", "911440198001010011", "usa440380010101"],
            ["ABC", "911440198001010012", "USA44038001010", "811440198001010016"],
        ),
        (
            "港澳居民来往内地通行证",
            ["H12345678", "M12345678", "H1234567801", "h12345678", "H 1234 5678"],
            ["12345678", "H1234567", "A12345678", "H123456789"],
        ),
        ("台湾居民来往大陆通行证", ["12345678", "1234567890"], ["1234567", "123456789", "T12345678"]),
        ("护照", ["E12345678", "EA1234567", "123456789", "K12345678"], ["ABC", "ABCDEFGHI", "E1", "E12-45678", "护照"]),
        ("其他", ["", "ABC", "随便"], []),
        (None, ["ABC"], []),
    ],
)
def test_a_document_has_its_public_shape(id_type: str | None, likely: list[str], unlikely: list[str]) -> None:
    assert {number: document_doubt(id_type, number) for number in likely} == dict.fromkeys(likely)
    assert all(document_doubt(id_type, number) for number in unlikely)
