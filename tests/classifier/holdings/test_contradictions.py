"""Copies are found and contradictions told; a difference with a good reason is told as what it is."""

import json
import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classifier.core.assessment import Attribute, Reason, Route
from classifier.holdings import verdicts
from classifier.holdings.contradictions import MOST, Contradiction, ContradictionKind, find_contradictions
from classifier.holdings.copies import SAME, find_copies
from classifier.holdings.keys import number_key, title_key
from classifier.holdings.ledger import Entry, FileState, Ledger, Maker, Paper, Row
from classifier.holdings.seal import Label, Seal
from classifier.learn.likeness import sketch_one
from classifier.pipeline import assess_text

SEAL = Seal(b"k" * 32)
SENTENCES = [
    f"第{chr(0x4E00 + 41 * i)}项由{chr(0x5000 + 53 * i)}局负责，{chr(0x6000 + 29 * i)}月底前报送{chr(0x7000 + 31 * i)}情况"
    for i in range(300)
]
TEXT = "。".join(SENTENCES[:80])
VERDICT = assess_text(TEXT)
ACTIVE, ON_REQUEST, WITHHELD = Attribute.ACTIVE, Attribute.ON_REQUEST, Attribute.WITHHELD


def _paper(
    text: str,
    attribute: Attribute | None,
    *,
    part: int = 0,
    number: str | None = None,
    title: str | None = None,
    carried: str | None = None,
    rules: dict[str, tuple[int, str]] | None = None,
    sha256: bytes | None = None,
    raised: bool = False,
) -> Paper:
    said = VERDICT
    if raised:
        said = replace(said, reasons=(Reason(WITHHELD, ("条例:17",), "内含文件", (), "S0"), *said.reasons))
    made = sketch_one(text)
    return Paper(
        part=part,
        sha256=sha256 or random.Random(repr((text, number, title, carried, rules, part, attribute))).randbytes(32),
        format="txt",
        pages=None,
        chars=len(text),
        attribute=attribute,
        route=Route.REVIEW if attribute else Route.BLOCKED,
        confidence=0.9,
        in_scope=True,
        kind=None,
        issued=None,
        level=None,
        period=None,
        declared=None,
        problems=(),
        counts=json.dumps({rule: [n, "confirmed", severity] for rule, (n, severity) in (rules or {}).items()}),
        number_key=number_key(SEAL, number) if number else None,
        title_key=title_key(SEAL, title) if title else None,
        carried_key=title_key(SEAL, carried) if carried else None,
        label=SEAL.close_label(Label(title=title, number=number)),
        verdict=verdicts.pack(said),
        sketch=None if made is None or attribute is None else made.astype("<u4").tobytes(),
        bloom=None,
        vault=None,
    )


class Archive:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.maker = ledger.maker(Maker("1", "1", "1", "1"))
        self.run = ledger.begin_run("2026-11-24T10:00:00+08:00", "[]", 1, self.maker)
        self.files = 0

    def add(self, *papers: Paper) -> int:
        self.files += 1
        entry = Entry(b"/a/%d" % self.files, 1, 1)
        self.ledger.write([Row(entry, FileState.DONE, papers, papers[0].sha256)], self.maker, self.run)
        return self.files

    def find(self, *, seal: Seal | None = SEAL) -> list[Contradiction]:
        return list(find_contradictions(self.ledger, seal))

    def kinds(self) -> list[ContradictionKind]:
        return [found.kind for found in self.find()]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Ledger.create(tmp_path / "ledger.sqlite")) as ledger:
        yield Archive(ledger)


def test_equal_files_with_two_attributes(archive: Archive) -> None:
    """Told once, not as copies too; where they agree there is nothing to tell."""
    archive.add(_paper(TEXT, ACTIVE, sha256=b"1" * 32))
    archive.add(_paper(TEXT, WITHHELD, sha256=b"1" * 32))
    archive.add(_paper("别的" + TEXT[500:], ACTIVE, sha256=b"2" * 32))
    [found] = archive.find()
    assert found.kind is ContradictionKind.EQUAL_FILE
    assert [(p.file, p.part, p.attribute) for p in found.papers] == [(1, 0, ACTIVE), (2, 0, WITHHELD)]


