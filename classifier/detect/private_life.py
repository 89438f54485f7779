"""Private life told in words: illness, family, property, faith, past offences, whereabouts of somebody (个保法 第二十八条, 民法典 第一千零三十二条).

The rules hold the words (corpus/rules/private_life.toml): a word that ends in `：` is the label of a form, what follows is private;
any other word counts only in a clause that speaks of somebody (clauses.py). The finding is the clause, not the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from types import MappingProxyType
from typing import Any

from classifier.core.finding import Finding, Grade, Severity
from classifier.detect.clauses import Clause, Evidence, has_kin, is_norm, read_people
from classifier.detect.labels import enabled
from classifier.detect.masks import mask_for
from classifier.detect.names import Names, names_of
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook

_RULES: MappingProxyType[str, Evidence] = MappingProxyType(
    {
        "personal.health_told": Evidence.PAPER,
        "personal.treatment": Evidence.PAPER,
        "personal.symptom": Evidence.SENTENCE,
        "personal.family": Evidence.SENTENCE,
        "personal.property": Evidence.SENTENCE,
        "personal.religion": Evidence.SENTENCE,
        "personal.biometric": Evidence.SENTENCE,
        "personal.record": Evidence.SENTENCE,
        "personal.politics": Evidence.SENTENCE,
        "personal.track": Evidence.SENTENCE,
    }
)
"""The rules of this detector, and how near a person must stand to a word of theirs."""
_ABOUT_ONE = re.compile(
    r"笔录|被询问人|被调查人|信访人|反映人|考察材料|续方|主诉|Dx"
    r"|\A[^。]{0,60}(?:病历|病案|病程|出院|审批表|申请表|登记表|登记卡|走访|回访|谈话|调解|鉴定表|体检|工伤认定|慰问|遗属|收养|个案|工作日志|诉求|求助|来访)"
)
"""A record of one person; the words of forms count only in the title, notices name forms too."""
_DECOYS = (
    "中风险",
    "消防瘫痪",
    "交通瘫痪",
    "网络瘫痪",
    "系统瘫痪",
    "自残疾",
    "因公出国境",
    "高血压患者",
    "糖尿病患者",
    "监控看不见",
    "外出务工人员",
)
"""Longer words that hide a word of the lexicon in them."""
_ASKED = re.compile(r"[ \u3000]*(?:问|来信|网友|提问|留言)[^，,。\n]{0,6}[:：]")
"""Questions that an office answers in public are put as if for one person (`问：我退休后……怎么备案`)."""
_SPOKEN = re.compile("笔录|被询问人|被调查人|询问人|谈话")
_HEAD = 700
_COLON = re.compile(r"[ \u3000]{0,3}[:：][ \u3000_]{0,6}")
_GAP = re.compile(r"[ \u3000\t|]{1,4}")
_VALUE_END = re.compile(r"[\n\t|。]|[ ]{2,}|\u3000|[ ](?=[\u4e00-\u9fff]{2,8}[：:])")
_PLAIN = re.compile(
    r"〔|□|☐|无(?![\u4e00-\u9fff])|健康|良好|正常|一般(?![\u4e00-\u9fff])|[/／—\-_＿…*＊（(]|某|未见异常(?![，,、])|合格|不?详|略|同上|见附|详见|空白|填写|如有|请|[\u4e00-\u9fff \u3000]{2,10}[:：]"
)
_TICKED = re.compile(
    r"[ \u3000]{0,3}[:：]?[ \u3000]{0,4}(?:□[ \u3000]?[\u4e00-\u9fff]{1,6}[ \u3000]{0,3}){0,9}[☑■√✓✔☒][ \u3000]?(?P<word>[\u4e00-\u9fff]{1,8})"
)
"""残疾类别：□视力 □听力 ☑肢体: of a row of boxes the ticked one speaks."""
_HARMLESS = frozenset(("无", "否", "健康", "良好", "正常", "一般", "合格", "没有"))
_LONGEST = 120
_LABEL_SIGHT = 10
"""How far behind an end `_VALUE_END` looks for the next label."""


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """All words of all rules in one automaton."""

    automaton: Any
    owners: tuple[tuple[tuple[Rule, bool], ...], ...]
    """For each word its rules, and whether it is a label there."""


@lru_cache(maxsize=4)
def _lexicon(book: RuleBook) -> _Lexicon:
    import ahocorasick_rs

    owners: dict[str, dict[str, tuple[Rule, bool]]] = {}
    for name in _RULES:
        if rule := enabled(book, name):
            for term in rule.terms:
                owners.setdefault(term.rstrip("："), {}).setdefault(f"{name}{term[-1] == '：'}", (rule, term.endswith("：")))
    for decoy in _DECOYS:
        owners.setdefault(decoy, {})
    automaton = ahocorasick_rs.AhoCorasick(
        list(owners), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest, implementation=ahocorasick_rs.Implementation.DFA
    )
    return _Lexicon(automaton, tuple(tuple(o.values()) for o in owners.values()))


@dataclass(frozen=True, slots=True)
class _Hit:
    """One word of the lexicon in the text."""

    start: int
    end: int
    owners: tuple[tuple[Rule, bool], ...]


@dataclass(frozen=True, slots=True)
class _Passage:
    rule: Rule
    start: int
    end: int
    grade: Grade
    evidence: Evidence


def _end_of_value(text: str, start: int, last: int) -> int:
    """Where the value that begins at `start` ends, at most at `last`; a wide gap that began before it is no end."""
    while 0 < start < last and text[start] == text[start - 1] == " ":
        start += 1
    stop = _VALUE_END.search(text, start, min(len(text), last + _LABEL_SIGHT))
    return min(stop.start(), last) if stop else last


def _value_at(text: str, hit: _Hit) -> tuple[int, int, bool] | None:
    """What a form says after a label, and whether a colon stood between; None when the word is no label here or the field is empty."""
    colon = _COLON.match(text, hit.end)
    before = text[hit.start - 1 : hit.start]
    gap = colon or (_GAP.match(text, hit.end) if not before or before in "\n \u3000\t|" else None)
    if not gap:
        return None
    last = min(len(text), gap.end() + _LONGEST)
    end = _end_of_value(text, gap.end(), last)
    while end > gap.end() and text[end - 1] in " \u3000，,；;":
        end -= 1
    if end - gap.end() < 2 or _PLAIN.match(text, gap.end()):
        return None
    return gap.end(), end, colon is not None


def _read_labels(text: str, hits: list[_Hit]) -> Iterator[_Passage]:
    """Fields of forms. Without a colon the field must hold a word of the lexicon or a relative."""
    done = 0
    for index, hit in enumerate(hits):
        rules = [rule for rule, is_label in hit.owners if is_label]
        inside = hit.start < done and text[hit.end : hit.end + 1] not in ":："
        value = _value_at(text, hit) if rules and not inside else None
        if value is None:
            if rules and not inside and (tick := _TICKED.match(text, hit.end)) and tick["word"] not in _HARMLESS:
                yield _Passage(rules[0], *tick.span("word"), Grade.CONFIRMED, Evidence.CLAUSE)
            continue
        start, end, colon = value
        following = hits[index + 1] if index + 1 < len(hits) else None
        if following and following.start == start and _value_at(text, following) and any(label for _, label in following.owners):
            continue
        if colon or (following and following.start < end) or has_kin(text, start, end):
            done = end
            yield _Passage(rules[0], start, end, Grade.CONFIRMED if colon else Grade.SUSPECTED, Evidence.CLAUSE)


def _opens_with(text: str, pattern: re.Pattern[str]) -> bool:
    """Whether the beginning of a paper says what it is."""
    return pattern.search(text, 0, _HEAD) is not None


def _read_clauses(text: str, hits: list[_Hit], names: Names | None) -> Iterator[_Passage]:
    """Clauses that speak of somebody and hold a word of a rule; neighbours that go on are joined by the caller."""
    words = [hit for hit in hits if not all(is_label for _, is_label in hit.owners)]
    if not words:
        return
    people = read_people(text, names, ((hit.start, hit.end) for hit in words))
    about_one, spoken = (cache(partial(_opens_with, text, pattern)) for pattern in (_ABOUT_ONE, _SPOKEN))
    last: tuple[Clause, Evidence] | None = None
    told: set[str] = set()
    for hit in words:
        rules = [rule for rule, is_label in hit.owners if not is_label]
        if last is None or not last[0].start <= hit.start < last[0].end:
            clause = people.clause_at(hit.start, hit.end)
            evidence = people.weigh(clause)
            asked = text[clause.right : clause.right + 1] in ("？", "?") or _ASKED.match(text, clause.left)
            if (asked and not spoken()) or (evidence is Evidence.PAPER and not about_one()):
                evidence = Evidence.NONE
            last = clause, evidence
            told = set()
        clause, evidence = last
        for rule in rules:
            if rule.id in told:
                continue
            told.add(rule.id)
            if evidence >= _RULES[rule.id] and _fits(rule, text, clause):
                yield _Passage(rule, clause.start, clause.end, Grade.SUSPECTED, evidence)


def _fits(rule: Rule, text: str, clause: Clause) -> bool:
    """The rule's own demands on the clause (`near`, `not_near`)."""
    if rule.not_near and rule.not_near.search(text, clause.start, clause.end):
        return False
    return rule.near is None or rule.near.search(text, clause.left, clause.right) is not None


