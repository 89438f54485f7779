"""A token in every place where a Word paper can hold words: each is found, and in the right place."""

from __future__ import annotations

import io
import random
import sys
import zipfile

import pytest

from classifier.core.document import Where
from classifier.parse.word_flow import Flow


@pytest.fixture
def no_recognition(monkeypatch):
    """Text recognition is not installed."""
    monkeypatch.setitem(sys.modules, "classifier.parse.ocr", None)


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def par(inner: str, look: str = "") -> str:
    return f"<w:p><w:pPr>{look}</w:pPr>{inner}</w:p>"


def box_dml(text: str) -> str:
    return (
        '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x"/><a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent>'
        f"{par(run(text))}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def box_vml(text: str) -> str:
    return (
        f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{par(run(text))}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )


def cell(inner: str, settings: str = "") -> str:
    return f"<w:tc><w:tcPr>{settings}</w:tcPr>{inner}</w:tc>"


def table(*rows: str) -> str:
    return "<w:tbl><w:tblPr/>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def field(code: str, result: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        mark.format("begin")
        + f"<w:r><w:instrText>{code}</w:instrText></w:r>"
        + mark.format("separate")
        + run(result)
        + mark.format("end")
    )


BODY = {
    "body": (par(run("TOKEN")), Where.BODY),
    "table": (table(cell(par(run("TOKEN")))), Where.BODY),
    "nested_table": (table(cell(par(run("o")) + table(cell(par(run("TOKEN")))) + par(""))), Where.BODY),
    "tracked_ins": (par(run("a") + '<w:ins w:author="A">' + run("TOKEN") + "</w:ins>" + run("b")), Where.REVISION),
    "tracked_ins_author": (par('<w:ins w:author="TOKEN">' + run("x") + "</w:ins>"), Where.PROPERTY),
    "tracked_del": (par(run("a") + '<w:del w:author="A"><w:r><w:delText>TOKEN</w:delText></w:r></w:del>'), Where.REVISION),
    "tracked_del_code": (par("<w:del><w:r><w:delInstrText>TOKEN</w:delInstrText></w:r></w:del>"), Where.REVISION),
    "tracked_row_del": ("<w:tbl><w:tr><w:trPr><w:del/></w:trPr>" + cell(par(run("TOKEN"))) + "</w:tr></w:tbl>", Where.REVISION),
    "move_to": (par("<w:moveTo>" + run("TOKEN") + "</w:moveTo>"), Where.REVISION),
    "move_from": (par("<w:moveFrom>" + run("TOKEN") + "</w:moveFrom>"), Where.REVISION),
    "textbox_vml": (par(run("a") + box_vml("TOKEN") + run("b")), Where.TEXTBOX),
    "textbox_vml_bare": (
        par("<w:r><w:pict><v:shape><v:textbox><div>TOKEN</div></v:textbox></v:shape></w:pict></w:r>"),
        Where.TEXTBOX,
    ),
    "textbox_dml": (par(run("a") + box_dml("TOKEN") + run("b")), Where.TEXTBOX),
    "textbox_choice_only": (
        par(
            f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{box_dml("TOKEN")}</mc:Choice><mc:Fallback>{box_vml("z")}</mc:Fallback></mc:AlternateContent></w:r>'
        ),
        Where.TEXTBOX,
    ),
    "textbox_fallback_only": (
        par(
            f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{box_dml("z")}</mc:Choice><mc:Fallback>{box_vml("TOKEN")}</mc:Fallback></mc:AlternateContent></w:r>'
        ),
        Where.TEXTBOX,
    ),
    "table_in_textbox": (
        par(box_dml("a").replace("<w:txbxContent>", "<w:txbxContent>" + table(cell(par(run("TOKEN")))))),
        Where.TEXTBOX,
    ),
    "shape_alt_text": (
        par('<w:r><w:drawing><wp:inline><wp:docPr id="1" name="图片 1" descr="TOKEN"/></wp:inline></w:drawing></w:r>'),
        Where.HIDDEN,
    ),
    "shape_title": (
        par('<w:r><w:drawing><wp:inline><wp:docPr id="1" name="图片 1" title="TOKEN"/></wp:inline></w:drawing></w:r>'),
        Where.HIDDEN,
    ),
    "shape_name": (
        par('<w:r><w:drawing><wp:inline><wp:docPr id="1" name="TOKEN"/></wp:inline></w:drawing></w:r>'),
        Where.PROPERTY,
    ),
    "vml_alt_text": (par('<w:r><w:pict><v:shape alt="TOKEN"/></w:pict></w:r>'), Where.HIDDEN),
    "vanish_run": (par(run("a") + run("TOKEN", "<w:vanish/>") + run("b")), Where.HIDDEN),
    "vanish_style": (par(run("TOKEN", '<w:rStyle w:val="Below"/>')), Where.HIDDEN),
    "vanish_paragraph_style": (par(run("TOKEN"), '<w:pStyle w:val="HiddenPar"/>'), Where.HIDDEN),
    "vanish_overruled": (par(run("TOKEN", '<w:rStyle w:val="Below"/><w:vanish w:val="0"/>')), Where.BODY),
    "white_text": (par(run("TOKEN", '<w:color w:val="FFFFFF"/>')), Where.HIDDEN),
    "white_theme_text": (par(run("TOKEN", '<w:color w:val="auto" w:themeColor="background1"/>')), Where.HIDDEN),
    "white_on_blue": (
        table(cell(par(run("TOKEN", '<w:color w:val="FFFFFF"/>')), '<w:shd w:val="clear" w:fill="4472C4"/>')),
        Where.BODY,
    ),
    "tiny_text": (par(run("TOKEN", '<w:sz w:val="2"/>')), Where.HIDDEN),
    "sdt_block": (f"<w:sdt><w:sdtPr/><w:sdtContent>{par(run('TOKEN'))}</w:sdtContent></w:sdt>", Where.BODY),
    "sdt_inline": (par(f"<w:sdt><w:sdtPr/><w:sdtContent>{run('TOKEN')}</w:sdtContent></w:sdt>"), Where.BODY),
    "sdt_choice": (
        par('<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText="TOKEN" w:value="1"/></w:dropDownList></w:sdtPr></w:sdt>'),
        Where.PROPERTY,
    ),
    "hyperlink_text": (par(f'<w:hyperlink r:id="rId1">{run("TOKEN")}</w:hyperlink>'), Where.BODY),
    "hyperlink_tip": (par(f'<w:hyperlink w:tooltip="TOKEN">{run("x")}</w:hyperlink>'), Where.HIDDEN),
    "field_result": (par(field(" PAGE ", "TOKEN")), Where.BODY),
    "field_code": (par(field(' HYPERLINK "http://TOKEN/" ', "x")), Where.HIDDEN),
    "fld_simple": (par(f'<w:fldSimple w:instr="PAGE">{run("TOKEN")}</w:fldSimple>'), Where.BODY),
    "fld_simple_code": (par(f'<w:fldSimple w:instr="DOCPROPERTY TOKEN">{run("x")}</w:fldSimple>'), Where.HIDDEN),
    "form_field": (
        par('<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:statusText w:val="TOKEN"/></w:ffData></w:fldChar></w:r>'),
        Where.PROPERTY,
    ),
    "smarttag": (par(f"<w:smartTag>{run('TOKEN')}</w:smartTag>"), Where.BODY),
    "smarttag_value": (
        par('<w:smartTag><w:smartTagPr><w:attr w:name="x" w:val="TOKEN"/></w:smartTagPr></w:smartTag>'),
        Where.PROPERTY,
    ),
    "ruby_base": (par(f"<w:r><w:ruby><w:rt>{run('x')}</w:rt><w:rubyBase>{run('TOKEN')}</w:rubyBase></w:ruby></w:r>"), Where.BODY),
    "ruby_text": (par(f"<w:r><w:ruby><w:rt>{run('TOKEN')}</w:rt><w:rubyBase>{run('x')}</w:rubyBase></w:ruby></w:r>"), Where.BODY),
    "math": (par("<m:oMath><m:r><m:t>TOKEN</m:t></m:r></m:oMath>"), Where.BODY),
    "paragraph_split": (par(run("QPARAGRAPH") + "<w:proofErr/>" + run("SPLITQ")), Where.BODY),
    "bookmark_name": (par('<w:bookmarkStart w:id="0" w:name="TOKEN"/>' + run("x")), Where.PROPERTY),
    "watermark_body": (par('<w:r><w:pict><v:shape><v:textpath string="TOKEN"/></v:shape></w:pict></w:r>'), Where.TEXTBOX),
    "table_caption": ('<w:tbl><w:tblPr><w:tblCaption w:val="TOKEN"/></w:tblPr></w:tbl>', Where.HIDDEN),
    "custom_xml_element": (f'<w:customXml w:element="x">{par(run("TOKEN"))}</w:customXml>', Where.BODY),
    "unknown_wrapper": (f"<w:neverHeardOf>{par(run('TOKEN'))}</w:neverHeardOf>", Where.BODY),
    "xml_comment": ("<!-- TOKEN -->" + par(run("x")), Where.HIDDEN),
}
CORE = "<cp:coreProperties NS>{}</cp:coreProperties>"
PARTS = {
    "header_default": ("word/header1.xml", f"<w:hdr NS>{par(run('TOKEN'))}</w:hdr>", Where.HEADER),
    "header_textbox": ("word/header2.xml", f"<w:hdr NS>{par(box_dml('TOKEN'))}</w:hdr>", Where.HEADER),
    "header_even_unreferenced": ("word/header99.xml", f"<w:hdr NS>{par(run('TOKEN'))}</w:hdr>", Where.HEADER),
    "footer_default": ("word/footer1.xml", f"<w:ftr NS>{par(run('TOKEN'))}</w:ftr>", Where.FOOTER),
    "footnote": ("word/footnotes.xml", f"<w:footnotes NS><w:footnote>{par(run('TOKEN'))}</w:footnote></w:footnotes>", Where.NOTE),
    "endnote": ("word/endnotes.xml", f"<w:endnotes NS><w:endnote>{par(run('TOKEN'))}</w:endnote></w:endnotes>", Where.NOTE),
    "comment": ("word/comments.xml", f"<w:comments NS><w:comment>{par(run('TOKEN'))}</w:comment></w:comments>", Where.COMMENT),
    "comment_author": ("word/comments.xml", '<w:comments NS><w:comment w:author="TOKEN"/></w:comments>', Where.COMMENT),
    "core_title": ("docProps/core.xml", CORE.format("<dc:title>TOKEN</dc:title>"), Where.PROPERTY),
    "core_creator": ("docProps/core.xml", CORE.format("<dc:creator>TOKEN</dc:creator>"), Where.PROPERTY),
    "core_lastmod": ("docProps/core.xml", CORE.format("<cp:lastModifiedBy>TOKEN</cp:lastModifiedBy>"), Where.PROPERTY),
    "core_description": ("docProps/core.xml", CORE.format("<dc:description>TOKEN</dc:description>"), Where.PROPERTY),
    "core_keywords": ("docProps/core.xml", CORE.format("<cp:keywords>TOKEN</cp:keywords>"), Where.PROPERTY),
    "app_company": ("docProps/app.xml", "<Properties><Company>TOKEN</Company></Properties>", Where.PROPERTY),
    "app_template": ("docProps/app.xml", "<Properties><Template>TOKEN.dotm</Template></Properties>", Where.PROPERTY),
    "custom_prop": (
        "docProps/custom.xml",
        '<Properties NS><property name="x"><vt:lpwstr>TOKEN</vt:lpwstr></property></Properties>',
        Where.PROPERTY,
    ),
    "custom_prop_name": ("docProps/custom.xml", '<Properties><property name="TOKEN"/></Properties>', Where.PROPERTY),
    "altchunk_html": ("word/afchunk1.htm", "<html><body><p>TOKEN</p></body></html>", Where.BODY),
    "altchunk_txt": ("word/afchunk1.txt", "TOKEN", Where.BODY),
    "diagram_text": (
        "word/diagrams/data1.xml",
        "<dgm:dataModel NS><dgm:t><a:p><a:r><a:t>TOKEN</a:t></a:r></a:p></dgm:t></dgm:dataModel>",
        Where.TEXTBOX,
    ),
    "chart_title": (
        "word/charts/chart1.xml",
        "<c:chartSpace NS><a:p><a:r><a:t>TOKEN</a:t></a:r></a:p></c:chartSpace>",
        Where.TEXTBOX,
    ),
    "chart_value": ("word/charts/chart1.xml", "<c:chartSpace NS><c:pt><c:v>TOKEN</c:v></c:pt></c:chartSpace>", Where.TEXTBOX),
    "glossary": (
        "word/glossary/document.xml",
        f"<w:glossaryDocument NS><w:docParts>{par(run('TOKEN'))}</w:docParts></w:glossaryDocument>",
        Where.HIDDEN,
    ),
    "second_document": ("word/old.xml", f"<w:document NS><w:body>{par(run('TOKEN'))}</w:body></w:document>", Where.HIDDEN),
    "custom_xml": ("customXml/item1.xml", "<data><field>TOKEN</field></data>", Where.PROPERTY),
    "custom_xml_attribute": ("customXml/item1.xml", '<data field="TOKEN"/>', Where.PROPERTY),
    "docvar": (
        "word/settings.xml",
        '<w:settings NS><w:docVars><w:docVar w:name="x" w:val="TOKEN"/></w:docVars></w:settings>',
        Where.PROPERTY,
    ),
    "mail_merge": (
        "word/settings.xml",
        '<w:settings NS><w:mailMerge><w:query w:val="TOKEN"/></w:mailMerge></w:settings>',
        Where.PROPERTY,
    ),
    "style_name": (
        "word/styles.xml",
        '<w:styles NS><w:style w:customStyle="1" w:styleId="q"><w:name w:val="TOKEN"/></w:style></w:styles>',
        Where.PROPERTY,
    ),
    "numbering_text": (
        "word/numbering.xml",
        '<w:numbering NS><w:lvl><w:lvlText w:val="机密TOKEN"/></w:lvl></w:numbering>',
        Where.PROPERTY,
    ),
    "people": ("word/people.xml", '<w:people NS><w:person w:author="TOKEN"/></w:people>', Where.PROPERTY),
    "watermark": (
        "word/header1.xml",
        f"<w:hdr NS>{par('<w:r><w:pict><v:shape><v:textpath string=' + chr(34) + 'TOKEN' + chr(34) + '/></v:shape></w:pict></w:r>')}</w:hdr>",
        Where.HEADER,
    ),
}
STYLES = (
    '<w:styles NS><w:style w:type="character" w:styleId="Top"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Below"><w:basedOn w:val="Top"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="HiddenPar"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
)


