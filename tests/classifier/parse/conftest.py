"""Builders of test files: our own bytes, made at test time. Nothing is copied from anybody's test suite."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from classifier.core.settings import Limits
from classifier.parse import read

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
        "dc": "http://purl.org/dc/elements/1.1/",
        "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
        "vt": "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
    }.items()
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _rels(entries: list[tuple[str, str, bool]]) -> str:
    """A relationships part of (type, target, is_external)."""
    items = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"{" TargetMode=" + chr(34) + "External" + chr(34) if outside else ""}/>'
        for n, (kind, target, outside) in enumerate(entries, 1)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{items}</Relationships>'


@pytest.fixture(scope="session")
def docx():
    """Builds a docx: `body` is the inside of w:body, `parts` maps part names to XML text (or bytes), `links` to document relations."""

    def build(
        body: str = "", parts: dict[str, str | bytes] | None = None, links: list[tuple[str, str, bool]] | None = None
    ) -> bytes:
        members: dict[str, str | bytes] = {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": _rels([("officeDocument", "word/document.xml", False)]),
            "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": _rels(links or []),
        }
        members |= {
            name: data.replace("<ROOT ", "<").replace("NS>", f"{NAMESPACES}>") if isinstance(data, str) else data
            for name, data in (parts or {}).items()
        }
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name, data in members.items():
                package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    return build


@pytest.fixture(scope="session")
def pdf():
    """Builds a PDF: one list of lines per page; Chinese in STSong-Light, the rest in Helvetica."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

    def build(*pages: list[str], title: str = "", header: str = "", numbers: bool = False, draw=None, encrypt=None) -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=A4, invariant=True, encrypt=encrypt)
        if title:
            canvas.setTitle(title)
        for number, lines in enumerate(pages, 1):
            canvas.setFont("STSong-Light", 14)
            if header:
                canvas.drawString(80, 810, header)
            for row, line in enumerate(lines):
                canvas.drawString(80, 700 - 30 * row, line)
            if numbers:
                canvas.drawString(280, 60, f"— {number} —")
            if draw:
                draw(canvas)
            canvas.showPage()
        canvas.save()
        return out.getvalue()

    return build


@pytest.fixture
def read_bytes(tmp_path: Path):
    """Writes bytes to a file and reads it through the door."""

    def go(data: bytes, name: str = "a.docx", limits: Limits | None = None):
        path = tmp_path / name
        path.write_bytes(data)
        return read(path, limits or Limits())

    return go


def says(document, text: str):
    """The places (as a set) in which `text` stands; empty when it does not."""
    flat = document.text
    places, start = set(), flat.find(text)
    while start >= 0:
        places.add(document.where_at(start))
        start = flat.find(text, start + 1)
    return places


@pytest.fixture(scope="session")
def places():
    """The function `says`."""
    return says


@pytest.fixture(scope="session")
def codes():
    """The problem codes of a document."""
    return lambda document: {problem.code for problem in document.problems}


@pytest.fixture(scope="session")
def open_samples():
    """One sound file of pptx, odt, odp, ods and rtf that says `words`: by the name of the format."""

    def pack(members: dict[str, str]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name, data in members.items():
                package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
        return out.getvalue()

    def opendocument(kind: str, body: str) -> bytes:
        spaces = " ".join(
            f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "text", "table", "draw", "manifest")
        )
        content = f"<office:document-content {spaces}><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
        return pack(
            {
                "mimetype": f"application/vnd.oasis.opendocument.{kind}",
                "content.xml": content,
                "META-INF/manifest.xml": f"<manifest:manifest {spaces}/>",
            }
        )

    def build(form: str, words: str) -> bytes:
        line = f"<text:p>{words}</text:p>"
        if form == "pptx":
            paragraph = f"<p:sp><p:txBody><a:p><a:r><a:t>{words}</a:t></a:r></a:p></p:txBody></p:sp>"
            spaces = f'{NAMESPACES} xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
            return pack(
                {
                    "_rels/.rels": _rels([("officeDocument", "ppt/presentation.xml", False)]),
                    "ppt/presentation.xml": f'<p:presentation {spaces}><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst></p:presentation>',
                    "ppt/_rels/presentation.xml.rels": _rels([("slide", "slides/slide1.xml", False)]),
                    "ppt/slides/slide1.xml": f"<p:sld {spaces}><p:cSld><p:spTree>{paragraph * 9}</p:spTree></p:cSld></p:sld>",
                }
            )
        if form == "rtf":
            coded = "".join(f"\\u{ord(char) if ord(char) < 0x8000 else ord(char) - 0x10000}?" for char in words)
            return f"{{\\rtf1\\ansi\\ansicpg936{{\\fonttbl{{\\f0\\fcharset134 S;}}}}{{\\header h\\par}}{coded}\\par {coded}\\par}}".encode()
        return {
            "odt": lambda: opendocument("text", line * 9),
            "ods": lambda: opendocument(
                "spreadsheet",
                f"<table:table><table:table-row><table:table-cell>{line}</table:table-cell></table:table-row></table:table>",
            ),
            "odp": lambda: opendocument(
                "presentation", f"<draw:page><draw:frame><draw:text-box>{line}</draw:text-box></draw:frame></draw:page>"
            ),
        }[form]()

    return build
