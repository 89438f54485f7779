"""Caution marks（内部资料 注意保存, 会后收回 …）by what they speak of: a mark on this paper, or a duty told in a sentence (domain/02 §4).

They are no state-secret markings: they freeze publication until a person has found a basis in articles 14-16.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from classifier.core.document import Where
from classifier.core.finding import Finding, Grade
from classifier.detect.anchors import matches
from classifier.detect.labels import enabled
from classifier.detect.marking_places import OUTSIDE
from classifier.detect.pattern import sentence_around
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook

_PLAIN = 3
"""In a file name, words of up to three characters（内部、不公开）mean too many other things."""
_SHORT = 30
"""A line this short that holds a caution is a caution line."""
_DRESS = re.compile(r"[\s\u3000【】（）()〔〕\[\]<>《》“”\"*=~_★☆·•,，.。:：!！—\-]+")


_SIDES = "".join(chr(code) for code in range(0x10000) if _DRESS.match(chr(code)))
_ABOUT = re.compile(r"(?:管理|告知|审查|保护)|(?:制度|办法|规定|决定书?|说明|指引|条例|须知|培训|宣传)(?:\.|$)")
"""A file name that speaks of such papers in general（不予公开告知书, 工作秘密管理制度）."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of cautions, the longer ones, and their first signs."""

    words: frozenset[str]
    long: tuple[str, ...]
    heads: frozenset[str]


@lru_cache(maxsize=4)
def _read_words(book: RuleBook) -> _Words:
    rule = enabled(book, "caution.line")
    terms = rule.terms if rule else ()
    long = tuple(word for word in terms if len(word) > _PLAIN)
    return _Words(frozenset(terms), long, frozenset(word[0] for word in terms))


def _lines(view: View, book: RuleBook, rule: Rule) -> Iterator[Finding]:
    """A line, or a file name without its ending, that is nothing but a caution, however it is spaced or bracketed."""
    known, text = _read_words(book), view.folded
    short = [(s.start, s.end) for block in view.document.blocks if (s := block.span).end - s.start <= 2 * _SHORT]
    for start, end in short:
        words = text[start:end].lstrip(_SIDES)
        if words[:1] in known.heads and _DRESS.sub("", words) in known.words:
            yield view.finding(rule, start, end)
    for block in view.unusual:
        start, end = block.span.start, block.span.end
        if block.where is Where.NAME and end - start <= 2 * _SHORT and not _ABOUT.search(text, start, end):
            bare = _DRESS.sub("", text[start:end])
            if bare not in known.words and any(word in bare for word in known.long):
                yield view.finding(rule, start, end)


_THIS_PAPER = re.compile(
    r"此件|本(?:件|文|文件|材料|资料|方案|预案|名册|通报|报告|纪要|简报|手册|表|名单|汇编)|以上(?:内容|情况|材料|信息)|会议材料|请(?:勿|不要)"
)


def _is_short_line(text: str, start: int, end: int) -> bool:
    """Whether the line that holds [start, end) has at most 30 characters, spaces at its ends left out."""
    reach = 2 * _SHORT
    left = text.rfind("\n", max(0, start - reach), start) if start else -1
    right = text.find("\n", end, end + reach)
    opens, closes = left >= 0 or start <= reach, right >= 0 or end + reach >= len(text)
    return opens and closes and len(text[left + 1 : right if right >= 0 else len(text)].strip()) <= _SHORT


def _passages(view: View, book: RuleBook, rule: Rule) -> Iterator[Finding]:
    """A caution that speaks of this paper (own line, brackets, header or footer, `本材料…`) is confirmed; else suspected."""
    for match in matches(view, book, rule):
        start, end = match.span(match.lastgroup) if match.lastgroup else match.span()
        left, right = sentence_around(view.folded, start, end)
        sentence = view.folded[left:right]
        if rule.not_near is not None and rule.not_near.search(sentence):
            continue
        alone = _is_short_line(view.folded, start, end)
        outside = view.document.where_at(start) in OUTSIDE
        sure = outside or alone or view.folded[start] in "【[（(" or _THIS_PAPER.search(sentence)
        yield view.finding(rule, start, end, grade=Grade.CONFIRMED if sure else Grade.SUSPECTED)


_WALKS: dict[str, Callable[[View, RuleBook, Rule], Iterator[Finding]]] = {
    "caution.line": _lines,
    "caution.internal": _passages,
    "caution.no_spread": _passages,
    "caution.not_published": _passages,
    "caution.time_lock": _passages,
    "caution.scope_limit": _passages,
}


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Findings of the caution rules that are enabled."""
    for name, walk in _WALKS.items():
        if rule := enabled(book, name):
            yield from walk(view, book, rule)
