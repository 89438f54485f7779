"""What drawing commands hint at, however they are spaced."""

from __future__ import annotations

import pytest

from classifier.parse.pdf_content import Contents
from classifier.parse.pdf_objects import Objects

PLAIN = b"BT /F1 12 Tf 1 0 0 1 72 700 Tm 0 g (An even trade of scripts, 3 Troy ounces) Tj ET"


def signs_of(content: bytes):
    objects = Objects(
        b"%%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Kids[3 0 R]/Count 1>>\nendobj\n"
        b"3 0 obj\n<</Contents 4 0 R>>\nendobj\n4 0 obj\n<</Length %d>>stream\n%b\nendstream\nendobj\n"
        b"trailer<</Root 1 0 R>>\n" % (len(content), content)
    )
    return Contents(objects, 1).of(0)


def test_a_page_of_plain_text_hints_at_nothing():
    assert not signs_of(PLAIN).any
    assert not signs_of(PLAIN).pictures


@pytest.mark.parametrize("space", [b" ", b"\n", b"\r\n", b"\t", b"\f", b"\0", b"  \t "])
@pytest.mark.parametrize(
    ("command", "sign"),
    [
        (b"/Im0 Do", "pictures"),
        (b"3 Tr", "modes"),
        (b"3 Tr(x)Tj", "modes"),
        (b"1 g", "colours"),
        (b"1 g/F1 12 Tf", "colours"),
        (b"1 1 1 rg", "colours"),
        (b"0 0 0 0 k", "colours"),
        (b"1 1 1 scn", "colours"),
        (b"/F1 .5 Tf", "tiny"),
        (b"0.1 0 0 0.1 0 0 cm", "tiny"),
        (b"60 590 400 30 re f", "covers"),
        (b"60 590 m 460 590 l 460 630 l h f", "covers"),
    ],
)
def test_any_white_space_may_stand_between(command, sign, space):
    assert getattr(signs_of(PLAIN + space + command.replace(b" ", space) + space + b"ET"), sign)


def test_a_long_number_is_read_to_its_beginning():
    assert not signs_of(b"BT /F1 12.000000000000000001 Tf (x) Tj ET").tiny
    assert signs_of(b"BT /F1 0.00000000000000000012 Tf (x) Tj ET").tiny
