"""People find a paper again by number, title and path; of one that is stopped they get the number."""

import json
from pathlib import Path

import pytest

from classifier.holdings.catalogue import HIDDEN, Catalogue, find_sources
from classifier.holdings.changes import ORIGIN
from classifier.holdings.seal import Label
from tests.classifier.holdings.made_ledger import SEAL, add_run, blocked, made_ledger, paper, row

MEMBER = paper(2, part=1, words=Label("附件的标题", None, None, "附件/一.docx"))


@pytest.mark.parametrize(
    ("sources", "path", "below"),
    [
        (["/馆藏"], "/馆藏/水利局/1.pdf", "水利局/1.pdf"),
        (["/馆藏/"], "/馆藏/水利局/1.pdf", "水利局/1.pdf"),
        (["/馆藏/2020/永久", "/馆藏/2021/永久"], "/馆藏/2020/永久/1.pdf", "2020/永久/1.pdf"),
        (["/馆藏/清单.txt"], "/别处/1.pdf", "/别处/1.pdf"),
        (["/甲", "/乙"], "/甲/1.pdf", "/甲/1.pdf"),
        (["-"], "/甲/1.pdf", "/甲/1.pdf"),
    ],
)
def test_a_path_is_shown_below_what_the_batch_was_given(sources: list[str], path: str, below: str, tmp_path: Path) -> None:
    """Of several folders below what they have in common: two folders 永久 stay apart."""
    ledger = made_ledger(tmp_path, [row(path, paper(1))], source=sources[0])
    for source in sources[1:]:
        add_run(ledger, [], source=source)
    assert Catalogue(ledger, None).look(1, 0).below == below


def test_a_paper_inside_a_file_is_named_with_its_place(tmp_path: Path) -> None:
    """With the key by name, without it by number."""
    ledger = made_ledger(tmp_path, [row("/馆藏/包.zip", paper(1), MEMBER)])
    named = Catalogue(ledger, SEAL).look(1, 1)
    assert (named.number, named.title, named.path) == ("1-1", "附件的标题", "/馆藏/包.zip › 附件/一.docx")
    assert named.name == "《附件的标题》　包.zip › 附件/一.docx"
    closed = Catalogue(ledger, None).find("/馆藏/包.zip".encode(), 1)
    assert (closed.title, closed.name) == ("", "包.zip › 第 1 个内含文件")


@pytest.mark.parametrize("may_show", [True, False])
def test_a_paper_that_is_stopped_has_a_number_and_nothing_else(may_show: bool, tmp_path: Path) -> None:
    """Stopped by this run, or by another."""
    ledger = made_ledger(tmp_path, [row("/馆藏/机密.txt", blocked(1) if may_show else paper(1))])
    named = Catalogue(ledger, SEAL).look(1, 0, may_show=may_show)
    assert (named.title, named.path, named.below, named.name) == (HIDDEN, HIDDEN, HIDDEN, HIDDEN)
    assert named.number == "1"


def test_a_difference_run_knows_the_folders_of_the_first(tmp_path: Path) -> None:
    """Its own source is the list of what was left to read."""
    ledger = made_ledger(tmp_path, [row("/馆藏/甲/1.pdf", paper(1))], source="/新/again.list")
    ledger.note(ORIGIN, json.dumps({"old": "/旧", "sources": ["/馆藏"]}))
    assert find_sources(ledger) == ("/馆藏".encode(), "/新/again.list".encode())
    assert Catalogue(ledger, None).look(1, 0).below == "甲/1.pdf"
