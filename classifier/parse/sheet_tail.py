"""What a worksheet and a workbook say besides cells: headers, validations, conditions, scenarios, links, names, views.

In: the root of a worksheet without its rows, or of the workbook. Out: Said pieces. Source: ECMA-376 part 1, 18.2 and 18.3.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from classifier.core.document import Where
from classifier.parse.sheet_page import is_plain_formula, margin_words
from classifier.parse.sheet_parts import Said
from classifier.parse.xmltree import local

_MARGINS = {
    "oddHeader": Where.HEADER, "evenHeader": Where.HEADER, "firstHeader": Where.HEADER,
    "oddFooter": Where.FOOTER, "evenFooter": Where.FOOTER, "firstFooter": Where.FOOTER,
}  # fmt: skip
_FORMULAS = ("formula", "formula1", "formula2", "f", "sqref", "fFormula")
_SPEAKING = {
    "dataValidation": ("promptTitle", "prompt", "errorTitle", "error"),
    "cfRule": ("text",),
    "hyperlink": ("tooltip", "display"),
    "scenario": ("name", "user", "comment"),
    "inputCells": ("val",),
    "protectedRange": ("name",),
    "filter": ("val",),
    "customFilter": ("val",),
    "sortCondition": ("customList",),
    "oleObject": ("link",),
    "control": ("name",),
    "controlPr": ("altText", "macro"),
    "objectPr": ("altText", "macro"),
    "webPublishItem": ("title", "destinationFile", "sourceObject"),
    "dataRef": ("name", "sheet"),
    "customPr": ("name",),
    "cfvo": ("val",),
    "definedName": ("name", "comment", "description", "help", "statusBar"),
    "customWorkbookView": ("name",),
    "smartTagType": ("name", "url"),
    "webPublishObject": ("title", "destinationFile"),
}
_ORIGINS = {"scenario": "cached_value", "inputCells": "cached_value", "control": "form_value", "controlPr": "alt_text", "objectPr": "alt_text",
            "oleObject": "external_link", "dataRef": "external_link"}  # fmt: skip
_META = {"fileSharing": ("userName",), "absPath": ("url",), "workbookPr": (), "sheetPr": ()}
_CONTROL = ("CheckBox", "Button", "Label", "ComboBox", "ListBox", "OptionButton", "TextBox", "Control", "Drop Down")


def tail_words(root: etree._Element, sheet_names: frozenset[str]) -> Iterator[Said]:
    """Everything a worksheet or workbook says outside its cells."""
    for element in root.iter():
        name = local(element.tag)
        if name in _MARGINS:
            yield Said(margin_words(str(element.text or "")), _MARGINS[name])
        elif name in _FORMULAS:
            text = str(element.text or "")
            if text and name != "sqref" and not is_plain_formula(text, sheet_names):
                yield Said(text, Where.HIDDEN, "defined_name")
        elif name == "hyperlink" and element.get("location"):
            place = element.get("location", "")
            if not is_plain_formula(place, sheet_names):
                yield Said(place, Where.HIDDEN, "defined_name")
        elif name in _META:
            yield from (Said(element.get(key, ""), Where.PROPERTY, "metadata") for key in _META[name])
        if name == "definedName":
            yield from _defined_name(element, sheet_names)
        elif name in _SPEAKING:
            yield from _attributes(element, name)


def _attributes(element: etree._Element, name: str) -> Iterator[Said]:
    for key in _SPEAKING[name]:
        text = element.get(key, "")
        if not text or (name == "cfvo" and is_plain_formula(text)):
            continue
        if name == "control" and text.rstrip("0123456789 ").startswith(_CONTROL):
            continue
        yield Said(text, Where.HIDDEN, _ORIGINS.get(name, "defined_name"))


def _defined_name(element: etree._Element, sheet_names: frozenset[str]) -> Iterator[Said]:
    """A name and what it stands for; the program's own (print area, filter range) only when they say more than a place."""
    name, text = element.get("name", ""), str(element.text or "")
    if name.startswith(("_xlnm.", "_xlfn.", "_xlpm.")):
        if text and "#NAME?" not in text and not is_plain_formula(text, sheet_names):
            yield Said(f"{name.removeprefix('_xlnm.')} {text}", Where.HIDDEN, "defined_name")
    else:
        yield Said(f"{name}={text}", Where.HIDDEN, "defined_name")
    for key in ("comment", "description", "help", "statusBar"):
        yield Said(element.get(key, ""), Where.HIDDEN, "defined_name")
