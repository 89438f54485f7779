"""What a Chinese name looks like: a surname of the list, one or two characters after it, and not an ordinary word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from classifier.detect.labels import enabled
from classifier.knowledge.rules import RuleBook

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002a6df"


@dataclass(frozen=True, slots=True)
class Names:
    """Compiled from the word lists of the rules. `full` is for labelled places, `strict` for names known only by context."""

    full: str
    """Pattern source: surname and any one or two Han characters, or a name with a middle dot."""
    strict: str
    """Pattern source: surname and one or two characters that are common in given names; longest first."""
    stop: frozenset[str]
    surnames: frozenset[str]

    def is_name(self, value: str) -> bool:
        """Whether a whole string is a name of the full form and no ordinary word."""
        return re.fullmatch(self.full, value) is not None and not self.is_word(value)

    def is_word(self, value: str) -> bool:
        """Whether a string that looks like a name is, or begins with, an ordinary word."""
        return value in self.stop or value[:2] in self.stop or value[-1] in "某×"


@lru_cache(maxsize=4)
def compile_names(surnames: tuple[str, ...], given: tuple[str, ...]) -> Names:
    """Names from the surname list and the list of given-name characters (entries of two and more characters are ordinary words)."""
    single = "".join(s for s in surnames if len(s) == 1)
    compound = "|".join(s for s in surnames if len(s) > 1)
    letters = "".join(c for c in given if len(c) == 1)
    alone = f"(?!{compound})[{single}]"
    full = f"(?:(?:{compound})[{_HAN}]{{1,2}}|{alone}[{_HAN}]{{1,2}}|[{_HAN}]{{1,6}}(?:·[{_HAN}]{{1,8}}){{1,3}})"
    strict = f"(?:(?:{compound})(?:[{_HAN}][{letters}]|[{letters}])|{alone}[{letters}]{{1,2}})" if letters else "(?!)"
    stop = frozenset(word for word in given if len(word) > 1)
    return Names(full, strict, stop, frozenset(surnames))


_OWNER_GAP = r"[ \u3000]{0,2}(?:的?(?:手机|电话|号码?|联系方式)(?:号码?)?)?[ \u3000（(【\[，,：:/]{0,4}$"


@lru_cache(maxsize=4)
def names_of(book: RuleBook) -> Names | None:
    """The Names of a rule book, or None when the rule for names is not enabled."""
    private, context = enabled(book, "personal.person_name"), enabled(book, "personal.name_in_context")
    return compile_names(private.terms, context.terms if context else ()) if private else None


@lru_cache(maxsize=4)
def owner_pattern(book: RuleBook) -> re.Pattern[str]:
    """A label made of a name: 张建国（138… is as good as 电话（138…."""
    names = names_of(book)
    return re.compile(names.strict + _OWNER_GAP if names else "(?!)")
