"""Text files: encodings, lines, cells, and the one cleaning."""

from __future__ import annotations

import codecs

import pytest

from classifier.parse.cleaning import clean

WORDS = "关于做好信访工作的通知"
BIG5 = "關於進一步加強機關檔案管理與資訊公開工作的通知，請各單位認真貫徹執行並報告辦理情況。"


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-32"])
def test_certain_encodings_are_read_without_a_problem(name, read_bytes):
    document = read_bytes(WORDS.encode(name), "a.txt")
    assert document.text == f"{WORDS}\na.txt"
    assert document.problems == ()


def test_big_endian_with_its_mark_is_read(read_bytes):
    assert read_bytes(codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"), "a.txt").text.startswith(WORDS)


@pytest.mark.parametrize("length", [2, 4, 6, 11])
def test_short_gbk_is_read(length, read_bytes):
    """Statistics fail on short texts; the strict rule does not."""
    document = read_bytes(WORDS[:length].encode("gbk"), "a.txt")
    assert document.text.startswith(WORDS[:length])
    assert document.problems == ()


def test_big5_is_read_but_not_certain(read_bytes, codes):
    document = read_bytes(BIG5.encode("big5"), "a.txt")
    assert BIG5 in document.text
    assert codes(document) == {"encoding"}


@pytest.mark.parametrize(
    "data",
    [
        ("2025 letters in " + "ABC" * 9).encode("utf-16-le"),
        "機密".encode("iso2022_jp_2"),
        "汉字".encode("hz"),
        b"caf\xe9 au lait",
    ],
)
def test_uncertain_encodings_are_reported(data, read_bytes, codes):
    assert "encoding" in codes(read_bytes(data, "a.txt"))


@pytest.mark.parametrize("name", ["utf-8", "gb18030"])
def test_a_character_cut_in_half_loses_only_itself(name, read_bytes, codes):
    document = read_bytes(WORDS.encode(name)[:-1], "a.txt")
    assert document.text.startswith(WORDS[:-1])
    assert codes(document) == {"encoding"}


def test_lines_keep_their_blanks_and_lose_their_carriage_returns(read_bytes):
    document = read_bytes("甲\r\n\r\n　　乙\r丙".encode(), "a.txt")
    assert document.text == "甲\n\n　　乙\n丙\na.txt"
    assert [document.text[b.span.start : b.span.end] for b in document.blocks] == ["甲", "　　乙", "丙", "a.txt"]


def test_cells_carry_their_address(read_bytes):
    document = read_bytes('姓名,电话,\n张三,,"1\n2"\n'.encode(), "a.csv")
    assert document.text == "姓名\t电话\n张三\t\t1\n2\na.csv"
    assert [(b.cell.row, b.cell.column) for b in document.blocks if b.cell] == [(0, 0), (0, 1), (1, 0), (1, 2)]


def test_the_separator_is_seen_in_the_first_line(read_bytes):
    document = read_bytes(b"a;b;c\n1;2,5;3\n", "a.csv")
    assert [document.text[b.span.start : b.span.end] for b in document.blocks if b.cell] == ["a", "b", "c", "1", "2,5", "3"]


def test_a_mail_saved_as_text_is_read_as_a_mail(read_bytes, codes):
    document = read_bytes(b"Subject: x\nContent-Transfer-Encoding: base64\n\n5py65a+G\n", "a.txt")
    assert "机密" in document.text
    assert "mismatch" in codes(document)


def test_invisible_characters_go_and_visible_ones_stay():
    """Zero-width signs inside a number would hide it; full-width forms are left for folding."""
    assert clean("138\u200b0013\u00ad80\u206000\ufeff") == "1380013" + "80" + "00"
    assert clean("\u202e机\x00密\x07★") == "机密★"
    assert clean("１３８　甲\u00a0乙\U00020000") == "１３８　甲\u00a0乙\U00020000"
    assert clean("a\r\nb\rc\x0bd\x0ce\u2028f\x85g") == "a\nb\nc\nd\ne\nf\ng"
    assert clean("\ud800") == "\ufffd"
