"""Whose spreadsheet is this? The bids of xlsx, xls and xlsb, by content; light, because the door asks for every file.

In: a Sample. Out: a score from 0 to 1. Source: ECMA-376 part 2 (package), MS-XLS 2.1.2 (streams).
"""

from __future__ import annotations

import io

from classifier.parse.formats import Sample

XLSX = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam")
XLS = (".xls", ".et", ".xlt", ".ett", ".xla")
XLSB = (".xlsb",)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_RAW = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")
"""Worksheets of Excel 2 to 5 without a container start with their BOF record."""


def bid_sheet(sample: Sample) -> float:
    """Certain with a workbook part in the zip, or with an encrypted package under a spreadsheet's name."""
    if _is_sealed(sample):
        return 0.95 if sample.extension in XLSX else 0.0
    if _holds(sample, ".xml", _looks_like_xml_workbook):
        return 0.95
    return 0.0


def bid_binary(sample: Sample) -> float:
    """Certain with a binary workbook part in the zip."""
    if _is_sealed(sample):
        return 0.95 if sample.extension in XLSB else 0.0
    return 0.96 if _holds(sample, ".bin", _looks_like_bin_workbook) else 0.0


def bid_old(sample: Sample) -> float:
    """Certain with a Workbook or Book stream at the root of an OLE container; likely for a bare Excel 2 to 5 stream."""
    data = sample.untrusted
    if data.startswith(_RAW):
        return 0.85
    if not data.startswith(_OLE):
        return 0.0
    names = root_streams(data)
    if names is None:  # the directory is broken: its name decides
        return 0.6 if sample.extension in XLS else 0.0
    if "workbook" in names or "book" in names:
        return 0.5 if "worddocument" in names or "powerpoint document" in names else 0.93
    return 0.3 if sample.extension in XLS and "encryptedpackage" not in names else 0.0


def root_streams(untrusted: bytes) -> set[str] | None:
    """The names at the root of an OLE container in lower case, or None when its directory cannot be read."""
    import olefile  # type: ignore[import-untyped]  # the wheel carries no types

    try:
        with olefile.OleFileIO(io.BytesIO(untrusted)) as container:
            return {str(entry[0]).lower() for entry in container.listdir(streams=True, storages=True) if entry}
    except (OSError, ValueError, LookupError, RuntimeError, TypeError, AttributeError):
        return None


def _is_sealed(sample: Sample) -> bool:
    return sample.untrusted.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in sample.untrusted


def _looks_like_xml_workbook(name: str) -> bool:
    return name.startswith("xl/") and name.endswith(".xml") and ("/worksheets/" in name or "workbook" in name)


def _looks_like_bin_workbook(name: str) -> bool:
    return name.startswith("xl/") and name.endswith("workbook.bin")


def _holds(sample: Sample, extension: str, fits: object) -> bool:
    """Whether a zip has a member that fits; where its directory is broken, what local headers show has to do."""
    data = sample.untrusted
    if not data.startswith(_ZIP):
        return False
    names = sample.names
    if names is None:
        mark = b"xl/workbook.bin" if extension == ".bin" else b"xl/"
        return mark in data and (extension == ".bin" or b"xl/workbook.bin" not in data)
    return any(callable(fits) and fits(name.lower().replace("\\", "/").lstrip("/")) for name in names)
