"""A rehearsal over the vault tells what a rehearsal over all the papers tells, and opens few of them."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from classifier import rehearsal
from classifier.core.errors import BadKnowledge, BadLedger
from classifier.holdings import keeping
from classifier.holdings.ledger import Ledger
from classifier.holdings.order import LEDGER, VAULT
from classifier.holdings.rehearsing import open_and_compare, rehearse
from classifier.holdings.seal import Seal
from classifier.holdings.vault import Vault
from classifier.pipeline import default_tools
from classifier.rehearsal import Target
from tests.classifier.holdings import archive


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("archive")
    archive.write_papers(folder / "papers", every=40)
    (folder / "papers" / "marked.txt").write_text("机密★10年\n关于督办事项的通知\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        archive.stay_here(patch)
        archive.run_all(folder / "papers", folder / "out", Seal.load(folder / "key"))
        yield folder


@pytest.mark.parametrize("rule", ["process.discussion", "disclosure.service", "personal.mobile"])
def test_the_vault_tells_what_all_papers_tell(rule: str, place: Path) -> None:
    """For a rule with words and for one that is code."""
    told = rehearse(place / "out", place / "key", Target(rule))
    books = rehearsal.plan(Target(rule))
    expected = []
    with (
        closing(Ledger.open(place / "out" / LEDGER)) as ledger,
        closing(Vault.open(place / "out" / VAULT, Seal.load(place / "key"))) as vault,
    ):
        for file, paper in ledger.papers("vault IS NOT NULL"):
            document = keeping.unpack(vault.get(paper.vault or b"") or b"").document
            row = {**rehearsal.compare(document, books, ledger.path_of(file).decode()), "part": paper.part}
            if rehearsal.is_changed(row):
                expected.append(row)
    assert told.rows == expected
    assert expected
    assert (told.failed, told.unkept) == (0, 0)


def test_few_papers_are_opened(place: Path) -> None:
    """The blocked one is not even counted."""
    told = rehearse(place / "out", place / "key", Target("ban.audit"))
    assert told.opened < told.papers / 4
    assert told.judged <= told.opened
    assert told.papers == len(list((place / "papers").iterdir())) - 1
    assert (told.all, told.stopped, told.unkept) == (told.papers + 1, 1, 0)


def test_children_tell_the_same(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `batch.run` hands it out."""
    archive.stay_here(monkeypatch)
    alone = rehearse(place / "out", place / "key", Target("process.discussion"))
    together = rehearse(place / "out", place / "key", Target("process.discussion"), jobs=2)
    assert alone == together


def test_a_pack_can_be_rehearsed(place: Path, tmp_path: Path) -> None:
    """Its rules count as enabled."""
    pack = tmp_path / "yunxi"
    pack.mkdir()
    (pack / "pack.toml").write_text(
        '[pack]\nprefix = "yunxi"\nname = "云溪"\nversion = "1"\npublisher = "办"\ndescription = "试"\n', encoding="utf-8"
    )
    (pack / "r.toml").write_text(
        '[[rule]]\nid = "yunxi.meeting"\nversion = 1\nmethod = "terms"\ncategory = "internal_affairs"\ntype = "internal_procedure"\n'
        'severity = "review"\nlaw = ["条例:16.1"]\nwhy = "试"\nterms = ["会议"]\nhits = ["会议"]\n',
        encoding="utf-8",
    )
    told = rehearse(place / "out", place / "key", Target(pack=str(pack)))
    assert told.rows
    assert all("yunxi.meeting@1" in row["after"]["findings"] for row in told.rows)


def test_a_paper_that_is_not_kept_is_counted(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is known of it, and that is told."""
    monkeypatch.setattr("classifier.holdings.rehearsing.fetch", lambda *_: (_ for _ in ()).throw(LookupError))
    told = rehearse(place / "out", place / "key", Target("process.discussion"))
    assert told.failed == told.opened > 0
    assert open_and_compare.__module__ == "classifier.holdings.rehearsing"


def test_an_unknown_rule_and_a_strange_key_are_told(place: Path, tmp_path: Path) -> None:
    """Before anything is opened."""
    with pytest.raises(BadKnowledge):
        rehearse(place / "out", place / "key", Target("no.rule"))
    with pytest.raises(BadLedger):
        rehearse(place / "out", tmp_path / "other", Target("process.discussion"))
    assert default_tools().book.by_id("process.discussion")
