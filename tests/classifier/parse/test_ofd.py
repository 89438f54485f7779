"""OFD: a token in every place of a package where words can be, each found in the right place; and no bytes that raise."""

from __future__ import annotations

import functools
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.core.document import ORIGINS, Where
from classifier.core.problems import PROBLEMS
from classifier.core.settings import Limits
from classifier.parse import read
from classifier.parse.formats import Sample
from classifier.parse.ofd import bid as ofd_bid

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
WORDS = "关于做好信访工作的通知，联系电话13800138000。"
FONT = 'Font="1" Size="5"'


def text(words: str, *, box: str = "20 20 170 8", look: str = "", inner: str = "", code: str = 'X="0" Y="6"') -> str:
    """A text object."""
    font = "" if "Size=" in look else FONT
    return f'<ofd:TextObject ID="9" Boundary="{box}" {font} {look}>{inner}<ofd:TextCode {code}>{words}</ofd:TextCode></ofd:TextObject>'


def shape(box: str, colour: str, *, look: str = "", path: str | None = None) -> str:
    """A filled rectangle, unless `path` says otherwise."""
    _, _, width, height = box.split()
    data = path or f"M 0 0 L {width} 0 L {width} {height} L 0 {height} C"
    return (
        f'<ofd:PathObject ID="8" Boundary="{box}" Stroke="false" Fill="true" {look}><ofd:FillColor Value="{colour}"/>'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def page(layers: str, head: str = "") -> str:
    """A page part; `layers` may be objects alone."""
    inner = layers if "<ofd:Layer" in layers else f'<ofd:Layer ID="2">{layers}</ofd:Layer>'
    return f"<ofd:Page {NS}>{head}<ofd:Content>{inner}</ofd:Content></ofd:Page>"


def ofd(*pages: str, document: str = "", common: str = "", body: str = "", parts: dict[str, str | bytes] | None = None) -> bytes:
    """An OFD package of pages; `document`, `common` and `body` go into Document, CommonData and DocBody."""
    listed = "".join(f'<ofd:Page ID="{n + 1}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    members: dict[str, str | bytes] = {
        "OFD.xml": f'<ofd:OFD {NS} Version="1.1" DocType="OFD"><ofd:DocBody>{body}<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>',
        "Doc_0/Document.xml": f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
        f"{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{document}</ofd:Document>",
    }
    members |= {f"Doc_0/Pages/Page_{n}/Content.xml": content for n, content in enumerate(pages)} | (parts or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def annotated(annotation: str, below: str = text("x")) -> bytes:
    """A page with one annotation part."""
    return ofd(
        page(below),
        document="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>",
        parts={
            "Doc_0/Annots/Annotations.xml": f'<ofd:Annotations {NS}><ofd:Page PageID="1"><ofd:FileLoc>P0.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>',
            "Doc_0/Annots/P0.xml": f"<ofd:PageAnnot {NS}>{annotation}</ofd:PageAnnot>",
        },
    )


def resourced(objects: str, resources: str, parts: dict[str, str | bytes] | None = None) -> bytes:
    """A page with a resource part."""
    res = {"Doc_0/DocumentRes.xml": f'<ofd:Res {NS} BaseLoc="Res">{resources}</ofd:Res>'}
    return ofd(page(objects), common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>", parts=res | (parts or {}))


def unit(inner: str) -> str:
    """A composite unit with the number 50."""
    return f'<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="50" Width="9" Height="9"><ofd:Content>{inner}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>'


T = text("TOKEN")
WHITE = '<ofd:FillColor Value="255 255 255"/>'
USE = '<ofd:CompositeObject ID="7" Boundary="0 0 210 297" ResourceID="50" {}/>'
DER_NAME = b"\x0c\x0b" + "TOKEN某章".encode()
SIGN = {
    "Doc_0/Signs/Signatures.xml": f'<ofd:Signatures {NS}><ofd:Signature ID="1" BaseLoc="S0/Signature.xml"/></ofd:Signatures>',
    "Doc_0/Signs/S0/Signature.xml": f'<ofd:Signature {NS}><ofd:SignedInfo><ofd:Provider ProviderName="厂" Company="TOKEN2"/></ofd:SignedInfo>'
    "<ofd:SignedValue>V.dat</ofd:SignedValue></ofd:Signature>",
    "Doc_0/Signs/S0/V.dat": b"\x30" + bytes([len(DER_NAME)]) + DER_NAME,
}
VERSION = "<ofd:Versions><ofd:Version ID='v' Index='0' Current='false' BaseLoc='Doc_0/V0.xml'/></ofd:Versions>"
OLD = {
    "Doc_0/V0.xml": f"<ofd:DocVersion {NS} ID='v'><ofd:FileList><ofd:File ID='f'>/Doc_0/Old/Content.xml</ofd:File></ofd:FileList></ofd:DocVersion>",
    "Doc_0/Old/Content.xml": page(T),
}
TEMPLATE = '<ofd:TemplatePage ID="60" BaseLoc="Tpls/T0.xml"/>'
PLACES: dict[str, tuple[bytes, Where, str | None]] = {
    "page": (ofd(page(T)), Where.BODY, None),
    "second page": (ofd(page(text("x")), page(T)), Where.BODY, None),
    "background layer": (ofd(page(f'<ofd:Layer Type="Background" ID="3">{T}</ofd:Layer>')), Where.BODY, None),
    "page block": (ofd(page(f"<ofd:PageBlock>{T}</ofd:PageBlock>")), Where.BODY, None),
    "template": (
        ofd(page(text("x"), '<ofd:Template TemplateID="60"/>'), common=TEMPLATE, parts={"Doc_0/Tpls/T0.xml": page(T)}),
        Where.BODY,
        None,
    ),
    "composite": (resourced(USE.format(""), unit(T)), Where.BODY, None),
    "pattern": (
        ofd(
            page(
                '<ofd:PathObject ID="8" Boundary="0 0 90 90" Fill="true"><ofd:FillColor><ofd:Pattern Width="9" Height="9">'
                f"<ofd:CellContent>{T}</ofd:CellContent></ofd:Pattern></ofd:FillColor></ofd:PathObject>"
            )
        ),
        Where.BODY,
        None,
    ),
    "white on blue": (ofd(page(shape("10 10 190 30", "0 0 255") + text("TOKEN", inner=WHITE))), Where.BODY, None),
    "white text": (ofd(page(text("TOKEN", inner=WHITE))), Where.HIDDEN, "white_text"),
    "white text by drawing parameters": (
        resourced(
            text("TOKEN", look='DrawParam="71"'),
            f'<ofd:DrawParams><ofd:DrawParam ID="70">{WHITE}</ofd:DrawParam><ofd:DrawParam ID="71" Relative="70"/></ofd:DrawParams>',
        ),
        Where.HIDDEN,
        "white_text",
    ),
    "blue on blue": (
        ofd(page(shape("10 10 190 30", "0 0 255") + text("TOKEN", inner='<ofd:FillColor Value="0 0 255"/>'))),
        Where.HIDDEN,
        "white_text",
    ),
    "white in cmyk": (ofd(page(text("TOKEN", inner='<ofd:FillColor Value="0 0 0 0"/>'))), Where.HIDDEN, "white_text"),
    "object not visible": (ofd(page(text("TOKEN", look='Visible="false"'))), Where.HIDDEN, "invisible_text"),
    "layer not visible": (
        ofd(page(f'<ofd:Layer ID="3" Visible="false">{T}</ofd:Layer>')),
        Where.HIDDEN,
        "invisible_text",
    ),
    "transparent": (ofd(page(text("TOKEN", look='Alpha="0"'))), Where.HIDDEN, "invisible_text"),
    "transparent colour": (ofd(page(text("TOKEN", inner='<ofd:FillColor Alpha="0"/>'))), Where.HIDDEN, "invisible_text"),
    "transparent composite": (resourced(USE.format('Alpha="0"'), unit(T)), Where.HIDDEN, "invisible_text"),
    "not filled": (ofd(page(text("TOKEN", look='Fill="false"'))), Where.HIDDEN, "invisible_text"),
    "tiny": (ofd(page(text("TOKEN", look='Font="1" Size="0.2"'))), Where.HIDDEN, "tiny_text"),
    "tiny by matrix": (ofd(page(text("TOKEN", look='CTM="0.01 0 0 0.01 0 0"'))), Where.HIDDEN, "tiny_text"),
    "off the page": (ofd(page(text("TOKEN", box="300 20 90 8"))), Where.HIDDEN, "off_page"),
    "off the page by its start": (ofd(page(text("TOKEN", code='X="0" Y="-90"'))), Where.HIDDEN, "off_page"),
    "under a black box": (ofd(page(T + shape("10 10 190 30", "0 0 0"))), Where.HIDDEN, "under_box"),
    "under a white box": (ofd(page(T + shape("10 10 190 30", "255 255 255"))), Where.HIDDEN, "under_box"),
    "under a box of an annotation": (
        annotated(
            f'<ofd:Annot Type="Path" ID="5"><ofd:Appearance Boundary="10 10 190 30">{shape("0 0 190 30", "0 0 0")}</ofd:Appearance></ofd:Annot>',
            T,
        ),
        Where.HIDDEN,
        "under_box",
    ),
    "under a line": (ofd(page(T + shape("10 24 190 0.3", "0 0 0"))), Where.BODY, None),
    "unused composite": (resourced(text("x"), unit(T)), Where.HIDDEN, "unused_part"),
    "unused page": (ofd(page(text("x")), parts={"Doc_0/Pages/Page_9/Content.xml": page(T)}), Where.HIDDEN, "unused_part"),
    "unused document": (
        ofd(page(text("x")), parts={"Doc_1/Odd.xml": "<a><b>TOKEN</b></a>"}),
        Where.HIDDEN,
        "unused_part",
    ),
    "older version": (ofd(page(text("x")), body=VERSION, parts=OLD), Where.HIDDEN, "old_revision"),
    "watermark": (
        annotated(f'<ofd:Annot Type="Watermark" ID="5"><ofd:Appearance Boundary="0 0 210 297">{T}</ofd:Appearance></ofd:Annot>'),
        Where.TEXTBOX,
        None,
    ),
    "hidden annotation": (
        annotated(
            f'<ofd:Annot Type="Stamp" ID="5" Visible="false"><ofd:Appearance Boundary="0 0 210 297">{T}</ofd:Appearance></ofd:Annot>'
        ),
        Where.HIDDEN,
        "invisible_text",
    ),
    "remark": (annotated('<ofd:Annot Type="Highlight"><ofd:Remark>TOKEN</ofd:Remark></ofd:Annot>'), Where.COMMENT, "comment"),
    "remark without namespace": (
        annotated('<ofd:Annot Type="Highlight"><Remark>TOKEN</Remark></ofd:Annot>'),
        Where.COMMENT,
        "comment",
    ),
    "parameter": (
        annotated(
            '<ofd:Annot Type="Stamp"><ofd:Parameters><ofd:Parameter Name="Contents">TOKEN</ofd:Parameter></ofd:Parameters></ofd:Annot>'
        ),
        Where.COMMENT,
        "comment",
    ),
    "annotation author": (annotated('<ofd:Annot Type="Stamp" Creator="TOKEN"/>'), Where.PROPERTY, "metadata"),
    "link": (
        ofd(
            page(
                text(
                    "x", inner='<ofd:Actions><ofd:Action Event="CLICK"><ofd:URI URI="http://TOKEN/"/></ofd:Action></ofd:Actions>'
                )
            )
        ),
        Where.PROPERTY,
        "external_link",
    ),
    "author": (
        ofd(page(text("x")), body="<ofd:DocInfo><ofd:Author>TOKEN</ofd:Author></ofd:DocInfo>"),
        Where.PROPERTY,
        "metadata",
    ),
    "keyword": (
        ofd(page(text("x")), body="<ofd:DocInfo><ofd:Keywords><ofd:Keyword>TOKEN</ofd:Keyword></ofd:Keywords></ofd:DocInfo>"),
        Where.PROPERTY,
        "metadata",
    ),
    "custom data": (
        ofd(
            page(text("x")),
            body='<ofd:DocInfo><ofd:CustomDatas><ofd:CustomData Name="a">TOKEN</ofd:CustomData></ofd:CustomDatas></ofd:DocInfo>',
        ),
        Where.PROPERTY,
        "metadata",
    ),
    "outline": (
        ofd(page(text("x")), document='<ofd:Outlines><ofd:OutlineElem Title="TOKEN"/></ofd:Outlines>'),
        Where.PROPERTY,
        "bookmark",
    ),
    "bookmark": (
        ofd(page(text("x")), document='<ofd:Bookmarks><ofd:Bookmark Name="TOKEN"/></ofd:Bookmarks>'),
        Where.PROPERTY,
        "bookmark",
    ),
    "custom tag": (
        ofd(
            page(text("x")),
            document="<ofd:CustomTags>Tags.xml</ofd:CustomTags>",
            parts={
                "Doc_0/Tags.xml": f"<ofd:CustomTags {NS}><ofd:CustomTag><ofd:FileLoc>T.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>",
                "Doc_0/T.xml": "<e><n>TOKEN</n></e>",
            },
        ),
        Where.PROPERTY,
        "metadata",
    ),
    "extension": (
        ofd(
            page(text("x")),
            document="<ofd:Extensions>E.xml</ofd:Extensions>",
            parts={
                "Doc_0/E.xml": f'<ofd:Extensions {NS}><ofd:Extension AppName="a"><ofd:Property Name="n">TOKEN</ofd:Property></ofd:Extension></ofd:Extensions>'
            },
        ),
        Where.PROPERTY,
        "metadata",
    ),
    "seal": (
        ofd(page(text("x")), body="<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>", parts=SIGN),
        Where.PROPERTY,
        "metadata",
    ),
    "xml comment": (ofd(page(text("x") + "<!-- TOKEN -->")), Where.HIDDEN, "hidden_text"),
    "unknown element": (ofd(page(text("x") + "<ofd:Odd>TOKEN</ofd:Odd>")), Where.HIDDEN, "hidden_text"),
    "text between elements": (ofd(page("<ofd:Layer>TOKEN" + text("x") + "</ofd:Layer>")), Where.HIDDEN, "hidden_text"),
    "attribute": (ofd(page(text("x", look='Note="TOKEN密"'))), Where.HIDDEN, "hidden_text"),
}


def check(document) -> None:
    """The promises of a Document."""
    end = 0
    for block in document.blocks:
        assert end <= block.span.start < block.span.end <= len(document.text)
        assert block.origin is None or block.origin in ORIGINS
        end = block.span.end
    assert all(problem.code in PROBLEMS for problem in document.problems)
    document.text.encode("utf-8")


@pytest.mark.parametrize("place", PLACES)
def test_every_hiding_place_is_found_where_it_is(place, read_bytes):
    """A token planted in one place of a package is read, once, with that place and how it was hidden."""
    data, where, origin = PLACES[place]
    document = read_bytes(data, "a.ofd")
    check(document)
    assert document.format == "ofd"
    found = [
        (b.where, b.origin) for b in document.blocks if "TOKEN" in document.text[b.span.start : b.span.end].replace("TOKEN2", "")
    ]
    assert found == [(where, origin)]


def test_attachments_are_read_as_files_of_their_own(read_bytes):
    """A visible and a hidden attachment become children with their path; a missing one is a Problem."""
    listing = "".join(
        f'<ofd:Attachment ID="{n}" Name="{n}" Visible="false"><ofd:FileLoc>{n}.txt</ofd:FileLoc></ofd:Attachment>'
        for n in ("a", "gone")
    )
    data = ofd(
        page(text("x")),
        document="<ofd:Attachments>Att/Attachments.xml</ofd:Attachments>",
        parts={"Doc_0/Att/Attachments.xml": f"<ofd:Attachments {NS}>{listing}</ofd:Attachments>", "Doc_0/Att/a.txt": WORDS},
    )
    document = read_bytes(data, "a.ofd")
    assert [(child.member, WORDS in child.text) for child in document.children] == [("Doc_0/Att/a.txt", True)]
    assert [problem.code for problem in document.problems] == ["attachment"]


def test_files_nothing_leads_to_are_read_too(read_bytes):
    """A text file left in the package is a child."""
    document = read_bytes(ofd(page(text("x")), parts={"Doc_0/Res/note.txt": WORDS}), "a.ofd")
    assert [WORDS in child.text for child in document.children] == [True]


def test_every_document_of_the_package_is_read(read_bytes):
    """A second DocBody continues the page numbers."""

    second = {
        "OFD.xml": f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
        "<ofd:DocBody><ofd:DocRoot>Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_1/Document.xml": f'<ofd:Document {NS}><ofd:Pages><ofd:Page ID="1" BaseLoc="P.xml"/></ofd:Pages></ofd:Document>',
        "Doc_1/P.xml": page(text("乙")),
    }

    document = read_bytes(ofd(page(text("甲")), parts=second), "a.ofd")
    assert [(b.page, document.text[b.span.start : b.span.end]) for b in document.blocks[:-1]] == [(1, "甲"), (2, "乙")]
    assert document.pages == 2


def test_pieces_of_a_line_are_joined(read_bytes):
    """An ID number in three objects is one number, a label and its value one line, the next line another."""
    pieces = (
        text("身份证号", box="20 20 20 8")
        + text("110101", box="45 20 15 8", code='X="0" Y="6" DeltaX="g 5 2.5"')
        + text("19900101", box="60 20 20 8", code='X="0" Y="6" DeltaX="g 7 2.5"')
        + text("下一行", box="20 30 20 8")
    )
    assert read_bytes(ofd(page(pieces)), "a.ofd").text == "身份证号 11010119900101\n下一行\na.ofd"


def test_letters_without_order_are_read_by_place(read_bytes):
    """A file that writes its letters column by column still gives lines."""
    line = "一二三四五六七八"
    letters = [text(c, box=f"{20 + 5 * x} {20 + 10 * y} 5 8") for x, c in enumerate(line) for y in range(3)]
    assert read_bytes(ofd(page("".join(letters))), "a.ofd").text == f"{line}\n{line}\n{line}\na.ofd"


def test_what_repeats_in_the_margin_is_header_or_footer(read_bytes, places):
    """Repeated head lines and page numbers are told apart from the text."""
    content = [page(text("页眉", box="20 5 90 8") + text(WORDS) + text(f"— {n} —", box="90 280 30 8")) for n in (1, 2)]
    document = read_bytes(ofd(*content), "a.ofd")
    assert (places(document, "页眉"), places(document, WORDS), places(document, "— 2 —")) == (
        {Where.HEADER},
        {Where.BODY},
        {Where.FOOTER},
    )


def test_a_watermark_is_said_once(read_bytes):
    """Forty copies of a watermark, some past the edge of the page, are one text and nothing hidden."""
    copies = "".join(text("保密资料", box=f"20 {10 * n} 60 8", look='Alpha="60"') for n in range(40))
    mark = f'<ofd:Annot Type="Watermark"><ofd:Appearance Boundary="0 0 210 297">{copies}</ofd:Appearance></ofd:Annot>'
    document = read_bytes(annotated(mark), "a.ofd")
    assert document.text.count("保密资料") == 1
    assert all(block.origin is None for block in document.blocks)


def test_the_text_layer_of_a_scan_is_no_hidden_text(read_bytes):
    """Text below a picture of the whole page counts as the page's text."""
    media = '<ofd:MultiMedias><ofd:MultiMedia ID="40" Type="Image"><ofd:MediaFile>s.jpg</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias>'
    scan = '<ofd:ImageObject ID="6" Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="40"/>'
    document = read_bytes(resourced(text(WORDS) + scan, media, {"Doc_0/Res/s.jpg": b"\xff\xd8\xff broken"}), "a.ofd")
    assert {b.where for b in document.blocks[:-1]} == {Where.BODY}
    assert "page_no_text" in {problem.code for problem in document.problems}
    assert {problem.code for problem in document.problems} & {"image", "ocr_off"}


def test_a_page_of_lines_alone_says_it_has_no_text(read_bytes, codes):
    """Drawn pages are reported, blank ones are not."""
    drawn = page(shape("10 10 20 20", "0 0 0"))
    document = read_bytes(ofd(page(text("x")), drawn, page("")), "a.ofd")
    assert [(p.code, p.where) for p in document.problems] == [("page_no_text", "page 2")]


def test_handwriting_in_an_annotation_is_reported(read_bytes, codes):
    """A stamp drawn with lines holds words nobody has read."""
    stamp = f'<ofd:Annot Type="Stamp"><ofd:Appearance Boundary="0 0 9 9">{shape("0 0 9 9", "0 0 0", path="M 0 0 B 1 1 2 2 3 3")}</ofd:Appearance></ofd:Annot>'
    assert codes(read_bytes(annotated(stamp), "a.ofd")) == {"form"}


def test_private_letters_are_reported_as_garbled(read_bytes, codes):
    """Fonts whose letters mean nothing outside the file hide the text from us."""
    assert codes(read_bytes(ofd(page(text("\ue1d8\ueda6\ue001文"))), "a.ofd")) == {"garbled"}


def test_signatures_are_reported(read_bytes, codes):
    """A signed file is never simply read."""
    assert codes(read_bytes(PLACES["seal"][0], "a.ofd")) == {"signature"}


def test_encrypted_packages_say_so(read_bytes, codes):
    """GM/T 0099: Encryptions.xml at the root means that parts are ciphertext."""
    sealed = {"Encryptions.xml": f"<ofd:Encryptions {NS}/>", "Doc_0/c.dat": bytes(range(7, 90))}
    document = read_bytes(ofd(page(text("x")), parts=sealed), "a.ofd")
    assert codes(document) == {"encrypted"}
    assert document.children == ()


def test_a_composite_that_draws_itself_ends(read_bytes, codes):
    """Recursion and multiplication are cut short with a Problem."""
    assert "part_unread" in codes(read_bytes(resourced(USE.format(""), unit(USE.format("") + T)), "a.ofd"))
    assert codes(read_bytes(resourced(USE.format(""), unit(USE.format("") * 9)), "a.ofd")) & {"bomb", "part_unread"}


def test_a_page_of_too_many_shapes_says_so(read_bytes, codes, monkeypatch):
    """Where covers are not told to the end, the page is not called read."""
    monkeypatch.setattr("classifier.parse.ofd_sight._WORK", 3)
    assert codes(read_bytes(ofd(page(shape("9 9 99 99", "9 9 9") * 4 + text("x"))), "a.ofd")) == {"limits"}


def test_bold_print_made_of_two_texts_is_read_once(read_bytes):
    """The same text a hair aside is a shadow; the same letter one width further is the next letter."""
    twice = text("标题", box="20 20 20 8") + text("标题", box="20.2 20 20 8")
    letters = "".join(text("1", box=f"{20 + 2.5 * n} 40 3 8") for n in range(4))
    assert read_bytes(ofd(page(twice + letters)), "a.ofd").text == "标题\n1111\na.ofd"


def test_missing_parts_are_reported(read_bytes, codes):
    """A page, template, resource or signature that is not in the package is unread."""
    assert "part_unread" in codes(read_bytes(ofd(page(USE.format("") + text("x"))), "a.ofd"))
    assert "part_unread" in codes(read_bytes(ofd(page(text("x"), '<ofd:Template TemplateID="60"/>')), "a.ofd"))
    assert "part_unread" in codes(read_bytes(ofd(page(text("x")), common="<ofd:DocumentRes>R.xml</ofd:DocumentRes>"), "a.ofd"))
    assert "part_unread" in codes(read_bytes(ofd(page(text("x")), document="<ofd:Annotations>A.xml</ofd:Annotations>"), "a.ofd"))


def test_locations_never_leave_the_package(read_bytes, codes, tmp_path):
    """A page at ../../secret is not in the package, whatever lies on the disk."""
    (tmp_path / "secret.xml").write_text(page(text("LEAKED")))
    place = f'<ofd:Document {NS}><ofd:Pages><ofd:Page ID="1" BaseLoc="../../{tmp_path}/secret.xml"/></ofd:Pages></ofd:Document>'
    document = read_bytes(ofd(page(text("x")), parts={"Doc_0/Document.xml": place}), "a.ofd")
    assert "LEAKED" not in document.text
    assert "part_unread" in codes(document)


@functools.cache
def whole() -> bytes:
    """A sound file with a bit of everything."""
    note = f'<ofd:Annot Type="Watermark"><ofd:Appearance Boundary="0 0 210 297">{text("水印")}</ofd:Appearance><ofd:Remark>批注</ofd:Remark></ofd:Annot>'
    return ofd(
        page(text(WORDS) + shape("90 90 9 9", "1 2 3")),
        page(text(WORDS, inner=WHITE) + USE.format("")),
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
        document="<ofd:Annotations>Annots.xml</ofd:Annotations>",
        body="<ofd:DocInfo><ofd:Title>题目</ofd:Title></ofd:DocInfo>",
        parts={
            "Doc_0/DocumentRes.xml": f"<ofd:Res {NS}>{unit(text('组合'))}</ofd:Res>",
            "Doc_0/Annots.xml": f'<ofd:Annotations {NS}><ofd:Page PageID="1"><ofd:FileLoc>A.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>',
            "Doc_0/A.xml": f"<ofd:PageAnnot {NS}>{note}</ofd:PageAnnot>",
        },
    )


def test_a_sound_file_is_read_in_full_and_always_the_same(read_bytes):
    """No problem, every part counted, the same document twice."""
    document = read_bytes(whole(), "a.ofd")
    check(document)
    assert document.problems == ()
    assert all(tally.found == tally.read for tally in document.receipt.tallies)
    assert {"pages", "parts"} <= {tally.kind for tally in document.receipt.tallies}
    assert document == read_bytes(whole(), "a.ofd")


def test_content_decides_the_format(read_bytes, codes):
    """An OFD called docx is an OFD; an empty file is empty; a zip that stores an OFD is none."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.ofd", whole())
    assert ofd_bid(Sample(out.getvalue(), ".zip")) == 0.0
    assert ofd_bid(Sample(whole(), "")) > 0.95
    assert ofd_bid(Sample(whole()[:600], ".ofd")) > 0.5
    document = read_bytes(whole(), "a.docx")
    assert (document.format, codes(document)) == ("ofd", {"mismatch"})
    assert codes(read_bytes(b"", "a.ofd")) == {"empty"}


@pytest.mark.parametrize("tenths", range(1, 10))
def test_a_cut_file_never_passes_as_whole(tenths, read_bytes):
    """Cut at any tenth it has a Problem."""
    data = whole()
    document = read_bytes(data[: len(data) * tenths // 10], "a.ofd")
    check(document)
    assert document.problems


def test_flipped_bits_and_changed_copies_never_raise(tmp_path):
    """Bits flipped and stretches cut, overwritten and repeated, in the zip and in the XML."""
    path = tmp_path / "a.ofd"
    data = whole()
    for step in range(40):
        copy = bytearray(data)
        copy[len(data) * step // 40] ^= 1 << (step % 8)
        path.write_bytes(copy)
        check(read(path, Limits()))
    changes = st.lists(st.tuples(st.integers(0, len(data)), st.integers(0, 60), st.binary(max_size=40)), min_size=1, max_size=4)

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(changes)
    def go(edits):
        changed = data
        for place, cut, put in edits:
            changed = changed[:place] + put + changed[place + cut :]
        path.write_bytes(changed)
        check(read(path, Limits()))

    go()


def test_changed_xml_in_a_sound_package_never_raises(tmp_path):
    """Numbers, colours, matrices and tags may be anything."""
    path = tmp_path / "a.ofd"
    content = text("甲", look='CTM="1 0 0 1 2 3" Alpha="9"', inner=WHITE, code='X="1" Y="2" DeltaX="g 3 5 2"') + shape(
        "1 2 3 4", "0 9 9"
    )
    put = [
        "nan",
        "inf",
        "1e308",
        "-",
        "g g 9",
        "#FF",
        "",
        "<ofd:Layer>",
        "</ofd:Layer>",
        "Size='x'",
        "9999999999999",
        "&amp;",
        " ",
    ]

    @settings(max_examples=80, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.integers(0, len(content)), st.integers(0, 12), st.sampled_from(put)), min_size=1, max_size=5))
    def go(edits):
        inner = content
        for place, cut, piece in edits:
            inner = inner[:place] + piece + inner[place + cut :]
        path.write_bytes(ofd(page(inner)))
        check(read(path, Limits()))

    go()


def test_limits_cut_and_say_so(read_bytes, codes):
    """Pages, characters and unpacked bytes have limits."""
    assert "too_many_pages" in codes(read_bytes(ofd(page(text("x")), page(text("y"))), "a.ofd", Limits(pages=1)))
    assert "too_long" in codes(read_bytes(whole(), "a.ofd", Limits(chars=10)))
    assert "bomb" in codes(read_bytes(ofd(page(text(" " * 3_000_000 + "x"))), "a.ofd"))


@pytest.mark.shared
@pytest.mark.filterwarnings("ignore")
def test_shared_files_say_what_they_must():
    """Every string of the manifest is found, every file that must fail or go to OCR has a Problem or a child."""
    import csv
    import os

    shared = Path(os.environ.get("MISHEN_SHARED") or Path(__file__).parents[4] / "shared") / "files"
    if not (shared / "manifest.csv").exists():
        pytest.skip(f"SHARED FILES ABSENT: {shared} (set MISHEN_SHARED)")
    with (shared / "manifest.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["format"] == "ofd"]
    wrong = []
    for row in rows:
        document = read(shared / row["file"], Limits())
        check(document)
        flat = "".join(document.text.split())
        wanted = json.loads(row["must_contain"] or "{}")
        wrong += [(row["file"], place) for place, words in wanted.items() if "".join(words.split()) not in flat]
        must_say = any(words in row["expected"] for words in ("no text", "must fail"))
        if (must_say and not document.problems) or (
            "must be listed" in row["expected"] and not (document.children or document.problems)
        ):
            wrong.append((row["file"], "silent"))
    assert wrong == []
