"""Sentences that say a reason outright: a rule knows the telling words, the finding is the whole sentence or clause around them.

Rules of internal, safety, bans, enforcement, trade and process (method `code` with a pattern). They look in papers whose kind
is not public by itself: a statute, a notice or a guide mentions everything and means nothing (domain/09 §3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from classifier.core.finding import Finding
from classifier.detect.anchors import awake, matches
from classifier.detect.view import View
from classifier.knowledge.rules import Method, Rule, RuleBook

PUBLIC_KINDS = frozenset({
    "公告", "通告", "公报", "公示", "令", "命令", "条例", "指南", "指引", "须知", "解读", "政策解读", "问答", "答记者问", "新闻稿", "新闻通稿",
    "新闻发布会实录", "倡议书", "政府工作报告", "招标文件", "行政处罚决定书", "行政许可决定书", "准予行政许可决定书",
})  # fmt: skip
"""Kinds of paper that are written for everybody: articles 19-21 say so, or their own statute."""

_STOP = re.compile(r"[。；;！？!?\n]")
_REACH = 120
_FAMILIES = ("internal.", "security.", "ban.", "enforcement.", "trade.", "process.")
_ELSEWHERE = frozenset({"process.draft"})
"""Rules of these families that have a detector of their own."""


@lru_cache(maxsize=4)
def _rules(book: RuleBook) -> tuple[Rule, ...]:
    coded = (rule for rule in book.active() if rule.method is Method.CODE and rule.pattern is not None)
    return tuple(rule for rule in coded if rule.id.startswith(_FAMILIES) and rule.id not in _ELSEWHERE)


def sentence_of(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence or clause that holds [start, end): between stops and line ends, at most 120 characters either side."""
    left = max(0, start - _REACH)
    for stop in _STOP.finditer(text, left, start):
        left = stop.end()
    found = _STOP.search(text, max(start, end - 1), min(len(text), end + _REACH))
    right = found.start() if found else min(len(text), end + _REACH)
    words = text[left:right]
    return left + len(words) - len(words.lstrip()), right - len(words) + len(words.rstrip())


def _fits(rule: Rule, sentence: str) -> bool:
    """The context for and against, in the sentence itself."""
    if rule.near is not None and not rule.near.search(sentence):
        return False
    return rule.not_near is None or not rule.not_near.search(sentence)


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """One finding for each sentence in which a rule's words stand."""
    if (view.document.elements.doc_kind or "") in PUBLIC_KINDS:
        return
    for rule in awake(view, book, _rules(book)):
        told = -1
        for match in matches(view, book, rule):
            if match.end() <= told:
                continue  # the same sentence
            start, told = sentence_of(view.folded, *match.span())
            if start < told and _fits(rule, view.folded[start:told]):
                yield view.finding(rule, start, told)
