"""Web pages: paragraphs and cells in reading order, hidden elements and comments as HIDDEN, title and meta as PROPERTY.

In: untrusted bytes. Out: passages on the Draft.

The page is parsed, never rendered: scripts and styles are dropped, nothing is fetched (design/SECURITY §1 H3).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree, html

from classifier.core.document import Cell, Where
from classifier.parse.draft import Draft
from classifier.parse.encoding import decode
from classifier.parse.web_pictures import see_attributes, see_styles
from classifier.parse.xmltree import local, texts

_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,80}?encoding\s*=\s*["']([\w.:-]{1,40})""", re.I
)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_UNSEEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0*)?(?:[;\s!]|$)"
    r"|font-size\s*:\s*[0-3](?:\.\d*)?(?:p[tx])?\s*(?:[;!]|$)"
    r"|(?<![-\w])color\s*:\s*(?:white|#fff(?:fff)?|rgba?\(\s*255\s*,\s*255\s*,\s*255|transparent)"
    r"|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{3,}",
    re.I,
)
_BACKGROUND = re.compile(r"background", re.I)
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_SIMPLE_SELECTOR = re.compile(r"([.#])([\w-]{1,80})")
_DROPPED = {"script", "style"}
_UNREAD = {"iframe", "frame", "object", "embed", "applet", "video", "audio", "canvas"}
_BLOCKS = {
    "p", "div", "section", "article", "aside", "header", "footer", "nav", "main", "h1", "h2", "h3", "h4", "h5", "h6",
    "ul", "ol", "li", "dl", "dt", "dd", "pre", "blockquote", "address", "form", "fieldset", "legend", "table", "caption",
    "thead", "tbody", "tfoot", "tr", "td", "th", "hr", "figure", "figcaption", "center", "details", "summary", "option",
    "select", "textarea", "button", "label", "title", "body", "html", "dir", "menu",
}  # fmt: skip
_SPOKEN_ATTRIBUTES = ("alt", "title", "placeholder", "aria-label", "summary", "abbr", "label")
_ADDRESS = re.compile(r"(?:mailto|tel|sms):", re.I)


def read(untrusted: bytes, draft: Draft) -> None:
    """Adds everything the page says."""
    declared = _DECLARED.search(untrusted[:4096])
    text, is_sure = decode(untrusted, (declared[1] or declared[2]).decode("ascii", "ignore") if declared else "")
    if not is_sure:
        draft.problem("encoding")
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True, recover=True)
    try:
        root = html.document_fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):  # no element at all: it is text
        draft.add_lines(text)
        return
    if any("depth" in entry.message.lower() for entry in parser.error_log):  # libxml2 stops at 256 levels
        draft.problem("part_unread")
    walk = _Walk(draft, _unseen_names(root))
    try:
        walk.element(root, Where.BODY)
    except RecursionError:
        draft.problem("part_unread")
    walk.finish()


def _unseen_names(root: etree._Element) -> set[str]:
    """Classes and ids that the page's own style sheets hide (`.a{display:none}`); only plain selectors."""
    names: set[str] = set()
    for sheet in root.iter("style"):
        for selector, rule in _RULE.findall("".join(texts(sheet))):
            if _UNSEEN_STYLE.search(rule) and not _BACKGROUND.search(rule):
                for single in selector.split(","):
                    match = _SIMPLE_SELECTOR.search(single.strip())
                    if match and not re.search(r"[\s>:+~]", single.strip()):
                        names.add(match[1] + match[2])
    return names


