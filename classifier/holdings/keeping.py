"""What the vault keeps of one paper: the document as it was read and the findings of its rules, enough to judge it again without the file.

In: a Document and its findings. Out: a few hundred bytes a page, and back again, checked field by field: the bytes were made by a
child that may have been taken over by what it read. Pictures of places for the screen are not kept, nor the files inside the file:
each of those is a paper of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from backports import zstd

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

_VERSION = 1
_ID_BYTES = 16
_LEVEL = 1
"""Measured on 120 docx and pdf: a third of the time of zlib at its level 1, for 6 % more bytes."""
_OPENED = 256 << 20
"""Bytes that kept bytes may unpack to: four times the longest text that is read."""
_FAULTS = (zstd.ZstdError, ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError)


class UnreadableKept(ValueError):
    """Kept bytes that `pack` did not write. The paper has to be read from its file again."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper as it was kept."""

    document: Document
    findings: tuple[Finding, ...]
    made_by: str
    """What the findings were made with (`recipes.Recipe.findings_key`); findings of another maker must be found again."""


def vault_id(sha256: bytes, name: str, member: str | None = None) -> bytes:
    """The vault's key of a paper: same bytes under the same name (which is part of the text), at the same place in a container."""
    digest = hashlib.sha256(sha256)
    for word in (name, member or ""):
        digest.update(b"\0" + word.encode("utf-8", "surrogatepass"))
    return digest.digest()[:_ID_BYTES]


def pack(document: Document, findings: Sequence[Finding], made_by: str = "") -> bytes:
    """Kept bytes of a paper.

    Args:
        document: as it was read, before the structure room; its children are left out.
        findings: what the rules found（`Assessment.findings` will do: what the model points at is left out).
        made_by: `recipes.Recipe.findings_key` of the tools that found them; "" means nobody can tell.
    """
    elements = None if document.elements == Elements() else asdict(document.elements)
    told = {
        "v": _VERSION,
        "by": made_by,
        "d": [document.sha256, document.name, document.format, document.pages, document.member],
        "t": document.text,
        "b": _put_blocks(document.blocks),
        "p": [[problem.code, problem.where] for problem in document.problems],
        "e": elements,
        "r": [document.receipt.bytes, [[tally.kind, tally.found, tally.read] for tally in document.receipt.tallies]],
        "f": _put_findings([finding for finding in findings if not finding.rule.startswith("model.")]),
    }
    plain = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return zstd.compress(plain, _LEVEL)


def unpack(packed: bytes) -> Kept:
    """The paper that was packed.

    Raises:
        UnreadableKept: not written by `pack`, or of a form no reader makes.
    """
    try:
        inflate = zstd.ZstdDecompressor()
        plain = inflate.decompress(packed, _OPENED)
        if not inflate.eof or inflate.unused_data:
            raise ValueError("too long, or cut off")
        told = json.loads(plain.decode("utf-8", "surrogatepass"))
        if told["v"] != _VERSION:
            raise ValueError("another version")
        document = _document(told)
        return Kept(document, _findings(told["f"], len(document.text)), _text(told["by"]))
    except _FAULTS as error:
        raise UnreadableKept("not what was kept") from error


def _put_blocks(blocks: Sequence[Block]) -> list[Any]:
    """Sorts of blocks, then the blocks, each with the number of its sort: most of a paper's blocks are of one."""
    sorts: dict[tuple[Any, ...], int] = {}
    rows = [
        (b.span.start, b.span.end, sorts.setdefault((b.where, b.page, b.role, b.origin), len(sorts)), *_put_cell(b.cell))
        for b in blocks
    ]
    return [list(sorts), rows]


def _put_cell(cell: Cell | None) -> tuple[int, ...]:
    return () if cell is None else (cell.table, cell.row, cell.column)


def _put_findings(findings: Sequence[Finding]) -> list[Any]:
    """As `_put_blocks`: a rule says the same of each of its passages."""
    sorts: dict[tuple[Any, ...], int] = {}
    rows = [
        (
            f.span.start,
            f.span.end,
            sorts.setdefault((f.category, f.type, f.rule, f.grade, f.severity, f.law, f.why, f.where, f.page), len(sorts)),
            f.mask,
        )
        for f in findings
    ]
    return [list(sorts), rows]


