"""Words of an OpenDocument file that stand in attributes and properties.

In: meta.xml, or one element of the content. Out: words with their place and origin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from classifier.core.document import Where
from classifier.parse.word_codes import is_default_bookmark, is_default_name
from classifier.parse.word_looks import value
from classifier.parse.xmltree import local, texts

_SILENT = {
    "generator",
    "editing-cycles",
    "editing-duration",
    "creation-date",
    "date",
    "print-date",
    "document-statistic",
    "language",
}
_SPOKEN_FORMULA = re.compile(r"\"[^\"]*[\u3400-\u9fff][^\"]*\"|\"[^\"]{4,}\"|file:|https?:|\\\\")
_OUTSIDE = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}:|//|\\\\|\.\./)", re.I)
_LONG_NUMBER = re.compile(r"-?[0-9]{7,20}")

Word = tuple[Where, str, str]


def properties(root: etree._Element) -> Iterator[str]:
    """Title, authors, keywords, template, and properties that a person made."""
    for meta in root.iter("{*}meta"):
        for element in meta:
            name = local(element.tag)
            words = "".join(texts(element)).strip() if name else ""
            if name == "user-defined":
                yield f"{value(element, 'name')}：{words}"
            elif name == "template":
                yield value(element, "title")
                yield value(element, "href")
            elif name in ("auto-reload", "hyperlink-behaviour"):
                yield value(element, "href")
            elif name not in _SILENT:
                yield words


def leads_outside(address: str) -> bool:
    """Whether a link leads out of the file."""
    return bool(_OUTSIDE.match(address.strip()))


def attribute_words(element: etree._Element) -> Iterator[Word]:
    """What an element says besides its text: names, links, marks, formulas, choices of a form."""
    name = local(element.tag)
    reader = _form if ":form:" in str(element.tag) else _READERS.get(name)
    if reader is not None:
        yield from (word for word in reader(element) if word[2].strip())
    elif name in ("frame", "page", "g", "custom-shape", "rect", "section") and not is_default_name(value(element, "name")):
        yield Where.PROPERTY, "metadata", value(element, "name")


def _attributes(where: Where, origin: str, *names: str) -> Callable[[etree._Element], Iterator[Word]]:
    """A reader of some attributes."""

    def read(element: etree._Element) -> Iterator[Word]:
        for name in names:
            yield where, origin, value(element, name)

    return read


def _bookmark(element: etree._Element) -> Iterator[Word]:
    if not is_default_bookmark(value(element, "name")):
        yield Where.PROPERTY, "bookmark", value(element, "name")


def _choice(element: etree._Element) -> Iterator[Word]:
    """A conditional text holds both its forms; one of them is shown."""
    shown = "".join(texts(element))
    for name in ("string-value-if-true", "string-value-if-false", "string-value"):
        if value(element, name) != shown:
            yield Where.HIDDEN, "hidden_text", value(element, name)


def _link(element: etree._Element) -> Iterator[Word]:
    address = value(element, "href")
    if leads_outside(address):
        yield Where.PROPERTY, "external_link", address
    yield Where.HIDDEN, "alt_text", value(element, "title")


_name = _attributes(Where.PROPERTY, "metadata", "name", "string-value")
_defined = _attributes(
    Where.HIDDEN, "defined_name", "name", "expression", "condition", "display-name", "title", "comment", "cell-range-address"
)
_form = _attributes(
    Where.HIDDEN, "form_value", "label", "value", "current-value", "title", "name", "tab-stop", "href", "command", "datasource"
)
_index = _attributes(Where.HIDDEN, "field_code", "string-value", "key1", "key2")
_READERS: dict[str, Callable[[etree._Element], Iterator[Word]]] = {
    "a": _link,
    "script": _attributes(Where.HIDDEN, "script", "href"),
    "event-listener": _attributes(Where.HIDDEN, "script", "href", "macro-name"),
    "bookmark": _bookmark,
    "bookmark-start": _bookmark,
    "reference-mark": _bookmark,
    "reference-mark-start": _bookmark,
    "conditional-text": _choice,
    "user-field-decl": _name,
    "variable-decl": _attributes(Where.PROPERTY, "metadata", "name"),
    "dde-connection-decl": _attributes(Where.PROPERTY, "external_link", "dde-application", "dde-topic", "dde-item"),
    "database-display": _attributes(Where.HIDDEN, "field_code", "database-name", "table-name", "column-name"),
    "alphabetical-index-mark": _index,
    "alphabetical-index-mark-start": _index,
    "toc-mark": _index,
    "user-index-mark": _index,
    "bibliography-mark": _attributes(Where.HIDDEN, "field_code", "author", "title", "note", "annote", "custom1", "url"),
    "named-range": _defined,
    "named-expression": _defined,
    "content-validation": _defined,
    "database-range": _attributes(Where.HIDDEN, "defined_name", "name"),
    "data-pilot-table": _attributes(Where.HIDDEN, "cached_value", "name"),
    "data-pilot-member": _attributes(Where.HIDDEN, "cached_value", "name", "display-name"),
    "scenario": _attributes(Where.HIDDEN, "defined_name", "comment"),
    "table-source": _attributes(Where.PROPERTY, "external_link", "href", "table-name"),
    "section-source": _attributes(Where.PROPERTY, "external_link", "href"),
    "meta": _attributes(Where.HIDDEN, "hidden_text", "content"),
    "show": _attributes(Where.PROPERTY, "metadata", "name"),
}


def cell_words(cell: etree._Element, shown: str) -> Iterator[Word]:
    """A formula with words in it, and a value the sheet does not show as it is."""
    formula = value(cell, "formula")
    if _SPOKEN_FORMULA.search(formula):
        yield Where.HIDDEN, "formula", formula
    number, text = value(cell, "value"), value(cell, "string-value")
    digits = "".join(char for char in shown if char.isdigit())
    if (number and not shown) or (_LONG_NUMBER.fullmatch(number) and number.lstrip("-") not in digits):
        yield Where.HIDDEN, "cached_value", number
    if text and "".join(text.split()) not in "".join(shown.split()):
        yield Where.HIDDEN, "cached_value", text
