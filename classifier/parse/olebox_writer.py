"""Writes a small OLE container in memory, so that an embedded storage can go through the door as a file of its own.

In: streams by path. Out: the bytes of a compound file, version 3. Source: [MS-CFB] 2.1 to 2.6.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

_SECTOR = 512
_MINI = 64
_CUTOFF = 4096
_END = 0xFFFFFFFE
_FREE = 0xFFFFFFFF
_FAT = 0xFFFFFFFD
_NONE = 0xFFFFFFFF
_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(slots=True)
class _Entry:
    """One line of the directory while it is being made."""

    name: str
    kind: int
    data: bytes = b""
    children: dict[str, _Entry] = field(default_factory=dict)
    left: int = _NONE
    right: int = _NONE
    child: int = _NONE
    start: int = _END


def pack(streams: dict[str, bytes]) -> bytes:
    """A compound file with these streams; `/` in a path makes storages.

    Raises:
        ValueError: for more than about 14 MB, which would need a second table of tables.
    """
    root = _tree(streams)
    entries = _number(root)
    return _lay_out(entries)


def _tree(streams: dict[str, bytes]) -> _Entry:
    root = _Entry("Root Entry", 5)
    for path, data in streams.items():
        *folders, name = path.split("/")
        at = root
        for folder in folders:
            at = at.children.setdefault(folder, _Entry(folder, 1))
        at.children[name] = _Entry(name, 2, data)
    return root


def _number(root: _Entry) -> list[_Entry]:
    """All entries in a list, tied by their numbers; brothers form a balanced tree, ordered by length and capital letters."""
    entries = [root]

    def tie(brothers: list[_Entry]) -> int:
        if not brothers:
            return _NONE
        middle = len(brothers) // 2
        entry = brothers[middle]
        number = len(entries)
        entries.append(entry)
        entry.left, entry.right = tie(brothers[:middle]), tie(brothers[middle + 1 :])
        return number

    at = 0
    while at < len(entries):
        entry = entries[at]
        entry.child = tie(sorted(entry.children.values(), key=lambda e: (len(e.name), e.name.upper())))
        at += 1
    return entries


def _lay_out(entries: list[_Entry]) -> bytes:
    sectors: list[bytes] = []
    table: list[int] = []

    def store(data: bytes) -> int:
        """Puts data into the next free sectors, chained."""
        if not data:
            return _END
        start, count = len(sectors), -(-len(data) // _SECTOR)
        sectors.extend(data[n * _SECTOR : (n + 1) * _SECTOR].ljust(_SECTOR, b"\0") for n in range(count))
        table.extend([*range(start + 1, start + count), _END])
        return start

    small, small_table = b"", list[int]()
    for entry in entries[1:]:
        if len(entry.data) >= _CUTOFF:
            entry.start = store(entry.data)
        elif entry.data:
            entry.start, count = len(small_table), -(-len(entry.data) // _MINI)
            small += entry.data.ljust(count * _MINI, b"\0")
            small_table += [*range(entry.start + 1, entry.start + count), _END]
    entries[0].start, entries[0].data = store(small), small
    small_start = store(struct.pack(f"<{len(small_table)}I", *small_table))
    small_count = -(-len(small_table) * 4 // _SECTOR)
    directory_start = store(b"".join(map(_line, entries)))
    fats = next(n for n in range(1, 200) if n * (_SECTOR // 4) >= len(sectors) + n or n > 109)
    if fats > 109:
        raise ValueError("too large to pack")
    first = len(sectors)
    table += [_FAT] * fats
    table += [_FREE] * (fats * (_SECTOR // 4) - len(table))
    sectors.append(struct.pack(f"<{len(table)}I", *table))
    head = _MAGIC + bytes(16) + struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fats, directory_start, 0, _CUTOFF,
                                            small_start, small_count, _END, 0, first)  # fmt: skip
    head += struct.pack("<108I", *[first + n if n < fats else _FREE for n in range(1, 109)])
    return head + b"".join(sectors)


def _line(entry: _Entry) -> bytes:
    name = entry.name[:31].encode("utf-16-le", "surrogatepass") + b"\0\0"
    size = len(entry.data)
    numbers = (entry.left, entry.right, entry.child)
    start = entry.start if entry.kind != 1 else 0
    return name.ljust(64, b"\0") + struct.pack("<HBB3I16xI16xIQ", len(name), entry.kind, 1, *numbers, 0, start, size)
