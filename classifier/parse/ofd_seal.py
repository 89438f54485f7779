"""What an electronic seal says about itself: names in the DER of SignedValue.dat and Seal.esl, and the picture of the seal.

In: untrusted bytes (ASN.1 DER, GB/T 38540 or GM/T 0031). Out: Chinese names, and pictures. Nothing is verified.
"""

from __future__ import annotations

import re

_STRINGS = {0x0C: "utf-8", 0x1E: "utf-16-be", 0x13: "utf-8", 0x14: "gb18030", 0x16: "utf-8"}
_OCTETS, _BITS = 0x04, 0x03
_NODES = 20_000
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]|@")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"PK\x03\x04")


def read_seal(untrusted: bytes) -> tuple[list[str], list[bytes]]:
    """Names (each once, in order) and pictures of a seal or signature. Bytes that are no DER give nothing."""
    names: dict[str, None] = {}
    pictures: list[bytes] = []
    todo = [(0, len(untrusted))]
    for _ in range(_NODES):
        if not todo:
            break
        start, end = todo.pop()
        node = _node(untrusted, start, end)
        if node is None:
            continue
        tag, inner, after = node
        if after < end:
            todo.append((after, end))
        content = untrusted[inner:after] if not tag & 0x20 else b""
        if tag & 0x20:
            todo.append((inner, after))
        elif tag in _STRINGS:
            words = content.decode(_STRINGS[tag], "replace").strip()
            if _HAN.search(words) and "\ufffd" not in words:
                names[words] = None
        elif tag == _OCTETS and content.startswith(_PICTURES):
            pictures.append(content)
        elif tag in (_OCTETS, _BITS) and _is_nested(content):
            todo.append((inner + (tag == _BITS), after))
    return list(names), pictures


def _node(data: bytes, start: int, end: int) -> tuple[int, int, int] | None:
    """Tag, start and end of the content of the value at `start`."""
    if start + 2 > end:
        return None
    tag, length, inner = data[start], data[start + 1], start + 2
    if length > 0x80:
        size = length & 0x7F
        if size > 4 or inner + size > end:
            return None
        length, inner = int.from_bytes(data[inner : inner + size], "big"), inner + size
    return (tag, inner, inner + length) if inner + length <= end and length != 0x80 else None


def _is_nested(content: bytes) -> bool:
    """Whether a string of octets or bits holds DER itself, as certificates do."""
    body = content[1:] if content[:1] == b"\0" else content
    node = _node(body, 0, len(body)) if body[:1] == b"\x30" else None
    return node is not None and node[2] == len(body)
