"""Contradictions as the report shows them."""

from pathlib import Path

from classifier.core.assessment import Attribute, Route
from classifier.holdings.conflicts import show_conflicts
from classifier.holdings.contradictions import Contradiction, ContradictionKind, PaperRef
from classifier.holdings.figures import Conflict
from classifier.holdings.seal import Label, Seal
from tests.classifier.holdings.made_ledger import SEAL, blocked, made_ledger, paper, row

FOUND = Contradiction(
    ContradictionKind.SAME_NUMBER,
    (
        PaperRef(1, 0, Attribute.ACTIVE, Route.SUGGEST),
        PaperRef(2, 0, Attribute.WITHHELD, Route.REVIEW),
        PaperRef(3, 0, None, Route.BLOCKED),
    ),
    "请统一。",
)


def _shown(folder: Path, seal: Seal | None) -> Conflict:
    rows = [row("/馆藏/a", paper(1)), row("/馆藏/乙.pdf", paper(2, words=Label())), row("/馆藏/丙.pdf", blocked(3))]
    (shown,) = show_conflicts(made_ledger(folder, rows), seal, [FOUND])
    return shown


def test_papers_are_named_by_title_else_path_and_blocked_ones_by_number(tmp_path: Path) -> None:
    assert _shown(tmp_path, SEAL).papers == (
        "第 1 号 主动公开　关于第1号事项的通知",
        "第 2 号 不予公开　/馆藏/乙.pdf",
        "第 3 号，疑似涉密（停止处理），不显示文字",
    )


def test_without_a_seal_there_are_numbers_only(tmp_path: Path) -> None:
    assert "".join(_shown(tmp_path, None).papers) == "第 1 号 主动公开第 2 号 不予公开第 3 号，疑似涉密（停止处理），不显示文字"
