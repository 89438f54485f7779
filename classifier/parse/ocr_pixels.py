"""From the bytes of a picture file to pixels, under limits. Only raster formats are opened: nothing that runs a program.

In: untrusted bytes. Out: one array per page or first frame, upright by the camera's own mark; Problems for what stays closed.
"""

from __future__ import annotations

import io
import struct
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from classifier.parse.draft import Draft
    from classifier.parse.ocr_engine import Pixels

KINDS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP", "MPO", "DIB")
MAX_PIXELS = 80_000_000
"""A0 at 200 dpi is 62 million."""
_FRAMES = 3
"""Frames looked at in an animation; scans of many pages are read to the limit of pages."""
_LEAST = 12
"""Pixels: nothing smaller holds a letter."""
SOLID = 4
"""Steps of 255 by which the pixels of one colour may differ."""
BROKEN = (OSError, ValueError, SyntaxError, LookupError, EOFError, ArithmeticError, struct.error, TypeError, AttributeError)
"""What Pillow raises on broken pictures."""


@contextmanager
def quiet() -> Iterator[None]:
    """Pillow warns about odd files; what they mean for the reader is said by Problems."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def decode(untrusted: bytes, draft: Draft, place: str = "") -> Iterator[list[Pixels]]:
    """The frames of a picture that lies inside a document: `image` at `place` for what cannot be opened, `bomb` for giants."""
    with quiet():
        try:
            picture = Image.open(io.BytesIO(untrusted), formats=KINDS)
        except Image.DecompressionBombError:
            draft.problem("bomb", place)
            return
        except BROKEN:
            draft.problem("image", place)
            return
        with picture:
            for _, shown in frames(picture, draft, place, "image"):
                yield shown


def is_blank(untrusted: bytes) -> bool:
    """Whether a picture is of one colour (or clear all over), or thinner than a letter. What does not open is not blank."""
    with quiet():
        try:
            with Image.open(io.BytesIO(untrusted), formats=KINDS) as picture:
                if count_frames(picture) > 1 or picture.width * picture.height > MAX_PIXELS:
                    return False
                return min(picture.size) < _LEAST or _is_solid(picture)
        except (Image.DecompressionBombError, *BROKEN):
            return False


def _is_solid(picture: Image.Image) -> bool:
    has_own_colours = picture.mode in ("P", "PA") or picture.has_transparency_data
    extremes = np.array((picture.convert("RGBA") if has_own_colours else picture).getextrema(), np.float64).reshape(-1, 2)
    return bool((extremes[:, 1] - extremes[:, 0] <= SOLID).all())


def size_of(untrusted: bytes) -> tuple[int, int]:
    """Width and height of a picture; zeros for one that does not open."""
    with quiet():
        try:
            with Image.open(io.BytesIO(untrusted), formats=KINDS) as picture:
                return picture.size
        except (Image.DecompressionBombError, *BROKEN):
            return 0, 0


def frames(picture: Image.Image, draft: Draft, place: str, broken: str) -> Iterator[tuple[int, list[Pixels]]]:
    """The number (from 1) and the pixels of every page of an open picture; several where it shows more than one face.

    A frame that fails is Problem `broken` at its place; what lies behind the limits is `too_many_pages`.
    """
    count = count_frames(picture)
    is_scan = picture.format in ("TIFF", "MPO")
    limit = draft.limits.pages if is_scan else _FRAMES
    if count > limit:
        draft.problem("too_many_pages", place)
    for number in range(1, min(count, limit) + 1):
        where = place or (f"page {number}" if count > 1 else "")
        try:
            picture.seek(number - 1)
            if picture.width * picture.height > MAX_PIXELS:
                draft.problem("bomb", where)
                continue
            yield number, faces(picture)
        except Image.DecompressionBombError:
            draft.problem("bomb", where)
        except BROKEN:
            draft.problem(broken, where)


def count_frames(picture: Image.Image) -> int:
    """The number of frames; a broken chain of pages counts as one, and fails when it is opened."""
    try:
        return max(1, int(getattr(picture, "n_frames", 1)))
    except BROKEN:
        return 1


def faces(picture: Image.Image) -> list[Pixels]:
    """What one frame shows: on white paper, and where parts are transparent also on black and with transparency ignored."""
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    upright = _square(picture)
    if min(upright.size) < _LEAST:
        return []
    if not upright.has_transparency_data:
        return [_to_rgb(upright)]
    whole = np.asarray(upright.convert("RGBA"))
    colours, alpha = whole[:, :, :3], whole[:, :, 3:].astype(np.float32) / 255
    if float(alpha.min()) > 0.9:
        return [np.ascontiguousarray(colours)]
    shown: list[Pixels] = [(colours * alpha + paper * (1 - alpha)).astype(np.uint8) for paper in (255, 0)]
    if float(colours[alpha[:, :, 0] < 0.1].std() if (alpha < 0.1).any() else 0.0) > 8:  # something is drawn where nothing shows
        shown.append(np.ascontiguousarray(colours))
    return [face for face in shown if float(face.std()) > 2] or shown[:1]


def _square(picture: Image.Image) -> Image.Image:
    """A fax has twice as many dots across as down: letters get their shape back."""
    across, down = (float(value or 0) for value in (picture.info.get("dpi") or (0, 0))[:2])
    if across > 0 and down > 0 and 1.3 < max(across / down, down / across) < 3:
        scale = across / down
        size = (picture.width, round(picture.height * scale)) if scale > 1 else (round(picture.width / scale), picture.height)
        if size[0] * size[1] <= MAX_PIXELS:
            return picture.convert("L" if picture.mode == "1" else picture.mode).resize(size)
    return picture


def _to_rgb(picture: Image.Image) -> Pixels:
    """Eight bits a colour; deeper greys are stretched over their own range, for they may be dark all over."""
    if picture.mode.startswith(("I", "F")):
        deep = np.asarray(picture, dtype=np.float32)
        deep = np.nan_to_num(deep - np.nanmin(deep), posinf=0.0, neginf=0.0)
        grey = (deep * (255.0 / max(1e-6, float(deep.max())))).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)
    return np.asarray(picture.convert("RGB"))
