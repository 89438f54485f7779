"""Web pages: what is shown, what is hidden, and in which place."""

from __future__ import annotations

import pytest

from classifier.core.document import Where

PAGE = "<!DOCTYPE html><html><head><title>题</title></head><body>{}</body></html>"
PLACES = {
    "<p>TOKEN</p>": Where.BODY,
    "<div>a<span>TOKEN</span></div>": Where.BODY,
    "<textarea>TOKEN</textarea>": Where.BODY,
    "<input value='TOKEN'>": Where.BODY,
    "<noscript>TOKEN</noscript>": Where.BODY,
    "<svg><text>TOKEN</text></svg>": Where.BODY,
    "<p>a<!-- TOKEN -->b</p>": Where.HIDDEN,
    "<p hidden>TOKEN</p>": Where.HIDDEN,
    "<p style='display:none'>TOKEN</p>": Where.HIDDEN,
    "<p>a<span style='visibility: hidden'>TOKEN</span>b</p>": Where.HIDDEN,
    "<p style='color:#FFF'>TOKEN</p>": Where.HIDDEN,
    "<p style='font-size:0'>TOKEN</p>": Where.HIDDEN,
    "<div style='display:none'><div><p>TOKEN</p></div></div>": Where.HIDDEN,
    "<style>.q{display:none}</style><p class='q'>TOKEN</p>": Where.HIDDEN,
    "<input type=hidden value='TOKEN'>": Where.HIDDEN,
    "<template><p>TOKEN</p></template>": Where.HIDDEN,
    "<img alt='TOKEN'>": Where.HIDDEN,
    "<p title='TOKEN'>x</p>": Where.HIDDEN,
    "<a href='mailto:TOKEN@example.cn'>x</a>": Where.PROPERTY,
    "<meta name=keywords content='TOKEN'>": Where.PROPERTY,
    "<p style='color:white;background:#039'>TOKEN</p>": Where.BODY,
}


@pytest.mark.parametrize("inner", PLACES)
def test_words_are_found_in_their_place(inner, read_bytes, places):
    document = read_bytes(PAGE.format(inner).encode(), "a.html")
    assert places(document, "TOKEN") == {PLACES[inner]}
    assert document.text.count("TOKEN") == 1


def test_scripts_and_styles_are_dropped(read_bytes):
    document = read_bytes(PAGE.format("<script>secret()</script><style>.a{color:red}</style><p>文</p>").encode(), "a.html")
    assert document.text == "文\n题\na.html"


def test_a_hidden_word_does_not_break_the_line(read_bytes):
    document = read_bytes(PAGE.format("<p>138<span style='display:none'>x</span>00138000</p>").encode(), "a.html")
    assert document.text.startswith("13800138000\nx\n")


def test_paragraphs_and_line_breaks_are_lines(read_bytes):
    document = read_bytes(PAGE.format("<h1>标\n 题</h1><p>甲<br>乙</p>丙<div>丁<p>戊</p>己</div>").encode(), "a.html")
    assert document.text.split("\n")[:7] == ["标 题", "甲", "乙", "丙", "丁", "戊", "己"]


def test_data_tables_have_cells_and_layout_tables_do_not(read_bytes):
    data = "<table><tr><th colspan=2>a<th>b</tr><tr><td>c<td><td>d</tr></table>"
    document = read_bytes(PAGE.format(data).encode(), "a.html")
    assert document.text.startswith("a\tb\nc\t\td\n")
    assert [(b.cell.row, b.cell.column) for b in document.blocks if b.cell] == [(0, 0), (0, 2), (1, 0), (1, 2)]
    laid_out = read_bytes(PAGE.format(f"<table><tr><td><p>正文</p></td><td>{data}</td></tr></table>").encode(), "a.html")
    assert [b.cell is None for b in laid_out.blocks][:2] == [True, False]


@pytest.mark.parametrize(
    ("declared", "codec"), [("gb2312", "gb18030"), ("utf-8", "utf-8"), ("big5", "big5"), ("shift_jis", "shift_jis")]
)
def test_the_declared_encoding_is_used(declared, codec, read_bytes):
    page = f"<html><head><meta charset={declared}></head><body><p>中文的文件</p></body></html>"
    document = read_bytes(page.encode(codec), "a.html")
    assert "中文的文件" in document.text
    assert document.problems == ()


def test_utf8_wins_over_a_wrong_declaration(read_bytes):
    assert "通知" in read_bytes("<html><meta charset=iso-8859-1><p>通知</p></html>".encode(), "a.html").text


@pytest.mark.parametrize(
    ("inner", "code"),
    [("<iframe src=x></iframe>", "embedded"), ("<img src='data:image/png;base64," + "A" * 20_000 + "'>", "image")],
)
def test_what_is_not_read_is_reported(inner, code, read_bytes, codes):
    assert codes(read_bytes(PAGE.format("<p>文</p>" + inner).encode(), "a.html")) == {code}


def test_deep_nesting_is_reported_not_fatal(read_bytes, codes):
    document = read_bytes(PAGE.format("<div>" * 600 + "底" + "</div>" * 600 + "<p>后</p>").encode(), "a.html")
    assert "part_unread" in codes(document) or "底" in document.text
