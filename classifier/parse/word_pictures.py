"""What a Word package points at: pictures, read where text recognition is installed, and things outside the file, never fetched.

In: the relations of the parts and the picture members. Out: lines with Where.OCR on the Draft, or Problems.
"""

from __future__ import annotations

from posixpath import dirname, normpath

from classifier.parse.draft import Draft
from classifier.parse.inset import see_member
from classifier.parse.package import Member, Package
from classifier.parse.word_stock import Relation

PICTURES = {
    ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".emz", ".wmz", ".svg", ".webp", ".wdp",
    ".jxr", ".heic", ".pict", ".pcx", ".jfif",
}  # fmt: skip
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
    relations: list[tuple[str, tuple[Relation, ...]]], pictures: dict[str, Member], package: Package, draft: Draft
) -> None:
    """Reads each picture once; a part that shows unread ones has one Problem. Unshown pictures are reported by name."""
    shown: dict[str, str] = {}
    bases = {_base(path) for path in pictures}
    for name, lines in relations:
        source = name.replace("_rels/", "").removesuffix(".rels") or "package"
        folder = dirname(dirname(name))
        for relation in lines:
            if relation.is_outside:
                if relation.kind.endswith(_OUTSIDE):
                    draft.problem("external", source)
            elif _base(relation.target.lower()) in bases or relation.target.endswith(("/", ".")):
                shown.setdefault(_resolve(relation.target, folder), source)
    for path, member in sorted(pictures.items()):
        see_member(member, package, shown.get(path, path), draft)


def _base(path: str) -> str:
    return path.rpartition("/")[2]


def _resolve(target: str, folder: str) -> str:
    """The member a relation means, in lower case."""
    path = normpath(target.lstrip("/")) if target.startswith("/") else normpath(f"{folder}/{target}").lstrip("/")
    return path.lower()