ORIGINS = {
    **dict.fromkeys(["tracked_ins", "move_to"], "inserted_text"),
    **dict.fromkeys(["tracked_del", "tracked_del_code", "tracked_row_del", "move_from"], "deleted_text"),
    **dict.fromkeys(["vanish_run", "vanish_style", "vanish_paragraph_style", "xml_comment"], "hidden_text"),
    **dict.fromkeys(["white_text", "white_theme_text"], "white_text"),
    "tiny_text": "tiny_text",
    **dict.fromkeys(["field_code", "fld_simple_code"], "field_code"),
    **dict.fromkeys(
        ["shape_alt_text", "shape_title", "shape_name", "vml_alt_text", "hyperlink_tip", "table_caption"], "alt_text"
    ),
    **dict.fromkeys(["sdt_choice", "form_field"], "form_value"),
    "bookmark_name": "bookmark",
    **dict.fromkeys(["comment", "comment_author"], "comment"),
    **dict.fromkeys(["glossary", "second_document", "custom_xml", "custom_xml_attribute"], "unused_part"),
    **dict.fromkeys(
        [
            "tracked_ins_author", "smarttag_value", "core_title", "core_creator", "core_lastmod", "core_description",
            "core_keywords", "app_company", "app_template", "custom_prop", "custom_prop_name", "docvar", "mail_merge",
            "style_name", "numbering_text", "people",
        ],
        "metadata",
    ),
}  # fmt: skip
"""How a reader is kept from seeing each; places that are not named here are seen."""