def _join(passages: list[_Passage]) -> Iterator[_Passage]:
    """One passage per type where clauses follow each other; the surest evidence speaks for all."""
    held: dict[str, _Passage] = {}
    for passage in sorted(passages, key=lambda p: (p.start, -p.end)):
        last = held.get(passage.rule.type)
        if last and passage.start <= last.end + 1:
            best = max(last, passage, key=lambda p: (p.grade is Grade.CONFIRMED, p.evidence))
            held[passage.rule.type] = _Passage(best.rule, last.start, max(last.end, passage.end), best.grade, best.evidence)
            continue
        if last:
            yield last
        held[passage.rule.type] = passage
    yield from held.values()


def is_clause(finding: Finding) -> bool:
    """Whether a finding is a clause of this detector: a value inside it says more exactly what is private."""
    return finding.rule.partition("@")[0] in _RULES


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Passages of private life."""
    text = view.folded
    lexicon = _lexicon(book)
    hits = [_Hit(start, end, lexicon.owners[index]) for index, start, end in lexicon.automaton.find_matches_as_indexes(text)]
    if not hits:
        return
    found = [*_read_labels(text, hits), *([] if is_norm(view.lines) else _read_clauses(text, hits, names_of(book)))]
    for passage in _join(found):
        severity = passage.rule.severity if passage.evidence >= Evidence.CLAUSE else Severity.REVIEW
        value = text[passage.start : passage.end]
        yield view.finding(
            passage.rule,
            passage.start,
            passage.end,
            grade=passage.grade,
            severity=severity,
            mask=mask_for(passage.rule.mask, value),
        )
