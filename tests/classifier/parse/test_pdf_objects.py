"""Objects as they lie in the bytes of a PDF."""

from __future__ import annotations

from classifier.parse.pdf_objects import Objects

INFO = b"1 0 obj\n<</Title(ours)>>\nendobj\n"


def test_the_trailer_of_a_file_inside_is_not_ours():
    """An attached PDF lies uncompressed in a stream; its properties are not those of the outer file."""
    inner = b"%PDF-1.4\n7 0 obj\n<</Title(theirs)>>\nendobj\ntrailer<</Info 7 0 R>>\nstartxref\n9\n%%EOF\n"
    outer = b"2 0 obj\n<</Type/XRef/Info 1 0 R/Length 0>>stream\n\nendstream\nendobj\n"
    attached = b"3 0 obj\n<</Type/EmbeddedFile/Length %d>>stream\n%b\nendstream\nendobj\n" % (len(inner), inner)
    assert Objects(b"%PDF-1.7\n" + INFO + outer + attached).info.strip() == b"<</Title(ours)>>"


def test_the_last_trailer_counts():
    later = b"4 0 obj\n<</Title(new)>>\nendobj\ntrailer<</Info 4 0 R>>\nstartxref\n9\n%%EOF\n"
    assert b"new" in Objects(INFO + b"trailer<</Info 1 0 R>>\nstartxref\n9\n%%EOF\n" + later).info


def test_an_object_whose_end_is_missing_ends_where_the_next_begins():
    objects = Objects(b"1 0 obj\n<</A 1>>\n2 0 obj\n<</B 2>>\nendobj\n3 0 obj\n<</C 3>>\ntrailer<</Root 1 0 R>>\n")
    assert objects.body(1).strip() == b"<</A 1>>"
    assert objects.body(2).strip() == b"<</B 2>>"
    assert b"/A" in objects.root


def test_objects_are_found_by_what_they_mention():
    objects = Objects(INFO + b"2 0 obj\n<</S/JavaScript/JS(x)>>\nendobj\n")
    assert [number for number, _ in objects.bodies(b"/JS")] == [2]
    assert objects.bodies(b"/Metadata") == []
