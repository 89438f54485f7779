"""A token in every place where a slide show can hold words: each is found, in the right place, with the right origin."""

from __future__ import annotations

import io
import zipfile

import pytest

from classifier.core.document import Where
from classifier.core.settings import Limits

NS = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def rels(*links: tuple[str, str, str], outside: tuple[str, ...] = ()) -> str:
    """A relations part of (id, kind, target)."""
    items = "".join(
        f'<Relationship Id="{i}" Type="{REL}/{kind}" Target="{target}"{" TargetMode=" + chr(34) + "External" + chr(34) if i in outside else ""}/>'
        for i, kind, target in links
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{items}</Relationships>'


def run(text: str, look: str = "", inside: str = "") -> str:
    return f"<a:r><a:rPr {look}>{inside}</a:rPr><a:t>{text}</a:t></a:r>"


def shape(words: str, x: int = 100, ph: str = "", number: int = 5, fill: str = "", extra: str = "") -> str:
    holder = f'<p:ph type="{ph}"/>' if ph else ""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="Shape {number}" {extra}/><p:cNvSpPr/><p:nvPr>{holder}</p:nvPr></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{x}" y="100"/><a:ext cx="1000" cy="500"/></a:xfrm><a:prstGeom prst="rect"/>{fill}</p:spPr>'
        f"<p:txBody><a:bodyPr/><a:p>{words}</a:p></p:txBody></p:sp>"
    )


def tree(shapes: str) -> str:
    return f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>"


def frame(inner: str) -> str:
    return (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="9" name="Frame 9"/></p:nvGraphicFramePr>'
        f"<a:graphic><a:graphicData>{inner}</a:graphicData></a:graphic></p:graphicFrame>"
    )