def test_a_blocked_file_and_its_equal(archive: Archive) -> None:
    """A mark on the name of one of them."""
    archive.add(_paper(TEXT, None, sha256=b"1" * 32))
    archive.add(_paper(TEXT, ACTIVE, sha256=b"1" * 32))
    assert archive.kinds() == [ContradictionKind.EQUAL_FILE]


def test_the_same_content_with_two_attributes(archive: Archive) -> None:
    """Blanks and digits make no difference; one group however many copies."""
    for n in range(3):
        archive.add(_paper(TEXT.replace("，", "， ") + str(n), ACTIVE))
    archive.add(_paper(TEXT, WITHHELD))
    [found] = archive.find()
    assert found.kind is ContradictionKind.SAME_CONTENT
    assert {p.attribute for p in found.papers} == {ACTIVE, WITHHELD}


def test_copies_that_agree_contradict_nothing(archive: Archive) -> None:
    """A thousand copies of one form are no news."""
    for n in range(20):
        archive.add(_paper(TEXT + str(n), ACTIVE))
    assert archive.find() == []


def test_what_is_less_alike_is_only_said_to_be_alike(archive: Archive) -> None:
    """One sentence in eight is another: perhaps a template."""
    archive.add(_paper(TEXT, ACTIVE))
    archive.add(_paper("。".join([*SENTENCES[:75], *SENTENCES[100:105]]), WITHHELD))
    [found] = archive.find()
    assert found.kind is ContradictionKind.ALIKE
    assert "很像" in found.advice


def test_one_template_for_two_cases_is_no_copy(archive: Archive) -> None:
    """Other numbers or other titles: two papers, however alike."""
    archive.add(_paper(TEXT, ACTIVE, number="云发〔2024〕1号"))
    archive.add(_paper(TEXT + "。", WITHHELD, number="云发〔2024〕2号"))
    assert archive.kinds() == [ContradictionKind.ALIKE]


def test_a_masked_version_may_be_more_open(archive: Archive) -> None:
    """The paper with more to mask is the closed one: told as that; the other way round it is a contradiction."""
    archive.add(_paper(TEXT, ACTIVE))
    archive.add(_paper(TEXT + "。", WITHHELD, rules={"personal.id_card@1": (3, "redact")}))
    assert archive.kinds() == [ContradictionKind.MASKED]


def test_a_paper_with_more_to_mask_that_is_more_open(archive: Archive) -> None:
    """Nothing explains that."""
    archive.add(_paper(TEXT, WITHHELD))
    archive.add(_paper(TEXT + "。", ACTIVE, rules={"personal.id_card@1": (3, "redact")}))
    assert archive.kinds() == [ContradictionKind.SAME_CONTENT]


@pytest.mark.parametrize(
    "draft",
    [
        {"rules": {"process.draft@1": (1, "review")}},
        {"rules": {"hidden.comment@1": (1, "review")}},
        {"title": "关于水库的通知（征求意见稿）"},
    ],
)
def test_a_draft_more_open_than_its_final_paper(draft: dict[str, object], archive: Archive) -> None:
    """Known by a mark, by comments, or by its title."""
    archive.add(_paper(TEXT, ON_REQUEST, title="关于水库的通知"))
    archive.add(_paper(TEXT + "。", ACTIVE, **draft))  # type: ignore[arg-type]
    assert archive.kinds() == [ContradictionKind.DRAFT]


def test_a_draft_that_stays_in_is_as_it_should_be(archive: Archive) -> None:
    """The final paper is published, its drafts are not."""
    archive.add(_paper(TEXT, ACTIVE, number="云发〔2024〕1号"))
    archive.add(_paper(TEXT + "。", WITHHELD, rules={"process.draft@1": (1, "review")}, number="云发〔2024〕1号"))
    assert archive.find() == []


def test_a_paper_passed_on_is_not_more_open_than_the_original(archive: Archive) -> None:
    """Originals first; the article that says so is named."""
    archive.add(_paper("。".join(SENTENCES[200:260]), ACTIVE, carried="关于防汛的意见", title="转发关于防汛的意见的通知"))
    archive.add(_paper(TEXT, WITHHELD, title="关于防汛的意见"))
    [found] = archive.find()
    assert found.kind is ContradictionKind.FORWARDED
    assert [p.file for p in found.papers] == [2, 1]
    assert "第十条" in found.advice


