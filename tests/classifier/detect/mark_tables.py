"""The tables of marks and mentions (corpus/rules/*.tsv) as papers, for tests."""

import re
from dataclasses import dataclass

from classifier.core.document import Block, Document, Span, Where
from classifier.core.settings import read_settings
from classifier.parse.cleaning import clean
from classifier.structure import annotate

RULES = read_settings().data_home / "corpus" / "rules"
HEAD = "云溪市水利局文件\n云水发〔2026〕31号\n关于开展节水宣传的通知\n各县（区）水利局：\n　　为做好节水宣传工作，现就有关事项通知如下。"
MIDDLE = "\n".join(f"　　第{n}项工作由各单位按照分工完成，并于月底前报送情况。" for n in "一二三四五六七八九十")
TAIL = "　　请各单位认真组织实施。\n云溪市水利局\n2086年3月9日"
"""Far ahead, so that no period of the table runs out while the tests live."""
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|([nt]))")
_OUTSIDE = {w.value: w for w in (Where.HEADER, Where.FOOTER, Where.TEXTBOX, Where.PROPERTY, Where.HIDDEN, Where.OCR)}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    place: str
    rule: str
    note: str
    text: str


def rows(name: str) -> list[Row]:
    """All rows of a table, `\\n`, `\\t` and `\\uXXXX` made real."""
    found = []
    for line in (RULES / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            place, rule, note, text = line.split("\t")
            real = _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else {"n": "\n", "t": "\t"}[m[2]], text)
            found.append(Row(place, rule, note, real))
    return found


def document_of(row: Row) -> Document:
    """The row's text where it says it stands, in a paper that is otherwise harmless; cleaned and annotated as in the pipeline."""
    name = row.text if row.place == "name" else "文书.txt"
    pieces: list[tuple[str, Where]]
    if row.place in _OUTSIDE:
        pieces = [(HEAD, Where.BODY), (MIDDLE, Where.BODY), (TAIL, Where.BODY), (row.text, _OUTSIDE[row.place])]
    else:
        body = {
            "head": f"{row.text}\n{HEAD}\n{TAIL}",
            "paragraph": f"{HEAD}\n{MIDDLE}\n{row.text}\n{TAIL}",
            "cell": f"{HEAD}\n{MIDDLE}\n{row.text}\n{TAIL}",
            "end": f"{HEAD}\n{MIDDLE}\n{TAIL}\n{row.text}",
            "envelope": row.text,
            "name": f"{HEAD}\n{TAIL}",
        }[row.place]
        pieces = [(body, Where.BODY)]
    text, blocks = "", []
    for piece, where in [*pieces, (name, Where.NAME)]:
        for line in clean(piece).split("\n"):
            if line:
                blocks.append(Block(Span(len(text), len(text) + len(line)), where))
            text += line + "\n"
    return annotate(Document("0" * 64, name, "txt", text, tuple(blocks)))