def token(name: str) -> str:
    return "Q" + name.replace("_", "").upper() + "Q"


@pytest.mark.parametrize("name", BODY)
def test_words_in_the_body_are_found_in_their_place(name, docx, read_bytes, places):
    inner, where = BODY[name]
    document = read_bytes(docx(inner.replace("TOKEN", token(name)), {"word/styles.xml": STYLES}))
    assert places(document, token(name)) == {where}
    assert document.text.count(token(name)) == 1
    assert origin_of(document, token(name)) == ORIGINS.get(name)


def origin_of(document, word: str) -> str | None:
    return document.block_at(document.text.find(word)).origin


@pytest.mark.parametrize("name", PARTS)
def test_words_in_other_parts_are_found_in_their_place(name, docx, read_bytes, places):
    part, xml, where = PARTS[name]
    document = read_bytes(docx(par(run("正文")), {part: xml.replace("TOKEN", token(name))}))
    assert places(document, token(name)) == {where}
    assert document.text.count(token(name)) == 1
    assert origin_of(document, token(name)) == ORIGINS.get(name)


def test_all_places_at_once(docx, read_bytes, places):
    """One file with a token in every place keeps them all apart."""
    body = "".join(inner.replace("TOKEN", token(name)) for name, (inner, _) in BODY.items())
    parts: dict[str, str] = {"word/styles.xml": STYLES}
    for name, (part, xml, _) in PARTS.items():
        if name not in ("style_name", "altchunk_txt"):
            parts[f"{name}/{part}"] = xml.replace("TOKEN", token(name))
    document = read_bytes(docx(body, parts))
    for name, where in [(n, w) for n, (_, w) in BODY.items()] + [(n, w) for n, (_, _, w) in PARTS.items()]:
        if name not in ("style_name", "altchunk_txt"):
            assert places(document, token(name)) == {where}, name


