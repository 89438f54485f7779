"""The statute book: every article can be cited, bad files are refused at load."""

from pathlib import Path

import pytest

from classifier.core.errors import BadKnowledge
from classifier.core.settings import read_settings
from classifier.knowledge import load_law

GOOD = '[statute]\nid = "试"\nname = "试行法"\nin_force = 2020-01-01\n[[article]]\nno = "1"\nplace = "第一条"\ngist = "要点。"\n'


def test_our_law_loads_and_cites() -> None:
    """The citation names statute and place."""
    law = load_law(read_settings().data_home / "corpus" / "law")
    assert law.article("条例:16.2").citation == "《政府信息公开条例》第十六条第二款"
    assert law.cite(("条例:14", "保密法:22")) == "《政府信息公开条例》第十四条、《保守国家秘密法》第二十二条"


def test_unknown_article_fails_loudly() -> None:
    """A rule may not cite what the statute book does not hold."""
    law = load_law(read_settings().data_home / "corpus" / "law")
    with pytest.raises(BadKnowledge, match="条例:99"):
        law.article("条例:99")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not toml [", "TOML"),
        (GOOD.replace('gist = "要点。"\n', ""), "gist"),
        (GOOD + GOOD.partition("[[")[1] + GOOD.partition("[[")[2], "重复"),
    ],
)
def test_bad_statute_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """Broken TOML, a missing field and a repeated id stop the load."""
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadKnowledge, match=message):
        load_law(tmp_path)


def test_empty_folder_is_refused(tmp_path: Path) -> None:
    """No law, no verdicts."""
    with pytest.raises(BadKnowledge, match="空"):
        load_law(tmp_path)


OURS = load_law(read_settings().data_home / "corpus" / "law")
EARLIER = (
    '[[article.earlier]]\nedition = "2010"\nplace = "第九条"\ngist = "旧要点。"\nin_force = 2010-01-01\nuntil = 2019-12-31\n'
)


@pytest.mark.parametrize(
    ("identifier", "day", "expected"),
    [
        ("条例:14", "2018-03-01", "《政府信息公开条例》（2007年）第十四条"),
        ("条例:15", "2019-05-14", "《政府信息公开条例》（2007年）第十四条"),
        ("条例:15", "2019-05-15", "《政府信息公开条例》第十五条"),
        ("保密法:22", "2020-01-01", "《保守国家秘密法》（2010年）第十七条"),
        ("保密法:22", "2024-05-01", "《保守国家秘密法》第二十二条"),
        ("统计法:28", "2024-09-12", "《统计法》（2009年）第二十五条"),
        ("反法:10", "2025-10-14", "《反不正当竞争法》（2019年）第九条"),
        ("反法:10", "2026-02-01", "《反不正当竞争法》第十条"),
        ("条例:14", None, "《政府信息公开条例》第十四条"),
        ("条例:14", "没有日期", "《政府信息公开条例》第十四条"),
        ("保密法:22", "1995-01-01", "《保守国家秘密法》第二十二条"),
        ("条例:16.2", "2018-03-01", "《政府信息公开条例》第十六条第二款"),
    ],
)
def test_the_article_of_the_papers_date_is_cited(identifier: str, day: str | None, expected: str) -> None:
    """Amended laws are cited as they stood; where we hold no edition for the day, the law of now."""
    assert OURS.article_at(identifier, day).citation == expected


def test_two_ids_that_were_one_article_are_cited_once() -> None:
    """第十四、十五条 of 2019 were both 第十四条 of 2007."""
    assert OURS.cite(("条例:14", "条例:15"), "2018-03-01") == "《政府信息公开条例》（2007年）第十四条"


def test_labels_leave_out_what_we_do_not_know() -> None:
    """An id of an older rule book does not break a page."""
    assert OURS.labels(("条例:14", "旧法:1"), None) == {"条例:14": "《政府信息公开条例》第十四条"}


def test_numbers_we_only_concluded_are_marked() -> None:
    """The number of 反法:10 is concluded from its neighbours, and says so."""
    assert not OURS.article("反法:10").checked
    assert OURS.article("条例:14").checked


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD + EARLIER.replace("2019-12-31", "2020-06-01"), "重叠"),
        (GOOD + EARLIER.replace("until = 2019-12-31\n", ""), "until"),
        (GOOD + EARLIER.replace("2010-01-01", "2019-12-31").replace("until = 2019-12-31", "until = 2018-12-31"), "日期"),
        (GOOD.replace("2020-01-01", '"2020年"'), "日期"),
    ],
)
def test_bad_editions_are_refused(tmp_path: Path, text: str, message: str) -> None:
    """On any day one text is the law: overlapping, open-ended or reversed editions stop the load."""
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadKnowledge, match=message):
        load_law(tmp_path)


def test_local_regulations_come_on_top(tmp_path: Path) -> None:
    """A bureau's law is added to ours and may not replace an article of ours."""
    (tmp_path / "a.toml").write_text(GOOD, encoding="utf-8")
    law = load_law(tmp_path, OURS)
    assert law.article("试:1").citation == "《试行法》第一条"
    assert law.article("条例:14") is OURS.article("条例:14")
    with pytest.raises(BadKnowledge, match="重复"):
        load_law(tmp_path, law)
