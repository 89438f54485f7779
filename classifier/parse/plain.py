"""Plain text, Markdown and CSV. In: untrusted bytes. Out: lines (or cells) added to the Draft. Touches nothing else."""

from __future__ import annotations

import csv
import io
import re

from classifier.core.document import Cell
from classifier.parse.cleaning import clean
from classifier.parse.draft import Draft
from classifier.parse.encoding import decode

_MAIL_BODY = re.compile(r"^Content-Transfer-Encoding:\s*base64", re.I | re.M)
_SEPARATORS = ",\t;|"


def read(untrusted: bytes, draft: Draft) -> None:
    """A text or Markdown file: its lines as they stand."""
    draft.add_lines(_decoded(untrusted, draft))


def read_table(untrusted: bytes, draft: Draft) -> None:
    """A CSV file: one block per cell, rows and columns from 0."""
    text = clean(_decoded(untrusted, draft))
    head = text[: text.find("\n") + 1 or None]
    separator = max(_SEPARATORS, key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:  # a cell longer than the csv module takes: the lines are still text
        draft.add_lines(text)
        return
    for number, row in enumerate(rows):
        gap = "\n"
        for column, cell in enumerate(row):
            if cell.strip():
                draft.add(cell, cell=Cell(0, number, column), gap=gap)
                gap = ""
            gap += "\t"


def _decoded(untrusted: bytes, draft: Draft) -> str:
    text, is_sure = decode(untrusted)
    if not is_sure:
        draft.problem("encoding")
    if _MAIL_BODY.search(text):  # a mail saved as text: its parts are files of their own
        draft.problem("embedded")
    return text