def test_a_link_address_is_found_once(docx, read_bytes, places):
    document = read_bytes(docx(par(run("x")), links=[("hyperlink", "mailto:zhang@example.cn", True)] * 2))
    assert places(document, "zhang@example.cn") == {Where.PROPERTY}
    assert document.text.count("zhang@example.cn") == 1
    assert origin_of(document, "zhang@example.cn") == "external_link"
    assert document.problems == ()


@pytest.mark.parametrize("name", ["word/embeddings/a.docx", "word/afchunk2.docx", "word/a.docx"])
def test_a_file_inside_is_read(name, docx, read_bytes):
    """Embedded papers and imported ones (altChunk) become members, read through the same door."""
    inner = docx(par(run("QINNERQ") + run("QDEEPQ", "<w:vanish/>")))
    document = read_bytes(docx(par(run("外面")), {name: inner}))
    (child,) = document.children
    assert child.member == name
    assert child.text.startswith("QINNERQ")
    assert origin_of(child, "QDEEPQ") == "hidden_text"
    assert document.problems == ()


def test_a_broken_file_inside_has_its_own_problem(docx, read_bytes, codes):
    document = read_bytes(docx(par(run("x")), {"word/embeddings/a.docx": b"PK\x03\x04rest"}))
    assert codes(document.children[0]) == {"damaged"}


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "oleObject", "aFChunk", "subDocument"])
def test_what_lies_outside_is_reported_and_never_fetched(kind, docx, read_bytes):
    document = read_bytes(docx(par(run("x")), links=[(kind, "file:///srv/QOUTSIDEQ.dotm", True)]))
    assert [(p.code, p.where) for p in document.problems] == [("external", "word/document.xml")]
    assert origin_of(document, "QOUTSIDEQ") == "external_link"


