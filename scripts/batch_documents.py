"""Documents for the benches: papers of our own corpus as docx, pdf, doc, xlsx, txt and zip, written fast and the same each time.

The docx carry what word processors write (fonts and sizes in every run, styles, theme, settings), the pdf what office programs embed.
Imported by scripts/bench_batch and scripts/bench.
"""

from __future__ import annotations

import io
import os
import random
import struct
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import office_pdf

ROOT = Path(__file__).resolve().parents[1]
PAGE = 600
"""Characters of a page of body text (GB/T 9704: 22 lines of 28)."""
SHARES = (("docx", 40), ("pdf", 30), ("txt", 10), ("doc", 8), ("xlsx", 8), ("zip", 4))
"""What an office keeps, in per cent."""


@cache
def papers() -> tuple[tuple[str, ...], ...]:
    """Texts of our corpus that are long enough to be papers, those of one attribute together, in the shares of the corpus."""
    from classifier.learn.dataset import load_samples

    stock: dict[str, list[str]] = {}
    for sample in load_samples(ROOT / "corpus" / "samples"):
        if len(sample.text) > 250:
            stock.setdefault(sample.attribute.value, []).append(sample.text)
    return tuple(tuple(texts) for _, texts in sorted(stock.items()))


def make_text(number: int, pages: int) -> str:
    """The text of document `number`: papers of the corpus that have one attribute, until it fills its pages."""
    groups, picks = papers(), random.Random(number)
    stock = picks.choices(groups, [len(group) for group in groups])[0]
    text = ""
    while len(text) < pages * PAGE:
        text += stock[picks.randrange(len(stock))].strip() + "\n"
    return text[: pages * PAGE]


@cache
def _package() -> tuple[tuple[str, bytes], ...]:
    """The parts of an empty document of python-docx, but for the body."""
    import docx

    whole = io.BytesIO()
    docx.Document().save(whole)
    with zipfile.ZipFile(whole) as box:
        return tuple((name, box.read(name)) for name in box.namelist() if name != "word/document.xml")


_RUN = '<w:rPr><w:rFonts w:hint="eastAsia" w:ascii="FangSong" w:eastAsia="FangSong" w:hAnsi="FangSong"/><w:sz w:val="32"/><w:szCs w:val="32"/></w:rPr>'
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document xmlns:w="http://schemas.openxmlformats.org/'
    'wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>'
)
_TAIL = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588"/></w:sectPr></w:body></w:document>'


def docx(text: str) -> bytes:
    """A docx of paragraphs with run properties."""
    lines = "".join(
        f'<w:p w:rsidR="00A7{n:04X}" w:rsidRDefault="00A7{n:04X}"><w:pPr><w:spacing w:line="560" w:lineRule="exact"/>'
        f'<w:ind w:firstLineChars="200" w:firstLine="640"/></w:pPr><w:r>{_RUN}<w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
        for n, line in enumerate(text.split("\n"))
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as box:
        for name, data in _package():
            box.writestr(name, data)
        box.writestr("word/document.xml", _HEAD + lines + _TAIL)
    return out.getvalue()


@cache
def _letters() -> frozenset[str]:
    return frozenset(letter for group in papers() for text in group for letter in text)


def pdf(text: str, pages: int) -> bytes:
    """A born-digital pdf of that many A4 pages."""
    lines = [line[i : i + 30] for line in text.split("\n") for i in range(0, max(1, len(line)), 30)]
    rows = max(1, -(-len(lines) // pages))
    font = office_pdf.cut_font(set(text), _letters())
    return office_pdf.write_pdf([lines[page * rows : (page + 1) * rows] for page in range(pages)], font)


def doc(text: str) -> bytes:
    """A binary Word file: header, text as UTF-16, one piece."""
    from classifier.parse.olebox_writer import pack

    first, words = 0x400, text.replace("\n", "\r") + "\r"
    raw = words.encode("utf-16-le")
    body = raw + bytes(-len(raw) % 512)
    pieces = struct.pack("<II", 0, len(words)) + struct.pack("<HIH", 0, first, 0)
    table = b"\0\0\x02" + struct.pack("<I", len(pieces)) + pieces
    head = bytearray(first)
    struct.pack_into("<HHHHHH", head, 0, 0xA5EC, 0xC1, 0, 0x804, 0, 0x1200)
    struct.pack_into("<II", head, 0x18, first, first + len(raw))
    head[0x20:0x22], head[0x3E:0x40], head[0x98:0x9A] = b"\x0e\0", b"\x16\0", b"\x6c\0"
    struct.pack_into("<8i", head, 0x4C, len(words), *(0,) * 7)
    struct.pack_into("<II", head, 0x9A + 8 * 33, 2, len(table) - 2)
    return pack({"WordDocument": bytes(head) + body, "1Table": table})


def xlsx(number: int, rows: int) -> bytes:
    """A register of projects: number, name, amount, date."""
    import xlsxwriter

    picks, out = random.Random(number), io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        for row in range(rows):
            year, month = picks.randrange(1998, 2026), picks.randrange(1, 13)
            values = (
                ("序号", "项目名称", "金额（万元）", "完成时间")
                if row == 0
                else (row, f"第{row}号道路维修工程", picks.randrange(5, 900), f"{year}年{month}月")
            )
            for column, value in enumerate(values):
                sheet.write(row, column, value)
    return out.getvalue()


def box(members: Sequence[tuple[str, bytes]]) -> bytes:
    """A zip of those members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, data in members:
            package.writestr(name, data)
    return out.getvalue()


def make(kind: str, number: int, pages: int) -> bytes:
    """Document `number` as a file of that kind."""
    if kind == "xlsx":
        return xlsx(number, 20 * pages)
    text = make_text(number, pages)
    if kind == "zip":
        return box([("正文.docx", docx(text)), ("附件.txt", make_text(number + 1, 1).encode())])
    return {"docx": lambda: docx(text), "pdf": lambda: pdf(text, pages), "doc": lambda: doc(text), "txt": text.encode}[kind]()


def mixed(count: int, seed: int = 20261124) -> Iterator[tuple[str, int, int]]:
    """Kind, number and pages (1 to 6) of `count` documents in the shares of SHARES."""
    picks = random.Random(seed)
    kinds, weights = zip(*SHARES, strict=True)
    for number in range(count):
        yield picks.choices(kinds, weights)[0], number, picks.randrange(1, 7)


def write(folder: Path, wanted: Sequence[tuple[str, int, int]]) -> list[Path]:
    """The files of `wanted`, a thousand a folder, written by all cores (cutting the fonts of the pdf takes longest)."""
    cores = len(os.sched_getaffinity(0))
    shares = [[(folder, *one) for one in wanted[start::cores]] for start in range(cores)]
    with ProcessPoolExecutor(cores) as pool:
        list(pool.map(_write, shares))
    return [_place(folder, kind, number) for kind, number, _ in wanted]


def _write(share: Sequence[tuple[Path, str, int, int]]) -> None:
    for folder, kind, number, pages in share:
        place = _place(folder, kind, number)
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            place.write_bytes(make(kind, number, pages))


def _place(folder: Path, kind: str, number: int) -> Path:
    return folder / f"{number // 1000:04d}" / f"{number:06d}.{kind}"
