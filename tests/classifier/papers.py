"""Small papers for tests: plain text in, a Document with one block per line out (no file is read)."""

from classifier.core.document import Block, Document, Span, Where


def paper(text: str, name: str = "文书.txt", where: Where = Where.BODY) -> Document:
    """A Document as parse would make it of a plain text."""
    blocks, at = [], 0
    for line in text.split("\n"):
        blocks.append(Block(Span(at, at + len(line)), where))
        at += len(line) + 1
    full = text + "\n" + name
    blocks.append(Block(Span(len(text) + 1, len(full)), Where.NAME))
    return Document("0" * 64, name, "txt", full, tuple(b for b in blocks if b.span.end > b.span.start))