def test_an_insertion_in_a_header_leaves_the_header_its_place(docx, read_bytes):
    header = f"<w:hdr NS>{par(run('页') + '<w:ins>' + run('眉') + '</w:ins>')}</w:hdr>"
    document = read_bytes(docx(par(run("正文")), {"word/header1.xml": header}))
    assert [(b.where, b.origin) for b in document.blocks][:2] == [(Where.HEADER, None), (Where.REVISION, None)]


def test_a_shared_part_is_remembered_by_its_bytes_only(docx, read_bytes):
    """The same styles give the same words; one changed byte is another part."""
    style = '<w:styles NS><w:style w:customStyle="1" w:styleId="q"><w:name w:val="{}"/></w:style></w:styles>'
    one, two = (docx(par(run("x")), {"word/styles.xml": style.format(name)}) for name in ("甲式", "乙式"))
    first = read_bytes(one)
    assert "乙式" in read_bytes(two).text
    assert read_bytes(one) == first
    assert "甲式" in first.text
    assert "乙式" not in first.text


def test_a_paper_in_the_clothes_of_a_shared_part_is_read(docx, read_bytes):
    """What decides is the root element: a document called theme1.xml is a document."""
    hidden = f"<w:document NS><w:body>{par(run('QTHEMEQ'))}</w:body></w:document>"
    for _ in range(2):
        document = read_bytes(docx(par(run("x")), {"word/theme/theme1.xml": hidden}))
        assert origin_of(document, "QTHEMEQ") == "unused_part"


