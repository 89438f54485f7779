"""What a child tells of one file, and what the parent believes."""

import copy
import json
import zipfile
from pathlib import Path

import pytest

from classifier.core.assessment import Attribute, Route
from classifier.holdings import keeping, keys, piece
from classifier.holdings.seal import Seal

NOTICE = "东江县人民政府关于开展春季植树活动的通知（征求意见稿）\n东政发〔2024〕3号\n各乡镇人民政府：\n　　请认真组织。\n东江县人民政府\n2024年3月1日\n"
MARKED = "机密★10年\n关于某事项的请示\n"


@pytest.fixture
def seal() -> Seal:
    return Seal(b"k" * 32)


def _answer(tmp_path: Path, text: str = NOTICE, name: str = "a.txt") -> list:
    """As it comes over the line."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    return json.loads(json.dumps(piece.look(str(tmp_path / name))))


def test_a_paper_is_told_with_its_words_sealed(tmp_path: Path, seal: Seal) -> None:
    """Attribute, kind, date; title and number open with the key only."""
    [paper] = piece.accept(_answer(tmp_path), seal).papers
    assert (paper.part, paper.format, paper.kind, paper.issued) == (0, "txt", "通知", "2024-03-01")
    assert isinstance(paper.attribute, Attribute)
    label = seal.open_label(paper.label)
    assert label.title is not None
    assert "植树活动" in label.title
    assert label.number == "东政发〔2024〕3号"
    assert paper.sketch is not None
    assert len(paper.sketch) == 512


def test_what_is_kept_can_be_judged_again(tmp_path: Path, seal: Seal) -> None:
    """The vault's key and content belong together."""
    accepted = piece.accept(_answer(tmp_path), seal)
    [(name, kept)] = accepted.kept
    assert accepted.papers[0].vault == name == keeping.vault_id(accepted.papers[0].sha256, "a.txt")
    assert "植树活动" in keeping.unpack(kept).document.text


def test_a_marked_file_leaves_no_words(tmp_path: Path, seal: Seal) -> None:
    """Level and period alone."""
    accepted = piece.accept(_answer(tmp_path, MARKED), seal)
    [paper] = accepted.papers
    assert (paper.route, paper.attribute, paper.level, paper.period) == (Route.BLOCKED, None, "secret", "10年")
    assert (paper.label, paper.sketch, paper.bloom, paper.vault, accepted.kept) == (None, None, None, None, ())


def test_a_marked_member_leaves_one_answer(tmp_path: Path, seal: Seal) -> None:
    """Nothing is said of the other members, not even their names."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as box:
        box.writestr("one.txt", NOTICE)
        box.writestr("two.txt", MARKED)
    answers = json.loads(json.dumps(piece.look(str(tmp_path / "x.zip"))))
    assert len(answers) == 1
    assert piece.accept(answers, seal).papers[0].route is Route.BLOCKED


def test_members_are_papers_of_their_own(tmp_path: Path, seal: Seal) -> None:
    """The container first, then each of them with its place in it."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as box:
        box.writestr("one.txt", NOTICE)
        box.writestr("two.txt", NOTICE + "另一份。")
    papers = piece.accept(json.loads(json.dumps(piece.look(str(tmp_path / "x.zip")))), seal).papers
    assert [p.part for p in papers] == [0, 1, 2]
    assert [seal.open_label(p.label).member for p in papers] == [None, "one.txt", "two.txt"]
    assert len({p.vault for p in papers}) == 3


def test_an_unread_file_is_told_by_its_code(tmp_path: Path, seal: Seal) -> None:
    """A person decides."""
    [paper] = piece.accept(piece.look_unread(str(tmp_path / "gone.pdf"), "timeout"), seal).papers
    assert "timeout" in paper.problems
    assert paper.route is Route.MANUAL


def test_drafts_and_final_papers_have_one_title_key(seal: Seal) -> None:
    """So do numbers with other brackets; different titles and numbers do not."""
    assert keys.title_key(seal, "关于 植树的通知（征求意见稿）") == keys.title_key(seal, "关于植树的通知")
    assert keys.title_key(seal, "关于植树的通知") != keys.title_key(seal, "关于植树的通报")
    assert keys.number_key(seal, "东政发[2024]3号") == keys.number_key(seal, "东政发〔２０２４〕 3号")
    assert keys.number_key(seal, "东政发〔2024〕3号") != keys.number_key(seal, "东政发〔2024〕33号")
    assert keys.title_key(seal, "（草案）") is None


FORGERIES = {
    "no list": lambda a: {},
    "nothing": lambda a: [],
    "another part": lambda a: [{**a[0], "part": 1}],
    "an attribute of its own": lambda a: [{**a[0], "attribute": "public"}],
    "blocked with an attribute": lambda a: [{**a[0], "route": "blocked"}],
    "blocked with words": lambda a: [{**a[0], "route": "blocked", "attribute": None}],
    "sure beyond measure": lambda a: [{**a[0], "confidence": 2.0}],
    "not a number": lambda a: [{**a[0], "confidence": float("nan")}],
    "no hash": lambda a: [{**a[0], "sha256": "zz"}],
    "no date": lambda a: [{**a[0], "issued": "yesterday"}],
    "a level of its own": lambda a: [{**a[0], "level": "ultra"}],
    "an unknown problem": lambda a: [{**a[0], "problems": ["<script>"]}],
    "counts that are none": lambda a: [{**a[0], "counts": {"r": [-1, "hint", "info"]}}],
    "a grade of its own": lambda a: [{**a[0], "counts": {"r": [1, "certain", "info"]}}],
    "a long word": lambda a: [{**a[0], "kind": "长" * 100}],
    "a short sketch": lambda a: [{**a[0], "sketch": "AAAA"}],
    "no base64": lambda a: [{**a[0], "verdict": "###"}],
    "a missing key": lambda a: [{k: v for k, v in a[0].items() if k != "label"}],
    "a blocked member beside others": lambda a: [
        a[0],
        {**a[0], "part": 1, "route": "blocked", "attribute": None, "label": None, "kept": None, "sketch": None},
    ],
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_answer_is_refused(forge, tmp_path: Path, seal: Seal) -> None:
    """A child that was taken over cannot write what no child writes."""
    told = forge(copy.deepcopy(_answer(tmp_path)))
    with pytest.raises((ValueError, TypeError, LookupError, AttributeError)):
        piece.accept(told, seal)
