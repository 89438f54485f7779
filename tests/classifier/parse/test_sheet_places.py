"""A token in every place where a spreadsheet can hold words: each is found, in the right place, with the reason it was out of sight."""

from __future__ import annotations

import io
import zipfile

import pytest

from classifier.core.document import Cell, Where

MAIN = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" '
    'xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
)
STYLES = f"""<styleSheet {MAIN}><numFmts><numFmt numFmtId="200" formatCode=";;;"/><numFmt numFmtId="201" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts>
<fonts><font><sz val="11"/></font><font><sz val="11"/><color rgb="FFFFFFFF"/></font><font><sz val="1"/></font><font><color theme="0"/></font></fonts>
<fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFF0000"/></patternFill></fill></fills>
<cellXfs><xf numFmtId="0" fontId="0" fillId="0"/><xf fontId="1" fillId="0"/><xf fontId="2" fillId="0"/><xf numFmtId="200" fontId="0"/><xf fontId="1" fillId="1"/>
<xf numFmtId="201" fontId="0"/><xf numFmtId="10" fontId="0"/><xf fontId="3" fillId="0"/></cellXfs></styleSheet>"""
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def rels(*entries: tuple[str, str, bool]) -> str:
    items = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/{kind}" Target="{target}"{" TargetMode=" + chr(34) + "External" + chr(34) if outside else ""}/>'
        for n, (kind, target, outside) in enumerate(entries, 1)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{items}</Relationships>'


