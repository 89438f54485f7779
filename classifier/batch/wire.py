"""The line between parent and child: a length, then that many bytes.

Items go down as pickle: the parent is trusted. Answers come up as JSON, because unpickling what a taken-over child sent would
run its code in the parent. The parent reads without waiting, counts before it stores, and knows how an answer may look.
"""

from __future__ import annotations

import json
import os
import struct
from typing import Any, NoReturn

_LENGTH = struct.Struct("!Q")
_PIECE = 1 << 20
_NESTS = 4_000_000
"""Objects and lists one answer may hold: three bytes of JSON become a hundred of memory."""

ITEM_BYTES = 64 * 1024
"""An item is a name, not a content: it must fit into the line while the child is busy elsewhere."""


class Garbage(Exception):
    """The child sent what no honest child sends."""


def send(channel: int, payload: bytes) -> None:
    """The child's side: write a whole message, waiting for the reader. Raises OSError when the line is cut."""
    view = memoryview(_LENGTH.pack(len(payload)) + payload)
    while view:
        view = view[os.write(channel, view) :]


def receive(channel: int) -> bytes:
    """The child's side: wait for a whole message. Raises EOFError when the line is cut."""
    [length] = _LENGTH.unpack(_exactly(channel, _LENGTH.size))
    return _exactly(channel, length)


def _exactly(channel: int, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        piece = os.read(channel, min(count - len(data), _PIECE))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)


def post(channel: int, payload: bytes) -> bool:
    """The parent's side: write a whole message without waiting. False: the child is gone, or does not read its line."""
    message = _LENGTH.pack(len(payload)) + payload
    try:
        return os.write(channel, message) == len(message)
    except OSError:
        return False


class Inbox:
    """The parent's side: collects one message of at most `cap` bytes, as it comes."""

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self._data = bytearray()

    def collect(self, channel: int) -> bytes | None:
        """A whole message, or None while there is more to come.

        Raises:
            EOFError: the child is gone.
            Garbage: longer than `cap`.
        """
        while (missing := self._missing()) > 0:
            try:
                # never past the end: what an honest child says next belongs to the next look
                piece = os.read(channel, min(missing, _PIECE))
            except BlockingIOError:
                return None
            except OSError as error:  # reset by a dead peer
                raise EOFError from error
            if not piece:
                raise EOFError
            self._data += piece
        message = bytes(self._data[_LENGTH.size :])
        self._data.clear()
        return message

    def _missing(self) -> int:
        """How many bytes are still to come, as far as that is known."""
        if len(self._data) < _LENGTH.size:
            return _LENGTH.size - len(self._data)
        length = int(_LENGTH.unpack_from(self._data)[0])
        if length > self.cap:
            raise Garbage
        return _LENGTH.size + length - len(self._data)

    def silent(self, channel: int) -> bool:
        """Whether an idle child kept quiet and is alive: nothing waits on the line."""
        try:
            os.read(channel, 1)
        except BlockingIOError:
            return not self._data
        except OSError:
            return False
        return False


def encode(answer: dict[str, Any]) -> bytes:
    """The bytes of an answer. Raises ValueError, TypeError or RecursionError for what is not JSON."""
    # odd file names hold lone surrogates, and pass
    return json.dumps(answer, ensure_ascii=False, allow_nan=False, check_circular=True).encode("utf-8", "surrogatepass")


def decode(message: bytes) -> dict[str, Any]:
    """The answer in a message.

    Raises:
        Garbage: not JSON, nested too deep, too many parts, or no object at the top.
    """
    if message.count(b"{") + message.count(b"[") > _NESTS:
        raise Garbage
    try:
        answer = json.loads(message.decode("utf-8", "surrogatepass"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError, MemoryError) as error:
        raise Garbage from error
    if not isinstance(answer, dict):
        raise Garbage
    return answer


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
