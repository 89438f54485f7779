"""What a Word package points at: pictures, read where text recognition is installed, and things outside the file, never fetched.

In: the relations of the parts and the picture members. Out: lines with Where.OCR on the Draft, or Problems.
"""

from __future__ import annotations

from posixpath import dirname, normpath
from types import ModuleType

from lxml import etree

from classifier.parse.draft import Draft
from classifier.parse.package import Member, Package
from classifier.parse.word_looks import value

PICTURES = {
    ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".emz", ".wmz", ".svg", ".webp", ".wdp",
    ".jxr", ".heic", ".pict", ".pcx", ".jfif",
}  # fmt: skip
_SPEAKING = 10 * 1024
"""A picture of more than 10 KB can hold a page of words; smaller ones are lines, dots and logos."""
_READABLE = (".png", ".jpg", ".jpeg", ".jfif", ".gif", ".bmp", ".tif", ".tiff", ".webp")
_LOOKS = 40
"""Pictures recognised per paper, about a second each; the rest stay a Problem."""
_LARGEST = 32 << 20
_OUTSIDE = (
    "/attachedTemplate",
    "/image",
    "/oleObject",
    "/frame",
    "/subDocument",
    "/aFChunk",
    "/mailMergeSource",
    "/externalLink",
)
"""Relations whose target would be shown or run as part of the paper; an ordinary link is only an address."""


def read_pictures(
    relations: list[tuple[str, etree._Element]], pictures: dict[str, Member], package: Package, draft: Draft
) -> None:
    """Reads each large picture once; a part that shows unread ones has one Problem. Unshown pictures are reported by name."""
    shown: dict[str, str] = {}
    for name, root in relations:
        source = name.replace("_rels/", "").removesuffix(".rels") or "package"
        for relation in root:
            target = value(relation, "Target")
            if value(relation, "TargetMode").lower() == "external":
                if value(relation, "Type").endswith(_OUTSIDE):
                    draft.problem("external", source)
                continue
            shown.setdefault(_resolve(target, dirname(dirname(name))), source)
    large = [(path, member) for path, member in pictures.items() if max(member.size, member.info.compress_size) > _SPEAKING]
    reader = _recognition() if large else None
    for number, (path, member) in enumerate(sorted(large)):
        where = shown.get(path, path)
        data = package.read(member) if reader and number < _LOOKS and member.size <= _LARGEST else None
        if reader is None or data is None or not path.endswith(_READABLE):
            draft.problem("image", where)
        else:
            reader.read_image(data, draft, where_part=where)


def _resolve(target: str, folder: str) -> str:
    """The member a relation means, in lower case."""
    path = normpath(target.lstrip("/")) if target.startswith("/") else normpath(f"{folder}/{target}").lstrip("/")
    return path.lower()


def _recognition() -> ModuleType | None:
    try:
        from classifier.parse import ocr
    except ImportError:
        return None
    return ocr
