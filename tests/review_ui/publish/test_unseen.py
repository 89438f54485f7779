"""What the rules call out of sight never reaches the published text, wherever in the file it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classifier.core.document import Block, Document, Span, Where
from classifier.core.finding import Severity
from classifier.core.settings import read_settings
from classifier.knowledge import load_law, load_rules
from classifier.pipeline import Tools, assess_document, load_tools
from review_ui.publish.masking import Place, mask

CORPUS = read_settings().data_home / "corpus"
BOOK = load_rules(CORPUS / "rules", CORPUS / "terms", load_law(CORPUS / "law"))
WAYS = sorted(r.type for r in BOOK.active() if r.id.startswith("hidden.") and r.severity is Severity.REVIEW)
SEEN, FIRST, LATER = "关于开展节水宣传的通知", "第一段口令", "又"


@pytest.fixture(scope="module")
def tools() -> Tools:
    return load_tools(read_settings(), with_model=False)


@pytest.mark.parametrize("where", Where)
@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_a_hidden_way_is_published(tools: Tools, way: str, where: Where) -> None:
    """Every block of the origin is dropped, not only the one the finding points at."""
    blocks, text = [], ""
    for words, origin in ((SEEN, None), (FIRST, way), (SEEN, None), (LATER, way)):
        block = Block(Span(len(text), len(text) + len(words)))
        blocks.append(replace(block, where=where, origin=origin) if origin else block)
        text += words + "\n"
    verdict = assess_document(Document("0" * 64, "", "txt", text, tuple(blocks)), tools, "a")
    published = mask(verdict.text, verdict, [Place(*place) for place in verdict.places]).text
    assert published.split() == [SEEN, SEEN]


def test_a_note_of_the_paper_itself_stays(tools: Tools) -> None:
    """A footnote is a NOTE like a speaker's note, and is printed."""
    document = Document("0" * 64, "", "txt", SEEN, (Block(Span(0, len(SEEN)), Where.NOTE),))
    verdict = assess_document(document, tools, "a")
    assert mask(verdict.text, verdict, [Place(*place) for place in verdict.places]).text.strip() == SEEN