def book(
    rows: str = "", tail: str = "", head: str = "", names: str = "", state: str = "", parts=None, links=(), book_head: str = ""
) -> bytes:
    """An xlsx of two sheets: the first is 首页, the second holds `rows` and what is asked for."""
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": rels(("officeDocument", "xl/workbook.xml", False)),
        "xl/workbook.xml": f'<workbook {MAIN}>{book_head}<sheets><sheet name="首页" sheetId="1" r:id="rId1"/>'
        f'<sheet name="名册" sheetId="2" {state} r:id="rId2"/></sheets>{names}</workbook>',
        "xl/_rels/workbook.xml.rels": rels(
            ("worksheet", "worksheets/sheet1.xml", False),
            ("worksheet", "worksheets/sheet2.xml", False),
            ("sharedStrings", "sharedStrings.xml", False),
            ("styles", "styles.xml", False),
        ),
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>可见</t></is></c></row></sheetData></worksheet>',
        "xl/worksheets/sheet2.xml": f"<worksheet {MAIN}>{head}<sheetData>{rows}</sheetData>{tail}</worksheet>",
        "xl/worksheets/_rels/sheet2.xml.rels": rels(*links),
    }
    members |= {
        n: d.replace("NS>", f"{MAIN}>", 1).replace("NS/>", f"{MAIN}/>", 1) if isinstance(d, str) else d
        for n, d in (parts or {}).items()
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def text(ref: str, words: str = "TOKEN", style: int = 0) -> str:
    return f'<c r="{ref}" s="{style}" t="inlineStr"><is><t>{words}</t></is></c>'


def row(cells: str, number: int = 1, look: str = "") -> str:
    return f'<row r="{number}" {look}>{cells}</row>'


def part(kind: str, name: str, xml: str | bytes, more=None, **others):
    """A book whose second sheet refers to a part."""
    return book(row(text("A1", "x")), links=[(kind, f"../{name}", False)], parts={f"xl/{name}": xml, **(more or {})}, **others)


ONE = row(text("A1"))
SHAPE = "<xdr:wsDr NS><xdr:twoCellAnchor><xdr:sp><xdr:nvSpPr><xdr:cNvPr id='2' {0}/></xdr:nvSpPr><xdr:txBody><a:p><a:r><a:t>{1}</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>"
SHARED = {"xl/sharedStrings.xml": "<sst NS><si><r><t>TO</t></r><r><t>KEN</t></r><rPh><t>ふり</t></rPh></si></sst>"}
H, B, C, T, P, R = Where.HIDDEN, Where.BODY, Where.COMMENT, Where.TEXTBOX, Where.PROPERTY, Where.REVISION
PLACES = {
    "cell": (book(ONE), B, None),
    "shared_string": (book(row('<c r="A1" t="s"><v>0</v></c>'), parts=SHARED), B, None),
    "phonetic": (
        book(
            row('<c r="A1" t="s"><v>0</v></c>'),
            parts={"xl/sharedStrings.xml": "<sst NS><si><t>x</t><rPh><t>TOKEN</t></rPh></si></sst>"},
        ),
        H,
        "hidden_text",
    ),
    "unused_string": (book(ONE.replace("TOKEN", "x"), parts=SHARED), H, "unused_part"),
    "white_run": (
        book(
            row('<c r="A1" t="s"><v>0</v></c>'),
            parts={
                "xl/sharedStrings.xml": '<sst NS><si><r><t>x</t></r><r><rPr><color rgb="FFFFFFFF"/></rPr><t>TOKEN</t></r></si></sst>'
            },
        ),
        H,
        "white_text",
    ),
    "formula_text": (book(row('<c r="A1" t="str"><f>"TOKEN"&amp;B1</f><v>x</v></c>')), H, "formula"),
    "cached_result": (book(row('<c r="A1" t="str"><f>B1</f><v>TOKEN</v></c>')), B, None),
    "sheet_name": (book(names="", state="").replace(b"", b""), B, None),
    "hidden_sheet": (book(ONE, state='state="hidden"'), H, "hidden_sheet"),
    "very_hidden_sheet": (book(ONE, state='state="veryHidden"'), H, "very_hidden_sheet"),
    "orphan_sheet": (
        book(parts={"xl/worksheets/sheet9.xml": f"<worksheet NS><sheetData>{ONE}</sheetData></worksheet>"}),
        H,
        "unused_part",
    ),
    "hidden_row": (book(row(text("A1"), look='hidden="1"')), H, "hidden_row_column"),
    "flat_row": (book(row(text("A1"), look='ht="0" customHeight="1"')), H, "hidden_row_column"),
    "grouped_row": (book(row(text("A1"), look='hidden="1" outlineLevel="1" collapsed="1"')), H, "hidden_row_column"),
    "hidden_column": (book(row(text("C1")), head='<cols><col min="2" max="4" hidden="1"/></cols>'), H, "hidden_row_column"),
    "filtered_row": (
        book(
            row(text("A2"), 2, 'hidden="1"'),
            tail='<autoFilter ref="A1:B9"><filterColumn colId="0"><filters><filter val="x"/></filters></filterColumn></autoFilter>',
        ),
        H,
        "filtered_row",
    ),
    "filter_value": (
        book(
            tail='<autoFilter ref="A1:B9"><filterColumn colId="0"><filters><filter val="TOKEN"/></filters></filterColumn></autoFilter>'
        ),
        H,
        "defined_name",
    ),
    "white_cell": (book(row(text("A1", style=1))), H, "white_text"),
    "theme_white_cell": (book(row(text("A1", style=7))), H, "white_text"),
    "white_on_red": (book(row(text("A1", style=4))), B, None),
    "tiny_cell": (book(row(text("A1", style=2))), H, "tiny_text"),
    "format_hides": (book(row(text("A1", style=3))), H, "hidden_text"),
    "under_merge": (
        book(row(text("A1", "x") + text("B1")), tail='<mergeCells><mergeCell ref="A1:C1"/></mergeCells>'),
        H,
        "hidden_text",
    ),
    "note": (
        part(
            "comments",
            "comments1.xml",
            '<comments NS><authors><author>甲</author></authors><commentList><comment ref="B2" authorId="0"><text><r><t>TOKEN</t></r></text></comment></commentList></comments>',
        ),
        C,
        "comment",
    ),
    "note_author": (
        part(
            "comments",
            "comments1.xml",
            '<comments NS><authors><author>TOKEN</author></authors><commentList><comment ref="B2" authorId="0"><text><t>x</t></text></comment></commentList></comments>',
        ),
        C,
        "comment",
    ),
    "thread": (
        part(
            "threadedComment",
            "threadedComments/t1.xml",
            '<ThreadedComments NS><threadedComment ref="A1"><text>TOKEN</text></threadedComment></ThreadedComments>',
        ),
        C,
        "comment",
    ),
    "person": (
        book(parts={"xl/persons/person.xml": '<personList NS><person displayName="TOKEN" userId="u"/></personList>'}),
        C,
        "comment",
    ),
    "defined_name": (
        book(names='<definedNames><definedName name="TOKEN">首页!$A$1</definedName></definedNames>'),
        H,
        "defined_name",
    ),
    "hidden_name": (
        book(names='<definedNames><definedName name="n" hidden="1">"TOKEN"</definedName></definedNames>'),
        H,
        "defined_name",
    ),
    "name_comment": (
        book(names='<definedNames><definedName name="n" comment="TOKEN">1</definedName></definedNames>'),
        H,
        "defined_name",
    ),
    "print_titles": (
        book(names="<definedNames><definedName name='_xlnm.Print_Titles'>'TOKEN'!$1:$2</definedName></definedNames>"),
        H,
        "defined_name",
    ),
    "validation_list": (
        book(
            tail='<dataValidations><dataValidation type="list"><formula1>"a,TOKEN"</formula1></dataValidation></dataValidations>'
        ),
        H,
        "defined_name",
    ),
    "validation_prompt": (book(tail='<dataValidations><dataValidation prompt="TOKEN"/></dataValidations>'), H, "defined_name"),
    "validation_2009": (
        book(
            tail='<extLst><ext><x14:dataValidation><x14:formula1><xm:f>"TOKEN"</xm:f></x14:formula1></x14:dataValidation></ext></extLst>'
        ),
        H,
        "defined_name",
    ),
    "condition": (
        book(
            tail='<conditionalFormatting><cfRule type="containsText" text="TOKEN"><formula>A1</formula></cfRule></conditionalFormatting>'
        ),
        H,
        "defined_name",
    ),
    "header": (
        book(
            ONE.replace("TOKEN", "x"),
            tail='<headerFooter><oddHeader>&amp;C&amp;"宋体"&amp;12TOKEN 第&amp;P页</oddHeader></headerFooter>',
        ),
        Where.HEADER,
        None,
    ),
    "first_footer": (book(tail="<headerFooter><firstFooter>&amp;LTOKEN</firstFooter></headerFooter>"), Where.FOOTER, None),
    "custom_view_header": (
        book(
            tail="<customSheetViews><customSheetView><headerFooter><evenHeader>TOKEN</evenHeader></headerFooter></customSheetView></customSheetViews>"
        ),
        Where.HEADER,
        None,
    ),
    "custom_view": (
        book(names='<customWorkbookViews><customWorkbookView name="TOKEN"/></customWorkbookViews>'),
        H,
        "defined_name",
    ),
    "scenario": (book(tail='<scenarios><scenario name="s" comment="TOKEN"/></scenarios>'), H, "cached_value"),
    "scenario_value": (
        book(tail='<scenarios><scenario name="s"><inputCells r="A1" val="TOKEN"/></scenario></scenarios>'),
        H,
        "cached_value",
    ),
    "link_tip": (book(tail='<hyperlinks><hyperlink ref="A1" tooltip="TOKEN"/></hyperlinks>'), H, "defined_name"),
    "link_address": (book(ONE.replace("TOKEN", "x"), links=[("hyperlink", "http://TOKEN/", True)]), P, None),
    "shape": (part("drawing", "drawings/drawing1.xml", SHAPE.format("name='TextBox 1'", "TOKEN")), T, None),
    "shape_alt": (part("drawing", "drawings/drawing1.xml", SHAPE.format("descr='TOKEN'", "x")), T, "alt_text"),
    "shape_off": (part("drawing", "drawings/drawing1.xml", SHAPE.format("hidden='1'", "TOKEN")), H, "invisible_text"),
    "shape_on_hidden_sheet": (
        part("drawing", "drawings/drawing1.xml", SHAPE.format("", "TOKEN"), state='state="hidden"'),
        H,
        "hidden_sheet",
    ),
    "chart_title": (
        part(
            "drawing",
            "drawings/drawing1.xml",
            SHAPE.format("", "x"),
            {"xl/charts/chart1.xml": "<c:chartSpace NS><c:title><a:p><a:r><a:t>TOKEN</a:t></a:r></a:p></c:title></c:chartSpace>"},
        ),
        T,
        None,
    ),
    "chart_category": (
        book(
            parts={
                "xl/charts/chart1.xml": "<c:chartSpace NS><c:cat><c:strRef><c:strCache><c:pt><c:v>TOKEN</c:v></c:pt></c:strCache></c:strRef></c:cat></c:chartSpace>"
            }
        ),
        T,
        None,
    ),
    "vml_box": (
        part("vmlDrawing", "drawings/vml1.vml", "<xml NS><v:shape><v:textbox><div>TOKEN</div></v:textbox></v:shape></xml>"),
        T,
        None,
    ),
    "list_box": (
        book(parts={"xl/ctrlProps/c1.xml": '<formControlPr NS><itemLst><item val="TOKEN"/></itemLst></formControlPr>'}),
        H,
        "form_value",
    ),
    "external_value": (
        book(
            parts={
                "xl/externalLinks/e1.xml": '<externalLink NS><externalBook><sheetDataSet><sheetData><row><cell t="str"><v>TOKEN</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>'
            }
        ),
        H,
        "external_link",
    ),
    "external_path": (
        book(
            parts={
                "xl/externalLinks/e1.xml": "<externalLink NS/>",
                "xl/externalLinks/_rels/e1.xml.rels": rels(("externalLinkPath", "file:///D:/TOKEN.xlsx", True)),
            }
        ),
        H,
        "external_link",
    ),
    "pivot_item": (
        book(
            parts={
                "xl/pivotCache/d1.xml": '<pivotCacheDefinition NS><cacheFields><cacheField name="f"><sharedItems><s v="TOKEN"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>'
            }
        ),
        H,
        "cached_value",
    ),
    "pivot_record": (
        book(parts={"xl/pivotCache/r1.xml": '<pivotCacheRecords NS><r><s v="TOKEN"/></r></pivotCacheRecords>'}),
        H,
        "cached_value",
    ),
    "pivot_table": (
        part("pivotTable", "pivotTables/p1.xml", '<pivotTableDefinition NS><pivotField name="TOKEN"/></pivotTableDefinition>'),
        H,
        "cached_value",
    ),
    "slicer": (book(parts={"xl/slicers/s1.xml": '<slicers NS><slicer caption="TOKEN"/></slicers>'}), H, "cached_value"),
    "query_table": (
        part("queryTable", "queryTables/q1.xml", '<queryTable NS name="TOKEN"/>'.replace("NS ", "").replace("/>", " NS/>")),
        H,
        "cached_value",
    ),
    "connection": (
        book(
            parts={
                "xl/connections.xml": '<connections NS><connection><dbPr connection="Server=TOKEN" command="select"/></connection></connections>'
            }
        ),
        H,
        "external_link",
    ),
    "table_column": (
        part("table", "tables/t1.xml", '<table NS><tableColumns><tableColumn name="TOKEN"/></tableColumns></table>'),
        H,
        "defined_name",
    ),
    "revision": (
        book(parts={"xl/revisions/log1.xml": "<revisions NS><rcc><oc><is><t>TOKEN</t></is></oc></rcc></revisions>"}),
        R,
        "old_revision",
    ),
    "revision_user": (
        book(parts={"xl/revisions/headers.xml": '<headers NS><header userName="TOKEN"/></headers>'}),
        R,
        "old_revision",
    ),
    "custom_xml": (book(parts={"customXml/item1.xml": "<a><b c='d'>TOKEN</b></a>"}), P, "unused_part"),
    "author": (
        book(parts={"docProps/core.xml": "<cp:coreProperties NS><dc:creator>TOKEN</dc:creator></cp:coreProperties>"}),
        P,
        "metadata",
    ),
    "company": (book(parts={"docProps/app.xml": "<Properties><Company>TOKEN</Company></Properties>"}), P, "metadata"),
    "custom_property": (
        book(parts={"docProps/custom.xml": "<Properties><property name='n'><x>TOKEN</x></property></Properties>"}),
        P,
        "metadata",
    ),
    "saved_path": (book(book_head='<x15ac:absPath url="C:\\TOKEN\\"/>'), P, "metadata"),
    "printer": (book(parts={"xl/printerSettings/p1.bin": "TOKEN".encode("utf-16-le") + bytes(60)}), P, "metadata"),
    "sheet_property": (book(parts={"xl/customProperty1.bin": "TOKEN".encode("utf-16-le")}), P, "metadata"),
}
PLACES["sheet_name"] = (book(names="").replace(b"", b""), B, None)


@pytest.mark.parametrize("place", [name for name in PLACES if name != "sheet_name"])
def test_a_token_is_found_in_its_place(place, read_bytes):
    """Each hiding place gives the token back, with the place and the reason."""
    data, where, origin = PLACES[place]
    document = read_bytes(data, "a.xlsx")
    found = [block for block in document.blocks if "TOKEN" in document.text[block.span.start : block.span.end]]
    assert {(block.where, block.origin) for block in found} == {(where, origin)}


def test_a_name_of_a_sheet_is_said_before_its_cells(read_bytes):
    """The tab's name stands before the cells; one that a program chose is left out."""
    document = read_bytes(book(ONE), "a.xlsx")
    assert document.text.startswith("首页\n可见\n名册\nTOKEN")


def test_cells_have_addresses_and_rows_are_lines(read_bytes):
    """A roster keeps its grid: table = sheet, row and column from 0, one line a row."""
    rows = row(text("A1", "姓名") + text("C1", "电话")) + row(text("A3", "张三") + text("C3", "13800138000"), 3)
    document = read_bytes(book(rows), "a.xlsx")
    assert "姓名\t\t电话\n张三\t\t13800138000" in document.text
    assert [b.cell for b in document.blocks if b.cell and b.cell.table == 1] == [
        Cell(1, 0, 0),
        Cell(1, 0, 2),
        Cell(1, 2, 0),
        Cell(1, 2, 2),
    ]


def test_a_comment_has_the_address_of_its_cell(read_bytes):
    """A note knows the cell it hangs on."""
    document = read_bytes(PLACES["note"][0], "a.xlsx")
    note = next(block for block in document.blocks if block.where is Where.COMMENT)
    assert note.cell == Cell(1, 1, 1)
    assert document.text[note.span.start : note.span.end] == "甲：TOKEN"


def test_plain_formulas_and_print_areas_say_nothing(read_bytes):
    """A clean sheet with sums, a print area and a column chart holds no hidden block."""
    names = "<definedNames><definedName name='_xlnm.Print_Area'>名册!$A$1:$D$20</definedName></definedNames>"
    rows = row('<c r="A1"><f>SUM(B1:C9)+首页!A1*2</f><v>5</v></c><c r="B1"><f>IF(A1&gt;0,"",ROUND(A1,2))</f><v>5</v></c>')
    document = read_bytes(book(rows, names=names), "a.xlsx")
    assert [block for block in document.blocks if block.origin] == []


def test_a_picture_a_macro_and_an_outside_book_are_reported(read_bytes, codes):
    """What is not read is a Problem."""
    parts = {
        "xl/media/image1.png": b"\x89PNG" + bytes(20_000),
        "xl/vbaProject.bin": b"x",
        "xl/externalLinks/e1.xml": "<externalLink NS/>",
        "xl/odd.bin": b"odd",
    }
    assert {"macro", "external", "part_unread"} < codes(read_bytes(book(ONE, parts=parts), "a.xlsx"))


def test_a_file_inside_is_read_as_a_child(read_bytes):
    """An embedded workbook goes through the same door."""
    document = read_bytes(book(row(text("A1", "x")), parts={"xl/embeddings/Book.xlsx": book(ONE)}), "a.xlsx")
    assert [child.format for child in document.children] == ["xlsx"]
    assert "TOKEN" in document.children[0].text
    assert document.problems == ()


def test_a_broken_sheet_is_read_as_far_as_it_goes(read_bytes, codes):
    """Rows before the break are read, and the break is a Problem."""
    whole = f"<worksheet NS><sheetData>{ONE}<row r='2'><c r='A2' t='inl"
    document = read_bytes(book(parts={"xl/worksheets/sheet2.xml": whole}), "a.xlsx")
    assert "TOKEN" in document.text
    assert "part_unread" in codes(document)


def test_entities_and_document_types_never_resolve(read_bytes, codes):
    """A sheet with a DTD is reported; its entity is not expanded."""
    evil = '<!DOCTYPE w [<!ENTITY e "BOOM">]><worksheet NS><sheetData><row r="1"><c r="A1" t="str"><v>&e;</v></c></row></sheetData></worksheet>'
    document = read_bytes(book(parts={"xl/worksheets/sheet2.xml": evil}), "a.xlsx")
    assert "BOOM" not in document.text
    assert "part_unread" in codes(document)
