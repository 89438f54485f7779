"""What made a verdict different, in words of the office: the steps of the ladder（classifier/judge）and the rules.

In: `S4 withheld` and `personal.mobile@1`, as a list of changes names them. Out: 法律禁止公开、公共安全：不予公开; 手机号码（personal.mobile@1）.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from classifier.core.assessment import Attribute
from classifier.knowledge.rules import Rule

MEANINGS: Mapping[str, str] = {
    "S0": "没有读全、隐藏文字、内含文件",
    "S1": "国家秘密标志",
    "S2": "是否属于政府信息",
    "S3": "内部、限制传达的标注",
    "S4": "法律禁止公开、公共安全",
    "S5": "文种和内容",
    "S6": "个人信息、商业秘密",
    "S7": "同类文件的做法",
    "S8": "标注的属性、转发的原件",
    "S10": "总的把关",
}
"""What each step of the ladder asks."""
_SPEAKS = "提示核对"
"""What a step does that speaks for no attribute."""
_HEAD = re.compile(r"[^：；，。（]+")
_LONGEST = 24

RuleNames = Mapping[str, str]
"""Short Chinese names by rule id, without the version."""


def tell_step(step: str) -> str:
    """A step in words; one that nobody knows stays as it is."""
    name, _, attribute = step.partition(" ")
    return f"{MEANINGS.get(name, name)}：{Attribute(attribute).label if attribute else _SPEAKS}"


def name_rules(rules: Iterable[Rule]) -> RuleNames:
    """The names of rules: the first clause of why they are there."""
    return {rule.id: _head(rule.why) for rule in rules}


def _head(why: str) -> str:
    found = _HEAD.match(why)
    words = found[0] if found else why
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


def tell_rule(citation: str, names: RuleNames) -> str:
    """A rule by name and number; by its number alone where it is no longer there."""
    name = names.get(citation.partition("@")[0])
    return f"{name}（{citation}）" if name else citation
