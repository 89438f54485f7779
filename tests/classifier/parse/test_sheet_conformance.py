"""What spreadsheets must keep for any bytes: no exception, spans in order, the same text, never a silent gap."""

from __future__ import annotations

import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.core.problems import PROBLEMS
from classifier.core.settings import Limits
from classifier.parse import read
from classifier.parse.olebox_writer import pack
from classifier.parse.sheet_numbers import show
from tests.classifier.parse.test_biff_places import box, named, quoted, rec, shared, workbook, xls
from tests.classifier.parse.test_sheet_binary import row as binary_row
from tests.classifier.parse.test_sheet_binary import shared as binary_shared
from tests.classifier.parse.test_sheet_binary import xlsb
from tests.classifier.parse.test_sheet_places import PLACES, book, row, text

WORDS = "关于做好信访工作的通知，联系电话13800138000。"
MANY = "".join(row(text(f"A{n}", WORDS) + f'<c r="B{n}"><v>{n * 7919}.5</v></c>', n) for n in range(1, 60))
SAMPLES = {
    "xlsx": book(MANY),
    "xls": xls(shared() + box(WORDS, 6), strings=(WORDS,)),
    "xlsb": xlsb(binary_row() + binary_shared(), strings=(WORDS,)),
}
EVERYTHING = settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def check(document) -> None:
    end = 0
    for block in document.blocks:
        assert end <= block.span.start < block.span.end <= len(document.text)
        end = block.span.end
    assert all(problem.code in PROBLEMS for problem in document.problems)
    assert "\r" not in document.text and "\0" not in document.text
    document.text.encode("utf-8")


def edits(size: int):
    return st.lists(st.tuples(st.integers(0, size), st.integers(0, 60), st.binary(max_size=40)), min_size=1, max_size=4)


def change(data: bytes, changes) -> bytes:
    for place, cut, put in changes:
        data = data[:place] + put + data[place + cut :]
    return data


@pytest.mark.parametrize("form", SAMPLES)
def test_a_sound_file_is_read_in_full(form, read_bytes):
    """Words, format, no Problem; twice the same Document."""
    document = read_bytes(SAMPLES[form], f"名册.{form}")
    check(document)
    assert document.format == form
    assert document.problems == ()
    assert WORDS in document.text
    assert document == read_bytes(SAMPLES[form], f"名册.{form}")
    assert {tally.kind: (tally.found, tally.read) for tally in document.receipt.tallies}["sheets"] == (2, 2)


@pytest.mark.parametrize("form", SAMPLES)
def test_a_wrong_extension_is_read_by_content_and_reported(form, read_bytes, codes):
    """A spreadsheet called pdf is a spreadsheet."""
    document = read_bytes(SAMPLES[form], "a.pdf")
    assert document.format == form
    assert codes(document) == {"mismatch"}
    assert WORDS in document.text


