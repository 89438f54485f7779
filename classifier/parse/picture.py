"""Pictures as documents: the words in them, and what the camera wrote beside them - who, with what, where.

In: untrusted bytes of a png, jpeg, tiff, bmp, gif or webp file. Out: lines as Where.OCR with the page, properties of the file as
Where.PROPERTY (`metadata`, `location`), Problems for all that stays unread: broken frames, hidden preview pictures, bytes after
the picture's end (an uncropped older picture, a film, a zip).
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from PIL import ExifTags, Image

from classifier.core.document import Where
from classifier.core.errors import Unreadable
from classifier.parse import ocr, ocr_pixels, xmltree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import etree

    from classifier.parse.draft import Draft

_SILENT = {
    "StripOffsets", "StripByteCounts", "TileOffsets", "TileByteCounts", "MakerNote", "ExifOffset", "GPSInfo", "JPEGTables",
    "ColorMap", "BitsPerSample", "InterColorProfile", "PrintImageMatching", "Padding", "JpegIFOffset", "JpegIFByteCount",
    "compression", "ExifVersion", "FlashPixVersion", "ComponentsConfiguration", "InteropVersion", "InteropIndex", "FileSource", "SceneType",
}  # fmt: skip
"""Tags that describe the coding of the pixels, not a person, device, place or time."""
_WIDE = re.compile(r"XP[A-Z]")
_TIES = ("ID", "about", "xmptk", "lang", "parseType")
_SAME = 30.0
"""Mean difference of grey levels (of 255) up to which preview and picture are the same."""
_MOST = 4_000
"""Characters kept of one property."""


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything a picture file says.

    Raises:
        Unreadable: `damaged` when it does not open, `bomb` when it would unfold to more than 80 million pixels.
    """
    with ocr_pixels.quiet():
        try:
            picture = Image.open(io.BytesIO(untrusted), formats=ocr_pixels.KINDS)
        except Image.DecompressionBombError as error:
            raise Unreadable("bomb") from error
        except ocr_pixels.BROKEN as error:
            raise Unreadable("damaged") from error
        with picture:
            _read_pages(picture, draft)
            _read_properties(picture, draft)
            _check_preview(picture, draft)
    if _has_more(untrusted, picture.format or ""):
        draft.problem("part_unread", "after the end of the picture")


def _read_pages(picture: Image.Image, draft: Draft) -> None:
    count = ocr_pixels.count_frames(picture)
    if count > 1 or picture.format == "TIFF":
        draft.pages = count
    read = 0
    for number, faces in ocr_pixels.frames(picture, draft, "", "damaged"):
        read += ocr.read_faces(faces, draft, page=number if draft.pages else None)
        if draft.is_full:
            draft.problem("too_long")
            break
    draft.tally("images", count, read)


