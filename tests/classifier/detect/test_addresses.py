"""Addresses, birth dates and health."""

import pytest

from classifier.core.finding import Severity
from tests.classifier.detect.samples import found


@pytest.mark.parametrize(
    ("text", "value", "severity"),
    [
        ("住址：杭州市西湖区文三路200号3幢501室。", "杭州市西湖区文三路200号3幢501室", Severity.REDACT),
        ("户籍地址为福建省福州市鼓楼区南京路968号", "福建省福州市鼓楼区南京路968号", Severity.REDACT),
        ("家住杭州市西湖区文三路200号", "杭州市西湖区文三路200号", Severity.REDACT),
        ("办公地址：杭州市西湖区文三路200号", "杭州市西湖区文三路200号", Severity.INFO),
        ("快递寄到杭州市西湖区文三路200号3幢501室", "杭州市西湖区文三路200号3幢501室", Severity.REVIEW),
        ("送天河区天府路1号区机关大院1号楼5016室", "送天河区天府路1号区机关大院1号楼5016室", Severity.INFO),
    ],
)
def test_address(text, value, severity):
    """A home is private, a room may be, an office is public."""
    finding = found(text, "address")
    assert text[finding.span.start : finding.span.end] == value
    assert finding.severity is severity


@pytest.mark.parametrize(
    "text",
    [
        "住所：无",
        "向户籍所在地的区级残联提出申请",
        "由户籍所在地镇人民政府（街道办事处）办理",
        "市、区、县人民政府",
        "地址变更登记",
        "住址：某市某区",
        "我在北京",
    ],
)
def test_not_an_address(text):
    """What a statute says about addresses is no address."""
    assert found(text, "address") is None


@pytest.mark.parametrize(
    ("text", "value", "severity"),
    [
        ("出生日期：1990-03-07", "1990-03-07", Severity.REDACT),
        ("生于1990.03.07", "1990.03.07", Severity.REDACT),
        ("出生日期19900307", "19900307", Severity.REDACT),
        ("生日是三月七日", "三月七日", Severity.REDACT),
        ("born: 03/07/1990", "03/07/1990", Severity.REDACT),
        ("1979年8月出生", "1979年8月", Severity.REVIEW),
        ("出生年月：1979年8月", "1979年8月", Severity.REVIEW),
    ],
)
def test_birth_date(text, value, severity):
    """A full birth date is masked, year and month are looked at."""
    finding = found(text, "birth_date")
    assert text[finding.span.start : finding.span.end] == value
    assert finding.severity is severity


@pytest.mark.parametrize("text", ["2024年3月7日开会", "出生日期：1990-13-40", "1990年3月生产", "出生率"])
def test_not_a_birth_date(text):
    """Dates of other things are none."""
    assert found(text, "birth_date") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("确诊糖尿病", "糖尿病"),
        ("临床诊断：右肺上叶腺癌。", "右肺上叶腺癌"),
        ("HIV阳性", "HIV阳性"),
        ("其子患有自闭症，", "其子患有自闭症"),
    ],
)
def test_health(text, value):
    """An illness said of somebody is to be masked."""
    finding = found(text, "health")
    assert text[finding.span.start : finding.span.end] == value


@pytest.mark.parametrize("text", ["患有精神病的人", "高血压患者管理", "健康状况：良好", "糖尿病防治方案", "感染艾滋病病毒、梅毒"])
def test_not_somebodys_health(text):
    """Illnesses of everybody and nobody are none."""
    assert found(text, "health") is None
