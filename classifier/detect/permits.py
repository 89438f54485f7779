"""Documents that prove who somebody is, known by their label: passports, travel permits, HK and Macau cards, soldiers, social security."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from classifier.core.finding import Finding, Grade
from classifier.detect import labels
from classifier.detect.anchors import finds
from classifier.detect.islands import (
    UNMASK_DIGITS,
    UNMASK_LETTERS,
    Candidate,
    Joint,
    find_candidates,
    repeat,
    spaced,
)
from classifier.detect.labels import Surroundings, enabled, survey
from classifier.detect.masks import mask_for
from classifier.detect.validators import check_hkid
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook

_PAPER_LENGTH, _ISLANDER_LENGTH, _DRIVING_LENGTH = 7, 6, 12
"""The fewest signs in a row of joints and digits; the slashes of a Macau card part it."""
_LETTERED = re.compile(spaced("[A-Za-z]{1,3}" + repeat("[0-9]", 6, 11)))
_BLURRED = re.compile(spaced("[A-Za-z]" + repeat("[0-9OolISBZz]", 7, 10)))
"""A letter and digits some of which a scanner took for letters; only a label makes it a number."""
_DIGITS = re.compile(spaced("[0-9]" + repeat("[0-9]", 6, 17)))
_HKID = re.compile(
    r"(?<![0-9A-Za-z])[A-Z]{1,2}[0-9]{6}\s?[(（]\s?[0-9A]\s?[)）]|(?<![0-9A-Za-z])[A-Z]{1,2}[0-9]{7}(?![0-9A-Za-z])"
)
_MACAU = re.compile(r"(?<![0-9A-Za-z])[1578]/?[0-9]{6}(?:/[0-9]|[(（][0-9][)）])(?![0-9A-Za-z])")
_MILITARY = re.compile(
    r"(?:(?<![\u4e00-\u9fff])|(?<=[号码是为证]))[军武士兵文]字第(?P<strong>[0-9A-Z]{4,8})号"
    r"|[\u4e00-\u9fff]字第(?P<weak>[0-9A-Z]{4,8})号?"
)


@dataclass(frozen=True, slots=True)
class _Paper:
    """A paper known by label and shape. `usual` is the published shape (confirmed), anything else in the candidate is suspected."""

    rule: str
    label: re.Pattern[str]
    usual: re.Pattern[str]
    loose: re.Pattern[str]


_PAPERS = (
    _Paper(
        "personal.exit_permit",
        labels.EXIT_PERMIT,
        re.compile(r"[CWLT][0-9]{8}|C[A-Z][0-9]{7}"),
        re.compile(r"[A-Z]{1,2}[0-9]{7,8}"),
    ),
    _Paper(
        "personal.hmt_permit",
        labels.HOME_RETURN,
        re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?|[0-9]{8}(?:[0-9]{2})?"),
        re.compile(r"[A-Z]?[0-9]{7,11}"),
    ),
    _Paper(
        "personal.passport",
        labels.PASSPORT,
        re.compile(r"[DEGKPS][0-9]{8}|E[A-HJ-NP-Z][0-9]{7}|[DSPKM][A-Z]?[0-9]{7}|1[45][0-9]{7}"),
        re.compile(r"[A-Z]{0,3}[0-9]{6,9}"),
    ),
    _Paper("personal.social_security", labels.SOCIAL, re.compile(r"[0-9]{17}[0-9X]"), re.compile(r"[A-Z]{0,3}[0-9]{7,18}")),
    _Paper("personal.military_id", labels.MILITARY, re.compile(r"[0-9]{7,8}"), re.compile(r"[A-Z]?[0-9]{6,8}")),
)


def _find_papers(near: Surroundings, papers: tuple[tuple[_Paper, Rule], ...], found: Candidate) -> Iterator[Finding]:
    """The first paper whose label stands before the number."""
    if not near.says(labels.ANY_PAPER, found.start):
        return
    for paper, rule in papers:
        if not paper.loose.fullmatch(found.value) or not near.says(paper.label, found.start):
            continue
        usual = paper.usual.fullmatch(found.value) is not None and not found.disguised and found.joint is not Joint.HARD
        grade = Grade.CONFIRMED if usual else Grade.SUSPECTED
        yield near.view.finding(rule, found.start, found.end, grade=grade, mask=mask_for(rule.mask, found.value))
        return


_DRIVER = re.compile("驾驶证|驾照|准驾车型")
_FILE_NUMBER = re.compile(r"[0-9](?<![0-9A-Za-z][0-9])[0-9]{11}(?![0-9A-Za-z])")


def _find_driving_files(near: Surroundings, rule: Rule, start: int, end: int) -> Iterator[Finding]:
    """File numbers of driving licences (GA 482): twelve digits after 档案编号, with the licence named in the line before."""
    for match in _FILE_NUMBER.finditer(near.view.folded, start, end):
        if near.says(labels.FILE_NUMBER, match.start()) and _DRIVER.search(
            near.view.folded, max(0, match.start() - 40), match.start()
        ):
            yield near.view.finding(rule, *match.span(), mask=mask_for(rule.mask, match.group()))


def _find_islanders(near: Surroundings, rule: Rule, start: int, end: int) -> Iterator[Finding]:
    """Hong Kong cards by check digit or label, Macau cards by label, around one island."""
    text = near.view.folded
    end = min(end + 4, len(text))  # the bracket after the last digit
    for match in _HKID.finditer(text, start, end):
        labelled = near.says(labels.HKID, match.start())
        verdict = check_hkid(re.sub("[^0-9A-Z]", "", match.group()))
        bracketed = match.group()[-1] in ")）"
        if labelled or (verdict and bracketed):
            grade = Grade.CONFIRMED if verdict else Grade.SUSPECTED
            yield near.view.finding(rule, match.start(), match.end(), grade=grade, mask=mask_for(rule.mask, match.group()))
    for match in _MACAU.finditer(text, max(0, start - 2), end):
        if near.says(labels.MACAU_ID, match.start()):
            yield near.view.finding(
                rule, match.start(), match.end(), grade=Grade.SUSPECTED, mask=mask_for(rule.mask, match.group())
            )


def _find_soldiers(near: Surroundings, rule: Rule) -> Iterator[Finding]:
    text = near.view.folded
    at = text.find("字第")
    while at >= 0:
        match = _MILITARY.search(text, max(0, at - 2), at + 12)
        if match:
            group = "strong" if match["strong"] else "weak"
            if group == "strong" or near.says(labels.MILITARY, match.start()):
                grade = Grade.CONFIRMED if group == "strong" else Grade.SUSPECTED
                yield near.view.finding(rule, *match.span(group), grade=grade, mask=mask_for(rule.mask, match[group]))
        at = text.find("字第", at + 2)


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Passports, travel permits, HK and Macau identity cards, military papers, social security numbers."""
    near = survey(view)
    named = next(iter(finds(view, book, labels.NAMED_PAPER)), None) is not None
    papers = tuple((paper, rule) for paper in _PAPERS if named and (rule := enabled(book, paper.rule)))
    hkid, driving = enabled(book, "personal.hkid"), enabled(book, "personal.driving_file")
    for island in view.islands:
        if hkid and island.size >= _ISLANDER_LENGTH:
            yield from _find_islanders(near, hkid, island.start, island.end)
        if driving and island.size >= _DRIVING_LENGTH:
            yield from _find_driving_files(near, driving, island.start, island.end)
        if papers and island.size >= _PAPER_LENGTH:
            for shape in (_LETTERED, _DIGITS):
                for found in find_candidates(view.folded, island, shape, UNMASK_LETTERS):
                    yield from _find_papers(near, papers, found)
            if island.disguised:
                for found in find_candidates(view.folded, replace(island, disguised=False), _BLURRED):
                    value = found.value[0] + found.value[1:].translate(UNMASK_DIGITS)
                    if value != found.value:
                        yield from _find_papers(near, papers, replace(found, value=value, disguised=True))
    if rule := enabled(book, "personal.military_id"):
        yield from _find_soldiers(near, rule)
