"""Ways to reach a person: mobile and other telephone numbers, e-mail, WeChat and QQ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from classifier.core.finding import Finding, Grade, Severity
from classifier.detect import labels
from classifier.detect.anchors import finds, watch
from classifier.detect.islands import JOINT, Candidate, Joint, find_candidates, repeat, shorten, spaced
from classifier.detect.labels import Surroundings, enabled, survey
from classifier.detect.masks import mask_for
from classifier.detect.names import owner_pattern
from classifier.detect.validators import check_landline, check_mobile
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook

_COUNTRY = rf"(?:(?:\+|00)?{JOINT}86{JOINT})?"
_MOBILE = re.compile(rf"(?<![0-9]){_COUNTRY}1{JOINT}[3-9]{repeat('[0-9]', 9)}(?![0-9])")
"""Letters may touch it only after a label (tel138…)."""
_LANDLINE = re.compile(spaced(rf"(?:86{JOINT})?0", "[1-9]" + repeat("[0-9]", 8, 10)))
_EXTENSION = re.compile(r"(?:\s?(?:转|分机|ext\.?)\s?|-)[0-9]{1,5}(?![0-9A-Za-z])", re.I)
_SHORT = re.compile(r"(?<![0-9A-Za-z])[2-8][0-9]{2,3}[ -]?[0-9]{4}(?![0-9A-Za-z])")
_SERVICE = re.compile(
    r"(?<![0-9A-Za-z])[48]00[- ]?[0-9]{3}[- ]?[0-9]{4}(?![0-9A-Za-z])|(?<![0-9A-Za-z])[48]00-[0-9]{4}-[0-9]{3}(?![0-9A-Za-z])"
)
_FOREIGN = re.compile(r"\+(?<![0-9A-Za-z]\+)(?!86)[1-9][0-9]{0,2}(?:[ -]?\(?[0-9]{1,5}\)?){2,5}(?![0-9A-Za-z])")
_FOREIGN_NATIONAL = re.compile(
    r"[2-9](?<![0-9A-Za-z+\-]{2})[0-9]{2}(?:\)[ ]?|[-. ])[2-9][0-9]{2}[-. ][0-9]{4}(?![0-9A-Za-z-])|0(?<![0-9A-Za-z-]0)[1-9]-[0-9]{7}(?![0-9A-Za-z-])"
)
"""(415) 555-0132 of the North American plan, 09-762 5400 of one-digit area codes."""
_PAIR = re.compile(r"(1(?<![0-9A-Za-z]1)[3-9][0-9]{9})[-—~/](1[3-9][0-9]{9})(?![0-9A-Za-z])")
"""Written with its first sign first, here and below: then `re` skips to that sign, several times faster over plain text."""
_MOBILE_LENGTH, _LANDLINE_LENGTH, _LOCAL_LENGTH, _FOREIGN_LENGTH = 11, 10, 7, 9
"""The fewest digits of each kind."""
_MOBILE_GROUPS = {(3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 4, 3), (5, 6), (5, 3, 3), (6, 5), (2, 4, 5)}

_LOCAL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}$")
_HAN_LOCAL = re.compile(r"(?:^|[^\u4e00-\u9fff])(?P<name>[\u4e00-\u9fff]{2,4})$")
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,5}(?:[A-Za-z]{2,24}|xn--[A-Za-z0-9-]{2,30})(?![A-Za-z0-9-])"
)

_CHAT_CUE = watch(re.compile("微信|扣扣|[Qq][Qq]|[WwVv][Xx]|[Ww][Ee](?:[Cc][Hh][Aa][Tt]|[Ii][Xx][Ii][Nn])"))
_CHAT_GAP = r"(?:号码?|號|[Ii][Dd]|账号|码)?[\s:：为是(（]{0,4}"
_WECHAT = re.compile(_CHAT_GAP + "(?P<name>[A-Za-z][A-Za-z0-9_-]{5,19})(?![A-Za-z0-9_@-])")
_QQ = re.compile(_CHAT_GAP + "(?P<name>[1-9][0-9]{4,10})(?![0-9A-Za-z@])")
_PUBLIC_ACCOUNT = re.compile(r"公众号|公众平台|订阅号|服务号|官方|小程序|QQ群|qq群")


def _find_mobiles(near: Surroundings, rule: Rule, owner: re.Pattern[str], found: Candidate) -> Iterator[Finding]:
    verdict = check_mobile(found.value[-11:])
    if verdict is False:
        return
    labelled = near.says(labels.PHONE, found.start) or near.is_followed_by(labels.OWNED_PHONE, found.end)
    labelled = labelled or (not found.is_plain and near.mentions(owner, found.start))
    if not labelled and not _is_mobile(near, found):
        return
    start = found.start - (near.view.folded[found.start - 1 : found.start] == "+")
    sure = verdict and (found.joint is not Joint.HARD or labelled) and not (found.disguised and not labelled)
    grade = Grade.CONFIRMED if sure else Grade.SUSPECTED
    yield near.view.finding(rule, start, found.end, grade=grade, mask=mask_for(rule.mask, found.value[-11:]))


def _find_pairs(view: View, rule: Rule) -> Iterator[Finding]:
    """Two mobiles with one sign between them, as people write alternatives: `139…-139…`."""
    text, done = view.folded, 0
    for island in view.islands:
        last = min(len(text), island.end + _MOBILE_LENGTH + 2)
        for match in _PAIR.finditer(text, max(done, island.start), last) if island.size >= _MOBILE_LENGTH else ():
            done = match.end()
            for start, end in (match.span(1), match.span(2)):
                if check_mobile(text[start:end]) is not False:
                    yield view.finding(rule, start, end, mask=mask_for(rule.mask, text[start:end]))


def _is_mobile(near: Surroundings, found: Candidate) -> bool:
    """Whether a number without a label is a mobile: written as people write one, alone, and no amount or serial number."""
    if near.is_harmless(found) or near.touches_letters(found):
        return False
    if found.disguised and found.is_mixed(near.view.folded):
        return False  # eleven Chinese numerals have no innocent reading; letters taken for digits have many
    if found.joint is Joint.NONE:
        return True
    if found.joint is Joint.HARD:
        return _is_broken_mobile(near.view.folded, found)
    groups = found.groups
    return near.stands_alone(found) and (groups in _MOBILE_GROUPS or set(groups) == {1} or found.value.startswith("86"))


_BRACKETS = re.compile(r"(?:[0-9]+(?:】【|】 【|\]\[))+[0-9]+")
_BROKEN = re.compile(r"[0-9]{2,9}\n[ \u3000]{0,4}[0-9]{2,9}")


def _is_broken_mobile(text: str, found: Candidate) -> bool:
    """One line end within a sentence (a wrapped line), or brackets around each piece. Cells and columns need a label.

    Figures in a column stand alone on their lines; a wrapped number has words before it on its line.
    """
    if check_mobile(found.value) is not True:
        return False
    raw = text[found.start : found.end]
    if _BRACKETS.fullmatch(raw):
        return True
    before = text[max(0, found.start - 2) : found.start].rstrip(" ")
    return _BROKEN.fullmatch(raw) is not None and re.search(r"[\u4e00-\u9fff：:，,（(]$", before) is not None


def _national(value: str) -> str:
    """The digits without the country code."""
    return "0" + value[3:] if value.startswith("860") else value


def _find_landlines(near: Surroundings, rule: Rule, found: Candidate) -> Iterator[Finding]:
    text = near.view.folded
    shorter = shorten(text, found)
    if shorter and check_landline(_national(shorter.value)):
        found = shorter  # the last group is another number: 0353-5608642, next line 1
    digits = _national(found.value)
    verdict = check_landline(digits)
    labelled = near.says(labels.LANDLINE, found.start)
    if verdict is False or (verdict is None and not labelled):
        return
    tail = _EXTENSION.match(text, found.end)
    end = tail.end() if tail else found.end
    if not labelled and not _is_landline(near, replace(found, end=end)):
        return
    private = near.says(labels.HOME_PHONE, found.start)
    severity = Severity.REDACT if private else None
    mask = mask_for("landline", digits) if private else None
    bracketed = near.view.folded[found.start - 1 : found.start] in ("(", "（") and re.search("[)）]", text[found.start : end])
    start = found.start - 1 if bracketed else found.start
    yield near.view.finding(rule, start, end, grade=Grade.CONFIRMED if verdict else Grade.SUSPECTED, severity=severity, mask=mask)


def _is_landline(near: Surroundings, found: Candidate) -> bool:
    """Whether a number without a label is a landline: an area code, written plainly or with one usual joint, and alone."""
    bracketed = near.view.folded[found.start - 1 : found.start] in ("(", "（")
    if found.disguised or near.is_harmless(found) or (found.joint is Joint.HARD and not bracketed):
        return False
    if found.joint is Joint.NONE:
        return True
    return found.groups[0] in (2, 3, 4) and near.stands_alone(found)  # the area code, or 86, is a group of its own


def _find_short_lines(near: Surroundings, rule: Rule, start: int, end: int) -> Iterator[Finding]:
    """Local numbers of seven or eight digits, which only a telephone label makes a telephone number."""
    for match in _SHORT.finditer(near.view.folded, start, end):
        if near.says(labels.LANDLINE, match.start()):
            yield near.view.finding(rule, match.start(), match.end(), grade=Grade.SUSPECTED)
    for match in _SERVICE.finditer(near.view.folded, start, end):
        if "-" in match.group() or near.says(labels.LANDLINE, match.start()):
            yield near.view.finding(rule, match.start(), match.end(), grade=Grade.CONFIRMED)


def _find_foreign(near: Surroundings, rule: Rule) -> Iterator[Finding]:
    """Numbers with a country code and a plus sign (ITU E.164); national spellings of other countries only after a label."""
    text = near.view.folded
    if "+" in text:
        for match in _FOREIGN.finditer(text):
            if 8 <= sum(c.isdigit() for c in match.group()) <= 15:
                yield near.view.finding(rule, *match.span(), grade=Grade.SUSPECTED, mask=mask_for("tail", match.group()))
    for island in near.view.islands:
        for match in _FOREIGN_NATIONAL.finditer(text, island.start, island.end + 1) if island.size >= _FOREIGN_LENGTH else ():
            start = match.start() - (text[match.start() - 1 : match.start()] == "(")
            if near.says(labels.FOREIGN, start):
                yield near.view.finding(rule, start, match.end(), grade=Grade.SUSPECTED, mask=mask_for("tail", match.group()))


def _find_emails(view: View, rule: Rule) -> Iterator[Finding]:
    """From each @ outwards: the run of allowed signs before it, a domain after it. Cost does not depend on what stands around."""
    text = view.folded
    at = text.find("@")
    while at >= 0:
        domain = _DOMAIN.match(text, at + 1)
        if domain:
            before = text[max(0, at - 65) : at]
            local = _LOCAL.search(before) or _HAN_LOCAL.search(before)
            name = (local.groupdict().get("name") or local.group()).lstrip(".") if local else ""
            if name:
                official = domain.group().lower().endswith(".gov.cn")
                yield view.finding(
                    rule,
                    at - len(name),
                    domain.end(),
                    grade=Grade.CONFIRMED if name.isascii() and ".." not in name else Grade.SUSPECTED,
                    severity=Severity.INFO if official else None,
                    mask=None if official else mask_for(rule.mask, text[at - len(name) : domain.end()]),
                )
        at = text.find("@", at + 1)


def _find_chats(view: View, book: RuleBook, rule: Rule) -> Iterator[Finding]:
    """WeChat names and QQ numbers after their label; public accounts of offices are no contact of a person."""
    text = view.folded
    for cue in finds(view, book, _CHAT_CUE):
        before = text[cue.start() - 1 : cue.start()]
        if before.isascii() and before.isalpha():
            continue
        shape = _QQ if cue.group().lower() in ("qq", "扣扣") else _WECHAT
        match = shape.match(text, cue.end())
        if match and not _PUBLIC_ACCOUNT.search(text, max(0, cue.start() - 6), match.start("name")):
            yield view.finding(rule, *match.span("name"), grade=Grade.CONFIRMED, mask=mask_for(rule.mask, match["name"]))


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Mobile, landline, foreign numbers, e-mail addresses, WeChat and QQ names."""
    near = survey(view)
    owner = owner_pattern(book)
    mobile, landline = enabled(book, "personal.mobile"), enabled(book, "personal.landline")
    if mobile:
        yield from _find_pairs(view, mobile)
    for island in view.islands:
        if mobile and island.size >= _MOBILE_LENGTH:
            for found in find_candidates(view.folded, island, _MOBILE):
                yield from _find_mobiles(near, mobile, owner, found)
        if landline and island.size >= _LANDLINE_LENGTH:
            for found in find_candidates(view.folded, island, _LANDLINE):
                yield from _find_landlines(near, landline, found)
        if landline and island.size >= _LOCAL_LENGTH:
            yield from _find_short_lines(near, landline, island.start, island.end)
    if rule := enabled(book, "personal.foreign_phone"):
        yield from _find_foreign(near, rule)
    if rule := enabled(book, "personal.email"):
        yield from _find_emails(view, rule)
    if rule := enabled(book, "personal.wechat_qq"):
        yield from _find_chats(view, book, rule)
