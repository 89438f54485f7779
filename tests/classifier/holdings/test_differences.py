"""A difference run says exactly what a full run would say, and does no more than it must."""

import os
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from classifier import batch
from classifier.core.errors import BadLedger, BadSettings
from classifier.core.finding import Category, Grade, Severity
from classifier.core.settings import Thresholds
from classifier.holdings import changes, verdicts
from classifier.holdings.catalogue import Catalogue
from classifier.holdings.changes import list_changes, origin_of
from classifier.holdings.differences import Again, Difference, run_again
from classifier.holdings.ledger import Ledger
from classifier.holdings.order import LEDGER, VAULT, Ending
from classifier.holdings.progress import Show
from classifier.holdings.seal import Seal
from classifier.knowledge.rules import Method, Rule, RuleBook, RuleState
from classifier.pipeline import Tools, default_tools
from tests.classifier.holdings import archive

BASE = default_tools()
NEW = Rule(
    id="test.new",
    version=1,
    state=RuleState.ENABLED,
    method=Method.PATTERN,
    category=Category.PUBLIC_SECURITY,
    type="public_detail",
    severity=Severity.REVIEW,
    grade=Grade.CONFIRMED,
    law=("条例:14",),
    why="测试",
    pattern=re.compile(r"应急[^\n]{2,5}|监控[^\n]{2,5}"),
)
OFF, OTHER = [r for r in BASE.book.rules if r.id in ("process.discussion", "disclosure.service")]
CODE = next(r for r in BASE.book.rules if r.id == "personal.mobile")


def _with(*rules: Rule) -> Tools:
    """The house rules, those named put in the place of their own."""
    named = {rule.id: rule for rule in rules}
    kept = [named.pop(rule.id, rule) for rule in BASE.book.rules]
    return replace(
        BASE, book=RuleBook((*kept, *named.values()), "0123456789ab"), provenance=replace(BASE.provenance, rules="0123456789ab")
    )


def _other_model() -> Tools:
    assert BASE.scorer is not None
    scorer = replace(BASE.scorer, temperature=BASE.scorer.temperature * 2, version="attribute/x")
    return replace(BASE, scorer=scorer, provenance=replace(BASE.provenance, model="attribute/x"))


LINES = replace(BASE.settings, thresholds=Thresholds(suggest=0.9, suggest_active=0.95, review=0.7, doubt=0.15))
VARIANTS = {
    "nothing": (BASE, {"keep"}),
    "added rule": (_with(NEW), {"keep", "search", "read"}),
    "added rule on trial": (_with(replace(NEW, state=RuleState.EVALUATION)), {"keep", "search", "read"}),
    "added list": (
        _with(replace(NEW, method=Method.TERMS, pattern=None, terms=("公安局", "安全隐患"))),
        {"keep", "search", "read"},
    ),
    "added stop": (
        _with(
            replace(NEW, category=Category.STATE_SECRET, type="marking", severity=Severity.BLOCK, pattern=re.compile("督办|排查"))
        ),
        {"keep", "search", "read"},
    ),
    "added rule without words": (_with(replace(NEW, pattern=re.compile(r"\d{3}[^\n]\d{4}"))), {"search", "read"}),
    "changed rule": (
        _with(replace(OTHER, version=9, severity=Severity.REVIEW, pattern=re.compile("办理流程|温馨提示"))),
        {"keep", "search", "read"},
    ),
    "disabled rule": (_with(replace(OFF, state=RuleState.DISABLED)), {"keep", "search", "read"}),
    "disabled code": (_with(replace(CODE, state=RuleState.DISABLED)), {"search", "read"}),
    "other lines": (replace(BASE, settings=LINES), {"score", "keep"}),
    "other model": (_other_model(), {"score", "keep"}),
    "rule, lines and model": (replace(_with(NEW), settings=LINES, scorer=_other_model().scorer), {"score", "search", "read"}),
    "other code": (replace(BASE, provenance=replace(BASE.provenance, code="99")), {"search", "read"}),
}


