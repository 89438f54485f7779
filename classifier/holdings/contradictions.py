"""The table of contradictions: papers that ought to have one attribute and have several, and what to do about each.

In: a ledger (and its seal, where titles may be looked at). Out: Contradictions, streamed: equal files, same content, drafts more open
than their final paper, papers passed on, equal document numbers, and papers that are only much alike. A difference that has a good
reason is said to have one: a masked version may be more open than the original, a form for one person is no copy of that for another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from classifier.holdings.copies import LIKE, SAME, Copies, Heap, Key, find_copies
from classifier.holdings.disagreements import (
    MOST,
    Contradiction,
    ContradictionKind,
    Desk,
    PaperRef,
    count_up,
    differ,
    is_more_open,
    kind_of,
    rank,
)
from classifier.holdings.duplicates import NOTHING
from classifier.holdings.ledger import Ledger, Paper
from classifier.holdings.seal import Seal

__all__ = ["MOST", "Contradiction", "ContradictionKind", "PaperRef", "find_contradictions"]

_GENERIC = 6
"""So many papers of one title and different content: the title says nothing, and nobody passes such a paper on."""
_UNLIKE = 0.3


def find_contradictions(ledger: Ledger, seal: Seal | None = None, copies: Copies | None = None) -> Iterator[Contradiction]:
    """Every contradiction of a ledger, kind after kind.

    Args:
        ledger: of a run.
        seal: opens titles, by which more drafts are known; None leaves them closed.
        copies: the alike pairs, when they have been found already.

    Raises:
        BadLedger: a row or verdict that no ledger writes.
    """
    desk = Desk(ledger, seal)
    yield from _equal_files(ledger, desk)
    found = copies or find_copies(ledger)
    alike: list[Contradiction] = []
    for heap in found.heaps(SAME):
        yield from _in_heap(heap, desk, alike)
    yield from _forwarded(ledger, desk)
    yield from _same_numbers(ledger, desk)
    yield from alike
    for heap in found.heaps(LIKE):
        yield from _loosely(heap, desk)


# --- equal files


_EQUAL = (
    "SELECT paper.sha256 FROM paper JOIN file ON file.id = paper.file WHERE file.state = 'done' AND length(paper.sha256) > 0 AND paper.sha256 != ?"
    " GROUP BY paper.sha256 HAVING COUNT(DISTINCT COALESCE(paper.attribute, '')) > 1"
)


def _equal_files(ledger: Ledger, desk: Desk) -> Iterator[Contradiction]:
    for (digest,) in ledger.read(_EQUAL, (NOTHING,)).fetchall():
        rows = ledger.read("SELECT paper.file, paper.part FROM paper WHERE sha256 = ? ORDER BY file, part", (digest,)).fetchall()
        papers = desk.look((int(f), int(p)) for f, p in rows)
        if differ(papers.values()):
            advice = f"几份文件逐字节相同，结论却不同（{count_up(papers.values())}）：多半是文件名带标志或先后用了不同规则。请按最严的统一。"
            yield desk.tell(ContradictionKind.EQUAL_FILE, papers, advice)


# --- same content, drafts, masked versions


def _in_heap(heap: Heap, desk: Desk, alike: list[Contradiction]) -> Iterator[Contradiction]:
    """What a heap of papers with the same content contradicts itself in; what is only alike goes to `alike`."""
    said = desk.attributes(heap.papers)
    if len(set(said.values())) < 2:
        return
    by_kind: dict[ContradictionKind, dict[Key, Paper]] = {}
    for pair in heap.pairs:
        if said[pair.first] == said[pair.second]:
            continue
        both = desk.look((pair.first, pair.second))
        if len(both) == 2 and (kind := kind_of(both[pair.first], both[pair.second], desk)) is not None:
            by_kind.setdefault(kind, {}).update(both)
    for kind, papers in by_kind.items():
        told = count_up(papers.values())
        if desk.has_told(papers):
            continue
        made = desk.tell(kind, dict(sorted(papers.items())), _ADVICE[kind].format(told=told))
        if kind in (ContradictionKind.ALIKE, ContradictionKind.MASKED):
            alike.append(made)
        else:
            yield made


_ADVICE = {
    ContradictionKind.SAME_CONTENT: "内容相同（数字以外），结论不同（{told}）：请对照着看一遍，统一属性；确有理由不同的，在决定里写明。",
    ContradictionKind.DRAFT: "草稿（或带批注、修订痕迹的稿子）比定稿更公开（{told}）：草稿一般属于过程性信息（条例第十六条），请以定稿为准。",
    ContradictionKind.MASKED: "内容相同，但个人信息多的一份更严（{told}）：遮蔽版和原件、空白表和填过的表不同是正常的，核对公开的那份是否遮全即可。",
    ContradictionKind.ALIKE: "内容很像，结论不同（{told}）：可能是同一模板的不同文件，不一定是矛盾。请看差别是否足以说明属性不同。",
}


def _loosely(heap: Heap, desk: Desk) -> Iterator[Contradiction]:
    """Pairs that are alike, not the same, and differ in their attribute."""
    said = desk.attributes(heap.papers)
    if len(set(said.values())) < 2:
        return
    papers: dict[Key, Paper] = {}
    drafts: dict[Key, Paper] = {}
    for pair in heap.pairs:
        if pair.likeness >= SAME or said[pair.first] == said[pair.second] or desk.has_told((pair.first, pair.second)):
            continue
        both = desk.look((pair.first, pair.second))
        if len(both) < 2:
            continue
        kind = kind_of(both[pair.first], both[pair.second], desk)
        if kind is ContradictionKind.DRAFT:
            drafts.update(both)
        elif kind is not None:
            papers.update(both)
    for kind, found in ((ContradictionKind.DRAFT, drafts), (ContradictionKind.ALIKE, papers)):
        if found:
            yield desk.tell(kind, dict(sorted(found.items())), _ADVICE[kind].format(told=count_up(found.values())))


# --- papers passed on


_CARRIED = (
    "SELECT DISTINCT carried.carried_key FROM paper AS carried JOIN paper AS own ON own.title_key = carried.carried_key"
    " WHERE own.attribute IS NOT carried.attribute AND own.attribute IS NOT NULL AND carried.attribute IS NOT NULL"
)


def _forwarded(ledger: Ledger, desk: Desk) -> Iterator[Contradiction]:
    for (key,) in ledger.read(_CARRIED).fetchall():
        originals = desk.look(_keys(ledger, "title_key", key))
        passed = desk.look(_keys(ledger, "carried_key", key))
        passed = {k: p for k, p in passed.items() if k not in originals}
        originals = {k: p for k, p in originals.items() if not desk.is_draft(p)} or originals
        if not originals or not passed or _contents(originals.values()) > _GENERIC:
            continue
        strictest = max(map(rank, originals.values()))
        opener = any(rank(paper) < strictest for paper in passed.values())
        if not opener and not any(rank(paper) > strictest for paper in passed.values()):
            continue
        told = f"前 {len(originals)} 件是原件（{count_up(originals.values())}），后面是转发或批转它的文件（{count_up(passed.values())}）："
        if opener:
            advice = told + "转发件比原件更公开。原件由制作机关定属性，未经其同意转发件不得更公开（条例第十条），请核对。"
        else:
            advice = told + "转发件比原件更严。原件可以公开的，转发件没有别的内容一般也可以，请核对。"
        yield desk.tell(ContradictionKind.FORWARDED, {**originals, **passed}, advice)


def _keys(ledger: Ledger, column: str, key: bytes) -> list[Key]:
    where = {"title_key": "title_key = ?", "carried_key": "carried_key = ?", "number_key": "number_key = ?"}[column]
    rows = ledger.read(f"SELECT file, part FROM paper WHERE {where} ORDER BY file, part", (key,))  # noqa: S608 - one of three
    return [(int(file), int(part)) for file, part in rows]


def _contents(papers: Iterable[Paper]) -> int:
    """How many different contents there are."""
    return len({paper.sketch or paper.sha256 for paper in papers})


# --- equal numbers


_NUMBERED = (
    "SELECT number_key FROM paper WHERE number_key IS NOT NULL AND attribute IS NOT NULL"
    " GROUP BY number_key HAVING COUNT(DISTINCT attribute) > 1"
)


def _same_numbers(ledger: Ledger, desk: Desk) -> Iterator[Contradiction]:
    for (key,) in ledger.read(_NUMBERED).fetchall():
        papers = desk.look(_keys(ledger, "number_key", key))
        if not differ(papers.values()) or desk.has_told(papers):
            continue
        finals = {k: p for k, p in papers.items() if not desk.is_draft(p)}
        if not differ(finals.values()) and not any(is_more_open(p, f) for p in papers.values() for f in finals.values()):
            continue  # drafts are more closed than the paper they became, as they should be
        told = count_up(papers.values())
        if _least_likeness(list(papers.values())) < _UNLIKE:
            advice = f"文号相同而内容不同，结论也不同（{told}）：如果是发文稿纸、办理单与正文同号，不同是正常的；否则请核对是否重号或登记有误。"
        else:
            advice = f"文号相同，内容相近，结论不同（{told}）：应是同一文件的不同份数或版本。请对照着看一遍，统一属性。"
        yield desk.tell(ContradictionKind.SAME_NUMBER, papers, advice)


def _least_likeness(papers: Sequence[Paper]) -> float:
    """The least likeness of two papers of different attributes; 1 where a sketch is missing (nothing speaks against it)."""
    firsts = {paper.attribute: paper for paper in papers if paper.sketch is not None}.values()
    made = [np.frombuffer(paper.sketch or b"", dtype="<u4") for paper in firsts]
    return min((float((a == b).mean()) for i, a in enumerate(made) for b in made[i + 1 :]), default=1.0)
