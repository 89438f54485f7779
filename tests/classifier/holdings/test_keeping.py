"""What the vault keeps comes back as it was; what nobody packed is refused, whatever it is."""

import json

import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.core.document import (
    Block,
    Cell,
    Document,
    Elements,
    Forwarded,
    Problem,
    Receipt,
    Role,
    SecretMarking,
    Span,
    Tally,
    Where,
)
from classifier.core.finding import Category, Finding, Grade, Severity
from classifier.holdings.keeping import UnreadableKept, pack, unpack, vault_id
from classifier.learn.dataset import load_samples
from classifier.parse import read_text
from classifier.pipeline import default_tools, prepare

WORDS = st.text(max_size=12)
MAYBE = st.none() | WORDS
NUMBERS = st.integers(0, 10_000)


@st.composite
def papers(draw: st.DrawFn) -> tuple[Document, tuple[Finding, ...]]:
    text = draw(st.text(st.characters(codec=None), max_size=60))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    blocks = tuple(
        Block(
            Span(a, b),
            draw(st.sampled_from(Where)),
            draw(st.none() | NUMBERS),
            draw(st.none() | st.builds(Cell, NUMBERS, NUMBERS, NUMBERS)),
            draw(st.none() | st.sampled_from(Role)),
            draw(MAYBE),
        )
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    )
    mark = st.builds(SecretMarking, WORDS, MAYBE, st.sampled_from(Where))
    carried = st.builds(Forwarded, WORDS, WORDS, MAYBE, MAYBE, st.booleans())
    document = Document(
        sha256=draw(WORDS),
        name=draw(WORDS),
        format=draw(WORDS),
        text=text,
        blocks=blocks,
        problems=tuple(draw(st.lists(st.builds(Problem, WORDS, WORDS), max_size=3))),
        pages=draw(st.none() | NUMBERS),
        member=draw(MAYBE),
        elements=draw(st.builds(Elements, *[MAYBE] * 9, st.none() | mark, st.none() | carried)),
        receipt=Receipt(draw(NUMBERS), tuple(draw(st.lists(st.builds(Tally, WORDS, NUMBERS, NUMBERS), max_size=3)))),
    )
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda s: Span(min(s), max(s)))
    finding = st.builds(
        Finding,
        st.sampled_from(Category),
        WORDS,
        WORDS.map(lambda w: f"r.{w}"),
        spans,
        st.sampled_from(Grade),
        st.sampled_from(Severity),
        st.lists(WORDS, max_size=2).map(tuple),
        WORDS,
        st.sampled_from(Where),
        st.none() | NUMBERS,
        MAYBE,
    )
    return document, tuple(draw(st.lists(finding, max_size=5)))


@settings(deadline=None)  # the first text makes the folding table
@given(papers(), WORDS)
def test_a_kept_paper_comes_back_as_it_was(paper: tuple[Document, tuple[Finding, ...]], made_by: str) -> None:
    """Every field, for any text: lone surrogates too."""
    kept = unpack(pack(*paper, made_by))
    assert (kept.document, kept.findings, kept.made_by) == (*paper, made_by)


def test_our_own_papers_come_back_with_their_findings() -> None:
    """As the pipeline makes them."""
    tools = default_tools()
    for sample in load_samples(tools.settings.data_home / "corpus" / "samples")[::50]:
        document, findings = prepare(read_text(sample.text, f"{sample.id}.txt"), tools)
        kept = unpack(pack(document, findings))
        assert (kept.document, kept.findings) == (document, findings)


def test_what_only_the_model_pointed_at_is_left_out() -> None:
    """It is found again when the paper is judged again."""
    document = read_text("关于放假的通知", "a.txt")
    finding = Finding(Category.DISCLOSURE, "telling", "model.telling@1", Span(0, 2), Grade.HINT, Severity.INFO, (), "")
    assert unpack(pack(document, [finding])).findings == ()


@settings(deadline=None)  # the first text makes the folding table
@given(st.binary(max_size=200))
def test_garbage_is_refused(garbage: bytes) -> None:
    """Never another error."""
    with pytest.raises(UnreadableKept):
        unpack(garbage)


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"t": None},
        {"b": [[["body", None, None, None]], [[0, 99, 0]]]},
        {"b": [[["body", None, None, None]], [[0, 2, -1]]]},
        {"b": [[["body", None, None, None]], [[2, 3, 0], [0, 1, 0]]]},
        {"b": [[["nowhere", None, None, None]], []]},
        {"p": "x"},
        {"r": [True, []]},
        {"f": [[], [[0, 1, 0, None]]]},
        {"d": ["", "", "", "1", None]},
    ],
)
def test_a_form_that_no_reader_makes_is_refused(change: dict[str, object]) -> None:
    """A child may have been taken over by what it read."""
    told = json.loads(zstd.decompress(pack(read_text("关于放假的通知", "a.txt"), ())))
    with pytest.raises(UnreadableKept):
        unpack(zstd.compress(json.dumps({**told, **change}).encode()))


def test_a_bomb_is_not_unpacked() -> None:
    """300 MB of blanks in a few kilobytes."""
    with pytest.raises(UnreadableKept):
        unpack(zstd.compress(b" " * (300 << 20)))


def test_the_key_tells_bytes_names_and_places_apart() -> None:
    """The name is part of the text, and a verdict names the place in a container."""
    told = {vault_id(b"1" * 32, "a"), vault_id(b"2" * 32, "a"), vault_id(b"1" * 32, "b"), vault_id(b"1" * 32, "a", "z/a")}
    assert len(told) == 4
    assert all(len(name) == 16 for name in told)