@dataclass(frozen=True)
class Place:
    papers: Path
    old: Path
    key: Path
    seal: Seal

    def again(self, old: Path, new: Path, **options: bool) -> Difference:
        with Show(quiet=True) as show:
            return run_again(Again(old, new, self.key, **options), self.seal, show)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("archive")
    made = Place(folder / "papers", folder / "old", folder / "key", Seal.load(folder / "key"))
    archive.write_papers(made.papers, every=60)
    (made.papers / "marked.txt").write_text("机密★10年\n关于督办事项的通知\n各单位：\n　　请办理。\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        archive.stay_here(patch)
        archive.use(patch, BASE)
        archive.run_all(made.papers, made.old, made.seal)
        yield made


@pytest.mark.parametrize("name", VARIANTS)
def test_a_difference_run_says_what_a_full_run_says(
    name: str, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attribute, route, reasons, findings, maskings and what rules on trial find, of every paper."""
    tools, works = VARIANTS[name]
    archive.use(monkeypatch, tools)
    archive.run_all(place.papers, tmp_path / "full", place.seal)
    told = place.again(place.old, tmp_path / "again")
    full, differed = archive.read_verdicts(tmp_path / "full"), archive.read_verdicts(tmp_path / "again")
    assert full == differed
    assert {work for work, count in told.works.items() if count} <= works, told
    assert told.listed is not None
    before = archive.read_verdicts(place.old)
    moved = sum(before[key]["row"][:2] != told_now["row"][:2] for key, told_now in full.items())
    assert told.listed.verdicts == moved


def test_a_second_difference_starts_from_the_first(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings that were kept then are still known to stand now."""
    archive.use(monkeypatch, _with(NEW))
    place.again(place.old, tmp_path / "one")
    both = replace(_with(NEW), settings=LINES)
    archive.use(monkeypatch, both)
    told = place.again(tmp_path / "one", tmp_path / "two")
    archive.run_all(place.papers, tmp_path / "full", place.seal)
    assert archive.read_verdicts(tmp_path / "two") == archive.read_verdicts(tmp_path / "full")
    assert told.works.get("search", 0) == 0


def test_findings_of_unknown_making_are_found_again(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A vault may hold a paper as another run searched it."""
    from classifier.holdings.vault import Vault

    archive.use(monkeypatch, _with(replace(NEW, pattern=re.compile("的"))))
    old = tmp_path / "mixed"
    archive.run_all(place.papers, old, place.seal)  # its findings stand in the vault, and stay there
    archive.use(monkeypatch, BASE)
    archive.run_all(place.papers, old, place.seal)
    with closing(Vault.open(old / VAULT, place.seal)):
        archive.use(monkeypatch, replace(BASE, settings=LINES))
    place.again(old, tmp_path / "again")
    archive.run_all(place.papers, tmp_path / "full", place.seal)
    assert archive.read_verdicts(tmp_path / "again") == archive.read_verdicts(tmp_path / "full")


def test_without_a_vault_the_files_are_read(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Losing it costs time, never a verdict; so does asking for it."""
    archive.use(monkeypatch, _with(NEW))
    archive.run_all(place.papers, tmp_path / "full", place.seal)
    bare = tmp_path / "bare"
    bare.mkdir()
    with closing(Ledger.open(place.old / LEDGER)) as ledger:
        ledger.read("VACUUM INTO ?", (str(bare / LEDGER),))
    told = place.again(bare, tmp_path / "again")
    assert told.works["read"] > 0
    assert "search" not in told.works
    every = place.again(place.old, tmp_path / "files", from_files=True)
    assert set(every.works) == {"read"}
    full = archive.read_verdicts(tmp_path / "full")
    assert full == archive.read_verdicts(tmp_path / "again") == archive.read_verdicts(tmp_path / "files")


def test_a_run_that_left_no_recipe_is_searched_whole(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can tell what was different."""
    archive.use(monkeypatch, _with(NEW))
    old = tmp_path / "old"
    old.mkdir()
    for name in (LEDGER, VAULT):
        with closing(Ledger.open(place.old / LEDGER)) as ledger:
            ledger.read("ATTACH DATABASE ? AS source", (str(place.old / name),))
            ledger.read("VACUUM source INTO ?", (str(old / name),))
    with closing(Ledger.open(old / LEDGER)) as ledger:
        for (maker,) in ledger.read("SELECT id FROM maker").fetchall():
            ledger.note(f"recipe:{maker}", "")
            ledger.read("DELETE FROM meta WHERE name = ?", (f"recipe:{maker}",))
            ledger._connection.commit()
    told = place.again(old, tmp_path / "again")
    archive.run_all(place.papers, tmp_path / "full", place.seal)
    assert told.causes == ("unknown",)
    assert archive.read_verdicts(tmp_path / "again") == archive.read_verdicts(tmp_path / "full")


def test_a_stopped_run_goes_on_where_it_was(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written is not done again, and nothing is lost."""
    archive.use(monkeypatch, replace(BASE, settings=LINES))
    real, seen = archive.run_here, 0

    def dies(work, items, **options):
        nonlocal seen
        for outcome in real(work, items, **options):
            seen += 1
            if seen == 30:
                raise KeyboardInterrupt
            yield outcome

    monkeypatch.setattr("classifier.holdings.differences._ROWS", 10)
    monkeypatch.setattr(batch, "run", dies)
    with pytest.raises(KeyboardInterrupt):
        place.again(place.old, tmp_path / "again")
    monkeypatch.setattr(batch, "run", real)
    with closing(Ledger.open(tmp_path / "again" / LEDGER)) as ledger:
        written = ledger.read("SELECT COUNT(*) FROM file").fetchone()[0]
    told = place.again(place.old, tmp_path / "again")
    assert told.ending is Ending.DONE
    assert written >= 20
    archive.run_all(place.papers, tmp_path / "full", place.seal)
    full = archive.read_verdicts(tmp_path / "full")
    assert archive.read_verdicts(tmp_path / "again") == full
    assert sum(told.works.values()) == len(full) - written


def test_a_new_folder_of_something_else_is_refused(place: Place, tmp_path: Path) -> None:
    """Neither the earlier folder itself, nor that of another run, nor one sealed with another key."""
    with pytest.raises(BadSettings):
        place.again(place.old, place.old)
    archive.run_all(place.papers, tmp_path / "other", place.seal)
    with pytest.raises(BadSettings):
        place.again(place.old, tmp_path / "other")
    (tmp_path / "key").write_bytes(os.urandom(32))
    stranger = replace(place, key=tmp_path / "key", seal=Seal.load(tmp_path / "key"))
    with pytest.raises(BadLedger):
        stranger.again(place.old, tmp_path / "again")
    with closing(Ledger.open(place.old / LEDGER)) as ledger, pytest.raises(BadSettings):
        origin_of(ledger)


def test_the_list_names_rules_steps_and_no_word(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Why a verdict changed, and the same list each time it is made."""
    archive.use(monkeypatch, _with(NEW))
    told = place.again(place.old, tmp_path / "again")
    assert told.listed is not None
    assert told.rules == ("test.new",)
    with closing(Ledger.open(tmp_path / "again" / LEDGER)) as ledger:
        changes.attach(ledger, place.old / LEDGER)
        found = list(changes.find_changes(ledger))
    assert all("test.new@1" in change.rules for change in found)
    assert any(change.come for change in found)
    assert list_changes(tmp_path / "again").hash == told.listed.hash
    lines = (tmp_path / "again" / changes.FILE).read_text(encoding="ascii").splitlines()
    assert len(lines) == len(found)


def test_hours_follow_the_minutes_that_are_assumed(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the route a paper now has; where only passages changed, by their own."""
    archive.use(monkeypatch, _with(NEW))
    listed = place.again(place.old, tmp_path / "again").listed
    assert listed is not None
    minutes = {**changes.MINUTES, **dict.fromkeys(listed.routes, 30.0), "findings": 0.0}
    assert listed.hours(minutes) == pytest.approx(listed.verdicts / 2)


def test_a_verdict_that_was_kept_names_what_made_it(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The maker beside it says that it stands under the rules of now; the verdict claims no rules that did not make it."""
    archive.use(monkeypatch, _with(replace(NEW, pattern=re.compile("无此字样无此字样"))))
    assert set(place.again(place.old, tmp_path / "again").works) <= {"keep", "read"}
    told, makers = set(), set()
    with closing(Ledger.open(tmp_path / "again" / LEDGER)) as ledger:
        for file, paper in ledger.papers("paper.route != 'blocked'"):
            told.add(verdicts.to_contract(paper.verdict, "", "")["provenance"]["rules"])
            makers.add(
                ledger.read("SELECT rules FROM file JOIN maker ON maker.id = file.maker WHERE file.id = ?", (file,)).fetchone()[0]
            )
    assert told == {BASE.provenance.rules}
    assert makers == {"0123456789ab"}


def test_a_difference_run_remembers_the_folders(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the first run, through a second difference too: papers are shown by their paths below them."""
    archive.use(monkeypatch, BASE)
    place.again(place.old, tmp_path / "one")
    place.again(tmp_path / "one", tmp_path / "two")
    with closing(Ledger.open(tmp_path / "two" / LEDGER)) as ledger:
        assert origin_of(ledger)["sources"][0] == str(place.papers)
        assert "/" not in Catalogue(ledger, None).look(1, 0).below
