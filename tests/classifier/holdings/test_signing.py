"""A signature holds for one list, names who and when, and cannot be changed, added or taken out without the key."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from classifier.core.errors import BadLedger, BadSettings
from classifier.holdings.ledger import Ledger
from classifier.holdings.seal import Seal
from classifier.holdings.signing import SHOWN, Signature, read_signatures, sign

SEAL = Seal(b"k" * 32)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(Ledger.create(tmp_path / "ledger.sqlite")) as made:
        made.note(SHOWN, "aa")
        yield made


def _sign(ledger: Ledger, list_: str = "aa", name: str = "王清") -> Signature:
    return sign(ledger, SEAL, name=name, duty="档案科科长", now="2026-11-24T18:00:00+08:00", list_=list_, papers=3, hours=1.26)


def test_a_list_is_signed_by_name_and_duty(ledger: Ledger) -> None:
    """And a second signature stands on the first."""
    first, second = _sign(ledger), _sign(ledger, name="李河")
    assert list(read_signatures(ledger, SEAL)) == [first, second]
    assert (first.number, first.name, first.duty, first.list, first.hours, first.before) == (
        1,
        "王清",
        "档案科科长",
        "aa",
        1.3,
        "",
    )
    assert second.before == first.binding(SEAL)


def test_a_list_that_changed_since_it_was_shown_is_not_signed(ledger: Ledger) -> None:
    """Nor one nobody has looked at."""
    with pytest.raises(BadSettings):
        _sign(ledger, list_="bb")
    assert list(read_signatures(ledger, SEAL)) == []


@pytest.mark.parametrize("name", ["", "  ", "王" * 61])
def test_a_name_is_asked_for(name: str, ledger: Ledger) -> None:
    """Somebody stands for it."""
    with pytest.raises(BadSettings):
        _sign(ledger, name=name)


@pytest.mark.parametrize(
    ("key", "value"), [("name", "张三"), ("list", "cc"), ("signed", "2027-01-01"), ("papers", 0), ("binding", "00")]
)
def test_a_changed_entry_is_seen(key: str, value: object, ledger: Ledger) -> None:
    """Whatever is changed in it."""
    _sign(ledger)
    told = json.loads(ledger.noted("signature:1") or "")
    ledger.note("signature:1", json.dumps({**told, key: value}))
    with pytest.raises(BadLedger):
        list(read_signatures(ledger, SEAL))


def test_an_entry_taken_out_is_seen(ledger: Ledger) -> None:
    """From the beginning or from between."""
    for name in ("甲", "乙", "丙"):
        _sign(ledger, name=name)
    ledger.note("signature:2", ledger.noted("signature:3") or "")
    with pytest.raises(BadLedger):
        list(read_signatures(ledger, SEAL))


def test_an_entry_of_another_key_is_seen(ledger: Ledger) -> None:
    """The folder alone signs nothing."""
    sign(ledger, Seal(b"x" * 32), name="甲", duty="乙", now="2026", list_="aa", papers=1, hours=0)
    with pytest.raises(BadLedger):
        list(read_signatures(ledger, SEAL))
