"""What Word writes by itself, and nobody hides anything in: page-number fields, default names of shapes, symbol fonts.

In: a field code, a shape name, a `w:sym`. Out: whether it is boilerplate, or the character a reader sees.
"""

from __future__ import annotations

import re

_FIELD = (
    r"PAGE|NUMPAGES|SECTION|SECTIONPAGES|PAGEREF|TOC|REF|NOTEREF|SEQ|DATE|TIME|CREATEDATE|SAVEDATE|PRINTDATE"
    r"|STYLEREF|FORMTEXT|FORMCHECKBOX"
    r"|FORMDROPDOWN|HYPERLINK|ADDIN|BIBLIOGRAPHY|CITATION|INDEX|LISTNUM|AUTONUM|MERGEFORMAT|SYMBOL|EQ|FILENAME|NUMWORDS|NUMCHARS"
)
_ARGUMENT = (
    r"""\\[A-Za-z*@#!]|"[-yMdhHmsap年月日时分秒:：/., 0-9]{0,24}"|"?_(?:Toc|Ref|Hlk|Hlt|MON|Toc_)[0-9]{1,12}"?|MERGEFORMAT|CHARFORMAT"""
    r"|Arabic|ArabicDash|CHINESENUM[123]|roman|ROMAN|alphabetic|ALPHABETIC|[1-9]|表|图|图表|Table|Figure|Equation"
)
_PLAIN_CODE = re.compile(rf"\s*(?:{_FIELD})(?:\s+(?:{_ARGUMENT}))*\s*", re.I)
_DEFAULT_NAME = re.compile(r"[^\d@]{0,20}?\s?\d{1,9}|")
_DEFAULT_BOOKMARK = re.compile(r"_.*|OLE_LINK\d+|bookmark\d+|", re.I)
_SYMBOLS = {
    "wingdings": {
        0xAB: "★", 0xAA: "✦", 0xB6: "☆", 0xA8: "◻", 0x6F: "□", 0x6E: "■", 0x6C: "●",
        0xFC: "✓", 0xFB: "✗", 0xFE: "☑", 0xFD: "☒", 0x2A: "✉", 0x28: "☎",
    },
    "wingdings 2": {0x52: "☑", 0x54: "☒", 0xA3: "□", 0x50: "✓", 0x4F: "✗"},
}  # fmt: skip
"""Symbol fonts put pictures on letters. The star counts most: 机密★1年 is often typed with Wingdings."""


def is_plain_code(code: str) -> bool:
    """Whether a field code only does what every paper does (page numbers, contents, dates)."""
    return not code.strip() or bool(_PLAIN_CODE.fullmatch(code))


def is_default_name(name: str) -> bool:
    """Whether a shape name is of the kind the program gives: a word and a number."""
    return bool(_DEFAULT_NAME.fullmatch(name))


def is_default_bookmark(name: str) -> bool:
    """Whether a bookmark was made by the program."""
    return bool(_DEFAULT_BOOKMARK.fullmatch(name))


def symbol(font: str, code: str) -> str:
    """The character of a `w:sym`; unknown fonts give the private-use character as it stands."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    plain = number - 0xF000 if 0xF000 <= number <= 0xF0FF else number
    return _SYMBOLS.get(font.lower(), {}).get(plain) or (chr(number) if 0 < number <= 0x10FFFF else "")
