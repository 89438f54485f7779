"""Which runs of a Word paper a reader cannot see: hidden, white on nothing, or tiny; directly or through a style.

In: styles.xml and run properties. Out: True or False per run. Styles inherit (`basedOn`), and a direct setting overrules its
style.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from classifier.parse.xmltree import local

_MARKS = (b"vanish", b"fffff", b"fefefe", b"background1", b'"white"', b"'white'")
"""Words that every look which hides a run has in it, in lower case: `_OFF`, `_is_white` and `_SMALL` say the rest."""
_SMALL = re.compile(rb"""sz\s[^>]{0,200}?val\s*=\s*["'](?:[1-6]["']|[^1-9])""")
_CODED = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?\sencoding\s*=\s*["'](?!utf-8["'])""", re.I)
_MARKUP = re.compile(r"""[\s&<>"']""")
_OFF = {"0", "false", "off", "none"}
_TINY = 6
"""Half points: three points and less cannot be read on paper."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a style or a run says about its visibility; None where it says nothing."""

    vanish: bool | None = None
    white: bool | None = None
    tiny: bool | None = None

    @property
    def hides(self) -> bool:
        """Whether it keeps a text from its reader; a look that only says no can do no more than overrule another."""
        return bool(self.vanish or self.white or self.tiny)

    def over(self, below: Look) -> Look:
        """The look laid over a weaker one."""
        return Look(
            below.vanish if self.vanish is None else self.vanish,
            below.white if self.white is None else self.white,
            below.tiny if self.tiny is None else self.tiny,
        )


PLAIN = Look()
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def could_hide(untrusted: bytes) -> bool:
    """Whether a part mentions anything that hides a run; where it does not, the walk skips looking (half of all papers)."""
    lowered = untrusted.lower()
    return _is_coded(untrusted) or any(mark in lowered for mark in _MARKS) or _SMALL.search(lowered) is not None


def _is_coded(untrusted: bytes) -> bool:
    """Whether a word of the part could stand in its bytes in another form: another encoding, a character by its number."""
    return b"&#" in untrusted or b"\0" in untrusted[:8] or _CODED.match(untrusted) is not None or b"<" not in untrusted[:64]


def value(element: etree._Element, name: str = "val") -> str:
    """An attribute by its local name, whatever the namespace (transitional, strict, none); "" when absent."""
    usual = element.get(_W + name)
    if usual is not None:
        return usual
    for key, content in element.attrib.items():
        if local(key) == name:
            return str(content)
    return ""


def read_look(properties: etree._Element) -> Look:
    """The look a `w:rPr` asks for directly."""
    vanish = white = tiny = None
    for child in properties:
        name = local(child.tag)
        if name == "vanish":
            vanish = value(child).lower() not in _OFF
        elif name == "color":
            white = _is_white(child)
        elif name == "sz":
            size = value(child)
            tiny = size.isdecimal() and int(size[:6]) <= _TINY
    return Look(vanish, white, tiny)


def _is_white(color: etree._Element) -> bool:
    shade = value(color).lower()
    return shade in ("white", "ffffff", "fffffe", "fefefe") or (
        value(color, "themeColor") == "background1" and not value(color, "themeShade")
    )


def is_shaded(properties: etree._Element | None) -> bool:
    """Whether a run, paragraph or cell has a colour behind its text, so that white letters show."""
    if properties is None:
        return False
    for child in properties:
        name = local(child.tag)
        if name == "highlight" and value(child).lower() not in ("", "none", "white"):
            return True
        if name == "shd" and (
            value(child, "fill").lower() not in ("", "auto", "ffffff") or value(child) not in ("", "clear", "nil")
        ):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Styles:
    """The looks of all styles, inheritance resolved; styles that say nothing are left out."""

    looks: dict[str, Look] = field(default_factory=dict)
    default: Look = PLAIN
    paragraph: str = ""
    """The id of the default paragraph style."""
    hiding: tuple[str, ...] = ()
    """The ids of those whose look hides."""

    def may_hide(self, untrusted: bytes) -> bool:
        """Whether a part uses a style that hides text: the default one, or one it names."""
        if self.default.hides or self.paragraph in self.hiding:
            return True
        return any(_may_name(untrusted, name) for name in self.hiding)

    def of(self, *names: str) -> Look:
        """The look of the styles named, strongest first, over the document's default."""
        look = PLAIN
        for name in names:
            look = look.over(self.looks.get(name, PLAIN))
        return look.over(self.default)


def _may_name(untrusted: bytes, name: str) -> bool:
    """Whether a part may carry this value in an attribute; one that XML would write in another form counts as carried."""
    if _MARKUP.search(name) is not None:
        return True
    coded = name.encode("utf-8", "replace")
    return coded in untrusted and (b'"%b"' % coded in untrusted or b"'%b'" % coded in untrusted)


def read_styles(root: etree._Element) -> Styles:
    """The Styles of a styles.xml."""
    own: dict[str, Look] = {}
    based: dict[str, str] = {}
    default, paragraph = PLAIN, ""
    for element in root:
        name = local(element.tag)
        if name == "docDefaults":
            default = next((read_look(e) for e in element.iter() if local(e.tag) == "rPr"), PLAIN)
        elif name == "style":
            identity = value(element, "styleId")
            if value(element, "type") == "paragraph" and value(element, "default") not in ("", *_OFF):
                paragraph = identity
            for child in element:
                if local(child.tag) == "rPr":
                    own[identity] = read_look(child)
                elif local(child.tag) == "basedOn":
                    based[identity] = value(child)
    looks = {identity: _resolve(identity, own, based) for identity in {*own, *based}}
    hiding = tuple(i for i, look in looks.items() if look.hides)
    return Styles({i: look for i, look in looks.items() if look != PLAIN}, default, paragraph, hiding)


def _resolve(identity: str, own: dict[str, Look], based: dict[str, str]) -> Look:
    look, seen = PLAIN, set()
    while identity and identity not in seen:
        seen.add(identity)
        look = look.over(own.get(identity, PLAIN))
        identity = based.get(identity, "")
    return look
