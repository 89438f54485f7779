"""Contradictions and copies as the report shows them: papers by number and, where words may be shown, by title or path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from classifier.core.assessment import Route
from classifier.holdings.contradictions import Contradiction, PaperRef
from classifier.holdings.figures import Conflict
from classifier.holdings.ledger import Ledger
from classifier.holdings.listing import STOPPED, plain, show_path
from classifier.holdings.seal import Seal


def show_conflicts(ledger: Ledger, seal: Seal | None, found: Iterable[Contradiction]) -> Iterator[Conflict]:
    """Each contradiction with names of its papers; without a seal, and for papers with a state-secret marking, numbers only.

    Raises:
        BadLedger: words sealed with another key.
    """
    for one in found:
        yield Conflict(one.kind.label, tuple(_name(ledger, seal, paper) for paper in one.papers), plain(one.advice))


def _name(ledger: Ledger, seal: Seal | None, paper: PaperRef) -> str:
    number = f"{paper.file}-{paper.part}" if paper.part else f"{paper.file}"
    if paper.route is Route.BLOCKED or paper.attribute is None:
        return f"第 {number} 号，{STOPPED}，不显示文字"
    head = f"第 {number} 号 {paper.attribute.label}"
    if seal is None:
        return head
    question = (
        "SELECT paper.label, file.path FROM paper JOIN file ON file.id = paper.file WHERE paper.file = ? AND paper.part = ?"
    )
    label, path = ledger.read(question, (paper.file, paper.part)).fetchone()
    return f"{head}　{plain(seal.open_label(label).title) or show_path(bytes(path))}"
