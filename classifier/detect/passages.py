"""Passages that carry a reason in their own words: what no expression can say, a scored detector says, with its score.

It speaks at most as a suspicion, never in papers whose kind is public by itself (a statute or a notice mentions everything
and means nothing), and its score stands in the reason of each finding. The families, their law and cue words are the rules
`passage.<category>` of corpus/rules/passages.toml; a disabled rule silences its family.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from classifier.core.document import Where
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
def _scorer(models: Path) -> PassageScorer | None:
    return load(models)


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
    seen = np.ones(len(spans), dtype=bool)
    for block in view.document.blocks:
        if block.where in _UNSEEN:
            first, last = np.searchsorted(spans[:, 0], (block.span.start, block.span.end))
            seen[first:last] = False
    return spans[seen]


def _pieces(spans: Indices) -> Iterator[Indices]:
    """The sentences in stretches of at most _PIECE characters."""
    group = (spans[:, 0] - spans[0, 0]) // _PIECE
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


def _join(spans: Indices, chosen: list[int]) -> Iterator[list[int]]:
    """Chosen sentences that follow each other, as passages of bounded length."""
    passage: list[int] = []
    for index in chosen:
        if passage and (spans[index, 0] - spans[passage[-1], 1] > _GAP or spans[index, 1] - spans[passage[0], 0] > _LONGEST):
            yield passage
            passage = []
        passage.append(index)
    if passage:
        yield passage


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Passages of each enabled family above its line: hints, and suspicions above the stricter line."""
    scorer = _scorer(data_home() / "models")
    if scorer is None or (view.document.elements.doc_kind or "") in PUBLIC_KINDS:
        return
    spans = find_sentences(view)
    if not len(spans):
        return
    rules = rules_of(book, scorer.families)
    scores = score(view, spans, scorer, cues_of(book, scorer.families))
    told = choose(scores, scorer)
    for column, rule in enumerate(rules):
        if rule.state is not RuleState.ENABLED:
            continue
        chosen = np.flatnonzero(told[:, column]).tolist()
        for passage in _join(spans, chosen):
            best = float(scores[passage, column].max())
            sure = best >= scorer.sure[column]
            share = scorer.share(best, column)
            yield replace(
                view.finding(rule, *_trim(view.folded, spans, passage)),
                grade=Grade.SUSPECTED if sure else Grade.HINT,
                severity=Severity.REVIEW if sure else Severity.INFO,
                why=f"{rule.why}（模型得分 {share:.2f}）",
            )


def _trim(text: str, spans: Indices, passage: list[int]) -> tuple[int, int]:
    """The passage without the indent before it and the blanks behind it."""
    left, right = int(spans[passage[0], 0]), int(spans[passage[-1], 1])
    words = text[left:right]
    return left + len(words) - len(words.lstrip()), right - len(words) + len(words.rstrip())
