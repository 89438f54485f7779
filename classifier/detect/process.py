"""Unfinished papers: a draft mark in the title or on a line of its own, unless the draft is put before the public (domain/09 §3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.core.document import Role, Where
from classifier.core.finding import Finding
from classifier.detect.anchors import matches
from classifier.detect.view import View
from classifier.knowledge.rules import RuleBook, RuleState

_PUBLIC = re.compile(r"公开征求|向社会(?:公开)?征求|公开征集|社会公众|社会各界|广泛征求社会|征求公众")
_SHORT = 80
"""A title line; longer lines are running text that mentions a draft."""


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """Findings of `process.draft` on title lines and file names."""
    rule = book.by_id("process.draft")
    found = list(matches(view, book, rule)) if rule.state is RuleState.ENABLED else []
    if found and _PUBLIC.search(view.folded):
        return
    for match in found:
        start, end = match.span("hit") if match["hit"] else match.span("hit2")
        block = view.document.block_at(start)
        is_title = block is not None and (block.role is Role.TITLE or block.where in (Where.NAME, Where.HEADER))
        if is_title or len(view.line_of(start, end).strip()) <= _SHORT:
            yield view.finding(rule, start, end)
