"""A document that has been read: one text, and pointers into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Where(StrEnum):
    """The place in the file a piece of text came from (the contract's `where`)."""

    BODY = "body"
    HEADER = "header"
    FOOTER = "footer"
    NOTE = "note"
    COMMENT = "comment"
    REVISION = "revision"
    TEXTBOX = "textbox"
    HIDDEN = "hidden"
    PROPERTY = "property"
    OCR = "ocr"
    NAME = "name"

    @property
    def label(self) -> str:
        """The Chinese name shown on screen."""
        return _WHERE_LABELS[self]

    @property
    def is_visible(self) -> bool:
        """Whether a person who prints the paper would see this text."""
        return self in _VISIBLE


_WHERE_LABELS = {
    Where.BODY: "正文",
    Where.HEADER: "页眉",
    Where.FOOTER: "页脚",
    Where.NOTE: "脚注尾注",
    Where.COMMENT: "批注",
    Where.REVISION: "修订痕迹",
    Where.TEXTBOX: "文本框",
    Where.HIDDEN: "隐藏内容",
    Where.PROPERTY: "文件属性",
    Where.OCR: "图片识别",
    Where.NAME: "文件名",
}
_VISIBLE = {Where.BODY, Where.HEADER, Where.FOOTER, Where.NOTE, Where.TEXTBOX, Where.OCR}


class Role(StrEnum):
    """What a block is in a GB/T 9704 paper (domain/03 §2)."""

    COPY_NO = "copy_no"
    SECRECY_LEVEL = "secrecy_level"
    URGENCY = "urgency"
    ISSUER_MARK = "issuer_mark"
    DOC_NO = "doc_no"
    SIGNER = "signer"
    TITLE = "title"
    RECIPIENTS = "recipients"
    HEADING = "heading"
    ATTACHMENT_NOTE = "attachment_note"
    ISSUER = "issuer"
    ISSUE_DATE = "issue_date"
    ANNOTATION = "annotation"
    ATTACHMENT = "attachment"
    CC = "cc"
    PRINT_LINE = "print_line"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points, [start, end), into one Document's text."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two ranges share at least one character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Cell:
    """The address of a table cell: table number in the document, row and column, all from 0."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, or one table cell, of the text. Blocks are in text order and never overlap."""

    span: Span
    where: Where = Where.BODY
    page: int | None = None
    """Page number from 1 where the format has pages (pdf), else None."""
    cell: Cell | None = None
    role: Role | None = None
    """Filled by the structure room."""
    origin: str | None = None
    """How this text was out of sight, where it was: a key of `ORIGINS` (`hidden_sheet`, `white_text`, `under_box` …)."""

    def with_role(self, role: Role) -> Block:
        """The same block in a role."""
        return Block(self.span, self.where, self.page, self.cell, role, self.origin)


ORIGINS = frozenset(
    {
        "hidden_text",  # marked hidden in a word processor or web page
        "white_text",  # the colour of the paper
        "tiny_text",  # too small to read
        "invisible_text",  # drawn in a mode, layer or state that shows nothing
        "off_page",  # outside the page, the slide, the crop box
        "under_box",  # covered by a filled shape or picture
        "redaction",  # under a redaction that was marked and never applied
        "deleted_text",  # a tracked deletion that is still in the file
        "inserted_text",  # a tracked insertion nobody has accepted
        "comment",  # a reviewer's note
        "hidden_sheet",
        "very_hidden_sheet",
        "hidden_row_column",
        "filtered_row",
        "hidden_slide",
        "speaker_notes",
        "defined_name",  # names, validations and other words behind a sheet
        "external_link",
        "cached_value",  # pivot caches and copies of foreign data
        "formula",
        "old_revision",  # an earlier state of the file that is still inside
        "unused_part",  # in the file, used by no page
        "metadata",  # author, company, template, manager …
        "location",  # where a picture was taken
        "field_code",
        "alt_text",
        "script",
        "form_value",
        "bookmark",
        "mail_header",  # routing headers, Bcc
        "file_comment",  # comments of archives
    }
)
"""Every way a text can be out of a reader's sight."""


@dataclass(frozen=True, slots=True)
class Tally:
    """One line of the reading receipt: how many things of a kind the file holds and how many were read."""

    kind: str
    """`parts`, `pages`, `sheets`, `slides`, `members`, `images`, `attachments`, `paragraphs` …"""
    found: int
    read: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a reader did with a file; what it did not read stands in the Document's problems."""

    bytes: int = 0
    tallies: tuple[Tally, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was not read. One Problem is enough to force a person (never optimistic)."""

    code: str
    """A key of `core.problems.PROBLEMS`."""
    where: str = ""
    """The part, page or place, without any text of the document (`word/header2.xml`, `page 7`)."""


SNIPPETS = 24
"""Snippets kept of one file."""
SNIPPETS_OF_ALL = 240
"""Snippets kept of a file with all that is inside it."""
SNIPPET_BYTES = 60_000
SNIPPET_SIDE = 1400
"""Pixels of the longer side."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A picture of a place that was not read surely, for a person to read."""

    png: bytes = field(repr=False)
    page: int | None
    member: int | None = None
    """The number of the file inside this one it belongs to, set when a family is joined."""


@dataclass(frozen=True, slots=True)
class SecretMarking:
    """What a state-secret marking says. Level and period are the only words of a blocked paper that are kept."""

    level: str
    """`top_secret`, `secret`, `confidential`, or `unknown` (cipher telegrams)."""
    period: str | None
    where: Where


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The paper of another body that a 转发 or 批转 notice passes on（条例:10）."""

    verb: str
    """转发 (passed on as it is) or 批转 (the forwarding body approves it and makes it its own)."""
    title: str
    maker: str | None = None
    declared_attribute: str | None = None
    """What the carried paper itself prints, where it is enclosed and prints anything."""
    enclosed: bool = False
    """Whether the carried paper stands in the same file."""


@dataclass(frozen=True, slots=True)
class Elements:
    """The GB/T 9704 elements found; None where the paper has none."""

    title: str | None = None
    doc_no: str | None = None
    issuer: str | None = None
    recipients: str | None = None
    issue_date: str | None = None
    """ISO date, `2026-03-09`."""
    doc_kind: str | None = None
    """The kind of document in Chinese (通知, 请示, 会议纪要, 行政处罚决定书 …)."""
    urgency: str | None = None
    annotation: str | None = None
    declared_attribute: str | None = None
    """`active`, `on_request`, `withheld` as printed by the issuing body (附注 or 公开属性 field)."""
    secret_marking: SecretMarking | None = None
    forwarded: Forwarded | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One document, read once. `text` is frozen: nobody changes a character after parse."""

    sha256: str
    name: str
    """The file's base name as given (it may itself be sensitive: never log it)."""
    format: str
    """`docx`, `pdf`, `txt`, `md`, `html`, `csv`."""
    text: str
    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...] = ()
    pages: int | None = None
    member: str | None = None
    """Path inside a container, None for a file of its own."""
    elements: Elements = Elements()
    receipt: Receipt = Receipt()
    snippets: tuple[Snippet, ...] = ()
    """Pictures of what text recognition did not read surely; the Problem `ocr_low` stands beside them."""
    children: tuple[Document, ...] = ()
    """The files inside this one (archive members, attachments, embedded objects), each read through the same door."""

    def walk(self) -> Iterator[Document]:
        """The document itself, then everything inside it, depth first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def where_at(self, position: int) -> Where:
        """The place of the character at `position` (BODY between blocks)."""
        block = self.block_at(position)
        return block.where if block else Where.BODY

    def block_at(self, position: int) -> Block | None:
        """The block that holds `position`, found by bisection, or None between blocks."""
        low, high = 0, len(self.blocks)
        while low < high:
            middle = (low + high) // 2
            block = self.blocks[middle]
            if position < block.span.start:
                high = middle
            elif position >= block.span.end:
                low = middle + 1
            else:
                return block
        return None

    def body_length(self) -> int:
        """Characters a reader would see: everything but file name and file properties."""
        unseen = (Where.NAME, Where.PROPERTY)
        return sum([b.span.end - b.span.start for b in self.blocks if b.where not in unseen])
