"""Numbers with check digits, permits, plates and network addresses, through the detectors."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.core.document import Block, Cell, Document, Span
from classifier.core.finding import Grade, Severity
from classifier.detect.spans import _book, find_personal, find_spans
from classifier.detect.validators import id_check_digit, uscc_check_character
from tests.classifier.detect.samples import found

ID = "330102199003071230"


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        (f"办理人{ID}", Grade.CONFIRMED),
        (f"身份证号：{ID}", Grade.CONFIRMED),
        ("身份证号：330102199003071235", Grade.SUSPECTED),
        ("身份证号：330102199013071230", Grade.SUSPECTED),
        ("330102\n19900307\n1230", Grade.CONFIRMED),
        (f"G{ID}", Grade.CONFIRMED),
    ],
)
def test_id_card_grade(text, grade):
    """A right check character confirms; a label alone makes suspected."""
    assert found(text, "id_card").grade is grade


@pytest.mark.parametrize(
    "text", ["330102199003071235", f"{ID}1", f"1{ID}", "330102|19900307|1235", "编号一二三四五六七八九一二三四五六七八"]
)
def test_id_card_is_not_found(text):
    """Without label and checksum, or inside a longer number, there is no citizen number."""
    assert found(text, "id_card") is None


IDS = st.builds(
    lambda province, area, year, month, day, order: (
        (body := f"{province}{area:04}{year}{month:02}{day:02}{order:03}") + id_check_digit(body)
    ),
    st.sampled_from(["11", "33", "51", "65"]),
    st.integers(0, 9999),
    st.integers(1930, 2020),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 999),
)
DISGUISES = {
    "as written": str,
    "full width": lambda v: v.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"}),
    "mathematical": lambda v: v.translate({ord(c): 0x1D7CE + int(c) for c in "0123456789"}),
    "Arabic-Indic": lambda v: v.translate({ord(c): 0x660 + int(c) for c in "0123456789"}),
    "Chinese": lambda v: v.translate(dict(zip(map(ord, "0123456789"), "〇一二三四五六七八九", strict=True))),
    "zero width": "\u200b".join,
    "spaces": " ".join,
    "groups": lambda v: f"{v[:6]}-{v[6:14]}-{v[14:]}",
    "two lines": lambda v: v[:9] + "\n    " + v[9:],
    "cells": "|".join,
    "brackets": lambda v: f"【{v[:6]}】【{v[6:]}】",
    "multiplication sign": lambda v: v.replace("X", "×"),
}


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES)
@settings(deadline=None)  # the first text makes automata and the folding table
@given(value=IDS)
def test_valid_id_is_found_in_any_disguise(disguise, value):
    """A valid citizen number is found however it is written, and the span covers exactly what was written."""
    written = disguise(value)
    inner = written.strip("【】")
    start = 3 + written.index(inner)
    assert (start, start + len(inner), "ID_CARD") in find_spans(f"当事人{written}，")


@settings(deadline=None)  # the first text makes automata and the folding table
@given(st.from_regex(r"9133010[0-9]MA[0-9A-HJ-NPQRTUWXY]{7}", fullmatch=True))
def test_valid_uscc_is_public(body):
    """A social credit code is found and is information, not a secret."""
    finding = found(f"代码{body + uscc_check_character(body)}。", "uscc")
    assert finding is not None and finding.severity is Severity.INFO


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("卡号6222021234567890128", (2, 21)),
        ("卡号 6222 0212 3456 7890 128", (3, 26)),
        ("卡号：6217001234567890", (3, 19)),
        ("卡号6222021234567890128 20240101", (2, 21)),
    ],
)
def test_bank_card_span(text, span):
    """A labelled card is found with its groups and without the number after it."""
    finding = found(text, "bank_card")
    assert (finding.span.start, finding.span.end) == span


def test_column_head_is_a_label():
    """In a table the head of the column labels the cells below it."""
    text = "姓名\t身份证号\n张建国\t330102199003071235"
    cells = [(0, 2, 0, 0), (3, 7, 0, 1), (8, 11, 1, 0), (12, 30, 1, 1)]
    blocks = tuple(Block(Span(a, b), cell=Cell(0, row, column)) for a, b, row, column in cells)
    kinds = {f.type for f in find_personal(Document("0", "", "docx", text, blocks), _book())}
    assert kinds == {"person_name", "id_card"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("护照号：E12345678", "passport"),
        ("护照：G1234567S", "passport"),
        ("回乡证H12345678", "hmt_permit"),
        ("往来台湾通行证L12345678", "exit_permit"),
        ("香港身份证P103265（1）", "hkid"),
        ("香港身份证P103265（2）", "hkid"),
        ("军字第12345678号", "military_id"),
        ("社保卡号A12345678", "social_security"),
        ("车架号LFV3A23C5D3000001", "vin"),
        ("账号：33050161735600001234", "bank_account"),
        ("浙A·12345", "plate"),
        ("车牌浙A一二三四五", "plate"),
        ("黑白相间的货车浙AD12345", "plate"),
        ("使123456", "plate"),
        ("IP：192.168.1.1", "ip"),
        ("[2001:db8::1]:80", "ip"),
        ("0012.3456.789a", "mac"),
    ],
)
def test_labelled_number(text, kind):
    """Each kind of number is known by its label or its own grammar."""
    assert found(text, kind) is not None


@pytest.mark.parametrize(
    "text",
    [
        "E12345678", "编号G12345678的订单", "H12345678", "P103265(2)", "（2020）浙01民终字第1234号", "LFV3A23C5D3000001", "云SERVER", "浙A123",
        "系统升级至版本6.2.39.98。", "3.2.1.4 总则", "12:34:56", "std::cout", "1:2:3:4", "00:00:00:00:00:00", "交易流水号6222021234567890128",
        "全市合计 4249 3192 8087 7023 9729", "91330100MA2ABCDE1X", "ISBN 978-7-1438-7011-9", "国办发〔2015〕99号", "二〇一九、二〇二〇年度预算",
    ],
)  # fmt: skip
def test_ordinary_figures_are_left_alone(text):
    """Codes, versions, tables and document numbers are no personal data."""
    assert find_spans(text) == []


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("6222021234\n567890128", Grade.SUSPECTED),
        ("6222021234567890128，王某的银行卡", Grade.CONFIRMED),
        ("4111 | 1111 | 1111 | 1111", None),
    ],
)
def test_card_over_a_line_end(text, grade):
    """Without a label only UnionPay numbers are put together over line ends and cells, as a suspicion."""
    card = found(text, "bank_card")
    assert (card and card.grade) is grade
