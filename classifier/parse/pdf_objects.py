"""The objects of a PDF as they lie in its bytes: what PDFium has no question for (metadata streams, layers, scripts, contents).

In: untrusted bytes. Out: dictionaries and decoded streams by object number. No second PDF reader: only a scan for `n g obj`, the
later copy of a number wins, as in an incremental update. What the scan misses, PDFium's own answers still give.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from classifier.parse.pdf_filters import UNKNOWN, Decoded, unpack

_OBJECT = re.compile(rb"(?<![0-9])(\d{1,10})[ \t\r\n]+\d{1,5}[ \t\r\n]+obj(?![a-z])")
_END = re.compile(rb"endobj|stream\r?\n|[\r\n ]\d{1,10} \d{1,5} obj\b")
_LENGTH = re.compile(rb"/Length\s+(\d{1,10})(?!\s+\d{1,5}\s+R)")
_REFERENCE = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+R(?![A-Za-z])")
_TRAILER = re.compile(rb"trailer\s*<<.{0,4000}?(?=startxref|$)", re.S)
_ROOT = re.compile(rb"/Root\s*(\d{1,10})\s+\d{1,5}\s+R")
_INFO = re.compile(rb"/Info\s*(\d{1,10})\s+\d{1,5}\s+R")
_FIRST = re.compile(rb"/First\s+(\d{1,10})")
_COUNT = re.compile(rb"/N\s+(\d{1,10})")
_FILTER = re.compile(rb"/(\w+Decode|Fl|AHx|A85|LZW|RL|Crypt)(?![A-Za-z])")
_BODY = 8_192
"""Bytes within which the end of an object is looked for in the quick way."""
_LARGEST_TOTAL = 64 << 20
_OBJECTS = 300_000
_TREE_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Stored:
    """One object: its dictionary (or other value) as written, and where its stream lies."""

    body: bytes
    stream: tuple[int, int] | None = None


class Objects:
    """All objects of one file. State that outlives a call: streams decoded so far, and the bytes they took."""

    def __init__(self, untrusted: bytes) -> None:
        self._untrusted = untrusted
        self._taken = 0
        self._decoded: dict[int, Decoded] = {}
        self._trailers = b""
        self._bodies: bytes | None = None
        self.by_number: dict[int, Stored] = {}
        self.is_complete = True
        """False when the scan gave up (too many objects)."""
        self._scan()
        root, info = _ROOT.findall(self._trailers), _INFO.findall(self._trailers)
        self.root = self.body(int(root[-1])) if root else b""
        """The catalogue."""
        self.info = self.body(int(info[-1])) if info else b""
        """The document information dictionary."""

    def body(self, number: int) -> bytes:
        """The dictionary of an object; b"" for a number that is not there."""
        stored = self.by_number.get(number)
        return stored.body if stored else b""

    def bodies(self, mark: bytes) -> list[tuple[int, bytes]]:
        """The objects whose dictionary mentions `mark`."""
        if self._bodies is None:
            self._bodies = b"\n".join([stored.body for stored in self.by_number.values()])
        if mark not in self._bodies:
            return []
        return [(number, stored.body) for number, stored in self.by_number.items() if mark in stored.body]

    def decode(self, number: int) -> Decoded | None:
        """The stream of an object, None when it has none."""
        if number in self._decoded:
            return self._decoded[number]
        stored = self.by_number.get(number)
        if stored is None or stored.stream is None:
            return None
        decoded = self._decoded[number] = self._unpack(stored)
        return decoded

    def reference(self, body: bytes, key: bytes) -> int | None:
        """The object number a key points at, or None."""
        found = re.search(rb"/" + key + rb"\s*(\d{1,10})\s+\d{1,5}\s+R", body)
        return int(found[1]) if found else None

    def references(self, body: bytes, key: bytes) -> list[int]:
        """The objects of a key that holds one reference, an array of them, or a reference to an array."""
        found = re.search(rb"/" + key + rb"\s*(?:\[([^\]]*)\]|(\d{1,10})\s+\d{1,5}\s+R)", body)
        if not found:
            return []
        if found[1] is not None:
            return _numbers(found[1])
        target = int(found[2])
        inner = self.body(target).strip()
        return _numbers(inner) if inner.startswith(b"[") else [target]

    def value(self, body: bytes, key: bytes) -> bytes:
        """What follows a key: the object it points at, or the rest of the dictionary from there."""
        found = re.search(rb"/" + key + rb"(?![A-Za-z0-9])\s*", body)
        if not found:
            return b""
        pointer = _REFERENCE.match(body, found.end())
        return self.body(int(pointer[1])) if pointer else body[found.end() :]

    def pages(self) -> list[bytes]:
        """The page dictionaries in order, as far as the tree can be followed."""
        top = self.reference(self.root, b"Pages")
        found: list[bytes] = []
        if top is not None:
            self._collect(top, set(), found, 0)
        return found

    def _collect(self, number: int, seen: set[int], found: list[bytes], depth: int) -> None:
        body = self.body(number)
        if number in seen or depth > _TREE_DEPTH or not body:
            return
        seen.add(number)
        if b"/Kids" not in body:
            found.append(body)
            return
        for child in self.references(body, b"Kids"):
            self._collect(child, seen, found, depth + 1)

    def _scan(self) -> None:
        data, place, seen = self._untrusted, 0, 0
        outside: list[bytes] = []
        packed: list[int] = []
        while start := _OBJECT.search(data, place):
            if len(self.by_number) >= _OBJECTS:
                self.is_complete = False
                break
            number = int(start[1])
            stop, first = self._end(start.end())
            body = data[start.end() : stop]
            place = stop
            stream = None
            if first is not None:
                stream = self._stream(body, first)
                place = stream[1]
                outside.append(data[seen:first])
                seen = place
                if b"/ObjStm" in body:
                    packed.append(number)
                elif b"/XRef" in body:
                    self._trailers += body
            self.by_number[number] = Stored(body, stream)
            self._decoded.pop(number, None)
            if packed and packed[-1] == number:
                self._open_packed(number)
        plain = b"".join([*outside, data[seen:]])  # a file inside the file has a trailer of its own
        self._trailers += b"".join(match[0] for match in _TRAILER.finditer(plain)) if b"trailer" in plain else b""

    def _end(self, start: int) -> tuple[int, int | None]:
        """Where the body of an object ends, and where its stream begins if it has one."""
        data = self._untrusted
        stop = data.find(b"endobj", start, start + _BODY)
        if stop >= 0:
            body = data[start:stop]
            if b"stream" not in body and b" obj" not in body:
                return stop, None
        end = _END.search(data, start)
        if end is None:
            return len(data), None
        return end.start(), end.end() if end[0].startswith(b"stream") else None

    def _stream(self, body: bytes, start: int) -> tuple[int, int]:
        """Where a stream ends: by its length when `endstream` stands there, else at the next `endstream`."""
        data = self._untrusted
        length = _LENGTH.search(body)
        if length:
            end = start + int(length[1])
            if data[end : end + 12].lstrip().startswith(b"endstream"):
                return start, end
        end = data.find(b"endstream", start)
        return start, end if end >= 0 else len(data)

    def _open_packed(self, number: int) -> None:
        """The objects inside an object stream."""
        decoded, body = self.decode(number), self.body(number)
        first, count = _FIRST.search(body), _COUNT.search(body)
        if decoded is None or not first or not count:
            return
        offset = int(first[1])
        table = decoded.data[:offset].split()[: 2 * min(int(count[1]), _OBJECTS)]
        pairs = [(int(a), int(b)) for a, b in zip(table[::2], table[1::2], strict=False) if a.isdigit() and b.isdigit()]
        ends = [place for _, place in pairs[1:]] + [len(decoded.data)]
        for (inner, place), end in zip(pairs, ends, strict=False):
            self.by_number[inner] = Stored(decoded.data[offset + place : offset + end])

    def _unpack(self, stored: Stored) -> Decoded:
        data = self._untrusted[slice(*stored.stream)] if stored.stream else b""
        if b"/Filter" not in stored.body and b"/F " not in stored.body:
            return Decoded(data)
        if self._taken > _LARGEST_TOTAL or b"/Predictor" in stored.body:
            return UNKNOWN
        decoded = unpack(data, _FILTER.findall(stored.body))
        self._taken += len(decoded.data)
        return decoded


def _numbers(array: bytes) -> list[int]:
    return [int(number) for number in _REFERENCE.findall(array)]
