"""Files wrapped in OLE objects: the envelope that PowerPoint, LibreOffice and RTF put around a dropped file.

In: untrusted bytes of an OLE container or of its `Ole10Native` stream. Out: the file inside with its name, or None.
Source: MS-OLEDS 2.2.4 and 2.3.6; the layout of `Ole10Native` is not published, every reader takes it from practice.
"""

from __future__ import annotations

import io
import struct

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NATIVE = "\x01Ole10Native"


def unwrap(untrusted: bytes) -> tuple[str, bytes] | None:
    """The file in the envelope of an OLE container (its name, its bytes); None when the container is the object itself.

    Raises:
        OSError, ValueError: for a broken container.
    """
    if not untrusted.startswith(OLE):
        return None
    import olefile  # type: ignore[import-untyped]  # no type information in the wheel

    with olefile.OleFileIO(io.BytesIO(untrusted)) as container:
        for name in (_NATIVE, "Package", "CONTENTS"):
            if container.exists(name):
                stream = container.openstream(name).read()
                if name == _NATIVE:
                    return read_native(stream[4:]) or ("object.bin", stream[4:])
                return "object.bin", stream
    return None


def read_native(untrusted: bytes) -> tuple[str, bytes] | None:
    """The name and bytes in a packager record (label, path, temporary path, data), or None when it is no such record."""
    if untrusted[:2] != b"\x02\x00":
        return None
    label, rest = _string(untrusted, 2)
    _, rest = _string(untrusted, rest)
    rest += 4  # a kind and an unused word
    if rest + 4 > len(untrusted):
        return None
    (length,) = struct.unpack_from("<I", untrusted, rest)
    rest += 4 + length  # the temporary path, with its length before it
    if rest + 4 > len(untrusted):
        return None
    (size,) = struct.unpack_from("<I", untrusted, rest)
    data = untrusted[rest + 4 : rest + 4 + size]
    return (label.replace("\\", "/").rpartition("/")[2] or "object.bin", data) if len(data) == size else None


def _string(untrusted: bytes, start: int) -> tuple[str, int]:
    """A string that ends with a zero byte, and the place behind it."""
    end = untrusted.find(b"\0", start)
    end = len(untrusted) if end < 0 else end
    return untrusted[start:end].decode("gb18030", "replace"), end + 1
