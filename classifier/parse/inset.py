"""A picture inside another file: its words by text recognition when it is large enough for some, else only counted.

In: the picture's bytes and the part that holds it. Out: lines with Where.OCR on the Draft, or a Problem.
"""

from __future__ import annotations

from classifier.parse.draft import Draft

SPEAKING = 10 * 1024
"""A picture of more than 10 KB can hold a page of words; smaller ones are lines, dots and logos."""
_LOOKS = 40
"""Pictures recognised per file, about half a second each; the rest stay a Problem."""
_READABLE = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")


def see_picture(untrusted: bytes | None, size: int, where: str, draft: Draft) -> None:
    """Reads one picture. `size` is what the container says of it; None stands for bytes that could not be taken out."""
    if size <= SPEAKING:
        draft.tally("images", 1, 0)
        return
    if untrusted is None or not untrusted.startswith(_READABLE) or draft.found("images") >= _LOOKS:
        draft.tally("images", 1, 0)
        draft.problem("image", where)
        return
    try:
        from classifier.parse import ocr
    except ImportError:  # an option of the installation
        draft.tally("images", 1, 0)
        draft.problem("ocr_off", where)
        return
    ocr.read_image(untrusted, draft, where_part=where)
