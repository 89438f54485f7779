"""Telephone numbers, e-mail, WeChat and QQ."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.core.finding import Grade, Severity
from classifier.detect.spans import find_spans
from tests.classifier.detect.samples import found


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("电话13812345678。", (2, 13)),
        ("138 1234 5678", (0, 13)),
        ("+8613812345678", (0, 14)),
        ("（13812345678）", (1, 12)),
        ("tel13812345678", (3, 14)),
        ("电话：138\n12345678", (3, 15)),
        ("一三八一二三四五六七八", (0, 11)),
        ("张建国（138\n12345678）", (4, 16)),
        ("13812345678/13912345678", (0, 11)),
    ],
)
def test_mobile_span(text, span):
    """A mobile number is found as people write it, hard joints and disguises only beside a label or a name."""
    finding = found(text, "mobile")
    assert (finding.span.start, finding.span.end) == span


@pytest.mark.parametrize(
    "text",
    [
        "13812345678元", "13812345678.50", "0.13812345678", "A13812345678", "138123456789", "订单号13812345678", "合同编号：13812345678", "1387 65 43210",
        "792\n13812345\n678", "1|3|8|1|2|3|4|5|6|7|8", "l38l2345678", "1 3 8 1 2 3 4 5 6 7 8 9", "138****5678", "13 812 345 678 吨",
    ],
)  # fmt: skip
def test_not_a_mobile(text):
    """Amounts, serial numbers, longer numbers, rows of figures and masked numbers are none."""
    assert found(text, "mobile") is None


def test_mobile_is_masked():
    """A mobile number is always to be masked, even of a contact person."""
    finding = found("联系人电话：13812345678", "mobile")
    assert (finding.severity, finding.mask, finding.grade) == (Severity.REDACT, "138****5678", Grade.CONFIRMED)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("联系电话：0571-87654321", (5, 18)),
        ("(010)87654321", (0, 13)),
        ("（0351）89082910", (0, 14)),
        ("0571-87654321转801", (0, 17)),
        ("010-88354986-836", (0, 16)),
        ("电话：0353-5608642\n1.3", (3, 15)),
        ("电话 87654321", (3, 11)),
        ("热线400-812-3456", (2, 14)),
    ],
)
def test_landline_of_an_office_is_public(text, span):
    """An office number is found whole, with area code and extension, and is information only."""
    finding = found(text, "landline")
    assert (finding.span.start, finding.span.end) == span
    assert finding.severity is Severity.INFO


def test_landline_at_home_is_masked():
    """A home number is private."""
    finding = found("家庭电话：0571-87654321", "landline")
    assert (finding.severity, finding.mask) == (Severity.REDACT, "0571-******21")


@pytest.mark.parametrize(
    "text", ["科目编码2028855 0701522 30676", "0571876543210", "手机：017458073021", "电话：1869232321", "面积87654321平方米"]
)
def test_not_a_landline(text):
    """Codes, and numbers that are too long or too short, are no telephone numbers."""
    assert found(text, "landline") is None


@pytest.mark.parametrize(
    ("text", "value", "severity"),
    [
        ("邮箱zhang@example.com", "zhang@example.com", Severity.REDACT),
        ("张三zhang@example.com李四", "zhang@example.com", Severity.REDACT),
        ("zhang＠example.com", "zhang＠example.com", Severity.REDACT),
        ("张三@example.com", "张三@example.com", Severity.REDACT),
        ("a@d1.xn--p1ai，", "a@d1.xn--p1ai", Severity.REDACT),
        ("xxgk@sample.gov.cn", "xxgk@sample.gov.cn", Severity.INFO),
    ],
)
def test_email(text, value, severity):
    """An address ends where Chinese begins; a government mailbox is public."""
    finding = found(text, "email")
    assert text[finding.span.start : finding.span.end] == value
    assert finding.severity is severity


@pytest.mark.parametrize("text", ["这不是邮箱@", "@某某", "info@presidio.", "z***@example.com", "a@b"])
def test_not_an_email(text):
    """A sign @ without an address around it is none."""
    assert found(text, "email") is None


@pytest.mark.parametrize(
    ("text", "hit"), [("微信号wxid_abc123", True), ("QQ：987654321", True), ("微信公众号：sample_gov", False), ("QQ:1234", False)]
)
def test_chat_names(text, hit):
    """A person's WeChat or QQ is found, a public account is not."""
    assert (found(text, "wechat_qq") is not None) is hit


@settings(deadline=None)  # the first text makes automata and the folding table
@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", "电话：", "张建国", "手机 ", "，"]))
def test_every_mobile_is_found(number, before):
    """Any eleven digits of the mobile grammar are found after Chinese or a label."""
    assert (len(before), len(before) + 11, "PHONE") in find_spans(f"{before}{number}。")


@pytest.mark.parametrize(
    ("text", "kind", "there"),
    [
        ("联系人李某1381234\n5678，请转告", "mobile", True),  # broken over a line, words before it
        ("合计\n1381234\n5678", "mobile", False),  # figures in a column
        ("【138】【1234】【5678】", "mobile", True),
        ("150\t2300\t4100", "mobile", False),
        ("13812345678 这是李某的手机", "mobile", True),
        ("Phone number is (415) 555-0132", "mobile", True),
        ("规格(415) 555-0132", "mobile", False),
    ],
)
def test_number_in_pieces_needs_words_beside_it(text, kind, there):
    """Hard joints and foreign spellings count only with a label, brackets all along, or a wrapped sentence."""
    assert (found(text, kind) is not None) is there


@pytest.mark.parametrize("text", ["座机8888 1234", "座机：8888-1234", "单位座机8888 1234，夜间打。", "值班电话 88881234"])
def test_landline_without_area_code(text):
    """A label makes eight digits a telephone number, joined or in two groups."""
    assert found(text, "landline") is not None
