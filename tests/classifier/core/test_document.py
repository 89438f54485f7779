"""A Document finds the block and place of any position."""

from classifier.core.document import Block, Document, Span, Where


def _document() -> Document:
    blocks = (Block(Span(0, 3), Where.HEADER), Block(Span(4, 9), Where.BODY), Block(Span(10, 12), Where.NAME))
    return Document("0", "n", "txt", "abc\nhello\nnm", blocks)


def test_position_inside_a_block_gives_its_place() -> None:
    """Bisection finds the block that holds the position."""
    assert [_document().where_at(p) for p in (0, 2, 4, 8, 11)] == [Where.HEADER, Where.HEADER, Where.BODY, Where.BODY, Where.NAME]


def test_position_between_blocks_is_body() -> None:
    """A line end belongs to no block."""
    assert _document().block_at(3) is None
    assert _document().where_at(3) is Where.BODY


def test_body_length_leaves_out_name_and_properties() -> None:
    """The file name is searched but not counted as reading matter."""
    assert _document().body_length() == 8


def test_spans_touching_do_not_overlap() -> None:
    """Half-open ranges that meet share no character."""
    assert not Span(0, 3).overlaps(Span(3, 5))
    assert Span(0, 4).overlaps(Span(3, 5))
