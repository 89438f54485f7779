"""A token in every place where a PDF can hold words: each is found, in the right place, with how it was out of sight."""

from __future__ import annotations

import sys
import zlib

import pytest

import classifier.parse
from classifier.core.document import Where

FILLER = b"BT /F1 12 Tf 72 760 Td (An ordinary paragraph that anybody can read on this page, long enough.) Tj ET\n"


class Paper:
    """A small writer of PDF objects. Object 1 is the catalogue, 3 the page, 4 its contents, 5 Helvetica, 6 the information."""

    def __init__(self) -> None:
        self.catalogue = "/Type/Catalog/Pages 2 0 R"
        self.page = "/Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        self.resources = "/Font<</F1 5 0 R>>"
        self.info = ""
        self.contents = FILLER
        self.more: list[bytes] = []
        self.packed = False

    def put(self, body: str | bytes, stream: bytes | None = None) -> int:
        """Adds an object and gives back its number."""
        raw = body.encode("utf-8") if isinstance(body, str) else body
        if stream is not None:
            raw = b"<<%s/Length %d>>stream\n%s\nendstream" % (raw, len(stream), stream)
        self.more.append(raw)
        return 6 + len(self.more)

    def annotate(self, *notes: str) -> None:
        self.page += "/Annots[" + " ".join(f"{self.put(f'<</Type/Annot{note}>>')} 0 R" for note in notes) + "]"

    def form(self, *fields: str) -> None:
        numbers = " ".join(f"{self.put(f'<</Type/Annot/Subtype/Widget/Rect[50 50 250 70]{field}>>')} 0 R" for field in fields)
        self.page += f"/Annots[{numbers}]"
        self.catalogue += f"/AcroForm<</Fields[{numbers}]/DA(/Helv 10 Tf)>>"

    def bytes(self) -> bytes:
        packed = zlib.compress(self.contents)
        objects = [
            f"<<{self.catalogue}>>".encode(),
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            f"<<{self.page}/Resources<<{self.resources}>>>>".encode(),
            b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            f"<<{self.info}>>".encode(),
            *self.more,
        ]
        out = b"%PDF-1.7\n"
        offsets = []
        for number, body in enumerate(objects, 1):
            offsets.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        return out + _table(offsets, 1, len(objects) + 1, len(out))


def _table(offsets: list[int], first: int, size: int, start: int, previous: int | None = None) -> bytes:
    head = b"0 1\n0000000000 65535 f \n" + b"%d %d\n" % (first, len(offsets))
    lines = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    older = b"/Prev %d" % previous if previous is not None else b""
    return b"xref\n%s%strailer\n<</Size %d/Root 1 0 R/Info 6 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        head,
        lines,
        size,
        older,
        start,
    )