class _Walk:
    """Walks the page once; state: the open paragraph and cell."""

    def __init__(self, draft: Draft, unseen: set[str]) -> None:
        self._draft = draft
        self._unseen = unseen
        self._line: list[str] = []
        self._aside: list[tuple[Where, str]] = []
        self._place = Where.BODY
        self._cell: Cell | None = None
        self._gap = "\n"
        self._tables = 0
        self._kept = False
        self._properties: dict[str, None] = {}

    def element(self, node: etree._Element, place: Where) -> None:
        """One element, its text, its children and their tails."""
        tag = local(node.tag).lower()
        if not tag:  # a comment
            self._aside.append((Where.HIDDEN, str(node.text or "")))
            return
        if tag in _DROPPED:
            if tag == "style":
                see_styles("".join(texts(node)), self._draft)
            return
        self._read_attributes(node, tag)
        if tag in ("meta", "base"):
            return
        if tag == "title" and not any(parent.tag == "body" for parent in node.iterancestors()):
            self._properties[_SPACE.sub(" ", "".join(texts(node))).strip()] = None
            return
        if place is Where.BODY:
            place = self._place_of(node, tag)
        if place is Where.HIDDEN and self._place is not place and tag not in _BLOCKS:
            self._hide(node)
            return
        inner: Callable[[etree._Element, Where], None] = self._table if tag == "table" else self._content
        if tag in _BLOCKS or place is not self._place:
            self._flush()
            before, self._place = self._place, place
            inner(node, place)
            self._flush()
            self._place = before
        else:
            if tag == "br":
                self._flush()
            inner(node, place)

    def finish(self) -> None:
        """The last paragraph, and the words of the head."""
        self._flush()
        for text in self._properties:
            self._draft.add(text, Where.PROPERTY)

    def _content(self, node: etree._Element, place: Where) -> None:
        kept, self._kept = self._kept, self._kept or node.tag in ("pre", "textarea")
        self._say(node.text)
        for child in node:
            self.element(child, place)
            self._say(child.tail)
        self._kept = kept

    def _hide(self, node: etree._Element) -> None:
        """A hidden element inside a sentence: its words stand aside, so that what a reader sees stays in one line."""
        self._aside.append((Where.HIDDEN, _SPACE.sub(" ", "".join(texts(node)))))
        for child in node.iterdescendants():
            if isinstance(child.tag, str):
                self._read_attributes(child, local(child.tag).lower())

    def _table(self, node: etree._Element, place: Where) -> None:
        """A table of data; one that holds tables or sits in a cell only lays the page out and has no cells of its own."""
        if self._cell is not None or next(node.iterdescendants("table"), None) is not None:
            self._content(node, place)
            return
        number, self._tables = self._tables, self._tables + 1
        for caption in node.iterdescendants("caption"):
            self.element(caption, place)
        for row, line in enumerate(node.iterdescendants("tr")):
            column, self._gap = 0, "\n"
            for cell in line:
                if local(cell.tag) in ("td", "th"):
                    self._cell = Cell(number, row, column)
                    self.element(cell, place)
                    self._cell = None
                    span = str(cell.get("colspan") or "1")
                    column += min(int(span), 100) if span.isdecimal() and span.isascii() and len(span) < 4 else 1
                    self._gap += "\t"
                else:
                    self.element(cell, place)
        self._gap = "\n"
        self._say_strays(node, place)

    def _say_strays(self, node: etree._Element, place: Where) -> None:
        """Words between rows and cells: a browser moves them out of the table, but they are in the file."""
        strays = [str(e.text or "") for e in node.iter("table", "tr", "tbody", "thead", "tfoot")]
        strays += [
            str(e.tail or "")
            for e in node.iterdescendants()
            if isinstance(e.tag, str) and e.tag in ("tr", "td", "th", "tbody", "thead", "tfoot")
        ]
        strays += [
            str(e.text or "")
            for e in node.iterdescendants(etree.Comment)
            if (parent := e.getparent()) is not None and parent.tag not in ("td", "th")
        ]
        for text in strays:
            self._draft.add(_SPACE.sub(" ", text), Where.HIDDEN if place is Where.BODY else place)

    def _say(self, text: str | None) -> None:
        if text:
            self._line.append(text if self._kept else _SPACE.sub(" ", text))

    def _flush(self) -> None:
        """The open paragraph goes to the Draft, then what stood aside in it."""
        text = "".join(self._line)
        self._line.clear()
        text = text if self._kept else re.sub(" {2,}", " ", text).strip(" ")
        if text.strip():
            self._draft.add(text, self._place, cell=self._cell, gap=self._gap)
            self._gap = "" if self._cell else "\n"
        for where, words in self._aside:
            self._draft.add(words.strip(), where, cell=self._cell)
        self._aside.clear()

    def _place_of(self, node: etree._Element, tag: str) -> Where:
        style = str(node.get("style") or "")
        names = {f".{name}" for name in str(node.get("class") or "").split()} | {f"#{node.get('id')}"}
        is_hidden = (
            node.get("hidden") is not None
            or tag in ("template", "noembed", "noframes")
            or (tag == "input" and str(node.get("type")).lower() == "hidden")
            or (_UNSEEN_STYLE.search(style) is not None and not _BACKGROUND.search(style))
            or bool(self._unseen & names)
        )
        return Where.HIDDEN if is_hidden else Where.BODY

    def _read_attributes(self, node: etree._Element, tag: str) -> None:
        """Words in attributes, and what the page holds but this room does not read."""
        for name in _SPOKEN_ATTRIBUTES:
            self._aside.append((Where.HIDDEN, str(node.get(name) or "")))
        if tag == "meta":
            self._properties[str(node.get("content") or "")] = None
        elif tag == "input" and node.get("value"):
            is_hidden = str(node.get("type")).lower() == "hidden"
            self._aside.append((Where.HIDDEN if is_hidden else self._place, str(node.get("value"))))
        elif tag in _UNREAD:
            self._aside.append((Where.HIDDEN, str(node.get("srcdoc") or "")))
            self._draft.problem("image" if tag == "canvas" else "embedded")
        target = str(node.get("href") or node.get("src") or "")
        if _ADDRESS.match(target):
            self._properties[target] = None
        see_attributes({str(name): str(value) for name, value in node.attrib.items()}, self._draft)
