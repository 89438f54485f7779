"""Is this a picture? The light part of the picture reader: first bytes only, nothing imported."""

from __future__ import annotations

from classifier.parse.formats import Sample

EXTENSIONS = (
    ".png",
    ".jpg",
    ".jpeg",
    ".jpe",
    ".jfif",
    ".tif",
    ".tiff",
    ".bmp",
    ".dib",
    ".gif",
    ".webp",
)
_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"GIF87a", b"GIF89a")
_BMP_HEADERS = {12, 40, 52, 56, 64, 108, 124}


def bid_picture(sample: Sample) -> float:
    """Certain with the first bytes of a raster picture; likely for a broken one that is called so."""
    head = sample.head
    if head.startswith(_STARTS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return 1.0
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return 0.9
    is_cut = bool(head) and any(start.startswith(head) for start in _STARTS)
    return 0.4 if is_cut and sample.extension in EXTENSIONS else 0.0