@pytest.mark.parametrize("form", SAMPLES)
@pytest.mark.parametrize("tenths", range(1, 10))
def test_a_cut_file_never_passes_as_whole(form, tenths, read_bytes):
    """A cut spreadsheet always has a Problem."""
    whole = SAMPLES[form]
    document = read_bytes(whole[: len(whole) * tenths // 10], f"a.{form}")
    check(document)
    assert document.problems


@pytest.mark.parametrize("form", SAMPLES)
def test_flipped_bits_and_changed_copies_never_raise(form, tmp_path_factory):
    """Bits flipped all over, and stretches cut, overwritten and repeated."""
    whole = SAMPLES[form]
    path = tmp_path_factory.mktemp("changed") / f"a.{form}"
    for step in range(24):
        data = bytearray(whole)
        data[len(data) * step // 24] ^= 1 << (step % 8)
        path.write_bytes(data)
        check(read(path, Limits()))

    @EVERYTHING
    @given(edits(len(whole)))
    def go(changes):
        path.write_bytes(change(whole, changes))
        check(read(path, Limits()))

    go()


def test_changed_xml_in_a_sound_package_never_raises(tmp_path_factory):
    """The zip holds; what is inside a sheet has been tampered with."""
    inner = row(text("A1") + '<c r="B1" t="s"><f>A1</f><v>0</v></c><c r="C1" s="5"><v>45000</v></c>', 1, 'hidden="1"')
    path = tmp_path_factory.mktemp("xml") / "a.xlsx"
    pieces = st.sampled_from(
        ["<row>", "</row>", "<c>", "<v>", "</c>", "<!--", "&amp;", "r='A99999999'", "s='-1'", "<is>", "<f>", "9e999", "x", ""]
    )

    @EVERYTHING
    @given(st.lists(st.tuples(st.integers(0, len(inner)), st.integers(0, 20), pieces), min_size=1, max_size=5))
    def go(changes):
        data = inner
        for place, cut, put in changes:
            data = data[:place] + put + data[place + cut :]
        tail = '<mergeCells><mergeCell ref="A1:ZZZ9999999"/><mergeCell ref="B9:A1"/></mergeCells>'
        path.write_bytes(book(data, tail=tail))
        check(read(path, Limits()))

    go()


def test_changed_records_in_a_sound_container_never_raise(tmp_path_factory):
    """The OLE container holds; the records inside have been tampered with."""
    note = rec(0x1C, struct.pack("<HHHH", 1, 1, 0, 7) + b"\1\0\1\x32\x75")
    whole = workbook(shared() + box("甲", 0x19) + note, named("名", quoted("丙")))
    path = tmp_path_factory.mktemp("records") / "a.xls"

    @EVERYTHING
    @given(edits(len(whole)))
    def go(changes):
        path.write_bytes(pack({"Workbook": change(whole, changes)}))
        check(read(path, Limits()))

    go()


@given(st.text(max_size=20), st.one_of(st.floats().map(repr), st.integers().map(str), st.text(max_size=8)))
@EVERYTHING
def test_any_number_format_shows_something_or_nothing(code, stored):
    """No format code and no stored value raises."""
    shown = show(stored, code)
    assert shown is None or isinstance(shown, str)


@pytest.mark.parametrize(
    ("stored", "code", "shown"),
    [
        ("45000", "yyyy/m/d", "2023/3/15"),
        ("45000.5", 'yyyy"年"m"月"d"日"', "2023年3月15日"),
        ("44927", "[$-804]yyyy年m月d日;@", "2023年1月1日"),
        ("0.125", "0.00%", "12.50%"),
        ("110101199001011234", "General", "110101199001011234"),
        ("1.10101199001011E+17", "General", "110101199001011000"),
        ("110101199001011234", "0", "110101199001011234"),
        ("1.38001380E10", "General", "13800138000"),
        ("1234.5", "#,##0.00", "1,234.50"),
        ("7", "000000", "000007"),
        ("0.1", "General", "0.1"),
        ("5", '"机密"0"号"', "机密5号"),
        ("3", ";;;", None),
        ("0", "0;-0;;@", "0"),
        ("0.75", "h:mm AM/PM", "6:00 PM"),
        ("1.5", "0.00E+00", "1.5"),
    ],
)
def test_numbers_stand_as_the_sheet_shows_them(stored, code, shown):
    """Dates, percents and codes as shown; identity numbers keep every digit; `;;;` shows nothing."""
    assert show(stored, code) == shown


def test_a_bomb_stops_within_the_limits(read_bytes, codes):
    """A sheet that unpacks a thousandfold is not unpacked."""
    data = book(parts={"xl/worksheets/sheet2.xml": b"<worksheet>" + b" " * 30_000_000})
    assert "bomb" in codes(read_bytes(data, "a.xlsx"))


def test_the_limit_of_characters_cuts_and_says_so(read_bytes, codes):
    """Text beyond the limit is a Problem."""
    assert "too_long" in codes(read_bytes(SAMPLES["xlsx"], "a.xlsx", Limits(chars=10)))


def test_every_place_of_the_probe_survives_any_cut(tmp_path_factory):
    """Each probe file, cut in the middle, is a Problem and no exception."""
    path = tmp_path_factory.mktemp("cut") / "a.xlsx"
    for data, _, _ in PLACES.values():
        path.write_bytes(data[: len(data) // 2])
        document = read(path, Limits())
        check(document)
        assert document.problems
