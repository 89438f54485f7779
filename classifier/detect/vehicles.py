"""Number plates (GA 36): a province, a letter, five signs or six for new-energy cars."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.core.finding import Finding, Grade
from classifier.detect import labels
from classifier.detect.anchors import finds, watch
from classifier.detect.islands import HARD, INVISIBLE, JOINT, SOFT, UNMASK_LETTERS
from classifier.detect.labels import enabled, survey
from classifier.detect.masks import mask_for
from classifier.detect.view import View
from classifier.knowledge.rules import RuleBook

_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_CHINESE = "〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖"
_ANY = f"[0-9A-Za-z{_CHINESE}×]"
_PLATE = re.compile(f"[{_PROVINCES}]{JOINT}[A-Za-z](?:{JOINT}{_ANY}){{4,6}}[学警港澳领挂试超]?(?![0-9A-Za-z])")
_SPECIAL = watch(
    re.compile(
        f"(?<![0-9A-Za-z])WJ[ ·]?[{_PROVINCES}][ ·]?[0-9]{{4,5}}[A-Z]?(?![0-9A-Za-z])|(?<![\u4e00-\u9fff])使[ ·]?[0-9]{{6}}(?![0-9A-Za-z])"
    )
)
"""Armed police and embassy cars."""
_ORDINARY = re.compile(
    f"[{_PROVINCES}][A-HJ-Z](?:[A-HJ-NP-Z0-9]{{5}}|[A-HJ-NP-Z0-9]{{4}}[学警港澳领挂试超]|[A-HJK][A-HJ-NP-Z0-9][0-9]{{4}}|[0-9]{{5}}[A-HJK])"
)
_LOOSE = re.compile(f"[{_PROVINCES}][A-Z][A-Z0-9]{{5,6}}")
_CAR_AFTER = re.compile(
    r"[\s的）)]{0,2}(?:[这该此本](?:辆|台|个)?车(?!间|站|型)|号?[小大]?[型]?(?:轿车|客车|货车|汽车|车辆|面包车|越野车|牵引车|挂车|摩托车)|号车|车主)"
)
"""Words after a plate that say what it is, as good as a label before it."""
_FILLER = re.compile(f"[{SOFT}{HARD}]+")
_UNSEEN = re.compile(f"[{INVISIBLE}]")
_USUAL_DOT = re.compile(r"[\u4e00-\u9fff][A-Z][·•.\- ]?[^·•.\- ]+")


def _grade(value: str, raw: str, labelled: bool) -> Grade | None:
    """Confirmed: the published grammar written as people write it. With a label, any joint and any disguise are suspected."""
    plain = _FILLER.sub("", value).upper()
    tail = plain[2:]
    digits = sum(c.isdigit() for c in tail)
    if not _ORDINARY.fullmatch(plain):
        return Grade.SUSPECTED if labelled and _LOOSE.fullmatch(_FILLER.sub("", raw).upper()) else None
    if not (digits or labelled):
        return None
    usual = value == raw and raw[1:2].isupper() and _USUAL_DOT.fullmatch(_UNSEEN.sub("", raw)) is not None
    if usual and digits >= 2:
        return Grade.CONFIRMED
    if labelled:
        return Grade.SUSPECTED
    soft = value == raw and not re.search(f"[{HARD}]", raw)
    return Grade.SUSPECTED if soft else None


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Number plates of cars."""
    rule = enabled(book, "personal.plate")
    if not rule:
        return
    near = survey(view)
    for match in _PLATE.finditer(view.folded) if view.latin else ():
        raw = match.group()
        value = raw[:1] + raw[1:].translate(UNMASK_LETTERS)
        if not re.search("[0-9A-Za-z]", raw[1:]):
            continue
        labelled = near.says(labels.PLATE, match.start()) or _CAR_AFTER.match(view.folded, match.end()) is not None
        grade = _grade(value, raw, labelled)
        if grade:
            yield view.finding(rule, match.start(), match.end(), grade=grade, mask=mask_for(rule.mask, _FILLER.sub("", value)))
    for match in finds(view, book, _SPECIAL):
        yield view.finding(rule, match.start(), match.end(), grade=Grade.CONFIRMED, mask=mask_for(rule.mask, match.group()))
