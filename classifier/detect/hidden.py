"""Text that is in the file and out of sight: one finding for each way of hiding, at its first place.

The reading room notes the way (`Block.origin`); which ways matter is said by the rules `hidden.<origin>`. A way without a
rule (a field code, an alternative text) is read and searched like all text, and is no finding of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from classifier.core.document import Where
from classifier.core.finding import Finding
from classifier.detect.view import View
from classifier.knowledge.rules import Rule, RuleBook

_OF_PROPERTIES = {"metadata", "location"}
_LEAST = 2
"""Characters that make words: a lone dash in a hidden cell tells nothing."""


@lru_cache(maxsize=4)
def _rules(book: RuleBook) -> dict[str, Rule]:
    return {rule.type: rule for rule in book.active() if rule.id.startswith("hidden.")}


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """At most one finding per origin."""
    rules = _rules(book)
    told: set[str] = set()
    for block in view.unusual:
        origin = block.origin
        if origin is None or origin in told or origin not in rules:
            continue
        if block.where is Where.PROPERTY and origin not in _OF_PROPERTIES:
            continue  # names of styles, templates and parts: read and searched, but no words of anybody
        start, end = block.span.start, block.span.end
        if len(view.folded[start:end].strip()) >= _LEAST:
            told.add(origin)
            yield view.finding(rules[origin], start, end)
