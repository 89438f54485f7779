"""What the control words of RTF mean: destinations, characters, code pages.

In: the name of a control word. Out: what a group that starts with it holds. Source: RTF specification 1.9.1.
"""

from __future__ import annotations

from classifier.core.document import Where

PLACES: dict[str, tuple[Where, str | None]] = {
    **dict.fromkeys(["header", "headerl", "headerr", "headerf"], (Where.HEADER, None)),
    **dict.fromkeys(["footer", "footerl", "footerr", "footerf"], (Where.FOOTER, None)),
    **dict.fromkeys(["footnote", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn"], (Where.NOTE, None)),
    **dict.fromkeys(["annotation", "atnauthor", "atnid"], (Where.COMMENT, "comment")),
    **dict.fromkeys(
        [
            "title", "subject", "author", "manager", "company", "operator", "category", "keywords", "comment", "doccomm",
            "hlinkbase", "propname", "staticval", "linkval", "docvar", "objclass", "objname", "objtopic", "objitem", "objalias",
            "protusertbl", "revtbl", "mmconnectstr", "mmquery", "mmdatasource", "mmheadersource", "mmaddfieldname",
            "mmmailsubject", "mmconnectstrdata", "mmodsoudldata", "xmlattrname", "xmlattrvalue", "writereservation", "blockname",
        ],
        (Where.PROPERTY, "metadata"),
    ),
    **dict.fromkeys(["template", "nextfile", "objsect"], (Where.PROPERTY, "external_link")),
    **dict.fromkeys(["bkmkstart"], (Where.PROPERTY, "bookmark")),
    **dict.fromkeys(["xe", "tc", "tcn", "rxe", "txe", "fldtype"], (Where.HIDDEN, "field_code")),
    **dict.fromkeys(["ffname", "ffdeftext", "ffhelptext", "ffstattext", "ffformat", "ffl"], (Where.HIDDEN, "form_value")),
    **dict.fromkeys(["ffentrymcr", "ffexitmcr"], (Where.HIDDEN, "script")),
    **dict.fromkeys(["shptxt", "dptxbxtext"], (Where.TEXTBOX, None)),
    "fldinst": (Where.HIDDEN, "field_code"),
    "sn": (Where.PROPERTY, None),
    "sv": (Where.PROPERTY, None),
    "htmltag": (Where.PROPERTY, "external_link"),
    "mhtmltag": (Where.PROPERTY, "external_link"),
    "hlfr": (Where.HIDDEN, "alt_text"),
    "hlsrc": (Where.PROPERTY, "external_link"),
    "hlloc": (Where.PROPERTY, "external_link"),
}  # fmt: skip
"""Groups with words, and the place of these. Fields, shape properties and some names are judged when they end."""
SILENT = frozenset(
    {
        "stylesheet", "listtable", "listoverridetable", "rsidtbl", "generator", "latentstyles", "themedata", "colorschememapping",
        "xmlnstbl", "wgrffmtfilter", "pgptbl", "pntxta", "pntxtb", "pnseclvl", "pn", "atnref", "atndate", "atntime", "atnparent",
        "atrfstart", "atrfend", "creatim", "revtim", "printim", "buptim", "nonesttables", "nonshppict", "panose",
        "falt", "fontemb", "fontfile", "passwordhash", "password", "filetbl", "blipuid", "bliptag", "nesttableprops",
        "fchars", "lchars", "oldcprops", "oldpprops", "oldsprops", "oldtprops", "defchp", "defpap", "factoidname", "objtime",
        "xmlopen", "xmlclose", "pgdsctbl", "listpicture", "expandedcolortbl",
        "lsdlockedexcept", "outdisponlyhtml", "cchs", "datafield", "g", "bkmkend", "svb", "mmathPr",
    }
)  # fmt: skip
"""Groups about looks, dates and ids: they hold no words of the paper."""
WALKED = frozenset(
    {
        "shp", "shpinst", "shpgrp", "shppict", "field", "fldrslt", "info", "userprops", "object", "result", "formfield", "ud",
        "upr", "background", "mailmerge", "mmodso", "do", "listtext", "pntext", "cs", "rtf", "mmath", "moMath", "moMathPara",
        "oMath", "oMathPara", "momath", "momathpara", "mmathPara", "sp", "atnicn", "nosectexpand", "fontinfo", "pict", "htmltag",
        "picprop", "ds", "ts", "docpart", "docparts", "shprslt", "flymaincnt", "flydecnt", "aftnnrlc", "tsrowd",
        "keycode", "pnlvlblt", "fldpriv", "flddirty", "fldedit", "fldlock", "xform", "mr", "me", "mnum", "mden", "msub",
        "msup", "mf", "mrad", "mdeg", "mssup", "mssub", "mssubsup", "mnary", "mfunc", "mfname", "mlim", "md", "macc", "mbar", "mm",
        "mmr", "mlimlow", "mlimupp", "mgroupchr", "mborderbox", "mbox", "meqarr", "mphant", "mspre", "maln",
    }
)  # fmt: skip
"""Groups that only wrap: what is inside is said where they stand."""
CHARACTERS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "page": "\n", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ",
    "qmspace": " ", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "column": "\n", "softline": "\n",
}  # fmt: skip
SIGNS = {b"~": "\xa0", b"_": "-", b"\t": "\t"}
_CHARSETS = {
    128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "big5hkscs", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 77: "mac_roman", 78: "cp932",
    79: "cp949", 80: "gb18030", 81: "big5hkscs", 254: "cp437", 255: "cp437",
}  # fmt: skip
_PAGES = {936: "gb18030", 950: "big5hkscs", 10000: "mac_roman", 65001: "utf-8", 54936: "gb18030", 1361: "johab", 10008: "gb18030"}
WIDE = frozenset({"gb18030", "big5hkscs", "cp932", "cp949", "johab", "utf-8"})
"""Encodings in which one character may take several bytes."""


def codec_of_charset(charset: int, default: str) -> str:
    """The codec of a font's character set; the Western one and the default mean the file's own code page."""
    return _CHARSETS.get(charset, default)


def codec_of_page(page: int) -> str:
    """The codec of an `ansicpg` or `cpg` number; cp1252 where Python has none."""
    import codecs

    if page in _PAGES:
        return _PAGES[page]
    try:
        return codecs.lookup(f"cp{page}").name
    except LookupError:
        return "cp1252"
