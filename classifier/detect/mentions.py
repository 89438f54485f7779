"""Names of people that stand without a label, found by the name model (models/name).

A name alone is nobody's secret: officials, experts and public figures are told, private people are for a person to look at
（domain/04 §6）. Where one paper names somebody once in office and once privately, the graver stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary

from classifier.core.finding import Finding, Severity
from classifier.core.settings import data_home
from classifier.detect.capacity import Capacity, Labels, load_labels, read_capacities
from classifier.detect.labels import enabled
from classifier.detect.masks import mask_for
from classifier.detect.name_scorer import Mention, choose, load_scorer
from classifier.detect.name_shapes import SURNAME
from classifier.detect.view import View
from classifier.knowledge.rules import RuleBook

_READ: WeakKeyDictionary[View, tuple[Mention, ...]] = WeakKeyDictionary()
"""Two detectors ask for the mentions of one view; kept as long as the view lives."""


def mentions_of(view: View) -> tuple[Mention, ...]:
    """The names the model finds in a document, in order; none when there is no model."""
    known = _READ.get(view)
    if known is None:
        scorer = load_scorer(data_home())
        known = _READ[view] = tuple(choose(view.folded, scorer)) if scorer else ()
    return known


@lru_cache(maxsize=2)
def _labels_of(home: Path) -> Labels:
    return load_labels(home / "corpus" / "terms")


def begins_name(text: str, at: int) -> bool:
    """Whether the character before `at` is a surname: then what stands at `at` belongs to another person's name."""
    scorer = load_scorer(data_home())
    return at > 0 and scorer is not None and bool(scorer.shapes.bits[min(ord(text[at - 1]), 0xFFFF)] & SURNAME)


def detect(view: View, book: RuleBook) -> Iterator[Finding]:
    """One finding per mention, as grave as the person's capacity makes it."""
    rule = enabled(book, "personal.name_mention")
    mentions = mentions_of(view) if rule else ()
    if rule is None or not mentions:
        return
    text = view.folded
    capacities = read_capacities(text, mentions, _labels_of(data_home()))
    private = {
        text[m.start : m.end] for m, (capacity, _) in zip(mentions, capacities, strict=True) if capacity is Capacity.PRIVATE
    }
    for mention in mentions:
        name = text[mention.start : mention.end]
        severity = Capacity.PRIVATE.severity if name in private else Severity.INFO
        mask = mask_for(rule.mask, name) if severity is not Severity.INFO else None
        yield view.finding(rule, mention.start, mention.end, severity=severity, mask=mask)