def test_what_a_reader_sees_stays_in_one_line(docx, read_bytes):
    """Insertions, hidden runs and deletions inside a number do not break the number."""
    body = par(
        run("电话13800")
        + '<w:del w:author="A"><w:r><w:delText>999</w:delText></w:r></w:del>'
        + run("藏", "<w:vanish/>")
        + "<w:ins>"
        + run("138")
        + "</w:ins>"
        + run("000。")
    )
    document = read_bytes(docx(body))
    assert document.text.startswith("电话13800138000。\n")
    assert [(b.where, document.text[b.span.start : b.span.end]) for b in document.blocks][:5] == [
        (Where.BODY, "电话13800"),
        (Where.REVISION, "138"),
        (Where.BODY, "000。"),
        (Where.REVISION, "999"),
        (Where.HIDDEN, "藏"),
    ]


def test_cells_carry_their_address(docx, read_bytes):
    """Rows end with a line end, cells with a tab; merged and empty cells keep the columns; several paragraphs stay one block."""
    wide = '<w:gridSpan w:val="2"/>'
    rows = (
        cell(par(run("a")), wide) + cell(par(run("b")) + par(run("c"))),
        cell(par("")) + cell(par(run("d"))) + cell(par(run("e"))),
    )
    document = read_bytes(docx(par(run("前")) + table(*rows) + par(run("后"))))
    assert document.text.startswith("前\na\tb\nc\n\td\te\n后\n")
    got = [(b.cell.table, b.cell.row, b.cell.column, document.text[b.span.start : b.span.end]) for b in document.blocks if b.cell]
    assert got == [(0, 0, 0, "a"), (0, 0, 2, "b\nc"), (0, 1, 1, "d"), (0, 1, 2, "e")]


def test_two_versions_of_a_shape_are_read_once(docx, read_bytes):
    inner = f"<w:r><mc:AlternateContent><mc:Choice>{box_dml('同一')}</mc:Choice><mc:Fallback>{box_vml('同一')}</mc:Fallback></mc:AlternateContent></w:r>"
    assert read_bytes(docx(par(inner))).text.count("同一") == 1