def _document(told: dict[str, Any]) -> Document:
    sha256, name, form, pages, member = told["d"]
    text = _text(told["t"])
    bytes_, tallies = told["r"]
    return Document(
        sha256=_text(sha256),
        name=_text(name),
        format=_text(form),
        text=text,
        blocks=_blocks(told["b"], len(text)),
        problems=tuple(Problem(_text(code), _text(where)) for code, where in told["p"]),
        pages=_number_or_none(pages),
        member=_text_or_none(member),
        elements=Elements() if told["e"] is None else _elements(told["e"]),
        receipt=Receipt(
            _number(bytes_), tuple(Tally(_text(kind), _number(found), _number(read)) for kind, found, read in tallies)
        ),
    )


def _blocks(told: list[list[Any]], length: int) -> tuple[Block, ...]:
    """Blocks in text order within the text: whatever looks one up goes by that."""
    sorts = [
        (Where(where), _number_or_none(page), None if role is None else Role(role), _text_or_none(origin))
        for where, page, role, origin in told[0]
    ]
    made, last = [], 0
    for start, end, sort, *cell in told[1]:
        where, page, role, origin = sorts[_index(sort)]
        span = _span(start, end, length)
        if span.start < last:
            raise ValueError("blocks out of order")
        last = span.end
        made.append(Block(span, where, page, Cell(*map(_number, cell)) if cell else None, role, origin))
    return tuple(made)


def _findings(told: list[list[Any]], length: int) -> tuple[Finding, ...]:
    sorts = [
        (
            Category(category),
            _text(type_),
            _text(rule),
            Grade(grade),
            Severity(severity),
            tuple(map(_text, law)),
            _text(why),
            Where(where),
            _number_or_none(page),
        )
        for category, type_, rule, grade, severity, law, why, where, page in told[0]
    ]
    made = []
    for start, end, sort, mask in told[1]:
        category, type_, rule, grade, severity, law, why, where, page = sorts[_index(sort)]
        span = _span(start, end, length)
        made.append(Finding(category, type_, rule, span, grade, severity, law, why, where, page, _text_or_none(mask)))
    return tuple(made)


def _elements(told: dict[str, Any]) -> Elements:
    mark, carried = told.pop("secret_marking"), told.pop("forwarded")
    words = {key: _text_or_none(value) for key, value in told.items()}
    marking = None if mark is None else SecretMarking(_text(mark["level"]), _text_or_none(mark["period"]), Where(mark["where"]))
    return Elements(**words, secret_marking=marking, forwarded=None if carried is None else _forwarded(carried))


def _forwarded(told: dict[str, Any]) -> Forwarded:
    if type(told["enclosed"]) is not bool:
        raise TypeError("not a yes or no")
    words = (_text(told["verb"]), _text(told["title"]), _text_or_none(told["maker"]), _text_or_none(told["declared_attribute"]))
    return Forwarded(*words, told["enclosed"])


def _span(start: Any, end: Any, length: int) -> Span:  # noqa: ANN401 - whatever stood in the bytes
    if not 0 <= _number(start) <= _number(end) <= length:
        raise ValueError("outside the text")
    return Span(start, end)


def _text(value: Any) -> str:  # noqa: ANN401 - as above
    if type(value) is not str:
        raise TypeError("not a text")
    return value


def _text_or_none(value: Any) -> str | None:  # noqa: ANN401 - as above
    return None if value is None else _text(value)


def _number(value: Any) -> int:  # noqa: ANN401 - as above
    if type(value) is not int:
        raise TypeError("not a number")
    return value


def _index(value: Any) -> int:  # noqa: ANN401 - as above
    if _number(value) < 0:
        raise ValueError("no sort of that number")
    return int(value)


def _number_or_none(value: Any) -> int | None:  # noqa: ANN401 - as above
    return None if value is None else _number(value)
