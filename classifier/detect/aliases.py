"""Several persons of one surname in one paper: 张某1, 张某2, each person the same number from first to last mention (domain/04 §5).

Without numbers a cleaned judgement or a list reads as if all of them were one person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from classifier.core.finding import Category, Finding
from classifier.detect.anchors import find_all
from classifier.detect.view import View

_GAP = re.compile(r"[\s\u3000·•‧∙⋅・]+")
_VEILED = re.compile(r"[\u4e00-\u9fff]{1,4}某[0-9]{0,3}")
_SOME = "某"


def _stands_for(finding: Finding) -> bool:
    return finding.category is Category.PERSONAL_INFO and finding.type == "person_name" and (finding.mask or "").endswith(_SOME)


def number(view: View, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, with numbers behind the masks that would otherwise stand for two persons."""
    persons: dict[str, dict[str, int]] = {}
    for finding in findings:
        if _stands_for(finding) and finding.mask:
            name = _GAP.sub("", view.folded[finding.span.start : finding.span.end])
            persons.setdefault(finding.mask, {}).setdefault(name, 0)
    if not persons:
        return tuple(findings)
    veiled = {m.group() for m in find_all(_VEILED, view.folded)} if _SOME in view.folded else set()
    crowded = {mask: names for mask, names in persons.items() if len(names) > 1 or mask in veiled}
    for mask, names in crowded.items():
        free = (n for n in range(1, len(names) + len(veiled) + 2) if f"{mask}{n}" not in veiled)
        for name in names:
            names[name] = next(free)
    return tuple(_numbered(view, finding, crowded) for finding in findings)


def _numbered(view: View, finding: Finding, crowded: dict[str, dict[str, int]]) -> Finding:
    if not _stands_for(finding) or finding.mask not in crowded:
        return finding
    name = _GAP.sub("", view.folded[finding.span.start : finding.span.end])
    return replace(finding, mask=f"{finding.mask}{crowded[finding.mask][name]}")
