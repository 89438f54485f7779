"""Mask forms as policy (domain/04 §5): what stands in place of a personal value in the cleaned copy.

A mask never keeps enough to rebuild the value, and a mask of a mask is the same mask.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import MappingProxyType

COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "令狐",
        "慕容",
        "司徒",
        "司空",
        "夏侯",
        "宇文",
        "长孙",
        "独孤",
        "端木",
        "百里",
        "呼延",
        "东郭",
        "南宫",
        "西门",
        "闻人",
        "申屠",
        "轩辕",
        "澹台",
        "濮阳",
        "淳于",
        "单于",
        "太叔",
        "公冶",
        "宗政",
        "仲孙",
        "钟离",
        "鲜于",
        "闾丘",
        "亓官",
        "司寇",
        "子车",
        "颛孙",
        "巫马",
        "公西",
        "漆雕",
        "乐正",
        "壤驷",
        "公良",
        "拓跋",
        "夹谷",
        "宰父",
        "谷梁",
        "段干",
        "东门",
        "南门",
        "羊舌",
        "微生",
        "左丘",
        "梁丘",
        "第五",
        "万俟",
        "赫连",
        "完颜",
        "纳兰",
        "歐陽",
        "司馬",
        "諸葛",
        "東方",
        "尉遲",
        "公孫",
        "長孫",
        "獨孤",
    ]
)
_HIDDEN = re.compile(r"[*＊]|某|已隐去")
_COMPACT = re.compile(r"[^0-9A-Za-z]")


def _mask_mobile(value: str) -> str:
    digits = _COMPACT.sub("", value)[-11:]
    return f"{digits[:3]}****{digits[-4:]}"


def _mask_landline(value: str) -> str:
    digits = _COMPACT.sub("", value)
    area = 3 if digits.startswith(("01", "02")) else 4
    return f"{digits[:area]}-******{digits[-2:]}"


def _mask_id_card(_value: str) -> str:
    """The whole number goes: first six and last four digits leave one person among a few (domain/04 §5)."""
    return "〔身份证号已隐去〕"


def _mask_bank_card(value: str) -> str:
    return f"**** **** **** {_COMPACT.sub('', value)[-4:]}"


def _mask_birth_date(value: str) -> str:
    year = re.match(r"(?:19|20)[0-9]{2}", value)
    return f"{year.group()}年**月**日" if year else "〔出生日期已隐去〕"


def _mask_name(value: str) -> str:
    surname = value[:2] if value[:2] in COMPOUND_SURNAMES else value.split("·", maxsplit=1)[0] if "·" in value else value[:1]
    return f"{surname}某"


def _mask_email(value: str) -> str:
    name, _, domain = value.partition("@")
    return f"{name[:1]}***@{domain}"


def _mask_plate(value: str) -> str:
    plain = re.sub(r"[^0-9A-Z\u4e00-\u9fff]", "", value.upper())
    return f"{plain[:2]}***{plain[-2:]}"


def _mask_ends(value: str) -> str:
    """First character and last two, for passports and permits."""
    plain = _COMPACT.sub("", value)
    return f"{plain[:1]}{'*' * 6}{plain[-2:]}"


def _mask_tail(value: str) -> str:
    """First two characters only."""
    return f"{value[:2]}****"


_TOWN = re.compile(r".*?(?:街道办事处|街道|镇|乡|苏木)(?![路街道巷])")
_COUNTY = re.compile(r".*(?:自治县|新区|[县区旗]|(?<=[\u4e00-\u9fff]{2})市)")


def _mask_address(value: str) -> str:
    for place in (_TOWN, _COUNTY):
        if match := place.match(value):
            return f"{match.group()}〔详细地址已隐去〕"
    return "〔地址已隐去〕"


def _mask_health(_value: str) -> str:
    return "〔健康信息已隐去〕"


_MASKS: MappingProxyType[str, Callable[[str], str]] = MappingProxyType(
    {
        "mobile": _mask_mobile,
        "landline": _mask_landline,
        "id_card": _mask_id_card,
        "bank_card": _mask_bank_card,
        "birth_date": _mask_birth_date,
        "name": _mask_name,
        "email": _mask_email,
        "plate": _mask_plate,
        "ends": _mask_ends,
        "tail": _mask_tail,
        "address": _mask_address,
        "health": _mask_health,
    }
)


def mask_for(name: str | None, value: str) -> str | None:
    """What should stand for `value` in the mask form `name`; None when the rule names none (the passage is judged, not masked).

    Raises:
        KeyError: for a form that does not exist (a rule that names it is a bug, found by the rule tests).
    """
    if name is None:
        return None
    mask = _MASKS[name]
    return value if _HIDDEN.search(value) else mask(value)
