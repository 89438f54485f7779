"""Mask forms (domain/04 §5): what stands in place of a personal value in the cleaned copy, by the bureau's masking table.

A mask never keeps enough to rebuild the value, and a mask of a mask is the same mask.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from types import MappingProxyType

from classifier.core.settings import data_home
from classifier.knowledge.masks import MaskPolicy, load_masks

_HIDDEN = re.compile(r"[*＊]|已隐去")
_VEILED_NAME = re.compile(r".{1,40}(?:某[0-9]{0,3}|[某×]{1,2}|[*＊×][\u4e00-\u9fff])")
_COMPACT = re.compile(r"[^0-9A-Za-z]")
_REMOVED = MappingProxyType(
    {
        "id_card": "〔身份证号已隐去〕",
        "mobile": "〔手机号已隐去〕",
        "landline": "〔电话已隐去〕",
        "bank_card": "〔账号已隐去〕",
        "birth_date": "〔出生日期已隐去〕",
        "name": "〔姓名已隐去〕",
        "email": "〔邮箱已隐去〕",
        "plate": "〔车牌已隐去〕",
        "ends": "〔证件号已隐去〕",
        "tail": "〔号码已隐去〕",
        "address": "〔地址已隐去〕",
        "health": "〔健康信息已隐去〕",
    }
)
"""What stands for a value that goes whole."""
_PASSAGES = MappingProxyType(
    {
        "family": "〔家庭情况已隐去〕",
        "property": "〔财产情况已隐去〕",
        "minor": "〔未成年人信息已隐去〕",
        "passage": "〔个人信息已隐去〕",
    }
)
"""Passages and whatever tells of a minor go whole under every policy (未成年人保护法 第一百零三条)."""


def _mobile(value: str) -> str:
    digits = _COMPACT.sub("", value)[-11:]
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) == 11 else _REMOVED["mobile"]


def _landline(value: str) -> str:
    digits = _COMPACT.sub("", value)
    area = 3 if digits.startswith(("01", "02")) else 4
    return f"{digits[:area]}-******{digits[-2:]}"


def _first6_last4(value: str) -> str:
    plain = _COMPACT.sub("", value)
    return f"{plain[:6]}{'*' * 8}{plain[-4:]}" if len(plain) == 18 else _REMOVED["id_card"]


def _last4(value: str) -> str:
    plain = _COMPACT.sub("", value)
    return f"**** **** **** {plain[-4:]}" if len(plain) >= 10 else _REMOVED["bank_card"]


def _year(value: str) -> str:
    year = re.match(r"(?:19|20)[0-9]{2}", value)
    return f"{year.group()}年**月**日" if year else _REMOVED["birth_date"]


def _year_month(value: str) -> str:
    date = re.match(r"((?:19|20)[0-9]{2})[年./-]?(1[0-2]|0?[1-9])", value)
    return f"{date[1]}年{int(date[2])}月**日" if date else _REMOVED["birth_date"]


def surname_of(value: str, policy: MaskPolicy) -> str:
    """The surname (compound ones whole), or the first segment of a name with middle dots."""
    plain = re.sub(r"[ \u3000]", "", value)
    if segments := [part for part in plain.split("·") if part and "·" in plain]:
        return segments[0]
    return plain[:2] if plain[:2] in policy.compound_surnames and len(plain) > 2 else plain[:1]


def _email(value: str) -> str:
    name, _, domain = value.partition("@")
    return f"{name[:1] if len(name) > 2 else ''}***@{domain}"


def _plate(value: str) -> str:
    plain = re.sub(r"[^0-9A-Z\u4e00-\u9fff]", "", value.upper())
    return f"{plain[:2]}***{plain[-2:]}"


def _first_last2(value: str) -> str:
    plain = _COMPACT.sub("", value)
    return f"{plain[:1]}{'*' * 6}{plain[-2:]}" if len(plain) > 5 else _REMOVED["ends"]


def _first2(value: str) -> str:
    return f"{value[:2]}****"


_VILLAGE = re.compile(
    r".*?(?:街道|镇|乡|苏木|市|区|县).{0,12}?(?:村民委员会|居民委员会|行政村|新村(?=[0-9一二三四五六七八九十])|社区|村|嘎查)(?![路街道巷])"
)
_TOWN = re.compile(r".*?(?:街道办事处|街道|[镇乡]|苏木)(?![路街道巷海江区市县])")
_COUNTY = re.compile(r".{2,}?(?:自治[县旗]|[县旗](?![城内区])|(?<!自治)(?<![小社园厂校库院])区)|.{2,}市|.{2,}?[省州]")
_REACHES = MappingProxyType({"village": (_VILLAGE, _TOWN, _COUNTY), "town": (_TOWN, _COUNTY), "county": (_COUNTY,)})


def _address(value: str, reach: str) -> str:
    for place in _REACHES[reach]:
        if match := place.match(value):
            return f"{match.group()}〔详细地址已隐去〕"
    return _REMOVED["address"]


_STYLES: MappingProxyType[str, Callable[[str], str]] = MappingProxyType(
    {
        "mobile.first3_last4": _mobile,
        "landline.area_last2": _landline,
        "id_card.first6_last4": _first6_last4,
        "id_card.last4": lambda value: f"{'*' * 14}{_COMPACT.sub('', value)[-4:]}",
        "bank_card.last4": _last4,
        "birth_date.year": _year,
        "birth_date.year_month": _year_month,
        "email.first_and_domain": _email,
        "plate.region_last2": _plate,
        "ends.first_last2": _first_last2,
        "tail.first2": _first2,
        "address.village": lambda value: _address(value, "village"),
        "address.town": lambda value: _address(value, "town"),
        "address.county": lambda value: _address(value, "county"),
        "health.general": lambda _value: "〔患病情况已概括〕",
    }
)


@lru_cache(maxsize=1)
def active_policy() -> MaskPolicy:
    """The bureau's masking table, read once."""
    return load_masks(data_home() / "corpus" / "policy" / "masks.toml")


def _mask_name(value: str, style: str, policy: MaskPolicy) -> str:
    if _VEILED_NAME.fullmatch(value):
        return value
    return f"{surname_of(value, policy)}{'某' if style == 'surname_some' else '**'}"


def mask_for(name: str | None, value: str, policy: MaskPolicy | None = None) -> str | None:
    """What should stand for `value` in the mask form `name`; None when the rule names none (the passage is judged, not masked).

    Raises:
        KeyError: for a form that does not exist (a rule that names it is a bug, found by the rule tests).
    """
    if name is None:
        return None
    if name in _PASSAGES:
        return _PASSAGES[name]
    policy = policy or active_policy()
    style = policy.styles[name]
    if name == "health":
        return _REMOVED["health"] if style == "whole" else _STYLES["health.general"](value)
    if _HIDDEN.search(value):
        return value
    if style == "whole":
        return _REMOVED[name]
    return _mask_name(value, style, policy) if name == "name" else _STYLES[f"{name}.{style}"](value)
