"""The list of changes counts papers as the report does: what only holds other files is none."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from classifier.core.assessment import Attribute
from classifier.holdings import verdicts
from classifier.holdings.changes import Changed, attach, find_changes, write_list
from classifier.holdings.ledger import Ledger, Paper
from classifier.pipeline import assess_text
from tests.classifier.holdings.made_ledger import made_ledger, paper, row

VERDICT = verdicts.pack(assess_text("关于做好防汛工作的通知"))


def _paper(number: int, **changed: object) -> Paper:
    return paper(number, **{"verdict": VERDICT, **changed})


def _changes(folder: Path, before: tuple[Paper, ...], after: tuple[Paper, ...]) -> Iterator[Changed]:
    for name, papers in (("old", before), ("new", after)):
        (folder / name).mkdir()
        made_ledger(folder / name, [row("/馆藏/包.zip", *papers)]).close()
    with closing(Ledger.open(folder / "new" / "ledger.sqlite")) as ledger:
        attach(ledger, folder / "old" / "ledger.sqlite")
        yield from find_changes(ledger)


def test_a_container_is_not_told_beside_its_paper(tmp_path: Path) -> None:
    """It is as closed as what lies in it."""
    before = (_paper(1, chars=0), _paper(2, part=1))
    after = (
        _paper(1, chars=0, attribute=Attribute.WITHHELD),
        _paper(2, part=1, attribute=Attribute.WITHHELD),
    )
    assert [change.part for change in _changes(tmp_path, before, after)] == [1]


def test_a_container_whose_own_name_says_something_else_is_told(tmp_path: Path) -> None:
    """Nothing else tells of it."""
    found = '{"personal.mobile@1": [1, "confirmed", "redact"]}'
    assert [change.part for change in _changes(tmp_path, (_paper(1, chars=0),), (_paper(1, chars=0, counts=found),))] == [0]


@pytest.mark.parametrize("changed", [{"chars": 5}, {"chars": 0, "problems": ("no_text",)}])
def test_a_paper_with_words_or_gaps_is_no_container(changed: dict[str, object], tmp_path: Path) -> None:
    """A scan of which nothing was read is a paper."""
    after = _paper(1, attribute=Attribute.WITHHELD, **changed)
    assert len(list(_changes(tmp_path, (_paper(1, **changed),), (after,)))) == 1


def test_the_list_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Paths stand in it."""
    write_list([], tmp_path / "changes.jsonl")
    assert (tmp_path / "changes.jsonl").stat().st_mode & 0o777 == 0o600
