"""A token in every place where an OpenDocument text, sheet or show can hold words."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest

from classifier.core.document import Where

NAMES = [
    "office",
    "style",
    "text",
    "table",
    "draw",
    "presentation",
    "meta",
    "number",
    "chart",
    "form",
    "script",
    "config",
    "manifest",
    "loext",
    "dr3d",
]
NS = (
    " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in NAMES)
    + ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    + ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
    + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
KINDS = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}


def style(family: str, name: str, settings: str) -> str:
    return f'<style:style style:family="{family}" style:name="{name}">{settings}</style:style>'


STYLES = (
    style("text", "H", '<style:text-properties text:display="none"/>')
    + style("text", "W", '<style:text-properties fo:color="#ffffff"/>')
    + style("text", "WB", '<style:text-properties fo:color="#ffffff" fo:background-color="#000000"/>')
    + style("text", "T", '<style:text-properties fo:font-size="1pt"/>')
    + '<style:style style:family="text" style:name="HC" style:parent-style-name="H"/>'
    + style("paragraph", "PW", '<style:text-properties fo:color="#ffffff"/>')
    + style("table", "off", '<style:table-properties table:display="false"/>')
    + style("drawing-page", "gone", '<style:drawing-page-properties presentation:visibility="hidden"/>')
    + style("drawing-page", "dark", '<style:drawing-page-properties draw:fill="solid" draw:fill-color="#000080"/>')
)
MASTERS = (
    '<style:page-layout style:name="L"><style:page-layout-properties fo:page-width="10cm" fo:page-height="10cm"/></style:page-layout>'
    '<style:master-page style:name="M" style:page-layout-name="L"/>'
)


def build(body: str, form: str = "odt", parts: dict[str, str | bytes] | None = None, styles: str = "") -> bytes:
    kind = KINDS[form]
    members: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content {NS}><office:automatic-styles>{STYLES}</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {NS}>{MASTERS}<office:master-styles>{styles}</office:master-styles></office:document-styles>",
        "META-INF/manifest.xml": f"<manifest:manifest {NS}/>",
    } | (parts or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def par(inner: str, attributes: str = "") -> str:
    return f"<text:p {attributes}>{inner}</text:p>"


def span(name: str) -> str:
    return par(f'a<text:span text:style-name="{name}">TOKEN</text:span>b')


TEXTS = {
    "body": (par("TOKEN"), Where.BODY, None),
    "heading": ("<text:h>TOKEN</text:h>", Where.BODY, None),
    "list": (f"<text:list><text:list-item>{par('TOKEN')}</text:list-item></text:list>", Where.BODY, None),
    "cell": (f"<table:table><table:table-row><table:table-cell>{par('TOKEN')}</table:table-cell></table:table-row></table:table>", Where.BODY, None),
    "hidden_run": (span("H"), Where.HIDDEN, "hidden_text"),
    "hidden_by_parent": (span("HC"), Where.HIDDEN, "hidden_text"),
    "white": (span("W"), Where.HIDDEN, "white_text"),
    "white_on_black": (span("WB"), Where.BODY, None),
    "white_paragraph": (par("TOKEN", 'text:style-name="PW"'), Where.HIDDEN, "white_text"),
    "tiny": (span("T"), Where.HIDDEN, "tiny_text"),
    "hidden_section": (f'<text:section text:display="none">{par("TOKEN")}</text:section>', Where.HIDDEN, "hidden_text"),
    "hidden_paragraph": (par('<text:hidden-paragraph text:is-hidden="true"/>TOKEN'), Where.HIDDEN, "hidden_text"),
    "hidden_field": (par('a<text:hidden-text text:string-value="TOKEN"/>'), Where.HIDDEN, "hidden_text"),
    "other_branch": (
        par('<text:conditional-text text:string-value-if-true="TOKEN" text:string-value-if-false="x">x</text:conditional-text>'),
        Where.HIDDEN,
        "hidden_text",
    ),
    "deleted": (
        f'<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>{par("TOKEN")}</text:deletion></text:changed-region></text:tracked-changes>{par("x")}',
        Where.REVISION,
        "deleted_text",
    ),
    "reviser": (
        f'<text:tracked-changes><text:changed-region text:id="c1"><text:insertion><office:change-info><dc:creator>TOKEN</dc:creator></office:change-info></text:insertion></text:changed-region></text:tracked-changes>{par("x")}',
        Where.PROPERTY,
        "metadata",
    ),
    "inserted": (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:insertion/></text:changed-region></text:tracked-changes>'
        + par('a<text:change-start text:change-id="c1"/>TOKEN<text:change-end text:change-id="c1"/>b'),
        Where.REVISION,
        "inserted_text",
    ),
    "comment": (par(f"a<office:annotation>{par('TOKEN')}</office:annotation>b"), Where.COMMENT, "comment"),
    "comment_author": (par("a<office:annotation><dc:creator>TOKEN</dc:creator></office:annotation>b"), Where.COMMENT, "comment"),
    "note": (par(f"a<text:note><text:note-citation>1</text:note-citation><text:note-body>{par('TOKEN')}</text:note-body></text:note>b"), Where.NOTE, None),
    "box": (par(f"a<draw:frame><draw:text-box>{par('TOKEN')}</draw:text-box></draw:frame>b"), Where.TEXTBOX, None),
    "alt_text": (par("a<draw:frame><svg:desc>TOKEN</svg:desc></draw:frame>b"), Where.HIDDEN, "alt_text"),
    "bookmark": (par('<text:bookmark text:name="TOKEN"/>a'), Where.PROPERTY, "bookmark"),
    "link": (par('<text:a xlink:href="http://TOKEN/">a</text:a>'), Where.PROPERTY, "external_link"),
    "script": (par("a<text:script>TOKEN</text:script>"), Where.HIDDEN, "script"),
    "form_value": (f'<office:forms><form:form><form:hidden form:value="TOKEN"/></form:form></office:forms>{par("x")}', Where.HIDDEN, "form_value"),
    "index_mark": (par('a<text:alphabetical-index-mark text:string-value="TOKEN"/>'), Where.HIDDEN, "field_code"),
    "variable": ('<text:user-field-decls><text:user-field-decl text:name="a" office:string-value="TOKEN"/></text:user-field-decls>' + par("x"), Where.PROPERTY, "metadata"),
}  # fmt: skip


def row(cell: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{cell}</table:table-row>"


def cell(inner: str = "", attributes: str = "") -> str:
    return f"<table:table-cell {attributes}>{inner}</table:table-cell>"


def sheet(rows: str, attributes: str = "") -> str:
    return f'<table:table table:name="甲" {attributes}>{rows}</table:table>'


TOKEN = cell(par("TOKEN"))
SHEETS = {
    "cell": (sheet(row(TOKEN)), Where.BODY, None),
    "sheet_name": (sheet(row(cell(par("x")))).replace("甲", "TOKEN"), Where.PROPERTY, None),
    "hidden_sheet": (sheet(row(TOKEN), 'table:style-name="off"'), Where.HIDDEN, "hidden_sheet"),
    "hidden_row": (sheet(row(TOKEN, 'table:visibility="collapse"')), Where.HIDDEN, "hidden_row_column"),
    "filtered_row": (sheet(row(TOKEN, 'table:visibility="filter"')), Where.HIDDEN, "filtered_row"),
    "hidden_column": (
        sheet('<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>' + row(cell(attributes='table:number-columns-repeated="2"') + TOKEN)),
        Where.HIDDEN,
        "hidden_row_column",
    ),
    "comment": (sheet(row(cell(f"<office:annotation>{par('TOKEN')}</office:annotation>{par('x')}"))), Where.COMMENT, "comment"),
    "covered": (sheet(row(cell(par("x")) + TOKEN.replace("table-cell", "covered-table-cell"))), Where.HIDDEN, "hidden_text"),
    "formula": (sheet(row(cell(par("x"), 'table:formula="of:=IF(A1;&quot;TOKEN&quot;;1)"'))), Where.HIDDEN, "formula"),
    "unshown_value": (sheet(row(cell("", 'office:string-value="TOKEN"'))), Where.HIDDEN, "cached_value"),
    "named_range": (
        sheet(row(cell(par("x")))) + '<table:named-expressions><table:named-range table:name="TOKEN"/></table:named-expressions>',
        Where.HIDDEN,
        "defined_name",
    ),
    "other_file": (sheet(row(TOKEN)).replace("甲", "'file:///a.ods'#$乙"), Where.HIDDEN, "cached_value"),
    "old_value": (
        f"<table:tracked-changes><table:cell-content-change><table:previous><table:change-track-table-cell>{par('TOKEN')}</table:change-track-table-cell></table:previous></table:cell-content-change></table:tracked-changes>{sheet(row(cell(par('x'))))}",
        Where.REVISION,
        "deleted_text",
    ),
}  # fmt: skip


def page(inner: str, attributes: str = "") -> str:
    return f'<draw:page draw:name="page1" draw:master-page-name="M" {attributes}>{inner}</draw:page>'


def box(inner: str, attributes: str = 'svg:x="1cm" svg:y="1cm" svg:width="3cm" svg:height="1cm"') -> str:
    return f"<draw:frame {attributes}><draw:text-box>{par(inner)}</draw:text-box></draw:frame>"


SHOWS = {
    "title": (page(box("TOKEN", 'presentation:class="title"')), Where.BODY, None),
    "box": (page(box("TOKEN")), Where.TEXTBOX, None),
    "hidden_slide": (page(box("TOKEN"), 'draw:style-name="gone"'), Where.HIDDEN, "hidden_slide"),
    "notes": (page(f"{box('x')}<presentation:notes>{box('TOKEN')}</presentation:notes>"), Where.NOTE, "speaker_notes"),
    "off_page": (page(box("TOKEN", 'svg:x="11cm" svg:y="1cm" svg:width="3cm" svg:height="1cm"')), Where.HIDDEN, "off_page"),
    "white": (page(box('<text:span text:style-name="W">TOKEN</text:span>')), Where.HIDDEN, "white_text"),
    "white_on_colour": (
        page(box('<text:span text:style-name="W">TOKEN</text:span>'), 'draw:style-name="dark"'),
        Where.TEXTBOX,
        None,
    ),
    "footer": (
        '<presentation:footer-decl presentation:name="f">TOKEN</presentation:footer-decl>' + page(box("x")),
        Where.FOOTER,
        None,
    ),
    "comment": (page(f"{box('x')}<office:annotation>{par('TOKEN')}</office:annotation>"), Where.COMMENT, "comment"),
    "slide_name": (page(box("x")).replace("page1", "TOKEN 甲"), Where.PROPERTY, "metadata"),
}


def check(document, where: Where, origin: str | None, token: str = "TOKEN") -> None:
    """The token stands exactly once, and there."""
    assert document.text.count(token) == 1
    block = document.block_at(document.text.index(token))
    assert (block.where, block.origin) == (where, origin)


@pytest.mark.parametrize(("form", "name"), [(f, n) for f, p in (("odt", TEXTS), ("ods", SHEETS), ("odp", SHOWS)) for n in p])
def test_a_token_is_found_in_its_place(form, name, read_bytes):
    body, where, origin = {"odt": TEXTS, "ods": SHEETS, "odp": SHOWS}[form][name]
    document = read_bytes(build(body, form), f"a.{form}")
    check(document, where, origin)
    assert document.format == form
    assert document.problems == ()


def master(inner: str, name: str = "P") -> str:
    return f'<style:master-page style:name="{name}">{inner}</style:master-page>'


PARTS = {
    "header": ({}, master(f"<style:header>{par('TOKEN')}</style:header>"), Where.HEADER, None),
    "footer": ({}, master(f"<style:footer-left>{par('TOKEN')}</style:footer-left>"), Where.FOOTER, None),
    "header_switched_off": ({}, master(f'<style:header style:display="false">{par("TOKEN")}</style:header>'), Where.HIDDEN, "unused_part"),
    "unused_master": ({}, master(box("TOKEN")), Where.HIDDEN, "unused_part"),
    "author": (
        {"meta.xml": f"<office:document-meta {NS}><office:meta><dc:creator>TOKEN</dc:creator></office:meta></office:document-meta>"},
        "",
        Where.PROPERTY,
        "metadata",
    ),
    "user_property": (
        {"meta.xml": f'<office:document-meta {NS}><office:meta><meta:user-defined meta:name="a">TOKEN</meta:user-defined></office:meta></office:document-meta>'},
        "",
        Where.PROPERTY,
        "metadata",
    ),
    "object": (
        {"Object 1/content.xml": f"<office:document-content {NS}><office:body><office:chart>{par('TOKEN')}</office:chart></office:body></office:document-content>"},
        "",
        Where.TEXTBOX,
        None,
    ),
    "strange_part": ({"odd.xml": "<x>TOKEN</x>"}, "", Where.PROPERTY, "unused_part"),
}  # fmt: skip


@pytest.mark.parametrize("name", PARTS)
def test_a_token_in_a_part_is_found_in_its_place(name, read_bytes):
    parts, styles, where, origin = PARTS[name]
    document = read_bytes(build(par("正文"), parts=parts, styles=styles), "a.odt")
    check(document, where, origin)
    assert document.problems == ()


def test_spaces_tabs_and_breaks_are_those_of_the_page(read_bytes):
    document = read_bytes(build(par('机<text:s text:c="2"/>密<text:tab/>★<text:line-break/>5\n  年')), "a.odt")
    assert document.text.startswith("机  密\t★\n5 年")


def test_cells_count_repeats(read_bytes):
    rows = row(cell(par("a"), 'table:number-columns-repeated="3"') + TOKEN, 'table:number-rows-repeated="2"') + row(
        cell(par("z"))
    )
    document = read_bytes(build(sheet(rows), "ods"), "a.ods")
    cells = [(b.cell.row, b.cell.column) for b in document.blocks if b.cell]
    assert cells == [(0, 0), (0, 3), (2, 0)]


def test_sealed_files_say_only_that(read_bytes, codes):
    manifest = (
        f"<manifest:manifest {NS}><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    document = read_bytes(build(par("x"), parts={"META-INF/manifest.xml": manifest}), "a.odt")
    assert codes(document) == {"encrypted"}
    assert document.body_length() == 0


def test_the_unread_is_said_and_files_inside_are_read(read_bytes, codes):
    def say(**parts: str | bytes):
        return codes(
            read_bytes(build(par("x"), parts={k.replace("__", "/").replace("_", "."): v for k, v in parts.items()}), "a.odt")
        )

    assert say(Pictures__a_png=b"\x89PNG" + bytes(20_000)) == {"image"}
    assert say(Pictures__a_png=b"\x89PNG") == {"image"}
    assert say(Basic__script_xml="<x/>") == {"macro"}
    assert "signature" in codes(
        read_bytes(build(par("x"), parts={"META-INF/documentsignatures.xml": "<document-signatures/>"}), "a.odt")
    )
    assert codes(read_bytes(build(par('<draw:frame><draw:image xlink:href="http://a/b.png"/></draw:frame>x')), "a.odt")) == {
        "external"
    }
    inner = build(par("INNER"))
    document = read_bytes(build(par("x"), parts={"Versions/Version1": inner}), "a.odt")
    assert "INNER" in document.children[0].text


def test_a_flat_file_is_read_like_a_package(read_bytes, codes):
    picture = f"<draw:frame><draw:image><office:binary-data>{base64.b64encode(bytes(20_000)).decode()}</office:binary-data></draw:image></draw:frame>"
    flat = (
        f'<office:document {NS} office:mimetype="application/vnd.oasis.opendocument.text"><office:meta><dc:creator>作者</dc:creator></office:meta>'
        f"<office:master-styles>{master('<style:header>' + par('页眉') + '</style:header>')}</office:master-styles>"
        f"<office:body><office:text>{par('正文' + picture)}</office:text></office:body></office:document>"
    )
    document = read_bytes(flat.encode(), "a.fodt")
    assert document.format == "odt"
    assert codes(document) == {"image"}
    check(document, Where.HEADER, None, "页眉")
    check(document, Where.BODY, None, "正文")
    check(document, Where.PROPERTY, "metadata", "作者")


def test_repeats_without_end_cost_little(read_bytes):
    rows = row(cell(par("a"), 'table:number-columns-repeated="999999999"') * 50, 'table:number-rows-repeated="999999999"') * 50
    assert "a" in read_bytes(build(sheet(rows), "ods"), "a.ods").text