def replace_contents(data: bytes, contents: bytes) -> bytes:
    """An incremental save that gives the page other contents."""
    previous = int(data.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    start = len(data)
    data += b"4 0 obj\n<</Length %d>>stream\n%s\nendstream\nendobj\n" % (len(contents), contents)
    return data + _table([start], 4, 7, len(data), previous)


def utf16(text: str) -> str:
    return "<FEFF" + text.encode("utf-16-be").hex() + ">"


def show(text: str, setup: str = "", at: str = "72 600", size: float = 12) -> bytes:
    return f"q {setup} BT /F1 {size} Tf {at} Td ({text}) Tj ET Q\n".encode()


BOX = b"q 0 g 60 590 400 30 re f Q\n"


def draws(contents: bytes, resources: str = "", extra: str = ""):
    def make(paper: Paper) -> None:
        paper.contents += contents
        paper.resources += resources
        paper.page += extra

    return make


def notes(*annotations: str):
    return lambda paper: paper.annotate(*annotations)


def fields(*inner: str):
    return lambda paper: paper.form(*inner)


def picture_over(paper: Paper) -> None:
    number = paper.put(
        "/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray", bytes([90, 120, 150, 180])
    )
    paper.resources += f"/XObject<</Im {number} 0 R>>"
    paper.contents += show("TOKEN") + b"q 200 0 0 60 60 580 cm /Im Do Q\n"


def layer(paper: Paper) -> int:
    group = paper.put("<</Type/OCG/Name(Entwurf)>>")
    paper.catalogue += f"/OCProperties<</OCGs[{group} 0 R]/D<</OFF[{group} 0 R]>>>>"
    return group


def layer_mark(paper: Paper) -> None:
    paper.resources += f"/Properties<</MC0 {layer(paper)} 0 R>>"
    paper.contents += b"/OC /MC0 BDC\n" + show("TOKEN") + b"EMC\n"


def add_form(paper: Paper, contents: bytes, entry: str = "") -> None:
    form = paper.put(f"/Type/XObject/Subtype/Form/BBox[0 0 595 842]{entry}/Resources<</Font<</F1 5 0 R>>>>", contents)
    paper.resources += f"/XObject<</Fm {form} 0 R>>"
    paper.contents += b"/Fm Do\n"


def layer_form(paper: Paper) -> None:
    add_form(paper, show("TOKEN"), f"/OC {layer(paper)} 0 R")


def form_white(paper: Paper) -> None:
    add_form(paper, show("TOKEN", "1 1 1 rg"))


def layer_on(paper: Paper) -> None:
    paper.resources += f"/Properties<</MC0 {paper.put('<</Type/OCG/Name(Plan)>>')} 0 R>>"
    paper.contents += b"/OC /MC0 BDC\n" + show("TOKEN") + b"EMC\n"


def outline(paper: Paper) -> None:
    top = 7
    paper.catalogue += f"/Outlines {top} 0 R"
    paper.put(f"<</Type/Outlines/First {top + 1} 0 R/Last {top + 1} 0 R/Count 1>>")
    paper.put(f"<</Title(TOKEN)/Parent {top} 0 R/Dest[3 0 R/Fit]>>")


def xmp(paper: Paper) -> None:
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description>'
        '<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Seq><rdf:li>TOKEN</rdf:li></rdf:Seq></dc:creator>'
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    paper.catalogue += f"/Metadata {paper.put('/Type/Metadata/Subtype/XML', packet.encode())} 0 R"


def info(entry: str):
    def make(paper: Paper) -> None:
        paper.info += entry

    return make


def catalogue(entry: str):
    def make(paper: Paper) -> None:
        paper.catalogue += entry

    return make


def script_stream(paper: Paper) -> None:
    number = paper.put("", b"var x = 'TOKEN';")
    paper.catalogue += f"/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS {number} 0 R>>]>>>>"


def xfa(paper: Paper) -> None:
    packet = (
        '<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><template xmlns="http://www.xfa.org/schema/xfa-template/2.8/"><subform/>'
        '</template><xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><name>TOKEN</name></xfa:data>'
        "</xfa:datasets></xdp:xdp>"
    )
    paper.catalogue += f"/AcroForm<</Fields[]/XFA {paper.put('', packet.encode())} 0 R>>"


def alternative(paper: Paper) -> None:
    paper.catalogue += f"/StructTreeRoot {paper.put('<</Type/StructTreeRoot/K 8 0 R>>')} 0 R"
    paper.put("<</Type/StructElem/S/Figure/Alt(TOKEN)/P 7 0 R>>")


def object_stream(paper: Paper) -> None:
    inner = b"<</S/JavaScript/JS(say TOKEN)>>"
    packed = zlib.compress(b"90 0 " + inner)
    paper.put(b"/Type/ObjStm/N 1/First 5/Filter/FlateDecode", packed)


SQUARE = "/Subtype/Square/Rect[60 590 460 620]/C[0 0 0]/IC[0 0 0]/AP<</N {} 0 R>>"


def square(paper: Paper) -> None:
    look = paper.put("/Type/XObject/Subtype/Form/BBox[0 0 400 30]", b"0 g 0 0 400 30 re f")
    paper.contents += show("TOKEN")
    paper.annotate(SQUARE.format(look))


PLACES = {
    "body": (draws(show("TOKEN")), Where.BODY, None),
    "comment": (notes("/Subtype/Text/Rect[9 9 20 20]/Contents(TOKEN)/T(A)"), Where.COMMENT, "comment"),
    "comment_author": (notes("/Subtype/Text/Rect[9 9 20 20]/Contents(hm)/T(TOKEN)"), Where.COMMENT, "comment"),
    "comment_rich": (notes("/Subtype/Text/Rect[9 9 20 20]/RC(<body><p>TOKEN</p></body>)"), Where.COMMENT, "comment"),
    "highlight": (notes("/Subtype/Highlight/Rect[9 9 20 20]/Contents(TOKEN)"), Where.COMMENT, "comment"),
    "free_text": (notes("/Subtype/FreeText/Rect[9 9 99 20]/Contents(TOKEN)/DA(/Helv 9 Tf)"), Where.TEXTBOX, None),
    "free_text_hidden": (
        notes("/Subtype/FreeText/F 2/Rect[9 9 99 20]/Contents(TOKEN)/DA(/Helv 9 Tf)"),
        Where.HIDDEN,
        "invisible_text",
    ),
    "field_value": (fields("/FT/Tx/T(a)/V(TOKEN)"), Where.TEXTBOX, "form_value"),
    "field_hidden": (fields("/FT/Tx/T(a)/F 2/V(TOKEN)"), Where.HIDDEN, "form_value"),
    "field_default": (fields("/FT/Tx/T(a)/V(x)/DV(TOKEN)"), Where.HIDDEN, "form_value"),
    "field_option": (fields("/FT/Ch/Ff 131072/T(a)/V(x)/Opt[(x)(TOKEN)]"), Where.HIDDEN, "form_value"),
    "field_name": (fields(f"/FT/Tx/T{utf16('姓名TOKEN')}/V(x)"), Where.PROPERTY, "form_value"),
    "bookmark": (outline, Where.PROPERTY, "bookmark"),
    "author": (info("/Author(TOKEN)"), Where.PROPERTY, "metadata"),
    "custom_property": (info("/Department(TOKEN)"), Where.PROPERTY, "metadata"),
    "xmp": (xmp, Where.PROPERTY, "metadata"),
    "script_open": (catalogue("/OpenAction<</S/JavaScript/JS(app.alert\\('TOKEN'\\))>>"), Where.HIDDEN, "script"),
    "script_stream": (script_stream, Where.HIDDEN, "script"),
    "script_packed": (object_stream, Where.HIDDEN, "script"),
    "link": (notes("/Subtype/Link/Rect[9 9 20 20]/A<</S/URI/URI(http://TOKEN/)>>"), Where.PROPERTY, "external_link"),
    "xfa": (xfa, Where.TEXTBOX, "form_value"),
    "alternative_text": (alternative, Where.HIDDEN, "alt_text"),
    "mode_3": (draws(show("TOKEN", "3 Tr")), Where.HIDDEN, "invisible_text"),
    "mode_7": (draws(show("TOKEN", "7 Tr")), Where.HIDDEN, "invisible_text"),
    "clear": (draws(show("TOKEN", "/G gs"), "/ExtGState<</G<</ca 0>>>>"), Where.HIDDEN, "invisible_text"),
    "white": (draws(show("TOKEN", "1 1 1 rg")), Where.HIDDEN, "white_text"),
    "white_grey": (draws(show("TOKEN", "1 g")), Where.HIDDEN, "white_text"),
    "white_cmyk": (draws(show("TOKEN", "0 0 0 0 k")), Where.HIDDEN, "white_text"),
    "white_in_form": (form_white, Where.HIDDEN, "white_text"),
    "tiny": (draws(show("TOKEN", size=0.5)), Where.HIDDEN, "tiny_text"),
    "tiny_by_matrix": (draws(show("TOKEN", "0.1 0 0 0.1 0 0 cm", "720 6000")), Where.HIDDEN, "tiny_text"),
    "off_page": (draws(show("TOKEN", at="72 -300")), Where.HIDDEN, "off_page"),
    "off_crop": (draws(show("TOKEN", at="72 30"), extra="/CropBox[0 100 595 842]"), Where.HIDDEN, "off_page"),
    "under_box": (draws(show("TOKEN") + BOX), Where.HIDDEN, "under_box"),
    "under_white_box": (draws(show("TOKEN") + BOX.replace(b"0 g", b"1 g")), Where.HIDDEN, "under_box"),
    "under_shape": (draws(show("TOKEN") + b"0 g 60 590 m 460 590 l 460 630 l 60 630 l h f\n"), Where.HIDDEN, "under_box"),
    "black_on_black": (draws(BOX + show("TOKEN", "0 g")), Where.HIDDEN, "under_box"),
    "under_picture": (picture_over, Where.HIDDEN, "under_box"),
    "under_note": (square, Where.HIDDEN, "under_box"),
    "redaction": (
        lambda paper: (draws(show("TOKEN"))(paper), paper.annotate("/Subtype/Redact/Rect[60 590 460 620]")),
        Where.HIDDEN,
        "redaction",
    ),
    "layer_off": (layer_mark, Where.HIDDEN, "invisible_text"),
    "layer_off_form": (layer_form, Where.HIDDEN, "invisible_text"),
}


@pytest.fixture(autouse=True)
def no_recognition(monkeypatch):
    """These tests are about the text layer; pictures are not looked at."""
    monkeypatch.setitem(sys.modules, "classifier.parse.ocr_pages", None)
    monkeypatch.delattr(classifier.parse, "ocr_pages", raising=False)  # set once some other test has loaded it


def token(name: str) -> str:
    return "Q" + name.replace("_", "").upper() + "Q"


def found(document, word: str):
    place = document.text.find(word)
    block = document.block_at(place) if place >= 0 else None
    return (block.where, block.origin) if block else None


@pytest.mark.parametrize("name", PLACES)
def test_words_are_found_in_their_place(name, read_bytes):
    """One token, one place, told how it was out of sight; what the page shows stays where it is."""
    plant, where, origin = PLACES[name]
    paper = Paper()
    plant(paper)
    word = token(name)
    paper.contents = paper.contents.replace(b"TOKEN", word.encode())
    paper.catalogue, paper.page, paper.info = (x.replace("TOKEN", word) for x in (paper.catalogue, paper.page, paper.info))
    wide = "TOKEN".encode("utf-16-be").hex().encode()
    paper.more = [m.replace(b"TOKEN", word.encode()).replace(wide, word.encode("utf-16-be").hex().encode()) for m in paper.more]
    paper.more = [_measured(m) for m in paper.more]
    if name == "script_packed":
        paper.more = []
        packed = zlib.compress(b"90 0 <</S/JavaScript/JS(say %s)>>" % word.encode())
        paper.put(b"/Type/ObjStm/N 1/First 5/Filter/FlateDecode", packed)
    data = paper.bytes()
    document = read_bytes(data, "a.pdf")
    assert found(document, word) == (where, origin)
    assert document.text.count(word) == 1
    assert found(document, "An ordinary paragraph") == (Where.BODY, None)
    assert {p.code for p in document.problems} <= {"image"}


def _measured(raw: bytes) -> bytes:
    """The object with the right length of its stream after a token was put in."""
    if b">>stream\n" not in raw or b"/ObjStm" in raw:
        return raw
    head, _, rest = raw.partition(b"/Length ")
    stream = rest.partition(b">>stream\n")[2].removesuffix(b"\nendstream")
    return b"%s/Length %d>>stream\n%s\nendstream" % (head, len(stream), stream)


SEEN = {
    "white_on_blue": draws(b"q 0 0 1 rg 60 590 400 30 re f Q\n" + show("TOKEN", "1 1 1 rg")),
    "box_below": draws(b"q 0.9 g 60 590 400 30 re f Q\n" + show("TOKEN", "0 g")),
    "clear_box": draws(show("TOKEN") + b"q /G gs 1 1 0 rg 60 590 400 30 re f Q\n", "/ExtGState<</G<</ca 0.3>>>>"),
    "thin_line": draws(show("TOKEN") + b"q 0 g 60 590 400 1 re f Q\n"),
    "frame": draws(show("TOKEN") + b"q 60 590 400 30 re S Q\n"),
    "box_elsewhere": draws(show("TOKEN") + b"q 0 g 60 300 400 30 re f Q\n"),
    "small_print": draws(show("TOKEN", size=6)),
    "layer_on": layer_on,
    "white_on_blue_in_form": lambda paper: add_form(
        paper, b"q 0 0 1 rg 60 590 400 30 re f Q\n" + show("TOKEN", "1 1 1 rg") + FILLER * 4
    ),
    "rotated_page": draws(show("TOKEN", "1 0 0 1 0 0 cm"), extra="/Rotate 90"),
}


@pytest.mark.parametrize("name", SEEN)
def test_what_is_seen_is_not_called_hidden(name, read_bytes):
    """White letters on blue, marker over words, table lines, small print: no finding."""
    paper = Paper()
    SEEN[name](paper)
    document = read_bytes(paper.bytes(), "a.pdf")
    assert found(document, "TOKEN") == (Where.BODY, None)
    assert document.problems == ()


def test_half_a_line_under_a_box_is_told_apart(read_bytes):
    """Only the letters below the box are hidden; the rest of the line stays readable in one piece."""
    paper = Paper()
    paper.contents += show("name: secretname end", "0 g") + b"q 0 g 105 590 68 30 re f Q\n"
    document = read_bytes(paper.bytes(), "a.pdf")
    assert found(document, "secretname") == (Where.HIDDEN, "under_box")
    assert found(document, "name: ") == (Where.BODY, None)
    assert found(document, "end") == (Where.BODY, None)


def test_a_number_half_under_a_box_stays_whole(read_bytes):
    """A covered part takes the rest of its number with it: cut in two, nobody would find it."""
    paper = Paper()
    paper.contents += show("id 510321197906182239 end", "0 g") + b"q 0 g 105 590 50 30 re f Q\n"
    assert found(read_bytes(paper.bytes(), "a.pdf"), "510321197906182239") == (Where.HIDDEN, "under_box")


def test_the_text_layer_of_a_scan_is_body(read_bytes, codes):
    """Invisible letters over a picture of the whole page say what the picture shows; the picture itself is still reported."""
    paper = Paper()
    number = paper.put("/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray", bytes(4))
    paper.resources += f"/XObject<</Im {number} 0 R>>"
    lines = b"".join(show(f"scanned line number {n} of a letter", "3 Tr", f"72 {700 - 20 * n}") for n in range(12))
    paper.contents = b"q 595 0 0 842 0 0 cm /Im Do Q\n" + lines
    document = read_bytes(paper.bytes(), "a.pdf")
    assert found(document, "scanned line number 7") == (Where.BODY, None)
    assert codes(document) == {"image"}


def test_an_earlier_state_gives_what_was_taken_out(read_bytes):
    """Only the words that the present state lacks, once, however often the file was saved."""
    paper = Paper()
    paper.contents += show("SALARYLIST")
    data = replace_contents(paper.bytes(), FILLER)
    data = replace_contents(data, FILLER + show("LATER"))
    document = read_bytes(data, "a.pdf")
    assert found(document, "SALARYLIST") == (Where.HIDDEN, "old_revision")
    assert found(document, "LATER") == (Where.BODY, None)
    assert document.text.count("An ordinary paragraph") == 1
    assert document.text.count("SALARYLIST") == 1
    assert ("revisions", 2, 2) in {(t.kind, t.found, t.read) for t in document.receipt.tallies}


def test_more_states_than_are_read_are_reported(read_bytes, codes):
    data = Paper().bytes()
    for _ in range(7):
        data = replace_contents(data, FILLER)
    assert codes(read_bytes(data, "a.pdf")) == {"part_unread"}


def embedded(paper: Paper, words: bytes, name: str = "list.txt") -> int:
    stream = paper.put("/Type/EmbeddedFile", words)
    return paper.put(f"<</Type/Filespec/F({name})/UF({name})/EF<</F {stream} 0 R>>>>")


def test_attached_files_are_read(read_bytes):
    """From the document's list, from a pin on a page, and those that nothing names any more; each once."""
    paper = Paper()
    listed = embedded(paper, b"QLISTEDQ words")
    paper.catalogue += f"/Names<</EmbeddedFiles<</Names[(a) {listed} 0 R]>>>>"
    paper.annotate(f"/Subtype/FileAttachment/Rect[9 9 20 20]/FS {embedded(paper, b'QPINNEDQ words', 'pin.txt')} 0 R")
    document = read_bytes(paper.bytes(), "a.pdf")
    assert [(child.member, child.text.split()[0]) for child in document.children] == [
        ("pin.txt", "QPINNEDQ"),
        ("list.txt", "QLISTEDQ"),
    ]
    assert document.problems == ()
    loose = Paper()
    embedded(loose, b"QLOOSEQ words")
    assert "QLOOSEQ" in read_bytes(loose.bytes(), "a.pdf").children[0].text


def test_broken_packing_is_reported(read_bytes, codes):
    """PDFium shows what it can unpack and says nothing: a page whose stream breaks is damaged."""
    paper = Paper()
    paper.contents += b"".join(show(f"line {n}", at=f"72 {500 - n}") for n in range(99))
    data = bytearray(paper.bytes())
    place = data.find(b"FlateDecode") + 200
    data[place] ^= 0x55
    assert "damaged" in codes(read_bytes(bytes(data), "a.pdf"))