def test_equal_headers_are_read_once_and_come_first(docx, read_bytes):
    header = f"<w:hdr NS>{par(run('机密★5年'))}</w:hdr>"
    document = read_bytes(docx(par(run("正文")), {"word/header1.xml": header, "word/header2.xml": header}))
    assert document.text.startswith("机密★5年\n正文\n")
    assert document.text.count("机密") == 1


def test_the_star_of_a_symbol_font_is_a_star(docx, read_bytes):
    body = par(run("机密") + '<w:r><w:sym w:font="Wingdings" w:char="F0AB"/></w:r>' + run("1年"))
    assert read_bytes(docx(body)).text.startswith("机密★1年")


def test_boilerplate_stays_out(docx, read_bytes):
    """Page-number fields, default shape names, Word's own bookmarks and version numbers are not text of the paper."""
    body = par(
        field(" PAGE ", "3")
        + field(r" TOC \o &quot;1-3&quot; \h \z \u ", "目录")
        + '<w:bookmarkStart w:name="_Toc123"/><w:r><w:drawing><wp:docPr name="图片 1"/></w:drawing></w:r>'
    )
    app = "<Properties><Template>Normal.dotm</Template><Application>Microsoft Office Word</Application><AppVersion>16.0</AppVersion></Properties>"
    assert read_bytes(docx(body, {"docProps/app.xml": app})).text == "3目录\na.docx"


def test_a_picture_is_reported_once_per_part_that_shows_it(docx, read_bytes, no_recognition):
    """However few bytes it has."""
    big, small = {"word/media/image1.png": b"\x89PNG" * 4000}, {"word/media/image1.png": b"\x89PNG"}
    links = [("image", "media/image1.png", False)] * 2
    assert [(p.code, p.where) for p in read_bytes(docx(par(run("x")), big, links)).problems] == [("image", "word/document.xml")]
    assert [(p.code, p.where) for p in read_bytes(docx(par(run("x")), small, links)).problems] == [("image", "word/document.xml")]


def test_a_picture_is_read(docx, read_bytes, places):
    """The words of a large picture are in the text, as recognised ones."""
    pytest.importorskip("classifier.parse.ocr")
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.effect_noise((900, 200), 12).point(lambda level: min(255, level + 110)).convert("RGB")
    ImageDraw.Draw(picture).text((40, 60), "SALARY 20260309", fill="black", font=ImageFont.load_default(70))
    out = io.BytesIO()
    picture.save(out, "png")
    document = read_bytes(docx(par(run("x")), {"word/media/image1.png": out.getvalue()}, [("image", "media/image1.png", False)]))
    assert places(document, "20260309") == {Where.OCR}


def test_macros_are_reported(docx, read_bytes, codes):
    assert codes(read_bytes(docx(par(run("x")), {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 9}), "a.docm")) == {"macro"}


def test_a_broken_part_does_not_lose_the_others(docx, read_bytes, codes):
    document = read_bytes(docx(par(run("正文")), {"word/header1.xml": f"<w:hdr NS>{par(run('头'))}<w:p><oops"}))
    assert "正文" in document.text
    assert "头" in document.text
    assert codes(document) == {"part_unread"}


def test_external_entities_are_never_resolved(docx, read_bytes, tmp_path, codes):
    secret = tmp_path / "secret.txt"
    secret.write_text("LEAKED")
    header = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]><w:hdr NS><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:hdr>'
    document = read_bytes(docx(par(run("正文")), {"word/header1.xml": header}))
    assert "LEAKED" not in document.text
    assert "part_unread" in codes(document)


def test_deep_nesting_is_reported_not_fatal(docx, read_bytes, codes):
    deep = "<w:sdt>" * 400 + par(run("底")) + "</w:sdt>" * 400
    assert "part_unread" in codes(read_bytes(docx(deep)))