def test_a_title_that_says_nothing_names_no_original(archive: Archive) -> None:
    """Ten different papers called 通知."""
    for n in range(10):
        archive.add(_paper("。".join(SENTENCES[n * 20 : n * 20 + 20]), ACTIVE, title="通知"))
    archive.add(_paper(TEXT, WITHHELD, carried="通知"))
    assert archive.find() == []


def test_one_number_on_two_papers(archive: Archive) -> None:
    """Brackets and width make no difference to a number; what to do depends on the content."""
    archive.add(_paper(TEXT, ACTIVE, number="云发〔2024〕7号"))
    archive.add(_paper("。".join(SENTENCES[200:260]), WITHHELD, number="云发[２０２４]7号"))
    [found] = archive.find()
    assert found.kind is ContradictionKind.SAME_NUMBER
    assert "重号" in found.advice


def test_one_number_on_two_copies_is_told_once(archive: Archive) -> None:
    """As the same content."""
    archive.add(_paper(TEXT, ACTIVE, number="云发〔2024〕7号"))
    archive.add(_paper(TEXT + "。", WITHHELD, number="云发〔2024〕7号"))
    assert archive.kinds() == [ContradictionKind.SAME_CONTENT]


def test_an_attribute_that_comes_from_an_enclosed_file_contradicts_nothing(archive: Archive) -> None:
    """A letter is as closed as the worst of its attachments."""
    archive.add(_paper(TEXT, WITHHELD, raised=True), _paper("。".join(SENTENCES[200:260]), WITHHELD, part=1))
    archive.add(_paper(TEXT + "。", ACTIVE))
    assert archive.find() == []


def test_of_many_papers_some_of_each_attribute_are_named(archive: Archive) -> None:
    """And how many there are is told."""
    for n in range(100):
        archive.add(_paper(TEXT, ACTIVE if n % 2 else WITHHELD, sha256=b"1" * 32))
    [found] = archive.find()
    assert len(found.papers) <= MOST
    assert {p.attribute for p in found.papers} == {ACTIVE, WITHHELD}
    assert "共 100 件" in found.advice


def test_without_the_seal_titles_are_not_looked_at(archive: Archive) -> None:
    """The rest is found all the same."""
    archive.add(_paper(TEXT, ON_REQUEST, title="关于水库的通知"))
    archive.add(_paper(TEXT + "。", ACTIVE, title="关于水库的通知（征求意见稿）"))
    assert [found.kind for found in archive.find(seal=None)] == [ContradictionKind.SAME_CONTENT]


def test_copies_are_those_of_the_true_shares(archive: Archive) -> None:
    """Against all pairs of a small archive, band after band through the scratch file."""
    chance = random.Random(5)
    texts = []
    for n in range(120):
        own = SENTENCES[(n % 10) * 25 : (n % 10) * 25 + 25]
        texts.append("。".join(s if chance.random() > 0.02 * (n // 10) else chance.choice(SENTENCES) for s in own))
        archive.add(_paper(texts[-1], ACTIVE))
    found = find_copies(archive.ledger)
    paired = {(p.first[0], p.second[0]) for heap in found.heaps() for p in heap.pairs}
    made = [np.asarray(sketch_one(text)) for text in texts]
    alike = {(a + 1, b + 1) for a in range(120) for b in range(a + 1, 120) if (made[a] == made[b]).mean() >= 0.8}
    assert paired <= alike
    homes = {key[0]: number for number, heap in enumerate(found.heaps()) for key in heap.papers}
    assert sum(homes.get(a) == homes.get(b) is not None for a, b in alike) >= 0.97 * len(alike)
    assert found.papers == 120
    assert not list(archive.ledger.path.parent.glob(".copies*"))
    assert sum(len(heap.papers) for heap in found.heaps(SAME)) <= sum(len(heap.papers) for heap in found.heaps())


def test_an_empty_archive_has_no_copies(archive: Archive) -> None:
    """Nor contradictions."""
    assert list(find_copies(archive.ledger).heaps()) == []
    assert archive.find() == []
