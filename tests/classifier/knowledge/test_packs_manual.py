"""docs/packs.md is true: the pack it shows loads and holds."""

import re
from pathlib import Path

from classifier.core.settings import read_settings
from classifier.inspection import inspect
from classifier.knowledge import RuleState, load_knowledge

CORPUS = read_settings().data_home / "corpus"
MANUAL = (Path(__file__).resolve().parents[3] / "docs" / "packs.md").read_text(encoding="utf-8")


def test_the_pack_of_the_manual_works(tmp_path: Path) -> None:
    """Copied as it is printed: no refusal, no flaw, the changes it tells."""
    pack, rules = re.findall(r"```toml\n(.*?)```", MANUAL, re.S)
    (tmp_path / "yunxi").mkdir()
    (tmp_path / "yunxi" / "pack.toml").write_text(pack, encoding="utf-8")
    (tmp_path / "yunxi" / "projects.toml").write_text(rules, encoding="utf-8")
    known = load_knowledge(CORPUS, tmp_path)
    assert known.book.refused == ()
    assert known.book.by_id("security.stability").state is RuleState.EVALUATION
    assert known.book.lines == {"suggest": 0.95}
    assert list(inspect(known, "yunxi")) == []
