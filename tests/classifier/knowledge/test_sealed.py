"""Sealed lists: no word can be read, damage is noticed, the same words are held."""

from pathlib import Path

import pytest

from classifier.core.errors import BadKnowledge
from classifier.knowledge.sealed import read_sealed, seal_terms

TERMS = ["青鸾工程", "白泽", "云溪二号泵站", "# 注释", "", "白泽"]


def _file(folder: Path, text: str) -> Path:
    path = folder / "a.sealed"
    path.write_text(text, encoding="utf-8")
    return path


def test_no_word_stands_in_the_file() -> None:
    """Neither a term nor one of its characters is there."""
    body = seal_terms(TERMS).partition("\n")[2]
    assert all(char not in body for term in TERMS[:3] for char in term)


def test_the_list_holds_its_words_and_no_others(tmp_path: Path) -> None:
    """Comments, blank lines and repetitions are no terms."""
    terms = read_sealed(_file(tmp_path, seal_terms(TERMS)))
    assert terms.count == 3
    assert all(terms.holds(word) for word in ("青鸾工程", "白泽", "云溪二号泵站"))
    assert not any(terms.holds(word) for word in ("青鸾", "# 注释", "", "白泽工程"))


def test_terms_are_folded_like_the_text(tmp_path: Path) -> None:
    """Full-width letters of a list meet the folded text."""
    assert read_sealed(_file(tmp_path, seal_terms(["Ａ７工程"]))).holds("A7工程")


def test_two_sealings_share_no_digest() -> None:
    """The salt is new each time: lists of two bureaus cannot be compared."""
    first, second = (set(seal_terms(TERMS).splitlines()[7:]) for _ in range(2))
    assert first
    assert not first & second


def test_the_same_salt_gives_the_same_file() -> None:
    """Sealing is a function of list and salt."""
    assert seal_terms(TERMS, b"0" * 16) == seal_terms(reversed(TERMS), b"0" * 16)


@pytest.mark.parametrize(
    ("old", "new"),
    [("count = 3", "count = 2"), ("blake2b", "md5"), ("salt = ", "slat = "), ("\n2 ", "\n3 "), ("check = ", "check = 0")],
)
def test_a_changed_file_is_refused(tmp_path: Path, old: str, new: str) -> None:
    """A removed, added or edited line never goes unnoticed."""
    text = seal_terms(TERMS, b"0" * 16)
    assert old in text
    with pytest.raises(BadKnowledge, match=r"a\.sealed"):
        read_sealed(_file(tmp_path, text.replace(old, new, 1)))


@pytest.mark.parametrize(("terms", "message"), [([], "没有词语"), (["# 注释"], "没有词语"), (["密"], "单个字")])
def test_a_useless_list_is_not_sealed(terms: list[str], message: str) -> None:
    """Nothing to seal, or a single character, is refused."""
    with pytest.raises(BadKnowledge, match=message):
        seal_terms(terms)
