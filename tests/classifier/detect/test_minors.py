"""Minors: name with age, school or class; ages at the date of the paper."""

import pytest

from classifier.detect.minors import detect, year_of
from classifier.detect.spans import _book, document_of
from classifier.detect.view import look
from classifier.learn.numbers import MAKERS


def _found(text: str) -> list[str]:
    return [text[f.span.start : f.span.end] for f in detect(look(document_of(text)), _book())]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("李小明，男，12岁，因打架受伤。", "李小明，男，12岁"),
        ("外孙 李子豪 男 9岁 石桥镇中心小学三年级", "李子豪 男 9岁 石桥镇中心小学三年级"),
        ("病例一　李文博　男　8岁　三（1）班", "李文博　男　8岁　三（1）班"),
        ("2023年6月登记。子女：李知行（2017）", "李知行（2017）"),
        ("学籍号 980317\n姓名 李小芹　性别 女", "李小芹"),
        ("未成年人李小明由家长领回。", "李小明"),
        ("被收养人 女婴，在卫生院门口发现", "女婴，在卫生院门口发现"),
    ],
)
def test_a_minor_is_found_with_what_identifies_him(text, value):
    """Name, age, school and class of one child are one passage."""
    assert value in _found(text)


@pytest.mark.parametrize(
    "text",
    [
        "全县有小学12所、在校学生8000人。",
        "小学三年级语文教材目录",
        "6至12岁儿童免费接种",
        "李建国，男，45岁，务农。",
        "2023年6月登记。子女：李建国（1990）",
        "（19岁）因与他人争吵被劝离",
        "阳光小学三年级学生参加比赛并获奖",
        "学生应当遵守校规",
    ],
)
def test_schools_and_adults_are_none(text):
    """Plans, lists of schools and adults are no minors."""
    assert _found(text) == []


def test_an_identity_number_of_a_child_is_one_of_a_minor():
    """Thirteen years old at the date of the paper, whatever year it is now."""
    import random

    number = MAKERS["id_card"](random.Random(3), "2010")
    assert number in _found(f"2023年5月6日，家长携{number}到场。")
    assert number not in _found(f"2035年5月6日，本人携{number}到场。")


def test_the_year_of_a_paper_is_its_latest():
    """Without a date of issue the latest year named is taken, and no year when there is none."""
    assert year_of(look(document_of("2019年立案，2021年结案。"))) == 2021
    assert year_of(look(document_of("没有日期"))) is None
