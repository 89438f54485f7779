"""A token in every place where an RTF file can hold words; code pages, damage and limits."""

from __future__ import annotations

import struct
import time

import pytest

from classifier.core.document import Where

HEAD = (
    r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\fswiss\fcharset0 Arial;}"
    r"{\f2\fnil\fcharset2 Wingdings;}{\f3\fcharset204 Cyr;}}{\colortbl;\red0\green0\blue0;\red255\green255\blue255;}"
    r"{\stylesheet{\*\cs9\v Geheim;}}"
)
PLACES = {
    "body": (r"TOKEN\par", Where.BODY, None),
    "header": (r"{\header\pard TOKEN\par}", Where.HEADER, None),
    "first_header": (r"{\headerf TOKEN}", Where.HEADER, None),
    "footer": (r"{\footer TOKEN\par}", Where.FOOTER, None),
    "footnote": (r"a{\footnote TOKEN}b\par", Where.NOTE, None),
    "annotation": (r"a{\*\atnid x}{\*\annotation TOKEN}b\par", Where.COMMENT, "comment"),
    "annotation_author": (r"a{\*\atnauthor TOKEN}b\par", Where.COMMENT, "comment"),
    "hidden": (r"a{\v TOKEN}b\par", Where.HIDDEN, "hidden_text"),
    "hidden_toggle": (r"a\v TOKEN\v0 b\par", Where.HIDDEN, "hidden_text"),
    "hidden_style": (r"a{\*\cs9 TOKEN}b\par", Where.HIDDEN, "hidden_text"),
    "deleted": (r"a{\deleted TOKEN}b\par", Where.REVISION, "deleted_text"),
    "inserted": (r"a{\revised TOKEN}b\par", Where.REVISION, "inserted_text"),
    "white": (r"a{\cf2 TOKEN}b\par", Where.HIDDEN, "white_text"),
    "white_highlighted": (r"a{\cf2\highlight1 TOKEN}b\par", Where.BODY, None),
    "white_in_shaded_cell": (r"\trowd\clcbpat1\cellx99\pard\intbl\cf2 TOKEN\cell\row\pard", Where.BODY, None),
    "tiny": (r"a{\fs2 TOKEN}b\par", Where.HIDDEN, "tiny_text"),
    "title": (r"{\info{\title TOKEN}}", Where.PROPERTY, "metadata"),
    "author": (r"{\info{\author TOKEN}}", Where.PROPERTY, "metadata"),
    "unicode_title": (r"{\info{\upr{\title ?}{\*\ud{\title TOKEN}}}}", Where.PROPERTY, "metadata"),
    "user_property": (r"{\*\userprops{\propname a}\proptype30{\staticval TOKEN}}", Where.PROPERTY, "metadata"),
    "variable": (r"{\*\docvar {a}{TOKEN}}", Where.PROPERTY, "metadata"),
    "template": (r"{\*\template TOKEN}", Where.PROPERTY, "external_link"),
    "reviser": (r"{\*\revtbl{Unknown;}{TOKEN;}}", Where.PROPERTY, "metadata"),
    "field_code": (r'{\field{\*\fldinst HYPERLINK "TOKEN"}{\fldrslt x}}\par', Where.HIDDEN, "field_code"),
    "field_result": (r"{\field{\*\fldinst PAGE}{\fldrslt TOKEN}}\par", Where.BODY, None),
    "bookmark": (r"{\*\bkmkstart TOKEN}a{\*\bkmkend TOKEN}\par", Where.PROPERTY, "bookmark"),
    "box": (r"a{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt TOKEN\par}}}\par", Where.TEXTBOX, None),
    "old_box": (r"a{\*\do\dptxbx{\dptxbxtext TOKEN}}\par", Where.TEXTBOX, None),
    "alt_text": (r"{\shp{\*\shpinst{\sp{\sn wzDescription}{\sv TOKEN}}}}\par", Where.HIDDEN, "alt_text"),
    "word_art": (r"{\shp{\*\shpinst{\sp{\sn gtextUNICODE}{\sv TOKEN}}}}\par", Where.TEXTBOX, None),
    "form": (r"{\*\formfield{\*\ffname TOKEN}}\par", Where.HIDDEN, "form_value"),
    "index": (r"a{\xe TOKEN}\par", Where.HIDDEN, "field_code"),
    "unknown_group": (r"{\*\strange TOKEN}\par", Where.HIDDEN, "unused_part"),
    "cell": (r"\trowd\cellx99\pard\intbl x\cell TOKEN\cell\row\pard", Where.BODY, None),
}


def check(document, where: Where, origin: str | None, token: str = "TOKEN") -> None:
    """The token stands exactly once, and there."""
    assert document.text.count(token) == 1
    block = document.block_at(document.text.index(token))
    assert (block.where, block.origin) == (where, origin)


def rtf(inner: str, tail: str = "") -> bytes:
    return (HEAD + inner + "}" + tail).encode("latin-1")


