"""`mishen rules check`: is every rule as good as it says? Examples run through the whole detector, patterns meet hostile texts."""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from types import FrameType

from classifier.core.document import Document, Where
from classifier.detect import detect
from classifier.knowledge import Knowledge, Rule, RuleBook, RuleState
from classifier.parse import read_text
from classifier.structure import annotate

SIZES = (250, 1_000, 4_000)
"""Characters of the hostile texts; the next larger one is only tried while a pattern is quick."""
CONTEXT = (160,)
"""`near` and `not_near` only ever see one sentence."""
SLOW = 0.05
"""Seconds over the largest hostile text; a page of ours has fewer characters, and a paper is read by some hundred rules."""
HOPELESS = 1.0
"""Seconds after which a pattern is stopped and refused: it would hold up the reading of a hostile paper for ever."""
_FILLERS = (" ", "\n", "\u3000", "0", "a", "一", "（", "：", "、", "-")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something about a rule that a person should know."""

    rule: str
    grave: bool
    """Whether the rule must not be used so; else it is only told."""
    message: str


def example_document(text: str) -> Document:
    """An example is a paper; `name:` in front means the words stand in the file name, `origin:KIND:` that they are out of sight."""
    if text.startswith("name:"):
        return annotate(read_text("关于开展工作的通知。", text.removeprefix("name:")))
    if text.startswith("origin:"):
        _, origin, words = text.split(":", 2)
        document = read_text(words, "文书.txt")
        first, *rest = document.blocks
        return replace(document, blocks=(replace(first, where=Where.HIDDEN, origin=origin), *rest))
    return annotate(read_text(text, "文书.txt"))


def _examples(rule: Rule, book: RuleBook) -> Iterator[Flaw]:
    """Every hit is found (another rule of the same type may speak for it), no miss is."""
    for text in rule.hits:
        found = detect(example_document(text), book)
        if not any(f.category is rule.category and f.type == rule.type for f in found):
            yield Flaw(rule.id, True, f"命中例子没有命中：{_short(text)}。请改正 pattern、near 或者例子。")
    for text in rule.misses:
        if any(f.rule == rule.citation for f in detect(example_document(text), book)):
            yield Flaw(rule.id, True, f"不应命中的例子命中了：{_short(text)}。请用 not_near 或更窄的 pattern 排除。")


def _short(text: str) -> str:
    shown = text.replace("\n", "⏎")
    return shown if len(shown) <= 40 else shown[:40] + "…"


def _hostile(rule: Rule) -> Iterator[str]:
    """Pieces whose repetition makes a careless pattern try again and again: fillers, examples, and beginnings of examples."""
    yield from _FILLERS
    for text in rule.hits[:3]:
        yield text
        for start in {text[: len(text) // 2], text[:2]} - {""}:
            yield start
            yield start[-1]


class _TooLong(Exception):
    pass


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise _TooLong


def _seconds(pattern: re.Pattern[str], text: str) -> float:
    """How long a pattern takes over a text; HOPELESS when it had to be stopped (only the main thread can stop one)."""
    can_stop = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
    before = signal.signal(signal.SIGALRM, _stop) if can_stop else None
    start = time.perf_counter()
    try:
        if can_stop:
            signal.setitimer(signal.ITIMER_REAL, HOPELESS)
        for _ in pattern.finditer(text):
            pass
    except _TooLong:
        return HOPELESS
    finally:
        if can_stop:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
    return time.perf_counter() - start


def _worst(pattern: re.Pattern[str], pieces: Iterable[str], sizes: tuple[int, ...]) -> float:
    """The longest time over any hostile text: each piece repeated, alone and behind the opening of another."""
    worst = 0.0
    known = list(dict.fromkeys(pieces))
    openings = ["", *known[len(_FILLERS) :]]
    for opening in openings:
        for piece in known if not opening else _FILLERS[:4]:
            for size in sizes:
                taken = _seconds(pattern, opening + (piece * (size // len(piece) + 1))[:size] + "\x00")
                worst = max(worst, taken)
                if taken >= HOPELESS:
                    return worst
                if taken > SLOW:
                    break
    return worst


def _patterns(rule: Rule) -> Iterator[Flaw]:
    named = (("pattern", rule.pattern), ("near", rule.near), ("not_near", rule.not_near))
    for name, pattern in named:
        if pattern is None:
            continue
        sizes = SIZES if name == "pattern" else CONTEXT
        taken = _worst(pattern, _hostile(rule), sizes)
        if taken >= HOPELESS:
            yield Flaw(rule.id, True, f"{name} 遇到特意构造的文字会一直算下去。请去掉重复里的重复，例如 (a+)+、\\s*\\s*。")
        elif taken > SLOW:
            yield Flaw(rule.id, False, f"{name} 较慢：{sizes[-1]} 字的特殊文字要 {taken * 1000:.0f} 毫秒。")


def inspect(known: Knowledge, pack: str | None = None) -> Iterator[Flaw]:
    """The flaws of every rule of the book, or of one pack's."""
    book = known.book
    for rule in book.rules:
        if pack is not None and rule.pack != pack:
            continue
        if rule.state is RuleState.ENABLED:
            yield from _examples(rule, book)
        else:
            yield from _examples(rule, book.restate({rule.id: RuleState.ENABLED}))
        yield from _patterns(rule)
