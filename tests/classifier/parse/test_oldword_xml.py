"""Word papers in one XML file: Word 2003 XML and the flat form of a docx. The files are written here."""

from __future__ import annotations

import base64

import pytest

from classifier.core.document import Where

W = 'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"'
A = 'xmlns:aml="http://schemas.microsoft.com/aml/2001/core"'
O_ = 'xmlns:o="urn:schemas-microsoft-com:office:office"'


def run(text: str, properties: str = "") -> str:
    return f"<w:r>{properties}<w:t>{text}</w:t></w:r>"


def old(body: str, before: str = "") -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Word.Document"?>'
    return f"{head}<w:wordDocument {W} {A} {O_}>{before}<w:body>{body}</w:body></w:wordDocument>".encode()


def note(kind: str, inner: str) -> str:
    return f'<aml:annotation w:type="Word.{kind}" aml:author="王处"><aml:content>{inner}</aml:content></aml:annotation>'


BODY = f"""<w:p>{run("电话1380013")}{run("8000")}{run("藏起", "<w:rPr><w:vanish/></w:rPr>")}{note("Insertion", run("加的"))}
{note("Deletion", "<w:r><w:delText>删的</w:delText></w:r>")}{note("Comment", f"<w:p>{run('批的')}</w:p>")}
<w:r><w:footnote><w:p>{run("脚注的")}</w:p></w:footnote></w:r></w:p>
<w:sectPr><w:hdr w:type="odd"><w:p>{run("眉上的")}</w:p></w:hdr><w:ftr w:type="odd"><w:p>{run("脚下的")}</w:p></w:ftr></w:sectPr>"""


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("13800138000", Where.BODY),
        ("藏起", Where.HIDDEN),
        ("加的", Where.REVISION),
        ("删的", Where.REVISION),
        ("批的", Where.COMMENT),
        ("脚注的", Where.NOTE),
        ("眉上的", Where.HEADER),
        ("脚下的", Where.FOOTER),
        ("李四", Where.PROPERTY),
    ],
)
def test_every_place_of_word_2003_xml_is_read(words, place, read_bytes, places):
    """One file with words in nine places."""
    document = read_bytes(
        old(BODY, "<o:DocumentProperties><o:Author>李四</o:Author><o:Pages>1</o:Pages></o:DocumentProperties>"), "a.doc"
    )
    assert places(document, words) == {place}
    assert (document.problems, document.format) == ((), "wordml")


def test_pictures_and_macros_are_said(read_bytes, codes):
    """A large picture in letters, and macros."""
    picture = f"<w:p><w:r><w:pict><w:binData>{base64.b64encode(bytes(20_000)).decode()}</w:binData></w:pict></w:r></w:p>"
    document = read_bytes(
        old(picture + f"<w:p>{run('字')}</w:p>", "<w:docSuppData><w:binData>AAAA</w:binData></w:docSuppData>"), "a.xml"
    )
    assert codes(document) == {"image", "macro"}


def test_the_flat_form_of_a_docx_is_read(read_bytes, places):
    """Parts stand one after the other in one file."""
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    part = '<pkg:part pkg:name="/word/{}.xml"><pkg:xmlData>{}</pkg:xmlData></pkg:part>'
    body = part.format("document", f"<w:document {w}><w:body><w:p>{run('正文的')}</w:p></w:body></w:document>")
    head = part.format("header1", f"<w:hdr {w}><w:p>{run('眉上的')}</w:p></w:hdr>")
    data = f'<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">{body}{head}</pkg:package>'
    document = read_bytes(data.encode(), "a.xml")
    assert (places(document, "正文的"), places(document, "眉上的")) == ({Where.BODY}, {Where.HEADER})


def test_broken_xml_is_said(read_bytes):
    """A paper cut in the middle is read as far as it goes, with a problem."""
    whole = old(BODY)
    for tenths in range(4, 10):
        assert read_bytes(whole[: len(whole) * tenths // 10], "a.doc").problems
