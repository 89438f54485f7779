"""区分处理（条例:37）: the smallest set of passages whose masking makes a closed paper publishable, proved by judging it again.

In: a Document, its Assessment and the judge to ask again. Out: a Partial, or None. What is offered has been tried: the passages are
blanked in a copy of the text, the copy is judged from the start, and only an answer of 主动公开 or 依申请公开 without anything left to
look at counts. Then every passage is given back once, and stays out only where the paper would close again without it: where a rule
names it again by its own words (looked for in the lines around it), nobody needs to judge the paper again to know.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from classifier.core.assessment import Assessment, Attribute, Partial, Route
from classifier.core.document import Document, Elements, Span
from classifier.core.finding import Category, Finding, Severity

Judge = Callable[[Document], Assessment]
Nose = Callable[[Document], Sequence[Finding]]
"""What the rules find in a few lines by their own words, without the learned detectors that need the whole paper."""

_MASKABLE = frozenset(
    {
        Category.TRADE_SECRET,
        Category.LEGAL_BAN,
        Category.NATIONAL_SECURITY,
        Category.PUBLIC_SECURITY,
        Category.ECONOMIC_SECURITY,
        Category.SOCIAL_STABILITY,
        Category.INTERNAL_AFFAIRS,
        Category.PROCESS_INFO,
        Category.ENFORCEMENT_FILE,
    }
)
"""Passages that can be taken out. A caution mark or a secrecy mark speaks of the whole paper and cannot."""
_MOST = 8
"""Passages tried: more than this is no paper with a few passages in it."""
_SHARE = 0.4
"""At most this share of the text may be blanked: beyond it nothing is left to publish（条例 第三十七条: 能够作区分处理的）."""
_BLANK = "□"


def blank(document: Document, spans: Sequence[Span]) -> Document:
    """A copy of the document with every character of `spans` but line ends replaced: same length, same blocks."""
    text = document.text
    pieces, at = [], 0
    for span in sorted(spans):
        start = max(at, span.start)
        pieces.append(text[at:start])
        pieces.append("".join(c if c in "\n\t" else _BLANK for c in text[start : span.end]))
        at = max(at, span.end)
    return replace(document, text="".join(pieces) + text[at:])


def _is_asked(finding: Finding) -> bool:
    return finding.category in _MASKABLE and finding.severity is Severity.REVIEW


def _is_personal(finding: Finding) -> bool:
    """A name or an address that a person would have to judge: in an offer of ours it goes without asking."""
    return finding.category is Category.PERSONAL_INFO and finding.severity in (Severity.REVIEW, Severity.REDACT)


def _is_closed_whole(assessment: Assessment) -> bool:
    """Whether the kind of paper itself, a caution mark or the issuing body closes it: then no passage does."""
    whole = [r for r in assessment.reasons if r.attribute is Attribute.WITHHELD and r.step in ("S0", "S3", "S5", "S8")]
    return any(not r.findings or r.step != "S5" for r in whole)


def _open(document: Document, spans: Sequence[Span], judge: Judge) -> Assessment | None:
    """The verdict on the paper without `spans`, where it opens and leaves nothing to look at."""
    verdict = judge(blank(document, spans))
    left = any(f.severity is not Severity.INFO for f in verdict.findings)
    opened = verdict.attribute in (Attribute.ACTIVE, Attribute.ON_REQUEST) and verdict.route is not Route.MANUAL
    return verdict if opened and not left else None


def _cut_out(document: Document, span: Span, elements: Elements) -> tuple[Document, int]:
    """The blocks that `span` touches and one more on either side, as a document of its own, and how far its places are shifted."""
    touched = [i for i, b in enumerate(document.blocks) if b.span.overlaps(span)]
    blocks = document.blocks[max(0, touched[0] - 1) : touched[-1] + 2] if touched else ()
    start, end = (blocks[0].span.start, blocks[-1].span.end) if blocks else (span.start, span.end)
    moved = tuple(replace(b, span=Span(b.span.start - start, b.span.end - start)) for b in blocks)
    return replace(document, text=document.text[start:end], blocks=moved, elements=elements), start


def _is_named_again(copy: Document, assessment: Assessment, span: Span, nose: Nose) -> bool:
    """Whether a rule finds at `span` of a copy what it found there in the paper, though it sees no more than the lines around.

    Conditions on the rest of the paper held when it was found first, and blanking only takes words away.
    """
    named = {f.rule for f in assessment.findings if f.span == span and _is_asked(f)}
    lines, shift = _cut_out(copy, span, assessment.elements)
    wanted = Span(span.start - shift, span.end - shift)
    return any(f.span == wanted and f.rule in named and f.severity is Severity.REVIEW for f in nose(lines))


def find_partial(document: Document, assessment: Assessment, judge: Judge, nose: Nose | None = None) -> Partial | None:
    """The smallest masking that opens a paper judged 不予公开; None where there is none, or nothing was found to mask.

    Args:
        document: as read (roles may be set; they are found again).
        assessment: its verdict.
        judge: document in, verdict out, without this step.
        nose: saves a judgement for each passage that the rules find again; without it all are judged.
    """
    if assessment.attribute is not Attribute.WITHHELD or assessment.problems or _is_closed_whole(assessment):
        return None
    asked = list(dict.fromkeys(f.span for f in assessment.findings if _is_asked(f)))
    always = list(dict.fromkeys([*assessment.redactions, *(f.span for f in assessment.findings if _is_personal(f))]))
    covered = sum(s.end - s.start for s in (*asked, *always))
    if not asked or len(asked) > _MOST or covered > _SHARE * max(1, assessment.chars):
        return None
    opened = _open(document, [*always, *asked], judge)
    if opened is None:
        return None
    if opened.elements.doc_kind != assessment.elements.doc_kind:
        nose = None  # rules look at the kind
    needed = list(asked)
    for span in sorted(asked, key=lambda s: s.start - s.end):  # the longest first: giving it back saves most
        rest = [s for s in needed if s != span]
        masks = [*always, *rest]
        if not rest or (nose and _is_named_again(blank(document, masks), assessment, span, nose)):
            continue
        if without := _open(document, masks, judge):
            needed, opened = rest, without
    return Partial(tuple(sorted([*always, *needed])), opened.attribute or Attribute.ON_REQUEST)