@pytest.mark.parametrize("inside", ["<!--c-->", "<w:x/>", "<w:x>mid</w:x>"])
@pytest.mark.parametrize("tag", ["t", "delText", "instrText"])
def test_a_text_goes_on_behind_what_stands_in_it(inside, tag, docx, read_bytes, places):
    """Only a comment may stand there, and every program shows the text as one."""
    document = read_bytes(docx(par(f"<w:r><w:{tag}>HEAD{inside}TAIL</w:{tag}></w:r>")))
    assert places(document, "HEAD")
    assert places(document, "TAIL") == places(document, "HEAD")


@pytest.mark.parametrize(
    "look",
    [
        '<w:color w:val="fefefe"/>',
        '<w:color w:val="FfFfFf"/>',
        '<w:color w:val="FFFF&#70;&#70;"/>',
        '<w:color w:val="&#119;hite"/>',
        '<w:sz w:val="06"/>',
        '<w:sz w:other="x" w:val="2"/>',
        '<w:rStyle w:val="Below"/>',
        "<w:rStyle w:val='Below'/>",
        '<w:rStyle w:val="&#66;elow"/>',
    ],
)
@pytest.mark.parametrize("coding", ["utf-8", "utf-16", "utf-16-be"])
def test_a_look_that_hides_is_seen_however_it_is_written(look, coding, docx, read_bytes, places):
    whole = docx(par(run("SHOWN") + run("TOKEN", look)), {"word/styles.xml": STYLES})
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        body = f'<?xml version="1.0" encoding="{coding[:6]}"?>' + package.read("word/document.xml").decode()
    document = read_bytes(docx("", {"word/document.xml": body.encode(coding), "word/styles.xml": STYLES}))
    assert places(document, "TOKEN") == {Where.HIDDEN}
    assert places(document, "SHOWN") == {Where.BODY}


def test_a_default_style_that_hides_is_seen_where_no_part_names_it(docx, read_bytes, places):
    for style in (
        '<w:styles NS><w:style w:type="paragraph" w:default="1" w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>',
        "<w:styles NS><w:docDefaults><w:rPrDefault><w:rPr><w:vanish/></w:rPr></w:rPrDefault></w:docDefaults></w:styles>",
    ):
        document = read_bytes(docx("<w:p><w:r><w:t>TOKEN</w:t></w:r></w:p>", {"word/styles.xml": style}))
        assert places(document, "TOKEN") == {Where.HIDDEN}


PIECES = [
    *(body for body, *_ in BODY.values()),
    par(run("plain")), par(run("one") + run("two", "<w:b/>")), par(run("shown") + run("unseen", "<w:vanish/>")), par(""), "<w:p/>",
    par(run("   ")), par("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:noBreakHyphen/></w:r>"),
    par('<w:bookmarkStart w:name="mine"/>' + run("x") + '<w:bookmarkEnd w:id="1"/>'),
    par("<w:smartTag>" + run("smart") + "</w:smartTag>"), par("<w:r><w:t>in<w:x>ner</w:x></w:t></w:r>"),
    par(run("styled"), '<w:pStyle w:val="HiddenPar"/>'), par(run("white", '<w:color w:val="FFFFFF"/>'), '<w:shd w:fill="00FF00"/>'),
    table(cell(par(run("a"))) + cell(par("")) + cell(par(run("b")) + par(run("c", "<w:vanish/>")))), par("<w:r/>" + "<w:proofErr/>"),
]  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_a_plain_paragraph_reads_as_if_it_were_walked(seed, docx, read_bytes, monkeypatch):
    """The short way gives what the walk gives, whatever stands around."""
    choice = random.Random(seed)
    body = "".join(choice.choice(PIECES) for _ in range(12))
    parts = {"word/styles.xml": STYLES, "word/footer1.xml": f"<w:ftr NS>{choice.choice(PIECES)}</w:ftr>"}
    short = read_bytes(docx(body, parts))
    monkeypatch.setattr(Flow, "_read_plain", lambda *_: None)
    assert read_bytes(docx(body, parts)) == short
