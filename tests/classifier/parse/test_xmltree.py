"""Trees of XML parts: a comment cuts no text in two."""

from __future__ import annotations

import pytest
from lxml import etree

from classifier.core.settings import Limits
from classifier.parse.draft import Draft
from classifier.parse.xmltree import read_sound, read_tree


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("<t>机<!--x-->密</t>", "机密"),
        ("<t><!--x-->机<!--y--><!--z-->密<!--q--></t>", "机密"),
        ("<t>机<!--x-->密<b/>外<!--y-->面</t>", "机密"),
        ("<t>机<?go on?>密</t>", "机密"),
        ("<t>机<![CDATA[密]]>级</t>", "机密级"),
    ],
)
def test_a_text_goes_on_behind_a_comment(part, text):
    for root in (read_sound(part.encode()), read_tree(part.encode(), "part", Draft("", Limits()))):
        assert root is not None
        assert root.text == text


def test_all_texts_keep_their_order():
    root = read_sound(b"<t>1<a/>2<!--x-->3<b>4<!--y-->5</b>6<!--z-->7</t>")
    assert root is not None
    assert "".join(root.itertext("*")) == "1234567"
    assert [child.tail for child in root if not isinstance(child, etree._Comment)] == ["23", "67"]


@pytest.mark.parametrize("part", ["<t>", '<!DOCTYPE t [<!ENTITY e "f">]><t/>', ""])
def test_a_part_with_a_fault_is_not_sound(part):
    assert read_sound(part.encode()) is None
