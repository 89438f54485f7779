"""Passages that carry a reason in their own words: what no expression can say, a scored detector says, with its score.

It speaks at most as a suspicion, never in papers whose kind is public by itself (a statute or a notice mentions everything
and means nothing), and its score stands in the reason of each finding. The families, their law and cue words are the rules
`passage.<category>` of corpus/rules/passages.toml; a disabled rule silences its family.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from classifier.core.document import Span, Where
from classifier.core.finding import Finding, Grade, Severity
from classifier.core.settings import data_home
from classifier.core.text import fold
from classifier.detect import sentences
from classifier.detect.passage_scorer import PassageScorer, load
from classifier.detect.sayings import PUBLIC_KINDS
from classifier.detect.sentences import Cues, Flags, Floats, Indices
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook, RuleState

_UNSEEN = (Where.NAME, Where.PROPERTY)
_PIECE = 40_000
"""Characters scored at once, so that a long report costs time and not memory."""
_LONGEST = 160
"""Neighbouring sentences of one family are told as one passage up to this length."""
_GAP = 2


@lru_cache(maxsize=2)
def _scorer(home: Path) -> PassageScorer | None:
    return load(home / "models")


@lru_cache(maxsize=4)
def rules_of(book: RuleBook, families: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rule of each family, enabled or not."""
    return tuple(book.by_id(f"passage.{family}") for family in families)


@lru_cache(maxsize=4)
def cues_of(book: RuleBook, families: tuple[str, ...]) -> Cues:
    """The cue words of the families, from the rules."""
    return sentences.make_cues({rule.category: rule.terms for rule in rules_of(book, families)})


def find_sentences(view: View) -> Indices:
    """The sentences of what a reader sees."""
    spans = sentences.split(view.folded)
    unseen = [(b.span.start, b.span.end) for b in view.document.blocks if b.where in _UNSEEN]
    if not unseen:
        return spans
    seen = np.ones(len(spans), dtype=bool)
    for first, last in spans[:, 0].searchsorted(np.array(unseen)).tolist():
        seen[first:last] = False
    return spans[seen]


def _pieces(spans: Indices) -> Iterator[Indices]:
    """The sentences in stretches of at most _PIECE characters."""
    group = (spans[:, 0] - spans[0, 0]) // _PIECE
    if not group[-1]:
        yield spans
        return
    for number in np.unique(group):
        yield spans[group == number]


def score(view: View, spans: Indices, scorer: PassageScorer, cues: Cues) -> Floats:
    """The score of every sentence for every family."""
    title = fold(view.document.elements.title or "")
    counts = sentences.count_cues(view.folded, spans, cues)
    paper = scorer.weigh_paper(view.folded, title, counts)
    if not any(scorer.read_on(paper)):
        return np.full((len(spans), len(scorer.families)), -np.inf)
    out = []
    done = 0
    for piece in _pieces(spans):
        left, right = int(piece[0, 0]), int(piece[-1, 1])
        alone = scorer.weigh_sentences(view.folded[left:right], piece - left, counts[done : done + len(piece)])
        out.append(scorer.join(alone, paper))
        done += len(piece)
    return np.concatenate(out)


def choose(scores: Floats, scorer: PassageScorer) -> Flags:
    """Which sentences each family tells: those above its stricter line, and hints where no other family is likelier."""
    hinted = scores >= scorer.hint
    odds = np.where(hinted, scorer.slope * scores + scorer.offset, -np.inf)
    chosen: Flags = (scores >= scorer.sure) | (hinted & (odds >= odds.max(axis=1, keepdims=True)))
    return chosen


@dataclass(slots=True)
class _Passage:
    """Neighbouring sentences that one family tells, and the best of their scores."""

    family: int
    start: int
    end: int
    best: float


def _join(spans: Indices, scores: Floats, told: Flags) -> Iterator[_Passage]:
    """Chosen sentences that follow each other, family by family, as passages of bounded length."""
    families, places = told.T.nonzero()
    passage: _Passage | None = None
    for family, (start, end), score in zip(
        families.tolist(), spans[places].tolist(), scores[places, families].tolist(), strict=True
    ):
        if passage is not None and passage.family == family and start - passage.end <= _GAP and end - passage.start <= _LONGEST:
            passage.end, passage.best = end, max(passage.best, score)
            continue
        if passage is not None:
            yield passage
        passage = _Passage(family, start, end, score)
    if passage is not None:
        yield passage


def _tell(view: View, rule: Rule, passage: _Passage, scorer: PassageScorer) -> Finding:
    """A passage without the indent before it and the blanks behind it, as a finding whose reason carries the score."""
    words = view.folded[passage.start : passage.end]
    start, end = passage.end - len(words.lstrip()), passage.start + len(words.rstrip())
    sure = passage.best >= scorer.sure[passage.family]
    share = scorer.share(passage.best, passage.family)
    block = view.document.block_at(start)
    return Finding(
        category=rule.category,
        type=rule.type,
        rule=rule.citation,
        span=Span(start, end),
        grade=Grade.SUSPECTED if sure else Grade.HINT,
        severity=Severity.REVIEW if sure else Severity.INFO,
        law=rule.law,
        why=f"{rule.why}（模型得分 {share:.2f}）",
        where=block.where if block else Where.BODY,
        page=block.page if block else None,
    )


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Passages of each enabled family above its line: hints, and suspicions above the stricter line."""
    scorer = _scorer(data_home())
    if scorer is None or (view.document.elements.doc_kind or "") in PUBLIC_KINDS:
        return
    spans = find_sentences(view)
    if not len(spans):
        return
    rules = rules_of(book, scorer.families)
    scores = score(view, spans, scorer, cues_of(book, scorer.families))
    for passage in _join(spans, scores, choose(scores, scorer)):
        rule = rules[passage.family]
        if rule.state is RuleState.ENABLED:
            yield _tell(view, rule, passage, scorer)
