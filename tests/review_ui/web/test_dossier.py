"""The page cites the law of the paper's date, and beside it the law on which a decision of today rests."""

from pathlib import Path

from classifier.knowledge import load_law
from review_ui.web.dossier import articles

LAW = load_law(Path(__file__).resolve().parents[3] / "corpus" / "law")


def test_an_old_paper_shows_both_editions() -> None:
    """2018: 第十四条 of 2007, then 第十五条 of now."""
    shown = [a.citation for a in articles(LAW, ["条例:15"], "2018-03-01")]
    assert shown == ["《政府信息公开条例》（2007年）第十四条", "《政府信息公开条例》第十五条"]


def test_a_paper_of_now_shows_one() -> None:
    """No repetition, no unknown id."""
    assert [a.citation for a in articles(LAW, ["条例:15", "条例:15", "旧法:1"], "2026-03-01")] == ["《政府信息公开条例》第十五条"]
