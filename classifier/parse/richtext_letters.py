"""The characters of an RTF file: bytes through the code page of their font, and `\\uN` units.

In: bytes or UTF-16 units, the font, the tables. Out: text. Symbol fonts put pictures on letters: there the star of 机密★ is a byte.
"""

from __future__ import annotations

from classifier.parse.draft import Draft
from classifier.parse.richtext_state import Tables
from classifier.parse.word_codes import symbol


def decode(data: bytes, font: int, tables: Tables, draft: Draft) -> str:
    """Bytes as the font's code page reads them, else the file's, else GB18030; bytes nobody can read are a Problem."""
    codec = tables.codec_of(font)
    if codec == "symbol":
        return "".join(_symbol(0xF000 + byte, font, tables) for byte in data)
    for name in (codec, tables.codec, "gb18030"):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    draft.problem("garbled")
    return data.decode(codec, "replace")


def join_units(units: list[int], font: int, tables: Tables) -> str:
    """`\\uN` numbers as text; two halves of one character are joined."""
    text = b"".join(unit.to_bytes(2, "little") for unit in units).decode("utf-16-le", "replace")
    return "".join(_symbol(ord(char), font, tables) if "\uf000" <= char <= "\uf0ff" else char for char in text)


def _symbol(code: int, font: int, tables: Tables) -> str:
    return symbol(tables.names.get(font, "").strip(), f"{code:X}")