@pytest.mark.parametrize("name", PLACES)
def test_a_token_is_found_in_its_place(name, read_bytes):
    inner, where, origin = PLACES[name]
    document = read_bytes(rtf("正文".encode("gb18030").decode("latin-1") + r"\par " + inner), "a.rtf")
    check(document, where, origin)
    assert "正文" in document.text
    assert document.problems == ()


def test_text_behind_the_last_brace_is_found(read_bytes, codes):
    check(read_bytes(rtf(r"a\par", "TOKEN"), "a.rtf"), Where.HIDDEN, "unused_part")
    assert codes(read_bytes(rtf(r"a\par", "PK\x03\x04xx"), "a.rtf")) == {"embedded"}
    assert codes(read_bytes(rtf(r"a\par", "\r\n\0"), "a.rtf")) == set()


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (r"\'bb\'fa\'c3\'dc", "机密"),
        (r"{\f0 \'bb\'fa}{\f1 \'c3\'dc}", "机密"),
        (r"\uc1\u26426?\u23494?", "机密"),
        (r"\uc2\u26426\'bb\'fa\u23494\'c3\'dc x", "机密 x"),
        (r"{\uc0\u26426\u23494 }", "机密"),
        (r"\u-10179?\u-8704?", "\U0001f600"),
        (r"\'81\'7bx", "亄x"),
        (r"{\f3 \'cf\'f0}", "Пр"),
        (r"a{\f2 \'ab}b", "a★b"),
        (r"a\emdash b\~c\_d\{\}\\", "a—b\xa0c-d{}\\"),
        (r"1\bin4 {{{{2", "12"),
    ],
)
def test_characters_are_decoded(inner, text, read_bytes):
    assert text in read_bytes(rtf(inner + r"\par"), "a.rtf").text


def test_cells_have_addresses(read_bytes):
    row = r"\trowd\cellx1\cellx2\pard\intbl {}\cell {}\cell\row"
    document = read_bytes(rtf(row.format("a", "b") + row.format("c", "d") + r"\pard e\par " + row.format("f", "g")), "a.rtf")
    cells = [(b.cell.table, b.cell.row, b.cell.column) if b.cell else None for b in document.blocks[:-1]]
    assert cells == [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), None, (1, 0, 0), (1, 0, 1)]
    assert document.text.startswith("a\tb\nc\td\ne\nf\tg")


def test_an_insertion_stays_inside_its_sentence(read_bytes):
    document = read_bytes(rtf(r"ab{\revised 12}cd{\deleted x}ef\par"), "a.rtf")
    assert document.text.startswith("ab12cdef\nx")


def envelope(kind: bytes, data: bytes) -> str:
    head = struct.pack("<III", 0x501, 2, len(kind) + 1) + kind + b"\0" + struct.pack("<II", 0, 0)
    return r"{\object\objemb{\*\objdata " + (head + struct.pack("<I", len(data)) + data).hex() + r"}{\result pic\par}}"


def test_objects_are_opened_or_reported(read_bytes, codes):
    inner = "关于信访工作的通知，内部掌握".encode()
    native = b"\x02\0a.txt\0C:\\a.txt\0\0\0\x03\0" + struct.pack("<I", 4) + b"abc\0" + struct.pack("<I", len(inner)) + inner
    document = read_bytes(rtf(envelope(b"Package", native)), "a.rtf")
    assert inner.decode() in document.children[0].text
    assert document.children[0].name == "a.txt"
    assert "pic" in document.text
    assert document.problems == ()
    assert codes(read_bytes(rtf(envelope(b"Odd", b"abc")), "a.rtf")) == {"embedded"}
    assert codes(read_bytes(rtf(r"{\object{\*\objdata 0105zz}}x"), "a.rtf")) == {"embedded"}


def test_pictures_and_outside_content_are_reported(read_bytes, codes):
    assert codes(read_bytes(rtf(r"a{\pict\pngblip " + "ab" * 11_000 + "}"), "a.rtf")) == {"image"}
    assert codes(read_bytes(rtf(r"a{\pict\pngblip " + "ab" * 1_000 + "}"), "a.rtf")) == {"image"}
    assert codes(read_bytes(rtf(r"a{\field{\*\fldinst INCLUDEPICTURE x}{\fldrslt }}"), "a.rtf")) == {"external"}
    assert codes(read_bytes(rtf(r"a{\*\template http://a.cn/b.dot}"), "a.rtf")) == {"external"}


def test_a_cut_file_is_damaged(read_bytes, codes):
    whole = rtf(r"{\header h}abc\par {\v x}d\par")
    for length in range(len(HEAD), len(whole)):
        assert "damaged" in codes(read_bytes(whole[:length], "a.rtf"))


def test_hostile_nesting_costs_little(read_bytes, codes):
    start = time.process_time()
    document = read_bytes(rtf("{" * 100_000 + "TOKEN" + "}" * 100_000), "a.rtf")
    assert "TOKEN" in document.text
    assert codes(document) == {"part_unread"}
    assert "damaged" in codes(read_bytes(b"{\\rtf1 " + b"{\\'" * 100_000, "a.rtf"))
    read_bytes(b"{\\rtf1 " + b"\\a" * 200_000 + b"\\bin999999999 x}", "a.rtf")
    assert time.process_time() - start < 5
