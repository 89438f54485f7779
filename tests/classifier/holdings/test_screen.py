"""What the screen shows of differences, rehearsals and copies can be read by people who know no code."""

import re
from dataclasses import replace
from pathlib import Path

from classifier.core.assessment import Attribute, Route
from classifier.holdings.catalogue import HIDDEN, Catalogue
from classifier.holdings.changes import Changed, ChangeKind, Verdict
from classifier.holdings.duplicates import Group, Sameness
from classifier.holdings.rehearsing import Rehearsal
from classifier.holdings.screen import (
    change_lines,
    duplicate_lines,
    group_line,
    rehearsal_lines,
    rehearsed_line,
    signature_words,
)
from classifier.holdings.signing import Signature
from tests.classifier.holdings.made_ledger import SEAL, made_ledger, paper, row

NAMES = {"hidden.comment": "文件里有批注"}
CHANGED = Changed(
    path="/馆藏/甲/1.pdf".encode(),
    file=1,
    part=0,
    kind=ChangeKind.ATTRIBUTE,
    old=Verdict(Attribute.ACTIVE, Route.SUGGEST, 0.97),
    new=Verdict(Attribute.WITHHELD, Route.REVIEW, 0.8),
    rules={"hidden.comment@1": (0, 2)},
    gone=("S7 active",),
    come=("S4 withheld", "S8"),
)
VERDICT = {"attribute": "active", "route": "suggest", "findings": {}}
STRICTER = {"attribute": "withheld", "route": "review", "findings": {"hidden.comment@1": 2}}


def _catalogue(folder: Path) -> Catalogue:
    return Catalogue(made_ledger(folder, [row("/馆藏/甲/1.pdf", paper(1)), row("/馆藏/乙/1.pdf", paper(1))]), SEAL)


def test_a_change_is_told_by_title_and_in_words(tmp_path: Path) -> None:
    """Steps by what they ask, rules by name; no bare code."""
    told = list(change_lines(CHANGED, _catalogue(tmp_path), NAMES))
    assert told == [
        "第 1 号　《关于第1号事项的通知》　甲/1.pdf",
        f"　　属性 主动公开 → 不予公开；处理方式 {Route.SUGGEST.label} → {Route.REVIEW.label}；把握 97%→80%",
        "　　命中（处） 文件里有批注（hidden.comment@1） 0→2",
        "　　不再主张 同类文件的做法：主动公开",
        "　　新主张 法律禁止公开、公共安全：不予公开；标注的属性、转发的原件：提示核对",
    ]
    assert not re.search(r"\bS\d", "".join(told))


def test_a_change_of_a_stopped_paper_shows_no_word(tmp_path: Path) -> None:
    """Nor does a rehearsal."""
    catalogue = _catalogue(tmp_path)
    assert next(change_lines(replace(CHANGED, path=b""), catalogue, NAMES)) == f"第 1 号　{HIDDEN}"
    row_ = {
        "source": "/馆藏/甲/1.pdf",
        "part": 0,
        "before": VERDICT,
        "after": {**STRICTER, "attribute": None, "route": "blocked"},
    }
    assert "1.pdf" not in rehearsed_line(row_, catalogue, NAMES)


def test_a_rehearsed_paper_is_told_by_number_and_path(tmp_path: Path) -> None:
    """Two papers 1.pdf stay apart."""
    row_ = {"source": "/馆藏/乙/1.pdf", "part": 0, "before": VERDICT, "after": STRICTER}
    told = rehearsed_line(row_, _catalogue(tmp_path), NAMES)
    assert told.startswith("第 2 号　乙/1.pdf\t文件里有批注（hidden.comment@1） +2，主动公开 → 不予公开，")


def test_the_papers_of_a_rehearsal_add_up() -> None:
    """Looked through, stopped, and missing make the whole batch; shells are named beside it."""
    told = Rehearsal(all=454, stopped=2, containers=3, papers=450, unkept=2, failed=1)
    [_, last] = rehearsal_lines(told)
    assert last.startswith("全批 454 件（另有 3 个压缩包一类的外壳，不算件）：演练 449 件，涉密停止、不演练 2 件，")
    assert "没有演练到 3 件" in last
    assert 449 + 2 + 3 == 454


def test_a_group_names_its_first_papers(tmp_path: Path) -> None:
    """And tells how many there are; further groups are counted."""
    catalogue = _catalogue(tmp_path)
    assert group_line(3, Group(Sameness.EXACT, ((1, 0), (2, 0))), catalogue) == (
        "第 3 组　逐字节相同　第 1 号 甲/1.pdf；第 2 号 乙/1.pdf"
    )
    assert group_line(1, Group(Sameness.ALIKE, ((1, 0),) * 9), catalogue).endswith("；……共 9 件")
    told = list(duplicate_lines({"逐字节相同": (4, 9)}, 3))
    assert told[:2] == ["……另有 1 组", "逐字节相同的 4 组，共 9 件。"]
    assert told[2].startswith("内容相同（数字以外）的 0 组")


def test_a_signature_is_told_in_beijing_time() -> None:
    """To the minute."""
    entry = Signature(1, "王清", "科长", "2026-11-24T18:42:00+00:00", "ab" * 32, 3, 1.0, "")
    assert signature_words(entry) == "王清（科长），2026-11-25 02:42（北京时间），清单 abababababab"