def _read_properties(picture: Image.Image, draft: Draft) -> None:
    """Camera, author, time, comments, place."""
    try:
        exif = picture.getexif()
        tables = [dict(exif)] + [dict(exif.get_ifd(ifd)) for ifd in (ExifTags.IFD.Exif, ExifTags.IFD.Interop)]
        place = dict(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except ocr_pixels.BROKEN:
        draft.problem("part_unread", "exif")
        tables, place = [], {}
    for table in tables:
        for tag, value in table.items():
            _add(draft, ExifTags.TAGS.get(tag, f"tag {tag}"), value, "metadata")
    for line in _coordinates(place):
        draft.add(line, Where.PROPERTY, origin="location")
    for name, value in _words(picture.info):
        _add(draft, name, value, "metadata")
    if isinstance(packet := picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp"), bytes | str):
        _read_xmp(packet.encode() if isinstance(packet, str) else packet, draft)


def _words(info: Mapping[Any, Any]) -> Iterator[tuple[str, object]]:
    """Text the file carries outside EXIF: PNG text, JPEG and GIF comments."""
    for name, value in info.items():
        if name == "comment" or (isinstance(value, str) and name != "XML:com.adobe.xmp"):
            yield str(name), value


def _read_xmp(untrusted: bytes, draft: Draft) -> None:
    """The words of an XMP packet: attributes and texts, without the numbers that only tie copies together."""
    root = xmltree.read_tree(untrusted.strip(b"\0 \r\n"), "xmp", draft)
    for element in () if root is None else root.iter():
        pairs = [(xmltree.local(key), str(value)) for key, value in element.attrib.items()]
        for key, value in [*pairs, (_name_of(element), element.text or "")]:
            if key and value.strip() and not key.endswith(_TIES):
                draft.add(f"{key}: {value.strip()[:_MOST]}", Where.PROPERTY, origin="location" if "GPS" in key else "metadata")


def _name_of(element: etree._Element) -> str:
    """The property an element belongs to: list items stand two levels below its name."""
    own = xmltree.local(element.tag)
    holders = [xmltree.local(holder.tag) for holder in element.iterancestors()] if own == "li" else []
    return holders[1] if len(holders) > 1 else own


def _add(draft: Draft, name: str, value: object, origin: str) -> None:
    text = _readable(name, value)
    if name not in _SILENT and text:
        draft.add(f"{name}: {text[:_MOST]}", Where.PROPERTY, origin=origin)


def _readable(name: str, value: object) -> str:
    """The words of a property; "" for numbers of the picture's coding and for bytes that are no text."""
    if isinstance(value, str):
        if value.isascii() or max(value) > "\xff":
            return value.strip("\0 ")
        return _decode(value.encode("latin-1"), is_wide=False) or value.strip("\0 ")  # Pillow takes every byte for Latin-1
    if isinstance(value, bytes):
        return _decode(value, is_wide=bool(_WIDE.match(name)))
    if isinstance(value, tuple) and value and all(isinstance(part, int) and 0 <= part < 256 for part in value):
        return _decode(bytes(value), is_wide=True) if _WIDE.match(name) else ""
    return ""


def _decode(value: bytes, *, is_wide: bool) -> str:
    if is_wide or value.startswith(b"UNICODE\0"):
        coded = value.removeprefix(b"UNICODE\0")
        order = "utf-16-be" if coded[:1] == b"\0" else "utf-16-le"
        return coded.decode(order, "replace").strip("\0 ")
    coded = value.removeprefix(b"ASCII\0\0\0").strip(b"\0 ")
    for coding in ("utf-8", "gb18030"):
        try:
            text = coded.decode(coding)
        except UnicodeDecodeError:
            continue
        return text if text.isprintable() or "<" in text else ""
    return ""


def _coordinates(place: Mapping[int, Any]) -> Iterator[str]:
    """The place in degrees, and every word beside it."""
    names = {ExifTags.GPSTAGS.get(tag, str(tag)): value for tag, value in place.items()}
    for axis, sign in (("GPSLatitude", "S"), ("GPSLongitude", "W")):
        try:
            degrees, minutes, seconds = (float(part) for part in names[axis])
        except (KeyError, *ocr_pixels.BROKEN):
            continue
        value = degrees + minutes / 60 + seconds / 3600
        yield f"{axis}: {-value if names.get(axis + 'Ref') == sign else value:.6f}"
    for name, value in names.items():
        if name not in ("GPSLatitude", "GPSLongitude") and (text := _readable(name, value)) and len(text) > 1:
            yield f"{name}: {text[:_MOST]}"


def _check_preview(picture: Image.Image, draft: Draft) -> None:
    """The small preview in a photograph is often older than its black bars or its cropping: one that differs is reported."""
    try:
        table = picture.getexif().get_ifd(ExifTags.IFD.IFD1)
        start, size = int(table[ExifTags.Base.JpegIFOffset]), int(table[ExifTags.Base.JpegIFByteCount])
        untrusted = picture.info["exif"].removeprefix(b"Exif\0\0")[start : start + size]
        with Image.open(io.BytesIO(untrusted), formats=("JPEG",)) as preview:
            if preview.width * preview.height > ocr_pixels.MAX_PIXELS or _differ(preview, picture):
                draft.problem("image", "exif preview")
    except KeyError:
        return  # no preview
    except ocr_pixels.BROKEN:
        draft.problem("image", "exif preview")


def _differ(preview: Image.Image, picture: Image.Image) -> bool:
    """Whether two pictures show different things, whichever way up the camera was held."""
    small = (32, 32)
    one = preview.convert("L").resize(small)
    two = picture.convert("L").resize(small)
    return min(_distance(one, two.rotate(90 * turns)) for turns in range(4)) > _SAME


def _distance(one: Image.Image, two: Image.Image) -> float:
    return sum(abs(a - b) for a, b in zip(one.tobytes(), two.tobytes(), strict=True)) / len(one.tobytes())


def _has_more(untrusted: bytes, kind: str) -> bool:
    """Whether bytes that matter follow the picture's own end."""
    end = {"PNG": _end_of_png, "JPEG": _end_of_jpeg, "GIF": _end_of_gif}.get(kind, len)(untrusted)
    return len(untrusted[end:].strip(b"\0\r\n ")) > 0


def _end_of_png(untrusted: bytes) -> int:
    place = 8
    while place + 8 <= len(untrusted):
        kind = untrusted[place + 4 : place + 8]
        place += 12 + int.from_bytes(untrusted[place : place + 4], "big")
        if kind == b"IEND":
            return place
    return len(untrusted)


def _end_of_jpeg(untrusted: bytes) -> int:
    """Walks the segments; after a start of scan comes coded data, in which 0xFF is followed by 0 or a restart mark."""
    place = 2
    while (place := untrusted.find(b"\xff", place)) >= 0 and place + 4 <= len(untrusted):
        mark = untrusted[place + 1]
        if mark == 0xD9:
            return place + 2
        if mark in (0x00, 0x01, 0xFF) or 0xD0 <= mark <= 0xD8:
            place += 1 if mark == 0xFF else 2
        else:
            place += 2 + int.from_bytes(untrusted[place + 2 : place + 4], "big")
    return len(untrusted)


def _end_of_gif(untrusted: bytes) -> int:
    """Walks the blocks: extensions and images, each with a chain of sub-blocks, to the trailer."""

    def table(flags: int) -> int:
        return 3 << ((flags & 7) + 1) if flags & 0x80 else 0

    place = 13 + table(untrusted[10])
    while place + 10 < len(untrusted) and untrusted[place] in b"\x21\x2c":
        place += 2 if untrusted[place] == 0x21 else 11 + table(untrusted[place + 9])
        while place < len(untrusted) and untrusted[place]:
            place += 1 + untrusted[place]
        place += 1
    return place + 1 if untrusted[place : place + 1] == b";" else len(untrusted)
