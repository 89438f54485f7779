"""Words of papers are sealed; without the key nothing can be read, tried out or exchanged."""

from pathlib import Path

import pytest

from classifier.core.errors import BadLedger
from classifier.holdings.seal import Label, Seal, find_key


@pytest.fixture
def seal() -> Seal:
    return Seal(b"k" * 32)


def test_a_label_comes_back(seal: Seal) -> None:
    """Odd characters too."""
    label = Label("关于…的通知", "〔2024〕3号", None, "a.zip!/\udcff.txt")
    assert seal.open_label(seal.close_label(label)) == label


def test_no_label_is_an_empty_one(seal: Seal) -> None:
    """A blocked paper has no words."""
    assert seal.open_label(None) == Label()


def test_another_key_opens_nothing(seal: Seal) -> None:
    """Nor does a changed or exchanged row."""
    sealed = seal.close(b"words", b"row 1")
    for opener, bytes_, bound in (
        (Seal(b"x" * 32), sealed, b"row 1"),
        (seal, sealed, b"row 2"),
        (seal, sealed[:-1] + b"?", b"row 1"),
    ):
        with pytest.raises(BadLedger):
            opener.open(bytes_, bound)


def test_equal_words_have_equal_keys_only_under_one_key(seal: Seal) -> None:
    """And the key of a word does not tell the word."""
    assert seal.key_of("x") == seal.key_of("x") != seal.key_of("y")
    assert seal.key_of("x") != Seal(b"x" * 32).key_of("x")


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """A second run finds it again."""
    place = tmp_path / "deep" / "batch.key"
    first = Seal.load(place)
    assert place.stat().st_mode & 0o777 == 0o600
    assert Seal.load(place).fingerprint() == first.fingerprint()


def test_a_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    """Rather than sealed with."""
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(BadLedger, match="密钥"):
        Seal.load(tmp_path / "key")


def test_where_the_key_lies() -> None:
    """Named by the environment, else in the user's own folder."""
    assert find_key({"MISHEN_BATCH_KEY": "/a/key"}) == Path("/a/key")
    assert find_key({"XDG_DATA_HOME": "/data"}) == Path("/data/mishen/batch.key")
