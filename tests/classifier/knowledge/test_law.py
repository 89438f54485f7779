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
