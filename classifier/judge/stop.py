"""S1, the hard stop: what may be said of a paper that carries a state-secret marking（保密法:31）."""

from __future__ import annotations

from classifier.core.assessment import Assessment, Provenance, Reason, Route
from classifier.core.document import Elements, SecretMarking
from classifier.core.finding import Finding
from classifier.core.text import fold
from classifier.detect.marking_grammar import fold_marks
from classifier.judge.case import Case


def stop(case: Case, source: str, provenance: Provenance, marks: tuple[int, ...]) -> Assessment:
    """S1: hard stop. Nothing of the text survives: no spans' words, no elements, only level, period and place."""
    first = case.findings[marks[0]]
    kept = tuple(case.findings[i] for i in marks)
    text = "发现国家秘密标志。请立即停止处理、传递和上传，保护现场，并报告本单位保密工作机构。"
    return Assessment(
        source=source,
        sha256=case.document.sha256,
        format=case.document.format,
        attribute=None,
        in_scope=True,
        confidence=1.0,
        route=Route.BLOCKED,
        reasons=(Reason(None, first.law, text, tuple(range(len(kept))), "S1"),),
        findings=kept,
        provenance=provenance,
        elements=Elements(secret_marking=read_marking(case, first)),
        problems=case.document.problems,
        member=case.document.member,
        pages=case.document.pages,
        chars=case.document.body_length(),
        receipt=case.document.receipt,
    )


_LEVELS = (("绝密", "top_secret"), ("机密", "secret"), ("秘密", "confidential"))


def read_marking(case: Case, finding: Finding) -> SecretMarking:
    """Level, period and place of a marking（保密法:14, :20）; level `unknown` for cipher telegrams."""
    words = "".join(fold_marks(fold(case.document.text[finding.span.start : finding.span.end])).replace("木几", "机").split())
    level = next((code for word, code in _LEVELS if word in words), "unknown")
    after = words.partition("密")[2].lstrip("级件★☆⭐✩✭✰⋆*＊✱✦\uf0ab·•女k◆◇▲△&")
    return SecretMarking(level, after.strip("】]）)") or None, finding.where)
