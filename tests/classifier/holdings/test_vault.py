"""The vault keeps texts sealed, each once."""

from contextlib import closing
from pathlib import Path

import pytest

from classifier.core.errors import BadLedger
from classifier.holdings.seal import Seal
from classifier.holdings.vault import Vault


@pytest.fixture
def seal() -> Seal:
    return Seal(b"k" * 32)


def test_what_was_kept_comes_back_and_the_first_stays(seal: Seal, tmp_path: Path) -> None:
    """Also after it was closed."""
    with closing(Vault.open(tmp_path / "v", seal)) as vault:
        vault.put([(b"1", b"one"), (b"2", b"two")])
        vault.put([(b"1", b"other")])
    with closing(Vault.open(tmp_path / "v", seal)) as vault:
        assert vault.get(b"1") == b"one"
        assert vault.get(b"3") is None
        assert dict(vault.get_many([b"2", b"1", b"3"])) == {b"1": b"one", b"2": b"two"}


def test_the_file_shows_no_word(seal: Seal, tmp_path: Path) -> None:
    """Whoever copies it reads nothing."""
    with closing(Vault.open(tmp_path / "v", seal)) as vault:
        vault.put([(b"1", b"plain words")])
    assert not any(b"plain words" in path.read_bytes() for path in tmp_path.iterdir())


def test_another_key_is_refused(seal: Seal, tmp_path: Path) -> None:
    """At once, not at the first text."""
    Vault.open(tmp_path / "v", seal).close()
    with pytest.raises(BadLedger, match="密钥"):
        Vault.open(tmp_path / "v", Seal(b"x" * 32))


def test_a_file_that_is_no_vault_is_refused(seal: Seal, tmp_path: Path) -> None:
    """With what to do."""
    (tmp_path / "v").write_bytes(b"no database at all, but long enough to be looked at" * 100)
    with pytest.raises(BadLedger, match=r"vault\.sqlite"):
        Vault.open(tmp_path / "v", seal)
