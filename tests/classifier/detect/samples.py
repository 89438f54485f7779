"""One finding of a plain text, for tests."""

from classifier.core.finding import Finding
from classifier.detect.spans import _book, document_of, find_personal


def found(text: str, kind: str) -> Finding | None:
    """The first finding of a type, confirmed ones first; None when there is none."""
    findings = [f for f in find_personal(document_of(text), _book()) if f.type == kind]
    return min(findings, key=lambda f: (f.grade.value, f.span), default=None)
