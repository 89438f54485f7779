"""Duplicates are named group by group; two empty files are none."""

from pathlib import Path

import numpy as np

from classifier.core.assessment import Route
from classifier.holdings.copies import find_copies
from classifier.holdings.duplicates import NOTHING, Group, Sameness, find_duplicates
from classifier.holdings.ledger import Row
from classifier.learn.likeness import sketch_one
from tests.classifier.holdings.made_ledger import blocked, made_ledger, paper, row

SENTENCES = [f"第{chr(0x4E00 + 41 * i)}项由{chr(0x5000 + 53 * i)}局负责，{chr(0x6000 + 29 * i)}月底前报送" for i in range(120)]


def _sketch(*sentences: str) -> bytes:
    return np.asarray(sketch_one("。".join(sentences))).astype("<u4").tobytes()


def _find(folder: Path, *rows: Row) -> list[Group]:
    ledger = made_ledger(folder, rows)
    return list(find_duplicates(ledger, find_copies(ledger)))


def test_groups_are_told_from_the_surest_down(tmp_path: Path) -> None:
    """And what is in a surer group whole is not told twice."""
    same, alike = _sketch(*SENTENCES[:80]), _sketch(*SENTENCES[:75], *SENTENCES[100:105])
    found = _find(
        tmp_path,
        row("/a", paper(1, sketch=same)),
        row("/b", paper(1, sketch=same)),
        row("/c", paper(3, sketch=alike)),
        row("/d", paper(4, sketch=alike)),
        row("/e", paper(5, sketch=_sketch(*SENTENCES[90:]))),
    )
    assert found == [
        Group(Sameness.EXACT, ((1, 0), (2, 0))),
        Group(Sameness.CONTENT, ((3, 0), (4, 0))),
        Group(Sameness.ALIKE, ((1, 0), (2, 0), (3, 0), (4, 0))),
    ]


def test_two_empty_files_are_no_copy(tmp_path: Path) -> None:
    """They have nothing in common but nothing."""
    empty = {"sha256": NOTHING, "chars": 0, "problems": ("no_text",)}
    assert _find(tmp_path, row("/a", paper(1, **empty)), row("/b", paper(2, **empty))) == []


def test_of_two_equal_archives_the_papers_are_told(tmp_path: Path) -> None:
    """The archive itself is no paper."""
    shell, inside = paper(1, chars=0), paper(2, part=1)
    assert _find(tmp_path, row("/a.zip", shell, inside), row("/b.zip", shell, inside)) == [
        Group(Sameness.EXACT, ((1, 1), (2, 1)))
    ]


def test_a_stopped_file_and_its_equal_are_told(tmp_path: Path) -> None:
    """So that the other one is looked at."""
    stopped = blocked(1)
    assert stopped.route is Route.BLOCKED
    assert _find(tmp_path, row("/a", stopped), row("/b", paper(1))) == [Group(Sameness.EXACT, ((1, 0), (2, 0)))]
