"""Pictures and files written into a web page itself (`data:` addresses).

In: the attributes of an element or the words of a style sheet. Out: the words of pictures on the Draft, Problems for the rest.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from classifier.parse.draft import Draft
from classifier.parse.inset import see_picture

_ADDRESS = re.compile(r"\s*data:([\w.+-]*/[\w.+-]*)?(;[^,]{0,200})?,", re.I)
_PICTURE = re.compile(r"""data:image/[^"'()<>\\]*""", re.I)
"""One address among other words, to the quote or bracket that ends it."""
_LISTS = ("srcset", "imagesrcset")
_PLACE = "data address"


def see_attributes(attributes: Mapping[str, str], draft: Draft) -> None:
    """Reads what the attributes of one element hold: `src`, `srcset`, `style`, `poster`, and whatever a script would copy there."""
    for name, value in attributes.items():
        if "data:" in value.lower():
            for address in value.split() if name.lower() in _LISTS else [value]:
                _see_value(address, draft)


def _see_value(value: str, draft: Draft) -> None:
    found = _ADDRESS.match(value)
    if found is None:
        see_styles(value, draft)
    elif (found[1] or "image/").lower().startswith("image/"):  # without a kind a browser looks at the bytes
        if found[1] or found[2]:
            _see(value, draft)
    elif value[found.end() :].strip():
        draft.problem("embedded")


def see_styles(words: str, draft: Draft) -> None:
    """Reads the pictures that stand among other words."""
    for found in _PICTURE.finditer(words):
        _see(found.group(), draft)


def _see(address: str, draft: Draft) -> None:
    """One picture: `data:image/png;base64,…`, or its bytes with percent signs."""
    head, _, body = address.partition(",")
    raw = unquote_to_bytes("".join(body.split()))
    if not raw:
        return
    if head.lower().rstrip().endswith("base64"):
        try:
            data: bytes | None = base64.b64decode(raw + b"=" * (-len(raw) % 4), validate=False)
        except (binascii.Error, ValueError):
            data = None
    else:
        data = raw
    see_picture(data, _PLACE, draft)