def build(
    shapes: str = "", parts: dict[str, str | bytes] | None = None, links: tuple = (), outside: tuple[str, ...] = ()
) -> bytes:
    """A show of two slides (the second hidden) over one layout and one master; `parts` replace or add."""
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": rels(("r1", "officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f'<p:presentation {NS}><p:sldIdLst><p:sldId id="256" r:id="r2"/><p:sldId id="257" r:id="r1"/></p:sldIdLst><p:sldSz cx="10000" cy="8000"/></p:presentation>',
        "ppt/_rels/presentation.xml.rels": rels(("r1", "slide", "slides/slide1.xml"), ("r2", "slide", "slides/slide2.xml")),
        "ppt/slides/slide1.xml": f'<p:sld {NS} show="0">{tree(shape(run("HIDDENSLIDE")))}</p:sld>',
        "ppt/slides/slide2.xml": f"<p:sld {NS}>{tree(shape(run('标题'), ph='title') + shapes)}</p:sld>",
        "ppt/slides/_rels/slide2.xml.rels": rels(
            ("r1", "slideLayout", "../slideLayouts/slideLayout1.xml"), *links, outside=outside
        ),
        "ppt/slideLayouts/slideLayout1.xml": f"<p:sldLayout {NS}>{tree(shape(run('单击此处编辑母版标题样式'), ph='title'))}</p:sldLayout>",
        "ppt/slideLayouts/_rels/slideLayout1.xml.rels": rels(("r1", "slideMaster", "../slideMasters/slideMaster1.xml")),
        "ppt/slideMasters/slideMaster1.xml": f"<p:sldMaster {NS}>{tree('')}</p:sldMaster>",
    } | (parts or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


WHITE = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'
BLACK = '<a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
TOKEN = run("TOKEN")
PICTURE = '<p:pic><p:nvPicPr><p:cNvPr id="7" name="Picture 7"/></p:nvPicPr><p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="5000" cy="5000"/></a:xfrm></p:spPr></p:pic>'
SHAPES = {
    "title": (shape(TOKEN, ph="title"), Where.BODY, None),
    "box": (shape(TOKEN), Where.TEXTBOX, None),
    "group": (f"<p:grpSp><p:grpSpPr/>{shape(TOKEN)}</p:grpSp>", Where.TEXTBOX, None),
    "footer": (shape(TOKEN, ph="ftr"), Where.FOOTER, None),
    "table": (frame(f"<a:tbl><a:tr><a:tc><a:txBody><a:p>{TOKEN}</a:p></a:txBody></a:tc></a:tr></a:tbl>"), Where.BODY, None),
    "off_left": (shape(TOKEN, x=-5000), Where.HIDDEN, "off_page"),
    "off_right": (shape(TOKEN, x=10_001), Where.HIDDEN, "off_page"),
    "white": (shape(run("TOKEN", inside=WHITE)), Where.HIDDEN, "white_text"),
    "white_on_black": (shape(run("TOKEN", inside=WHITE), fill=BLACK), Where.TEXTBOX, None),
    "black_on_black": (shape(run("TOKEN", inside=BLACK), fill=BLACK), Where.HIDDEN, "white_text"),
    "tiny": (shape(run("TOKEN", 'sz="100"')), Where.HIDDEN, "tiny_text"),
    "transparent": (
        shape(run("TOKEN", inside=WHITE.replace("/></", '><a:alpha val="0"/></a:srgbClr></'))),
        Where.HIDDEN,
        "invisible_text",
    ),
    "no_fill": (shape(run("TOKEN", inside="<a:noFill/>")), Where.HIDDEN, "invisible_text"),
    "hidden_shape": (shape(TOKEN, extra='hidden="1"'), Where.HIDDEN, "invisible_text"),
    "under_box": (shape(TOKEN) + shape(run("x"), fill=BLACK, number=6), Where.HIDDEN, "under_box"),
    "under_picture": (shape(TOKEN) + PICTURE, Where.HIDDEN, "under_box"),
    "alt_text": (shape(run("x"), extra='descr="TOKEN"'), Where.HIDDEN, "alt_text"),
    "shape_name": (shape(run("x")).replace("Shape 5", "TOKEN 甲"), Where.PROPERTY, "metadata"),
    "fallback_only": (
        f"<mc:AlternateContent><mc:Choice>{shape(run('x'))}</mc:Choice><mc:Fallback>{shape(TOKEN)}</mc:Fallback></mc:AlternateContent>",
        Where.TEXTBOX,
        None,
    ),
}


def check(document, where: Where, origin: str | None, token: str = "TOKEN") -> None:
    """The token stands exactly once, and there."""
    assert document.text.count(token) == 1
    block = document.block_at(document.text.index(token))
    assert (block.where, block.origin) == (where, origin)


@pytest.mark.parametrize("name", SHAPES)
def test_a_token_in_a_shape_is_found_in_its_place(name, read_bytes):
    shapes, where, origin = SHAPES[name]
    document = read_bytes(build(shapes), "a.pptx")
    check(document, where, origin)
    assert document.problems == ()


def cell(kind: str, target: str) -> tuple[str, str, str]:
    return ("r9", kind, target)


PARTS = {
    "notes": (
        "",
        {"ppt/n.xml": f"<p:notes {NS}>{tree(shape(TOKEN, ph='body'))}</p:notes>"},
        cell("notesSlide", "../n.xml"),
        Where.NOTE,
        "speaker_notes",
    ),
    "comment": (
        "",
        {"ppt/c.xml": f'<p:cmLst {NS}><p:cm authorId="0"><p:text>TOKEN</p:text></p:cm></p:cmLst>'},
        cell("comments", "../c.xml"),
        Where.COMMENT,
        "comment",
    ),
    "comment_author": (
        "",
        {
            "ppt/c.xml": f'<p:cmLst {NS}><p:cm authorId="0"><p:text>x</p:text></p:cm></p:cmLst>',
            "ppt/commentAuthors.xml": f'<p:cmAuthorLst {NS}><p:cmAuthor id="0" name="TOKEN"/></p:cmAuthorLst>',
        },
        cell("comments", "../c.xml"),
        Where.COMMENT,
        "comment",
    ),
    "modern_comment": (
        "",
        {
            "ppt/c.xml": f'<k:cmLst {NS} xmlns:k="k"><k:cm authorId="{{1}}"><k:txBody><a:p>{TOKEN}</a:p></k:txBody></k:cm></k:cmLst>'
        },
        cell("comments", "../c.xml"),
        Where.COMMENT,
        "comment",
    ),
    "modern_reply": (
        "",
        {
            "ppt/c.xml": f'<k:cmLst {NS} xmlns:k="k"><k:cm><k:replyLst><k:reply><k:txBody><a:p>{TOKEN}</a:p></k:txBody></k:reply></k:replyLst></k:cm></k:cmLst>'
        },
        cell("comments", "../c.xml"),
        Where.COMMENT,
        "comment",
    ),
    "loose_comment": (
        "",
        {"ppt/c.xml": f"<p:cmLst {NS}><p:cm><p:text>TOKEN</p:text></p:cm></p:cmLst>"},
        None,
        Where.COMMENT,
        "comment",
    ),
    "chart": (
        frame('<c:chart r:id="r9"/>'),
        {"ppt/ch.xml": f"<c:chartSpace {NS}><c:title><a:p>{TOKEN}</a:p></c:title></c:chartSpace>"},
        cell("chart", "../ch.xml"),
        Where.BODY,
        None,
    ),
    "diagram": (
        frame('<dgm:relIds r:dm="r9"/>'),
        {"ppt/d.xml": f"<dgm:dataModel {NS}><dgm:pt><a:p>{TOKEN}</a:p></dgm:pt></dgm:dataModel>"},
        cell("diagramData", "../d.xml"),
        Where.BODY,
        None,
    ),
    "unused_chart": (
        "",
        {"ppt/ch.xml": f"<c:chartSpace {NS}><a:p>{TOKEN}</a:p></c:chartSpace>"},
        None,
        Where.HIDDEN,
        "unused_part",
    ),
    "unused_slide": (
        "",
        {"ppt/slides/slide9.xml": f"<p:sld {NS}>{tree(shape(TOKEN))}</p:sld>"},
        None,
        Where.HIDDEN,
        "unused_part",
    ),
    "master_text": (
        "",
        {"ppt/slideMasters/slideMaster1.xml": f"<p:sldMaster {NS}>{tree(shape(TOKEN))}</p:sldMaster>"},
        None,
        Where.HEADER,
        None,
    ),
    "unused_layout": (
        "",
        {"ppt/slideLayouts/slideLayout9.xml": f"<p:sldLayout {NS}>{tree(shape(TOKEN))}</p:sldLayout>"},
        None,
        Where.HIDDEN,
        "unused_part",
    ),
    "prompt": (
        "",
        {"ppt/slideLayouts/slideLayout9.xml": f"<p:sldLayout {NS}>{tree(shape(TOKEN, ph='body'))}</p:sldLayout>"},
        None,
        Where.PROPERTY,
        "unused_part",
    ),
    "handout_header": (
        "",
        {"ppt/h.xml": f"<p:handoutMaster {NS}>{tree(shape(TOKEN, ph='hdr'))}</p:handoutMaster>"},
        None,
        Where.HEADER,
        "unused_part",
    ),
    "tag": (
        "",
        {"ppt/tags/tag1.xml": f'<p:tagLst {NS}><p:tag name="A" val="TOKEN"/></p:tagLst>'},
        None,
        Where.PROPERTY,
        "metadata",
    ),
    "core": (
        "",
        {
            "docProps/core.xml": '<cp:coreProperties xmlns:cp="cp" xmlns:dc="dc"><dc:creator>TOKEN</dc:creator></cp:coreProperties>'
        },
        None,
        Where.PROPERTY,
        "metadata",
    ),
    "custom_xml": ("", {"customXml/item1.xml": "<x>TOKEN</x>"}, None, Where.PROPERTY, "unused_part"),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_token_in_a_part_is_found_in_its_place(name, read_bytes):
    shapes, parts, link, where, origin = PARTS[name]
    document = read_bytes(build(shapes, parts, (link,) if link else ()), "a.pptx")
    check(document, where, origin)
    assert document.problems == ()


def test_slides_stand_in_the_order_of_the_show_and_hidden_ones_say_so(read_bytes):
    document = read_bytes(build(), "a.pptx")
    assert document.pages == 2
    assert document.text.index("标题") < document.text.index("HIDDENSLIDE")
    check(document, Where.HIDDEN, "hidden_slide", "HIDDENSLIDE")
    assert [block.page for block in document.blocks[:2]] == [1, 2]
    assert "单击此处" not in document.text


def test_sections_and_custom_shows_are_named(read_bytes):
    show = f'<p:presentation {NS}><p:sldIdLst><p:sldId id="1" r:id="r2"/></p:sldIdLst><p:custShowLst><p:custShow name="放映甲"/></p:custShowLst><p:extLst><s:section xmlns:s="s" name="节乙"/></p:extLst></p:presentation>'
    document = read_bytes(build(parts={"ppt/presentation.xml": show}), "a.pptx")
    check(document, Where.PROPERTY, "metadata", "放映甲")
    check(document, Where.PROPERTY, "metadata", "节乙")


def test_a_link_out_of_the_file_is_said_and_a_linked_picture_is_a_problem(read_bytes, codes):
    link = read_bytes(build(links=(("r9", "hyperlink", "http://a.cn/TOKEN"),), outside=("r9",)), "a.pptx")
    check(link, Where.PROPERTY, "external_link")
    assert codes(link) == set()
    assert codes(read_bytes(build(links=(("r9", "image", "http://a.cn/x.png"),), outside=("r9",)), "a.pptx")) == {"external"}


def test_files_inside_are_read_and_the_unread_is_said(read_bytes, codes, docx):
    inner = docx("<w:p><w:r><w:t>INNER</w:t></w:r></w:p>")
    document = read_bytes(build(parts={"ppt/embeddings/a.docx": inner}), "a.pptx")
    assert "INNER" in document.children[0].text
    big = b"\x89PNG" + bytes(20_000)
    assert codes(read_bytes(build(parts={"ppt/media/a.png": big}), "a.pptx")) == {"image"}
    assert codes(read_bytes(build(parts={"ppt/media/a.png": big[:100]}), "a.pptx")) == {"image"}
    assert codes(read_bytes(build(parts={"ppt/vbaProject.bin": b"x"}), "a.pptm")) == {"macro"}
    assert codes(read_bytes(build(parts={"ppt/media/a.mp4": b"x"}), "a.pptx")) == {"part_unread"}
    assert "part_unread" in codes(read_bytes(build(parts={"ppt/slides/slide1.xml": "<p:sld"}), "a.pptx"))


def test_an_encrypted_show_says_only_that(read_bytes, codes):
    sealed = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    document = read_bytes(sealed, "a.pptx")
    assert (document.format, codes(document)) == ("pptx", {"encrypted"})


def test_a_bomb_stops_the_reading(read_bytes, codes):
    bomb = f"<p:sld {NS}>{' ' * 8_000_000}</p:sld>"
    assert "bomb" in codes(read_bytes(build(parts={"ppt/slides/slide1.xml": bomb}), "a.pptx", Limits()))


def test_groups_nested_without_end_are_a_problem(read_bytes, codes):
    deep = "<p:grpSp>" * 100 + shape(TOKEN) + "</p:grpSp>" * 100
    assert "part_unread" in codes(read_bytes(build(deep), "a.pptx"))
